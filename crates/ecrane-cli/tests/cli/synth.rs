//! What `synth` writes, for whom.

use serde_json::json;

use crate::case::{Case, run};

const TWO: &str = "\
stacks:
  Registry:
    stackName: acme-registry
    env: { account: '111122223333', region: eu-west-1 }
    tags: { team: platform }
    terminationProtection: true
    repositories: { App: { repositoryName: shop/app } }
  Other:
    env: { account: '111122223333', region: eu-west-1 }
    repositories: { Base: {} }
";

/// The arguments of `synth`, and the files that it writes.
#[test]
fn layouts() {
    let case = Case::with(TWO);
    for (args, files) in [
        (
            &["-b", "cloudformation"][..],
            &["Other.template.json", "acme-registry.template.json"][..],
        ),
        (&["-b", "tf"], &["Other/main.tf.json", "acme-registry/main.tf.json"]),
        (&["--layout", "cdk"], &["Other.template.json", "Registry.template.json", "manifest.json"]),
        (
            &["--layout", "cdktf"],
            &["manifest.json", "stacks/Other/cdk.tf.json", "stacks/Registry/cdk.tf.json"],
        ),
    ] {
        let _ = std::fs::remove_dir_all(case.path("out"));
        let mut all = vec!["synth", "--out", "out"];
        all.extend_from_slice(args);
        let ran = case.run(&all);
        assert_eq!((ran.code, ran.stdout.as_str()), (Some(0), ""), "{args:?}: {}", ran.stderr);
        let written: Vec<_> = case
            .names("out")
            .into_iter()
            .filter(|name| !name.ends_with('/') && name != ".ecrane.json")
            .collect();
        assert_eq!(written, files, "{args:?}");
        for file in files {
            assert!(case.json(&format!("out/{file}")).is_object(), "{file}");
            assert!(case.read(&format!("out/{file}")).ends_with("}\n"), "{file}");
        }
    }
}

#[test]
fn the_backend_may_stand_in_the_config() {
    let case = Case::with(&format!("backend: terraform\n{TWO}"));
    assert_eq!(case.run(&["synth"]).code, Some(0));
    assert!(case.path("ecrane.out/Other/main.tf.json").exists());
    // What is said on the command line stands nearer.
    assert_eq!(case.run(&["synth", "-b", "cfn", "--out", "cfn"]).code, Some(0));
    assert!(case.path("cfn/Other.template.json").exists());
}

#[test]
fn prints_one_document_or_an_object_of_them() {
    let case = Case::with(TWO);
    assert_eq!(case.run(&["synth", "-b", "cfn"]).code, Some(0));
    let printed = |args: &[&str]| {
        let mut all = vec!["synth", "-b", "cfn", "--stdout"];
        all.extend_from_slice(args);
        let ran = case.run(&all);
        assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""));
        ran.stdout
    };
    assert_eq!(printed(&["--stack", "Other"]), case.read("ecrane.out/Other.template.json"));
    let both: serde_json::Value = serde_json::from_str(&printed(&[])).unwrap();
    assert_eq!(
        both,
        json!({
            "acme-registry.template.json": case.json("ecrane.out/acme-registry.template.json"),
            "Other.template.json": case.json("ecrane.out/Other.template.json"),
        })
    );
    let compact = printed(&["--compact"]);
    assert_eq!(compact.lines().count(), 1);
    assert_eq!(serde_json::from_str::<serde_json::Value>(&compact).unwrap(), both);
}

#[test]
fn some_stacks_only() {
    let case = Case::with(TWO);
    assert_eq!(case.run(&["synth", "-b", "cfn", "--stack", "Other"]).code, Some(0));
    assert_eq!(case.names("ecrane.out"), [".ecrane.json", "Other.template.json"]);
    // What another run has written for another stack is not stale.
    assert_eq!(case.run(&["synth", "-b", "cfn", "--stack", "Registry"]).code, Some(0));
    assert_eq!(case.names("ecrane.out").len(), 3);

    let ran = case.run(&["synth", "-b", "cfn", "--stack", "Othr", "--stack", "Registri"]);
    assert_eq!(ran.code, Some(2));
    assert!(ran.stderr.contains("did you mean `Other`?"), "{}", ran.stderr);
    assert!(ran.stderr.contains("did you mean `Registry`?"), "{}", ran.stderr);

    // The whole config is checked all the same.
    case.write("ecrane.yaml", TWO.replace("shop/app", "Shop/App"));
    let ran = case.run(&["synth", "-b", "cfn", "--stack", "Other"]);
    assert_eq!(ran.code, Some(1));
    assert!(ran.stderr.contains("repository::name_malformed"), "{}", ran.stderr);
}

/// As the `cdk` CLI calls its app: it names the folder, and stdout belongs to it.
#[test]
fn an_app_for_cdk() {
    let case = Case::with(TWO);
    let app = |version: &str| {
        let ran = run(case
            .ecrane()
            .env("CDK_OUTDIR", "cdk.out")
            .env("CDK_CLI_ASM_VERSION", version)
            .args(["synth", "--layout", "cdk"]));
        assert_eq!((ran.code, ran.stdout.as_str(), ran.stderr.as_str()), (Some(0), "", ""));
        case.json("cdk.out/manifest.json")
    };
    assert_eq!(app("21.0.0")["version"], "21.0.0");
    let manifest = app("55.0.0");
    assert_eq!(manifest["version"], "36.0.0");
    assert_eq!(
        manifest["artifacts"]["Registry"]["properties"],
        json!({
            "templateFile": "Registry.template.json",
            "stackName": "acme-registry",
            "terminationProtection": true,
            "tags": { "team": "platform" }
        })
    );
    assert!(case.path("cdk.out/Registry.template.json").exists());
    assert!(!case.path("ecrane.out").exists());
}

/// As the `cdktf` and `cdktn` CLIs call their app: what it says on stderr would be an error.
#[test]
fn an_app_for_cdktf() {
    let case = Case::with(TWO);
    let app = |args: &[&str]| run(case.ecrane().env("CDKTF_OUTDIR", "cdktf.out").args(args));
    let ran = app(&["synth", "--layout", "cdktf"]);
    assert_eq!((ran.code, ran.stdout.as_str(), ran.stderr.as_str()), (Some(0), "", ""));
    let manifest = case.json("cdktf.out/manifest.json");
    let registry = &manifest["stacks"]["Registry"];
    assert_eq!(registry["synthesizedStackPath"], "stacks/Registry/cdk.tf.json");
    // The warning that a person would see is in the manifest.
    let said = case.run(&["synth", "--layout", "cdktf", "--stdout"]).stderr;
    assert!(said.contains("terraform::no_counterpart"), "{said}");
    assert_eq!(registry["annotations"][0]["level"], "@cdktf/warn");

    // A failure is told on stderr whoever calls.
    case.write("ecrane.yaml", "stacks: { A: { repositorys: {} } }");
    let ran = app(&["synth", "--layout", "cdktf"]);
    assert_eq!(ran.code, Some(1));
    assert!(ran.stderr.contains("config::unknown_key"), "{}", ran.stderr);
}

#[test]
fn the_schema_is_printed() {
    let case = Case::new();
    for args in [&["schema"][..], &["schema", "config"]] {
        let ran = case.run(args);
        assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""));
        let schema: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
        assert!(schema["properties"]["stacks"].is_object(), "{}", ran.stdout);
    }
}

#[test]
fn a_check_is_quiet_about_what_is_right() {
    let case = Case::with("stacks: { A: { repositories: { App: {} } } }\n");
    let ran = case.run(&["check"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(0), ""));
    assert_eq!(ran.stderr, "no problem in ecrane.yaml\n");
    assert_eq!(case.names(""), ["ecrane.yaml"]);
    let ran = case.run(&["check", "--message-format", "json"]);
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""));
}

#[test]
fn colours_where_they_are_wanted() {
    let case = Case::with("stacks: { A: { repositorys: {} } }");
    let coloured = |args: &[&str], env: &[(&str, &str)]| {
        let mut all = vec!["check"];
        all.extend_from_slice(args);
        run(case.ecrane().args(all).envs(env.iter().copied())).stderr.contains('\u{1b}')
    };
    assert!(!coloured(&[], &[]));
    assert!(!coloured(&[], &[("NO_COLOR", "1")]));
    assert!(coloured(&[], &[("CLICOLOR_FORCE", "1")]));
    assert!(coloured(&["--color", "always"], &[]));
    assert!(coloured(&["--color", "always"], &[("NO_COLOR", "1")]));
    assert!(!coloured(&["--color", "never"], &[("CLICOLOR_FORCE", "1")]));
}
