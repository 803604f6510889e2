//! Bounds what a diagnostic quotes.

use std::borrow::Cow;

/// The most bytes of a message that are displayed.
pub const MESSAGE_LIMIT: usize = 2_000;
/// The most bytes of a help that are displayed: it may be a text to paste.
pub const HELP_LIMIT: usize = 8_000;

/// Shortens a text that is longer than a limit in bytes: its beginning and its end remain, with the
/// number of missing bytes between them. A message quotes a value of the input, which can be megabytes.
///
/// ```
/// let text = format!("invalid name `{}` of a repository", "x".repeat(1_000_000));
/// let short = ecrane_document::shortened(&text, 40);
/// assert_eq!(short, "invalid name `xxxxxx[… 999991 bytes …]xxx` of a repository");
/// assert_eq!(ecrane_document::shortened("short", 40), "short");
/// ```
pub fn shortened(text: &str, limit: usize) -> Cow<'_, str> {
    if text.len() <= limit {
        return Cow::Borrowed(text);
    }
    let boundary = |at: usize| (0..=at).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0);
    let (begin, end) = (boundary(limit / 2), boundary(text.len() - limit / 2));
    let [head, tail] = [0..begin, end..text.len()].map(|range| text.get(range).unwrap_or_default());
    Cow::Owned(format!("{head}[… {} bytes …]{tail}", end - begin))
}
