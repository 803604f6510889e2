//! Changes of a whole output directory in one rename.
//!
//! A directory that holds only files of ecrane is built anew beside the old one, with hard links to
//! the files that do not change, and the two are exchanged. Whoever reads the directory sees either
//! all old files or all new ones, and so does the next run after a process that was killed.
//!
//! The journal of [`commit`](super::commit) takes over where this cannot be done: the directory
//! holds other files, such as Terraform's state, or is the working directory of this process, or
//! the system cannot exchange two directories.

use std::collections::HashSet;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use super::commit::{Change, STAGING};
use super::error::OutputError;
use super::folder::Folder;
use super::path::folders;

/// The number of changed files from which a reader could see a mixture: the record and two more.
const SEVERAL: usize = 3;

/// Why the directory is not exchanged.
pub(super) enum NotExchanged {
    /// Another way has to be taken; nothing has been changed.
    Unfit,
    /// The new files could not be written; nothing has been changed.
    Failed(OutputError),
}

impl From<OutputError> for NotExchanged {
    fn from(error: OutputError) -> Self {
        Self::Failed(error)
    }
}

/// Changes the files by an exchange of the directory. `kept` are the files of ecrane that do not
/// change.
///
/// Returns the lock of the new directory.
pub(super) fn exchange<'a>(
    folder: &Folder,
    changes: &[Change],
    kept: impl Iterator<Item = &'a str>,
) -> Result<Option<File>, NotExchanged> {
    let (Some(beside), true) = (beside(folder), changes.len() >= SEVERAL) else {
        return Err(NotExchanged::Unfit);
    };
    let kept: Vec<_> = kept.collect();
    let ours: HashSet<_> =
        kept.iter().copied().chain(changes.iter().map(|change| change.path.as_str())).collect();
    let old = folder.join("");
    let is_current = std::env::current_dir()
        .and_then(|current| current.canonicalize())
        .is_ok_and(|current| current.starts_with(&old));
    if is_current || !foreign(&old, &ours).is_ok_and(|found| found.is_empty()) {
        return Err(NotExchanged::Unfit);
    }
    let built = build(folder, &beside, changes, &kept).and_then(|()| {
        // The next run opens the new directory, and waits for the end of this one.
        let lock = File::open(&beside).ok().filter(|file| file.try_lock().is_ok());
        swap(&beside, &old).map(|()| lock).map_err(|_| NotExchanged::Unfit)
    });
    if built.is_ok() {
        // What somebody has put into the directory since it was searched.
        for path in foreign(&beside, &ours).unwrap_or_default() {
            // Both are on one file system, and nothing else has this path.
            let _ = fs::rename(beside.join(&path), old.join(path));
        }
    }
    // The next run removes what cannot be removed now.
    let _ = fs::remove_dir_all(&beside);
    built
}

/// Removes what a run has left that was killed before or after the exchange.
pub(super) fn recover(folder: &Folder) -> Result<(), OutputError> {
    let Some(beside) = beside(folder) else { return Ok(()) };
    match fs::symlink_metadata(&beside) {
        Err(_) => Ok(()),
        Ok(found) if found.is_dir() => {
            fs::remove_dir_all(&beside).map_err(OutputError::io("remove", beside))
        }
        Ok(_) => Err(OutputError::NotOurs { path: beside }),
    }
}

/// The directory in which the new output is built, and the old one is removed.
fn beside(folder: &Folder) -> Option<PathBuf> {
    let real = folder.join("");
    let name = real.file_name()?.to_str()?;
    Some(real.parent()?.join(format!(".{name}.ecrane.staging")))
}

/// Builds the new directory.
fn build(
    folder: &Folder,
    beside: &Path,
    changes: &[Change],
    kept: &[&str],
) -> Result<(), NotExchanged> {
    let old = folder.join("");
    let unfit = |_| NotExchanged::Unfit;
    fs::create_dir(beside).map_err(unfit)?;
    alike(&old, beside).map_err(unfit)?;
    let is_changed: HashSet<_> = changes.iter().map(|change| change.path.as_str()).collect();
    let mut made = HashSet::new();
    let mut make_parents = |path: &str| -> io::Result<()> {
        for parent in folders(path) {
            if made.insert(parent.to_owned()) {
                let (old, new) = (old.join(parent), beside.join(parent));
                fs::create_dir(&new)?;
                if old.is_dir() {
                    alike(&old, &new)?;
                }
            }
        }
        Ok(())
    };
    for path in kept.iter().filter(|path| !is_changed.contains(*path)) {
        make_parents(path).map_err(unfit)?;
        // Not every file system has hard links.
        fs::hard_link(old.join(path), beside.join(path)).map_err(unfit)?;
    }
    for change in changes {
        if let Some((_, staged)) = &change.new {
            let path = change.path.as_str();
            make_parents(path)
                .map_err(OutputError::io("create a folder for", folder.named(&change.path)))?;
            // It stays staged until the exchange, for which the other way has to be open.
            fs::hard_link(staged, beside.join(path)).map_err(unfit)?;
        }
    }
    Ok(())
}

/// Gives a new directory the permissions of another. Fails if they have different owners.
fn alike(old: &Path, new: &Path) -> io::Result<()> {
    let old = fs::metadata(old)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt as _;
        let made = fs::metadata(new)?;
        if (old.uid(), old.gid()) != (made.uid(), made.gid()) {
            return Err(io::ErrorKind::PermissionDenied.into());
        }
    }
    fs::set_permissions(new, old.permissions())
}

/// What is below a directory and is neither a file of ours, nor a directory with some, nor staged.
fn foreign(top: &Path, ours: &HashSet<&str>) -> io::Result<Vec<PathBuf>> {
    let parents: HashSet<_> = ours.iter().flat_map(|path| folders(path)).collect();
    let mut found = Vec::new();
    let mut pending = vec![PathBuf::new()];
    while let Some(folder) = pending.pop() {
        for entry in fs::read_dir(top.join(&folder))? {
            let entry = entry?;
            let path = folder.join(entry.file_name());
            let kind = entry.file_type()?;
            let is_in = |paths: &HashSet<&str>| path.to_str().is_some_and(|p| paths.contains(p));
            if kind.is_dir() && is_in(&parents) {
                pending.push(path);
            } else if kind.is_dir() && path == Path::new(STAGING) {
                // The new files, of this run: it has the lock of the directory.
            } else if !(kind.is_file() && is_in(ours)) {
                found.push(path);
            }
        }
    }
    Ok(found)
}

#[cfg(any(target_os = "linux", target_os = "macos"))]
fn swap(one: &Path, other: &Path) -> io::Result<()> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    Ok(renameat_with(CWD, one, CWD, other, RenameFlags::EXCHANGE)?)
}

#[cfg(not(any(target_os = "linux", target_os = "macos")))]
fn swap(_: &Path, _: &Path) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}
