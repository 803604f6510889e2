//! `terraform validate` of all that the Terraform backend renders, by the real provider.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Map, Value, json};

use crate::configs::{self, Rendered};
use crate::ecrane::{Answer, Ecrane, Problem};
use crate::failure::Failure;
use crate::report::{Tally, missing, say};
use crate::tools;

/// The versions of the aws provider that the vectors are rendered for.
const PROVIDER: &str = "~> 5.100";

/// Why the backend may refuse a config that the CDK takes. Anything else is a failure.
const REFUSALS: [&str; 2] = [
    // What came with version 6 of the provider.
    "terraform::feature_above_pin",
    // Ids that differ only in what an address cannot hold.
    "terraform::address_taken",
];

/// Where providers are installed from.
#[derive(Debug)]
enum Source {
    /// A folder of unpacked or packed providers.
    Mirror(PathBuf),
    /// Where Terraform looks by itself.
    Registry,
}

impl Source {
    /// The first mirror that holds the aws provider: Terraform's own folders come before others.
    fn find() -> Self {
        let named = std::env::var_os("TF_PLUGIN_DIR").map(PathBuf::from);
        let home = std::env::home_dir().map(|home| home.join(".terraform.d/plugins"));
        let system = [
            "/usr/local/share/terraform/plugins",
            "/usr/share/terraform/plugins",
            "/opt/tf-plugins",
        ];
        let mut mirrors = named.into_iter().chain(home).chain(system.map(PathBuf::from));
        mirrors
            .find(|mirror| held(mirror, "hashicorp/aws").is_some())
            .map_or(Self::Registry, Self::Mirror)
    }

    /// The first provider that a module requires and that is not to be had.
    fn lacks(&self, module: &Value) -> Option<String> {
        let Self::Mirror(mirror) = self else { return None };
        let providers = module.pointer("/terraform/required_providers")?.as_object()?;
        providers.values().find_map(|provider| {
            let source = provider.get("source")?.as_str()?;
            let version = provider.get("version")?.as_str()?;
            // A lower bound is all that the backend writes by itself.
            let lowest = version.strip_prefix(">= ").map(numbers).unwrap_or_default();
            (held(mirror, source) < Some(lowest)).then(|| format!("{source} {version}"))
        })
    }

    /// Terraform's settings for it.
    fn settings(&self) -> String {
        let Self::Mirror(mirror) = self else { return String::new() };
        let path = Value::from(mirror.to_string_lossy());
        format!("provider_installation {{\n  filesystem_mirror {{\n    path = {path}\n  }}\n}}\n")
    }
}

/// The highest version of a provider in a mirror, which has a folder a version or a packed file a version and platform.
fn held(mirror: &Path, provider: &str) -> Option<Vec<u32>> {
    let entries = fs::read_dir(mirror.join("registry.terraform.io").join(provider)).ok()?;
    let names = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    names.map(|name| numbers(name.split('_').nth(1).unwrap_or(&name))).max()
}

/// A version as numbers: `5.100.0`.
fn numbers(version: &str) -> Vec<u32> {
    version.split('.').map_while(|part| part.parse().ok()).collect()
}

pub(super) fn run() -> Result<Tally, Failure> {
    if !tools::has("terraform") {
        return missing("terraform, on the PATH");
    }
    let folder = tools::target().join("xtask/terraform");
    if folder.exists() {
        fs::remove_dir_all(&folder).map_err(Failure::file(&folder))?;
    }
    let ecrane = Ecrane::build("terraform-configs")?;
    let rendered = configs::rendered(&ecrane, "terraform", pin)?;
    let mut tally = Tally::default();
    let source = Source::find();
    let modules = modules(&folder, rendered, &source, &mut tally)?;
    let settings = folder.join("terraform.rc");
    fs::write(&settings, source.settings()).map_err(Failure::file(&settings))?;
    let terraform = |arguments: &[&str]| {
        let mut command = Command::new("terraform");
        command
            .args(arguments)
            .current_dir(&folder)
            .env("TF_CLI_CONFIG_FILE", &settings)
            .env("TF_IN_AUTOMATION", "1");
        tools::output(&mut command)
    };
    let init = terraform(&["init", "-backend=false", "-input=false", "-no-color"])?;
    if !init.status.success() {
        let text = String::from_utf8_lossy(&init.stderr);
        if text.contains("Failed to query available provider packages") {
            return missing(&format!(
                "the aws provider for Terraform, {PROVIDER}: set TF_PLUGIN_DIR to a mirror of it"
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
    // An error that stands in no module is one of all of them.
    if failed.is_empty() && verdict.get("valid") != Some(&Value::Bool(true)) {
        say(format_args!("{verdict:#}"))?;
        tally.failed += 1;
    }
    Ok(tally)
}

/// Has a vector rendered for the provider that is there, with states that other stacks can read.
fn pin(config: &mut Value) {
    if let Some(config) = config.as_object_mut() {
        let backend =
            json!({ "s3": { "bucket": "states", "key": "ecrane", "region": "eu-west-1" } });
        config.insert("terraform".into(), json!({ "awsProvider": PROVIDER, "backend": backend }));
    }
}

/// Writes every rendered stack as a module of one root, so that the provider has to start but once. Gives the names of
/// the configs by those of the modules, and adds to `tally` what comes to no module.
fn modules(
    folder: &Path,
    rendered: Vec<Rendered>,
    source: &Source,
    tally: &mut Tally,
) -> Result<BTreeMap<String, String>, Failure> {
    let mut modules = BTreeMap::new();
    let mut providers = BTreeSet::new();
    let mut skipped: BTreeMap<String, usize> = BTreeMap::new();
    for Rendered { name, answer } in rendered {
        match answer {
            Answer::Files(files) => {
                for (file, mut document) in files {
                    if let Some(provider) = source.lacks(&document) {
                        *skipped.entry(format!("need the provider {provider}")).or_default() += 1;
                        continue;
                    }
                    // Each provider block starts the provider once more, so of equal ones the first stands for all.
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
                    fs::write(&path, document.to_string()).map_err(Failure::file(&path))?;
                    modules.insert(module, format!("{name}, {file}"));
                }
            }
            Answer::Refused(problems) => {
                if let Some(problem) = unexpected(&problems) {
                    say(format_args!("{name} is refused ({}): {}", problem.code, problem.message))?;
                    tally.failed += 1;
                    continue;
                }
                let code =
                    problems.into_iter().next().map(|problem| problem.code).unwrap_or_default();
                *skipped
                    .entry(format!("are no Terraform, or none for {PROVIDER}: {code}"))
                    .or_default() += 1;
            }
        }
    }
    for (why, count) in skipped {
        say(format_args!("skipped: {count} that {why}"))?;
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

/// The first problem that is not among [`REFUSALS`].
fn unexpected(problems: &[Problem]) -> Option<&Problem> {
    problems.iter().find(|problem| !REFUSALS.contains(&problem.code.as_str()))
}

/// The modules in which `terraform validate` found an error; each error is told with its config.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_compare_by_their_numbers() {
        assert!(numbers("5.100.0") > numbers("5.9.1"));
        assert!(numbers("6.8.0") > numbers("5.100.0"));
        assert_eq!(numbers("index.json"), Vec::<u32>::new());
    }
}
