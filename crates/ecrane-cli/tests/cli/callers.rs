//! What `synth` does for the CLIs that run it as their app, without running them.

use serde_json::{Value, json};

use crate::case::{Case, Ran, run};

const CONFIG: &str = "\
stacks:
  Shop:
    env: { region: eu-west-1 }
    terminationProtection: true
    repositories:
      App: { repositoryName: shop/app }
      Scratch: { removalPolicy: destroy }
";

fn cdk(case: &Case, context: &Value, args: &[&str]) -> Ran {
    run(case
        .ecrane()
        .env("CDK_OUTDIR", "cdk.out")
        .env("CDK_CONTEXT_JSON", context.to_string())
        .args(["synth", "--layout", "cdk"])
        .args(args))
}

fn cdktf(case: &Case, out: &str) -> Ran {
    run(case.ecrane().env("CDKTF_OUTDIR", out).args(["synth", "--layout", "cdktf"]))
}

/// The context of CDKTF and CDK Terrain changes nothing in what an app writes that has no modules, assets
/// and provider functions.
#[test]
fn the_context_of_cdktf_changes_nothing() {
    let case = Case::with(CONFIG);
    silent(&cdktf(&case, "cdktf.out"));
    let before = case.read("cdktf.out/stacks/Shop/cdk.tf.json");
    let context = r#"{"cdktfRelativeModules":[],"cdktfVersion":"0.21.0","failOnConstructsOutsideOfStacks":true,
        "targetVersions":{"terraform":">=1.7"},"excludeStackIdFromLogicalIds":"true"}"#;
    let mut command = case.ecrane();
    command.env("CDKTF_OUTDIR", "cdktf.out").env("CDKTF_CONTEXT_JSON", context);
    silent(&run(command.args(["synth", "--layout", "cdktf"])));
    assert_eq!(case.read("cdktf.out/stacks/Shop/cdk.tf.json"), before);
}

/// What a CLI has to see: nothing on either stream.
fn silent(ran: &Ran) {
    assert_eq!((ran.code, ran.stdout.as_str(), ran.stderr.as_str()), (Some(0), "", ""));
}

#[test]
fn takes_over_a_cloud_assembly() {
    let case = Case::with(CONFIG);
    for name in ["manifest.json", "Shop.template.json", "tree.json", "Old.template.json"] {
        case.write(&format!("cdk.out/{name}"), "of another app");
    }
    silent(&cdk(&case, &json!({}), &[]));
    assert_eq!(case.json("cdk.out/manifest.json")["artifacts"].as_object().unwrap().len(), 1);
    assert!(case.json("cdk.out/Shop.template.json")["Resources"].is_object());
    assert_eq!(case.read("cdk.out/tree.json"), "of another app");
    assert_eq!(case.read("cdk.out/Old.template.json"), "of another app");
    // And back again: the other app writes over it, and ecrane over that.
    case.write("cdk.out/Shop.template.json", "of another app");
    silent(&cdk(&case, &json!({}), &[]));
    assert!(case.json("cdk.out/Shop.template.json")["Resources"].is_object());
    // In the plain layout the same file is somebody else's.
    case.write("cdk.out/Shop.template.json", "by hand");
    let ran = case.run(&["synth", "-b", "cfn", "--out", "cdk.out"]);
    assert_eq!(ran.code, Some(3));
    assert!(ran.stderr.contains("output::edited"), "{}", ran.stderr);
}

#[test]
fn takes_over_the_output_of_cdktf() {
    let case = Case::with(CONFIG);
    let kept = [
        "terraform.Shop.tfstate",
        "cdktf.out/stacks/Shop/.terraform/terraform.tfstate",
        "cdktf.out/stacks/Shop/.terraform.lock.hcl",
        "cdktf.out/stacks/Shop/plan",
        "cdktf.out/stacks/Gone/cdk.tf.json",
        "cdktf.out/stacks/Gone/.terraform.lock.hcl",
    ];
    for name in kept {
        case.write(name, "kept");
    }
    for name in ["cdktf.out/manifest.json", "cdktf.out/stacks/Shop/cdk.tf.json"] {
        case.write(name, "of another app");
    }
    silent(&cdktf(&case, "cdktf.out"));
    assert!(case.json("cdktf.out/manifest.json")["stacks"]["Shop"].is_object());
    assert!(case.json("cdktf.out/stacks/Shop/cdk.tf.json")["resource"].is_object());
    for name in kept {
        assert_eq!(case.read(name), "kept", "{name}");
    }
}

/// The CLI has listed the folders before, and deletes this one itself. A stack with retained
/// resources keeps its module, which drops them from its state.
#[test]
fn leaves_the_folder_of_a_stack_that_is_gone_to_the_cli() {
    let case = Case::with(&format!(
        "{CONFIG}  Gone: {{ repositories: {{ App: {{ removalPolicy: destroy }} }} }}\n"
    ));
    silent(&cdktf(&case, "cdktf.out"));
    assert!(case.path("cdktf.out/stacks/Gone/cdk.tf.json").exists());
    case.write("ecrane.yaml", CONFIG);
    silent(&cdktf(&case, "cdktf.out"));
    assert!(case.path("cdktf.out/stacks/Gone/cdk.tf.json").exists());
    assert_eq!(case.json("cdktf.out/manifest.json")["stacks"].as_object().unwrap().len(), 1);
    // It is the CLI's now: a stack of this id that comes back is written anew.
    std::fs::remove_dir_all(case.path("cdktf.out/stacks/Gone")).unwrap();
    silent(&cdktf(&case, "cdktf.out"));
    assert!(!case.path("cdktf.out/stacks/Gone").exists());
}

#[test]
fn keeps_local_states_where_cdktf_does() {
    let case = Case::with(CONFIG);
    let project = case.path("").canonicalize().unwrap();
    let absolute = project.join("elsewhere/out").display().to_string();
    let state = project.join("terraform.Shop.tfstate").display().to_string();
    let backend = |out: &str| {
        let module = case.json(&format!("{out}/stacks/Shop/cdk.tf.json"));
        module["terraform"]["backend"]["local"]["path"].as_str().unwrap().to_owned()
    };
    for out in ["cdktf.out", "build/out", absolute.as_str()] {
        silent(&cdktf(&case, out));
        assert_eq!(backend(out), state, "{out}");
    }
    // By hand the output names no folder of the machine while it lies below the project.
    for (out, up) in [
        ("byhand", "../../.."),
        ("by/hand/out", "../../../../.."),
        ("by/../up", "../../.."),
        (absolute.as_str(), "../../../.."),
    ] {
        std::fs::create_dir_all(case.path("by")).unwrap();
        let ran = case.run(&["synth", "--layout", "cdktf", "--out", out]);
        assert_eq!(ran.code, Some(0), "{}", ran.stderr);
        assert_eq!(backend(out), format!("{up}/terraform.Shop.tfstate"), "{out}");
    }
    let outside = Case::new();
    let out = outside.path("out").display().to_string();
    assert_eq!(case.run(&["synth", "--layout", "cdktf", "--out", &out]).code, Some(0));
    let module = outside.json("out/stacks/Shop/cdk.tf.json");
    assert_eq!(module["terraform"]["backend"]["local"]["path"], state);
}

#[test]
fn refuses_to_write_hcl() {
    let case = Case::with(CONFIG);
    let hcl = |value: &str| {
        let mut command = case.ecrane();
        command.env("CDKTF_OUTDIR", "cdktf.out").env("SYNTH_HCL_OUTPUT", value);
        run(command.args(["synth", "--layout", "cdktf"]))
    };
    let ran = hcl("true");
    assert_eq!(ran.code, Some(2));
    assert!(ran.stderr.contains("error[synth::hcl]"), "{}", ran.stderr);
    assert!(!case.path("cdktf.out").exists());
    silent(&hcl("false"));
}

#[test]
fn says_beforehand_what_a_destroy_refuses() {
    let case = Case::with(CONFIG);
    silent(&cdktf(&case, "cdktf.out"));
    let annotations = &case.json("cdktf.out/manifest.json")["stacks"]["Shop"]["annotations"];
    let [warning, _, info] = annotations.as_array().unwrap().as_slice() else {
        panic!("{annotations}");
    };
    assert_eq!(warning["level"], "@cdktf/warn");
    let text = warning["message"].as_str().unwrap();
    assert!(text.contains("[terraform::no_counterpart]\nhelp: "), "{text}");
    assert_eq!(info["level"], "@cdktf/info");
    let text = info["message"].as_str().unwrap();
    assert!(text.contains("aws_ecr_repository.App_"), "{text}");
    assert!(!text.contains("Scratch"), "{text}");
    assert!(text.contains("removalPolicy: destroy"), "{text}");
}

#[test]
fn says_so_when_the_cli_will_not_find_the_output() {
    let case = Case::with(CONFIG);
    let said = |variable: &str, args: &[&str]| {
        let mut command = case.ecrane();
        command.env(variable, "wanted.out").arg("synth").args(args);
        let ran = run(&mut command);
        assert_eq!(ran.code, Some(0), "{}", ran.stderr);
        ran.stderr.contains("warning[synth::unread_output]")
    };
    assert!(said("CDK_OUTDIR", &["-b", "cfn"]));
    assert!(said("CDKTF_OUTDIR", &["-b", "tf"]));
    assert!(said("CDK_OUTDIR", &["--layout", "cdktf"]));
    assert!(said("CDK_OUTDIR", &["--layout", "cdk", "--out", "other"]));
    assert!(said("CDK_OUTDIR", &["--layout", "cdk", "--stdout"]));
    assert!(said("CDKTF_OUTDIR", &["--layout", "cdktf", "--out", "other"]));
    assert!(!said("CDK_OUTDIR", &["--layout", "cdk", "--out", "./wanted.out"]));
    assert!(!said("CDK_OUTDIR", &["--layout", "cdk"]));
    assert!(!said("CDKTF_OUTDIR", &["--layout", "cdktf"]));
    assert!(!said("HOME", &["-b", "cfn"]));
}

#[test]
fn writes_construct_paths_where_cdk_asks_for_them() {
    let case = Case::with(CONFIG);
    let metadata = || {
        let template = case.json("cdk.out/Shop.template.json");
        let resources = template["Resources"].as_object().unwrap().values();
        resources.map(|resource| resource["Metadata"].clone()).collect::<Vec<_>>()
    };
    silent(&cdk(&case, &json!({ "aws:cdk:enable-path-metadata": true }), &[]));
    let path = |path: &str| json!({ "aws:cdk:path": path });
    assert_eq!(metadata(), [path("Shop/App/Resource"), path("Shop/Scratch/Resource")]);
    for context in [json!({}), json!({ "aws:cdk:enable-path-metadata": false })] {
        silent(&cdk(&case, &context, &[]));
        assert_eq!(metadata(), [Value::Null, Value::Null]);
    }
    // What does not fit into the variable is in a file.
    case.write("overflow.json", "{ \"aws:cdk:enable-path-metadata\": true }");
    let mut command = case.ecrane();
    command.env("CDK_OUTDIR", "cdk.out").env("CDK_CONTEXT_JSON", "{}");
    command.env("CONTEXT_OVERFLOW_LOCATION_ENV", "overflow.json");
    silent(&run(command.args(["synth", "--layout", "cdk"])));
    assert_eq!(metadata().first(), Some(&path("Shop/App/Resource")));
}

#[test]
fn a_context_that_cannot_be_read_stops_the_run() {
    let case = Case::with(CONFIG);
    let ran = cdk(&case, &json!("no object"), &[]);
    assert_eq!(ran.code, Some(3));
    assert!(ran.stderr.contains("error[synth::context_malformed]"), "{}", ran.stderr);
    assert!(!case.path("cdk.out").exists());
}

#[test]
fn feature_flags_that_differ_are_told_by_the_cli() {
    let case = Case::with(CONFIG);
    let minimize = "@aws-cdk/aws-iam:minimizePolicies";
    let told = |context: &Value| {
        silent(&cdk(&case, context, &[]));
        case.json("cdk.out/manifest.json")["artifacts"]["Shop"]["metadata"]["/Shop"].clone()
    };
    assert_eq!(told(&json!({ "@aws-cdk/core:checkSecretUsage": true })), Value::Null);
    let messages = told(&json!({ minimize: true }));
    assert_eq!(messages[0]["type"], "aws:cdk:warning");
    let text = messages[0]["data"].as_str().unwrap();
    assert!(text.contains("[compatibility::flag_differs]\nhelp: "), "{text}");
    case.write(
        "ecrane.yaml",
        format!("compatibility: {{ featureFlags: {{ '{minimize}': true }} }}\n{CONFIG}"),
    );
    assert_eq!(told(&json!({ minimize: true })), Value::Null);
}

#[test]
fn takes_the_environment_of_the_cli_where_asked() {
    let case = Case::with(&CONFIG.replace("region: eu-west-1", "account: cli, region: cli"));
    let environment = |account: Option<&str>| {
        let mut command = case.ecrane();
        command.env("CDK_OUTDIR", "cdk.out").args(["synth", "--layout", "cdk"]);
        if let Some(account) = account {
            command.env("CDK_DEFAULT_ACCOUNT", account).env("CDK_DEFAULT_REGION", "eu-west-1");
        }
        let ran = run(&mut command);
        let manifest = (ran.code == Some(0)).then(|| case.json("cdk.out/manifest.json"));
        (manifest.map(|m| m["artifacts"]["Shop"]["environment"].clone()), ran)
    };
    assert_eq!(environment(Some("111122223333")).0, Some(json!("aws://111122223333/eu-west-1")));
    assert_eq!(environment(None).0, Some(json!("aws://unknown-account/unknown-region")));
    let (_, ran) = environment(Some("nobody"));
    assert_eq!(ran.code, Some(1));
    assert!(ran.stderr.contains("error[account::id_malformed]"), "{}", ran.stderr);
}

#[test]
fn the_bootstrap_version_is_checked_where_asked() {
    let rule = "compatibility: { generateBootstrapVersionRule: true }\n";
    let case = Case::with(&format!("{rule}{CONFIG}"));
    let template = |context: &Value| {
        silent(&cdk(&case, context, &[]));
        case.json("cdk.out/Shop.template.json")
    };
    let default = |template: &Value| template["Parameters"]["BootstrapVersion"]["Default"].clone();
    let first = template(&json!({}));
    assert_eq!(default(&first), "/cdk-bootstrap/hnb659fds/version");
    assert!(first["Rules"]["CheckBootstrapVersion"]["Assertions"].is_array());
    let context = json!({ "@aws-cdk/core:bootstrapQualifier": "acme" });
    assert_eq!(default(&template(&context)), "/cdk-bootstrap/acme/version");
}
