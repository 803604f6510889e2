//! ecrane's config file: its elements, reading it, and the program that it stands for.
//!
//! A [`Document`] is the tree of values in the files, each with its place; [`Document::decode`]
//! gives a [`Config`] of plain elements; [`Config::build`] runs the program behind it on the
//! constructs and returns the [`Graph`](ecrane_core::Graph), or every problem at once.

pub mod element;
mod error;
mod program;
mod read;

pub use ecrane_document::{Format, SourceFile};
pub use element::Config;
pub use error::ConfigError;
pub use program::{DefaultEnv, FlagError};
pub use read::{Document, FileSyntaxError, LoadError, Location, MergeError, Shape, ShapeError};
