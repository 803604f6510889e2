//! Which repositories a caller may have access to, without looking at each of them.

use std::collections::{BTreeSet, HashMap};

use ecrane_core::Effect;

use crate::caller::{Caller, CallerKind};
use crate::capability::Service;
use crate::permissions::Permissions;
use crate::statement::{Named, Statement};

/// The positions of repositories, by what gives access to them.
#[derive(Debug)]
pub(crate) struct Reach<'p> {
    permissions: &'p Permissions,
    /// By the principals of the statements that allow something.
    by_principal: HashMap<&'p Named, Vec<usize>>,
    /// Those that are open to everybody, or by the policy of a registry.
    open: Vec<usize>,
    public: Vec<usize>,
    by_arn: HashMap<&'p str, usize>,
}

impl<'p> Reach<'p> {
    pub(crate) fn new(permissions: &'p Permissions) -> Self {
        let mut reach = Self {
            permissions,
            by_principal: HashMap::new(),
            open: Vec::new(),
            public: Vec::new(),
            by_arn: HashMap::new(),
        };
        for (index, repository) in permissions.repositories.iter().enumerate() {
            reach.by_arn.insert(&repository.arn, index);
            if repository.service() == Service::EcrPublic {
                reach.public.push(index);
            }
            let has_registry_policy = permissions
                .registry_of(repository)
                .is_some_and(|registry| registry.policy.iter().any(allows));
            let statements = repository.policy.iter().filter(|it| allows(it));
            let principals: BTreeSet<&Named> = statements.flat_map(|it| &it.principals).collect();
            if has_registry_policy || principals.contains(&Named::Anybody) {
                reach.open.push(index);
                continue;
            }
            for principal in principals {
                reach.by_principal.entry(principal).or_default().push(index);
            }
        }
        reach
    }

    /// The positions of the repositories to which a caller may have access, in order. Of all others,
    /// a row has nothing to say.
    pub(crate) fn of(&self, caller: &Caller) -> Vec<usize> {
        let all = || (0..self.permissions.repositories.len()).collect();
        let identity = caller.identity.and_then(|it| self.permissions.identities.get_index(it));
        let named: Vec<Named> = match &caller.kind {
            // The ARN of a session is also that of its role, whatever the path.
            CallerKind::Identity { session: Some(_), .. } => return all(),
            CallerKind::Identity { arn, session: None, .. } => vec![Named::Arn(arn.clone())],
            CallerKind::Service(name) => vec![Named::Service(name.clone())],
            CallerKind::Other(name) => vec![Named::Other(name.clone()), Named::Arn(name.clone())],
            CallerKind::Root | CallerKind::Anybody => Vec::new(),
        };
        let account = caller.account().cloned().map(Named::Account);
        let mut found: BTreeSet<usize> = self.open.iter().copied().collect();
        for named in named.iter().chain(&account) {
            found.extend(self.by_principal.get(named).into_iter().flatten());
        }
        if caller.is_everyone() {
            found.extend(&self.public);
        }
        if let Some((_, identity)) = identity {
            let Some(arns) = identity.plain_resources() else { return all() };
            found.extend(arns.filter_map(|arn| self.by_arn.get(arn.as_str())));
        }
        found.into_iter().collect()
    }
}

fn allows(statement: &Statement) -> bool {
    statement.effect == Effect::Allow
}
