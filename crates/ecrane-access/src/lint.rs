//! Warnings about grants and statements that are wider than is usually intended.

use std::collections::BTreeSet;

use ecrane_core::{Effect, Explain, Graph, Place, Problem, in_parallel};
use thiserror::Error;

use crate::capability::{CHECK_LAYERS, Capability, Service};
use crate::identity::{Identity, identities};
use crate::permissions::{Repository, repositories};
use crate::resolve::Resolver;
use crate::statement::{Named, Statement};

/// A warning about a grant or statement.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Error)]
#[non_exhaustive]
pub enum AccessWarning {
    /// A principal outside the repository's account may write.
    #[error("{} may change `{repository}`: {}", .principals.join(", "), .actions.join(", "))]
    WriteElsewhere {
        /// The principal, in words.
        principals: Vec<String>,
        /// The name of the repository.
        repository: String,
        /// The actions.
        actions: Vec<&'static str>,
    },
    /// A statement allows every action of Amazon ECR.
    #[error("{policy} allows every action, also those that delete images and change policies")]
    AllActions {
        /// The policy, in words.
        policy: String,
    },
    /// A statement allows deleting images or repositories, or changing policies or settings.
    #[error("{policy} allows to delete, or to change policies or settings: {}", .actions.join(", "))]
    Administer {
        /// The policy, in words.
        policy: String,
        /// The actions.
        actions: Vec<&'static str>,
    },
}

impl Explain for AccessWarning {
    fn code(&self) -> &'static str {
        match self {
            Self::WriteElsewhere { .. } => "access::write_elsewhere",
            Self::AllActions { .. } => "access::all_actions",
            Self::Administer { .. } => "access::administer",
        }
    }

    fn help(&self) -> Option<String> {
        Some(
            match self {
                Self::WriteElsewhere { .. } => {
                    "grant `pull` if reading is enough; otherwise grant to the one role that pushes, by its ARN"
                }
                Self::AllActions { .. } => {
                    "grant `pull`, `push` or `read`, or list the actions that are needed"
                }
                Self::Administer { .. } => {
                    "leave these to the deployment of this config; lifecycle rules delete images without such a grant"
                }
            }
            .to_owned(),
        )
    }
}

/// Warns about write access from outside the repository's account, about statements that allow all
/// actions, and about statements that allow deletions or changes of policies.
///
/// The graph itself warns about public access (`policy::public`).
///
/// ```
/// use ecrane_access::lint;
/// use ecrane_core::{Compatibility, Graph};
///
/// let graph = Graph::new(Vec::new(), Compatibility::default(), Vec::new())?;
/// assert!(lint(&graph).is_empty());
/// # Ok::<(), ecrane_core::Problems>(())
/// ```
pub fn lint(graph: &Graph) -> Vec<Problem> {
    // The policies of all repositories take more memory than the graph.
    let of_stacks = in_parallel(
        graph.stacks(),
        || (),
        |(), stack| {
            let mut found = Vec::new();
            for repository in repositories(&Resolver { graph, stack }) {
                found.extend(repository.policy.iter().filter_map(|it| elsewhere(it, &repository)));
                found.extend(repository.policy.iter().filter_map(wide));
            }
            found
        },
    );
    let identities = identities(graph);
    let of_identities = identities.values().flat_map(Identity::statements).filter_map(wide);
    let found = of_stacks.into_iter().flatten().chain(of_identities);
    // A grant can be a statement in two policies, or in several stacks.
    let mut seen = BTreeSet::new();
    let first = found.filter(|(place, warning)| seen.insert((place.clone(), warning.code())));
    first.map(|(place, warning)| Problem::warning(place, warning)).collect()
}

/// A warning, with the place of its statement.
type Found = (Place, AccessWarning);

/// Warns if a statement of a repository allows principals of other accounts to write.
fn elsewhere(statement: &Statement, repository: &Repository) -> Option<Found> {
    let place = statement.place.as_ref().filter(|_| statement.effect == Effect::Allow)?;
    let principals = outsiders(statement, &repository.account);
    if principals.is_empty() {
        return None;
    }
    let service = repository.service();
    let mut actions = statement.capabilities.actions(Capability::Push, service);
    actions.retain(|action| !CHECK_LAYERS.contains(action));
    actions.extend(statement.capabilities.actions(Capability::Administer, service));
    if actions.is_empty() {
        return None;
    }
    let repository = repository.name.clone();
    Some((place.clone(), AccessWarning::WriteElsewhere { principals, repository, actions }))
}

/// Warns if a statement allows all actions, deletions or changes of policies.
fn wide(statement: &Statement) -> Option<Found> {
    let place = statement.place.clone().filter(|_| statement.effect == Effect::Allow)?;
    let policy = statement.policy.clone();
    if statement.is_everything {
        return Some((place, AccessWarning::AllActions { policy }));
    }
    let of = |service| statement.capabilities.actions(Capability::Administer, service);
    let actions = [of(Service::Ecr), of(Service::EcrPublic)].concat();
    (!actions.is_empty()).then_some((place, AccessWarning::Administer { policy, actions }))
}

/// The principals of a statement that are not in an account, in words. A principal without any
/// limiting condition is public, which is another warning.
fn outsiders(statement: &Statement, account: &str) -> Vec<String> {
    let of_arn = |arn: &str| arn.split(':').nth(4).unwrap_or_default() != account;
    let found = statement.principals.iter().filter_map(|named| match named {
        Named::Anybody => match statement.organizations() {
            Some(within) => Some(format!("everyone in {}", within.join(", "))),
            None if statement.conditions.is_empty() => None,
            None => Some("everyone who meets the conditions".to_owned()),
        },
        Named::Account(other) => (other != account).then(|| named.to_string()),
        Named::Arn(arn) => of_arn(arn).then(|| named.to_string()),
        Named::Service(_) | Named::Other(_) => None,
    });
    found.collect()
}
