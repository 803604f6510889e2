//! The construct ID behind a logical ID.
//!
//! The AWS CDK derives a logical ID from the path of a construct: its letters and digits, and eight digits
//! of a hash of the path. What is lost, such as a dash, is found again by trying: the hash tells.

use std::cell::RefCell;
use std::collections::HashMap;

use ecrane_core::ConstructPath;
use md5::{Digest as _, Md5};

/// The digits of the hash.
const HASH: usize = 8;
/// The characters that construct IDs commonly contain and logical IDs cannot.
const LOST: [char; 5] = ['/', '-', '_', '.', ' '];
/// The characters of which four are searched for.
const COMMON: [char; 3] = ['/', '-', '_'];
/// The longest readable parts in which one, two, three and four lost characters are searched for: up
/// to about 300,000 paths each, which take some hundredths of a second.
const LONGEST: [usize; 4] = [240, 120, 28, 20];

/// The longest readable parts in which `Resource`, and the end of another part, are searched for.
const LONGEST_WITH_HIDDEN: usize = 20;
const LONGEST_WITH_REPEATED: usize = 40;

/// The construct IDs that were searched for.
#[derive(Debug, Default)]
pub(crate) struct ConstructIds(RefCell<HashMap<String, Option<String>>>);

impl ConstructIds {
    /// The same as [`of_logical_id`], which is slow where nothing is found.
    pub(crate) fn of_logical_id(
        &self,
        logical_id: &str,
        children: &[&str],
        noted: Option<&str>,
    ) -> Option<String> {
        let key = [&[logical_id, noted.unwrap_or_default()], children].concat().join("\n");
        if let Some(found) = self.0.borrow().get(&key) {
            return found.clone();
        }
        let found = of_logical_id(logical_id, children, noted);
        self.0.borrow_mut().insert(key, found.clone());
        found
    }
}

/// The path of a construct below another one, from the logical ID of its resource.
pub(crate) fn below(logical_id: &str, parent: &str) -> Option<String> {
    let fits = |id: &str| {
        let path = format!("{parent}/{id}");
        let resource = ConstructPath::of_id(&path).ok()?.child("Resource");
        (resource.logical_id() == logical_id).then_some(path)
    };
    let shown: String = parent.chars().filter(char::is_ascii_alphanumeric).collect();
    let readable = logical_id.get(..logical_id.len().checked_sub(HASH)?)?;
    let readable = readable.strip_prefix(&shown).filter(|it| !it.is_empty() && it.is_ascii())?;
    // The ID of an event rule is a word.
    fits(readable).or_else(|| {
        (1..readable.len()).find_map(|at| {
            LOST.iter().find_map(|lost| {
                let mut id = readable.to_owned();
                id.insert(at, *lost);
                fits(&id)
            })
        })
    })
}

/// Returns the construct ID from which the AWS CDK derives a logical ID, if it is found. The resource
/// is `children` below the construct.
///
/// `noted` is the path that the AWS CDK notes in the metadata, without the stack.
pub(crate) fn of_logical_id(
    logical_id: &str,
    children: &[&str],
    noted: Option<&str>,
) -> Option<String> {
    let fits = |id: &str| {
        let path = ConstructPath::of_id(id).ok()?;
        let path = children.iter().fold(path, |path, child| path.child(child));
        (path.logical_id() == logical_id).then(|| id.to_owned())
    };
    if let Some(noted) = noted {
        let below = children
            .iter()
            .rev()
            .try_fold(noted, |path, child| path.strip_suffix(child)?.strip_suffix('/'));
        // A stack can be below a stage. If nothing fits, another logical ID was given to the construct.
        let mut paths = std::iter::successors(below, |path| Some(path.split_once('/')?.1));
        return paths.find_map(fits);
    }
    // A resource without a parent has its ID as it is.
    if let Some(found) = fits(logical_id) {
        return Some(found);
    }
    let readable = logical_id.get(..logical_id.len().checked_sub(HASH)?)?;
    let shown: String = children.iter().filter(|it| **it != "Resource").copied().collect();
    let readable = readable.strip_suffix(&shown)?;
    if let Some(found) = fits(readable) {
        return Some(found);
    }
    if !readable.is_ascii() {
        return None;
    }
    let hash = logical_id.get(logical_id.len() - HASH..)?;
    let hash = u32::from_str_radix(hash, 16).ok()?.to_be_bytes();
    let below = [&[""], children].concat().join("/");
    // One lost character, then two, and so on: the plainest ID is found first.
    let lost = [(1, LOST.as_slice()), (2, &LOST), (3, &LOST), (4, &COMMON)];
    let search = Search { hash, below: &below, fits: &fits };
    let plain = lost.into_iter().zip(LONGEST).find_map(|((count, lost), longest)| {
        (readable.len() <= longest).then(|| search.with_lost(readable, 1, count, lost))?
    });
    plain.or_else(|| {
        with_hidden(readable).find_map(|(text, is_repeated)| {
            let (longest, most) =
                if is_repeated { (LONGEST_WITH_REPEATED, 1) } else { (LONGEST_WITH_HIDDEN, 2) };
            let counts = (0..=most).filter(|_| readable.len() <= longest);
            counts.into_iter().find_map(|count| search.with_lost(&text, 1, count, &LOST))
        })
    })
}

/// The texts with one part that a logical ID does not show: `Resource`, or the end of the part before, with
/// whether it is that.
fn with_hidden(readable: &str) -> impl Iterator<Item = (String, bool)> {
    let all = (0..=readable.len()).filter_map(|at| readable.split_at_checked(at));
    all.flat_map(|(before, after)| {
        let ends = (0..before.len()).filter_map(|at| Some((before.get(at..)?, true)));
        [("Resource", false)].into_iter().chain(ends).map(move |(part, is_repeated)| {
            let parts = [before, part, after].into_iter().filter(|it| !it.is_empty());
            (parts.collect::<Vec<_>>().join("/"), is_repeated)
        })
    })
}

/// A search for the construct ID whose path has a hash.
struct Search<'s> {
    hash: [u8; 4],
    /// The path from the construct down to the resource.
    below: &'s str,
    fits: &'s dyn Fn(&str) -> Option<String>,
}

impl Search<'_> {
    /// Tries all ways to insert `count` lost characters into a text, from a place on.
    fn with_lost(&self, text: &str, from: usize, count: usize, lost: &[char]) -> Option<String> {
        if count == 0 {
            // Few texts have the hash: only they are compared as paths.
            let digest = Md5::new().chain_update(text).chain_update(self.below).finalize();
            return digest.starts_with(&self.hash).then(|| (self.fits)(text))?;
        }
        (from..text.len()).find_map(|at| {
            lost.iter().find_map(|character| {
                let mut text = text.to_owned();
                text.insert(at, *character);
                self.with_lost(&text, at + 2, count - 1, lost)
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn logical_id(path: &str) -> String {
        ConstructPath::try_from(path).unwrap().logical_id()
    }

    #[test]
    fn finds_what_a_logical_id_lost() {
        for id in [
            "App",
            "Service/App",
            "my-app",
            "team/my-app",
            "a_b.c",
            "x161/app/gate-way",
            "svc_one/Front.End",
            "app/svc_one/web-13",
            "App/App",
            "Service/Resource/gate-way",
            "shop/TeamApp/App",
            "team/App/Resource",
        ] {
            let logical = logical_id(&format!("{id}/Resource"));
            assert_eq!(of_logical_id(&logical, &["Resource"], None).as_deref(), Some(id));
        }
    }

    #[test]
    fn takes_the_noted_path() {
        let logical = logical_id("a_b_c_d_e_f_g/Resource");
        assert_eq!(of_logical_id(&logical, &["Resource"], None), None);
        let found = of_logical_id(&logical, &["Resource"], Some("a_b_c_d_e_f_g/Resource"));
        assert_eq!(found.as_deref(), Some("a_b_c_d_e_f_g"));
        // Of a stack below a stage.
        let found = of_logical_id(&logical, &["Resource"], Some("Shop/a_b_c_d_e_f_g/Resource"));
        assert_eq!(found.as_deref(), Some("a_b_c_d_e_f_g"));
    }

    #[test]
    fn leaves_others_alone() {
        assert_eq!(of_logical_id("AppRepository", &["Resource"], None), None);
        assert_eq!(of_logical_id("Ü", &["Resource"], None), None);
        assert_eq!(of_logical_id("DockerHub", &[], None).as_deref(), Some("DockerHub"));
    }

    #[test]
    fn finds_the_parent_of_a_policy() {
        let logical = logical_id("Deployer/Policy/Resource");
        assert_eq!(logical, "DeployerPolicy7CBD75B8");
        let found = of_logical_id(&logical, &["Policy", "Resource"], None);
        assert_eq!(found.as_deref(), Some("Deployer"));
    }
}
