//! Roles, users, groups, and the grants in their policies.

use std::collections::{BTreeMap, BTreeSet};

use ecrane_core::ConstructPath;
use indexmap::IndexMap;
use serde_json::{Map, Value, json};

use crate::draft::{Dialect, Draft, Kept, Kind, Named};
use crate::error::SourceAddress;
use crate::policy::{PUSH_OF_V1, Statement, permission, statements};
use crate::reader::Reader;
use crate::stack::{Origin, Resource};
use crate::value::{list, only, parameter, text};

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
            // Those of the stack, and those that a grant adds.
            reader.tags(draft, "Tags");
            policies_within(draft, &mut reader, named);
            "role"
        }
        Kind::User => {
            policies_within(draft, &mut reader, named);
            reader.text(draft, "UserName", "userName");
            reader.text(draft, "Path", "path");
            reader.tags(draft, "Tags");
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
            None if is_overflow(draft, reader.stack, arn) => {}
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
fn is_overflow(draft: &Draft<'_>, stack: usize, arn: &Value) -> bool {
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
    logical: String,
    stack: usize,
    /// The ID of the identity, as seen from its stack.
    id: String,
    /// What keeps its name and address.
    pins: Map<String, Value>,
    document: Value,
    statements: Vec<Statement>,
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
    let description = resource.properties.get("Description").and_then(Value::as_str);
    resource.kind == "AWS::IAM::Policy"
        || resource.kind == MANAGED_POLICY
            && description.is_some_and(|it| it.starts_with("Part of the policies for "))
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
            for (property, word) in [("Roles", "role"), ("Users", "user"), ("Groups", "group")] {
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
                    found.push(IdentityPolicy { logical, stack, id, pins, document, statements });
                }
                Err(reason) => draft.refuse(reader.address("PolicyDocument"), reason),
            }
        }
    }
    found
}

/// Stands for the account of an existing identity in a stack without an account. Nothing that is
/// deployed contains it.
const NO_ACCOUNT: &str = "000000000000";

/// Declares an existing identity by the name in its policy. Its ARN is one that a repository policy
/// names, or that of the name in the account of the stack.
fn existing(
    draft: &mut Draft<'_>,
    policy: &Reader<'_>,
    word: &str,
    holder: &Value,
    statements: &[Statement],
) -> Option<String> {
    let (stack, logical) = (policy.stack, policy.logical);
    let env = draft.env(stack);
    let name = text(holder, &env)?;
    let arn = if let Some(arn) = arn_in_policies(draft, stack, (word, &name), statements) {
        arn
    } else {
        let partition = env.pseudo("AWS::Partition")?;
        let account = env.account.as_deref().unwrap_or(NO_ACCOUNT);
        format!("arn:{partition}:iam::{account}:{word}/{name}")
    };
    let is_known = env.account.is_some() || !arn.contains(NO_ACCOUNT);
    let noted = policy.resource.noted_path();
    // In Terraform, the name of the policy tells, not its address.
    let name_of_policy = policy.resource.properties.get("PolicyName").and_then(Value::as_str);
    let is_template = draft.origin(stack) == Origin::CloudFormation;
    let derived = name_of_policy.filter(|_| !is_template).unwrap_or(logical);
    let id = ["Policy", "DefaultPolicy"]
        .iter()
        .find_map(|it| draft.ids.of_logical_id(derived, &[it, "Resource"], noted))
        .filter(|id| draft.take(stack, id));
    let id = id.unwrap_or_else(|| draft.free(stack, &crate::word::camel(&name)));
    draft.imported.entry((stack, arn.clone())).or_insert_with(|| id.clone());
    draft.out(stack).principals.insert(id.clone(), json!({ format!("{word}Arn"): arn }));
    if !is_known {
        draft.comment(
            stack,
            &["principals", &id],
            format!("The template names the {word}, and not its account: write it in the place of {NO_ACCOUNT}"),
        );
    }
    Some(id)
}

/// The ARN of an existing identity, by the policies of repositories. What it may do by its own policy,
/// the policies of these repositories allow to the ARN, too: the AWS CDK writes both where the identity
/// is in another account, or the account is unknown.
fn arn_in_policies(
    draft: &Draft<'_>,
    stack: usize,
    (word, name): (&str, &str),
    statements: &[Statement],
) -> Option<String> {
    let mut allowed: BTreeMap<(usize, &str), BTreeSet<&str>> = BTreeMap::new();
    for statement in statements {
        for resource in &statement.resources {
            let Some((owner, logical, _)) = draft.target(stack, resource) else { continue };
            let named = draft.named(owner, &logical).filter(|it| it.kind == Kind::Repository);
            if let Some(named) = named {
                let actions = statement.actions.iter().map(String::as_str);
                allowed.entry((owner, &named.id)).or_default().extend(actions);
            }
        }
    }
    let is_named = |arn: &str| {
        let resource = arn.rsplit_once(':').map_or("", |(_, it)| it);
        resource.strip_prefix(word).is_some_and(|it| it.starts_with('/'))
            && resource.rsplit('/').next() == Some(name)
    };
    // What the policy of a repository allows to each ARN with the name.
    let by_policy = |(owner, id): &(usize, &str)| {
        let mut by_arn: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        let repository = draft.out.get(*owner).and_then(|it| it.repositories.get(*id));
        for statement in repository.into_iter().flat_map(|it| &it.statements) {
            let is_plain =
                !statement.is_deny && statement.sid.is_none() && statement.conditions.is_none();
            let arns = statement.principals.iter().filter(|_| is_plain);
            let arns = arns.filter_map(|it| it.get("arn")?.as_str()).filter(|it| is_named(it));
            for arn in arns {
                let actions = statement.actions.iter().map(String::as_str);
                by_arn.entry(arn).or_default().extend(actions);
            }
        }
        by_arn
    };
    let mut all = allowed.iter().map(|(repository, actions)| {
        let arns = by_policy(repository).into_iter();
        let arns = arns.filter(|(_, it)| actions.is_subset(it)).map(|(arn, _)| arn.to_owned());
        arns.collect::<BTreeSet<String>>()
    });
    let first = all.next()?;
    all.fold(first, |one, other| one.intersection(&other).cloned().collect()).pop_first()
}

const TOKEN: [&str; 1] = ["ecr:GetAuthorizationToken"];
const PUBLIC_TOKEN: [&str; 2] = ["ecr-public:GetAuthorizationToken", "sts:GetServiceBearerToken"];

/// A permission of an identity on a repository.
struct Found {
    repository: (usize, String),
    stack: usize,
    id: String,
    actions: Vec<String>,
    is_done: bool,
    with_token: bool,
}

/// Recovers grants from the policies of identities and of repositories.
#[expect(clippy::too_many_lines, reason = "both policies of a grant are read in one go")]
pub(crate) fn grants(draft: &mut Draft<'_>, policies: Vec<IdentityPolicy>) {
    let mut found: Vec<Found> = Vec::new();
    // The repositories of each statement, by identity. With `minimizePolicies`, a statement is where the
    // first of them was granted.
    let mut granted: IndexMap<(usize, String), Vec<Vec<(usize, String)>>> = IndexMap::new();
    for policy in policies {
        let IdentityPolicy { logical, stack, id, mut pins, document, statements } = policy;
        // Statements on `*` can be merged into one.
        let has = |statement: &Statement, actions: &[&str]| {
            statement.resources == ["*"]
                && actions.iter().all(|it| statement.actions.iter().any(|given| given == it))
        };
        let with_token = statements.iter().any(|it| has(it, &TOKEN));
        let before = (found.len(), draft.out(stack).public_tokens.len());
        let mut grants_a_token = false;
        let merged = granted.entry((stack, id.clone())).or_default();
        // What no grant gives.
        let mut others: Vec<String> = Vec::new();
        for statement in &statements {
            if statement.is_deny || statement.sid.is_some() || statement.conditions.is_some() {
                let reason =
                    "a statement with a Sid, a condition or the effect Deny, which no grant has";
                others.push(reason.to_owned());
                continue;
            }
            if statement.resources == ["*"] {
                let is_public = has(statement, &PUBLIC_TOKEN);
                if is_public {
                    draft.out(stack).public_tokens.push(id.as_str().into());
                }
                let is_known = |action: &&String| {
                    TOKEN.contains(&action.as_str())
                        || is_public && PUBLIC_TOKEN.contains(&action.as_str())
                };
                if let Some(other) = statement.actions.iter().find(|it| !is_known(it)) {
                    others.push(format!("a permission for `{other}` on all resources"));
                }
                continue;
            }
            merged.push(Vec::new());
            for resource in &statement.resources {
                match draft.repository(stack, resource) {
                    Some(repository) => {
                        if let Some(last) = merged.last_mut() {
                            last.push(repository.clone());
                        }
                        let actions = statement.actions.clone();
                        let in_order = draft.is_generated(stack);
                        let (kind, set) = permission(&actions, draft.dialect, in_order);
                        grants_a_token |= kind == "allow" && set != "read";
                        let id = id.clone();
                        let is_done = false;
                        found.push(Found { repository, stack, id, actions, is_done, with_token });
                    }
                    None => {
                        others
                            .push(format!("a permission on {resource}, which is not a repository"));
                    }
                }
            }
        }
        if with_token && !grants_a_token {
            draft.out(stack).private_tokens.push(id.as_str().into());
        }
        let grants = with_token || before != (found.len(), draft.out(stack).public_tokens.len());
        let is_template = draft.origin(stack) == Origin::CloudFormation;
        let is_kept = is_template
            && grants
            && parameter(&document).is_none()
            && draft.stacks.get(stack).is_some_and(|it| it.is_portable(&document));
        if is_kept && !others.is_empty() {
            let properties = json!({ "PolicyDocument": document });
            pins.insert("cloudformation".to_owned(), json!({ "properties": properties }));
            let text = format!("`cloudformation` keeps the policy as it is: {}", others.join("; "));
            draft.comment(stack, &["principals", &id, "inlinePolicy"], text);
        } else {
            for reason in others {
                draft.refuse(&logical, reason);
            }
        }
        if grants
            && !pins.is_empty()
            && let Some(Value::Object(principal)) = draft.out(stack).principals.get_mut(&id)
        {
            if principal.contains_key("inlinePolicy") {
                draft.refuse(&logical, "a second inline policy of its principal");
            } else {
                principal.insert("inlinePolicy".to_owned(), pins.into());
            }
        }
    }
    let sequences = granted.values().map(|statements| match draft.dialect {
        Dialect::Minimized => first_of_each(draft, statements),
        Dialect::V1 | Dialect::V2 => {
            let single = statements.iter().filter_map(|it| match it.as_slice() {
                [one] => Some(one.clone()),
                _ => None,
            });
            single.collect()
        }
    });
    let sequences: Vec<_> = sequences.collect();
    draft.order(&sequences);
    let seen_from = |draft: &Draft<'_>, repository: usize, found: &Found| {
        if repository == found.stack
            || found.id.contains('/')
                && draft.stacks.iter().any(|it| found.id.starts_with(&format!("{}/", it.id)))
        {
            found.id.clone()
        } else {
            format!("{}/{}", draft.stacks.get(found.stack).map_or("", |it| &it.id), found.id)
        }
    };
    for stack in 0..draft.out.len() {
        let how = (draft.dialect, draft.is_generated(stack));
        let ids: Vec<String> = draft.out(stack).repositories.keys().cloned().collect();
        for id in ids {
            let Some(repository) = draft.out(stack).repositories.get(&id).cloned() else {
                continue;
            };
            let env = draft.env(stack);
            let mut grants: Vec<Value> = Vec::new();
            // The last statements that are grants: grants come after statements.
            let mut first = repository.statements.len();
            let mut both: Vec<(usize, usize)> = Vec::new();
            for (index, statement) in repository.statements.iter().enumerate().rev() {
                let Some(principals) = grantees(statement, how.1) else { break };
                if let [Value::String(principal)] = principals.as_slice() {
                    // A grant gives an identity the permission in its own policy, too.
                    let twin = found.iter().position(|it| {
                        !it.is_done
                            && it.repository == (stack, id.clone())
                            && same(&it.actions, &statement.actions)
                            && seen_from(draft, stack, it) == *principal
                    });
                    let Some(twin) = twin else { break };
                    if let Some(it) = found.get_mut(twin) {
                        it.is_done = true;
                    }
                    both.push((index, twin));
                }
                first = index;
            }
            let of_lambda = of_lambda(&repository.statements, first);
            let mut elements = Vec::new();
            for (index, statement) in repository.statements.iter().enumerate() {
                if of_lambda.contains_key(&index) {
                    if let Some(Some(account)) = of_lambda.get(&index) {
                        let to = json!({ "lambda": { "account": account } });
                        grants.push(json!({ "to": to, "allow": "pull" }));
                    }
                    continue;
                }
                if index < first {
                    match statement.element(&env) {
                        Ok(element) => elements.push(element),
                        Err(reason) => draft.refuse(
                            SourceAddress::from(id.as_str()).property("RepositoryPolicyText"),
                            reason,
                        ),
                    }
                    continue;
                }
                let Some(grantees) = grantees(statement, how.1) else { continue };
                let token =
                    both.iter().find(|(it, _)| *it == index).and_then(|(_, twin)| found.get(*twin));
                let with_token = token.is_none_or(|it| it.with_token);
                for to in grantees {
                    push(&mut grants, to, &statement.actions, with_token, how);
                }
            }
            for it in
                found.iter_mut().filter(|it| !it.is_done && it.repository == (stack, id.clone()))
            {
                it.is_done = true;
                let to = seen_from(draft, stack, it).into();
                push(&mut grants, to, &it.actions, it.with_token, how);
            }
            if let Some(out) = draft.out(stack).repositories.get_mut(&id) {
                if !elements.is_empty() {
                    let document =
                        crate::repository::document(repository.version.clone(), elements);
                    out.element.insert("resourcePolicy".to_owned(), document);
                } else if let Some(version) = &repository.version {
                    let document = json!({ "version": version });
                    if !repository.statements.is_empty() {
                        out.element.insert("resourcePolicy".to_owned(), document);
                    }
                }
                out.grants = grants;
            }
        }
    }
}

/// The first repository of each statement. One whose own repositories come later than those of the next
/// begins with an existing repository, the place of which is unknown.
fn first_of_each(draft: &Draft<'_>, statements: &[Vec<(usize, String)>]) -> Vec<(usize, String)> {
    let is_import = |it: &&(usize, String)| {
        let repository = draft.out.get(it.0).and_then(|out| out.repositories.get(&it.1));
        repository.is_some_and(|it| it.element.contains_key("import"))
    };
    let place = |it: &&(usize, String)| {
        let out = draft.out.get(it.0);
        (it.0, out.and_then(|out| out.repositories.get_index_of(&it.1)))
    };
    let own = |statement: &[(usize, String)]| {
        statement.iter().filter(|it| !is_import(it)).min_by_key(place).cloned()
    };
    let mut used = BTreeSet::new();
    let first = statements.iter().enumerate().filter_map(|(index, statement)| {
        let own_first = own(statement);
        let later = statements.iter().skip(index + 1).filter_map(|it| own(it));
        let next = later.min_by_key(|it| place(&it));
        let is_late = match (&own_first, &next) {
            (Some(own), Some(next)) => place(&own) > place(&next),
            (None, _) => true,
            (Some(_), None) => false,
        };
        let import = statement.iter().filter(is_import).find(|it| is_late && !used.contains(*it));
        used.extend(import.cloned());
        import.cloned().or(own_first)
    });
    first.collect()
}

/// The statements of grants to the Lambda functions of an account, from an index on: one for the account
/// and one for the Lambda service, which has the account.
fn of_lambda(statements: &[Statement], from: usize) -> BTreeMap<usize, Option<String>> {
    const PULL: [&str; 2] = ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"];
    let mut found = BTreeMap::new();
    let all = || {
        let all = statements.iter().enumerate().skip(from);
        all.filter(|(_, it)| {
            it.actions == PULL && it.sid.is_none() && !it.is_deny && it.resources.is_empty()
        })
    };
    for (of_service, statement) in all() {
        let [principal] = statement.principals.as_slice() else { continue };
        let source = statement.conditions.as_ref().and_then(|it| match only(it)? {
            ("StringLike", keys) => match only(keys)? {
                ("aws:sourceArn", source) => source.as_str(),
                _ => None,
            },
            _ => None,
        });
        let account = source.and_then(|it| {
            it.strip_prefix("arn:")?.split_once(":lambda:*:")?.1.strip_suffix(":function:*")
        });
        let Some(account) = account else { continue };
        if *principal != json!({ "service": "lambda.amazonaws.com" }) {
            continue;
        }
        let of_account = all().map(|(at, _)| at).find(|at| {
            !found.contains_key(at)
                && statements.get(*at).is_some_and(|it| {
                    it.conditions.is_none() && it.principals == [json!({ "account": account })]
                })
        });
        if let Some(of_account) = of_account {
            found.insert(of_account, None);
            found.insert(of_service, Some(account.to_owned()));
        }
    }
    found
}

fn same(one: &[String], other: &[String]) -> bool {
    let sorted = |actions: &[String]| {
        let mut actions = actions.to_vec();
        actions.sort_unstable();
        actions
    };
    sorted(one) == sorted(other)
}

/// The principals of a statement that a grant would write. The AWS CDK writes a statement for each; by
/// hand, one is written for several.
fn grantees(statement: &Statement, is_generated: bool) -> Option<Vec<Value>> {
    let is_plain = !statement.is_deny
        && statement.sid.is_none()
        && statement.resources.is_empty()
        && !statement.actions.is_empty();
    if !is_plain {
        return None;
    }
    if is_generated || statement.principals.len() < 2 {
        return statement.principal().map(|it| vec![it]);
    }
    let each = statement.principals.iter().map(|principal| {
        let one = Statement { principals: vec![principal.clone()], ..statement.clone() };
        // A role, user or group of the config is granted in its own policy, too.
        one.principal().filter(Value::is_object)
    });
    each.collect()
}

/// Adds a grant; to the last one if it has the same permission.
fn push(
    grants: &mut Vec<Value>,
    to: Value,
    actions: &[String],
    with_token: bool,
    (dialect, in_order): (Dialect, bool),
) {
    let (mut key, mut set) = permission(actions, dialect, in_order);
    if !with_token && key == "allow" && set != "read" {
        (key, set) = ("actions", actions.to_vec().into());
    }
    if dialect == Dialect::V1 && actions == PUSH_OF_V1 && take_pull(grants, &to) {
        (key, set) = ("allow", "pullPush".into());
    }
    let last = grants.last_mut().and_then(Value::as_object_mut);
    if let Some(last) = last.filter(|last| last.get(key) == Some(&set))
        && let Some(before) = last.get_mut("to")
    {
        if let Value::Array(all) = before {
            all.push(to);
        } else {
            *before = json!([before.take(), to]);
        }
        return;
    }
    grants.push(json!({ "to": to, key: set }));
}

/// Takes back the last grant if it lets a principal pull.
fn take_pull(grants: &mut Vec<Value>, to: &Value) -> bool {
    let Some(Value::Object(last)) = grants.last_mut() else { return false };
    if last.get("allow").is_none_or(|it| it != "pull") {
        return false;
    }
    match last.get_mut("to") {
        Some(Value::Array(all)) if all.last() == Some(to) => {
            all.pop();
            if let [one] = all.as_slice() {
                let one = one.clone();
                last.insert("to".to_owned(), one);
            }
            true
        }
        Some(only) if only == to => {
            grants.pop();
            true
        }
        _ => false,
    }
}
