use serde_json::{Value, json};

use super::*;

/// A repository at an address.
fn repository(id: &str, name: &str) -> Value {
    json!({ "path": format!("{id}/Resource"), "name": name, "retained": true })
}

fn part(path: &str, of: &str) -> Value {
    json!({ "path": path, "of": format!("aws_ecr_repository.{of}") })
}

fn entries(value: Value) -> BTreeMap<Address, Entry> {
    serde_json::from_value(value).unwrap()
}

/// What is gone and what moved, as texts, and the conflicts.
fn compared(before: &Value, now: Value) -> (Vec<String>, Vec<String>, Vec<Conflict>) {
    let mut before = before.clone();
    before["folder"] = "Shop".into();
    let before: StackLedger = serde_json::from_value(before).unwrap();
    let change = compare(&before, &entries(now), &BTreeMap::new());
    let short = |address: &Address| address.to_string().replace("aws_ecr_", "");
    let moved = change.moved.iter().map(|(from, to)| format!("{} -> {}", short(from), short(to)));
    (change.gone.keys().map(short).collect(), moved.collect(), change.conflicts)
}

fn strings(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

/// What it is about, what was known, what is declared, what is gone, and what moved.
type Case<'a> = (&'a str, Value, Value, &'a [&'a str], &'a [&'a str]);

fn assert_compared(cases: &[Case<'_>]) {
    for (case, before, now, gone, moved) in cases {
        let (found_gone, found_moved, conflicts) = compared(before, now.clone());
        assert_eq!(found_gone, strings(gone), "{case}");
        assert_eq!(found_moved, strings(moved), "{case}");
        assert_eq!(conflicts, [], "{case}");
    }
}

/// A repository with a part, and a role.
fn before() -> Value {
    json!({ "addresses": {
        "aws_ecr_repository.app": repository("App", "shop/app"),
        "aws_ecr_lifecycle_policy.app": part("App/LifecyclePolicy", "app"),
        "aws_iam_role.ci": { "path": "Ci/Resource", "name": "ci" },
    }})
}

#[test]
fn what_leaves() {
    let app = repository("App", "shop/app");
    let app_lifecycle = part("App/LifecyclePolicy", "app");
    let destroyed = json!({ "path": "App/Resource", "name": "shop/app" });
    let before = before();
    assert_compared(&[
        ("nothing", before.clone(), before["addresses"].clone(), &[], &[]),
        (
            "a repository stays with its policies, a role goes",
            before.clone(),
            json!({}),
            &["lifecycle_policy.app", "repository.app"],
            &[],
        ),
        (
            "a part alone is destroyed",
            before.clone(),
            json!({ "aws_ecr_repository.app": app }),
            &[],
            &[],
        ),
        (
            "what was to be destroyed is, with its parts",
            json!({ "addresses": {
                "aws_ecr_repository.app": destroyed,
                "aws_ecr_lifecycle_policy.app": app_lifecycle,
            }}),
            json!({}),
            &[],
            &[],
        ),
        (
            "a key stays, its alias goes",
            json!({ "addresses": {
                "aws_kms_key.k": { "path": "K/Resource", "retained": true },
                "aws_kms_alias.k": { "path": "K/Alias/Resource", "name": "alias/a" },
            }}),
            json!({}),
            &["aws_kms_key.k"],
            &[],
        ),
    ]);
}

#[test]
fn what_moves() {
    let app = repository("App", "shop/app");
    let before = before();
    assert_compared(&[
        (
            "another terraformName, one part with it",
            before.clone(),
            json!({
                "aws_ecr_repository.web": app,
                "aws_ecr_lifecycle_policy.web": part("App/LifecyclePolicy", "web"),
            }),
            &[],
            &["lifecycle_policy.app -> lifecycle_policy.web", "repository.app -> repository.web"],
        ),
        (
            "another id and the same name, one part with it",
            before.clone(),
            json!({
                "aws_ecr_repository.web": repository("Web", "shop/app"),
                "aws_ecr_lifecycle_policy.web": part("Web/LifecyclePolicy", "web"),
            }),
            &[],
            &["lifecycle_policy.app -> lifecycle_policy.web", "repository.app -> repository.web"],
        ),
        (
            "another id, the part dropped",
            before.clone(),
            json!({ "aws_ecr_repository.web": repository("Web", "shop/app") }),
            &[],
            &["repository.app -> repository.web"],
        ),
        (
            "another id and another name",
            before.clone(),
            json!({ "aws_ecr_repository.web": repository("Web", "shop/web") }),
            &["lifecycle_policy.app", "repository.app"],
            &[],
        ),
        (
            "another address and another name",
            before.clone(),
            json!({
                "aws_ecr_repository.new": repository("App", "shop/new"),
                "aws_ecr_lifecycle_policy.new": part("App/LifecyclePolicy", "new"),
            }),
            &["lifecycle_policy.app", "repository.app"],
            &[],
        ),
    ]);
}

#[test]
fn what_moves_with_something_else() {
    assert_compared(&[
        (
            "a role with what is attached to it",
            json!({ "addresses": {
                "aws_iam_role.a": { "path": "In/A/Resource", "name": "ci" },
                "aws_iam_role_policy_attachment.a_one": { "path": "In/A/One", "of": "aws_iam_role.a" },
                "aws_iam_role_policy_attachment.a_two": { "path": "In/A/Two", "of": "aws_iam_role.a" },
            }}),
            json!({
                "aws_iam_role.b": { "path": "B/Resource", "name": "ci" },
                "aws_iam_role_policy_attachment.b_two": { "path": "B/Two", "of": "aws_iam_role.b" },
                "aws_iam_role_policy_attachment.b_x": { "path": "B/X", "of": "aws_iam_role.b" },
            }),
            &[],
            &[
                "aws_iam_role.a -> aws_iam_role.b",
                "aws_iam_role_policy_attachment.a_two -> aws_iam_role_policy_attachment.b_two",
            ],
        ),
        (
            "no paths, as from a state",
            json!({ "addresses": {
                "aws_ecr_repository.app": { "name": "shop/app", "retained": true },
                "aws_ecr_lifecycle_policy.app": { "of": "aws_ecr_repository.app" },
            }}),
            json!({
                "aws_ecr_repository.web": repository("Web", "shop/app"),
                "aws_ecr_lifecycle_policy.web": part("Web/LifecyclePolicy", "web"),
            }),
            &[],
            &["lifecycle_policy.app -> lifecycle_policy.web", "repository.app -> repository.web"],
        ),
        (
            "a key goes with its alias, by the alias's name",
            json!({ "addresses": {
                "aws_kms_key.old": { "path": "In/Old/Resource", "retained": true },
                "aws_kms_alias.old": { "path": "In/Old/Alias/Resource", "name": "alias/a" },
            }}),
            json!({
                "aws_kms_key.new": { "path": "In/New/Resource", "retained": true },
                "aws_kms_alias.new": { "path": "In/New/Alias/Resource", "name": "alias/a" },
            }),
            &[],
            &["aws_kms_alias.old -> aws_kms_alias.new", "aws_kms_key.old -> aws_kms_key.new"],
        ),
    ]);
}

#[test]
fn what_was_gone_or_moved_before() {
    let app = repository("App", "shop/app");
    let gone = json!({ "gone": {
        "aws_ecr_repository.app": app,
        "aws_ecr_lifecycle_policy.app": part("App/LifecyclePolicy", "app"),
    }});
    let moved = json!({
        "addresses": { "aws_ecr_repository.b": app },
        "moved": { "aws_ecr_repository.a": "aws_ecr_repository.b" },
    });
    assert_compared(&[
        (
            "gone stays gone",
            gone.clone(),
            json!({}),
            &["lifecycle_policy.app", "repository.app"],
            &[],
        ),
        ("back again", gone.clone(), json!({ "aws_ecr_repository.app": app }), &[], &[]),
        (
            "back at another address",
            gone.clone(),
            json!({ "aws_ecr_repository.web": repository("Web", "shop/app") }),
            &[],
            &["repository.app -> repository.web"],
        ),
        (
            "moved is remembered",
            moved.clone(),
            json!({ "aws_ecr_repository.b": app }),
            &[],
            &["repository.a -> repository.b"],
        ),
        (
            "moved on: a chain",
            moved.clone(),
            json!({ "aws_ecr_repository.c": app }),
            &[],
            &["repository.a -> repository.b", "repository.b -> repository.c"],
        ),
        (
            "moved back",
            moved.clone(),
            json!({ "aws_ecr_repository.a": app }),
            &[],
            &["repository.b -> repository.a"],
        ),
        ("moved, then gone", moved.clone(), json!({}), &["repository.a", "repository.b"], &[]),
    ]);
    let destroyed = json!({
        "addresses": { "aws_iam_role.b": { "path": "Ci/Resource" } },
        "moved": { "aws_iam_role.a": "aws_iam_role.b" },
    });
    assert_eq!(compared(&destroyed, json!({})), (vec![], vec![], vec![]));
}

#[test]
fn what_no_block_can_say() {
    let address = |text: &str| Address::try_from(format!("aws_ecr_repository.{text}")).unwrap();
    let before = json!({ "addresses": {
        "aws_ecr_repository.a": repository("A", "shop/a"),
        "aws_ecr_repository.b": repository("B", "shop/b"),
    }});

    let swapped = json!({
        "aws_ecr_repository.b": repository("A", "shop/a"),
        "aws_ecr_repository.a": repository("B", "shop/b"),
    });
    let taken = |at: &str, from: &str, to: &str| Conflict::TakenOver {
        address: address(at),
        from: from.to_owned(),
        to: address(to),
    };
    let (_, moved, conflicts) = compared(&before, swapped);
    assert_eq!(moved, [""; 0]);
    assert_eq!(conflicts, [taken("a", "A/Resource", "b"), taken("b", "B/Resource", "a")]);

    let shifted = json!({
        "aws_ecr_repository.b": repository("A", "shop/a"),
        "aws_ecr_repository.c": repository("B", "shop/b"),
    });
    assert_eq!(compared(&before, shifted).2, [taken("b", "B/Resource", "c")]);

    // A pin that keeps an address for a construct of another id.
    let kept = json!({
        "aws_ecr_repository.a": repository("New", "shop/a"),
        "aws_ecr_repository.b": repository("B", "shop/b"),
    });
    assert_eq!(compared(&before, kept).2, []);

    for retained in [true, false] {
        let mut renamed = before["addresses"].clone();
        renamed["aws_ecr_repository.a"]["name"] = "shop/new".into();
        renamed["aws_ecr_repository.a"]["retained"] = retained.into();
        let replaced = Conflict::Replaced {
            address: address("a"),
            from: "shop/a".to_owned(),
            to: "shop/new".to_owned(),
            retained,
        };
        assert_eq!(compared(&before, renamed).2, [replaced]);
    }

    let moved = json!({
        "addresses": { "aws_ecr_repository.c": repository("A", "shop/a") },
        "moved": {
            "aws_ecr_repository.a": "aws_ecr_repository.b",
            "aws_ecr_repository.b": "aws_ecr_repository.c",
        },
    });
    let reused = json!({
        "aws_ecr_repository.c": repository("A", "shop/a"),
        "aws_ecr_repository.b": repository("B", "shop/b"),
    });
    let (_, moved, conflicts) = compared(&moved, reused);
    assert_eq!(moved, ["repository.a -> repository.c"]);
    assert_eq!(conflicts, [Conflict::Reused { address: address("b"), to: address("c") }]);
}

#[test]
fn reads_what_it_writes() {
    let text = r#"{
  "version": 1,
  "plain": {
    "Shop": {
      "folder": "Shop",
      "terraform": {
        "required_providers": { "aws": { "source": "hashicorp/aws", "version": ">= 5.100.0" } }
      },
      "provider": {
        "aws": [{ "region": "eu-west-1", "allowed_account_ids": ["111122223333"] }]
      },
      "addresses": {
        "aws_ecr_lifecycle_policy.app": { "path": "App/LifecyclePolicy", "of": "aws_ecr_repository.app" },
        "aws_ecr_repository.app": { "path": "App/Resource", "name": "shop/app", "retained": true }
      },
      "gone": {
        "aws_ecr_repository.old": { "path": "Old/Resource", "retained": true }
      },
      "moved": {
        "aws_ecr_repository.a": "aws_ecr_repository.app"
      }
    }
  }
}
"#;
    let ledger = Ledger::parse(text.as_bytes()).unwrap();
    assert_eq!(String::from_utf8(ledger.to_json().unwrap()).unwrap(), text);
    assert!(ledger.knows(Layout::Plain) && !ledger.knows(Layout::Cdktf));
}

#[test]
fn refuses_what_is_no_ledger() {
    for text in [
        "",
        "{}",
        r#"{"version":2}"#,
        r#"{"version":1,"stacks":{}}"#,
        r#"{"version":1,"plain":{"S":{"folder":"S","gone":{"module.x[\"${y}\"].aws_iam_role.a":{}}}}}"#,
        r#"{"version":1,"plain":{"S":{"folder":"S","gone":{"aws_iam_role.a\"]}":{}}}}}"#,
        r#"{"version":1,"plain":{"S":{"folder":"S","moved":{"aws_iam_role.a":"x"}}}}"#,
    ] {
        let error = Ledger::parse(text.as_bytes()).unwrap_err();
        assert_eq!(error.code(), "terraform::ledger_malformed", "{text}");
    }
}

/// The addresses of a plain stack `Shop`.
fn addresses(ledger: &Ledger) -> Value {
    serde_json::to_value(&ledger.stacks(Layout::Plain).unwrap()["Shop"].addresses).unwrap()
}

#[test]
fn learns_from_a_module() {
    let module = json!({
        "terraform": { "required_providers": {} },
        "provider": { "aws": [{}] },
        "resource": {
            "aws_ecr_repository": {
                "app": { "name": "shop/app", "lifecycle": { "prevent_destroy": true } },
                "tmp": { "name": "tmp", "lifecycle": [{ "prevent_destroy": false }] },
            },
            "aws_ecr_repository_policy": {
                "app": { "repository": "${aws_ecr_repository.app.name}", "policy": "{}" },
            },
            "aws_kms_key": {
                "k": {
                    "//": { "metadata": { "path": "Shop/K/Resource", "uniqueId": "k" } },
                    "lifecycle": [{ "prevent_destroy": true }],
                },
            },
        },
        "removed": [{ "from": "aws_kms_key.gone", "lifecycle": [{ "destroy": false }] }],
        "moved": [{ "from": "aws_ecr_repository.a", "to": "aws_ecr_repository.app" }],
    });
    let mut ledger = Ledger::default();
    ledger.learn_module(Layout::Plain, "Shop", "shop", module.to_string().as_bytes());
    let expected = json!({
        "aws_ecr_repository.app": { "name": "shop/app", "retained": true },
        "aws_ecr_repository.tmp": { "name": "tmp" },
        "aws_ecr_repository_policy.app": { "of": "aws_ecr_repository.app" },
        "aws_kms_key.k": { "path": "K/Resource", "retained": true },
    });
    assert_eq!(addresses(&ledger), expected);
    let stack = &ledger.stacks(Layout::Plain).unwrap()["Shop"];
    assert_eq!(stack.folder, "shop");
    assert_eq!(json!(stack.provider), json!({ "aws": [{}] }));
    assert_eq!(json!(stack.gone), json!({ "aws_kms_key.gone": { "retained": true } }));
    let moved = json!({ "aws_ecr_repository.a": "aws_ecr_repository.app" });
    assert_eq!(json!(stack.moved), moved);

    // What is known already is not taken from a module.
    ledger.learn_module(Layout::Plain, "Shop", "shop", b"{}");
    assert_eq!(addresses(&ledger), expected);
}

#[test]
fn learns_from_a_state() {
    let repository = json!({ "name": "shop/app", "force_delete": false });
    let policy = json!({ "repository": "shop/app", "policy": "{}" });
    let file = |kind: &str, name: &str, attributes: &Value| {
        json!({
            "mode": "managed", "type": kind, "name": name, "provider": "p",
            "instances": [{ "schema_version": 0, "attributes": attributes }],
        })
    };
    let state = json!({ "version": 4, "terraform_version": "1.11.4", "resources": [
        { "mode": "data", "type": "aws_region", "name": "current", "instances": [{}] },
        { "mode": "managed", "type": "aws_ecr_repository", "name": "many",
          "instances": [{ "index_key": 0, "attributes": { "name": "many" } }] },
        { "mode": "managed", "type": "aws_ecr_repository", "name": "in",
          "module": "module.m[\"x.y\"].module.n",
          "instances": [{ "index_key": "a/b", "attributes": { "name": "in" } }] },
        file("aws_ecr_repository", "app", &repository),
        file("aws_ecr_repository", "tmp", &json!({ "name": "tmp", "force_delete": true })),
        file("aws_ecr_lifecycle_policy", "app", &policy),
        file("aws_kms_key", "k", &json!({ "description": "" })),
        file("aws_iam_role", "ci", &json!({ "name": "ci" })),
    ]});
    let shown = |kind: &str, name: &str, values: &Value| {
        let address = format!("{kind}.{name}");
        json!({
            "address": address, "mode": "managed", "type": kind, "name": name, "values": values,
        })
    };
    let shown = json!({ "format_version": "1.0", "values": { "root_module": { "resources": [
        { "mode": "data", "type": "aws_region", "name": "current", "values": {} },
        { "mode": "managed", "type": "aws_ecr_repository", "name": "many", "index": 0,
          "values": { "name": "many" } },
        shown("aws_ecr_repository", "app", &repository),
        shown("aws_ecr_repository", "tmp", &json!({ "name": "tmp", "force_delete": true })),
        shown("aws_ecr_lifecycle_policy", "app", &policy),
        shown("aws_kms_key", "k", &json!({})),
        shown("aws_iam_role", "ci", &json!({ "name": "ci" })),
    ], "child_modules": [{ "address": "module.m[\"x.y\"]", "child_modules": [{ "resources": [
        { "address": "module.m[\"x.y\"].module.n.aws_ecr_repository.in[\"a/b\"]",
          "mode": "managed", "type": "aws_ecr_repository", "name": "in", "index": "a/b",
          "values": { "name": "in" } },
    ]}]}]}}});
    for state in [state, shown] {
        let mut ledger = Ledger::default();
        ledger.learn_state(Layout::Plain, "Shop", state.to_string().as_bytes()).unwrap();
        let expected = json!({
            "aws_ecr_lifecycle_policy.app": { "of": "aws_ecr_repository.app" },
            "aws_ecr_repository.app": { "name": "shop/app", "retained": true },
            "aws_ecr_repository.tmp": { "name": "tmp" },
            "aws_iam_role.ci": { "name": "ci" },
            "aws_kms_key.k": { "retained": true },
            "aws_ecr_repository.many[0]": { "name": "many", "retained": true },
            "module.m[\"x.y\"].module.n.aws_ecr_repository.in[\"a/b\"]":
                { "name": "in", "retained": true },
        });
        assert_eq!(addresses(&ledger), expected);
    }
    for (text, code) in [
        ("", "terraform::state_malformed"),
        ("{}", "terraform::state_malformed"),
        (r#"{"format_version":1}"#, "terraform::state_malformed"),
        (r#"{"version":3,"resources":[]}"#, "terraform::state_version_unknown"),
    ] {
        let mut ledger = Ledger::default();
        let error = ledger.learn_state(Layout::Plain, "Shop", text.as_bytes()).unwrap_err();
        assert_eq!(error.code(), code, "{text}");
    }
    let mut ledger = Ledger::default();
    let empty = br#"{"format_version":"1.0"}"#;
    ledger.learn_state(Layout::Plain, "Shop", empty).unwrap();
    assert_eq!(addresses(&ledger), json!({}));
}

#[test]
fn resources_of_a_state_are_found_by_what_identifies_them() {
    let at = |address: &str, attributes: Value| {
        let (kind, name) = address.rsplit_once('.').unwrap();
        let (module, kind) = kind.rsplit_once('.').unwrap_or(("", kind));
        json!({ "address": address, "mode": "managed", "type": kind, "name": name,
                "module": module, "values": attributes })
    };
    let state = json!({ "format_version": "1.0", "values": { "root_module": {
        "resources": [
            at("module.a.aws_ecr_repository.this", json!({ "id": "shop/a", "name": "shop/a" })),
            at("module.a.aws_ecr_lifecycle_policy.this",
               json!({ "id": "shop/a", "repository": "shop/a" })),
            // The same policy name, on two roles.
            at("module.a.aws_iam_role_policy.one", json!({ "role": "one", "name": "p" })),
            at("module.a.aws_iam_role_policy.two", json!({ "role": "two", "name": "p" })),
            at("module.a.aws_ecr_registry_policy.this", json!({ "id": "111122223333" })),
            at("module.b.aws_ecr_repository.this", json!({ "id": "shop/b", "name": "shop/b" })),
        ],
    } } });
    let mut ledger = Ledger::default();
    ledger.learn_state(Layout::Plain, "Shop", state.to_string().as_bytes()).unwrap();
    let now = entries(json!({
        "aws_ecr_repository.a": repository("A", "shop/a"),
        "aws_ecr_lifecycle_policy.a": part("A/LifecyclePolicy", "a"),
        "aws_iam_role_policy.first": { "path": "First/DefaultPolicy", "name": "p" },
        "aws_iam_role_policy.second": { "path": "Second/DefaultPolicy", "name": "p" },
        "aws_ecr_registry_policy.registry": { "path": "RegistryPolicy" },
    }));
    let identities = [
        ("aws_ecr_repository.a", "shop/a"),
        ("aws_ecr_lifecycle_policy.a", "shop/a"),
        ("aws_iam_role_policy.first", "two:p"),
        ("aws_iam_role_policy.second", "one:p"),
        ("aws_ecr_registry_policy.registry", ""),
    ];
    let address = |text: &str| Address::try_from(text.to_owned()).unwrap();
    let identities = identities.map(|(it, id)| (address(it), id.to_owned())).into();
    let before = &ledger.stacks(Layout::Plain).unwrap()["Shop"];
    let change = compare(before, &now, &identities);
    let moved = json!({
        "module.a.aws_ecr_repository.this": "aws_ecr_repository.a",
        "module.a.aws_ecr_lifecycle_policy.this": "aws_ecr_lifecycle_policy.a",
        "module.a.aws_iam_role_policy.one": "aws_iam_role_policy.second",
        "module.a.aws_iam_role_policy.two": "aws_iam_role_policy.first",
        "module.a.aws_ecr_registry_policy.this": "aws_ecr_registry_policy.registry",
    });
    assert_eq!(json!(change.moved), moved);
    let gone: Vec<_> = change.gone.keys().map(ToString::to_string).collect();
    assert_eq!(gone, ["module.b.aws_ecr_repository.this"]);
    assert_eq!(change.conflicts, []);
    // Nothing of it needs an import.
    let mut known: Vec<_> = before.in_state(&change).iter().map(ToString::to_string).collect();
    known.retain(|address| !address.starts_with("module."));
    let declared: Vec<_> = now.keys().map(ToString::to_string).collect();
    assert_eq!(known, declared);
}

#[test]
fn an_instance_that_leaves_is_not_destroyed_by_the_resource_that_stays() {
    let before = json!({ "addresses": {
        "aws_ecr_repository.app[\"a\"]": { "name": "shop/a", "retained": true },
    }});
    let now = json!({ "aws_ecr_repository.app": repository("App", "shop/other") });
    let (_, _, conflicts) = compared(&before, now);
    let address = |text: &str| Address::try_from(text.to_owned()).unwrap();
    let left = Conflict::InstanceLeft {
        instance: address("aws_ecr_repository.app[\"a\"]"),
        address: address("aws_ecr_repository.app"),
    };
    assert_eq!(conflicts, [left]);
}
