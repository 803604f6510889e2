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
use crate::syntax::{DEPTH_LIMIT, SyntaxError, SyntaxErrorKind};

/// Parses JSON, as strict as RFC 8259. `file` is the index of the file in the document's list of
/// files.
///
/// # Errors
/// Returns the first error: the text is not JSON, an object contains a duplicate key, or values are
/// nested deeper than [`DEPTH_LIMIT`].
pub fn parse_json(text: &str, file: u32) -> Result<Node, SyntaxError> {
    let mut reader = Reader {
        text,
        at: 0,
        file,
        depth: 0,
        keys: Keys::default(),
        items: Vec::new(),
        spare: Vec::new(),
    };
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
    file: u32,
    depth: usize,
    keys: Keys,
    /// The items of all lists that are not complete: each list is moved to its place when its length is
    /// known.
    items: Vec<Node>,
    /// Maps without entries, to be filled in the same way.
    spare: Vec<Entries>,
}

impl<'t> Reader<'t> {
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
        let start = self.items.len();
        self.skip_space();
        while !self.eat(b']') {
            if self.items.len() > start {
                if !self.eat(b',') {
                    return Err(self.unexpected("`,` or `]`"));
                }
                self.skip_space();
            }
            let item = self.value()?;
            self.items.push(item);
            self.skip_space();
        }
        Ok(NodeKind::List(self.items.drain(start..).collect()))
    }

    fn map(&mut self) -> Result<NodeKind, SyntaxError> {
        let mut entries = self.spare.pop().unwrap_or_default();
        self.skip_space();
        while !self.eat(b'}') {
            if !entries.is_empty() {
                if !self.eat(b',') {
                    return Err(self.unexpected("`,` or `}`"));
                }
                self.skip_space();
            }
            if self.peek() != Some(b'"') {
                return Err(self.unexpected("a key in double quotes"));
            }
            let (key, key_span) = self.string()?;
            if let Some(entry) = entries.get(key.as_ref()) {
                let first = Some(entry.key_span.range());
                let key = key.into_owned();
                let kind = SyntaxErrorKind::DuplicateKey { key, first };
                return Err(SyntaxError { span: key_span, kind });
            }
            self.skip_space();
            if !self.eat(b':') {
                return Err(self.unexpected("`:`"));
            }
            self.skip_space();
            let node = self.value()?;
            entries.insert(self.keys.share(&key), Entry { key_span: key_span.into(), node });
            self.skip_space();
        }
        let whole = entries.take();
        self.spare.push(entries);
        Ok(NodeKind::Map(Arc::new(whole)))
    }

    fn string(&mut self) -> Result<(Cow<'t, str>, Range<usize>), SyntaxError> {
        let start = self.at;
        let (mut is_plain, mut escaped) = (true, true);
        for (offset, byte) in self.bytes().iter().enumerate() {
            match byte {
                // The opening quote counts as escaped.
                b'"' if !escaped => {
                    self.at += offset + 1;
                    let span = start..self.at;
                    if is_plain {
                        return Ok((self.slice(&(start + 1..start + offset)).into(), span));
                    }
                    return match serde_json::from_str(self.slice(&span)) {
                        Ok(text) => Ok((Cow::Owned(text), span)),
                        Err(error) => Err(malformed(span, &error)),
                    };
                }
                b'\\' if !escaped => (is_plain, escaped) = (false, true),
                // Control characters are an error of `serde_json`.
                0..=0x1f => (is_plain, escaped) = (false, false),
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
