//! The matrix for people: for each principal, what it may do with which repositories.

use std::collections::BTreeMap;
use std::io;

use ecrane::access::{Access, Capability, Matrix, NOT_SEEN, RepositoryNames, Row};

use super::Places;
use crate::diagnostics::escape;
use crate::print::Out;

pub(super) fn text(out: Out<'_>, matrix: &Matrix, places: &Places<'_>) -> io::Result<()> {
    let names = RepositoryNames::new(matrix);
    for (principal, row) in &matrix.rows {
        let place = row.place.as_ref().and_then(|place| places.text(place));
        let construct = row.construct.as_deref();
        let about: Vec<&str> = construct.into_iter().chain(place.as_deref()).collect();
        let about =
            if about.is_empty() { String::new() } else { format!(" ({})", about.join(", ")) };
        writeln!(out, "{}", escape(&format!("{principal}{about}")))?;
        let mut line = |what: &str, text: &str| writeln!(out, "  {what:<11} {}", escape(text));
        for who in &row.assumed_by {
            line("assumed by", who)?;
        }
        for log_in in log_ins(row) {
            line("log in", &log_in)?;
        }
        for capability in Capability::ALL {
            for said in said(row, capability, &names) {
                line(capability.as_str(), &said)?;
            }
        }
        for unknown in &row.unknown {
            line("not known", unknown)?;
        }
        writeln!(out)?;
    }
    not_seen(out, matrix)
}

/// Whether a principal may log in, a text for each service.
fn log_ins(row: &Row) -> Vec<String> {
    let public = row.public_log_in.as_ref().map(|it| format!("to Amazon ECR Public: {it}"));
    row.log_in.iter().map(Access::to_string).chain(public).collect()
}

/// What the matrix does not contain.
fn not_seen(out: Out<'_>, matrix: &Matrix) -> io::Result<()> {
    for policy in &matrix.not_evaluated {
        writeln!(out, "Not evaluated: {}.", escape(policy))?;
    }
    writeln!(out, "{NOT_SEEN}")
}

/// What a principal may do with which repositories, a text for each condition.
fn said(row: &Row, capability: Capability, names: &RepositoryNames<'_>) -> Vec<String> {
    let mut groups = BTreeMap::<&Access, Vec<&str>>::new();
    for (arn, cell) in &row.cells {
        groups.entry(cell.get(capability)).or_default().push(arn);
    }
    let possible = groups.into_iter().rev().filter(|(access, _)| access.is_possible());
    possible
        .map(|(access, arns)| match access {
            Access::Yes => names.told(&arns),
            Access::If(_) | Access::No => format!("{}, {access}", names.told(&arns)),
        })
        .collect()
}

pub(super) fn markdown(out: Out<'_>, matrix: &Matrix) -> io::Result<()> {
    let names = RepositoryNames::new(matrix);
    writeln!(
        out,
        "| principal | log in | pull | push | read | administer | assumed by | not known |"
    )?;
    writeln!(out, "|---|---|---|---|---|---|---|---|")?;
    for (principal, row) in &matrix.rows {
        let mut cells = vec![cell(std::slice::from_ref(principal)), cell(&log_ins(row))];
        for capability in Capability::ALL {
            cells.push(cell(&said(row, capability, &names)));
        }
        cells.push(cell(&row.assumed_by));
        cells.push(cell(&row.unknown));
        writeln!(out, "| {} |", cells.join(" | "))?;
    }
    writeln!(out)?;
    not_seen(out, matrix)
}

/// The lines of a cell, with Markdown and HTML escaped.
fn cell(lines: &[String]) -> String {
    let mut text = String::new();
    for (index, line) in lines.iter().enumerate() {
        if index > 0 {
            text.push_str("<br>");
        }
        for c in escape(line).chars() {
            match c {
                '<' => text.push_str("&lt;"),
                '>' => text.push_str("&gt;"),
                '&' => text.push_str("&amp;"),
                '|' | '*' | '_' | '`' | '[' | ']' | '\\' => text.extend(['\\', c]),
                c => text.push(c),
            }
        }
    }
    text
}
