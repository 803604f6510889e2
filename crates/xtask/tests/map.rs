//! The map of the project names every crate.

use std::fs;
use std::path::Path;

#[test]
fn architecture_names_every_crate() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let map = fs::read_to_string(root.join("ARCHITECTURE.md")).unwrap();
    let mut count = 0;
    for entry in fs::read_dir(root.join("crates")).unwrap() {
        let entry = entry.unwrap();
        if entry.path().join("Cargo.toml").exists() {
            let name = entry.file_name().into_string().unwrap();
            assert!(map.contains(&format!("`{name}`")), "{name} is not in ARCHITECTURE.md");
            count += 1;
        }
    }
    assert!(count > 0);
}
