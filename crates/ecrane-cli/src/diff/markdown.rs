//! Changes as Markdown: a comment on a pull request.

use std::fmt::Write as _;

use ecrane_diff::Change;

use super::report::Report;
use crate::diagnostics::escape;

/// First what can be lost, then a table for each stack.
pub(crate) fn render(report: &Report) -> String {
    let mut text = format!("### ecrane: {}\n", report.summary());
    // Writing to a string cannot fail.
    let at_stake: Vec<&Change> = report.changes.iter().filter(|it| it.images_at_stake).collect();
    if !at_stake.is_empty() {
        text.push_str("\n> [!CAUTION]\n");
        for change in &at_stake {
            let effect = change.effect.as_deref().unwrap_or_default();
            let _ = writeln!(text, "> - {}", prose(effect));
        }
    }
    for (stack, changes) in report.stacks() {
        let _ = writeln!(text, "\n#### {}\n", prose(stack));
        if report.gone.iter().any(|it| it == stack) {
            text.push_str("No longer in the config: what happens if you delete the stack.\n\n");
        }
        text.push_str("| change | type | address | properties |\n|---|---|---|---|\n");
        for change in changes {
            let properties: Vec<_> = change.properties.iter().map(|it| code(it)).collect();
            let _ = writeln!(
                text,
                "| {} | {} | {} | {} |",
                if change.images_at_stake {
                    format!("**{}**", change.action)
                } else {
                    change.action.to_string()
                },
                code(&change.r#type),
                code(&change.address),
                properties.join(", ")
            );
        }
    }
    if !report.sentences.is_empty() || !report.access_unknown.is_empty() {
        text.push_str("\n#### Access\n\n");
        for (wider, sentence) in &report.sentences {
            let sentence = prose(sentence);
            let _ =
                writeln!(text, "- {}", if *wider { format!("**{sentence}**") } else { sentence });
        }
        for it in &report.access_unknown {
            let _ = writeln!(text, "- **not known:** {}", prose(&it.sentence));
        }
    }
    for it in &report.lifecycle {
        let _ = writeln!(text, "\n#### Lifecycle rules of {}\n", code(&it.repository));
        for (word, sentences) in [("no longer", &it.no_longer), ("now", &it.now)] {
            for sentence in sentences {
                let _ = writeln!(text, "- {word}: {}", prose(sentence));
            }
        }
        if !it.images.is_empty() {
            text.push_str("\n| image | what happens |\n|---|---|\n");
        }
        for image in &it.images {
            let _ = writeln!(text, "| {} | {} |", code(&image.name()), prose(&image.why));
        }
    }
    if let Some(repository) = &report.unchanged {
        let _ = writeln!(text, "\nThe lifecycle rules of {} do not change.", code(repository));
    }
    text
}

/// A sentence with Markdown and HTML escaped, except for its code spans.
fn prose(text: &str) -> String {
    let mut out = String::new();
    for (index, part) in escape(text).split('`').enumerate() {
        if index % 2 == 1 {
            out.push_str(&code(part));
            continue;
        }
        for c in part.chars() {
            if matches!(
                c,
                '\\' | '*' | '_' | '[' | ']' | '<' | '>' | '#' | '|' | '&' | '~' | '@' | '!'
            ) {
                out.push('\\');
            }
            out.push(c);
        }
    }
    out
}

/// Text as code in a cell of a table.
fn code(text: &str) -> String {
    // A backtick ends the code, and a bar the cell, even in code.
    let text = escape(text).replace('`', "'").replace('|', "\\|");
    format!("`{text}`")
}
