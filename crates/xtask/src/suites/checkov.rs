//! Runs checkov, which detects insecure settings, on templates and Terraform plans.
//!
//! checkov does not support Terraform's JSON syntax, so it checks the plans.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::ecrane::{Answer, Ecrane};
use crate::failure::Failure;
use crate::report::{Tally, missing, say};
use crate::{aws, configs, tools};

/// The example without findings.
const SAFE: &str = "hardened";

/// An example with findings, which proves that checkov reads the files.
const UNSAFE: &str = "quickstart";

pub(super) fn run() -> Result<Tally, Failure> {
    if !tools::has("python3") {
        return missing("python3, which runs checkov");
    }
    let examples = configs::examples()?;
    let Some(plans) = aws::plans(&examples)? else {
        return missing("terraform and its AWS provider, which create the plans for checkov");
    };
    let folder = tools::target().join("xtask/checkov");
    if folder.exists() {
        fs::remove_dir_all(&folder).map_err(Failure::file(&folder))?;
    }
    let [templates, plan_folder] =
        ["cloudformation", "terraform_plan"].map(|name| folder.join(name));
    for folder in [&templates, &plan_folder] {
        fs::create_dir_all(folder).map_err(Failure::file(folder))?;
    }
    let ecrane = Ecrane::build("checkov-configs")?;
    let mut count = 0;
    for config in &examples {
        let name = configs::example_name(config);
        if let Answer::Files(files) = ecrane.synth_file(config, "cloudformation")? {
            for (file, template) in files {
                write(&templates.join(format!("{name}.{file}")), &template)?;
                count += 1;
            }
        }
    }
    for (name, plan) in &plans {
        write(&plan_folder.join(format!("{name}.{count}.json")), plan)?;
        count += 1;
    }
    let checkov = tools::pip("checkov")?.join("checkov");
    let mut tally = Tally::default();
    let mut read = 0;
    for folder in [&templates, &plan_folder] {
        let framework = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let report = report(&checkov, folder, &framework)?;
        let (found, unread) = findings(&report);
        for file in &unread {
            say(format_args!("checkov cannot read {file} as {framework}"))?;
        }
        read += fs::read_dir(folder).map_err(Failure::file(folder))?.count() - unread.len();
        tally.failed += unread.len();
        let of = |example: &str| -> Vec<&String> {
            let named = found.iter().filter(|(file, _)| file.starts_with(&format!("{example}.")));
            named.flat_map(|(_, findings)| findings).collect()
        };
        for finding in of(SAFE) {
            say(format_args!("{SAFE}, {framework}: {finding}"))?;
        }
        tally.add(Tally::one(of(SAFE).is_empty()));
        if of(UNSAFE).is_empty() {
            say(format_args!(
                "{UNSAFE}, {framework}: checkov reports no findings, although the example has some"
            ))?;
        }
        tally.add(Tally::one(!of(UNSAFE).is_empty()));
        let all: usize = found.values().map(Vec::len).sum();
        say(format_args!("{framework}: {all} findings in all examples, none in {SAFE}"))?;
    }
    tally.passed += read;
    Ok(tally)
}

fn write(path: &Path, document: &Value) -> Result<(), Failure> {
    fs::write(path, document.to_string()).map_err(Failure::file(path))
}

fn report(checkov: &Path, folder: &Path, framework: &str) -> Result<Value, Failure> {
    let mut command = Command::new(checkov);
    command.args(["--framework", framework, "--quiet", "--compact", "--skip-download"]);
    command.args(["--output", "json", "--directory"]).arg(folder);
    let output = tools::output(&mut command)?;
    serde_json::from_slice(&output.stdout)
        .map_err(|source| Failure::Answer { program: "checkov", source })
}

/// The findings by file name, and the files that checkov cannot parse.
fn findings(report: &Value) -> (BTreeMap<String, Vec<String>>, Vec<String>) {
    let list =
        |pointer: &str| report.pointer(pointer).and_then(Value::as_array).into_iter().flatten();
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for finding in list("/results/failed_checks") {
        let text = |key: &str| finding.get(key).and_then(Value::as_str).unwrap_or_default();
        let file = text("file_path").trim_start_matches('/').to_owned();
        let finding = format!("{} {} {}", text("resource"), text("check_id"), text("check_name"));
        found.entry(file).or_default().push(finding);
    }
    let unread = list("/results/parsing_errors").map(Value::to_string).collect();
    (found, unread)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn findings_are_told_by_file() {
        let report = json!({ "results": {
            "failed_checks": [{
                "file_path": "/a.json",
                "resource": "R",
                "check_id": "CKV_AWS_51",
                "check_name": "Immutable",
            }],
            "parsing_errors": ["/b.json"],
        } });
        let (found, unread) = findings(&report);
        assert_eq!(
            found,
            BTreeMap::from([("a.json".into(), vec!["R CKV_AWS_51 Immutable".into()])])
        );
        assert_eq!(unread, ["\"/b.json\""]);
    }
}
