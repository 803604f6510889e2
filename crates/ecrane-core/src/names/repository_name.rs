//! Names of ECR repositories.

use std::sync::Arc;

use thiserror::Error;

use super::name_prefix::is_segment;
use ecrane_document::Explain;

/// A repository name that ECR accepts, such as `team/service`.
///
/// The name consists of segments separated by slashes. A segment has lowercase letters and digits,
/// with `.`, `_`, `__` or any number of `-` allowed between two of them. The name has 2 to 256
/// characters. The pattern is `RepositoryName` in the ECR API, and in the resource schema of
/// `AWS::ECR::Repository`. The CDK's `Repository` has a narrower one: see
/// [`is_of_the_cdk`](Self::is_of_the_cdk).
///
/// ```
/// use ecrane_core::RepositoryName;
///
/// assert!("team/service.v2".parse::<RepositoryName>().is_ok());
/// assert!("Team/Service".parse::<RepositoryName>().is_err());
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RepositoryName(Arc<str>);

super::text!(RepositoryName, RepositoryNameError);

impl RepositoryName {
    fn check(name: &str) -> Result<(), RepositoryNameError> {
        if !name.split('/').all(is_segment) {
            let suggestion = lowercased(name);
            return Err(RepositoryNameError::Malformed { name: name.to_owned(), suggestion });
        }
        // All characters are ASCII here, so the byte length is the character count.
        if !(2..=256).contains(&name.len()) {
            return Err(RepositoryNameError::Length { name: name.to_owned() });
        }
        Ok(())
    }
}

impl RepositoryName {
    /// Whether the CDK creates a repository with this name: it takes single separators only. It
    /// imports repositories with every name.
    pub fn is_of_the_cdk(&self) -> bool {
        has_single_separators(&self.0)
    }
}

/// Whether a text has lowercase letters and digits, with a single `.`, `_`, `-` or `/` between two
/// runs of them.
pub(crate) fn has_single_separators(text: &str) -> bool {
    text.split(['.', '_', '-', '/'])
        .all(|run| !run.is_empty() && run.bytes().all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9')))
}

/// Returns the name in lower case if that makes it valid.
fn lowercased(name: &str) -> Option<String> {
    let lower = name.to_ascii_lowercase();
    (lower != name && RepositoryName::check(&lower).is_ok()).then_some(lower)
}

/// An error when parsing a [`RepositoryName`].
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum RepositoryNameError {
    /// A segment does not match the pattern.
    #[error("invalid repository name `{name}`")]
    Malformed {
        /// The invalid name.
        name: String,
        /// The likely intended name.
        suggestion: Option<String>,
    },
    /// The name is too short or too long.
    #[error("repository name `{name}` has {} characters, ECR allows 2 to 256", .name.len())]
    Length {
        /// The invalid name.
        name: String,
    },
}

impl Explain for RepositoryNameError {
    fn code(&self) -> &'static str {
        match self {
            Self::Malformed { .. } => "repository::name_malformed",
            Self::Length { .. } => "repository::name_length",
        }
    }

    fn help(&self) -> Option<String> {
        Some(match self {
            Self::Malformed { .. } => {
                "use lowercase letters and digits, with `.`, `_`, `__`, `-` or `/` between them (ECR API reference, CreateRepository, repositoryName)"
                    .to_owned()
            }
            Self::Length { .. } => "use 2 to 256 characters".to_owned(),
        })
    }

    fn suggestion(&self) -> Option<&str> {
        match self {
            Self::Malformed { suggestion, .. } => suggestion.as_deref(),
            Self::Length { .. } => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn checks() {
        let longest = "a".repeat(256);
        let too_long = "a".repeat(257);
        let cases: [(&str, Option<&str>); 13] = [
            ("ab", None),
            ("team/service.v2_x-1", None),
            ("a--b/c__d", None),
            ("a---b", None),
            ("a___b", Some("repository::name_malformed")),
            ("a..b", Some("repository::name_malformed")),
            ("a-_b", Some("repository::name_malformed")),
            ("a-", Some("repository::name_malformed")),
            (&longest, None),
            ("team/Service", Some("repository::name_malformed")),
            ("team//service", Some("repository::name_malformed")),
            ("a", Some("repository::name_length")),
            (&too_long, Some("repository::name_length")),
        ];
        for (text, code) in cases {
            let error = RepositoryName::try_from(text).err();
            assert_eq!(error.as_ref().map(Explain::code), code, "{text}");
        }
    }

    #[test]
    fn suggests_lower_case() {
        let error = RepositoryName::try_from("Team/App").unwrap_err();
        assert_eq!(error.suggestion(), Some("team/app"));
    }
}
