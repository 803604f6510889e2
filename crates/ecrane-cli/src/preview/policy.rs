//! Policies in files.

use std::path::Path;

use ecrane_core::LifecyclePolicy;

use crate::diagnostics::Finding;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::lifecycle_policy;

/// Reads a policy text, or the output of `aws ecr get-lifecycle-policy`, and adds warnings to the
/// findings.
pub(super) fn read(path: &Path, findings: &mut Vec<Finding>) -> Result<LifecyclePolicy, Failure> {
    let file = lifecycle_policy::read(path)?;
    match LifecyclePolicy::parse(&file.text) {
        Ok((policy, warnings)) => {
            findings.extend(file.locate(&warnings));
            Ok(policy)
        }
        Err(problems) => {
            let problems: Vec<_> = problems.into_iter().collect();
            let findings = file.locate(&problems);
            Err(Failure { exit: Exit::Refused, findings, subject: Some(file.name) })
        }
    }
}
