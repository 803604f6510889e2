//! The account and region of a stack.

use super::{AccountId, Region};

/// Where a stack is deployed to; what is not given is decided on deployment.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Environment {
    /// The account.
    pub account: Option<AccountId>,
    /// The region.
    pub region: Option<Region>,
}
