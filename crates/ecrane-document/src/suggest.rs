//! What a misspelt word may have meant.

/// The candidate that a word most likely means, if one is near enough.
///
/// Letter case, `-` and `_` do not count. Otherwise one edit (a letter more, less, other, or two
/// that changed places) is forgiven for every three letters, and at least one.
///
/// ```
/// use ecrane_document::suggest;
///
/// assert_eq!(suggest("repositoryNmae", ["repositoryName", "import"]), Some("repositoryName"));
/// assert_eq!(suggest("pull_push", ["pull", "pullPush"]), Some("pullPush"));
/// assert_eq!(suggest("weather", ["import"]), None);
/// ```
pub fn suggest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let word = plain(word);
    let length = word.chars().count();
    // Of two that are equally near, the one that begins alike; else the first.
    let mut best: Option<((usize, std::cmp::Reverse<usize>), &str)> = None;
    for candidate in candidates {
        let other = plain(candidate);
        let allowed = best.map_or_else(
            || length.max(other.chars().count()).div_ceil(3).max(1),
            |((distance, _), _)| distance,
        );
        if other.chars().count().abs_diff(length) > allowed {
            continue;
        }
        let distance = strsim::osa_distance(&word, &other);
        let alike = word.chars().zip(other.chars()).take_while(|(one, other)| one == other);
        let nearness = (distance, std::cmp::Reverse(alike.count()));
        if distance <= allowed && best.is_none_or(|(nearest, _)| nearness < nearest) {
            best = Some((nearness, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

fn plain(word: &str) -> String {
    word.chars().filter(|c| !matches!(c, '-' | '_')).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn suggests() {
        let words =
            ["repositories", "repositoryName", "retain", "read", "pull", "push", "pullPush"];
        let cases = [
            ("a letter less", "repositries", Some("repositories")),
            ("two letters changed places", "reatin", Some("retain")),
            ("case", "PULL", Some("pull")),
            ("snake case", "repository_name", Some("repositoryName")),
            ("nothing near", "grants", None),
            ("too short to be told", "x", None),
            ("empty", "", None),
            ("the nearest, not the first", "pus", Some("push")),
        ];
        for (name, word, expected) in cases {
            assert_eq!(suggest(word, words), expected, "{name}");
        }
    }
}
