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

/// The files of a crate by their module paths, such as `graph::order`.
fn modules(source: &Path) -> BTreeMap<String, PathBuf> {
    let mut modules = BTreeMap::new();
    let mut folders = vec![source.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|it| it == "rs") {
                let below = path.strip_prefix(source).unwrap().with_extension("");
                let mut parts: Vec<_> =
                    below.iter().map(|part| part.to_str().unwrap().to_owned()).collect();
                if matches!(parts.last().map(String::as_str), Some("mod" | "lib" | "main")) {
                    parts.pop();
                }
                modules.insert(parts.join("::"), path);
            }
        }
    }
    modules
}

/// The modules that a file imports from, re-exports of a parent left out: those only list what the
/// parent holds.
fn imports(module: &str, text: &str, modules: &BTreeMap<String, PathBuf>) -> BTreeSet<String> {
    let text = text.split("#[cfg(test)]\nmod tests").next().unwrap();
    let mut found = BTreeSet::new();
    let mut statement = String::new();
    for line in text.lines().filter(|line| !line.trim_start().starts_with("//")) {
        if statement.is_empty() && !line.starts_with("use ") {
            continue;
        }
        statement.push_str(line.trim());
        if !statement.ends_with(';') {
            continue;
        }
        let path = statement.trim_start_matches("use ").trim_end_matches(';').replace(' ', "");
        statement.clear();
        let parent = module.rsplit_once("::").map_or("", |(parent, _)| parent);
        let path = match path.split_once("::") {
            Some(("crate", rest)) => rest.to_owned(),
            Some(("super", rest)) if parent.is_empty() => rest.to_owned(),
            Some(("super", rest)) => format!("{parent}::{rest}"),
            _ => continue,
        };
        // `a::{b::C, d::E}` names the modules `a::b` and `a::d`.
        let (prefix, names) = path.split_once('{').unwrap_or((&path, ""));
        let names: Vec<&str> = names.trim_end_matches('}').split(',').collect();
        for name in names {
            let whole = format!("{prefix}{name}");
            let mut parts: Vec<&str> = whole.split("::").collect();
            while !parts.is_empty() && !modules.contains_key(&parts.join("::")) {
                parts.pop();
            }
            found.insert(parts.join("::"));
        }
    }
    found.remove(module);
    found
}

/// The groups of modules of which each imports, at last, from each.
fn circles(graph: &BTreeMap<String, BTreeSet<String>>) -> Vec<BTreeSet<String>> {
    let reach = |start: &String| {
        let mut seen = BTreeSet::new();
        let mut open: Vec<&String> = graph.get(start).into_iter().flatten().collect();
        while let Some(next) = open.pop() {
            if seen.insert(next.clone()) {
                open.extend(graph.get(next).into_iter().flatten());
            }
        }
        seen
    };
    let reached: BTreeMap<&String, BTreeSet<String>> =
        graph.keys().map(|module| (module, reach(module))).collect();
    let mut circles: Vec<BTreeSet<String>> = Vec::new();
    for (module, from_here) in &reached {
        let circle: BTreeSet<String> = from_here
            .iter()
            .filter(|other| reached.get(other).is_some_and(|from| from.contains(*module)))
            .cloned()
            .collect();
        if circle.len() > 1 && !circles.contains(&circle) {
            circles.push(circle);
        }
    }
    circles
}

#[test]
fn no_circle_of_more_than_three_files() {
    let mut wrong = Vec::new();
    for entry in fs::read_dir(root().join("crates")).unwrap() {
        let source = entry.unwrap().path().join("src");
        if !source.is_dir() {
            continue;
        }
        let modules = modules(&source);
        let graph = modules
            .iter()
            .map(|(module, path)| {
                let text = fs::read_to_string(path).unwrap();
                // A file that declares modules holds them together: what it re-exports is theirs.
                (module.clone(), imports(module, &text, &modules))
            })
            .collect();
        for circle in circles(&graph).into_iter().filter(|circle| circle.len() > 3) {
            wrong.push(format!("{}: {circle:?}", source.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Whether the AWS SDK is among the dependencies of a package, with these features.
fn depends_on_the_sdk(arguments: &[&str]) -> bool {
    let tree = Command::new(env!("CARGO"))
        .args(["tree", "--offline", "--locked", "--edges", "normal,build", "--prefix", "none"])
        .args(arguments)
        .current_dir(root())
        .output()
        .unwrap();
    assert!(tree.status.success(), "{}", String::from_utf8_lossy(&tree.stderr));
    String::from_utf8(tree.stdout).unwrap().lines().any(|line| line.starts_with("aws-"))
}

#[test]
fn only_the_feature_aws_of_the_command_line_compiles_the_aws_sdk() {
    assert!(depends_on_the_sdk(&["--package", "ecrane-cli"]));
    assert!(!depends_on_the_sdk(&["--package", "ecrane-cli", "--no-default-features"]));
    assert!(!depends_on_the_sdk(&["--package", "ecrane", "--all-features"]));
    assert!(!depends_on_the_sdk(&["--package", "ecrane-adopt", "--all-features"]));
}
