//! Runs cfn-lint, which validates all rendered templates against AWS's schemas.

use std::fs;
use std::process::Command;

use serde_json::Value;

use crate::configs::{self, Rendered};
use crate::ecrane::{Answer, Ecrane};
use crate::failure::Failure;
use crate::report::{Tally, missing, say};
use crate::tools;

/// A vector whose overrides refer to parameters, conditions and mappings, which no config declares:
/// it is about the merging of functions. These rules find that they are not declared.
const UNDECLARED: (&str, [&str; 3]) = ("r2-override-by-intrinsics", ["E1011", "E1020", "E1028"]);

pub(super) fn run() -> Result<Tally, Failure> {
    if !tools::has("python3") {
        return missing("python3, which runs cfn-lint");
    }
    let cfn_lint = tools::pip("cfn-lint")?.join("cfn-lint");
    let folder = tools::target().join("xtask/cfn-lint");
    if folder.exists() {
        fs::remove_dir_all(&folder).map_err(Failure::file(&folder))?;
    }
    fs::create_dir_all(&folder).map_err(Failure::file(&folder))?;
    let ecrane = Ecrane::build("cfn-lint-configs")?;
    let mut tally = Tally::default();
    let mut templates: usize = 0;
    for Rendered { name, answer } in configs::rendered(&ecrane, "cloudformation", |_| {})? {
        match answer {
            Answer::Files(files) => {
                for (file, template) in files {
                    templates += 1;
                    let path = folder.join(format!("{name}.{file}"));
                    fs::write(&path, template.to_string()).map_err(Failure::file(&path))?;
                }
            }
            Answer::Refused(problems) => {
                say(format_args!("{name} is rejected: {problems:?}"))?;
                tally.failed += 1;
            }
        }
    }
    // Errors only: warnings are about the content of the config, such as an action that IAM does
    // not define.
    let mut command = Command::new(cfn_lint);
    command.args([
        "--format",
        "json",
        "--non-zero-exit-code",
        "error",
        "--regions",
        "us-east-1",
        "--ignore-checks",
        "W",
        "I",
    ]);
    command.arg("--").arg(folder.join("*.json"));
    let output = tools::output(&mut command)?;
    let findings: Vec<Value> = serde_json::from_slice(&output.stdout)
        .map_err(|source| Failure::Answer { program: "cfn-lint", source })?;
    let mut wrong = std::collections::BTreeSet::new();
    for finding in &findings {
        let text =
            |pointer: &str| finding.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
        let (vector, rules) = UNDECLARED;
        if text("/Filename").contains(vector) && rules.contains(&text("/Rule/Id")) {
            continue;
        }
        wrong.insert(text("/Filename").to_owned());
        let place = finding.pointer("/Location/Path").map(Value::to_string).unwrap_or_default();
        say(format_args!(
            "{} {}: {} at {place}",
            text("/Filename"),
            text("/Rule/Id"),
            text("/Message")
        ))?;
    }
    tally.passed += templates.saturating_sub(wrong.len());
    tally.failed += wrong.len();
    Ok(tally)
}
