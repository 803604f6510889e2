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

mod aws_form;
mod judge;
mod schema;

use ecrane_config::{Config, Document, Mending};
use ecrane_core::{Problem, Problems, Severity};

pub use judge::judge;
pub use schema::{schema, schema_text};

/// Deserializes the config of a document.
///
/// # Errors
/// Returns all problems, in the order of the file, if the document does not match the config
/// format: those of its format, and those that [`Config::build`] finds in the rest of it.
pub fn load(document: &Document) -> Result<Config, Problems> {
    document.decode().map_err(|first| all(document, first))
}

/// All problems of a document whose config could not be deserialized, in the order of the file: those of
/// its format, and those that [`Config::build`] finds in the rest of it. `first` is what
/// [`Document::decode`] or [`Document::load_and_decode`] returned.
pub fn all(document: &Document, first: Problem) -> Problems {
    let shape = judge(document);
    // The schema cannot express every rule (it accepts `1.0` as an integer), so the first problem is
    // reported if the schema finds none.
    match Problems::check(behind(document, shape)) {
        Err(problems) => problems,
        Ok(_) => first.into(),
    }
}

/// The most repairs in a row. Each can make the value around a removed one invalid, and the deepest
/// elements are fewer levels below the root.
const ROUNDS: usize = 32;

/// Adds the problems that those of the shape hide to them.
fn behind(document: &Document, shape: Vec<Problem>) -> Vec<Problem> {
    let mut mending = Mending::new(document, &shape);
    let mut problems = shape;
    for _ in 0..ROUNDS {
        let mended = mending.document();
        let (found, is_last) = match mended.decode() {
            Ok(config) => (config.into_graph().err().into_iter().flatten().collect(), true),
            Err(first) => match judge(&mended) {
                wrong if wrong.is_empty() => (vec![first], false),
                wrong => (wrong, false),
            },
        };
        let found = mending.originals(found);
        let errors = found.iter().filter(|problem| problem.severity == Severity::Error);
        problems.extend(errors.filter(|problem| !mending.is_consequence(problem)).cloned());
        if is_last || !mending.take(&found) {
            break;
        }
    }
    document.in_order(&problems).into_iter().cloned().collect()
}
