//! IAM paths.

use ecrane_core::{Explain, Place};
use thiserror::Error;

use crate::stack::Stack;

/// Reports a malformed path of a role or user.
pub(crate) fn check_path(path: Option<&str>, stack: &Stack, place: &Place) {
    if let Some(path) = path
        && !is_iam_path(path)
    {
        stack.error(place.key("path"), IamPathError { path: path.to_owned() });
    }
}

/// `/`, or printable ASCII between slashes; 512 characters at most (IAM API, `pathType`).
fn is_iam_path(path: &str) -> bool {
    let printable = path.bytes().all(|b| (0x21..=0x7f).contains(&b));
    path.len() <= 512 && printable && path.starts_with('/') && path.ends_with('/') && path != "//"
}

/// The path of a role or user is malformed.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("malformed IAM path `{path}`")]
pub struct IamPathError {
    /// The path as given.
    pub path: String,
}

impl Explain for IamPathError {
    fn code(&self) -> &'static str {
        "iam::path_malformed"
    }

    fn help(&self) -> Option<String> {
        Some("a path is `/`, or begins and ends with one: /ci/".to_owned())
    }
}
