//! The contract of a backend.

use std::fmt;
use std::io::{self, Write as _};

use ecrane_document::{Problem, Problems};
use serde::Serialize;
use serde_json::Serializer;

use crate::graph::Graph;
use crate::lines::Lines;

/// Renders a graph to files for one target, such as AWS CloudFormation or Terraform.
///
/// A backend is pure: the same graph and the same options give the same bytes. It performs no I/O;
/// its caller writes the files.
///
/// ```
/// use ecrane_core::{Backend, Compatibility, File, Graph, Problems, Rendered, ResourceKind};
///
/// /// The names of all repositories, a line each.
/// struct Names;
///
/// impl Backend for Names {
///     fn target(&self) -> &'static str {
///         "names"
///     }
///
///     fn render<'g>(&'g self, graph: &'g Graph) -> Result<Rendered<'g>, Problems> {
///         let names = graph.resources().filter_map(|(_, resource)| match &resource.kind {
///             ResourceKind::Repository(repository) => repository.name.as_ref(),
///             _ => None,
///         });
///         let text = names.map(|name| format!("{name}\n")).collect::<String>();
///         Ok(Rendered { files: vec![File::text("names.txt", None, text)], warnings: Vec::new() })
///     }
/// }
///
/// let graph = Graph::new(Vec::new(), Compatibility::default(), Vec::new())?;
/// assert_eq!(Names.render(&graph)?.files[0].path, "names.txt");
/// # Ok::<(), Problems>(())
/// ```
pub trait Backend {
    /// The name of the target: that of the pins and overrides which the backend takes (see
    /// [`Addresses`](crate::Addresses)).
    fn target(&self) -> &'static str;

    /// Renders every stack of a graph.
    ///
    /// # Errors
    /// With everything that the target cannot express.
    fn render<'g>(&'g self, graph: &'g Graph) -> Result<Rendered<'g>, Problems>;
}

/// What a backend makes of a graph.
#[derive(Debug, Default)]
pub struct Rendered<'g> {
    /// The files, in the order of the stacks.
    pub files: Vec<File<'g>>,
    /// Warnings about parts of the graph that the target does not support.
    pub warnings: Vec<Problem>,
}

/// A file to be written.
pub struct File<'g> {
    /// The path below the output folder, with `/` between its parts.
    pub path: String,
    /// The construct id of the stack that the file belongs to, if it belongs to one.
    pub stack: Option<&'g str>,
    content: Content<'g>,
}

enum Content<'g> {
    Json(Box<dyn Document + Send + Sync + 'g>),
    Text(String),
}

/// How JSON is laid out.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Style {
    /// Indented by two spaces.
    #[default]
    Pretty,
    /// Without white space.
    Compact,
}

impl<'g> File<'g> {
    /// A file that holds a JSON document. It is serialized when it is written, so a file may borrow
    /// from the graph.
    pub fn json(
        path: impl Into<String>,
        stack: Option<&'g str>,
        document: impl Serialize + Send + Sync + 'g,
    ) -> Self {
        Self { path: path.into(), stack, content: Content::Json(Box::new(document)) }
    }

    /// A file that holds a text.
    pub fn text(path: impl Into<String>, stack: Option<&'g str>, text: impl Into<String>) -> Self {
        Self { path: path.into(), stack, content: Content::Text(text.into()) }
    }

    /// Writes the content; JSON ends with a line break.
    ///
    /// # Errors
    /// When the writer fails, or a document has no form in JSON.
    pub fn write(&self, writer: &mut dyn io::Write, style: Style) -> io::Result<()> {
        writer.write_all(&self.to_vec(style)?)
    }

    /// Appends the content to a text. A caller with many files can use the memory of one text for all.
    ///
    /// # Errors
    /// When a document has no form in JSON.
    pub fn append(&self, text: &mut Vec<u8>, style: Style) -> io::Result<()> {
        match &self.content {
            Content::Json(document) => document.append(text, style),
            Content::Text(content) => text.write_all(content.as_bytes()),
        }
    }

    /// The content as bytes.
    ///
    /// # Errors
    /// When a document has no form in JSON.
    pub fn to_vec(&self, style: Style) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        self.append(&mut bytes, style)?;
        Ok(bytes)
    }
}

impl fmt::Debug for File<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("File")
            .field("path", &self.path)
            .field("stack", &self.stack)
            .finish_non_exhaustive()
    }
}

/// A JSON document whose type is not known: [`Serialize`] itself cannot be a trait object.
trait Document {
    fn append(&self, text: &mut Vec<u8>, style: Style) -> io::Result<()>;
}

impl<T: Serialize> Document for T {
    fn append(&self, text: &mut Vec<u8>, style: Style) -> io::Result<()> {
        write_json(self, text, style)
    }
}

/// Writes a JSON document, with a line break at its end.
///
/// # Errors
/// When the writer fails, or the document has no form in JSON.
pub fn write_json<W: io::Write + ?Sized>(
    document: &(impl Serialize + ?Sized),
    writer: &mut W,
    style: Style,
) -> io::Result<()> {
    match style {
        Style::Pretty => {
            let lines = Lines::default();
            document.serialize(&mut Serializer::with_formatter(&mut *writer, lines))?;
        }
        Style::Compact => serde_json::to_writer(&mut *writer, document)?,
    }
    writer.write_all(b"\n")
}
