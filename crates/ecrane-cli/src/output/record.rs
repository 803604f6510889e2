//! The record of written files: what of an output folder is ecrane's own.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::path::RelativePath;

/// The name of the record in the output folder. A stack's name begins with a letter, so no
/// output of a stack can have it.
pub(super) const RECORD: &str = ".ecrane.json";

/// The SHA-256 of a file's content, in hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Digest(String);

impl Digest {
    /// The digest of some content.
    pub(super) fn of(content: &[u8]) -> Self {
        use std::fmt::Write as _;
        let mut text = String::with_capacity(64);
        for byte in Sha256::digest(content) {
            // Writing to a string cannot fail.
            let _ = write!(text, "{byte:02x}");
        }
        Self(text)
    }
}

/// The files of ecrane's own in a folder, by what they were written for.
///
/// The outputs of two backends may share a folder: a run for one of them does not take the
/// files of the other for stale.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Record {
    written: BTreeMap<String, BTreeMap<RelativePath, Digest>>,
}

impl Record {
    /// What the record holds about a file, whatever it was written for.
    pub(super) fn digest(&self, path: &RelativePath) -> Option<&Digest> {
        self.written.values().find_map(|files| files.get(path))
    }

    /// The files written for a purpose.
    pub(super) fn files(&self, purpose: &str) -> impl Iterator<Item = (&RelativePath, &Digest)> {
        self.written.get(purpose).into_iter().flatten()
    }

    /// Takes a file into the record.
    pub(super) fn insert(&mut self, purpose: &str, path: RelativePath, digest: Digest) {
        self.remove(&path);
        self.written.entry(purpose.to_owned()).or_default().insert(path, digest);
    }

    /// Drops a file from the record.
    pub(super) fn remove(&mut self, path: &RelativePath) {
        for files in self.written.values_mut() {
            files.remove(path);
        }
        self.written.retain(|_, files| !files.is_empty());
    }

    /// The record as it is written.
    pub(super) fn to_json(&self) -> serde_json::Result<Vec<u8>> {
        let mut text = serde_json::to_vec_pretty(self)?;
        text.push(b'\n');
        Ok(text)
    }
}
