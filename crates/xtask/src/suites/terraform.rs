//! Runs `terraform validate` with the real provider on all rendered modules.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::{Map, Value, json};

use crate::configs::{self, Rendered};
use crate::ecrane::{Answer, Ecrane, Problem};
use crate::failure::Failure;
use crate::report::{Tally, missing, say};
use crate::terraform::{AWS_VERSION, Source, isolate};
use crate::{beyond_provider, tools};

/// Codes with which the backend may reject a config that the CDK accepts. Any other error is a
/// failure.
const REFUSALS: [&str; 1] = [
    // Addresses that differ only in characters that Terraform does not allow.
    "terraform::address_taken",
];

pub(super) fn run() -> Result<Tally, Failure> {
    if !tools::has("terraform") {
        return missing("terraform on the PATH");
    }
    let folder = tools::target().join("xtask/terraform");
    if folder.exists() {
        fs::remove_dir_all(&folder).map_err(Failure::file(&folder))?;
    }
    let ecrane = Ecrane::build("terraform-configs")?;
    let rendered = configs::rendered(&ecrane, "terraform", pin)?;
    let mut tally = Tally::default();
    let source = Source::find();
    let modules = modules(&folder, rendered, &mut tally)?;
    let settings = folder.join("terraform.rc");
    fs::write(&settings, source.settings()).map_err(Failure::file(&settings))?;
    let terraform = |arguments: &[&str]| {
        let mut command = Command::new("terraform");
        isolate(&mut command)
            .args(arguments)
            .current_dir(&folder)
            .env("TF_CLI_CONFIG_FILE", &settings);
        tools::output(&mut command)
    };
    let init = terraform(&["init", "-backend=false", "-input=false", "-no-color"])?;
    if !init.status.success() {
        let text = String::from_utf8_lossy(&init.stderr);
        if text.contains("Failed to query available provider packages") {
            return missing(&format!(
                "the AWS provider for Terraform, {AWS_VERSION}: set TF_PLUGIN_DIR to a mirror"
            ));
        }
        say(text)?;
        return Ok(Tally::one(false));
    }
    let validate = terraform(&["validate", "-json"])?;
    let verdict: Value = serde_json::from_slice(&validate.stdout)
        .map_err(|source| Failure::Answer { program: "terraform validate", source })?;
    let failed = failed(&modules, &verdict)?;
    tally.passed += modules.len() - failed.len();
    tally.failed += failed.len();
    // An error outside of a module counts for all of them.
    if failed.is_empty() && verdict.get("valid") != Some(&Value::Bool(true)) {
        say(format_args!("{verdict:#}"))?;
        tally.failed += 1;
    }
    Ok(tally)
}

/// Adds a backend that other stacks can read to a vector.
fn pin(config: &mut Value) {
    if let Some(config) = config.as_object_mut() {
        let backend =
            json!({ "s3": { "bucket": "states", "key": "ecrane", "region": "eu-west-1" } });
        config.insert("terraform".into(), json!({ "backend": backend }));
    }
}

/// Writes every rendered stack as a module of one root module, so that the provider starts only
/// once. Returns the names of the configs by module, and adds configs without a module to `tally`.
fn modules(
    folder: &Path,
    rendered: Vec<Rendered>,
    tally: &mut Tally,
) -> Result<BTreeMap<String, String>, Failure> {
    let mut modules = BTreeMap::new();
    let mut providers = BTreeSet::new();
    let mut cut: BTreeMap<&str, usize> = BTreeMap::new();
    let mut skipped: BTreeMap<String, usize> = BTreeMap::new();
    for Rendered { name, answer } in rendered {
        match answer {
            Answer::Files(files) => {
                let files = without_most_targets(files);
                // Root modules of targets call the module of their stack.
                let first = modules.len();
                let numbers = files.keys().zip(first..);
                let numbers: BTreeMap<String, usize> =
                    numbers.map(|(file, number)| (folder_of(file), number)).collect();
                for (file, mut document) in files {
                    if let Some(source) = document.pointer_mut("/module/stack/source") {
                        let called = source.as_str().and_then(|it| it.rsplit_once("../"));
                        let number = called.and_then(|(_, called)| numbers.get(called));
                        *source = number.map(|it| format!("../m{it:04}")).into();
                    }
                    for what in beyond_provider::cut(&mut Value::Null, &mut document) {
                        *cut.entry(what).or_default() += 1;
                    }
                    // Each provider block starts another provider process, so equal blocks are
                    // reduced to the first.
                    if let Some(document) = document.as_object_mut()
                        && let Some(provider) = document.get("provider").map(Value::to_string)
                        && !providers.insert(provider)
                    {
                        document.shift_remove("provider");
                    }
                    let module = format!("m{:04}", modules.len());
                    let to = folder.join(&module);
                    fs::create_dir_all(&to).map_err(Failure::file(&to))?;
                    let path = to.join("main.tf.json");
                    fs::write(&path, format!("{document:#}")).map_err(Failure::file(&path))?;
                    modules.insert(module, format!("{name}, {file}"));
                }
            }
            Answer::Refused(problems) => {
                if let Some(problem) = unexpected(&problems) {
                    say(format_args!(
                        "{name} is rejected ({}): {}",
                        problem.code, problem.message
                    ))?;
                    tally.failed += 1;
                    continue;
                }
                let code =
                    problems.into_iter().next().map(|problem| problem.code).unwrap_or_default();
                *skipped.entry(code).or_default() += 1;
            }
        }
    }
    for (what, count) in cut {
        say(format_args!(
            "not validated, because the provider does not support it: {what}, in {count}"
        ))?;
    }
    for (why, count) in skipped {
        say(format_args!("skipped: {count} that cannot be rendered as Terraform: {why}"))?;
        tally.skipped += count;
    }
    let calls: Map<String, Value> = modules
        .keys()
        .map(|module| (module.clone(), json!({ "source": format!("./{module}") })))
        .collect();
    let path = folder.join("main.tf.json");
    fs::create_dir_all(folder).map_err(Failure::file(folder))?;
    fs::write(&path, json!({ "module": calls }).to_string()).map_err(Failure::file(&path))?;
    Ok(modules)
}

/// The number of root modules of a stack with targets that are validated. They differ in the account
/// and the region, and each starts a provider process.
const TARGETS: usize = 2;

fn without_most_targets(files: BTreeMap<String, Value>) -> BTreeMap<String, Value> {
    let mut targets = 0;
    let keep = |(_, document): &(String, Value)| {
        targets += usize::from(document.get("module").is_some());
        document.get("module").is_none() || targets <= TARGETS
    };
    files.into_iter().filter(keep).collect()
}

/// The directory of a file.
fn folder_of(file: &str) -> String {
    file.rsplit_once('/').map_or_else(String::new, |(folder, _)| folder.to_owned())
}

/// The first problem that is not in [`REFUSALS`].
fn unexpected(problems: &[Problem]) -> Option<&Problem> {
    problems.iter().find(|problem| !REFUSALS.contains(&problem.code.as_str()))
}

/// The modules with errors in `terraform validate`. Each error is printed with its config.
fn failed<'a>(
    modules: &'a BTreeMap<String, String>,
    verdict: &Value,
) -> Result<BTreeSet<&'a str>, Failure> {
    let mut failed = BTreeSet::new();
    let diagnostics = verdict.get("diagnostics").and_then(Value::as_array).into_iter().flatten();
    for diagnostic in
        diagnostics.filter(|each| each.get("severity").is_some_and(|severity| severity == "error"))
    {
        let text =
            |pointer: &str| diagnostic.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
        let module = text("/range/filename").split('/').next().unwrap_or_default();
        if let Some((module, name)) = modules.get_key_value(module) {
            failed.insert(module.as_str());
            say(format_args!(
                "{name}: {} {}\n{}",
                text("/summary"),
                text("/detail"),
                text("/snippet/code")
            ))?;
        }
    }
    Ok(failed)
}
