//! The policies of a CloudFormation template.

use std::collections::{BTreeMap, HashMap};

use ecrane_access::Service;
use ecrane_core::IdentityKind;
use ecrane_document::json_value;
use serde_json::{Map, Value};

use super::policy::list;
use super::side::{At, Of, Read, Side, TEMPLATE, placeholder};
use crate::stack::Resource;

/// The maximum depth of values, and of references from one to another.
const DEPTH: usize = 64;

pub(crate) fn read(side: &Side<'_>, of: &Of<'_>, read: &mut Read) {
    for (address, resource) in &of.stack.resources {
        let scope = Scope { side, of };
        resource_of(&scope, &mut At { of, address, resource, read });
    }
}

/// The exports of all stacks by name.
pub(crate) fn exports<'s>(side: &Side<'s>) -> HashMap<String, (usize, &'s Value)> {
    let mut found = HashMap::new();
    for (index, of) in side.stacks.iter().enumerate() {
        let scope = Scope { side, of };
        for output in of.stack.around.outputs.values() {
            if let (Some(name), Some(value)) = (output.pointer("/Export/Name"), output.get("Value"))
            {
                found.insert(scope.text(name, &mut Vec::new(), 0), (index, value));
            }
        }
    }
    found
}

/// Adds the policies of a resource.
fn resource_of(scope: &Scope<'_, '_>, at: &mut At<'_, '_>) {
    let resource = at.resource;
    let kind = match resource.kind.as_str() {
        kind @ ("AWS::ECR::Repository" | "AWS::ECR::PublicRepository") => {
            let is_public = kind == "AWS::ECR::PublicRepository";
            let service = if is_public { Service::EcrPublic } else { Service::Ecr };
            let name = scope.name(at.address, resource);
            let policy = policy(scope, at, "RepositoryPolicyText");
            let mut tags = scope.of.env.tags.clone();
            tags.extend(scope.tags(resource));
            return at.repository(service, name, tags, policy);
        }
        "AWS::ECR::RegistryPolicy" => {
            let policy = policy(scope, at, "PolicyText");
            return at.registry(policy, false);
        }
        "AWS::ECR::RepositoryCreationTemplate" => {
            return unjudged(scope, at, "RepositoryPolicy", TEMPLATE);
        }
        "AWS::IAM::Policy" | "AWS::IAM::ManagedPolicy" => {
            let holders = [
                (IdentityKind::Role, "Roles"),
                (IdentityKind::User, "Users"),
                (IdentityKind::Group, "Groups"),
            ];
            return holders.into_iter().for_each(|(kind, list)| attach(scope, at, kind, list));
        }
        "AWS::IAM::RolePolicy" => return attach(scope, at, IdentityKind::Role, "RoleName"),
        "AWS::IAM::UserPolicy" => return attach(scope, at, IdentityKind::User, "UserName"),
        "AWS::IAM::GroupPolicy" => return attach(scope, at, IdentityKind::Group, "GroupName"),
        "AWS::IAM::Role" => IdentityKind::Role,
        "AWS::IAM::User" => IdentityKind::User,
        "AWS::IAM::Group" => IdentityKind::Group,
        _ => return,
    };
    identity(scope, at, kind);
}

fn identity(scope: &Scope<'_, '_>, at: &mut At<'_, '_>, kind: IdentityKind) {
    let resource = at.resource;
    let text = |property: &str| {
        resource.properties.get(property).map(|it| scope.text(it, &mut Vec::new(), 0))
    };
    let name = scope.name(at.address, resource);
    let mut identity = at.identity(kind, &name, text("Path").as_deref());
    identity.tags = scope.of.env.tags.clone();
    identity.tags.extend(scope.tags(resource));
    identity.trust = policy(scope, at, "AssumeRolePolicyDocument");
    identity.permissions_boundary = text("PermissionsBoundary");
    for arn in resource.properties.get("ManagedPolicyArns").map(list).unwrap_or_default() {
        match scope.managed(arn) {
            Some((id, of)) => {
                let document = at.policy("ManagedPolicyArns", scope.document(of));
                at.attach(kind, &name, format!("managed policy {id}"), document);
            }
            None => {
                identity.managed_policies.push(scope.text(arn, &mut Vec::new(), 0));
            }
        }
    }
    for inline in resource.properties.get("Policies").map(list).unwrap_or_default() {
        let title = inline.get("PolicyName").map(|it| scope.text(it, &mut Vec::new(), 0));
        let title = format!("policy {}", title.unwrap_or_default());
        let value = inline.get("PolicyDocument").unwrap_or(inline);
        let document = at.policy(&format!("Policies ({title})"), scope.policy(value));
        at.attach(kind, &name, title, document);
    }
    at.read.policies.identities.push(identity);
}

fn policy(
    scope: &Scope<'_, '_>,
    at: &mut At<'_, '_>,
    property: &str,
) -> ecrane_core::PolicyDocument {
    let value = at.resource.properties.get(property).unwrap_or(&Value::Null);
    let (value, mut unknown) = scope.policy(value);
    // A resource with a condition exists or not, and its policies with it.
    let condition = at.resource.attributes.get("Condition").and_then(Value::as_str);
    if let Some(condition) = condition.filter(|it| scope.condition(it, 0).is_none()) {
        unknown.push(named_condition(condition));
    }
    at.policy(property, (value, unknown))
}

fn unjudged(scope: &Scope<'_, '_>, at: &mut At<'_, '_>, property: &str, about: &'static str) {
    let value = at.resource.properties.get(property).unwrap_or(&Value::Null);
    at.unjudged(property, about, scope.policy(value));
}

/// Attaches the policy to the identities of a property.
fn attach(scope: &Scope<'_, '_>, at: &mut At<'_, '_>, kind: IdentityKind, property: &str) {
    let holders = at.resource.properties.get(property).map(list).unwrap_or_default();
    for holder in holders {
        let name = scope.text(holder, &mut Vec::new(), 0);
        let document = policy(scope, at, "PolicyDocument");
        let title = at.resource.properties.get("PolicyName").and_then(Value::as_str);
        let title = format!("policy {}", title.unwrap_or(at.address));
        at.attach(kind, &name, title, document);
    }
}

/// What the values of a template are resolved with.
#[derive(Clone, Copy)]
struct Scope<'r, 's> {
    side: &'r Side<'s>,
    of: &'r Of<'s>,
}

impl<'r, 's> Scope<'r, 's> {
    /// The physical name, or a placeholder with the logical id where AWS generates it.
    fn name(&self, id: &str, resource: &Resource) -> String {
        let property = match resource.kind.as_str() {
            "AWS::IAM::Role" => "RoleName",
            "AWS::IAM::User" => "UserName",
            "AWS::IAM::Group" => "GroupName",
            "AWS::IAM::ManagedPolicy" => "ManagedPolicyName",
            _ => "RepositoryName",
        };
        match resource.properties.get(property) {
            Some(name) => self.text(name, &mut Vec::new(), 0),
            None => placeholder(&format!("{}.{id}", self.of.name)),
        }
    }

    fn tags(&self, resource: &Resource) -> BTreeMap<String, String> {
        let tags = resource.properties.get("Tags").map(list).unwrap_or_default();
        let text = |it: &Value, key| {
            it.get(key).map(|it| self.text(it, &mut Vec::new(), 0)).unwrap_or_default()
        };
        tags.into_iter().map(|it| (text(it, "Key"), text(it, "Value"))).collect()
    }

    /// The managed policy of the template that a value is the ARN of.
    fn managed(&self, arn: &'r Value) -> Option<(&'r str, &'s Resource)> {
        let id = only(arn).filter(|(name, _)| *name == "Ref")?.1.as_str()?;
        let resource = self.of.stack.resources.get(id)?;
        (resource.kind == "AWS::IAM::ManagedPolicy").then_some((id, resource))
    }

    fn document(&self, resource: &Resource) -> (Value, Vec<String>) {
        self.policy(resource.properties.get("PolicyDocument").unwrap_or(&Value::Null))
    }

    /// A policy, which is an object or JSON text, and the parts of it that are not known.
    fn policy(&self, value: &Value) -> (Value, Vec<String>) {
        let mut unknown = Vec::new();
        let mut policy = self.settled(value, &mut unknown, 0);
        if let Some(text) = policy.as_str() {
            policy = json_value(text).unwrap_or(policy);
        }
        unknown.sort();
        unknown.dedup();
        (policy, unknown)
    }

    /// A value with every intrinsic function in it as text.
    fn settled(&self, value: &Value, unknown: &mut Vec<String>, depth: usize) -> Value {
        match value {
            Value::Object(entries) => {
                if let Some(chosen) = self.chosen(value, depth) {
                    return self.settled(chosen, unknown, depth + 1);
                }
                if only(value).is_some_and(|(name, _)| is_intrinsic(name)) {
                    return self.text(value, unknown, depth).into();
                }
                let entries = entries.iter().filter(|(_, it)| !self.is_no_value(it, depth));
                let entries =
                    entries.map(|(key, it)| (key.clone(), self.settled(it, unknown, depth + 1)));
                entries.collect::<Map<_, _>>().into()
            }
            Value::Array(items) => {
                let items = items.iter().filter(|it| !self.is_no_value(it, depth));
                items.map(|it| self.settled(it, unknown, depth + 1)).collect()
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => value.clone(),
        }
    }

    /// A value as text. What is not known is a placeholder, and its name is added to `unknown`.
    fn text(&self, value: &Value, unknown: &mut Vec<String>, depth: usize) -> String {
        match value {
            Value::String(text) => text.clone(),
            Value::Number(number) => number.to_string(),
            Value::Bool(flag) => flag.to_string(),
            Value::Null | Value::Array(_) | Value::Object(_) => {
                self.known(value, unknown, depth).unwrap_or_else(|| match only(value) {
                    Some(("Ref", Value::String(name))) => {
                        unknown.push(if self.of.stack.around.parameters.contains_key(name) {
                            format!("the parameter `{name}`")
                        } else {
                            format!("`Ref` of `{name}`")
                        });
                        placeholder(name)
                    }
                    Some(("Fn::If", Value::Array(parts))) => {
                        let condition = parts.first().and_then(Value::as_str);
                        unknown.push(named_condition(condition.unwrap_or_default()));
                        placeholder(&value.to_string().replace('"', ""))
                    }
                    other => {
                        let name = other.map_or("a list or an object", |(name, _)| name);
                        unknown.push(format!("`{name}`"));
                        placeholder(&value.to_string().replace('"', ""))
                    }
                })
            }
        }
    }

    /// The value that `Fn::If` stands for, if its condition does not depend on a parameter.
    fn chosen<'v>(&self, value: &'v Value, depth: usize) -> Option<&'v Value> {
        let ("Fn::If", Value::Array(parts)) = only(value)? else { return None };
        let [Value::String(condition), met, unmet] = parts.as_slice() else { return None };
        let chosen = if self.condition(condition, depth)? { met } else { unmet };
        (depth < DEPTH).then_some(chosen)
    }

    fn is_no_value(&self, value: &Value, depth: usize) -> bool {
        match self.chosen(value, depth) {
            Some(chosen) => self.is_no_value(chosen, depth + 1),
            None => is_no_value(value),
        }
    }

    /// Whether a condition of the template holds, if that does not depend on a parameter.
    fn condition(&self, name: &str, depth: usize) -> Option<bool> {
        if depth > DEPTH {
            return None;
        }
        self.holds(self.of.stack.around.conditions.get(name)?, depth + 1)
    }

    fn holds(&self, value: &Value, depth: usize) -> Option<bool> {
        if depth > DEPTH {
            return None;
        }
        let depth = depth + 1;
        let each = |parts: &Vec<Value>| -> Vec<Option<bool>> {
            parts.iter().map(|it| self.holds(it, depth)).collect()
        };
        let unless = |found: &[Option<bool>], decides: bool| {
            if found.contains(&Some(decides)) {
                Some(decides)
            } else {
                (!found.contains(&None)).then_some(!decides)
            }
        };
        match only(value)? {
            ("Condition", Value::String(name)) => self.condition(name, depth),
            ("Fn::Equals", Value::Array(parts)) => {
                let [one, other] = parts.as_slice() else { return None };
                let mut unknown = Vec::new();
                let [one, other] = [one, other].map(|it| self.text(it, &mut unknown, depth));
                unknown.is_empty().then_some(one == other)
            }
            ("Fn::And", Value::Array(parts)) => unless(&each(parts), false),
            ("Fn::Or", Value::Array(parts)) => unless(&each(parts), true),
            ("Fn::Not", Value::Array(parts)) => match each(parts).as_slice() {
                [one] => one.map(|it| !it),
                _ => None,
            },
            _ => None,
        }
    }

    fn known(&self, value: &Value, unknown: &mut Vec<String>, depth: usize) -> Option<String> {
        if depth > DEPTH {
            return None;
        }
        let depth = depth + 1;
        if let Some(chosen) = self.chosen(value, depth) {
            return Some(self.text(chosen, unknown, depth));
        }
        match only(value)? {
            ("Ref", Value::String(id)) => self.reference(id),
            ("Fn::GetAtt", Value::String(path)) => {
                let (id, attribute) = path.split_once('.')?;
                self.attribute(id, attribute)
            }
            ("Fn::GetAtt", Value::Array(parts)) => match parts.as_slice() {
                [Value::String(id), Value::String(attribute)] => self.attribute(id, attribute),
                _ => None,
            },
            ("Fn::Join", Value::Array(parts)) => {
                let [Value::String(between), Value::Array(parts)] = parts.as_slice() else {
                    return None;
                };
                let parts = parts.iter().map(|it| self.text(it, unknown, depth));
                Some(parts.collect::<Vec<_>>().join(between))
            }
            ("Fn::Sub", Value::String(template)) => {
                self.substituted(template, None, unknown, depth)
            }
            ("Fn::Sub", Value::Array(parts)) => match parts.as_slice() {
                [Value::String(template), Value::Object(values)] => {
                    self.substituted(template, Some(values), unknown, depth)
                }
                _ => None,
            },
            ("Fn::Select", Value::Array(parts)) => {
                let [index, from] = parts.as_slice() else { return None };
                let index = self.text(index, unknown, depth).parse::<usize>().ok()?;
                match only(from) {
                    Some(("Fn::Split", Value::Array(parts))) => {
                        let [Value::String(between), text] = parts.as_slice() else { return None };
                        let text = self.text(text, unknown, depth);
                        text.split(between.as_str()).nth(index).map(str::to_owned)
                    }
                    _ => Some(self.text(from.get(index)?, unknown, depth)),
                }
            }
            ("Fn::ImportValue", export) => {
                let export = self.text(export, unknown, depth);
                self.exported(&export, unknown, depth)
            }
            ("Fn::GetStackOutput", Value::Object(output)) => {
                let text = |key| output.get(key).and_then(Value::as_str);
                let (stack, name) = (text("StackName")?, text("OutputName")?);
                let of = self.side.stacks.iter().find(|it| it.name == stack)?;
                let value = of.stack.around.outputs.get(name)?.get("Value")?;
                Some(Scope { side: self.side, of }.text(value, unknown, depth))
            }
            _ => None,
        }
    }

    fn exported(&self, export: &str, unknown: &mut Vec<String>, depth: usize) -> Option<String> {
        let (stack, value) = self.side.exports.get(export)?;
        let of = self.side.stacks.get(*stack)?;
        Some(Scope { side: self.side, of }.text(value, unknown, depth))
    }

    fn reference(&self, id: &str) -> Option<String> {
        let env = &self.of.env;
        Some(match id {
            "AWS::AccountId" => env.account.clone(),
            "AWS::Region" => env.region.clone(),
            "AWS::Partition" => env.partition.to_owned(),
            "AWS::URLSuffix" => env.url_suffix.to_owned(),
            "AWS::StackName" => self.of.name.to_owned(),
            _ => {
                let resource = self.of.stack.resources.get(id)?;
                if resource.kind == "AWS::IAM::ManagedPolicy" {
                    return self.attribute(id, "PolicyArn");
                }
                self.name(id, resource)
            }
        })
    }

    fn attribute(&self, id: &str, attribute: &str) -> Option<String> {
        let resource = self.of.stack.resources.get(id)?;
        let name = || self.name(id, resource);
        let path = resource.properties.get("Path").and_then(Value::as_str);
        let env = &self.of.env;
        Some(match (resource.kind.as_str(), attribute) {
            ("AWS::ECR::Repository", "Arn") => env.repository(Service::Ecr, &name()),
            ("AWS::ECR::PublicRepository", "Arn") => env.repository(Service::EcrPublic, &name()),
            ("AWS::IAM::Role", "Arn") => env.iam("role", path, &name()),
            ("AWS::IAM::User", "Arn") => env.iam("user", path, &name()),
            ("AWS::IAM::Group", "Arn") => env.iam("group", path, &name()),
            ("AWS::IAM::ManagedPolicy", "PolicyArn" | "Id") => env.iam("policy", path, &name()),
            // What AWS generates is the same as long as the resource is.
            _ => placeholder(&format!("{}.{id}.{attribute}", self.of.name)),
        })
    }

    /// `Fn::Sub`: `${Name}`, `${Name.Attribute}`, and `${!Literal}`, which is `${Literal}`.
    fn substituted(
        &self,
        template: &str,
        values: Option<&Map<String, Value>>,
        unknown: &mut Vec<String>,
        depth: usize,
    ) -> Option<String> {
        let mut text = String::new();
        let mut rest = template;
        while let Some((before, from)) = rest.split_once("${") {
            let (name, after) = from.split_once('}')?;
            text.push_str(before);
            if let Some(literal) = name.strip_prefix('!') {
                text.extend(["${", literal, "}"]);
            } else if let Some(value) = values.and_then(|it| it.get(name)) {
                text.push_str(&self.text(value, unknown, depth));
            } else {
                text.push_str(&match name.split_once('.') {
                    Some((id, attribute)) => self.attribute(id, attribute)?,
                    None => self.reference(name)?,
                });
            }
            rest = after;
        }
        text.push_str(rest);
        Some(text)
    }
}

fn is_intrinsic(name: &str) -> bool {
    name == "Ref" || name.starts_with("Fn::")
}

fn named_condition(name: &str) -> String {
    format!("the condition `{name}`")
}

fn is_no_value(value: &Value) -> bool {
    matches!(only(value), Some(("Ref", name)) if name == "AWS::NoValue")
}

/// The only entry of an object, as of an intrinsic function.
fn only(value: &Value) -> Option<(&str, &Value)> {
    let entries = value.as_object()?;
    let (key, value) = entries.iter().next()?;
    (entries.len() == 1).then_some((key.as_str(), value))
}
