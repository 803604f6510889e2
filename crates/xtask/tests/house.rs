//! The crates and their dependencies match ARCHITECTURE.md.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The crates of the workspace, and the dependencies of each between them, without
/// dev-dependencies.
fn dependencies() -> BTreeMap<String, BTreeSet<String>> {
    let metadata = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--no-deps", "--offline"])
        .current_dir(root())
        .output()
        .unwrap();
    assert!(metadata.status.success(), "{}", String::from_utf8_lossy(&metadata.stderr));
    let metadata: Value = serde_json::from_slice(&metadata.stdout).unwrap();
    let packages = metadata["packages"].as_array().unwrap();
    let name = |package: &Value| package["name"].as_str().unwrap().to_owned();
    let all: BTreeSet<String> = packages.iter().map(name).collect();
    let normal = |package: &Value| {
        let dependencies = package["dependencies"].as_array().unwrap().iter();
        dependencies
            .filter(|it| it["kind"].is_null())
            .map(name)
            .filter(|it| all.contains(it))
            .collect()
    };
    packages.iter().map(|package| (name(package), normal(package))).collect()
}

/// The crates in backticks in each row of the table of crates.
fn table() -> BTreeMap<String, BTreeSet<String>> {
    let map = fs::read_to_string(root().join("ARCHITECTURE.md")).unwrap();
    let crates = |cell: &str| cell.split('`').skip(1).step_by(2).map(str::to_owned).collect();
    let rows = map.lines().skip_while(|line| !line.starts_with("| crate | depends on |")).skip(2);
    rows.take_while(|line| line.starts_with('|'))
        .map(|row| {
            let mut cells = row.split('|').skip(1);
            let name: Vec<String> = crates(cells.next().unwrap());
            let dependencies: Vec<String> = crates(cells.next().unwrap());
            (name.concat(), dependencies.into_iter().collect())
        })
        .collect()
}

#[test]
fn crates_depend_on_what_the_map_says() {
    assert_eq!(dependencies(), table());
}
