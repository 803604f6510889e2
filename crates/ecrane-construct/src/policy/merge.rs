//! Merging of collected statements into policy documents.
//!
//! CDK 1.130 omits a statement that is equal to an earlier one. CDK 2 can also merge statements
//! that differ in one element only (`@aws-cdk/aws-iam:minimizePolicies`), and moves statements that
//! exceed the size of a role's inline policy to managed policies.

use std::collections::{HashMap, HashSet};
use std::hash::BuildHasher as _;

use ecrane_core::{PolicyDocument, Principals, Statement, Value};

use super::attached::{Attached, AttachedPrincipal, AttachedResource, same_text};

/// CDK's limit on the estimated size of a role's inline policy, in characters.
const MAX_INLINE_SIZE: usize = 10_000;
/// CDK's limit on the estimated size of a managed policy, in characters.
const MAX_MANAGED_SIZE: usize = 6_000;
/// CDK's limit on the estimated size of a merged statement of a policy that can be split.
const MAX_MERGE_SIZE: usize = 2_000;
/// CDK's estimate for an ARN that is unknown until deployment.
const ARN_ESTIMATE: usize = 150;

/// Builds the policy document of statements.
pub(crate) fn document(mut statements: Vec<Attached>, minimize: bool) -> PolicyDocument {
    if minimize {
        statements = minimize_statements(statements, false);
    }
    resolve(statements)
}

/// Builds the document of a role's inline policy, and the documents of the managed policies for the
/// statements that exceed its size.
pub(crate) fn split(
    statements: Vec<Attached>,
    minimize: bool,
) -> (PolicyDocument, Vec<PolicyDocument>) {
    let statements =
        if minimize { minimize_statements(statements, true) } else { without_repeats(statements) };
    let mut inline = Vec::new();
    let mut inline_size = 0;
    let mut overflow: Vec<(usize, Vec<Attached>)> = Vec::new();
    for statement in statements {
        let size = estimate(&statement);
        if inline_size + size < MAX_INLINE_SIZE {
            inline_size += size;
            inline.push(statement);
        } else if let Some((used, document)) =
            overflow.iter_mut().find(|(used, _)| *used + size <= MAX_MANAGED_SIZE)
        {
            *used += size;
            document.push(statement);
        } else {
            overflow.push((size, vec![statement]));
        }
    }
    // Each document is merged again when it is rendered, without a limit on the statement size.
    let overflow = overflow.into_iter().map(|(_, rest)| document(rest, minimize)).collect();
    (document(inline, minimize), overflow)
}

/// Merges statements that differ in at most one of actions, resources and principals, until no two
/// can be merged.
fn minimize_statements(statements: Vec<Attached>, limit_size: bool) -> Vec<Attached> {
    if statements.len() < 2 {
        return statements;
    }
    let mut statements = statements;
    loop {
        let before = statements.len();
        let mut later: Vec<Option<Attached>> = statements.into_iter().map(Some).collect();
        let mut merged = Vec::new();
        let mut index = 0;
        while let Some(one) = later.get_mut(index).map(Option::take) {
            index += 1;
            let Some(one) = one else { continue };
            let mut group = Group::new(one);
            for other in later.iter_mut().skip(index) {
                if other.as_ref().is_some_and(|other| group.add(other, limit_size)) {
                    *other = None;
                }
            }
            merged.push(group.statement);
        }
        statements = merged;
        if statements.len() == before {
            return statements;
        }
    }
}

/// A statement to which others are added. A comparison takes the time of the shorter list, because a
/// policy can have thousands of statements.
struct Group {
    statement: Attached,
    resources: HashSet<AttachedResource>,
    size: usize,
}

impl Group {
    fn new(statement: Attached) -> Self {
        let resources = statement.resources.iter().cloned().collect();
        let size = estimate(&statement);
        Self { statement, resources, size }
    }

    /// Adds a statement, if it differs in at most one of actions, resources and principals.
    fn add(&mut self, other: &Attached, limit_size: bool) -> bool {
        let one = &self.statement;
        let star = |s: &Attached| s.principals.iter().any(|p| p.principals == Principals::Star);
        if one.effect != other.effect
            || one.sid.as_ref().is_some_and(|sid| !sid.is_empty())
            || other.sid.as_ref().is_some_and(|sid| !sid.is_empty())
            || !same_text(&one.conditions, &other.conditions)
            || star(one) != star(other)
        {
            return false;
        }
        let same_resources = one.resources.len() == other.resources.len()
            && other.resources.iter().all(|resource| self.resources.contains(resource));
        let same = usize::from(same_set(&one.actions, &other.actions))
            + usize::from(same_resources)
            + usize::from(same_principals(one, other));
        if same < 2 {
            return false;
        }
        let mut principals: Vec<&AttachedPrincipal> = Vec::new();
        for principal in &other.principals {
            let is_known = one.principals.iter().any(|p| p.key == principal.key)
                || principals.iter().any(|p| p.key == principal.key);
            if !is_known {
                principals.push(principal);
            }
        }
        let actions: Vec<_> =
            other.actions.iter().filter(|action| !one.actions.contains(action)).collect();
        let resources: Vec<_> =
            other.resources.iter().filter(|resource| !self.resources.contains(resource)).collect();
        let header = |key, before: usize, more: usize| {
            if before == 0 && more > 0 { list_header(key) } else { 0 }
        };
        let added = header("Action", one.actions.len(), actions.len())
            + actions.iter().map(|action| action_estimate(action)).sum::<usize>()
            + header("Resource", one.resources.len(), resources.len())
            + resources.iter().map(|resource| resource_estimate(resource)).sum::<usize>()
            + principals.len() * ARN_ESTIMATE;
        if limit_size && self.size + added > MAX_MERGE_SIZE {
            return false;
        }
        self.size += added;
        let one = &mut self.statement;
        one.sid = None;
        one.principals.extend(principals.into_iter().cloned());
        one.actions.extend(actions.into_iter().cloned());
        one.actions.sort_by(|a, b| a.encode_utf16().cmp(b.encode_utf16()));
        self.resources.extend(resources.iter().map(|resource| (*resource).clone()));
        one.resources.extend(resources.into_iter().cloned());
        one.places.merge(other.places.clone());
        true
    }
}

/// Removes statements that are equal to an earlier one regardless of order.
fn without_repeats(statements: Vec<Attached>) -> Vec<Attached> {
    let mut kept: Vec<Attached> = Vec::new();
    let mut alike: HashMap<(Vec<_>, Vec<Value>), Vec<usize>> = HashMap::new();
    for statement in statements {
        let mut actions = statement.actions.clone();
        actions.sort();
        let mut resources: Vec<_> = statement.resources.iter().map(|r| r.value.clone()).collect();
        resources.sort();
        let earlier = alike.entry((actions, resources)).or_default();
        let is_repeat =
            |index: &usize| kept.get(*index).is_some_and(|it| same_statement(it, &statement));
        if !earlier.iter().any(is_repeat) {
            earlier.push(kept.len());
            kept.push(statement);
        }
    }
    kept
}

/// Whether two statements are equal regardless of order.
fn same_statement(one: &Attached, other: &Attached) -> bool {
    one.effect == other.effect
        && one.sid == other.sid
        && same_text(&one.conditions, &other.conditions)
        && same_set(&one.actions, &other.actions)
        && same_set(&one.resources, &other.resources)
        && same_principals(one, other)
}

fn same_set<T: PartialEq>(one: &[T], other: &[T]) -> bool {
    one.len() == other.len() && one.iter().all(|item| other.contains(item))
}

fn same_principals(one: &Attached, other: &Attached) -> bool {
    one.principals.len() == other.principals.len()
        && one.principals.iter().all(|p| other.principals.iter().any(|q| q.key == p.key))
}

/// CDK's estimate of a statement's size, in characters.
fn estimate(statement: &Attached) -> usize {
    let list = |key: &str, sizes: &mut dyn Iterator<Item = usize>| {
        let mut sizes = sizes.peekable();
        let header = if sizes.peek().is_some() { list_header(key) } else { 0 };
        header + sizes.sum::<usize>()
    };
    let effect = length("\"Effect\": \"\",") + statement.effect.as_str().len();
    let actions = list("Action", &mut statement.actions.iter().map(|a| action_estimate(a)));
    let resources = list("Resource", &mut statement.resources.iter().map(resource_estimate));
    // Conditions come only from principals, and statements of role policies have none.
    effect + actions + resources + statement.principals.len() * ARN_ESTIMATE + "{}".len()
}

fn list_header(key: &str) -> usize {
    key.len() + 5
}

fn action_estimate(action: &str) -> usize {
    length(action) + 3
}

fn resource_estimate(resource: &AttachedResource) -> usize {
    let text = resource.value.as_literal().filter(|_| resource.is_known);
    text.map_or(ARN_ESTIMATE, length) + 3
}

fn length(text: &str) -> usize {
    text.encode_utf16().count()
}

/// Resolves the deployed statements, without duplicates.
fn resolve(statements: Vec<Attached>) -> PolicyDocument {
    let mut document = PolicyDocument::default();
    // A graph has no room that it does not need: most policies have one statement.
    document.statements.reserve_exact(statements.len());
    if statements.len() < 2 {
        document.statements.extend(statements.into_iter().map(Attached::resolve));
        return document;
    }
    // By the hash of actions and resources, as a policy can have thousands of statements.
    let mut seen: HashMap<u64, Vec<usize>> = HashMap::new();
    let hasher = seen.hasher().clone();
    for statement in statements {
        let statement = statement.resolve();
        let hash = hasher.hash_one((&statement.actions, &statement.resources));
        let alike = seen.entry(hash).or_default();
        let is_seen = alike
            .iter()
            .filter_map(|at| document.statements.get(*at))
            .any(|before| reads_the_same(before, &statement));
        if !is_seen {
            alike.push(document.statements.len());
            document.statements.push(statement);
        }
    }
    document
}

/// Whether the CDK considers two statements equal. It compares their JSON, including the order of
/// lists and keys.
fn reads_the_same(one: &Statement, other: &Statement) -> bool {
    let Statement { sid, effect, actions, principals, resources, conditions, place: _, places: _ } =
        one;
    let same_principals = match (principals, &other.principals) {
        (Principals::Star, Principals::Star) => true,
        (Principals::ByKind(one), Principals::ByKind(other)) => one.iter().eq(other.iter()),
        (Principals::Star | Principals::ByKind(_), _) => false,
    };
    *sid == other.sid
        && *effect == other.effect
        && *actions == other.actions
        && same_principals
        && *resources == other.resources
        && same_text(conditions, &other.conditions)
}
