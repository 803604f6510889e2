//! The configs that the tests render with all backends: the vectors that the CDK accepts, the
//! examples, and the templates of `ecrane init`.

use std::fs;
use std::path::{Path, PathBuf};

use crate::ecrane::{Answer, Ecrane};
use crate::failure::Failure;
use crate::{tools, vectors};

/// A config by name, and its output.
#[derive(Debug)]
pub(crate) struct Rendered {
    pub(crate) name: String,
    pub(crate) answer: Answer,
}

/// Renders every vector, after `prepare`, every example, and every template of `ecrane init`.
pub(crate) fn rendered(
    ecrane: &Ecrane,
    backend: &str,
    prepare: impl Fn(&mut serde_json::Value),
) -> Result<Vec<Rendered>, Failure> {
    let mut rendered = Vec::new();
    for mut vector in vectors::kept()? {
        if vector.expected.get("templates").is_some() {
            prepare(&mut vector.config);
            let answer = ecrane.synth(&vector.config, backend)?;
            rendered.push(Rendered { name: vector.name, answer });
        }
    }
    for path in examples()?.into_iter().chain(starters()?) {
        let name =
            path.strip_prefix(tools::root()).unwrap_or(&path).to_string_lossy().replace('/', "-");
        let answer = ecrane.synth_file(&path, backend)?;
        rendered.push(Rendered { name, answer });
    }
    Ok(rendered)
}

/// The test cases in `crates/xtask/cases`.
pub(crate) fn cases() -> Result<Vec<PathBuf>, Failure> {
    let folder = tools::root().join("crates/xtask/cases");
    let mut cases = Vec::new();
    for entry in fs::read_dir(&folder).map_err(Failure::file(&folder))? {
        cases.push(entry.map_err(Failure::file(&folder))?.path());
    }
    // The directory also contains the directory of updates.
    cases.retain(|path| path.is_file());
    cases.sort();
    Ok(cases)
}

/// Directories with a config `before.yaml` and a config `after.yaml` to deploy over it.
pub(crate) fn updates() -> Result<Vec<PathBuf>, Failure> {
    let folder = tools::root().join("crates/xtask/cases/updates");
    let mut updates = Vec::new();
    for entry in fs::read_dir(&folder).map_err(Failure::file(&folder))? {
        updates.push(entry.map_err(Failure::file(&folder))?.path());
    }
    updates.sort();
    Ok(updates)
}

/// The name of an example: its directory.
pub(crate) fn example_name(config: &Path) -> String {
    let folder = config.parent().and_then(Path::file_name).unwrap_or_default();
    folder.to_string_lossy().into_owned()
}

/// The config of each directory in `examples`.
pub(crate) fn examples() -> Result<Vec<PathBuf>, Failure> {
    configs_below("examples")
}

/// The config of each template of `ecrane init`.
fn starters() -> Result<Vec<PathBuf>, Failure> {
    configs_below("templates/init")
}

/// The config of each directory in a folder of the project.
fn configs_below(folder: &str) -> Result<Vec<PathBuf>, Failure> {
    let folder = tools::root().join(folder);
    let mut configs = Vec::new();
    for entry in fs::read_dir(&folder).map_err(Failure::file(&folder))? {
        let directory = entry.map_err(Failure::file(&folder))?.path();
        let kinds = ["yaml", "yml", "json", "toml"];
        let config = kinds
            .iter()
            .map(|kind| directory.join("ecrane").with_extension(kind))
            .find(|path| path.is_file());
        // A directory without a config must fail.
        configs.push(config.unwrap_or_else(|| directory.join("ecrane.yaml")));
    }
    configs.sort();
    Ok(configs)
}
