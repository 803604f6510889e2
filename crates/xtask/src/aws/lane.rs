//! Deploys one config after the other by both backends.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::difference::{self, Difference};
use super::emulator::{Emulator, Said};
use super::names::{self, Renamed};
use super::presupposed;
use super::rendered::{self, Rendered, Stack};
use crate::ecrane::{Ecrane, Problem};
use crate::failure::Failure;
use crate::terraform::{Terraform, said};
use crate::tools;

/// An emulated AWS of its own with a Terraform beside it.
#[derive(Debug)]
pub(super) struct Lane {
    ecrane: Ecrane,
    emulator: Emulator,
    terraform: Terraform,
    desk: PathBuf,
}

/// When `terraform destroy` is tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Destroy {
    /// Where it has to be refused, too.
    Always,
    /// Where it has to work: to be refused takes as long, and is the same each time.
    WherePossible,
}

/// What came of a config.
#[derive(Debug)]
pub(super) enum Outcome {
    Refused { backend: &'static str, problems: Vec<Problem> },
    Deployed(Deployed),
}

/// What came of a config that both backends take.
#[derive(Debug, Default)]
pub(super) struct Deployed {
    /// What did not go as it should, beside differences.
    pub(super) faults: Vec<String>,
    pub(super) differences: Vec<Difference>,
    /// What of the config was not deployed.
    pub(super) cut: Vec<&'static str>,
    /// The state that CloudFormation left, and the one that Terraform left, with names that do not depend on the run.
    pub(super) states: [Value; 2],
}

/// One side of a comparison.
#[derive(Debug, Default)]
struct Side {
    /// What the emulator or Terraform remembers of each stack.
    memories: Vec<Value>,
    /// What outputs have come to, stack by stack.
    outputs: Vec<Vec<Value>>,
    deployed: Value,
    deleted: Value,
}

impl Lane {
    /// A lane with the folder of its name. `None` where Terraform or its provider is missing.
    pub(super) fn start(name: &str) -> Result<Option<Self>, Failure> {
        let emulator = Emulator::start()?;
        let Some(terraform) = Terraform::start(&emulator.endpoint)? else { return Ok(None) };
        let desk = tools::target().join("xtask").join(name);
        Ok(Some(Self { ecrane: Ecrane::build(name)?, emulator, terraform, desk }))
    }

    /// Deploys a config that is in memory.
    pub(super) fn try_config(&mut self, config: &Value) -> Result<Outcome, Failure> {
        let path = self.desk.join("ecrane.json");
        fs::write(&path, config.to_string()).map_err(Failure::file(&path))?;
        self.try_file(&path, Destroy::WherePossible)
    }

    /// Deploys a config by its templates and by its modules, each to an AWS with nothing in it, and takes it away again.
    pub(super) fn try_file(&mut self, config: &Path, destroy: Destroy) -> Result<Outcome, Failure> {
        let (stacks, cut) = match rendered::render(&self.ecrane, config, &self.desk)? {
            Rendered::Refused { backend, problems } => {
                return Ok(Outcome::Refused { backend, problems });
            }
            Rendered::Stacks { stacks, cut } => (stacks, cut),
        };
        let mut deployed = Deployed { cut, ..Deployed::default() };
        let sides = match self.by_cloudformation(&stacks, &mut deployed.faults)? {
            Err(said) => Err(format!("its template cannot be deployed: {said}")),
            Ok(left) => match self.by_terraform(&stacks, destroy, &mut deployed.faults)? {
                Err(said) => Err(format!("its module cannot be applied: {said}")),
                Ok(right) => Ok([left, right]),
            },
        };
        match sides {
            Err(fault) => deployed.faults.push(fault),
            Ok(sides) => compare(&stacks, &sides, &mut deployed),
        }
        Ok(Outcome::Deployed(deployed))
    }

    /// What Terraform plans to make of each stack of a config, as `terraform show -json` says it.
    pub(super) fn plans(&mut self, config: &Path) -> Result<Vec<Value>, Failure> {
        let Rendered::Stacks { stacks, .. } = rendered::render(&self.ecrane, config, &self.desk)?
        else {
            return Ok(Vec::new());
        };
        let mut plans = Vec::new();
        for stack in stacks {
            let commands: [&[&str]; 3] = [
                &["init", "-no-color", "-input=false"],
                &["plan", "-no-color", "-input=false", "-out=plan"],
                &["show", "-json", "plan"],
            ];
            for arguments in commands {
                let output = self.terraform.run(&stack.folder, arguments)?;
                if !output.status.success() {
                    let command = format!("terraform {}", arguments.join(" "));
                    let (status, output) = (output.status, said(&output));
                    return Err(Failure::Command { command, status, output });
                }
                if arguments.starts_with(&["show"]) {
                    let plan = serde_json::from_slice(&output.stdout)
                        .map_err(|source| Failure::Answer { program: "terraform show", source })?;
                    plans.push(plan);
                }
            }
        }
        Ok(plans)
    }

    /// An AWS with nothing in it but what the stacks presuppose.
    fn begin(&mut self, stacks: &[Stack]) -> Result<Result<(), Said>, Failure> {
        let mut answer = self.emulator.ask("reset", &json!({}))?;
        for stack in stacks {
            if answer.is_ok() {
                answer = self.emulator.ask("presuppose", &presupposed::by(stack))?;
            }
        }
        Ok(answer.map(drop))
    }

    fn by_cloudformation(
        &mut self,
        stacks: &[Stack],
        faults: &mut Vec<String>,
    ) -> Result<Result<Side, Said>, Failure> {
        let mut side = Side::default();
        if let Err(said) = self.begin(stacks)? {
            return Ok(Err(said));
        }
        let of = |stack: &Stack| json!({ "stack": stack.name, "account": stack.account, "region": stack.region });
        for stack in stacks {
            let mut arguments = of(stack);
            if let Some(arguments) = arguments.as_object_mut() {
                arguments.insert("template".into(), stack.template.clone());
                let tags = if stack.tags.is_null() { json!({}) } else { stack.tags.clone() };
                arguments.insert("tags".into(), tags);
            }
            match self.emulator.ask("deploy", &arguments)? {
                Err(said) => return Ok(Err(said)),
                Ok(answer) => {
                    side.outputs.push(template_outputs(stack, &answer));
                    side.memories.push(answer.get("resources").cloned().unwrap_or_default());
                }
            }
        }
        match self.emulator.state()? {
            Err(said) => return Ok(Err(said)),
            Ok(state) => side.deployed = state,
        }
        for stack in stacks.iter().rev() {
            if let Err(said) = self.emulator.ask("delete", &of(stack))? {
                faults.push(format!("stack {} cannot be deleted: {said}", stack.name));
            }
        }
        Ok(self.emulator.state()?.map(|state| Side { deleted: state, ..side }))
    }

    fn by_terraform(
        &mut self,
        stacks: &[Stack],
        destroy: Destroy,
        faults: &mut Vec<String>,
    ) -> Result<Result<Side, Said>, Failure> {
        let mut side = Side::default();
        if let Err(said) = self.begin(stacks)? {
            return Ok(Err(said));
        }
        for stack in stacks {
            let has_backend = stack.module.pointer("/terraform/backend").is_some();
            let init: &[&str] = &["init", "-no-color", "-input=false"];
            let apply: &[&str] = &["apply", "-no-color", "-input=false", "-auto-approve"];
            for arguments in has_backend.then_some(init).into_iter().chain([apply]) {
                let output = self.terraform.run(&stack.folder, arguments)?;
                if !output.status.success() {
                    return Ok(Err(said(&output)));
                }
            }
            let path = stack.folder.join("terraform.tfstate");
            let text = fs::read_to_string(&path).map_err(Failure::file(&path))?;
            let state: Value = serde_json::from_str(&text)
                .map_err(|source| Failure::Answer { program: "terraform apply", source })?;
            side.outputs.push(module_outputs(stack, &state));
            side.memories.push(state);
        }
        match self.emulator.state()? {
            Err(said) => return Ok(Err(said)),
            Ok(state) => side.deployed = state,
        }
        for stack in stacks {
            let again = ["plan", "-no-color", "-input=false", "-detailed-exitcode"];
            let output = self.terraform.run(&stack.folder, &again)?;
            if !output.status.success() {
                faults.push(format!(
                    "the second plan of {} is not empty: {}",
                    stack.name,
                    said(&output)
                ));
            }
        }
        let is_retained = |stack: &Stack| retained_blocks(&stack.module).next().is_some();
        if destroy == Destroy::WherePossible && stacks.iter().any(is_retained) {
            return Ok(Ok(side));
        }
        for stack in stacks.iter().rev() {
            let arguments = ["destroy", "-no-color", "-input=false", "-auto-approve"];
            let output = self.terraform.run(&stack.folder, &arguments)?;
            let text = said(&output);
            let is_retained = is_retained(stack);
            if is_retained
                && (output.status.success() || !text.contains("Instance cannot be destroyed"))
            {
                faults.push(format!("what {} retains can be destroyed: {text}", stack.name));
            }
            if !is_retained && !output.status.success() {
                faults.push(format!("{} cannot be destroyed: {text}", stack.name));
            }
        }
        Ok(self.emulator.state()?.map(|state| Side { deleted: state, ..side }))
    }
}

/// Adds what is not the same on both sides.
fn compare(stacks: &[Stack], [left, right]: &[Side; 2], deployed: &mut Deployed) {
    let mut invented: [Vec<Renamed>; 2] = Default::default();
    for (stack, (ids, state)) in stacks.iter().zip(left.memories.iter().zip(&right.memories)) {
        for (all, found) in invented.iter_mut().zip(names::invented(stack, ids, state)) {
            all.extend(found);
        }
    }
    let [left_names, right_names] = &invented;
    let comparable = |document: &Value, names: &[Renamed]| {
        let mut document = names::rename(document, names);
        difference::sort_sets(&mut document);
        document
    };
    deployed.states =
        [comparable(&left.deployed, left_names), comparable(&right.deployed, right_names)];
    let [by_template, by_module] = &deployed.states;
    deployed.differences = difference::differences(by_template, by_module);
    for (stack, (left, right)) in stacks.iter().zip(left.outputs.iter().zip(&right.outputs)) {
        let left = comparable(&left.as_slice().into(), left_names);
        let right = comparable(&right.as_slice().into(), right_names);
        for mut found in difference::differences(&left, &right) {
            found.place.splice(0..0, ["outputs".to_owned(), stack.name.clone()]);
            deployed.differences.push(found);
        }
    }
    for (kind, block) in RETAINED {
        let by_templates: usize = stacks
            .iter()
            .map(|stack| {
                retained_resources(&stack.template).filter(|(_, found)| *found == kind).count()
            })
            .sum();
        let by_modules: usize = stacks
            .iter()
            .map(|stack| retained_blocks(&stack.module).filter(|found| *found == block).count())
            .sum();
        if by_templates != by_modules {
            deployed.faults.push(format!(
                "the templates retain {by_templates} of {kind}, the modules {by_modules} of {block}"
            ));
        }
    }
    if stacks.iter().all(|stack| {
        retained_resources(&stack.template).next().is_none()
            && retained_blocks(&stack.module).next().is_none()
    }) {
        let left = comparable(&left.deleted, left_names);
        let right = comparable(&right.deleted, right_names);
        for mut found in difference::differences(&left, &right) {
            found.place.insert(0, "after deletion".to_owned());
            deployed.differences.push(found);
        }
        return;
    }
    let left_over = left.deleted.to_string();
    for (stack, ids) in stacks.iter().zip(&left.memories) {
        let retained = retained_resources(&stack.template);
        let ids = retained.filter_map(|(logical_id, _)| ids.get(logical_id)?.as_str());
        for id in ids.filter(|id| !left_over.contains(&Value::from(*id).to_string())) {
            deployed.faults.push(format!("{id} of {} is retained and gone", stack.name));
        }
    }
}

/// What `removalPolicy` is a property of, as templates and as modules have it.
const RETAINED: [(&str, &str); 2] =
    [("AWS::ECR::Repository", "aws_ecr_repository"), ("AWS::KMS::Key", "aws_kms_key")];

/// The resources that outlive their stack: logical ids and types.
fn retained_resources(template: &Value) -> impl Iterator<Item = (&str, &str)> {
    let resources = template.get("Resources").and_then(Value::as_object).into_iter().flatten();
    resources
        .filter(|(_, resource)| resource.get("DeletionPolicy").is_some_and(|p| p == "Retain"))
        .filter_map(|(id, resource)| Some((id.as_str(), resource.get("Type")?.as_str()?)))
}

/// The types of the blocks that Terraform refuses to destroy, one for each.
fn retained_blocks(module: &Value) -> impl Iterator<Item = &str> {
    let types = module.get("resource").and_then(Value::as_object).into_iter().flatten();
    types.flat_map(|(kind, blocks)| {
        let blocks = blocks.as_object().into_iter().flatten();
        let retained =
            |block: &Value| block.pointer("/lifecycle/prevent_destroy") == Some(&true.into());
        blocks.filter(move |(_, block)| retained(block)).map(|_| kind.as_str())
    })
}

/// What the outputs of the config have come to; those that only other stacks read are left out.
fn template_outputs(stack: &Stack, answer: &Value) -> Vec<Value> {
    let declared = stack.template.get("Outputs").and_then(Value::as_object);
    let names = declared.into_iter().flatten().map(|(name, _)| name);
    names
        .filter(|name| !name.starts_with("ExportsOutput") && !name.starts_with("PublishOutput"))
        .filter_map(|name| answer.get("outputs")?.get(name).cloned())
        .collect()
}

fn module_outputs(stack: &Stack, state: &Value) -> Vec<Value> {
    let declared = stack.module.get("output").and_then(Value::as_object);
    let names = declared.into_iter().flatten().map(|(name, _)| name);
    names
        .filter(|name| !name.starts_with("cross_stack_"))
        .filter_map(|name| state.get("outputs")?.get(name)?.get("value").cloned())
        .collect()
}
