//! One repository more changes nothing else, wherever it is put.

use std::collections::{BTreeMap, BTreeSet};

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
        let is_granted = case.one_in(2, "granted");
        let repository = if is_granted { json!({ "grants": account }) } else { json!({}) };
        let (stack, config) = without_defaults(case);
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
        let expected =
            [format!("Resources/{logical_id}"), "resource/aws_ecr_repository/".to_owned()]
                .into_iter()
                .chain(is_granted.then(|| "resource/aws_ecr_repository_policy/".to_owned()));
        let expected: Vec<String> = expected.collect();
        let unexpected = |new: &&String| {
            // The policy may be the first to ask for the partition.
            let asked = is_granted.then_some("data/aws_partition/current");
            let mut expected = expected.iter().map(String::as_str).chain(asked);
            !expected.any(|expected| new.starts_with(expected))
        };
        if let Some(unexpected) = new.iter().find(unexpected) {
            return Err(format!("{unexpected} is new too"));
        }
        if let Some(missing) = expected.iter().find(|it| !new.iter().any(|n| n.starts_with(*it))) {
            return Err(format!("{missing} is not new"));
        }
        same_text("assembly", &before.assembly, &after.assembly)?;
        let [was, is] = [&before, &after].map(|rendered| rendered.manifest.as_deref());
        if was.map(without_retained) != is.map(without_retained) {
            return Err(format!("{was:?} became {is:?}"));
        }
        Ok(Verdict::Holds)
    });
}

/// A manifest without the annotations that list what a `destroy` refuses: a new repository is retained.
fn without_retained(manifest: &str) -> Value {
    let mut manifest: Value = serde_json::from_str(manifest).unwrap();
    for stack in manifest["stacks"].as_object_mut().unwrap().values_mut() {
        let annotations = stack["annotations"].as_array_mut().unwrap();
        annotations.retain(|annotation| annotation["level"] != "@cdktf/info");
    }
    manifest
}

#[test]
fn a_repository_granted_to_a_role_changes_that_role_only() {
    check(60, |case| {
        let (stack, mut config) = without_defaults(case);
        let mut principals = config["stacks"][&stack]["principals"].take();
        let roles =
            json::entries(&principals).filter(|(_, principal)| !principal["role"].is_null());
        let role = case.pick("role", roles.map(|(id, _)| id.as_str())).map(str::to_owned);
        let role = role.unwrap_or_else(|| {
            let role = json!({ "role": { "assumedBy": { "service": "ec2.amazonaws.com" } } });
            principals["ChosenRole"] = role;
            "ChosenRole".to_owned()
        });
        let pinned = principals[&role]["role"]["logicalId"].as_str().map(str::to_owned);
        let logical_id = pinned.unwrap_or_else(|| path(&role).logical_id());
        config["stacks"][&stack]["principals"] = principals;
        let repository = json!({ "grants": [{ "to": role, "allow": "pull" }] });
        let (before, after) = match with_and_without(case, &config, &stack, repository)? {
            Ok(both) => both,
            Err(refused) => return Ok(Verdict::Refused(refused)),
        };
        for (before, after) in before.stacks.iter().zip(&after.stacks) {
            in_template(&logical_id, &before.template, &after.template)?;
            in_module(&before.module, &after.module)?;
        }
        holders_differ_by_one(&before, &after)?;
        Ok(Verdict::Holds)
    });
}

fn path(id: &str) -> ConstructPath {
    ConstructPath::try_from(id).unwrap().child("Resource")
}

/// One of the stacks, and the config. Repositories get no defaults: those could grant the new one to
/// anybody.
fn without_defaults(case: &Case) -> (String, Value) {
    let mut config = case.config.clone();
    if let Some(config) = config.as_object_mut() {
        config.shift_remove("defaults");
    }
    let stacks = json::entries(&case.config["stacks"]).map(|(id, _)| id.as_str());
    (case.pick("stack", stacks).unwrap_or_default().to_owned(), config)
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
    let before = repositories.iter().map(|(id, _)| id.as_str()).chain(["none, but at the end"]);
    let before = case.pick("place", before).unwrap_or_default();
    let place = repositories.iter().position(|(id, _)| id == before);
    repositories.insert(place.unwrap_or(repositories.len()), (NEW.to_owned(), repository));
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

/// The named things of a document, and what else it has, by their places.
///
/// The policy of a role is made with the first grant to it, and the outputs that other stacks read
/// stand in the order in which they are first read. So a grant that comes first moves other things,
/// and leaves them as they are.
fn things(document: &str) -> BTreeMap<String, Value> {
    fn gather(value: Value, at: &str, into: &mut BTreeMap<String, Value>) {
        match value {
            Value::Object(entries) if at.is_empty() || at.split('/').count() < depth(at) => {
                for (key, value) in entries {
                    let place = if at.is_empty() { key } else { format!("{at}/{key}") };
                    gather(value, &place, into);
                }
            }
            thing => {
                into.insert(at.to_owned(), thing);
            }
        }
    }
    let mut things = BTreeMap::new();
    gather(serde_json::from_str(document).unwrap(), "", &mut things);
    things
}

/// The things of two documents that are not the same, byte by byte: as they were, and as they are.
fn changes(before: &str, after: &str) -> Vec<(String, Option<Value>, Option<Value>)> {
    let (mut before, mut after) = (things(before), things(after));
    let places: BTreeSet<String> = before.keys().chain(after.keys()).cloned().collect();
    places
        .into_iter()
        .map(|place| {
            let (old, new) = (before.remove(&place), after.remove(&place));
            (place, old, new)
        })
        .filter(|(_, old, new)| {
            let text = |thing: &Option<Value>| thing.as_ref().map(Value::to_string);
            text(old) != text(new)
        })
        .collect()
}

/// Only policies of the role change in a template.
fn in_template(role: &str, before: &str, after: &str) -> Result<(), Fault> {
    let repository = path(NEW).logical_id();
    for (place, old, new) in changes(before, after) {
        let is_policy = |thing: &Value| {
            let is_policy =
                thing["Type"] == "AWS::IAM::Policy" || thing["Type"] == "AWS::IAM::ManagedPolicy";
            is_policy && thing["Properties"]["Roles"] == json!([{ "Ref": role }])
        };
        let is_of_role = old.iter().chain(&new).all(is_policy);
        let is_new = old.is_none()
            && new.as_ref().is_some_and(|new| {
                place == format!("Resources/{repository}")
                    || place.starts_with("Outputs/")
                        && new["Value"]["Fn::GetAtt"][0] == repository.as_str()
            });
        if !is_of_role && !is_new {
            return Err(format!("{place} changes too:\n  {old:?}\n  {new:?}"));
        }
    }
    Ok(())
}

/// Only policies of one role change in a module.
fn in_module(before: &str, after: &str) -> Result<(), Fault> {
    let mut roles = BTreeSet::new();
    for (place, old, new) in changes(before, after) {
        let steps: Vec<&str> = place.split('/').collect();
        let may_change = match steps.as_slice() {
            [
                "resource",
                "aws_iam_role_policy" | "aws_iam_policy" | "aws_iam_role_policy_attachment",
                _,
            ] => {
                let of = old.iter().chain(&new).filter_map(|thing| thing["role"].as_str());
                roles.extend(of.map(str::to_owned));
                true
            }
            // What the repository is named by, in the module itself and in that of the role.
            ["resource", "aws_ecr_repository", _] | ["data", ..] => old.is_none(),
            ["output", name] => old.is_none() && name.starts_with("cross"),
            _ => false,
        };
        if !may_change {
            return Err(format!("{place} changes too:\n  {old:?}\n  {new:?}"));
        }
    }
    if roles.len() > 1 {
        return Err(format!("policies of several roles change: {roles:?}"));
    }
    Ok(())
}

/// What the documents mean differs in grants of one holder, and in the repository that is new.
fn holders_differ_by_one(before: &Rendered, after: &Rendered) -> Result<(), Fault> {
    let (before, after) = (Deployment::new(before)?, Deployment::new(after)?);
    let before = Meaning::of_templates(&before)?.without_policies();
    let holders = before.differing(&Meaning::of_templates(&after)?.without_policies());
    let is_new = |holder: &&String| holder.contains("AWS::ECR::Repository ");
    let others: Vec<&String> = holders.iter().filter(|holder| !is_new(holder)).collect();
    match others.as_slice() {
        [one] if one.starts_with("role ") => Ok(()),
        others => Err(format!("not one role, but {others:?}")),
    }
}
