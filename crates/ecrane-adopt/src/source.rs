//! The documents that a config is adopted from, recognized by their content.

use std::collections::BTreeSet;

use ecrane_diff::parse_texts;
use ecrane_document::suggest;
use indexmap::IndexMap;
use serde_json::{Map, Value};

use crate::assembly::{self, Assembly};
use crate::aws_cli::{self, Output};
use crate::cloudformation::{Body, Known, default_name, described, id_in_metadata, template};
use crate::error::SourceError;
use crate::stack::Stack;
use crate::terraform;
use crate::value::PSEUDO_PARAMETERS;

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
    let mut found = Found::default();
    for source in sources {
        found.read(source);
    }
    found.resolve_unknown();
    let mut errors = std::mem::take(&mut found.errors);
    errors.extend(assembly::without_templates(&found.assemblies, &found.templates));
    errors.extend(undeclared(parameters, &found.templates, &found.modules));
    let mut stacks = found.stacks;
    match aws_cli::stacks(found.outputs) {
        Ok(of_accounts) => stacks.extend(of_accounts),
        Err(of_accounts) => errors.extend(of_accounts),
    }
    let templates = described_templates(found.templates, &found.assemblies, found.described);
    let templates = templates.unwrap_or_else(|undescribed| {
        errors.extend(undescribed);
        Vec::new()
    });
    if !errors.is_empty() {
        errors.dedup();
        return Err(errors);
    }
    stacks.extend(found.modules.iter().map(|(key, document)| {
        let id = terraform::noted_id(document).map_or_else(|| stem(file_name(key)), str::to_owned);
        terraform::module(id, document, parameters)
    }));
    terraform::name_by_policies(&mut stacks);
    terraform::name_by_readers(&mut stacks);
    terraform::name_by_tags(&mut stacks);
    let templates = templates.into_iter();
    stacks.extend(templates.map(|it| Stack::new(&it.id, &it.template, it.known, parameters)));
    unique(&mut stacks);
    Ok(stacks)
}

/// What the sources contain, by kind.
#[derive(Default)]
struct Found<'s> {
    /// With the names of their files.
    templates: Vec<(String, Map<String, Value>)>,
    /// By the directory.
    assemblies: IndexMap<String, Assembly>,
    /// Deployed stacks, by name.
    described: IndexMap<String, Known>,
    stacks: Vec<Stack>,
    modules: IndexMap<String, Map<String, Value>>,
    outputs: Vec<Output<'s>>,
    empty: Vec<String>,
    unknown: Vec<(String, Map<String, Value>)>,
    errors: Vec<SourceError>,
}

impl<'s> Found<'s> {
    fn read(&mut self, source: &'s Source) {
        if source.text.trim().is_empty() {
            self.empty.push(source.name.clone());
            return;
        }
        let documents = match parse_texts(&source.text) {
            Ok(documents) => documents,
            Err(error) => {
                self.errors.push(SourceError::of_text(&source.name, error));
                return;
            }
        };
        for document in documents {
            // `aws --output yaml-stream` writes a list of pages.
            let pages = if let Value::Array(pages) = document { pages } else { vec![document] };
            for page in pages {
                match page {
                    Value::Object(document) => self.take(source, document),
                    Value::Null
                    | Value::Bool(_)
                    | Value::Number(_)
                    | Value::String(_)
                    | Value::Array(_) => {
                        self.errors.push(SourceError::Unknown { name: source.name.clone() });
                    }
                }
            }
        }
    }

    fn take(&mut self, source: &'s Source, document: Map<String, Value>) {
        let name = &source.name;
        if let Some(stacks) = document.get("Stacks").and_then(Value::as_array) {
            self.described.extend(stacks.iter().filter_map(described));
        } else if let Some(Value::Object(artifacts)) = document.get("artifacts") {
            self.assemblies.insert(folder(name).to_owned(), Assembly::new(name, artifacts));
        } else if let Some(output) = aws_cli::output(name, &document) {
            self.outputs.push(output);
        } else if terraform::is_state(&document) {
            match terraform::stack(name, stem(file_name(name)), &document) {
                Ok(stack) => self.stacks.push(stack),
                Err(error) => self.errors.push(error),
            }
        } else if document.get("stacks").is_some_and(Value::is_object)
            && document.contains_key("version")
        {
            // The manifest of CDKTF: its modules say the same.
        } else if !document.contains_key("Resources") && terraform::is_module(&document) {
            let key = module_key(name);
            match self.modules.get_mut(&key) {
                Some(module) => merge(module, document),
                None => drop(self.modules.insert(key, document)),
            }
        } else {
            match template(document) {
                Ok(Body::Template(template)) => self.templates.push((name.clone(), template)),
                Ok(Body::Other(document)) => self.unknown.push((name.clone(), document)),
                Err(error) => {
                    let name = format!("{name}#/TemplateBody");
                    self.errors.push(SourceError::of_text(&name, error));
                }
            }
        }
    }

    /// Decides what the other sources tell.
    fn resolve_unknown(&mut self) {
        let assemblies = &self.assemblies;
        let in_assembly = |name: &str| assemblies.get(folder(name)).map(|it| it.stack(name));
        // A stack of a cloud assembly can be without resources.
        for (name, document) in std::mem::take(&mut self.unknown) {
            if in_assembly(&name).flatten().is_some() {
                self.templates.push((name, document));
            } else {
                self.errors.push(SourceError::Unknown { name });
            }
        }
        // What an earlier synthesis left is no part of the assembly, and neither is the template of a
        // nested stack, which is listed as a resource of its parent.
        self.templates.retain(|(name, _)| !matches!(in_assembly(name), Some(None)));
        // The AWS CLI prints nothing if a repository has no lifecycle policy or policy.
        if self.outputs.is_empty() {
            let empty = self.empty.drain(..).map(|name| SourceError::Empty { name });
            self.errors.extend(empty);
        }
    }
}

/// A template with the ID of its stack, and what is known about it.
struct Described {
    id: String,
    known: Known,
    template: Map<String, Value>,
}

/// The templates with their IDs, and what is known about their stacks. It is an error if a template has no
/// description, and there is one that no template has.
fn described_templates(
    templates: Vec<(String, Map<String, Value>)>,
    assemblies: &IndexMap<String, Assembly>,
    mut described: IndexMap<String, Known>,
) -> Result<Vec<Described>, Vec<SourceError>> {
    let is_only = templates.len() == 1 && described.len() == 1;
    let mut read = Vec::new();
    let mut undescribed = Vec::new();
    for (name, template) in templates {
        if let Some((id, known)) = assemblies.get(folder(&name)).and_then(|it| it.stack(&name)) {
            let deployed = described.shift_remove(known.stack_name.as_deref().unwrap_or(id));
            let known = known.clone().with(deployed.unwrap_or_default());
            read.push(Described { id: id.clone(), known, template });
            continue;
        }
        let id = id_in_metadata(&template).unwrap_or_else(|| stem(file_name(&name)));
        let known = match described.shift_remove(&default_name(&id)) {
            None if is_only => described.shift_remove_index(0).map(|(_, it)| it),
            known => known,
        };
        if known.is_none() {
            undescribed.push(name);
        }
        read.push(Described { id, known: known.unwrap_or_default(), template });
    }
    if described.is_empty() || undescribed.is_empty() {
        return Ok(read);
    }
    let known: Vec<String> = described.keys().cloned().collect();
    let errors = undescribed.into_iter();
    Err(errors.map(|name| SourceError::NotDescribed { name, known: known.clone() }).collect())
}

/// The values that are given for parameters that no template or module has.
fn undeclared(
    given: &IndexMap<String, String>,
    templates: &[(String, Map<String, Value>)],
    modules: &IndexMap<String, Map<String, Value>>,
) -> Vec<SourceError> {
    let parameters = templates.iter().map(|(_, it)| it.get("Parameters"));
    let variables = modules.values().map(|it| it.get("variable"));
    let declared = parameters.chain(variables).flatten().filter_map(Value::as_object);
    let declared = declared.flat_map(Map::keys).map(String::as_str);
    let pseudo = PSEUDO_PARAMETERS.into_iter().filter(|_| !templates.is_empty());
    let all: BTreeSet<&str> = declared.chain(pseudo).collect();
    let missing = given.keys().filter(|it| !all.contains(it.as_str()));
    let missing = missing.map(|parameter| SourceError::NoParameter {
        parameter: parameter.clone(),
        suggestion: suggest(parameter, all.iter().copied()).map(str::to_owned),
    });
    missing.collect()
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

pub(crate) fn file_name(path: &str) -> &str {
    path.rsplit(['/', '\\']).next().unwrap_or_default()
}

pub(crate) fn folder(path: &str) -> &str {
    path.strip_suffix(file_name(path)).unwrap_or_default()
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
