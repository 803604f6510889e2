//! `ecrane check --lifecycle-policy`: a policy that somebody else has written.

use std::path::Path;

use ecrane_core::{LifecyclePolicy, Problems};

use crate::diagnostics::Reporter;
use crate::exit::Exit;
use crate::explain_rules;
use crate::failure::Failure;
use crate::print::print;
use crate::text_file::TextFile;

/// Tells what ECR would refuse in the text of a lifecycle policy, and what its rules do if asked.
pub(crate) fn check(path: &Path, explain: bool, reporter: Reporter) -> Result<(), Failure> {
    let file = inner(TextFile::read(path)?);
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

/// The policy in the output of `aws ecr get-lifecycle-policy`, whose `lifecyclePolicyText` is its
/// text, or the file itself.
fn inner(file: TextFile) -> TextFile {
    #[derive(serde::Deserialize)]
    struct Output {
        #[serde(rename = "lifecyclePolicyText")]
        text: String,
    }
    match serde_json::from_str::<Output>(&file.text) {
        Ok(Output { text }) => {
            TextFile { name: format!("lifecyclePolicyText of {}", file.name), text }
        }
        Err(_) => file,
    }
}
