//! Diagnostics for code scanning: one SARIF 2.1.0 log of a run.
//!
//! GitHub reads a part of SARIF: see "SARIF support for code scanning" in its documentation. Section
//! numbers are those of the OASIS standard.

use std::collections::HashMap;
use std::path::{Component, Path, PathBuf};

use indexmap::IndexMap;
use serde_json::{Value, json};

use super::json::severity;
use super::{Finding, Reported};
use crate::exit::Exit;
use crate::explain::{self, Page};
use crate::project::real;

/// Writes the log of a run, also if it has no findings: code scanning then closes its alerts.
pub(super) fn render(reported: &[Reported], exit: Exit) -> String {
    let mut uris = Uris::new();
    let (mut rules, mut notices) = (Descriptors::default(), Descriptors::default());
    let (mut results, mut notifications) = (Vec::new(), Vec::new());
    for Reported { finding, subject } in reported {
        let message = json!({ "text": message_string(&text(finding)) });
        let level = severity(finding.severity);
        if let Some(location) = location(finding, subject.as_deref(), &mut uris) {
            results.push(json!({
                "ruleId": finding.code,
                "ruleIndex": rules.index(finding),
                "level": level,
                "message": message,
                "locations": [location],
            }));
        } else {
            // A result without a location is rejected by GitHub, and is about the run, such as a
            // file that does not exist.
            notifications.push(json!({
                "descriptor": { "id": finding.code, "index": notices.index(finding) },
                "level": level,
                "message": message,
            }));
        }
    }
    let log = json!({
        "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "ecrane",
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": rules.0.into_values().collect::<Vec<_>>(),
                "notifications": notices.0.into_values().collect::<Vec<_>>(),
            } },
            "invocations": [{
                "executionSuccessful": matches!(exit, Exit::Done | Exit::Refused),
                "exitCode": exit as u8,
                "toolExecutionNotifications": notifications,
            }],
            // Without the root's own URI, which would differ from machine to machine.
            "originalUriBaseIds": { "%SRCROOT%": { "description": {
                "text": "The root of the Git repository, or the current directory outside of one.",
            } } },
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    });
    format!("{log:#}\n")
}

/// The descriptions of codes, each once.
#[derive(Debug, Default)]
struct Descriptors(IndexMap<&'static str, Value>);

impl Descriptors {
    fn index(&mut self, finding: &Finding) -> usize {
        let entry = self.0.entry(finding.code);
        let index = entry.index();
        entry.or_insert_with(|| descriptor(finding));
        index
    }
}

fn descriptor(finding: &Finding) -> Value {
    let page = explain::find(finding.code);
    let short = page.as_ref().map_or_else(|| finding.message.clone(), Page::summary);
    let full = page.as_ref().map_or(finding.message.as_str(), |page| page.meaning);
    let text = page.as_ref().map_or_else(|| finding.message.clone(), Page::plain);
    let markdown = page.as_ref().map_or_else(|| finding.message.clone(), Page::markdown);
    json!({
        "id": finding.code,
        "shortDescription": { "text": message_string(&short) },
        "fullDescription": { "text": message_string(full) },
        "help": { "text": message_string(&text), "markdown": message_string(&markdown) },
        "defaultConfiguration": { "level": severity(finding.severity) },
    })
}

fn text(finding: &Finding) -> String {
    let suggestion = finding.suggestion.iter().map(|word| format!("did you mean `{word}`?"));
    let help = finding.help.iter().map(|help| format!("help: {help}"));
    let lines = suggestion.chain(finding.notes.iter().cloned()).chain(help);
    std::iter::once(finding.message.clone()).chain(lines).collect::<Vec<_>>().join("\n")
}

/// Escapes what SARIF would read as a placeholder (3.11.5) or as a link (3.11.6).
fn message_string(text: &str) -> String {
    let escaped = text.replace('{', "{{").replace('}', "}}");
    if escaped.contains("](") {
        escaped.replace('\\', "\\\\").replace('[', "\\[").replace(']', "\\]")
    } else {
        escaped
    }
}

fn location(finding: &Finding, subject: Option<&str>, uris: &mut Uris) -> Option<Value> {
    let (file, region) = match (&finding.site, subject) {
        (Some(site), _) => {
            let at = site.position;
            let region = json!({
                "startLine": at.line,
                "startColumn": at.column,
                "endLine": at.end_line,
                "endColumn": at.end_column,
            });
            (site.file.as_str(), region)
        }
        // GitHub requires a line.
        (None, Some(subject)) => (subject, json!({ "startLine": 1 })),
        (None, None) => return None,
    };
    Some(json!({ "physicalLocation": {
        "artifactLocation": uris.of(file).clone(),
        "region": region,
    } }))
}

/// The URIs of files. They are relative to the root of the repository, as code scanning expects, and
/// absolute for a file outside of it.
#[derive(Debug)]
struct Uris {
    root: PathBuf,
    known: HashMap<String, Value>,
}

impl Uris {
    fn new() -> Self {
        let here = std::env::current_dir().and_then(|here| here.canonicalize()).unwrap_or_default();
        let root = here.ancestors().find(|folder| folder.join(".git").exists()).unwrap_or(&here);
        Self { root: root.to_owned(), known: HashMap::new() }
    }

    fn of(&mut self, file: &str) -> &Value {
        if !self.known.contains_key(file) {
            let location = artifact_location(&self.root, Path::new(file));
            self.known.insert(file.to_owned(), location);
        }
        self.known.get(file).unwrap_or(&Value::Null)
    }
}

fn artifact_location(root: &Path, file: &Path) -> Value {
    let path = real(file).unwrap_or_else(|_| file.to_owned());
    match path.strip_prefix(root) {
        Ok(below) => json!({ "uri": uri_path(below), "uriBaseId": "%SRCROOT%" }),
        Err(_) => json!({ "uri": format!("file:///{}", uri_path(&path)) }),
    }
}

/// The path of a URI (RFC 3986), without a slash at its beginning.
fn uri_path(path: &Path) -> String {
    let segments = path.components().filter_map(|component| match component {
        Component::Normal(segment) => Some(segment.to_string_lossy()),
        // Of Windows: `C:`.
        Component::Prefix(prefix) => Some(prefix.as_os_str().to_string_lossy()),
        Component::RootDir | Component::CurDir | Component::ParentDir => None,
    });
    segments.map(|segment| percent_encode(&segment)).collect::<Vec<_>>().join("/")
}

fn percent_encode(segment: &str) -> String {
    let is_unreserved =
        |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~');
    let encoded = segment.bytes().map(|byte| {
        if is_unreserved(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }
    });
    encoded.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_has_a_uri_below_the_root_or_an_absolute_one() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().canonicalize().unwrap();
        assert_eq!(
            artifact_location(&root, &root.join("my configs/é:1%.yaml")),
            json!({ "uri": "my%20configs/%C3%A9%3A1%25.yaml", "uriBaseId": "%SRCROOT%" })
        );
        assert_eq!(
            artifact_location(&root, &root.join("a/../ecrane.yaml")),
            json!({ "uri": "ecrane.yaml", "uriBaseId": "%SRCROOT%" })
        );
        assert_eq!(
            artifact_location(&root, Path::new("/no such/ecrane.yaml")),
            json!({ "uri": "file:///no%20such/ecrane.yaml" })
        );
    }

    #[test]
    fn braces_and_links_are_text() {
        assert_eq!(message_string("use `{ arn: … }`"), "use `{{ arn: … }}`");
        assert_eq!(message_string("use [\"dev-*\"] (a list)"), "use [\"dev-*\"] (a list)");
        assert_eq!(message_string("[a](http://b) {0}"), "\\[a\\](http://b) {{0}}");
    }
}
