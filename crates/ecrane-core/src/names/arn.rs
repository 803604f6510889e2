//! Amazon resource names.

use std::sync::Arc;

use thiserror::Error;

use ecrane_document::Explain;

/// An Amazon resource name: `arn:partition:service:region:account:resource`.
///
/// Source: AWS General Reference, "Amazon Resource Names". Six fields are separated by colons, of
/// which region and account can be empty. The last field can contain colons and slashes.
///
/// ```
/// use ecrane_core::Arn;
///
/// let arn: Arn = "arn:aws:ecr:us-east-1:111122223333:repository/base/alpine".parse()?;
/// assert_eq!(arn.account(), "111122223333");
/// assert_eq!(arn.resource_name(), "base/alpine");
/// # Ok::<(), ecrane_core::ArnError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Arn(Arc<str>);

super::text!(Arn, ArnError);

impl Arn {
    fn check(text: &str) -> Result<(), ArnError> {
        let fields: Vec<&str> = text.splitn(6, ':').collect();
        match fields.as_slice() {
            ["arn", partition, service, _, _, resource]
                if !partition.is_empty() && !service.is_empty() && !resource.is_empty() =>
            {
                Ok(())
            }
            _ => Err(ArnError::Malformed { text: text.to_owned() }),
        }
    }

    fn field(&self, index: usize) -> &str {
        self.0.splitn(6, ':').nth(index).unwrap_or_default()
    }

    /// The partition, such as `aws`.
    pub fn partition(&self) -> &str {
        self.field(1)
    }

    /// The service, such as `ecr`.
    pub fn service(&self) -> &str {
        self.field(2)
    }

    /// The region. Empty for global services.
    pub fn region(&self) -> &str {
        self.field(3)
    }

    /// The account. Empty for resources without an account.
    pub fn account(&self) -> &str {
        self.field(4)
    }

    /// The part of the last field before its first slash, such as `repository`.
    pub fn resource_type(&self) -> &str {
        let resource = self.field(5);
        resource.split_once('/').map_or(resource, |(kind, _)| kind)
    }

    /// The part of the last field after its first slash, such as `base/alpine`.
    pub fn resource_name(&self) -> &str {
        self.field(5).split_once('/').map_or("", |(_, name)| name)
    }

    /// The part after the last slash: the name of a role or user without its path.
    pub fn last_component(&self) -> &str {
        self.resource_name().rsplit('/').next().unwrap_or_default()
    }

    /// Checks that the ARN has this service and resource type, and a resource name.
    ///
    /// # Errors
    /// If the service, the resource type or the resource name does not match.
    pub fn expect(&self, service: &'static str, resource: &'static str) -> Result<(), ArnError> {
        if self.service() == service
            && self.resource_type() == resource
            && !self.last_component().is_empty()
        {
            Ok(())
        } else {
            Err(ArnError::OtherKind { text: self.to_string(), service, resource })
        }
    }
}

/// An error when parsing the [`Arn`].
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ArnError {
    /// The text does not have the format of an ARN.
    #[error("invalid ARN `{text}`")]
    Malformed {
        /// The invalid text.
        text: String,
    },
    /// The ARN has another resource type.
    #[error("`{text}` is not the ARN of a {service} {resource}")]
    OtherKind {
        /// The invalid text.
        text: String,
        /// The expected service.
        service: &'static str,
        /// The expected resource type.
        resource: &'static str,
    },
}

impl Explain for ArnError {
    fn code(&self) -> &'static str {
        match self {
            Self::Malformed { .. } => "arn::malformed",
            Self::OtherKind { .. } => "arn::other_kind",
        }
    }

    fn help(&self) -> Option<String> {
        Some(match self {
            Self::Malformed { .. } => {
                "use the format arn:partition:service:region:account:resource".to_owned()
            }
            Self::OtherKind { service, resource, .. } => {
                format!("use the format arn:aws:{service}:…:{resource}/NAME")
            }
        })
    }
}
