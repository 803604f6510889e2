//! The output directory, and the check that no file is written outside it.

use std::fs::{self, File, TryLockError};
use std::io::{self, IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use super::error::OutputError;
use super::path::RelativePath;

/// What exists at the path of a file to write.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Found {
    /// Nothing.
    Nothing,
    /// A file, with its content.
    File(Vec<u8>),
    /// A folder, a link, or anything else.
    Other,
}

/// An output directory that exists and that this process has locked.
#[derive(Debug)]
pub(super) struct Folder {
    /// The directory as the user named it, for messages.
    named: PathBuf,
    /// The directory without symbolic links, to check that files are written inside it.
    real: PathBuf,
    /// The directories that were created for it, outermost first.
    made: Vec<PathBuf>,
    /// The lock, which keeps other runs out of the directory until it is dropped.
    _lock: Option<File>,
}

impl Folder {
    /// Opens an output directory, and creates it if it does not exist.
    pub(super) fn open(named: &Path) -> Result<Self, OutputError> {
        let mut made = Vec::new();
        let result = make(named, &mut made).and_then(|()| {
            let real = named.canonicalize().map_err(OutputError::io("open", named))?;
            if real.is_dir() {
                Ok(real)
            } else {
                Err(OutputError::NotAFolder { path: named.to_owned() })
            }
        });
        match result {
            Ok(real) => {
                let lock = lock(&real, named, WAIT)?;
                Ok(Self { named: named.to_owned(), real, made, _lock: lock })
            }
            Err(error) => {
                unmake(&made);
                Err(error)
            }
        }
    }

    /// Removes the directories that [`Folder::open`] created.
    pub(super) fn unmake(self) {
        unmake(&self.made);
    }

    /// The path of a file, as the user would name it.
    pub(super) fn named(&self, path: &RelativePath) -> PathBuf {
        self.named.join(path.as_str())
    }

    /// A path directly in the directory.
    pub(super) fn join(&self, name: &str) -> PathBuf {
        self.real.join(name)
    }

    /// The directory, as the user named it.
    pub(super) fn as_named(&self) -> &Path {
        &self.named
    }

    /// The path to write a file to, if no symbolic link on the way leads out of the directory.
    pub(super) fn target(&self, path: &RelativePath) -> Result<PathBuf, OutputError> {
        for folder in path.folders() {
            let folder = self.real.join(folder);
            match folder.canonicalize() {
                Ok(real) if real.starts_with(&self.real) => {}
                Ok(_) => return Err(OutputError::LeadsOutside { path: folder }),
                // A dangling link exists, but has no canonical path.
                Err(_) if folder.is_symlink() => {
                    return Err(OutputError::LeadsOutside { path: folder });
                }
                Err(_) => break,
            }
        }
        Ok(self.real.join(path.as_str()))
    }

    /// What exists at the path of a file to write.
    pub(super) fn look(&self, path: &RelativePath) -> Result<Found, OutputError> {
        let target = self.target(path)?;
        match fs::symlink_metadata(&target) {
            Ok(found) if found.is_file() => {
                let content =
                    fs::read(&target).map_err(OutputError::io("read", self.named(path)))?;
                Ok(Found::File(content))
            }
            Ok(_) => Ok(Found::Other),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Found::Nothing),
            // A file exists in place of a directory.
            Err(error) if error.kind() == io::ErrorKind::NotADirectory => Ok(Found::Other),
            Err(error) => Err(OutputError::io("look at", self.named(path))(error)),
        }
    }
}

/// Creates a directory and its parents, and records each that was created.
fn make(folder: &Path, made: &mut Vec<PathBuf>) -> Result<(), OutputError> {
    if folder.as_os_str().is_empty() || folder.exists() {
        return Ok(());
    }
    if let Some(parent) = folder.parent() {
        make(parent, made)?;
    }
    match fs::create_dir(folder) {
        Ok(()) => {
            made.push(folder.to_owned());
            Ok(())
        }
        // Another run created it in the meantime.
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists && folder.is_dir() => Ok(()),
        Err(error) => Err(OutputError::io("create the folder", folder)(error)),
    }
}

/// Removes directories that were created, if they are still empty.
fn unmake(made: &[PathBuf]) {
    for folder in made.iter().rev() {
        // The directory stays if it is no longer empty.
        let _ = fs::remove_dir(folder);
    }
}

/// How long a run waits for another run that writes to the same directory.
const WAIT: Duration = Duration::from_secs(30);

/// Waits until no other run writes to the directory, up to a limit: the other run may be suspended.
///
/// The lock requires a system on which a directory can be opened as a file. On others, and on
/// network file systems without locks, simultaneous runs are not detected.
fn lock(real: &Path, named: &Path, wait: Duration) -> Result<Option<File>, OutputError> {
    let step = Duration::from_millis(100);
    let mut waited = Duration::ZERO;
    loop {
        // Opened again each time: another run may have exchanged the directory.
        let Ok(file) = File::open(real) else { return Ok(None) };
        match file.try_lock() {
            Ok(()) if is_still(&file, real) => return Ok(Some(file)),
            Ok(()) => continue,
            Err(TryLockError::Error(_)) => return Ok(None),
            Err(TryLockError::WouldBlock) if waited >= wait => {
                return Err(OutputError::Busy { path: named.to_owned(), seconds: wait.as_secs() });
            }
            Err(TryLockError::WouldBlock) => {}
        }
        // Programs read the error at the end; a person wants to know why nothing happens.
        if waited == Duration::ZERO && io::stderr().is_terminal() {
            let (named, seconds) = (named.display().to_string(), wait.as_secs());
            let _ = writeln!(
                io::stderr(),
                "waiting up to {seconds} s for another ecrane that writes to {named:?}",
            );
        }
        thread::sleep(step);
        waited += step;
    }
}

/// Whether a directory that was opened is still the one at its path.
fn is_still(file: &File, path: &Path) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt as _;
        let identity = |found: fs::Metadata| (found.dev(), found.ino());
        file.metadata().map(identity).ok() == fs::metadata(path).map(identity).ok()
    }
    #[cfg(not(unix))]
    {
        let _ = (file, path);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_for_another_run_but_not_for_ever() {
        let temp = tempfile::tempdir().unwrap();
        let other = File::open(temp.path()).unwrap();
        other.lock().unwrap();
        let busy = lock(temp.path(), Path::new("ecrane.out"), Duration::ZERO).unwrap_err();
        assert!(matches!(busy, OutputError::Busy { .. }), "{busy}");
        drop(other);
        assert!(lock(temp.path(), Path::new("ecrane.out"), Duration::ZERO).unwrap().is_some());
    }
}
