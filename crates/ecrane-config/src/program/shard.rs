//! Shards: one stack of the config, deployed as several.
//!
//! A CloudFormation stack can contain 500 resources, so a registry of a thousand repositories needs
//! several stacks. Rendezvous hashing assigns repositories to shards: a repository belongs to the
//! shard with the largest hash of shard and repository id. Adding a repository moves no other
//! repository, and adding a shard moves only the repositories that the new shard takes over.
//!
//! Repositories depend on keys, and the policies of principals depend on repositories. To avoid
//! circular dependencies between shards, the second shard contains the keys, and the first shard
//! contains the principals and all other resources: the first shard depends on all others, and the
//! others depend at most on the second.

use ecrane_core::in_parallel;
use md5::{Digest, Md5};

use crate::element::Shards;

/// A stack that is deployed for a stack of the config.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Shard {
    /// The stack itself, without shards.
    Whole,
    /// A shard by its number, starting at 1.
    Part { number: u32, of: u32 },
}

impl Shard {
    /// All shards, in order.
    pub(super) fn all(shards: Option<Shards>) -> impl Iterator<Item = Self> {
        let of = shards.map_or(1, Shards::count);
        (1..=of).map(move |number| match shards {
            None => Self::Whole,
            Some(_) => Self::Part { number, of },
        })
    }

    /// The id or name of this shard.
    pub(super) fn name(self, stack: &str) -> String {
        match self {
            Self::Whole => stack.to_owned(),
            Self::Part { number, .. } => Shards::name(stack, number),
        }
    }

    /// The positions of the shards that contain repositories, in the order of [`Shard::all`].
    ///
    /// This takes a hash for each repository and shard.
    pub(super) fn of_repositories(shards: Option<Shards>, ids: &[&String]) -> Vec<usize> {
        let Some(shards) = shards else { return vec![0; ids.len()] };
        let numbers: Vec<String> = (1..=shards.count()).map(|n| format!("{n}/")).collect();
        in_parallel(ids, Md5::new, |md5, id| {
            let hash = |(_, number): &(usize, &String)| {
                md5.update(number);
                md5.update(id);
                md5.finalize_reset()
            };
            numbers.iter().enumerate().max_by_key(hash).map_or(0, |(position, _)| position)
        })
    }

    /// Whether this shard contains the keys.
    pub(super) fn holds_keys(self) -> bool {
        match self {
            Self::Whole => true,
            Self::Part { number, of } => number == of.min(2),
        }
    }

    /// Whether this shard contains all resources other than keys and repositories.
    pub(super) fn holds_the_rest(self) -> bool {
        matches!(self, Self::Whole | Self::Part { number: 1, .. })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn home(id: &str, of: usize) -> usize {
        let shards = Shards::try_from(u32::try_from(of).unwrap()).unwrap();
        let home = Shard::of_repositories(Some(shards), &[&id.to_owned()])[0];
        assert!(home < Shard::all(Some(shards)).count());
        home + 1
    }

    #[test]
    fn spreads_evenly_and_moves_little() {
        let ids: Vec<String> =
            (0..1_200).map(|index| format!("Team{}/App{index}", index % 7)).collect();
        let mut counts = [0; 4];
        for id in &ids {
            let (of_four, of_five) = (home(id, 4), home(id, 5));
            counts[of_four - 1] += 1;
            assert!(of_five == of_four || of_five == 5, "{id}");
        }
        assert!(counts.iter().all(|count| (250..350).contains(count)), "{counts:?}");
    }

    /// Deployed resources must not move between stacks, so the assignment to shards never changes.
    #[test]
    fn stays_where_it_is() {
        let homes = ["App", "Worker", "Service/App", "Base"].map(|id| home(id, 4));
        assert_eq!(homes, [3, 4, 3, 3]);
    }
}
