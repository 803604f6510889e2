//! Places in a document, problems with stable codes, and JSON parsed with the place of each value.
//!
//! Every other ecrane crate reports errors and warnings in its input as a [`Problem`]: a typed fact
//! ([`Explain`]), a [`Severity`], and the [`Place`] of the offending value. Nothing here performs
//! I/O or depends on the content of a document.

mod entries;
mod json;
mod json_value;
mod node;
mod parallel;
mod place;
mod position;
mod problem;
mod shorten;
mod source;
mod span;
mod suggest;
mod syntax;
mod visible;

pub use entries::{Entries, KeyMap};
pub use json::{JsonDesk, JsonMap, outline_json, parse_json};
pub use json_value::{json_value, json_values};
pub use node::{Entry, Keys, Node, NodeKind};
pub use parallel::in_parallel;
pub use place::{Place, Step};
pub use position::Position;
pub use problem::{Explain, Problem, Problems, Severity};
pub use shorten::{HELP_LIMIT, MESSAGE_LIMIT, shortened};
pub use source::{Format, SourceFile};
pub use span::Span;
pub use suggest::suggest;
pub use syntax::{DEPTH_LIMIT, SyntaxError, SyntaxErrorKind};
pub use visible::{is_invisible, visible};
