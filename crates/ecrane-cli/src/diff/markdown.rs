//! Changes as Markdown: a comment on a pull request.

use std::fmt::Write as _;

use ecrane_diff::Change;

use super::report::Report;
use crate::diagnostics::escape;

/// A table with more rows than this is folded.
const ROWS: usize = 20;

/// The maximum length of a comment on GitHub, in characters. GitLab takes more.
const LENGTH: usize = 65_536;

/// First what can be lost, who gains access and what lifecycle rules do, then a table for each
/// stack.
pub(crate) fn render(report: &Report) -> String {
    let mut text = format!("### ecrane: {}{}\n", report.summary(), access_summary(report));
    // Writing to a string cannot fail.
    let at_stake: Vec<&Change> = report.changes.iter().filter(|it| it.images_at_stake).collect();
    if !at_stake.is_empty() {
        text.push_str("\n> [!CAUTION]\n");
        for change in &at_stake {
            let effect = change.effect.as_deref().unwrap_or_default();
            let _ = writeln!(text, "> - {}", prose(effect));
        }
    }
    access(&mut text, report);
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
    for (stack, changes) in report.stacks() {
        let is_gone = report.gone.iter().any(|it| it == stack);
        table(&mut text, stack, &changes, is_gone);
    }
    shortened(text)
}

/// A text that fits a comment: what is most important comes first, so that the end is left out.
fn shortened(mut text: String) -> String {
    const REST: &str =
        "\n**The rest is left out**, as a comment takes no more. `ecrane diff` shows all of it.\n";
    const FOLD: &str = "\n</details>\n";
    let room = LENGTH - REST.len() - FOLD.len();
    if text.chars().nth(LENGTH).is_none() {
        return text;
    }
    let end = text.char_indices().nth(room).map_or(text.len(), |(end, _)| end);
    let lines = text.get(..end).and_then(|text| text.rfind('\n')).map_or(0, |end| end + 1);
    text.truncate(lines);
    if text.rfind("<details>") > text.rfind("</details>") {
        text.push_str(FOLD);
    }
    text.push_str(REST);
    text
}

/// `; access: 2 wider, 1 narrower`
fn access_summary(report: &Report) -> String {
    let wider = report.access.iter().filter(|it| it.wider).count();
    let parts = [
        (wider, "wider"),
        (report.access.len() - wider, "narrower"),
        (report.access_unknown.len(), "not known"),
    ];
    let parts = parts.into_iter().filter(|(count, _)| *count > 0);
    let parts: Vec<String> = parts.map(|(count, word)| format!("{count} {word}")).collect();
    if parts.is_empty() { String::new() } else { format!("; access: {}", parts.join(", ")) }
}

fn access(text: &mut String, report: &Report) {
    let sentences = |wider: bool| {
        let these = report.sentences.iter().filter(move |(it, _)| *it == wider);
        these.map(|(_, sentence)| sentence.as_str())
    };
    let unknown = report.access_unknown.iter().map(|it| it.sentence.as_str());
    let lists: [(&str, Vec<&str>); 3] = [
        ("Wider:", sentences(true).collect()),
        ("Not known, and perhaps wider:", unknown.collect()),
        ("Narrower:", sentences(false).collect()),
    ];
    if lists.iter().all(|(_, list)| list.is_empty()) {
        return;
    }
    text.push_str("\n#### Access\n");
    for (title, list) in lists.iter().filter(|(_, list)| !list.is_empty()) {
        let _ = writeln!(text, "\n{title}\n");
        for sentence in list {
            let _ = writeln!(text, "- {}", prose(sentence));
        }
    }
}

fn table(text: &mut String, stack: &str, changes: &[&Change], is_gone: bool) {
    let _ = writeln!(text, "\n#### Resources of {}\n", code(stack));
    if is_gone {
        text.push_str("No longer in the config: what happens if you delete the stack.\n\n");
    }
    let is_folded = changes.len() > ROWS;
    if is_folded {
        let _ = writeln!(text, "<details><summary>{} changes</summary>\n", changes.len());
    }
    text.push_str("| change | type | address | properties |\n|---|---|---|---|\n");
    for change in changes {
        let properties: Vec<_> = change.names().map(code).collect();
        let mark = if change.images_at_stake { "**" } else { "" };
        let _ = writeln!(
            text,
            "| {mark}{}{mark} | {} | {} | {} |",
            change.action,
            code(&change.r#type),
            code(&change.address),
            properties.join(", ")
        );
    }
    if is_folded {
        text.push_str("\n</details>\n");
    }
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
