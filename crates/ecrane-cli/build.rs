//! Lists the explanations in `templates/explain`, so that a new file needs no other change.

use std::error::Error;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

fn main() -> Result<(), Box<dyn Error>> {
    let folder = Path::new(&std::env::var("CARGO_MANIFEST_DIR")?).join("../../templates/explain");
    let folder = folder.canonicalize()?;
    let mut files = Vec::new();
    // A folder is of an area: `repository/name_malformed.md` explains `repository::name_malformed`.
    for area in entries(&folder)? {
        for file in entries(&area)? {
            let name = |path: &Path| path.file_stem().map(|name| name.display().to_string());
            let (area, code) = (name(&area).unwrap_or_default(), name(&file).unwrap_or_default());
            files.push((format!("{area}::{code}"), file));
        }
        rerun_if_changed(&area);
    }
    rerun_if_changed(&folder);
    files.sort();

    let mut table = String::from("&[\n");
    for (code, file) in files {
        writeln!(table, "({code:?}, include_str!({:?})),", file.display().to_string())?;
    }
    table.push_str("]\n");
    fs::write(Path::new(&std::env::var("OUT_DIR")?).join("explanations.rs"), table)?;
    Ok(())
}

fn entries(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect()
}

fn rerun_if_changed(path: &Path) {
    println!("cargo::rerun-if-changed={}", path.display());
}
