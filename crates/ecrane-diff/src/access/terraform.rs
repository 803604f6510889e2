//! The policies of a Terraform module or state.

use std::collections::{BTreeMap, HashMap};

use ecrane_access::Service;
use ecrane_core::{IdentityKind, PolicyDocument};
use ecrane_document::json_value;
use serde_json::{Map, Value};

use super::policy::list;
use super::side::{At, Of, Read, Side, TEMPLATE, placeholder};
use crate::compare::Both;
use crate::stack::{Origin, Resource, Stack};
use crate::terraform::{resolve_all, text_of};

/// The maximum length of a chain of references.
const DEPTH: usize = 16;

/// The account and the Region that a module is configured for, or that the ARNs in a state have.
pub(crate) fn environment(stack: &Stack) -> (Option<String>, Option<String>) {
    match stack.origin {
        Origin::Template | Origin::DeployedTemplate => (None, None),
        Origin::Module => {
            let provider = &stack.around.provider;
            let text = |value: &Value| value.as_str().map(str::to_owned);
            let is_literal = |it: &String| !it.contains("${");
            let account = match provider.get("allowed_account_ids").and_then(Value::as_array) {
                Some(ids) if ids.len() == 1 => ids.first().and_then(text),
                _ => None,
            };
            let region = provider.get("region").and_then(text);
            (account.filter(is_literal), region.filter(is_literal))
        }
        Origin::State => {
            let arns = stack.resources.values().filter_map(|it| it.properties.get("arn")?.as_str());
            let fields =
                |arn: &'_ str| -> Vec<String> { arn.splitn(6, ':').map(str::to_owned).collect() };
            let (mut account, mut region) = (None, None);
            for arn in arns {
                if let [_, _, service, at, id, _] = fields(arn).as_slice()
                    && !id.is_empty()
                {
                    account.get_or_insert_with(|| id.clone());
                    if service == "ecr" {
                        region.get_or_insert_with(|| at.clone());
                    }
                }
            }
            (account, region)
        }
    }
}

pub(crate) fn read(side: &Side<'_>, of: &Of<'_>, read: &mut Read) {
    let scope = Scope { side, of };
    let is_managed = |(_, it): &(&String, &Resource)| it.kind == "aws_iam_policy";
    let managed = of.stack.resources.iter().filter(is_managed);
    let managed: HashMap<String, &Resource> = managed
        .filter_map(|(address, it)| Some((scope.attribute(address, "arn", 0)?, it)))
        .collect();
    let declared = read.policies.identities.len();
    // The policies of repositories and identities are resources of their own.
    let mut policies: BTreeMap<(Service, String), PolicyDocument> = BTreeMap::new();
    for (address, resource) in &of.stack.resources {
        let mut at = At { of, address, resource, read };
        match resource.kind.as_str() {
            "aws_ecr_repository_policy" => {
                let policy = at.policy("policy", scope.policy(resource, "policy"));
                policies.insert((Service::Ecr, scope.argument(resource, "repository")), policy);
            }
            "aws_ecr_registry_policy" => {
                let policy = at.policy("policy", scope.policy(resource, "policy"));
                at.registry(policy, false);
            }
            "aws_ecrpublic_repository_policy" => {
                let policy = at.policy("policy", scope.policy(resource, "policy"));
                let name = scope.argument(resource, "repository_name");
                policies.insert((Service::EcrPublic, name), policy);
            }
            "aws_ecr_repository_creation_template" => {
                let policy = scope.policy(resource, "repository_policy");
                at.unjudged("repository_policy", TEMPLATE, policy);
            }
            "aws_ecr_account_setting" => {
                let is_scope = scope.argument(resource, "name") == "REGISTRY_POLICY_SCOPE";
                if is_scope && scope.argument(resource, "value") == "V2" {
                    at.registry(PolicyDocument::default(), true);
                }
            }
            "aws_iam_role_policy" => attach(&scope, &mut at, IdentityKind::Role),
            "aws_iam_user_policy" => attach(&scope, &mut at, IdentityKind::User),
            "aws_iam_group_policy" => attach(&scope, &mut at, IdentityKind::Group),
            "aws_iam_role" => identity(&scope, &mut at, IdentityKind::Role),
            "aws_iam_user" => identity(&scope, &mut at, IdentityKind::User),
            "aws_iam_group" => identity(&scope, &mut at, IdentityKind::Group),
            _ => {}
        }
    }
    let identities = read.policies.identities.iter().enumerate().skip(declared);
    let identities: HashMap<(IdentityKind, String), usize> =
        identities.map(|(index, it)| ((it.kind, it.name.clone()), index)).collect();
    let attach_by_arn = |at: &mut At<'_, '_>, kind: IdentityKind| {
        let name = scope.argument(at.resource, kind.as_str());
        let arn = scope.argument(at.resource, "policy_arn");
        if let Some(policy) = managed.get(&arn) {
            let document = at.policy("policy_arn", scope.policy(policy, "policy"));
            return at.attach(kind, &name, "managed policy".to_owned(), document);
        }
        let holder = identities.get(&(kind, name));
        let all = &mut at.read.policies.identities;
        if let Some(holder) = holder.and_then(|index| all.get_mut(*index)) {
            holder.managed_policies.push(arn);
        } else {
            let unknown = vec![format!("the managed policy {arn}")];
            at.note("policy_arn", arn.into(), unknown);
        }
    };
    for (address, resource) in &of.stack.resources {
        let mut at = At { of, address, resource, read };
        match resource.kind.as_str() {
            kind @ ("aws_ecr_repository" | "aws_ecrpublic_repository") => {
                let is_public = kind == "aws_ecrpublic_repository";
                let service = if is_public { Service::EcrPublic } else { Service::Ecr };
                let name = scope.name(address, resource);
                let policy = policies.remove(&(service, name.clone())).unwrap_or_default();
                at.repository(service, name, scope.tags(resource), policy);
            }
            // After the identities.
            "aws_iam_role_policy_attachment" => attach_by_arn(&mut at, IdentityKind::Role),
            "aws_iam_user_policy_attachment" => attach_by_arn(&mut at, IdentityKind::User),
            "aws_iam_group_policy_attachment" => attach_by_arn(&mut at, IdentityKind::Group),
            _ => {}
        }
    }
    // A repository that is declared elsewhere can have its policy here.
    for ((service, name), policy) in policies {
        let resource =
            Resource { kind: String::new(), properties: Map::new(), attributes: Map::new() };
        let mut at = At { of, address: &name, resource: &resource, read };
        at.repository(service, name.clone(), BTreeMap::new(), policy);
    }
}

fn identity(scope: &Scope<'_, '_>, at: &mut At<'_, '_>, kind: IdentityKind) {
    let resource = at.resource;
    let given = |argument| {
        let text = scope.argument(resource, argument);
        (!text.is_empty()).then_some(text)
    };
    let name = scope.name(at.address, resource);
    let mut identity = at.identity(kind, &name, given("path").as_deref());
    if let Some(arn) = resource.properties.get("arn").and_then(Value::as_str) {
        arn.clone_into(&mut identity.arn);
    }
    identity.tags = scope.tags(resource);
    identity.trust = at.policy("assume_role_policy", scope.policy(resource, "assume_role_policy"));
    identity.permissions_boundary = given("permissions_boundary");
    if scope.of.stack.origin == Origin::Module {
        // In a state, these arguments repeat the policies that are resources of their own.
        let arns = resource.properties.get("managed_policy_arns").map(list).unwrap_or_default();
        let arns = arns.into_iter().filter_map(Value::as_str);
        identity.managed_policies.extend(arns.map(|it| scope.text(it, &mut Vec::new(), 0)));
        for inline in resource.properties.get("inline_policy").map(list).unwrap_or_default() {
            let title = inline.get("name").and_then(Value::as_str).unwrap_or_default();
            let text = inline.get("policy").and_then(Value::as_str).unwrap_or_default();
            let document = at.policy(&format!("inline_policy {title}"), scope.policy_of(text));
            at.attach(kind, &name, format!("policy {title}"), document);
        }
    }
    at.read.policies.identities.push(identity);
}

/// Attaches an inline policy.
fn attach(scope: &Scope<'_, '_>, at: &mut At<'_, '_>, kind: IdentityKind) {
    let name = scope.argument(at.resource, kind.as_str());
    let document = at.policy("policy", scope.policy(at.resource, "policy"));
    let title = format!("policy {}", scope.argument(at.resource, "name"));
    at.attach(kind, &name, title, document);
}

/// What the values of a module are resolved with.
#[derive(Clone, Copy)]
struct Scope<'r, 's> {
    side: &'r Side<'s>,
    of: &'r Of<'s>,
}

impl Scope<'_, '_> {
    /// The physical name, or a placeholder with the address where AWS generates it.
    fn name(&self, address: &str, resource: &Resource) -> String {
        let argument = name_of(resource);
        match resource.properties.get(argument).and_then(Value::as_str) {
            Some(name) => self.text(name, &mut Vec::new(), 0),
            None => self
                .deployed(address, argument)
                .unwrap_or_else(|| placeholder(&format!("{}.{address}", self.of.name))),
        }
    }

    fn tags(&self, resource: &Resource) -> BTreeMap<String, String> {
        let text = |it: &Value| self.text(&text_of(it).unwrap_or_default(), &mut Vec::new(), 0);
        let all = |tags: Option<&Value>| -> BTreeMap<String, String> {
            let entries = tags.and_then(Value::as_object).into_iter().flatten();
            entries.map(|(key, it)| (key.clone(), text(it))).collect()
        };
        match self.of.stack.origin {
            Origin::State => all(resource.properties.get("tags_all")),
            Origin::Module | Origin::Template | Origin::DeployedTemplate => {
                let default = self.of.stack.around.provider.get("default_tags");
                let default = default.map(list).unwrap_or_default();
                let mut tags = all(default.first().and_then(|it| it.get("tags")));
                tags.extend(all(resource.properties.get("tags")));
                tags
            }
        }
    }

    /// The text of an argument; empty if it is left out.
    fn argument(&self, resource: &Resource, argument: &str) -> String {
        let value = resource.properties.get(argument);
        let known = value.and_then(text_of).unwrap_or_default();
        self.text(&known, &mut Vec::new(), 0)
    }

    fn policy(&self, resource: &Resource, argument: &str) -> (Value, Vec<String>) {
        match resource.properties.get(argument).and_then(Value::as_str) {
            Some(text) if !text.is_empty() => self.policy_of(text),
            _ => (Value::Null, Vec::new()),
        }
    }

    /// A policy, and the parts of it that are not known.
    fn policy_of(&self, text: &str) -> (Value, Vec<String>) {
        let mut unknown = Vec::new();
        let text = self.text(text, &mut unknown, 0);
        let policy = json_value(&text).unwrap_or(Value::String(text));
        unknown.sort();
        unknown.dedup();
        (policy, unknown)
    }

    /// The text of a template. What is not known is a placeholder, and its name is added to
    /// `unknown`.
    fn text(&self, template: &str, unknown: &mut Vec<String>, depth: usize) -> String {
        if self.of.stack.origin == Origin::State {
            return template.to_owned();
        }
        let lookup = |reference: &str| self.lookup(reference, depth);
        resolve_all(template, &lookup, &mut |expression| {
            unknown.push(format!("`${{{expression}}}`"));
            placeholder(expression)
        })
    }

    fn lookup(&self, reference: &str, depth: usize) -> Option<String> {
        if depth > DEPTH {
            return None;
        }
        let (address, attribute) = reference.rsplit_once('.')?;
        let env = &self.of.env;
        match (address, attribute) {
            ("data.aws_caller_identity.current", "account_id") => Some(env.account.clone()),
            ("data.aws_region.current", "name" | "region" | "id") => Some(env.region.clone()),
            ("data.aws_partition.current", "partition") => Some(env.partition.to_owned()),
            ("data.aws_partition.current", "dns_suffix") => Some(env.url_suffix.to_owned()),
            _ if address.starts_with("data.terraform_remote_state.") => {
                let name = address.strip_prefix("data.terraform_remote_state.")?;
                self.remote(name.strip_suffix(".outputs")?, attribute, depth)
            }
            _ if address.starts_with("data.") => {
                text_of(self.of.before.data.get(address)?.get(attribute)?)
            }
            _ => self.attribute(address, attribute, depth),
        }
    }

    /// An output of another stack.
    fn remote(&self, name: &str, output: &str, depth: usize) -> Option<String> {
        let value = |of: &Of<'_>| of.stack.around.outputs.get(output)?.get("value").cloned();
        let has = self.side.stacks.iter().filter_map(|of| Some((of, value(of)?)));
        let has: Vec<_> = has.collect();
        let (of, value) = match has.as_slice() {
            [one] => one,
            several => {
                // By the backend that the state is in.
                let block = self.of.stack.around.remote_states.get(name)?;
                let (kind, config) = (block.get("backend")?.as_str()?, block.get("config")?);
                several.iter().find(|(of, _)| of.stack.around.backend.get(kind) == Some(config))?
            }
        };
        let scope = Scope { side: self.side, of };
        Some(scope.text(&text_of(value)?, &mut Vec::new(), depth + 1))
    }

    /// An attribute of a resource.
    fn attribute(&self, address: &str, attribute: &str, depth: usize) -> Option<String> {
        let resource = self.of.stack.resources.get(address)?;
        if let Some(value) = resource.properties.get(attribute) {
            return Some(self.text(&text_of(value)?, &mut Vec::new(), depth + 1));
        }
        let env = &self.of.env;
        let name = || match resource.properties.get(name_of(resource)).and_then(Value::as_str) {
            Some(name) => self.text(name, &mut Vec::new(), depth + 1),
            None => self.name(address, resource),
        };
        let path = resource.properties.get("path").and_then(Value::as_str);
        Some(match (resource.kind.as_str(), attribute) {
            ("aws_ecr_repository", "arn") => env.repository(Service::Ecr, &name()),
            ("aws_ecrpublic_repository", "arn") => env.repository(Service::EcrPublic, &name()),
            ("aws_ecr_repository", "registry_id") => env.account.clone(),
            ("aws_iam_role", "arn") => env.iam("role", path, &name()),
            ("aws_iam_user", "arn") => env.iam("user", path, &name()),
            ("aws_iam_group", "arn") => env.iam("group", path, &name()),
            ("aws_iam_policy", "arn") => env.iam("policy", path, &name()),
            (
                "aws_ecr_repository" | "aws_iam_role" | "aws_iam_user" | "aws_iam_group",
                "id" | "name",
            )
            | ("aws_ecrpublic_repository", "id" | "repository_name") => name(),
            // What AWS generates is the same as long as the resource is.
            _ => self
                .deployed(address, attribute)
                .unwrap_or_else(|| placeholder(&format!("{}.{address}.{attribute}", self.of.name))),
        })
    }

    /// An attribute of the resource in the state, if there is one.
    fn deployed(&self, address: &str, attribute: &str) -> Option<String> {
        let Of { before, after, .. } = *self.of;
        let both = Both { before, after };
        let (_, former) = both.former(address).filter(|_| before.origin == Origin::State)?;
        text_of(former.properties.get(attribute)?)
    }
}

/// The argument with the physical name of a resource.
fn name_of(resource: &Resource) -> &'static str {
    if resource.kind == "aws_ecrpublic_repository" { "repository_name" } else { "name" }
}
