//! The JSON Schema of the config, and validation against it.
//!
//! Deserializing types directly is fast but stops at the first problem. [`load`] therefore
//! deserializes first, and validates against the schema only if that fails, to report all problems.
//!
//! ```
//! use ecrane_config::{Document, Format};
//!
//! let text = "stacks: { Registry: { repositoris: { App: { imageScanOnPush: 1 } } } }";
//! let document = Document::parse("ecrane.yaml", Format::Yaml, text)?;
//! let problems = ecrane_schema::load(&document).unwrap_err();
//! let problem = problems.iter().next().unwrap();
//! assert_eq!(problem.fact.to_string(), "unknown key `repositoris`");
//! assert_eq!(problem.fact.suggestion(), Some("repositories"));
//! # Ok::<(), ecrane_config::LoadError>(())
//! ```
//!
//! `jsonschema` is generic over the input type and is compiled for each crate that instantiates it.
//! The non-generic functions of this crate keep that to one crate.

mod judge;
mod schema;

use ecrane_config::{Config, Document};
use ecrane_core::Problems;

pub use judge::judge;
pub use schema::{schema, schema_text};

/// Deserializes the config of a document.
///
/// # Errors
/// Returns all problems, in the order of the file, if the document does not match the config
/// format.
pub fn load(document: &Document) -> Result<Config, Problems> {
    document.decode().map_err(|first| {
        // The schema cannot express every rule (it accepts `1.0` as an integer), so the first
        // problem is reported if the schema finds none.
        match Problems::check(judge(document)) {
            Err(problems) => problems,
            Ok(_) => first.into(),
        }
    })
}
