//! The wording of problems, as people see it.
//!
//! Each folder under `tests/diagnostics` holds a config and what `check` says about it. Run with
//! `SNAPSHOTS=overwrite` to take over what it says now; then read the diff.

use std::fs;
use std::path::Path;

use crate::case::Case;

#[test]
fn wording() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/diagnostics");
    let mut names: Vec<_> = fs::read_dir(&folder).unwrap().map(|e| e.unwrap().path()).collect();
    names.sort();
    assert!(!names.is_empty());
    let mut wrong = Vec::new();
    for path in names {
        let config = fs::read_dir(&path)
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .find(|file| file.file_stem().is_some_and(|stem| stem == "ecrane"))
            .unwrap();
        let name = config.file_name().unwrap().to_str().unwrap();
        let case = Case::new();
        case.write(name, fs::read(&config).unwrap());
        // What it includes.
        for file in fs::read_dir(path.join("teams")).into_iter().flatten() {
            let file = file.unwrap().path();
            let name = format!("teams/{}", file.file_name().unwrap().to_str().unwrap());
            case.write(&name, fs::read(&file).unwrap());
        }
        let ran = case.run(&["check", name]);
        assert_eq!(ran.code, Some(1), "{}: {}", path.display(), ran.stderr);
        let golden = path.join("stderr.txt");
        if std::env::var_os("SNAPSHOTS").is_some_and(|how| how == "overwrite") {
            fs::write(&golden, &ran.stderr).unwrap();
        } else if fs::read_to_string(&golden).unwrap_or_default() != ran.stderr {
            wrong.push(format!("{}:\n{}", path.display(), ran.stderr));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
