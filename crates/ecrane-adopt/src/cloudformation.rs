//! CloudFormation stacks: templates, and what is known about them from elsewhere.

use indexmap::IndexMap;
use serde_json::{Map, Value};

use crate::intrinsics::Scope;
use crate::stack::{Resource, Stack};
use crate::value::Env;

/// What is known about a stack besides its template.
#[derive(Debug, Clone, Default)]
pub(crate) struct Known {
    pub(crate) stack_name: Option<String>,
    pub(crate) env: Env,
    pub(crate) tags: IndexMap<String, String>,
    pub(crate) termination_protection: bool,
    pub(crate) parameters: IndexMap<String, Value>,
}

const BOOTSTRAP: &str = "BootstrapVersion";

impl Stack {
    /// Reads a template. `given` are the parameters of the command line.
    pub(crate) fn new(
        id: &str,
        template: &Map<String, Value>,
        known: Known,
        given: &IndexMap<String, String>,
    ) -> Self {
        let mut parameters = IndexMap::new();
        let declared = template.get("Parameters").and_then(Value::as_object);
        for (name, parameter) in declared.into_iter().flatten() {
            let value = given.get(name).cloned().map(Value::from);
            let value = value.or_else(|| known.parameters.get(name).cloned());
            // The default of a parameter of Systems Manager is its name there, not its value.
            let is_ssm = parameter
                .get("Type")
                .and_then(Value::as_str)
                .is_some_and(|it| it.starts_with("AWS::SSM::"));
            let default = parameter.get("Default").filter(|_| !is_ssm).cloned();
            if let Some(value) = value.or(default) {
                let is_list = parameter
                    .get("Type")
                    .and_then(Value::as_str)
                    .is_some_and(|it| it.starts_with("List<") || it == "CommaDelimitedList");
                let items = value
                    .as_str()
                    .filter(|_| is_list)
                    .map(|text| text.split(',').map(|it| Value::from(it.trim())).collect());
                let value = items.unwrap_or(value);
                parameters.insert(name.clone(), value);
            }
        }
        let scope = Scope {
            parameters: &parameters,
            mappings: template.get("Mappings"),
            conditions: template.get("Conditions"),
            region: known.env.region.as_deref(),
        };
        let mut stack = Self {
            id: id.to_owned(),
            description: template.get("Description").and_then(Value::as_str).map(str::to_owned),
            has_bootstrap_rule: declared.is_some_and(|it| it.contains_key(BOOTSTRAP)),
            ..Self::default()
        };
        for (id, resource) in
            template.get("Resources").and_then(Value::as_object).into_iter().flatten()
        {
            let mut attributes = resource.as_object().cloned().unwrap_or_default();
            let condition = attributes.get("Condition").and_then(Value::as_str);
            match condition.map(|it| scope.condition(it, 0)) {
                // The resource does not exist.
                Some(Some(false)) => continue,
                Some(Some(true)) => {
                    attributes.shift_remove("Condition");
                }
                Some(None) | None => {}
            }
            let kind = match attributes.shift_remove("Type") {
                Some(Value::String(kind)) => kind,
                _ => "resource without a type".to_owned(),
            };
            let properties =
                match attributes.shift_remove("Properties").map(|it| scope.resolve(&it)) {
                    Some(Value::Object(properties)) => properties,
                    _ => Map::new(),
                };
            stack.resources.insert(
                id.clone(),
                Resource { kind, properties, attributes, ..Resource::default() },
            );
        }
        for (id, output) in template.get("Outputs").and_then(Value::as_object).into_iter().flatten()
        {
            let condition = output.get("Condition").and_then(Value::as_str);
            if condition.and_then(|it| scope.condition(it, 0)) == Some(false) {
                continue;
            }
            if let Value::Object(mut output) = scope.resolve(output) {
                output.shift_remove("Condition");
                stack.outputs.insert(id.clone(), output);
            }
        }
        for part in ["Transform", "Hooks"] {
            if template.contains_key(part) {
                stack.other_parts.push(part.to_owned());
            }
        }
        let Known { stack_name, env, tags, termination_protection, .. } = known;
        stack.stack_name = stack_name.filter(|name| name != id);
        Self { env, tags, termination_protection, ..stack }
    }
}

/// A template: as a file, or in the output of `aws cloudformation get-template`.
pub(crate) fn template(mut document: Map<String, Value>) -> Option<Map<String, Value>> {
    match document.remove("TemplateBody") {
        Some(Value::Object(body)) => Some(body),
        Some(Value::String(body)) => ecrane_diff::parse_text(&body)?.as_object().cloned(),
        Some(_) => None,
        None => document.get("Resources").is_some_and(Value::is_object).then_some(document),
    }
}

/// The ID of the stack, as the AWS CDK notes it in the paths of resources.
pub(crate) fn id_in_metadata(template: &Map<String, Value>) -> Option<String> {
    let resources = template.get("Resources")?.as_object()?;
    let path =
        resources.values().find_map(|it| it.get("Metadata")?.get("aws:cdk:path")?.as_str())?;
    path.split('/').next().map(str::to_owned)
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
pub(crate) fn described(stack: &Value) -> Option<(String, Known)> {
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
pub(crate) fn in_assembly(id: &str, artifact: &Value) -> Option<(String, (String, Known))> {
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
