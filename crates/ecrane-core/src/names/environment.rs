//! The account and region of a stack.

use super::{AccountId, Region};

/// The target account and region of a stack. Omitted values are determined at deployment.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Environment {
    /// The account.
    pub account: Option<AccountId>,
    /// The region.
    pub region: Option<Region>,
}
