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

/// The lifecycle policies that change.
#[derive(Debug)]
pub(crate) struct Changed {
    pub(crate) policies: Vec<Lifecycle>,
    /// The repository whose images are given, if its policy does not change.
    pub(crate) unchanged: Option<String>,
}

/// The lifecycle policies that change, with what they do to `images`.
pub(crate) fn changes(pairs: &[Pair], images: Option<&Path>) -> Result<Changed, Failure> {
    let found = pairs.iter().flat_map(|it| lifecycle_changes(&it.name, &it.before, &it.after));
    let found: Vec<LifecycleChange> = found.collect();
    let now =
        Timestamp::try_from(SystemTime::now()).map_err(|error| Failure::one(Exit::Io, &error))?;
    let one = match images.filter(|path| !path.is_dir()) {
        Some(path) => Some(listing(path)?),
        None => None,
    };
    let is_only = found.len() == 1;
    // AWS generates the names that a template lacks: the listing has one of them.
    let listed = one.as_ref().and_then(|it| it.repository_name.clone());
    let is_listed = |it: &LifecycleChange| it.is_named && Some(&it.repository) == listed.as_ref();
    let unnamed = found.iter().filter(|it| !it.is_named).count();
    let is_unnamed = unnamed == 1 && !found.iter().any(is_listed);
    let is_used = is_unnamed || found.iter().any(is_listed);
    let unchanged = listed.clone().filter(|_| !is_used);
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
                Some(_) if is_listed(&change) || is_unnamed && !change.is_named => select(listing),
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
    Ok(Changed { policies: described.collect::<Result<_, _>>()?, unchanged })
}
