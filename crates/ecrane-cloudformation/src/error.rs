//! Errors of the CloudFormation backend.

use ecrane_core::Explain;
use thiserror::Error;

/// Why a graph cannot be rendered as CloudFormation templates.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum TemplateError {
    /// Two resources or outputs have the same logical ID.
    #[error("`{one}` and `{other}` have the same logical ID `{logical_id}`")]
    LogicalIdTaken {
        /// The path of the first one.
        one: String,
        /// The path of the second one.
        other: String,
        /// The logical id.
        logical_id: String,
    },
    /// A logical ID made from a construct path is empty or begins with a digit.
    #[error("the logical ID `{logical_id}` of `{path}` is not valid")]
    LogicalIdMalformed {
        /// The construct's path.
        path: String,
        /// The logical ID made from it.
        logical_id: String,
    },
    /// A `logicalId` in the config that is not a valid logical ID.
    #[error("`{logical_id}` is not a valid logical ID")]
    PinMalformed {
        /// The value as given.
        logical_id: String,
    },
    /// A stack has more resources than CloudFormation allows.
    #[error("stack `{stack}` has {count} resources, but CloudFormation allows {MAX_RESOURCES}")]
    TooManyResources {
        /// The stack.
        stack: String,
        /// The number of its resources.
        count: usize,
    },
    /// A stack has more outputs than CloudFormation allows.
    #[error("stack `{stack}` has {count} outputs, but CloudFormation allows {MAX_OUTPUTS}")]
    TooManyOutputs {
        /// The stack.
        stack: String,
        /// The number of its outputs, those for other stacks included.
        count: usize,
    },
    /// The template of a stack set is larger than a stack set can contain.
    #[error(
        "the template of stack `{stack}` has {size} bytes, but a stack set can contain {MAX_BODY}"
    )]
    StackSetTooLarge {
        /// The stack.
        stack: String,
        /// The size of the template without white space, in bytes.
        size: usize,
    },
    /// A weak reference in a stack set.
    #[error("stack `{stack}` refers weakly to another stack, which a stack set cannot")]
    StackSetWeakReference {
        /// The stack.
        stack: String,
    },
    /// The description of a stack is longer than CloudFormation allows.
    #[error("the description has {size} bytes, but CloudFormation allows {MAX_DESCRIPTION}")]
    DescriptionTooLong {
        /// Its size, in bytes.
        size: usize,
    },
    /// The description of a stack is longer than the CDK allows.
    #[error("the description has {units} characters, but the AWS CDK allows 512")]
    DescriptionOfTheCdk {
        /// Its length, in UTF-16 code units.
        units: usize,
    },
    /// A repository name that ECR takes and the CDK does not.
    #[error("the AWS CDK does not create a repository named `{name}`")]
    RepositoryName {
        /// The name.
        name: String,
    },
    /// A stack has no resources.
    #[error("stack `{stack}` has no resources")]
    NoResources {
        /// The stack.
        stack: String,
    },
    /// Account settings, for which CloudFormation has no resource type.
    #[error("CloudFormation has no resource type for ECR account settings")]
    NoAccountSettings,
    /// A template is larger than CloudFormation allows.
    #[error(
        "the template of stack `{stack}` has {size} bytes, but CloudFormation allows {MAX_SIZE}"
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
/// The size of a template within a stack set, in bytes: `TemplateBody` in the CloudFormation schema
/// of `AWS::CloudFormation::StackSet`.
pub(crate) const MAX_BODY: usize = 51_200;

/// CloudFormation user guide, "Understand CloudFormation quotas": outputs in a template.
pub(crate) const MAX_OUTPUTS: usize = 200;
/// CloudFormation user guide, "Understand CloudFormation quotas": template description, in bytes.
pub(crate) const MAX_DESCRIPTION: usize = 1_024;

impl Explain for TemplateError {
    fn code(&self) -> &'static str {
        match self {
            Self::LogicalIdTaken { .. } => "cloudformation::logical_id_taken",
            Self::LogicalIdMalformed { .. } => "cloudformation::logical_id_malformed",
            Self::PinMalformed { .. } => "cloudformation::logical_id_pin_malformed",
            Self::TooManyResources { .. } => "cloudformation::too_many_resources",
            Self::TooManyOutputs { .. } => "cloudformation::too_many_outputs",
            Self::DescriptionTooLong { .. } => "cloudformation::description_too_long",
            Self::DescriptionOfTheCdk { .. } => "cloudformation::description_of_the_cdk",
            Self::RepositoryName { .. } => "cloudformation::repository_name",
            Self::NoResources { .. } => "cloudformation::no_resources",
            Self::NoAccountSettings => "cloudformation::no_account_settings",
            Self::TooLarge { .. } => "cloudformation::template_too_large",
            Self::StackSetTooLarge { .. } => "cloudformation::stack_set_too_large",
            Self::StackSetWeakReference { .. } => "cloudformation::stack_set_weak_reference",
        }
    }

    fn help(&self) -> Option<String> {
        Some(
            match self {
                Self::LogicalIdTaken { .. } => {
                    "characters other than letters and digits are removed from construct IDs; change one of the IDs, or set `logicalId`"
                }
                Self::LogicalIdMalformed { .. } => {
                    "use an ID that begins with an ASCII letter; characters other than letters and digits are removed"
                }
                Self::PinMalformed { .. } => "use 1 to 255 ASCII letters and digits",
                Self::TooManyOutputs { .. } => {
                    "set `shards: 2` or more on the stack to distribute its repositories, with their outputs, over that many stacks; each value that another stack uses is an output, too (CloudFormation user guide, \"Understand CloudFormation quotas\")"
                }
                Self::DescriptionTooLong { .. } => {
                    "use a shorter description (CloudFormation user guide, \"Understand CloudFormation quotas\")"
                }
                Self::DescriptionOfTheCdk { .. } => {
                    "use a shorter description, or remove `compatibility.awsCdk`"
                }
                Self::RepositoryName { .. } => {
                    "use single `.`, `_`, `-` or `/` between letters and digits, or the Terraform backend; an `import` takes the name"
                }
                Self::NoResources { .. } => {
                    "add a resource: CloudFormation does not deploy an empty stack, and the CDK rejects one with the feature flag `@aws-cdk/core:validateAgainstDefaultRules`; an imported resource does not count"
                }
                Self::NoAccountSettings => {
                    "use the Terraform backend or `aws ecr put-account-setting` for account settings"
                }
                Self::StackSetTooLarge { .. } => {
                    "set `templateUrlPrefix` to a folder in Amazon S3 and upload `stack-set-templates` to it, or set `shards: 2` or more on the stack (AWS::CloudFormation::StackSet, TemplateBody)"
                }
                Self::StackSetWeakReference { .. } => {
                    "set `\"@aws-cdk/core:defaultCrossStackReferences\": strong` in `compatibility.featureFlags`: `Fn::GetStackOutput` takes the name of a stack, and StackSets generates the names of its stacks"
                }
                Self::TooManyResources { .. } | Self::TooLarge { .. } => {
                    "a template can have 500 resources and 1 MB; set `shards: 2` or more on the stack to distribute its repositories over that many stacks"
                }
            }
            .to_owned(),
        )
    }
}
