//! What a config renders to, adopted, renders to the same again.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use std::collections::BTreeMap;

use ecrane_adopt::{Adoption, Source, adopt};
use ecrane_config::{Config, Document, Format};
use ecrane_core::{Rendered, Style};
use ecrane_terraform::{Backend, Layout, Settings};
use indexmap::IndexMap;
use serde_json::{Map, Value, json};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Templates,
    Modules(Layout),
}

const ALL: [Form; 3] =
    [Form::Templates, Form::Modules(Layout::Plain), Form::Modules(Layout::Cdktf)];

/// The files that a config renders to. Each stack has its state in Amazon S3.
fn rendered(config: &Value, form: Form) -> BTreeMap<String, Value> {
    let config: Config = serde_json::from_value(config.clone()).unwrap();
    let graph = config.build().unwrap();
    match form {
        Form::Templates => {
            let layout =
                ecrane_cloudformation::Layout::Cdk { assembly_version: None, stacks: None };
            let options = ecrane_cloudformation::Options {
                layout,
                ..ecrane_cloudformation::Options::default()
            };
            documents(ecrane_cloudformation::render(&graph, &options).unwrap())
        }
        Form::Modules(layout) => {
            let settings = |id: &String| {
                let arguments = json!({ "bucket": "acme-state", "key": id, "region": "eu-west-1" });
                let backend = IndexMap::from([("s3".to_owned(), arguments)]);
                let backend = Some(Backend::try_from(&backend).unwrap());
                (id.clone(), Settings { backend, ..Settings::default() })
            };
            let stacks = graph.stacks().iter().map(|it| settings(&it.id)).collect();
            let options = ecrane_terraform::Options {
                layout,
                stacks,
                ..ecrane_terraform::Options::default()
            };
            documents(ecrane_terraform::render(&graph, &options).unwrap())
        }
    }
}

fn documents(output: Rendered<'_>) -> BTreeMap<String, Value> {
    let read = output.files.into_iter().filter_map(|file| {
        let content = serde_json::from_slice(&file.to_vec(Style::Compact).unwrap()).ok()?;
        Some((file.path.clone(), content))
    });
    read.collect()
}

fn adopted(files: &BTreeMap<String, Value>) -> Adoption {
    let source =
        |(name, text): (&String, &Value)| Source { name: name.clone(), text: text.to_string() };
    let sources: Vec<Source> = files.iter().map(source).collect();
    adopt(&sources, &IndexMap::new()).unwrap()
}

/// Nothing is listed, and the adopted config renders to equal documents. Returns it, with its presets
/// merged.
fn comes_back(config: &Value, form: Form) -> Value {
    let files = rendered(config, form);
    let adoption = adopted(&files);
    assert_eq!(adoption.not_adopted, [], "{form:?}\n{}", adoption.yaml());
    assert!(adoption.problems.is_none(), "{form:?}\n{:?}", adoption.problems);
    let again = Document::parse("ecrane.yaml", Format::Yaml, &adoption.yaml()).unwrap().to_json();
    for (path, file) in rendered(&again, form) {
        let is_document = path.ends_with(".template.json") || path.ends_with(".tf.json");
        assert!(!is_document || files[&path] == file, "{form:?} {path}\n{}", adoption.yaml());
    }
    again
}

fn role() -> Value {
    let assumed_by = json!({ "service": "ecs-tasks.amazonaws.com" });
    json!({ "role": { "assumedBy": assumed_by, "roleName": "runner" } })
}

/// One tag is a key of the config, and those after it are part of the pattern.
#[test]
fn several_tags_of_a_pushed_image() {
    let event = json!({
        "on": "cloudTrailImagePushed",
        "imageTag": "latest",
        "eventPattern": { "detail": { "requestParameters": { "imageTag": ["extra"] } } },
    });
    let repository = json!({ "repositoryName": "app", "events": { "Push": event } });
    let config = json!({ "stacks": { "Shop": { "repositories": { "App": repository } } } });
    for form in ALL {
        let again = comes_back(&config, form);
        let events = &again["stacks"]["Shop"]["repositories"]["App"]["events"]["Push"];
        assert_eq!(events["imageTag"], "latest", "{form:?}");
        assert_eq!(events["eventPattern"], event["eventPattern"], "{form:?}");
    }
}

/// The name of a rule has the path of its existing repository, which is another one in the adopted config.
#[test]
fn an_event_of_an_existing_repository() {
    let target = json!({ "arn": "arn:aws:lambda:eu-west-1:111122223333:function:f" });
    let event = json!({ "on": "scanCompletedEnhanced", "targets": [target] });
    let import = json!({ "repositoryName": "tools" });
    let repositories = json!({ "App": { "import": import, "events": { "Push": event } } });
    let env = json!({ "region": "eu-west-1" });
    let config = json!({ "stacks": { "Shop": { "env": env, "repositories": repositories } } });
    for form in ALL {
        let adoption = adopted(&rendered(&config, form));
        assert_eq!(adoption.not_adopted, [], "{form:?}\n{}", adoption.yaml());
    }
}

/// The directory of a module has the name of its stack, and the data source of its readers has the ID.
#[test]
fn a_stack_with_a_name_whose_state_others_read() {
    let grants = json!([{ "to": "Runners/Runner", "allow": "pull" }]);
    let config = json!({ "stacks": {
        "Images": {
            "stackName": "prod-images",
            "repositories": { "App": { "repositoryName": "app", "grants": grants } },
        },
        "Runners": { "principals": { "Runner": role() } },
    } });
    for form in ALL {
        let again = comes_back(&config, form);
        let images = &again["stacks"]["Images"];
        if form != Form::Modules(Layout::Cdktf) {
            assert_eq!(images["stackName"], "prod-images", "{form:?}");
        }
        assert!(images["repositories"]["App"]["grants"].is_array(), "{form:?}");
    }
}

/// Where the account of a role is unknown, the AWS CDK writes a tag of the role into the policy of the
/// repository: both policies are of one grant.
#[test]
fn a_grant_by_a_tag() {
    let grants = json!([{ "to": "Runners/Runner", "allow": "pull" }]);
    let config = json!({ "stacks": {
        "Images": {
            "env": { "account": "111122223333", "region": "eu-west-1" },
            "repositories": { "App": { "repositoryName": "app", "grants": grants } },
        },
        "Runners": {
            "stackName": "prod-runners",
            "env": { "account": "444455556666", "region": "eu-west-1" },
            "principals": { "Runner": role() },
        },
    } });
    for form in [Form::Templates, Form::Modules(Layout::Cdktf)] {
        let again = comes_back(&config, form);
        assert_eq!(again["stacks"]["Runners"]["stackName"], "prod-runners", "{form:?}");
        let grants = again["stacks"]["Images"]["repositories"]["App"]["grants"].as_array().unwrap();
        assert_eq!(grants.len(), 1, "{form:?} {grants:#?}");
        assert_eq!(grants[0]["to"], "Runners/Runner", "{form:?}");
    }
}

/// The policy of an existing role is that of the role in the account of the stack, and not that of its
/// namesake in another account, which has the same permission.
#[test]
fn namesakes_in_two_accounts() {
    let arn = |account: &str| json!({ "roleArn": format!("arn:aws:iam::{account}:role/deployer") });
    let grants = json!([{ "to": ["Peer", "Own"], "allow": "pull" }]);
    let config = json!({ "stacks": { "Shop": {
        "env": { "account": "444455556666", "region": "eu-west-1" },
        "principals": { "Peer": arn("111122223333"), "Own": arn("444455556666") },
        "repositories": { "App": { "repositoryName": "app", "grants": grants } },
    } } });
    for form in ALL {
        let again = comes_back(&config, form);
        let principals = again["stacks"]["Shop"]["principals"].as_object().unwrap();
        assert_eq!(principals.len(), 1, "{form:?} {principals:#?}");
        let expected = "arn:aws:iam::444455556666:role/deployer";
        assert_eq!(principals["Own"]["roleArn"], expected, "{form:?}");
    }
}

/// An existing user of another account has a policy in the stack, too: the one whose permissions the policy
/// of the repository contains.
#[test]
fn namesakes_with_policies() {
    let arn = |account: &str| json!({ "userArn": format!("arn:aws:iam::{account}:user/alice") });
    let grants = json!([
        { "to": ["Own", "Peer"], "allow": "pull" },
        { "to": "Peer", "actions": ["ecr:BatchGetImage", "ecr:PutImage"] },
    ]);
    let config = json!({ "stacks": { "Shop": {
        "env": { "account": "444455556666", "region": "eu-west-1" },
        "principals": { "Own": arn("444455556666"), "Peer": arn("111122223333") },
        "repositories": { "App": { "repositoryName": "app", "grants": grants } },
    } } });
    for form in ALL {
        let again = comes_back(&config, form);
        let principals = &again["stacks"]["Shop"]["principals"];
        for id in ["Own", "Peer"] {
            let expected = &config["stacks"]["Shop"]["principals"][id]["userArn"];
            assert_eq!(&principals[id]["userArn"], expected, "{form:?} {principals:#?}");
        }
    }
}

/// The ARN of a user of a stack without an account has a reference in the place of the account.
#[test]
fn a_user_of_a_stack_without_an_account() {
    let statement =
        json!({ "effect": "Deny", "principals": ["Users/Bot"], "actions": ["ecr:PutImage"] });
    let config = json!({ "stacks": {
        "Users": { "principals": { "Bot": { "user": { "userName": "bot" } } } },
        "Images": {
            "env": { "account": "111122223333", "region": "eu-west-1" },
            "repositories": { "App": { "repositoryName": "app", "resourcePolicy": [statement] } },
        },
    } });
    let again = comes_back(&config, Form::Templates);
    let app = &again["stacks"]["Images"]["repositories"]["App"];
    assert_eq!(app["resourcePolicy"], json!([statement]));
}

/// The description of a policy for which the inline policy of a role has no place says the ID of the stack.
#[test]
fn the_id_of_a_stack_by_the_policies_of_a_role() {
    let grants = json!([{ "to": "Runner", "allow": "pullPush" }]);
    let repository = |it: u32| {
        (format!("App{it}"), json!({ "repositoryName": format!("app{it}"), "grants": grants }))
    };
    let repositories: BTreeMap<String, Value> = (10..50).map(repository).collect();
    let config = json!({ "stacks": { "Shop": {
        "stackName": "prod-shop",
        "principals": { "Runner": role() },
        "repositories": repositories,
    } } });
    let again = comes_back(&config, Form::Modules(Layout::Plain));
    assert_eq!(again["stacks"]["Shop"]["stackName"], "prod-shop");
}

/// A template does not tell the path of a construct with other letters than those of a logical ID, and the
/// tag that a grant adds has it.
#[test]
fn the_tag_of_a_role_with_an_unknown_path() {
    let arn = "arn:aws:ecr:eu-west-1:111122223333:repository/app";
    let grants = json!([{ "to": "Run/日本", "allow": "pull" }]);
    let config = json!({ "stacks": { "Shop": {
        "env": { "account": "444455556666", "region": "eu-west-1" },
        "principals": { "Run/日本": role() },
        "repositories": { "App": { "import": { "repositoryArn": arn }, "grants": grants } },
    } } });
    comes_back(&config, Form::Templates);
}

/// The same for a role of another stack, which the policy of a repository names by the tag.
#[test]
fn a_grant_by_the_tag_of_a_role_with_an_unknown_path() {
    let grants = json!([{ "to": "Runners/Run/日本", "allow": "pull" }]);
    let config = |account: Option<&str>| {
        json!({ "stacks": {
            "Images": {
                "env": { "account": account, "region": "us-east-1" },
                "repositories": { "App": { "repositoryName": "app", "grants": grants } },
            },
            "Runners": {
                "env": { "account": "444455556666", "region": "eu-west-1" },
                "principals": { "Run/日本": role() },
            },
        } })
    };
    for form in ALL {
        comes_back(&config(Some("111122223333")), form);
    }
    comes_back(&config(None), Form::Templates);
    // The policy of the repository refers to the account of the role, which it knows to be its own.
    let mut config = config(Some("444455556666"));
    config["stacks"]["Runners"]["env"] = json!({ "region": "eu-west-1" });
    let again = comes_back(&config, Form::Templates);
    let app = &again["stacks"]["Images"]["repositories"]["App"];
    assert!(app["cloudformation"]["properties"]["RepositoryPolicyText"].is_object());
}

/// AWS makes the ARN of an account of its ID, which a module can have in a policy.
#[test]
fn the_id_of_an_account_in_a_module() {
    let policy = json!({ "Version": "2012-10-17", "Statement": [{
        "Effect": "Allow", "Principal": { "AWS": "444455556666" },
        "Action": "ecr:ReplicateImage", "Resource": "*",
    }] });
    let module = json!({ "resource": { "aws_ecr_registry_policy": {
        "registry_policy": { "policy": policy.to_string() },
    } } });
    let files = BTreeMap::from([("Shop/main.tf.json".to_owned(), module)]);
    let adoption = adopted(&files);
    assert_eq!(adoption.not_adopted, [], "{}", adoption.yaml());
    let statements = &adoption.config["stacks"]["Shop"]["registry"]["policy"];
    assert_eq!(statements[0]["principals"], json!([{ "account": "444455556666" }]));
}

/// Which statements are in which policy of a role depends on the place of existing repositories, of which
/// several can have one name.
#[test]
fn existing_repositories_among_more_grants_than_a_policy_has_place_for() {
    let grant = json!({ "to": "Runner", "allow": "pullPush" });
    let repository = |it: u32| {
        let repository = match it % 9 {
            0 => json!({ "import": { "repositoryName": "base" }, "grants": [grant] }),
            5 => {
                let arn = "arn:aws:ecr:us-east-1:444455556666:repository/tools";
                let of = if it < 40 { "pull" } else { "read" };
                json!({ "import": { "repositoryArn": arn }, "grants": [{ "to": "Runner", "allow": of }] })
            }
            _ => json!({ "repositoryName": format!("app{it}"), "grants": [grant] }),
        };
        (format!("App{it}"), repository)
    };
    let repositories: Map<String, Value> = (10..80).map(repository).collect();
    let config = json!({ "stacks": { "Shop": {
        "env": { "account": "444455556666", "region": "eu-west-1" },
        "principals": { "Runner": role() },
        "repositories": repositories,
    } } });
    for form in ALL {
        comes_back(&config, form);
    }
}

fn minimized(stacks: &Value) -> Value {
    let flags = json!({ "@aws-cdk/aws-iam:minimizePolicies": true });
    json!({ "compatibility": { "featureFlags": flags }, "stacks": stacks })
}

/// With `minimizePolicies`, the sizes of merged statements decide which policy has them, and the same existing
/// repository can be in several of them.
#[test]
fn existing_repositories_among_merged_statements_of_several_policies() {
    let arn = "arn:aws:ecr:us-east-1:999900001111:repository/tools";
    let imports = [
        json!({ "repositoryName": "base" }),
        json!({ "repositoryArn": arn }),
        json!({ "repositoryName": "cache" }),
    ];
    let permissions = [
        json!({ "allow": "pull" }),
        json!({ "allow": "push" }),
        json!({ "allow": "pullPush" }),
        json!({ "allow": "read" }),
        json!({ "actions": ["ecr:ListImages"] }),
    ];
    let repository = |it: usize| {
        let mut grant = permissions[it * it % 11 % 5].clone();
        grant["to"] = "Runner".into();
        let mut repository = match it % 8 {
            3 => json!({ "import": imports[it % 3] }),
            _ => json!({ "repositoryName": format!("app{it}") }),
        };
        repository["grants"] = json!([grant]);
        (format!("App{it}"), repository)
    };
    let repositories: Map<String, Value> = (10..110).map(repository).collect();
    let stack = json!({ "principals": { "Runner": role() }, "repositories": repositories });
    for form in ALL {
        comes_back(&minimized(&json!({ "Shop": stack })), form);
    }
}

/// What has no place in a policy comes after an existing repository in it, also if it is not the inline
/// policy.
#[test]
fn an_existing_repository_in_the_last_place_of_a_policy() {
    // After the existing one, a policy has no place for many actions, and still one for a few.
    let permissions = ["pull", "pullPush", "read", "push", "pullPush"];
    for remainder in 0..9 {
        let repository = |it: usize| {
            let is_existing = it % 9 == remainder;
            let allow = permissions[if is_existing { it % 5 } else { it * it % 11 % 5 }];
            let grants = json!([{ "to": "Runner", "allow": allow }]);
            let repository = if is_existing {
                let name = format!("base{}", it % 2);
                json!({ "import": { "repositoryName": name }, "grants": grants })
            } else {
                json!({ "repositoryName": format!("app{it}"), "grants": grants })
            };
            (format!("App{it}"), repository)
        };
        let repositories: Map<String, Value> = (0..120).map(repository).collect();
        let stack = json!({ "principals": { "Runner": role() }, "repositories": repositories });
        comes_back(&json!({ "stacks": { "Shop": stack } }), Form::Templates);
    }
}

/// With `minimizePolicies`, the accounts of several grants are in one statement.
#[test]
fn merged_grants_to_the_functions_of_accounts() {
    let to = |account: &str| json!({ "lambda": { "account": account } });
    let grants = json!([
        { "to": to("111122223333"), "allow": "pull" },
        { "to": to("444455556666"), "allow": "pull" },
        { "to": to("111122223333"), "allow": "pull" },
    ]);
    let repository = json!({ "repositoryName": "app", "grants": grants });
    let config = minimized(&json!({ "Shop": { "repositories": { "App": repository } } }));
    for form in ALL {
        let adoption = adopted(&rendered(&config, form));
        assert_eq!(adoption.not_adopted, [], "{form:?}");
        let app = &adoption.config["stacks"]["Shop"]["repositories"]["App"];
        assert_eq!(app.get("resourcePolicy"), None, "{form:?}");
        // A template has each principal once.
        let count = if form == Form::Templates { 2 } else { 3 };
        assert_eq!(app["grants"].as_array().unwrap().len(), count, "{form:?}");
    }
}

/// Where an existing repository is in the config decides which statements of a role are merged.
#[test]
fn an_existing_repository_before_others() {
    let both =
        json!([{ "to": "Runner", "allow": "pullPush" }, { "to": "Runner", "allow": "push" }]);
    let config = minimized(&json!({ "Shop": {
        "principals": { "Runner": role() },
        "repositories": {
            "Base": {
                "import": { "repositoryName": "base" },
                "grants": [{ "to": "Runner", "allow": "pullPush" }],
            },
            "App": { "repositoryName": "app", "grants": both },
        },
    } }));
    for form in ALL {
        let again = comes_back(&config, form);
        let repositories = again["stacks"]["Shop"]["repositories"].as_object().unwrap();
        let first = repositories.values().next().unwrap();
        assert!(first.get("import").is_some(), "{form:?} {repositories:#?}");
    }
}

/// With partition literals, too, the functions of an account are another principal than the account: the
/// statements of both stay apart.
#[test]
fn a_grant_to_the_functions_of_an_account_beside_one_to_the_account() {
    let account = json!({ "account": "444455556666" });
    let repository = json!({
        "repositoryName": "app",
        "resourcePolicy": [{ "principals": [account], "actions": ["ecr:BatchGetImage"] }],
        "grants": [{ "to": { "lambda": account }, "allow": "pull" }],
    });
    let shop = json!({ "env": { "region": "eu-west-1" }, "repositories": { "App": repository } });
    let flags = json!({ "featureFlags": "recommended" });
    let config = json!({ "compatibility": flags, "stacks": { "Shop": shop } });
    for form in ALL {
        let again = comes_back(&config, form);
        let grants = &again["stacks"]["Shop"]["repositories"]["App"]["grants"];
        assert!(grants.to_string().contains("lambda"), "{form:?} {grants:#?}");
    }
}

/// Of two configs that render to a policy in other words, the one that merges the same statements.
#[test]
fn merged_statements_in_another_order() {
    let (push, read) =
        (json!({ "to": "Runner", "allow": "push" }), json!({ "to": "Runner", "allow": "read" }));
    let other =
        json!({ "to": "Runner", "actions": ["ecr:GetDownloadUrlForLayer", "ecr:UploadLayerPart"] });
    let list = json!({ "to": "Runner", "actions": ["ecr:ListImages"] });
    let repository =
        |name: &str, grants: &[&Value]| json!({ "repositoryName": name, "grants": grants });
    let config = minimized(&json!({ "Shop": {
        "principals": { "Runner": role() },
        "repositories": {
            "Web": repository("web", &[&push, &list]),
            "App": repository("app", &[&read]),
            "Api": repository("api", &[&other, &read]),
        },
    } }));
    let files = rendered(&config, Form::Templates);
    let again = rendered(&adopted(&files).config, Form::Templates);
    let path = "Shop.template.json";
    assert_eq!(statements(&again[path]), statements(&files[path]));
}

/// Before a statement that no grant writes, too.
#[test]
fn a_grant_by_a_tag_before_merged_statements() {
    let grants = json!([
        { "to": "Runners/Runner", "allow": "pull" },
        { "to": [{ "any": true }, { "canonicalUser": "79a59d" }], "allow": "read" },
    ]);
    let config = minimized(&json!({
        "Images": {
            "env": { "account": "111122223333", "region": "eu-west-1" },
            "repositories": {
                "App": { "repositoryName": "app", "grants": grants },
                "Api": { "repositoryName": "api", "grants": [grants[0]] },
            },
        },
        "Runners": {
            "env": { "account": "444455556666", "region": "eu-west-1" },
            "principals": { "Runner": role() },
        },
    }));
    for form in [Form::Templates, Form::Modules(Layout::Cdktf)] {
        let adoption = adopted(&rendered(&config, form));
        assert_eq!(adoption.not_adopted, [], "{form:?}");
        let app = &adoption.config["stacks"]["Images"]["repositories"]["App"];
        assert!(!app["resourcePolicy"].to_string().contains("aws-cdk:id"), "{form:?} {app:#?}");
        assert_eq!(app["grants"][0]["to"], "Runners/Runner", "{form:?} {app:#?}");
    }
}

/// The statements of the policies of identities in a template.
fn statements(template: &Value) -> Vec<String> {
    let policies = template["Resources"].as_object().unwrap().values();
    let policies =
        policies.filter_map(|it| it["Properties"]["PolicyDocument"]["Statement"].as_array());
    let mut all: Vec<String> = policies.flatten().map(ToString::to_string).collect();
    all.sort();
    all
}

/// An ARN of Amazon ECR is that of a repository, also where nothing else tells that a program wrote it.
#[test]
fn the_arn_of_an_existing_repository() {
    let arn = "arn:aws:ecr:us-east-1:111122223333:repository/base";
    let config = json!({ "stacks": { "Shop": {
        "repositories": { "Base": { "import": { "repositoryArn": arn } } },
        "outputs": { "BaseArn": { "repository": "Base", "attribute": "repositoryArn" } },
    } } });
    for form in ALL {
        let again = comes_back(&config, form);
        assert_eq!(again["stacks"]["Shop"]["outputs"].as_object().unwrap().len(), 1, "{form:?}");
    }
}

/// A role of another stack has the permission, and the ARN has the account and region of the stack with the
/// existing repository.
#[test]
fn an_existing_repository_of_another_stack() {
    let grants = json!([{ "to": "Users/Bot", "allow": "push" }]);
    let import = json!({ "repositoryName": "base" });
    let config = json!({ "stacks": {
        "Users": { "principals": { "Bot": { "user": { "userName": "bot" } } } },
        "Images": {
            "env": { "account": "111122223333", "region": "cn-north-1" },
            "repositories": { "Base": { "import": import, "grants": grants } },
            "outputs": { "Name": { "repository": "Base", "attribute": "repositoryName" } },
        },
    } });
    for form in [Form::Templates, Form::Modules(Layout::Cdktf)] {
        let again = comes_back(&config, form);
        assert_eq!(again["stacks"]["Images"]["repositories"]["Base"]["import"], import, "{form:?}");
    }
}

/// The repositories of shards have the key of one of them.
#[test]
fn a_key_of_another_stack() {
    let repositories: BTreeMap<String, Value> =
        (0..4).map(|it| (format!("App{it}"), json!({ "encryptionKey": "Images" }))).collect();
    let config = json!({ "stacks": { "Shop": {
        "shards": 2, "keys": { "Images": {} }, "repositories": repositories,
    } } });
    for form in ALL {
        let again = comes_back(&config, form);
        let of_first = again["stacks"]["Shop1"]["repositories"].as_object().unwrap();
        assert!(of_first.values().all(|it| it["encryptionKey"] == "Shop2/Images"), "{form:?}");
    }
}

/// Nothing but its ID tells an existing key.
#[test]
fn an_output_with_the_id_of_an_existing_key() {
    let arn = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";
    let output = json!({ "key": "Images", "attribute": "keyId" });
    let config = |repositories: Value| {
        json!({ "stacks": {
            "Shop": {
                "keys": { "Images": { "keyArn": arn } },
                "repositories": { "App": { "repositoryName": "app" } },
                "outputs": { "Id": output },
            },
            "Vault": { "repositories": repositories },
        } })
    };
    for form in ALL {
        let again = comes_back(&config(json!({})), form);
        assert_eq!(again["stacks"]["Shop"]["outputs"]["Id"]["attribute"], "keyId", "{form:?}");
        // A repository of another stack has its ARN.
        let again =
            comes_back(&config(json!({ "App": { "encryptionKey": { "keyArn": arn } } })), form);
        assert_eq!(again["stacks"]["Shop"]["keys"]["ExistingKey"]["keyArn"], arn, "{form:?}");
    }
}

/// An output for another stack, which does not read it, is listed.
#[test]
fn an_output_that_no_stack_reads() {
    fn without_keys(value: &mut Value) {
        match value {
            Value::Object(entries) => {
                entries.remove("EncryptionConfiguration");
                entries.remove("encryption_configuration");
                entries.values_mut().for_each(without_keys);
            }
            Value::Array(items) => items.iter_mut().for_each(without_keys),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }
    let repositories = json!({ "App": { "encryptionKey": "Keys/Images" } });
    let config = json!({ "stacks": {
        "Keys": { "keys": { "Images": {} } },
        "Shop": { "repositories": repositories },
    } });
    for form in ALL {
        let mut files = rendered(&config, form);
        files.values_mut().for_each(without_keys);
        let adoption = adopted(&files);
        let listed: Vec<String> = adoption.not_adopted.iter().map(ToString::to_string).collect();
        let output = if form == Form::Templates { "`Outputs." } else { "`output.cross" };
        assert!(listed.iter().any(|it| it.starts_with(output)), "{form:?} {listed:#?}");
    }
}
