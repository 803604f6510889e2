//! One engine takes over from another without a change: what CloudFormation deployed comes under
//! Terraform, and back; what the AWS CLI made, and what another module manages, comes under Terraform.
//!
//! Import operations of CloudFormation are emulated for repositories only, where the walkthrough follows a
//! guide. Here, their files are validated against the model of the API and AWS's schemas, and their
//! identifiers are compared with those of the deployed stack.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};

use super::lane::{self, Lane};
use super::live;
use super::rendered::{self, Rendered, Stack};
use super::{PROVIDER, cases};
use crate::ecrane::{Answer, Problem};
use crate::failure::Failure;
use crate::report::{Tally, missing, say};
use crate::terraform::said;
use crate::tools;

/// The codes with which ecrane rejects a config whose resources it cannot identify.
const UNIDENTIFIED: [&str; 4] = [
    "import::name_generated",
    "import::id_unknown",
    "import::environment_unknown",
    "targets::no_import",
];

/// Cases that are not taken over: CloudFormation generates the names of the managed policies that a
/// role's policy is split into, and Terraform creates them under names of its own.
const RECREATED: [&str; 1] = ["overflow"];

/// The argument that a plan may change besides importing: it is only in Terraform's state.
const CHANGED: (&str, &str) = ("aws_ecr_repository", "force_delete");

/// Takes over examples and cases, what the AWS CLI made, and a module of terraform-aws-modules/ecr.
pub(crate) fn run(only: &str) -> Result<Tally, Failure> {
    if !tools::has("python3") {
        return missing("python3, which runs the emulated AWS");
    }
    let Some(mut lane) = Lane::start("take-over")? else { return missing(PROVIDER) };
    let mut sum = Sum::default();
    for case in cases::fixed()?.into_iter().filter(|case| case.name.contains(only)) {
        if RECREATED.contains(&case.name.as_str()) {
            continue;
        }
        let outcome = lane.take_over(&case.config)?;
        sum.add(&case.name, &outcome)?;
    }
    if "aws-cli".contains(only) {
        if !tools::has("aws") {
            return missing("the AWS CLI");
        }
        let outcome = lane.take_over_from_cli()?;
        sum.add("aws-cli", &outcome)?;
    }
    if "module".contains(only) {
        let outcome = lane.take_over_from_module()?;
        sum.add("module", &outcome)?;
    }
    let Sum { tally, imported, moved, identified, unidentified } = sum;
    let unidentified = unidentified.join(", ");
    say(format_args!(
        "{imported} resources imported and {moved} moved by Terraform, {identified} identified for \
         CloudFormation; not identified, and rejected: {unidentified}"
    ))?;
    Ok(tally)
}

/// The outcome of a take-over.
#[derive(Debug, Default)]
struct Outcome {
    faults: Vec<String>,
    imported: usize,
    moved: usize,
    /// Resources that Terraform forgets and does not destroy.
    forgotten: usize,
    /// Resources to import by CloudFormation.
    identified: usize,
    /// ecrane rejects the import: the config does not identify what exists.
    is_unidentified: bool,
}

#[derive(Debug, Default)]
struct Sum {
    tally: Tally,
    imported: usize,
    moved: usize,
    identified: usize,
    unidentified: Vec<String>,
}

impl Sum {
    fn add(&mut self, name: &str, outcome: &Outcome) -> Result<(), Failure> {
        self.tally.add(Tally::one(outcome.faults.is_empty()));
        self.imported += outcome.imported;
        self.moved += outcome.moved;
        self.identified += outcome.identified;
        if outcome.is_unidentified {
            self.unidentified.push(name.to_owned());
        }
        outcome.faults.iter().try_for_each(|fault| say(format_args!("{name}: {fault}")))
    }
}

impl Lane {
    /// Deploys a config with CloudFormation, retains all resources, imports them into Terraform, and
    /// renders what imports them into CloudFormation.
    fn take_over(&mut self, config: &Path) -> Result<Outcome, Failure> {
        let mut outcome = Outcome::default();
        let folder = self.desk.join("stacks");
        let template = ["--backend", "cloudformation", "--retain-all"];
        let retained = match self.ecrane.synth_into(&folder.join("retained"), config, &template)? {
            Answer::Files(files) => files,
            Answer::Refused(problems) => {
                return Ok(Outcome { faults: vec![format!("{problems:?}")], ..outcome });
            }
        };
        let stacks = match rendered::render(&self.ecrane, config, &folder)? {
            Rendered::Stacks { stacks, .. } => stacks,
            Rendered::Refused { problems, .. } => {
                // A config for one of the backends only cannot move to the other.
                let is_known = problems.iter().all(|it| it.code.ends_with("account_settings"));
                let faults = if is_known { Vec::new() } else { vec![format!("{problems:?}")] };
                return Ok(Outcome { faults, is_unidentified: is_known, ..outcome });
            }
        };
        let deployed = match self.deploy_retained(&stacks, &retained)? {
            Ok(ids) => ids,
            Err(fault) => return Ok(Outcome { faults: vec![fault], ..outcome }),
        };
        let before = self.state()?;
        for stack in stacks.iter().rev().filter(|stack| stack.has_resources()) {
            if let Err(said) = self.emulator.ask("delete", &lane::place(stack))? {
                outcome.faults.push(format!("stack {} cannot be deleted: {said}", stack.name));
            }
        }
        if self.state()? != before {
            outcome.faults.push("deleting the stacks changes AWS".to_owned());
        }
        let mut arguments = vec!["--import".to_owned()];
        for stack in &stacks {
            let path = folder.join(format!("{}.resources.json", stack.name));
            write(&path, &stack_resources(deployed.get(&stack.name)))?;
            arguments.push(format!("--import-ids={}={}", stack.name, path.display()));
        }
        let stacks = match rendered::render_with(&self.ecrane, config, &folder, &arguments)? {
            Rendered::Stacks { stacks, .. } => stacks,
            Rendered::Refused { problems, .. } if is_unidentified(&problems) => {
                return Ok(Outcome { is_unidentified: true, ..outcome });
            }
            Rendered::Refused { problems, .. } => {
                outcome.faults.push(format!("{problems:?}"));
                return Ok(outcome);
            }
        };
        for stack in stacks.iter().filter(|stack| stack.has_resources()) {
            self.import(stack, &mut outcome)?;
        }
        if outcome.faults.is_empty() && self.state()? != before {
            outcome.faults.push("the import changes AWS".to_owned());
        }
        if outcome.forgotten + outcome.moved > 0 {
            outcome.faults.push(format!("{outcome:?}"));
        }
        self.back(config, &stacks, &deployed, &mut outcome)?;
        Ok(outcome)
    }

    /// Deploys the templates in which every resource is retained, and returns the physical IDs of
    /// each stack by logical ID.
    fn deploy_retained(
        &mut self,
        stacks: &[Stack],
        templates: &BTreeMap<String, Value>,
    ) -> Result<Result<BTreeMap<String, Value>, String>, Failure> {
        if let Err(said) = self.begin(stacks)? {
            return Ok(Err(said));
        }
        let mut deployed = BTreeMap::new();
        for stack in stacks.iter().filter(|stack| stack.has_resources()) {
            let whole = templates.get(&format!("{}.template.json", stack.name));
            let resources = whole.and_then(|it| it.get("Resources")).and_then(Value::as_object);
            let resources = resources.into_iter().flatten();
            if let Some((id, _)) = resources.clone().find(|(_, it)| !rendered::is_retained(it)) {
                return Ok(Err(format!("{id} is not retained")));
            }
            // Without what the provider does not support.
            let mut template = stack.template.clone();
            if let Some(kept) = template.get_mut("Resources").and_then(Value::as_object_mut) {
                for (_, resource) in
                    kept.iter_mut().filter_map(|(id, it)| Some((id, it.as_object_mut()?)))
                {
                    resource.insert("DeletionPolicy".into(), "Retain".into());
                }
            }
            match self.deploy_template(stack, &template)? {
                Ok(answer) => {
                    let ids = answer.get("resources").cloned().unwrap_or_default();
                    deployed.insert(stack.name.clone(), ids);
                }
                Err(said) => return Ok(Err(said)),
            }
        }
        Ok(Ok(deployed))
    }

    /// Imports a stack into Terraform, with a plan of nothing but imports.
    fn import(&mut self, stack: &Stack, outcome: &mut Outcome) -> Result<(), Failure> {
        let mut commands: Vec<&[&str]> = Vec::new();
        if stack.module.pointer("/terraform/backend").is_some() {
            commands.push(&["init", "-no-color", "-input=false"]);
        }
        commands.extend::<[&[&str]; 3]>([
            &["plan", "-no-color", "-input=false", "-out=plan"],
            &["show", "-json", "plan"],
            &["apply", "-no-color", "-input=false", "plan"],
        ]);
        for arguments in commands {
            let output = self.terraform.run(&stack.folder, arguments)?;
            if !output.status.success() {
                let command = arguments.first().copied().unwrap_or_default();
                outcome.faults.push(format!("terraform {command}: {}", said(&output)));
                return Ok(());
            }
            if arguments.starts_with(&["show"]) {
                let plan: Value = serde_json::from_slice(&output.stdout)
                    .map_err(|source| Failure::Answer { program: "terraform show", source })?;
                judge(&plan, outcome);
            }
        }
        self.plan_again(stack, &mut outcome.faults)
    }

    /// Renders what imports the stacks into CloudFormation, with the IDs in Terraform's states, and
    /// compares it with what CloudFormation deployed.
    fn back(
        &mut self,
        config: &Path,
        stacks: &[Stack],
        deployed: &BTreeMap<String, Value>,
        outcome: &mut Outcome,
    ) -> Result<(), Failure> {
        let mut arguments = vec!["--backend=cloudformation".to_owned(), "--import".to_owned()];
        for stack in stacks.iter().filter(|stack| stack.has_resources()) {
            let state = stack.folder.join("terraform.tfstate");
            arguments.push(format!("--import-ids={}={}", stack.name, state.display()));
        }
        let arguments: Vec<_> = arguments.iter().map(String::as_str).collect();
        let out = self.desk.join("stacks/back");
        let files = match self.ecrane.synth_into(&out, config, &arguments)? {
            Answer::Files(files) => files,
            Answer::Refused(problems) if is_unidentified(&problems) => {
                outcome.is_unidentified = true;
                return Ok(());
            }
            Answer::Refused(problems) => {
                outcome.faults.push(format!("{problems:?}"));
                return Ok(());
            }
        };
        for stack in stacks {
            let file = |end: &str| files.get(&format!("{}.{end}", stack.name));
            let resources = file("resources-to-import.json").and_then(Value::as_array);
            let template = file("import-template.json");
            for resource in resources.into_iter().flatten() {
                let text =
                    |key: &str| resource.get(key).and_then(Value::as_str).unwrap_or_default();
                let id = text("LogicalResourceId");
                let physical = deployed.get(&stack.name).and_then(|ids| ids.get(id)?.as_str());
                let identifier = resource.get("ResourceIdentifier").and_then(Value::as_object);
                let values =
                    identifier.into_iter().flatten().filter_map(|(_, value)| value.as_str());
                // What the provider does not support was not deployed.
                let Some(physical) = physical else { continue };
                for value in values {
                    let rule = format!(":rule/{physical}");
                    if value == physical || value == stack.account || value.ends_with(&rule) {
                        outcome.identified += 1;
                    } else {
                        outcome.faults.push(format!("{id} is {physical}, not {value}"));
                    }
                }
            }
            if resources.is_some() != template.is_some() {
                outcome.faults.push(format!("{} has one of the two files", stack.name));
            }
        }
        outcome.faults.extend(validate(&out)?);
        Ok(())
    }

    /// What the AWS CLI made comes under Terraform: with a config by hand, and with one that is adopted
    /// from what the AWS CLI says.
    fn take_over_from_cli(&mut self) -> Result<Outcome, Failure> {
        let mut outcome = Outcome::default();
        let folder = tools::root().join("crates/xtask/cases/take-over/aws-cli");
        self.emulator.ask("reset", &json!({}))?.map_err(|said| Failure::Emulator { said })?;
        let desk = self.desk.join("aws-cli");
        let account = desk.join("account");
        if desk.exists() {
            fs::remove_dir_all(&desk).map_err(Failure::file(&desk))?;
        }
        fs::create_dir_all(&account).map_err(Failure::file(&account))?;
        for script in ["commands.sh", "describe.sh"] {
            let mut command = Command::new("bash");
            live::in_account(&mut command, &self.emulator.endpoint).args(["-e"]);
            tools::run(command.arg(folder.join(script)).current_dir(&account))?;
        }
        let adopted = desk.join("ecrane.yaml");
        let mut command = self.ecrane.command();
        tools::run(command.args(["adopt", "--out"]).args([&adopted, &account]))?;
        self.adopt_live(&adopted, &mut outcome)?;
        let before = self.state()?;
        let mut imported = Vec::new();
        for (name, config) in [("by-hand", &folder.join("ecrane.yaml")), ("adopted", &adopted)] {
            let arguments = ["--import".to_owned()];
            let (desk, earlier) = (desk.join(name), outcome.imported);
            match rendered::render_with(&self.ecrane, config, &desk, &arguments)? {
                Rendered::Stacks { stacks, .. } => {
                    for stack in &stacks {
                        self.import(stack, &mut outcome)?;
                    }
                }
                Rendered::Refused { problems, .. } => outcome.faults.push(format!("{problems:?}")),
            }
            imported.push(outcome.imported - earlier);
        }
        if imported != [9, 9] {
            outcome.faults.push(format!("by hand and adopted, {imported:?} are imported"));
        }
        if self.state()? != before {
            outcome.faults.push("the import changes AWS".to_owned());
        }
        Ok(outcome)
    }

    /// What a module with the addresses of terraform-aws-modules/ecr manages comes under a module of
    /// ecrane, in the same state.
    fn take_over_from_module(&mut self) -> Result<Outcome, Failure> {
        let mut outcome = Outcome::default();
        let folder = tools::root().join("crates/xtask/cases/take-over/module");
        self.emulator.ask("reset", &json!({}))?.map_err(|said| Failure::Emulator { said })?;
        let desk = self.desk.join("module");
        if desk.exists() {
            fs::remove_dir_all(&desk).map_err(Failure::file(&desk))?;
        }
        let earlier = desk.join("earlier");
        copy(&folder.join("earlier"), &earlier)?;
        for arguments in [&["init", "-no-color"][..], &["apply", "-no-color", "-auto-approve"][..]]
        {
            let output = self.terraform.run(&earlier, arguments)?;
            if !output.status.success() {
                return Ok(Outcome { faults: vec![said(&output)], ..outcome });
            }
        }
        let before = self.state()?;
        let state = earlier.join("terraform.tfstate");
        let arguments = [format!("--from-state={}", state.display())];
        let config = folder.join("ecrane.yaml");
        match rendered::render_with(&self.ecrane, &config, &desk, &arguments)? {
            Rendered::Stacks { stacks, .. } => {
                for stack in &stacks {
                    let to = stack.folder.join("terraform.tfstate");
                    fs::copy(&state, &to).map_err(Failure::file(&to))?;
                    self.import(stack, &mut outcome)?;
                }
            }
            Rendered::Refused { problems, .. } => outcome.faults.push(format!("{problems:?}")),
        }
        if self.state()? != before {
            outcome.faults.push("the move changes AWS".to_owned());
        }
        // `shop/api` is not in the config: the repository and its two policies.
        if outcome.forgotten != 3 || outcome.imported != 0 || outcome.moved != 10 {
            outcome.faults.push(format!("{outcome:?}"));
        }
        Ok(outcome)
    }

    /// `--live` writes the config that files of the AWS CLI give, byte for byte.
    fn adopt_live(&mut self, of_files: &Path, outcome: &mut Outcome) -> Result<(), Failure> {
        let mut command = self.ecrane.command();
        live::in_account(&mut command, &self.emulator.endpoint);
        let live = tools::run(command.args(["adopt", "--live", "--out", "-"]))?;
        if fs::read(of_files).map_err(Failure::file(of_files))? != live.stdout {
            let live = String::from_utf8_lossy(&live.stdout);
            outcome.faults.push(format!("`--live` writes another config: {live}"));
        }
        Ok(())
    }

    fn state(&mut self) -> Result<Value, Failure> {
        self.emulator.state()?.map_err(|said| Failure::Emulator { said })
    }
}

fn is_unidentified(problems: &[Problem]) -> bool {
    problems.iter().all(|problem| UNIDENTIFIED.contains(&problem.code.as_str()))
}

/// Counts what a plan imports and moves, and reports everything else.
fn judge(plan: &Value, outcome: &mut Outcome) {
    let changes = plan.get("resource_changes").and_then(Value::as_array);
    for change in changes.into_iter().flatten() {
        let text = |pointer: &str| change.pointer(pointer).and_then(Value::as_str);
        let actions = change.pointer("/change/actions").cloned().unwrap_or_default();
        let (kind, mode) = (text("/type").unwrap_or_default(), text("/mode").unwrap_or_default());
        outcome.imported += usize::from(change.pointer("/change/importing").is_some());
        outcome.moved += usize::from(change.get("previous_address").is_some());
        outcome.forgotten += usize::from(actions == json!(["forget"]));
        let is_known =
            actions == json!(["update"]) && kind == CHANGED.0 && differs_only_in_it(change);
        let is_expected = [json!(["no-op"]), json!(["forget"])].contains(&actions) || is_known;
        if mode == "data" || is_expected {
            continue;
        }
        let address = text("/address").unwrap_or_default();
        let sides = [change.pointer("/change/before"), change.pointer("/change/after")];
        outcome.faults.push(format!("{address}: {actions} {sides:?}"));
    }
}

fn differs_only_in_it(change: &Value) -> bool {
    let side = |pointer: &str| {
        let mut side = change.pointer(pointer).cloned().unwrap_or_default();
        if let Some(arguments) = side.as_object_mut() {
            arguments.shift_remove(CHANGED.1);
        }
        side
    };
    side("/change/before") == side("/change/after")
}

/// The output of `aws cloudformation describe-stack-resources`.
fn stack_resources(ids: Option<&Value>) -> Value {
    let ids = ids.and_then(Value::as_object).into_iter().flatten();
    let resources = ids
        .map(|(id, physical)| json!({ "LogicalResourceId": id, "PhysicalResourceId": physical }));
    json!({ "StackResources": resources.collect::<Vec<_>>() })
}

/// Validates the files of import operations in a directory.
fn validate(folder: &Path) -> Result<Vec<String>, Failure> {
    let mut command = Command::new(tools::pip("cfn-lint")?.join("python"));
    command.arg(tools::root().join("crates/xtask/cfn-lint/import_operations.py")).arg(folder);
    let output = tools::run(&mut command)?;
    Ok(String::from_utf8_lossy(&output.stdout).lines().map(str::to_owned).collect())
}

fn write(path: &Path, value: &Value) -> Result<(), Failure> {
    fs::write(path, value.to_string()).map_err(Failure::file(path))
}

/// Copies a directory.
fn copy(from: &Path, to: &Path) -> Result<(), Failure> {
    fs::create_dir_all(to).map_err(Failure::file(to))?;
    for entry in fs::read_dir(from).map_err(Failure::file(from))? {
        let path: PathBuf = entry.map_err(Failure::file(from))?.path();
        let target = to.join(path.file_name().unwrap_or_default());
        if path.is_dir() {
            copy(&path, &target)?;
        } else {
            fs::copy(&path, &target).map_err(Failure::file(&path))?;
        }
    }
    Ok(())
}
