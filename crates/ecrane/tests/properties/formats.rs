//! A config means the same in each format.

use std::fmt::Write as _;

use ecrane::config::Format;
use serde_json::Value;

use crate::cases::{Case, Fault, Verdict, check};
use crate::json;
use crate::rendered::Rendered;

/// The one control character that JSON does not escape.
const DELETE: char = '\u{7f}';

#[test]
fn same_bytes_of_each_format() {
    check(40, |Case { config, setup, .. }: &Case| -> Result<Verdict, Fault> {
        let of_json = match Rendered::new(config, *setup) {
            Ok(rendered) => rendered,
            Err(refused) => return Ok(Verdict::Refused(refused)),
        };
        // JSON is YAML. The parser of YAML does not take one letter that JSON leaves as it is.
        let escaped = |text: String| text.replace(DELETE, "\\u007f");
        let mut in_blocks = String::new();
        blocks(config, 0, &mut in_blocks);
        let mut texts = vec![
            (Format::Yaml, escaped(config.to_string())),
            (Format::Yaml, escaped(format!("{config:#}"))),
            (Format::Yaml, escaped(in_blocks)),
            (Format::Json, format!("{config:#}")),
        ];
        texts.extend(toml(config).map(|text| (Format::Toml, text)));
        for (format, text) in texts {
            let other = Rendered::parsed(format, &text, *setup)
                .map_err(|refused| format!("{format:?} is refused: {refused:?}\n{text}"))?;
            of_json.same_bytes(&other).map_err(|fault| format!("JSON and {format:?}: {fault}"))?;
        }
        Ok(Verdict::Holds)
    });
}

/// YAML in block style. Strings are those of JSON.
fn blocks(value: &Value, indent: usize, text: &mut String) {
    match value {
        Value::Object(entries) if !entries.is_empty() => {
            for (key, value) in entries {
                write!(text, "\n{:indent$}{}:", "", Value::from(key.as_str())).unwrap();
                blocks(value, indent + 2, text);
            }
        }
        Value::Array(items) if !items.is_empty() => {
            for item in items {
                write!(text, "\n{:indent$}-", "").unwrap();
                blocks(item, indent + 2, text);
            }
        }
        _ => write!(text, " {value}").unwrap(),
    }
}

/// A config as TOML, unless it holds a null. All tables are inline ones: those keep every order.
fn toml(config: &Value) -> Option<String> {
    let mut text = String::new();
    for (key, value) in json::entries(config) {
        string(key, &mut text);
        text += " = ";
        inline(value, &mut text)?;
        text += "\n";
    }
    Some(text)
}

fn inline(value: &Value, text: &mut String) -> Option<()> {
    match value {
        Value::Null => return None,
        Value::Bool(_) | Value::Number(_) => write!(text, "{value}").unwrap(),
        Value::String(known) => string(known, text),
        Value::Array(items) => {
            *text += "[";
            for item in items {
                inline(item, text)?;
                *text += ", ";
            }
            *text += "]";
        }
        Value::Object(entries) => {
            *text += "{";
            for (index, (key, value)) in entries.iter().enumerate() {
                *text += if index > 0 { ", " } else { " " };
                string(key, text);
                *text += " = ";
                inline(value, text)?;
            }
            *text += " }";
        }
    }
    Some(())
}

/// A basic string: its escapes are those of JSON, and one letter more needs one.
fn string(known: &str, text: &mut String) {
    *text += &Value::from(known).to_string().replace(DELETE, "\\u007f");
}
