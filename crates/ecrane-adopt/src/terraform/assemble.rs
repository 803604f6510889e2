//! The resources of a stack, from the instances of a Terraform state or module.

use ecrane_core::ConstructPath;
use ecrane_terraform::{Layout, resource_name};
use serde_json::{Map, Value, json};

use super::env::elsewhere;
use super::links::Links;
use super::plan::{UNKNOWN, unknown_parts};
use super::translate::{Values, properties};
use super::types::{PARTS, Part, TARGET, TYPES, Type};
use crate::construct_id;
use crate::error::{NotAdopted, SourceAddress};
use crate::stack::{Resource, Stack, plain_name};
use crate::value::{only, reference};
use crate::word::camel;

/// A resource of Terraform: an instance, if it has `count` or `for_each`.
#[derive(Debug)]
pub(super) struct Instance {
    pub(super) address: String,
    pub(super) kind: String,
    /// The arguments, and the attributes that are known.
    pub(super) values: Map<String, Value>,
    /// Whether Terraform refuses to destroy it.
    pub(super) is_protected: bool,
    /// The construct path that CDKTF notes.
    pub(super) path: Option<String>,
}

impl Instance {
    pub(super) fn parts(&self) -> (&str, &str, &Map<String, Value>) {
        (&self.address, &self.kind, &self.values)
    }
}

/// A stack that is being assembled.
pub(super) struct Assembly {
    pub(super) stack: Stack,
    pub(super) links: Links,
    pub(super) refused: Vec<NotAdopted>,
    pub(super) values: Values,
}

impl Assembly {
    /// Adds all instances. `unknown` are the arguments whose values a plan does not say, by address.
    pub(super) fn add_all(&mut self, instances: &[Instance], unknown: &Map<String, Value>) {
        for instance in instances {
            let Instance { address, kind, values, .. } = instance;
            if PARTS.iter().any(|(part, ..)| part == kind) {
                continue;
            }
            let Some(of) = TYPES.iter().find(|it| it.name == kind) else {
                let (address, kind) = (SourceAddress::from(address.as_str()), kind.to_owned());
                self.refused.push(NotAdopted::Foreign { address, kind });
                continue;
            };
            if let Some(reason) = elsewhere(kind, values, &self.stack.env) {
                let address = address.as_str().into();
                self.refused.push(NotAdopted::Inexpressible { address, reason });
                continue;
            }
            let asked = of.arguments.iter().filter(|it| !it.property.is_empty());
            self.refused.extend(undecided(unknown, address, asked.map(|it| it.name)));
            let resource = self.resource(of, instance);
            self.stack.resources.insert(address.clone(), resource);
        }
        for instance in instances {
            let Instance { address, kind, values, .. } = instance;
            let Some((_, part, argument, owner)) = PARTS.iter().find(|(name, ..)| name == kind)
            else {
                continue;
            };
            let asked = ["policy", "policy_arn", argument].into_iter();
            let undecided = undecided(unknown, address, asked);
            if !undecided.is_empty() {
                self.refused.extend(undecided);
                continue;
            }
            let named = values.get(*argument).cloned().unwrap_or_default();
            let owner = match reference(&named) {
                Some((address, _)) => Some(address),
                None => self.links.address(owner, named.as_str().unwrap_or_default()),
            };
            let owner = owner.map(str::to_owned);
            let is_here = owner.is_some();
            self.attach(instance, owner.as_deref());
            let owner = owner.and_then(|it| self.stack.resources.get_mut(&it));
            let added = if let Some(owner) = owner {
                add(owner, *part, instance, &self.links, self.values)
            } else {
                let name = named.as_str().map_or_else(|| named.to_string(), str::to_owned);
                let why = if is_here { "not adopted" } else { "not in the source" };
                Err(format!("it belongs to `{name}`, which is {why}"))
            };
            if let Err(reason) = added {
                let address = address.as_str().into();
                self.refused.push(NotAdopted::Inexpressible { address, reason });
            }
        }
        self.suggest_ids(instances);
    }

    /// Attaches a managed policy of the source to its role, as in CloudFormation.
    fn attach(&mut self, attachment: &Instance, role: Option<&str>) {
        let policy = attachment.values.get("policy_arn").map(|it| self.links.arn(it));
        let policy = policy.as_ref().and_then(reference).map(|(policy, _)| policy);
        let policy = policy.and_then(|it| self.stack.resources.get_mut(it));
        if let Some((policy, role)) = policy.zip(role) {
            push(policy, "Roles", json!({ "Ref": role }));
            policy.parts.push(("Attachment".to_owned(), attachment.address.clone()));
        }
    }

    fn resource(&self, of: &Type, instance: &Instance) -> Resource {
        let Instance { kind, values, .. } = instance;
        let links = &self.links;
        let (mut properties, mut arguments) = properties(of.arguments, values, self.values);
        // AWS writes a policy for a key that is created without one, and no config says the same words.
        if let Some(policy) = properties
            .get("KeyPolicy")
            .filter(|it| it.is_string() && !links.is_key_policy(it))
            .cloned()
        {
            properties.shift_remove("KeyPolicy");
            arguments.insert("policy".to_owned(), policy);
        }
        let mut change = |name: &str, with: &dyn Fn(&Value) -> Value| {
            if let Some(value) = properties.get_mut(name) {
                *value = with(value);
            }
        };
        change("AssumeRolePolicyDocument", &|it| links.policy(it, false));
        change("KeyPolicy", &|it| links.policy(it, false));
        change("PolicyText", &|it| links.policy(it, false));
        change("RepositoryPolicy", &|it| links.policy(it, false));
        change("PolicyDocument", &|it| links.policy(it, true));
        change("EventPattern", &|it| links.pattern(it));
        change("TargetKeyId", &|it| links.name("aws_kms_key", it));
        change("LifecyclePolicy", &|it| it.clone());
        change("EncryptionConfiguration", &|it| {
            let mut it = it.clone();
            if let Some(key) = it.get_mut("KmsKey") {
                *key = links.arn(key);
            }
            it
        });
        for (name, holder) in
            [("Roles", "aws_iam_role"), ("Users", "aws_iam_user"), ("Groups", "aws_iam_group")]
        {
            change(name, &|it| json!([links.name(holder, it)]));
        }
        let mut attributes = Map::new();
        // A state does not say what is protected. What holds images and keys is, unless it is to be
        // deleted with all images.
        let is_kept = match self.values {
            Values::State => {
                matches!(kind.as_str(), "aws_ecr_repository" | "aws_kms_key")
                    && values.get("force_delete") != Some(&Value::Bool(true))
            }
            Values::Module => instance.is_protected,
        };
        if is_kept {
            attributes.insert("DeletionPolicy".to_owned(), "Retain".into());
        }
        // No element of the config but that of a repository has tags.
        if matches!(kind.as_str(), "aws_iam_role" | "aws_iam_user" | "aws_kms_key")
            && let Some(tags) =
                values.get("tags").filter(|it| it.as_object().is_some_and(|it| !it.is_empty()))
        {
            arguments.insert("tags".to_owned(), tags.clone());
        }
        Resource {
            kind: of.kind.to_owned(),
            properties,
            attributes,
            arguments,
            ..Resource::default()
        }
    }

    /// Suggests a construct ID for each resource: the path that CDKTF notes, or the one behind the name
    /// of a policy; otherwise a word from the name in its address or, for instances and resources of
    /// modules, from their key or physical name.
    fn suggest_ids(&mut self, instances: &[Instance]) {
        for Instance { address, values, path, .. } in instances {
            let Some(resource) = self.stack.resources.get_mut(address) else { continue };
            let physical = ["name", "repository_name", "prefix", "ecr_repository_prefix"];
            let physical = physical.iter().find_map(|it| values.get(*it)?.as_str());
            let key = || {
                let (_, key) = address.rsplit_once("[\"")?;
                key.split_once("\"]").map(|(key, _)| key)
            };
            let name = plain_name(address);
            let word = name.as_deref().or_else(key).or(physical).unwrap_or(address);
            let path = path.as_deref().map(|it| it.strip_suffix("/Resource").unwrap_or(it));
            resource.id = Some(path.map_or_else(|| id_of(word), str::to_owned));
        }
        // The AWS CDK and ecrane name the policy of a principal by its path.
        for Instance { values, .. } in instances {
            for (argument, kind) in
                [("role", "aws_iam_role"), ("user", "aws_iam_user"), ("group", "aws_iam_group")]
            {
                let holder = values.get(argument).map(|it| self.links.name(kind, it));
                let holder = holder.as_ref().and_then(reference).map(|(address, _)| address);
                let policy = values.get("name").and_then(Value::as_str);
                let id = policy.and_then(|it| {
                    construct_id::of_logical_id(it, &["DefaultPolicy", "Resource"], None)
                });
                let resource = holder.and_then(|it| self.stack.resources.get_mut(it));
                if let Some((id, resource)) = id.zip(resource) {
                    resource.id = Some(id);
                }
            }
        }
    }
}

/// The construct ID whose name in Terraform is a word: in camel case, unless that loses the boundary
/// before a digit.
fn id_of(word: &str) -> String {
    let camel = camel(word);
    let is_kept = |id: &str| {
        ConstructPath::of_id(id).is_ok_and(|path| resource_name(&path, Layout::Plain) == word)
    };
    let dashed = word.replace('_', "-");
    if !is_kept(&camel) && is_kept(&dashed) { dashed } else { camel }
}

/// The arguments of a resource whose values a plan does not say.
fn undecided<'a>(
    unknown: &Map<String, Value>,
    address: &str,
    arguments: impl Iterator<Item = &'a str>,
) -> Vec<NotAdopted> {
    let Some(unknown) = unknown.get(address) else { return Vec::new() };
    let parts = arguments.filter_map(|it| Some(unknown_parts(it, unknown.get(it)?))).flatten();
    let undecided = parts.map(|part| NotAdopted::Inexpressible {
        address: SourceAddress::from(address).property(&part),
        reason: UNKNOWN.to_owned(),
    });
    undecided.collect()
}

/// Adds what is a property of its owner in CloudFormation.
fn add(
    owner: &mut Resource,
    part: Part,
    Instance { address, values, .. }: &Instance,
    links: &Links,
    from: Values,
) -> Result<(), String> {
    let policy = || values.get("policy").cloned().unwrap_or_default();
    let mut set = |property: &str, value: Value| {
        if owner.properties.contains_key(property) {
            return Err("its owner has another one".to_owned());
        }
        owner.properties.insert(property.to_owned(), value);
        Ok(())
    };
    let id = match part {
        Part::LifecyclePolicy => {
            set("LifecyclePolicy", json!({ "LifecyclePolicyText": policy() }))?;
            "LifecyclePolicy".to_owned()
        }
        Part::RepositoryPolicy => {
            set("RepositoryPolicyText", links.policy(&policy(), false))?;
            "RepositoryPolicy".to_owned()
        }
        Part::ManagedPolicy => {
            let arn = values.get("policy_arn").cloned().unwrap_or_default();
            // The name is the end of the ARN, also where the partition is a reference.
            let end = match only(&arn) {
                Some(("Fn::Join", join)) => join.pointer("/1").and_then(|it| it.as_array()?.last()),
                _ => Some(&arn),
            };
            let end = end.and_then(Value::as_str).unwrap_or_default();
            let name = end.rsplit('/').next().unwrap_or_default().to_owned();
            push(owner, "ManagedPolicyArns", links.in_partition(&arn));
            if reference(&links.arn(&arn)).is_some() {
                // A part of the policy.
                return Ok(());
            }
            name
        }
        Part::Target => {
            let (target, left) = properties(TARGET, values, from);
            if let Some(argument) = left.keys().next() {
                return Err(format!("the config has no key for `{argument}`"));
            }
            let targets = owner.properties.get("Targets").and_then(Value::as_array);
            let id = format!("Target{}", targets.map_or(0, Vec::len));
            push(owner, "Targets", target.into());
            id
        }
    };
    owner.parts.push((id, address.clone()));
    Ok(())
}

fn push(owner: &mut Resource, property: &str, value: Value) {
    let list = owner.properties.entry(property).or_insert_with(|| json!([]));
    if let Value::Array(list) = list {
        list.push(value);
    }
}
