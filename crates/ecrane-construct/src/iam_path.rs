//! IAM paths.

use ecrane_core::{Explain, Place};
use thiserror::Error;

use crate::stack::Stack;

/// Reports an invalid path of a role or user.
pub(crate) fn check_path(path: Option<&str>, stack: &Stack, place: &Place) {
    if let Some(path) = path
        && !is_iam_path(path)
    {
        stack.error(place.key("path"), IamPathError { path: path.to_owned() });
    }
}

/// Whether a path is `/`, or printable ASCII between slashes, up to 512 characters (IAM API,
/// `pathType`).
fn is_iam_path(path: &str) -> bool {
    let printable = path.bytes().all(|b| (0x21..=0x7f).contains(&b));
    path.len() <= 512 && printable && path.starts_with('/') && path.ends_with('/') && path != "//"
}

/// The path of a role or user is invalid.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("invalid IAM path `{path}`")]
pub struct IamPathError {
    /// The invalid path.
    pub path: String,
}

impl Explain for IamPathError {
    fn code(&self) -> &'static str {
        "iam::path_malformed"
    }

    fn help(&self) -> Option<String> {
        Some("use `/`, or a path that starts and ends with `/`, such as /ci/".to_owned())
    }
}
