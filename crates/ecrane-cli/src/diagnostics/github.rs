//! Diagnostics as workflow commands of GitHub Actions, which displays them as annotations.
//!
//! See "Workflow commands for GitHub Actions" in GitHub's documentation.

use std::fmt::Write as _;

use super::Finding;
use super::json::severity;

/// Writes one command per diagnostic.
pub(super) fn render(findings: &[Finding]) -> String {
    let mut text = String::new();
    for finding in findings {
        let mut command = format!("::{} ", severity(finding.severity));
        if let Some(site) = &finding.site {
            let at = site.position;
            // Writing to a string cannot fail.
            let _ = write!(
                command,
                "file={},line={},endLine={},col={},endColumn={},",
                property(&site.file),
                at.line,
                at.end_line,
                at.column,
                at.end_column
            );
        }
        let _ = write!(command, "title={}::{}", property(finding.code), data(&finding.message));
        if let Some(suggestion) = &finding.suggestion {
            let _ = write!(command, "%0Adid you mean `{}`?", data(suggestion));
        }
        if let Some(help) = &finding.help {
            let _ = write!(command, "%0Ahelp: {}", data(help));
        }
        text.push_str(&command);
        text.push('\n');
    }
    text
}

fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
