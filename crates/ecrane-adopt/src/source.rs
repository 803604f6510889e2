//! The documents that a config is adopted from, recognized by their content.

use std::collections::BTreeSet;

use ecrane_diff::parse_texts;
use indexmap::IndexMap;
use serde_json::{Map, Value};

use crate::aws_cli;
use crate::cloudformation::{Body, Known, described, id_in_metadata, in_assembly, template};
use crate::error::SourceError;
use crate::stack::Stack;
use crate::terraform;

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
    let mut stacks = Vec::new();
    let mut modules: IndexMap<String, Map<String, Value>> = IndexMap::new();
    let mut outputs = Vec::new();
    let mut empty = Vec::new();
    let mut unknown = Vec::new();
    let mut errors = Vec::new();
    for source in sources {
        if source.text.trim().is_empty() {
            empty.push(source.name.clone());
            continue;
        }
        let documents = match parse_texts(&source.text) {
            Ok(documents) => documents,
            Err(error) => {
                errors.push(SourceError::of_text(&source.name, error));
                continue;
            }
        };
        for value in documents {
            let Value::Object(document) = value else {
                errors.push(SourceError::Unknown { name: source.name.clone() });
                continue;
            };
            if let Some(stacks) = document.get("Stacks").and_then(Value::as_array) {
                known.extend(stacks.iter().filter_map(described));
            } else if let Some(Value::Object(artifacts)) = document.get("artifacts") {
                by_file.extend(
                    artifacts.iter().filter_map(|(id, artifact)| in_assembly(id, artifact)),
                );
            } else if let Some(output) = aws_cli::output(&source.name, &document) {
                outputs.push(output);
            } else if terraform::is_state(&document) {
                match terraform::stack(&source.name, stem(file_name(&source.name)), &document) {
                    Ok(stack) => stacks.push(stack),
                    Err(error) => errors.push(error),
                }
            } else if document.get("stacks").is_some_and(Value::is_object)
                && document.contains_key("version")
            {
                // The manifest of CDKTF: its modules say the same.
            } else if !document.contains_key("Resources") && terraform::is_module(&document) {
                let key = module_key(&source.name);
                match modules.get_mut(&key) {
                    Some(module) => merge(module, document),
                    None => drop(modules.insert(key, document)),
                }
            } else {
                match template(document) {
                    Ok(Body::Template(template)) => templates.push((source.name.clone(), template)),
                    Ok(Body::Other(document)) => unknown.push((source.name.clone(), document)),
                    Err(error) => {
                        let name = format!("{}#/TemplateBody", source.name);
                        errors.push(SourceError::of_text(&name, error));
                    }
                }
            }
        }
    }
    // A stack of a cloud assembly can be without resources.
    for (name, document) in unknown {
        if by_file.contains_key(file_name(&name)) {
            templates.push((name, document));
        } else {
            errors.push(SourceError::Unknown { name });
        }
    }
    // The AWS CLI prints nothing if a repository has no lifecycle policy or policy.
    if outputs.is_empty() {
        errors.extend(empty.into_iter().map(|name| SourceError::Unknown { name }));
    }
    match aws_cli::stacks(outputs) {
        Ok(found) => stacks.extend(found),
        Err(found) => errors.extend(found),
    }
    if !errors.is_empty() {
        return Err(errors);
    }
    stacks.extend(modules.iter().map(|(key, document)| {
        let id = terraform::noted_id(document).map_or_else(|| stem(file_name(key)), str::to_owned);
        terraform::module(id, document, parameters)
    }));
    terraform::name_by_policies(&mut stacks);
    terraform::name_by_readers(&mut stacks);
    terraform::name_by_tags(&mut stacks);
    let is_only = templates.len() == 1 && known.len() == 1;
    stacks.extend(templates.into_iter().map(|(name, template)| {
        let file = file_name(&name);
        if let Some((id, known)) = by_file.get(file) {
            return Stack::new(id, &template, known.clone(), parameters);
        }
        let id = id_in_metadata(&template).unwrap_or_else(|| stem(file));
        let known =
            if is_only { known.first().map(|(_, it)| it.clone()) } else { known.get(&id).cloned() };
        Stack::new(&id, &template, known.unwrap_or_default(), parameters)
    }));
    unique(&mut stacks);
    Ok(stacks)
}

/// The path that tells which module a file belongs to: the files of a directory are one.
fn module_key(path: &str) -> String {
    let path = path.replace('\\', "/");
    match path.rsplit_once('/') {
        Some((folder, file)) if file.ends_with(".tf.json") => folder.to_owned(),
        _ => path.strip_suffix(".tf.json").unwrap_or(&path).to_owned(),
    }
}

/// Adds the blocks of another file of a module.
fn merge(module: &mut Map<String, Value>, other: Map<String, Value>) {
    for (key, value) in other {
        match (module.get_mut(&key), value) {
            (Some(Value::Object(module)), Value::Object(other)) => merge(module, other),
            (Some(Value::Array(module)), Value::Array(other)) => module.extend(other),
            (_, value) => {
                module.insert(key, value);
            }
        }
    }
}

fn file_name(path: &str) -> &str {
    path.rsplit(['/', '\\']).next().unwrap_or_default()
}

/// Numbers the stacks whose IDs are those of others.
fn unique(stacks: &mut [Stack]) {
    let mut taken = BTreeSet::new();
    for stack in stacks {
        let mut number = 2;
        let id = stack.id.clone();
        while !taken.insert(stack.id.clone()) {
            stack.id = format!("{id}{number}");
            number += 1;
        }
    }
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
        ".tfstate",
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
