//! `ecrane graph`: a picture of a config.

use std::io;

use ecrane_report::{Filter, Picture};

use crate::args::{GraphArgs, GraphFormat};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::input::Input;
use crate::principals::known_as;
use crate::print::{PrintError, print};
use crate::whole_file;

/// Prints the picture, or writes it to a file.
pub(crate) fn run(args: &GraphArgs) -> Result<(), Failure> {
    let input = Input::load(args.config.config.as_deref())?;
    let filter = Filter {
        stacks: args.stacks.clone(),
        repositories: args.repositories.clone(),
        principals: args.principals.iter().map(|word| known_as(&input.config, word)).collect(),
    };
    let picture = Picture::new(&input.graph, &filter).map_err(|error| Failure {
        subject: Some(input.name.clone()),
        ..Failure::one(Exit::Usage, &error)
    })?;
    let text = match args.format {
        GraphFormat::Svg => picture.svg(),
        GraphFormat::Dot => picture.dot(),
        GraphFormat::Mermaid => picture.mermaid(),
    };
    let text = text
        .map_err(|error| Failure::one(Exit::Io, &PrintError { source: io::Error::other(error) }))?;
    match &args.out {
        Some(path) => whole_file::write(path, text.as_bytes()),
        None => print(text.as_bytes()),
    }
}
