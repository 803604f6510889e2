//! Compares `ecrane diff` with the differ of the AWS CDK's CLI: both must find the same changes
//! between a template and the one that a config renders to.

use std::collections::BTreeMap;
use std::fs;
use std::process::Command;

use ecrane_generate::{Dialect, update};
use serde_json::{Map, Value, json};

use crate::ecrane::{Answer, Ecrane};
use crate::failure::Failure;
use crate::json_lines::JsonLines;
use crate::random::Random;
use crate::report::{Tally, missing, say};
use crate::tools;

/// The default number of random changes.
pub(crate) const COUNT: u64 = 25;

/// The number of variants of what is deployed, for each config.
const VARIANTS: u64 = 6;

/// The differ, which answers questions in JSON.
pub(crate) fn start() -> Result<JsonLines, Failure> {
    let folder = tools::npm("cdk-diff")?;
    let mut command = Command::new("node");
    command.arg("judge.js").current_dir(folder);
    JsonLines::start("node judge.js", &mut command)
}

/// Compares `count` random changes of configs, and variants of their templates.
pub(crate) fn run(seed: u64, count: u64) -> Result<Tally, Failure> {
    if !tools::has("node") || !tools::has("npm") {
        return missing("node and npm, which run the differ of the AWS CDK");
    }
    let ecrane = Ecrane::build("differ")?;
    let mut differ = start()?;
    let (mut tally, mut kinds) = (Tally::default(), BTreeMap::new());
    for seed in seed..seed + count {
        let update = update(Dialect::Ecrane, seed);
        let Some(after) = update.after() else { continue };
        let Answer::Files(new) = ecrane.synth(&after, "cloudformation")? else { continue };
        let old = match ecrane.synth(&update.before, "cloudformation")? {
            Answer::Files(files) => files,
            Answer::Refused(_) => BTreeMap::new(),
        };
        for (path, after_template) in &new {
            let mut pairs = vec![old.get(path).cloned()];
            let mut random = Random::new(seed ^ 0x9e37_79b9);
            pairs.extend((0..VARIANTS).map(|_| Some(variant(&mut random, after_template))));
            for before in pairs.into_iter().flatten() {
                let expected = differ.ask(&json!({ "before": before, "after": after_template }))?;
                let found = found(&ecrane, &after, path, &before)?;
                for change in expected.as_object().into_iter().flat_map(Map::values) {
                    let kind = change.get("change").and_then(Value::as_str).unwrap_or_default();
                    *kinds.entry(kind.to_owned()).or_insert(0_usize) += 1;
                }
                if found != expected {
                    say(format_args!(
                        "{path} of seed {seed}: expected {expected}, found {found}\nbefore: {before}"
                    ))?;
                }
                tally.add(Tally::one(found == expected));
            }
        }
    }
    say(format_args!("compared {kinds:?}"))?;
    Ok(tally)
}

/// What `ecrane diff` finds, by logical id.
fn found(ecrane: &Ecrane, after: &Value, path: &str, before: &Value) -> Result<Value, Failure> {
    let folder = tools::target().join("xtask/differ/pair");
    fs::create_dir_all(&folder).map_err(Failure::file(&folder))?;
    let (config, deployed) = (folder.join("ecrane.json"), folder.join(path));
    fs::write(&config, after.to_string()).map_err(Failure::file(&config))?;
    fs::write(&deployed, before.to_string()).map_err(Failure::file(&deployed))?;
    let mut command = ecrane.command();
    command.arg("diff").arg(&config).arg("--against").arg(&deployed);
    let output = tools::output(command.args(["--backend", "cfn", "--format", "json"]))?;
    fs::remove_file(&deployed).map_err(Failure::file(&deployed))?;
    let Ok(report) = serde_json::from_slice::<Value>(&output.stdout) else {
        return Ok(String::from_utf8_lossy(&output.stderr).into_owned().into());
    };
    let changes = report.get("changes").and_then(Value::as_array).into_iter().flatten();
    let change = |it: &Value| {
        let id = it.get("address").and_then(Value::as_str).unwrap_or_default().to_owned();
        (id, json!({ "change": it.get("change"), "properties": it.get("properties") }))
    };
    Ok(changes.map(change).collect::<Map<_, _>>().into())
}

/// A template that differs in up to four resources.
fn variant(random: &mut Random, template: &Value) -> Value {
    let mut variant = template.clone();
    let Some(Value::Object(resources)) = variant.get_mut("Resources") else { return variant };
    for _ in 0..=random.below(4) {
        let ids: Vec<String> = resources.keys().cloned().collect();
        let Some(id) = ids.get(random.below(ids.len())) else { break };
        if random.below(8) == 0 {
            let resource = resources.remove(id).unwrap_or_default();
            // Under another id, with the policy under which it stays, or none.
            if random.below(2) == 0 {
                resources.insert(format!("{id}Other"), resource);
            }
        } else if let Some(Value::Object(resource)) = resources.get_mut(id) {
            change(random, resource, &ids);
        }
    }
    variant
}

fn change(random: &mut Random, resource: &mut Map<String, Value>, ids: &[String]) {
    const POLICIES: [&str; 4] = ["Retain", "RetainExceptOnCreate", "Snapshot", "Delete"];
    let pick = POLICIES.get(random.below(4)).copied().unwrap_or_default();
    let id = ids.get(random.below(ids.len())).cloned().unwrap_or_default();
    match random.below(10) {
        0 => drop(resource.insert("DeletionPolicy".into(), pick.into())),
        1 => drop(resource.insert("UpdateReplacePolicy".into(), pick.into())),
        2 => drop(resource.insert("DependsOn".into(), id.into())),
        3 => {
            // In another order.
            if let Some(Value::Array(ids)) = resource.get_mut("DependsOn") {
                ids.reverse();
            }
        }
        4 => drop(resource.insert("Type".into(), "AWS::SQS::Queue".into())),
        _ => {
            let properties = resource.entry("Properties").or_insert_with(|| json!({}));
            let Value::Object(properties) = properties else { return };
            let keys: Vec<String> = properties.keys().cloned().collect();
            let Some(key) = keys.get(random.below(keys.len())) else { return };
            // The differ cannot read a policy without its document.
            if random.below(3) == 0 && !key.ends_with("PolicyDocument") {
                properties.remove(key);
            } else if let Some(value) = properties.get_mut(key) {
                alter(random, value);
            }
        }
    }
}

/// Changes a value, or writes it in another form.
fn alter(random: &mut Random, value: &mut Value) {
    match value {
        Value::String(text) => text.push('x'),
        Value::Bool(_) | Value::Number(_) if random.below(2) == 0 => {
            *value = value.to_string().into();
        }
        Value::Bool(flag) => *flag = !*flag,
        Value::Number(number) => *value = json!(number.as_u64().unwrap_or_default() + 1),
        Value::Array(items) => {
            let at = random.below(items.len());
            match items.get_mut(at) {
                Some(item) => alter(random, item),
                None => items.push("x".into()),
            }
        }
        Value::Object(entries) => {
            if let Some(Value::Array(path)) = entries.get("Fn::GetAtt") {
                let path: Vec<&str> = path.iter().filter_map(Value::as_str).collect();
                let path = path.join(".");
                entries.insert("Fn::GetAtt".into(), path.into());
                return;
            }
            let at = random.below(entries.len());
            if let Some(inner) = entries.values_mut().nth(at) {
                alter(random, inner);
            }
        }
        Value::Null => {}
    }
}
