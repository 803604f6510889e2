//! The JSON text of a ledger, with one address on each line, so that changes merge well.

use std::io;

use serde::Serialize as _;
use serde_json::ser::{Formatter, PrettyFormatter};

use super::Ledger;

/// The depth of the innermost maps whose entries are on lines of their own: ledger, layout, stack,
/// addresses.
const DEEPEST: usize = 4;

pub(super) fn write(ledger: &Ledger, mut writer: impl io::Write) -> serde_json::Result<()> {
    let lines = Lines { pretty: PrettyFormatter::new(), depth: 0 };
    ledger.serialize(&mut serde_json::Serializer::with_formatter(&mut writer, lines))?;
    writer.write_all(b"\n").map_err(serde_json::Error::io)
}

/// A formatter that breaks lines in the outer maps only.
struct Lines {
    pretty: PrettyFormatter<'static>,
    depth: usize,
}

impl Lines {
    fn is_inner(&self) -> bool {
        self.depth > DEEPEST
    }
}

impl Formatter for Lines {
    fn begin_object<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.depth += 1;
        if self.is_inner() { writer.write_all(b"{ ") } else { self.pretty.begin_object(writer) }
    }

    fn end_object<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        let inner = self.is_inner();
        self.depth -= 1;
        if inner { writer.write_all(b" }") } else { self.pretty.end_object(writer) }
    }

    fn begin_object_key<W: ?Sized + io::Write>(
        &mut self,
        writer: &mut W,
        first: bool,
    ) -> io::Result<()> {
        match (self.is_inner(), first) {
            (true, true) => Ok(()),
            (true, false) => writer.write_all(b", "),
            (false, first) => self.pretty.begin_object_key(writer, first),
        }
    }

    fn begin_object_value<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        writer.write_all(b": ")
    }

    fn end_object_value<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        if self.is_inner() { Ok(()) } else { self.pretty.end_object_value(writer) }
    }

    fn begin_array_value<W: ?Sized + io::Write>(
        &mut self,
        writer: &mut W,
        first: bool,
    ) -> io::Result<()> {
        if first { Ok(()) } else { writer.write_all(b", ") }
    }
}
