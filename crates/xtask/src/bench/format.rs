//! Configs in the formats that ecrane reads.

use std::fmt::{self, Display, Write};

use serde_json::{Map, Value};

/// A format of config files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    Json,
    Yaml,
    Toml,
}

impl Format {
    pub(super) const ALL: [Self; 3] = [Self::Json, Self::Yaml, Self::Toml];

    pub(super) fn extension(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::Yaml => "yaml",
            Self::Toml => "toml",
        }
    }

    /// The size of a config that ecrane reads, in bytes.
    pub(super) fn limit(self) -> usize {
        match self {
            Self::Json | Self::Yaml => 512 << 20,
            Self::Toml => 32 << 20,
        }
    }

    /// The text of a config, as a person would lay it out.
    pub(super) fn write(self, config: &Value) -> String {
        let mut text = String::new();
        // Writing to a string cannot fail.
        let _ = match self {
            Self::Json => write!(text, "{config:#}"),
            Self::Yaml => yaml(&mut text, config, 0),
            Self::Toml => toml(&mut text, config, &[]),
        };
        text
    }
}

/// Block style; strings are those of JSON, which YAML also reads.
fn yaml(to: &mut String, value: &Value, indent: usize) -> fmt::Result {
    match value {
        Value::Object(entries) if !entries.is_empty() => {
            for (key, value) in entries {
                write!(to, "\n{:indent$}{}:", "", Text(key))?;
                yaml(to, value, indent + 2)?;
            }
            Ok(())
        }
        Value::Array(items) if !items.is_empty() => {
            for item in items {
                write!(to, "\n{:indent$}-", "")?;
                yaml(to, item, indent + 2)?;
            }
            Ok(())
        }
        Value::Null
        | Value::Bool(_)
        | Value::Number(_)
        | Value::String(_)
        | Value::Array(_)
        | Value::Object(_) => write!(to, " {value}"),
    }
}

/// A table for each map of maps, and keys with inline values in it.
fn toml(to: &mut String, value: &Value, path: &[&str]) -> fmt::Result {
    let Value::Object(entries) = value else { return Ok(()) };
    let is_table = |value: &Value| path.len() < 4 && value.is_object();
    if !path.is_empty() {
        let path: Vec<_> = path.iter().map(|key| Text(key).to_string()).collect();
        writeln!(to, "\n[{}]", path.join("."))?;
    }
    for (key, value) in entries.iter().filter(|(_, value)| !is_table(value)) {
        writeln!(to, "{} = {}", Text(key), Inline(value))?;
    }
    for (key, value) in entries.iter().filter(|(_, value)| is_table(value)) {
        toml(to, value, &[path, &[key]].concat())?;
    }
    Ok(())
}

/// A string or key in double quotes.
struct Text<'t>(&'t str);

impl Display for Text<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Value::from(self.0).fmt(f)
    }
}

/// A value of TOML in one line.
struct Inline<'v>(&'v Value);

impl Display for Inline<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Value::Object(entries) => table(entries, f),
            Value::Array(items) => {
                let items: Vec<_> = items.iter().map(|item| Inline(item).to_string()).collect();
                write!(f, "[{}]", items.join(", "))
            }
            scalar @ (Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_)) => {
                scalar.fmt(f)
            }
        }
    }
}

fn table(entries: &Map<String, Value>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let entry = |(key, value): (&String, &Value)| format!("{} = {}", Text(key), Inline(value));
    write!(f, "{{ {} }}", entries.iter().map(entry).collect::<Vec<_>>().join(", "))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn lays_out() {
        let config = json!({ "stacks": { "A": { "tags": {}, "repositories": { "B": { "list": [{ "a": 1 }, true] } } } } });
        assert_eq!(
            Format::Yaml.write(&config),
            "\n\"stacks\":\n  \"A\":\n    \"tags\": {}\n    \"repositories\":\n      \"B\":\n        \"list\":\n          -\n            \"a\": 1\n          - true"
        );
        assert_eq!(
            Format::Toml.write(&config),
            "\n[\"stacks\"]\n\n[\"stacks\".\"A\"]\n\n[\"stacks\".\"A\".\"tags\"]\n\n[\"stacks\".\"A\".\"repositories\"]\n\n[\"stacks\".\"A\".\"repositories\".\"B\"]\n\"list\" = [{ \"a\" = 1 }, true]\n"
        );
    }
}
