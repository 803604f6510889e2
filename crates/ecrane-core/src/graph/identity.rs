//! Unique ids and valid references.

use std::collections::{BTreeMap, BTreeSet};

use ecrane_document::{Explain, KeyMap, Place, Problem};
use thiserror::Error;

use crate::bounds::Findings;
use crate::construct_path::ConstructPath;
use crate::resource_id::ResourceId;
use crate::stack::StackNode;

/// The places of the constructs whose id is known to be taken: the builder of an app knows the
/// constructs, and tells about each of them once.
pub(super) fn told(problems: &[Problem]) -> BTreeSet<Place> {
    problems
        .iter()
        .filter(|problem| problem.fact.code() == "construct::id_taken")
        .map(|problem| problem.place.clone().on_value())
        .collect()
}

/// Reports duplicate stack ids.
pub(super) fn check(stacks: &[StackNode], findings: &mut Findings) {
    let mut ids: BTreeMap<&str, &Place> = BTreeMap::new();
    for stack in stacks {
        if let Some(first) = ids.get(stack.id.as_str()) {
            let (id, first) = (stack.id.clone(), (*first).clone());
            findings.error(stack.place.clone(), IdentityError::StackIdTaken { id, first });
        } else {
            ids.insert(&stack.id, &stack.place);
        }
    }
}

/// Reports duplicate construct paths of a stack, and its references to resources that are not in the
/// graph.
pub(super) fn check_stack(
    stacks: &[StackNode],
    stack: &StackNode,
    told: &BTreeSet<Place>,
    findings: &mut Findings,
) {
    let mut paths: KeyMap<&ConstructPath, &Place> = KeyMap::default();
    paths.reserve(stack.resources.len());
    for resource in &stack.resources {
        if let Some(first) = paths.get(&resource.path) {
            let error =
                IdentityError::PathTaken { id: resource.path.to_string(), first: (*first).clone() };
            if !told.contains(&resource.place) {
                findings.error(resource.place.clone(), error);
            }
        } else {
            paths.insert(&resource.path, &resource.place);
        }
        if resource.path.is_default() {
            let id = resource.path.to_string();
            findings.error(resource.place.clone().on_key(), IdentityError::NoId { id });
        }
    }
    for output in stack.outputs.iter().filter(|output| output.path.is_default()) {
        let id = output.path.to_string();
        findings.error(output.place.clone().on_key(), IdentityError::NoId { id });
    }
    let exists = |id: ResourceId| {
        stacks.get(id.stack()).is_some_and(|stack| id.index() < stack.resources.len())
    };
    for resource in &stack.resources {
        resource.kind.references(&mut |id, _| {
            if !exists(id) {
                let from = resource.path.to_string();
                findings.error(resource.place.clone(), IdentityError::NoResource { from });
            }
        });
    }
    for output in &stack.outputs {
        output.value.references(&mut |id, _| {
            if !exists(id) {
                let from = output.path.to_string();
                findings.error(output.place.clone(), IdentityError::NoResource { from });
            }
        });
    }
}

/// A duplicate id or an invalid reference.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum IdentityError {
    /// Two stacks have the same id.
    #[error("duplicate stack id `{id}`")]
    StackIdTaken {
        /// The id.
        id: String,
        /// The place of the first stack with the id.
        first: Place,
    },
    /// Two resources in a stack have the same construct path.
    #[error("duplicate construct id `{id}` in this stack")]
    PathTaken {
        /// The construct path.
        id: String,
        /// The place of the first resource with the path.
        first: Place,
    },
    /// A construct without children whose id is `Default`, from which no name is derived.
    #[error("no name can be derived from construct id `{id}`")]
    NoId {
        /// The id.
        id: String,
    },
    /// A reference to a resource that is not in the graph.
    #[error("`{from}` refers to a resource that is not in the graph")]
    NoResource {
        /// The path of the resource or output with the reference.
        from: String,
    },
}

impl Explain for IdentityError {
    fn code(&self) -> &'static str {
        match self {
            Self::StackIdTaken { .. } => "stack::id_taken",
            Self::PathTaken { .. } => "construct::id_taken",
            Self::NoId { .. } => "construct::only_default",
            Self::NoResource { .. } => "graph::no_resource",
        }
    }

    fn help(&self) -> Option<String> {
        Some(
            match self {
                Self::StackIdTaken { .. } => "use a different stack id",
                Self::PathTaken { .. } => "use a different id: construct ids must be unique within a stack",
                Self::NoId { .. } => {
                    "use a different id: the AWS CDK and CDKTF leave `Default` out of the names that they derive"
                }
                Self::NoResource { .. } => {
                    "use a `ResourceId` of this graph: it is valid only in the graph that it was created for"
                }
            }
            .to_owned(),
        )
    }

    fn related(&self) -> Option<(&Place, &'static str)> {
        match self {
            Self::StackIdTaken { first, .. } | Self::PathTaken { first, .. } => {
                Some((first, "first defined here"))
            }
            Self::NoId { .. } | Self::NoResource { .. } => None,
        }
    }
}
