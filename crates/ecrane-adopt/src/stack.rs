//! The intermediate that every source is read into: stacks of resources with CloudFormation's types
//! and properties. References are `Ref` and `Fn::GetAtt` of the address in the source.

use indexmap::IndexMap;
use serde_json::{Map, Value};

use crate::value::Env;

/// What a stack was read from, which decides how addresses are kept.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Origin {
    /// A CloudFormation template.
    #[default]
    CloudFormation,
}

/// A stack with everything resolved that is known.
#[derive(Debug, Default)]
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
    /// Parts of the source other than resources that a config does not have.
    pub(crate) other_parts: Vec<String>,
}

/// A resource with CloudFormation's type and properties.
#[derive(Debug, Clone, Default)]
pub(crate) struct Resource {
    pub(crate) kind: String,
    pub(crate) properties: Map<String, Value>,
    /// `DeletionPolicy`, `Metadata` and the others.
    pub(crate) attributes: Map<String, Value>,
}

impl Resource {
    /// The path that the AWS CDK notes for a resource, without the stack.
    pub(crate) fn noted_path(&self) -> Option<&str> {
        let path = self.attributes.get("Metadata")?.get("aws:cdk:path")?.as_str()?;
        path.split_once('/').map(|(_, below)| below)
    }
}
