//! Which images of a repository depend on another one of it.

use std::collections::HashMap;

use super::digest::Digest;
use super::image::Image;

/// The manifest lists that an image is in, and the image that it is attached to.
#[derive(Debug, Default)]
pub(super) struct Relations {
    /// Images and the lists that reference them, by image.
    lists: Pairs,
    /// Lists and the images that they reference, by list.
    parts: Pairs,
    /// Images and their subjects, by image.
    subjects: Pairs,
    /// Subjects and the images that are attached to them, by subject.
    attached: Pairs,
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
        // Most repositories have neither, and a million look-ups take time.
        if lists_of.is_empty() && attached_to.is_empty() {
            return Self::default();
        }
        let (mut lists, mut subjects) = (Vec::new(), Vec::new());
        for (index, image) in (0u32..).zip(images) {
            let of_image = lists_of.get(&image.digest).into_iter().flatten();
            lists.extend(of_image.map(|list| (index, *list)));
            let attached = attached_to.get(&image.digest).into_iter().flatten();
            subjects.extend(attached.map(|image| (*image, index)));
        }
        Self {
            parts: Pairs::new(lists.iter().map(|(part, list)| (*list, *part)).collect()),
            attached: Pairs::new(
                subjects.iter().map(|(image, subject)| (*subject, *image)).collect(),
            ),
            lists: Pairs::new(lists),
            subjects: Pairs::new(subjects),
        }
    }

    /// All images that are in a list, each with that list, by image.
    pub(super) fn children(&self) -> &[(u32, u32)] {
        &self.lists.0
    }

    /// The lists that an image is in.
    pub(super) fn lists_of(&self, image: u32) -> impl Iterator<Item = u32> {
        self.lists.of(image)
    }

    /// The images that are in a list.
    pub(super) fn parts_of(&self, list: u32) -> impl Iterator<Item = u32> {
        self.parts.of(list)
    }

    /// The image that an image is attached to, if the repository has it.
    pub(super) fn subject_of(&self, image: u32) -> Option<u32> {
        self.subjects.of(image).next()
    }

    /// The images that are attached to an image.
    pub(super) fn attached_to(&self, subject: u32) -> impl Iterator<Item = u32> {
        self.attached.of(subject)
    }
}

/// Pairs of images, sorted.
#[derive(Debug, Default)]
struct Pairs(Vec<(u32, u32)>);

impl Pairs {
    fn new(mut pairs: Vec<(u32, u32)>) -> Self {
        pairs.sort_unstable();
        Self(pairs)
    }

    /// The second images of the pairs with this first image.
    fn of(&self, first: u32) -> impl Iterator<Item = u32> {
        let start = self.0.partition_point(|(one, _)| *one < first);
        let pairs = self.0.get(start..).unwrap_or_default().iter();
        pairs.take_while(move |(one, _)| *one == first).map(|(_, other)| *other)
    }
}
