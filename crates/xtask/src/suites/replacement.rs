//! Compares the tables of `ecrane-diff` with what the engines do: which properties and arguments
//! replace a resource when they change.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::process::Command;

use serde_json::{Map, Value, json};

use crate::cdk_differ;
use crate::failure::Failure;
use crate::report::{Tally, missing, say};
use crate::terraform::{AWS_VERSION, Source, isolate};
use crate::tools;

/// The tables, each with the types of one engine.
const CLOUDFORMATION: &str = "crates/ecrane-diff/src/cloudformation/properties.rs";
const TERRAFORM: &str = "crates/ecrane-diff/src/terraform/provider.rs";

/// The types and arguments in the table that provider 5.100 does not have.
const NOT_IN_PROVIDER: [&str; 3] = [
    "aws_ecr_pull_time_update_exclusion",
    "awscc_ecr_signing_configuration",
    "image_tag_mutability_exclusion_filter",
];

pub(crate) fn run() -> Result<Tally, Failure> {
    let mut tally = cloudformation()?;
    tally.add(schemas()?);
    tally.add(terraform()?);
    Ok(tally)
}

/// A list of names in a table.
type Names = BTreeSet<String>;

/// The source of a table.
fn source(file: &str) -> Result<String, Failure> {
    let path = tools::root().join(file);
    let text = fs::read_to_string(&path).map_err(Failure::file(&path))?;
    let table = text.split_once("const TABLE").map(|(_, table)| table.to_owned());
    Ok(table.unwrap_or_default())
}

/// The names in `key: &[…]`, or in the list that begins the text.
fn names(text: &str, key: &str) -> Names {
    let list = text.split_once(key).map_or("", |(_, rest)| rest);
    let list = list.split_once(']').map_or("", |(list, _)| list);
    list.split('"').skip(1).step_by(2).map(str::to_owned).collect()
}

/// The rows of the table for CloudFormation: what replaces, what may, and what updates.
fn properties() -> Result<BTreeMap<String, [Names; 3]>, Failure> {
    let table = source(CLOUDFORMATION)?;
    let rows = table.split("name: \"").skip(1).filter_map(|row| {
        let (name, rest) = row.split_once('"')?;
        let lists = [" replace: &[", " may_replace: &[", " update: &["];
        Some((name.to_owned(), lists.map(|key| names(rest, key))))
    });
    Ok(rows.collect())
}

/// By the database of the AWS CDK's differ.
fn cloudformation() -> Result<Tally, Failure> {
    if !tools::has("node") || !tools::has("npm") {
        return missing("node and npm, which run the differ of the AWS CDK");
    }
    let ours = properties()?;
    let types: Vec<&String> = ours.keys().collect();
    let theirs = cdk_differ::start()?.ask(&json!({ "types": types }))?;
    let mut tally = Tally::one(!ours.is_empty());
    for (name, ours) in &ours {
        let list = |key: &str| -> Names {
            let names = theirs.pointer(&format!("/{name}/{key}")).and_then(Value::as_array);
            let names = names.into_iter().flatten().filter_map(Value::as_str);
            names.map(str::to_owned).collect()
        };
        let theirs = ["replace", "may_replace", "update"].map(list);
        if *ours != theirs {
            say(format_args!("{CLOUDFORMATION} has {name} as {ours:?}, the differ as {theirs:?}"))?;
        }
        tally.add(Tally::one(*ours == theirs));
    }
    Ok(tally)
}

/// Prints what the resource schemas that cfn-lint has say, by type.
const SCHEMAS: &str = r"
import json, pathlib, sys
import cfnlint.data.schemas as schemas
from cfnlint.data.schemas.providers import us_east_1
folder = pathlib.Path(schemas.__file__).parent / 'resources'
found = {}
for name in sys.argv[1:]:
    if name not in us_east_1.types:
        found[name] = None
        continue
    schema = json.loads((folder / (us_east_1.types[name] + '.json')).read_text())
    first = lambda key: sorted({path.split('/')[2] for path in schema.get(key, [])})
    found[name] = [first('createOnlyProperties'), first('conditionalCreateOnlyProperties')]
print(json.dumps(found))
";

/// By the resource schemas that AWS publishes.
fn schemas() -> Result<Tally, Failure> {
    if !tools::has("python3") {
        return missing("python3, which runs cfn-lint");
    }
    let mut ours = properties()?;
    let python = tools::pip("cfn-lint")?.join("python");
    let output = tools::run(Command::new(python).args(["-c", SCHEMAS]).args(ours.keys()))?;
    let theirs: BTreeMap<String, Option<[Names; 2]>> =
        serde_json::from_slice(&output.stdout).unwrap_or_default();
    // The documentation says "Update requires: Replacement".
    if let Some([replace, may_replace, _]) = ours.get_mut("AWS::Events::Rule") {
        let bus = replace.take("EventBusName");
        may_replace.extend(bus);
    }
    let mut tally = Tally::default();
    for (name, [replace, may_replace, _]) in ours {
        let found = theirs.get(&name).cloned().flatten();
        let right = found == Some([replace.clone(), may_replace.clone()]);
        if !right {
            say(format_args!(
                "{CLOUDFORMATION} has {name} as {replace:?} and {may_replace:?}, its schema as {found:?}"
            ))?;
        }
        tally.add(Tally::one(right));
    }
    Ok(tally)
}

/// A row of the table for Terraform.
#[derive(Debug, Default)]
struct Arguments {
    replace: Names,
    update: Names,
    keeps: Names,
    defaults: Names,
}

fn arguments() -> Result<BTreeMap<String, Arguments>, Failure> {
    let table = source(TERRAFORM)?;
    let mut rows = BTreeMap::new();
    let mut before = "";
    for (index, part) in table.split("row(\"").enumerate() {
        if let Some((name, rest)) = part.split_once("\",").filter(|_| index > 0) {
            let lists: Vec<&str> = rest.split("&[").collect();
            let list = |at: usize| lists.get(at).map(|list| names(&format!("[{list}"), "["));
            let defaults = before.split_once("defaults: &[").map_or("", |(_, rest)| rest);
            let defaults = defaults.split("(\"").skip(1);
            let defaults = defaults.filter_map(|it| it.split_once('"')).map(|(name, _)| name);
            let row = Arguments {
                replace: list(1).unwrap_or_default(),
                update: list(2).unwrap_or_default(),
                keeps: names(before, "keeps: &["),
                defaults: defaults.map(str::to_owned).collect(),
            };
            rows.insert(name.to_owned(), row);
        }
        // What stands before the next row: behind the end of this one.
        before = part.rsplit_once("])").map_or(part, |(_, rest)| rest);
    }
    Ok(rows)
}

/// Changes of arguments that Terraform plans, each as a resource of its own.
#[derive(Debug, Default)]
struct Plan {
    module: Map<String, Value>,
    state: Vec<Value>,
    /// What the table says, by address.
    expected: BTreeMap<String, &'static str>,
}

impl Plan {
    /// Adds a resource whose state has some arguments, and its module others.
    fn add(
        &mut self,
        kind: &str,
        name: &str,
        schema: &Value,
        sides: [&Map<String, Value>; 2],
        expected: &'static str,
    ) {
        let [deployed, written] = sides;
        let block = schema.get("block").unwrap_or(&Value::Null);
        let mut attributes = filled(block, deployed);
        attributes.insert("id".to_owned(), "x".into());
        if attributes.contains_key("tags_all") {
            let tags = deployed.get("tags").cloned().unwrap_or_default();
            attributes.insert("tags_all".to_owned(), tags);
        }
        self.state.push(json!({
            "mode": "managed", "type": kind, "name": name,
            "provider": "provider[\"registry.terraform.io/hashicorp/aws\"]",
            "instances": [{ "schema_version": schema.get("version"), "attributes": attributes }],
        }));
        let resources = self.module.entry(kind.to_owned()).or_insert_with(|| json!({}));
        if let Value::Object(resources) = resources {
            resources.insert(name.to_owned(), written.clone().into());
        }
        self.expected.insert(format!("{kind}.{name}"), expected);
    }
}

/// The attributes of a block in a state: all of them, with these values.
fn filled(block: &Value, values: &Map<String, Value>) -> Map<String, Value> {
    let entries = |key: &str| block.get(key).and_then(Value::as_object).into_iter().flatten();
    let mut all: Map<String, Value> =
        entries("attributes").map(|(name, _)| (name.clone(), Value::Null)).collect();
    for (name, inner) in entries("block_types") {
        // The timeouts.
        if inner.get("nesting_mode") == Some(&json!("single")) {
            all.insert(name.clone(), Value::Null);
            continue;
        }
        let items = values.get(name).and_then(Value::as_array).into_iter().flatten();
        let items = items.filter_map(Value::as_object);
        let inner = inner.get("block").unwrap_or(&Value::Null);
        let items: Vec<Value> = items.map(|item| filled(inner, item).into()).collect();
        all.insert(name.clone(), items.into());
    }
    for (name, value) in values {
        if all.get(name) == Some(&Value::Null) {
            all.insert(name.clone(), value.clone());
        }
    }
    all
}

/// By what Terraform plans.
fn terraform() -> Result<Tally, Failure> {
    let Source::Mirror(_) = Source::find() else {
        return missing("the AWS provider in a mirror, with which Terraform plans");
    };
    if !tools::has("terraform") {
        return missing("terraform, which plans changes");
    }
    let folder = tools::target().join("xtask/force-new");
    if folder.exists() {
        fs::remove_dir_all(&folder).map_err(Failure::file(&folder))?;
    }
    fs::create_dir_all(&folder).map_err(Failure::file(&folder))?;
    let settings = folder.join("terraformrc");
    fs::write(&settings, Source::find().settings()).map_err(Failure::file(&settings))?;
    let write = |name: &str, value: &Value| {
        let path = folder.join(name);
        fs::write(&path, value.to_string()).map_err(Failure::file(&path))
    };
    let terraform = |arguments: &[&str]| {
        let mut command = Command::new("terraform");
        isolate(&mut command).env("TF_CLI_CONFIG_FILE", &settings).current_dir(&folder);
        let output = tools::run(command.args(arguments))?;
        Ok::<Value, Failure>(serde_json::from_slice(&output.stdout).unwrap_or_default())
    };
    let mut module = json!({
        "terraform": { "required_providers": {
            "aws": { "source": "hashicorp/aws", "version": AWS_VERSION }
        } },
        // Nothing is called: there is nothing to refresh.
        "provider": { "aws": [{
            "region": "eu-west-1", "access_key": "a", "secret_key": "a",
            "skip_credentials_validation": true, "skip_requesting_account_id": true,
            "skip_metadata_api_check": true, "skip_region_validation": true
        }] },
    });
    write("main.tf.json", &module)?;
    terraform(&["init", "-input=false", "-no-color"])?;
    let schemas = terraform(&["providers", "schema", "-json"])?;
    let schemas = schemas
        .pointer("/provider_schemas/registry.terraform.io~1hashicorp~1aws/resource_schemas")
        .cloned()
        .unwrap_or_default();
    let (plan, mut tally) = planned(&schemas)?;
    if let Value::Object(module) = &mut module {
        module.insert("resource".to_owned(), plan.module.into());
    }
    write("main.tf.json", &module)?;
    let state = json!({
        "version": 4, "terraform_version": "1.5.0", "serial": 1, "lineage": "a", "outputs": {},
        "resources": plan.state
    });
    write("terraform.tfstate", &state)?;
    terraform(&["plan", "-refresh=false", "-input=false", "-no-color", "-out=plan"])?;
    let shown = terraform(&["show", "-json", "plan"])?;
    let changes = shown.get("resource_changes").and_then(Value::as_array).into_iter().flatten();
    let found: BTreeMap<&str, &str> = changes
        .filter_map(|it| {
            let actions = it.pointer("/change/actions")?.as_array()?;
            let action = match actions.as_slice() {
                [one] => one.as_str()?,
                _ => "replace",
            };
            Some((it.get("address")?.as_str()?, action))
        })
        .collect();
    for (address, expected) in &plan.expected {
        let found = found.get(address.as_str());
        if found != Some(expected) {
            say(format_args!("{TERRAFORM}: {address} is {found:?}, not {expected}"))?;
        }
        tally.add(Tally::one(found == Some(expected)));
    }
    Ok(tally)
}

/// The changes to plan, and whether they are about everything in the table.
fn planned(schemas: &Value) -> Result<(Plan, Tally), Failure> {
    let path = tools::root().join("crates/xtask/force-new/arguments.json");
    let text = fs::read(&path).map_err(Failure::file(&path))?;
    let types: BTreeMap<String, Value> = serde_json::from_slice(&text)
        .map_err(|source| Failure::Vector { path: path.clone(), source })?;
    let (mut plan, mut tally) = (Plan::default(), Tally::default());
    for (kind, row) in arguments()? {
        if NOT_IN_PROVIDER.contains(&kind.as_str()) {
            continue;
        }
        let schema = schemas.get(&kind).unwrap_or(&Value::Null);
        let part = |key: &str| {
            let part = types.get(&kind).and_then(|it| it.get(key)).and_then(Value::as_object);
            part.cloned().unwrap_or_default()
        };
        let always = types.get(&kind).and_then(|it| it.get("always")).and_then(Value::as_array);
        let always: Vec<&str> = always.into_iter().flatten().filter_map(Value::as_str).collect();
        let (base, other, instead) = (part("base"), part("other"), part("instead"));
        let mut deployed = base.clone();
        deployed.extend(part("state"));
        plan.add(&kind, "base", schema, [&deployed, &base], "no-op");
        let mut seen: Names = other.keys().cloned().collect();
        for (name, value) in &other {
            let action = if row.replace.contains(name) { "replace" } else { "update" };
            let mut changed = base.clone();
            changed.insert(name.clone(), value.clone());
            plan.add(&kind, &format!("other_{name}"), schema, [&deployed, &changed], action);
            let required = |key: &str, word: &str| {
                let it = schema.pointer(&format!("/block/{key}/{name}/{word}"));
                it.is_some_and(|it| *it == json!(true) || it.as_u64().is_some_and(|it| it > 0))
            };
            if required("attributes", "required")
                || required("block_types", "min_items")
                || always.contains(&name.as_str())
            {
                continue;
            }
            // Without the argument, over the other value.
            let (mut over, mut without) = (deployed.clone(), base.clone());
            over.insert(name.clone(), value.clone());
            without.remove(name);
            let action = if row.keeps.contains(name) { "no-op" } else { action };
            plan.add(&kind, &format!("without_{name}"), schema, [&over, &without], action);
            if row.defaults.contains(name) {
                let name = format!("default_{name}");
                plan.add(&kind, &name, schema, [&deployed, &without], "no-op");
            }
        }
        for (excluded, arguments) in &instead {
            let (mut before, mut rest) = (deployed.clone(), base.clone());
            before.remove(excluded);
            rest.remove(excluded);
            for (name, value) in arguments.as_object().into_iter().flatten() {
                let action = if row.replace.contains(name) { "replace" } else { "update" };
                let mut changed = rest.clone();
                changed.insert(name.clone(), value.clone());
                plan.add(&kind, &format!("other_{name}"), schema, [&before, &changed], action);
                seen.insert(name.clone());
            }
        }
        let known: Names = row.replace.union(&row.update).cloned().collect();
        let known: Names =
            known.into_iter().filter(|it| !NOT_IN_PROVIDER.contains(&it.as_str())).collect();
        if known != seen {
            say(format_args!("{TERRAFORM} has {kind} with {known:?}, planned are {seen:?}"))?;
        }
        tally.add(Tally::one(known == seen));
    }
    Ok((plan, tally))
}
