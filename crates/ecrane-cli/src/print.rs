//! Data on stdout.

use std::io::{self, Write};

use anstream::{AutoStream, ColorChoice};
use ecrane_core::{Explain, File, Style};
use thiserror::Error;

use crate::diagnostics::escape;
use crate::exit::Exit;
use crate::failure::Failure;

/// The destination of data.
pub(crate) type Out<'o> = &'o mut dyn Write;

/// A field of a CSV file, escaped so that a spreadsheet does not run it as a formula.
pub(crate) fn csv_field(text: &str) -> String {
    let text = escape(text);
    if text.starts_with(['=', '+', '-', '@', '|', '%']) { format!("'{text}") } else { text }
}

/// Prints a text.
pub(crate) fn print(text: &[u8]) -> Result<(), Failure> {
    print_by(|stdout| stdout.write_all(text))
}

/// Prints a text, with its colors if enabled.
pub(crate) fn print_colored(text: &str, color: ColorChoice) -> Result<(), Failure> {
    let is_plain = color == ColorChoice::Never
        || color == ColorChoice::Auto && AutoStream::choice(&io::stdout()) == ColorChoice::Never;
    if is_plain {
        print(anstream::adapter::strip_str(text).to_string().as_bytes())
    } else {
        print(text.as_bytes())
    }
}

/// Prints a document, or an object of several documents by file name.
pub(crate) fn print_documents(files: &[File<'_>], style: Style) -> Result<(), Failure> {
    print_by(|stdout| match files {
        [document] => document.write(stdout, style),
        files => write_object(stdout, files, style),
    })
}

/// Prints the output of a function.
pub(crate) fn print_by(
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> Result<(), Failure> {
    let mut stdout = io::BufWriter::new(io::stdout().lock());
    match write(&mut stdout).and_then(|()| stdout.flush()) {
        // The reader of the pipe has closed it.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        Err(source) => Err(Failure::one(Exit::Io, &PrintError { source })),
        Ok(()) => Ok(()),
    }
}

/// The documents are copied into the object as they are.
fn write_object(to: &mut dyn Write, files: &[File<'_>], style: Style) -> io::Result<()> {
    let (line, colon, end) = match style {
        Style::Compact => ("", ":", ""),
        Style::Pretty => ("\n  ", ": ", "\n"),
    };
    to.write_all(b"{")?;
    let mut document = Vec::new();
    for (index, file) in files.iter().enumerate() {
        document.clear();
        file.append(&mut document, style)?;
        if index > 0 {
            to.write_all(b",")?;
        }
        to.write_all(line.as_bytes())?;
        serde_json::to_writer(&mut *to, &file.path)?;
        to.write_all(colon.as_bytes())?;
        // In JSON, a line break occurs between tokens only, never in a string.
        for (number, text) in document.trim_ascii_end().split(|byte| *byte == b'\n').enumerate() {
            if number > 0 {
                to.write_all(line.as_bytes())?;
            }
            to.write_all(text)?;
        }
    }
    to.write_all(end.as_bytes())?;
    to.write_all(b"}\n")
}

/// Stdout is closed.
#[derive(Debug, Error)]
#[error("could not write to stdout")]
pub(crate) struct PrintError {
    pub(crate) source: io::Error,
}

impl Explain for PrintError {
    fn code(&self) -> &'static str {
        "output::stdout"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_object_of_documents() {
        let files = [
            File::json("a.json", None, serde_json::json!({ "x": "1\n2" })),
            File::json("b \"c\".json", None, serde_json::json!({})),
        ];
        let written = |style| {
            let mut text = Vec::new();
            write_object(&mut text, &files, style).unwrap();
            String::from_utf8(text).unwrap()
        };
        let pretty = written(Style::Pretty);
        let value: serde_json::Value = serde_json::from_str(&pretty).unwrap();
        assert_eq!(value, serde_json::json!({ "a.json": { "x": "1\n2" }, "b \"c\".json": {} }));
        assert_eq!(pretty, format!("{}\n", serde_json::to_string_pretty(&value).unwrap()));
        assert_eq!(written(Style::Compact).lines().count(), 1);
    }
}
