//! Construct ids that do not get in each other's way.

use super::{Dialect, Draft, words};

/// The ids in use below one stack.
#[derive(Debug, Default)]
pub(super) struct Paths(Vec<String>);

impl Paths {
    /// An id that no construct has and that is no construct's scope.
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
        // `Default` at the top is no logical id, and `Resource` there would be that of the construct below it.
        if path.split('/').all(|part| part == "Default" || part == "Resource") {
            return false;
        }
        let inside = |inner: &str, outer: &str| {
            inner.strip_prefix(outer).is_some_and(|rest| rest.starts_with('/'))
        };
        !self.0.iter().any(|used| used == path || inside(used, path) || inside(path, used))
    }
}

/// Logical ids begin with a letter in CDK 1, and have one in CDK 2. What begins with `Default` or `Resource` may be taken
/// for the main resource of a stack.
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
    // Plain words are soon used up; those that stand for something keep their spelling.
    if draft.random.chance(30) {
        format!("{word}{}", draft.random.below(100))
    } else {
        word.to_owned()
    }
}
