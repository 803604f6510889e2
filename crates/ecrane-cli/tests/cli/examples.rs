//! What the examples come to on both backends.
//!
//! The files are kept in `tests/examples`. Run with `SNAPSHOTS=overwrite` to take over what is
//! written now; then read the diff.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use crate::case::Case;

#[test]
fn every_example_comes_to_what_is_kept() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let examples = folders(&here.join("../../examples"));
    assert!(examples.len() >= 5, "{examples:?}");
    let mut wrong = Vec::new();
    for example in &examples {
        let name = example.file_name().unwrap();
        for backend in ["cloudformation", "terraform"] {
            // A copy: the address ledger comes to lie beside the config.
            let case = Case::new();
            for (file, text) in files(example) {
                case.write(file.to_str().unwrap(), text);
            }
            let ran = case.run(&["synth", "--backend", backend, "--out", "out"]);
            assert_eq!(ran.code, Some(0), "{}: {}", example.display(), ran.stderr);
            let written = files(&case.path("out"));
            let kept = here.join("tests/examples").join(name).join(backend);
            if std::env::var_os("SNAPSHOTS").is_some_and(|how| how == "overwrite") {
                let _ = fs::remove_dir_all(&kept);
                for (file, text) in &written {
                    fs::create_dir_all(kept.join(file).parent().unwrap()).unwrap();
                    fs::write(kept.join(file), text).unwrap();
                }
            } else if files(&kept) != written {
                wrong.push(format!("{} on {backend}", example.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "these come to something else than is kept: {wrong:?}");
}

fn folders(path: &Path) -> Vec<PathBuf> {
    let mut folders: Vec<_> = fs::read_dir(path).unwrap().map(|e| e.unwrap().path()).collect();
    folders.retain(|path| path.is_dir());
    folders.sort();
    folders
}

/// The files below a folder, but for ecrane's own record, with what they say.
pub(crate) fn files(folder: &Path) -> BTreeMap<PathBuf, String> {
    let mut found = BTreeMap::new();
    let mut open = vec![folder.to_path_buf()];
    while let Some(next) = open.pop() {
        for entry in fs::read_dir(&next).into_iter().flatten() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else if path.file_name().is_none_or(|name| name != ".ecrane.json") {
                let file = path.strip_prefix(folder).unwrap().to_path_buf();
                found.insert(file, fs::read_to_string(&path).unwrap());
            }
        }
    }
    found
}
