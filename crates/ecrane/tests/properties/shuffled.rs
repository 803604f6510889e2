//! The order of keys in a config means nothing, but for that of construct ids, which is the order in
//! which the constructs are made, and shows in the order of what is written.

use serde_json::{Map, Value};

use crate::cases::{Case, Fault, Verdict, check, rank};
use crate::deployment::Deployment;
use crate::json;
use crate::meaning::Meaning;
use crate::rendered::{Refused, Rendered};
use crate::string_template::{Expression, Part, parse};

/// What kind of map it is that stands somewhere in a config.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Keys {
    /// Properties of a construct, tags, presets: their order is never seen.
    Properties,
    /// JSON that goes through as it is given: its order shows in the documents, as JSON in which it
    /// means nothing.
    Json,
    /// Conditions: their order shows too. It also decides what is merged: to the CDK two conditions
    /// are the same where their texts are. So the documents may differ, and mean the same.
    Conditions,
    /// Construct ids: grants are made in their order.
    Ids,
}

/// What the keys of a map are, by the way to it from the top.
fn keys(way: &[&str], around: Keys) -> Keys {
    let is_json = |key: &str| {
        ["eventPattern", "input", "inputPathsMap", "cloudformation", "terraform", "resourceTags"]
            .contains(&key)
    };
    match way {
        // Free JSON and conditions are what they are all the way down.
        _ if matches!(around, Keys::Json | Keys::Conditions) => around,
        ["stacks"]
        | [
            "stacks",
            _,
            "keys" | "principals" | "repositories" | "publicRepositories" | "outputs",
        ]
        | ["stacks", _, "repositories", _, "events"]
        | [
            "stacks",
            _,
            "registry",
            "pullThroughCacheRules" | "creationTemplates" | "pullTimeUpdateExclusions" | "events",
        ] => Keys::Ids,
        [.., "conditions"] => Keys::Conditions,
        [.., key] if is_json(key) => Keys::Json,
        _ => Keys::Properties,
    }
}

/// The config with the keys of some kinds of maps in another order.
fn shuffle<'v>(
    value: &'v Value,
    case: &Case,
    kinds: &[Keys],
    way: &mut Vec<&'v str>,
    around: Keys,
) -> Value {
    match value {
        Value::Array(items) => {
            way.push("");
            let items = items.iter().map(|item| shuffle(item, case, kinds, way, around)).collect();
            way.pop();
            items
        }
        Value::Object(entries) => {
            let kind = keys(way, around);
            let mut shuffled: Vec<(String, Value)> = Vec::new();
            for (key, value) in entries {
                way.push(key);
                shuffled.push((key.clone(), shuffle(value, case, kinds, way, kind)));
                way.pop();
            }
            if kinds.contains(&kind) {
                // Conditions that read the same still do so, or they could not stand in one
                // statement any more.
                let place = if kind == Keys::Conditions { String::new() } else { way.join("/") };
                shuffled.sort_by_cached_key(|(key, _)| rank(case.seed, (&place, key)));
            }
            Value::Object(Map::from_iter(shuffled))
        }
        plain @ (Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_)) => {
            plain.clone()
        }
    }
}

fn shuffled(case: &Case, kinds: &[Keys]) -> Value {
    shuffle(&case.config, case, kinds, &mut Vec::new(), Keys::Properties)
}

/// The config of a case and a shuffled one, rendered; nothing where it is refused.
fn both(case: &Case, kinds: &[Keys]) -> Result<Result<(Rendered, Rendered), Refused>, Fault> {
    let given = match Rendered::new(&case.config, case.setup) {
        Ok(rendered) => rendered,
        Err(refused) => return Ok(Err(refused)),
    };
    match Rendered::new(&shuffled(case, kinds), case.setup) {
        Ok(other) => Ok(Ok((given, other))),
        // A role can only be trusted by what is made before it.
        Err(refused) if refused.0.iter().all(|code| code == "config::principal_later") => {
            Ok(Err(refused))
        }
        Err(refused) => Err(format!("shuffled, it is refused: {refused:?}")),
    }
}

#[test]
fn order_of_properties_is_not_seen() {
    check(50, |case| {
        let (given, other) = match both(case, &[Keys::Properties])? {
            Ok(both) => both,
            Err(refused) => return Ok(Verdict::Refused(refused)),
        };
        given.same_bytes(&other)?;
        Ok(Verdict::Holds)
    });
}

#[test]
fn order_in_json_shows_in_json_only() {
    check(50, |case| {
        let (given, other) = match both(case, &[Keys::Properties, Keys::Json])? {
            Ok(both) => both,
            Err(refused) => return Ok(Verdict::Refused(refused)),
        };
        for (one, other) in given.stacks.iter().zip(&other.stacks) {
            for (name, one, other) in [
                ("templates", &one.template, &other.template),
                ("modules", &one.module, &other.module),
            ] {
                json::same(name, &with_json_read(one), &with_json_read(other))?;
            }
        }
        Ok(Verdict::Holds)
    });
}

/// A document in which the texts that are JSON are read as such, with a word for each reference.
fn with_json_read(document: &str) -> Value {
    fn read(value: &mut Value) {
        match value {
            Value::String(text) => {
                let parts = parse(text).unwrap_or_else(|_| vec![Part::Text(text.clone())]);
                let part = |part: &Part| match part {
                    Part::Text(text) | Part::Expression(Expression::Dollars(text)) => text.clone(),
                    Part::Expression(reference) => {
                        format!("{reference:?}").replace('"', "'").replace('\\', "")
                    }
                };
                let text: String = parts.iter().map(part).collect();
                if let Ok(json @ (Value::Object(_) | Value::Array(_))) = serde_json::from_str(&text)
                {
                    *value = json;
                }
            }
            Value::Array(items) => items.iter_mut().for_each(read),
            Value::Object(entries) => {
                entries.values_mut().for_each(read);
                // A list in which tags are given in the order of the config, and mean a map.
                if let Some(Value::Array(tags)) = entries.get_mut("ResourceTags") {
                    tags.sort_by_key(Value::to_string);
                }
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }
    let mut document = serde_json::from_str(document).unwrap();
    read(&mut document);
    document
}

#[test]
fn order_of_constructs_changes_no_grant() {
    let all = [Keys::Properties, Keys::Json, Keys::Conditions, Keys::Ids];
    check(50, |case| {
        let (given, other) = match both(case, &all)? {
            Ok(both) => both,
            Err(refused) => return Ok(Verdict::Refused(refused)),
        };
        let (given, other) = (Deployment::new(&given)?, Deployment::new(&other)?);
        for (of, kind) in [
            (Meaning::of_templates as fn(&Deployment) -> Result<Meaning, String>, "templates"),
            (Meaning::of_modules, "modules"),
        ] {
            let (given, other) = (of(&given)?.without_policies(), of(&other)?.without_policies());
            given
                .same(&other, ["given", "shuffled"])
                .map_err(|fault| format!("{kind}:\n{fault}"))?;
        }
        same_addresses(&given, &other)?;
        Ok(Verdict::Holds)
    });
}

/// Both have resources of the same types at the same addresses, apart from the managed policies that
/// the inline policy of a role is split into.
fn same_addresses(given: &Deployment, other: &Deployment) -> Result<(), Fault> {
    let addresses = |deployment: &Deployment| {
        let mut addresses: Vec<String> = Vec::new();
        for stack in &deployment.stacks {
            for (id, resource) in json::entries(&stack.template["Resources"]) {
                if resource["Type"] != "AWS::IAM::ManagedPolicy" {
                    addresses.push(format!("{} {id} {}", stack.id, resource["Type"]));
                }
            }
            for (kind, blocks) in json::entries(&stack.module["resource"]) {
                for (name, block) in json::entries(blocks) {
                    let attaches = block["policy_arn"].as_str();
                    let splits = attaches.is_some_and(|arn| arn.contains("aws_iam_policy."));
                    if kind != "aws_iam_policy" && !splits {
                        addresses.push(format!("{} {kind}.{name}", stack.id));
                    }
                }
            }
            for outputs in [&stack.template["Outputs"], &stack.module["output"]] {
                let names = json::entries(outputs).map(|(name, _)| name);
                addresses.extend(names.map(|name| format!("{} output {name}", stack.id)));
            }
        }
        addresses.sort();
        addresses
    };
    let (given, other) = (addresses(given), addresses(other));
    let lost = given.iter().filter(|address| !other.contains(address));
    let found = other.iter().filter(|address| !given.contains(address));
    let differing: Vec<_> = lost.chain(found).collect();
    if differing.is_empty() { Ok(()) } else { Err(format!("addresses differ: {differing:?}")) }
}
