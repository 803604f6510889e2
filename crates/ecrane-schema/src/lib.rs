//! The JSON Schema of the config, and what is wrong with a config by it.
//!
//! Reading types straight from a document is fast and stops at the first problem. So
//! [`load`] does that, and only when it fails asks the schema for all the problems.
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
//! `jsonschema` is generic over what it reads, and thus compiled where it is used: here, behind
//! functions that are not generic, and nowhere else.

mod judge;
mod schema;

use ecrane_config::{Config, Document};
use ecrane_core::Problems;

pub use judge::judge;
pub use schema::{schema, schema_text};

/// What a document says, in types.
///
/// # Errors
/// When it is not of the shape that the config format gives it: all the problems, in the order of
/// the file.
pub fn load(document: &Document) -> Result<Config, Problems> {
    document.decode().map_err(|first| {
        // The schema cannot say everything (`1.0` is a whole number to it), so the first problem
        // stands where it finds none.
        match Problems::check(judge(document)) {
            Err(problems) => problems,
            Ok(_) => first.into(),
        }
    })
}
