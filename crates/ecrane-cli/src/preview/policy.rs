//! Policies in files.

use std::path::Path;

use ecrane::lifecycle::preview::lifecycle_policy_text;
use ecrane_core::LifecyclePolicy;

use crate::diagnostics::Finding;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::text_file::TextFile;

/// Reads a policy text, or what `aws ecr get-lifecycle-policy` prints. The warnings about it are
/// added to the findings.
pub(super) fn read(path: &Path, findings: &mut Vec<Finding>) -> Result<LifecyclePolicy, Failure> {
    let file = TextFile::read(path)?;
    // The lines of a problem are those of the text within the answer.
    let inner = match lifecycle_policy_text(&file.text) {
        std::borrow::Cow::Owned(text) => {
            TextFile { name: format!("lifecyclePolicyText of {}", file.name), text }
        }
        std::borrow::Cow::Borrowed(_) => file,
    };
    match LifecyclePolicy::parse(&inner.text) {
        Ok((policy, warnings)) => {
            findings.extend(inner.locate(&warnings));
            Ok(policy)
        }
        Err(problems) => {
            let problems: Vec<_> = problems.into_iter().collect();
            let findings = inner.locate(&problems);
            Err(Failure { exit: Exit::Refused, findings, subject: Some(inner.name) })
        }
    }
}
