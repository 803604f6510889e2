//! External tools, installed at pinned versions into `target/tools`.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use crate::failure::Failure;

/// The workspace directory.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap_or(Path::new("/")).to_owned()
}

/// The target directory, which contains this program as `debug/xtask`.
pub(crate) fn target() -> PathBuf {
    let program = std::env::current_exe().unwrap_or_default();
    program.ancestors().nth(2).map_or_else(|| root().join("target"), Path::to_owned)
}

/// Installs the npm package in `crates/xtask/<name>` from its lock file, and returns its directory
/// in `target/tools`.
///
/// The sources are copied each time, and the dependencies are installed if the lock file changed.
/// The source directory remains unchanged.
pub(crate) fn npm(name: &str) -> Result<PathBuf, Failure> {
    let from = root().join("crates/xtask").join(name);
    let to = target().join("tools").join(name);
    let _lock = lock(&to)?;
    for entry in fs::read_dir(&from).map_err(Failure::file(&from))? {
        let path = entry.map_err(Failure::file(&from))?.path();
        if let (true, Some(file)) = (path.is_file(), path.file_name()) {
            fs::copy(&path, to.join(file)).map_err(Failure::file(&path))?;
        }
    }
    let lock = fs::read(from.join("package-lock.json")).map_err(Failure::file(&from))?;
    let installed = to.join("installed-lock.json");
    if fs::read(&installed).ok().as_ref() != Some(&lock) {
        run(Command::new("npm")
            .args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"])
            .current_dir(&to))?;
        fs::write(&installed, &lock).map_err(Failure::file(&installed))?;
    }
    Ok(to)
}

/// Installs `crates/xtask/<name>/requirements.txt` with hashes into a virtual environment, and
/// returns the directory of its programs.
pub(crate) fn pip(name: &str) -> Result<PathBuf, Failure> {
    let requirements = root().join("crates/xtask").join(name).join("requirements.txt");
    let to = target().join("tools").join(name);
    let _lock = lock(&to)?;
    let programs = to.join("bin");
    let wanted = fs::read(&requirements).map_err(Failure::file(&requirements))?;
    let installed = to.join("installed-requirements.txt");
    if fs::read(&installed).ok().as_ref() != Some(&wanted) {
        run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&to))?;
        let install = [
            "install",
            "--quiet",
            "--disable-pip-version-check",
            "--require-hashes",
            "--requirement",
        ];
        run(Command::new(programs.join("pip")).args(install).arg(&requirements))?;
        fs::write(&installed, &wanted).map_err(Failure::file(&installed))?;
    }
    Ok(programs)
}

/// Runs a Python module of `crates/xtask/<name>`, with what its requirements name installed.
pub(crate) fn python(name: &str, module: &str) -> Result<Command, Failure> {
    let mut command = Command::new(pip(name)?.join("python"));
    command
        .args(["-m", module])
        .current_dir(root().join("crates/xtask").join(name))
        .env("PYTHONDONTWRITEBYTECODE", "1");
    Ok(command)
}

/// Installs a version of a program from crates.io, with the dependencies that its authors tested and
/// one feature instead of its default ones, and returns its path.
pub(crate) fn cargo(name: &str, version: &str, feature: &str) -> Result<PathBuf, Failure> {
    let to = target().join("tools").join(format!("{name}-{version}-{feature}"));
    let _lock = lock(&to)?;
    let program = to.join("bin").join(name);
    if !program.exists() {
        // Not optimized: it compiles in half the time, and runs for a second.
        let options = ["install", name, "--version", version, "--locked", "--debug"];
        let mut command = Command::new("cargo");
        command.args(options).args(["--quiet", "--no-default-features", "--features", feature]);
        command.arg("--root").arg(&to).env("CARGO_PROFILE_DEV_DEBUG", "0");
        run(&mut command)?;
    }
    Ok(program)
}

/// Creates the directory of a tool. Other processes cannot install it while the returned file is
/// open.
fn lock(folder: &Path) -> Result<File, Failure> {
    fs::create_dir_all(folder).map_err(Failure::file(folder))?;
    let path = folder.with_extension("lock");
    let file = File::create(&path).map_err(Failure::file(&path))?;
    file.lock().map_err(Failure::file(&path))?;
    Ok(file)
}

/// Runs a command, and fails with its output if it fails.
pub(crate) fn run(command: &mut Command) -> Result<Output, Failure> {
    let output = output(command)?;
    if output.status.success() {
        return Ok(output);
    }
    let text = [output.stdout.as_slice(), output.stderr.as_slice()].concat();
    Err(Failure::Command {
        command: format!("{command:?}"),
        status: output.status,
        output: String::from_utf8_lossy(&text).into_owned(),
    })
}

/// Runs a command, whatever its exit code.
pub(crate) fn output(command: &mut Command) -> Result<Output, Failure> {
    let program = command.get_program().to_string_lossy().into_owned();
    command.output().map_err(|source| Failure::Program { program, source })
}

/// Whether `program` can be started.
pub(crate) fn has(program: &str) -> bool {
    Command::new(program).arg("--version").output().is_ok()
}
