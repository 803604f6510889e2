//! Values that can be unknown until deployment.
//!
//! The graph never contains strings with embedded references. A [`Value`] is an expression, and
//! each backend renders it in its own language (`Fn::GetAtt`, `${aws_ecr_repository.app.arn}`).

use indexmap::IndexMap;

use crate::resource_id::ResourceId;

/// A string expression: a literal, a value known at deployment, or a concatenation of both.
///
/// ```
/// use ecrane_core::{Pseudo, Value};
///
/// let root = Value::concat([
///     Value::from("arn:"),
///     Value::Pseudo(Pseudo::Partition),
///     Value::from(":iam::"),
///     Value::from("111122223333:root"),
/// ]);
/// assert!(root.as_literal().is_none());
/// assert_eq!(Value::concat(["a".into(), "b".into()]), Value::from("ab"));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Value {
    /// Literal text. A backend escapes its own syntax in it.
    Literal(String),
    /// A pseudo parameter of the stack that contains the value.
    Pseudo(Pseudo),
    /// An attribute of a resource in the graph, possibly in another stack.
    Attribute(ResourceId, Attribute),
    /// A field of an ARN that is unknown until deployment.
    ArnField(Box<Value>, ArnField),
    /// A concatenation. It is never empty and has no two adjacent literals.
    Concat(Vec<Value>),
}

/// A CloudFormation pseudo parameter, or the equivalent Terraform data source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Pseudo {
    /// The target account.
    AccountId,
    /// The target region.
    Region,
    /// The partition: `aws`, `aws-cn`, `aws-us-gov` …
    Partition,
    /// The URL suffix: `amazonaws.com`, `amazonaws.com.cn` …
    UrlSuffix,
}

/// An attribute of a deployed resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Attribute {
    /// The physical name (CloudFormation's `Ref`).
    Name,
    /// The ARN.
    Arn,
}

/// A field of an ARN.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ArnField {
    /// The region, the fourth field.
    Region,
    /// The account, the fifth field.
    Account,
}

impl ArnField {
    /// The index of the field when an ARN is split at colons, starting at 0.
    pub fn index(self) -> u8 {
        match self {
            Self::Region => 3,
            Self::Account => 4,
        }
    }
}

impl Value {
    /// Concatenates parts in the simplest equivalent form.
    pub fn concat(parts: impl IntoIterator<Item = Value>) -> Self {
        let mut flat: Vec<Value> = Vec::new();
        for part in parts {
            match part {
                Self::Concat(inner) => inner.into_iter().for_each(|p| push_part(&mut flat, p)),
                Self::Literal(_) | Self::Pseudo(_) | Self::Attribute(..) | Self::ArnField(..) => {
                    push_part(&mut flat, part);
                }
            }
        }
        match flat.len() {
            0 => Self::Literal(String::new()),
            1 => flat.remove(0),
            _ => Self::Concat(flat),
        }
    }

    /// Returns a field of an ARN, as a literal if the ARN is known, otherwise as an expression.
    pub fn arn_field(arn: Value, field: ArnField) -> Self {
        arn.split_field(usize::from(field.index()))
            .unwrap_or_else(|| Self::ArnField(Box::new(arn), field))
    }

    /// Returns a field if all colons are in literal parts. Pseudo parameters contain no colons.
    fn split_field(&self, index: usize) -> Option<Value> {
        let parts = match self {
            Self::Concat(parts) => parts.as_slice(),
            Self::Literal(_) | Self::Pseudo(_) => std::slice::from_ref(self),
            Self::Attribute(..) | Self::ArnField(..) => return None,
        };
        let mut fields: Vec<Vec<Value>> = vec![Vec::new()];
        for part in parts {
            match part {
                Self::Literal(text) => {
                    for (position, piece) in text.split(':').enumerate() {
                        if position > 0 {
                            fields.push(Vec::new());
                        }
                        fields.last_mut()?.push(piece.into());
                    }
                }
                Self::Pseudo(_) => fields.last_mut()?.push(part.clone()),
                Self::Attribute(..) | Self::ArnField(..) | Self::Concat(_) => return None,
            }
        }
        fields.into_iter().nth(index).map(Value::concat)
    }

    /// Visits every resource attribute that the value refers to.
    pub fn references(&self, visit: &mut dyn FnMut(ResourceId, Attribute)) {
        match self {
            Self::Literal(_) | Self::Pseudo(_) => {}
            Self::Attribute(id, attribute) => visit(*id, *attribute),
            Self::ArnField(inner, _) => inner.references(visit),
            Self::Concat(parts) => parts.iter().for_each(|part| part.references(visit)),
        }
    }

    /// Returns the text if the value is a literal.
    pub fn as_literal(&self) -> Option<&str> {
        match self {
            Self::Literal(text) => Some(text),
            Self::Pseudo(_) | Self::Attribute(..) | Self::ArnField(..) | Self::Concat(_) => None,
        }
    }
}

fn push_part(parts: &mut Vec<Value>, part: Value) {
    match (parts.last_mut(), part) {
        (_, Value::Literal(text)) if text.is_empty() => {}
        (Some(Value::Literal(before)), Value::Literal(text)) => before.push_str(&text),
        (_, part) => parts.push(part),
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Literal(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Literal(text)
    }
}

/// JSON with [`Value`]s as strings: event patterns and policy conditions.
#[derive(Debug, Clone, PartialEq)]
pub enum Json {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A number
    Number(serde_json::Number),
    /// A string
    Text(Value),
    /// An array
    List(Vec<Json>),
    /// An object, with keys in insertion order
    Map(IndexMap<String, Json>),
}

impl Json {
    /// Creates an array of one string.
    pub fn one(value: impl Into<Value>) -> Self {
        Self::List(vec![Self::Text(value.into())])
    }

    /// Visits every string.
    pub fn values<'j>(&'j self, visit: &mut dyn FnMut(&'j Value)) {
        match self {
            Self::Null | Self::Bool(_) | Self::Number(_) => {}
            Self::Text(value) => visit(value),
            Self::List(items) => items.iter().for_each(|item| item.values(visit)),
            Self::Map(entries) => entries.values().for_each(|item| item.values(visit)),
        }
    }

    /// Creates an object with one key.
    pub fn entry(key: &str, value: Json) -> Self {
        Self::Map(IndexMap::from([(key.to_owned(), value)]))
    }
}

impl From<serde_json::Value> for Json {
    fn from(value: serde_json::Value) -> Self {
        match value {
            serde_json::Value::Null => Self::Null,
            serde_json::Value::Bool(b) => Self::Bool(b),
            serde_json::Value::Number(n) => Self::Number(n),
            serde_json::Value::String(s) => Self::Text(Value::Literal(s)),
            serde_json::Value::Array(a) => Self::List(a.into_iter().map(Self::from).collect()),
            serde_json::Value::Object(o) => {
                Self::Map(o.into_iter().map(|(k, v)| (k, Self::from(v))).collect())
            }
        }
    }
}
