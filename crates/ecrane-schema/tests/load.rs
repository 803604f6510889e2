//! All problems of a config are reported in one run: a problem of its shape hides no other, and
//! nothing is reported that only follows from another problem.

#![expect(clippy::unwrap_used, reason = "tests")]

use ecrane_config::{Document, Format};
use ecrane_schema::load;

fn reported(text: &str) -> Vec<(&'static str, String)> {
    let document = Document::parse("test.yaml", Format::Yaml, text).unwrap();
    let problems = load(&document)
        .map(|config| config.build())
        .map_or_else(|problems| problems, |built| built.map(drop).unwrap_err());
    problems.iter().map(|problem| (problem.fact.code(), problem.place.to_string())).collect()
}

/// What is wrong with a repository `App`, and how its problem is called.
const SHAPES: [(&str, &str, &str); 16] = [
    ("unknown preset", "preset: nothing", "config::unknown_id"),
    ("misspelt key", "imageScanOnPsh: true", "config::unknown_key"),
    ("unknown key", "weather: { fine: true }", "config::unknown_key"),
    ("text for a bool", "imageScanOnPush: often", "config::wrong_type"),
    ("`yes` for a bool", "imageScanOnPush: yes", "config::wrong_type"),
    ("number for a text", "lifecycleRegistryId: 111122223333", "config::wrong_type"),
    ("list for a map", "tags: [a]", "config::wrong_type"),
    ("map for a list", "lifecycleRules: { maxImageAge: 30d }", "config::wrong_type"),
    ("nothing", "lifecycleRules:", "config::wrong_type"),
    ("nothing in a list", "lifecycleRules: [~]", "config::wrong_type"),
    ("grant without `allow`", "grants: [{ to: Ci }]", "config::none_of_keys"),
    ("grant without `to`", "grants: [{ allow: pull }]", "config::missing_key"),
    ("wrong word", "removalPolicy: keep", "config::not_one_of"),
    ("number out of range", "lifecycleRules: [{ maxImageCount: -1 }]", "config::out_of_range"),
    (
        "two permissions",
        "grants: [{ to: Ci, allow: pull, actions: [ecr:BatchGetImage] }]",
        "config::several_of_keys",
    ),
    ("not quite a whole number", "lifecycleRules: [{ maxImageCount: 1.0 }]", "config::wrong_type"),
];

#[test]
fn a_problem_of_shape_hides_no_other() {
    for (name, shape, code) in SHAPES {
        let text = format!(
            "stacks:\n  S:\n    principals: {{ Ci: {{ user: {{}} }} }}\n    repositories:\n      App:\n        \
             repositoryName: Shop/App\n        {shape}\n      Web:\n        encryptionKey: None\n"
        );
        let codes: Vec<&str> = reported(&text).into_iter().map(|(code, _)| code).collect();
        assert_eq!(codes, ["repository::name_malformed", code, "config::unknown_id"], "{name}");
    }
}

#[test]
fn shapes_hide_no_other_shape() {
    for (name, shape, code) in SHAPES {
        for (other_name, other, other_code) in SHAPES {
            let text = format!(
                "stacks:\n  S:\n    principals: {{ Ci: {{ user: {{}} }} }}\n    repositories:\n      \
                 App:\n        {shape}\n      Web:\n        {other}\n"
            );
            let codes: Vec<&str> = reported(&text).into_iter().map(|(code, _)| code).collect();
            assert_eq!(codes, [code, other_code], "{name}, {other_name}");
        }
    }
}

#[test]
fn what_follows_from_a_problem_is_not_reported() {
    let of_repository =
        |text: &str| format!("stacks: {{ S: {{ repositories: {{ App: {{ {text} }} }} }} }}");
    let cases = [
        ("wrong removal policy", of_repository("emptyOnDelete: true, removalPolicy: keep")),
        ("unknown preset", of_repository("emptyOnDelete: true, preset: nothing")),
        (
            "wrong filters",
            of_repository(
                "imageTagMutability: IMMUTABLE_WITH_EXCLUSION, imageTagMutabilityExclusionFilters: 5",
            ),
        ),
        (
            "principal that cannot be read",
            "stacks: { S: { principals: { Ci: { role: [] } }, repositories: { App: { grants: [{ to: Ci, allow: pull }] } } } }"
                .to_owned(),
        ),
        (
            "stack that cannot be read",
            "stacks: { S: { env: [], repositories: { App: { grants: [{ to: T/Ci, allow: pull }] } } }, T: 5 }".to_owned(),
        ),
        (
            "key under a wrong name",
            "stacks: { S: { cabinets: { Ours: {} }, repositories: { App: { encryptionKey: Ours } } } }"
                .to_owned(),
        ),
    ];
    for (name, text) in cases {
        let expected = if name.starts_with("stack") { 2 } else { 1 };
        let reported = reported(&text);
        assert_eq!(reported.len(), expected, "{name}: {reported:?}");
    }
}

/// A place behind a removed list item, or a renamed key, is the one in the file.
#[test]
fn places_are_those_of_the_file() {
    let text = "stacks: { S: { repositries: { App: { grants: [{ to: [] }, { to: A }, { to: Nobody, allow: pull }, \
                { to: [5, B], allow: pull }] } } } }";
    let places: Vec<String> = reported(text).into_iter().map(|(_, place)| place).collect();
    let grant = |end: &str| format!("/stacks/S/repositries/App/grants/{end}");
    assert_eq!(
        places,
        [
            "/stacks/S/repositries".to_owned(),
            grant("0"),
            grant("1"),
            grant("2/to"),
            grant("3/to/0"),
            grant("3/to/1"),
        ]
    );
}

/// A translation of what is in AWS's form is what the config takes.
#[test]
fn translations_can_be_pasted() {
    let pasted = |key: &str, value: &str| {
        format!("stacks: {{ S: {{ repositories: {{ App: {{ {key}: {value} }} }} }} }}")
    };
    let selection = r#""tagStatus": "any", "countType": "imageCountMoreThan", "countNumber": 10"#;
    let rule = format!(
        r#"{{ "rulePriority": 1, "selection": {{ {selection} }}, "action": {{ "type": "expire" }} }}"#
    );
    let statement = r#"{ "Effect": "Deny", "Principal": { "AWS": "444455556666", "Service": ["ecs.amazonaws.com"] }, "Action": "ecr:BatchGetImage" }"#;
    for (key, value) in [
        ("lifecycleRules", format!(r#"{{ "rules": [{rule}] }}"#)),
        ("resourcePolicy", format!(r#"{{ "Version": "2012-10-17", "Statement": [{statement}] }}"#)),
    ] {
        let document = Document::parse("test.yaml", Format::Yaml, &pasted(key, &value)).unwrap();
        let problems = load(&document).unwrap_err();
        let problem = problems.iter().next().unwrap();
        assert_eq!(problem.fact.code(), "config::aws_form", "{problems}");
        let help = problem.fact.help().unwrap();
        let translation = help.strip_prefix("write: ").unwrap();
        let mended = Document::parse("test.yaml", Format::Yaml, &pasted(key, translation)).unwrap();
        load(&mended).unwrap().build().unwrap();

        let pasted = |value: &str| format!("stacks.S.repositories.App.{key} = {value}\n");
        let value: serde_json::Value = serde_json::from_str(&value).unwrap();
        let toml = toml::Value::try_from(value).unwrap().to_string();
        let document = Document::parse("test.toml", Format::Toml, &pasted(&toml)).unwrap();
        let problems = load(&document).unwrap_err();
        let help = problems.iter().next().unwrap().fact.help().unwrap();
        let translation = help.strip_prefix("write: ").unwrap();
        let mended = Document::parse("test.toml", Format::Toml, &pasted(translation)).unwrap();
        load(&mended).unwrap().build().unwrap();
    }
}
