//! The logical ids of a graph.

use std::collections::HashMap;

use ecrane_core::{Graph, Problem, ResourceId, StackNode};

use crate::error::TemplateError;

/// The logical id of every resource, stack by stack.
#[derive(Debug)]
pub(crate) struct LogicalIds(Vec<Vec<String>>);

impl LogicalIds {
    pub(crate) fn new(graph: &Graph) -> Self {
        let of_stack = |stack: &StackNode| {
            stack.resources.iter().map(|resource| resource.path.logical_id()).collect()
        };
        Self(graph.stacks.iter().map(of_stack).collect())
    }

    /// The logical id of a resource.
    pub(crate) fn get(&self, id: ResourceId) -> &str {
        self.of_stack(id.stack()).get(id.index()).map_or("", String::as_str)
    }

    /// The logical ids of a stack's resources, in their order.
    pub(crate) fn of_stack(&self, stack: usize) -> &[String] {
        self.0.get(stack).map_or(&[], Vec::as_slice)
    }

    /// Notes resources and outputs that come to one logical id.
    pub(crate) fn check(&self, index: usize, stack: &StackNode, problems: &mut Vec<Problem>) {
        let resources = self
            .of_stack(index)
            .iter()
            .zip(&stack.resources)
            .map(|(id, resource)| (id.clone(), &resource.path, &resource.place));
        let outputs = stack.outputs.iter().map(|o| (o.path.logical_id(), &o.path, &o.place));
        let mut taken = HashMap::new();
        for (logical_id, path, place) in resources.chain(outputs) {
            if let Some(one) = taken.insert(logical_id.clone(), path) {
                let error = TemplateError::LogicalIdTaken {
                    one: one.to_string(),
                    other: path.to_string(),
                    logical_id,
                };
                problems.push(Problem::error(place.clone(), error));
            }
        }
    }
}
