//! Arguments that a config gives as they are.

use indexmap::IndexMap;
use serde::{Serialize, Serializer};

use crate::expression::Text;

/// Arguments that are passed through, with escaped strings.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Opaque<'g>(pub(crate) &'g serde_json::Value);

impl Serialize for Opaque<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            serde_json::Value::String(text) => Text::literal(text).serialize(serializer),
            serde_json::Value::Array(items) => serializer.collect_seq(items.iter().map(Opaque)),
            serde_json::Value::Object(entries) => serializer
                .collect_map(entries.iter().map(|(key, item)| (Text::literal(key), Opaque(item)))),
            plain @ (serde_json::Value::Null
            | serde_json::Value::Bool(_)
            | serde_json::Value::Number(_)) => plain.serialize(serializer),
        }
    }
}

/// Arguments that are passed through, by name.
pub(crate) fn opaque(
    arguments: &IndexMap<String, serde_json::Value>,
) -> impl Iterator<Item = (&str, Opaque<'_>)> {
    arguments.iter().map(|(name, argument)| (name.as_str(), Opaque(argument)))
}
