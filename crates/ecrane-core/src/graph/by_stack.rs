//! Which stack a problem belongs to.

use std::collections::HashMap;
use std::iter::successors;

use ecrane_document::{Place, Problem};

use crate::stack::StackNode;

/// Sorts problems by stack: see [`Graph::by_stack`](super::Graph::by_stack).
pub(super) fn sort<'p>(
    stacks: &[StackNode],
    problems: impl IntoIterator<Item = &'p Problem>,
) -> Vec<Vec<(String, &'p Problem)>> {
    let mut sorted: Vec<Vec<_>> = stacks.iter().map(|_| Vec::new()).collect();
    let mut problems = problems.into_iter().peekable();
    if problems.peek().is_none() {
        return sorted;
    }
    let index = Index::new(stacks);
    for problem in problems {
        for (stack, resource) in index.of(&problem.place) {
            let Some(node) = stacks.get(stack) else { continue };
            let resource = resource.and_then(|resource| node.resources.get(resource));
            let path = resource.map_or_else(|| node.id.clone(), |resource| node.path_of(resource));
            if let Some(of_stack) = sorted.get_mut(stack) {
                of_stack.push((path, problem));
            }
        }
    }
    sorted
}

/// What is at each place. A graph can have thousands of stacks, shards and problems.
struct Index {
    /// The positions of the stacks, in order: several if they are shards.
    stacks: HashMap<Place, Vec<usize>>,
    /// The first resource of each stack that has resources there, by the positions of both.
    resources: HashMap<Place, Vec<(usize, usize)>>,
}

impl Index {
    fn new(stacks: &[StackNode]) -> Self {
        let mut index = Self { stacks: HashMap::new(), resources: HashMap::new() };
        for (position, stack) in stacks.iter().enumerate() {
            index.stacks.entry(stack.place.clone().on_value()).or_default().push(position);
            for (resource, node) in stack.resources.iter().enumerate() {
                let there = index.resources.entry(node.place.clone().on_value()).or_default();
                if there.last().is_none_or(|(stack, _)| *stack != position) {
                    there.push((position, resource));
                }
            }
        }
        index
    }

    /// The stacks around a place, each with the resource there, if there is one.
    fn of(&self, place: &Place) -> Vec<(usize, Option<usize>)> {
        let around = || successors(Some(place.clone().on_value()), Place::parent);
        // A problem is in few places: in a resource of one stack.
        let mut resources: Vec<_> =
            around().filter_map(|place| self.resources.get(&place)).flatten().copied().collect();
        resources.sort_unstable();
        let holder = |shards: &[usize]| {
            let is_shard = |stack: &usize| shards.binary_search(stack).is_ok();
            let mut held = resources.iter().filter(|(stack, _)| is_shard(stack));
            let first = shards.first().map(|first| (*first, None));
            held.next().map(|(stack, resource)| (*stack, Some(*resource))).or(first)
        };
        let groups = around().filter_map(|place| self.stacks.get(&place));
        let mut stacks: Vec<_> = groups.filter_map(|shards| holder(shards)).collect();
        if stacks.is_empty() {
            stacks.extend(holder(&[0]));
        }
        stacks
    }
}
