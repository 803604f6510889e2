//! The reference pages of the book: every command from its help, every key of the config from the
//! schema. Run with `SNAPSHOTS=overwrite` to write them.

#![expect(
    clippy::indexing_slicing,
    clippy::wildcard_enum_match_arm,
    reason = "the schema is known, and other kinds of values have no other form here"
)]

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::case::Case;

fn source() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/src")
}

fn compare(page: &Path, text: &str) {
    let path = source().join(page);
    if std::env::var_os("SNAPSHOTS").is_some_and(|how| how == "overwrite") {
        fs::write(path, text).unwrap();
    } else {
        assert!(fs::read_to_string(&path).unwrap() == text, "{} is outdated", path.display());
    }
}

#[test]
fn every_command() {
    let mut text = String::from("# Commands\n\n<!-- A test writes this page from the help. -->\n");
    let commands = super::packaging::commands();
    for command in std::iter::once("").chain(commands.iter().map(String::as_str)) {
        let args: Vec<_> =
            command.split(' ').filter(|word| !word.is_empty()).chain(["--help"]).collect();
        let help = Case::new().run(&args).stdout;
        let name = format!("ecrane {command}");
        write!(text, "\n## {}\n\n```text\n{}\n```\n", name.trim_end(), help.trim_end()).unwrap();
    }
    compare(Path::new("reference/commands.md"), &text);
}

#[test]
fn every_key_of_the_config() {
    let schema: Value = serde_json::from_str(&Case::new().run(&["schema"]).stdout).unwrap();
    let mut text = String::from(
        "# Config\n\n<!-- A test writes this page from the schema. -->\n\nA config is a file in YAML, JSON or \
         TOML: `ecrane.yaml`, `ecrane.yml`, `ecrane.json` or `ecrane.toml`. Editors complete and check it with \
         the schema that `ecrane schema` prints, from which this page is made.\n\n## Top level\n\n",
    );
    section(&mut text, &schema);
    for (name, definition) in schema["$defs"].as_object().unwrap() {
        write!(text, "\n## {name}\n\n").unwrap();
        section(&mut text, definition);
    }
    compare(Path::new("reference/config.md"), &text);
}

fn section(text: &mut String, schema: &Value) {
    if let Some(description) = schema["description"].as_str() {
        write!(text, "{}\n\n", prose(description)).unwrap();
    }
    if let Some(words) = schema["enum"].as_array() {
        text.push_str("| word | |\n|---|---|\n");
        for (index, word) in words.iter().enumerate() {
            let description = schema["enumDescriptions"][index].as_str().unwrap_or("");
            writeln!(text, "| `{}` | {} |", word.as_str().unwrap(), cell(description)).unwrap();
        }
    } else if let Some(properties) = schema["properties"].as_object() {
        text.push_str("| key | |\n|---|---|\n");
        for (key, value) in properties {
            let is_required = schema["required"]
                .as_array()
                .is_some_and(|keys| keys.contains(&Value::from(key.as_str())));
            let required = if is_required { "**Required.** " } else { "" };
            let mut about =
                format!("{required}{}", cell(value["description"].as_str().unwrap_or("")));
            let default =
                value.get("default").filter(|it| !it.is_null() && **it != Value::Array(Vec::new()));
            for (label, shown) in [("Default", default), ("Example", value["examples"].get(0))] {
                if let Some(shown) =
                    shown.filter(|it| it.as_object().is_none_or(|map| !map.is_empty()))
                {
                    write!(about, " {label}: `{}`.", spaced(shown)).unwrap();
                }
            }
            let kind = sentence(&cell(&kind(value)));
            writeln!(text, "| `{key}` | {kind} {about} |").unwrap();
        }
    } else {
        writeln!(text, "{}", sentence(&kind(schema))).unwrap();
    }
}

/// What a value is, with links to the parts of the page.
fn kind(schema: &Value) -> String {
    if let Some(reference) = schema["$ref"].as_str() {
        let name = reference.rsplit('/').next().unwrap();
        return format!("[{name}](#{})", name.to_lowercase());
    }
    for key in ["anyOf", "oneOf"] {
        if let Some(branches) = schema[key].as_array().filter(|_| schema["type"].is_null()) {
            return branches.iter().map(kind).collect::<Vec<_>>().join(" or ");
        }
    }
    if let Some(words) = schema["enum"].as_array() {
        return words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(" or ");
    }
    if let Some(constant) = schema.get("const") {
        return format!("`{constant}`");
    }
    match &schema["type"] {
        Value::String(name) if name == "array" => format!("list of {}", kind(&schema["items"])),
        Value::String(name) if name == "object" => match &schema["additionalProperties"] {
            Value::Object(_) => format!("map of {}", kind(&schema["additionalProperties"])),
            _ => "map".to_owned(),
        },
        Value::String(name) => name.clone(),
        Value::Array(names) => {
            names.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(" or ")
        }
        _ => "any value".to_owned(),
    }
}

/// JSON with spaces, at which a line of a page can end.
fn spaced(value: &Value) -> String {
    let pretty = format!("{value:#}");
    pretty.lines().map(str::trim).collect::<Vec<_>>().join(" ").replace('|', "\\|")
}

fn sentence(text: &str) -> String {
    let mut chars = text.chars();
    let first = chars.next().map(|c| c.to_uppercase().to_string()).unwrap_or_default();
    format!("{first}{}.", chars.as_str())
}

fn cell(text: &str) -> String {
    prose(text).split_whitespace().collect::<Vec<_>>().join(" ").replace('|', "\\|")
}

/// A description, in which only what stands in backticks may look like HTML.
fn prose(text: &str) -> String {
    let parts = text.split('`').enumerate();
    let parts = parts.map(
        |(index, part)| {
            if index % 2 == 0 { part.replace('<', "&lt;") } else { part.to_owned() }
        },
    );
    parts.collect::<Vec<_>>().join("`")
}

/// The table of contents lists the pages of codes at its end.
#[test]
fn the_table_of_contents_lists_every_area_of_codes() {
    let path = source().join("SUMMARY.md");
    let text = fs::read_to_string(&path).unwrap();
    let line = "- [Diagnostic codes](reference/codes.md)\n";
    let mut wanted = text.split_once(line).unwrap().0.to_owned() + line;
    for page in super::examples::files(&source().join("reference/codes")).into_keys() {
        let area = page.file_stem().unwrap().to_str().unwrap();
        writeln!(wanted, "  - [{area}](reference/codes/{area}.md)").unwrap();
    }
    compare(Path::new("SUMMARY.md"), &wanted);
}
