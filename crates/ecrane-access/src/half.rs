//! Warnings about principals that have only a part of the permissions that they need.

use std::collections::BTreeMap;

use ecrane_core::{Explain, Place, Problem};
use thiserror::Error;

use crate::access::Access;
use crate::capability::{CHECK_LAYERS, Capability};
use crate::matrix::{Matrix, Row};

/// A warning about a principal that has only a part of the permissions that it needs.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum HalfWarning {
    /// It may pull or push, but not log in.
    #[error("`{principal}` may {}, but not log in", .capability.as_str())]
    CannotLogIn {
        /// The name of the principal.
        principal: String,
        /// What it may do.
        capability: Capability,
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
                Self::CannotLogIn { .. } => {
                    "grant `pull` or `push`, which come with ecr:GetAuthorizationToken, or `authorizationToken`"
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
        let may = |capability: Capability| {
            row.cells.values().any(|cell| cell.get(capability).is_possible())
        };
        if row.log_in == Some(Access::No)
            && let Some(capability) =
                [Capability::Pull, Capability::Push].into_iter().find(|it| may(*it))
        {
            let principal = principal.clone();
            let warning = HalfWarning::CannotLogIn { principal, capability };
            problems.push(Problem::warning(place.clone(), warning));
        }
        if row.needs_other_account && Capability::ALL.into_iter().any(may) {
            let warning = HalfWarning::OtherAccount { principal: principal.clone() };
            problems.push(Problem::warning(place.clone(), warning));
        }
        for capability in [Capability::Pull, Capability::Push] {
            let mut by_actions = BTreeMap::<_, Vec<String>>::new();
            for (arn, cell) in &row.cells {
                let actions = cell.partial(capability);
                if actions.iter().any(|action| *action != CHECK_LAYERS) {
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
