//! Unique stack names.

use std::collections::BTreeMap;

use ecrane_document::{Explain, Place};
use thiserror::Error;

use crate::bounds::Findings;
use crate::names::Environment;
use crate::stack::StackNode;

/// Reports each stack with the same stack name as an earlier one, unless they are known to be in
/// different accounts or regions; and each stack whose output would overwrite that of another one.
pub(super) fn check(stacks: &[StackNode], findings: &mut Findings) {
    let mut names: BTreeMap<&str, Vec<&StackNode>> = BTreeMap::new();
    for stack in stacks {
        let StackNode { id, name, place, env, .. } = stack;
        let earlier = names.entry(name).or_default();
        if let Some(first) = earlier.iter().find(|first| !are_apart(&first.env, env)) {
            let error =
                StackNameTaken { name: name.clone(), stack: id.clone(), first: first.id.clone() };
            findings.error(place.clone(), error);
        } else {
            earlier.push(stack);
        }
    }
    for stack in stacks.iter().filter(|stack| stack.output_name != stack.name) {
        let holder = names.get(stack.output_name.as_str()).and_then(|holders| holders.first());
        if let Some(first) = holder {
            let error = StackIdError::Name {
                id: stack.id.clone(),
                first: first.id.clone(),
                place: first.place.clone().on_key(),
            };
            findings.error(stack.place.clone().on_key(), error);
        }
    }
}

/// Whether two environments are known to differ.
fn are_apart(one: &Environment, other: &Environment) -> bool {
    let accounts = one.account.as_ref().zip(other.account.as_ref());
    let regions = one.region.as_ref().zip(other.region.as_ref());
    accounts.is_some_and(|(one, other)| one != other)
        || regions.is_some_and(|(one, other)| one != other)
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
        Some(
            "set a different `stackName` for one of them, or `env` with a different account or region on each"
                .to_owned(),
        )
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
    /// The id of a stack, whose stack name an earlier one has, is the stack name of another one.
    #[error("stack id `{id}` is the stack name of `{first}`")]
    Name {
        /// The id.
        id: String,
        /// The id of the other stack.
        first: String,
        /// The place of the other stack.
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
            Self::Name { .. } => "stack::id_is_name",
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
            Self::Name { .. } => {
                "rename it: of several stacks with one `stackName`, the output of all but the first \
                 is named after their ids"
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
            Self::Name { place, .. } => Some((place, "the other stack is here")),
            Self::Device { .. } => None,
        }
    }
}
