//! What a change means for a repository and its images.

use serde_json::Value;

use crate::change::Action;
use crate::stack::{Engine, Resource};

/// Whether resources of a type hold images.
pub(crate) fn is_repository(kind: &str) -> bool {
    matches!(
        kind,
        "AWS::ECR::Repository"
            | "AWS::ECR::PublicRepository"
            | "aws_ecr_repository"
            | "aws_ecrpublic_repository"
    )
}

/// Whether images are deleted, or left behind under another name.
pub(crate) fn loses_images(action: Action) -> bool {
    match action {
        Action::Remove | Action::Replace | Action::MayReplace => true,
        Action::Orphan | Action::Update | Action::Add => false,
    }
}

/// What a change means for the images of a repository, in a sentence.
pub(crate) fn effect(
    engine: Engine,
    address: &str,
    action: Action,
    old: Option<&Resource>,
    new: Option<&Resource>,
) -> Option<String> {
    let old = old.filter(|old| is_repository(&old.kind))?;
    let repository = name(old).unwrap_or(address);
    Some(match (action, engine) {
        (Action::Replace | Action::MayReplace, _) => {
            let verb = if action == Action::Replace { "replaces" } else { "may replace" };
            let rest = replaced(engine, old, new);
            format!("{verb} `{repository}`: its images do not move; {rest}")
        }
        (Action::Remove, _) if empties(old) => {
            format!("deletes `{repository}` and all of its images")
        }
        (Action::Remove, _) => {
            format!("deletes `{repository}`; this fails while it contains images")
        }
        (Action::Orphan, Engine::CloudFormation) => {
            format!("`{repository}` leaves the stack; it stays in the account with its images")
        }
        (Action::Orphan, Engine::Terraform) => {
            format!("`{repository}` leaves the state; it stays in the account with its images")
        }
        (Action::Update | Action::Add, _) => return None,
    })
}

/// What happens to the repository that is replaced.
fn replaced(engine: Engine, old: &Resource, new: Option<&Resource>) -> &'static str {
    let same_name = name(old).is_some() && name(old) == new.and_then(name);
    match engine {
        // "CloudFormation cannot update a stack when a custom-named resource requires replacing."
        Engine::CloudFormation if same_name => {
            "CloudFormation refuses to replace a repository that keeps its name"
        }
        Engine::CloudFormation => {
            // The new template decides what happens to the old resource.
            let policy = new.and_then(|new| new.attributes.get("UpdateReplacePolicy"));
            if policy.and_then(Value::as_str).is_some_and(|policy| policy.starts_with("Retain")) {
                "the old repository stays in the account, outside the stack"
            } else if empties(old) {
                "the old repository is deleted with them"
            } else {
                "the old repository is deleted, which fails while it contains images"
            }
        }
        Engine::Terraform => {
            let lifecycle = new.and_then(|new| new.attributes.get("lifecycle"));
            let prevents = lifecycle.is_some_and(|it| {
                [it.pointer("/prevent_destroy"), it.pointer("/0/prevent_destroy")]
                    .contains(&Some(&Value::Bool(true)))
            });
            if prevents {
                "`prevent_destroy` stops the plan"
            } else if empties(old) {
                "the old repository is deleted with them"
            } else {
                "the old repository is deleted, which fails while it contains images"
            }
        }
    }
}

/// Whether deleting the repository deletes its images first.
fn empties(resource: &Resource) -> bool {
    let flag = |key| resource.properties.get(key).is_some_and(|it| matches!(it, Value::Bool(true)));
    flag("EmptyOnDelete") || flag("force_delete") || flag("force_destroy")
}

/// The physical name, where the document gives one.
pub(crate) fn name(resource: &Resource) -> Option<&str> {
    let argument = match resource.kind.as_str() {
        "AWS::ECR::Repository" | "AWS::ECR::PublicRepository" => "RepositoryName",
        "aws_ecrpublic_repository" => "repository_name",
        _ => "name",
    };
    resource.properties.get(argument)?.as_str()
}
