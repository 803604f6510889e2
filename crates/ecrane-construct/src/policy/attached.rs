//! Statements attached to policies before the graph is built.

use std::borrow::Cow;
use std::sync::Arc;

use ecrane_core::{
    AccountId, Action, AwsCdk, Conditions, Effect, OrganizationId, OrganizationPath, Place,
    Principals, Statement, Value, ValuePlaces,
};

use super::error::PrincipalError;

/// A statement in a policy document, with principals resolved for the stack of the document.
#[derive(Debug, Clone)]
pub(crate) struct Attached {
    pub(crate) sid: Option<String>,
    pub(crate) effect: Effect,
    pub(crate) actions: Vec<Cow<'static, str>>,
    pub(crate) principals: Vec<AttachedPrincipal>,
    pub(crate) resources: Vec<AttachedResource>,
    pub(crate) conditions: Conditions,
    /// The place of the grant or statement in the input.
    pub(crate) place: Place,
    pub(crate) places: ValuePlaces,
}

/// A resource of a statement.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct AttachedResource {
    pub(crate) value: Value,
    /// Whether the CDK knows the text when it estimates sizes. It never knows the text for a
    /// repository of the app, even if the name is known in the end.
    pub(crate) is_known: bool,
}

impl From<Value> for AttachedResource {
    fn from(value: Value) -> Self {
        let is_known = value.as_literal().is_some();
        Self { value, is_known }
    }
}

/// A principal of a statement: its value, and its key for comparison.
#[derive(Debug, Clone)]
pub(crate) struct AttachedPrincipal {
    pub(crate) key: PrincipalKey,
    pub(crate) principals: Principals,
}

/// The key by which the CDK compares principals when it merges statements.
///
/// The CDK compares imported roles and named principals by value, and other constructs and account
/// principals by object identity.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum PrincipalKey {
    /// A construct, by its path from the app down.
    Construct(String),
    /// An imported role, by its ARN.
    ImportedRole(String),
    Object(Instance),
    Service(String),
    Arn(String),
    Organization(OrganizationId),
    OrganizationalUnit(OrganizationPath),
    LambdaFunctions(AccountId),
    Star,
    Federated {
        provider: String,
        assume_role_action: String,
        conditions: OrderedConditions,
    },
    CanonicalUser(String),
    WithConditions(Box<PrincipalKey>, OrderedConditions),
}

/// The identity of an object, for principals that the CDK compares by object identity.
#[derive(Debug, Clone, Default)]
pub(crate) struct Instance(Arc<()>);

impl PartialEq for Instance {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

/// Conditions compared including key order, because the CDK compares their JSON.
#[derive(Debug, Clone)]
pub(crate) struct OrderedConditions(pub(crate) Conditions);

impl PartialEq for OrderedConditions {
    fn eq(&self, other: &Self) -> bool {
        same_text(&self.0, &other.0)
    }
}

impl Attached {
    /// Creates a statement of an identity policy.
    pub(crate) fn of_identity(
        actions: &[Action],
        resource: AttachedResource,
        place: Place,
        places: ValuePlaces,
    ) -> Self {
        Self {
            sid: None,
            effect: Effect::Allow,
            actions: texts(actions),
            principals: Vec::new(),
            resources: vec![resource],
            conditions: Conditions::new(),
            place,
            places,
        }
    }

    /// Resolves the deployed statement.
    pub(crate) fn resolve(self) -> Statement {
        let mut all = self.principals.into_iter();
        let mut principals = all.next().map(|first| first.principals).unwrap_or_default();
        for principal in all {
            // Invalid combinations were rejected when the statement was attached, and merging keeps
            // `*` separate.
            let _ = merge_principals(&mut principals, principal.principals, AwsCdk::V2);
        }
        Statement {
            sid: self.sid,
            effect: self.effect,
            actions: self.actions,
            principals,
            resources: self.resources.into_iter().map(|resource| resource.value).collect(),
            conditions: self.conditions,
            place: self.place,
            places: self.places,
        }
    }
}

/// Whether principals can be those of one statement, by [`merge_principals`].
pub(crate) fn can_merge<'p>(
    principals: impl Iterator<Item = &'p Principals>,
    aws_cdk: AwsCdk,
) -> bool {
    let (mut others, mut stars) = (0, 0);
    for principals in principals {
        match principals {
            Principals::ByKind(kinds) => others += usize::from(!kinds.is_empty()),
            Principals::Star => stars += 1,
        }
    }
    stars == 0 || others == 0 && (stars == 1 || aws_cdk == AwsCdk::V2)
}

/// Adds principals to those of a statement. `"*"` cannot be combined with others.
pub(crate) fn merge_principals(
    target: &mut Principals,
    source: Principals,
    aws_cdk: AwsCdk,
) -> Result<(), PrincipalError> {
    match (&mut *target, source) {
        (Principals::ByKind(target), Principals::ByKind(source)) => {
            for (kind, values) in source {
                target.entry(kind).or_default().extend(values);
            }
            Ok(())
        }
        (Principals::ByKind(map), Principals::Star) if map.is_empty() => {
            *target = Principals::Star;
            Ok(())
        }
        (Principals::Star, Principals::Star) if aws_cdk == AwsCdk::V2 => Ok(()),
        _ => Err(PrincipalError::StarWithOthers),
    }
}

/// Merges conditions. An operator in both gets the keys of both. If a key is in both, the value
/// from `source` is used.
pub(crate) fn merge_conditions(mut target: Conditions, source: &Conditions) -> Conditions {
    for (operator, keys) in source {
        let existing = target.entry(operator.clone()).or_default();
        for (key, value) in keys {
            existing.insert(key.clone(), value.clone());
        }
    }
    target
}

/// Whether two conditions are equal including key order, because the CDK compares text.
pub(crate) fn same_text(one: &Conditions, other: &Conditions) -> bool {
    one.len() == other.len()
        && one.iter().zip(other).all(|((one_op, one_keys), (other_op, other_keys))| {
            one_op == other_op && one_keys.iter().eq(other_keys.iter())
        })
}

pub(crate) fn texts(actions: &[Action]) -> Vec<Cow<'static, str>> {
    unique(actions.iter().map(|action| action.clone().into_text()))
}

/// Removes duplicate items.
pub(crate) fn unique<T: PartialEq>(items: impl IntoIterator<Item = T>) -> Vec<T> {
    let mut kept = Vec::new();
    for item in items {
        if !kept.contains(&item) {
            kept.push(item);
        }
    }
    kept
}
