//! Compares the arguments of the newest provider, by which the tests of `ecrane` judge modules, with the
//! typings of `@cdktn/provider-aws`, which are generated from the schema of the provider.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use serde_json::Value;

use crate::failure::Failure;
use crate::report::{Tally, missing, say};
use crate::tools;

/// The package, and the version of the provider that it is for.
const PACKAGE: &str = "@cdktn/provider-aws@25.7.0";
const PROVIDER: &str = "6.66.0";
const INTEGRITY: &str = "sha512-E/nhu0yVZE4mXMgIPuI8tEFt1BExLkA7ARjihdG+/HmfDfzLr+OEF3dkFRvI6glRt30lrrBWQLwXqCJBxcmyUg==";

/// The parts of the package that are read: all of it is a gigabyte.
const PARTS: [&str; 7] = [
    "package/package.json",
    "package/lib/cloudwatch-event-*",
    "package/lib/data-aws-*",
    "package/lib/ecr*",
    "package/lib/iam-*",
    "package/lib/kms-*",
    "package/lib/provider",
];

pub(super) fn run() -> Result<Tally, Failure> {
    if !["npm", "python3", "tar"].iter().all(|it| tools::has(it)) {
        return missing("npm, python3 and tar, which read the typings of the Terraform provider");
    }
    let package = package()?;
    let path = package.join("package.json");
    let text = fs::read(&path).map_err(Failure::file(&path))?;
    let found: Value = serde_json::from_slice(&text)
        .map_err(|source| Failure::Answer { program: "npm", source })?;
    let is_for = found.pointer("/cdktn/provider/version").and_then(Value::as_str);
    if is_for != Some(PROVIDER) {
        say(format_args!("{PACKAGE} is for the provider {is_for:?}"))?;
        return Ok(Tally::one(false));
    }
    let root = tools::root();
    let version = PROVIDER.trim_end_matches(".0");
    let arguments = root.join(format!("crates/ecrane/tests/provider_versions/aws-{version}.json"));
    let mut command = Command::new("python3");
    command.arg(root.join("crates/xtask/provider-typings/extract.py"));
    let output = tools::run(command.arg(package).arg(arguments))?;
    let differences = String::from_utf8_lossy(&output.stdout);
    let count = String::from_utf8_lossy(&output.stderr);
    if differences.is_empty() {
        say(format_args!("{} are those of the typings of {PACKAGE}", count.trim()))?;
    } else {
        say(&differences)?;
    }
    Ok(Tally::one(differences.is_empty() && !count.trim().is_empty()))
}

/// Downloads the package once, and returns the directory with its parts.
fn package() -> Result<PathBuf, Failure> {
    let folder = tools::target().join("tools/provider-typings");
    let package = folder.join("package");
    let unpacked = folder.join("unpacked");
    if fs::read_to_string(&unpacked).is_ok_and(|it| it == INTEGRITY) {
        return Ok(package);
    }
    fs::create_dir_all(&folder).map_err(Failure::file(&folder))?;
    let mut npm = Command::new("npm");
    let packed = tools::run(npm.args(["pack", PACKAGE, "--json"]).current_dir(&folder))?;
    let packed: Value = serde_json::from_slice(&packed.stdout)
        .map_err(|source| Failure::Answer { program: "npm", source })?;
    let text = |pointer: &str| packed.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
    if text("/0/integrity") != INTEGRITY {
        let said = format!("{PACKAGE} has the integrity {}", text("/0/integrity"));
        return Err(Failure::Emulator { said });
    }
    let archive = folder.join(text("/0/filename"));
    let mut tar = Command::new("tar");
    tar.args(["--extract", "--gzip", "--wildcards", "--file"]).arg(&archive).args(PARTS);
    tools::run(tar.current_dir(&folder))?;
    fs::remove_file(&archive).map_err(Failure::file(&archive))?;
    fs::write(&unpacked, INTEGRITY).map_err(Failure::file(&unpacked))?;
    Ok(package)
}
