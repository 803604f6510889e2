//! Documents that `ecrane::diff` reads.

use ecrane::diff::{ReadError, parse_text};

use crate::catalogue::Catalogue;

pub(crate) fn add(catalogue: &mut Catalogue) {
    catalogue.add([
        ReadError::NotJson { part: "the document", source: parse_text("{").unwrap_err() },
        ReadError::DuplicateKey {
            part: "the text in `TemplateBody`",
            source: parse_text("{ App: 1, App: 2 }").unwrap_err(),
        },
        ReadError::Unknown,
        ReadError::Malformed {
            document: "template",
            part: "Resources.App".to_owned(),
            expected: "an object",
        },
        ReadError::StateVersion { version: 3 },
    ]);
}
