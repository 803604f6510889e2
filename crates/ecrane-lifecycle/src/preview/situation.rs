//! The images of a repository at the time of an evaluation.
//!
//! An image that a manifest list references cannot be expired or archived before that list is. One
//! list that is in the repository and not archived is enough.

use super::count::Role;
use super::evaluate::{Finding, Measure, Prepared, RuleSet, age, measure, verdict};
use super::image::{Image, ImageStatus};
use super::timestamp::Timestamp;
use super::verdict::Verdict;
use crate::policy::PrioritizedRule;
use crate::vocabulary::StorageClass;

/// The state of an image at the time of an evaluation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    /// As in the listing.
    Listed,
    /// Archived at an instant after the listing.
    ArchivedAt(Timestamp),
    /// Deleted.
    Gone,
}

/// The images at the time of an evaluation: as in the listing, or as earlier evaluations have left
/// them.
#[derive(Debug)]
pub(super) struct Situation<'p> {
    prepared: &'p Prepared<'p>,
    standard: RuleSet,
    archive: RuleSet,
    states: Vec<State>,
    /// For each image, the rules that select it.
    selected: Vec<RuleSet>,
    roles: Vec<Role>,
    /// The newest list of unknown contents: it may reference whatever was pushed before it.
    unknown: Option<Unknown>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Unknown {
    PushedAt(Timestamp),
    /// A list without a push time may be newer than any image.
    Undated,
}

impl<'p> Situation<'p> {
    /// Every image as in the listing.
    pub(super) fn listed(prepared: &'p Prepared<'p>) -> Self {
        let mut situation = Self {
            prepared,
            standard: prepared.rules_for(StorageClass::Standard),
            archive: prepared.rules_for(StorageClass::Archive),
            states: vec![State::Listed; prepared.images.len()],
            selected: Vec::new(),
            roles: Vec::new(),
            unknown: None,
        };
        let images = (0u32..).zip(prepared.images);
        situation.selected =
            images.clone().map(|(index, image)| situation.rules_for(index, image)).collect();
        situation.unknown = situation.newest_unknown();
        situation.roles = images.map(|(index, image)| situation.role_of(index, image)).collect();
        situation
    }

    /// The rules that select each image.
    pub(super) fn selected(&self) -> &[RuleSet] {
        &self.selected
    }

    /// What each image is where images are counted.
    pub(super) fn roles(&self) -> &[Role] {
        &self.roles
    }

    pub(super) fn state(&self, image: u32) -> State {
        self.states.get(image as usize).copied().unwrap_or(State::Gone)
    }

    /// Whether the rule that governs an image acts on it, if nothing else stands against it. A rule
    /// that counts images is asked by its position and the number of images that it keeps.
    pub(super) fn finding(
        &self,
        index: u32,
        now: Timestamp,
        count: impl FnOnce(u32, u32) -> Finding,
    ) -> Option<(&'p PrioritizedRule, Finding)> {
        let image = self.prepared.images.get(index as usize)?;
        let position = self.selected.get(index as usize)?.trailing_zeros();
        let rule = *self.prepared.rules.get(position as usize)?;
        let archived_at = match self.state(index) {
            State::ArchivedAt(time) => Some(time),
            State::Listed | State::Gone => image.last_archived_at,
        };
        let finding = match measure(rule.limit, image, archived_at) {
            Measure::Count(keep) => count(position, keep),
            Measure::Age(clock, limit) => age(clock, limit, now),
        };
        Some((rule, finding))
    }

    /// What happens to an image, by what its governing rule finds.
    pub(super) fn verdict(
        &self,
        index: u32,
        image: &Image,
        finding: Option<(&PrioritizedRule, Finding)>,
    ) -> Verdict {
        let may_be_in_list = self.roles.get(index as usize) == Some(&Role::MaybeChild);
        verdict(finding, may_be_in_list, image, self.list_of(index))
    }

    /// Deletes or archives an image. Roles that depend on it are updated by
    /// [`update_role`](Self::update_role).
    pub(super) fn leave(&mut self, index: u32, image: &Image, state: State) {
        if let Some(slot) = self.states.get_mut(index as usize) {
            *slot = state;
        }
        let rules = self.rules_for(index, image);
        if let Some(slot) = self.selected.get_mut(index as usize) {
            *slot = rules;
        }
    }

    /// Updates the role of an image after lists have left, and returns whether it has changed.
    pub(super) fn update_role(&mut self, index: u32, image: &Image) -> bool {
        let role = self.role_of(index, image);
        let slot = self.roles.get_mut(index as usize);
        slot.is_some_and(|slot| std::mem::replace(slot, role) != role)
    }

    /// Looks for the newest list of unknown contents after lists have left, and returns whether it
    /// is another one.
    pub(super) fn update_unknown(&mut self) -> bool {
        let unknown = self.newest_unknown();
        std::mem::replace(&mut self.unknown, unknown) != unknown
    }

    fn newest_unknown(&self) -> Option<Unknown> {
        let images = (0u32..).zip(self.prepared.images);
        let unknown = images.filter(|(index, image)| {
            image.is_list && image.list_body.is_none() && self.is_live(*index)
        });
        unknown.fold(None, |newest, (_, list)| match (newest, list.pushed_at) {
            (Some(Unknown::Undated), _) | (_, None) => Some(Unknown::Undated),
            (Some(Unknown::PushedAt(newest)), Some(pushed)) => {
                Some(Unknown::PushedAt(newest.max(pushed)))
            }
            (None, Some(pushed)) => Some(Unknown::PushedAt(pushed)),
        })
    }

    fn rules_for(&self, index: u32, image: &Image) -> RuleSet {
        let by_tags = self.prepared.by_tags.get(index as usize).copied().unwrap_or_default();
        let class = match self.state(index) {
            State::Listed => image.status.storage_class(),
            State::ArchivedAt(_) => StorageClass::Archive,
            State::Gone => return 0,
        };
        match class {
            StorageClass::Standard => by_tags & self.standard,
            StorageClass::Archive => by_tags & self.archive,
        }
    }

    fn is_live(&self, list: u32) -> bool {
        let image = self.prepared.images.get(list as usize);
        self.state(list) == State::Listed
            && image.is_some_and(|image| image.status != ImageStatus::Archived)
    }

    /// A list that protects the image.
    fn list_of(&self, image: u32) -> Option<u32> {
        self.prepared.relations.lists_of(image).find(|list| self.is_live(*list))
    }

    /// Whether the image may be in a list of unknown contents. Its parts are pushed before a list.
    fn may_be_child(&self, image: &Image) -> bool {
        !image.is_list
            && match (self.unknown, image.pushed_at) {
                (None, _) => false,
                (Some(Unknown::Undated), _) | (Some(_), None) => true,
                (Some(Unknown::PushedAt(newest)), Some(pushed)) => pushed <= newest,
            }
    }

    fn role_of(&self, index: u32, image: &Image) -> Role {
        if self.list_of(index).is_some() {
            Role::Child
        } else if image.subject.is_some() {
            Role::Referrer
        } else if image.status == ImageStatus::Activating {
            Role::Activating
        } else if self.may_be_child(image) {
            Role::MaybeChild
        } else {
            Role::Image
        }
    }
}
