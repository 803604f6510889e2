//! JSON on lines that are indented by two spaces.

use std::io::{self, Write};

use serde_json::ser::Formatter;

/// What separates values, with the indentation of sixteen levels: most documents have fewer.
const SEPARATOR: &str = ",\n                                ";

/// Lays JSON out as `serde_json` does, but writes a line break with its indentation at once. A document
/// has more of them than values.
#[derive(Debug, Default)]
pub(crate) struct Lines {
    depth: usize,
    /// Whether the innermost list or map has values so far.
    has_values: bool,
}

impl Lines {
    /// Writes the bytes of the separator from a position, at the current depth.
    fn separate<W: ?Sized + Write>(&self, writer: &mut W, from: usize) -> io::Result<()> {
        let end = 2 + 2 * self.depth;
        if let Some(text) = SEPARATOR.as_bytes().get(from..end) {
            return writer.write_all(text);
        }
        writer.write_all(SEPARATOR.as_bytes().get(from..).unwrap_or_default())?;
        (SEPARATOR.len()..end).try_for_each(|_| writer.write_all(b" "))
    }

    fn begin<W: ?Sized + Write>(&mut self, writer: &mut W, bracket: &[u8]) -> io::Result<()> {
        self.depth += 1;
        self.has_values = false;
        writer.write_all(bracket)
    }

    fn end<W: ?Sized + Write>(&mut self, writer: &mut W, bracket: &[u8]) -> io::Result<()> {
        self.depth -= 1;
        if self.has_values {
            self.separate(writer, 1)?;
        }
        writer.write_all(bracket)
    }
}

impl Formatter for Lines {
    fn begin_array<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.begin(writer, b"[")
    }

    fn end_array<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.end(writer, b"]")
    }

    fn begin_array_value<W: ?Sized + Write>(
        &mut self,
        writer: &mut W,
        first: bool,
    ) -> io::Result<()> {
        self.separate(writer, usize::from(first))
    }

    fn end_array_value<W: ?Sized + Write>(&mut self, _: &mut W) -> io::Result<()> {
        self.has_values = true;
        Ok(())
    }

    fn begin_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.begin(writer, b"{")
    }

    fn end_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.end(writer, b"}")
    }

    fn begin_object_key<W: ?Sized + Write>(
        &mut self,
        writer: &mut W,
        first: bool,
    ) -> io::Result<()> {
        self.separate(writer, usize::from(first))
    }

    fn begin_object_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        writer.write_all(b": ")
    }

    fn end_object_value<W: ?Sized + Write>(&mut self, _: &mut W) -> io::Result<()> {
        self.has_values = true;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::backend::{Style, write_json};

    #[test]
    fn is_the_layout_of_serde_json() {
        let mut deep = json!([{}, [], { "a": [] }]);
        for _ in 0..20 {
            deep = json!([1, { "a": deep, "b": "\n" }]);
        }
        for value in [Value::Null, json!({}), json!([[]]), json!({ "a": { "b": [1, {}] } }), deep] {
            let mut text = Vec::new();
            write_json(&value, &mut text, Style::Pretty).unwrap();
            let expected = format!("{}\n", serde_json::to_string_pretty(&value).unwrap());
            assert_eq!(String::from_utf8(text).unwrap(), expected);
        }
    }
}
