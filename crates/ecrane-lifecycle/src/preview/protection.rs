//! Which images a manifest list keeps.
//!
//! An image that a manifest list references cannot be expired or archived before that list is. One
//! list that is in the repository and not archived is enough.

use super::count::Role;
use super::evaluate::State;
use super::image::{Image, ImageStatus};
use super::relations::Relations;
use super::timestamp::Timestamp;

/// The lists that protect images at the time of an evaluation.
#[derive(Debug)]
pub(super) struct Protection<'p> {
    images: &'p [Image],
    relations: &'p Relations,
    states: &'p [State],
    /// The newest list of unknown contents: it may reference whatever was pushed before it.
    unknown: Option<Unknown>,
}

#[derive(Debug)]
enum Unknown {
    PushedAt(Timestamp),
    /// A list without a push time may be newer than any image.
    Undated,
}

impl<'p> Protection<'p> {
    pub(super) fn new(images: &'p [Image], relations: &'p Relations, states: &'p [State]) -> Self {
        let mut protection = Self { images, relations, states, unknown: None };
        for (index, image) in (0u32..).zip(images) {
            if !image.is_list || image.list_body.is_some() || !protection.is_live(index) {
                continue;
            }
            protection.unknown = match (protection.unknown, image.pushed_at) {
                (Some(Unknown::Undated), _) | (_, None) => Some(Unknown::Undated),
                (Some(Unknown::PushedAt(newest)), Some(pushed)) => {
                    Some(Unknown::PushedAt(newest.max(pushed)))
                }
                (None, Some(pushed)) => Some(Unknown::PushedAt(pushed)),
            };
        }
        protection
    }

    fn is_live(&self, list: u32) -> bool {
        let is_listed = self.states.get(list as usize) == Some(&State::Listed);
        let image = self.images.get(list as usize);
        is_listed && image.is_some_and(|image| image.status != ImageStatus::Archived)
    }

    /// A list that protects the image.
    pub(super) fn list_of(&self, image: u32) -> Option<u32> {
        self.relations.lists_of(image).find(|list| self.is_live(*list))
    }

    /// Whether the image may be in a list of unknown contents. Its parts are pushed before a list.
    fn may_be_child(&self, image: &Image) -> bool {
        !image.is_list
            && match (&self.unknown, image.pushed_at) {
                (None, _) => false,
                (Some(Unknown::Undated), _) | (Some(_), None) => true,
                (Some(Unknown::PushedAt(newest)), Some(pushed)) => pushed <= *newest,
            }
    }

    /// What the image is where images are counted.
    pub(super) fn role(&self, index: u32, image: &Image) -> Role {
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
