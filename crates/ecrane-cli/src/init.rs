//! `ecrane init`: a commented config to start from.

use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use clap::ValueEnum as _;
use ecrane_core::Explain;
use thiserror::Error;

use crate::args::{InitArgs, Template};
use crate::diagnostics::{Reporter, escape};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::print::print;

/// The JSON Schema, where the schema line of every template looks for it.
const SCHEMA: &str = "ecrane.schema.json";

/// Files of the folder `templates/init`, by their paths below a folder of it.
macro_rules! starter {
    ($folder:literal, $($file:literal),+) => {
        &[$(($file, include_str!(concat!("../../../templates/init/", $folder, "/", $file)))),+]
    };
}

impl Template {
    /// The files to write, by their paths below the directory. The first is the config.
    fn files(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Self::Minimal => starter!("minimal", "ecrane.yaml"),
            Self::CiPush => starter!("ci-push", "ecrane.yaml"),
            Self::CrossAccount => starter!("cross-account", "ecrane.yaml"),
            Self::Organization => starter!("organization", "ecrane.yaml"),
            Self::PullThroughCache => starter!("pull-through-cache", "ecrane.yaml"),
            Self::Monorepo => {
                starter!("monorepo", "ecrane.yaml", "teams/payments.yaml", "teams/search.yaml")
            }
        }
    }
}

/// Writes the files of a template, or none of them.
pub(crate) fn run(args: &InitArgs, reporter: Reporter<'_>) -> Result<(), Failure> {
    if args.list {
        return print(list().as_bytes());
    }
    let directory = args.directory.as_deref().unwrap_or(Path::new(""));
    let schema = ecrane_schema::schema_text();
    let mut files: Vec<(PathBuf, &str)> =
        args.template.files().iter().map(|(file, text)| (directory.join(file), *text)).collect();
    files.push((directory.join(SCHEMA), &schema));

    let existing: Vec<InitError> = files
        .iter()
        // A dangling link also blocks the path.
        .filter(|(path, _)| path.symlink_metadata().is_ok())
        .map(|(path, _)| InitError::Exists { path: path.clone() })
        .collect();
    if !existing.is_empty() {
        return Err(Failure::new(Exit::Refused, existing.iter().map(|e| e as &dyn Explain)));
    }
    write(&files).map_err(|error| Failure::one(Exit::Io, &error))?;
    reporter.say(&next_steps(&files, args.directory.as_deref()));
    Ok(())
}

/// The templates with their descriptions, as in `--help`.
fn list() -> String {
    let values: Vec<_> =
        Template::value_variants().iter().filter_map(Template::to_possible_value).collect();
    let width = values.iter().map(|value| value.get_name().len()).max().unwrap_or_default();
    let mut text = String::new();
    for value in &values {
        let help = value.get_help().map(ToString::to_string).unwrap_or_default();
        let _ = writeln!(text, "{:width$}  {help}", value.get_name());
    }
    text
}

/// Creates every file; when one cannot be created, removes those that were.
fn write(files: &[(PathBuf, &str)]) -> Result<(), InitError> {
    for (done, (path, text)) in files.iter().enumerate() {
        if let Err(source) = create(path, text) {
            for (path, _) in files.iter().take(done) {
                // The first error is the one to report.
                let _ = fs::remove_file(path);
            }
            return Err(InitError::Io { path: path.clone(), source });
        }
    }
    Ok(())
}

fn create(path: &Path, text: &str) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    // Never opens a file that somebody else created in the meantime.
    let mut file = File::create_new(path)?;
    file.write_all(text.as_bytes()).inspect_err(|_| {
        let _ = fs::remove_file(path);
    })
}

fn next_steps(files: &[(PathBuf, &str)], directory: Option<&Path>) -> String {
    let names: Vec<String> = files.iter().map(|(path, _)| path.display().to_string()).collect();
    let enter = match directory {
        Some(directory) => format!("  cd {}\n", quoted(directory)),
        None => String::new(),
    };
    format!(
        "created {}\n\n\
         Next, edit the config, then run:\n\
         {enter}  ecrane check\n  ecrane synth --backend cloudformation",
        escape(&names.join(", "))
    )
}

/// A path as a word of a shell command.
fn quoted(path: &Path) -> String {
    let text = path.display().to_string();
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '/' | '.' | '_' | '-');
    if text.chars().all(plain) {
        text
    } else {
        escape(&format!("'{}'", text.replace('\'', r"'\''")))
    }
}

/// Why no file was created.
#[derive(Debug, Error)]
pub(crate) enum InitError {
    /// A file of the template exists.
    #[error("`{}` exists", .path.display())]
    Exists { path: PathBuf },
    /// The file system refused.
    #[error("could not create `{}`", .path.display())]
    Io { path: PathBuf, source: io::Error },
}

impl Explain for InitError {
    fn code(&self) -> &'static str {
        match self {
            Self::Exists { .. } => "init::exists",
            Self::Io { .. } => "init::io",
        }
    }

    fn help(&self) -> Option<String> {
        match self {
            Self::Exists { .. } => {
                Some("`ecrane init` overwrites nothing; name another directory".to_owned())
            }
            Self::Io { .. } => None,
        }
    }
}
