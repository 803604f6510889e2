//! Policy statements as specified in a config or through the API.

use ecrane_core::{Action, Conditions, Effect, Place, Principals, Value};

use super::attached::{
    Attached, AttachedPrincipal, merge_conditions, merge_principals, same_text, texts, unique,
};
use super::error::{PrincipalError, StatementError};
use super::principal::Principal;
use crate::stack::Stack;

/// A policy statement: CDK's `PolicyStatement`.
///
/// ```
/// use ecrane_construct::{PolicyStatement, Principal};
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
    /// The statement id (`Sid`).
    pub sid: Option<String>,
    /// The effect.
    pub effect: Effect,
    /// The actions.
    pub actions: Vec<Action>,
    /// The principals.
    pub principals: Vec<Principal>,
    /// The resources: `*` or ARNs. Not allowed in a repository policy.
    pub resources: Vec<String>,
    /// The conditions.
    pub conditions: Conditions,
}

impl Attached {
    /// Resolves the statement for a policy of this stack.
    pub(crate) fn new(
        statement: PolicyStatement,
        stack: &Stack,
        place: Place,
    ) -> Result<Self, StatementError> {
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
            place,
        })
    }
}
