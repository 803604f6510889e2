//! JSON without places, as strict about keys as JSON with them.
//!
//! `serde_json` keeps the last of two equal keys, so that a part of a document would be lost in silence.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

use crate::json::{malformed, parse_json};
use crate::syntax::SyntaxError;

/// Parses JSON of any size. The text is only parsed with places, for the error, if it is wrong.
///
/// # Errors
/// As [`parse_json`].
///
/// # Examples
/// ```
/// use ecrane_document::json_value;
///
/// assert_eq!(json_value("[1]"), Ok(serde_json::json!([1])));
/// let error = json_value(r#"{ "App": 1, "App": 2 }"#).unwrap_err();
/// assert_eq!((error.to_string().as_str(), error.span), ("duplicate key `App`", 12..17));
/// ```
pub fn json_value(text: &str) -> Result<Value, SyntaxError> {
    match serde_json::from_str(text) {
        Ok(Strict(value)) => Ok(value),
        Err(error) => Err(located(text, 0, &error)),
    }
}

/// Parses a sequence of JSON values, as several runs of a command print it.
///
/// # Errors
/// As [`parse_json`], of the first value that is wrong.
///
/// # Examples
/// ```
/// use ecrane_document::json_values;
///
/// assert_eq!(json_values("[1]\n{}").map(|it| it.len()), Ok(2));
/// assert_eq!(json_values("[1]\n{").unwrap_err().span, 5..5);
/// ```
pub fn json_values(text: &str) -> Result<Vec<Value>, SyntaxError> {
    let mut stream = serde_json::Deserializer::from_str(text).into_iter();
    let mut values = Vec::new();
    loop {
        let start = stream.byte_offset();
        match stream.next() {
            None => return Ok(values),
            Some(Ok(Strict(value))) => values.push(value),
            Some(Err(error)) => return Err(located(text, start, &error)),
        }
    }
}

/// What is wrong with the value at an offset, and where.
fn located(text: &str, start: usize, error: &serde_json::Error) -> SyntaxError {
    let rest = text.get(start..).unwrap_or_default();
    let mut error = match parse_json(rest, 0) {
        Err(error) => error,
        Ok(_) => malformed(0..rest.len(), error),
    };
    error.shift(start);
    error
}

/// A value without duplicate keys.
struct Strict(Value);

impl<'de> Deserialize<'de> for Strict {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(StrictVisitor).map(Self)
    }
}

struct StrictVisitor;

impl<'de> Visitor<'de> for StrictVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(Strict(item)) = items.next_element()? {
            list.push(item);
        }
        Ok(list.into())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut map = Map::new();
        while let Some((key, Strict(value))) = entries.next_entry::<String, _>()? {
            if map.insert(key, value).is_some() {
                return Err(A::Error::custom("duplicate key"));
            }
        }
        Ok(map.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax::SyntaxErrorKind;

    #[test]
    fn other_texts_are_what_serde_json_makes_of_them() {
        let text =
            r#" {"a": [null, true, -1, 18446744073709551615, 1.0, 1e3, "é\n"], "b": {"a": {}}} "#;
        assert_eq!(json_value(text), Ok(serde_json::from_str(text).unwrap()));
        let deep = "[".repeat(crate::DEPTH_LIMIT - 1) + &"]".repeat(crate::DEPTH_LIMIT - 1);
        assert_eq!(json_value(&deep), Ok(serde_json::from_str(&deep).unwrap()));
    }

    #[test]
    fn a_duplicate_key_has_its_places_in_each_value_of_a_sequence() {
        let text = r#"{"a": 1} {"b": [{"c": 1, "\u0063": 2}]}"#;
        let error = json_values(text).unwrap_err();
        assert_eq!(text.get(error.span), Some(r#""\u0063""#));
        let SyntaxErrorKind::DuplicateKey { key, first: Some(first) } = error.kind else {
            unreachable!("{:?}", error.kind)
        };
        assert_eq!((key.as_str(), text.get(first)), ("c", Some(r#""c""#)));
    }

    #[test]
    fn wrong_texts_have_a_place() {
        for (text, span) in [("", 0..0), ("{\"a\" 1}", 5..6), ("[1] x", 4..5)] {
            assert_eq!(json_value(text).unwrap_err().span, span, "{text}");
        }
    }
}
