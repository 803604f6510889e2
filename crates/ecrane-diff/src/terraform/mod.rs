//! Terraform: modules and states, and what a change of them does.

mod document;
mod expression;
pub(crate) mod provider;
mod value;

use std::collections::BTreeSet;

use serde_json::Value;

use crate::change::Impact;
use crate::compare::{Both, Properties};
use crate::json;
use crate::stack::{Origin, Resource, Stack};

pub use document::instance_address;
pub(crate) use document::{module, shown, state_file, without_keys};
pub(crate) use expression::resolve_all;

/// What the change of an argument does to a resource.
pub(crate) fn impact(kind: &str, argument: &str) -> Impact {
    match provider::of(kind) {
        Some(row) if row.replace.contains(&argument) => Impact::Replace,
        _ => Impact::Update,
    }
}

/// The arguments that change, and what each does.
pub(crate) fn properties(both: &Both<'_>, old: &Resource, new: &Resource) -> Properties {
    let row = provider::of(&new.kind);
    // A state also contains attributes, which no argument sets.
    let is_argument = |name: &&String| {
        both.before.origin == Origin::Module
            || row.is_some_and(|row| {
                row.replace.contains(&name.as_str()) || row.update.contains(&name.as_str())
            })
    };
    let old_names = old.properties.keys().filter(is_argument);
    let names: BTreeSet<&String> = new.properties.keys().chain(old_names).collect();
    let changed = names.into_iter().filter(|name| {
        let left_out = !new.properties.contains_key(*name);
        if left_out && row.is_some_and(|row| row.keeps.contains(&name.as_str())) {
            return false;
        }
        let default = row.and_then(|row| row.defaults.iter().find(|(it, _)| it == name));
        let default = default.and_then(|(_, json)| serde_json::from_str(json).ok());
        let value = |it: Option<&Value>| {
            it.filter(|it| !json::is_empty(it)).cloned().or(default.clone()).unwrap_or_default()
        };
        let before = match both.before.origin {
            Origin::State => value(old.properties.get(*name)),
            Origin::Module | Origin::Template | Origin::DeployedTemplate => {
                value(resolved(both, both.before, old.properties.get(*name)).as_ref())
            }
        };
        let written = new.properties.get(*name);
        let after = value(resolved(both, both.after, written).as_ref());
        if both.before.origin == Origin::State && !value::is_known(&after) {
            return written.is_some_and(|written| refers_to_new(both, written));
        }
        !value::is_same(&new.kind, &before, &after)
    });
    changed.map(|name| (name.clone(), impact(&new.kind, name))).collect()
}

/// A value of a module with its templates resolved, as far as they are known.
fn resolved(both: &Both<'_>, side: &Stack, value: Option<&Value>) -> Option<Value> {
    Some(value::map_texts(value?, &|template| {
        let known = expression::resolve(template, &|reference| lookup(both, side, reference, 0));
        known.map_or_else(|| value::Text::Unknown(template.to_owned()), value::Text::Known)
    }))
}

/// The text of an argument, if it is known.
pub(crate) fn text(both: &Both<'_>, side: &Stack, value: &Value) -> Option<String> {
    let template = value.as_str()?;
    match side.origin {
        Origin::State => Some(template.to_owned()),
        Origin::Module | Origin::Template | Origin::DeployedTemplate => {
            expression::resolve(template, &|reference| lookup(both, side, reference, 0))
        }
    }
}

/// The maximum length of a chain of references. Terraform rejects circles.
const DEPTH: usize = 16;

/// A value as text, unless it has parts.
pub(crate) fn text_of(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

fn lookup(both: &Both<'_>, side: &Stack, reference: &str, depth: usize) -> Option<String> {
    let (address, attribute) = reference.rsplit_once('.')?;
    let known = text_of;
    if address.starts_with("data.") {
        return known(both.before.data.get(address)?.get(attribute)?);
    }
    let resource = side.resources.get(address)?;
    if let Some(value) = resource.properties.get(attribute) {
        if side.origin == Origin::State {
            return known(value);
        }
        let template = known(value)?;
        return expression::resolve(&template, &|inner| {
            if depth < DEPTH { lookup(both, side, inner, depth + 1) } else { None }
        });
    }
    // What is in the state stays, unless the resource is replaced: see `references`.
    let (_, former) = both.former(address).filter(|_| both.before.origin == Origin::State)?;
    known(former.properties.get(attribute)?)
}

/// Whether a value refers to a resource that does not exist yet.
fn refers_to_new(both: &Both<'_>, value: &Value) -> bool {
    let mut found = false;
    value::texts(value, &mut |template| {
        expression::references(template, &mut |address, _| {
            found |= both.after.resources.contains_key(address) && both.former(address).is_none();
        });
    });
    found
}

/// Visits the addresses whose replacement changes the value of an argument: those of which it takes
/// an attribute that is known after the apply only.
pub(crate) fn references<'s>(
    both: &Both<'s>,
    resource: &Resource,
    argument: &str,
    value: &'s Value,
    visit: &mut dyn FnMut(&'s str, Impact),
) {
    let impact = impact(&resource.kind, argument);
    value::texts(value, &mut |template| {
        expression::references(template, &mut |address, attribute| {
            let target = both.after.resources.get(address);
            if target.is_some_and(|target| !target.properties.contains_key(attribute)) {
                visit(address, impact);
            }
        });
    });
}
