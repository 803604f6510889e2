//! Root modules of Terraform in JSON.

use ecrane_diff::instance_address;
use ecrane_terraform::Layout;
use indexmap::IndexMap;
use serde_json::{Map, Value, json};

use super::assemble::{Assembly, Instance};
use super::documents::{iam_policy, lifecycle_policy};
use super::expression::{Names, Word, evaluated, inner, unknown};
use super::fake;
use super::links::Links;
use super::stack_names::remote_states;
use super::translate::Values;
use crate::error::{NotAdopted, SourceAddress};
use crate::stack::{Origin, Stack};
use crate::value::{Env, list};

/// Whether a document is a root module in JSON.
pub(crate) fn is_module(document: &Map<String, Value>) -> bool {
    ["resource", "terraform", "provider"].iter().any(|it| document.contains_key(*it))
}

/// The ID of the stack that CDKTF notes in a module.
pub(crate) fn noted_id(document: &Map<String, Value>) -> Option<&str> {
    document.get("//")?.pointer("/metadata/stackName")?.as_str()
}

/// Arguments that control Terraform.
const META: [&str; 7] =
    ["//", "count", "for_each", "depends_on", "lifecycle", "provider", "provisioner"];

/// The stack of a root module. `parameters` are values of its variables.
pub(crate) fn module(
    id: String,
    document: &Map<String, Value>,
    parameters: &IndexMap<String, String>,
) -> Stack {
    let layout = if noted_id(document).is_some() { Layout::Cdktf } else { Layout::Plain };
    let module = Module { document, parameters, each: None, count: None };
    let origin = Origin::Terraform(layout);
    // Nobody but a program writes JSON.
    let mut stack = Stack { id, origin, is_module: true, ..Stack::default() };
    let comment = document.get("//");
    let comment = comment.and_then(|it| it.as_str().or_else(|| it.get("description")?.as_str()));
    stack.description = comment.map(str::to_owned);
    let mut refused = Vec::new();
    module.provider(&mut stack);
    module.settings(&mut stack);
    for section in ["module", "moved", "removed", "import", "check"] {
        for name in names_in(document.get(section)) {
            let reason = if section == "module" {
                "a module; pass the state or a plan, which has its resources"
            } else {
                "a config has no such block"
            };
            let address = SourceAddress::from(format!("{section}.{name}"));
            refused.push(NotAdopted::Inexpressible { address, reason: reason.to_owned() });
        }
    }
    let instances = module.instances(&mut refused);
    let links = Links::new(instances.iter().map(Instance::parts), Env::default());
    let mut assembly = Assembly { stack, links, refused, values: Values::Module };
    assembly.add_all(&instances, &Map::new());
    let Assembly { mut stack, refused, .. } = assembly;
    for (name, output) in document.get("output").and_then(Value::as_object).into_iter().flatten() {
        let Some(block) = block(output) else { continue };
        let value = evaluated(block.get("value").unwrap_or(&Value::Null), &module, 0);
        stack.exports.push((name.clone(), value.clone()));
        let mut output = Map::from_iter([("Value".to_owned(), value)]);
        if let Some(description) = block.get("description") {
            output.insert("Description".to_owned(), evaluated(description, &module, 0));
        }
        stack.outputs.insert(name.clone(), output);
    }
    if let Some(Value::Object(blocks)) = document.get("resource") {
        stack.blocks.clone_from(blocks);
    }
    stack.remote_states = remote_states(document);
    stack.refused = refused;
    stack.deployed = fake::state(&instances, &stack.env);
    stack
}

/// The names of blocks, for messages.
fn names_in(section: Option<&Value>) -> Vec<String> {
    match section {
        Some(Value::Object(named)) => named.keys().cloned().collect(),
        Some(Value::Array(blocks)) => (0..blocks.len()).map(|it| it.to_string()).collect(),
        Some(Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_)) | None => {
            Vec::new()
        }
    }
}

/// A block: an object, or a list of one.
pub(super) fn block(value: &Value) -> Option<&Map<String, Value>> {
    match value {
        Value::Object(block) => Some(block),
        Value::Array(blocks) => match blocks.as_slice() {
            [only] => block(only),
            _ => None,
        },
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => None,
    }
}

/// A module, with the instance whose arguments are read.
#[derive(Clone)]
struct Module<'m> {
    document: &'m Map<String, Value>,
    parameters: &'m IndexMap<String, String>,
    each: Option<(String, Value)>,
    count: Option<usize>,
}

impl<'m> Module<'m> {
    fn section(&self, section: &str, kind: &str, name: &str) -> Option<&'m Map<String, Value>> {
        block(self.document.get(section)?.get(kind)?.get(name)?)
    }

    fn instances(&self, refused: &mut Vec<NotAdopted>) -> Vec<Instance> {
        let mut instances = Vec::new();
        let kinds = self.document.get("resource").and_then(Value::as_object).into_iter().flatten();
        for (kind, named) in kinds {
            for (name, value) in named.as_object().into_iter().flatten() {
                let address = SourceAddress::from(format!("{kind}.{name}"));
                let mut refuse = |property: &str, reason: &str| {
                    let (address, reason) = (address.property(property), reason.to_owned());
                    refused.push(NotAdopted::Inexpressible { address, reason });
                };
                let Some(block) = block(value) else {
                    refuse("", "not a block");
                    continue;
                };
                if let Some(provider) =
                    block.get("provider").filter(|it| *it != "aws" && *it != "awscc")
                {
                    refuse(
                        "provider",
                        &format!("another provider than that of the stack: {provider}"),
                    );
                    continue;
                }
                let of_lifecycle = block.get("lifecycle").map(list).unwrap_or_default();
                let of_lifecycle = of_lifecycle.into_iter().filter_map(Value::as_object).flatten();
                let mut is_protected = false;
                for (name, value) in of_lifecycle {
                    if name == "prevent_destroy" {
                        is_protected = *value == true;
                    } else {
                        refuse(&format!("lifecycle.{name}"), "a config has no such setting");
                    }
                }
                let Some(keys) = self.keys(block) else {
                    refuse("", "the keys of its `for_each` or `count` are unknown");
                    continue;
                };
                for (key, each) in keys {
                    let count = key.as_ref().and_then(Value::as_u64);
                    let count = count.and_then(|it| usize::try_from(it).ok());
                    let inside = Self { each, count, ..self.clone() };
                    let given = block.iter().filter(|(name, _)| !META.contains(&name.as_str()));
                    let values = given.map(|(name, it)| (name.clone(), evaluated(it, &inside, 0)));
                    let path = block.get("//").and_then(|it| it.pointer("/metadata/path"));
                    let path = path.and_then(Value::as_str).and_then(|it| it.split_once('/'));
                    instances.push(Instance {
                        address: instance_address(None, kind, name, key.as_ref()),
                        kind: kind.clone(),
                        values: values.collect(),
                        is_protected,
                        path: path.map(|(_, path)| path.to_owned()),
                    });
                }
            }
        }
        instances
    }

    /// The keys of the instances of a resource, and the values of `each`.
    #[expect(clippy::type_complexity, reason = "a key, and what `each` is for it")]
    fn keys(
        &self,
        block: &Map<String, Value>,
    ) -> Option<Vec<(Option<Value>, Option<(String, Value)>)>> {
        if let Some(each) = block.get("for_each") {
            let keyed = |key: &str, value: &Value| {
                (Some(Value::from(key)), Some((key.to_owned(), value.clone())))
            };
            let each = evaluated(each, self, 0);
            if let Some(items) = each.as_array() {
                return items.iter().map(|it| Some(keyed(it.as_str()?, it))).collect();
            }
            let entries = each.as_object().filter(|it| !it.contains_key("Fn::Terraform"))?;
            return Some(entries.iter().map(|(key, it)| keyed(key, it)).collect());
        }
        let Some(count) = block.get("count") else { return Some(vec![(None, None)]) };
        let count = evaluated(count, self, 0);
        let count = count.as_u64().or_else(|| count.as_str()?.parse().ok())?;
        Some((0..count).map(|index| (Some(index.into()), None)).collect())
    }

    /// The account, region and tags of the provider.
    fn provider(&self, stack: &mut Stack) {
        let providers = self.document.get("provider").and_then(|it| it.get("aws")).map(list);
        let mut providers = providers.into_iter().flatten().filter_map(Value::as_object);
        let Some(provider) = providers.find(|it| !it.contains_key("alias")) else { return };
        let text = |value: Option<&Value>| evaluated(value?, self, 0).as_str().map(str::to_owned);
        stack.env.region = text(provider.get("region"));
        let accounts = provider.get("allowed_account_ids").and_then(Value::as_array);
        if let Some([account]) = accounts.map(Vec::as_slice) {
            stack.env.account = text(Some(account));
        }
        let tags = provider.get("default_tags").and_then(|it| block(it)?.get("tags"));
        if let Some(Value::Object(tags)) = tags.map(|it| evaluated(it, self, 0)) {
            let tags =
                tags.into_iter().filter_map(|(key, it)| Some((key, it.as_str()?.to_owned())));
            stack.tags = tags.collect();
        }
        let mut rest = provider.clone();
        for taken in ["region", "allowed_account_ids", "default_tags", "//"] {
            rest.shift_remove(taken);
        }
        if !rest.is_empty() {
            stack.settings.insert("provider".to_owned(), rest.into());
        }
    }

    /// The versions and the backend.
    fn settings(&self, stack: &mut Stack) {
        let Some(terraform) = self.document.get("terraform").and_then(block) else { return };
        let mut set = |key: &str, value: &Value| {
            stack.settings.insert(key.to_owned(), value.clone());
        };
        let providers = terraform.get("required_providers").and_then(block);
        let version = providers.and_then(|it| it.get("aws")?.get("version"));
        // ecrane writes this version.
        if let Some(version) = version.filter(|it| *it != ">= 5.100.0") {
            set("awsProvider", version);
        }
        if let Some(version) = terraform.get("required_version") {
            set("requiredVersion", version);
        }
        let Some((kind, arguments)) =
            terraform.get("backend").and_then(|it| block(it)?.iter().next())
        else {
            return;
        };
        let path = arguments.get("path").and_then(Value::as_str);
        // Where CDKTF puts it, and ecrane in the same layout.
        let is_default = kind == "local"
            && path.is_some_and(|it| it.ends_with(&format!("terraform.{}.tfstate", stack.id)));
        if let Some(arguments) = block(arguments).filter(|_| !is_default) {
            let backend = json!({ kind: arguments });
            stack.settings.insert("backend".to_owned(), backend);
        }
    }

    fn data(&self, words: &[Word], depth: usize) -> Option<Value> {
        let (kind, name) = (words.first()?.name()?, words.get(1)?.name()?);
        let attribute = words.get(2)?.name()?;
        let pseudo = match (kind, attribute) {
            ("aws_caller_identity", "account_id" | "id") => Some("AWS::AccountId"),
            ("aws_region", "name" | "region" | "id") => Some("AWS::Region"),
            ("aws_partition", "partition" | "id") => Some("AWS::Partition"),
            ("aws_partition", "dns_suffix") => Some("AWS::URLSuffix"),
            _ => None,
        };
        if let Some(pseudo) = pseudo {
            return Some(json!({ "Ref": pseudo }));
        }
        if kind == "terraform_remote_state" && attribute == "outputs" {
            let output = words.get(3)?.name()?;
            return Some(json!({ "Fn::ImportValue": import(name, output) }));
        }
        let block = self.section("data", kind, name)?;
        let arguments = block.iter().map(|(name, it)| (name.clone(), evaluated(it, self, depth)));
        let arguments: Map<String, Value> = arguments.collect();
        match (kind, attribute) {
            ("aws_iam_policy_document", "json" | "minified_json") => iam_policy(&arguments),
            ("aws_ecr_lifecycle_policy_document", "json") => lifecycle_policy(&arguments),
            _ => arguments.get(attribute).cloned(),
        }
    }

    fn resource(&self, kind: &str, words: &[Word], depth: usize) -> Option<Value> {
        let name = words.first()?.name()?;
        let block = self.section("resource", kind, name)?;
        let (key, rest) = match words.get(1)? {
            Word::Key(key) => (Some(key), words.get(2..)?),
            Word::Name(_) => (None, words.get(1..)?),
        };
        if key.is_none() && (block.contains_key("count") || block.contains_key("for_each")) {
            return None;
        }
        let address = instance_address(None, kind, name, key);
        let attribute = rest.first()?.name()?;
        Some(match attribute {
            "arn" => json!({ "Fn::GetAtt": [address, "Arn"] }),
            "repository_url" => json!({ "Fn::GetAtt": [address, "RepositoryUri"] }),
            "registry_id" => json!({ "Ref": "AWS::AccountId" }),
            "id" | "name" | "repository_name" | "key_id" => json!({ "Ref": address }),
            other => inner(evaluated(block.get(other)?, self, depth), rest.get(1..)?)?,
        })
    }
}

/// The name of an import of an output, by the name of the data source.
pub(crate) fn import(data_source: &str, output: &str) -> String {
    format!("terraform_remote_state/{data_source}/{output}")
}

impl Names for Module<'_> {
    fn value(&self, words: &[Word], depth: usize) -> Option<Value> {
        let (first, rest) = words.split_first()?;
        match first.name()? {
            "var" => {
                let (name, rest) = rest.split_first()?;
                if let Some(given) = self.parameters.get(name.name()?) {
                    return inner(given.as_str().into(), rest);
                }
                let variable = block(self.document.get("variable")?.get(name.name()?)?)?;
                // A default is no template.
                inner(variable.get("default")?.clone(), rest)
            }
            "local" => {
                let (name, rest) = rest.split_first()?;
                let locals = block(self.document.get("locals")?)?;
                inner(evaluated(locals.get(name.name()?)?, self, depth + 1), rest)
            }
            "each" => {
                let (key, value) = self.each.as_ref()?;
                match rest.first()?.name()? {
                    "key" => Some(key.as_str().into()),
                    "value" => inner(value.clone(), rest.get(1..)?),
                    _ => None,
                }
            }
            "count" if *rest == [Word::Name("index".to_owned())] => Some(self.count?.into()),
            "data" => self.data(rest, depth + 1),
            kind => self.resource(kind, rest, depth + 1),
        }
        .filter(|it| *it != unknown("…"))
    }
}
