//! Policies as they are deployed: documents, statements, and the resources that carry them.

use ecrane_document::Place;
use indexmap::IndexMap;

use crate::value::{Json, Value};

/// A policy: its statements, in the order in which they were added.
///
/// The version is always `2012-10-17`. The lists of a statement hold no value twice, and no two
/// statements of a document are equal.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct PolicyDocument {
    /// The statements.
    pub statements: Vec<Statement>,
}

/// A statement of a policy.
#[derive(Debug, Clone)]
pub struct Statement {
    /// Its id.
    pub sid: Option<String>,
    /// Whether it allows or denies.
    pub effect: Effect,
    /// The actions, such as `ecr:BatchGetImage`.
    pub actions: Vec<String>,
    /// Whom it speaks of; nobody in the policy of an identity.
    pub principals: Principals,
    /// What it speaks of; nothing in the policy of a repository.
    pub resources: Vec<Value>,
    /// When it holds.
    pub conditions: Conditions,
    /// The place of what asked for it: a grant, or a statement.
    pub place: Place,
}

/// Statements are equal when they say the same, whatever asked for them.
impl PartialEq for Statement {
    fn eq(&self, other: &Self) -> bool {
        let Self { sid, effect, actions, principals, resources, conditions, place: _ } = self;
        *sid == other.sid
            && *effect == other.effect
            && *actions == other.actions
            && *principals == other.principals
            && *resources == other.resources
            && *conditions == other.conditions
    }
}

impl PolicyDocument {
    /// Visits every value of the document.
    pub fn values<'d>(&'d self, visit: &mut dyn FnMut(&'d Value)) {
        for statement in &self.statements {
            let Statement {
                principals,
                resources,
                conditions,
                sid: _,
                effect: _,
                actions: _,
                place: _,
            } = statement;
            match principals {
                Principals::ByKind(kinds) => kinds.values().flatten().for_each(&mut *visit),
                Principals::Star => {}
            }
            resources.iter().for_each(&mut *visit);
            conditions.values().flat_map(IndexMap::values).for_each(|json| json.values(visit));
        }
    }
}

/// Whether a statement allows or denies.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Effect {
    /// It allows.
    #[default]
    Allow,
    /// It denies, whatever else allows.
    Deny,
}

impl Effect {
    /// IAM's word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Allow => "Allow",
            Self::Deny => "Deny",
        }
    }
}

/// Whom a statement speaks of.
#[derive(Debug, Clone, PartialEq)]
pub enum Principals {
    /// By kind; empty in the policy of an identity, which speaks of whom it is attached to.
    ByKind(IndexMap<PrincipalKind, Vec<Value>>),
    /// `"*"`: everybody, signed in or not.
    Star,
}

impl Default for Principals {
    fn default() -> Self {
        Self::ByKind(IndexMap::new())
    }
}

/// The kind of a principal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum PrincipalKind {
    /// Accounts, roles, users.
    Aws,
    /// The canonical user id of an account.
    CanonicalUser,
    /// An identity provider.
    Federated,
    /// An AWS service.
    Service,
}

impl PrincipalKind {
    /// IAM's word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Aws => "AWS",
            Self::CanonicalUser => "CanonicalUser",
            Self::Federated => "Federated",
            Self::Service => "Service",
        }
    }
}

/// Conditions: by operator (`StringEquals`), then by key (`aws:PrincipalOrgID`).
pub type Conditions = IndexMap<String, IndexMap<String, Json>>;
