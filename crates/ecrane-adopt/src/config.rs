//! The config that a draft amounts to.

use std::collections::BTreeMap;

use indexmap::IndexMap;
use serde_json::{Map, Value, json};

use crate::construct_id::ConstructIds;
use crate::draft::{Draft, Out, Verbatim, Way};
use crate::error::NotAdopted;
use crate::event;
use crate::grant;
use crate::identity;
use crate::output::output;
use crate::reader::Reader;
use crate::registry;
use crate::repository;
use crate::stack::{Origin, Stack};

/// Reads all resources of the stacks.
pub(crate) fn draft<'s>(
    stacks: &'s [Stack],
    way: Way,
    ids: &'s ConstructIds,
    verbatim: &'s Verbatim,
) -> Draft<'s> {
    let mut draft = Draft::new(stacks, way, ids, verbatim);
    for (index, stack) in stacks.iter().enumerate() {
        for (logical, resource) in &stack.resources {
            let Some(named) = draft.named(index, logical).cloned() else { continue };
            let read = match resource.kind.as_str() {
                "AWS::ECR::Repository" => repository::repository,
                "AWS::KMS::Key" => repository::key,
                "AWS::ECR::PublicRepository" => repository::public_repository,
                "AWS::ECR::PullThroughCacheRule" => registry::cache_rule,
                "AWS::ECR::RepositoryCreationTemplate" => registry::creation_template,
                "AWS::ECR::PullTimeUpdateExclusion" => registry::exclusion,
                _ => identity::identity,
            };
            let reader = Reader::new(&draft, index, logical, resource);
            read(&mut draft, reader, &named);
        }
        for comment in &stack.comments {
            draft.comment(index, &[], comment.as_str());
        }
        for part in &stack.other_parts {
            draft.refuse(part, "a config has no such part");
        }
    }
    // Existing identities first: policies of repositories name them.
    let policies = identity::policies(&mut draft);
    reread_policies(&mut draft);
    for (index, stack) in stacks.iter().enumerate() {
        for (logical, resource) in &stack.resources {
            let reader = Reader::new(&draft, index, logical, resource);
            match resource.kind.as_str() {
                "AWS::Events::Rule" => event::rule(&mut draft, reader),
                "AWS::KMS::Alias" => repository::alias(&mut draft, reader),
                _ if identity::is_policy(resource)
                    || draft.named(index, logical).is_some()
                    || registry::single(&mut draft, reader) => {}
                "AWS::CDK::Metadata" => {
                    let address = logical.as_str().into();
                    draft.refused.push(NotAdopted::CdkMetadata { address });
                }
                kind => {
                    let (address, kind) = (logical.as_str().into(), kind.to_owned());
                    draft.refused.push(NotAdopted::Foreign { address, kind });
                }
            }
        }
    }
    grant::grants(&mut draft, policies);
    for (index, stack) in stacks.iter().enumerate() {
        for (logical, it) in &stack.outputs {
            output(&mut draft, index, logical, it);
        }
    }
    draft
}

/// Reads the policies of repositories again where they name existing identities.
fn reread_policies(draft: &mut Draft<'_>) {
    let imported = draft.imported.clone();
    // By ARN alone, as other stacks see them.
    let mut anywhere: BTreeMap<&str, String> = BTreeMap::new();
    for ((stack, arn), id) in &imported {
        let stack = draft.stacks.get(*stack).map_or("", |it| &it.id);
        anywhere.entry(arn).or_insert_with(|| format!("{stack}/{id}"));
    }
    for stack in 0..draft.out.len() {
        for repository in draft.out(stack).repositories.values_mut() {
            // With a condition, a principal is no identity of the config.
            let plain = repository.statements.iter_mut().filter(|it| it.conditions.is_none());
            for statement in plain {
                for principal in &mut statement.principals {
                    let arn = principal.get("arn").and_then(Value::as_str).map(str::to_owned);
                    let Some(arn) = arn else { continue };
                    let key = (stack, arn);
                    let id = imported.get(&key).or_else(|| anywhere.get(key.1.as_str()));
                    if let Some(id) = id {
                        *principal = id.as_str().into();
                    }
                }
            }
        }
    }
}

/// The config, without `compatibility`.
pub(crate) fn config(draft: &mut Draft<'_>) -> Map<String, Value> {
    let mut stacks = Map::new();
    for (index, stack) in draft.stacks.iter().enumerate() {
        let tags = common_tags(stack);
        let out = std::mem::take(draft.out(index));
        stacks.insert(stack.id.clone(), element(stack, out, &tags).into());
    }
    let mut config = Map::new();
    let has_settings = |it: &Value| it.pointer("/registry/accountSettings").is_some();
    let is_account = |it: &Stack| it.origin == Origin::Account;
    if draft.stacks.iter().any(is_account) && stacks.values().any(has_settings) {
        let comment = "CloudFormation has no resource type for account settings".to_owned();
        draft.comments.entry(vec!["backend".to_owned()]).or_default().push(comment);
        config.insert("backend".to_owned(), "terraform".into());
    }
    config.insert("stacks".to_owned(), stacks.into());
    config
}

/// The tags of a stack. In Terraform, roles and users have no tags of their own in a config, so the tags that they
/// share with all other resources are those of the stack.
fn common_tags(stack: &Stack) -> IndexMap<String, String> {
    if !stack.tags.is_empty() || stack.origin == Origin::CloudFormation {
        return stack.tags.clone();
    }
    let tags = |kinds: &[&str]| {
        let resources = stack.resources.values().filter(|it| kinds.contains(&it.kind.as_str()));
        let tags = resources.map(|it| {
            let tags = it.properties.get("Tags").and_then(Value::as_array).into_iter().flatten();
            let part =
                |tag: &Value, key: &str| tag.get(key).and_then(Value::as_str).map(str::to_owned);
            tags.filter_map(|it| part(it, "Key").zip(part(it, "Value"))).collect::<Vec<_>>()
        });
        tags.collect::<Vec<_>>()
    };
    let identities = tags(&["AWS::IAM::Role", "AWS::IAM::User"]);
    let all = [identities.clone(), tags(&["AWS::ECR::Repository"])].concat();
    let Some(first) = identities.first() else { return IndexMap::new() };
    let is_common =
        |tag: &&(String, String)| tag.0 != "aws-cdk:id" && all.iter().all(|it| it.contains(tag));
    first.iter().filter(is_common).cloned().collect()
}

fn element(stack: &Stack, out: Out, tags: &IndexMap<String, String>) -> Map<String, Value> {
    let mut element = Map::new();
    let mut insert = |key: &str, value: Value| {
        let is_empty = match &value {
            Value::Null => true,
            Value::Object(entries) => entries.is_empty(),
            Value::Array(items) => items.is_empty(),
            Value::Bool(_) | Value::Number(_) | Value::String(_) => false,
        };
        if !is_empty {
            element.insert(key.to_owned(), value);
        }
    };
    insert("stackName", json!(stack.stack_name));
    insert("description", json!(stack.description));
    let mut env = Map::new();
    for (key, value) in [("account", &stack.env.account), ("region", &stack.env.region)] {
        if let Some(value) = value {
            env.insert(key.to_owned(), value.as_str().into());
        }
    }
    insert("env", env.into());
    insert("tags", json!(tags));
    if stack.termination_protection {
        insert("terminationProtection", true.into());
    }
    insert("keys", out.keys.into());
    insert("principals", out.principals.into());
    let mut repositories = Map::new();
    for (id, repository) in out.repositories {
        let mut element = repository.element;
        // What it shares with roles and users is a tag of the stack, unless the source says those.
        if stack.tags.is_empty()
            && let Some(Value::Object(own)) = element.get_mut("tags")
        {
            own.retain(|key, value| tags.get(key).is_none_or(|it| *value != *it));
            if own.is_empty() {
                element.shift_remove("tags");
            }
        }
        for (key, value) in
            [("grants", repository.grants.into()), ("events", Value::from(repository.events))]
        {
            let is_empty = value.as_array().is_some_and(Vec::is_empty)
                || value.as_object().is_some_and(Map::is_empty);
            if !is_empty {
                element.insert(key.to_owned(), value);
            }
        }
        for key in repository::LAST {
            if let Some(value) = element.shift_remove(key) {
                element.insert(key.to_owned(), value);
            }
        }
        repositories.insert(id, element.into());
    }
    insert("repositories", repositories.into());
    let mut tokens = Map::new();
    for (key, ids) in [("private", out.private_tokens), ("publicGallery", out.public_tokens)] {
        if !ids.is_empty() {
            tokens.insert(key.to_owned(), ids.into());
        }
    }
    insert("authorizationTokens", tokens.into());
    insert("registry", out.registry.into());
    insert("terraform", stack.settings.clone().into());
    insert("publicRepositories", out.public_repositories.into());
    insert("outputs", out.outputs.into());
    element
}
