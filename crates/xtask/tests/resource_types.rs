//! A resource type is a row: the sources name it only where ARCHITECTURE.md, "Adding a resource
//! type", says.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use proc_macro2::{TokenStream, TokenTree};

/// The files with one row for each resource type.
const TABLES: [(&str, &str); 3] = [
    ("ecrane-core", "resource/mod.rs"),
    ("ecrane-cloudformation", "resource/mod.rs"),
    ("ecrane-terraform", "resource/mod.rs"),
];

/// Files that name a resource type beside its own files, and why.
const ALSO: [(&str, &str, &str); 16] = [
    // Repositories, keys, the policies of identities and event rules change until the app is built.
    ("ecrane-construct", "state.rs", "Repository"),
    ("ecrane-construct", "build.rs", "Repository"),
    ("ecrane-construct", "state.rs", "EventRule"),
    ("ecrane-construct", "build.rs", "EventRule"),
    ("ecrane-construct", "state.rs", "Key"),
    ("ecrane-construct", "build.rs", "Key"),
    // Roles and users restrict the tags that they inherit from their stack.
    ("ecrane-core", "graph/tags.rs", "Role"),
    ("ecrane-core", "graph/tags.rs", "User"),
    // IAM counts the policies of an identity together. Their size depends on the names of
    // repositories, and their number on the managed policies in the properties of a role.
    ("ecrane-core", "graph/identity_policies.rs", "IdentityPolicy"),
    ("ecrane-core", "graph/identity_policies.rs", "ManagedPolicy"),
    ("ecrane-core", "graph/identity_policies.rs", "Repository"),
    ("ecrane-core", "graph/identity_policies.rs", "Role"),
    // The account setting decides which actions the registry policy can have.
    ("ecrane-core", "graph/registry_scope.rs", "AccountSettings"),
    ("ecrane-core", "graph/registry_scope.rs", "RegistryPolicy"),
    // The scan type decides which events of scans there are.
    ("ecrane-core", "graph/scan_events.rs", "EventRule"),
    ("ecrane-core", "graph/scan_events.rs", "ScanningConfiguration"),
];

fn crates() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The tokens of a file, without attributes, comments and the modules of tests.
fn tokens(stream: TokenStream, found: &mut Vec<String>) {
    let tokens: Vec<_> = stream.into_iter().collect();
    let is = |at: usize, text: &str| tokens.get(at).is_some_and(|token| token.to_string() == text);
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        at += 1;
        match token {
            TokenTree::Punct(punct) if punct.as_char() == '#' => {
                at += usize::from(is(at, "!"));
                let is_test = tokens.get(at).unwrap().to_string().replace(' ', "") == "[cfg(test)]";
                at += 1;
                if is_test {
                    // The item ends with a block or a semicolon.
                    while let Some(token) = tokens.get(at) {
                        at += 1;
                        if token.to_string() == ";" || token.to_string().starts_with('{') {
                            break;
                        }
                    }
                }
            }
            TokenTree::Group(group) => tokens_of_group(group.stream(), found),
            TokenTree::Ident(_) | TokenTree::Punct(_) | TokenTree::Literal(_) => {
                found.push(token.to_string());
            }
        }
    }
}

fn tokens_of_group(stream: TokenStream, found: &mut Vec<String>) {
    found.push("(".to_owned());
    tokens(stream, found);
    found.push(")".to_owned());
}

/// The tokens of the files of a crate, by path.
fn files(source: &Path) -> BTreeMap<String, Vec<String>> {
    let mut files = BTreeMap::new();
    let mut folders = vec![source.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|it| it == "rs") && !path.ends_with("tests.rs") {
                let stream: TokenStream = fs::read_to_string(&path)
                    .unwrap()
                    .parse()
                    .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
                let mut found = Vec::new();
                tokens(stream, &mut found);
                let below = path.strip_prefix(source).unwrap().to_str().unwrap();
                files.insert(below.to_owned(), found);
            }
        }
    }
    files
}

/// The resource types in the table of the core, each with the struct of its properties.
fn kinds(table: &[String]) -> Vec<(String, String)> {
    let rows = table.windows(4).filter_map(|row| {
        let [kind, open, resource, close] = row else { return None };
        (open == "(" && close == ")" && *resource == format!("{kind}Resource"))
            .then(|| (kind.clone(), resource.clone()))
    });
    rows.collect()
}

/// Whether tokens name a resource type: its variant, the struct of its properties, or, in a table,
/// its row.
fn names(tokens: &[String], kind: &str, resource: &str, is_table: bool) -> bool {
    let variant = ["ResourceKind", ":", ":", kind];
    tokens.iter().any(|token| token == resource || (is_table && token == kind))
        || tokens.windows(variant.len()).any(|found| found == variant)
}

#[test]
fn a_resource_type_is_named_where_the_map_says() {
    let sources: BTreeMap<String, _> = fs::read_dir(crates())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.join("src").is_dir())
        .map(|path| {
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            (name, files(&path.join("src")))
        })
        .collect();
    let table = |(name, file): (&str, &str)| sources.get(name)?.get(file);
    let kinds = kinds(table(TABLES[0]).unwrap());
    assert!(kinds.len() >= 18, "{kinds:?}");

    let mut wrong = Vec::new();
    let mut named_by: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for (kind, resource) in &kinds {
        let mut own: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for (name, files) in &sources {
            for (file, tokens) in files {
                let is_table = TABLES.contains(&(name, file));
                if !names(tokens, kind, resource, is_table) {
                    continue;
                }
                *named_by.entry((name, file)).or_default() += 1;
                if !is_table && !ALSO.contains(&(name, file, kind)) {
                    own.entry(name).or_default().insert(file);
                }
            }
        }
        for at in TABLES.into_iter().filter(|at| !names(table(*at).unwrap(), kind, resource, true))
        {
            wrong.push(format!("`{kind}` has no row in {at:?}"));
        }
        let in_core = own.get("ecrane-core").cloned().unwrap_or_default();
        let is_own_file = |file: &&str| file.starts_with("resource/");
        if in_core.len() != 1 || !in_core.iter().all(is_own_file) {
            wrong.push(format!("`ecrane-core` names `{kind}` in {in_core:?}"));
        }
        for backend in ["ecrane-cloudformation", "ecrane-terraform"] {
            let files = own.get(backend).cloned().unwrap_or_default();
            // A type that the target does not have has its row only.
            if !files.is_subset(&in_core) {
                wrong.push(format!("`{backend}` names `{kind}` in {files:?}"));
            }
        }
        for (name, most) in [("ecrane-construct", 1), ("ecrane-config", 1), ("ecrane-schema", 0)] {
            let files = own.get(name).cloned().unwrap_or_default();
            if files.len() > most {
                wrong.push(format!("`{name}` names `{kind}` in {files:?}"));
            }
        }
    }
    // A file beside the tables that names most types would have to be touched for the next one.
    for (at, count) in named_by.iter().filter(|(at, _)| !TABLES.contains(at)) {
        if count * 2 > kinds.len() {
            wrong.push(format!("{at:?} names {count} of {} resource types", kinds.len()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
