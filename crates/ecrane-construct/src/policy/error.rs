//! Errors in statements and principals.

use ecrane_core::{ActionError, Explain, NotInCdk1};
use thiserror::Error;

/// An invalid use of a principal.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum PrincipalError {
    /// A group is used as a principal.
    #[error("group `{group}` cannot be used as a principal")]
    Group {
        /// The construct path of the group.
        group: String,
    },
    /// A composite principal has no parts.
    #[error("composite principal has no parts")]
    EmptyComposite,
    /// A part of a composite principal has conditions.
    #[error("part of a composite principal cannot have conditions")]
    CompositeConditions,
    /// The parts of a composite principal assume roles with different actions.
    #[error(
        "parts of a composite principal assume roles with different actions, `{one}` and `{other}`"
    )]
    CompositeActions {
        /// The action of the first part.
        one: String,
        /// The action of another part.
        other: String,
    },
    /// `"*"` is combined with other principals.
    #[error("principal `*` cannot be combined with other principals")]
    StarWithOthers,
    /// The principals of a statement have different conditions.
    #[error("principals of one statement have different conditions")]
    DifferentConditions,
    /// Lambda functions are granted other actions than pull.
    #[error("Lambda functions of account `{account}` can be granted only `pull`")]
    LambdaFunctions {
        /// The account.
        account: String,
    },
    /// The principal is not available in the configured AWS CDK version.
    #[error(transparent)]
    NotInCdk1(NotInCdk1),
    /// A resource without a physical name is used in another account or region.
    #[error("`{construct}` is used in another account or region, but has no physical name")]
    NoPhysicalName {
        /// The construct path.
        construct: String,
    },
}

impl Explain for PrincipalError {
    fn code(&self) -> &'static str {
        match self {
            Self::Group { .. } => "principal::group",
            Self::EmptyComposite => "principal::empty_composite",
            Self::CompositeConditions => "principal::composite_conditions",
            Self::CompositeActions { .. } => "principal::composite_actions",
            Self::StarWithOthers => "principal::star_with_others",
            Self::DifferentConditions => "principal::different_conditions",
            Self::LambdaFunctions { .. } => "principal::lambda_functions",
            Self::NotInCdk1(error) => error.code(),
            Self::NoPhysicalName { .. } => "construct::no_physical_name",
        }
    }

    fn help(&self) -> Option<String> {
        let text = match self {
            Self::Group { .. } => {
                "grant to a role, or keep the group in the repository's account: IAM does not accept groups as principals in resource policies"
            }
            Self::EmptyComposite => "add at least one part",
            Self::CompositeConditions => "set the conditions on the composite principal",
            Self::CompositeActions { .. } => "use a separate role for each part",
            Self::StarWithOthers => "use `any`, or a separate statement for `*`",
            Self::DifferentConditions => "use a separate statement for each principal",
            Self::LambdaFunctions { .. } => {
                "use a grant with `allow: pull` and without conditions, which adds both statements that Lambda requires (Lambda developer guide, \"Create a function using a container image\")"
            }
            Self::NotInCdk1(error) => return error.help(),
            Self::NoPhysicalName { .. } => {
                "set a physical name (`repositoryName`, `roleName`, `userName`): generated names are unknown in other accounts and regions"
            }
        };
        Some(text.to_owned())
    }

    fn depends_on_defaults(&self) -> bool {
        matches!(self, Self::EmptyComposite)
    }
}

/// An invalid policy statement.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum StatementError {
    /// The statement has no actions.
    #[error("policy statement has no actions")]
    NoActions,
    /// The statement requires principals, but has none.
    #[error("statement of a resource policy requires principals")]
    NoPrincipals,
    /// A statement of a repository policy has resources.
    #[error("statement of a repository policy cannot have resources")]
    Resources,
    /// A statement of a key policy has resources.
    #[error("statement of a key policy cannot have resources")]
    ResourcesOfKey,
    /// An action with the wildcard `?`, which the CDK does not accept.
    #[error("the AWS CDK does not accept action `{action}`")]
    QuestionMark {
        /// The action.
        action: String,
    },
    /// The statement has an invalid action.
    #[error(transparent)]
    Action(#[from] ActionError),
    /// The statement has an invalid principal.
    #[error(transparent)]
    Principal(#[from] PrincipalError),
}

impl Explain for StatementError {
    fn code(&self) -> &'static str {
        match self {
            Self::NoActions => "policy::no_actions",
            Self::NoPrincipals => "policy::no_principals",
            Self::Resources => "policy::resources_in_repository_policy",
            Self::ResourcesOfKey => "policy::resources_in_key_policy",
            Self::QuestionMark { .. } => "policy::question_mark",
            Self::Action(error) => error.code(),
            Self::Principal(error) => error.code(),
        }
    }

    fn help(&self) -> Option<String> {
        match self {
            Self::NoActions => Some("add at least one action, such as ecr:BatchGetImage".to_owned()),
            Self::NoPrincipals => {
                Some("add principals; use `{ any: true }` for everybody".to_owned())
            }
            Self::Resources => Some(
                "remove the resources: a repository policy always applies to its repository (ECR user guide, \"Private repository policies\")"
                    .to_owned(),
            ),
            Self::ResourcesOfKey => Some(
                "remove the resources: a statement of a key policy applies to the key (KMS developer guide, \"Key policies in AWS KMS\")"
                    .to_owned(),
            ),
            Self::QuestionMark { .. } => Some(
                "write `*` in place of `?`, or remove `compatibility.awsCdk`: IAM accepts both wildcards, the AWS CDK `*` only"
                    .to_owned(),
            ),
            Self::Action(error) => error.help(),
            Self::Principal(error) => error.help(),
        }
    }

    fn depends_on_defaults(&self) -> bool {
        matches!(self, Self::NoActions | Self::NoPrincipals)
    }
}
