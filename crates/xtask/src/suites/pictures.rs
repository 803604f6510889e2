//! Graphviz and Mermaid read the pictures of every example, of a config with hostile names, and of up to
//! 3,000 repositories.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use crate::ecrane::Ecrane;
use crate::failure::Failure;
use crate::report::{Tally, missing};
use crate::tools;

use super::packaging::silent;

pub(super) const HOSTILE: &str = r#"
stacks:
  Shop:
    env: { account: "111122223333", region: eu-west-1 }
    principals:
      "end\"] --> <b>": { role: { assumedBy: { service: codebuild.amazonaws.com } } }
      "a&lt;\\N`x`\u202e": { role: { assumedBy: { service: codebuild.amazonaws.com } } }
    repositories:
      "</script><script>alert(1)</script>": {}
      "subgraph \"];#quot;": { grants: [{ to: "end\"] --> <b>", allow: pull }, { to: "a&lt;\\N`x`\u202e", allow: push }] }
"#;

/// The numbers of repositories in generated configs. Mermaid refuses more than 500 lines.
const SIZES: [usize; 4] = [3, 30, 300, 3_000];

pub(super) fn run() -> Result<Tally, Failure> {
    let ecrane = Ecrane::build("pictures")?;
    let folder = tools::target().join("xtask/pictures");
    fs::create_dir_all(&folder).map_err(Failure::file(&folder))?;
    let hostile = folder.join("hostile.yaml");
    fs::write(&hostile, HOSTILE).map_err(Failure::file(&hostile))?;
    let mut configs = vec![("hostile".to_owned(), hostile)];
    let examples = tools::root().join("examples");
    for entry in fs::read_dir(&examples).map_err(Failure::file(&examples))? {
        let entry = entry.map_err(Failure::file(&examples))?;
        let config = entry.path().join("ecrane.yaml");
        if config.exists() {
            configs.push((entry.file_name().to_string_lossy().into_owned(), config));
        }
    }
    for count in SIZES {
        let path = folder.join(format!("{count}.json"));
        fs::write(&path, ecrane_generate::many(count).to_string()).map_err(Failure::file(&path))?;
        configs.push((count.to_string(), path));
    }
    configs.sort();
    let mut tally = Tally::default();
    let draw = |format: &str| -> Result<Vec<PathBuf>, Failure> {
        let pictures = configs.iter().map(|(name, config)| {
            let picture = folder.join(format!("{name}.{format}"));
            let mut command = ecrane.command();
            command.arg("graph").arg(config).args(["--format", format, "--out"]).arg(&picture);
            tools::run(&mut command)?;
            Ok(picture)
        });
        pictures.collect()
    };
    if Command::new("dot").arg("-V").output().is_ok() {
        for picture in draw("dot")? {
            tally.add(silent(Command::new("dot").args(["-Tsvg", "-o/dev/null"]).arg(picture))?);
        }
    } else {
        tally.add(missing("dot, the program of Graphviz")?);
    }
    if tools::has("node") && tools::has("npm") {
        let parser = tools::npm("mermaid")?.join("parse.js");
        tally.add(silent(Command::new("node").arg(parser).args(draw("mermaid")?))?);
    } else {
        tally.add(missing("node and npm, which run Mermaid")?);
    }
    Ok(tally)
}
