//! The table of all checks in `docs/checks.md`, made of the snapshots of both catalogues and of the
//! pages in `templates/explain`, so that it is complete.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::fs;
use std::path::Path;

use crate::catalogue::compare;
use crate::own_rules::OWN_RULES;

/// The facts that are reported as warnings without `Warning` in the name of their type.
const WARNINGS: [&str; 5] = [
    "EventError::NeverMatches",
    "NameError::MaybeTaken",
    "OwnerError::MaybeTwoOwners",
    "PullThroughCacheError::RoleMissing",
    "Unread",
];

/// What the table has of a code.
#[derive(Default)]
struct Check {
    variants: Vec<String>,
    /// The message of the first variant.
    message: String,
    /// The first help.
    help: Option<String>,
}

fn checks() -> BTreeMap<String, Check> {
    let cli = Path::new(env!("CARGO_MANIFEST_DIR")).join("../ecrane-cli/tests/codes.md");
    let snapshots = [crate::catalogue().to_string(), fs::read_to_string(cli).unwrap()];
    let mut checks = BTreeMap::<String, Check>::new();
    for snapshot in &snapshots {
        let mut code = String::new();
        for line in snapshot.lines() {
            if let Some(heading) = line.strip_prefix("## `") {
                heading.trim_end_matches('`').clone_into(&mut code);
            } else if let Some(wording) = line.strip_prefix("- `") {
                let (variant, message) = wording.split_once("`: ").unwrap();
                let check = checks.entry(code.clone()).or_default();
                if check.variants.is_empty() {
                    message.clone_into(&mut check.message);
                }
                check.variants.push(variant.to_owned());
            } else if let Some(help) = line.strip_prefix("  - help: ") {
                let check = checks.entry(code.clone()).or_default();
                check.help.get_or_insert_with(|| help.to_owned());
            }
        }
    }
    checks
}

#[test]
fn table() {
    let checks = checks();
    let variants: BTreeSet<_> = checks.values().flat_map(|check| &check.variants).collect();
    let exists = |name: &str| variants.iter().any(|variant| *variant == name);
    let gone: Vec<_> = WARNINGS.into_iter().filter(|name| !exists(name)).collect();
    assert!(gone.is_empty(), "{gone:?} are no facts");
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/checks.md");
    compare(&render(&checks), &path);
}

/// A rule has a source, or is ecrane's own for a reason.
#[test]
fn every_rule_has_a_source_or_a_reason() {
    let mut used = BTreeSet::new();
    let mut without = Vec::new();
    for (code, check) in &checks() {
        if source(code, check).is_some() {
            continue;
        }
        match own(code) {
            Some((prefix, _)) => {
                used.insert(prefix);
            }
            None => without.push(code.clone()),
        }
    }
    assert!(
        without.is_empty(),
        "neither a line `Source: …` in `templates/explain`, nor a reason in `own_rules.rs`: {without:?}"
    );
    let unused: Vec<_> = OWN_RULES.iter().filter(|(prefix, _)| !used.contains(prefix)).collect();
    assert!(unused.is_empty(), "no code without a source begins with: {unused:?}");
}

fn render(checks: &BTreeMap<String, Check>) -> String {
    let mut text = String::from(
        "# Checks\n\n\
         What ecrane refuses or warns of. A test writes this file.\n\n\
         The source is the page, schema or API that has the rule; a rule of ecrane's own has its \
         reason there. With `compatibility.awsCdk`, an error that the CDK does not \
         report can be a warning: see the description of that key. `ecrane explain CODE` explains a \
         code, and `--message-format json` prints the codes.\n\n\
         | code | message, by example | severity | backend | source |\n|---|---|---|---|---|\n",
    );
    for (code, check) in checks {
        let backend = match code.split("::").next() {
            Some("cloudformation") => "CloudFormation",
            Some("terraform" | "ledger") => "Terraform",
            _ => "both",
        };
        let source = source(code, check).unwrap_or_else(|| {
            own(code).map(|(_, reason)| format!("ecrane: {reason}")).unwrap_or_default()
        });
        let [message, source] = [&check.message, &source].map(|text| text.replace('|', "\\|"));
        let severity = severity(&check.variants);
        writeln!(text, "| `{code}` | {message} | {severity} | {backend} | {source} |").unwrap();
    }
    text
}

fn severity(variants: &[String]) -> &'static str {
    let is_warning = |name: &String| WARNINGS.contains(&name.as_str()) || name.contains("Warning");
    match (variants.iter().any(is_warning), variants.iter().all(is_warning)) {
        (_, true) => "warning",
        (true, false) => "error or warning",
        (false, false) => "error",
    }
}

/// The source that the page of the code names, or else the help.
fn source(code: &str, check: &Check) -> Option<String> {
    let (area, name) = code.split_once("::")?;
    let pages = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../templates/explain");
    let page = fs::read_to_string(pages.join(area).join(format!("{name}.md"))).unwrap_or_default();
    let named = page.lines().find_map(|line| line.strip_prefix("Source: "));
    named.map(str::to_owned).or_else(|| source_of_help(check.help.as_deref()?).map(str::to_owned))
}

/// What stands in parentheses at the end of the help, or the whole help.
fn source_of_help(help: &str) -> Option<&str> {
    if let Some((before, source)) = help.strip_suffix(')').and_then(|help| help.rsplit_once('(')) {
        return before.ends_with(' ').then_some(source);
    }
    // Of a bound that the message states, the help has the source only.
    let publishers = ["AWS::", "AWS General", "CloudFormation", "ECR", "EventBridge", "IAM"];
    publishers.iter().any(|publisher| help.starts_with(publisher)).then_some(help)
}

/// The reason of a rule of ecrane's own: that of the code, or of its area.
fn own(code: &str) -> Option<(&'static str, &'static str)> {
    let area = code.find("::").and_then(|at| code.get(..at + 2)).unwrap_or_default();
    let find = |prefix: &str| OWN_RULES.iter().find(|(of, _)| *of == prefix).copied();
    find(code).or_else(|| find(area))
}
