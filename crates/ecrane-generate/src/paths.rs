//! Construct ids without collisions.

use super::{Dialect, Draft, words};

/// The ids in use in one stack.
#[derive(Debug, Default)]
pub(super) struct Paths(Vec<String>);

impl Paths {
    /// Returns an id that is neither a construct nor a scope.
    pub(super) fn fresh(&mut self, draft: &mut Draft) -> String {
        loop {
            let depth = match draft.random.below(10) {
                0..5 => 1,
                5..8 => 2,
                _ => 3,
            };
            let parts: Vec<_> = (0..depth).map(|_| part(draft)).collect();
            let path = parts.join("/");
            if self.is_free(&path) && begins_well(draft, &path) {
                self.0.push(path.clone());
                return path;
            }
        }
    }

    fn is_free(&self, path: &str) -> bool {
        // `Default` at the top level yields no logical id, and `Resource` would collide with the
        // construct below it.
        if path.split('/').all(|part| part == "Default" || part == "Resource") {
            return false;
        }
        let inside = |inner: &str, outer: &str| {
            inner.strip_prefix(outer).is_some_and(|rest| rest.starts_with('/'))
        };
        !self.0.iter().any(|used| used == path || inside(used, path) || inside(path, used))
    }
}

/// Whether the first segment is valid: logical ids begin with a letter in CDK 1, and contain one in
/// CDK 2. Names that begin with `Default` or `Resource` may collide with the main resource of a
/// stack.
fn begins_well(draft: &mut Draft, path: &str) -> bool {
    let is_reserved = ["Default", "Resource"].contains(&path.split('/').next().unwrap_or_default());
    let is_letter = path.starts_with(|first: char| first.is_ascii_alphabetic());
    match draft.dialect {
        Dialect::Cdk1 => is_letter || draft.random.chance(5),
        Dialect::Cdk2 => true,
        Dialect::Ecrane => is_letter && !is_reserved,
    }
}

fn part(draft: &mut Draft) -> String {
    let word = draft.random.pick(&words::IDS);
    // There are few plain words; words that are referred to keep their spelling.
    if draft.random.chance(30) {
        format!("{word}{}", draft.random.below(100))
    } else {
        word.to_owned()
    }
}
