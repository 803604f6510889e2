//! The registries for which a setting is made.

use std::collections::BTreeMap;

use ecrane_document::Place;

use crate::names::{AccountId, Region};
use crate::resource::ResourceKind;
use crate::stack::StackNode;

/// The registries for which stacks make a setting: those of the stacks themselves and of their
/// shards, and of each stack of the same account and region.
#[derive(Debug)]
pub(super) struct Registries<'g> {
    stacks: BTreeMap<&'g Place, &'g Place>,
    envs: BTreeMap<(&'g AccountId, &'g Region), &'g Place>,
}

impl<'g> Registries<'g> {
    /// The registries whose setting is one of these.
    pub(super) fn with(stacks: &'g [StackNode], is: impl Fn(&ResourceKind) -> bool) -> Self {
        let mut found = Self { stacks: BTreeMap::new(), envs: BTreeMap::new() };
        for stack in stacks {
            let Some(resource) = stack.resources.iter().find(|resource| is(&resource.kind)) else {
                continue;
            };
            found.stacks.insert(&stack.place, &resource.place);
            found.envs.extend(env(stack).map(|env| (env, &resource.place)));
        }
        found
    }

    /// The place of the setting, if it is made for the registry of a stack.
    pub(super) fn setting_of(&self, stack: &StackNode) -> Option<&'g Place> {
        let of_env = env(stack).and_then(|env| self.envs.get(&env));
        self.stacks.get(&stack.place).or(of_env).copied()
    }
}

fn env(stack: &StackNode) -> Option<(&AccountId, &Region)> {
    stack.env.account.as_ref().zip(stack.env.region.as_ref())
}
