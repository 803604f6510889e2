//! Ids of organizational units.

use std::sync::Arc;

use thiserror::Error;

use ecrane_document::Explain;

/// The id of an organizational unit of AWS Organizations, or of its root: `ou-ab12-11111111`,
/// `r-ab12`.
///
/// The rule is `DeploymentTargets.OrganizationalUnitIds` in the CloudFormation API reference
/// (<https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DeploymentTargets.html>).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OrganizationalUnitId(Arc<str>);

super::text!(OrganizationalUnitId, OrganizationalUnitIdError);

impl OrganizationalUnitId {
    fn check(text: &str) -> Result<(), OrganizationalUnitIdError> {
        let is_id = |text: &str, least: usize| {
            (least..=32).contains(&text.len())
                && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
        };
        let unit = text.strip_prefix("ou-").and_then(|rest| rest.split_once('-'));
        let is_unit = unit.is_some_and(|(root, id)| is_id(root, 4) && is_id(id, 8));
        if is_unit || text.strip_prefix("r-").is_some_and(|root| is_id(root, 4)) {
            Ok(())
        } else {
            Err(OrganizationalUnitIdError::Malformed { text: text.to_owned() })
        }
    }
}

/// An error when parsing an [`OrganizationalUnitId`].
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum OrganizationalUnitIdError {
    /// The text does not match the pattern.
    #[error("invalid organizational unit id `{text}`")]
    Malformed {
        /// The invalid text.
        text: String,
    },
}

impl Explain for OrganizationalUnitIdError {
    fn code(&self) -> &'static str {
        "organization::unit_id_malformed"
    }

    fn help(&self) -> Option<String> {
        Some(
            "use the id of a unit, such as ou-ab12-11111111, or that of the root, such as r-ab12: the path of a unit, as in a policy, is not an id (CloudFormation API reference, DeploymentTargets)"
                .to_owned(),
        )
    }
}
