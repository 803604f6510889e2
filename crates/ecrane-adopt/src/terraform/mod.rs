//! Terraform states and plans, as stacks.

mod assemble;
mod documents;
mod doomed;
mod env;
mod expression;
mod fake;
mod functions;
mod links;
mod module;
mod plan;
mod stack_names;
mod state;
mod translate;
mod types;

pub(crate) use module::{import, is_module, module, noted_id};
pub(crate) use stack_names::{RemoteState, name_by_policies, name_by_readers, name_by_tags};
pub(crate) use state::{is_state, stack};
pub(crate) use types::ACCOUNT_SETTING;

use serde_json::Value;

use crate::error::SourceAddress;
use crate::stack::Resource;
use crate::value::Env;

/// A policy document of an account, with the principals and partitions that a config has short forms
/// for as references.
pub(crate) fn policy(text: &Value, env: Env) -> Value {
    links::Links::new(std::iter::empty(), env).policy(text, false)
}

/// The address of the argument that became a property.
pub(crate) fn address_of(address: &str, resource: &Resource, property: &str) -> SourceAddress {
    let part = match property {
        "LifecyclePolicy" => "LifecyclePolicy",
        "RepositoryPolicyText" => "RepositoryPolicy",
        _ => "",
    };
    if let Some((_, part)) = resource.parts.iter().find(|(id, _)| id == part) {
        return SourceAddress::from(part.as_str()).property("policy");
    }
    let argument = argument(&resource.kind, property);
    SourceAddress::from(address).property(argument.unwrap_or(property))
}

/// The argument that is a property of a CloudFormation type.
pub(crate) fn argument(kind: &str, property: &str) -> Option<&'static str> {
    let kinds = types::TYPES.iter().filter(|it| it.kind == kind);
    kinds.flat_map(|it| it.arguments).find(|it| it.property == property).map(|it| it.name)
}
