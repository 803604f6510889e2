//! Finds the config file.

use std::path::{Path, PathBuf};

use ecrane_core::Explain;
use thiserror::Error;

const NAMES: [&str; 4] = ["ecrane.yaml", "ecrane.yml", "ecrane.json", "ecrane.toml"];

/// Finds the config of a directory: there, or in the nearest parent directory that has one.
pub(crate) fn find(start: &Path) -> Result<PathBuf, ConfigFileError> {
    for folder in start.ancestors() {
        let mut found = NAMES.iter().map(|name| folder.join(name)).filter(|path| path.is_file());
        match (found.next(), found.next()) {
            (None, _) => {}
            (Some(first), Some(second)) => {
                return Err(ConfigFileError::Ambiguous { first, second });
            }
            (Some(path), None) => {
                // In the start directory itself, messages show the file name only.
                let short = path.strip_prefix(start).map(Path::to_owned);
                return Ok(short.unwrap_or(path));
            }
        }
    }
    Err(ConfigFileError::NotFound { start: start.to_owned() })
}

/// Why the config file cannot be determined.
#[derive(Debug, Error)]
pub(crate) enum ConfigFileError {
    /// No directory has one.
    #[error("no config in `{}` or a parent directory", .start.display())]
    NotFound {
        /// The directory where the search started.
        start: PathBuf,
    },
    /// A directory has two.
    #[error("`{}` and `{}` could both be the config", .first.display(), .second.display())]
    Ambiguous {
        /// The first.
        first: PathBuf,
        /// The second.
        second: PathBuf,
    },
}

impl Explain for ConfigFileError {
    fn code(&self) -> &'static str {
        match self {
            Self::NotFound { .. } => "config::not_found",
            Self::Ambiguous { .. } => "config::ambiguous",
        }
    }

    fn help(&self) -> Option<String> {
        Some(match self {
            Self::NotFound { .. } => {
                format!("pass the path of the config, or name it {}", NAMES.join(", "))
            }
            Self::Ambiguous { .. } => {
                "pass the path of one of them, or delete the other".to_owned()
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn looks_here_and_above() {
        let temp = tempfile::tempdir().unwrap();
        let inner = temp.path().join("a/b");
        fs::create_dir_all(inner.join("ecrane.toml")).unwrap();
        assert!(matches!(find(&inner), Err(ConfigFileError::NotFound { .. })));
        fs::write(temp.path().join("ecrane.json"), "").unwrap();
        assert_eq!(find(&inner).unwrap(), temp.path().join("ecrane.json"));
        assert_eq!(find(temp.path()).unwrap(), Path::new("ecrane.json"));
        fs::write(inner.join("ecrane.yml"), "").unwrap();
        assert_eq!(find(&inner).unwrap(), Path::new("ecrane.yml"));
        fs::write(inner.join("ecrane.json"), "").unwrap();
        let Err(ConfigFileError::Ambiguous { first, second }) = find(&inner) else { panic!() };
        assert_eq!((first, second), (inner.join("ecrane.yml"), inner.join("ecrane.json")));
    }
}
