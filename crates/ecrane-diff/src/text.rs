//! Documents as text: JSON, or YAML with the short forms of CloudFormation's intrinsic functions.

use std::collections::BTreeMap;
use std::ops::Range;

use ecrane_document::{
    DEPTH_LIMIT, Format, Position, SyntaxError, SyntaxErrorKind, json_value, json_values,
};
use granit_parser::{Event, Options, Parser, ScalarStyle, ScanError, Tag, options};
use serde_json::{Map, Value, json};
use thiserror::Error;

/// The maximum number of values, with those that aliases stand for.
const VALUES: usize = 4_000_000;

/// Why a text is no document.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum TextError {
    /// A map contains a key twice.
    #[error("duplicate key `{key}` at {at}, after the one at {first}")]
    DuplicateKey {
        /// The key.
        key: String,
        /// Where it occurs again.
        at: Position,
        /// Where it occurs first.
        first: Position,
    },
    /// The text is neither JSON nor YAML.
    #[error("{kind} at {at}")]
    Syntax {
        /// Where it is wrong.
        at: Position,
        /// What is wrong.
        kind: SyntaxErrorKind,
    },
}

impl TextError {
    fn new(text: &str, SyntaxError { span, kind }: SyntaxError) -> Self {
        let at = Position::of(text, span.start);
        if let SyntaxErrorKind::DuplicateKey { key, first: Some(first) } = kind {
            return Self::DuplicateKey { key, at, first: Position::of(text, first.start) };
        }
        Self::Syntax { at, kind }
    }
}

/// Parses JSON or YAML. In YAML, `!Ref App` stands for `{ "Ref": "App" }`, `!GetAtt App.Arn` for
/// `{ "Fn::GetAtt": ["App", "Arn"] }`, and every other tag `!Name` for `Fn::Name`.
///
/// ```
/// use ecrane_diff::parse_text;
/// use serde_json::json;
///
/// assert_eq!(parse_text("{ \"a\": 1 }"), Ok(json!({ "a": 1 })));
/// assert_eq!(parse_text("a: !Sub '${B}'"), Ok(json!({ "a": { "Fn::Sub": "${B}" } })));
/// let error = parse_text("{ \"a\": 1, \"a\": 2 }").unwrap_err();
/// assert_eq!(error.to_string(), "duplicate key `a` at line 1, column 11, after the one at line 1, column 3");
/// ```
///
/// # Errors
/// If the text is neither, or contains a key twice.
pub fn parse_text(text: &str) -> Result<Value, TextError> {
    json_value(text).or_else(|error| other_than_json(text, error))
}

/// As [`parse_text`], and a sequence of JSON values, as several runs of a command print it.
///
/// # Errors
/// As [`parse_text`].
pub fn parse_texts(text: &str) -> Result<Vec<Value>, TextError> {
    json_values(text).or_else(|error| other_than_json(text, error).map(|value| vec![value]))
}

/// Parses YAML that is not JSON.
fn other_than_json(text: &str, error: SyntaxError) -> Result<Value, TextError> {
    if matches!(error.kind, SyntaxErrorKind::DuplicateKey { .. }) {
        return Err(TextError::new(text, error));
    }
    // A text that begins as JSON does is most likely a broken one of JSON.
    let is_like_json = text.trim_start().starts_with(['{', '[']);
    yaml(text).map_err(|other| {
        let is_duplicate = matches!(other.kind, SyntaxErrorKind::DuplicateKey { .. });
        TextError::new(text, if is_like_json && !is_duplicate { error } else { other })
    })
}

fn yaml(text: &str) -> Result<Value, SyntaxError> {
    let mut builder = Builder::default();
    let options: Options =
        options! { flow_nesting_limit: DEPTH_LIMIT, block_nesting_limit: DEPTH_LIMIT };
    for event in Parser::new_from_str_with_options(text, options) {
        let (event, span) = event.map_err(|error| malformed(&error))?;
        builder.take(event, span.byte_range().unwrap_or_default())?;
    }
    builder.root.ok_or_else(|| {
        let reason = "expected a value".to_owned();
        SyntaxError { span: 0..0, kind: SyntaxErrorKind::Truncated { reason } }
    })
}

fn malformed(error: &ScanError) -> SyntaxError {
    let start = error.marker().byte_offset().unwrap_or_default();
    let kind = SyntaxErrorKind::Malformed { format: Format::Yaml, reason: error.info() };
    SyntaxError { span: start..start, kind }
}

fn fail<T>(span: Range<usize>, kind: SyntaxErrorKind) -> Result<T, SyntaxError> {
    Err(SyntaxError { span, kind })
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
    Map {
        entries: Map<String, Value>,
        /// The key of the next value.
        key: Option<String>,
        /// Where the keys are.
        spans: Vec<Range<usize>>,
    },
}

impl Builder {
    #[expect(clippy::wildcard_enum_match_arm, reason = "the rest is no part of the value")]
    fn take(&mut self, event: Event<'_>, span: Range<usize>) -> Result<(), SyntaxError> {
        match event {
            Event::DocumentStart(..) => {
                self.documents += 1;
                if self.documents > 1 {
                    return fail(span, SyntaxErrorKind::SeveralDocuments);
                }
                Ok(())
            }
            Event::Scalar(text, style, anchor, tag) => {
                if self.wants_key() {
                    return self.key(&text, span);
                }
                let is_plain = style == ScalarStyle::Plain && tag.is_none();
                let value = if is_plain { plain(&text) } else { Value::from(text.into_owned()) };
                self.put(tagged(name(tag.as_deref()), value), anchor, span)
            }
            Event::SequenceStart(_, anchor, tag) => {
                self.start(Content::List(Vec::new()), anchor, tag.as_deref(), span)
            }
            Event::MappingStart(_, anchor, tag) => {
                let content = Content::Map { entries: Map::new(), key: None, spans: Vec::new() };
                self.start(content, anchor, tag.as_deref(), span)
            }
            Event::SequenceEnd | Event::MappingEnd => {
                let Some(Open { anchor, tag, content }) = self.open.pop() else { return Ok(()) };
                let value = match content {
                    Content::List(items) => items.into(),
                    Content::Map { entries, .. } => entries.into(),
                };
                self.put(tagged(tag, value), anchor, span)
            }
            Event::Alias(anchor) => {
                if self.wants_key() {
                    return fail(span, SyntaxErrorKind::KeyNotText);
                }
                let Some((value, size)) = self.anchors.get(&anchor).cloned() else {
                    return fail(span, SyntaxErrorKind::AliasWithinItself);
                };
                self.values += size;
                self.put(value, 0, span)
            }
            _ => Ok(()),
        }
    }

    /// Whether the next value is the key of a map.
    fn wants_key(&self) -> bool {
        matches!(self.open.last(), Some(Open { content: Content::Map { key: None, .. }, .. }))
    }

    fn key(&mut self, text: &str, span: Range<usize>) -> Result<(), SyntaxError> {
        if let Some(Open { content: Content::Map { entries, key, spans }, .. }) =
            self.open.last_mut()
        {
            if entries.contains_key(text) {
                let first = entries.keys().position(|it| it == text);
                let first = first.and_then(|at| spans.get(at)).cloned();
                return fail(span, SyntaxErrorKind::DuplicateKey { key: text.to_owned(), first });
            }
            *key = Some(text.to_owned());
            spans.push(span);
        }
        Ok(())
    }

    fn start(
        &mut self,
        content: Content,
        anchor: usize,
        tag: Option<&Tag>,
        span: Range<usize>,
    ) -> Result<(), SyntaxError> {
        if self.wants_key() {
            return fail(span, SyntaxErrorKind::KeyNotText);
        }
        if self.open.len() == DEPTH_LIMIT {
            return fail(span, SyntaxErrorKind::TooDeep { limit: DEPTH_LIMIT });
        }
        self.open.push(Open { anchor, tag: name(tag), content });
        Ok(())
    }

    fn put(&mut self, value: Value, anchor: usize, span: Range<usize>) -> Result<(), SyntaxError> {
        self.values += 1;
        if self.values > VALUES {
            let reason = format!("there are more than {VALUES} values");
            return fail(span, SyntaxErrorKind::Malformed { format: Format::Yaml, reason });
        }
        if anchor != 0 {
            let size = size(&value);
            self.values += size;
            self.anchors.insert(anchor, (value.clone(), size));
        }
        match self.open.last_mut() {
            None => self.root = Some(value),
            Some(Open { content: Content::List(items), .. }) => items.push(value),
            Some(Open { content: Content::Map { entries, key, .. }, .. }) => {
                if let Some(key) = key.take() {
                    entries.insert(key, value);
                }
            }
        }
        Ok(())
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
        assert_eq!(parse_text(text), Ok(expected));
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
        let error = parse_text(&text).unwrap_err().to_string();
        assert_eq!(error, "invalid YAML: there are more than 4000000 values at line 7, column 12");
    }

    #[test]
    fn errors_have_a_place() {
        for (text, said) in [
            (" ", "unexpected end of file: expected a value at line 1, column 1"),
            (
                "a: 1\n---\na: 2",
                "the file contains more than one YAML document at line 2, column 1",
            ),
            ("a:\n  b: [1", "invalid YAML: unclosed bracket '[' at line 2, column 6"),
            (
                "{ \"a\": 1,\n  b: ] }",
                "invalid JSON: expected a key in double quotes, found `b` at line 2, column 3",
            ),
            (
                "{ \"a\": 1\n  \"b\": 2 }",
                "invalid JSON: expected `,` or `}`, found `\"` at line 2, column 3",
            ),
            ("[1] 2", "invalid JSON: expected the end of the file, found `2` at line 1, column 5"),
            ("? [a]\n: 1", "the key is not a string at line 1, column 3"),
            ("a: &a [*a]", "the alias refers to a value that contains it at line 1, column 8"),
            (
                "a: 1\nb: 2\na: 3",
                "duplicate key `a` at line 3, column 1, after the one at line 1, column 1",
            ),
            (
                "{a: 1, a: 2}",
                "duplicate key `a` at line 1, column 8, after the one at line 1, column 2",
            ),
            (
                "{\"a\": {\"b\": 1, \"b\": 2}}",
                "duplicate key `b` at line 1, column 16, after the one at line 1, column 8",
            ),
        ] {
            assert_eq!(parse_text(text).unwrap_err().to_string(), said, "{text}");
        }
        assert_eq!(
            parse_texts("[1]\n[2").unwrap_err().to_string(),
            "unexpected end of file: expected `,` or `]` at line 2, column 3"
        );
    }
}
