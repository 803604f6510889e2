//! Policy documents and statements.

use std::borrow::Cow;

use ecrane_document::Place;
use indexmap::IndexMap;

use crate::value::{Json, Value};

/// A policy document, with statements in the order in which they were added.
///
/// The lists of a statement have no duplicate values, and a document has no duplicate statements.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct PolicyDocument {
    /// The version of the policy language.
    pub version: PolicyVersion,
    /// The statements.
    pub statements: Vec<Statement>,
}

/// A version of the policy language (IAM user guide, "IAM JSON policy elements: Version").
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum PolicyVersion {
    /// `2008-10-17`, without policy variables. The ECR console writes it.
    V2008,
    /// `2012-10-17`, the current version.
    #[default]
    V2012,
}

impl PolicyVersion {
    /// The value in IAM policies.
    ///
    /// ```
    /// use ecrane_core::PolicyVersion;
    ///
    /// assert_eq!(PolicyVersion::default().as_str(), "2012-10-17");
    /// ```
    pub fn as_str(self) -> &'static str {
        match self {
            Self::V2008 => "2008-10-17",
            Self::V2012 => "2012-10-17",
        }
    }
}

/// A policy statement.
#[derive(Debug, Clone)]
pub struct Statement {
    /// The statement id (`Sid`).
    pub sid: Option<String>,
    /// The effect.
    pub effect: Effect,
    /// The actions, such as `ecr:BatchGetImage`. Those of grants are constants.
    pub actions: Vec<Cow<'static, str>>,
    /// The principals. Empty in an identity policy.
    pub principals: Principals,
    /// The resources. Empty in a repository policy.
    pub resources: Vec<Value>,
    /// The conditions.
    pub conditions: Conditions,
    /// The place of the grant or statement in the input.
    pub place: Place,
    /// The places of its values in the input, as far as they are known.
    pub places: ValuePlaces,
}

/// A list of values in a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum StatementPart {
    /// The actions.
    Action,
    /// The principals, of all types.
    Principal,
    /// The resources.
    Resource,
    /// The condition operators.
    Condition,
}

/// The places of the values of a statement in the input. One statement of a policy can come from
/// several in the input.
#[derive(Debug, Clone, Default)]
pub struct ValuePlaces(Vec<(StatementPart, Box<str>, Place)>);

impl ValuePlaces {
    /// Adds the place of a value. The first place of a value is kept.
    pub fn add(&mut self, part: StatementPart, value: &str, place: Place) {
        self.insert(part, value.into(), place);
    }

    /// Adds the places of another statement.
    pub fn merge(&mut self, other: Self) {
        if self.0.is_empty() {
            self.0 = other.0;
            return;
        }
        for (part, value, place) in other.0 {
            self.insert(part, value, place);
        }
    }

    /// They are sorted: most statements have few, for which a tree would have more room.
    fn insert(&mut self, part: StatementPart, value: Box<str>, place: Place) {
        if let Err(at) = self.find(part, &value) {
            // A first one by itself would make room for four.
            self.0.reserve_exact(usize::from(self.0.is_empty()));
            self.0.insert(at, (part, value, place));
        }
    }

    /// The position of a value, or the one at which it would be.
    fn find(&self, part: StatementPart, value: &str) -> Result<usize, usize> {
        self.0.binary_search_by(|(of, known, _)| (*of, &**known).cmp(&(part, value)))
    }
}

impl Statement {
    /// The place of a value, or that of the statement.
    pub(crate) fn place_of(&self, part: StatementPart, value: &str) -> Place {
        let own = self.places.find(part, value).ok().and_then(|at| self.places.0.get(at));
        own.map_or(&self.place, |(_, _, place)| place).clone()
    }
}

/// Equality ignores the places in the input.
impl PartialEq for Statement {
    fn eq(&self, other: &Self) -> bool {
        let Self { sid, effect, actions, principals, resources, conditions, place: _, places: _ } =
            self;
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
                places: _,
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

/// The effect of a statement.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Effect {
    /// Allow.
    #[default]
    Allow,
    /// Deny. It overrides any allow.
    Deny,
}

impl Effect {
    /// The value in IAM policies.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Allow => "Allow",
            Self::Deny => "Deny",
        }
    }
}

/// The principals of a statement.
#[derive(Debug, Clone, PartialEq)]
pub enum Principals {
    /// Principals by type. Empty in an identity policy, which applies to the attached identity.
    ByKind(IndexMap<PrincipalKind, Vec<Value>>),
    /// `"*"`: everybody, including anonymous users.
    Star,
}

impl Default for Principals {
    fn default() -> Self {
        Self::ByKind(IndexMap::new())
    }
}

/// The type of a principal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum PrincipalKind {
    /// Accounts, roles and users.
    Aws,
    /// The canonical user id of an account.
    CanonicalUser,
    /// An identity provider.
    Federated,
    /// An AWS service.
    Service,
}

impl PrincipalKind {
    /// The value in IAM policies.
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
