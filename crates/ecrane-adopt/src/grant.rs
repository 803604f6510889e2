//! Grants, recovered from the policies of identities and of repositories.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use crate::apart::set_apart;
use crate::draft::{Dialect, Draft, Overflow};
use crate::error::SourceAddress;
use crate::identity::IdentityPolicy;
use crate::lambda::of_lambda;
use crate::merged::{parts_of, sequences};
use crate::overflow::{Part, Place, Walk, early};
use crate::policy::{PUSH_OF_V1, Statement, permission};
use crate::stack::Origin;
use crate::tag::{by_tag, is_by_unknown_tag};

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

/// The repositories of each statement of a policy.
struct Granted {
    stack: usize,
    id: String,
    statements: Vec<Vec<Place>>,
    part: Option<Part>,
}

/// Recovers grants from the policies of identities and of repositories.
#[expect(clippy::too_many_lines, reason = "both policies of a grant are read in one go")]
pub(crate) fn grants(draft: &mut Draft<'_>, policies: Vec<IdentityPolicy>) {
    let mut found: Vec<Found> = Vec::new();
    // By policy: a statement for which a role's inline policy has no place can be granted before the last
    // ones that are in it. With `minimizePolicies`, a statement is where the first of them was granted.
    let mut granted: Vec<Granted> = Vec::new();
    let of = |it: &IdentityPolicy| (it.stack, it.id.clone());
    let mut overflowing: BTreeMap<(usize, String), BTreeSet<String>> =
        policies.iter().filter(|it| it.is_overflow).map(|it| (of(it), BTreeSet::new())).collect();
    for policy in policies {
        // An override of one of several policies would not have what moves between them.
        let is_alone = !overflowing.contains_key(&of(&policy));
        let is_joined = draft.way.overflow == Overflow::Joined;
        let seen = overflowing.get_mut(&of(&policy)).filter(|_| !is_joined);
        let IdentityPolicy { logical, stack, id, mut pins, is_overflow, document, statements } =
            policy;
        let declared = statements.iter().flat_map(|it| &it.resources);
        let first = declared.filter(|_| is_overflow).find_map(|it| draft.declared(stack, it));
        let mut walk = seen.map(|seen| Walk::new(first.map_or(stack, |it| it.0), seen));
        // Statements on `*` can be merged into one.
        let has = |statement: &Statement, actions: &[&str]| {
            statement.resources == ["*"]
                && actions.iter().all(|it| statement.actions.iter().any(|given| given == it))
        };
        let with_token = statements.iter().any(|it| has(it, &TOKEN));
        let before = (found.len(), draft.out(stack).public_tokens.len());
        let mut grants_a_token = false;
        let mut merged: Vec<Vec<Place>> = Vec::new();
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
                let repository = match &mut walk {
                    Some(walk) => walk.place(draft, stack, &id, resource),
                    None => draft.granted(stack, resource, Some(&id)),
                };
                let repository = repository.and_then(|it| {
                    if is_by_unknown_tag(draft, &it, stack, &statement.actions) {
                        let unmade: Vec<String> = draft.logical_ids(it.0, &it.1).cloned().collect();
                        draft.unmade.extend(unmade);
                        draft.existing(stack, resource, Some(&id), (it.0, false))
                    } else {
                        Some(it)
                    }
                });
                match repository {
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
        let of_role = granted.iter_mut().find(|it| is_joined && (it.stack, &it.id) == (stack, &id));
        if let Some(of_role) = of_role {
            of_role.statements.extend(merged);
        } else {
            let part = if is_overflow { Part::Overflow } else { Part::Inline };
            let (id, part) = (id.clone(), walk.map(|_| part));
            granted.push(Granted { stack, id, statements: merged, part });
        }
        if with_token && !grants_a_token {
            draft.out(stack).private_tokens.push(id.as_str().into());
        }
        let grants = with_token || before != (found.len(), draft.out(stack).public_tokens.len());
        let is_template = draft.origin(stack) == Origin::CloudFormation;
        let is_kept = is_template
            && grants
            && draft.stacks.get(stack).is_some_and(|it| it.is_portable(&document));
        if is_kept && is_alone && draft.is_kept(&logical) {
            others.push("no grants make it".to_owned());
        }
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
    if draft.way.imports_first {
        for out in &mut draft.out {
            out.repositories.sort_by_key(|_, it| !it.element.contains_key("import"));
        }
    }
    let sequences = granted.iter().enumerate().flat_map(|(at, it)| match draft.dialect {
        Dialect::Minimized => sequences(draft, it.stack, &it.statements, it.part),
        Dialect::V1 | Dialect::V2 => {
            let single = it.statements.iter().filter_map(|it| match it.as_slice() {
                [one] => Some(one.clone()),
                _ => None,
            });
            let single: Vec<Place> = single.collect();
            let rest = granted.iter().skip(at + 1);
            let rest = rest.filter(|other| (other.stack, &other.id) == (it.stack, &it.id));
            let later: BTreeSet<&Place> = rest.flat_map(|it| &it.statements).flatten().collect();
            let before = early(draft, &single, |it| later.contains(it));
            [vec![single], before].concat()
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
        // A statement for each principal would be a change in the plan that takes over the policy.
        let is_one = how.1 || draft.origin(stack) != Origin::CloudFormation;
        let ids: Vec<String> = draft.out(stack).repositories.keys().cloned().collect();
        for id in ids {
            let Some(mut repository) = draft.out(stack).repositories.get(&id).cloned() else {
                continue;
            };
            let env = draft.env(stack);
            let mut grants: Vec<Value> = Vec::new();
            if draft.dialect == Dialect::Minimized && how.1 {
                set_apart(&mut repository.statements, &env);
            }
            // The last statements that are grants: grants come after statements.
            let mut first = repository.statements.len();
            let mut both: BTreeMap<usize, (usize, String)> = BTreeMap::new();
            let is_as_written = draft.is_as_written(stack, &id);
            for (index, statement) in repository.statements.iter().enumerate().rev() {
                if is_as_written {
                    break;
                }
                let Some(principals) = grantees(statement, is_one) else { break };
                let (named, is_by_tag) = match principals.as_slice() {
                    [Value::String(principal)] => (Some(principal.clone()), false),
                    [principal] => (by_tag(draft, stack, principal), true),
                    _ => (None, true),
                };
                if let Some(principal) = named {
                    // A grant gives an identity the permission in its own policy, too.
                    let twin = found.iter_mut().enumerate().find(|(_, it)| {
                        !it.is_done
                            && it.repository == (stack, id.clone())
                            && same(&it.actions, &statement.actions)
                            && seen_from(draft, stack, it) == principal
                    });
                    if let Some((twin, it)) = twin {
                        it.is_done = true;
                        both.insert(index, (twin, principal));
                    } else if !is_by_tag {
                        break;
                    }
                }
                first = index;
            }
            // With a known partition, the AWS CDK can write it out.
            let is_written = env.region.is_some() && !is_as_written;
            let partition = env.pseudo("AWS::Partition").filter(|_| is_written);
            let of_lambda =
                of_lambda(&mut repository.statements, first, draft.dialect, partition.as_deref());
            let mut elements = Vec::new();
            for (index, statement) in repository.statements.iter().enumerate() {
                if let Some(accounts) = of_lambda.get(&index) {
                    grants.extend(accounts.iter().map(|account| {
                        let to = json!({ "lambda": { "account": account } });
                        json!({ "to": to, "allow": "pull" })
                    }));
                    continue;
                }
                if index < first {
                    // A grant writes it, and `minimizePolicies` would have its principal twice.
                    let named =
                        grantees(statement, is_one).filter(|_| draft.dialect == Dialect::Minimized);
                    let named = named.as_deref().and_then(<[Value]>::first);
                    let named = named.and_then(|it| by_tag(draft, stack, it));
                    let is_twin = |it: &&Found| {
                        !it.is_done
                            && it.repository == (stack, id.clone())
                            && same(&it.actions, &statement.actions)
                            && Some(seen_from(draft, stack, it)) == named
                    };
                    if named.is_some() && found.iter().any(|it| is_twin(&it)) {
                        continue;
                    }
                    match statement.element(&env) {
                        Ok(element) => elements.push(element),
                        Err(reason) => draft.refuse(
                            SourceAddress::from(id.as_str()).property("RepositoryPolicyText"),
                            reason,
                        ),
                    }
                    continue;
                }
                let Some(mut grantees) = grantees(statement, is_one) else { continue };
                let mut with_token = true;
                if let Some((twin, principal)) = both.get(&index) {
                    grantees = vec![principal.as_str().into()];
                    with_token = found.get(*twin).is_none_or(|it| it.with_token);
                }
                for to in grantees {
                    push(&mut grants, to, &statement.actions, with_token, how);
                }
            }
            for it in
                found.iter_mut().filter(|it| !it.is_done && it.repository == (stack, id.clone()))
            {
                it.is_done = true;
                let to: Value = seen_from(draft, stack, it).into();
                for actions in parts_of(&it.actions, &to, &repository.statements, draft.dialect) {
                    push(&mut grants, to.clone(), actions, it.with_token, how);
                }
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
fn grantees(statement: &Statement, is_one: bool) -> Option<Vec<Value>> {
    let is_plain = !statement.is_deny
        && statement.sid.is_none()
        && statement.resources.is_empty()
        && !statement.actions.is_empty();
    if !is_plain {
        return None;
    }
    if is_one || statement.principals.len() < 2 {
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
