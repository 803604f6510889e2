//! Prefixes of repository names.

/// Whether a text is a prefix of repository names: `ROOT`, or segments of lowercase letters and
/// digits separated by slashes, with `.`, `_`, `__` or any number of `-` allowed between two of
/// them.
pub(crate) fn is_name_prefix(text: &str) -> bool {
    text == "ROOT" || text.strip_suffix('/').unwrap_or(text).split('/').all(is_segment)
}

pub(super) fn is_segment(text: &str) -> bool {
    let is_letter = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    text.starts_with(is_letter)
        && text.ends_with(is_letter)
        && text
            .split(is_letter)
            .all(|between| matches!(between, "" | "." | "_" | "__") || is_dashes(between))
}

fn is_dashes(text: &str) -> bool {
    text.chars().all(|c| c == '-')
}
