//! Changes of lifecycle policies, and the images that fall under the new ones.

use std::path::Path;
use std::time::SystemTime;

use ecrane::lifecycle::preview::{ImageListing, Timestamp};
use ecrane_diff::{LifecycleChange, lifecycle_changes};
use serde::Serialize;

use super::sides::Pair;
use crate::diagnostics::escape;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::preview::folder::Folder;
use crate::preview::input::listing;

/// A change of a lifecycle policy.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Lifecycle {
    pub(crate) stack: String,
    pub(crate) repository: String,
    /// What the rules no longer do, in sentences.
    pub(crate) no_longer: Vec<String>,
    /// What the rules now do, in sentences.
    pub(crate) now: Vec<String>,
    /// The images that the new policy expires or archives, or may, and the old one does not.
    pub(crate) images: Vec<Selected>,
}

/// An image that falls under the new policy.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Selected {
    image_digest: String,
    image_tags: Vec<String>,
    pub(crate) why: String,
}

impl Selected {
    /// The tags, or the digest where there is none.
    pub(crate) fn name(&self) -> String {
        if self.image_tags.is_empty() {
            escape(&self.image_digest)
        } else {
            escape(&self.image_tags.join(", "))
        }
    }
}

/// The lifecycle policies that change, with what they do to `images`.
pub(crate) fn changes(pairs: &[Pair], images: Option<&Path>) -> Result<Vec<Lifecycle>, Failure> {
    let found = pairs.iter().flat_map(|it| lifecycle_changes(&it.name, &it.before, &it.after));
    let found: Vec<LifecycleChange> = found.collect();
    let now =
        Timestamp::try_from(SystemTime::now()).map_err(|error| Failure::one(Exit::Io, &error))?;
    let one = match images.filter(|path| !path.is_dir()) {
        Some(path) => Some(listing(path)?),
        None => None,
    };
    let is_only = found.len() == 1;
    let described = found.into_iter().map(|change| {
        let (no_longer, sentences) = change.sentences();
        let select = |listing: &ImageListing| {
            change.newly_selected(listing, now, |outcome| Selected {
                image_digest: outcome.image().digest.to_string(),
                image_tags: outcome.image().tags.clone(),
                why: outcome.to_string(),
            })
        };
        let images = match (&one, images) {
            // A listing without the name of its repository belongs to the only repository.
            (Some(listing), _) => match &listing.repository_name {
                Some(name) if *name == change.repository => select(listing),
                None if is_only => select(listing),
                _ => Vec::new(),
            },
            (None, Some(folder)) => match Folder::file_of(folder, &change.repository) {
                Some(file) => select(&listing(&file)?),
                None => Vec::new(),
            },
            (None, None) => Vec::new(),
        };
        let LifecycleChange { stack, repository, .. } = change;
        Ok(Lifecycle { stack, repository, no_longer, now: sentences, images })
    });
    described.collect()
}
