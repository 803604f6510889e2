//! Paths of organizational units.

use std::sync::Arc;

use thiserror::Error;

use super::OrganizationId;
use ecrane_document::Explain;

/// The path of an organizational unit, as compared by IAM: the organization, its root and the units
/// down to the target, followed by `/` (accounts directly in the unit), `/*` (accounts in the unit
/// and below) or `/ou-*` (accounts in child units).
///
/// The ids follow the AWS Organizations API reference, and the format follows
/// `aws:PrincipalOrgPaths` in the IAM user guide, "AWS global condition context keys".
///
/// ```
/// use ecrane_core::OrganizationPath;
///
/// assert!("o-abcde12345/r-ab12/ou-ab12-11111111/*".parse::<OrganizationPath>().is_ok());
/// assert!("o-abcde12345/r-ab12/ou-ab12-11111111".parse::<OrganizationPath>().is_err());
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OrganizationPath(Arc<str>);

super::text!(OrganizationPath, OrganizationPathError);

impl OrganizationPath {
    fn check(text: &str) -> Result<(), OrganizationPathError> {
        if is_unit_path(text) {
            return Err(OrganizationPathError::NoEnd { text: text.to_owned() });
        }
        match text.rsplit_once('/') {
            Some((units, "" | "*" | "ou-*")) if is_unit_path(units) => Ok(()),
            _ => Err(OrganizationPathError::Malformed { text: text.to_owned() }),
        }
    }
}

/// An organization, its root, and at least one unit of that root.
fn is_unit_path(text: &str) -> bool {
    let mut ids = text.split('/');
    let (Some(organization), Some(root)) = (ids.next(), ids.next()) else { return false };
    let Some(root) = root.strip_prefix("r-").filter(|root| is_id(root, 4)) else { return false };
    let mut units = ids.peekable();
    OrganizationId::try_from(organization).is_ok()
        && units.peek().is_some()
        && units.all(|unit| {
            let parts = unit.strip_prefix("ou-").and_then(|unit| unit.split_once('-'));
            parts.is_some_and(|(of, id)| of == root && is_id(id, 8))
        })
}

fn is_id(text: &str, least: usize) -> bool {
    (least..=32).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
}

/// An error when parsing an [`OrganizationPath`].
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum OrganizationPathError {
    /// The text does not match the pattern.
    #[error("invalid organizational unit path `{text}`")]
    Malformed {
        /// The invalid text.
        text: String,
    },
    /// The path does not end in `/`, so it matches no account.
    #[error("organizational unit path `{text}` does not end in `/` or `/*`")]
    NoEnd {
        /// The invalid text.
        text: String,
    },
}

impl Explain for OrganizationPathError {
    fn code(&self) -> &'static str {
        match self {
            Self::Malformed { .. } => "organization::path_malformed",
            Self::NoEnd { .. } => "organization::path_without_end",
        }
    }

    fn help(&self) -> Option<String> {
        Some(match self {
            Self::Malformed { .. } => {
                "write the ids of the organization, the root and the units, such as o-abcde12345/r-ab12/ou-ab12-11111111/* (IAM user guide, aws:PrincipalOrgPaths)".to_owned()
            }
            Self::NoEnd { text } => format!(
                "use `{text}/*` for accounts in the unit and its child units, or `{text}/` for accounts directly in the unit"
            ),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn checks() {
        let malformed = Some("organization::path_malformed");
        let cases = [
            ("o-abcde12345/r-ab12/ou-ab12-11111111/*", None),
            ("o-abcde12345/r-ab12/ou-ab12-11111111/", None),
            ("o-abcde12345/r-ab12/ou-ab12-11111111/ou-*", None),
            ("o-abcde12345/r-ab12/ou-ab12-11111111/ou-ab12-22222222/*", None),
            ("o-abcde12345/r-ab12/ou-ab12-11111111", Some("organization::path_without_end")),
            ("o-abcde12345/r-ab12/*", malformed),
            ("o-abcde12345/*", malformed),
            ("ou-ab12-11111111", malformed),
            ("o-abcde12345/r-ab12/ou-cd34-11111111/*", malformed),
            ("o-ABCDE12345/r-ab12/ou-ab12-11111111/*", malformed),
            ("o-abcde12345/r-ab12/ou-ab12-1111/*", malformed),
            ("o-abcde12345/r-ab12/ou-ab12-11111111/x*", malformed),
            ("", malformed),
        ];
        for (text, code) in cases {
            let error = OrganizationPath::try_from(text).err();
            assert_eq!(error.as_ref().map(Explain::code), code, "{text}");
        }
    }
}
