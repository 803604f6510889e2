//! What is written can be read: every document, and every text in it that is a language of its own.

use serde_json::Value;

use crate::cases::{Case, Fault, Verdict, check};
use crate::json;
use crate::rendered::Rendered;
use crate::string_template::{Expression, Part, parse};

#[test]
fn every_text_is_well_formed() {
    check(60, |Case { config, setup, .. }: &Case| -> Result<Verdict, Fault> {
        let rendered = match Rendered::new(config, *setup) {
            Ok(rendered) => rendered,
            Err(refused) => return Ok(Verdict::Refused(refused)),
        };
        for stack in &rendered.stacks {
            let read = |text: &str| serde_json::from_str(text).map_err(|e| e.to_string());
            template(&read(&stack.template)?)
                .map_err(|fault| format!("template of {}: {fault}", stack.id))?;
            module(&read(&stack.module)?, false)
                .map_err(|fault| format!("module of {}: {fault}", stack.id))?;
        }
        for text in rendered.manifest.iter().chain([&rendered.assembly]) {
            serde_json::from_str::<Value>(text).map_err(|error| error.to_string())?;
        }
        Ok(Verdict::Holds)
    });
}

/// The properties of a template that hold JSON in a text.
const JSON_PROPERTIES: [&str; 4] =
    ["LifecyclePolicyText", "LifecyclePolicy", "RepositoryPolicy", "Input"];

/// The arguments of a module that hold JSON in a text.
const JSON_ARGUMENTS: [&str; 6] = [
    "policy",
    "assume_role_policy",
    "event_pattern",
    "input",
    "lifecycle_policy",
    "repository_policy",
];

fn template(document: &Value) -> Result<(), String> {
    only_keys(document, &["Description", "Resources", "Outputs", "Parameters", "Rules"])?;
    for (id, resource) in json::entries(&document["Resources"]) {
        let named = |fault| format!("{id}: {fault}");
        let keys = ["Type", "Properties", "DependsOn", "DeletionPolicy", "UpdateReplacePolicy"];
        only_keys(resource, &keys).map_err(named)?;
        json::text(&resource["Type"]).map_err(named)?;
        functions(&resource["Properties"]).map_err(named)?;
    }
    for (id, output) in json::entries(&document["Outputs"]) {
        let named = |fault| format!("{id}: {fault}");
        only_keys(output, &["Value", "Description", "Export"]).map_err(named)?;
        text_with_functions(&output["Value"]).map_err(named)?;
        if !output["Export"].is_null() {
            json::text(&output["Export"]["Name"]).map_err(named)?;
        }
    }
    Ok(())
}

/// Looks for intrinsic functions, and for JSON in texts.
fn functions(value: &Value) -> Result<(), String> {
    match value {
        Value::Array(items) => items.iter().try_for_each(functions),
        Value::Object(entries) => {
            if entries.keys().any(|key| is_function(key)) {
                return text_with_functions(value).map(drop);
            }
            for (key, value) in entries {
                functions(value)?;
                if JSON_PROPERTIES.contains(&key.as_str()) && !is_plain_object(value) {
                    let text = text_with_functions(value)?;
                    serde_json::from_str::<Value>(&text)
                        .map_err(|error| format!("{key}: {error} in {text}"))?;
                }
            }
            Ok(())
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Ok(()),
    }
}

fn is_function(key: &str) -> bool {
    key == "Ref" || key.starts_with("Fn::")
}

fn is_plain_object(value: &Value) -> bool {
    value.as_object().is_some_and(|entries| !entries.keys().any(|key| is_function(key)))
}

/// The text that a value comes to, with a word for each reference: the shapes of functions are those
/// of the AWS CloudFormation template reference.
fn text_with_functions(value: &Value) -> Result<String, String> {
    let wrong = || format!("malformed: {value}");
    let entries = match value {
        Value::String(text) => return Ok(text.clone()),
        Value::Object(entries) if entries.len() == 1 => entries,
        _ => return Err(wrong()),
    };
    let (name, argument) = entries.iter().next().ok_or_else(wrong)?;
    let arguments = argument.as_array().map(Vec::as_slice);
    match (name.as_str(), arguments) {
        ("Ref" | "Fn::ImportValue", None) => json::text(argument).map(|_| "word".to_owned()),
        ("Fn::GetAtt", Some([Value::String(_), Value::String(_)])) => Ok("word".to_owned()),
        ("Fn::Join", Some([Value::String(between), Value::Array(parts)])) if parts.len() > 1 => {
            let parts: Result<Vec<_>, _> = parts.iter().map(text_with_functions).collect();
            Ok(parts?.join(between))
        }
        ("Fn::Select", Some([Value::Number(index), list])) if index.is_u64() => {
            only_keys(list, &["Fn::Split"])?;
            let [Value::String(between), whole] = json::items(&list["Fn::Split"]) else {
                return Err(wrong());
            };
            if between.is_empty() {
                return Err(wrong());
            }
            text_with_functions(whole).map(|_| "word".to_owned())
        }
        ("Fn::GetStackOutput", None) => {
            only_keys(argument, &["StackName", "Region", "OutputName"])?;
            json::text(&argument["StackName"])?;
            json::text(&argument["OutputName"])?;
            text_with_functions(&argument["Region"]).map(|_| "word".to_owned())
        }
        _ => Err(wrong()),
    }
}

fn only_keys(object: &Value, keys: &[&str]) -> Result<(), String> {
    let object = object.as_object().ok_or_else(|| format!("no object: {object}"))?;
    match object.keys().find(|key| !keys.contains(&key.as_str())) {
        Some(key) => Err(format!("unknown key `{key}`")),
        None => Ok(()),
    }
}

/// Every text of a module is a template, but for comments.
fn module(value: &Value, is_json: bool) -> Result<(), String> {
    match value {
        Value::String(text) => {
            let text = known(&parse(text)?);
            if is_json {
                serde_json::from_str::<Value>(&text)
                    .map_err(|error| format!("{error} in {text}"))?;
            }
            Ok(())
        }
        Value::Array(items) => items.iter().try_for_each(|item| module(item, false)),
        Value::Object(entries) => {
            for (key, value) in entries.iter().filter(|(key, _)| *key != "//") {
                if parse(key)?.iter().any(|part| matches!(part, Part::Expression(_))) {
                    return Err(format!("an expression in the key {key}"));
                }
                let is_json = JSON_ARGUMENTS.contains(&key.as_str());
                module(value, is_json).map_err(|fault| format!("{key}: {fault}"))?;
            }
            Ok(())
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => Ok(()),
    }
}

/// The text of a template, with a word for each reference.
fn known(parts: &[Part]) -> String {
    let part = |part: &Part| match part {
        Part::Text(text) | Part::Expression(Expression::Dollars(text)) => text.clone(),
        Part::Expression(Expression::Reference(_) | Expression::ArnField(..)) => "word".to_owned(),
    };
    parts.iter().map(part).collect()
}
