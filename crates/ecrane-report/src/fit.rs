//! Texts of a config, fitted to the picture.

/// Shortens a text to a number of characters.
pub(crate) fn shorten(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    // Names differ at their ends more often than in the middle.
    let tail = most / 2;
    let head: String = text.chars().take(most - tail - 1).collect();
    let count = text.chars().count();
    let tail: String = text.chars().skip(count - tail).collect();
    format!("{head}…{tail}")
}

/// Breaks a text at spaces into lines of at most a number of characters.
pub(crate) fn wrap(text: &str, most: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    for word in text.split(' ') {
        let word = shorten(word, most);
        if !line.is_empty() && line.chars().count() + 1 + word.chars().count() > most {
            lines.push(std::mem::take(&mut line));
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(&word);
    }
    lines.push(line);
    lines
}

/// An upper bound of the width of a text, whatever the font.
pub(crate) fn text_width(text: &str, size: f64) -> f64 {
    let width = |c: char| match c {
        'i' | 'j' | 'l' | 't' | 'f' | 'r' | 'I' | '.' | ',' | ':' | '/' | ' ' | '-' => 0.42,
        'm' | 'w' | 'M' | 'W' | '@' | '…' | '→' => 1.02,
        'A'..='Z' => 0.76,
        c if c.is_ascii() => 0.64,
        _ => 1.1,
    };
    text.chars().map(width).sum::<f64>() * size
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shortens_and_wraps() {
        assert_eq!(shorten("abcdefghij", 5), "ab…ij");
        assert_eq!(shorten("abc", 5), "abc");
        assert_eq!(wrap("one two three", 8), ["one two", "three"]);
    }
}
