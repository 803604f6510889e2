//! Patterns with the wildcards of IAM: `*` for any text, `?` for one character.

/// A pattern with the wildcards of IAM: `*` for any text, `?` for one character (IAM user guide,
/// "IAM JSON policy elements: Resource").
///
/// ```
/// use ecrane_core::Glob;
///
/// assert!(Glob::new("ecr:?atchGet*").matches("ecr:BatchGetImage"));
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Glob(Vec<Token>);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Token {
    Char(char),
    One,
    Many,
}

impl Glob {
    /// A pattern as it is written in a policy.
    pub fn new(pattern: &str) -> Self {
        let mut glob = Self::default();
        glob.push_pattern(pattern);
        glob
    }

    /// Adds a part as it is written in a policy.
    pub fn push_pattern(&mut self, pattern: &str) {
        self.0.extend(pattern.chars().map(|c| match c {
            '*' => Token::Many,
            '?' => Token::One,
            c => Token::Char(c),
        }));
    }

    /// Adds a text without wildcards: what a policy variable stands for, whatever characters it has.
    pub fn push_text(&mut self, text: &str) {
        self.0.extend(text.chars().map(Token::Char));
    }

    /// The pattern in lower case.
    #[must_use]
    pub fn to_lowercase(&self) -> Self {
        let lower = |token: &Token| match token {
            Token::Char(c) => c.to_lowercase().map(Token::Char).collect(),
            Token::One | Token::Many => vec![*token],
        };
        Self(self.0.iter().flat_map(lower).collect())
    }

    /// Whether the pattern matches a text.
    pub fn matches(&self, text: &str) -> bool {
        let mut text = text.chars();
        let mut pattern = self.0.as_slice();
        // Where to continue if the rest does not match: the last `*` takes one more character.
        let mut retry = None;
        loop {
            match pattern.split_first() {
                Some((Token::Many, after)) => {
                    pattern = after;
                    retry = Some((after, text.clone()));
                    continue;
                }
                Some((token, after)) => {
                    let mut rest = text.clone();
                    let fits = match (token, rest.next()) {
                        (_, None) => return false,
                        (Token::Char(wanted), Some(found)) => *wanted == found,
                        (Token::One | Token::Many, Some(_)) => true,
                    };
                    if fits {
                        (pattern, text) = (after, rest);
                        continue;
                    }
                }
                None if text.as_str().is_empty() => return true,
                None => {}
            }
            let Some((after, from)) = &mut retry else { return false };
            if from.next().is_none() {
                return false;
            }
            (pattern, text) = (*after, from.clone());
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The definition, which takes exponential time.
    fn by_definition(pattern: &[char], text: &[char]) -> bool {
        match (pattern, text) {
            ([], []) => true,
            (['*', rest @ ..], _) => {
                by_definition(rest, text)
                    || text.split_first().is_some_and(|(_, after)| by_definition(pattern, after))
            }
            (['?', rest @ ..], [_, after @ ..]) => by_definition(rest, after),
            ([c, rest @ ..], [d, after @ ..]) if c == d => by_definition(rest, after),
            _ => false,
        }
    }

    #[test]
    fn wildcards() {
        assert!(Glob::new("ecr:*Layer*").matches("ecr:UploadLayerPart"));
        assert!(Glob::new("a?c").matches("aüc"));
        assert!(!Glob::new("a?c").matches("ac"));
        assert!(Glob::new("*").matches(""));
        assert!(!Glob::new("").matches("a"));
        let mut literal = Glob::default();
        literal.push_text("a*");
        assert!(!literal.matches("ab"));
        assert!(literal.matches("a*"));
    }

    proptest! {
        #[test]
        fn matches_as_defined(pattern in "[ab*?]{0,8}", text in "[ab]{0,8}") {
            let (p, t): (Vec<_>, Vec<_>) = (pattern.chars().collect(), text.chars().collect());
            prop_assert_eq!(Glob::new(&pattern).matches(&text), by_definition(&p, &t));
        }
    }
}
