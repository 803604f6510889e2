//! Terraform's own reading of what it is given.
//!
//! `terraform` has to be on the path, and `ECRANE_TERRAFORM_PROVIDERS` has to name a folder that
//! mirrors the `hashicorp/aws` plugin; without one of them the tests that need it say so and pass.

#![expect(clippy::print_stderr, reason = "a test that is skipped says so")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use ecrane_construct::{
    App, CfnOutput, CfnOutputProps, Principal, Repository, RepositoryProps, Stack, StackProps,
};
use ecrane_core::{Attribute, Environment, Style, Value};
use ecrane_terraform::{Ledger, Options, render, render_over};
use serde_json::json;

use crate::support::{cdktf, module};
use crate::vectors::with_backend;

/// A folder of this test, empty.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

/// Runs Terraform, if there is one.
fn terraform(folder: &Path, arguments: &[&str]) -> Option<Output> {
    let configuration = folder.join("terraform.rc");
    if let Some(plugins) = std::env::var_os("ECRANE_TERRAFORM_PROVIDERS") {
        let plugins = serde_json::to_string(plugins.to_str().unwrap()).unwrap();
        let text = format!(
            "provider_installation {{\n  filesystem_mirror {{\n    path = {plugins}\n  }}\n}}\n"
        );
        fs::write(&configuration, text).unwrap();
    } else {
        fs::write(&configuration, "").unwrap();
    }
    let output = Command::new("terraform")
        .args(arguments)
        .current_dir(folder)
        .env("TF_CLI_CONFIG_FILE", configuration)
        .env("CHECKPOINT_DISABLE", "1")
        .output();
    match output {
        Ok(output) => Some(output),
        Err(error) => {
            eprintln!("skipped: terraform does not run: {error}");
            None
        }
    }
}

fn succeeded(output: &Output) {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    assert!(output.status.success(), "{}{}", text(&output.stdout), text(&output.stderr));
}

/// Texts that Terraform could misread, and what they are to come out as: themselves.
const TEXTS: [&str; 17] = [
    "${aws:username}",
    "$${already}",
    "$$${x}",
    "%{ if true }yes%{ endif }",
    "%%{x}",
    "$%{x}",
    "%${x}",
    "${file(\"/etc/passwd\")}",
    "a$",
    "a%",
    "$",
    "$$",
    "{",
    "\"quoted\" \\ back\nslash \\n",
    "}${",
    "é ☃ \u{2028}",
    "plain",
];

#[test]
fn text_comes_out_as_it_went_in() {
    let app = App::default();
    let stack = Stack::new(&app, "Registry", StackProps::default());
    let repository = Repository::new(&stack, "App", RepositoryProps::default());
    let Value::Attribute(id, Attribute::Arn) = repository.repository_arn() else {
        panic!("the ARN of a repository is an attribute");
    };
    let arn = Value::Attribute(id, Attribute::Arn);
    let output = |id: String, value: Value| {
        let props = CfnOutputProps::new(value);
        CfnOutput::new(&stack, &id, props);
    };
    for (index, text) in TEXTS.iter().enumerate() {
        output(format!("Alone{index}"), (*text).into());
        output(format!("Before{index}"), Value::concat([(*text).into(), arn.clone()]));
        output(format!("Behind{index}"), Value::concat([arn.clone(), (*text).into()]));
        let whole = Value::concat([(*text).into(), ":b:c:d:".into(), arn.clone()]);
        let field = Value::ArnField(Box::new(whole), ecrane_core::ArnField::Account);
        output(format!("Inside{index}"), field);
    }
    // The outputs alone, with a text in the place of the ARN, need no provider.
    let module = module(&app);
    let outputs = serde_json::to_string(&module["output"]).unwrap();
    let outputs = outputs.replace("aws_ecr_repository.app.arn", "local.arn");
    let outputs: serde_json::Value = serde_json::from_str(&outputs).unwrap();
    let folder = folder("text");
    let module = json!({ "locals": { "arn": "ARN" }, "output": outputs });
    fs::write(folder.join("main.tf.json"), module.to_string()).unwrap();

    let Some(applied) = terraform(&folder, &["apply", "-auto-approve", "-no-color"]) else {
        return;
    };
    succeeded(&applied);
    let Some(read) = terraform(&folder, &["output", "-json"]) else { return };
    let read: serde_json::Value = serde_json::from_slice(&read.stdout).unwrap();
    for (index, text) in TEXTS.iter().enumerate() {
        assert_eq!(read[format!("alone{index}")]["value"], json!(text));
        assert_eq!(read[format!("before{index}")]["value"], json!(format!("{text}ARN")));
        assert_eq!(read[format!("behind{index}")]["value"], json!(format!("ARN{text}")));
        let field = format!("{text}:b:c:d:ARN");
        assert_eq!(read[format!("inside{index}")]["value"], json!(field.split(':').nth(4)));
    }
}

#[test]
fn modules_of_both_layouts_are_valid() {
    if std::env::var_os("ECRANE_TERRAFORM_PROVIDERS").is_none() {
        eprintln!("skipped: ECRANE_TERRAFORM_PROVIDERS is not set");
        return;
    }
    let app = App::default();
    for region in [None, Some("eu-west-1".parse().unwrap())] {
        let id = if region.is_some() { "Known" } else { "Unknown" };
        let account = region.as_ref().map(|_| "111122223333".parse().unwrap());
        let env = Environment { account, region };
        let tags = BTreeMap::from([("team".to_owned(), "${platform}".to_owned())]);
        let stack = Stack::new(&app, id, StackProps { env, tags, ..StackProps::default() });
        crate::samples::everything(&stack);
    }
    let graph = app.build().unwrap();
    for options in [Options::default(), cdktf()] {
        for file in render(&graph, &options).unwrap().files {
            let Some(stack) = file.stack else { continue };
            let folder = folder(&format!("valid-{stack}-{:?}", options.layout));
            let bytes = file.to_vec(Style::Pretty).unwrap();
            fs::write(folder.join("main.tf.json"), bytes).unwrap();
            for arguments in
                [&["init", "-backend=false", "-no-color"][..], &["validate", "-no-color"]]
            {
                let Some(output) = terraform(&folder, arguments) else { return };
                succeeded(&output);
            }
        }
    }
}

#[test]
fn modules_of_what_has_left_are_valid() {
    if std::env::var_os("ECRANE_TERRAFORM_PROVIDERS").is_none() {
        eprintln!("skipped: ECRANE_TERRAFORM_PROVIDERS is not set");
        return;
    }
    let graph = |shop: &[&str]| {
        let app = App::default();
        for (id, repositories) in [("Shop", shop), ("Other", &["Base"])] {
            if repositories.is_empty() {
                continue;
            }
            let stack = Stack::new(&app, id, StackProps::default());
            for id in repositories {
                let repository_name = Some("shop/web".parse().unwrap()).filter(|_| *id != "App");
                let props = RepositoryProps { repository_name, ..RepositoryProps::default() };
                Repository::new(&stack, id, props)
                    .grant_pull(Principal::account("444455556666".parse().unwrap()));
            }
        }
        app.build().unwrap()
    };
    let [before, between, after] = [&["App", "Web"][..], &["Front"], &[]].map(graph);
    for options in [Options::default(), cdktf()] {
        let first = render_over(&before, &options, &Ledger::default()).unwrap().ledger;
        let second = render_over(&between, &options, &first).unwrap();
        let third = render_over(&after, &options, &second.ledger).unwrap();
        for (run, output) in [("left", &second), ("departed", &third)] {
            let mut files = output.rendered.files.iter();
            let file = files.find(|file| file.stack == Some("Shop")).unwrap();
            let module: serde_json::Value =
                serde_json::from_slice(&file.to_vec(Style::Compact).unwrap()).unwrap();
            let counted =
                |block: &str| module.get(block).map_or(0, |b| b.as_array().unwrap().len());
            let expected = if run == "left" { (2, 2) } else { (6, 0) };
            assert_eq!((counted("removed"), counted("moved")), expected, "{module:#}");
            let folder = folder(&format!("valid-{run}-{:?}", options.layout));
            fs::write(folder.join("main.tf.json"), module.to_string()).unwrap();
            for arguments in
                [&["init", "-backend=false", "-no-color"][..], &["validate", "-no-color"]]
            {
                let Some(output) = terraform(&folder, arguments) else { return };
                succeeded(&output);
            }
        }
    }
}

/// Takes out of a module what came after provider 5.100, which cannot judge it.
fn without_what_is_newer(module: &mut serde_json::Value) {
    module["terraform"]["required_providers"] = json!({
        "aws": { "source": "hashicorp/aws", "version": "5.100.0" },
    });
    // The blocks of providers are judged with `everything`; each would start a plugin of its own.
    module.as_object_mut().unwrap().remove("provider");
    let Some(resources) = module.get_mut("resource").and_then(|r| r.as_object_mut()) else {
        return;
    };
    resources.remove("awscc_ecr_signing_configuration");
    resources.remove("aws_ecr_pull_time_update_exclusion");
    for kind in ["aws_ecr_repository", "aws_ecr_repository_creation_template"] {
        let blocks = resources.get_mut(kind).and_then(|blocks| blocks.as_object_mut());
        for block in blocks.into_iter().flat_map(|blocks| blocks.values_mut()) {
            let block = block.as_object_mut().unwrap();
            if block.remove("image_tag_mutability_exclusion_filter").is_some() {
                block.remove("image_tag_mutability");
            }
            if let Some(reasons) = block.get_mut("applied_for").and_then(|r| r.as_array_mut()) {
                reasons.retain(|reason| reason != "CREATE_ON_PUSH");
            }
        }
    }
}

#[test]
fn modules_of_known_configs_are_valid() {
    if std::env::var_os("ECRANE_TERRAFORM_PROVIDERS").is_none() {
        eprintln!("skipped: ECRANE_TERRAFORM_PROVIDERS is not set");
        return;
    }
    let root = folder("valid-vectors");
    let mut modules = serde_json::Map::new();
    for (name, graph) in crate::vectors::graphs() {
        for (path, mut module) in crate::support::rendered_graph(&graph, &with_backend()).files {
            without_what_is_newer(&mut module);
            let region = module
                .to_string()
                .replace("data.aws_region.current.region}", "data.aws_region.current.name}");
            let call: String = format!("{name}-{path}")
                .chars()
                .map(|c| if c.is_ascii_alphanumeric() { c } else { '-' })
                .collect();
            fs::create_dir_all(root.join(&call)).unwrap();
            fs::write(root.join(&call).join("main.tf.json"), region).unwrap();
            modules.insert(call.clone(), json!({ "source": format!("./{call}") }));
        }
    }
    // One root that calls them all costs one start of the provider instead of hundreds.
    fs::write(root.join("main.tf.json"), json!({ "module": modules }).to_string()).unwrap();
    for arguments in [&["init", "-backend=false", "-no-color"][..], &["validate", "-no-color"]] {
        let Some(output) = terraform(&root, arguments) else { return };
        succeeded(&output);
    }
}
