//! The names that stacks are deployed under.

use std::collections::BTreeMap;

use ecrane_document::Explain;
use thiserror::Error;

use crate::bounds::Findings;
use crate::stack::StackNode;

/// Reports each stack that would be deployed under the name of an earlier one.
pub(super) fn check(stacks: &[StackNode], findings: &mut Findings) {
    let mut names: BTreeMap<&str, &str> = BTreeMap::new();
    for StackNode { id, name, place, .. } in stacks {
        if let Some(first) = names.get(name.as_str()) {
            let error = StackNameTaken {
                name: name.clone(),
                stack: id.clone(),
                first: (*first).to_owned(),
            };
            findings.error(place.clone(), error);
        } else {
            names.insert(name, id);
        }
    }
}

/// Two stacks would be deployed under one name.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("stacks `{first}` and `{stack}` have the same name `{name}`")]
pub struct StackNameTaken {
    /// The name.
    pub name: String,
    /// The later stack.
    pub stack: String,
    /// The stack that has the name first.
    pub first: String,
}

impl Explain for StackNameTaken {
    fn code(&self) -> &'static str {
        "stack::name_taken"
    }

    fn help(&self) -> Option<String> {
        Some("give one of them another `stackName`".to_owned())
    }
}
