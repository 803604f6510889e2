//! The app: the root of all constructs.

use std::cell::{Ref, RefCell, RefMut};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use thiserror::Error;

use crate::compatibility::Compatibility;
use crate::diagnostic::{Explain, Place, Problem, Problems};
use crate::event::EventRule;
use crate::graph::{Graph, Pins, RemovalPolicy, Resource, ResourceId, ResourceKind, StackNode};
use crate::lifecycle::{CheckedRule, LifecyclePolicy};
use crate::limits;
use crate::overrides::Overrides;
use crate::path::ConstructPath;
use crate::policy::{self, Attached, Identity, IdentityPolicy, ManagedPolicy};
use crate::repository::RepositoryResource;
use crate::stack::StackState;
use crate::value::Value;

/// The root of all constructs: CDK's `App`.
///
/// Constructs are handles: cheap to clone, all of them views of one app. A method never fails
/// half-way: what is wrong is noted, and [`App::build`] tells all of it at once.
///
/// ```
/// use ecrane_core::{App, Repository, RepositoryProps, Stack, StackProps};
///
/// let app = App::default();
/// let stack = Stack::new(&app, "Registry", StackProps::default());
/// Repository::new(&stack, "App", RepositoryProps { image_scan_on_push: Some(true), ..Default::default() });
/// let graph = app.build()?;
/// assert_eq!(graph.stacks[0].resources.len(), 1);
/// # Ok::<(), ecrane_core::Problems>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct App(Rc<RefCell<AppState>>);

#[derive(Debug, Default)]
pub(crate) struct AppState {
    pub(crate) compatibility: Compatibility,
    pub(crate) stacks: Vec<StackState>,
    problems: Vec<Problem>,
    /// Where the config that calls the constructs stands, if one does.
    cursor: Option<Place>,
}

/// A resource while the app is open.
#[derive(Debug)]
pub(crate) struct Node {
    pub(crate) path: ConstructPath,
    pub(crate) tags: BTreeMap<String, String>,
    pub(crate) removal_policy: Option<RemovalPolicy>,
    pub(crate) pins: Pins,
    pub(crate) overrides: Overrides,
    pub(crate) place: Place,
    pub(crate) body: Body,
}

/// What a resource is, as far as it can still change.
#[derive(Debug)]
pub(crate) enum Body {
    /// A repository, its lifecycle rules and the statements of its policy.
    Repository(RepositoryResource, Vec<(Place, CheckedRule)>, Vec<Attached>),
    /// The default policy of an identity.
    IdentityPolicy {
        name: String,
        attached_to: Identity,
        statements: Vec<Attached>,
        /// The path of the role that it belongs to, where CDK splits it when it grows too large.
        splits_into: Option<ConstructPath>,
    },
    EventRule(EventRule),
    /// What does not change any more.
    Done(Box<ResourceKind>),
}

impl App {
    /// An app whose graph is equal to what this CDK makes of the same program.
    pub fn new(compatibility: Compatibility) -> Self {
        Self(Rc::new(RefCell::new(AppState { compatibility, ..AppState::default() })))
    }

    /// The graph of all constructs.
    ///
    /// # Errors
    /// All problems, when one of them is an error.
    pub fn build(&self) -> Result<Graph, Problems> {
        let state = self.state();
        let mut problems = state.problems.clone();
        let mut graph =
            Graph { stacks: Vec::new(), compatibility: state.compatibility, warnings: Vec::new() };
        for stack in &state.stacks {
            graph.stacks.push(close_stack(stack, &mut problems));
        }
        problems.extend(taken_stack_names(&graph));
        problems.extend(circle(&graph));
        problems.extend(limits::check(&graph));
        graph.warnings = Problems::check(problems)?;
        Ok(graph)
    }

    pub(crate) fn state(&self) -> Ref<'_, AppState> {
        self.0.borrow()
    }

    pub(crate) fn state_mut(&self) -> RefMut<'_, AppState> {
        self.0.borrow_mut()
    }

    pub(crate) fn is(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }

    pub(crate) fn compatibility(&self) -> Compatibility {
        self.state().compatibility
    }

    /// Says where the config stands that makes the next calls.
    pub(crate) fn set_cursor(&self, place: Place) {
        self.state_mut().cursor = Some(place);
    }

    /// Where the config stands, or else where the construct would stand in one.
    pub(crate) fn place_or(&self, place: impl FnOnce() -> Place) -> Place {
        let cursor = self.state().cursor.clone();
        cursor.unwrap_or_else(place)
    }

    pub(crate) fn note(&self, problem: Problem) {
        self.state_mut().problems.push(problem);
    }
}

impl AppState {
    pub(crate) fn node(&mut self, id: ResourceId) -> Option<&mut Node> {
        self.stacks.get_mut(id.stack)?.nodes.get_mut(id.index)
    }
}

/// Stacks that would be deployed under the name of another one.
fn taken_stack_names(graph: &Graph) -> Vec<Problem> {
    let mut names: BTreeMap<&str, &str> = BTreeMap::new();
    let mut problems = Vec::new();
    for StackNode { id, name, place, .. } in &graph.stacks {
        if let Some(first) = names.get(name.as_str()) {
            let error = AppError::StackNameTaken {
                name: name.clone(),
                stack: id.clone(),
                first: (*first).to_owned(),
            };
            problems.push(Problem::error(place.clone(), error));
        } else {
            names.insert(name, id);
        }
    }
    problems
}

/// The first circle of stacks that need each other: none of them can be deployed first.
fn circle(graph: &Graph) -> Option<Problem> {
    let needs: Vec<_> = (0..graph.stacks.len()).map(|stack| graph.dependencies(stack)).collect();
    let circle = find_circle(&needs)?;
    let in_circle = || circle.iter().filter_map(|&index| graph.stacks.get(index));
    let place = in_circle().next().map(|stack| stack.place.clone()).unwrap_or_default();
    let stacks = in_circle().map(|stack| stack.id.clone()).collect();
    Some(Problem::error(place, AppError::StackCircle { stacks }))
}

/// A circle in what needs what, the first one repeated at the end.
fn find_circle(needs: &[BTreeSet<usize>]) -> Option<Vec<usize>> {
    let mut done = vec![false; needs.len()];
    for start in 0..needs.len() {
        // The way from the start, and what is still to be looked at from each step of it.
        let mut way: Vec<(usize, Vec<usize>)> = Vec::new();
        let mut next = Some(start);
        while let Some(at) = next {
            if let Some(first) = way.iter().position(|(seen, _)| *seen == at) {
                return Some(way.iter().skip(first).map(|(seen, _)| *seen).chain([at]).collect());
            }
            if !done.get(at).copied().unwrap_or(true) {
                let open = needs.get(at).into_iter().flatten().rev().copied().collect();
                way.push((at, open));
            }
            next = None;
            while let Some((at, open)) = way.last_mut() {
                if let Some(other) = open.pop() {
                    next = Some(other);
                    break;
                }
                if let Some(done) = done.get_mut(*at) {
                    *done = true;
                }
                way.pop();
            }
        }
    }
    None
}

/// A stack as it is deployed, with what can only be checked now.
fn close_stack(stack: &StackState, problems: &mut Vec<Problem>) -> StackNode {
    let minimize = stack.minimize_policies;
    let mut overflow = Vec::new();
    let mut resources = Vec::with_capacity(stack.nodes.len());
    for node in &stack.nodes {
        let kind = match &node.body {
            Body::Repository(repository, rules, statements) => {
                let mut repository = repository.clone();
                let (policy, wrong) = LifecyclePolicy::new(rules);
                repository.lifecycle_policy = policy;
                problems.extend(wrong);
                repository.policy = policy::document(statements.clone(), minimize);
                ResourceKind::Repository(repository)
            }
            Body::IdentityPolicy { name, attached_to, statements, splits_into } => {
                let document = match splits_into {
                    None => policy::document(statements.clone(), minimize),
                    Some(role) => {
                        let (inline, rest) = policy::split(statements.clone(), minimize);
                        overflow.extend(overflow_policies(stack, node, role, attached_to, rest));
                        inline
                    }
                };
                ResourceKind::IdentityPolicy(IdentityPolicy {
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
            pins: node.pins.clone(),
            overrides: node.overrides.clone(),
            kind,
            place: node.place.clone(),
        });
    }
    resources.extend(overflow);
    StackNode {
        id: stack.id.clone(),
        name: stack.name().to_owned(),
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

/// The managed policies that carry on where the inline policy of a role is full.
fn overflow_policies(
    stack: &StackState,
    policy: &Node,
    role: &ConstructPath,
    attached_to: &Identity,
    documents: Vec<policy::PolicyDocument>,
) -> Vec<Resource> {
    let (Identity::Role(name) | Identity::User(name) | Identity::Group(name)) = attached_to;
    let name: &Value = name;
    documents
        .into_iter()
        .enumerate()
        .map(|(index, document)| Resource {
            path: role.child(&format!("OverflowPolicy{}", index + 1)).child("Resource"),
            tags: BTreeMap::new(),
            removal_policy: None,
            pins: Pins::default(),
            overrides: Overrides::default(),
            kind: ResourceKind::ManagedPolicy(ManagedPolicy {
                description: format!("Part of the policies for {}/{role}", stack.id),
                document,
                role: name.clone(),
            }),
            place: policy.place.clone(),
        })
        .collect()
}

/// What cannot stand together in one app.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum AppError {
    /// Two stacks would be deployed under one name.
    #[error("stacks `{first}` and `{stack}` have the same name `{name}`")]
    StackNameTaken {
        /// The name.
        name: String,
        /// The stack that came later.
        stack: String,
        /// The stack that had the name first.
        first: String,
    },
    /// Stacks that need each other.
    #[error("stacks need each other in a circle: `{}`", .stacks.join("` → `"))]
    StackCircle {
        /// The stacks, the first one repeated at the end.
        stacks: Vec<String>,
    },
    /// A construct of another app is used.
    #[error("`{construct}` belongs to another app")]
    OtherApp {
        /// The construct's path.
        construct: String,
    },
}

impl Explain for AppError {
    fn code(&self) -> &'static str {
        match self {
            Self::StackNameTaken { .. } => "stack::name_taken",
            Self::StackCircle { .. } => "stack::circle",
            Self::OtherApp { .. } => "construct::other_app",
        }
    }

    fn help(&self) -> Option<String> {
        Some(
            match self {
                Self::StackNameTaken { .. } => "give one of them another `stackName`",
                Self::StackCircle { .. } => {
                    "move what they share into one of them, or into a stack of its own"
                }
                Self::OtherApp { .. } => "make both in one app",
            }
            .to_owned(),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_a_circle() {
        let cases = [
            (vec![vec![1], vec![2], vec![]], None),
            (vec![vec![1], vec![2], vec![1]], Some(vec![1, 2, 1])),
            (vec![vec![1, 2], vec![2], vec![]], None),
            (vec![vec![], vec![2], vec![3], vec![1]], Some(vec![1, 2, 3, 1])),
            (vec![vec![0]], Some(vec![0, 0])),
        ];
        for (needs, expected) in cases {
            let needs: Vec<BTreeSet<usize>> =
                needs.into_iter().map(|n| n.into_iter().collect()).collect();
            assert_eq!(find_circle(&needs), expected, "{needs:?}");
        }
    }
}
