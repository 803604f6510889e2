//! From files to elements: parsing, including, merging, decoding.

mod decode;
mod document;
mod in_pieces;
mod include;
mod load_error;
mod mend;
mod merge_error;
mod notes;
mod preset;
mod references;
mod rest;
mod scalar;
mod shape;
mod source;
mod toml;
mod trail;
mod yaml;
mod yaml_outline;

pub use document::Document;
pub use load_error::{FileSyntaxError, LoadError};
pub use mend::Mending;
pub use merge_error::MergeError;
pub use notes::Location;
pub use shape::{Shape, ShapeError};
pub use source::read_text;
