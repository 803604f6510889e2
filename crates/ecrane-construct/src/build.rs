//! Conversion of stacks under construction to graph stacks.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use ecrane_core::{
    Addresses, ConstructPath, Draft, Graph, Identity, IdentityPolicyResource, KeyResource,
    LifecyclePolicy, LifecycleRule, ManagedPolicyResource, Place, PolicyDocument, Problem,
    RepositoryResource, Resource, ResourceKind, StackNode, in_parallel,
};

use crate::policy::merge;
use crate::state::{AppState, Body, LifecycleRules, StackState};

impl AppState {
    /// Builds the graph, and runs the checks that need complete stacks.
    pub(crate) fn draft(self) -> Draft {
        let Self { compatibility, first: _, stacks, mut problems } = self;
        let mut names = BTreeSet::new();
        let stacks = stacks.into_iter().map(|stack| {
            // Of several stacks with one name, the first is written under the name.
            let is_first = names.insert(stack.name().to_owned());
            let output_name = if is_first { stack.name() } else { &stack.id }.to_owned();
            (stack, output_name)
        });
        let minimize = compatibility.minimize_policies;
        let built = in_parallel(stacks, Policies::new, |policies, (stack, output_name)| {
            let mut problems = Vec::new();
            (stack_node(stack, output_name, minimize, policies, &mut problems), problems)
        });
        let (nodes, found): (Vec<_>, Vec<_>) = built.into_iter().unzip();
        problems.extend(found.into_iter().flatten());
        Graph::draft(nodes, compatibility, problems)
    }
}

fn stack_node(
    stack: StackState,
    output_name: String,
    minimize: bool,
    policies: &mut Policies,
    problems: &mut Vec<Problem>,
) -> StackNode {
    let name = stack.name().to_owned();
    let mut overflow = Vec::new();
    let mut resources = Vec::with_capacity(stack.nodes.len());
    for node in stack.nodes {
        let kind = match node.body {
            Body::Repository(repository, rules, statements) => {
                let lifecycle_policy = lifecycle_policy(rules, policies, problems);
                let version = repository.policy.version;
                ResourceKind::Repository(RepositoryResource {
                    lifecycle_policy,
                    policy: PolicyDocument { version, ..merge::document(statements, minimize) },
                    ..*repository
                })
            }
            Body::IdentityPolicy { name, attached_to, statements, splits_into } => {
                let document = match splits_into {
                    None => merge::document(statements, minimize),
                    Some(role) => {
                        let (inline, rest) = merge::split(statements, minimize);
                        let policies =
                            overflow_policies(&stack.id, &node.place, &role, &attached_to, rest);
                        overflow.extend(policies);
                        inline
                    }
                };
                let policy = IdentityPolicyResource { name, document, attached_to };
                ResourceKind::IdentityPolicy(policy)
            }
            Body::EventRule(rule) => ResourceKind::EventRule(rule),
            Body::Key(key, statements) => {
                let policy = merge::document(statements, minimize);
                ResourceKind::Key(KeyResource { policy, ..*key })
            }
            Body::Done(kind) => *kind,
        };
        resources.push(Resource {
            path: node.path,
            tags: node.tags,
            removal_policy: node.removal_policy,
            addresses: node.addresses,
            kind,
            place: node.place,
        });
    }
    resources.extend(overflow);
    StackNode {
        id: stack.id,
        name,
        output_name,
        description: stack.description,
        env: stack.env,
        targets: stack.targets,
        tags: stack.tags,
        termination_protection: stack.termination_protection,
        resources,
        outputs: stack.outputs,
        is_shard: stack.shard_of.is_some(),
        place: stack.place,
    }
}

/// Policies without problems, by their rules: most repositories have one of a few.
type Policies = HashMap<Vec<LifecycleRule>, LifecyclePolicy>;

fn lifecycle_policy(
    rules: LifecycleRules,
    policies: &mut Policies,
    problems: &mut Vec<Problem>,
) -> Option<LifecyclePolicy> {
    let LifecycleRules { rules, places } = rules;
    if let Some(known) = policies.get(rules.as_slice()) {
        return Some(known.clone());
    }
    let (policy, found) = LifecyclePolicy::new(places.into_iter().zip(rules.iter().cloned()));
    if let Some(policy) = policy.as_ref().filter(|_| found.is_empty()) {
        policies.insert(rules, policy.clone());
    }
    problems.extend(found);
    policy
}

/// The managed policies for statements that exceed the size of a role's inline policy.
fn overflow_policies(
    stack: &str,
    place: &Place,
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
                description: format!("Part of the policies for {stack}/{role}"),
                document,
                role: name.clone(),
            }),
            place: place.clone(),
        })
        .collect()
}
