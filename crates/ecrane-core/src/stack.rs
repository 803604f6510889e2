//! Stacks of a graph.

use std::collections::BTreeMap;

use ecrane_document::{Place, Problem};

use crate::names::Environment;
use crate::output::Output;
use crate::resource::Resource;
use crate::resource_id::ResourceId;
use crate::value::Attribute;

/// One stack.
#[derive(Debug, Clone)]
pub struct StackNode {
    /// The construct id.
    pub id: String,
    /// The name it is deployed under.
    pub name: String,
    /// What it is for.
    pub description: Option<String>,
    /// Where it is deployed to, as far as that is known.
    pub env: Environment,
    /// Tags of the stack, which its resources inherit on deployment.
    pub tags: BTreeMap<String, String>,
    /// Whether deleting the stack is refused.
    pub termination_protection: Option<bool>,
    /// The resources, in the order in which they were made.
    pub resources: Vec<Resource>,
    /// The outputs.
    pub outputs: Vec<Output>,
    /// Whether it is one of those that another stack is spread over.
    pub is_shard: bool,
    /// Where the stack stands in the input.
    pub place: Place,
}

impl StackNode {
    /// The path, from the app down, of the construct that a problem is about: a resource, or the
    /// stack itself.
    pub fn construct_path_of(&self, problem: &Problem) -> String {
        let steps = problem.place.steps();
        let about = self.resources.iter().find(|r| steps.starts_with(r.place.steps()));
        about.map_or_else(|| self.id.clone(), |resource| self.path_of(resource))
    }

    /// The path of a resource from the app down, as the AWS CDK writes it: `Shop/App/Resource`.
    pub fn path_of(&self, resource: &Resource) -> String {
        // The CDK writes a slash in an id this way.
        format!("{}/{}", self.id.replace('/', "--"), resource.path)
    }

    /// Visits every reference to a resource, in the order in which the stack makes them.
    pub(crate) fn references(&self, visit: &mut dyn FnMut(ResourceId, Attribute)) {
        for resource in &self.resources {
            resource.kind.references(visit);
        }
        for output in &self.outputs {
            output.value.references(visit);
        }
    }
}

/// Stacks are equal when they deploy the same, wherever in the input they are.
impl PartialEq for StackNode {
    fn eq(&self, other: &Self) -> bool {
        let Self {
            id,
            name,
            description,
            env,
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
            && *tags == other.tags
            && *termination_protection == other.termination_protection
            && *resources == other.resources
            && *outputs == other.outputs
            && *is_shard == other.is_shard
    }
}
