//! A folder to run the program in.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;

/// A folder to run the program in.
pub(crate) struct Case {
    temp: TempDir,
}

/// What a run has come to.
#[derive(Debug)]
pub(crate) struct Ran {
    /// `None` when a signal has ended it.
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Case {
    /// An empty folder.
    pub(crate) fn new() -> Self {
        Self { temp: tempfile::tempdir().unwrap() }
    }

    /// A folder with one config.
    pub(crate) fn with(config: &str) -> Self {
        let case = Self::new();
        case.write("ecrane.yaml", config);
        case
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.temp.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }

    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    pub(crate) fn json(&self, name: &str) -> serde_json::Value {
        serde_json::from_str(&self.read(name)).unwrap()
    }

    /// A command in the folder, without what the caller's environment may say about colours or
    /// output folders.
    pub(crate) fn command(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let mut command = Command::new(program);
        command.current_dir(self.temp.path()).env_clear().stdin(Stdio::null());
        command
    }

    pub(crate) fn ecrane(&self) -> Command {
        self.command(env!("CARGO_BIN_EXE_ecrane"))
    }

    pub(crate) fn run(&self, args: &[&str]) -> Ran {
        run(self.ecrane().args(args))
    }

    /// All that is in the folder.
    pub(crate) fn contents(&self) -> Vec<(String, Vec<u8>)> {
        let mut found = Vec::new();
        visit(self.temp.path(), self.temp.path(), &mut found);
        found.sort();
        found
    }

    /// The names of all that is in a folder below.
    pub(crate) fn names(&self, below: &str) -> Vec<String> {
        let mut found = Vec::new();
        let top = self.path(below);
        visit(&top, &top, &mut found);
        let mut names: Vec<_> = found.into_iter().map(|(name, _)| name).collect();
        names.sort();
        names
    }
}

pub(crate) fn run(command: &mut Command) -> Ran {
    let output = command.output().unwrap();
    Ran {
        code: output.status.code(),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

fn visit(top: &Path, folder: &Path, found: &mut Vec<(String, Vec<u8>)>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.strip_prefix(top).unwrap().display().to_string();
        if path.is_dir() && !path.is_symlink() {
            visit(top, &path, found);
            found.push((name + "/", Vec::new()));
        } else {
            found.push((name, fs::read(&path).unwrap_or_default()));
        }
    }
}
