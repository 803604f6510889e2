//! What packages of ecrane contain besides the program: shells parse the completion scripts, groff
//! formats the manual pages without a warning, hadolint accepts the Dockerfile, and the program needs
//! no library that its image lacks.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::ecrane::Ecrane;
use crate::failure::Failure;
use crate::report::{Tally, missing, say};
use crate::tools;

const SHELLS: [&str; 3] = ["bash", "zsh", "fish"];

pub(super) fn run() -> Result<Tally, Failure> {
    let ecrane = Ecrane::build("packaging")?;
    let folder = tools::target().join("xtask/packaging");
    if folder.exists() {
        fs::remove_dir_all(&folder).map_err(Failure::file(&folder))?;
    }
    fs::create_dir_all(&folder).map_err(Failure::file(&folder))?;
    let mut tally = Tally::default();
    for shell in SHELLS {
        tally.add(completions(&ecrane, shell, &folder)?);
    }
    tally.add(manual(&ecrane, &folder)?);
    tally.add(dockerfile()?);
    tally.add(libraries()?);
    Ok(tally)
}

fn completions(ecrane: &Ecrane, shell: &str, folder: &Path) -> Result<Tally, Failure> {
    if !tools::has(shell) {
        return missing(shell);
    }
    let script = tools::run(ecrane.command().args(["completions", shell]))?.stdout;
    let path = folder.join(shell);
    fs::write(&path, script).map_err(Failure::file(&path))?;
    silent(Command::new(shell).arg("-n").arg(path))
}

fn manual(ecrane: &Ecrane, folder: &Path) -> Result<Tally, Failure> {
    if !tools::has("groff") {
        return missing("groff, which formats manual pages");
    }
    let pages = folder.join("man1");
    tools::run(ecrane.command().arg("man").arg(&pages))?;
    let mut tally = Tally::default();
    for entry in fs::read_dir(&pages).map_err(Failure::file(&pages))? {
        let page = entry.map_err(Failure::file(&pages))?.path();
        tally.add(silent(Command::new("groff").args(["-man", "-ww", "-Tutf8", "-z"]).arg(page))?);
    }
    Ok(tally)
}

fn dockerfile() -> Result<Tally, Failure> {
    if !tools::has("python3") {
        return missing("python3, which installs hadolint");
    }
    let hadolint = tools::pip("hadolint")?.join("hadolint");
    silent(Command::new(hadolint).arg(tools::root().join("Dockerfile")))
}

/// The libraries of the image that the Dockerfile makes, `gcr.io/distroless/cc-debian12`: glibc and
/// what GCC adds.
const LIBRARIES: [&str; 7] =
    ["linux-vdso", "ld-linux", "libc.so", "libm.so", "libgcc_s", "libpthread", "libdl"];

/// Whether the program needs no other library than the image has.
fn libraries() -> Result<Tally, Failure> {
    if !tools::has("ldd") {
        return missing("ldd, which lists the libraries of a program");
    }
    let needed = tools::run(Command::new("ldd").arg(tools::target().join("debug/ecrane")))?.stdout;
    let needed = String::from_utf8_lossy(&needed).into_owned();
    let is_there = |line: &&str| LIBRARIES.iter().any(|library| line.contains(library));
    let lacking: Vec<_> = needed.lines().filter(|line| !is_there(line)).collect();
    for library in &lacking {
        say(format_args!("the image lacks {}", library.trim()))?;
    }
    Ok(Tally::one(lacking.is_empty() && needed.contains("libc.so")))
}

/// Whether a command succeeds without a word.
pub(super) fn silent(command: &mut Command) -> Result<Tally, Failure> {
    let output = tools::output(command)?;
    let text = [output.stdout, output.stderr].concat();
    let is_silent = output.status.success() && text.is_empty();
    if !is_silent {
        say(format_args!("{command:?}: {}", String::from_utf8_lossy(&text)))?;
    }
    Ok(Tally::one(is_silent))
}
