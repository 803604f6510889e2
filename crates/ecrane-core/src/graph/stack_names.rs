//! Unique stack names.

use std::collections::BTreeMap;

use ecrane_document::{Explain, Place};
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

/// Reports each stack whose output would overwrite that of another one on some systems, or cannot be
/// written there.
pub(super) fn check_ids(stacks: &[StackNode], findings: &mut Findings) {
    let mut ids: BTreeMap<String, &StackNode> = BTreeMap::new();
    for stack in stacks {
        let folded = stack.id.to_lowercase();
        if is_device(&folded) {
            findings
                .error(stack.place.clone().on_key(), StackIdError::Device { id: stack.id.clone() });
        }
        // Equal ids are duplicates, which the stack name or the map of stacks excludes.
        if let Some(first) = ids.get(&folded).filter(|first| first.id != stack.id) {
            let error = StackIdError::Case {
                id: stack.id.clone(),
                first: first.id.clone(),
                place: first.place.clone().on_key(),
            };
            findings.error(stack.place.clone().on_key(), error);
        }
        ids.entry(folded).or_insert(stack);
    }
}

/// Whether Windows reads a name, also before a dot, as a device.
///
/// Source: <https://learn.microsoft.com/en-us/windows/win32/fileio/naming-a-file>.
fn is_device(lower: &str) -> bool {
    let name = lower.split('.').next().unwrap_or_default();
    let numbered = |prefix| {
        name.strip_prefix(prefix).is_some_and(|n: &str| matches!(n.as_bytes(), [b'1'..=b'9']))
    };
    matches!(name, "con" | "prn" | "aux" | "nul") || numbered("com") || numbered("lpt")
}

/// A stack id that cannot name a file beside those of the other stacks.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum StackIdError {
    /// Two ids differ by case only, which the file systems of macOS and Windows do not distinguish.
    #[error("stack ids `{first}` and `{id}` differ only in case")]
    Case {
        /// The later id.
        id: String,
        /// The first id.
        first: String,
        /// The place of the first stack.
        place: Place,
    },
    /// The id is the name of a device on Windows.
    #[error("stack id `{id}` is the name of a device on Windows")]
    Device {
        /// The id.
        id: String,
    },
}

impl Explain for StackIdError {
    fn code(&self) -> &'static str {
        match self {
            Self::Case { .. } => "stack::id_case",
            Self::Device { .. } => "stack::id_device",
        }
    }

    fn help(&self) -> Option<String> {
        Some(match self {
            Self::Case { .. } => {
                "rename one of them: the output of a stack is named after its id, \
                                  and not all file systems distinguish case"
                    .to_owned()
            }
            Self::Device { .. } => {
                "use another id: the output of a stack is named after it; `stackName` may stay"
                    .to_owned()
            }
        })
    }

    fn related(&self) -> Option<(&Place, &'static str)> {
        match self {
            Self::Case { place, .. } => Some((place, "the other id is here")),
            Self::Device { .. } => None,
        }
    }
}
