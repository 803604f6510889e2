//! The result of a comparison.

use ecrane_diff::{AccessChange, AccessChanges, AccessUnknown, Action, Change, compare};
use serde::Serialize;

use super::lifecycle::{Changed, Lifecycle};
use super::sides::Pair;
use crate::args::FailOn;

/// The result of a comparison.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Report {
    /// By stack, in the order of the config, and by address.
    pub(crate) changes: Vec<Change>,
    /// The lifecycle policies that change.
    pub(crate) lifecycle: Vec<Lifecycle>,
    /// Who gains or loses access.
    pub(crate) access: Vec<AccessChange>,
    /// What changes about access and is not known.
    pub(crate) access_unknown: Vec<AccessUnknown>,
    /// The same changes, in fewer sentences.
    #[serde(skip)]
    pub(crate) sentences: Vec<(bool, String)>,
    /// The stacks that are deployed and no longer in the config.
    #[serde(skip)]
    pub(crate) gone: Vec<String>,
    /// The repository whose images are given, if its lifecycle policy does not change.
    #[serde(skip)]
    pub(crate) unchanged: Option<String>,
}

impl Report {
    pub(crate) fn new(
        pairs: &[Pair],
        gone: Vec<String>,
        lifecycle: Changed,
        access: AccessChanges,
    ) -> Self {
        let changes = pairs.iter().flat_map(|it| compare(&it.name, &it.before, &it.after));
        let changes = changes.collect();
        let sentences = access.sentences();
        let AccessChanges { changes: access, unknown: access_unknown } = access;
        let Changed { policies: lifecycle, unchanged } = lifecycle;
        Self { changes, lifecycle, access, access_unknown, sentences, gone, unchanged }
    }

    /// The number of changes of the kinds in `--fail-on`.
    pub(crate) fn count(&self, on: FailOn) -> usize {
        if on == FailOn::Wider {
            let wider = self.access.iter().filter(|it| it.wider).count();
            return wider + self.access_unknown.len();
        }
        let is_meant = |change: &&Change| match on {
            FailOn::Replace => matches!(change.action, Action::Replace | Action::MayReplace),
            FailOn::Remove => change.action == Action::Remove,
            FailOn::Any | FailOn::Wider => true,
        };
        self.changes.iter().filter(is_meant).count()
    }

    /// The changes of each stack; those that can lose data come first.
    pub(crate) fn stacks(&self) -> Vec<(&str, Vec<&Change>)> {
        let mut stacks: Vec<(&str, Vec<&Change>)> = Vec::new();
        for change in &self.changes {
            match stacks.last_mut() {
                Some((stack, changes)) if *stack == change.stack => changes.push(change),
                _ => stacks.push((&change.stack, vec![change])),
            }
        }
        for (_, changes) in &mut stacks {
            changes.sort_by_key(|change| (!change.images_at_stake, change.action));
        }
        stacks
    }

    /// The number of changes of each kind, in words: `1 to replace, 2 to add`.
    pub(crate) fn summary(&self) -> String {
        const WORDS: [(Action, &str); 6] = [
            (Action::Replace, "to replace"),
            (Action::MayReplace, "to replace or update"),
            (Action::Remove, "to remove"),
            (Action::Orphan, "to orphan"),
            (Action::Update, "to update"),
            (Action::Add, "to add"),
        ];
        let counts = WORDS.iter().filter_map(|(action, words)| {
            let count = self.changes.iter().filter(|it| it.action == *action).count();
            (count > 0).then(|| format!("{count} {words}"))
        });
        let counts: Vec<String> = counts.collect();
        if counts.is_empty() { "no changes".to_owned() } else { counts.join(", ") }
    }
}
