//! `ecrane diff` as its users run it.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::case::{Case, run};

fn diff(case: &Case, args: &[&str]) -> Value {
    let ran = case.run(&[&["diff", "--format", "json"], args].concat());
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    serde_json::from_str(&ran.stdout).unwrap()
}

/// The changes by stack and address, as the vectors have them.
fn by_address(found: &Value) -> Value {
    let mut stacks: BTreeMap<&str, BTreeMap<&str, Value>> = BTreeMap::new();
    for change in found["changes"].as_array().unwrap() {
        let impact = match change["change"].as_str().unwrap() {
            "add" => "WILL_CREATE",
            "update" => "WILL_UPDATE",
            "remove" => "WILL_DESTROY",
            "orphan" => "WILL_ORPHAN",
            "replace" => "WILL_REPLACE",
            "mayReplace" => "MAY_REPLACE",
            other => other,
        };
        let what = json!({
            "type": change["type"], "impact": impact, "properties": change["properties"]
        });
        let stack = stacks.entry(change["stack"].as_str().unwrap()).or_default();
        stack.insert(change["address"].as_str().unwrap(), what);
    }
    json!(stacks)
}

/// Each case against the directory that `synth` writes, against what `synth --stdout` prints, and
/// against the earlier config.
#[test]
fn finds_what_the_cdks_differ_finds() {
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("../ecrane-diff/tests/cases.json");
    let cases: Vec<Value> = serde_json::from_slice(&fs::read(cases).unwrap()).unwrap();
    assert!(!cases.is_empty());
    let mut wrong = Vec::new();
    for it in &cases {
        let case = Case::new();
        case.write("before.json", it["before"].to_string());
        case.write("after.json", it["after"].to_string());
        let synth = ["synth", "before.json", "--backend", "cfn"];
        assert_eq!(case.run(&[&synth[..], &["--out", "out"]].concat()).code, Some(0));
        let printed = case.run(&[&synth[..], &["--stdout"]].concat());
        case.write("printed.json", printed.stdout);
        for against in ["out", "printed.json", "before.json"] {
            let found = by_address(&diff(&case, &["after.json", "--against", against]));
            if found != it["changes"] {
                wrong.push(format!(
                    "{} against {against}: {found}, not {}",
                    it["name"], it["changes"]
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

const BEFORE: &str = "\
stacks:
  Registry:
    repositories:
      App: { repositoryName: shop/app, lifecycleRules: [{ maxImageCount: 10 }] }
      Web: { repositoryName: shop/web, removalPolicy: destroy, emptyOnDelete: true }
      Old: { repositoryName: shop/old }
      Scan: { repositoryName: shop/scan, removalPolicy: destroy }
";

const AFTER: &str = "\
stacks:
  Registry:
    repositories:
      App: { repositoryName: shop/main, lifecycleRules: [{ maxImageCount: 5 }] }
      Base: { repositoryName: shop/base }
      Scan: { repositoryName: shop/scan, removalPolicy: destroy, encryption: KMS }
";

fn changed() -> Case {
    let case = Case::with(AFTER);
    case.write("before.yaml", BEFORE);
    case
}

fn synth(case: &Case, args: &[&str]) {
    let ran = case.run(&[&["synth", "before.yaml"], args].concat());
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
}

/// The action, address and properties of each change; logical ids without their hash.
fn changes(found: &Value) -> Vec<String> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let change = |it: &Value| {
        let properties: Vec<_> = it["properties"].as_array().unwrap().iter().map(text).collect();
        let mut address = text(&it["address"]);
        if !address.contains('.') {
            address.truncate(address.len() - 8);
        }
        let stake = if it["imagesAtStake"] == true { "!" } else { "" };
        let line = format!("{}{stake} {address} {}", text(&it["change"]), properties.join(","));
        line.trim_end().to_owned()
    };
    found["changes"].as_array().unwrap().iter().map(change).collect()
}

const TEMPLATES: [&str; 5] = [
    "replace! App LifecyclePolicy,RepositoryName",
    "add Base",
    "orphan Old",
    "replace! Scan EncryptionConfiguration",
    "remove! Web",
];

const MODULES: [&str; 6] = [
    "replace aws_ecr_lifecycle_policy.app policy,repository",
    "replace! aws_ecr_repository.app name",
    "add aws_ecr_repository.base",
    "orphan aws_ecr_repository.old",
    "replace! aws_ecr_repository.scan encryption_configuration",
    "remove! aws_ecr_repository.web",
];

#[test]
fn reads_templates_in_every_form() {
    let case = changed();
    synth(&case, &["--backend", "cfn", "--out", "plain"]);
    synth(&case, &["--layout", "cdk", "--out", "cdk"]);
    let template = case.json("plain/Registry.template.json");
    let stages = json!(["Original", "Processed"]);
    let deployed = json!({ "TemplateBody": template, "StagesAvailable": stages });
    case.write("object.json", deployed.to_string());
    case.write("text.json", json!({ "TemplateBody": template.to_string() }).to_string());
    for against in
        ["plain", "cdk", "plain/Registry.template.json", "object.json", "text.json", "before.yaml"]
    {
        assert_eq!(changes(&diff(&case, &["--against", against])), TEMPLATES, "{against}");
    }
    let mut stdin = case.ecrane();
    stdin.args(["diff", "--against", "-", "--format", "json"]);
    stdin.stdin(fs::File::open(case.path("object.json")).unwrap());
    let found: Value = serde_json::from_str(&run(&mut stdin).stdout).unwrap();
    assert_eq!(changes(&found), TEMPLATES);
}

#[test]
fn reads_modules_in_every_layout() {
    let case = changed();
    synth(&case, &["--backend", "tf", "--out", "plain"]);
    fs::remove_file(case.path("before.addresses.json")).unwrap();
    synth(&case, &["--layout", "cdktf", "--out", "cdktf"]);
    for against in ["plain", "plain/Registry", "plain/Registry/main.tf.json"] {
        assert_eq!(changes(&diff(&case, &["--against", against])), MODULES, "{against}");
    }
    assert_eq!(changes(&diff(&case, &["--against", "before.yaml", "--backend", "tf"])), MODULES);
    let found = diff(&case, &["--against", "cdktf"]);
    assert_eq!(found["changes"].as_array().unwrap().len(), MODULES.len(), "{found}");
    assert!(changes(&found).contains(&"orphan aws_ecr_repository.Old_F7E39C65".to_owned()));
}

/// A state has attributes that no argument gives, blocks as lists, and everything resolved.
#[test]
fn reads_states_and_plans() {
    let case = changed();
    let repository = |name: &str| {
        json!({
            "arn": format!("arn:aws:ecr:eu-west-1:111122223333:repository/{name}"),
            "encryption_configuration": [{ "encryption_type": "AES256", "kms_key": "" }],
            "force_delete": name == "shop/web",
            "id": name,
            "image_scanning_configuration": [{ "scan_on_push": false }],
            "image_tag_mutability": "MUTABLE",
            "name": name,
            "registry_id": "111122223333",
            "tags": null,
            "tags_all": {},
        })
    };
    let rules = json!({ "rules": [{
        "rulePriority": 1,
        "selection": { "tagStatus": "any", "countType": "imageCountMoreThan", "countNumber": 10 },
        "action": { "type": "expire" }
    }] });
    let policy = json!({ "id": "shop/app", "repository": "shop/app", "policy": rules.to_string() });
    let resources: Vec<_> = [
        ("aws_ecr_repository", "app", repository("shop/app")),
        ("aws_ecr_repository", "web", repository("shop/web")),
        ("aws_ecr_repository", "old", repository("shop/old")),
        ("aws_ecr_repository", "scan", repository("shop/scan")),
        ("aws_ecr_lifecycle_policy", "app", policy),
    ]
    .into();
    let shown: Vec<_> = resources
        .iter()
        .map(|(kind, name, values)| {
            json!({ "mode": "managed", "type": kind, "name": name, "values": values })
        })
        .collect();
    let root = json!({ "root_module": { "resources": shown } });
    let state = json!({ "format_version": "1.0", "terraform_version": "1.11.4", "values": root });
    let plan = json!({ "format_version": "1.2", "planned_values": {}, "prior_state": state });
    let instances: Vec<_> = resources
        .iter()
        .map(|(kind, name, values)| {
            let instances = json!([{ "attributes": values }]);
            json!({ "mode": "managed", "type": kind, "name": name, "instances": instances })
        })
        .collect();
    let file = json!({
        "version": 4, "terraform_version": "1.11.4", "lineage": "a", "serial": 1,
        "outputs": {}, "resources": instances
    });
    for (name, document) in [("state.json", &state), ("plan.json", &plan), ("pulled.json", &file)] {
        case.write(name, document.to_string());
        assert_eq!(changes(&diff(&case, &["--against", name])), MODULES, "{name}");
        // What is deployed already is no change.
        let none = diff(&case, &["before.yaml", "--against", name]);
        assert_eq!(changes(&none), [""; 0], "{name}");
    }
}

/// Instances of `count` and `for_each`, and what is in a module, as Terraform plans them.
#[test]
fn instances_in_states() {
    let repository = |name: &str| {
        json!({
            "arn": format!("arn:aws:ecr:eu-west-1:111122223333:repository/{name}"),
            "name": name,
            "image_tag_mutability": "MUTABLE",
            "tags_all": {},
        })
    };
    let resource = |module: Option<&str>, name: &str, keys: Value| {
        let instances: Vec<_> = keys
            .as_array()
            .unwrap()
            .iter()
            .map(|it| json!({ "index_key": it[0], "attributes": repository(it[1].as_str().unwrap()) }))
            .collect();
        let mut found = json!({
            "mode": "managed", "type": "aws_ecr_repository", "name": name, "instances": instances,
        });
        if let Some(module) = module {
            found["module"] = module.into();
        }
        found
    };
    let case = Case::with(
        "stacks:\n  Shop:\n    env: { account: \"111122223333\", region: eu-west-1 }\n    \
         repositories:\n      App: { repositoryName: shop/app }\n",
    );
    let write = |resources: &[Value]| {
        let state = json!({
            "version": 4, "terraform_version": "1.11.4", "lineage": "a", "serial": 1,
            "outputs": {}, "resources": resources,
        });
        case.write("state.json", state.to_string());
    };
    write(&[
        resource(None, "app", json!([[0, "shop/app"]])),
        resource(None, "old", json!([["a.b", "shop/a"], ["c]", "shop/c"]])),
        resource(Some("module.ecr[0]"), "this", json!([["web", "shop/web"]])),
    ]);
    let found = changes(&diff(&case, &["--against", "state.json"]));
    assert_eq!(
        found,
        [
            "orphan aws_ecr_repository.old[\"a.b\"]",
            "orphan aws_ecr_repository.old[\"c]\"]",
            "orphan module.ecr[0].aws_ecr_repository.this[\"web\"]",
        ]
    );
    // Another module has the repository: it moves.
    for (module, key) in [("module.ecr", json!(0)), ("module.ecr[\"x\"]", json!("web"))] {
        write(&[resource(Some(module), "this", json!([[key, "shop/app"]]))]);
        assert_eq!(changes(&diff(&case, &["--against", "state.json"])), [""; 0], "{module}");
    }
    // Terraform cannot forget one instance of several.
    write(&[resource(None, "app", json!([[0, "shop/app"], [1, "shop/app-1"]]))]);
    let ran = case.run(&["diff", "--against", "state.json"]);
    assert_eq!(ran.code, Some(1));
    assert!(ran.stderr.starts_with("error[terraform::instance_left]"), "{}", ran.stderr);
    assert!(ran.stdout.contains("- remove     aws_ecr_repository  aws_ecr_repository.app[1]\n"));
}

#[test]
fn nothing_changes_between_equal_outputs() {
    let case = changed();
    for args in [&["--backend", "cfn"][..], &["--backend", "tf"], &["--layout", "cdktf"]] {
        let out = format!("out{}", args.concat());
        synth(&case, &[args, &["--out", &out]].concat());
        let ran = case.run(&["diff", "before.yaml", "--against", &out, "--fail-on", "any"]);
        assert_eq!((ran.code, ran.stdout.as_str()), (Some(0), "no changes\n"), "{}", ran.stderr);
    }
}

#[test]
fn fails_on_what_is_asked() {
    let case = changed();
    let code = |fail_on: &[&str]| {
        let args = fail_on.iter().flat_map(|it| ["--fail-on", it]);
        let args: Vec<_> = ["diff", "--against", "before.yaml"].into_iter().chain(args).collect();
        let ran = case.run(&args);
        assert!(ran.stdout.contains("2 to replace, 1 to remove, 1 to orphan, 1 to add\n"));
        ran
    };
    assert_eq!(code(&[]).code, Some(0));
    let ran = code(&["replace", "remove"]);
    assert_eq!(ran.code, Some(1));
    assert!(ran.stderr.contains("error[diff::replaces]: 2 changes match `--fail-on replace`"));
    assert!(ran.stderr.contains("error[diff::removes]: 1 change matches `--fail-on remove`"));
    assert_eq!(code(&["any"]).code, Some(1));
}

#[test]
fn says_what_becomes_of_images() {
    let ran = changed().run(&["diff", "--against", "before.yaml"]);
    for sentence in [
        "replaces `shop/app`: its images do not move; the old repository stays in the account, outside the stack",
        "replaces `shop/scan`: its images do not move; CloudFormation refuses to replace a repository that keeps its name",
        "deletes `shop/web` and all of its images",
        "`shop/old` leaves the stack; it stays in the account with its images",
    ] {
        assert!(ran.stdout.contains(sentence), "{}", ran.stdout);
    }
    let ran = changed().run(&["diff", "--against", "before.yaml", "--backend", "tf"]);
    assert!(ran.stdout.contains("`prevent_destroy` stops the plan"), "{}", ran.stdout);
}

#[test]
fn markdown_begins_with_what_can_be_lost() {
    let ran = changed().run(&["diff", "--against", "before.yaml", "--format", "markdown"]);
    let lines: Vec<&str> = ran.stdout.lines().take(6).collect();
    assert_eq!(lines[0], "### ecrane: 2 to replace, 1 to remove, 1 to orphan, 1 to add");
    assert_eq!(lines[2], "> [!CAUTION]");
    assert!(lines[3].starts_with("> - replaces `shop/app`: its images do not move"), "{lines:?}");
    assert!(ran.stdout.contains("\n#### Resources of `Registry`\n\n| change |"), "{}", ran.stdout);
    // Who gains access stands before the tables, and long tables are folded.
    let case = Case::with(GRANTED);
    let many = (0..30).map(|it| format!("      R{it}: {{ repositoryName: shop/r{it} }}\n"));
    let many = UNGRANTED
        .replace("    principals:", &format!("{}    principals:", many.collect::<String>()));
    case.write("before.yaml", many);
    let ran = case.run(&["diff", "--against", "before.yaml", "--format", "markdown"]);
    let at = |part: &str| ran.stdout.find(part).unwrap_or_else(|| panic!("{part}: {}", ran.stdout));
    assert!(at("; access: 9 wider, 1 narrower\n") < at("\n#### Access\n\nWider:\n\n- "));
    assert!(at("\nNarrower:\n\n- ") < at("\n<details><summary>34 changes</summary>\n\n| change |"));
    assert!(ran.stdout.ends_with("\n</details>\n"), "{}", ran.stdout);
}

/// GitHub takes comments of up to 65,536 characters.
#[test]
fn a_long_comment_is_cut_at_its_end() {
    let repository = |number: usize| {
        format!("      Repository{number}: {{ repositoryName: shop/service-{number} }}\n")
    };
    let config = |count: usize| {
        let repositories: String = (0..count).map(repository).collect();
        format!("stacks:\n  Shop:\n    shards: 4\n    repositories:\n{repositories}")
    };
    let case = Case::with(&config(1_200));
    case.write("before.yaml", "stacks: {}\n");
    let comment = |case: &Case| {
        let ran = case.run(&["diff", "--against", "before.yaml", "--format", "markdown"]);
        assert_eq!(ran.code, Some(0), "{}", ran.stderr);
        ran.stdout
    };
    let long = comment(&case);
    assert!(long.chars().count() <= 65_536 && long.len() > 60_000, "{}", long.len());
    assert!(long.starts_with("### ecrane: 1200 to add\n"), "{}", long.lines().next().unwrap());
    let folds = |mark: &str| long.matches(mark).count();
    assert_eq!(folds("<details>"), folds("</details>"));
    assert!(long.trim_end().ends_with("`ecrane diff` shows all of it."), "{long}");
    case.write("ecrane.yaml", config(20));
    assert!(!comment(&case).contains("left out"));
}

/// A name from a deployed template is no command of the terminal, and no Markdown.
#[test]
fn hostile_names_are_escaped() {
    let case = Case::with("stacks: { Registry: { repositories: {} } }");
    let name = "\u{1b}[31m`|<script>\u{202e}";
    let repository =
        json!({ "Type": "AWS::ECR::Repository", "Properties": { "RepositoryName": name } });
    let statement = json!({ "Effect": "Allow", "Principal": { "AWS": name }, "Action": "ecr:*", "NotAction": name });
    let policy = json!({ "Statement": [statement, { "Effect": "Allow", "Principal": { "AWS": name }, "Action": "ecr:*", "Condition": { "StringEquals": { name: name } } }] });
    let (repository, mut granted) = (repository.clone(), repository);
    granted["Properties"]["RepositoryPolicyText"] = policy;
    case.write("granted.json", json!({ "Resources": { name: granted } }).to_string());
    case.write("old.json", json!({ "Resources": { name: repository } }).to_string());
    for (format, against) in [
        ("human", "old.json"),
        ("markdown", "old.json"),
        ("human", "granted.json"),
        ("markdown", "granted.json"),
    ] {
        let ran = case.run(&["diff", "--against", against, "--format", format]);
        assert_eq!(ran.code, Some(0), "{}", ran.stderr);
        assert!(!ran.stdout.contains(['\u{1b}', '\u{202e}']), "{}", ran.stdout);
        assert!(format == "human" || !ran.stdout.contains("`|"), "{}", ran.stdout);
    }
}

#[test]
fn a_single_document_finds_its_stack() {
    let stack = |name: &str| format!("  {name}: {{ repositories: {{ {name}: {{}} }} }}\n");
    let config = format!("stacks:\n{}{}", stack("One"), stack("Two"));
    let case = Case::with(&config);
    assert_eq!(case.run(&["synth", "--backend", "cfn", "--out", "out"]).code, Some(0));
    let two = case.read("out/Two.template.json");
    // By its content.
    case.write("deployed.json", &two);
    assert_eq!(changes(&diff(&case, &["--against", "deployed.json"])), [""; 0]);
    // By its name, and by the option.
    case.write("Two.template.json", r#"{ "Resources": {} }"#);
    let found = diff(&case, &["--against", "Two.template.json"]);
    assert_eq!(found["changes"][0]["stack"], "Two");
    let found = diff(&case, &["--against", "Two.template.json", "--stack", "One"]);
    assert_eq!(found["changes"][0]["stack"], "One");
    // Not at all.
    case.write("empty.json", r#"{ "Resources": {} }"#);
    let ran = case.run(&["diff", "--against", "empty.json"]);
    assert_eq!(ran.code, Some(2));
    assert!(ran.stderr.contains("error[diff::stack_unknown]"), "{}", ran.stderr);
}

#[test]
fn refuses_what_it_cannot_compare() {
    let case = changed();
    case.write("text.json", "{ \"Resources\": {");
    case.write("other.json", r#"{ "a": 1 }"#);
    case.write("body.json", r#"{ "TemplateBody": "Resources: [" }"#);
    case.write("broken.json", r#"{ "Resources": { "A": { "Properties": {} } } }"#);
    case.write("twice.json", r#"{ "Resources": {}, "Resources": {} }"#);
    case.write("state.json", r#"{ "version": 3, "terraform_version": "0.11", "lineage": "a" }"#);
    fs::create_dir(case.path("empty")).unwrap();
    for (against, code, exit) in [
        ("text.json", "diff::not_json", 1),
        ("other.json", "diff::unknown_document", 1),
        ("body.json", "diff::not_json", 1),
        ("twice.json", "diff::duplicate_key", 1),
        ("broken.json", "diff::malformed_document", 1),
        ("state.json", "diff::state_version_unknown", 1),
        ("empty", "diff::no_output", 1),
        ("missing.json", "diff::unreadable", 3),
    ] {
        let ran = case.run(&["diff", "--against", against]);
        assert_eq!((ran.code, ran.stdout.as_str()), (Some(exit), ""), "{against}");
        assert!(ran.stderr.contains(&format!("error[{code}]")), "{against}: {}", ran.stderr);
    }
}

#[test]
fn lifecycle_changes_are_in_words_and_show_the_images() {
    let config = |count: u32| {
        format!(
            "stacks:\n  Registry:\n    repositories:\n      \
             App: {{ repositoryName: shop/app, lifecycleRules: [{{ maxImageCount: {count} }}] }}\n"
        )
    };
    let case = Case::with(&config(1));
    case.write("before.yaml", config(2));
    let image = |digit: &str, day: u32| {
        json!({
            "repositoryName": "shop/app",
            "imageDigest": format!("sha256:{}", digit.repeat(64)),
            "imageTags": [format!("v{digit}")],
            "imagePushedAt": format!("2026-01-0{day}T00:00:00Z"),
        })
    };
    let listing = json!({ "imageDetails": [image("1", 1), image("2", 2), image("3", 3)] });
    case.write("images.json", listing.to_string());
    case.write("images/shop/app.json", listing.to_string());
    // Against every form of what is deployed.
    synth(&case, &["--backend", "cfn", "--out", "cfn"]);
    let template = case.read("cfn/Registry.template.json");
    case.write("deployed.json", json!({ "TemplateBody": template }).to_string());
    synth(&case, &["--backend", "tf", "--out", "tf"]);
    fs::remove_file(case.path("before.addresses.json")).unwrap();
    synth(&case, &["--layout", "cdktf", "--out", "cdktf"]);
    let module = case.json("tf/Registry/main.tf.json");
    let policy = &module["resource"]["aws_ecr_lifecycle_policy"]["app"]["policy"];
    let resource = |kind: &str, values: Value| json!({ "mode": "managed", "type": kind, "name": "app", "values": values });
    let resources = json!([
        resource("aws_ecr_repository", json!({ "name": "shop/app" })),
        resource("aws_ecr_lifecycle_policy", json!({ "repository": "shop/app", "policy": policy })),
    ]);
    let state =
        json!({ "format_version": "1.0", "values": { "root_module": { "resources": resources } } });
    case.write("state.json", state.to_string());
    for (against, images) in [
        ("before.yaml", "images.json"),
        ("cfn", "images.json"),
        ("deployed.json", "images"),
        ("tf", "images.json"),
        ("tf", "images"),
        ("cdktf", "images.json"),
        ("state.json", "images.json"),
    ] {
        let found = diff(&case, &["--against", against, "--images", images]);
        let change = &found["lifecycle"][0];
        assert_eq!(change["repository"], "shop/app", "{against}");
        let sentence = |key: &str| change[key][0].as_str().unwrap().to_owned();
        assert!(sentence("noLonger").contains("keeps the newest 2"), "{against}: {change}");
        assert!(sentence("now").contains("keeps the newest of all images"), "{against}: {change}");
        // The oldest goes under both.
        assert_eq!(change["images"].as_array().unwrap().len(), 1, "{against}: {change}");
        assert_eq!(change["images"][0]["imageTags"], json!(["v2"]));
    }
    let ran = case.run(&["diff", "--against", "before.yaml", "--images", "images.json"]);
    assert!(ran.stdout.contains("Lifecycle rules of `shop/app`\n  - Rule 1"), "{}", ran.stdout);
    assert!(ran.stdout.contains("\n    v2: "), "{}", ran.stdout);
    // The images of another repository are not looked at in silence.
    case.write("other.json", listing.to_string().replace("shop/app", "shop/other"));
    let ran = case.run(&["diff", "--against", "before.yaml", "--images", "other.json"]);
    let said = "The lifecycle rules of `shop/other` do not change.";
    assert!(ran.stdout.contains(said), "{}", ran.stdout);
    // AWS generates the name.
    let unnamed = |count| config(count).replace("repositoryName: shop/app, ", "");
    case.write("ecrane.yaml", unnamed(1));
    case.write("before.yaml", unnamed(2));
    let found = diff(&case, &["--against", "before.yaml", "--images", "other.json"]);
    assert_eq!(found["lifecycle"][0]["images"].as_array().unwrap().len(), 1, "{found}");
}

/// The access engine evaluates the policies of repositories that exist.
#[test]
fn policies_that_are_not_evaluated_are_named() {
    let config = |grants: &str, policy: &str| {
        format!(
            "stacks:\n  Registry:\n    env: {{ region: us-east-1 }}\n    publicRepositories:\n      \
             Gallery: {{ repositoryName: gallery{grants} }}\n    registry:\n      \
             creationTemplates:\n        Cache: {{ prefix: cache, appliedFor: [REPLICATION]{policy} }}\n"
        )
    };
    let statement = "[{ principals: [{ any: true }], actions: [\"ecr-public:DescribeImages\"] }]";
    let policy = "[{ principals: [{ any: true }], actions: [\"ecr:ListImages\"] }]";
    let case = Case::with(&config(
        &format!(", resourcePolicy: {{ statements: {statement} }}"),
        &format!(", resourcePolicy: {{ statements: {policy} }}"),
    ));
    case.write("before.yaml", config("", ""));
    for backend in ["cfn", "tf"] {
        let args = ["--against", "before.yaml", "--backend", backend];
        let found = diff(&case, &args);
        let said: Vec<_> = found["accessUnknown"].as_array().unwrap().iter().collect();
        let has =
            |about: &str| said.iter().any(|it| it["sentence"].as_str().unwrap().ends_with(about));
        assert!(has("it is the policy of repositories that are created later"), "{found}");
        assert_eq!(said.len(), 1, "{found}");
        let gained = &found["access"][0]["sentence"];
        let may = "everyone may now use ecr-public:DescribeImages on `gallery`";
        assert!(gained.as_str().unwrap().starts_with(may), "{found}");
    }
}

/// Everybody may pull from a public repository.
#[test]
fn a_new_public_repository_is_wider_access() {
    let config = |public: &str| {
        format!(
            "stacks:\n  Gallery:\n    env: {{ region: us-east-1 }}\n    principals:\n      \
             Ci: {{ role: {{ roleName: ci, assumedBy: {{ service: codebuild.amazonaws.com }} }} }}\n{public}"
        )
    };
    let case =
        Case::with(&config("    publicRepositories:\n      Tool: { repositoryName: tool }\n"));
    case.write("before.yaml", config(""));
    for backend in ["cfn", "tf"] {
        let found = diff(&case, &["--against", "before.yaml", "--backend", backend]);
        let access = found["access"].as_array().unwrap();
        assert_eq!(access.len(), 1, "{found}");
        assert_eq!(access[0]["sentence"], "everyone may now pull from `tool`");
        assert_eq!(access[0]["wider"], true);
    }
}

#[test]
fn says_who_gains_access() {
    let config = |grants: &str| {
        format!(
            "stacks:\n  Registry:\n    repositories:\n      \
             App: {{ repositoryName: shop/app, grants: [{grants}] }}\n"
        )
    };
    let push = "{ to: { organization: o-abcde12345 }, allow: pullPush }";
    let case = Case::with(&config(push));
    case.write("before.yaml", config(""));
    let ran = case.run(&["diff", "--against", "before.yaml", "--fail-on", "wider"]);
    assert_eq!(ran.code, Some(1));
    assert!(ran.stderr.contains("error[diff::widens]"), "{}", ran.stderr);
    assert!(ran.stdout.contains("o-abcde12345 may now push to `shop/app`"), "{}", ran.stdout);
    let back = ["diff", "before.yaml", "--against", "ecrane.yaml", "--fail-on", "wider"];
    let ran = case.run(&back);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    assert!(ran.stdout.contains("may no longer push to `shop/app`"), "{}", ran.stdout);
}

const GRANTED: &str = "\
stacks:
  Registry:
    env: { account: \"111122223333\", region: eu-west-1 }
    repositories:
      App:
        repositoryName: shop/app
        grants:
          - { to: { organization: o-abcde12345 }, allow: pull }
          - { to: Ci, allow: push }
          - { to: Ci, actions: [\"ecr:DeleteRepository\", \"ecr:StartImageScan\"] }
    principals:
      Ci:
        role: { roleName: ci, assumedBy: { service: codebuild.amazonaws.com } }
    registry:
      policy:
        statements:
          - { principals: [{ account: \"444455556666\" }], actions: [\"ecr:ReplicateImage\"], resources: [\"*\"] }
";
const UNGRANTED: &str = "\
stacks:
  Registry:
    env: { account: \"111122223333\", region: eu-west-1 }
    repositories:
      App: { repositoryName: shop/app }
    principals:
      Ci:
        role: { roleName: ci, assumedBy: { service: ec2.amazonaws.com } }
";

fn sentences(found: &Value) -> Vec<String> {
    let text = |it: &Value| it["sentence"].as_str().unwrap().to_owned();
    let mut all: Vec<String> = found["access"].as_array().unwrap().iter().map(text).collect();
    all.sort();
    all
}

/// The same is said against every form of what is deployed.
#[test]
fn says_who_gains_access_against_every_form() {
    let case = Case::with(GRANTED);
    case.write("before.yaml", UNGRANTED);
    synth(&case, &["--backend", "cfn", "--out", "cfn"]);
    synth(&case, &["--layout", "cdk", "--out", "cdk"]);
    synth(&case, &["--backend", "tf", "--out", "tf"]);
    fs::remove_file(case.path("before.addresses.json")).unwrap();
    synth(&case, &["--layout", "cdktf", "--out", "cdktf"]);
    let template = case.json("cfn/Registry.template.json");
    case.write("deployed.json", json!({ "TemplateBody": template }).to_string());
    let ci = "arn:aws:iam::111122223333:role/ci";
    let expected = [
        "account 444455556666 may now pull from `shop/app`, if account 444455556666 allows it too and the caller is in organization o-abcde12345".to_owned(),
        "account 444455556666 may now use ecr:ReplicateImage on `shop/app`, if account 444455556666 allows it too".to_owned(),
        format!("{ci} may now administer `shop/app` by ecr:DeleteRepository"),
        format!("{ci} may now log in"),
        format!("{ci} may now pull from `shop/app`, if the caller is in organization o-abcde12345"),
        format!("{ci} may now push to `shop/app`"),
        format!("{ci} may now use ecr:StartImageScan on `shop/app`"),
        "organization o-abcde12345 may now pull from `shop/app`, if the caller's own account allows it too".to_owned(),
        format!("service codebuild.amazonaws.com may now become {ci}"),
        format!("service ec2.amazonaws.com may no longer become {ci}"),
    ];
    for against in ["before.yaml", "cfn", "cdk", "tf", "cdktf", "deployed.json"] {
        let found = diff(&case, &["--against", against]);
        assert_eq!(sentences(&found), expected, "{against}");
        assert_eq!(found["accessUnknown"], json!([]), "{against}");
        let args = ["diff", "--against", against, "--fail-on", "wider"];
        let ran = case.run(&args);
        assert_eq!(ran.code, Some(1), "{against}: {}", ran.stderr);
        assert!(ran.stderr.contains("error[diff::widens]: 9 changes match"), "{}", ran.stderr);
    }
}

/// A state has other names for what the module refers to, and says the account and the Region.
#[test]
fn access_is_compared_with_a_state() {
    let without =
        GRANTED.replace("    env: { account: \"111122223333\", region: eu-west-1 }\n", "");
    let case = Case::with(&without);
    let arn = "arn:aws:iam::111122223333:role/ci";
    let managed = |kind: &str, name: &str, values: Value| json!({ "mode": "managed", "type": kind, "name": name, "values": values });
    let trust = |service: &str| {
        let statement = json!({ "Effect": "Allow", "Action": "sts:AssumeRole", "Principal": { "Service": service } });
        json!({ "Version": "2012-10-17", "Statement": [statement] }).to_string()
    };
    let push = json!({ "Version": "2012-10-17", "Statement": {
        "Effect": "Allow", "Action": "ecr:*",
        "Resource": "arn:aws:ecr:eu-west-1:111122223333:repository/shop/app"
    } });
    let resources = json!([
        managed(
            "aws_ecr_repository",
            "app",
            json!({
                "arn": "arn:aws:ecr:eu-west-1:111122223333:repository/shop/app", "name": "shop/app"
            })
        ),
        managed(
            "aws_iam_role",
            "ci",
            json!({
                "arn": arn, "name": "ci",
                "assume_role_policy": trust("codebuild.amazonaws.com"),
            })
        ),
        managed(
            "aws_iam_role_policy",
            "ci_default_policy",
            json!({
                "name": "push", "role": "ci", "policy": push.to_string()
            })
        ),
    ]);
    let values = json!({ "root_module": { "resources": resources } });
    let state = json!({ "format_version": "1.0", "terraform_version": "1.11.4", "values": values });
    case.write("state.json", state.to_string());
    let found = diff(&case, &["--against", "state.json"]);
    let sentences = sentences(&found);
    // Before, the role had every action.
    let harmful = "ecr:BatchDeleteImage, ecr:DeleteLifecyclePolicy, ecr:DeleteRepositoryPolicy, \
                   ecr:PutImageScanningConfiguration, ecr:PutImageTagMutability and 20 more";
    for lost in ["read `shop/app`", &format!("use {harmful} on `shop/app`")] {
        let lost = format!("{arn} may no longer {lost}");
        assert!(sentences.contains(&lost), "{sentences:#?}");
    }
    assert!(sentences.contains(&format!("{arn} may now log in")), "{sentences:#?}");
    let gained = "organization o-abcde12345 may now pull from `shop/app`, if the caller's own account allows it too";
    assert!(sentences.iter().any(|it| it == gained), "{sentences:#?}");
    assert!(!sentences.iter().any(|it| it.contains("become")), "{sentences:#?}");
}

/// What a template leaves open is said, and counts as wider.
#[test]
fn what_is_not_known_is_said() {
    let case = Case::with(UNGRANTED);
    let template = |principal: Value| {
        let statement = json!({ "Effect": "Allow", "Principal": { "AWS": principal }, "Action": "ecr:BatchGetImage" });
        let policy = json!({ "Version": "2012-10-17", "Statement": [statement] });
        let properties = json!({ "RepositoryName": "shop/app", "RepositoryPolicyText": policy });
        json!({ "Resources": { "AppF1B96344": { "Type": "AWS::ECR::Repository", "Properties": properties } } })
    };
    case.write(
        "deployed.json",
        template(json!({ "Fn::If": ["Prod", "*", "111122223333"] })).to_string(),
    );
    let found = diff(&case, &["--against", "deployed.json"]);
    assert_eq!(
        found["accessUnknown"][0]["sentence"],
        "what `RepositoryPolicyText` of `AppF1B96344` allowed before the change is not known: it has the condition `Prod`"
    );
    let ran = case.run(&["diff", "--against", "deployed.json", "--fail-on", "wider"]);
    assert_eq!(ran.code, Some(1));
    assert!(ran.stdout.contains("  ? what `RepositoryPolicyText`"), "{}", ran.stdout);
}

/// A condition is evaluated where it depends on no parameter; what depends on one is named.
#[test]
fn conditions_and_parameters_of_templates() {
    let case = Case::with(UNGRANTED);
    let pull = |principal: Value| json!({ "Effect": "Allow", "Principal": { "AWS": principal }, "Action": "ecr:ListImages" });
    let template = |statement: Value, condition: Option<&str>| {
        let policy = json!({ "Version": "2012-10-17", "Statement": [statement] });
        let properties = json!({ "RepositoryName": "shop/app", "RepositoryPolicyText": policy });
        let mut app = json!({ "Type": "AWS::ECR::Repository", "Properties": properties });
        if let Some(condition) = condition {
            app["Condition"] = condition.into();
        }
        json!({
            "Parameters": { "Who": { "Type": "String" }, "Stage": { "Type": "String" } },
            "Conditions": {
                "Here": { "Fn::Equals": [{ "Ref": "AWS::Region" }, "eu-west-1"] },
                "Prod": { "Fn::Equals": [{ "Ref": "Stage" }, "prod"] },
                "Both": { "Fn::And": [{ "Condition": "Here" }, { "Condition": "Prod" }] },
                "Either": { "Fn::Or": [{ "Condition": "Here" }, { "Condition": "Prod" }] },
                "Elsewhere": { "Fn::Not": [{ "Condition": "Either" }] },
            },
            "Resources": { "AppF1B96344": app },
        })
    };
    let found = |statement: Value, condition: Option<&str>| {
        case.write("deployed.json", template(statement, condition).to_string());
        let found = diff(&case, &["--against", "deployed.json"]);
        let said = found["accessUnknown"].as_array().unwrap().first();
        let said = said.map(|it| it["sentence"].as_str().unwrap().to_owned());
        (sentences(&found), said.unwrap_or_default())
    };
    let choose = |condition: &str| json!({ "Fn::If": [condition, pull(json!("111122223333")), { "Ref": "AWS::NoValue" }] });
    let lost = "account 111122223333 may no longer use ecr:ListImages on `shop/app`";
    for (condition, is_met) in [("Either", true), ("Elsewhere", false)] {
        let (sentences, unknown) = found(choose(condition), None);
        let loses = sentences.iter().any(|it| it.starts_with(lost));
        assert_eq!((loses, unknown.as_str()), (is_met, ""), "{condition}: {sentences:?}");
    }
    let (_, unknown) = found(choose("Both"), None);
    assert!(unknown.ends_with("is not known: it has the condition `Both`"), "{unknown}");
    let (_, unknown) = found(pull(json!({ "Ref": "Who" })), None);
    assert!(unknown.ends_with("is not known: it has the parameter `Who`"), "{unknown}");
    let (_, unknown) = found(pull(json!("111122223333")), Some("Prod"));
    assert!(unknown.ends_with("is not known: it has the condition `Prod`"), "{unknown}");
    let (_, unknown) = found(pull(json!("111122223333")), Some("Here"));
    assert_eq!(unknown, "");
}

/// A template as people write it.
#[test]
fn reads_templates_in_yaml() {
    let case =
        Case::with("stacks: { Shop: { repositories: { App: { repositoryName: shop/new } } } }");
    let template = "\
AWSTemplateFormatVersion: 2010-09-09
Resources:
  AppF1B96344:
    Type: AWS::ECR::Repository
    DeletionPolicy: Retain
    Properties:
      RepositoryName: shop/app
      RepositoryPolicyText:
        Version: 2012-10-17
        Statement:
          - Effect: Allow
            Principal: { AWS: !Sub 'arn:${AWS::Partition}:iam::444455556666:root' }
            Action: [ecr:BatchGetImage, ecr:GetDownloadUrlForLayer]
";
    for (name, text) in [
        ("deployed.yaml", template.to_owned()),
        ("deployed.yml", template.to_owned()),
        ("deployed.template", template.to_owned()),
        ("printed.json", json!({ "TemplateBody": template }).to_string()),
    ] {
        case.write(name, text);
        let found = diff(&case, &["--against", name]);
        assert_eq!(changes(&found), ["replace! App RepositoryName,RepositoryPolicyText"], "{name}");
        let lost = "account 444455556666 may no longer pull from `shop/app`";
        assert!(sentences(&found).iter().any(|it| it == lost), "{name}: {found}");
    }
}

/// A config with settings for Terraform is no module.
#[test]
fn a_config_in_json_is_a_config() {
    let case = changed();
    let config = json!({
        "terraform": { "requiredVersion": ">= 1.5" },
        "stacks": { "Registry": { "repositories": { "Old": { "repositoryName": "shop/old" } } } }
    });
    case.write("before.json", config.to_string());
    let found = diff(&case, &["--against", "before.json"]);
    assert!(changes(&found).contains(&"orphan Old".to_owned()), "{found}");
}
