//! Why statements and principals are refused.

use ecrane_core::{ActionError, Explain, NotInCdk1};
use thiserror::Error;

/// Why a principal cannot stand where it is put.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum PrincipalError {
    /// A group in a statement.
    #[error("group `{group}` is used as a principal")]
    Group {
        /// The group's construct path.
        group: String,
    },
    /// A composite of nothing.
    #[error("composite principal without parts")]
    EmptyComposite,
    /// A part of a composite has conditions.
    #[error("part of a composite principal has conditions")]
    CompositeConditions,
    /// The parts of a composite take roles by different actions.
    #[error("parts of a composite principal take roles by `{one}` and by `{other}`")]
    CompositeActions {
        /// The first one's action.
        one: String,
        /// Another one's action.
        other: String,
    },
    /// `"*"` together with others.
    #[error("principal `*` stands beside other principals")]
    StarWithOthers,
    /// The principals of one statement have different conditions.
    #[error("the principals of one statement have different conditions")]
    DifferentConditions,
    /// Lambda functions where they are not granted to pull.
    #[error("the Lambda functions of account `{account}` are given something else than `pull`")]
    LambdaFunctions {
        /// The account.
        account: String,
    },
    /// A principal that the CDK to be equal to does not have.
    #[error(transparent)]
    NotInCdk1(NotInCdk1),
    /// A resource of one environment is named in another, and has no name of its own.
    #[error("`{construct}` is used in another account or region, and has no physical name")]
    NoPhysicalName {
        /// The construct's path.
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
                "IAM takes no group as a principal of a resource policy; grant to a role, or keep the group in the repository's account"
            }
            Self::EmptyComposite => "give at least one part",
            Self::CompositeConditions => "put the conditions on the composite itself",
            Self::CompositeActions { .. } => "use a role for each of them",
            Self::StarWithOthers => "use `any`, or a statement of its own",
            Self::DifferentConditions => "use a statement for each of them",
            Self::LambdaFunctions { .. } => {
                "they stand in `to` of a grant with `allow: pull`, without conditions; it writes both statements that the Lambda developer guide asks for"
            }
            Self::NotInCdk1(error) => return error.help(),
            Self::NoPhysicalName { .. } => {
                "give it a name (`repositoryName`, `roleName`, `userName`): what is made up on deployment is unknown elsewhere"
            }
        };
        Some(text.to_owned())
    }
}

/// Why a statement cannot be in a policy.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum StatementError {
    /// It has no actions.
    #[error("policy statement has no actions")]
    NoActions,
    /// It has no principals where it needs some.
    #[error("statement of a resource policy has no principals")]
    NoPrincipals,
    /// It names resources where it cannot.
    #[error("statement of a repository policy names resources")]
    Resources,
    /// It has an action that is none.
    #[error(transparent)]
    Action(#[from] ActionError),
    /// A principal of it cannot stand there.
    #[error(transparent)]
    Principal(#[from] PrincipalError),
}

impl Explain for StatementError {
    fn code(&self) -> &'static str {
        match self {
            Self::NoActions => "policy::no_actions",
            Self::NoPrincipals => "policy::no_principals",
            Self::Resources => "policy::resources_in_repository_policy",
            Self::Action(error) => error.code(),
            Self::Principal(error) => error.code(),
        }
    }

    fn help(&self) -> Option<String> {
        match self {
            Self::NoActions => Some("give at least one, such as ecr:BatchGetImage".to_owned()),
            Self::NoPrincipals => {
                Some("say whom it is for; `{ any: true }` is everybody".to_owned())
            }
            Self::Resources => Some(
                "drop them: a repository policy speaks of its repository, and ECR refuses `Resource` in it (ECR user guide, \"Private repository policies\")"
                    .to_owned(),
            ),
            Self::Action(error) => error.help(),
            Self::Principal(error) => error.help(),
        }
    }
}
