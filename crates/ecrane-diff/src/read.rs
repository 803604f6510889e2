//! Reads documents, and detects by their content what they are.

use indexmap::IndexMap;
use serde_json::{Map, Value};

use crate::error::ReadError;
use crate::stack::{Origin, Resource, Stack};
use crate::terraform;
use crate::text::parse_text;

/// A document that describes what is deployed.
#[derive(Debug, Clone, PartialEq)]
#[expect(clippy::large_enum_variant, reason = "there is one document at a time")]
pub enum Document {
    /// One stack: a template, a module, a state or a plan.
    Stack(Stack),
    /// Several files by their paths, as `ecrane synth --stdout` prints them.
    Files(IndexMap<String, Stack>),
}

impl Document {
    /// Reads a document, and detects by its content what it is.
    ///
    /// It reads CloudFormation templates in JSON or YAML; the output of
    /// `aws cloudformation get-template`; root modules of Terraform in JSON; states and plans as
    /// `terraform show -json` prints them, and state files; and the object of files that
    /// `ecrane synth --stdout` prints. Of a plan, it reads the state that the plan starts from.
    ///
    /// ```
    /// use ecrane_diff::{Document, Engine};
    ///
    /// let text = r#"{ "Resources": { "App": { "Type": "AWS::ECR::Repository" } } }"#;
    /// let Document::Stack(stack) = Document::parse(text)? else { unreachable!() };
    /// assert_eq!(stack.engine(), Engine::CloudFormation);
    /// let text = "Resources:\n  App: { Type: AWS::ECR::Repository }\n";
    /// assert_eq!(Document::parse(text)?, Document::Stack(stack));
    /// # Ok::<(), ecrane_diff::ReadError>(())
    /// ```
    ///
    /// # Errors
    /// If the text is none of these, or is malformed.
    pub fn parse(text: &str) -> Result<Self, ReadError> {
        Self::from_json(value(text, "the document")?)
    }

    /// Does the same as [`Document::parse`] for JSON that is already parsed.
    ///
    /// # Errors
    /// As [`Document::parse`].
    pub fn from_json(value: Value) -> Result<Self, ReadError> {
        let Value::Object(document) = value else { return Err(ReadError::Unknown) };
        if !document.is_empty() && document.keys().all(|path| is_output(path)) {
            let files = document.into_iter().filter(|(path, _)| is_stack(path));
            let files = files.map(|(path, value)| match Self::from_json(value)? {
                Self::Stack(stack) => Ok((path, stack)),
                Self::Files(_) => Err(ReadError::Unknown),
            });
            return Ok(Self::Files(files.collect::<Result<_, _>>()?));
        }
        stack(document).map(Self::Stack)
    }
}

/// Whether a file of an output directory describes a stack: `<stack>.template.json`,
/// `<stack>/main.tf.json` or `stacks/<stack>/cdk.tf.json`. The module of a stack with targets is below
/// `modules` in both layouts.
pub fn is_stack(path: &str) -> bool {
    path.ends_with(".template.json")
        || path.ends_with("/main.tf.json")
        || path.ends_with("/cdk.tf.json")
}

/// Whether a key is the path of a file that ecrane writes.
fn is_output(path: &str) -> bool {
    is_stack(path)
        || path == "manifest.json"
        || path.ends_with(".stack-set.json")
        || path.starts_with("stack-set-templates/")
        || path.ends_with("/target.tf.json")
        || path.ends_with(".assets.json")
        || path == "tree.json"
}

/// The sections of a template (CloudFormation user guide, "Template sections").
const SECTIONS: [&str; 11] = [
    "AWSTemplateFormatVersion",
    "Conditions",
    "Description",
    "Hooks",
    "Mappings",
    "Metadata",
    "Outputs",
    "Parameters",
    "Resources",
    "Rules",
    "Transform",
];

fn stack(mut document: Map<String, Value>) -> Result<Stack, ReadError> {
    match document.remove("TemplateBody") {
        Some(Value::Object(body)) => return template(body, Origin::DeployedTemplate),
        Some(Value::String(body)) => {
            return template(self::body(&body)?, Origin::DeployedTemplate);
        }
        Some(_) => return Err(malformed("template", "TemplateBody", "a template")),
        None => {}
    }
    // The template of a stack without resources has other sections, or none.
    if document.keys().all(|key| SECTIONS.contains(&key.as_str())) {
        template(document, Origin::Template)
    } else if document.contains_key("format_version") {
        terraform::shown(document)
    } else if document.contains_key("terraform_version") && document.contains_key("lineage") {
        terraform::state_file(&document)
    } else if ["terraform", "resource", "provider"].iter().any(|key| document.contains_key(*key)) {
        terraform::module(document)
    } else {
        Err(ReadError::Unknown)
    }
}

/// The template in a text.
fn body(text: &str) -> Result<Map<String, Value>, ReadError> {
    if let Value::Object(body) = value(text, "the text in `TemplateBody`")? {
        Ok(body)
    } else {
        Err(malformed("template", "TemplateBody", "a template"))
    }
}

fn value(text: &str, part: &'static str) -> Result<Value, ReadError> {
    parse_text(text).map_err(|error| ReadError::of_text(part, error))
}

fn template(mut document: Map<String, Value>, origin: Origin) -> Result<Stack, ReadError> {
    if let Some(body) = of_stack_set(&document) {
        return template(self::body(body)?, origin);
    }
    let mut stack = Stack::new(origin);
    let resources = match document.remove("Resources") {
        None => Map::new(),
        Some(Value::Object(resources)) => resources,
        Some(_) => return Err(malformed("template", "Resources", "an object")),
    };
    let mut section = |name| match document.remove(name) {
        Some(Value::Object(entries)) => entries,
        _ => Map::new(),
    };
    stack.around.outputs = section("Outputs");
    stack.around.parameters = section("Parameters");
    stack.around.conditions = section("Conditions");
    for (id, value) in resources {
        // `Fn::ForEach` stands for resources that only CloudFormation knows.
        if id.starts_with("Fn::") {
            return Err(malformed("template", &format!("Resources.{id}"), "a resource"));
        }
        let Value::Object(mut attributes) = value else {
            return Err(malformed("template", &format!("Resources.{id}"), "an object"));
        };
        let Some(Value::String(kind)) = attributes.remove("Type") else {
            return Err(malformed("template", &format!("Resources.{id}.Type"), "a string"));
        };
        let properties = match attributes.remove("Properties") {
            None | Some(Value::Null) => Map::new(),
            Some(Value::Object(properties)) => properties,
            Some(_) => {
                let part = format!("Resources.{id}.Properties");
                return Err(malformed("template", &part, "an object"));
            }
        };
        if stack.id.is_none() {
            let path = attributes.get("Metadata").and_then(|it| it.get("aws:cdk:path"));
            let id = path.and_then(Value::as_str).and_then(|path| path.split('/').next());
            stack.id = id.map(str::to_owned);
        }
        stack.resources.insert(id, Resource { kind, properties, attributes });
    }
    Ok(stack)
}

/// The template that a template deploys as a stack set, if it is a part of it.
fn of_stack_set(document: &Map<String, Value>) -> Option<&str> {
    let mut resources = document.get("Resources")?.as_object()?.values();
    let (resource, None) = (resources.next()?, resources.next()) else { return None };
    if resource.get("Type")? != "AWS::CloudFormation::StackSet" {
        return None;
    }
    resource.pointer("/Properties/TemplateBody")?.as_str()
}

pub(crate) fn malformed(document: &'static str, part: &str, expected: &'static str) -> ReadError {
    ReadError::Malformed { document, part: part.to_owned(), expected }
}
