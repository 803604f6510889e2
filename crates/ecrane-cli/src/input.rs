//! From a config file to a graph.

use std::fs::Metadata;
use std::path::{Path, PathBuf};

use ecrane_config::element::Backend;
use ecrane_config::{Config, Document, Format, LoadError};
use ecrane_core::{Draft, Explain, Graph, Problem, Problems};
use thiserror::Error;

use crate::args::BackendName;
use crate::caller;
use crate::config_file::{self, ConfigFileError};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::huge_pages;
use crate::locate::{locate, locate_load_error};
use crate::text_file::{TextFile, is_stdin};

/// A config, and the graph that it describes.
#[derive(Debug)]
pub(crate) struct Input {
    /// The path of the file for messages.
    pub(crate) name: String,
    pub(crate) path: PathBuf,
    pub(crate) document: Document,
    pub(crate) config: Config,
    pub(crate) graph: Graph,
}

impl Input {
    /// Reads the given config, or the one that is found.
    pub(crate) fn load(named: Option<&Path>) -> Result<Self, Failure> {
        Self::load_for(named, |_, _| Vec::new())
    }

    /// Reads a config. If it has errors, `further` returns what else is wrong with it, so that one run
    /// reports all problems.
    pub(crate) fn load_for(
        named: Option<&Path>,
        further: impl FnOnce(&Config, &Draft) -> Vec<Problem>,
    ) -> Result<Self, Failure> {
        let path = path_of(named)?;
        huge_pages::accept_for(&path);
        let (path, name, read) = if is_piped(&path) {
            let TextFile { name, text } = TextFile::read_config(&path)?;
            // A config that is no file has the ledger of one by the usual name.
            let read = Document::parse_and_decode(&name, format_of(&text), text);
            (PathBuf::from("ecrane.yaml"), name, read)
        } else {
            let name = path.display().to_string();
            let read = Document::load_and_decode(&path);
            (path, name, read)
        };
        let (document, config) = read.map_err(|error| {
            let mut finding = locate_load_error(&error);
            if is_likely_stack(&path) {
                finding.help = Some(format!(
                    "CONFIG is the path of a file; to select a stack, use `--stack {name}`"
                ));
            }
            Failure {
                exit: load_exit(&error),
                findings: vec![finding],
                subject: error.location().map(|_| name.clone()),
            }
        })?;
        let refuse = |problems: Problems| refuse(&name, &document, &problems);
        let mut config = config.map_err(|first| refuse(ecrane_schema::all(&document, first)))?;
        config.resolve_env(&caller::default_env());
        let mut draft = config.take_draft();
        if draft.is_refused() {
            let further = further(&config, &draft);
            draft.note(further);
        }
        let graph = draft.finish().map_err(refuse)?;
        Ok(Self { name, path, document, config, graph })
    }

    /// Keeps the input until the process ends: to free it piece by piece takes a tenth of a run.
    pub(crate) fn keep(self) -> &'static Self {
        Box::leak(Box::new(self))
    }

    /// The backend that the config is meant for, if it names one.
    pub(crate) fn backend(&self) -> Option<BackendName> {
        backend_of(&self.config)
    }

    /// Rejects the config because of problems that are found later.
    pub(crate) fn refuse<'p>(&self, problems: impl IntoIterator<Item = &'p Problem>) -> Failure {
        refuse(&self.name, &self.document, problems)
    }
}

/// The backend that a config is meant for, if it names one.
pub(crate) fn backend_of(config: &Config) -> Option<BackendName> {
    Some(match config.backend? {
        Backend::Cloudformation => BackendName::Cloudformation,
        Backend::Terraform => BackendName::Terraform,
    })
}

/// Whether a config is read from stdin or a pipe: `-`, `/dev/stdin`, `<(command)`.
fn is_piped(path: &Path) -> bool {
    let is_special = |found: Metadata| !found.is_file() && !found.is_dir();
    // Redirected from a file, `/dev/stdin` is a regular file without an extension.
    is_stdin(path)
        || path == Path::new("/dev/stdin")
        || (path.extension().is_none() && path.metadata().is_ok_and(is_special))
}

/// The format of a text without a file name, by its first line that is not a comment: JSON begins
/// with `{`, and TOML has a table in `[…]`, or `=` where YAML has `:`.
fn format_of(text: &str) -> Format {
    if text.trim_start().starts_with('{') {
        return Format::Json;
    }
    let mut lines = text.lines().map(str::trim);
    let first = lines.find(|line| !line.is_empty() && !line.starts_with('#')).unwrap_or_default();
    let is_assignment = match first.find(['=', ':', '{']) {
        Some(at) => first.get(at..).is_some_and(|rest| rest.starts_with('=')),
        None => false,
    };
    if first.starts_with('[') || is_assignment { Format::Toml } else { Format::Yaml }
}

/// Whether a path that does not exist looks like the id of a stack.
fn is_likely_stack(path: &Path) -> bool {
    let is_id = path.to_str().is_some_and(|text| {
        !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
    });
    is_id && !path.exists()
}

/// The failure to find the current directory.
pub(crate) fn nowhere(source: std::io::Error) -> Failure {
    Failure::one(Exit::Io, &NowhereError { source })
}

/// The given config, or the one that is found.
pub(crate) fn path_of(named: Option<&Path>) -> Result<PathBuf, Failure> {
    named.map_or_else(find, |path| Ok(path.to_owned()))
}

fn find() -> Result<PathBuf, Failure> {
    let here = std::env::current_dir().map_err(nowhere)?;
    config_file::find(&here).map_err(|error| {
        let exit = match error {
            ConfigFileError::NotFound { .. } => Exit::Io,
            ConfigFileError::Ambiguous { .. } => Exit::Refused,
        };
        Failure::one(exit, &error)
    })
}

fn refuse<'p>(
    name: &str,
    document: &Document,
    problems: impl IntoIterator<Item = &'p Problem>,
) -> Failure {
    Failure {
        exit: Exit::Refused,
        findings: locate(document, problems),
        subject: Some(name.to_owned()),
    }
}

pub(crate) fn load_exit(error: &LoadError) -> Exit {
    // Any other error means that the file could be read and is wrong.
    let unread = matches!(
        error,
        LoadError::Missing { .. } | LoadError::Directory { .. } | LoadError::Unreadable { .. }
    );
    if unread { Exit::Io } else { Exit::Refused }
}

/// The current directory does not exist or cannot be read.
#[derive(Debug, Error)]
#[error("could not find the current directory")]
pub(crate) struct NowhereError {
    pub(crate) source: std::io::Error,
}

impl Explain for NowhereError {
    fn code(&self) -> &'static str {
        "config::no_current_folder"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_tells_its_format() {
        for (text, format) in [
            ("{ \"stacks\": {} }", Format::Json),
            ("\n  {\n", Format::Json),
            ("stacks:\n  Shop: {}\n", Format::Yaml),
            ("---\nstacks: {}\n", Format::Yaml),
            ("# a = b\n\nstacks: { a: b=c }\n", Format::Yaml),
            ("", Format::Yaml),
            ("[stacks.Shop]\n", Format::Toml),
            ("# stacks: {}\nbackend = \"tf\"\n", Format::Toml),
            ("stacks.Shop = { tags = { a = \"b:c\" } }\n", Format::Toml),
        ] {
            assert_eq!(format_of(text), format, "{text}");
        }
    }
}
