//! The files that a graph is rendered to.

use std::io;

use ecrane_core::Problem;
use serde::Serialize;

use crate::departed::DepartedModule;
use crate::ledger::Ledger;
use crate::manifest::Manifest;
use crate::module::Module;

/// What a graph is rendered to.
#[derive(Debug)]
pub struct Output<'g> {
    /// The files, in the order of the stacks.
    pub files: Vec<File<'g>>,
    /// What is rendered and has no counterpart in Terraform.
    pub warnings: Vec<Problem>,
    /// The addresses in the files, and those before them: what the next run is rendered over.
    pub ledger: Ledger,
}

/// A file to be written.
#[derive(Debug)]
pub struct File<'g> {
    /// Its path below the output folder, with `/` between the parts.
    pub path: String,
    /// The construct id of the stack it belongs to, where it belongs to one.
    pub stack: Option<&'g str>,
    /// What is in it.
    pub document: Document<'g>,
}

/// A JSON document.
#[derive(Debug, Serialize)]
#[serde(transparent)]
pub struct Document<'g>(Kind<'g>);

#[derive(Debug, Serialize)]
#[serde(untagged)]
enum Kind<'g> {
    Module(Box<Module<'g>>),
    Departed(DepartedModule<'g>),
    Manifest(Manifest<'g>),
}

impl<'g> From<Module<'g>> for Document<'g> {
    fn from(module: Module<'g>) -> Self {
        Self(Kind::Module(Box::new(module)))
    }
}

impl<'g> From<DepartedModule<'g>> for Document<'g> {
    fn from(module: DepartedModule<'g>) -> Self {
        Self(Kind::Departed(module))
    }
}

impl<'g> From<Manifest<'g>> for Document<'g> {
    fn from(manifest: Manifest<'g>) -> Self {
        Self(Kind::Manifest(manifest))
    }
}

/// How a document is laid out.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Style {
    /// Two spaces a level.
    #[default]
    Pretty,
    /// Without white space.
    Compact,
}

impl Document<'_> {
    /// Writes the document, with a line break at its end.
    ///
    /// # Errors
    /// When the writer fails.
    pub fn write(&self, writer: &mut dyn io::Write, style: Style) -> io::Result<()> {
        match style {
            Style::Pretty => serde_json::to_writer_pretty(&mut *writer, self)?,
            Style::Compact => serde_json::to_writer(&mut *writer, self)?,
        }
        writer.write_all(b"\n")
    }
}
