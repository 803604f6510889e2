//! Parses TOML into a tree with places.

use std::sync::Arc;

use serde_json::Number;
use toml::Spanned;
use toml::de::{DeInteger, DeTable, DeValue};

use ecrane_document::{DEPTH_LIMIT, SyntaxError, SyntaxErrorKind};
use ecrane_document::{Entries, Entry, Format, Node, NodeKind};

pub(super) fn parse(text: &str, file: u32) -> Result<Node, SyntaxError> {
    let table = DeTable::parse(text).map_err(|error| malformed(text, &error))?;
    if table.get_ref().is_empty() {
        return Err(SyntaxError { span: 0..0, kind: SyntaxErrorKind::Empty });
    }
    let kind = map(table.get_ref(), file, 1)?;
    Ok(Node { span: (0..text.len()).into(), file, kind })
}

fn malformed(text: &str, error: &toml::de::Error) -> SyntaxError {
    let span = error.span().unwrap_or_default();
    let reason = error.message().lines().next().unwrap_or_default().to_owned();
    let kind = if is_too_deep(&reason) {
        SyntaxErrorKind::TooDeep { limit: DEPTH_LIMIT }
    } else if reason.starts_with("duplicate key") {
        let key = text.get(span.clone()).unwrap_or_default().to_owned();
        SyntaxErrorKind::DuplicateKey { key, first: None }
    } else if span.start >= text.trim_end().len() {
        SyntaxErrorKind::Truncated { reason }
    } else {
        SyntaxErrorKind::Malformed { format: Format::Toml, reason }
    };
    SyntaxError { span, kind }
}

/// The parser has its own nesting limit, lower than ecrane's, and two messages for it.
fn is_too_deep(reason: &str) -> bool {
    reason.starts_with("recursion limit") || reason.starts_with("cannot recurse further")
}

fn map(table: &DeTable<'_>, file: u32, depth: usize) -> Result<NodeKind, SyntaxError> {
    let mut entries = Entries::default();
    for (key, value) in table {
        let node = node(value, file, depth)?;
        entries.insert(key.get_ref().as_ref().into(), Entry { key_span: key.span().into(), node });
    }
    Ok(NodeKind::Map(Arc::new(entries)))
}

fn node(value: &Spanned<DeValue<'_>>, file: u32, depth: usize) -> Result<Node, SyntaxError> {
    let span = value.span();
    let out_of_range = |written: String| SyntaxError {
        span: span.clone(),
        kind: SyntaxErrorKind::NumberOutOfRange { written },
    };
    let kind = match value.get_ref() {
        DeValue::Boolean(value) => NodeKind::Bool(*value),
        DeValue::String(text) => NodeKind::Text(text.as_ref().into()),
        // A value that is a string in YAML, such as the `Version` of a policy, is a string here
        // too.
        DeValue::Datetime(time) => NodeKind::Text(time.to_string().into()),
        DeValue::Integer(integer) => NodeKind::Number(
            whole_number(integer).ok_or_else(|| out_of_range(integer.to_string()))?,
        ),
        DeValue::Float(float) => NodeKind::Number(
            float
                .as_str()
                .parse()
                .ok()
                .and_then(Number::from_f64)
                .ok_or_else(|| out_of_range(float.as_str().to_owned()))?,
        ),
        DeValue::Array(_) | DeValue::Table(_) if depth == DEPTH_LIMIT => {
            return Err(SyntaxError {
                span,
                kind: SyntaxErrorKind::TooDeep { limit: DEPTH_LIMIT },
            });
        }
        DeValue::Array(items) => {
            let items: Result<_, _> =
                items.iter().map(|item| node(item, file, depth + 1)).collect();
            NodeKind::List(items?)
        }
        DeValue::Table(table) => map(table, file, depth + 1)?,
    };
    Ok(Node { span: span.into(), file, kind })
}

fn whole_number(integer: &DeInteger<'_>) -> Option<Number> {
    let (digits, radix) = (integer.as_str(), integer.radix());
    match u64::from_str_radix(digits, radix) {
        Ok(number) => Some(number.into()),
        Err(_) => i64::from_str_radix(digits, radix).ok().map(Number::from),
    }
}
