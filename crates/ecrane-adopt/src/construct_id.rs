//! The construct ID behind a logical ID.
//!
//! The AWS CDK derives a logical ID from the path of a construct: its letters and digits, and eight digits
//! of a hash of the path. What is lost, such as a dash, is found again by trying: the hash tells.

use ecrane_core::ConstructPath;

/// The digits of the hash.
const HASH: usize = 8;
/// The characters that construct IDs commonly contain and logical IDs cannot.
const LOST: [char; 5] = ['/', '-', '_', '.', ' '];
/// The longest readable part in which two lost characters are searched for: about 12,000 paths.
const LONGEST: usize = 32;

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
        if let Some(found) = below.and_then(fits) {
            return Some(found);
        }
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
    let insert = |text: &str, at: usize, lost: char| {
        let mut text = text.to_owned();
        text.insert(at, lost);
        text
    };
    let one: Vec<(usize, String)> = (1..readable.len())
        .flat_map(|at| LOST.map(|lost| (at, insert(readable, at, lost))))
        .collect();
    if let Some(found) = one.iter().find_map(|(_, id)| fits(id)) {
        return Some(found);
    }
    if readable.len() > LONGEST {
        return None;
    }
    one.iter().find_map(|(first, id)| {
        (first + 2..id.len())
            .find_map(|at| LOST.iter().find_map(|lost| fits(&insert(id, at, *lost))))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn logical_id(path: &str) -> String {
        ConstructPath::try_from(path).unwrap().logical_id()
    }

    #[test]
    fn finds_what_a_logical_id_lost() {
        for id in ["App", "Service/App", "my-app", "team/my-app", "a_b.c"] {
            let logical = logical_id(&format!("{id}/Resource"));
            assert_eq!(of_logical_id(&logical, &["Resource"], None).as_deref(), Some(id));
        }
    }

    #[test]
    fn takes_the_noted_path() {
        let logical = logical_id("a-b-c-d-e/Resource");
        assert_eq!(of_logical_id(&logical, &["Resource"], None), None);
        let found = of_logical_id(&logical, &["Resource"], Some("a-b-c-d-e/Resource"));
        assert_eq!(found.as_deref(), Some("a-b-c-d-e"));
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
