//! Which images of a repository depend on another one of it.

use std::collections::HashMap;

use super::digest::Digest;
use super::image::Image;

/// The manifest lists that an image is in, and the image that it is attached to.
#[derive(Debug, Default)]
pub(super) struct Relations {
    /// Images and the lists that reference them, by image.
    lists: Vec<(u32, u32)>,
    /// Images and their subjects, by image.
    subjects: Vec<(u32, u32)>,
}

impl Relations {
    pub(super) fn new(images: &[Image]) -> Self {
        let mut lists_of: HashMap<&Digest, Vec<u32>> = HashMap::new();
        let mut attached_to: HashMap<&Digest, Vec<u32>> = HashMap::new();
        for (index, image) in (0u32..).zip(images) {
            for child in image.list_body.iter().flatten().filter(|child| **child != image.digest) {
                lists_of.entry(child).or_default().push(index);
            }
            if let Some(subject) = &image.subject {
                attached_to.entry(subject).or_default().push(index);
            }
        }
        let mut relations = Self::default();
        // Most repositories have neither, and a million look-ups take time.
        if lists_of.is_empty() && attached_to.is_empty() {
            return relations;
        }
        for (index, image) in (0u32..).zip(images) {
            let lists = lists_of.get(&image.digest).into_iter().flatten();
            relations.lists.extend(lists.map(|list| (index, *list)));
            let attached = attached_to.get(&image.digest).into_iter().flatten();
            relations.subjects.extend(attached.map(|image| (*image, index)));
        }
        relations.subjects.sort_unstable();
        relations
    }

    /// All images that are in a list, each with that list, by image.
    pub(super) fn children(&self) -> &[(u32, u32)] {
        &self.lists
    }

    /// The lists that an image is in.
    pub(super) fn lists_of(&self, image: u32) -> impl Iterator<Item = u32> {
        let start = self.lists.partition_point(|(child, _)| *child < image);
        let lists = self.lists.get(start..).unwrap_or_default().iter();
        lists.take_while(move |(child, _)| *child == image).map(|(_, list)| *list)
    }

    /// The image that an image is attached to, if the repository has it.
    pub(super) fn subject_of(&self, image: u32) -> Option<u32> {
        let found = self.subjects.binary_search_by_key(&image, |(image, _)| *image).ok()?;
        self.subjects.get(found).map(|(_, subject)| *subject)
    }
}
