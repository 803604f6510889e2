//! Suggestions for misspelled words.

/// Returns the candidate most similar to a word, if one is similar enough.
///
/// Case, `-` and `_` are ignored. One edit (an insertion, a deletion, a substitution, or a
/// transposition of two letters) is allowed for every three letters, and at least one.
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
    // Of two equally similar candidates, prefer the longer common prefix, then the first.
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
            ("a deletion", "repositries", Some("repositories")),
            ("a transposition", "reatin", Some("retain")),
            ("case", "PULL", Some("pull")),
            ("snake case", "repository_name", Some("repositoryName")),
            ("nothing similar", "grants", None),
            ("too short to match", "x", None),
            ("empty", "", None),
            ("the most similar, not the first", "pus", Some("push")),
        ];
        for (name, word, expected) in cases {
            assert_eq!(suggest(word, words), expected, "{name}");
        }
    }
}
