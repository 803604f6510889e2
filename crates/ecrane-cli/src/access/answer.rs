//! The answer to a query.

use std::io;

use ecrane::access::{Decision, Query, Verdict};
use ecrane_core::{Effect, Style, write_json};
use serde_json::{Value, json};

use super::Places;
use crate::diagnostics::escape;
use crate::print::Out;

pub(super) fn json(out: Out<'_>, decision: &Decision, places: &Places<'_>) -> io::Result<()> {
    let Decision { verdict, because, explanation, unknown } = decision;
    let because: Vec<Value> = because
        .iter()
        .map(|reason| {
            json!({
                "statement": reason.statement,
                "policy": reason.policy,
                "effect": reason.effect.as_str(),
                "place": reason.place.as_ref().map(|place| places.json(place)),
                "unmet": reason.unmet,
            })
        })
        .collect();
    let document = json!({
        "decision": verdict.as_str(),
        "explanation": explanation,
        "because": because,
        "unknown": unknown,
    });
    write_json(&document, out, Style::Pretty)
}

pub(super) fn text(
    out: Out<'_>,
    query: &Query,
    decision: &Decision,
    places: &Places<'_>,
) -> io::Result<()> {
    let Decision { verdict, because, explanation, unknown } = decision;
    let verdict = match verdict {
        Verdict::Allowed => "allowed",
        Verdict::ImplicitlyDenied => "denied, as nothing allows it",
        Verdict::ExplicitlyDenied => "denied by a statement",
    };
    let on = query.repository.as_ref().map(|word| format!(" on {word}")).unwrap_or_default();
    let question = escape(&format!("{} {}{on}", query.principal, query.action));
    writeln!(out, "{question}: {verdict}")?;
    writeln!(out, "  {}", escape(explanation))?;
    for reason in because {
        let effect = match reason.effect {
            _ if !reason.unmet.is_empty() => "does not apply",
            Effect::Allow => "allows",
            Effect::Deny => "denies",
        };
        let place = reason.place.as_ref().and_then(|place| places.text(place));
        let place = place.map(|place| format!(" ({place})")).unwrap_or_default();
        let line = format!("{effect}: {} of the {}{place}", reason.statement, reason.policy);
        writeln!(out, "  {}", escape(&line))?;
        for unmet in &reason.unmet {
            writeln!(out, "    only if {}", escape(unmet))?;
        }
    }
    for unknown in unknown {
        writeln!(out, "  not known: {}", escape(unknown))?;
    }
    Ok(())
}
