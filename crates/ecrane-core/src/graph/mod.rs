//! The graph: everything that an app deploys, fully resolved.

mod by_stack;
mod circle;
mod draft;
mod identity;
mod identity_policies;
mod meeting;
mod order;
mod owners;
mod references;
mod registries;
mod registry_scope;
mod scan_events;
mod stack_names;
mod tags;
mod taken;
mod targets;

use std::collections::BTreeSet;

use ecrane_document::{Problem, Problems, in_parallel};
use indexmap::IndexSet;

pub use circle::StackCircle;
pub use draft::Draft;
pub use identity::IdentityError;
pub use identity_policies::{IdentityPolicyError, IdentityPolicyWarning};
pub use owners::OwnerError;
pub use scan_events::ScanEventWarning;
pub use stack_names::{StackIdError, StackNameTaken};
pub use taken::NameError;
pub use targets::TargetsError;

use crate::bounds::{self, Findings};
use crate::compatibility::Compatibility;
use crate::construct_path::ConstructPath;
use crate::resource::Resource;
use crate::resource_id::ResourceId;
use crate::stack::StackNode;
use crate::value::Attribute;

/// Everything that an app deploys, by stack, in input order.
///
/// [`Graph::new`] is the only constructor, so every graph has passed all checks: ids are unique,
/// references are valid, stacks have no circular dependencies, and AWS quotas and patterns are
/// respected. A backend fails only for features that its target does not support.
#[derive(Debug, Clone)]
pub struct Graph {
    stacks: Vec<StackNode>,
    compatibility: Compatibility,
    warnings: Vec<Problem>,
    /// What each stack refers to in others.
    foreign: Vec<ForeignReferences>,
}

/// The attributes of other stacks' resources that a stack refers to, in the order of first use.
type ForeignReferences = IndexSet<(ResourceId, Attribute)>;

/// A check of the stacks.
type Check<'g> = Box<dyn Fn(&mut Findings) + Sync + 'g>;

/// Graphs are equal if they deploy the same resources. Warnings are ignored.
impl PartialEq for Graph {
    fn eq(&self, other: &Self) -> bool {
        let Self { stacks, compatibility, warnings: _, foreign: _ } = self;
        *stacks == other.stacks && *compatibility == other.compatibility
    }
}

/// The identity of a resource across graphs: the id of its stack and its construct path.
///
/// A [`ResourceId`] is a position in one graph. To compare two graphs, use keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ResourceKey<'g> {
    /// The construct id of the stack.
    pub stack: &'g str,
    /// The construct path within the stack.
    pub path: &'g ConstructPath,
}

impl Graph {
    /// Creates a graph from stacks. `problems` are those found while the stacks were built.
    ///
    /// ```
    /// use ecrane_core::{Compatibility, Graph};
    ///
    /// let graph = Graph::new(Vec::new(), Compatibility::default(), Vec::new())?;
    /// assert!(graph.stacks().is_empty());
    /// # Ok::<(), ecrane_core::Problems>(())
    /// ```
    ///
    /// # Errors
    /// Returns all problems, in input order, if at least one is an error.
    pub fn new(
        stacks: Vec<StackNode>,
        compatibility: Compatibility,
        problems: Vec<Problem>,
    ) -> Result<Self, Problems> {
        Self::draft(stacks, compatibility, problems).finish()
    }

    /// Like [`Graph::new`], but keeps a graph with errors, so that backends can be asked for their
    /// problems.
    pub fn draft(
        stacks: Vec<StackNode>,
        compatibility: Compatibility,
        mut problems: Vec<Problem>,
    ) -> Draft {
        let told = identity::told(&problems);
        let foreign = references::foreign(&stacks);
        let of_all = |check: fn(&[StackNode], &mut Findings)| -> Check<'_> {
            let stacks = &stacks;
            Box::new(move |findings| check(stacks, findings))
        };
        let mut checks = vec![of_all(identity::check)];
        for stack in &stacks {
            let (stacks, told) = (&stacks, &told);
            checks.push(Box::new(|findings| identity::check_stack(stacks, stack, told, findings)));
        }
        checks.extend([stack_names::check, stack_names::check_ids].map(of_all));
        checks.push(Box::new(|findings| circle::check(&stacks, &foreign, findings)));
        let of_structure = checks.len();
        checks.extend(
            [
                owners::check,
                taken::check,
                registry_scope::check,
                scan_events::check,
                identity_policies::check,
            ]
            .map(of_all),
        );
        checks.push(Box::new(|findings| targets::check(&stacks, &foreign, findings)));
        for stack in &stacks {
            checks.push(Box::new(|findings| Self::check_within(stack, findings)));
        }
        let found = |check: &Check<'_>| {
            let mut findings = Findings::new(Vec::new(), compatibility);
            check(&mut findings);
            findings.problems
        };
        let found: Vec<_> = match stacks.as_slice() {
            // Sooner checked than another thread begins.
            [] | [_] => checks.iter().map(found).collect(),
            [_, ..] => in_parallel(&checks, || (), |(), check| found(check)),
        };
        drop(checks);
        let is_sound = found.iter().take(of_structure).all(Vec::is_empty);
        problems.extend(found.into_iter().flatten());
        order::sort(&stacks, &mut problems);
        order::dedup(&mut problems);
        let graph = Self { stacks, compatibility, warnings: Vec::new(), foreign };
        Draft { graph, problems, is_sound }
    }

    /// Checks what a stack can be checked for without the others.
    fn check_within(stack: &StackNode, findings: &mut Findings) {
        if let Some(region) = &stack.env.region {
            bounds::known_region(region, &stack.place.key("env").key("region"), findings);
        }
        tags::check_stack(stack, findings);
        for output in &stack.outputs {
            output.check(findings);
        }
        for resource in &stack.resources {
            tags::check_resource(stack, resource, findings);
            resource.kind.check(&resource.place, &stack.env, findings);
        }
        targets::check_resources(stack, findings);
    }

    /// The stacks.
    pub fn stacks(&self) -> &[StackNode] {
        &self.stacks
    }

    /// The AWS CDK version and feature flags that the templates match.
    pub fn compatibility(&self) -> Compatibility {
        self.compatibility
    }

    /// The warnings.
    pub fn warnings(&self) -> &[Problem] {
        &self.warnings
    }

    /// Adds warnings, such as those of a caller.
    #[must_use]
    pub fn with_warnings(mut self, warnings: impl IntoIterator<Item = Problem>) -> Self {
        self.warnings.extend(warnings);
        self
    }

    /// Returns the resource with an id, or `None` for an id of another graph.
    pub fn resource(&self, id: ResourceId) -> Option<&Resource> {
        self.stack_of(id)?.resources.get(id.index())
    }

    /// Returns the stack of a resource, or `None` for an id of another graph.
    pub fn stack_of(&self, id: ResourceId) -> Option<&StackNode> {
        self.stacks.get(id.stack())
    }

    /// Returns the key of a resource, or `None` for an id of another graph.
    pub fn key(&self, id: ResourceId) -> Option<ResourceKey<'_>> {
        let stack = self.stack_of(id)?;
        let resource = stack.resources.get(id.index())?;
        Some(ResourceKey { stack: &stack.id, path: &resource.path })
    }

    /// Iterates over all resources with their ids, by stack.
    pub fn resources(&self) -> impl Iterator<Item = (ResourceId, &Resource)> {
        self.stacks.iter().enumerate().flat_map(|(stack, node)| {
            let resources = node.resources.iter().enumerate();
            resources.map(move |(index, resource)| (ResourceId::new(stack, index), resource))
        })
    }

    /// Returns the attributes of other stacks' resources that a stack refers to, in the order of
    /// first use.
    pub fn foreign_references(
        &self,
        stack: usize,
    ) -> impl Iterator<Item = (ResourceId, Attribute)> {
        self.foreign.get(stack).into_iter().flatten().copied()
    }

    /// The stacks that must be deployed before a stack, as positions in [`Graph::stacks`].
    pub fn dependencies(&self, stack: usize) -> BTreeSet<usize> {
        references::dependencies(&self.foreign, stack)
    }

    /// Sorts problems by the stack that they belong to, each with the construct path, from the app
    /// down, of the resource that it is about, or of the stack.
    ///
    /// The result has an entry for each of [`Graph::stacks`]. All shards of a stack have the same
    /// place. A problem belongs to the shard that contains the resource, otherwise to the first
    /// shard. A problem outside of stacks belongs to the first stack.
    pub fn by_stack<'p>(
        &self,
        problems: impl IntoIterator<Item = &'p Problem>,
    ) -> Vec<Vec<(String, &'p Problem)>> {
        by_stack::sort(&self.stacks, problems)
    }
}
