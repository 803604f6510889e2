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
