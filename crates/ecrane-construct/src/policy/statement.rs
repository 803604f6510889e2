//! Policy statements as specified in a config or through the API.

use ecrane_core::{Action, Conditions, Effect, Place, StatementPart, Value, ValuePlaces};

use super::attached::{
    Attached, AttachedPrincipal, can_merge, merge_conditions, same_text, texts, unique,
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

/// Where a statement is in the input, which decides the places of its values.
#[derive(Debug, Clone)]
pub(crate) enum Source {
    /// A statement with lists of principals, actions and resources.
    Statement(Place),
    /// A single principal: of a grant, whose actions are beside it if it lists them, or of a trust
    /// policy.
    Principal { place: Place, actions: Option<Place> },
}

impl Source {
    fn place(&self) -> &Place {
        let (Self::Statement(place) | Self::Principal { place, .. }) = self;
        place
    }

    fn principal(&self, index: usize) -> Place {
        match self {
            Self::Statement(place) => place.key("principals").index(index),
            Self::Principal { place, .. } => place.clone(),
        }
    }

    /// The place of the actions, if the input lists them.
    fn actions(&self) -> Option<Place> {
        match self {
            Self::Statement(place) => Some(place.key("actions")),
            Self::Principal { actions, .. } => actions.clone(),
        }
    }
}

/// The places of listed actions.
pub(crate) fn action_places(actions: &[Action], list: &Place) -> ValuePlaces {
    let mut places = ValuePlaces::default();
    for (index, action) in actions.iter().enumerate() {
        places.add(StatementPart::Action, action.as_str(), list.index(index));
    }
    places
}

impl Attached {
    /// Resolves the statement for a policy of this stack.
    pub(crate) fn new(
        statement: PolicyStatement,
        stack: &Stack,
        source: &Source,
    ) -> Result<Self, StatementError> {
        if statement.actions.is_empty() {
            return Err(StatementError::NoActions);
        }
        if statement.principals.is_empty() {
            return Err(StatementError::NoPrincipals);
        }
        let compatibility = stack.compatibility();
        if let Some(action) = statement.actions.iter().find(|action| action.as_str().contains('?'))
            && compatibility.requested
        {
            return Err(StatementError::QuestionMark { action: action.as_str().to_owned() });
        }
        let aws_cdk = compatibility.aws_cdk;
        let mut principals: Vec<AttachedPrincipal> = Vec::with_capacity(statement.principals.len());
        let mut conditions: Option<Conditions> = None;
        let mut places = ValuePlaces::default();
        if let Some(list) = source.actions() {
            places.merge(action_places(&statement.actions, &list));
        }
        for (index, principal) in statement.principals.iter().enumerate() {
            let at = source.principal(index);
            principal.check_service(stack, &at);
            let fragment = principal.fragment(stack, &at)?;
            places.merge(fragment.places);
            if conditions.as_ref().is_some_and(|c| !same_text(c, &fragment.conditions)) {
                return Err(PrincipalError::DifferentConditions.into());
            }
            conditions.get_or_insert(fragment.conditions);
            principals
                .push(AttachedPrincipal { key: principal.key(), principals: fragment.principals });
            if !can_merge(principals.iter().map(|it| &it.principals), aws_cdk) {
                return Err(PrincipalError::StarWithOthers.into());
            }
        }
        for (index, resource) in statement.resources.iter().enumerate() {
            let place = source.place().key("resources").index(index);
            places.add(StatementPart::Resource, resource, place);
        }
        for operator in statement.conditions.keys() {
            let place = source.place().key("conditions").key(operator);
            places.add(StatementPart::Condition, operator, place);
        }
        Ok(Self {
            sid: statement.sid,
            effect: statement.effect,
            actions: texts(&statement.actions),
            principals,
            resources: unique(statement.resources.into_iter().map(|r| Value::from(r).into())),
            conditions: merge_conditions(conditions.unwrap_or_default(), &statement.conditions),
            place: source.place().clone(),
            places,
        })
    }
}
