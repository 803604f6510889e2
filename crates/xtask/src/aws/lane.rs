//! Deploys configs one after the other with both backends.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::comparison::{self, Side};
use super::difference::Difference;
use super::emulator::{Emulator, Said};
use super::names;
use super::presupposed;
use super::rendered::{self, Rendered, Stack};
use crate::ecrane::{Ecrane, Problem};
use crate::failure::Failure;
use crate::terraform::{Terraform, said};
use crate::tools;

/// An emulated AWS and a Terraform of its own.
#[derive(Debug)]
pub(super) struct Lane {
    pub(super) ecrane: Ecrane,
    pub(super) emulator: Emulator,
    pub(super) terraform: Terraform,
    pub(super) desk: PathBuf,
}

/// When to run `terraform destroy`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Destroy {
    /// With an image in each repository, and also where it must fail.
    WithImages,
    /// With empty repositories, and only where it must succeed: a failure takes as long and is the
    /// same each time.
    WherePossible,
}

/// The outcome of a config.
#[derive(Debug)]
pub(super) enum Outcome {
    Refused { backend: &'static str, problems: Vec<Problem> },
    Deployed(Deployed),
}

/// The outcome of a config that both backends accept.
#[derive(Debug, Default)]
pub(super) struct Deployed {
    /// Failures other than differences.
    pub(super) faults: Vec<String>,
    pub(super) differences: Vec<Difference>,
    /// Parts of the config that were not deployed.
    pub(super) cut: Vec<&'static str>,
    /// The error with which CloudFormation rejects an update, where that is allowed.
    pub(super) refused: Option<Said>,
    /// The state after CloudFormation and the state after Terraform, with generated names replaced.
    pub(super) states: [Value; 2],
}

impl Lane {
    /// Starts a lane in a directory of its name. `None` if Terraform or its provider is missing.
    pub(super) fn start(name: &str) -> Result<Option<Self>, Failure> {
        let emulator = Emulator::start()?;
        let Some(terraform) = Terraform::start(&emulator.endpoint)? else { return Ok(None) };
        let desk = tools::target().join("xtask").join(name);
        Ok(Some(Self { ecrane: Ecrane::build(name)?, emulator, terraform, desk }))
    }

    /// Deploys a config from memory.
    pub(super) fn try_config(&mut self, config: &Value) -> Result<Outcome, Failure> {
        let path = self.desk.join("ecrane.json");
        fs::write(&path, config.to_string()).map_err(Failure::file(&path))?;
        self.try_file(&path, Destroy::WherePossible)
    }

    /// Deploys a config with its templates and with its modules, each to an empty AWS, and deletes
    /// it again.
    pub(super) fn try_file(&mut self, config: &Path, destroy: Destroy) -> Result<Outcome, Failure> {
        let (stacks, stack_sets, cut) = match rendered::render(&self.ecrane, config, &self.desk)? {
            Rendered::Refused { backend, problems } => {
                return Ok(Outcome::Refused { backend, problems });
            }
            Rendered::Stacks { stacks, stack_sets, cut } => (stacks, stack_sets, cut),
        };
        let mut deployed = Deployed { cut, ..Deployed::default() };
        for set in &stack_sets {
            deployed.faults.extend(self.create_stack_set(set)?);
        }
        let sides = match self.by_cloudformation(&stacks, destroy, &mut deployed.faults)? {
            Err(said) => Err(format!("its template cannot be deployed: {said}")),
            Ok(left) => match self.by_terraform(&stacks, destroy, &mut deployed.faults)? {
                Err(said) => Err(format!("its module cannot be applied: {said}")),
                Ok(right) => Ok([left, right]),
            },
        };
        match sides {
            Err(fault) => deployed.faults.push(fault),
            Ok(sides) => comparison::compare(&stacks, &sides, &mut deployed),
        }
        Ok(Outcome::Deployed(deployed))
    }

    /// Has CloudFormation create a stack set, which must have an instance in each account and region.
    fn create_stack_set(&mut self, properties: &Value) -> Result<Option<String>, Failure> {
        if let Err(said) = self.emulator.ask("reset", &json!({}))? {
            return Ok(Some(said));
        }
        let arguments = json!({
            "account": rendered::ACCOUNT,
            "region": "us-east-1",
            "properties": properties,
        });
        let answer = match self.emulator.ask("stack_set", &arguments)? {
            Ok(answer) => answer,
            Err(said) => return Ok(Some(format!("the stack set is rejected: {said}"))),
        };
        let count = |pointer: &str| {
            properties.pointer(pointer).and_then(Value::as_array).map_or(0, Vec::len)
        };
        let accounts = count("/StackInstancesGroup/0/DeploymentTargets/Accounts");
        let expected = accounts * count("/StackInstancesGroup/0/Regions");
        let found = answer.pointer("/instances").and_then(Value::as_array).map_or(0, Vec::len);
        Ok((found == 0 || found != expected)
            .then(|| format!("the stack set has {found} instances instead of {expected}")))
    }

    /// The plan of each stack of a config, as `terraform show -json` prints it.
    pub(super) fn plans(&mut self, config: &Path) -> Result<Vec<Value>, Failure> {
        let Rendered::Stacks { stacks, .. } = rendered::render(&self.ecrane, config, &self.desk)?
        else {
            return Ok(Vec::new());
        };
        let mut plans = Vec::new();
        let mut commands: Vec<&[&str]> = vec![
            &["init", "-no-color", "-input=false"],
            &["plan", "-no-color", "-input=false", "-out=plan"],
            &["show", "-json", "plan"],
        ];
        // A stack that reads from others can be planned only after they are deployed.
        if stacks.len() > 1 {
            commands.push(&["apply", "-no-color", "-input=false", "plan"]);
        }
        self.begin(&stacks)?.map_err(|said| Failure::Emulator { said })?;
        for stack in stacks {
            for arguments in &commands {
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

    /// Empties AWS and creates the resources that the stacks import.
    pub(super) fn begin(&mut self, stacks: &[Stack]) -> Result<Result<(), Said>, Failure> {
        let mut answer = self.emulator.ask("reset", &json!({}))?;
        let mut made = BTreeSet::new();
        for stack in stacks {
            if answer.is_ok() {
                answer = self.emulator.ask("presuppose", &presupposed::by(stack, &mut made))?;
            }
        }
        Ok(answer.map(drop))
    }

    fn by_cloudformation(
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
            if !stack.has_resources() {
                side.outputs.push(Vec::new());
                side.memories.push(json!({}));
                continue;
            }
            match self.deploy(stack)? {
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
        if destroy == Destroy::WithImages {
            for (stack, ids) in stacks.iter().zip(&side.memories) {
                let repositories = stack.resources("AWS::ECR::Repository");
                let names = repositories.filter_map(|(id, _)| ids.get(id)?.as_str());
                self.push(stack, names, faults)?;
            }
        }
        for stack in stacks.iter().rev().filter(|stack| stack.has_resources()) {
            let said = self.emulator.ask("delete", &place(stack))?.err();
            let is_refused = destroy == Destroy::WithImages && stack.keeps_images();
            match said {
                None if is_refused => {
                    faults.push(format!("stack {} is deleted with its images", stack.name));
                }
                Some(said) if !is_refused => {
                    faults.push(format!("stack {} cannot be deleted: {said}", stack.name));
                }
                None | Some(_) => {}
            }
        }
        Ok(self.emulator.state()?.map(|state| Side { deleted: Some(state), ..side }))
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
            match self.apply(stack)? {
                Err(said) => return Ok(Err(said)),
                Ok(state) => {
                    side.outputs.push(module_outputs(stack, &state));
                    side.memories.push(state);
                }
            }
        }
        match self.emulator.state()? {
            Err(said) => return Ok(Err(said)),
            Ok(state) => side.deployed = state,
        }
        for stack in stacks {
            self.plan_again(stack, faults)?;
        }
        if destroy == Destroy::WherePossible && stacks.iter().any(Stack::retains) {
            return Ok(Ok(side));
        }
        if destroy == Destroy::WithImages {
            for (stack, state) in stacks.iter().zip(&side.memories) {
                let blocks = stack.blocks("aws_ecr_repository");
                let names = blocks.filter_map(|(name, _)| {
                    names::attribute_of(state, "aws_ecr_repository", name, "name")
                });
                self.push(stack, names, faults)?;
            }
        }
        for stack in stacks.iter().rev() {
            let arguments = ["destroy", "-no-color", "-input=false", "-auto-approve"];
            let output = self.terraform.run(&stack.folder, &arguments)?;
            let text = said(&output);
            let reason = if stack.retains() {
                Some("Instance cannot be destroyed")
            } else if destroy == Destroy::WithImages && stack.keeps_images() {
                Some("RepositoryNotEmptyException")
            } else {
                None
            };
            match reason {
                None if !output.status.success() => {
                    faults.push(format!("{} cannot be destroyed: {text}", stack.name));
                }
                Some(reason) if output.status.success() || !text.contains(reason) => {
                    faults.push(format!("{} is not retained with «{reason}»: {text}", stack.name));
                }
                None | Some(_) => {}
            }
        }
        Ok(self.emulator.state()?.map(|state| Side { deleted: Some(state), ..side }))
    }

    /// Creates or updates a stack with CloudFormation, and returns the emulator's response.
    pub(super) fn deploy(&mut self, stack: &Stack) -> Result<Result<Value, Said>, Failure> {
        self.deploy_template(stack, &stack.template)
    }

    /// Creates or updates a stack with another template of its own.
    pub(super) fn deploy_template(
        &mut self,
        stack: &Stack,
        template: &Value,
    ) -> Result<Result<Value, Said>, Failure> {
        let mut arguments = place(stack);
        if let Some(arguments) = arguments.as_object_mut() {
            arguments.insert("template".into(), template.clone());
            let tags = if stack.tags.is_null() { json!({}) } else { stack.tags.clone() };
            arguments.insert("tags".into(), tags);
        }
        self.emulator.ask("deploy", &arguments)
    }

    /// Applies the module of a stack, and returns the Terraform state.
    pub(super) fn apply(&mut self, stack: &Stack) -> Result<Result<Value, Said>, Failure> {
        // A module that is called is installed.
        let needs_init = stack.has_backend() || !stack.root.is_null();
        let is_initialized = stack.folder.join(".terraform").exists();
        let init: &[&str] = &["init", "-no-color", "-input=false"];
        let apply: &[&str] = &["apply", "-no-color", "-input=false", "-auto-approve"];
        let init = (needs_init && !is_initialized).then_some(init);
        self.change(stack, init.into_iter().chain([apply]))
    }

    /// Destroys the resources of a stack without a module, and returns the Terraform state.
    pub(super) fn destroy(&mut self, stack: &Stack) -> Result<Result<Value, Said>, Failure> {
        let arguments: &[&str] = &["destroy", "-no-color", "-input=false", "-auto-approve"];
        self.change(stack, [arguments])
    }

    fn change<'a>(
        &mut self,
        stack: &Stack,
        commands: impl IntoIterator<Item = &'a [&'a str]>,
    ) -> Result<Result<Value, Said>, Failure> {
        for arguments in commands {
            let output = self.terraform.run(&stack.folder, arguments)?;
            if !output.status.success() {
                return Ok(Err(said(&output)));
            }
        }
        let path = stack.folder.join("terraform.tfstate");
        let text = fs::read_to_string(&path).map_err(Failure::file(&path))?;
        let state = serde_json::from_str(&text)
            .map_err(|source| Failure::Answer { program: "terraform apply", source })?;
        Ok(Ok(state))
    }

    /// Plans an applied module again, which must report no changes.
    pub(super) fn plan_again(
        &mut self,
        stack: &Stack,
        faults: &mut Vec<String>,
    ) -> Result<(), Failure> {
        let again = ["plan", "-no-color", "-input=false", "-detailed-exitcode"];
        let output = self.terraform.run(&stack.folder, &again)?;
        if !output.status.success() {
            let (name, said) = (&stack.name, said(&output));
            faults.push(format!("the second plan of {name} is not empty: {said}"));
        }
        Ok(())
    }

    /// Pushes an image to each repository.
    pub(super) fn push<'n>(
        &mut self,
        stack: &Stack,
        repositories: impl Iterator<Item = &'n str>,
        faults: &mut Vec<String>,
    ) -> Result<(), Failure> {
        for repository in repositories {
            let image = json!({
                "repository": repository,
                "account": stack.account,
                "region": stack.region,
                "tag": "v1",
            });
            if let Err(said) = self.emulator.ask("push", &image)? {
                faults.push(format!("no image can be pushed to {repository}: {said}"));
            }
        }
        Ok(())
    }
}

/// A stack in the format of the emulator.
pub(super) fn place(stack: &Stack) -> Value {
    json!({ "stack": stack.name, "account": stack.account, "region": stack.region })
}

/// The values of the config's outputs, without the outputs that only other stacks import.
pub(super) fn template_outputs(stack: &Stack, answer: &Value) -> Vec<Value> {
    let declared = stack.template.get("Outputs").and_then(Value::as_object);
    let names = declared.into_iter().flatten().map(|(name, _)| name);
    names
        .filter(|name| !name.starts_with("ExportsOutput") && !name.starts_with("PublishOutput"))
        .filter_map(|name| answer.get("outputs")?.get(name).cloned())
        .collect()
}

pub(super) fn module_outputs(stack: &Stack, state: &Value) -> Vec<Value> {
    let declared = stack.module.get("output").and_then(Value::as_object);
    let names = declared.into_iter().flatten().map(|(name, _)| name);
    names
        .filter(|name| !name.starts_with("cross_stack_"))
        .filter_map(|name| state.get("outputs")?.get(name)?.get("value").cloned())
        .collect()
}
