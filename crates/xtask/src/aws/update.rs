//! Deploys a config, and a second config over it, with both backends.
//!
//! Terraform works as it does for users: in one directory with one state, into which `ecrane synth`
//! writes both configs. The second config has the same path as the first.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use serde_json::{Value, json};

use super::comparison::{Invented, Side};
use super::emulator::Said;
use super::lane::{self, Deployed, Lane, Outcome};
use super::names;
use super::presupposed;
use super::rendered::{self, Rendered, Stack, is_protected, is_retained};
use crate::ecrane::Problem;
use crate::failure::Failure;

/// The tag of the images that are pushed before the update.
const TAG: &str = "v1";

/// A config, and a second config to deploy over it.
#[derive(Debug, Clone)]
pub(super) struct Update {
    pub(super) name: String,
    pub(super) before: PathBuf,
    pub(super) after: PathBuf,
    pub(super) expected: Expected,
}

/// The expected outcome of the second deployment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Expected {
    /// Both backends produce the same state.
    Updated,
    /// As `Updated`, unless CloudFormation rejects the update.
    UpdatedWherePossible,
    /// CloudFormation rejects the update with this message, and Terraform leaves the state
    /// unchanged.
    Renamed(&'static str),
    /// Terraform rejects the update with this message, and leaves the state unchanged.
    RefusedByTerraform(&'static str),
    /// ecrane rejects the second config with this code.
    Refused(&'static str),
}

impl Expected {
    fn is_refusal(self, problems: &[Problem]) -> bool {
        let codes = || problems.iter().map(|problem| problem.code.as_str());
        matches!(self, Self::Refused(code) if !problems.is_empty() && codes().all(|it| it == code))
    }
}

/// The deployments of one backend.
#[derive(Debug, Default)]
struct Sides {
    before: Side,
    after: Side,
    /// The error of the second deployment.
    refused: Option<Said>,
}

/// The stacks of a rendered config, and the stacks of the second config.
struct Stacks {
    before: Vec<Stack>,
    after: Vec<Stack>,
}

impl Lane {
    /// Deploys an update with both backends, each to an empty AWS.
    pub(super) fn try_update(&mut self, update: &Update) -> Result<Outcome, Failure> {
        let folder = self.desk.join("update");
        if folder.exists() {
            fs::remove_dir_all(&folder).map_err(Failure::file(&folder))?;
        }
        fs::create_dir_all(&folder).map_err(Failure::file(&folder))?;
        let extension = update.before.extension().unwrap_or_default();
        let config = folder.join("ecrane").with_extension(extension);
        fs::copy(&update.before, &config).map_err(Failure::file(&update.before))?;
        let before = match rendered::render_over(&self.ecrane, &config, &folder, &[])? {
            Rendered::Refused { backend, problems } => {
                return Ok(Outcome::Refused { backend, problems });
            }
            Rendered::Stacks { stacks, .. } => stacks,
        };
        let mut deployed = Deployed::default();
        let mut right = Sides::default();
        if let Err(said) = self.apply_first(&before, &mut right, &mut deployed.faults)? {
            deployed.faults.push(format!("its first module cannot be applied: {said}"));
            return Ok(Outcome::Deployed(deployed));
        }
        fs::copy(&update.after, &config).map_err(Failure::file(&update.after))?;
        let after = match rendered::render_over(&self.ecrane, &config, &folder, &before)? {
            Rendered::Refused { problems, .. } if update.expected.is_refusal(&problems) => {
                return Ok(Outcome::Deployed(deployed));
            }
            Rendered::Refused { backend, problems } => {
                return Ok(Outcome::Refused { backend, problems });
            }
            Rendered::Stacks { stacks, cut, .. } => {
                deployed.cut = cut;
                stacks
            }
        };
        let stacks = Stacks { before, after };
        self.apply_over(&stacks, &mut right, &mut deployed.faults)?;
        let mut left = Sides::default();
        if let Err(said) = self.deploy_both(&stacks, &mut left, &mut deployed.faults)? {
            deployed.faults.push(format!("its first template cannot be deployed: {said}"));
            return Ok(Outcome::Deployed(deployed));
        }
        judge(update.expected, &stacks, [left, right], &mut deployed);
        Ok(Outcome::Deployed(deployed))
    }

    fn apply_first(
        &mut self,
        stacks: &[Stack],
        right: &mut Sides,
        faults: &mut Vec<String>,
    ) -> Result<Result<(), Said>, Failure> {
        if let Err(said) = self.begin(stacks)? {
            return Ok(Err(said));
        }
        for stack in stacks {
            match self.apply(stack)? {
                Err(said) => return Ok(Err(said)),
                Ok(state) => {
                    let named = repositories(stack, &state);
                    let takes = named.filter(|(repository, _)| takes_an_image(repository));
                    self.push(stack, takes.map(|(_, name)| name), faults)?;
                    right.before.memories.push(state);
                }
            }
        }
        Ok(self.emulator.state()?.map(|state| right.before.deployed = state))
    }

    /// Applies the second modules over the first, and plans them again.
    fn apply_over(
        &mut self,
        stacks: &Stacks,
        right: &mut Sides,
        faults: &mut Vec<String>,
    ) -> Result<(), Failure> {
        if let Err(said) = self.presuppose_later(stacks)? {
            right.refused = Some(said);
            return Ok(());
        }
        for stack in &stacks.after {
            let mut memory = json!({});
            if right.refused.is_none() {
                let applied =
                    if stack.has_module() { self.apply(stack)? } else { self.destroy(stack)? };
                match applied {
                    Ok(state) => memory = state,
                    Err(said) => right.refused = Some(said),
                }
            }
            right.after.outputs.push(lane::module_outputs(stack, &memory));
            right.after.memories.push(memory);
        }
        match self.emulator.state()? {
            Ok(state) => right.after.deployed = state,
            Err(said) => faults.push(said),
        }
        if right.refused.is_none() {
            for stack in stacks.after.iter().filter(|stack| stack.has_module()) {
                self.plan_again(stack, faults)?;
            }
        }
        Ok(())
    }

    fn deploy_both(
        &mut self,
        stacks: &Stacks,
        left: &mut Sides,
        faults: &mut Vec<String>,
    ) -> Result<Result<(), Said>, Failure> {
        if let Err(said) = self.begin(&stacks.before)? {
            return Ok(Err(said));
        }
        let mut there = BTreeSet::new();
        for stack in &stacks.before {
            let mut ids = json!({});
            if stack.has_resources() {
                there.insert(stack.name.as_str());
                match self.deploy(stack)? {
                    Err(said) => return Ok(Err(said)),
                    Ok(mut answer) => {
                        ids = answer.get_mut("resources").map(Value::take).unwrap_or_default();
                    }
                }
                let all = stack.resources("AWS::ECR::Repository");
                let names = all
                    .filter(|(_, repository)| takes_an_image(repository))
                    .filter_map(|(id, _)| ids.get(id)?.as_str());
                self.push(stack, names, faults)?;
            }
            left.before.memories.push(ids);
        }
        match self.emulator.state()? {
            Ok(state) => left.before.deployed = state,
            Err(said) => return Ok(Err(said)),
        }
        if let Err(said) = self.presuppose_later(stacks)? {
            return Ok(Err(said));
        }
        for stack in &stacks.after {
            let mut answer = json!({});
            if left.refused.is_none() {
                let said = if stack.has_resources() {
                    self.deploy(stack)?.map(|said| answer = said)
                } else if there.contains(stack.name.as_str()) {
                    // The CDK CLI also deletes a stack without resources.
                    self.emulator.ask("delete", &lane::place(stack))?.map(drop)
                } else {
                    Ok(())
                };
                left.refused = said.err();
            }
            left.after.outputs.push(lane::template_outputs(stack, &answer));
            left.after.memories.push(answer.get("resources").cloned().unwrap_or_default());
        }
        Ok(self.emulator.state()?.map(|state| left.after.deployed = state))
    }

    /// Creates the resources that only the second config imports.
    fn presuppose_later(&mut self, stacks: &Stacks) -> Result<Result<(), Said>, Failure> {
        let mut made = BTreeSet::new();
        for stack in &stacks.before {
            presupposed::by(stack, &mut made);
        }
        for stack in &stacks.after {
            let answer = self.emulator.ask("presuppose", &presupposed::by(stack, &mut made))?;
            if let Err(said) = answer {
                return Ok(Err(said));
            }
        }
        Ok(Ok(()))
    }
}

/// The repositories of a stack, as in the template, with their names in the Terraform state.
fn repositories<'s>(
    stack: &'s Stack,
    state: &'s Value,
) -> impl Iterator<Item = (&'s Value, &'s str)> {
    const BLOCK: &str = "aws_ecr_repository";
    let both = stack.resources("AWS::ECR::Repository").zip(stack.blocks(BLOCK));
    both.filter_map(|((_, repository), (name, _))| {
        Some((repository, names::attribute_of(state, BLOCK, name, "name")?))
    })
}

/// Whether a repository is retained or can be deleted with an image in it.
///
/// All other repositories remain empty: after a failed deletion, the remaining resources depend on
/// the order of deletion.
fn takes_an_image(repository: &Value) -> bool {
    is_retained(repository) || repository.pointer("/Properties/EmptyOnDelete") == Some(&true.into())
}

fn judge(expected: Expected, stacks: &Stacks, [left, right]: [Sides; 2], deployed: &mut Deployed) {
    let faults = &mut deployed.faults;
    let lost = lost_by_terraform(&stacks.before, &right);
    faults.extend(
        lost.into_iter().map(|what| format!("{what} is retained, but Terraform deleted it")),
    );
    let refusals = (left.refused.as_deref(), right.refused.as_deref());
    match (expected, refusals) {
        (Expected::Updated | Expected::UpdatedWherePossible, (None, None)) => {
            let before = [left.before, right.before];
            let after = [left.after, right.after];
            let mut invented = Invented::of(&stacks.before, &before);
            invented.add_later(Invented::of(&stacks.after, &after));
            let [left, right] = &after;
            let states = invented.comparable(&left.deployed, &right.deployed);
            deployed.differences = invented.differences(&stacks.after, &after, &states);
            deployed.states = states;
        }
        (Expected::UpdatedWherePossible, (Some(said), _)) => {
            deployed.refused = Some(said.to_owned());
        }
        (Expected::Renamed(reason), (Some(said), None)) if said.contains(reason) => {
            if right.after.deployed != right.before.deployed {
                let (before, after) = (&right.before.deployed, &right.after.deployed);
                faults.push(format!("Terraform changes {before} to {after}"));
            }
        }
        (Expected::RefusedByTerraform(reason), (None, Some(said))) if said.contains(reason) => {
            if right.after.deployed != right.before.deployed {
                faults.push("Terraform rejects the update, but changes the state".to_owned());
            }
        }
        (expected, (left, right)) => {
            for (by, said) in [("CloudFormation", left), ("Terraform", right)] {
                let said = said.unwrap_or("nothing");
                // Terraform prints the plan before its errors.
                let said = said.find("Error:").and_then(|at| said.get(at..)).unwrap_or(said);
                faults.push(format!("expected {expected:?}: the update with {by} fails: {said}"));
            }
        }
    }
}

/// Retained repositories and keys that are deleted or empty after the update.
fn lost_by_terraform(before: &[Stack], right: &Sides) -> Vec<String> {
    let mut lost = Vec::new();
    for (stack, state) in before.iter().zip(&right.before.memories) {
        let now = right.after.deployed.get(&stack.account).and_then(|all| all.get(&stack.region));
        let found = |kind: &str, name: &str| now.and_then(|now| now.pointer(kind)?.get(name));
        for (_, name) in repositories(stack, state).filter(|(it, _)| is_retained(it)) {
            let images = found("/ecr/repositories", name).and_then(|it| it.get("images"));
            if images != Some(&json!([TAG])) {
                lost.push(format!("the repository {name} with its image"));
            }
        }
        for (name, _) in stack.blocks("aws_kms_key").filter(|(_, block)| is_protected(block)) {
            let id = names::attribute_of(state, "aws_kms_key", name, "key_id").unwrap_or_default();
            let is_enabled =
                found("/kms", id).is_some_and(|key| key.get("state") == Some(&"Enabled".into()));
            if !is_enabled {
                lost.push(format!("the key {name}"));
            }
        }
    }
    lost
}
