//! The logical IDs of a graph's resources and outputs.

use std::borrow::Cow;
use std::collections::hash_map::Entry;

use ecrane_core::{
    AwsCdk, Compatibility, ConstructPath, Graph, KeyMap, Output, Place, Problem, Resource,
    ResourceId, StackNode, in_parallel,
};

use crate::TARGET;
use crate::bootstrap;
use crate::error::TemplateError;

/// The logical ID of every resource, by stack.
#[derive(Debug)]
pub(crate) struct LogicalIds(Vec<Vec<String>>);

impl LogicalIds {
    pub(crate) fn new(graph: &Graph) -> Self {
        let of_stack = |stack: &StackNode| {
            let id = |resource: &Resource| {
                let pinned = resource.addresses.pinned(TARGET);
                pinned.map_or_else(|| resource.path.logical_id(), str::to_owned)
            };
            stack.resources.iter().map(id).collect()
        };
        Self(in_parallel(graph.stacks(), || (), |(), stack| of_stack(stack)))
    }

    /// The logical ID of a resource.
    pub(crate) fn get(&self, id: ResourceId) -> &str {
        self.of_stack(id.stack()).get(id.index()).map_or("", String::as_str)
    }

    /// The logical IDs of a stack's resources, in graph order.
    pub(crate) fn of_stack(&self, stack: usize) -> &[String] {
        self.0.get(stack).map_or(&[], Vec::as_slice)
    }

    /// Reports invalid and duplicate logical IDs. Resources and parameters share a namespace, and
    /// outputs have one of their own: an output can have the logical ID of a resource, as the CDK
    /// writes it. `published` are the outputs for other stacks.
    pub(crate) fn check<'p>(
        &self,
        index: usize,
        stack: &StackNode,
        published: impl Iterator<Item = &'p str>,
        Compatibility { aws_cdk, bootstrap_version_rule, .. }: Compatibility,
        problems: &mut Vec<Problem>,
    ) {
        let mut resources = Taken::new(aws_cdk);
        if bootstrap_version_rule {
            resources.0.insert(bootstrap::PARAMETER.into(), bootstrap::PARAMETER.into());
        }
        for (id, resource) in self.of_stack(index).iter().zip(&stack.resources) {
            let pinned = resource.addresses.pinned(TARGET).is_some();
            resources.take(id.into(), pinned, &resource.path, &resource.place, problems);
        }
        let mut outputs = Taken::new(aws_cdk);
        for id in published {
            outputs.0.insert(id.into(), id.into());
        }
        for output in &stack.outputs {
            let pinned = output.pins.contains_key(TARGET);
            outputs.take(of_output(output), pinned, &output.path, &output.place, problems);
        }
    }
}

/// The logical ID of an output.
pub(crate) fn of_output(output: &Output) -> Cow<'_, str> {
    match output.pins.get(TARGET) {
        Some(pinned) => pinned.into(),
        None => output.path.logical_id().into(),
    }
}

/// The logical IDs of a namespace, with the constructs that have them.
struct Taken<'s>(KeyMap<Cow<'s, str>, Cow<'s, str>>, AwsCdk);

impl<'s> Taken<'s> {
    fn new(aws_cdk: AwsCdk) -> Self {
        Self(KeyMap::default(), aws_cdk)
    }

    /// Takes a logical ID for a construct, or reports why it cannot have it.
    fn take(
        &mut self,
        id: Cow<'s, str>,
        pinned: bool,
        path: &'s ConstructPath,
        place: &Place,
        problems: &mut Vec<Problem>,
    ) {
        let Self(taken, aws_cdk) = self;
        let pin = || place.key("logicalId");
        if !is_logical_id(&id, *aws_cdk) {
            let logical_id = id.into_owned();
            problems.push(if pinned {
                Problem::error(pin(), TemplateError::PinMalformed { logical_id })
            } else {
                let path = path.to_string();
                let error = TemplateError::LogicalIdMalformed { path, logical_id };
                Problem::error(place.clone().on_key(), error)
            });
            return;
        }
        match taken.entry(id) {
            Entry::Vacant(free) => {
                free.insert(path.as_str().into());
            }
            Entry::Occupied(mut one) => {
                let error = TemplateError::LogicalIdTaken {
                    logical_id: one.key().to_string(),
                    one: one.insert(path.as_str().into()).into_owned(),
                    other: path.to_string(),
                };
                problems.push(Problem::error(if pinned { pin() } else { place.clone() }, error));
            }
        }
    }
}

/// Whether a logical ID is valid: 1 to 255 letters and digits. CDK 1.130 requires at least two
/// characters, the first a letter.
fn is_logical_id(id: &str, aws_cdk: AwsCdk) -> bool {
    let enough = match aws_cdk {
        AwsCdk::V1 => id.len() >= 2 && id.starts_with(|c: char| c.is_ascii_alphabetic()),
        AwsCdk::V2 => !id.is_empty(),
    };
    enough && id.len() <= 255 && id.bytes().all(|b| b.is_ascii_alphanumeric())
}
