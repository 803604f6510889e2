//! The order of repositories.

use std::collections::{BTreeMap, BTreeSet};

use indexmap::IndexSet;

use super::Draft;

impl Draft<'_> {
    /// Puts the repositories of each stack in an order in which policies name them, if there is one.
    pub(crate) fn order(&mut self, sequences: &[Vec<(usize, String)>]) {
        for (stack, out) in self.out.iter_mut().enumerate() {
            let at = |of: &(usize, String)| {
                out.repositories.get_index_of(&of.1).filter(|_| of.0 == stack)
            };
            let mut before = vec![BTreeSet::new(); out.repositories.len()];
            for sequence in sequences {
                let places: Vec<usize> = sequence.iter().filter_map(at).collect();
                for pair in places.windows(2) {
                    if let [first, second] = pair
                        && first != second
                        && let Some(before) = before.get_mut(*second)
                    {
                        before.insert(*first);
                    }
                }
            }
            if before.iter().zip(0..).all(|(it, at)| it.iter().all(|before| *before < at)) {
                continue;
            }
            // Each in its place, and before it what has to be earlier. In a circle, the order of the
            // source decides.
            let mut sorted = IndexSet::new();
            for at in 0..before.len() {
                let mut open = vec![at];
                let mut seen = BTreeSet::new();
                while let Some(&next) = open.last() {
                    let missing = before.get(next).into_iter().flatten();
                    let missing = missing.filter(|it| !sorted.contains(*it) && !seen.contains(*it));
                    if let Some(&missing) = missing.min() {
                        seen.insert(missing);
                        open.push(missing);
                    } else {
                        sorted.insert(next);
                        open.pop();
                    }
                }
            }
            let places = (0..before.len()).map(|at| sorted.get_index_of(&at));
            let order: BTreeMap<String, Option<usize>> =
                out.repositories.keys().cloned().zip(places).collect();
            out.repositories.sort_by_key(|id, _| order.get(id).copied());
        }
    }
}
