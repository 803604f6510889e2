//! `ecrane check --lifecycle-policy`: validates the text of an existing policy.

use std::borrow::Cow;
use std::path::Path;

use ecrane::lifecycle::preview::lifecycle_policy_text;
use ecrane_core::{LifecyclePolicy, Problems};

use crate::diagnostics::Reporter;
use crate::exit::Exit;
use crate::explain_rules;
use crate::failure::Failure;
use crate::print::print;
use crate::text_file::TextFile;

/// Reports what ECR would reject in the text of a lifecycle policy, and explains its rules on
/// request.
pub(crate) fn check(path: &Path, explain: bool, reporter: Reporter<'_>) -> Result<(), Failure> {
    let file = read(path)?;
    let found = LifecyclePolicy::validate(&file.text);
    let findings = file.locate(&found);
    let name = file.name.clone();
    if Problems::check(found).is_err() {
        return Err(Failure { exit: Exit::Refused, findings, subject: Some(name) });
    }
    if findings.is_empty() {
        reporter.say(&format!("no problem in {name}"));
    } else {
        reporter.report(findings, Some(&name));
    }
    if explain && let Ok((policy, _)) = LifecyclePolicy::parse(&file.text) {
        print(explain_rules::of_policy(&name, &policy).as_bytes())?;
    }
    Ok(())
}

/// Reads a policy text, or the one in the output of `aws ecr get-lifecycle-policy`. The lines of a
/// problem are those of the policy text.
pub(crate) fn read(path: &Path) -> Result<TextFile, Failure> {
    let file = TextFile::read(path)?;
    Ok(match lifecycle_policy_text(&file.text) {
        Cow::Owned(text) => {
            TextFile { name: format!("lifecyclePolicyText of {}", file.name), text }
        }
        Cow::Borrowed(_) => file,
    })
}
