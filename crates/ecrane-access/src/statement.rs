//! Statements of policies, prepared for evaluation.

use ecrane_core::{
    Effect, Glob, Place, PolicyDocument, PolicyVersion, PrincipalKind, Principals, Value,
};

use crate::caller::Caller;
use crate::capability::ActionSet;
use crate::condition::{Condition, conditions};
use crate::context::Known;
use crate::truth::Truth;
use crate::variables::{Expanded, Wildcards, expand};

/// A statement of a policy.
#[derive(Debug, Clone)]
pub(crate) struct Statement {
    /// Its `Sid`, or its number in the policy.
    pub(crate) name: String,
    /// The policy, in words.
    pub(crate) policy: String,
    /// The place in the input. A statement of an AWS managed policy has none.
    pub(crate) place: Option<Place>,
    pub(crate) effect: Effect,
    actions: Vec<Glob>,
    /// The actions of Amazon ECR that the statement contains.
    pub(crate) capabilities: ActionSet,
    /// Whether the statement contains every action of Amazon ECR or Amazon ECR Public.
    pub(crate) is_everything: bool,
    pub(crate) principals: Vec<Named>,
    pub(crate) resources: Vec<String>,
    pub(crate) conditions: Vec<Condition>,
}

/// A principal of a statement.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Named {
    /// `"*"` or `{"AWS": "*"}`, which are the same (IAM user guide, "AWS JSON policy elements:
    /// Principal").
    Anybody,
    /// An account, which decides by its own policies who of it has the access.
    Account(String),
    /// A role, a user or a session.
    Arn(String),
    Service(String),
    /// An identity provider, or the canonical user id of an account.
    Other(String),
}

/// How a statement refers to a caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Naming {
    /// By its account, whose own policies decide.
    Account,
    /// Directly.
    Direct,
}

impl Named {
    fn new(kind: PrincipalKind, text: String) -> Self {
        match kind {
            PrincipalKind::Aws if text == "*" => Self::Anybody,
            PrincipalKind::Aws => match account_of_root(&text) {
                Some(account) => Self::Account(account.to_owned()),
                None => Self::Arn(text),
            },
            PrincipalKind::Service => Self::Service(text),
            PrincipalKind::Federated | PrincipalKind::CanonicalUser => Self::Other(text),
        }
    }

    fn names(&self, caller: &Caller) -> Option<Naming> {
        match self {
            Self::Anybody => Some(Naming::Direct),
            Self::Account(account) if caller.account() == Some(account) => {
                Some(if caller.is_root() { Naming::Direct } else { Naming::Account })
            }
            Self::Account(_) => None,
            Self::Arn(arn) => caller.is_called(arn).then_some(Naming::Direct),
            Self::Service(name) => (caller.service() == Some(name)).then_some(Naming::Direct),
            Self::Other(name) => (caller.other() == Some(name)).then_some(Naming::Direct),
        }
    }
}

/// The account that a principal stands for: `111122223333`, or its root's ARN.
pub(crate) fn account_of_root(text: &str) -> Option<&str> {
    if text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(text);
    }
    let fields: Vec<&str> = text.splitn(6, ':').collect();
    match fields.as_slice() {
        ["arn", _, "iam", "", account, "root"] => Some(account),
        _ => None,
    }
}

impl Statement {
    /// The statements of a policy, whose values are these texts.
    pub(crate) fn all(
        document: &PolicyDocument,
        policy: &str,
        text: &dyn Fn(&Value) -> String,
    ) -> impl Iterator<Item = Self> {
        document.statements.iter().enumerate().map(move |(index, statement)| {
            let mut statement = Self::new(statement, index, policy, text);
            match document.version {
                PolicyVersion::V2008 => statement.without_variables(),
                PolicyVersion::V2012 => {}
            }
            statement
        })
    }

    /// Takes what reads as a policy variable as the text that it is.
    fn without_variables(&mut self) {
        let values = self.conditions.iter_mut().flat_map(|condition| &mut condition.values);
        for text in self.resources.iter_mut().chain(values) {
            *text = text.replace("${", "${$}{");
        }
    }

    fn new(
        statement: &ecrane_core::Statement,
        index: usize,
        policy: &str,
        text: &dyn Fn(&Value) -> String,
    ) -> Self {
        let ecrane_core::Statement {
            sid,
            effect,
            actions,
            principals,
            resources,
            conditions: given,
            place,
            places: _,
        } = statement;
        let principals = match principals {
            Principals::Star => vec![Named::Anybody],
            Principals::ByKind(kinds) => {
                let named = |(kind, values): (&PrincipalKind, &Vec<_>)| {
                    let of = |value| Named::new(*kind, text(value));
                    values.iter().map(of).collect::<Vec<_>>()
                };
                kinds.iter().flat_map(named).collect()
            }
        };
        Self {
            name: match sid {
                Some(sid) if !sid.is_empty() => sid.clone(),
                _ => format!("statement {}", index + 1),
            },
            policy: policy.to_owned(),
            place: Some(place.clone()),
            effect: *effect,
            capabilities: ActionSet::of_patterns(actions),
            is_everything: actions.iter().any(|action| is_everything(action)),
            actions: patterns(actions),
            principals,
            resources: resources.iter().map(text).collect(),
            conditions: conditions(given, text),
        }
    }

    /// A statement of an AWS managed policy.
    pub(crate) fn of_aws(policy: &str, actions: &[&str]) -> Self {
        Self {
            name: "statement 1".to_owned(),
            policy: format!("AWS managed policy {policy}"),
            place: None,
            effect: Effect::Allow,
            capabilities: ActionSet::of_patterns(actions),
            is_everything: actions.iter().any(|action| is_everything(action)),
            actions: patterns(actions),
            principals: Vec::new(),
            resources: vec!["*".to_owned()],
            conditions: Vec::new(),
        }
    }

    /// Whether an action, in lower case, is one of the statement's.
    pub(crate) fn has_action(&self, action: &str) -> bool {
        self.actions.iter().any(|pattern| pattern.matches(action))
    }

    /// How a statement of a resource's policy refers to a caller, if it does.
    pub(crate) fn names(&self, caller: &Caller) -> Option<Naming> {
        self.principals.iter().filter_map(|named| named.names(caller)).max()
    }

    /// Whether a statement of a resource's policy names a caller, and not only its account or everyone.
    pub(crate) fn names_itself(&self, caller: &Caller) -> bool {
        let mut others = self.principals.iter().filter(|named| **named != Named::Anybody);
        others.any(|named| named.names(caller) == Some(Naming::Direct))
    }

    /// Whether a resource is one of the statement's.
    pub(crate) fn has_resource(&self, arn: &str, known: &Known) -> Truth {
        let each = self.resources.iter().map(|resource| {
            if !is_pattern(resource) {
                return (resource == arn).into();
            }
            match expand(resource, Wildcards::Yes, known) {
                Expanded::Pattern(glob) => glob.matches(arn).into(),
                Expanded::Nothing => Truth::No,
                Expanded::Unknown => Truth::Unknown,
            }
        });
        each.max().unwrap_or(Truth::No)
    }

    /// The organizations, or the units of them by their paths, of which a caller has to be.
    pub(crate) fn organizations(&self) -> Option<&[String]> {
        let demanded = |key| self.conditions.iter().find_map(|it| it.demands(key));
        demanded("aws:PrincipalOrgPaths").or_else(|| demanded("aws:PrincipalOrgID"))
    }

    /// Whether all conditions hold.
    pub(crate) fn holds(&self, known: &Known) -> Truth {
        crate::condition::all_hold(&self.conditions, known)
    }
}

/// Patterns of actions. Actions are compared without regard to case.
fn patterns(actions: &[impl AsRef<str>]) -> Vec<Glob> {
    actions.iter().map(|action| Glob::new(&action.as_ref().to_ascii_lowercase())).collect()
}

/// Whether a pattern stands for every action of Amazon ECR or Amazon ECR Public.
fn is_everything(action: &str) -> bool {
    let plain = action.trim_end_matches('*').to_ascii_lowercase();
    plain.len() < action.len() && matches!(plain.as_str(), "" | "ecr" | "ecr:" | "ecr-public:")
}

/// Whether a resource has a wildcard or a policy variable.
pub(crate) fn is_pattern(resource: &str) -> bool {
    resource.contains(['*', '?']) || resource.contains("${")
}
