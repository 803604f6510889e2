//! The record of the files that ecrane wrote to an output directory.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::path::RelativePath;

/// The file name of the record. Stack names begin with a letter, so it cannot collide with a stack.
pub(super) const RECORD: &str = ".ecrane.json";

/// The BLAKE3 hash of a file's content, in hexadecimal digits: SHA-256 takes a quarter of a run on
/// processors without instructions for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Digest(String);

impl Digest {
    /// Computes the digest of a content.
    pub(super) fn of(content: &[u8]) -> Self {
        Self(blake3::hash(content).to_string())
    }
}

/// The files that ecrane wrote to a directory, by purpose.
///
/// Two backends can share an output directory: a run for one backend does not treat the files of the
/// other as stale.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Record {
    written: BTreeMap<String, BTreeMap<RelativePath, Digest>>,
}

impl Record {
    /// The entry of a file, for any purpose.
    pub(super) fn digest(&self, path: &RelativePath) -> Option<&Digest> {
        self.written.values().find_map(|files| files.get(path))
    }

    /// The files written for a purpose.
    pub(super) fn files(&self, purpose: &str) -> impl Iterator<Item = (&RelativePath, &Digest)> {
        self.written.get(purpose).into_iter().flatten()
    }

    /// All files.
    pub(super) fn paths(&self) -> impl Iterator<Item = &RelativePath> {
        self.written.values().flat_map(BTreeMap::keys)
    }

    /// Adds a file.
    pub(super) fn insert(&mut self, purpose: &str, path: RelativePath, digest: Digest) {
        self.remove(&path);
        self.written.entry(purpose.to_owned()).or_default().insert(path, digest);
    }

    /// Removes a file.
    pub(super) fn remove(&mut self, path: &RelativePath) {
        for files in self.written.values_mut() {
            files.remove(path);
        }
        self.written.retain(|_, files| !files.is_empty());
    }

    /// Serializes the record.
    pub(super) fn to_json(&self) -> serde_json::Result<Vec<u8>> {
        let mut text = serde_json::to_vec_pretty(self)?;
        text.push(b'\n');
        Ok(text)
    }
}
