//! Documents that `ecrane::diff` reads.

use ecrane::diff::ReadError;

use crate::catalogue::Catalogue;

pub(crate) fn add(catalogue: &mut Catalogue) {
    catalogue.add([
        ReadError::NotJson(serde_json::from_str::<serde_json::Value>("").unwrap_err()),
        ReadError::Unknown,
        ReadError::Malformed {
            document: "template",
            part: "Resources.App".to_owned(),
            expected: "an object",
        },
        ReadError::StateVersion { version: 3 },
    ]);
}
