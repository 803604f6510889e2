//! Roles, users, groups, and their policies.

use ecrane_core::ConstructPath;
use serde_json::{Map, Value, json};

use crate::draft::{Draft, Kept, Kind, Named};
use crate::existing::{NO_ACCOUNT, existing};
use crate::policy::{Statement, statements};
use crate::reader::Reader;
use crate::stack::{Origin, Resource};
use crate::value::{list, text};

pub(crate) fn identity(draft: &mut Draft<'_>, mut reader: Reader<'_>, named: &Named) {
    let key = match named.kind {
        Kind::Role => {
            assumed_by(draft, &mut reader);
            reader.text(draft, "RoleName", "roleName");
            reader.text(draft, "Description", "description");
            reader.value(draft, "MaxSessionDuration", "maxSessionDuration", |value, _| {
                value.as_u64().or_else(|| value.as_str()?.parse().ok())
            });
            reader.text(draft, "Path", "path");
            managed_policies(draft, &mut reader);
            reader.text(draft, "PermissionsBoundary", "permissionsBoundary");
            own_tags(draft, &mut reader, named);
            policies_within(draft, &mut reader, named);
            "role"
        }
        Kind::User => {
            policies_within(draft, &mut reader, named);
            reader.text(draft, "UserName", "userName");
            reader.text(draft, "Path", "path");
            own_tags(draft, &mut reader, named);
            "user"
        }
        Kind::Group
        | Kind::Repository
        | Kind::Key
        | Kind::PublicRepository
        | Kind::PullThroughCacheRule
        | Kind::CreationTemplate
        | Kind::PullTimeUpdateExclusion => {
            reader.text(draft, "GroupName", "groupName");
            policies_within(draft, &mut reader, named);
            "group"
        }
    };
    let stack = reader.stack;
    let element = reader.construct(draft, named);
    draft.out(stack).principals.insert(named.id.clone(), json!({ key: element }));
}

/// Keeps the tags of a role or user, besides that which a grant adds: it has the path of the construct, which
/// a template does not always tell. A config has a key for those of a stack only, which Terraform's provider
/// gives to all resources.
fn own_tags(draft: &mut Draft<'_>, reader: &mut Reader<'_>, named: &Named) {
    let Some(tags) = reader.take("Tags") else { return };
    let Some(stack) = draft.stacks.get(reader.stack) else { return };
    let address = ConstructPath::of_id(&named.id).ok().map(|path| path.address(&stack.id));
    let name = stack.stack_name.as_ref().unwrap_or(&stack.id);
    let tag = address.map(|it| json!({ "Key": "aws-cdk:id", "Value": format!("{name}_{it}") }));
    let is_granted = |it: &&Value| Some(*it) == tag.as_ref();
    if !list(&tags).iter().all(is_granted) && stack.origin == Origin::CloudFormation {
        let reason = "the config has no key for tags of roles and users".to_owned();
        reader.inexpressible(draft, "Tags", &tags, reason);
    }
}

/// Keeps the inline policies that are a property of an identity. As grants they would be a resource of
/// their own.
fn policies_within(draft: &mut Draft<'_>, reader: &mut Reader<'_>, named: &Named) {
    if draft.origin(reader.stack) != Origin::CloudFormation {
        return;
    }
    if let Some(policies) = reader.take("Policies") {
        reader.keep("Policies", policies);
        let text = "`cloudformation` keeps the inline policies; grants in their place would be a resource of their own";
        draft.comment(reader.stack, &["principals", &named.id], text);
    }
}

fn managed_policies(draft: &mut Draft<'_>, reader: &mut Reader<'_>) {
    let Some(value) = reader.take("ManagedPolicyArns") else { return };
    let env = draft.env(reader.stack);
    let mut found = Vec::new();
    for arn in list(&value) {
        match text(arn, &env) {
            // A literal stays one: the AWS CDK writes the partition of a name as a reference.
            Some(text) if arn.is_string() => found.push(text),
            Some(text) => match text.split_once(":iam::aws:policy/") {
                Some((_, name)) => found.push(name.to_owned()),
                None => found.push(text),
            },
            // The policies that a role's statements overflow into are derived again.
            None if is_arn_of_overflow(draft, reader.stack, arn) => {}
            None if reader.keep_as_is(
                draft,
                "ManagedPolicyArns",
                &value,
                "known at deployment only",
            ) =>
            {
                return;
            }
            None => draft.refuse_value(reader.address("ManagedPolicyArns"), arn),
        }
    }
    if !found.is_empty() {
        reader.set("managedPolicies", found);
    }
}

/// Whether a value is the ARN of a managed policy for the statements of a role.
fn is_arn_of_overflow(draft: &Draft<'_>, stack: usize, arn: &Value) -> bool {
    let target = draft.target(stack, arn);
    let resource = target.and_then(|(of, id, _)| draft.stacks.get(of)?.resources.get(&id));
    resource.is_some_and(is_policy)
}

fn assumed_by(draft: &mut Draft<'_>, reader: &mut Reader<'_>) {
    let Some(policy) = reader.take(TRUST_POLICY) else {
        draft.refuse(reader.address(TRUST_POLICY), "a role needs a trust policy");
        reader.set("assumedBy", json!({ "account": NO_ACCOUNT }));
        return;
    };
    let read = draft.with_context(reader.stack, |context| statements(&policy, context));
    let found = read.and_then(|(_, statements)| {
        let each: Vec<Value> = statements
            .iter()
            .map(|it| {
                trusted(it).ok_or_else(|| {
                    "the trust policy contains more than `assumedBy` can express".to_owned()
                })
            })
            .collect::<Result<Vec<Vec<Value>>, String>>()?
            .concat();
        Ok(each)
    });
    match found {
        Ok(principals) => {
            let one = match principals.as_slice() {
                [one] => one.clone(),
                _ => json!({ "composite": principals }),
            };
            reader.set("assumedBy", one);
        }
        Err(reason) => {
            reader.inexpressible(draft, TRUST_POLICY, &policy, reason);
            // The override has the principals.
            reader.set("assumedBy", json!({ "account": NO_ACCOUNT }));
        }
    }
}

const TRUST_POLICY: &str = "AssumeRolePolicyDocument";

/// The principals that a statement of a trust policy lets assume the role.
fn trusted(statement: &Statement) -> Option<Vec<Value>> {
    let [action] = statement.actions.as_slice() else { return None };
    if statement.is_deny || statement.sid.is_some() || !statement.resources.is_empty() {
        return None;
    }
    let principals = statement.principals.iter().map(|principal| {
        let mut principal = match principal {
            Value::Object(principal) => principal.clone(),
            // The ID of an identity.
            Value::String(_) if statement.conditions.is_none() => return Some(principal.clone()),
            Value::String(_)
            | Value::Null
            | Value::Bool(_)
            | Value::Number(_)
            | Value::Array(_) => return None,
        };
        let is_federated = principal.contains_key("federated");
        match action.as_str() {
            "sts:AssumeRole" => {}
            action if is_federated => {
                principal.insert("assumeRoleAction".to_owned(), action.into());
            }
            _ => return None,
        }
        if let Some(conditions) = &statement.conditions {
            principal.insert("conditions".to_owned(), conditions.clone());
        }
        Some(Value::Object(principal))
    });
    principals.collect()
}

/// The policies of identities, from which grants are recovered.
#[derive(Debug)]
pub(crate) struct IdentityPolicy {
    pub(crate) logical: String,
    pub(crate) stack: usize,
    /// The ID of the identity, as seen from its stack.
    pub(crate) id: String,
    /// What keeps its name and address.
    pub(crate) pins: Map<String, Value>,
    pub(crate) is_overflow: bool,
    pub(crate) document: Value,
    pub(crate) statements: Vec<Statement>,
}

/// What keeps the name and the address of a policy that grants create below a principal.
fn pins(
    draft: &mut Draft<'_>,
    reader: &mut Reader<'_>,
    id: &str,
    child: &str,
) -> Map<String, Value> {
    let mut pins = Map::new();
    let name = reader.take("PolicyName");
    let Ok(path) = ConstructPath::of_id(id) else { return pins };
    let path = path.child(child).child("Resource");
    // The policy of a principal of another stack is there.
    let is_here = !draft
        .stacks
        .iter()
        .any(|it| id.strip_prefix(it.id.as_str()).is_some_and(|below| below.starts_with('/')));
    if is_here {
        reader.note_address(draft, &path);
    }
    let name = name.and_then(|it| text(&it, &draft.env(reader.stack)));
    if let Some(name) = name.filter(|it| *it != path.logical_id()) {
        pins.insert("policyName".to_owned(), name.into());
    }
    if let Some((key, name)) = draft.origin(reader.stack).pin(reader.logical, &path) {
        pins.insert(key.to_owned(), name.into());
    }
    pins
}

/// The properties of a policy with the identities to which it is attached.
pub(crate) const HOLDERS: [(&str, &str); 3] =
    [("Roles", "role"), ("Users", "user"), ("Groups", "group")];

/// The description of a policy for which a role's inline policy has no place, before the stack and the role.
pub(crate) const OVERFLOW: &str = "Part of the policies for ";

const MANAGED_POLICY: &str = "AWS::IAM::ManagedPolicy";

/// Notes the address of a managed policy for the statements of a role. They are numbered, and their
/// addresses cannot be pinned.
fn note_overflow(draft: &mut Draft<'_>, reader: &Reader<'_>, id: &str) {
    let Ok(role) = ConstructPath::of_id(id) else { return };
    let number = draft.kept.iter().filter(|it| it.path.starts_with(&format!("{role}/Overflow")));
    let number = number.count() / 2 + 1;
    let policy = role.child(&format!("OverflowPolicy{number}"));
    reader.note_address(draft, &policy.child("Resource"));
    let (stack, of) = (reader.stack, Some(reader.logical.to_owned()));
    for (part, address) in &reader.resource.parts {
        let path = format!("{policy}/{part}");
        let (address, of) = (address.clone(), of.clone());
        draft.kept.push(Kept { stack, address, path, of, is_retained: false });
    }
}

/// Whether a resource is the policy of an identity: an inline policy, or one of those that the AWS
/// CDK creates for the statements that exceed the size of a role's inline policy.
pub(crate) fn is_policy(resource: &Resource) -> bool {
    resource.kind == "AWS::IAM::Policy" || is_overflow(resource)
}

/// Whether a resource is a policy for which a role's inline policy has no place.
pub(crate) fn is_overflow(resource: &Resource) -> bool {
    let description = resource.properties.get("Description").and_then(Value::as_str);
    resource.kind == MANAGED_POLICY && description.is_some_and(|it| it.starts_with(OVERFLOW))
}

/// Reads the policies of identities, and declares the existing identities that they are attached to.
pub(crate) fn policies(draft: &mut Draft<'_>) -> Vec<IdentityPolicy> {
    let mut found = Vec::new();
    let stacks = draft.stacks;
    for (stack, template) in stacks.iter().enumerate() {
        for (logical, resource) in &template.resources {
            if !is_policy(resource) {
                continue;
            }
            let mut reader = Reader::new(draft, stack, logical, resource);
            let mut holders = Vec::new();
            for (property, word) in HOLDERS {
                let value = reader.take(property).unwrap_or(Value::Array(Vec::new()));
                holders.extend(list(&value).into_iter().map(|it| (word, it.clone())));
            }
            let [(word, holder)] = holders.as_slice() else {
                draft.refuse(logical, "a policy that is attached to several identities");
                continue;
            };
            let document = reader.take("PolicyDocument").unwrap_or_default();
            let read = draft.with_context(stack, |context| statements(&document, context));
            let id = draft.id_of(stack, holder, Kind::is_identity);
            let is_own = id.is_some();
            let known = read.as_ref().map_or(&[][..], |(_, statements)| statements);
            let id = id.or_else(|| existing(draft, &reader, word, holder, known));
            let Some(id) = id else {
                draft.refuse(
                    logical,
                    format!("the account of the existing {word} {holder} is unknown"),
                );
                continue;
            };
            let pins = if resource.kind == MANAGED_POLICY {
                note_overflow(draft, &reader, &id);
                Map::new()
            } else {
                let child = if is_own || *word == "group" { "DefaultPolicy" } else { "Policy" };
                pins(draft, &mut reader, &id, child)
            };
            match read {
                Ok((_, statements)) => {
                    let logical = logical.clone();
                    let is_overflow = resource.kind == MANAGED_POLICY;
                    found.push(IdentityPolicy {
                        logical,
                        stack,
                        id,
                        pins,
                        is_overflow,
                        document,
                        statements,
                    });
                }
                Err(reason) => draft.refuse(reader.address("PolicyDocument"), reason),
            }
        }
    }
    // What the inline policy of a role has no place for comes after it.
    found.sort_by_key(|it| it.is_overflow);
    found
}
