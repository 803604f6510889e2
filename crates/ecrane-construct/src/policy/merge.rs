//! Merging of collected statements into policy documents.
//!
//! CDK 1.130 omits a statement that is equal to an earlier one. CDK 2 can also merge statements
//! that differ in one element only (`@aws-cdk/aws-iam:minimizePolicies`), and moves statements that
//! exceed the size of a role's inline policy to managed policies.

use std::collections::HashMap;

use ecrane_core::{PolicyDocument, Principals, Statement, Value};

use super::attached::{Attached, same_text, unique};

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
        merge(&mut statements, |one, other| combine(one, other, false));
    }
    resolve(&statements)
}

/// Builds the document of a role's inline policy, and the documents of the managed policies for the
/// statements that exceed its size.
pub(crate) fn split(
    mut statements: Vec<Attached>,
    minimize: bool,
) -> (PolicyDocument, Vec<PolicyDocument>) {
    if minimize {
        merge(&mut statements, |one, other| combine(one, other, true));
    } else {
        merge(&mut statements, same_statement);
    }
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

/// Merges statements pairwise until no two can be merged.
fn merge(
    statements: &mut Vec<Attached>,
    merged: impl Fn(&Attached, &Attached) -> Option<Attached>,
) {
    loop {
        let before = statements.len();
        let mut index = 0;
        while index < statements.len() {
            let (kept, later) = statements.split_at_mut(index + 1);
            let Some(one) = kept.last_mut() else { break };
            let mut gone = vec![false; later.len()];
            for (other, gone) in later.iter().zip(&mut gone) {
                if let Some(both) = merged(one, other) {
                    *one = both;
                    *gone = true;
                }
            }
            let mut gone = std::iter::repeat_n(false, index + 1).chain(gone);
            statements.retain(|_| !gone.next().unwrap_or(false));
            index += 1;
        }
        if statements.len() == before {
            break;
        }
    }
}

/// Merges two statements if they differ in at most one of actions, resources and principals.
fn combine(one: &Attached, other: &Attached, limit_size: bool) -> Option<Attached> {
    let star = |s: &Attached| s.principals.iter().any(|p| p.principals == Principals::Star);
    if one.effect != other.effect
        || one.sid.as_ref().is_some_and(|sid| !sid.is_empty())
        || other.sid.as_ref().is_some_and(|sid| !sid.is_empty())
        || !same_text(&one.conditions, &other.conditions)
        || star(one) != star(other)
    {
        return None;
    }
    let same = usize::from(same_set(&one.actions, &other.actions))
        + usize::from(same_set(&one.resources, &other.resources))
        + usize::from(same_principals(one, other));
    if same < 2 {
        return None;
    }
    let mut principals = one.principals.clone();
    for principal in &other.principals {
        if !principals.iter().any(|p| p.key == principal.key) {
            principals.push(principal.clone());
        }
    }
    let mut actions = unique(one.actions.iter().chain(&other.actions).cloned());
    actions.sort_by(|a, b| a.encode_utf16().cmp(b.encode_utf16()));
    let mut places = one.places.clone();
    places.merge(&other.places);
    let both = Attached {
        sid: None,
        effect: one.effect,
        actions,
        principals,
        resources: unique(one.resources.iter().chain(&other.resources).cloned()),
        conditions: one.conditions.clone(),
        place: one.place.clone(),
        places,
    };
    (!limit_size || estimate(&both) <= MAX_MERGE_SIZE).then_some(both)
}

/// Returns the first of two statements that are equal regardless of order.
fn same_statement(one: &Attached, other: &Attached) -> Option<Attached> {
    (one.effect == other.effect
        && one.sid == other.sid
        && same_text(&one.conditions, &other.conditions)
        && same_set(&one.actions, &other.actions)
        && same_set(&one.resources, &other.resources)
        && same_principals(one, other))
    .then(|| one.clone())
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
        let sizes: Vec<usize> = sizes.map(|size| size + 3).collect();
        if sizes.is_empty() { 0 } else { key.len() + 5 + sizes.iter().sum::<usize>() }
    };
    let length = |text: &str| text.encode_utf16().count();
    let effect = length("\"Effect\": \"\",") + statement.effect.as_str().len();
    let actions = list("Action", &mut statement.actions.iter().map(|a| length(a)));
    let resources = list(
        "Resource",
        &mut statement.resources.iter().map(|resource| match resource.value.as_literal() {
            Some(text) if resource.is_known => length(text),
            _ => ARN_ESTIMATE,
        }),
    );
    // Conditions come only from principals, and statements of role policies have none.
    effect + actions + resources + statement.principals.len() * ARN_ESTIMATE + "{}".len()
}

/// Resolves the deployed statements, without duplicates.
fn resolve(statements: &[Attached]) -> PolicyDocument {
    let mut document = PolicyDocument::default();
    let mut seen: HashMap<(&[String], Vec<&Value>), Vec<usize>> = HashMap::new();
    for statement in statements {
        let resolved = statement.resolve();
        // Only statements with equal actions and resources can be duplicates, so compare only
        // those.
        let resources = statement.resources.iter().map(|resource| &resource.value).collect();
        let alike = seen.entry((&statement.actions, resources)).or_default();
        let is_seen = alike
            .iter()
            .filter_map(|at| document.statements.get(*at))
            .any(|before| reads_the_same(before, &resolved));
        if !is_seen {
            alike.push(document.statements.len());
            document.statements.push(resolved);
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
