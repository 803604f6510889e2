//! Conversion of stacks under construction to graph stacks.

use std::collections::BTreeMap;

use ecrane_core::{
    Addresses, ConstructPath, Identity, IdentityPolicyResource, LifecyclePolicy,
    ManagedPolicyResource, PolicyDocument, Problem, RepositoryResource, Resource, ResourceKind,
    StackNode,
};

use crate::policy::merge;
use crate::state::{Body, Node, StackState};

/// Builds the graph stack, and runs the checks that need the complete stack.
pub(crate) fn stack_node(
    stack: &StackState,
    output_name: &str,
    minimize: bool,
    problems: &mut Vec<Problem>,
) -> StackNode {
    let mut overflow = Vec::new();
    let mut resources = Vec::with_capacity(stack.nodes.len());
    for node in &stack.nodes {
        let kind = match &node.body {
            Body::Repository(repository, rules, statements) => {
                let (lifecycle_policy, wrong) = LifecyclePolicy::new(rules.iter().cloned());
                problems.extend(wrong);
                ResourceKind::Repository(RepositoryResource {
                    lifecycle_policy,
                    policy: PolicyDocument {
                        version: repository.policy.version,
                        ..merge::document(statements.clone(), minimize)
                    },
                    ..RepositoryResource::clone(repository)
                })
            }
            Body::IdentityPolicy { name, attached_to, statements, splits_into } => {
                let document = match splits_into {
                    None => merge::document(statements.clone(), minimize),
                    Some(role) => {
                        let (inline, rest) = merge::split(statements.clone(), minimize);
                        overflow.extend(overflow_policies(stack, node, role, attached_to, rest));
                        inline
                    }
                };
                ResourceKind::IdentityPolicy(IdentityPolicyResource {
                    name: name.clone(),
                    document,
                    attached_to: attached_to.clone(),
                })
            }
            Body::EventRule(rule) => ResourceKind::EventRule(rule.clone()),
            Body::Done(kind) => ResourceKind::clone(kind),
        };
        resources.push(Resource {
            path: node.path.clone(),
            tags: node.tags.clone(),
            removal_policy: node.removal_policy,
            addresses: node.addresses.clone(),
            kind,
            place: node.place.clone(),
        });
    }
    resources.extend(overflow);
    StackNode {
        id: stack.id.clone(),
        name: stack.name().to_owned(),
        output_name: output_name.to_owned(),
        description: stack.description.clone(),
        env: stack.env.clone(),
        tags: stack.tags.clone(),
        termination_protection: stack.termination_protection,
        resources,
        outputs: stack.outputs.clone(),
        is_shard: stack.shard_of.is_some(),
        place: stack.place.clone(),
    }
}

/// The managed policies for statements that exceed the size of a role's inline policy.
fn overflow_policies(
    stack: &StackState,
    policy: &Node,
    role: &ConstructPath,
    attached_to: &Identity,
    documents: Vec<PolicyDocument>,
) -> Vec<Resource> {
    let name = attached_to.name();
    documents
        .into_iter()
        .enumerate()
        .map(|(index, document)| Resource {
            path: role.child(&format!("OverflowPolicy{}", index + 1)).child("Resource"),
            tags: BTreeMap::new(),
            removal_policy: None,
            addresses: Addresses::default(),
            kind: ResourceKind::ManagedPolicy(ManagedPolicyResource {
                description: format!("Part of the policies for {}/{role}", stack.id),
                document,
                role: name.clone(),
            }),
            place: policy.place.clone(),
        })
        .collect()
}
