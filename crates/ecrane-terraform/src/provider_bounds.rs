//! Bounds in the schema of the AWS provider that are narrower than AWS's.
//!
//! Source: `terraform validate` with hashicorp/aws 5.100.0 on 2026-11-26.

use ecrane_core::{Place, Problem};

use crate::problem::TerraformError;
use crate::scope::Scope;

/// Reports more or fewer items than the provider accepts.
pub(crate) fn count(
    what: &'static str,
    count: usize,
    (least, most): (usize, usize),
    place: Place,
    scope: &mut Scope<'_>,
) {
    if !(least..=most).contains(&count) {
        let error = TerraformError::ProviderBound { what, count, least, most };
        scope.problem(Problem::error(place, error));
    }
}
