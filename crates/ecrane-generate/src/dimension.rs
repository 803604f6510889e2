//! Configs that are large in one dimension, to see whether time grows with it linearly.

use serde_json::{Map, Value, json};

/// The config files of a dimension at a size: those that it includes, by name, and itself.
#[derive(Debug, Clone)]
pub struct Large {
    /// The included files.
    pub included: Vec<(String, Value)>,
    /// The config.
    pub config: Value,
}

/// A dimension: its name, and its config of a size.
pub type Dimension = (&'static str, fn(usize) -> Large);

/// The dimensions.
pub const DIMENSIONS: [Dimension; 14] = [
    ("stacks", |count| {
        stacks(&named("Stack", count, |_| json!({ "repositories": { "App": {} } })))
    }),
    ("repositories", |count| one(&named("App", count, |_| json!({})))),
    // A construct ID has at most 64 parts.
    ("parts of construct ids", |count| {
        let id = |n| (0..50).map(|part| format!("Part{n}x{part}")).collect::<Vec<_>>().join("/");
        one(&(0..count / 50).map(|n| (id(n), json!({}))).collect::<Map<_, _>>().into())
    }),
    // ECR allows 50 rules for a repository.
    ("lifecycle rules", |count| {
        let rule = |n| json!({ "tagPrefixList": [format!("t{n}-")], "maxImageCount": 9 });
        one(&named("App", count / 50, |_| json!({ "lifecycleRules": list(50, rule) })))
    }),
    ("grants to accounts", |count| {
        let grant = |n| json!({ "to": { "account": format!("{:012}", n + 1) }, "allow": "pull" });
        one(&named("App", count / 20, |_| json!({ "grants": list(20, grant) })))
    }),
    ("grants to a role", |count| {
        let grants = json!({ "grants": [{ "to": "Role0", "allow": "pull" }] });
        of_principals(&named("Role", 1, role), &named("App", count, |_| grants.clone()))
    }),
    ("principals", |count| {
        let grant = |n| json!({ "grants": [{ "to": format!("Role{n}"), "allow": "pull" }] });
        of_principals(&named("Role", count, role), &named("App", count, grant))
    }),
    ("statements", |count| {
        let statement = |n| {
            json!({
                "sid": format!("S{n}"),
                "principals": [{ "account": format!("{:012}", n + 1) }],
                "actions": ["ecr:BatchGetImage"],
            })
        };
        one(&named("App", count / 20, |_| json!({ "resourcePolicy": list(20, statement) })))
    }),
    ("events", |count| {
        let event = |_| json!({ "on": "imageScanCompleted" });
        one(&named("App", 1, |_| json!({ "events": named("Event", count, event) })))
    }),
    ("tags", |count| {
        let tags = named("tag", 40, |n| Value::from(n.to_string()));
        one(&named("App", count / 40, |_| json!({ "tags": tags })))
    }),
    ("presets", |count| {
        let preset =
            |n: usize| json!({ "tags": { "preset": n.to_string() }, "imageScanOnPush": true });
        let user = |n| json!({ "preset": format!("Preset{n}") });
        of_presets(&named("Preset", count, preset), &named("App", count, user))
    }),
    ("repositories of a preset", |count| {
        let preset = |_| json!({ "lifecycleRules": [{ "maxImageAge": "30d" }] });
        let user = |_| json!({ "preset": "Preset0" });
        of_presets(&named("Preset", 1, preset), &named("App", count, user))
    }),
    ("includes", |count| {
        let file = |n: usize| {
            let repositories = named(&format!("App{n}x"), 1, |_| json!({}));
            (
                format!("{n}.json"),
                json!({ "stacks": { "Stack0": { "repositories": repositories } } }),
            )
        };
        let config = json!({ "include": ["included/*.json"], "stacks": { "Stack0": {} } });
        Large { included: (0..count).map(file).collect(), config }
    }),
    ("shards", |count| {
        let repositories = named("App", count, |n| json!({ "repositoryName": format!("app-{n}") }));
        let shards = count.div_ceil(15).max(1);
        stacks(&json!({ "Stack0": { "shards": shards, "repositories": repositories } }))
    }),
];

fn named(name: &str, count: usize, value: impl Fn(usize) -> Value) -> Value {
    (0..count).map(|n| (format!("{name}{n}"), value(n))).collect::<Map<_, _>>().into()
}

fn list(count: usize, value: impl Fn(usize) -> Value) -> Value {
    (0..count).map(value).collect()
}

fn large(config: Value) -> Large {
    Large { config, included: Vec::new() }
}

fn stacks(stacks: &Value) -> Large {
    large(json!({ "stacks": stacks }))
}

fn one(repositories: &Value) -> Large {
    stacks(&json!({ "Stack0": { "repositories": repositories } }))
}

fn of_presets(presets: &Value, repositories: &Value) -> Large {
    let stacks = json!({ "Stack0": { "repositories": repositories } });
    large(json!({ "presets": presets, "stacks": stacks }))
}

fn of_principals(principals: &Value, repositories: &Value) -> Large {
    stacks(&json!({ "Stack0": { "principals": principals, "repositories": repositories } }))
}

fn role(_: usize) -> Value {
    json!({ "role": { "assumedBy": { "service": "codebuild.amazonaws.com" } } })
}
