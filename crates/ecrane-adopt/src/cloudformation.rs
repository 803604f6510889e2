//! CloudFormation stacks: templates, and what is known about them from elsewhere.

use std::mem;

use ecrane_core::ConstructPath;
use ecrane_diff::{TextError, parse_text};
use indexmap::IndexMap;
use serde_json::{Map, Number, Value};

use crate::error::{NotAdopted, SourceAddress};
use crate::for_each;
use crate::intrinsics::Scope;
use crate::reader::REMOVAL_POLICIES;
use crate::stack::{Resource, Stack};
use crate::value::{Env, list, reference, text};

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
        mut known: Known,
        given: &IndexMap<String, String>,
    ) -> Self {
        for (name, value) in [
            ("AWS::AccountId", &mut known.env.account),
            ("AWS::Region", &mut known.env.region),
            ("AWS::StackName", &mut known.stack_name),
        ] {
            if let Some(given) = given.get(name) {
                *value = Some(given.clone());
            }
        }
        let mut choices = Vec::new();
        let declared = template.get("Parameters").and_then(Value::as_object);
        let parameters = parameters(declared, &known, given, &mut choices);
        let scope = Scope {
            parameters: &parameters,
            mappings: template.get("Mappings"),
            conditions: template.get("Conditions"),
            env: &known.env,
            stack_name: known.stack_name.as_deref(),
        };
        let section = |name: &str| template.get(name).and_then(Value::as_object);
        let section = |name: &str| {
            section(name).map(|it| for_each::written_out(it, &scope)).unwrap_or_default()
        };
        let mut stack = Self {
            id: id.to_owned(),
            description: template.get("Description").and_then(Value::as_str).map(str::to_owned),
            has_bootstrap_rule: declared.is_some_and(|it| it.contains_key(BOOTSTRAP)),
            ..Self::default()
        };
        for section in ["Parameters", "Mappings", "Conditions"] {
            let names = template.get(section).and_then(Value::as_object).into_iter();
            stack.declared.extend(names.flat_map(Map::keys).cloned());
        }
        let conditions = template.get("Conditions").and_then(Value::as_object).into_iter();
        stack.undecided = conditions
            .flat_map(Map::keys)
            .filter(|it| scope.condition(it, 0).is_none())
            .map(|it| (it.clone(), scope.unknown_in(it)))
            .collect();
        if !choices.is_empty() {
            let choices = choices.join("; ");
            stack.comments.push(format!("Parameters of the template: {choices}"));
        }
        for (id, resource) in &section("Resources") {
            let attributes = resource.as_object().cloned().unwrap_or_default();
            stack.add_resource(id, attributes, &scope);
        }
        for (id, output) in &section("Outputs") {
            stack.add_output(id, output, &scope);
        }
        stack.name_aliases();
        stack.other_parts = other_parts(template);
        let Known { stack_name, env, tags, termination_protection, .. } = known;
        let stack_name = stack_name.unwrap_or_else(|| default_name(id));
        stack.stack_name = Some(stack_name).filter(|name| name != id);
        Self { env, tags, termination_protection, ..stack }
    }
}

const NO_MAP: &str = "its `Properties` are not a map";

/// Takes the type and the properties of a resource.
fn typed(
    attributes: &mut Map<String, Value>,
) -> Result<(String, Map<String, Value>), &'static str> {
    let Some(Value::String(kind)) = attributes.shift_remove("Type") else {
        return Err("it has no `Type`, and is no resource");
    };
    match attributes.shift_remove("Properties") {
        None | Some(Value::Null) => Ok((kind, Map::new())),
        Some(Value::Object(properties)) => Ok((kind, properties)),
        Some(_) => Err(NO_MAP),
    }
}

/// Whether a config can describe resources of a type.
fn is_config_type(kind: &Value) -> bool {
    let services = ["AWS::ECR::", "AWS::Events::", "AWS::IAM::", "AWS::KMS::"];
    kind.as_str().is_some_and(|kind| services.iter().any(|it| kind.starts_with(it)))
}

/// Whether a config can have a resource of a type, so that others can refer to it.
fn is_known(kind: &str) -> bool {
    let others = ["AWS::KMS::Key", "AWS::IAM::Role", "AWS::IAM::User", "AWS::IAM::Group"];
    kind.starts_with("AWS::ECR::") || others.contains(&kind)
}

/// The values of the parameters of a template: those that are given, known or the default.
fn parameters(
    declared: Option<&Map<String, Value>>,
    known: &Known,
    given: &IndexMap<String, String>,
    choices: &mut Vec<String>,
) -> IndexMap<String, Value> {
    let mut parameters = IndexMap::new();
    for (name, parameter) in declared.into_iter().flatten() {
        let value = given.get(name).cloned().map(Value::from);
        let value = value.or_else(|| known.parameters.get(name).cloned());
        // The default of a parameter of Systems Manager is its name there, not its value.
        let is_ssm = parameter
            .get("Type")
            .and_then(Value::as_str)
            .is_some_and(|it| it.starts_with("AWS::SSM::"));
        let default = parameter.get("Default").filter(|_| !is_ssm).cloned();
        let is_default = value.is_none();
        if let Some(value) = value.or(default) {
            if name != BOOTSTRAP {
                let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
                let default = if is_default { ", its default" } else { "" };
                choices.push(format!("{name} is {text:?}{default}"));
            }
            let is_list = parameter
                .get("Type")
                .and_then(Value::as_str)
                .is_some_and(|it| it.starts_with("List<") || it == "CommaDelimitedList");
            let text = value.as_str();
            let items = text
                .filter(|_| is_list)
                .map(|text| text.split(',').map(|it| Value::from(it.trim())).collect());
            // The command line and `describe-stacks` have texts, and the default is a number.
            let is_number = parameter.get("Type").is_some_and(|it| it == "Number");
            let number = text.filter(|_| is_number).and_then(|it| it.parse::<Number>().ok());
            let value = items.or(number.map(Value::from)).unwrap_or(value);
            parameters.insert(name.clone(), value);
        }
    }
    parameters
}

impl Stack {
    fn add_resource(&mut self, id: &str, mut attributes: Map<String, Value>, scope: &Scope<'_>) {
        let condition = attributes.get("Condition").and_then(Value::as_str);
        match condition.map(|it| scope.condition(it, 0)) {
            // The resource does not exist.
            Some(Some(false)) => return,
            Some(None) if attributes.get("Type").is_some_and(is_config_type) => {
                let condition = condition.unwrap_or_default().to_owned();
                self.refuse_undecided(id.into(), &condition);
                self.declared.insert(id.to_owned());
                return;
            }
            // One of another type is listed for that, and not for its condition.
            Some(_) | None => {
                attributes.shift_remove("Condition");
            }
        }
        for policy in REMOVAL_POLICIES {
            if let Some(value) = attributes.get_mut(policy) {
                *value = scope.resolve(value);
            }
        }
        let read = typed(&mut attributes).and_then(|(kind, written)| {
            let properties = scope.resolve(&written.clone().into());
            let Value::Object(properties) = properties else { return Err(NO_MAP) };
            Ok((kind, properties, written))
        });
        let (kind, properties, written) = match read {
            Ok(read) => read,
            Err(reason) => {
                let (address, reason) = (id.into(), reason.to_owned());
                self.refused.push(NotAdopted::Inexpressible { address, reason });
                return;
            }
        };
        if !is_known(&kind) {
            self.declared.insert(id.to_owned());
        }
        let resource = Resource { kind, properties, written, attributes, ..Resource::default() };
        self.resources.insert(id.to_owned(), resource);
    }

    fn add_output(&mut self, id: &str, output: &Value, scope: &Scope<'_>) {
        let condition = output.get("Condition").and_then(Value::as_str);
        match condition.map(|it| (it, scope.condition(it, 0))) {
            Some((_, Some(false))) => return,
            Some((condition, None)) => {
                let address = SourceAddress::from("Outputs").property(id);
                self.refuse_undecided(address, condition);
                return;
            }
            Some((_, Some(true))) | None => {}
        }
        if let Value::Object(mut output) = scope.resolve(output) {
            output.shift_remove("Condition");
            self.outputs.insert(id.to_owned(), output);
        }
    }

    /// Refuses what exists only under a condition whose value is unknown.
    fn refuse_undecided(&mut self, address: SourceAddress, condition: &str) {
        let parameters = self.undecided.get(condition).cloned().unwrap_or_default();
        let condition = condition.to_owned();
        self.refused.push(NotAdopted::Condition { address, condition, parameters });
    }

    /// Writes the name of an alias where a repository refers to it: that is what ECR gets.
    fn name_aliases(&mut self) {
        let name = |stack: &Self, id: &str| {
            let alias = stack.resources.get(id).filter(|it| it.kind == "AWS::KMS::Alias")?;
            text(alias.properties.get("AliasName")?, &stack.env)
        };
        for at in 0..self.resources.len() {
            let key = |it: &Resource| {
                let configuration = it.properties.get("EncryptionConfiguration")?;
                reference(configuration.get("KmsKey")?).map(|(id, _)| id.to_owned())
            };
            let named = self.resources.get_index(at).and_then(|(_, it)| key(it));
            let Some(name) = named.and_then(|id| name(self, &id)) else { continue };
            if let Some((_, resource)) = self.resources.get_index_mut(at)
                && let Some(place) = resource.properties.get_mut("EncryptionConfiguration")
                && let Some(place) = place.get_mut("KmsKey")
            {
                *place = name.into();
            }
        }
    }
}

/// The parts of a template that can change resources or that do something of their own. The
/// transforms that say nothing about the resources here are none of them.
fn other_parts(template: &Map<String, Value>) -> Vec<String> {
    let is_harmless = |transform: &&Value| {
        ["AWS::Serverless-2016-10-31", "AWS::LanguageExtensions"]
            .iter()
            .any(|it| **transform == *it)
    };
    let transforms = template.get("Transform").into_iter().flat_map(list);
    let transforms = transforms.filter(|it| !is_harmless(it));
    let name = |it: &Value| it.get("Name").unwrap_or(it).as_str().unwrap_or_default().to_owned();
    let transforms = transforms.map(|it| format!("Transform.{}", name(it)));
    let rules = template.get("Rules").and_then(Value::as_object).into_iter().flat_map(Map::keys);
    let rules = rules.filter(|it| *it != "CheckBootstrapVersion").map(|it| format!("Rules.{it}"));
    let hooks = template.get("Hooks").and_then(Value::as_object).into_iter().flat_map(Map::keys);
    transforms.chain(rules).chain(hooks.map(|it| format!("Hooks.{it}"))).collect()
}

/// What a document is.
pub(crate) enum Body {
    Template(Map<String, Value>),
    /// Another document, as it is.
    Other(Map<String, Value>),
}

/// Finds the template: as a file, or in the output of `aws cloudformation get-template`.
pub(crate) fn template(mut document: Map<String, Value>) -> Result<Body, TextError> {
    let body = match document.get_mut("TemplateBody").map(Value::take) {
        Some(Value::String(body)) => parse_text(&body)?,
        Some(body) => body,
        None if document.get("Resources").is_some_and(Value::is_object) => {
            mem::take(&mut document).into()
        }
        None => Value::Null,
    };
    Ok(if let Value::Object(body) = body { Body::Template(body) } else { Body::Other(document) })
}

/// The ID of the stack, as the AWS CDK notes it in the paths of resources: what is before the path that
/// the logical ID of a resource derives from, which is more than one part below a stage.
pub(crate) fn id_in_metadata(template: &Map<String, Value>) -> Option<String> {
    let resources = template.get("Resources")?.as_object()?.iter();
    let noted = |(id, it): (&'_ String, &Value)| {
        Some((id.clone(), it.get("Metadata")?.get("aws:cdk:path")?.as_str()?.to_owned()))
    };
    let paths: Vec<(String, String)> = resources.filter_map(noted).collect();
    let before = |(logical, path): &(String, String)| {
        path.match_indices('/').find_map(|(at, _)| {
            let (stack, below) = path.split_at_checked(at)?;
            let below = ConstructPath::try_from(below.strip_prefix('/')?).ok()?;
            (below.logical_id() == *logical).then(|| stack.to_owned())
        })
    };
    let first = || paths.first()?.1.split('/').next().map(str::to_owned);
    paths.iter().find_map(before).or_else(first)
}

/// The name that the AWS CDK gives a stack with an ID.
pub(crate) fn default_name(id: &str) -> String {
    id.replace('/', "-")
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
