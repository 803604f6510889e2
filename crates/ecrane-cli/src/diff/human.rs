//! Changes for people, on a terminal.

use std::fmt::Write as _;

use ecrane_diff::{Action, Change};

use super::report::Report;
use crate::diagnostics::escape;

const RED: &str = "\u{1b}[1;31m";
const YELLOW: &str = "\u{1b}[33m";
const GREEN: &str = "\u{1b}[32m";
const BOLD: &str = "\u{1b}[1m";
const PLAIN: &str = "\u{1b}[0m";

/// The changes of each stack, and a summary line.
pub(crate) fn render(report: &Report) -> String {
    let mut text = String::new();
    // Writing to a string cannot fail.
    for (stack, changes) in report.stacks() {
        let _ = writeln!(text, "{BOLD}{}{PLAIN}{}", escape(stack), note(report, stack));
        let width = changes.iter().map(|it| it.r#type.len()).max().unwrap_or_default();
        for change in changes {
            line(&mut text, change, width);
        }
        text.push('\n');
    }
    if !report.sentences.is_empty() || !report.access_unknown.is_empty() {
        let _ = writeln!(text, "{BOLD}Access{PLAIN}");
        for (wider, sentence) in &report.sentences {
            let (sign, color) = if *wider { ("+", RED) } else { ("-", GREEN) };
            let _ = writeln!(text, "  {color}{sign}{PLAIN} {}", escape(sentence));
        }
        for it in &report.access_unknown {
            let _ = writeln!(text, "  {YELLOW}?{PLAIN} {}", escape(&it.sentence));
        }
        text.push('\n');
    }
    for it in &report.lifecycle {
        let repository = escape(&it.repository);
        let _ = writeln!(text, "{BOLD}Lifecycle rules of `{repository}`{PLAIN}");
        for (sign, sentences) in [("-", &it.no_longer), ("+", &it.now)] {
            for sentence in sentences {
                let _ = writeln!(text, "  {sign} {}", escape(sentence));
            }
        }
        for image in &it.images {
            let _ = writeln!(text, "    {RED}{}{PLAIN}: {}", image.name(), escape(&image.why));
        }
        text.push('\n');
    }
    if let Some(repository) = &report.unchanged {
        let repository = escape(repository);
        let _ = writeln!(text, "The lifecycle rules of `{repository}` do not change.\n");
    }
    let _ = writeln!(text, "{}", report.summary());
    text
}

/// Notes about a stack.
fn note(report: &Report, stack: &str) -> &'static str {
    if report.gone.iter().any(|it| it == stack) {
        " (no longer in the config: what happens if you delete the stack)"
    } else {
        ""
    }
}

fn line(text: &mut String, change: &Change, width: usize) {
    let (sign, color) = match change.action {
        Action::Add => ("+", GREEN),
        Action::Update => ("~", YELLOW),
        Action::Replace => ("-/+", if change.images_at_stake { RED } else { YELLOW }),
        Action::MayReplace => ("?/+", if change.images_at_stake { RED } else { YELLOW }),
        Action::Remove => ("-", RED),
        Action::Orphan => ("o", YELLOW),
    };
    let _ = write!(
        text,
        "{color}{sign:>5} {:<10}{PLAIN} {:<width$}  {}",
        change.action.as_str(),
        escape(&change.r#type),
        escape(&change.address)
    );
    let names: Vec<_> = change.names().collect();
    if !names.is_empty() {
        let _ = write!(text, ": {}", escape(&names.join(", ")));
    }
    text.push('\n');
    if let Some(effect) = &change.effect {
        let color = if change.images_at_stake { RED } else { "" };
        let end = if color.is_empty() { "" } else { PLAIN };
        let _ = writeln!(text, "{:17}{color}{}{end}", "", escape(effect));
    }
}
