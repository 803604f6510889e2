//! Lifecycle policies: which images go, and when.
//!
//! AWS evaluates all the rules of a policy at once and applies them by priority, lowest number
//! first; an image that a rule selects by its tags is out of reach for every later rule of the
//! same storage class. ECR user guide, "Automate the cleanup of images by using lifecycle policies
//! in Amazon ECR".

mod clock;
mod error;
mod policy;
mod rule;
mod rule_set;
mod selection;
mod text;
mod text_error;

pub use clock::{LifecycleAction, Limit, StorageClass};
pub use error::LifecycleError;
pub use policy::{LifecyclePolicy, PrioritizedRule};
pub(crate) use rule::CheckedRule;
pub use rule::LifecycleRule;
pub use selection::{TagSelection, TagStatus};
pub use text_error::{PolicyKey, PolicyPart, PolicyTextError};

/// The number of characters that ECR takes as the text of a policy.
const TEXT_LENGTHS: std::ops::RangeInclusive<usize> = 100..=30_720;

/// Whether ECR takes a text of this length.
fn check_length(text: &str) -> Option<LifecycleError> {
    let length = text.chars().count();
    if length < *TEXT_LENGTHS.start() {
        Some(LifecycleError::TextTooShort { length })
    } else if length > *TEXT_LENGTHS.end() {
        Some(LifecycleError::TextTooLong { length })
    } else {
        None
    }
}
