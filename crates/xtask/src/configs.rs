//! The configs that every backend renders in the tests: the vectors that the CDK takes, and the examples.

use std::fs;

use crate::ecrane::{Answer, Ecrane};
use crate::failure::Failure;
use crate::{tools, vectors};

/// A config by its name, and what `ecrane` made of it.
#[derive(Debug)]
pub(crate) struct Rendered {
    pub(crate) name: String,
    pub(crate) answer: Answer,
}

/// Renders every vector, prepared by `prepare`, and every file of `examples`.
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
    let folder = tools::root().join("examples");
    let mut examples = Vec::new();
    for entry in fs::read_dir(&folder).map_err(Failure::file(&folder))? {
        let path = entry.map_err(Failure::file(&folder))?.path();
        let kind = path.extension().unwrap_or_default();
        if ["yaml", "yml", "json", "toml"].iter().any(|each| kind == *each) {
            examples.push(path);
        }
    }
    examples.sort();
    for path in examples {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let answer = ecrane.synth_file(&path, backend)?;
        rendered.push(Rendered { name, answer });
    }
    Ok(rendered)
}
