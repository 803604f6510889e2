//! Strings with a special meaning in a template language pass through both backends unchanged.
//!
//! Each hostile string is put into each string property of a config. Either `ecrane` rejects it
//! with a reason, or the state of the emulated AWS contains it unchanged, whichever backend
//! deployed it.

#![expect(clippy::needless_pass_by_value, reason = "documents are written where they are used")]

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::lane::{Deployed, Lane, Outcome};
use crate::ecrane::{Answer, Ecrane};
use crate::failure::Failure;
use crate::report::{Tally, say};

/// Strings that Terraform, CloudFormation, JSON or a shell could interpret.
const TEXTS: [&str; 26] = [
    "${aws_ecr_repository.x.arn}",
    "${file(\"/etc/passwd\")}",
    "$${x}",
    "$$${x}",
    "${",
    "$",
    "%{ if true }x%{ endif }",
    "%%{x}",
    "%{",
    "${AWS::AccountId}",
    "${!Literal}",
    "${aws:username}",
    "{\"Ref\":\"AWS::Region\"}",
    "{\"Fn::Sub\":\"${AWS::Region}\"}",
    "{{resolve:ssm:name}}",
    "\"quoted\" 'twice'",
    "back\\slash\\",
    "line\nbreak",
    "tab\there",
    "return\rhere",
    "bell\u{7}",
    "null\u{0}",
    "<<EOF\nx\nEOF",
    "😀 𝒳",
    "</script><!-- & -->",
    "line\u{2028}separator",
];

/// What the config or the CDK adds before and after a string. Not empty only for paths and service
/// names.
const AROUND: [(&str, &str); 3] = [("", ""), ("/", "/"), ("", ".amazonaws.com")];

/// The number of stacks that contain the strings.
const STACKS: usize = 3;

/// A string property of a config.
struct Place {
    name: &'static str,
    /// Returns a stack with the string in that property, with constructs that have a number.
    stack: fn(usize, &str) -> Value,
}

fn repository(number: usize, properties: Value) -> Value {
    json!({ "repositories": { format!("R{number}"): properties } })
}

fn statement(number: usize, statement: &Value) -> Value {
    let mut full =
        json!({ "principals": [{ "account": "444455556666" }], "actions": ["ecr:BatchGetImage"] });
    merge(&mut full, statement);
    // Replaces properties of the statement instead of merging them.
    for key in ["principals", "actions"] {
        if let (Some(value), Some(full)) = (statement.get(key), full.as_object_mut()) {
            full.insert(key.into(), value.clone());
        }
    }
    repository(number, json!({ "resourcePolicy": [full] }))
}

fn event(number: usize, id: &str, properties: Value) -> Value {
    let mut event = json!({ "on": "event" });
    merge(&mut event, &properties);
    repository(number, json!({ "events": { id: event } }))
}

fn target(number: usize, id: &str, properties: Value) -> Value {
    let mut target = json!({ "arn": "arn:aws:sns:eu-west-1:111122223333:alerts" });
    merge(&mut target, &properties);
    event(number, id, json!({ "targets": [target] }))
}

fn role(id: String, properties: Value) -> Value {
    let mut role = json!({ "assumedBy": { "service": "ec2.amazonaws.com" } });
    if let (Some(role), Some(properties)) = (role.as_object_mut(), properties.as_object()) {
        role.extend(properties.clone());
    }
    json!({ "principals": { id: { "role": role } } })
}

const PLACES: [Place; 35] = [
    Place {
        name: "value of a stack's tag",
        stack: |n, text| json!({ "tags": { format!("t{n}"): text }, "repositories": { "R": {} } }),
    },
    Place { name: "key of a stack's tag", stack: |_, text| json!({ "tags": { text: "x" } }) },
    Place {
        name: "value of a tag",
        stack: |n, text| repository(n, json!({ "tags": { "t": text } })),
    },
    Place {
        name: "key of a tag",
        stack: |n, text| repository(n, json!({ "tags": { text: "x" } })),
    },
    Place {
        name: "name of a repository",
        stack: |n, text| repository(n, json!({ "repositoryName": text })),
    },
    Place {
        name: "description of a lifecycle rule",
        stack: |n, text| {
            repository(
                n,
                json!({ "lifecycleRules": [{ "description": text, "maxImageCount": 1 }] }),
            )
        },
    },
    Place {
        name: "tag prefix of a lifecycle rule",
        stack: |n, text| {
            repository(
                n,
                json!({ "lifecycleRules": [{ "tagPrefixList": [text], "maxImageCount": 1 }] }),
            )
        },
    },
    Place {
        name: "tag pattern of a lifecycle rule",
        stack: |n, text| {
            repository(
                n,
                json!({ "lifecycleRules": [{ "tagPatternList": [text], "maxImageCount": 1 }] }),
            )
        },
    },
    Place { name: "id of a statement", stack: |n, text| statement(n, &json!({ "sid": text })) },
    Place {
        name: "action of a statement",
        stack: |n, text| statement(n, &json!({ "actions": [text] })),
    },
    Place {
        name: "value of a condition",
        stack: |n, text| {
            statement(
                n,
                &json!({ "conditions": { "StringEquals": { "aws:PrincipalTag/a": text } } }),
            )
        },
    },
    Place {
        name: "key of a condition",
        stack: |n, text| statement(n, &json!({ "conditions": { "StringEquals": { text: "x" } } })),
    },
    Place {
        name: "operator of a condition",
        stack: |n, text| {
            statement(n, &json!({ "conditions": { text: { "aws:PrincipalTag/b": "x" } } }))
        },
    },
    Place {
        name: "ARN of a principal",
        stack: |n, text| statement(n, &json!({ "principals": [{ "arn": text }] })),
    },
    Place {
        name: "service of a principal",
        stack: |n, text| statement(n, &json!({ "principals": [{ "service": text }] })),
    },
    Place {
        name: "federated principal",
        stack: |n, text| statement(n, &json!({ "principals": [{ "federated": text }] })),
    },
    Place {
        name: "canonical user",
        stack: |n, text| statement(n, &json!({ "principals": [{ "canonicalUser": text }] })),
    },
    Place {
        name: "description of a role",
        stack: |n, text| role(format!("Role{n}"), json!({ "description": text })),
    },
    Place {
        name: "name of a role",
        stack: |n, text| role(format!("Role{n}"), json!({ "roleName": text })),
    },
    Place {
        name: "path of a role",
        stack: |n, text| role(format!("Role{n}"), json!({ "path": format!("/{text}/") })),
    },
    Place {
        name: "condition of a trust policy",
        stack: |n, text| {
            role(
                format!("Trust{n}"),
                json!({ "assumedBy": {
                "account": "444455556666",
                "conditions": { "StringEquals": { "sts:ExternalId": text } },
            } }),
            )
        },
    },
    Place {
        name: "name of a user",
        stack: |n, text| json!({ "principals": { format!("User{n}"): { "user": { "userName": text } } } }),
    },
    Place {
        name: "description of an event",
        stack: |n, text| event(n, "Described", json!({ "description": text })),
    },
    Place {
        name: "name of an event",
        stack: |n, text| event(n, "Named", json!({ "ruleName": text })),
    },
    Place {
        name: "image tag of an event",
        stack: |n, text| {
            repository(
                n,
                json!({ "events": { "Tagged": { "on": "imageScanCompleted", "imageTags": [text] } } }),
            )
        },
    },
    Place {
        name: "value in an event's pattern",
        stack: |n, text| {
            event(n, "Matched", json!({ "eventPattern": { "detail": { "value": [text] } } }))
        },
    },
    Place {
        name: "key in an event's pattern",
        stack: |n, text| {
            event(n, "Keyed", json!({ "eventPattern": { "detail": { text: ["x"] } } }))
        },
    },
    Place {
        name: "input of a target",
        stack: |n, text| target(n, "Input", json!({ "input": text })),
    },
    Place {
        name: "value in a target's input",
        stack: |n, text| target(n, "Value", json!({ "input": { "value": [text] } })),
    },
    Place {
        name: "key in a target's input",
        stack: |n, text| target(n, "Key", json!({ "input": { text: 1 } })),
    },
    Place {
        name: "template of a target's input",
        stack: |n, text| {
            target(
                n,
                "Template",
                json!({ "inputTransformer": {
                "inputPathsMap": { "a": "$.detail" },
                "inputTemplate": text,
            } }),
            )
        },
    },
    Place {
        name: "description of a key",
        stack: |n, text| json!({ "keys": { format!("Key{n}"): { "description": text } } }),
    },
    Place {
        name: "description of a creation template",
        stack: |n, text| {
            json!({ "registry": { "creationTemplates": { format!("Template{n}"): {
                "prefix": format!("p{n}"),
                "appliedFor": ["PULL_THROUGH_CACHE"],
                "description": text,
            } } } })
        },
    },
    Place {
        name: "tag of a creation template",
        stack: |n, text| {
            json!({ "registry": { "creationTemplates": { format!("Template{n}"): {
                "prefix": format!("p{n}"),
                "appliedFor": ["PULL_THROUGH_CACHE"],
                "resourceTags": { "t": text },
            } } } })
        },
    },
    Place {
        name: "condition in the policy of a creation template",
        stack: |n, text| {
            json!({ "registry": { "creationTemplates": { format!("Template{n}"): {
                "prefix": format!("p{n}"),
                "appliedFor": ["PULL_THROUGH_CACHE"],
                "resourcePolicy": [{
                    "principals": [{ "account": "444455556666" }],
                    "actions": ["ecr:BatchGetImage"],
                    "conditions": { "StringEquals": { "aws:PrincipalTag/c": text } },
                }],
            } } } })
        },
    },
];

/// A string that both backends accept in a place.
struct Taken {
    place: &'static str,
    text: String,
}

/// Deploys all accepted strings and searches the state for them.
pub(super) fn run(lane: &mut Lane) -> Result<Tally, Failure> {
    let ecrane = Ecrane::build("injection")?;
    let mut refused: BTreeMap<String, usize> = BTreeMap::new();
    let mut taken = Vec::new();
    let mut stacks = json!({});
    for (number, hostile) in TEXTS.iter().enumerate() {
        for (at, place) in PLACES.iter().enumerate() {
            // A unique number identifies each string.
            let text = format!("{}{hostile}", 1000 + number * PLACES.len() + at);
            let part = (place.stack)(number, &text);
            let refusal = refusal(&ecrane, &json!({ "stacks": { "Injection": part } }))?;
            if let Some(code) = refusal {
                *refused.entry(code).or_default() += 1;
                continue;
            }
            // IAM allows fewer characters in tags than other services, so stack tags are in
            // separate stacks.
            let apart = if part.get("tags").is_some() { "Tags" } else { "Injection" };
            // A single stack would exceed the maximum number of tags.
            let id = format!("{apart}{}", number % STACKS);
            merge(&mut stacks, &json!({ id: part }));
            taken.push(Taken { place: place.name, text });
        }
    }
    let mut tally = Tally::default();
    match lane.try_config(&json!({ "stacks": stacks }))? {
        Outcome::Refused { backend, problems } => {
            say(format_args!(
                "{backend} rejects the combination of strings that it accepts individually: {problems:?}"
            ))?;
            tally.failed += 1;
        }
        Outcome::Deployed(Deployed { faults, differences, states, .. }) => {
            for fault in &faults {
                say(fault)?;
            }
            for difference in &differences {
                say(difference)?;
            }
            tally.failed += faults.len() + differences.len();
            // If the deployment failed, the state contains none of the strings.
            if !faults.is_empty() {
                return Ok(tally);
            }
            let found = states.each_ref().map(texts);
            for Taken { place, text } in &taken {
                let is_in = |found: &BTreeSet<String>| {
                    AROUND
                        .iter()
                        .any(|(before, behind)| found.contains(&format!("{before}{text}{behind}")))
                };
                let is_there = found.iter().all(is_in);
                if !is_there {
                    say(format_args!("{place}: {text:?} is changed or missing"))?;
                }
                tally.add(Tally::one(is_there));
            }
        }
    }
    say(format_args!(
        "{} strings in {} places: {} deployed, {} rejected",
        TEXTS.len(),
        PLACES.len(),
        taken.len(),
        refused.values().sum::<usize>()
    ))?;
    for (code, count) in refused {
        say(format_args!("  {count} by {code}"))?;
    }
    Ok(tally)
}

/// The code of the first problem if a backend rejects a config.
fn refusal(ecrane: &Ecrane, config: &Value) -> Result<Option<String>, Failure> {
    for backend in ["cloudformation", "terraform"] {
        if let Answer::Refused(problems) = ecrane.synth(config, backend)? {
            let first = problems.into_iter().next();
            return Ok(Some(first.map_or_else(|| "no problem".to_owned(), |first| first.code)));
        }
    }
    Ok(None)
}

/// Merges a document into another: maps are merged, and missing items are added to lists.
fn merge(into: &mut Value, from: &Value) {
    match (into, from) {
        (Value::Object(into), Value::Object(from)) => {
            for (key, value) in from {
                match into.get_mut(key) {
                    Some(there) => merge(there, value),
                    None => {
                        into.insert(key.clone(), value.clone());
                    }
                }
            }
        }
        (Value::Array(into), Value::Array(from)) => {
            for item in from {
                if !into.contains(item) {
                    into.push(item.clone());
                }
            }
        }
        (into, from) => *into = from.clone(),
    }
}

/// All keys and strings of a state, including those in strings that contain JSON.
fn texts(state: &Value) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    gather(state, &mut found);
    found
}

fn gather(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::String(text) => {
            if let Ok(inner) = serde_json::from_str::<Value>(text)
                && (inner.is_string() || inner.is_object() || inner.is_array())
            {
                gather(&inner, found);
            }
            found.insert(text.clone());
        }
        Value::Array(items) => items.iter().for_each(|item| gather(item, found)),
        Value::Object(entries) => {
            for (key, value) in entries {
                found.insert(key.clone());
                gather(value, found);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}
