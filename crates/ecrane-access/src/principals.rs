//! The principals that a graph declares or names.

use std::collections::{BTreeMap, HashMap};
use std::fmt;

use ecrane_core::{Effect, IdentityKind, Place};

use crate::caller::{Caller, CallerKind};
use crate::capability::Service;
use crate::context::Context;
use crate::permissions::{Permissions, Repository};
use crate::statement::{Named, Statement};

/// A principal, and where the graph declares or names it.
#[derive(Debug, Clone)]
pub(crate) struct Listed {
    pub(crate) caller: Caller,
    pub(crate) place: Option<Place>,
}

/// The principals that a graph declares or names, by their names in a matrix.
pub(crate) fn listed(permissions: &Permissions) -> BTreeMap<String, Listed> {
    let mut found = BTreeMap::new();
    let repositories = permissions.repositories.iter().map(|repository| &repository.policy);
    let registries = permissions.registries.values().map(|registry| &registry.policy);
    // Everybody may pull from a public repository.
    let is_public = |it: &&Repository| it.service() == Service::EcrPublic;
    if let Some(public) = permissions.repositories.iter().find(is_public) {
        let place = public.declared.as_ref().map(|(_, place)| place);
        add(&mut found, Caller::anybody(Context::default()), place);
    }
    // Before the identities, since a statement knows the path of a role that the graph imports.
    for statement in repositories.chain(registries).flatten() {
        for named in &statement.principals {
            for caller in callers(named, statement, permissions) {
                add(&mut found, caller, statement.place.as_ref());
            }
        }
    }
    let named = found.iter().filter_map(|(name, it)| Some((it.caller.identity?, name.clone())));
    // The first of several sessions of a role.
    let named: HashMap<usize, String> = named.collect::<Vec<_>>().into_iter().rev().collect();
    for (index, identity) in permissions.identities.values().enumerate() {
        let statement = identity.statements().iter().find_map(|it| it.place.as_ref());
        let declared = identity.declared.as_ref().map(|(_, place)| place);
        if let Some(listed) = named.get(&index).and_then(|name| found.get_mut(name)) {
            listed.place = declared.or(statement).cloned();
        } else if let Some(caller) = permissions.caller_at(index) {
            add(&mut found, caller, declared.or(statement));
        }
    }
    found
}

fn add(found: &mut BTreeMap<String, Listed>, caller: Caller, place: Option<&Place>) {
    found.entry(caller.to_string()).or_insert_with(|| Listed { caller, place: place.cloned() });
}

/// The callers that a principal of a statement stands for.
fn callers(named: &Named, statement: &Statement, permissions: &Permissions) -> Vec<Caller> {
    match named {
        Named::Anybody => {
            match statement.organizations() {
                Some(paths) => paths.iter().map(|path| Caller::of_organization(path)).collect(),
                // Whom a statement denies something is told with those who have it.
                None if statement.effect == Effect::Deny => Vec::new(),
                None => vec![Caller::anybody(Context::default())],
            }
        }
        Named::Account(account) => vec![Caller::root(account)],
        Named::Arn(arn) => match permissions.caller_of_arn(arn) {
            Some(caller) => vec![caller],
            None => vec![Caller::of_other(arn)],
        },
        Named::Service(name) => vec![Caller::of_service(name)],
        Named::Other(name) => vec![Caller::of_other(name)],
    }
}

/// The name in a matrix.
impl fmt::Display for Caller {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            CallerKind::Identity { session: Some(session), .. } => f.write_str(session),
            CallerKind::Identity { kind: IdentityKind::Group, arn, .. } => {
                write!(f, "members of {arn}")
            }
            CallerKind::Identity { arn, .. } => f.write_str(arn),
            CallerKind::Root => {
                write!(f, "account {}", self.account().map(String::as_str).unwrap_or_default())
            }
            CallerKind::Service(name) => write!(f, "service {name}"),
            CallerKind::Other(name) => f.write_str(name),
            CallerKind::Anybody => {
                let first = |key| self.keys.get(key).and_then(|values| values.first());
                match (first("aws:PrincipalOrgPaths"), first("aws:PrincipalOrgID")) {
                    (Some(path), _) => write!(f, "organizational unit {path}"),
                    (None, Some(id)) => write!(f, "organization {id}"),
                    (None, None) => f.write_str("everyone"),
                }
            }
        }
    }
}

/// The principal in words.
impl fmt::Display for Named {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Anybody => f.write_str("everyone"),
            Self::Account(account) => write!(f, "account {account}"),
            Self::Arn(name) | Self::Service(name) | Self::Other(name) => f.write_str(name),
        }
    }
}
