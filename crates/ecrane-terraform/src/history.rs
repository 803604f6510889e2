//! The ledger entries of the stacks of a graph.

use std::collections::{BTreeMap, BTreeSet};

use ecrane_core::StackNode;

use crate::ledger::{Ledger, SharedStack};
use crate::options::{Layout, Options};
use crate::remote_state::backend_block;

/// The ledger entries of earlier runs, by current stack.
pub(crate) struct History<'g> {
    /// The ledger's entry of each stack.
    pub(crate) of: BTreeMap<&'g str, &'g SharedStack>,
    /// The entries of removed stacks.
    pub(crate) departed: Vec<(&'g String, &'g SharedStack)>,
}

impl<'g> History<'g> {
    /// A new stack continues a removed stack if it has the same state: in the plain layout the same
    /// directory, or in any layout a backend that no other stack has.
    pub(crate) fn new(
        before: Option<&'g Ledger>,
        options: &'g Options,
        stacks: &'g [StackNode],
    ) -> Self {
        let known = before.and_then(|before| before.stacks(options.layout));
        let mut departed: Vec<_> = known.into_iter().flatten().collect();
        let ids: BTreeSet<&str> = stacks.iter().map(|stack| stack.id.as_str()).collect();
        departed.retain(|(id, _)| !ids.contains(id.as_str()));
        if departed.is_empty() {
            let own = |stack: &'g StackNode| Some((stack.id.as_str(), known?.get(&stack.id)?));
            return Self { of: stacks.iter().filter_map(own).collect(), departed };
        }
        let backends: Vec<_> = stacks.iter().map(|stack| backend(stack, options)).collect();
        let mut of = BTreeMap::new();
        for (stack, backend) in stacks.iter().zip(&backends) {
            let has_folder = |entry: &SharedStack| {
                options.layout == Layout::Plain && entry.folder == stack.output_name
            };
            let is_alone = || backends.iter().filter(|other| *other == backend).count() == 1;
            let own = known.and_then(|known| known.get(&stack.id));
            let continued = departed.iter().position(|(_, entry)| {
                let has_state = || backend.is_some() && entry.backend() == *backend && is_alone();
                has_folder(entry) || own.is_none() && has_state()
            });
            let continued = continued.map(|index| departed.remove(index).1);
            // There is one module in a folder.
            departed.retain(|(_, entry)| !has_folder(entry));
            of.extend(own.or(continued).map(|entry| (stack.id.as_str(), entry)));
        }
        Self { of, departed }
    }
}

/// The backend of a stack, if specified.
fn backend(stack: &StackNode, options: &Options) -> Option<serde_json::Value> {
    let backend = options.settings_of(&stack.id).backend.filter(|backend| backend.kind != "local");
    // A map of texts and of what the config gave as JSON.
    serde_json::to_value(backend_block(stack, Some(backend?), options)).ok()
}
