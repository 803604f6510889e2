//! Writing of the output: all files or none. Files that ecrane did not write are not overwritten,
//! unless the directory belongs to the app of a CLI.

mod commit;
mod error;
mod exchange;
mod folder;
mod path;
mod record;

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use ecrane_core::in_parallel;

pub(crate) use error::OutputError;
pub(crate) use path::RelativePath;

use commit::{Change, Staging};
use folder::{Folder, Found};
use record::{Digest, RECORD, Record};

/// Files to write, by their path in the output directory.
pub(crate) type Files<'f> = BTreeMap<RelativePath, Box<dyn Content + 'f>>;

/// The content of a file.
pub(crate) trait Content: Sync {
    /// Appends the content to a text.
    fn write(&self, text: &mut Vec<u8>) -> io::Result<()>;
}

/// How to treat files of an earlier run that this run does not write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stale {
    /// They are removed.
    Remove,
    /// They stay: the run writes only a part of the output.
    Keep,
    /// They stay, and ecrane forgets them: the CLI that reads the folder deletes them.
    Leave,
}

/// How to treat a file in the way of the output that ecrane did not write, or that was changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Foreign {
    /// It stays, and nothing is written.
    Refuse,
    /// It is replaced: the directory belongs to the app of a CLI, and ecrane is that app.
    Replace,
}

/// How to treat files that the output directory contains.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Existing {
    pub(crate) stale: Stale,
    pub(crate) foreign: Foreign,
}

/// What a run changed in the output directory.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Written {
    /// The number of files that are new or have other contents.
    pub(crate) changed: usize,
    /// The number of files that did not change.
    pub(crate) unchanged: usize,
    /// The number of stale files that were removed.
    pub(crate) removed: usize,
    /// Stale files that were kept because they had been changed.
    pub(crate) kept: Vec<PathBuf>,
}

/// Writes files to a directory. Only files of the same purpose can become stale.
///
/// # Errors
/// Returns all conflicts with files in the directory, or the first I/O error. In both cases, the
/// directory is unchanged.
pub(crate) fn write(
    folder: &Path,
    purpose: &str,
    files: &Files<'_>,
    existing: Existing,
) -> Result<Written, Vec<OutputError>> {
    let folder = Folder::open(folder).map_err(|error| vec![error])?;
    let written = write_into(&folder, purpose, files, existing);
    if written.is_err() {
        folder.unmake();
    }
    written
}

/// The files of an earlier run for a purpose that have not been changed since.
///
/// # Errors
/// Returns an I/O error.
pub(crate) fn earlier(
    folder: &Path,
    purpose: &str,
) -> Result<Vec<(RelativePath, Vec<u8>)>, OutputError> {
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let folder = Folder::open(folder)?;
    commit::recover(&folder)?;
    let (_, record, _) = read_record(&folder)?;
    let mut files = Vec::new();
    for (path, recorded) in record.files(purpose) {
        if let Ok(Found::File(content)) = folder.look(path)
            && Digest::of(&content) == *recorded
        {
            files.push((path.clone(), content));
        }
    }
    Ok(files)
}

fn write_into(
    folder: &Folder,
    purpose: &str,
    files: &Files<'_>,
    existing: Existing,
) -> Result<Written, Vec<OutputError>> {
    let one = |error| vec![error];
    commit::recover(folder).map_err(one)?;
    let (record_path, record, record_digest) = read_record(folder).map_err(one)?;
    let staging = Staging::new(folder);
    let discard = |errors| {
        staging.discard();
        errors
    };
    let plan = plan(folder, &staging, purpose, files, existing, &record).map_err(discard)?;

    let mut changes = plan.changes;
    if plan.record != record {
        let new = staged_record(folder, &staging, &plan.record, files.len());
        let new = Some(new.map_err(|error| discard(one(error)))?);
        // The record is written last, so that all files that it lists exist.
        changes.push(Change { path: record_path, old: record_digest, new });
    }
    let _lock = if changes.is_empty() {
        None
    } else {
        let kept = plan.record.paths().map(RelativePath::as_str).chain([RECORD]);
        commit::commit(folder, &changes, kept).map_err(one)?
    };
    for path in plan.removed {
        for parent in path.folders().rev() {
            // It stays if it contains something else.
            let _ = std::fs::remove_dir(folder.join(parent));
        }
    }
    Ok(plan.written)
}

fn read_record(folder: &Folder) -> Result<(RelativePath, Record, Option<Digest>), OutputError> {
    let name = RelativePath::try_from(RECORD.to_owned())
        .map_err(|_| OutputError::NotAFolder { path: folder.join(RECORD) })?;
    match folder.look(&name)? {
        Found::Nothing => Ok((name, Record::default(), None)),
        Found::Other => Err(OutputError::NotOurs { path: folder.named(&name) }),
        Found::File(text) => match serde_json::from_slice(&text) {
            Ok(record) => Ok((name, record, Some(Digest::of(&text)))),
            Err(source) => Err(OutputError::Record { path: folder.named(&name), source }),
        },
    }
}

fn staged_record(
    folder: &Folder,
    staging: &Staging<'_>,
    record: &Record,
    number: usize,
) -> Result<(Digest, PathBuf), OutputError> {
    let text = record.to_json();
    let text = text.map_err(|source| OutputError::Record { path: folder.join(RECORD), source })?;
    Ok((Digest::of(&text), staging.stage(number, &text)?))
}

struct Plan {
    changes: Vec<Change>,
    removed: Vec<RelativePath>,
    record: Record,
    written: Written,
}

/// What happens to a file to write.
enum Fate {
    Unchanged(Digest),
    /// The file changes from the first content, if it exists, to the second, which is staged.
    Changed(Option<Digest>, Digest, PathBuf),
    /// The new content could not be staged.
    NotStaged(OutputError),
}

/// Plans the changes and stages the new files, unless there are conflicts.
fn plan(
    folder: &Folder,
    staging: &Staging<'_>,
    purpose: &str,
    files: &Files<'_>,
    Existing { stale, foreign }: Existing,
    before: &Record,
) -> Result<Plan, Vec<OutputError>> {
    let mut conflicts = Vec::new();
    let mut not_staged = None;
    let mut plan = Plan {
        changes: Vec::new(),
        removed: Vec::new(),
        record: before.clone(),
        written: Written::default(),
    };
    let numbered: Vec<_> = files.iter().enumerate().collect();
    let fates = in_parallel(&numbered, Vec::new, |text, (number, (path, content))| {
        text.clear();
        content.write(text).map_err(OutputError::io("write", folder.named(path)))?;
        fate(folder, path, text, foreign, before, |text| staging.stage(*number, text))
    });
    for (path, fate) in files.keys().zip(fates) {
        match fate {
            Ok(Fate::Unchanged(digest)) => {
                plan.written.unchanged += 1;
                plan.record.insert(purpose, path.clone(), digest);
            }
            Ok(Fate::Changed(old, digest, staged)) => {
                plan.written.changed += 1;
                plan.record.insert(purpose, path.clone(), digest.clone());
                plan.changes.push(Change { path: path.clone(), old, new: Some((digest, staged)) });
            }
            Ok(Fate::NotStaged(error)) => not_staged = not_staged.or(Some(error)),
            Err(conflict) => conflicts.push(conflict),
        }
    }
    if stale != Stale::Keep {
        let gone = before.files(purpose).filter(|(path, _)| !files.contains_key(*path));
        for (path, recorded) in gone {
            plan.record.remove(path);
            if stale == Stale::Leave {
                continue;
            }
            match folder.look(path) {
                Ok(Found::Nothing) => {}
                Ok(Found::File(found)) if Digest::of(&found) == *recorded => {
                    let old = Some(recorded.clone());
                    plan.changes.push(Change { path: path.clone(), old, new: None });
                    plan.removed.push(path.clone());
                    plan.written.removed += 1;
                }
                // It was changed since, and no longer belongs to ecrane.
                Ok(Found::File(_) | Found::Other) | Err(OutputError::LeadsOutside { .. }) => {
                    plan.written.kept.push(folder.named(path));
                }
                Err(error) => conflicts.push(error),
            }
        }
    }
    if conflicts.is_empty() {
        conflicts.extend(not_staged);
    }
    if conflicts.is_empty() { Ok(plan) } else { Err(conflicts) }
}

/// What happens to a file, or why it must not be written.
fn fate(
    folder: &Folder,
    path: &RelativePath,
    text: &[u8],
    foreign: Foreign,
    before: &Record,
    stage: impl FnOnce(&[u8]) -> Result<PathBuf, OutputError>,
) -> Result<Fate, OutputError> {
    let digest = Digest::of(text);
    let old = match folder.look(path)? {
        // A file with the same content is treated as written by ecrane.
        Found::File(found) if found == text => return Ok(Fate::Unchanged(digest)),
        Found::File(found) => {
            let found = Digest::of(&found);
            match before.digest(path) {
                _ if foreign == Foreign::Replace => Some(found),
                Some(recorded) if *recorded == found => Some(found),
                Some(_) => return Err(OutputError::Edited { path: folder.named(path) }),
                None => return Err(OutputError::NotOurs { path: folder.named(path) }),
            }
        }
        Found::Nothing => None,
        Found::Other => return Err(OutputError::NotOurs { path: folder.named(path) }),
    };
    Ok(match stage(text) {
        Ok(staged) => Fate::Changed(old, digest, staged),
        Err(error) => Fate::NotStaged(error),
    })
}

#[cfg(test)]
mod tests;
