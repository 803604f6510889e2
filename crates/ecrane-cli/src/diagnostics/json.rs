//! Diagnostics for programs: one JSON object per line.

use ecrane_core::Severity;
use serde::Serialize;

use super::Finding;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Object<'a> {
    code: &'a str,
    severity: &'static str,
    message: &'a str,
    file: Option<&'a str>,
    line: Option<usize>,
    column: Option<usize>,
    end_line: Option<usize>,
    end_column: Option<usize>,
    help: Option<&'a str>,
    suggestion: Option<&'a str>,
    pointer: Option<&'a str>,
}

/// Writes one line per diagnostic. Every key is present; keys that do not apply are `null`.
pub(super) fn render(findings: &[Finding]) -> String {
    let mut text = String::new();
    for finding in findings {
        let position = finding.site.as_ref().map(|site| site.position);
        let object = Object {
            code: finding.code,
            severity: severity(finding.severity),
            message: &finding.message,
            file: finding.site.as_ref().map(|site| site.file.as_str()),
            line: position.map(|p| p.line),
            column: position.map(|p| p.column),
            end_line: position.map(|p| p.end_line),
            end_column: position.map(|p| p.end_column),
            help: finding.help.as_deref(),
            suggestion: finding.suggestion.as_deref(),
            pointer: finding.pointer.as_deref(),
        };
        // Strings and numbers can always be serialized.
        if let Ok(line) = serde_json::to_string(&object) {
            text.push_str(&line);
            text.push('\n');
        }
    }
    text
}

pub(super) fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    }
}
