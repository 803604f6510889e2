//! The documents of an app with every reference followed: each becomes JSON without expressions.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use crate::json;
use crate::rendered::Rendered;
use crate::string_template;
use crate::world::{Deployed, Site};

/// The documents of an app, as they are written.
pub(crate) struct Deployment {
    pub(crate) stacks: Vec<Stack>,
    /// The exports and outputs of templates, and the outputs of modules, that something refers to.
    used: RefCell<BTreeSet<(usize, String)>>,
    /// The data sources of modules that something refers to.
    used_data: RefCell<BTreeSet<(usize, String)>>,
}

/// A stack: its template and its module, and where it goes.
pub(crate) struct Stack {
    pub(crate) id: String,
    pub(crate) name: String,
    site: Site,
    /// Where it goes, as far as the cloud assembly says that.
    pub(crate) account: Option<String>,
    pub(crate) region: Option<String>,
    /// The tags of the stack, as the cloud assembly has them.
    pub(crate) tags: Value,
    pub(crate) template: Value,
    pub(crate) module: Value,
    /// The folder of the module, step by step.
    folder: Vec<String>,
    pub(crate) deployed: Deployed,
}

type Evaluated = Result<Value, String>;

/// Takes what checks the version of the bootstrap stack out of a template: it leaves nothing behind,
/// and nothing else may refer to it.
fn take_bootstrap_rule(template: &mut Value) -> Result<(), String> {
    let template = template.as_object_mut().ok_or("a template is no object")?;
    let parameters = template.remove("Parameters");
    let rules = template.remove("Rules");
    let only = |section: &Option<Value>, key: &str| match section {
        Some(section) => section[key].is_object() && json::entries(section).count() == 1,
        None => false,
    };
    let neither = parameters.is_none() && rules.is_none();
    let both = only(&parameters, "BootstrapVersion") && only(&rules, "CheckBootstrapVersion");
    if neither || both { Ok(()) } else { Err(format!("{parameters:?} and {rules:?}")) }
}

impl Deployment {
    pub(crate) fn new(rendered: &Rendered) -> Result<Self, String> {
        let assembly: Value =
            serde_json::from_str(&rendered.assembly).map_err(|e| e.to_string())?;
        let mut stacks = Vec::new();
        for texts in &rendered.stacks {
            let read = |text: &str| serde_json::from_str::<Value>(text).map_err(|e| e.to_string());
            let artifact = &assembly["artifacts"][&texts.id];
            let environment = json::text(&artifact["environment"])?;
            let (account, region) = environment
                .strip_prefix("aws://")
                .and_then(|rest| rest.split_once('/'))
                .ok_or_else(|| format!("no environment: {environment}"))?;
            let account = Some(account).filter(|account| *account != "unknown-account");
            let region = Some(region).filter(|region| *region != "unknown-region");
            let site = Site::new(account, region);
            let (mut template, module) = (read(&texts.template)?, read(&texts.module)?);
            take_bootstrap_rule(&mut template)?;
            let deployed = Deployed::new(&texts.id, &site, &template, &module)?;
            let mut folder: Vec<String> = texts.path.split('/').map(str::to_owned).collect();
            folder.pop();
            stacks.push(Stack {
                id: texts.id.clone(),
                name: json::text(&artifact["properties"]["stackName"])?.to_owned(),
                tags: artifact["properties"]["tags"].clone(),
                site,
                account: account.map(str::to_owned),
                region: region.map(str::to_owned),
                template,
                module,
                folder,
                deployed,
            });
        }
        Ok(Self { stacks, used: RefCell::default(), used_data: RefCell::default() })
    }

    /// The templates without intrinsic functions.
    pub(crate) fn templates(&self) -> Result<Vec<Value>, String> {
        let template = |(index, stack): (usize, &Stack)| {
            self.in_template(index, &stack.template)
                .map_err(|fault| format!("template of {}: {fault}", stack.id))
        };
        self.stacks.iter().enumerate().map(template).collect()
    }

    /// The modules without expressions.
    pub(crate) fn modules(&self) -> Result<Vec<Value>, String> {
        let module = |(index, stack): (usize, &Stack)| {
            self.in_module(index, &stack.module)
                .map_err(|fault| format!("module of {}: {fault}", stack.id))
        };
        self.stacks.iter().enumerate().map(module).collect()
    }

    /// What is declared for others, or to look something up, and is not used: asked once all
    /// documents are evaluated.
    ///
    /// With `@aws-cdk/core:defaultCrossStackReferences` at `both`, an export stays beside the output
    /// that is read instead of it, so it counts as used with that.
    pub(crate) fn unused(&self) -> Vec<String> {
        let (used, used_data) = (self.used.borrow(), self.used_data.borrow());
        let mut unused = Vec::new();
        for (index, stack) in self.stacks.iter().enumerate() {
            let ours = json::entries(&stack.template["Outputs"]);
            let theirs = json::entries(&stack.module["output"]);
            let for_others =
                |name: &str| is_for_other_templates(name) || is_for_other_modules(name);
            for (name, output) in ours.chain(theirs).filter(|(name, _)| for_others(name)) {
                let mut with_it = json::entries(&stack.template["Outputs"])
                    .filter(|(_, other)| other["Value"] == output["Value"])
                    .map(|(name, _)| name)
                    .chain([name]);
                if !with_it.any(|name| used.contains(&(index, name.clone()))) {
                    unused.push(format!("output `{name}` of {}", stack.id));
                }
            }
            for (kind, blocks) in json::entries(&stack.module["data"]) {
                for (name, _) in json::entries(blocks) {
                    let name = format!("{kind}.{name}");
                    if !used_data.contains(&(index, name.clone())) {
                        unused.push(format!("data source `{name}` of {}", stack.id));
                    }
                }
            }
        }
        unused
    }

    /// A value of a template, as CloudFormation would make it.
    fn in_template(&self, stack: usize, value: &Value) -> Evaluated {
        let evaluate = |value: &Value| self.in_template(stack, value);
        match value {
            Value::Array(items) => items.iter().map(evaluate).collect(),
            Value::Object(entries) => {
                let function = entries.iter().find(|(k, _)| *k == "Ref" || k.starts_with("Fn::"));
                let Some((function, argument)) = function else {
                    let entries = entries.iter().map(|(k, v)| Ok((k.clone(), evaluate(v)?)));
                    return Ok(Value::Object(entries.collect::<Result<Map<_, _>, String>>()?));
                };
                if entries.len() > 1 {
                    return Err(format!("an intrinsic function beside other keys: {value}"));
                }
                self.intrinsic(stack, function, argument)
                    .map(Value::from)
                    .map_err(|fault| format!("{fault} in {value}"))
            }
            plain @ (Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_)) => {
                Ok(plain.clone())
            }
        }
    }

    /// An intrinsic function: each in the shape that the AWS CloudFormation template reference
    /// documents, as far as it is one that gives a text.
    fn intrinsic(&self, index: usize, name: &str, argument: &Value) -> Result<String, String> {
        let stack = &self.stacks[index];
        let text_of = |value: &Value| -> Result<String, String> {
            Ok(json::text(&self.in_template(index, value)?)?.to_owned())
        };
        match (name, argument) {
            ("Ref", Value::String(id)) => match id.as_str() {
                "AWS::AccountId" => Ok(stack.site.account.clone()),
                "AWS::Region" => Ok(stack.site.region.clone()),
                "AWS::Partition" => Ok(stack.site.partition.to_owned()),
                "AWS::URLSuffix" => Ok(stack.site.url_suffix.to_owned()),
                id => match stack.deployed.template.get(id) {
                    Some(resource) => Ok(resource.reference().to_owned()),
                    None => Err("no such resource".to_owned()),
                },
            },
            ("Fn::GetAtt", Value::Array(steps)) => {
                let [Value::String(id), Value::String(attribute)] = steps.as_slice() else {
                    return Err("not two texts".to_owned());
                };
                let resource = stack.deployed.template.get(id).ok_or("no such resource")?;
                Ok(resource.attribute(attribute)?.to_owned())
            }
            ("Fn::Join", Value::Array(arguments)) => {
                let [Value::String(between), Value::Array(parts)] = arguments.as_slice() else {
                    return Err("not a text and a list".to_owned());
                };
                let parts: Result<Vec<String>, String> = parts.iter().map(text_of).collect();
                let parts = parts?;
                if parts.is_empty() { Err("nothing".to_owned()) } else { Ok(parts.join(between)) }
            }
            ("Fn::Select", Value::Array(arguments)) => {
                let [at, Value::Object(list)] = arguments.as_slice() else {
                    return Err("not a number and a list".to_owned());
                };
                let at: usize =
                    at.to_string().trim_matches('"').parse().map_err(|_| "no number")?;
                let split =
                    list.get("Fn::Split").filter(|_| list.len() == 1).and_then(Value::as_array);
                let Some([Value::String(between), whole]) = split.map(Vec::as_slice) else {
                    return Err("a list that is no split text".to_owned());
                };
                let whole = text_of(whole)?;
                let part = whole.split(between.as_str()).nth(at);
                Ok(part.ok_or_else(|| format!("no part {at} of {whole}"))?.to_owned())
            }
            ("Fn::ImportValue", Value::String(export)) => {
                for (producer, other) in self.stacks.iter().enumerate().filter(|(i, _)| *i != index)
                {
                    for (id, output) in json::entries(&other.template["Outputs"]) {
                        if output["Export"]["Name"] == export.as_str() {
                            if other.site.account != stack.site.account
                                || other.site.region != stack.site.region
                            {
                                return Err("an export of another account or region".to_owned());
                            }
                            self.used.borrow_mut().insert((producer, id.clone()));
                            let value = self.in_template(producer, &output["Value"])?;
                            return Ok(json::text(&value)?.to_owned());
                        }
                    }
                }
                Err("no such export".to_owned())
            }
            ("Fn::GetStackOutput", Value::Object(arguments)) => {
                let keys: Vec<&str> = arguments.keys().map(String::as_str).collect();
                let ["StackName", "Region", "OutputName"] = keys.as_slice() else {
                    return Err("other arguments".to_owned());
                };
                let name = json::text(&argument["StackName"])?;
                let region = text_of(&argument["Region"])?;
                let output = json::text(&argument["OutputName"])?;
                let producer = self.stacks.iter().position(|other| other.name == name);
                let producer = producer.ok_or("no such stack")?;
                if self.stacks[producer].site.region != region {
                    return Err("a stack of another region".to_owned());
                }
                let value = &self.stacks[producer].template["Outputs"][output]["Value"];
                self.used.borrow_mut().insert((producer, output.to_owned()));
                Ok(json::text(&self.in_template(producer, value)?)?.to_owned())
            }
            _ => Err("a function or a form of it that is not known".to_owned()),
        }
    }

    /// A value of a module, as Terraform would make it. Comments are left out.
    fn in_module(&self, stack: usize, value: &Value) -> Evaluated {
        match value {
            Value::String(text) => Ok(self.template(stack, text)?.into()),
            Value::Array(items) => items.iter().map(|item| self.in_module(stack, item)).collect(),
            Value::Object(entries) => {
                let mut evaluated = Map::new();
                for (key, value) in entries.iter().filter(|(key, _)| *key != "//") {
                    evaluated.insert(self.template(stack, key)?, self.in_module(stack, value)?);
                }
                Ok(evaluated.into())
            }
            plain @ (Value::Null | Value::Bool(_) | Value::Number(_)) => Ok(plain.clone()),
        }
    }

    fn template(&self, stack: usize, template: &str) -> Result<String, String> {
        let parts = string_template::parse(template)?;
        string_template::evaluate(&parts, &|steps| {
            self.reference(stack, steps).map_err(|fault| format!("`{}`: {fault}", steps.join(".")))
        })
    }

    fn reference(&self, index: usize, steps: &[String]) -> Result<String, String> {
        let stack = &self.stacks[index];
        let steps: Vec<&str> = steps.iter().map(String::as_str).collect();
        match steps.as_slice() {
            ["terraform", "workspace"] => Ok("default".to_owned()),
            ["data", "terraform_remote_state", name, "outputs", output] => {
                let state = &stack.module["data"]["terraform_remote_state"][*name];
                let producer = self.producer(stack, state)?;
                self.used_data
                    .borrow_mut()
                    .insert((index, format!("terraform_remote_state.{name}")));
                self.used.borrow_mut().insert((producer, (*output).to_owned()));
                let value = &self.stacks[producer].module["output"][*output]["value"];
                self.template(producer, json::text(value)?)
            }
            ["data", kind, name, attribute] => {
                if stack.module["data"][*kind][*name].is_null() {
                    return Err("no such data source".to_owned());
                }
                self.used_data.borrow_mut().insert((index, format!("{kind}.{name}")));
                let site = &stack.site;
                match (*kind, *attribute) {
                    ("aws_caller_identity", "account_id") => Ok(site.account.clone()),
                    ("aws_region", attribute) if attribute == region_attribute(&stack.module) => {
                        Ok(site.region.clone())
                    }
                    ("aws_partition", "partition") => Ok(site.partition.to_owned()),
                    ("aws_partition", "dns_suffix") => Ok(site.url_suffix.to_owned()),
                    _ => Err("no such attribute".to_owned()),
                }
            }
            [kind, name, attribute] => {
                let resource = stack.deployed.module.get(&format!("{kind}.{name}"));
                Ok(resource.ok_or("no such resource")?.attribute(attribute)?.to_owned())
            }
            _ => Err("a form that is not known".to_owned()),
        }
    }

    /// The stack whose module keeps its state where a data source reads it.
    fn producer(&self, consumer: &Stack, state: &Value) -> Result<usize, String> {
        let kind = json::text(&state["backend"])?;
        let wanted = place_of_state(kind, &state["config"], &consumer.folder);
        let keeps = |stack: &Stack| {
            let backend = &stack.module["terraform"]["backend"][kind];
            !backend.is_null() && place_of_state(kind, backend, &stack.folder) == wanted
        };
        let found: Vec<usize> =
            (0..self.stacks.len()).filter(|&index| keeps(&self.stacks[index])).collect();
        match found.as_slice() {
            [one] => Ok(*one),
            _ => Err(format!("the state at {wanted} is that of {} modules", found.len())),
        }
    }
}

/// Where a state is: a local one by its path from the output folder.
fn place_of_state(kind: &str, arguments: &Value, folder: &[String]) -> Value {
    let mut arguments = json::sorted(arguments);
    if kind == "local"
        && let Some(path) = arguments["path"].as_str().map(str::to_owned)
    {
        let mut steps: Vec<&str> = folder.iter().map(String::as_str).collect();
        for step in path.split('/') {
            match (step, steps.last()) {
                ("..", Some(last)) if *last != ".." => {
                    steps.pop();
                }
                _ => steps.push(step),
            }
        }
        arguments["path"] = steps.join("/").into();
    }
    arguments
}

/// What the data source `aws_region` calls a region's code: `region` from version 6 of the provider,
/// and `name` before.
fn region_attribute(module: &Value) -> &'static str {
    let version = module["terraform"]["required_providers"]["aws"]["version"].as_str();
    let is_newer = [">= 6", "~> 6"].iter().any(|from| version.unwrap_or_default().contains(from));
    if is_newer { "region" } else { "name" }
}

/// Whether an output of a template is there for other stacks of the app only.
pub(crate) fn is_for_other_templates(name: &str) -> bool {
    name.starts_with("ExportsOutput") || name.starts_with("PublishOutput")
}

/// Whether an output of a module is there for other stacks of the app only.
pub(crate) fn is_for_other_modules(name: &str) -> bool {
    name.starts_with("cross_stack_") || name.starts_with("cross-stack-output-")
}

/// The outputs of a stack that are not there for other stacks, with their names, in order.
pub(crate) fn own_outputs(
    outputs: &Value,
    is_for_others: fn(&str) -> bool,
) -> impl Iterator<Item = (&String, &Value)> {
    json::entries(outputs).filter(move |(name, _)| !is_for_others(name))
}

/// A list of maps by one of their keys.
pub(crate) fn by_key(list: &Value, key: &str) -> BTreeMap<String, Value> {
    let item = |item: &Value| (item[key].as_str().unwrap_or_default().to_owned(), item.clone());
    json::items(list).iter().map(item).collect()
}
