//! Documents as text: JSON, or YAML with the short forms of CloudFormation's intrinsic functions.

use std::collections::BTreeMap;

use granit_parser::{Event, Options, Parser, ScalarStyle, Tag, options};
use serde_json::{Map, Value, json};

/// The maximum depth of values.
const DEPTH: usize = 128;
/// The maximum number of values, with those that aliases stand for.
const VALUES: usize = 4_000_000;

/// Parses JSON or YAML. In YAML, `!Ref App` stands for `{ "Ref": "App" }`, `!GetAtt App.Arn` for
/// `{ "Fn::GetAtt": ["App", "Arn"] }`, and every other tag `!Name` for `Fn::Name`. Returns `None` if
/// the text is neither.
///
/// ```
/// use ecrane_diff::parse_text;
/// use serde_json::json;
///
/// assert_eq!(parse_text("{ \"a\": 1 }"), Some(json!({ "a": 1 })));
/// assert_eq!(parse_text("a: !Sub '${B}'"), Some(json!({ "a": { "Fn::Sub": "${B}" } })));
/// assert_eq!(parse_text("a: ["), None);
/// ```
pub fn parse_text(text: &str) -> Option<Value> {
    if let Ok(value) = serde_json::from_str(text) {
        return Some(value);
    }
    let mut builder = Builder::default();
    let options: Options = options! { flow_nesting_limit: DEPTH, block_nesting_limit: DEPTH };
    for event in Parser::new_from_str_with_options(text, options) {
        let (event, _) = event.ok()?;
        builder.take(event)?;
    }
    builder.root
}

#[derive(Default)]
struct Builder {
    open: Vec<Open>,
    anchors: BTreeMap<usize, (Value, usize)>,
    root: Option<Value>,
    documents: usize,
    values: usize,
}

struct Open {
    anchor: usize,
    tag: Option<String>,
    content: Content,
}

enum Content {
    List(Vec<Value>),
    Map { entries: Map<String, Value>, key: Option<String> },
}

impl Builder {
    /// Takes an event, or nothing if the text is no document of ours.
    #[expect(clippy::wildcard_enum_match_arm, reason = "the rest is no part of the value")]
    fn take(&mut self, event: Event<'_>) -> Option<()> {
        match event {
            Event::DocumentStart(..) => {
                self.documents += 1;
                (self.documents == 1).then_some(())
            }
            Event::Scalar(text, style, anchor, tag) => {
                if let Some(Open { content: Content::Map { key: key @ None, .. }, .. }) =
                    self.open.last_mut()
                {
                    *key = Some(text.into_owned());
                    return Some(());
                }
                let is_plain = style == ScalarStyle::Plain && tag.is_none();
                let value = if is_plain { plain(&text) } else { Value::from(text.into_owned()) };
                self.put(tagged(name(tag.as_deref()), value), anchor)
            }
            Event::SequenceStart(_, anchor, tag) => {
                self.start(Content::List(Vec::new()), anchor, tag.as_deref())
            }
            Event::MappingStart(_, anchor, tag) => {
                let content = Content::Map { entries: Map::new(), key: None };
                self.start(content, anchor, tag.as_deref())
            }
            Event::SequenceEnd | Event::MappingEnd => {
                let Open { anchor, tag, content } = self.open.pop()?;
                let value = match content {
                    Content::List(items) => items.into(),
                    Content::Map { entries, .. } => entries.into(),
                };
                self.put(tagged(tag, value), anchor)
            }
            Event::Alias(anchor) => {
                let (value, size) = self.anchors.get(&anchor)?.clone();
                self.values += size;
                self.put(value, 0)
            }
            _ => Some(()),
        }
    }

    fn start(&mut self, content: Content, anchor: usize, tag: Option<&Tag>) -> Option<()> {
        let wants_key =
            matches!(self.open.last(), Some(Open { content: Content::Map { key: None, .. }, .. }));
        if wants_key || self.open.len() == DEPTH {
            return None;
        }
        self.open.push(Open { anchor, tag: name(tag), content });
        Some(())
    }

    fn put(&mut self, value: Value, anchor: usize) -> Option<()> {
        self.values += 1;
        if self.values > VALUES {
            return None;
        }
        if anchor != 0 {
            let size = size(&value);
            self.values += size;
            self.anchors.insert(anchor, (value.clone(), size));
        }
        match self.open.last_mut() {
            None => self.root = Some(value),
            Some(Open { content: Content::List(items), .. }) => items.push(value),
            Some(Open { content: Content::Map { entries, key }, .. }) => {
                // A key twice is an error in both formats.
                if entries.insert(key.take()?, value).is_some() {
                    return None;
                }
            }
        }
        Some(())
    }
}

fn size(value: &Value) -> usize {
    1 + match value {
        Value::Array(items) => items.iter().map(size).sum(),
        Value::Object(entries) => entries.values().map(size).sum(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => 0,
    }
}

/// The name of a local tag: `Ref` of `!Ref`.
fn name(tag: Option<&Tag>) -> Option<String> {
    tag.filter(|tag| tag.handle() == "!" && !tag.suffix().is_empty())
        .map(|tag| tag.suffix().to_owned())
}

fn tagged(tag: Option<String>, value: Value) -> Value {
    let Some(tag) = tag else { return value };
    match tag.as_str() {
        "Ref" | "Condition" => json!({ tag: value }),
        "GetAtt" => match value.as_str().and_then(|it| it.split_once('.')) {
            Some((id, attribute)) => json!({ "Fn::GetAtt": [id, attribute] }),
            None => json!({ "Fn::GetAtt": value }),
        },
        _ => json!({ format!("Fn::{tag}"): value }),
    }
}

/// A plain scalar. What is not a number in JSON, such as an account ID that begins with a zero, is
/// text.
fn plain(text: &str) -> Value {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Value::Null,
        "true" | "True" | "TRUE" => true.into(),
        "false" | "False" | "FALSE" => false.into(),
        _ => match serde_json::from_str(text) {
            Ok(number @ Value::Number(_)) => number,
            _ => text.into(),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_short_forms() {
        let text = "\
A: !Ref App
B: !GetAtt App.Arn
C: !Sub
  - '${X}'
  - { X: 1 }
D: !If [Is, !Ref A, 'true']
E: 012345678901
F: 2012-10-17
G: &it [true, ~]
H: *it
I: |
  { \"rules\": [] }
";
        let expected = json!({
            "A": { "Ref": "App" },
            "B": { "Fn::GetAtt": ["App", "Arn"] },
            "C": { "Fn::Sub": ["${X}", { "X": 1 }] },
            "D": { "Fn::If": ["Is", { "Ref": "A" }, "true"] },
            "E": "012345678901",
            "F": "2012-10-17",
            "G": [true, null],
            "H": [true, null],
            "I": "{ \"rules\": [] }\n",
        });
        assert_eq!(parse_text(text), Some(expected));
    }

    #[test]
    fn bounds_aliases() {
        let mut text = "a: &a [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]\n".to_owned();
        for (name, before) in
            ["b", "c", "d", "e", "f", "g", "h"].iter().zip(["a", "b", "c", "d", "e", "f", "g"])
        {
            let item = format!("*{before}");
            text.extend([name, ": &", name, " [", &vec![item; 10].join(", "), "]\n"]);
        }
        assert_eq!(parse_text(&text), None);
        assert_eq!(parse_text("{a: 1, a: 2}"), None);
        assert_eq!(parse_text("a: 1\n---\na: 2"), None);
    }
}
