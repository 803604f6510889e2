//! The intermediate that every source is read into: stacks of resources with CloudFormation's types
//! and properties. References are `Ref` and `Fn::GetAtt` of the address in the source.

use std::collections::BTreeSet;

use ecrane_core::ConstructPath;
use ecrane_terraform::{Address, Layout, resource_name};
use indexmap::IndexMap;
use serde_json::{Map, Value};

use crate::error::NotAdopted;
use crate::terraform::RemoteState;
use crate::value::{Env, only};

/// What a stack was read from, which decides how addresses are kept.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Origin {
    /// A CloudFormation template.
    #[default]
    CloudFormation,
    /// A Terraform module or state, with the layout in which ecrane writes its successor.
    Terraform(Layout),
    /// Output of the AWS CLI. Nothing has an address yet.
    Account,
}

impl Origin {
    /// The key of the config and the name in it that keep the address of a resource, unless the
    /// address derives from the construct path.
    pub(crate) fn pin(self, address: &str, path: &ConstructPath) -> Option<(&'static str, String)> {
        match self {
            Self::CloudFormation => {
                (path.logical_id() != address).then(|| ("logicalId", address.to_owned()))
            }
            Self::Account => None,
            Self::Terraform(layout) => {
                let name = plain_name(address)?;
                let derives = is_name(&name, path, layout);
                (!derives).then_some(("terraformName", name))
            }
        }
    }
}

/// Whether the name of a resource derives from its path. A name in the `cdktf` layout must do so in
/// the other layout, too: the config does not say which layout it is rendered in.
pub(crate) fn is_name(name: &str, path: &ConstructPath, layout: Layout) -> bool {
    resource_name(path, layout) == name && resource_name(path, Layout::Plain) == name
}

/// The name in an address, if the resource is in a root module and has no key.
pub(crate) fn plain_name(address: &str) -> Option<String> {
    let address = Address::try_from(address.to_owned()).ok()?;
    address.plain_name().map(str::to_owned)
}

/// A stack with everything resolved that is known.
#[derive(Debug, Clone, Default)]
#[expect(clippy::struct_field_names, reason = "the name is the AWS CDK's")]
pub(crate) struct Stack {
    /// The construct ID.
    pub(crate) id: String,
    pub(crate) origin: Origin,
    /// The physical name, if it is known and differs from the ID.
    pub(crate) stack_name: Option<String>,
    pub(crate) env: Env,
    pub(crate) tags: IndexMap<String, String>,
    pub(crate) termination_protection: bool,
    pub(crate) description: Option<String>,
    /// By logical ID or address.
    pub(crate) resources: IndexMap<String, Resource>,
    pub(crate) outputs: IndexMap<String, Map<String, Value>>,
    /// Whether it has the parameter and the rule of the CDK's bootstrap version.
    pub(crate) has_bootstrap_rule: bool,
    /// Whether it is a module in JSON, which a program wrote.
    pub(crate) is_module: bool,
    /// Choices that were made when it was read.
    pub(crate) comments: Vec<String>,
    /// The parameters, mappings, conditions and foreign resources of the template.
    pub(crate) declared: BTreeSet<String>,
    /// The conditions whose values are unknown, each with the parameters that would decide it.
    pub(crate) undecided: IndexMap<String, Vec<String>>,
    /// Parts of the source other than resources that a config does not have.
    pub(crate) other_parts: Vec<String>,
    /// The Terraform module or state, with which the config is compared.
    pub(crate) deployed: Option<ecrane_diff::Stack>,
    /// The `resource` blocks of a module.
    pub(crate) blocks: Map<String, Value>,
    /// The states of other modules that it reads.
    pub(crate) remote_states: Vec<RemoteState>,
    /// The outputs that modules of other stacks can read, by name.
    pub(crate) exports: Vec<(String, Value)>,
    /// The `terraform` settings of the config.
    pub(crate) settings: Map<String, Value>,
    /// What could not be read into resources.
    pub(crate) refused: Vec<NotAdopted>,
}

impl Stack {
    /// Whether a value means the same in the template of a config, which has no parameters, mappings,
    /// conditions and foreign resources.
    pub(crate) fn is_portable(&self, value: &Value) -> bool {
        let is_declared = |name: &Value| name.as_str().is_some_and(|it| self.declared.contains(it));
        match value {
            // The transform for them, `AWS::LanguageExtensions`, is no part of a config.
            Value::Object(_)
                if matches!(only(value), Some(("Fn::ToJsonString" | "Fn::Length", _))) =>
            {
                false
            }
            Value::Object(entries) => {
                let named = match only(value) {
                    Some(("Ref" | "Condition", name)) => Some(name),
                    Some(("Fn::FindInMap" | "Fn::If" | "Fn::GetAtt", Value::Array(all))) => {
                        all.first()
                    }
                    _ => None,
                };
                let text = match only(value) {
                    Some(("Fn::Sub", Value::Array(arguments))) => arguments.first(),
                    Some(("Fn::Sub", text)) => Some(text),
                    _ => None,
                };
                let parts = text.and_then(Value::as_str).unwrap_or_default().split("${").skip(1);
                let mut in_text = parts.filter_map(|it| it.split_once('}')).map(|(name, _)| name);
                !named.is_some_and(is_declared)
                    && !in_text.any(|it| {
                        let id = it.split_once('.').map_or(it, |(id, _)| id);
                        self.declared.contains(id)
                    })
                    && entries.values().all(|it| self.is_portable(it))
            }
            Value::Array(items) => items.iter().all(|it| self.is_portable(it)),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => true,
        }
    }
}

/// A resource with CloudFormation's type and properties.
#[derive(Debug, Clone, Default)]
pub(crate) struct Resource {
    pub(crate) kind: String,
    pub(crate) properties: Map<String, Value>,
    /// The properties as the template has them, before anything was resolved.
    pub(crate) written: Map<String, Value>,
    /// `DeletionPolicy`, `Metadata` and the others.
    pub(crate) attributes: Map<String, Value>,
    /// The construct ID that suits the resource, if it comes from elsewhere than a template.
    pub(crate) id: Option<String>,
    /// The addresses of resources that are properties here, with the ID below the construct that
    /// they get in Terraform.
    pub(crate) parts: Vec<(String, String)>,
    /// Arguments that have no counterpart in CloudFormation.
    pub(crate) arguments: Map<String, Value>,
}

impl Resource {
    /// The path that the AWS CDK notes for a resource, without the stack.
    pub(crate) fn noted_path(&self) -> Option<&str> {
        let path = self.attributes.get("Metadata")?.get("aws:cdk:path")?.as_str()?;
        path.split_once('/').map(|(_, below)| below)
    }
}
