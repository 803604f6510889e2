//! Warnings about principals that have only a part of the permissions that they need.

use std::collections::BTreeMap;

use ecrane_core::{Explain, Place, Problem};
use thiserror::Error;

use crate::access::Access;
use crate::capability::{CHECK_LAYERS, Capability, Service};
use crate::matrix::{Matrix, Row};

/// A warning about a principal that has only a part of the permissions that it needs.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum HalfWarning {
    /// It may pull or push, but not log in.
    #[error("`{principal}` may {}, but not log in{}", .capability.as_str(), to(*.service))]
    CannotLogIn {
        /// The name of the principal.
        principal: String,
        /// What it may do.
        capability: Capability,
        /// Where it may not log in.
        service: Service,
    },
    /// Its own account must allow the same.
    #[error("what `{principal}` may do here takes effect when its own account allows it, too")]
    OtherAccount {
        /// The name of the principal.
        principal: String,
    },
    /// It has some of the actions of a capability, and needs more.
    #[error("`{principal}` may not {}, but has {} on {}", .capability.as_str(), .actions.join(", "), told(.repositories))]
    Partial {
        /// The name of the principal.
        principal: String,
        /// What it may not do.
        capability: Capability,
        /// The actions that it has.
        actions: Vec<&'static str>,
        /// The names of the repositories.
        repositories: Vec<String>,
    },
}

fn to(service: Service) -> &'static str {
    match service {
        Service::Ecr => "",
        Service::EcrPublic => " to Amazon ECR Public",
    }
}

/// The first names, and the number of the others.
fn told(names: &[String]) -> String {
    const TOLD: usize = 3;
    let told: Vec<_> = names.iter().take(TOLD).map(|name| format!("`{name}`")).collect();
    match names.len().saturating_sub(TOLD) {
        0 => told.join(", "),
        more => format!("{} and {more} more", told.join(", ")),
    }
}

impl Explain for HalfWarning {
    fn code(&self) -> &'static str {
        match self {
            Self::CannotLogIn { .. } => "access::cannot_log_in",
            Self::OtherAccount { .. } => "access::other_account",
            Self::Partial { .. } => "access::partial",
        }
    }

    fn help(&self) -> Option<String> {
        Some(
            match self {
                Self::CannotLogIn { service: Service::Ecr, .. } => {
                    "grant `pull` or `push`, which come with ecr:GetAuthorizationToken, or `authorizationToken`"
                }
                Self::CannotLogIn { service: Service::EcrPublic, .. } => {
                    "grant `authorizationToken`, or allow ecr-public:GetAuthorizationToken and sts:GetServiceBearerToken in a policy of the principal"
                }
                Self::OtherAccount { .. } => {
                    "allow the actions, and ecr:GetAuthorizationToken, in a policy of an identity of that account"
                }
                Self::Partial { .. } => {
                    "grant `pull`, `push` or `pullPush`, or leave it if something else needs these actions"
                }
            }
            .to_owned(),
        )
    }
}

impl Matrix {
    /// Warnings about principals that have only a part of the permissions that they need.
    pub fn warnings(&self) -> Vec<Problem> {
        let mut problems = Vec::new();
        for (principal, row) in &self.rows {
            let place = row.place.clone().unwrap_or_default();
            self.warn(principal, row, &place, &mut problems);
        }
        problems
    }

    fn warn(&self, principal: &str, row: &Row, place: &Place, problems: &mut Vec<Problem>) {
        let principal = principal.to_owned();
        let may = |service: Service, capability: Capability| {
            let is_open = service == Service::EcrPublic && capability == Capability::Pull;
            let cells = row.cells.iter().filter(|(arn, _)| Service::of(arn) == service);
            !is_open && cells.into_iter().any(|(_, cell)| cell.get(capability).is_possible())
        };
        for service in [Service::Ecr, Service::EcrPublic] {
            if row.log_in_to(service) == Some(&Access::No)
                && let Some(capability) =
                    [Capability::Pull, Capability::Push].into_iter().find(|it| may(service, *it))
            {
                let principal = principal.clone();
                let warning = HalfWarning::CannotLogIn { principal, capability, service };
                problems.push(Problem::warning(place.clone(), warning));
            }
        }
        let may_anything =
            |service| Capability::ALL.into_iter().any(|capability| may(service, capability));
        if row.needs_other_account
            && [Service::Ecr, Service::EcrPublic].into_iter().any(may_anything)
        {
            let warning = HalfWarning::OtherAccount { principal: principal.clone() };
            problems.push(Problem::warning(place.clone(), warning));
        }
        for capability in [Capability::Pull, Capability::Push] {
            let mut by_actions = BTreeMap::<_, Vec<String>>::new();
            for (arn, cell) in &row.cells {
                let actions = cell.partial(capability);
                if actions.iter().any(|action| !CHECK_LAYERS.contains(action)) {
                    let name = self.repositories.get(arn).map_or(arn, |column| &column.name);
                    by_actions.entry(actions.to_vec()).or_default().push(name.clone());
                }
            }
            for (actions, repositories) in by_actions {
                let principal = principal.clone();
                let warning = HalfWarning::Partial { principal, capability, actions, repositories };
                problems.push(Problem::warning(place.clone(), warning));
            }
        }
    }
}
