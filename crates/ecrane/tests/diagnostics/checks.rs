//! The table of all checks in `docs/checks.md`, made from the catalogue, so that it is complete.

use std::fmt::Write;
use std::path::Path;

use crate::catalogue::{Catalogue, Wording, compare};

/// The facts that are reported as warnings without `Warning` in the name of their type.
const WARNINGS: [&str; 4] = [
    "EventError::NeverMatches",
    "NameError::MaybeTaken",
    "OwnerError::MaybeTwoOwners",
    "PullThroughCacheError::RoleMissing",
];

#[test]
fn table() {
    let catalogue = crate::catalogue();
    let exists = |name: &str| catalogue.0.values().flatten().any(|wording| wording.variant == name);
    let gone: Vec<_> = WARNINGS.into_iter().filter(|name| !exists(name)).collect();
    assert!(gone.is_empty(), "{gone:?} are no facts");
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/checks.md");
    compare(&render(&catalogue), &path);
}

fn render(catalogue: &Catalogue) -> String {
    let mut text = String::from(
        "# Checks\n\n\
         What ecrane refuses or warns of in a config before anything is deployed. A test writes this file.\n\n\
         The source is the page, schema or API of AWS or Terraform that has the rule; without one, it \
         is a rule of the config file. With `compatibility.awsCdk`, an error that the CDK does not \
         report can be a warning: see the description of that key. `--message-format json` prints the \
         codes.\n\n\
         | code | message, by example | severity | backend | source |\n|---|---|---|---|---|\n",
    );
    for (code, wordings) in &catalogue.0 {
        let Some(wording) = wordings.first() else { continue };
        let backend = match code.split("::").next() {
            Some("cloudformation") => "CloudFormation",
            Some("terraform") => "Terraform",
            _ => "both",
        };
        let message = message(wording).replace('|', "\\|").replace('\n', " ");
        let source = source(wording).unwrap_or_default().replace('|', "\\|");
        let severity = severity(wordings);
        writeln!(text, "| `{code}` | {message} | {severity} | {backend} | {source} |").unwrap();
    }
    text
}

fn severity(wordings: &[Wording]) -> &'static str {
    let is_warning = |wording: &Wording| {
        WARNINGS.contains(&wording.variant.as_str()) || wording.variant.contains("Warning")
    };
    match (wordings.iter().any(is_warning), wordings.iter().all(is_warning)) {
        (_, true) => "warning",
        (true, false) => "error or warning",
        (false, false) => "error",
    }
}

fn message(wording: &Wording) -> &str {
    wording.text.lines().next().unwrap_or_default()
}

/// The source of the rule: what stands in parentheses at the end of the help, or the whole help.
fn source(wording: &Wording) -> Option<&str> {
    let help = wording.text.lines().find_map(|line| line.trim_start().strip_prefix("- help: "))?;
    if let Some((before, source)) = help.strip_suffix(')').and_then(|help| help.rsplit_once('(')) {
        return before.ends_with(' ').then_some(source);
    }
    // Of a bound that the message states, the help has the source only.
    let publishers = ["AWS::", "AWS General", "CloudFormation", "ECR", "EventBridge", "IAM"];
    publishers.iter().any(|publisher| help.starts_with(publisher)).then_some(help)
}
