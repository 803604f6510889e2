//! The ecrane config file: its elements, its parser, and the graph that it describes.
//!
//! A [`Document`] is the tree of values in the files, each with its place. [`Document::decode`]
//! returns a [`Config`] of plain elements. [`Config::build`] calls the constructs that the config
//! describes and returns the [`Graph`](ecrane_core::Graph), or all problems at once.

pub mod element;
mod error;
mod program;
mod read;

pub use ecrane_document::{Format, SourceFile};
pub use element::Config;
pub use error::ConfigError;
pub use program::{DefaultEnv, FlagError};
pub use read::{
    Document, FileSyntaxError, LoadError, Location, Mending, MergeError, Shape, ShapeError,
    read_text,
};
