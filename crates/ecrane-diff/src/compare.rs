//! Compares two stacks: what the engine does to the resources of the first to get the second.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use serde_json::Value;

use crate::change::{Action, Change, Impact};
use crate::repository;
use crate::stack::{Engine, Origin, Resource, Stack};
use crate::{cloudformation, terraform};

/// The changed properties of a resource, and what each does.
pub(crate) type Properties = BTreeMap<String, Impact>;

/// What happens to the resources of `before` when `after` is deployed over it, by address.
///
/// Both stacks must be of the same engine, whose rules apply. CloudFormation replaces a resource
/// when a create-only property of its schema changes, and what refers to a replaced resource in
/// such a property is replaced too. Terraform replaces a resource when the provider (5.100) marks
/// an argument so.
///
/// ```
/// use ecrane_diff::{Action, Document, compare};
///
/// let stack = |name: &str| {
///     let properties = serde_json::json!({ "RepositoryName": name });
///     let app = serde_json::json!({ "Type": "AWS::ECR::Repository", "Properties": properties });
///     match Document::from_json(serde_json::json!({ "Resources": { "App": app } })) {
///         Ok(Document::Stack(stack)) => stack,
///         other => unreachable!("{other:?}"),
///     }
/// };
/// let changes = compare("Registry", &stack("shop/app"), &stack("shop/web"));
/// assert_eq!(changes[0].action, Action::Replace);
/// assert_eq!(changes[0].properties, ["RepositoryName"]);
/// assert!(changes[0].images_at_stake);
/// ```
pub fn compare(stack: &str, before: &Stack, after: &Stack) -> Vec<Change> {
    let engine = after.engine();
    let both = Both { before, after };
    let mut changes = BTreeMap::new();
    let mut updates = Updates::default();
    let mut matched = BTreeSet::new();
    for (address, new) in &after.resources {
        let Some((former, old)) = both.former(address) else {
            changes.insert(address.as_str(), (Action::Add, Vec::new(), Vec::new()));
            continue;
        };
        matched.insert(former);
        if old.kind != new.kind {
            updates.add(address, BTreeMap::from([(String::new(), Impact::Replace)]), Vec::new());
            continue;
        }
        let properties = match engine {
            Engine::CloudFormation => cloudformation_properties(&both, old, new),
            Engine::Terraform => terraform::properties(&both, old, new),
        };
        updates.add(address, properties, both.attributes(old, new));
    }
    updates.propagate(&both);
    for (address, update) in updates.by_address {
        let action = match update.properties.values().max() {
            Some(impact) => Action::from(*impact),
            None if !update.attributes.is_empty() => Action::Update,
            None => continue,
        };
        let names = update.properties.into_keys().filter(|name| !name.is_empty()).collect();
        changes.insert(address, (action, names, update.attributes));
    }
    for (address, old) in before.resources.iter().filter(|(it, _)| !matched.contains(it.as_str())) {
        let action = if both.stays(address, old) { Action::Orphan } else { Action::Remove };
        changes.insert(address, (action, Vec::new(), Vec::new()));
    }
    let change = |(address, (action, properties, attributes)): (&str, (Action, _, _))| {
        let (old, new) = (both.former(address).map(|(_, old)| old), after.resources.get(address));
        let old = old.or(before.resources.get(address));
        let kind = new.or(old).map(|it| it.kind.clone()).unwrap_or_default();
        let effect = repository::effect(engine, address, action, old, new);
        Change {
            stack: stack.to_owned(),
            address: address.to_owned(),
            images_at_stake: repository::is_repository(&kind) && repository::loses_images(action),
            r#type: kind,
            action,
            properties,
            attributes,
            effect,
        }
    };
    changes.into_iter().map(change).collect()
}

/// The two sides.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Both<'s> {
    pub(crate) before: &'s Stack,
    pub(crate) after: &'s Stack,
}

impl<'s> Both<'s> {
    /// The resource at an address, or the one that moves to it.
    pub(crate) fn former(&self, address: &str) -> Option<(&'s str, &'s Resource)> {
        // A chain of `moved` blocks is at most as long as their number.
        let mut left = self.after.moved.len();
        let mut sources = vec![address];
        while let Some(source) = sources.pop() {
            if let Some((address, resource)) = self.before.resources.get_key_value(source) {
                return Some((address.as_str(), resource));
            }
            // Terraform moves instance 0 of a resource that had `count` to the resource without.
            if self.before.origin == Origin::State
                && let Some((address, resource)) =
                    self.before.resources.get_key_value(&format!("{source}[0]"))
            {
                return Some((address.as_str(), resource));
            }
            let from = self.after.moved.get(source).into_iter().flatten();
            for from in from.take(left) {
                left -= 1;
                sources.push(from);
            }
        }
        None
    }

    /// Whether a resource that leaves the stack stays in the account.
    fn stays(&self, address: &str, old: &Resource) -> bool {
        match self.after.engine() {
            Engine::CloudFormation => {
                let policy = old.attributes.get("DeletionPolicy").and_then(Value::as_str);
                matches!(policy, Some("Retain" | "RetainExceptOnCreate"))
            }
            Engine::Terraform => {
                // A `removed` block is about all instances of a resource or module.
                let address = terraform::without_keys(address);
                let is_in = |from: &String| {
                    let rest = address.strip_prefix(from.as_str());
                    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
                };
                self.after.forgotten.iter().any(is_in)
            }
        }
    }

    /// The attributes that change.
    fn attributes(&self, old: &Resource, new: &Resource) -> Vec<String> {
        match self.after.engine() {
            Engine::CloudFormation => {
                let keys: BTreeSet<_> =
                    old.attributes.keys().chain(new.attributes.keys()).collect();
                let changed = keys.into_iter().filter(|key| {
                    let before = old.attributes.get(*key).unwrap_or(&Value::Null);
                    let after = new.attributes.get(*key).unwrap_or(&Value::Null);
                    !cloudformation::is_same_attribute(key, before, after, self.is_mangled())
                });
                changed.cloned().collect()
            }
            // They control Terraform, and do not change the account.
            Engine::Terraform => Vec::new(),
        }
    }

    fn is_mangled(&self) -> bool {
        self.before.origin == Origin::DeployedTemplate
    }

    /// Visits the addresses that a property refers to, when their replacement changes its value,
    /// with what this change does.
    fn uses(
        &self,
        resource: &Resource,
        property: &str,
        value: &'s Value,
        visit: &mut dyn FnMut(&'s str, Impact),
    ) {
        match self.after.engine() {
            // A value that is known after the replacement only is updated along with it; what the
            // CDK's CLI lists are further replacements.
            Engine::CloudFormation => {
                let impact = cloudformation::impact(&resource.kind, property);
                if impact > Impact::Update {
                    cloudformation::references(value, &mut |target| visit(target, impact));
                }
            }
            Engine::Terraform => terraform::references(self, resource, property, value, visit),
        }
    }
}

fn cloudformation_properties(both: &Both<'_>, old: &Resource, new: &Resource) -> Properties {
    let keys: BTreeSet<_> = old.properties.keys().chain(new.properties.keys()).collect();
    let changed =
        keys.into_iter().filter(|key| match (old.properties.get(*key), new.properties.get(*key)) {
            (Some(before), Some(after)) => {
                !cloudformation::is_same(before, after, both.is_mangled())
            }
            _ => true,
        });
    changed.map(|key| (key.clone(), cloudformation::impact(&new.kind, key))).collect()
}

/// The changes in place, and those that follow from others.
#[derive(Debug, Default)]
struct Updates<'s> {
    by_address: BTreeMap<&'s str, Update>,
}

#[derive(Debug)]
struct Update {
    properties: Properties,
    attributes: Vec<String>,
}

impl Update {
    fn is_replacement(&self) -> bool {
        self.properties.values().any(|impact| *impact == Impact::Replace)
    }
}

impl<'s> Updates<'s> {
    fn add(&mut self, address: &'s str, properties: Properties, attributes: Vec<String>) {
        self.by_address.insert(address, Update { properties, attributes });
    }

    /// The references to a replaced resource get another value.
    fn propagate(&mut self, both: &Both<'s>) {
        let mut users: BTreeMap<&str, Vec<(&'s str, &'s str, Impact)>> = BTreeMap::new();
        for address in self.by_address.keys() {
            let Some((address, new)) = both.after.resources.get_key_value(*address) else {
                continue;
            };
            for (property, value) in &new.properties {
                both.uses(new, property, value, &mut |target, impact| {
                    users.entry(target).or_default().push((address, property, impact));
                });
            }
        }
        let replaced = self.by_address.iter().filter(|(_, update)| update.is_replacement());
        let replaced: BTreeSet<&str> = replaced.map(|(address, _)| *address).collect();
        let mut queue: VecDeque<&str> = replaced.iter().copied().collect();
        let mut additions: Vec<(&str, &str, Impact)> = Vec::new();
        let mut done = replaced.clone();
        while let Some(address) = queue.pop_front() {
            for (user, property, impact) in users.get(address).into_iter().flatten().copied() {
                additions.push((user, property, impact));
                if impact == Impact::Replace && done.insert(user) {
                    queue.push_back(user);
                }
            }
        }
        for (user, property, impact) in additions {
            // A resource that is replaced needs no further reason.
            if let Some(update) = self.by_address.get_mut(user).filter(|_| !replaced.contains(user))
            {
                update.properties.entry(property.to_owned()).or_insert(impact);
            }
        }
    }
}
