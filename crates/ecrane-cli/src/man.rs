//! `ecrane man`: manual pages.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use clap::CommandFactory as _;
use clap_mangen::Man;
use ecrane_core::Explain;
use thiserror::Error;

use crate::args::Cli;
use crate::diagnostics::{Reporter, escape, number};
use crate::exit::Exit;
use crate::failure::Failure;

/// Writes the page of each command to a directory.
pub(crate) fn run(directory: &Path, reporter: Reporter<'_>) -> Result<(), Failure> {
    let mut command = Cli::command().disable_help_subcommand(true);
    // Gives every command its full name.
    command.build();
    let commands = std::iter::once(&command).chain(command.get_subcommands());
    let mut count = 0;
    for command in commands {
        let page = Man::new(command.clone());
        let path = directory.join(page.get_filename());
        write(&path, &page).map_err(|source| Failure::one(Exit::Io, &ManError { path, source }))?;
        count += 1;
    }
    let directory = escape(&directory.display().to_string());
    reporter.say(&format!("wrote {} to {directory}", number(count, "page")));
    Ok(())
}

fn write(path: &Path, page: &Man) -> io::Result<()> {
    let mut text = Vec::new();
    page.render(&mut text)?;
    if let Some(directory) = path.parent() {
        fs::create_dir_all(directory)?;
    }
    fs::write(path, text)
}

/// A page could not be written.
#[derive(Debug, Error)]
#[error("could not write `{}`", .path.display())]
pub(crate) struct ManError {
    pub(crate) path: PathBuf,
    pub(crate) source: io::Error,
}

impl Explain for ManError {
    fn code(&self) -> &'static str {
        "man::io"
    }
}
