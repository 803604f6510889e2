//! A strict parser for RFC 8259 JSON that records the place of each value.
//!
//! The structure is parsed here because `serde_json` does not report places and accepts duplicate
//! keys. Strings and numbers are parsed by `serde_json`.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

use crate::entries::Entries;
use crate::node::{Entry, Keys, Node, NodeKind};
use crate::source::Format;
use crate::span::Span;
use crate::syntax::{DEPTH_LIMIT, SyntaxError, SyntaxErrorKind};

/// Parses JSON, as strict as RFC 8259. `file` is the index of the file in the document's list of
/// files.
///
/// # Errors
/// Returns the first error: the text is not JSON, an object contains a duplicate key, or values are
/// nested deeper than [`DEPTH_LIMIT`].
pub fn parse_json(text: &str, file: u32) -> Result<Node, SyntaxError> {
    Reader { text, at: 0, file, depth: 0, desk: &mut JsonDesk::default(), later: None }.whole()
}

/// Like [`parse_json`], but leaves the entries of some maps to [`JsonDesk::entry`]: those at a path of
/// keys, in which `None` stands for any key. Each such map is empty in the tree.
///
/// Nothing is known of what is left but where it ends. An error is that of [`parse_json`] only if all of
/// it is well-formed.
///
/// # Errors
/// As [`parse_json`].
pub fn outline_json(
    text: &str,
    file: u32,
    path: &[Option<&str>],
) -> Result<(Node, Vec<JsonMap>), SyntaxError> {
    let mut desk = JsonDesk::default();
    let later = Some(Later { path, keys: Vec::new(), maps: Vec::new() });
    let mut reader = Reader { text, at: 0, file, depth: 0, desk: &mut desk, later };
    let root = reader.whole()?;
    Ok((root, reader.later.map(|later| later.maps).unwrap_or_default()))
}

/// A map whose entries are parsed later.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JsonMap {
    /// The keys from the root to the map.
    pub path: Vec<Arc<str>>,
    /// Where its entries are in the text: each from its key to the end of its value.
    pub entries: Vec<Span>,
}

/// Memory for parsing, which the next value uses again.
#[derive(Debug, Default)]
pub struct JsonDesk {
    keys: Keys,
    /// The items of all lists that are not complete: each list is moved to its place when its length is
    /// known.
    items: Vec<Node>,
    /// Maps without entries, to be filled in the same way.
    spare: Vec<Entries>,
}

impl JsonDesk {
    /// Parses an entry that was left by [`outline_json`], in a map with this number of keys in its path.
    /// Returns its key and its value.
    ///
    /// # Errors
    /// As [`parse_json`].
    pub fn entry<'t>(
        &mut self,
        text: &'t str,
        entry: Span,
        file: u32,
        depth: usize,
    ) -> Result<(Cow<'t, str>, Node), SyntaxError> {
        let Range { start, end } = entry.range();
        let text = text.get(..end).unwrap_or_default();
        // The map with the entry counts as well.
        let depth = depth + 1;
        let mut reader = Reader { text, at: start, file, depth, desk: self, later: None };
        let (key, _) = reader.key()?;
        let node = reader.value()?;
        reader.skip_space();
        match reader.peek() {
            None => Ok((key, node)),
            Some(_) => Err(reader.unexpected("the end of the value")),
        }
    }
}

struct Reader<'t, 'd> {
    text: &'t str,
    at: usize,
    file: u32,
    depth: usize,
    desk: &'d mut JsonDesk,
    later: Option<Later<'d>>,
}

/// What is parsed later.
struct Later<'d> {
    path: &'d [Option<&'d str>],
    /// The keys from the root to the current map.
    keys: Vec<Arc<str>>,
    maps: Vec<JsonMap>,
}

impl Later<'_> {
    /// Whether the entries of the current map are parsed later. `depth` is the number of open lists and
    /// maps: those in lists have no path.
    fn has_current(&self, depth: usize) -> bool {
        self.keys.len() == self.path.len()
            && self.keys.len() + 1 == depth
            && self
                .keys
                .iter()
                .zip(self.path)
                .all(|(key, wanted)| wanted.is_none_or(|it| *it == **key))
    }
}

impl<'t> Reader<'t, '_> {
    /// Parses a text that is one value.
    fn whole(&mut self) -> Result<Node, SyntaxError> {
        self.skip_space();
        if self.peek().is_none() {
            return Err(SyntaxError { span: 0..0, kind: SyntaxErrorKind::Empty });
        }
        let root = self.value()?;
        self.skip_space();
        match self.peek() {
            None => Ok(root),
            Some(_) => Err(self.unexpected("the end of the file")),
        }
    }

    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// The bytes that are left: what delimits values is ASCII.
    fn bytes(&self) -> &'t [u8] {
        self.text.as_bytes().get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<u8> {
        self.bytes().first().copied()
    }

    fn skip_space(&mut self) {
        let is_space = |byte: &&u8| matches!(byte, b' ' | b'\t' | b'\n' | b'\r');
        self.at += self.bytes().iter().take_while(is_space).count();
    }

    /// Consumes an ASCII character if it is the next one.
    fn eat(&mut self, wanted: u8) -> bool {
        let found = self.peek() == Some(wanted);
        if found {
            self.at += 1;
        }
        found
    }

    fn unexpected(&self, expected: &str) -> SyntaxError {
        match self.rest().chars().next() {
            None => SyntaxError {
                span: self.at..self.at,
                kind: SyntaxErrorKind::Truncated { reason: format!("expected {expected}") },
            },
            Some(found) => SyntaxError {
                span: self.at..self.at + found.len_utf8(),
                kind: SyntaxErrorKind::Malformed {
                    format: Format::Json,
                    reason: format!("expected {expected}, found `{found}`"),
                },
            },
        }
    }

    fn value(&mut self) -> Result<Node, SyntaxError> {
        let start = self.at;
        let kind = match self.peek() {
            Some(b'{') => self.nested(Self::map)?,
            Some(b'[') => self.nested(Self::list)?,
            Some(b'"') => NodeKind::Text(self.string()?.0.into()),
            Some(b'-' | b'0'..=b'9') => self.number()?,
            _ => self.word()?,
        };
        Ok(Node { span: (start..self.at).into(), file: self.file, kind })
    }

    /// Parses a list or map, unless it exceeds the depth limit.
    fn nested(
        &mut self,
        read: fn(&mut Self) -> Result<NodeKind, SyntaxError>,
    ) -> Result<NodeKind, SyntaxError> {
        if self.depth == DEPTH_LIMIT {
            let kind = SyntaxErrorKind::TooDeep { limit: DEPTH_LIMIT };
            return Err(SyntaxError { span: self.at..self.at + 1, kind });
        }
        self.depth += 1;
        self.at += 1;
        let kind = read(self)?;
        self.depth -= 1;
        Ok(kind)
    }

    fn list(&mut self) -> Result<NodeKind, SyntaxError> {
        let start = self.desk.items.len();
        self.skip_space();
        while !self.eat(b']') {
            if self.desk.items.len() > start {
                if !self.eat(b',') {
                    return Err(self.unexpected("`,` or `]`"));
                }
                self.skip_space();
            }
            let item = self.value()?;
            self.desk.items.push(item);
            self.skip_space();
        }
        Ok(NodeKind::List(self.desk.items.drain(start..).collect()))
    }

    fn map(&mut self) -> Result<NodeKind, SyntaxError> {
        if self.later.as_ref().is_some_and(|later| later.has_current(self.depth)) {
            return self.map_for_later();
        }
        let mut entries = self.desk.spare.pop().unwrap_or_default();
        self.skip_space();
        while !self.eat(b'}') {
            if !entries.is_empty() {
                self.comma()?;
            }
            let (key, key_span) = self.key()?;
            if let Some(entry) = entries.get(key.as_ref()) {
                let first = Some(entry.key_span.range());
                let key = key.into_owned();
                let kind = SyntaxErrorKind::DuplicateKey { key, first };
                return Err(SyntaxError { span: key_span, kind });
            }
            let key = self.desk.keys.share(&key);
            if let Some(later) = &mut self.later {
                later.keys.push(Arc::clone(&key));
            }
            let node = self.value()?;
            if let Some(later) = &mut self.later {
                later.keys.pop();
            }
            entries.insert(key, Entry { key_span: key_span.into(), node });
            self.skip_space();
        }
        let whole = entries.take();
        self.desk.spare.push(entries);
        Ok(NodeKind::Map(Arc::new(whole)))
    }

    /// Notes where the entries of a map are.
    fn map_for_later(&mut self) -> Result<NodeKind, SyntaxError> {
        let mut entries = Vec::new();
        self.skip_space();
        while !self.eat(b'}') {
            if !entries.is_empty() {
                self.comma()?;
            }
            let start = self.at;
            self.key()?;
            self.skip_value();
            entries.push((start..self.at).into());
            self.skip_space();
        }
        if let Some(later) = &mut self.later {
            later.maps.push(JsonMap { path: later.keys.clone(), entries });
        }
        Ok(NodeKind::Map(Arc::default()))
    }

    /// Parses what separates the entries of a map.
    fn comma(&mut self) -> Result<(), SyntaxError> {
        if !self.eat(b',') {
            return Err(self.unexpected("`,` or `}`"));
        }
        self.skip_space();
        Ok(())
    }

    /// Parses a key and what separates it from its value.
    fn key(&mut self) -> Result<(Cow<'t, str>, Range<usize>), SyntaxError> {
        if self.peek() != Some(b'"') {
            return Err(self.unexpected("a key in double quotes"));
        }
        let key = self.string()?;
        self.skip_space();
        if !self.eat(b':') {
            return Err(self.unexpected("`:`"));
        }
        self.skip_space();
        Ok(key)
    }

    /// Skips a value, which may be malformed: up to the bracket that closes it, or to what delimits a
    /// scalar.
    fn skip_value(&mut self) {
        let is_mark = |byte: &u8| matches!(byte, b'"' | b'{' | b'[' | b'}' | b']' | b',');
        let mut open = 0_usize;
        while let Some(length) = self.bytes().iter().position(is_mark) {
            self.at += length;
            match self.peek() {
                Some(b'{' | b'[') => open += 1,
                Some(b'}' | b']' | b',') if open == 0 => return,
                Some(b'}' | b']') => open -= 1,
                _ => {}
            }
            if self.eat(b'"') {
                self.skip_text();
            } else {
                self.at += 1;
            }
        }
        self.at = self.text.len();
    }

    /// Skips what is left of a string, with the closing quote. Returns whether there is one.
    fn skip_text(&mut self) -> bool {
        while let Some(length) = self.bytes().iter().position(|byte| matches!(byte, b'"' | b'\\')) {
            self.at += length;
            if self.eat(b'"') {
                return true;
            }
            // What is escaped does not close the string.
            self.at = self.text.len().min(self.at + 2);
        }
        self.at = self.text.len();
        false
    }

    fn string(&mut self) -> Result<(Cow<'t, str>, Range<usize>), SyntaxError> {
        let start = self.at;
        self.at += 1;
        let is_special = |byte: &u8| matches!(byte, b'"' | b'\\' | 0..=0x1f);
        self.at += self.bytes().iter().position(is_special).unwrap_or_default();
        let inner = start + 1..self.at;
        if self.eat(b'"') {
            return Ok((self.slice(&inner).into(), start..self.at));
        }
        if !self.skip_text() {
            let reason = "unclosed string, expected `\"`".to_owned();
            let kind = SyntaxErrorKind::Truncated { reason };
            return Err(SyntaxError { span: start..self.text.len(), kind });
        }
        // Control characters are an error of `serde_json`.
        let span = start..self.at;
        match serde_json::from_str(self.slice(&span)) {
            Ok(text) => Ok((Cow::Owned(text), span)),
            Err(error) => Err(malformed(span, &error)),
        }
    }

    fn number(&mut self) -> Result<NodeKind, SyntaxError> {
        let start = self.at;
        let rest = self.rest();
        let tail = rest.trim_start_matches(|c: char| {
            c.is_ascii_digit() || matches!(c, '-' | '+' | '.' | 'e' | 'E')
        });
        self.at += rest.len() - tail.len();
        let span = start..self.at;
        let written = self.slice(&span);
        match serde_json::from_str::<serde_json::Number>(written) {
            Ok(number) if is_exact(&number, written) => Ok(NodeKind::Number(number)),
            // `1e999` is valid JSON but exceeds the range of every number type.
            Err(error) if !error.to_string().starts_with("number out of range") => {
                Err(malformed(span, &error))
            }
            Ok(_) | Err(_) => {
                let written = written.to_owned();
                Err(SyntaxError { span, kind: SyntaxErrorKind::NumberOutOfRange { written } })
            }
        }
    }

    fn word(&mut self) -> Result<NodeKind, SyntaxError> {
        for (word, kind) in [
            ("null", NodeKind::Null),
            ("true", NodeKind::Bool(true)),
            ("false", NodeKind::Bool(false)),
        ] {
            if self.rest().starts_with(word) {
                self.at += word.len();
                return Ok(kind);
            }
        }
        Err(self.unexpected("a value"))
    }

    fn slice(&self, span: &Range<usize>) -> &'t str {
        self.text.get(span.clone()).unwrap_or_default()
    }
}

fn malformed(span: Range<usize>, error: &serde_json::Error) -> SyntaxError {
    // serde_json's line and column are relative to the token; the span is exact.
    let said = error.to_string();
    let reason = said.split(" at line ").next().unwrap_or_default().to_owned();
    SyntaxError { span, kind: SyntaxErrorKind::Malformed { format: Format::Json, reason } }
}

/// Whether a parsed number equals its source: `serde_json` turns integers beyond 64 bits into
/// floats.
fn is_exact(number: &serde_json::Number, written: &str) -> bool {
    !number.is_f64() || written.contains(['.', 'e', 'E']) || written == "-0"
}

#[cfg(test)]
mod tests {
    use super::*;

    const PATH: [Option<&str>; 3] = [Some("stacks"), None, Some("repositories")];

    /// The text parsed in two ways: at once, and with the entries at the path parsed later.
    fn both(text: &str) -> (Result<Node, SyntaxError>, Result<Node, SyntaxError>) {
        let apart = || {
            let (mut root, maps) = outline_json(text, 7, &PATH)?;
            let mut desk = JsonDesk::default();
            for JsonMap { path, entries } in maps {
                let mut map = &mut root;
                for key in &path {
                    map = &mut map.entries_mut().unwrap().get_mut(key).unwrap().node;
                }
                for span in entries {
                    let (key, node) = desk.entry(text, span, 7, path.len())?;
                    let length = serde_json::to_string(&key).unwrap().len();
                    let start = span.range().start;
                    let key_span = (start..start + length).into();
                    map.entries_mut()
                        .unwrap()
                        .insert(key.as_ref().into(), Entry { key_span, node });
                }
            }
            Ok(root)
        };
        (parse_json(text, 7), apart())
    }

    #[test]
    fn what_is_parsed_later_is_the_same() {
        for text in [
            r#"{ "stacks": { "A": { "repositories": { "x\"y" : { "a": [1, "}]", {"b": "\\"}] } , "z":-1.5e3 } }, "B": {} } }"#,
            r#"{"stacks":{"A":{"repositories":{}},"B":{"repositories":{"C":null,"D":{}}}},"presets":{"repositories":{"E":1}}}"#,
            r#"{"stacks":[{"repositories":{"A":{}}}],"other":{"A":{"repositories":{"B":{}}}}}"#,
            r#"{"stacks":{"A":{"repositories":[{"x":1}]}}}"#,
            r#"{"stacks":{"A":{"repositories":{"B":{"repositories":{"C":{}}}}}}}"#,
        ] {
            let (whole, apart) = both(text);
            assert_eq!(apart, whole, "{text}");
            assert!(whole.is_ok(), "{whole:?}");
        }
    }

    #[test]
    fn what_is_parsed_later_is_malformed_as_well() {
        for value in [
            "", "{", "}", "[}", "{]", "\"", "\"\\", "nul", "1 2", "{},", "[1,]", "{\"a\"}",
            "\u{e9}", "01",
        ] {
            for text in [
                format!(r#"{{"stacks":{{"A":{{"repositories":{{"B":{value}}}}}}}}}"#),
                format!(r#"{{"stacks":{{"A":{{"repositories":{{"B":{value},"C":{{}}}}}}}}}}"#),
                format!(r#"{{"stacks":{{"A":{{"repositories":{{"B":{value}"#),
            ] {
                let (whole, apart) = both(&text);
                assert!(whole.is_err() && apart.is_err(), "{text}: {whole:?}, {apart:?}");
            }
        }
    }

    #[test]
    fn depth_is_limited_in_what_is_parsed_later() {
        for (levels, is_fine) in [(DEPTH_LIMIT - 4, true), (DEPTH_LIMIT - 3, false)] {
            let value = format!("{}{}", "[".repeat(levels), "]".repeat(levels));
            let text = format!(r#"{{"stacks":{{"A":{{"repositories":{{"B":{value}}}}}}}}}"#);
            let (whole, apart) = both(&text);
            assert_eq!((whole.is_ok(), apart.is_ok()), (is_fine, is_fine), "{levels}");
        }
    }
}
