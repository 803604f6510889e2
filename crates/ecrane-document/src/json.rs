//! A strict parser for RFC 8259 JSON that records the place of each value.
//!
//! The structure is parsed here because `serde_json` does not report places and accepts duplicate
//! keys. Strings and numbers are parsed by `serde_json`.

use std::ops::Range;

use indexmap::IndexMap;

use crate::node::{Entry, Node, NodeKind};
use crate::source::Format;
use crate::syntax::{DEPTH_LIMIT, SyntaxError, SyntaxErrorKind};

/// Parses JSON, as strict as RFC 8259. `file` is the index of the file in the document's list of
/// files.
///
/// # Errors
/// Returns the first error: the text is not JSON, an object contains a duplicate key, or values are
/// nested deeper than [`DEPTH_LIMIT`].
pub fn parse_json(text: &str, file: usize) -> Result<Node, SyntaxError> {
    let mut reader = Reader { text, at: 0, file, depth: 0 };
    reader.skip_space();
    if reader.peek().is_none() {
        return Err(SyntaxError { span: 0..0, kind: SyntaxErrorKind::Empty });
    }
    let root = reader.value()?;
    reader.skip_space();
    match reader.peek() {
        None => Ok(root),
        Some(_) => Err(reader.unexpected("the end of the file")),
    }
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
    file: usize,
    depth: usize,
}

impl<'t> Reader<'t> {
    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn skip_space(&mut self) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start_matches([' ', '\t', '\n', '\r']).len();
    }

    /// Consumes a character if it is the next one.
    fn eat(&mut self, wanted: char) -> bool {
        let found = self.peek() == Some(wanted);
        if found {
            self.at += wanted.len_utf8();
        }
        found
    }

    fn unexpected(&self, expected: &str) -> SyntaxError {
        match self.peek() {
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
            Some('{') => self.nested(Self::map)?,
            Some('[') => self.nested(Self::list)?,
            Some('"') => NodeKind::Text(self.string()?.0),
            Some('-' | '0'..='9') => self.number()?,
            _ => self.word()?,
        };
        Ok(Node { span: start..self.at, file: self.file, kind })
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
        let mut items = Vec::new();
        self.skip_space();
        if self.eat(']') {
            return Ok(NodeKind::List(items));
        }
        loop {
            self.skip_space();
            items.push(self.value()?);
            self.skip_space();
            if self.eat(']') {
                return Ok(NodeKind::List(items));
            }
            if !self.eat(',') {
                return Err(self.unexpected("`,` or `]`"));
            }
        }
    }

    fn map(&mut self) -> Result<NodeKind, SyntaxError> {
        let mut entries: IndexMap<String, Entry> = IndexMap::new();
        self.skip_space();
        if self.eat('}') {
            return Ok(NodeKind::Map(entries));
        }
        loop {
            self.skip_space();
            if self.peek() != Some('"') {
                return Err(self.unexpected("a key in double quotes"));
            }
            let (key, key_span) = self.string()?;
            if let Some(entry) = entries.get(&key) {
                let first = Some(entry.key_span.clone());
                let kind = SyntaxErrorKind::DuplicateKey { key, first };
                return Err(SyntaxError { span: key_span, kind });
            }
            self.skip_space();
            if !self.eat(':') {
                return Err(self.unexpected("`:`"));
            }
            self.skip_space();
            let node = self.value()?;
            entries.insert(key, Entry { key_span, node });
            self.skip_space();
            if self.eat('}') {
                return Ok(NodeKind::Map(entries));
            }
            if !self.eat(',') {
                return Err(self.unexpected("`,` or `}`"));
            }
        }
    }

    fn string(&mut self) -> Result<(String, Range<usize>), SyntaxError> {
        let start = self.at;
        let mut escaped = true;
        for (offset, byte) in self.rest().bytes().enumerate() {
            match byte {
                // The opening quote counts as escaped.
                b'"' if !escaped => {
                    self.at += offset + 1;
                    let span = start..self.at;
                    return match serde_json::from_str(self.slice(&span)) {
                        Ok(text) => Ok((text, span)),
                        Err(error) => Err(malformed(span, &error)),
                    };
                }
                b'\\' if !escaped => escaped = true,
                _ => escaped = false,
            }
        }
        let reason = "unclosed string, expected `\"`".to_owned();
        Err(SyntaxError {
            span: start..self.text.len(),
            kind: SyntaxErrorKind::Truncated { reason },
        })
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
