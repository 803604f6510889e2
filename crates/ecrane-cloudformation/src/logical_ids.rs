//! The logical IDs of a graph's resources.

use std::collections::HashMap;

use ecrane_core::{
    AwsCdk, Compatibility, ConstructPath, Graph, Problem, Resource, ResourceId, StackNode,
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
        Self(graph.stacks().iter().map(of_stack).collect())
    }

    /// The logical ID of a resource.
    pub(crate) fn get(&self, id: ResourceId) -> &str {
        self.of_stack(id.stack()).get(id.index()).map_or("", String::as_str)
    }

    /// The logical IDs of a stack's resources, in graph order.
    pub(crate) fn of_stack(&self, stack: usize) -> &[String] {
        self.0.get(stack).map_or(&[], Vec::as_slice)
    }

    /// Reports invalid and duplicate logical IDs.
    pub(crate) fn check(
        &self,
        index: usize,
        stack: &StackNode,
        Compatibility { aws_cdk, bootstrap_version_rule, .. }: Compatibility,
        problems: &mut Vec<Problem>,
    ) {
        let resources =
            self.of_stack(index).iter().zip(&stack.resources).map(|(id, r)| {
                (id.clone(), &r.path, &r.place, r.addresses.pinned(TARGET).is_some())
            });
        let outputs = stack.outputs.iter().map(|o| (o.path.logical_id(), &o.path, &o.place, false));
        let mut taken = HashMap::new();
        let parameter = ConstructPath::try_from(bootstrap::PARAMETER);
        if let (true, Ok(parameter)) = (bootstrap_version_rule, &parameter) {
            taken.insert(bootstrap::PARAMETER.to_owned(), parameter);
        }
        for (logical_id, path, place, pinned) in resources.chain(outputs) {
            let pin = place.key("logicalId");
            if pinned && !is_logical_id(&logical_id, aws_cdk) {
                problems.push(Problem::error(pin, TemplateError::PinMalformed { logical_id }));
                continue;
            }
            if !is_logical_id(&logical_id, aws_cdk) {
                let error =
                    TemplateError::LogicalIdMalformed { path: path.to_string(), logical_id };
                problems.push(Problem::error(place.clone().on_key(), error));
                continue;
            }
            if let Some(one) = taken.insert(logical_id.clone(), path) {
                let error = TemplateError::LogicalIdTaken {
                    one: one.to_string(),
                    other: path.to_string(),
                    logical_id,
                };
                problems.push(Problem::error(if pinned { pin } else { place.clone() }, error));
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
