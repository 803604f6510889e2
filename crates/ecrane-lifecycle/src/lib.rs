//! Lifecycle policies: which images ECR expires or archives, and when.
//!
//! AWS evaluates all the rules of a policy at once and applies them by priority, lowest number
//! first. An image that a rule selects by its tags cannot be selected by a later rule of the same
//! storage class. ECR user guide, "Automate the cleanup of images by using lifecycle policies in
//! Amazon ECR".

mod days;
mod error;
mod limit;
mod meaning;
mod policy;
pub mod preview;
mod rule;
mod rule_set;
mod selection;
mod text;
mod text_error;
mod vocabulary;

pub use days::{Days, DaysError};
pub use error::LifecycleError;
pub use limit::Limit;
pub use meaning::{RuleMeaning, Unreached};
pub use policy::{LifecyclePolicy, PrioritizedRule};
pub use rule::LifecycleRule;
pub use selection::TagSelection;
pub use text_error::{PolicyKey, PolicyPart, PolicyTextError};
pub use vocabulary::{LifecycleAction, StorageClass, TagStatus};
