//! Validation of existing lifecycle policy texts.

use ecrane_document::{Problem, Severity};
use ecrane_lifecycle::LifecyclePolicy;
use serde::Deserialize;
use serde_json::{Value, json};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Case {
    id: String,
    valid: bool,
    code: Option<String>,
    warn: Option<String>,
    policy: Option<Value>,
    policy_text: Option<String>,
    #[serde(default)]
    pad_text_to: usize,
}

fn codes(problems: &[Problem], severity: Severity) -> Vec<&'static str> {
    problems.iter().filter(|p| p.severity == severity).map(|p| p.fact.code()).collect()
}

/// The facts in `validation.json`. The README describes their sources.
#[test]
fn matches_the_verdicts_of_ecr() {
    let cases: Vec<Case> = serde_json::from_str(include_str!("validation.json")).unwrap();
    assert!(!cases.is_empty());
    let mut wrong = Vec::new();
    for case in cases {
        let mut text =
            case.policy_text.unwrap_or_else(|| serde_json::to_string(&case.policy).unwrap());
        let length = text.chars().count();
        text.push_str(&" ".repeat(case.pad_text_to.saturating_sub(length)));
        let problems = LifecyclePolicy::validate(&text);
        let errors = codes(&problems, Severity::Error);
        let warnings = codes(&problems, Severity::Warning);
        let code = |name: &str| format!("lifecycle::{}", name.replace('-', "_"));
        let has = |codes: &[&str], name: &Option<String>| {
            name.as_deref().is_none_or(|name| codes.contains(&code(name).as_str()))
        };
        if case.valid != errors.is_empty()
            || !has(&errors, &case.code)
            || !has(&warnings, &case.warn)
        {
            wrong.push(format!("{}: errors {errors:?}, warnings {warnings:?}", case.id));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The text of a valid policy with one rule, changed by an edit.
fn edited(edit: impl FnOnce(&mut Value)) -> String {
    let mut policy = json!({ "rules": [{
        "rulePriority": 1,
        "description": "untagged images",
        "selection": {
            "tagStatus": "untagged",
            "countType": "sinceImagePushed",
            "countNumber": 7,
            "countUnit": "days",
        },
        "action": { "type": "expire" },
    }] });
    edit(&mut policy);
    let text = policy.to_string();
    format!("{text:>200}")
}

fn codes_in(text: &str) -> Vec<String> {
    let codes_in = |p: &Problem| format!("{} {}", p.fact.code(), p.place);
    LifecyclePolicy::validate(text).iter().map(codes_in).collect()
}

#[test]
fn accepts_a_valid_text() {
    assert_eq!(codes_in(&edited(|_| {})), [""; 0]);
    // An escape sequence is valid.
    let text = edited(|p| p["rules"][0]["description"] = "\u{1f600}".into());
    assert_eq!(codes_in(&text.replace('\u{1f600}', "\\ud83d\\ude00")), [""; 0]);
}

/// Changes of one value, each with the only problem that it causes.
#[test]
fn reports_an_invalid_value() {
    let cases = [
        ("/rules", Value::Null, "null_rules", "/rules"),
        ("/rules/0", json!([]), "bad_rule", "/rules/0"),
        ("/rules/0/rulePriority", Value::Null, "null_rulePriority", "/rules/0/rulePriority"),
        ("/rules/0/rulePriority", json!(-1), "priority_below_1", "/rules/0/rulePriority"),
        ("/rules/0/rulePriority", json!(1.0), "priority_not_integer", "/rules/0/rulePriority"),
        ("/rules/0/rulePriority", json!(true), "priority_not_integer", "/rules/0/rulePriority"),
        ("/rules/0/description", Value::Null, "null_description", "/rules/0/description"),
        ("/rules/0/description", json!(1), "bad_description", "/rules/0/description"),
        ("/rules/0/selection", Value::Null, "null_selection", "/rules/0/selection"),
        ("/rules/0/selection", json!("any"), "bad_selection", "/rules/0/selection"),
        ("/rules/0/action", json!("expire"), "bad_action", "/rules/0/action"),
        ("/rules/0/action/type", json!("EXPIRE"), "bad_action_type", "/rules/0/action/type"),
        ("/rules/0/action/type", Value::Null, "null_type", "/rules/0/action/type"),
        ("/rules/0/action/type", json!("transition"), "transition_needs_target", "/rules/0/action"),
        (
            "/rules/0/action",
            json!({ "type": "expire", "targetStorageClass": "archive" }),
            "expire_with_target",
            "/rules/0/action/targetStorageClass",
        ),
        (
            "/rules/0/action",
            json!({ "type": "transition", "targetStorageClass": null }),
            "null_targetStorageClass",
            "/rules/0/action/targetStorageClass",
        ),
        ("/rules/0/action", json!({}), "missing_type", "/rules/0/action"),
        (
            "/rules/0/action",
            json!({ "type": "expire", "kind": 1 }),
            "unknown_key_in_action",
            "/rules/0/action/kind",
        ),
        (
            "/rules/0/selection/tagStatus",
            Value::Null,
            "null_tagStatus",
            "/rules/0/selection/tagStatus",
        ),
        (
            "/rules/0/selection/tagStatus",
            json!("tagged"),
            "tagged_needs_list",
            "/rules/0/selection",
        ),
        (
            "/rules/0/selection/countType",
            json!("sinceImagePulled"),
            "pulled_needs_transition",
            "/rules/0/selection/countType",
        ),
        (
            "/rules/0/selection/countNumber",
            json!([7]),
            "countNumber_not_integer",
            "/rules/0/selection/countNumber",
        ),
        (
            "/rules/0/selection/countUnit",
            json!("Days"),
            "bad_countUnit",
            "/rules/0/selection/countUnit",
        ),
    ];
    for (at, value, code, place) in cases {
        let text = edited(|policy| *policy.pointer_mut(at).unwrap() = value.clone());
        assert_eq!(codes_in(&text), [format!("lifecycle::{code} {place}")], "{at} {value}");
    }
}

/// Changes of the selection: added keys, and the problems that they cause.
#[test]
fn reports_an_invalid_selection() {
    let cases = [
        (json!({ "tagPrefixList": null }), vec!["null_tagPrefixList"]),
        (json!({ "tagPatternList": ["a"] }), vec!["list_without_tagged"]),
        (json!({ "tagStatus": "tagged", "tagPrefixList": "a" }), vec!["bad_tagPrefixList"]),
        (json!({ "tagStatus": "tagged", "tagPatternList": [1] }), vec!["bad_tagPatternList"]),
        (json!({ "tagStatus": "tagged", "tagPatternList": [""] }), vec!["bad_tagPatternList"]),
        (
            json!({ "tagStatus": "tagged", "tagPatternList": ["a"], "tagPrefixList": ["a"] }),
            vec!["prefixes_and_patterns"],
        ),
        (
            json!({ "tagStatus": "tagged", "tagPatternList": ["a"], "tagPrefixList": [] }),
            vec!["prefixes_and_patterns"],
        ),
        (
            json!({ "tagStatus": "tagged", "tagPrefixList": ["a", "b*"] }),
            vec!["every_tag_needed", "impossible_tag"],
        ),
        (json!({ "tagStatus": "tagged", "tagPrefixList": ["a", "a"] }), vec![]),
        (json!({ "storageClass": "standard" }), vec![]),
        (json!({ "storageClass": null }), vec!["null_storageClass"]),
        (json!({ "storageClass": "STANDARD" }), vec!["bad_storageClass"]),
        (
            json!({ "countType": "sinceImageTransitioned", "storageClass": "archive" }),
            vec!["transitioned_below_90"],
        ),
        (json!({ "countType": "imageCountMoreThan" }), vec!["countUnit_with_count"]),
        (json!({ "countunit": "days" }), vec!["unknown_key_in_selection"]),
    ];
    for (keys, codes) in cases {
        let text = edited(|policy| {
            let selection = policy["rules"][0]["selection"].as_object_mut().unwrap();
            selection.extend(keys.as_object().unwrap().clone());
        });
        let found: Vec<_> =
            LifecyclePolicy::validate(&text).iter().map(|p| p.fact.code()).collect();
        let codes: Vec<_> = codes.iter().map(|code| format!("lifecycle::{code}")).collect();
        assert_eq!(found, codes, "{keys}");
    }
}

#[test]
fn an_archived_image_is_not_archived_again() {
    let text = edited(|policy| {
        policy["rules"][0]["selection"]["countType"] = "sinceImageTransitioned".into();
        policy["rules"][0]["selection"]["storageClass"] = "archive".into();
        policy["rules"][0]["selection"]["countNumber"] = 90.into();
        policy["rules"][0]["action"] =
            json!({ "type": "transition", "targetStorageClass": "archive" });
    });
    assert_eq!(
        codes_in(&text),
        ["lifecycle::transitioned_needs_expire /rules/0/selection/countType"]
    );
}

#[test]
fn checks_the_text_before_its_rules() {
    let right = edited(|_| {});
    let cases = [
        (" ".repeat(200), vec!["lifecycle::not_json "]),
        (String::new(), vec!["lifecycle::text_too_short ", "lifecycle::not_json "]),
        (format!("\u{feff}{right}"), vec!["lifecycle::not_json "]),
        (right.replace('}', ",}"), vec!["lifecycle::not_json "]),
        (format!("{:100}", "{}"), vec!["lifecycle::missing_rules "]),
        (format!("{:100}", "null"), vec!["lifecycle::not_an_object "]),
        (format!("{:99}", "null"), vec!["lifecycle::text_too_short ", "lifecycle::not_an_object "]),
    ];
    for (text, codes) in cases {
        assert_eq!(codes_in(&text), codes, "{text}");
    }
    // The limit counts characters, not bytes.
    let mut text = edited(|policy| policy["rules"][0]["description"] = "ü".repeat(30_000).into());
    text.push_str(&" ".repeat(30_720 - text.chars().count()));
    assert_eq!(codes_in(&text), [""; 0]);
    text.push(' ');
    assert_eq!(codes_in(&text), ["lifecycle::text_too_long "]);
}

#[test]
fn reports_problems_of_all_rules() {
    let text = edited(|policy| {
        let rule = policy["rules"][0].clone();
        let mut bad = rule.clone();
        bad["selection"]["countNumber"] = 0.into();
        bad["action"] = Value::Null;
        *policy["rules"].as_array_mut().unwrap() = vec![rule, bad];
    });
    assert_eq!(
        codes_in(&text),
        [
            "lifecycle::countNumber_below_1 /rules/1/selection/countNumber",
            "lifecycle::null_action /rules/1/action",
            "lifecycle::duplicate_priority /rules/1/rulePriority",
            "lifecycle::two_untagged /rules/1",
        ]
    );
}

#[test]
fn checks_any_rules_by_storage_class() {
    let rule = |priority: u32, tag_status: &str, class: &str| {
        let (count_type, number) = match class {
            "archive" => ("sinceImageTransitioned", 90),
            _ => ("sinceImagePushed", 30),
        };
        json!({
            "rulePriority": priority,
            "selection": {
                "tagStatus": tag_status, "storageClass": class,
                "countType": count_type, "countNumber": number, "countUnit": "days",
            },
            "action": { "type": "expire" },
        })
    };
    let cases = [
        (vec![rule(2, "untagged", "standard"), rule(1, "any", "archive")], vec![]),
        (
            vec![rule(2, "untagged", "archive"), rule(1, "any", "archive")],
            vec!["lifecycle::any_not_last /rules/1"],
        ),
        (
            vec![rule(1, "any", "archive"), rule(2, "any", "standard"), rule(3, "any", "archive")],
            vec!["lifecycle::two_any /rules/2"],
        ),
        (vec![rule(1, "untagged", "archive"), rule(2, "untagged", "standard")], vec![]),
    ];
    for (rules, codes) in cases {
        let text = json!({ "rules": rules }).to_string();
        assert_eq!(codes_in(&text), codes, "{text}");
    }
}

/// A text that ECR takes is read into the policy that it states.
#[test]
fn reads_what_it_takes() {
    let text = edited(|policy| {
        policy["rules"] = json!([
            {
                "rulePriority": 20,
                "description": "protect",
                "selection": {
                    "tagStatus": "tagged", "tagPrefixList": ["prod"],
                    "countType": "imageCountMoreThan", "countNumber": 9999,
                },
                "action": { "type": "expire" },
            },
            {
                "rulePriority": 3,
                "selection": {
                    "tagStatus": "untagged", "countType": "sinceImagePulled",
                    "countNumber": 30, "countUnit": "days",
                },
                "action": { "type": "transition", "targetStorageClass": "archive" },
            },
            {
                "rulePriority": 30,
                "selection": {
                    "tagStatus": "any", "storageClass": "archive",
                    "countType": "sinceImageTransitioned", "countNumber": 90, "countUnit": "days",
                },
                "action": { "type": "expire" },
            },
        ]);
    });
    let (policy, warnings) = LifecyclePolicy::parse(&text).unwrap();
    assert!(warnings.is_empty());
    let written: Value = serde_json::from_str(policy.text()).unwrap();
    assert_eq!(written, serde_json::from_str::<Value>(&text).unwrap());
    let refused =
        edited(|policy| policy["rules"][0]["selection"]["countNumber"] = json!(1u64 << 32));
    let problems = LifecyclePolicy::parse(&refused).unwrap_err();
    assert_eq!(problems.iter().count(), 1);
    let text = problems.to_string();
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(
        lines[..2],
        [
            "error[lifecycle::countNumber_above_maximum]: `countNumber` is above 4294967295",
            "  --> /rules/0/selection/countNumber",
        ]
    );
}
