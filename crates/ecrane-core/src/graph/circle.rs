//! Circular dependencies between stacks.

use std::collections::BTreeSet;

use ecrane_document::Explain;
use thiserror::Error;

use super::{ForeignReferences, references};
use crate::bounds::Findings;
use crate::stack::StackNode;

/// Reports the first circular dependency between stacks.
pub(super) fn check(stacks: &[StackNode], foreign: &[ForeignReferences], findings: &mut Findings) {
    let needs: Vec<_> =
        (0..stacks.len()).map(|stack| references::dependencies(foreign, stack)).collect();
    let Some(circle) = find_circle(&needs) else { return };
    let in_circle = || circle.iter().filter_map(|&index| stacks.get(index));
    let place = in_circle().next().map(|stack| stack.place.clone()).unwrap_or_default();
    let stacks = in_circle().map(|stack| stack.id.clone()).collect();
    findings.error(place, StackCircle { stacks });
}

/// Returns a cycle of stacks, with the first one repeated at the end.
fn find_circle(needs: &[BTreeSet<usize>]) -> Option<Vec<usize>> {
    let mut done = vec![false; needs.len()];
    for start in 0..needs.len() {
        // The path from the start, with the dependencies not yet visited at each step.
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

/// A circular dependency between stacks.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("circular dependency between stacks: `{}`", .stacks.join("` → `"))]
pub struct StackCircle {
    /// The ids of the stacks, the first one repeated at the end.
    pub stacks: Vec<String>,
}

impl Explain for StackCircle {
    fn code(&self) -> &'static str {
        "stack::circle"
    }

    fn help(&self) -> Option<String> {
        Some(
            "move the shared resources into one of these stacks or into a separate stack"
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
