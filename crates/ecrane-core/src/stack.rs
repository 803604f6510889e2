//! The stacks of a graph.

use std::collections::BTreeMap;
use std::sync::Arc;

use ecrane_document::Place;

use crate::names::Environment;
use crate::output::Output;
use crate::resource::Resource;
use crate::resource_id::ResourceId;
use crate::targets::Targets;
use crate::value::Attribute;

/// A stack.
#[derive(Debug, Clone)]
pub struct StackNode {
    /// The construct id.
    pub id: String,
    /// The stack name.
    pub name: String,
    /// The name of the stack's files or directory in an output: the stack name. If an earlier stack,
    /// in another account or region, has the stack name, the id.
    pub output_name: String,
    /// The description.
    pub description: Option<String>,
    /// The target account and region, if known.
    pub env: Environment,
    /// The accounts and regions, if the stack is deployed to each of them. `env` is then unknown.
    pub targets: Option<Arc<Targets>>,
    /// The tags of the stack. Its resources inherit them at deployment.
    pub tags: BTreeMap<String, String>,
    /// Whether termination protection is enabled.
    pub termination_protection: Option<bool>,
    /// The resources, in the order of creation.
    pub resources: Vec<Resource>,
    /// The outputs.
    pub outputs: Vec<Output>,
    /// Whether the stack is a shard of another stack.
    pub is_shard: bool,
    /// The place in the input.
    pub place: Place,
}

impl StackNode {
    /// Returns the path of a resource from the app down, as in the AWS CDK: `Shop/App/Resource`.
    pub fn path_of(&self, resource: &Resource) -> String {
        // The CDK replaces slashes in ids.
        format!("{}/{}", self.id.replace('/', "--"), resource.path)
    }

    /// Visits every reference to a resource, in order of creation.
    pub(crate) fn references(&self, visit: &mut dyn FnMut(ResourceId, Attribute)) {
        for resource in &self.resources {
            resource.kind.references(visit);
        }
        for output in &self.outputs {
            output.value.references(visit);
        }
    }
}

/// Equality ignores the place in the input.
impl PartialEq for StackNode {
    fn eq(&self, other: &Self) -> bool {
        let Self {
            id,
            name,
            output_name: _,
            description,
            env,
            targets,
            tags,
            termination_protection,
            resources,
            outputs,
            is_shard,
            place: _,
        } = self;
        *id == other.id
            && *name == other.name
            && *description == other.description
            && *env == other.env
            && *targets == other.targets
            && *tags == other.tags
            && *termination_protection == other.termination_protection
            && *resources == other.resources
            && *outputs == other.outputs
            && *is_shard == other.is_shard
    }
}
