//! A config as YAML, as a person writes it: short maps and lists in one line, quotes only where they
//! are needed.
//!
//! Libraries that write YAML have one style for all maps; this is the part of it that a config needs.

use std::fmt::Write as _;

use ecrane_document::is_invisible;
use serde_json::{Map, Value};

use crate::draft::Comments;

/// The longest line with a map or list in it.
const WIDTH: usize = 100;
/// The depth of the elements of a stack, from which on short maps are written in one line: the
/// stack, its repositories, and each of them are blocks.
const BLOCKS: usize = 3;

/// The place in a config that is being written, and the comments for all places.
struct Place<'c> {
    path: Vec<String>,
    comments: &'c Comments,
}

/// Writes a document with comments.
pub(crate) fn document(config: &Value, comments: &Comments) -> String {
    let mut text = String::new();
    let mut place = Place { path: Vec::new(), comments };
    place.comment(&mut text, 0);
    if let Value::Object(entries) = config {
        map(&mut text, entries, 0, &mut place);
    }
    text
}

impl Place<'_> {
    /// Writes the comments for this place, in lines of their own.
    fn comment(&self, text: &mut String, depth: usize) {
        for comment in self.comments.get(&self.path).into_iter().flatten() {
            for line in comment.lines() {
                indent(text, depth);
                text.push_str("# ");
                text.extend(line.chars().map(|c| if is_invisible(c) { '\u{fffd}' } else { c }));
                text.push('\n');
            }
        }
    }

    /// Whether there are comments for places within this one.
    fn has_inner(&self) -> bool {
        let from = self.comments.range(self.path.clone()..);
        let mut within = from.map(|(path, _)| path).take_while(|it| it.starts_with(&self.path));
        within.any(|it| it.len() > self.path.len())
    }
}

fn map(text: &mut String, entries: &Map<String, Value>, depth: usize, place: &mut Place<'_>) {
    for (key, value) in entries {
        place.path.push(key.clone());
        place.comment(text, depth);
        indent(text, depth);
        text.push_str(&scalar(key, true));
        text.push(':');
        entry(text, value, depth, place);
        place.path.pop();
    }
}

/// Writes what follows a key.
fn entry(text: &mut String, value: &Value, depth: usize, place: &mut Place<'_>) {
    let used = text.len() - text.rfind('\n').map_or(0, |at| at + 1);
    let inline = flow(value);
    let is_element = depth > BLOCKS || !value.is_object();
    let is_short =
        is_element && !place.has_inner() && used + 1 + inline.len() <= WIDTH && height(value) <= 2;
    match value {
        Value::Object(entries) if !entries.is_empty() && !is_short => {
            text.push('\n');
            map(text, entries, depth + 1, place);
        }
        Value::Array(items)
            if !(items.is_empty()
                || is_short && items.iter().all(|it| !it.is_object() && !it.is_array())) =>
        {
            text.push('\n');
            list(text, items, depth + 1, place);
        }
        Value::Null
        | Value::Bool(_)
        | Value::Number(_)
        | Value::String(_)
        | Value::Array(_)
        | Value::Object(_) => {
            text.extend([" ", inline.as_str(), "\n"]);
        }
    }
}

fn list(text: &mut String, items: &[Value], depth: usize, place: &mut Place<'_>) {
    for item in items {
        indent(text, depth);
        let inline = flow(item);
        match item {
            Value::Object(entries)
                if !entries.is_empty()
                    && (2 * depth + 2 + inline.len() > WIDTH || height(item) > 3) =>
            {
                let mut inner = String::new();
                map(&mut inner, entries, depth + 1, place);
                text.push_str("- ");
                text.push_str(inner.trim_start());
            }
            Value::Null
            | Value::Bool(_)
            | Value::Number(_)
            | Value::String(_)
            | Value::Array(_)
            | Value::Object(_) => {
                text.extend(["- ", inline.as_str(), "\n"]);
            }
        }
    }
}

/// How many maps and lists are in one another.
fn height(value: &Value) -> usize {
    match value {
        Value::Object(entries) => 1 + entries.values().map(height).max().unwrap_or_default(),
        Value::Array(items) => 1 + items.iter().map(height).max().unwrap_or_default(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => 0,
    }
}

/// A value in one line.
fn flow(value: &Value) -> String {
    match value {
        Value::String(text) => scalar(text, false),
        Value::Object(entries) if entries.is_empty() => "{}".to_owned(),
        Value::Object(entries) => {
            let entries =
                entries.iter().map(|(key, it)| format!("{}: {}", scalar(key, true), flow(it)));
            format!("{{ {} }}", entries.collect::<Vec<_>>().join(", "))
        }
        Value::Array(items) => {
            format!("[{}]", items.iter().map(flow).collect::<Vec<_>>().join(", "))
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => value.to_string(),
    }
}

/// A string: plain if every reader of YAML takes it for the same string, otherwise quoted.
fn scalar(text: &str, is_key: bool) -> String {
    let is_inside =
        |c: char| c.is_ascii_alphanumeric() || "_-./@+*".contains(c) || !is_key && c == ' ';
    let is_word = |text: &str| {
        let lower = text.to_ascii_lowercase();
        !["true", "false", "yes", "no", "on", "off", "null", "y", "n"].contains(&lower.as_str())
            || is_key && lower == "on"
    };
    let is_plain = text.starts_with(|c: char| c.is_ascii_alphabetic())
        && !text.ends_with(' ')
        && text.chars().all(is_inside)
        && is_word(text);
    if is_plain { text.to_owned() } else { quoted(text) }
}

/// A string in double quotes. What YAML does not print is escaped.
fn quoted(text: &str) -> String {
    let mut quoted = String::from('"');
    for c in text.chars() {
        match c {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            c if is_invisible(c) || matches!(c, '\u{fffe}' | '\u{ffff}') => {
                // Writing to a string cannot fail.
                let _ = write!(quoted, "\\u{:04x}", u32::from(c));
            }
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

fn indent(text: &mut String, depth: usize) {
    text.extend(std::iter::repeat_n("  ", depth));
}
