//! One repository more changes nothing else, wherever it is put.

use std::collections::BTreeSet;

use ecrane::ConstructPath;
use serde_json::{Map, Value, json};

use crate::cases::{Case, Fault, Verdict, check};
use crate::deployment::Deployment;
use crate::json;
use crate::meaning::Meaning;
use crate::rendered::{Refused, Rendered, same_text};

/// The id of the repository that is put in.
const NEW: &str = "InsertedRepository";

#[test]
fn a_repository_more_changes_nothing_else() {
    check(60, |case| {
        let account = json!([{ "to": { "account": "777788889999" }, "allow": "pull" }]);
        let (repository, is_granted) = match case.draw("granted", 2) {
            0 => (json!({}), false),
            _ => (json!({ "grants": account }), true),
        };
        let (stack, config) = sharded(case);
        let (before, after) = match with_and_without(case, &config, &stack, repository)? {
            Ok(both) => both,
            Err(refused) => return Ok(Verdict::Refused(refused)),
        };
        let mut new = BTreeSet::new();
        for (before, after) in before.stacks.iter().zip(&after.stacks) {
            new.extend(only_more(&before.template, &after.template)?);
            new.extend(only_more(&before.module, &after.module)?);
        }
        let logical_id = path(NEW).logical_id();
        let expected = [format!("Resources/{logical_id}"), "resource/aws_ecr_repository/".to_owned()]
            .into_iter()
            .chain(is_granted.then(|| "resource/aws_ecr_repository_policy/".to_owned()));
        let expected: Vec<String> = expected.collect();
        let unexpected = |new: &&String| {
            let expected = expected.iter().any(|expected| new.starts_with(expected));
            // The policy may be the first to ask for the partition.
            !expected && !(is_granted && *new == "data/aws_partition/current")
        };
        if let Some(unexpected) = new.iter().find(unexpected) {
            return Err(format!("{unexpected} is new too"));
        }
        if let Some(missing) = expected.iter().find(|it| !new.iter().any(|n| n.starts_with(*it))) {
            return Err(format!("{missing} is not new"));
        }
        same_text("assembly", &before.assembly, &after.assembly)?;
        if before.manifest != after.manifest {
            return Err(format!("{:?} became {:?}", before.manifest, after.manifest));
        }
        Ok(Verdict::Holds)
    });
}

#[test]
fn a_repository_granted_to_a_role_changes_that_role_only() {
    check(60, |case| {
        let (stack, mut config) = sharded(case);
        let mut at = |stack: &str| config["stacks"][stack]["principals"].take();
        let principals = at(&stack);
        let roles = json::entries(&principals);
        let mut roles: Vec<_> = roles.filter(|(_, p)| !p["role"].is_null()).map(|(id, _)| id).collect();
        let own = "ChosenRole".to_owned();
        let mut principals = principals.clone();
        if roles.is_empty() {
            if principals.is_null() {
                principals = json!({});
            }
            principals[&own] = json!({ "role": { "assumedBy": { "service": "ec2.amazonaws.com" } } });
            roles.push(&own);
        }
        let role = roles[case.draw("role", roles.len())].clone();
        config["stacks"][&stack]["principals"] = principals;
        let repository = json!({ "grants": [{ "to": role, "allow": "pull" }] });
        let (before, after) = match with_and_without(case, &config, &stack, repository)? {
            Ok(both) => both,
            Err(refused) => return Ok(Verdict::Refused(refused)),
        };
        for (before, after) in before.stacks.iter().zip(&after.stacks) {
            in_template(&role, &before.template, &after.template)?;
            in_module(&before.module, &after.module)?;
        }
        holders_differ_by_one(&before, &after)?;
        Ok(Verdict::Holds)
    });
}

fn path(id: &str) -> ConstructPath {
    ConstructPath::try_from(id).unwrap().child("Resource")
}

/// One of the stacks, and the config, in which that stack may be spread over shards.
fn sharded(case: &Case) -> (String, Value) {
    let mut config = case.config.clone();
    let stacks: Vec<&String> = json::entries(&case.config["stacks"]).map(|(id, _)| id).collect();
    let Some(&stack) = stacks.get(case.draw("stack", stacks.len())) else {
        return (String::new(), config);
    };
    let is_cdk_1 = config["compatibility"]["awsCdk"] == "1";
    if !is_cdk_1 && case.draw("sharded", 3) == 0 {
        config["stacks"][stack]["shards"] = (2 + case.draw("shards", 3)).into();
    }
    (stack.clone(), config)
}

/// The config as it is, and with one more repository in a stack, at any place; nothing where one of
/// them is refused.
fn with_and_without(
    case: &Case,
    config: &Value,
    stack: &str,
    repository: Value,
) -> Result<Result<(Rendered, Rendered), Refused>, Fault> {
    let Some(of_stack) = config["stacks"].get(stack) else {
        return Ok(Err(Refused(Vec::new())));
    };
    let mut repositories: Vec<_> = json::entries(&of_stack["repositories"])
        .map(|(id, repository)| (id.clone(), repository.clone()))
        .collect();
    let place = case.draw("place", repositories.len() + 1);
    repositories.insert(place, (NEW.to_owned(), repository));
    let mut more = config.clone();
    more["stacks"][stack]["repositories"] = Map::from_iter(repositories).into();
    let before = match Rendered::new(config, case.setup) {
        Ok(before) => before,
        Err(refused) => return Ok(Err(refused)),
    };
    match Rendered::new(&more, case.setup) {
        Ok(after) => Ok(Ok((before, after))),
        // Stacks can only be so large, and may need each other now.
        Err(Refused(codes))
            if codes.iter().all(|code| {
                ["cloudformation::too_many_resources", "stack::circle"].contains(&code.as_str())
                    || code.starts_with("limit")
            }) =>
        {
            Ok(Err(Refused(codes)))
        }
        Err(refused) => Err(format!("with one more repository: {refused:?}")),
    }
}

/// What is new in a document, as `section/…/name`; all the rest is the same, byte by byte.
fn only_more(before: &str, after: &str) -> Result<Vec<String>, Fault> {
    let mut new = Vec::new();
    let mut without = serde_json::from_str(after).unwrap();
    let old: Value = serde_json::from_str(before).unwrap();
    take_new(&mut without, &old, "", &mut new);
    same_text("all but what is new", before.trim_end(), &without.to_string())?;
    Ok(new)
}

/// How far below its top a document has sections of named things.
fn depth(place: &str) -> usize {
    match place.split('/').next() {
        Some("resource" | "data") => 3,
        Some("Resources" | "Outputs" | "output") => 2,
        _ => 1,
    }
}

/// Takes out of a document what stands in a section and was not there.
fn take_new(document: &mut Value, old: &Value, at: &str, new: &mut Vec<String>) {
    let Value::Object(entries) = document else { return };
    let mut empty = Vec::new();
    for (key, value) in entries.iter_mut() {
        let place = if at.is_empty() { key.clone() } else { format!("{at}/{key}") };
        let steps = place.split('/').count();
        if steps < depth(&place) {
            take_new(value, &old[key.as_str()], &place, new);
            if value.as_object().is_some_and(Map::is_empty) {
                empty.push(key.clone());
            }
        } else if old.get(key).is_none() {
            new.push(place);
            empty.push(key.clone());
        }
    }
    for key in empty {
        entries.shift_remove(&key);
    }
}

/// Only policies of one role differ, and that is the chosen one.
fn in_template(role: &str, before: &str, after: &str) -> Result<(), Fault> {
    let (mut before, mut after): (Value, Value) =
        (serde_json::from_str(before).unwrap(), serde_json::from_str(after).unwrap());
    let logical_id = path(role).logical_id();
    for document in [&mut before, &mut after] {
        let Some(resources) = document["Resources"].as_object_mut() else { continue };
        resources.retain(|id, resource| {
            let is_policy =
                resource["Type"] == "AWS::IAM::Policy" || resource["Type"] == "AWS::IAM::ManagedPolicy";
            let roles = &resource["Properties"]["Roles"];
            let of_role = is_policy && *roles == json!([{ "Ref": logical_id }]);
            !of_role && *id != path(NEW).logical_id()
        });
        if resources.is_empty() {
            document.as_object_mut().unwrap().shift_remove("Resources");
        }
    }
    without_exports_of(&path(NEW).logical_id(), &mut after);
    same_text("what is not of the role", &before.to_string(), &after.to_string())
}

/// Drops the outputs through which a resource is read by other stacks.
fn without_exports_of(logical_id: &str, template: &mut Value) {
    let Some(outputs) = template.get_mut("Outputs").and_then(Value::as_object_mut) else { return };
    outputs.retain(|_, output| {
        let value = &output["Value"];
        value["Ref"] != logical_id && value["Fn::GetAtt"][0] != logical_id
    });
    if outputs.is_empty() {
        template.as_object_mut().unwrap().shift_remove("Outputs");
    }
}

/// Only policies of one role differ.
fn in_module(before: &str, after: &str) -> Result<(), Fault> {
    let (before, mut after): (Value, Value) =
        (serde_json::from_str(before).unwrap(), serde_json::from_str(after).unwrap());
    let kinds = ["aws_iam_role_policy", "aws_iam_policy", "aws_iam_role_policy_attachment"];
    let mut roles = BTreeSet::new();
    let mut kept = before.clone();
    for kind in kinds {
        let (old, now) = (&before["resource"][kind], after["resource"][kind].clone());
        let names: BTreeSet<&String> =
            json::entries(old).chain(json::entries(&now)).map(|(name, _)| name).collect();
        let differing: Vec<String> = names
            .into_iter()
            .filter(|name| old[name.as_str()] != now[name.as_str()])
            .cloned()
            .collect();
        for name in differing {
            for block in [&old[&name], &now[&name]] {
                roles.extend(block["role"].as_str().map(str::to_owned));
            }
            for document in [&mut kept, &mut after] {
                if let Some(blocks) = document["resource"].get_mut(kind).and_then(Value::as_object_mut) {
                    blocks.shift_remove(&name);
                }
            }
        }
    }
    if roles.len() > 1 {
        return Err(format!("policies of several roles differ: {roles:?}"));
    }
    let mut new = Vec::new();
    take_new(&mut after, &kept, "", &mut new);
    // Sections that are empty now go from both.
    take_new(&mut kept, &before, "", &mut Vec::new());
    let allowed = ["resource/aws_ecr_repository/", "output/cross", "data/"];
    if let Some(new) = new.iter().find(|new| !allowed.iter().any(|it| new.starts_with(it))) {
        return Err(format!("{new} is new too"));
    }
    same_text("what is not of the role", &kept.to_string(), &after.to_string())
}

/// What the documents mean differs in grants of one holder, and in the repository that is new.
fn holders_differ_by_one(before: &Rendered, after: &Rendered) -> Result<(), Fault> {
    let (before, after) = (Deployment::new(before)?, Deployment::new(after)?);
    let (before, after) = (Meaning::of_templates(&before)?, Meaning::of_templates(&after)?);
    let holders = before.differing(&after);
    let is_new = |holder: &&String| holder.contains("AWS::ECR::Repository ");
    let others: Vec<&String> = holders.iter().filter(|holder| !is_new(holder)).collect();
    match others.as_slice() {
        [one] if one.starts_with("role ") => Ok(()),
        others => Err(format!("not one role, but {others:?}")),
    }
}
