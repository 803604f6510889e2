//! The documents that a config is adopted from, recognized by their content.

use indexmap::IndexMap;
use serde_json::{Map, Value};

use crate::cloudformation::Known;
use crate::error::SourceError;
use crate::stack::Stack;
use crate::value::Env;

/// A document that describes what exists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// The file name, from which the ID of a stack follows if nothing else names the stack.
    pub name: String,
    /// The content.
    pub text: String,
}

/// The stacks of the sources.
pub(crate) fn read(
    sources: &[Source],
    parameters: &IndexMap<String, String>,
) -> Result<Vec<Stack>, Vec<SourceError>> {
    let mut templates: Vec<(String, Map<String, Value>)> = Vec::new();
    let mut known: IndexMap<String, Known> = IndexMap::new();
    let mut by_file: IndexMap<String, (String, Known)> = IndexMap::new();
    let mut errors = Vec::new();
    for source in sources {
        let Some(value) = ecrane_diff::parse_text(&source.text) else {
            errors.push(SourceError::Syntax { name: source.name.clone() });
            continue;
        };
        let Value::Object(document) = value else {
            errors.push(SourceError::Unknown { name: source.name.clone() });
            continue;
        };
        if let Some(stacks) = document.get("Stacks").and_then(Value::as_array) {
            known.extend(stacks.iter().filter_map(described));
        } else if let Some(Value::Object(artifacts)) = document.get("artifacts") {
            by_file.extend(artifacts.iter().filter_map(|(id, artifact)| in_assembly(id, artifact)));
        } else if let Some(template) = template(document) {
            templates.push((source.name.clone(), template));
        } else {
            errors.push(SourceError::Unknown { name: source.name.clone() });
        }
    }
    if !errors.is_empty() {
        return Err(errors);
    }
    let is_only = templates.len() == 1 && known.len() == 1;
    let stacks = templates.into_iter().map(|(name, template)| {
        let file = name.rsplit(['/', '\\']).next().unwrap_or_default();
        if let Some((id, known)) = by_file.get(file) {
            return Stack::new(id, &template, known.clone(), parameters);
        }
        let id = id_in_metadata(&template).unwrap_or_else(|| stem(file));
        let known =
            if is_only { known.first().map(|(_, it)| it.clone()) } else { known.get(&id).cloned() };
        Stack::new(&id, &template, known.unwrap_or_default(), parameters)
    });
    Ok(stacks.collect())
}

/// A template: as a file, or in the output of `aws cloudformation get-template`.
fn template(mut document: Map<String, Value>) -> Option<Map<String, Value>> {
    match document.remove("TemplateBody") {
        Some(Value::Object(body)) => Some(body),
        Some(Value::String(body)) => ecrane_diff::parse_text(&body)?.as_object().cloned(),
        Some(_) => None,
        None => document.get("Resources").is_some_and(Value::is_object).then_some(document),
    }
}

/// The ID of the stack, as the AWS CDK notes it in the paths of resources.
fn id_in_metadata(template: &Map<String, Value>) -> Option<String> {
    let resources = template.get("Resources")?.as_object()?;
    let path =
        resources.values().find_map(|it| it.get("Metadata")?.get("aws:cdk:path")?.as_str())?;
    path.split('/').next().map(str::to_owned)
}

/// A construct ID from a file name.
fn stem(file: &str) -> String {
    let stem = [
        ".template.json",
        ".json",
        ".template.yaml",
        ".template.yml",
        ".yaml",
        ".yml",
        ".template",
    ]
    .iter()
    .find_map(|it| file.strip_suffix(it))
    .unwrap_or(file);
    let id: String =
        stem.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    let id = id.trim_matches('-');
    if id.starts_with(|c: char| c.is_ascii_alphabetic()) {
        id.to_owned()
    } else {
        format!("Stack{id}")
    }
}

fn tags(value: Option<&Value>) -> IndexMap<String, String> {
    let tags = value.and_then(Value::as_array).into_iter().flatten();
    let part = |tag: &Value, key: &str| {
        let lower = key.to_ascii_lowercase();
        tag.get(key).or(tag.get(&lower)).and_then(Value::as_str).map(str::to_owned)
    };
    tags.filter_map(|tag| part(tag, "Key").zip(part(tag, "Value"))).collect()
}

/// A stack of `aws cloudformation describe-stacks`.
fn described(stack: &Value) -> Option<(String, Known)> {
    let text = |key: &str| stack.get(key).and_then(Value::as_str);
    let name = text("StackName")?.to_owned();
    // arn:aws:cloudformation:eu-west-1:111122223333:stack/Shop/…
    let mut fields = text("StackId").unwrap_or_default().split(':').skip(3).map(str::to_owned);
    let (region, account) = (fields.next(), fields.next());
    let parameters = stack.get("Parameters").and_then(Value::as_array).into_iter().flatten();
    let parameters = parameters.filter_map(|it| {
        let value = it.get("ResolvedValue").or(it.get("ParameterValue"))?;
        Some((it.get("ParameterKey")?.as_str()?.to_owned(), value.clone()))
    });
    let known = Known {
        stack_name: Some(name.clone()),
        env: Env { account, region },
        tags: tags(stack.get("Tags")),
        termination_protection: stack.get("EnableTerminationProtection")
            == Some(&Value::Bool(true)),
        parameters: parameters.collect(),
    };
    Some((name, known))
}

/// A stack of a cloud assembly (`cdk.out/manifest.json`), by the file of its template.
fn in_assembly(id: &str, artifact: &Value) -> Option<(String, (String, Known))> {
    if artifact.get("type")?.as_str()? != "aws:cloudformation:stack" {
        return None;
    }
    let properties = artifact.get("properties")?;
    let file = properties.get("templateFile")?.as_str()?.to_owned();
    let environment = artifact.get("environment").and_then(Value::as_str).unwrap_or_default();
    let mut env = environment.strip_prefix("aws://").unwrap_or_default().split('/');
    let mut known = || env.next().filter(|it| !it.starts_with("unknown-")).map(str::to_owned);
    let (account, region) = (known(), known());
    let name = properties.get("stackName").and_then(Value::as_str);
    let known = Known {
        stack_name: Some(name.unwrap_or(id).to_owned()),
        env: Env { account, region },
        tags: properties
            .get("tags")
            .and_then(Value::as_object)
            .into_iter()
            .flatten()
            .filter_map(|(key, value)| Some((key.clone(), value.as_str()?.to_owned())))
            .collect(),
        termination_protection: properties.get("terminationProtection") == Some(&Value::Bool(true)),
        parameters: IndexMap::new(),
    };
    Some((file, (id.to_owned(), known)))
}
