//! Addresses of resources in a root module.

use std::fmt;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::names;

/// The address of a resource in a root module: `aws_ecr_repository.app`.
///
/// It is written into a module as an expression, so no other text is accepted.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Address(String);

impl Address {
    /// Creates an address from a resource type and a name, if both are valid identifiers.
    pub(crate) fn new(kind: &str, name: &str) -> Option<Self> {
        let fits = names::is_name(kind) && names::is_name(name);
        fits.then(|| Self(format!("{kind}.{name}")))
    }

    /// The resource's type.
    pub(crate) fn kind(&self) -> &str {
        self.0.split_once('.').map_or("", |(kind, _)| kind)
    }
}

impl TryFrom<String> for Address {
    type Error = AddressError;

    fn try_from(text: String) -> Result<Self, AddressError> {
        let address = text.split_once('.').and_then(|(kind, name)| Self::new(kind, name));
        address.ok_or(AddressError { text })
    }
}

impl From<Address> for String {
    fn from(address: Address) -> Self {
        address.0
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The text is not the address of a resource in a root module.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("`{text}` is not the address of a resource in a root module")]
pub struct AddressError {
    text: String,
}
