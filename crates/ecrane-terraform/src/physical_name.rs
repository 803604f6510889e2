//! Generated physical names.
//!
//! CloudFormation generates names at deployment. Terraform needs them in the module, and they must be
//! the same on every run, so they are derived from the stack name and the construct path.

use ecrane_core::{ConstructPath, StackNode};

use crate::names::{construct, words};

/// A name of at most `longest` characters: lowercase words separated by single `-`, and eight
/// hexadecimal digits that make it unique. Every service accepts such a name.
pub(crate) fn physical_name(stack: &StackNode, path: &ConstructPath, longest: usize) -> String {
    let words: Vec<String> =
        std::iter::once(&stack.name).chain(construct(path)).flat_map(|id| words(id)).collect();
    let human: String = words.join("-").chars().take(longest.saturating_sub(9)).collect();
    // The address is `c8` and a SHA-1 in hexadecimal digits.
    let address = path.address(&stack.id);
    format!("{}-{}", human.trim_end_matches('-'), address.get(2..10).unwrap_or_default())
}
