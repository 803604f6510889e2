//! What both backends have come to, held against each other.

use serde_json::Value;

use super::difference;
use super::lane::Deployed;
use super::names::{self, Renamed};
use super::rendered::{Stack, is_protected, is_retained};

/// What one backend has come to.
#[derive(Debug, Default)]
pub(super) struct Side {
    /// What the emulator or Terraform remembers of each stack.
    pub(super) memories: Vec<Value>,
    /// What the outputs of each stack are.
    pub(super) outputs: Vec<Vec<Value>>,
    pub(super) deployed: Value,
    /// What was left after the deletion; nothing where none was tried.
    pub(super) deleted: Option<Value>,
}

/// What `removalPolicy` is a property of, as templates and as modules have it.
const RETAINED: [(&str, &str); 2] =
    [("AWS::ECR::Repository", "aws_ecr_repository"), ("AWS::KMS::Key", "aws_kms_key")];

/// Adds what is not the same on both sides.
pub(super) fn compare(stacks: &[Stack], [left, right]: &[Side; 2], deployed: &mut Deployed) {
    let mut invented: [Vec<Renamed>; 2] = Default::default();
    for (stack, (ids, state)) in stacks.iter().zip(left.memories.iter().zip(&right.memories)) {
        for (all, found) in invented.iter_mut().zip(names::invented(stack, ids, state)) {
            all.extend(found);
        }
    }
    let comparable = |left: &Value, right: &Value| {
        let [left_names, right_names] = &invented;
        let mut both = [names::rename(left, left_names), names::rename(right, right_names)];
        both.iter_mut().for_each(difference::sort_sets);
        both
    };
    let mut add = |name: &[&str], [left, right]: &[Value; 2]| {
        for mut found in difference::differences(left, right) {
            found.place.splice(0..0, name.iter().map(ToString::to_string));
            deployed.differences.push(found);
        }
    };
    let states = comparable(&left.deployed, &right.deployed);
    add(&[], &states);
    let outputs = stacks.iter().zip(left.outputs.iter().zip(&right.outputs));
    // What is not deployed has no outputs.
    for (stack, (left, right)) in outputs.filter(|(stack, _)| stack.has_resources()) {
        let outputs = comparable(&left.as_slice().into(), &right.as_slice().into());
        add(&["outputs", &stack.name], &outputs);
    }
    // Where a deletion is refused, it is by chance what has gone before that.
    let goes = |stack: &Stack| !stack.retains() && !stack.keeps_images();
    if let (Some(left), Some(right)) = (&left.deleted, &right.deleted)
        && stacks.iter().all(goes)
    {
        add(&["after the deletion"], &comparable(left, right));
    }
    deployed.states = states;
    deployed.faults.extend(retention(stacks, left));
}

/// What is retained on one side only, and what is retained and gone.
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
                    faults.push(format!("{id} of {} is retained and gone", stack.name));
                }
            }
        }
    }
    faults
}
