//! Unique stack names.

use std::collections::BTreeMap;

use ecrane_document::Explain;
use thiserror::Error;

use crate::bounds::Findings;
use crate::stack::StackNode;

/// Reports each stack with the same stack name as an earlier one.
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

/// Two stacks have the same stack name.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("stacks `{first}` and `{stack}` have the same stack name `{name}`")]
pub struct StackNameTaken {
    /// The stack name.
    pub name: String,
    /// The id of the later stack.
    pub stack: String,
    /// The id of the first stack with the name.
    pub first: String,
}

impl Explain for StackNameTaken {
    fn code(&self) -> &'static str {
        "stack::name_taken"
    }

    fn help(&self) -> Option<String> {
        Some("set a different `stackName` for one of them".to_owned())
    }
}
