//! Generated physical names.
//!
//! CloudFormation generates names at deployment. Terraform needs them in the module, and they must be
//! the same on every run, so they are derived from the stack name and the construct path.

use ecrane_core::{ConstructPath, StackNode};

use crate::names::{construct, words};

/// A name of at most `longest` characters: lowercase words separated by single `-`, and eight
/// hexadecimal digits that make it unique. Every service accepts such a name.
pub(crate) fn physical_name(stack: &StackNode, path: &ConstructPath, longest: usize) -> String {
    // A slash separates words.
    let mut human = words(&format!("{}/{}", stack.name, construct(path)), '-');
    // Words are ASCII.
    human.truncate(longest.saturating_sub(9));
    // The address is `c8` and a SHA-1 in hexadecimal digits.
    let address = path.address(&stack.id);
    format!("{}-{}", human.trim_end_matches('-'), address.get(2..10).unwrap_or_default())
}
