//! Amazon resource names.

use thiserror::Error;

use ecrane_document::Explain;

/// An Amazon resource name: `arn:partition:service:region:account:resource`.
///
/// The rule is the AWS General Reference, "Amazon Resource Names": six fields between colons, of
/// which region and account may be empty; the last one may hold colons and slashes.
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
pub struct Arn(String);

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

    /// The service, such as `ecr`.
    pub fn service(&self) -> &str {
        self.field(2)
    }

    /// The region, empty where the service has none.
    pub fn region(&self) -> &str {
        self.field(3)
    }

    /// The account, empty where the resource has none.
    pub fn account(&self) -> &str {
        self.field(4)
    }

    /// What stands before the first slash of the last field, such as `repository`.
    pub fn resource_type(&self) -> &str {
        let resource = self.field(5);
        resource.split_once('/').map_or(resource, |(kind, _)| kind)
    }

    /// What stands behind the first slash of the last field, such as `base/alpine`.
    pub fn resource_name(&self) -> &str {
        self.field(5).split_once('/').map_or("", |(_, name)| name)
    }

    /// What stands behind the last slash: the name of a role or user without its path.
    pub fn last_component(&self) -> &str {
        self.resource_name().rsplit('/').next().unwrap_or_default()
    }

    /// Checks that it names a resource of this service and type, with a name.
    ///
    /// # Errors
    /// When it names something else.
    pub fn expect(&self, service: &'static str, resource: &'static str) -> Result<(), ArnError> {
        if self.service() == service
            && self.resource_type() == resource
            && !self.last_component().is_empty()
        {
            Ok(())
        } else {
            Err(ArnError::OtherKind { text: self.0.clone(), service, resource })
        }
    }
}

/// Why a text is not the [`Arn`] that is wanted.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ArnError {
    /// It does not read like an ARN.
    #[error("`{text}` is not an ARN")]
    Malformed {
        /// The text as given.
        text: String,
    },
    /// It names another kind of resource.
    #[error("`{text}` is not the ARN of a {service} {resource}")]
    OtherKind {
        /// The text as given.
        text: String,
        /// The service that is wanted.
        service: &'static str,
        /// The type of resource that is wanted.
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
                "an ARN is arn:partition:service:region:account:resource".to_owned()
            }
            Self::OtherKind { service, resource, .. } => {
                format!("here it is arn:aws:{service}:…:{resource}/NAME")
            }
        })
    }
}
