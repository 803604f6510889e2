//! Validated names.
//!
//! Each type wraps a string with one fallible constructor, so no other code validates it again. The
//! string is shared by all clones: thousands of resources have one account.

mod account_id;
mod action;
mod arn;
mod environment;
mod exclusion_filter;
mod name_prefix;
mod organization_id;
mod organization_path;
mod organizational_unit_id;
mod region;
mod repository_name;
mod stack_name;
mod unique_id;

pub use account_id::{AccountId, AccountIdError};
pub use action::{Action, ActionError};
pub use arn::{Arn, ArnError};
pub use environment::Environment;
pub use exclusion_filter::{ExclusionFilter, ExclusionFilterError};
pub(crate) use name_prefix::is_name_prefix;
pub use organization_id::{OrganizationId, OrganizationIdError};
pub use organization_path::{OrganizationPath, OrganizationPathError};
pub use organizational_unit_id::{OrganizationalUnitId, OrganizationalUnitIdError};
pub use region::{Region, RegionError};
pub(crate) use repository_name::has_single_separators;
pub use repository_name::{RepositoryName, RepositoryNameError};
pub use stack_name::{StackName, StackNameError};
pub use unique_id::{UniqueId, UniqueIdError};

/// Implements the conversions that every name type shares.
macro_rules! text {
    ($name:ident, $error:ident) => {
        impl $name {
            /// The name as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl TryFrom<&str> for $name {
            type Error = $error;

            fn try_from(text: &str) -> Result<Self, Self::Error> {
                Self::check(text)?;
                Ok(Self(text.into()))
            }
        }

        impl std::str::FromStr for $name {
            type Err = $error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Self::try_from(text)
            }
        }

        impl From<$name> for String {
            fn from(name: $name) -> Self {
                name.as_str().to_owned()
            }
        }

        impl From<$name> for $crate::value::Value {
            fn from(name: $name) -> Self {
                Self::from(&name)
            }
        }

        impl From<&$name> for $crate::value::Value {
            fn from(name: &$name) -> Self {
                Self::from(name.as_str())
            }
        }
    };
}
pub(crate) use text;
