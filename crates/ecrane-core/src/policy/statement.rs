//! Statements as they are asked for, and as they are collected until the graph is built.

use thiserror::Error;

use super::document::{Conditions, Effect, Principals, Statement};
use super::principal::{
    Principal, PrincipalError, PrincipalKey, merge_conditions, merge_principals,
};
use crate::diagnostic::Explain;
use crate::names::{Action, ActionError};
use crate::stack::Stack;
use crate::value::Value;

/// A statement of a policy as it is asked for: CDK's `PolicyStatement`.
///
/// ```
/// use ecrane_core::{PolicyStatement, Principal};
///
/// let statement = PolicyStatement {
///     sid: Some("Partner".to_owned()),
///     principals: vec![Principal::account("444455556666".parse()?)],
///     actions: vec!["ecr:BatchGetImage".parse()?],
///     ..PolicyStatement::default()
/// };
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct PolicyStatement {
    /// Its id.
    pub sid: Option<String>,
    /// Whether it allows or denies.
    pub effect: Effect,
    /// The actions.
    pub actions: Vec<Action>,
    /// Whom it speaks of.
    pub principals: Vec<Principal>,
    /// What it speaks of: `*` or ARNs. A repository policy takes none.
    pub resources: Vec<String>,
    /// When it holds.
    pub conditions: Conditions,
}

/// A statement that belongs to a document, its principals resolved for the document's stack.
#[derive(Debug, Clone)]
pub(crate) struct Attached {
    pub(crate) sid: Option<String>,
    pub(crate) effect: Effect,
    pub(crate) actions: Vec<String>,
    pub(crate) principals: Vec<AttachedPrincipal>,
    pub(crate) resources: Vec<AttachedResource>,
    pub(crate) conditions: Conditions,
}

/// A resource of a statement.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct AttachedResource {
    pub(crate) value: Value,
    /// Whether CDK knows its text while it estimates sizes: never that of a repository of the app,
    /// also where it is known in the end.
    pub(crate) is_known: bool,
}

impl From<Value> for AttachedResource {
    fn from(value: Value) -> Self {
        let is_known = value.as_literal().is_some();
        Self { value, is_known }
    }
}

/// A principal of a statement: what it says, and what it is told apart by.
#[derive(Debug, Clone)]
pub(crate) struct AttachedPrincipal {
    pub(crate) key: PrincipalKey,
    pub(crate) principals: Principals,
}

impl Attached {
    /// A statement of an identity's policy.
    pub(crate) fn of_identity(actions: &[Action], resource: AttachedResource) -> Self {
        Self {
            sid: None,
            effect: Effect::Allow,
            actions: texts(actions),
            principals: Vec::new(),
            resources: vec![resource],
            conditions: Conditions::new(),
        }
    }

    /// The statement in a policy of this stack.
    pub(crate) fn new(statement: PolicyStatement, stack: &Stack) -> Result<Self, StatementError> {
        if statement.actions.is_empty() {
            return Err(StatementError::NoActions);
        }
        if statement.principals.is_empty() {
            return Err(StatementError::NoPrincipals);
        }
        let aws_cdk = stack.compatibility().aws_cdk;
        let mut all = Principals::default();
        let mut principals = Vec::new();
        let mut conditions: Option<Conditions> = None;
        for principal in &statement.principals {
            let fragment = principal.fragment(stack)?;
            if conditions.as_ref().is_some_and(|c| !same_text(c, &fragment.conditions)) {
                return Err(PrincipalError::DifferentConditions.into());
            }
            conditions.get_or_insert(fragment.conditions);
            merge_principals(&mut all, fragment.principals.clone(), aws_cdk)?;
            principals
                .push(AttachedPrincipal { key: principal.key(), principals: fragment.principals });
        }
        Ok(Self {
            sid: statement.sid,
            effect: statement.effect,
            actions: texts(&statement.actions),
            principals,
            resources: unique(statement.resources.into_iter().map(|r| Value::from(r).into())),
            conditions: merge_conditions(conditions.unwrap_or_default(), &statement.conditions),
        })
    }

    /// The statement as it is deployed.
    pub(crate) fn resolve(&self) -> Statement {
        let mut principals = Principals::default();
        for principal in &self.principals {
            // What does not go together was refused when the statement was attached, and merging
            // statements keeps `*` apart.
            let _ = merge_principals(
                &mut principals,
                principal.principals.clone(),
                crate::compatibility::AwsCdk::V2,
            );
        }
        Statement {
            sid: self.sid.clone(),
            effect: self.effect,
            actions: self.actions.clone(),
            principals,
            resources: self.resources.iter().map(|resource| resource.value.clone()).collect(),
            conditions: self.conditions.clone(),
        }
    }
}

/// Whether two conditions read the same, key order included: what CDK compares is text.
pub(crate) fn same_text(one: &Conditions, other: &Conditions) -> bool {
    one.len() == other.len()
        && one.iter().zip(other).all(|((one_op, one_keys), (other_op, other_keys))| {
            one_op == other_op && one_keys.iter().eq(other_keys.iter())
        })
}

fn texts(actions: &[Action]) -> Vec<String> {
    unique(actions.iter().map(|a| a.as_str().to_owned()))
}

/// The items without those that came before.
pub(crate) fn unique<T: PartialEq>(items: impl IntoIterator<Item = T>) -> Vec<T> {
    let mut kept = Vec::new();
    for item in items {
        if !kept.contains(&item) {
            kept.push(item);
        }
    }
    kept
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
