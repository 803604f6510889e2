//! Compares the results of both backends.

use serde_json::Value;

use super::difference::{self, Difference};
use super::lane::Deployed;
use super::names::{self, Renamed};
use super::rendered::{Stack, is_protected, is_retained};

/// The result of one backend.
#[derive(Debug, Default)]
pub(super) struct Side {
    /// The stored state of each stack, in the emulator or in Terraform.
    pub(super) memories: Vec<Value>,
    /// The outputs of each stack.
    pub(super) outputs: Vec<Vec<Value>>,
    pub(super) deployed: Value,
    /// The AWS state after the deletion, if one was tried.
    pub(super) deleted: Option<Value>,
}

/// The resource types with `removalPolicy`, as CloudFormation and Terraform types.
const RETAINED: [(&str, &str); 2] =
    [("AWS::ECR::Repository", "aws_ecr_repository"), ("AWS::KMS::Key", "aws_kms_key")];

/// Generated names, on the side of CloudFormation and on the side of Terraform.
#[derive(Debug, Default)]
pub(super) struct Invented([Vec<Renamed>; 2]);

impl Invented {
    pub(super) fn of(stacks: &[Stack], [left, right]: &[Side; 2]) -> Self {
        let mut invented = Self::default();
        for (stack, (ids, state)) in stacks.iter().zip(left.memories.iter().zip(&right.memories)) {
            for (all, found) in invented.0.iter_mut().zip(names::invented(stack, ids, state)) {
                all.extend(found);
            }
        }
        invented
    }

    /// Adds the names of an update. Existing names remain.
    pub(super) fn add_later(&mut self, later: Self) {
        for (all, later) in self.0.iter_mut().zip(later.0) {
            all.extend(later.into_iter().map(|renamed| Renamed {
                name: format!("{} after the update", renamed.name),
                ..renamed
            }));
        }
    }

    /// Both documents, with generated names replaced and sets sorted.
    pub(super) fn comparable(&self, left: &Value, right: &Value) -> [Value; 2] {
        let Self([left_names, right_names]) = self;
        let mut both = [names::rename(left, left_names), names::rename(right, right_names)];
        both.iter_mut().for_each(difference::sort_sets);
        both
    }

    /// The differences of the states and of the outputs.
    pub(super) fn differences(
        &self,
        stacks: &[Stack],
        [left, right]: &[Side; 2],
        states: &[Value; 2],
    ) -> Vec<Difference> {
        let mut found = below(&[], states);
        let outputs = stacks.iter().zip(left.outputs.iter().zip(&right.outputs));
        // A stack that is not deployed has no outputs.
        for (stack, (left, right)) in outputs.filter(|(stack, _)| stack.has_resources()) {
            let outputs = self.comparable(&left.as_slice().into(), &right.as_slice().into());
            found.extend(below(&["outputs", &stack.name], &outputs));
        }
        found
    }
}

/// The differences of two documents at a place.
fn below(place: &[&str], [left, right]: &[Value; 2]) -> Vec<Difference> {
    let mut found = difference::differences(left, right);
    for difference in &mut found {
        difference.place.splice(0..0, place.iter().map(ToString::to_string));
    }
    found
}

/// Adds everything that differs between the two sides.
pub(super) fn compare(stacks: &[Stack], sides: &[Side; 2], deployed: &mut Deployed) {
    let invented = Invented::of(stacks, sides);
    let [left, right] = sides;
    let states = invented.comparable(&left.deployed, &right.deployed);
    deployed.differences.extend(invented.differences(stacks, sides, &states));
    // After a failed deletion, the remaining resources depend on the order of deletion.
    let goes = |stack: &Stack| !stack.retains() && !stack.keeps_images();
    if let (Some(left), Some(right)) = (&left.deleted, &right.deleted)
        && stacks.iter().all(goes)
    {
        let deleted = invented.comparable(left, right);
        deployed.differences.extend(below(&["after the deletion"], &deleted));
    }
    deployed.states = states;
    deployed.faults.extend(retention(stacks, left));
}

/// Resources that are retained on one side only, and retained resources that do not exist any more.
fn retention(stacks: &[Stack], cloudformation: &Side) -> Vec<String> {
    let mut faults = Vec::new();
    let left = cloudformation.deleted.as_ref().map(Value::to_string).unwrap_or_default();
    for (stack, ids) in stacks.iter().zip(&cloudformation.memories) {
        for (kind, block) in RETAINED {
            let retained: Vec<_> =
                stack.resources(kind).filter(|(_, resource)| is_retained(resource)).collect();
            let protected = stack.blocks(block).filter(|(_, block)| is_protected(block)).count();
            if retained.len() != protected {
                faults.push(format!(
                    "the template of {} retains {} of {kind}, its module {protected} of {block}",
                    stack.name,
                    retained.len()
                ));
            }
            for id in retained.iter().filter_map(|(id, _)| ids.get(id)?.as_str()) {
                if !left.contains(&Value::from(id).to_string()) {
                    faults.push(format!("{id} of {} is retained, but was deleted", stack.name));
                }
            }
        }
    }
    faults
}
