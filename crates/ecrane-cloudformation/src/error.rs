//! What CloudFormation cannot take.

use ecrane_core::Explain;
use thiserror::Error;

/// Why a graph cannot be a template.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum TemplateError {
    /// Two resources or outputs come to one logical id.
    #[error("`{one}` and `{other}` have the same logical id `{logical_id}`")]
    LogicalIdTaken {
        /// The one that came first.
        one: String,
        /// The other one.
        other: String,
        /// The logical id.
        logical_id: String,
    },
    /// Nothing of an id can stand in a logical id, or not at its beginning.
    #[error("`{path}` comes to the logical id `{logical_id}`, which is none")]
    LogicalIdMalformed {
        /// The construct's path.
        path: String,
        /// What it comes to.
        logical_id: String,
    },
    /// A logical id that is given, and is none.
    #[error("`{logical_id}` is no logical id")]
    PinMalformed {
        /// What is given.
        logical_id: String,
    },
    /// A stack has more resources than CloudFormation takes.
    #[error("stack `{stack}` has {count} resources, where CloudFormation takes {MAX_RESOURCES}")]
    TooManyResources {
        /// The stack.
        stack: String,
        /// How many it has.
        count: usize,
    },
    /// A template without a resource is none.
    #[error("stack `{stack}` has no resources")]
    NoResources {
        /// The stack.
        stack: String,
    },
    /// Something that CloudFormation has no type for.
    #[error("CloudFormation has no type for the account settings of ECR")]
    NoAccountSettings,
    /// A template is larger than CloudFormation takes.
    #[error(
        "the template of stack `{stack}` has {size} bytes, where CloudFormation takes {MAX_SIZE}"
    )]
    TooLarge {
        /// The stack.
        stack: String,
        /// The size of the template without white space, in bytes.
        size: usize,
    },
}

/// CloudFormation user guide, "Understand CloudFormation quotas": resources in a template.
pub(crate) const MAX_RESOURCES: usize = 500;
/// CloudFormation user guide, "Understand CloudFormation quotas": a template passed as an object
/// of Amazon S3, 1 MB.
pub(crate) const MAX_SIZE: usize = 1_000_000;

impl Explain for TemplateError {
    fn code(&self) -> &'static str {
        match self {
            Self::LogicalIdTaken { .. } => "cloudformation::logical_id_taken",
            Self::LogicalIdMalformed { .. } => "cloudformation::logical_id_malformed",
            Self::PinMalformed { .. } => "cloudformation::logical_id_pin_malformed",
            Self::TooManyResources { .. } => "cloudformation::too_many_resources",
            Self::NoResources { .. } => "cloudformation::no_resources",
            Self::NoAccountSettings => "cloudformation::no_account_settings",
            Self::TooLarge { .. } => "cloudformation::template_too_large",
        }
    }

    fn help(&self) -> Option<String> {
        Some(
            match self {
                Self::LogicalIdTaken { .. } => {
                    "letters and digits are all that is left of an id; give one of them another id or `logicalId`"
                }
                Self::LogicalIdMalformed { .. } => {
                    "use an id that begins with an ASCII letter; other characters than letters and digits are left out"
                }
                Self::PinMalformed { .. } => "a logical id is 1 to 255 ASCII letters and digits",
                Self::NoResources { .. } => {
                    "CloudFormation deploys no stack without one, and the CDK refuses it with the flag `@aws-cdk/core:validateAgainstDefaultRules`; what is imported is no resource"
                }
                Self::NoAccountSettings => {
                    "leave `accountSettings` to Terraform, or to `aws ecr put-account-setting`"
                }
                Self::TooManyResources { .. } | Self::TooLarge { .. } => {
                    "a template takes 500 resources and 1 MB; `shards: 2` on the stack, or more, spreads its repositories over as many stacks"
                }
            }
            .to_owned(),
        )
    }
}
