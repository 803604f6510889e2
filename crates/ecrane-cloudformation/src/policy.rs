//! Policy documents.

use ecrane_core::{Conditions, Json, PolicyDocument, PrincipalKind, Principals, Statement, Value};
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use crate::scope::{In, Scope};

/// A policy document, as the template writes it.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Policy<'g> {
    pub(crate) statement: Vec<PolicyStatement<'g>>,
    pub(crate) version: &'static str,
}

/// A statement, as the template writes it.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct PolicyStatement<'g> {
    pub(crate) action: OneOrMany<&'g str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) condition: Option<Condition<'g>>,
    pub(crate) effect: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) principal: Option<Principal<'g>>,
    #[serde(skip_serializing_if = "OneOrMany::is_empty")]
    pub(crate) resource: OneOrMany<In<'g, &'g Value>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) sid: Option<&'g str>,
}

/// What the CDK writes as a list only where there are several.
#[derive(Debug)]
pub(crate) struct OneOrMany<T>(pub(crate) Vec<T>);

impl<T> OneOrMany<T> {
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<T: Serialize> Serialize for OneOrMany<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0.as_slice() {
            [one] => one.serialize(serializer),
            many => many.serialize(serializer),
        }
    }
}

/// The principals of a statement, as the template writes them.
#[derive(Debug)]
pub(crate) enum Principal<'g> {
    Star,
    ByKind(Vec<(PrincipalKind, OneOrMany<In<'g, &'g Value>>)>),
}

impl Serialize for Principal<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Star => serializer.serialize_str("*"),
            Self::ByKind(kinds) => {
                let mut map = serializer.serialize_map(Some(kinds.len()))?;
                for (kind, values) in kinds {
                    map.serialize_entry(kind.as_str(), values)?;
                }
                map.end()
            }
        }
    }
}

/// The conditions of a statement, as the template writes them.
#[derive(Debug)]
pub(crate) struct Condition<'g> {
    scope: Scope<'g>,
    pub(crate) conditions: &'g Conditions,
}

impl Serialize for Condition<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        struct Keys<'g>(Scope<'g>, &'g indexmap::IndexMap<String, Json>);
        impl Serialize for Keys<'_> {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_map(self.1.iter().map(|(k, v)| (k, self.0.json(v))))
            }
        }
        let entries = self.conditions.iter().map(|(op, keys)| (op, Keys(self.scope, keys)));
        serializer.collect_map(entries)
    }
}

impl<'g> Policy<'g> {
    /// The document, or nothing when it has no statements.
    pub(crate) fn new(scope: Scope<'g>, document: &'g PolicyDocument) -> Option<Self> {
        (!document.statements.is_empty()).then(|| Self {
            statement: document.statements.iter().map(|s| statement(scope, s)).collect(),
            version: "2012-10-17",
        })
    }
}

fn statement<'g>(scope: Scope<'g>, statement: &'g Statement) -> PolicyStatement<'g> {
    let sort = scope.graph.compatibility().minimize_policies;
    let actions = statement.actions.iter().map(String::as_str).collect();
    PolicyStatement {
        action: list(actions, sort),
        condition: (!statement.conditions.is_empty())
            .then_some(Condition { scope, conditions: &statement.conditions }),
        effect: statement.effect.as_str(),
        principal: principal(scope, &statement.principals),
        resource: list(scope.values(&statement.resources), sort),
        sid: statement.sid.as_deref(),
    }
}

fn principal<'g>(scope: Scope<'g>, principals: &'g Principals) -> Option<Principal<'g>> {
    let sort = scope.graph.compatibility().minimize_policies;
    match principals {
        Principals::Star => Some(Principal::Star),
        Principals::ByKind(kinds) if kinds.is_empty() => None,
        Principals::ByKind(kinds) => {
            let mut kinds: Vec<_> = kinds
                .iter()
                .map(|(kind, values)| (*kind, list(scope.values(values), sort)))
                .collect();
            if sort {
                kinds.sort_by_key(|(kind, _)| kind.as_str());
            }
            Some(Principal::ByKind(kinds))
        }
    }
}

/// The items, in the order of their JSON and without repetition where the CDK sorts them.
fn list<T: Serialize>(items: Vec<T>, sort: bool) -> OneOrMany<T> {
    if !sort || items.len() < 2 {
        return OneOrMany(items);
    }
    let mut items: Vec<(String, T)> = items
        .into_iter()
        // What cannot be written fails again, and is told, when the template is written.
        .map(|item| (serde_json::to_string(&item).unwrap_or_default(), item))
        .collect();
    // JavaScript compares UTF-16 code units.
    items.sort_by(|(one, _), (other, _)| one.encode_utf16().cmp(other.encode_utf16()));
    items.dedup_by(|(one, _), (other, _)| one == other);
    OneOrMany(items.into_iter().map(|(_, item)| item).collect())
}
