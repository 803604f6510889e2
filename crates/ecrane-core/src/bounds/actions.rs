//! Actions that a policy cannot allow or deny.

use ecrane_document::{Explain, suggest};
use thiserror::Error;

use super::Findings;
use super::policy::PolicyOf;
use crate::facts::actions::{ECR, ECR_PUBLIC, REGISTRY_SCOPE_V1, Service};
use crate::glob::Glob;
use crate::policy::{Statement, StatementPart};

/// Reports actions that do nothing in a policy. A registry policy with them is rejected; IAM accepts
/// them elsewhere.
pub(crate) fn actions(statement: &Statement, of: PolicyOf, findings: &mut Findings) {
    // An identity policy is about a repository where the resource is one: a grant.
    let is_of_all = statement.resources.iter().any(|value| value.as_literal() == Some("*"));
    let service = match of {
        PolicyOf::Trust => return,
        PolicyOf::Key => return on_key(statement, findings),
        PolicyOf::Identity if is_of_all => return,
        PolicyOf::PublicRepository => &ECR_PUBLIC,
        PolicyOf::Repository | PolicyOf::Template | PolicyOf::Registry | PolicyOf::Identity => &ECR,
    };
    for action in &statement.actions {
        let Some(warning) = idle(action, service, of) else { continue };
        let place = statement.place_of(StatementPart::Action, action);
        match (of, warning) {
            (PolicyOf::Registry, ActionWarning::Unknown { action, suggestion }) => {
                findings.refused_by_aws(place, ActionLimitError::Unknown { action, suggestion });
            }
            (PolicyOf::Registry, ActionWarning::OtherService { action, .. }) => {
                findings.refused_by_aws(place, ActionLimitError::OtherService { action });
            }
            (_, warning) => findings.warning(place, warning),
        }
    }
}

/// Reports actions that are not about a KMS key.
fn on_key(statement: &Statement, findings: &mut Findings) {
    let is_of_kms = |action: &str| {
        let prefix = action.split_once(':').map_or(action, |(prefix, _)| prefix);
        prefix.eq_ignore_ascii_case("kms") || action == "*"
    };
    for action in statement.actions.iter().filter(|action| !is_of_kms(action)) {
        let place = statement.place_of(StatementPart::Action, action);
        findings.warning(place, ActionWarning::NotOnKey { action: action.to_string() });
    }
}

/// Reports actions of a registry policy that scope V1 rejects.
pub(crate) fn registry_scope_v1(statement: &Statement, findings: &mut Findings) {
    for action in &statement.actions {
        let Some((_, pattern)) = action.split_once(':') else { continue };
        // A wildcard is accepted: ECR user guide, "Private registry permissions in Amazon ECR".
        if matching(REGISTRY_SCOPE_V1.into_iter(), pattern).next().is_none() {
            let place = statement.place_of(StatementPart::Action, action);
            let error = ActionLimitError::NotInScopeV1 { action: action.to_string() };
            findings.refused_by_aws(place, error);
        }
    }
}

/// Why an action does nothing, if so.
fn idle(action: &str, service: &'static Service, of: PolicyOf) -> Option<ActionWarning> {
    let (prefix, pattern) = action.split_once(':')?;
    if !prefix.eq_ignore_ascii_case(service.prefix) {
        let own = matching(service.on_repository.iter().copied(), pattern).next();
        let suggestion = own.map(|name| format!("{}:{name}", service.prefix));
        let action = action.to_owned();
        return Some(ActionWarning::OtherService { action, service: service.prefix, suggestion });
    }
    if matching(service.actions(), pattern).next().is_none() {
        let suggestion = suggest(pattern, service.actions())
            .filter(|_| !pattern.contains(['*', '?']))
            .map(|name| format!("{}:{name}", service.prefix));
        return Some(ActionWarning::Unknown { action: action.to_owned(), suggestion });
    }
    // The reference lists `CreateRepository` with the repository that it creates. That has no policy
    // and no grants yet.
    let mut useful =
        matching(service.on_repository.iter().copied(), pattern).filter(|name| *name != CREATE);
    (of != PolicyOf::Registry && useful.next().is_none())
        .then(|| ActionWarning::NotOnRepository { action: action.to_owned() })
}

const CREATE: &str = "CreateRepository";

/// The names that a pattern matches, without regard to case.
fn matching(
    names: impl Iterator<Item = &'static str>,
    pattern: &str,
) -> impl Iterator<Item = &'static str> {
    // Most actions have no wildcard, and there are many.
    let glob = pattern.contains(['*', '?']).then(|| Glob::new(&pattern.to_ascii_lowercase()));
    names.filter(move |name| match &glob {
        Some(glob) => glob.matches(&name.to_ascii_lowercase()),
        None => name.eq_ignore_ascii_case(pattern),
    })
}

/// An action that Amazon ECR rejects in a registry policy: ECR user guide, "Private registry
/// permissions in Amazon ECR"
/// (<https://docs.aws.amazon.com/AmazonECR/latest/userguide/registry-permissions.html>).
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ActionLimitError {
    /// Amazon ECR has no such action.
    #[error("Amazon ECR has no action `{action}`")]
    Unknown {
        /// The action.
        action: String,
        /// The likely intended action.
        suggestion: Option<String>,
    },
    /// An action of another service.
    #[error("`{action}` is not an action of Amazon ECR")]
    OtherService {
        /// The action.
        action: String,
    },
    /// The scope of the registry policy is V1, which has three actions.
    #[error("`{action}` is not an action of a registry policy of scope V1")]
    NotInScopeV1 {
        /// The action.
        action: String,
    },
}

impl Explain for ActionLimitError {
    fn code(&self) -> &'static str {
        match self {
            Self::Unknown { .. } => "registry_policy::unknown_action",
            Self::OtherService { .. } => "registry_policy::other_service",
            Self::NotInScopeV1 { .. } => "registry_policy::not_in_scope_v1",
        }
    }

    fn help(&self) -> Option<String> {
        Some(
            match self {
                Self::Unknown { .. } | Self::OtherService { .. } => {
                    "use actions of Amazon ECR, such as `ecr:ReplicateImage`, `ecr:CreateRepository` or `ecr:BatchImportUpstreamImage` (ECR user guide, \"Private registry permissions in Amazon ECR\")"
                }
                Self::NotInScopeV1 { .. } => {
                    "set `registryPolicyScope: V2`, or use `ecr:ReplicateImage`, `ecr:CreateRepository` and `ecr:BatchImportUpstreamImage` only (ECR user guide, \"Private registry permissions in Amazon ECR\")"
                }
            }
            .to_owned(),
        )
    }

    fn suggestion(&self) -> Option<&str> {
        match self {
            Self::Unknown { suggestion, .. } => suggestion.as_deref(),
            Self::OtherService { .. } | Self::NotInScopeV1 { .. } => None,
        }
    }
}

/// An action that does nothing: the service authorization reference, "Actions, resources, and
/// condition keys for Amazon Elastic Container Registry"
/// (<https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerregistry.html>).
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ActionWarning {
    /// The service has no such action.
    #[error("there is no action `{action}`")]
    Unknown {
        /// The action.
        action: String,
        /// The likely intended action.
        suggestion: Option<String>,
    },
    /// An action of another service than that of the repository.
    #[error("`{action}` does nothing here: it is not an action of `{service}`")]
    OtherService {
        /// The action.
        action: String,
        /// The prefix of the actions that are about the repository.
        service: &'static str,
        /// The action of the repository's service with the same name.
        suggestion: Option<String>,
    },
    /// An action of another service in the policy of a KMS key.
    #[error("`{action}` does nothing here: it is not an action of KMS")]
    NotOnKey {
        /// The action.
        action: String,
    },
    /// An action that is not about a repository.
    #[error("`{action}` does nothing here: it is not an action on a repository")]
    NotOnRepository {
        /// The action.
        action: String,
    },
}

impl Explain for ActionWarning {
    fn code(&self) -> &'static str {
        match self {
            Self::Unknown { .. } => "policy::unknown_action",
            Self::OtherService { .. } => "policy::action_of_other_service",
            Self::NotOnRepository { .. } => "policy::action_not_on_repository",
            Self::NotOnKey { .. } => "policy::action_not_on_key",
        }
    }

    fn help(&self) -> Option<String> {
        const SOURCE: &str =
            "(service authorization reference, \"Amazon Elastic Container Registry\")";
        let text = match self {
            Self::Unknown { .. } => {
                "use an action on repositories, such as `ecr:BatchGetImage`, or `allow: pull`, `push`, `pullPush` or `read`"
            }
            Self::OtherService { service, .. } => {
                return Some(format!(
                    "remove it: a grant and the policy of a repository are about `{service}:` actions on this repository; allow others in a policy of the role or user {SOURCE}"
                ));
            }
            Self::NotOnKey { .. } => {
                return Some(
                    "use an action of KMS, such as `kms:Decrypt` (KMS developer guide, \"Key policies in AWS KMS\")".to_owned(),
                );
            }
            Self::NotOnRepository { action } => {
                let action = action.to_ascii_lowercase();
                if action == "ecr:getauthorizationtoken" {
                    "list the principal in `authorizationTokens.private`, or use `allow: pull`, `push` or `pullPush`, which allow it on the resource `*`"
                } else if action == "ecr-public:getauthorizationtoken" {
                    "list the principal in `authorizationTokens.publicGallery`, which allows it on the resource `*`"
                } else if action == "ecr:createrepository" {
                    "allow it in `registry.policy`, or in a policy of the role or user: the repository of this policy exists already"
                } else {
                    "allow it in a policy of the role or user on the resource `*`, or in `registry.policy`"
                }
            }
        };
        Some(format!("{text} {SOURCE}"))
    }

    fn suggestion(&self) -> Option<&str> {
        match self {
            Self::Unknown { suggestion, .. } | Self::OtherService { suggestion, .. } => {
                suggestion.as_deref()
            }
            Self::NotOnRepository { .. } | Self::NotOnKey { .. } => None,
        }
    }
}
