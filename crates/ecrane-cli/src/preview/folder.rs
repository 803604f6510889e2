//! A directory with a file of images for each repository.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::error::PreviewError;

/// The files of a directory, by the names of the repositories.
#[derive(Debug)]
pub(crate) struct Folder {
    files: BTreeMap<String, PathBuf>,
}

impl Folder {
    /// Finds the JSON files of a directory and those below it: `shop/app.json` for `shop/app`.
    pub(super) fn read(path: &Path) -> Result<Self, PreviewError> {
        let mut files = BTreeMap::new();
        visit(path, "", &mut files)?;
        Ok(Self { files })
    }

    /// The file of one repository.
    pub(crate) fn file_of(path: &Path, repository: &str) -> Option<PathBuf> {
        let file = path.join(format!("{repository}.json"));
        file.is_file().then_some(file)
    }

    /// Takes the file of a repository.
    pub(super) fn take(&mut self, repository: &str) -> Option<PathBuf> {
        self.files.remove(repository)
    }

    /// The files that were not taken.
    pub(super) fn rest(self) -> Vec<String> {
        self.files.into_values().map(|path| path.display().to_string()).collect()
    }
}

fn visit(
    path: &Path,
    prefix: &str,
    files: &mut BTreeMap<String, PathBuf>,
) -> Result<(), PreviewError> {
    let unreadable = |source| PreviewError::Directory { path: path.to_owned(), source };
    for entry in std::fs::read_dir(path).map_err(unreadable)? {
        let entry = entry.map_err(unreadable)?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = entry.path();
        // A link to a directory may lead back up.
        if entry.file_type().map_err(unreadable)?.is_dir() {
            visit(&path, &format!("{prefix}{name}/"), files)?;
        } else if let Some(name) = name.strip_suffix(".json") {
            files.insert(format!("{prefix}{name}"), path);
        }
    }
    Ok(())
}
