//! Values that may be known only when a stack is deployed.
//!
//! The graph never holds text with references spliced into it. A [`Value`] is an expression, and
//! each backend writes it in its own language (`Fn::GetAtt`, `${aws_ecr_repository.app.arn}`).

use indexmap::IndexMap;

use crate::resource_id::ResourceId;

/// A text that is known now, known on deployment, or put together from both.
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
    /// Text that stands as it is. A backend escapes what it would read as its own syntax.
    Literal(String),
    /// Something the deployment itself knows, of the stack that the value is written into.
    Pseudo(Pseudo),
    /// An attribute of a resource of the graph, maybe of another stack.
    Attribute(ResourceId, Attribute),
    /// One field of an ARN that is known only on deployment.
    ArnField(Box<Value>, ArnField),
    /// Parts, one behind the other; never empty, never two literals side by side.
    Concat(Vec<Value>),
}

/// What CloudFormation calls pseudo parameters and Terraform has data sources for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Pseudo {
    /// The account that is deployed to.
    AccountId,
    /// The region that is deployed to.
    Region,
    /// `aws`, `aws-cn`, `aws-us-gov` …
    Partition,
    /// `amazonaws.com`, `amazonaws.com.cn` …
    UrlSuffix,
}

/// What can be asked of a resource that is deployed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Attribute {
    /// Its physical name (CloudFormation's `Ref`).
    Name,
    /// Its ARN.
    Arn,
}

/// A field of an ARN, by its place between the colons.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ArnField {
    /// The fourth field.
    Region,
    /// The fifth field.
    Account,
}

impl ArnField {
    /// The field's place when an ARN is split at its colons, from 0.
    pub fn index(self) -> u8 {
        match self {
            Self::Region => 3,
            Self::Account => 4,
        }
    }
}

impl Value {
    /// The parts, one behind the other, in the simplest form that means the same.
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

    /// A field of an ARN: now, where the ARN is known now, else on deployment.
    pub fn arn_field(arn: Value, field: ArnField) -> Self {
        arn.split_field(usize::from(field.index()))
            .unwrap_or_else(|| Self::ArnField(Box::new(arn), field))
    }

    /// The text between two colons, where all colons are known now: no pseudo value holds one.
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

    /// Visits every attribute of a resource that the value refers to.
    pub fn references(&self, visit: &mut dyn FnMut(ResourceId, Attribute)) {
        match self {
            Self::Literal(_) | Self::Pseudo(_) => {}
            Self::Attribute(id, attribute) => visit(*id, *attribute),
            Self::ArnField(inner, _) => inner.references(visit),
            Self::Concat(parts) => parts.iter().for_each(|part| part.references(visit)),
        }
    }

    /// The text, where it is known now.
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

/// JSON whose texts may be known only on deployment: event patterns and policy conditions.
#[derive(Debug, Clone, PartialEq)]
pub enum Json {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A number
    Number(serde_json::Number),
    /// A text
    Text(Value),
    /// An array
    List(Vec<Json>),
    /// An object, in the order in which its keys were given
    Map(IndexMap<String, Json>),
}

impl Json {
    /// A list of one text.
    pub fn one(value: impl Into<Value>) -> Self {
        Self::List(vec![Self::Text(value.into())])
    }

    /// Visits every text.
    pub fn values<'j>(&'j self, visit: &mut dyn FnMut(&'j Value)) {
        match self {
            Self::Null | Self::Bool(_) | Self::Number(_) => {}
            Self::Text(value) => visit(value),
            Self::List(items) => items.iter().for_each(|item| item.values(visit)),
            Self::Map(entries) => entries.values().for_each(|item| item.values(visit)),
        }
    }

    /// An object of one key.
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
