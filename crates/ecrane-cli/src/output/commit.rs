//! Atomic changes of several files.
//!
//! New files are first written to a staging directory. Where it can be, the whole directory is then
//! [exchanged](super::exchange). Otherwise, the staging directory gets hard links to the old files,
//! and the new ones are renamed into place one by one, under a journal. If a step fails, the previous
//! steps are undone; if the process dies, the next run undoes them.
//!
//! This holds if a process fails or dies. It does not call `fsync`: after a power failure, the
//! output can be generated again from the config.

use std::collections::HashSet;
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::error::OutputError;
use super::exchange::{self, NotExchanged, exchange};
use super::folder::{Folder, Found};
use super::path::RelativePath;
use super::record::Digest;

/// The staging directory.
pub(super) const STAGING: &str = ".ecrane.staging";
/// The journal, in [`STAGING`].
const JOURNAL: &str = "journal.json";

/// A change of one file.
#[derive(Debug)]
pub(super) struct Change {
    /// The file.
    pub(super) path: RelativePath,
    /// The current content, or `None` if the file does not exist.
    pub(super) old: Option<Digest>,
    /// The new content and where it is staged, or `None` if the file is removed.
    pub(super) new: Option<(Digest, PathBuf)>,
}

/// The journal of a change that is not complete.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Journal {
    steps: Vec<JournalStep>,
    /// The directories that were created, outermost first.
    folders: Vec<RelativePath>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct JournalStep {
    path: RelativePath,
    old: Option<Digest>,
    new: Option<Digest>,
}

/// Changes the files, all of them or none. `kept` are the other files of ecrane in the directory.
///
/// Returns what keeps other runs out of the directory, in addition to the lock of `folder`.
pub(super) fn commit<'a>(
    folder: &Folder,
    changes: &[Change],
    kept: impl Iterator<Item = &'a str>,
) -> Result<Option<File>, OutputError> {
    match exchange(folder, changes, kept) {
        Ok(lock) => Ok(lock),
        Err(NotExchanged::Failed(error)) => {
            Staging::new(folder).discard();
            Err(error)
        }
        Err(NotExchanged::Unfit) => {
            commit_by(folder, changes, &|from, to| fs::rename(from, to)).map(|()| None)
        }
    }
}

fn commit_by(
    folder: &Folder,
    changes: &[Change],
    rename: &dyn Fn(&Path, &Path) -> io::Result<()>,
) -> Result<(), OutputError> {
    let staging = Staging::new(folder);
    let journal = match staging.prepare(changes) {
        Ok(journal) => journal,
        Err(error) => {
            staging.discard();
            return Err(error);
        }
    };
    let applied = staging.apply(&journal, changes, rename).and_then(|()| staging.finish());
    applied.map_err(|error| match staging.undo(&journal) {
        Ok(()) => error,
        Err(source) => {
            OutputError::HalfDone { path: folder.as_named().to_owned(), source: Box::new(source) }
        }
    })
}

/// Undoes the incomplete change of an earlier run.
pub(super) fn recover(folder: &Folder) -> Result<(), OutputError> {
    exchange::recover(folder)?;
    let staging = Staging::new(folder);
    match fs::symlink_metadata(&staging.path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(OutputError::io("look at", &staging.path)(error)),
        Ok(found) if !found.is_dir() => {
            return Err(OutputError::NotOurs { path: staging.path });
        }
        Ok(_) => {}
    }
    let path = staging.path.join(JOURNAL);
    match fs::read(&path) {
        Ok(text) => {
            let journal = serde_json::from_slice(&text)
                .map_err(|source| OutputError::Record { path, source })?;
            staging.undo(&journal)
        }
        // The run ended before it changed anything.
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            fs::remove_dir_all(&staging.path).map_err(OutputError::io("remove", &staging.path))
        }
        Err(error) => Err(OutputError::io("read", path)(error)),
    }
}

/// The staging directory of an output directory.
pub(super) struct Staging<'a> {
    folder: &'a Folder,
    path: PathBuf,
}

impl<'a> Staging<'a> {
    pub(super) fn new(folder: &'a Folder) -> Self {
        Self { folder, path: folder.join(STAGING) }
    }

    /// Writes the content of a new file, by its number. Returns where it is.
    pub(super) fn stage(&self, number: usize, content: &[u8]) -> Result<PathBuf, OutputError> {
        self.make()?;
        let path = self.path.join(format!("{number}.new"));
        write_new(&path, content)?;
        Ok(path)
    }

    /// Removes what has been staged, before anything has been changed.
    pub(super) fn discard(&self) {
        // The next run removes what cannot be removed now.
        let _ = fs::remove_dir_all(&self.path);
    }

    fn make(&self) -> Result<(), OutputError> {
        match fs::create_dir(&self.path) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
                Err(OutputError::io("create the folder", &self.path)(error))
            }
            Ok(()) | Err(_) => Ok(()),
        }
    }

    fn old_file(&self, step: usize) -> PathBuf {
        self.path.join(format!("{step}.old"))
    }

    /// Writes the links to the old files and the journal to the staging directory.
    fn prepare(&self, changes: &[Change]) -> Result<Journal, OutputError> {
        self.make()?;
        let mut journal = Journal { steps: Vec::new(), folders: Vec::new() };
        let mut folders = HashSet::new();
        for (step, change) in changes.iter().enumerate() {
            let target = self.folder.target(&change.path)?;
            if change.old.is_some() {
                let kept = self.old_file(step);
                fs::hard_link(&target, &kept)
                    // Not every file system has hard links.
                    .or_else(|_| fs::copy(&target, &kept).map(|_| ()))
                    .map_err(OutputError::io("keep a copy of", self.folder.named(&change.path)))?;
            }
            for parent in change.path.folders() {
                if folders.insert(parent)
                    && !self.folder.join(parent).exists()
                    && let Ok(parent) = RelativePath::try_from(parent.to_owned())
                {
                    journal.folders.push(parent);
                }
            }
            journal.steps.push(JournalStep {
                path: change.path.clone(),
                old: change.old.clone(),
                new: change.new.as_ref().map(|(digest, _)| digest.clone()),
            });
        }
        let path = self.path.join(JOURNAL);
        let unfinished = self.path.join("journal.new");
        let text = serde_json::to_vec_pretty(&journal)
            .map_err(|source| OutputError::Record { path: path.clone(), source })?;
        write_new(&unfinished, &text)?;
        fs::rename(&unfinished, &path).map_err(OutputError::io("write", &path))?;
        Ok(journal)
    }

    fn apply(
        &self,
        journal: &Journal,
        changes: &[Change],
        rename: &dyn Fn(&Path, &Path) -> io::Result<()>,
    ) -> Result<(), OutputError> {
        for folder in &journal.folders {
            let named = self.folder.named(folder);
            match fs::create_dir(self.folder.target(folder)?) {
                Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
                    return Err(OutputError::io("create the folder", named)(error));
                }
                Ok(()) | Err(_) => {}
            }
        }
        for change in changes {
            let named = self.folder.named(&change.path);
            let target = self.folder.target(&change.path)?;
            if let Some((_, staged)) = &change.new {
                rename(staged, &target).map_err(OutputError::io("write", named))?;
            } else {
                fs::remove_file(&target).map_err(OutputError::io("remove", named))?;
            }
        }
        Ok(())
    }

    /// Removes the journal, which completes the change, and then the rest.
    fn finish(&self) -> Result<(), OutputError> {
        let journal = self.path.join(JOURNAL);
        fs::remove_file(&journal).map_err(OutputError::io("remove", journal))?;
        // The remaining files are harmless, and the next run removes them.
        let _ = fs::remove_dir_all(&self.path);
        Ok(())
    }

    /// Undoes the steps of the journal, except for files that were changed since.
    fn undo(&self, journal: &Journal) -> Result<(), OutputError> {
        for (step, change) in journal.steps.iter().enumerate().rev() {
            let now = match self.folder.look(&change.path)? {
                Found::Nothing => None,
                Found::File(content) => Some(Digest::of(&content)),
                Found::Other => continue,
            };
            if now == change.old || now != change.new {
                continue;
            }
            let named = self.folder.named(&change.path);
            let target = self.folder.target(&change.path)?;
            if change.old.is_some() {
                fs::rename(self.old_file(step), &target)
                    .map_err(OutputError::io("restore", named))?;
            } else {
                fs::remove_file(&target).map_err(OutputError::io("remove", named))?;
            }
        }
        for folder in journal.folders.iter().rev() {
            // The directory stays if it is not empty.
            let _ = fs::remove_dir(self.folder.target(folder)?);
        }
        self.finish()
    }
}

/// Creates a file, with the permissions of the umask.
fn write_new(path: &Path, content: &[u8]) -> Result<(), OutputError> {
    File::create_new(path)
        .and_then(|mut file| file.write_all(content))
        .map_err(OutputError::io("write", path))
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use tempfile::TempDir;

    use super::super::tests::contents;
    use super::*;

    /// A folder with two files, and changes that replace one, remove one and make two.
    fn folder() -> (TempDir, Folder) {
        let temp = tempfile::tempdir().unwrap();
        for name in ["replaced", "removed"] {
            fs::write(temp.path().join(name), "old").unwrap();
        }
        let folder = Folder::open(temp.path()).unwrap();
        (temp, folder)
    }

    fn changes(folder: &Folder) -> Vec<Change> {
        let staging = Staging::new(folder);
        let path = |path: &str| RelativePath::try_from(path.to_owned()).unwrap();
        let old = || Some(Digest::of(b"old"));
        let new = |number| Some((Digest::of(b"new"), staging.stage(number, b"new").unwrap()));
        vec![
            Change { path: path("deep/er/made"), old: None, new: new(0) },
            Change { path: path("removed"), old: old(), new: None },
            Change { path: path("replaced"), old: old(), new: new(1) },
            Change { path: path("made"), old: None, new: new(2) },
        ]
    }

    #[test]
    fn changes_all() {
        let (temp, folder) = folder();
        commit_by(&folder, &changes(&folder), &|from, to| fs::rename(from, to)).unwrap();
        let found = contents(temp.path());
        let found: Vec<_> = found.iter().map(|(n, c)| (n.as_str(), c.as_str())).collect();
        assert_eq!(
            found,
            [
                ("deep/", ""),
                ("deep/er/", ""),
                ("deep/er/made", "new"),
                ("made", "new"),
                ("replaced", "new")
            ]
        );
    }

    #[test]
    fn a_failing_step_undoes_those_before_it() {
        for failing in 0..3 {
            let (temp, folder) = folder();
            let before = contents(temp.path());
            let step = Cell::new(0);
            let rename = |from: &Path, to: &Path| {
                if step.replace(step.get() + 1) == failing {
                    return Err(io::Error::from(io::ErrorKind::StorageFull));
                }
                fs::rename(from, to)
            };
            let error = commit_by(&folder, &changes(&folder), &rename).unwrap_err();
            assert!(matches!(error, OutputError::Io { action: "write", .. }), "{error:?}");
            assert_eq!(contents(temp.path()), before, "step {failing}");
        }
    }

    #[test]
    fn the_next_run_undoes_what_a_dead_one_has_begun() {
        // The process ends before, between and after the renames.
        for dead_after in 0..=3 {
            let (temp, folder) = folder();
            let before = contents(temp.path());
            let staging = Staging::new(&folder);
            let changes = changes(&folder);
            let journal = staging.prepare(&changes).unwrap();
            let step = Cell::new(0);
            let rename = |from: &Path, to: &Path| {
                if step.replace(step.get() + 1) >= dead_after {
                    return Err(io::Error::from(io::ErrorKind::Interrupted));
                }
                fs::rename(from, to)
            };
            assert_eq!(staging.apply(&journal, &changes, &rename).is_ok(), dead_after == 3);
            assert_ne!(contents(temp.path()), before);
            recover(&folder).unwrap();
            assert_eq!(contents(temp.path()), before, "dead after {dead_after}");
        }
    }

    #[test]
    fn a_run_that_died_before_its_journal_has_changed_nothing() {
        let (temp, folder) = folder();
        let before = contents(temp.path());
        let staging = Staging::new(&folder);
        staging.prepare(&changes(&folder)).unwrap();
        fs::remove_file(staging.path.join(JOURNAL)).unwrap();
        recover(&folder).unwrap();
        assert_eq!(contents(temp.path()), before);
    }

    #[test]
    fn recovery_keeps_what_somebody_has_changed_since() {
        let (temp, folder) = folder();
        let staging = Staging::new(&folder);
        let changes = changes(&folder);
        let journal = staging.prepare(&changes).unwrap();
        staging.apply(&journal, &changes, &|from, to| fs::rename(from, to)).unwrap();
        fs::write(temp.path().join("replaced"), "by hand").unwrap();
        fs::write(temp.path().join("deep/neighbour"), "by hand").unwrap();
        recover(&folder).unwrap();
        let found = contents(temp.path());
        let found: Vec<_> = found.iter().map(|(n, c)| (n.as_str(), c.as_str())).collect();
        assert_eq!(
            found,
            [
                ("deep/", ""),
                ("deep/neighbour", "by hand"),
                ("removed", "old"),
                ("replaced", "by hand")
            ]
        );
    }
}
