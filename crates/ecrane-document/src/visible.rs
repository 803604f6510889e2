//! Characters of the input that a diagnostic or picture must not print as they are.

/// Whether a character is a control character or one that changes how the text around it is shown,
/// such as a bidirectional mark.
pub fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// Escapes the [invisible](is_invisible) characters of a text, as Rust would.
///
/// ```
/// assert_eq!(ecrane_document::visible("\u{1b}[31mred"), "\\u{1b}[31mred");
/// assert_eq!(ecrane_document::visible("shop/app"), "shop/app");
/// ```
pub fn visible(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        if is_invisible(c) {
            escaped.extend(c.escape_default());
        } else {
            escaped.push(c);
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes() {
        assert_eq!(visible("a `b` ü…"), "a `b` ü…");
        assert_eq!(visible("\u{1b}[31m\n\u{202e}x\0"), "\\u{1b}[31m\\n\\u{202e}x\\u{0}");
    }
}
