//! What becomes of Terraform addresses that a config no longer has.

use serde_json::{Value, json};

use crate::case::{Case, Ran, run};

const LEDGER: &str = "ecrane.addresses.json";
const MODULE: &str = "ecrane.out/Shop/main.tf.json";
const TWO: &str = "{ App: { repositoryName: shop/app, lifecycleRules: [{ maxImageCount: 9 }] }, \
                   Web: { repositoryName: shop/web } }";

/// A stack with these repositories, and what else it says.
fn stack(id: &str, repositories: &str, more: &str) -> String {
    format!(
        "  {id}:\n    env: {{ account: '111122223333', region: eu-west-1 }}\n{more}    \
         repositories: {repositories}\n"
    )
}

fn shop(repositories: &str) -> String {
    format!("stacks:\n{}", stack("Shop", repositories, ""))
}

fn synth(case: &Case, args: &[&str]) -> Ran {
    let mut all = vec!["synth", "-b", "tf"];
    all.extend_from_slice(args);
    case.run(&all)
}

fn synthesized(case: &Case, config: &str) -> Ran {
    case.write("ecrane.yaml", config);
    let ran = synth(case, &[]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    ran
}

/// The addresses that a module removes.
fn removed(module: &Value) -> Vec<&str> {
    let blocks = module["removed"].as_array().map(Vec::as_slice).unwrap_or_default();
    let from = blocks.iter().map(|block| {
        assert_eq!(block["lifecycle"], json!([{ "destroy": false }]));
        block["from"].as_str().unwrap()
    });
    from.collect()
}

/// What a run says that writes one module.
fn wrote(folder: &str) -> String {
    format!(
        "wrote 1 file to {folder}\nnext: `terraform -chdir={folder}/Shop init`, then `terraform \
         -chdir={folder}/Shop apply`\n"
    )
}

#[test]
fn a_repository_that_leaves_is_removed_with_its_policies_and_not_destroyed() {
    let case = Case::new();
    let ran = synthesized(&case, &shop(TWO));
    assert!(ran.stderr.contains("terraform::earlier_addresses_unknown"), "{}", ran.stderr);
    let module = case.json(MODULE);
    assert_eq!((module.get("removed"), module.get("moved")), (None, None));
    assert_eq!(module["terraform"].get("required_version"), None);

    let ran = synthesized(&case, &shop("{ Web: { repositoryName: shop/web } }"));
    assert_eq!(ran.stderr, wrote("ecrane.out"));
    let module = case.json(MODULE);
    let gone = ["aws_ecr_lifecycle_policy.app", "aws_ecr_repository.app"];
    assert_eq!(removed(&module), gone);
    assert_eq!(module["terraform"]["required_version"], ">= 1.7.0");

    // Every later run says so again, also one in a fresh checkout.
    std::fs::remove_dir_all(case.path("ecrane.out")).unwrap();
    let before = case.read(LEDGER);
    let ran = synth(&case, &["--locked"]);
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), wrote("ecrane.out").as_str()));
    assert_eq!(removed(&case.json(MODULE)), gone);
    assert_eq!(case.read(LEDGER), before);

    // It is back.
    synthesized(&case, &shop(TWO));
    assert_eq!(removed(&case.json(MODULE)), [""; 0]);
}

#[test]
fn the_last_removal_policy_counts() {
    let case = Case::new();
    synthesized(
        &case,
        &shop("{ App: { repositoryName: shop/app, removalPolicy: destroy }, Web: {} }"),
    );
    synthesized(&case, &shop("{ Web: {} }"));
    assert_eq!(case.json(MODULE).get("removed"), None);
}

#[test]
fn another_address_is_a_move() {
    let case = Case::new();
    synthesized(&case, &shop("{ App: { repositoryName: shop/app } }"));
    synthesized(&case, &shop("{ App: { repositoryName: shop/app, terraformName: front } }"));
    let moved = |from: &str, to: &str| {
        json!({
            "from": format!("aws_ecr_repository.{from}"),
            "to": format!("aws_ecr_repository.{to}"),
        })
    };
    let module = case.json(MODULE);
    assert_eq!(module["moved"], json!([moved("app", "front")]));
    assert_eq!(module["terraform"]["required_version"], ">= 1.1.0");
    synthesized(&case, &shop("{ Store: { repositoryName: shop/app } }"));
    assert_eq!(case.json(MODULE)["moved"], json!([moved("app", "front"), moved("front", "store")]));
}

#[test]
fn addresses_that_change_hands_are_refused() {
    let case = Case::new();
    let repositories = |a: &str, b: &str| {
        shop(&format!(
            "{{ A: {{ repositoryName: shop/a, terraformName: {a} }}, \
             B: {{ repositoryName: shop/b, terraformName: {b} }} }}"
        ))
    };
    synthesized(&case, &repositories("x", "y"));
    case.write("ecrane.yaml", repositories("y", "x"));
    let before = case.contents();
    let ran = synth(&case, &[]);
    assert_eq!(ran.code, Some(1));
    assert_eq!(ran.stderr.matches("error[terraform::address_taken_over]").count(), 2);
    assert_eq!(case.contents(), before);
    // `check` knows what `synth` would refuse.
    let ran = case.run(&["check", "-b", "tf"]);
    assert_eq!(ran.code, Some(1), "{}", ran.stderr);
    assert_eq!(case.contents(), before);

    case.write(
        "ecrane.yaml",
        shop("{ A: { repositoryName: shop/new, terraformName: x, removalPolicy: destroy } }"),
    );
    let ran = synth(&case, &[]);
    assert!(ran.stderr.contains("error[terraform::retained_replaced]"), "{}", ran.stderr);
}

#[test]
fn a_version_of_terraform_without_the_blocks_is_refused() {
    let case = Case::new();
    let config = |pin: &str, repositories: &str| {
        let more = format!("    terraform: {{ requiredVersion: '{pin}' }}\n");
        format!("stacks:\n{}", stack("Shop", repositories, &more))
    };
    synthesized(&case, &config("~> 1.5", TWO));
    let one = "{ Web: { repositoryName: shop/web } }";
    synthesized(&case, &config("~> 1.5", one));
    assert_eq!(case.json(MODULE)["terraform"]["required_version"], "~> 1.5, >= 1.7.0");
    synthesized(&case, &config(">= 1.11", one));
    assert_eq!(case.json(MODULE)["terraform"]["required_version"], ">= 1.11");
    case.write("ecrane.yaml", config("~> 1.5.0", one));
    let ran = synth(&case, &[]);
    assert_eq!(ran.code, Some(1));
    assert!(ran.stderr.contains("error[terraform::block_above_pin]"), "{}", ran.stderr);
}

#[test]
fn a_stack_that_leaves_keeps_a_module_for_what_is_retained() {
    let case = Case::new();
    let both = format!(
        "stacks:\n{}{}",
        stack("Shop", TWO, "    stackName: acme-shop\n    tags: { team: a }\n"),
        stack("Other", "{ Base: {} }", "")
    );
    let module = "ecrane.out/acme-shop/main.tf.json";
    synthesized(&case, &both);
    let before = case.json(module);
    let other = format!("stacks:\n{}", stack("Other", "{ Base: {} }", ""));
    synthesized(&case, &other);
    let after = case.json(module);
    assert_eq!(after["provider"], before["provider"]);
    let providers = |module: &Value| module["terraform"]["required_providers"].clone();
    assert_eq!(providers(&after), providers(&before));
    assert_eq!(after["terraform"]["required_version"], ">= 1.7.0");
    assert_eq!(after.get("resource"), None);
    let gone = ["aws_ecr_lifecycle_policy.app", "aws_ecr_repository.app", "aws_ecr_repository.web"];
    assert_eq!(removed(&after), gone);

    // It is dropped with its entry in the ledger.
    let mut ledger = case.json(LEDGER);
    ledger["plain"].as_object_mut().unwrap().remove("Shop").unwrap();
    case.write(LEDGER, ledger.to_string());
    synthesized(&case, &other);
    assert!(!case.path(module).exists());
}

#[test]
fn a_stack_of_another_id_and_the_same_name_is_the_same() {
    let case = Case::new();
    let config = |id: &str, repositories: &str| {
        format!("stacks:\n{}", stack(id, repositories, "    stackName: Shop\n"))
    };
    synthesized(&case, &config("Shop", TWO));
    synthesized(&case, &config("Store", "{ Web: { repositoryName: shop/web } }"));
    let gone = ["aws_ecr_lifecycle_policy.app", "aws_ecr_repository.app"];
    assert_eq!(removed(&case.json(MODULE)), gone);
    let ledger = case.json(LEDGER);
    let stacks = ledger["plain"].as_object().unwrap().keys();
    assert_eq!(stacks.collect::<Vec<_>>(), ["Store"]);
}

#[test]
fn a_stack_of_another_id_and_the_same_backend_is_the_same() {
    let case = Case::new();
    let backend = |key: &str| {
        format!("    terraform: {{ backend: {{ s3: {{ bucket: state, key: {key} }} }} }}\n")
    };
    let config = |ids: &[&str], key: &str| {
        let stacks = ids.iter().map(|id| stack(id, "{ App: {} }", &backend(key)));
        format!("stacks:\n{}", stacks.collect::<String>())
    };
    synthesized(&case, &config(&["Shop"], "one"));
    synthesized(&case, &config(&["Store"], "one"));
    assert!(!case.path(MODULE).exists());
    synthesized(&case, &config(&["Third"], "two"));
    assert_eq!(removed(&case.json("ecrane.out/Store/main.tf.json")).len(), 1);
    // Two that share one state are told apart by their ids only.
    let ran = synthesized(&case, &config(&["Fourth", "Fifth"], "two"));
    assert!(ran.stderr.contains("has the same state location as `Third`"), "{}", ran.stderr);
}

/// As the cdktf CLI calls its app: what it says on stderr would be an error.
#[test]
fn the_layout_cdktf_has_addresses_of_its_own() {
    let case = Case::new();
    let both = format!("{}{}", shop(TWO), stack("Other", "{ Base: {} }", ""));
    synthesized(&case, &both);
    let app = || {
        let mut ecrane = case.ecrane();
        ecrane.env("CDKTF_OUTDIR", "cdktf.out").args(["synth", "--layout", "cdktf"]);
        let ran = run(&mut ecrane);
        assert_eq!((ran.code, ran.stdout.as_str(), ran.stderr.as_str()), (Some(0), "", ""));
        case.json("cdktf.out/manifest.json")["stacks"].clone()
    };
    let annotations = app()["Shop"]["annotations"].to_string();
    assert!(annotations.contains("terraform::earlier_addresses_unknown"), "{annotations}");
    case.write("ecrane.yaml", format!("stacks:\n{}", stack("Other", "{ Base: {} }", "")));
    let stacks = app();
    let path = &stacks["Shop"]["synthesizedStackPath"];
    assert_eq!(path, "stacks/Shop/cdk.tf.json");
    let module = case.json("cdktf.out/stacks/Shop/cdk.tf.json");
    assert_eq!(
        module["//"]["metadata"],
        json!({ "backend": "local", "stackName": "Shop", "version": env!("CARGO_PKG_VERSION") })
    );
    let project = case.path("").canonicalize().unwrap();
    let state = project.join("terraform.Shop.tfstate").display().to_string();
    assert_eq!(module["terraform"]["backend"]["local"]["path"], state);
    let ledger = case.read(LEDGER);
    assert!(
        !ledger.contains("tfstate"),
        "a committed file names a folder of this machine: {ledger}"
    );
    assert_eq!(removed(&module).len(), 3);
}

#[test]
fn without_a_ledger_the_last_output_is_asked() {
    let case = Case::new();
    synthesized(&case, &format!("{}{}", shop(TWO), stack("Other", "{ Base: {} }", "")));
    std::fs::remove_file(case.path(LEDGER)).unwrap();
    let ran = synthesized(&case, &shop("{ Store: { repositoryName: shop/app } }"));
    assert!(!ran.stderr.contains("warning"), "{}", ran.stderr);
    let module = case.json(MODULE);
    assert_eq!(removed(&module), ["aws_ecr_repository.web"]);
    assert_eq!(
        module["moved"],
        json!([{ "from": "aws_ecr_repository.app", "to": "aws_ecr_repository.store" }])
    );
    let other = case.json("ecrane.out/Other/main.tf.json");
    assert_eq!(removed(&other), ["aws_ecr_repository.base"]);
}

#[test]
fn without_both_a_state_is_asked() {
    let case = Case::with(&shop("{ Web: { repositoryName: shop/web } }"));
    let repository = |name: &str| {
        json!({
            "mode": "managed", "type": "aws_ecr_repository", "name": name,
            "instances": [{ "attributes": { "name": format!("shop/{name}") } }],
        })
    };
    let resources = [repository("app"), repository("web")];
    case.write("state.json", json!({ "version": 4, "resources": resources }).to_string());
    let ran = synth(&case, &["--from-state", "state.json", "--out", "one"]);
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), wrote("one").as_str()));
    assert_eq!(removed(&case.json("one/Shop/main.tf.json")), ["aws_ecr_repository.app"]);
    // It is known from now on.
    synth(&case, &["--out", "two"]);
    assert_eq!(removed(&case.json("two/Shop/main.tf.json")), ["aws_ecr_repository.app"]);

    let before = case.contents();
    for (args, code, said) in [
        (&["--from-state", "none.json"][..], 3, "ledger::io"),
        (&["--from-state", "ecrane.yaml"], 1, "terraform::state_malformed"),
        (&["--from-state", "Shop=state.json", "--out", "two"], 0, "up to date"),
    ] {
        let ran = synth(&case, args);
        assert_eq!(ran.code, Some(code), "{}", ran.stderr);
        assert!(ran.stderr.contains(said), "{}", ran.stderr);
    }
    assert_eq!(case.contents(), before);
    let two = format!("{}{}", shop("{ A: {} }"), stack("Other", "{ Base: {} }", ""));
    case.write("ecrane.yaml", two);
    let ran = synth(&case, &["--from-state", "state.json"]);
    assert_eq!(ran.code, Some(2));
    assert!(ran.stderr.contains("the stacks are `Shop`, `Other`"), "{}", ran.stderr);
    let ran = case.run(&["synth", "-b", "cfn", "--from-state", "state.json"]);
    assert_eq!(ran.code, Some(2));
    assert!(ran.stderr.contains("synth::ledger_of_terraform"), "{}", ran.stderr);
}

#[test]
fn locked_refuses_a_change_and_writes_nothing() {
    let case = Case::with(&shop(TWO));
    let before = case.contents();
    for args in [&["--locked"][..], &["--locked", "--stdout"]] {
        let ran = synth(&case, args);
        assert_eq!((ran.code, ran.stdout.as_str()), (Some(1), ""));
        assert!(ran.stderr.contains("error[ledger::outdated]"), "{}", ran.stderr);
    }
    assert_eq!(case.contents(), before);
    synthesized(&case, &shop(TWO));
    assert_eq!(synth(&case, &["--locked"]).code, Some(0));
    case.write("ecrane.yaml", shop("{}"));
    assert_eq!(synth(&case, &["--locked"]).code, Some(1));
}

#[test]
fn some_stacks_only() {
    let case = Case::new();
    let other = |repositories: &str| stack("Other", &repositories.replace("shop/", "other/"), "");
    let both = |repositories: &str| format!("{}{}", shop(repositories), other(repositories));
    synthesized(&case, &both(TWO));
    case.write("ecrane.yaml", both("{ Web: { repositoryName: shop/web } }"));
    assert_eq!(synth(&case, &["--stack", "Other"]).code, Some(0));
    let ledger = case.json(LEDGER);
    assert_eq!(ledger["plain"]["Shop"].get("gone"), None);
    assert_eq!(ledger["plain"]["Other"]["gone"].as_object().unwrap().len(), 2);
    assert_eq!(case.json(MODULE).get("removed"), None);
    // A stack that is gone is not asked for.
    case.write("ecrane.yaml", format!("stacks:\n{}", other(TWO)));
    assert_eq!(synth(&case, &["--stack", "Other"]).code, Some(0));
    assert_eq!(synth(&case, &[]).code, Some(0));
    assert_eq!(removed(&case.json(MODULE)).len(), 3);
}

#[test]
fn nothing_is_noted_that_is_not_written() {
    let case = Case::with(&shop(TWO));
    let printed = synth(&case, &["--stdout"]);
    assert_eq!(printed.code, Some(0));
    assert!(!case.path(LEDGER).exists());
    case.run(&["check"]);
    assert!(!case.path(LEDGER).exists());

    case.write("ecrane.out/Shop/main.tf.json", "by hand");
    let before = case.contents();
    assert_eq!(synth(&case, &[]).code, Some(3));
    assert_eq!(case.contents(), before);
    std::fs::remove_file(case.path(MODULE)).unwrap();
    synthesized(&case, &shop(TWO));
    // What is printed is rendered over the ledger, too.
    case.write("ecrane.yaml", shop("{}"));
    let before = case.contents();
    let ran = synth(&case, &["--stdout"]);
    let module: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(removed(&module).len(), 3);
    case.write(MODULE, "by hand");
    assert_eq!(synth(&case, &[]).code, Some(3));
    case.write(MODULE, &before.iter().find(|(name, _)| name == MODULE).unwrap().1);
    assert_eq!(case.contents(), before);
}

#[test]
fn a_ledger_that_is_none_is_refused() {
    let case = Case::with(&shop(TWO));
    case.write(LEDGER, "{\"version\":2}");
    let before = case.contents();
    let ran = synth(&case, &[]);
    assert_eq!(ran.code, Some(1));
    assert!(ran.stderr.contains("error[terraform::ledger_malformed]"), "{}", ran.stderr);
    assert!(ran.stderr.contains("version 2 is not known"), "{}", ran.stderr);
    assert_eq!(case.contents(), before);
}

#[test]
fn a_large_ledger_is_read_beside_the_config() {
    let case = Case::new();
    synthesized(&case, &shop(TWO));
    let ledger = case.read(LEDGER) + &" ".repeat(1 << 20);
    case.write(LEDGER, &ledger);
    let ran = synthesized(&case, &shop("{ Web: { repositoryName: shop/web } }"));
    assert_eq!(ran.stderr, wrote("ecrane.out"));
    let gone = ["aws_ecr_lifecycle_policy.app", "aws_ecr_repository.app"];
    assert_eq!(removed(&case.json(MODULE)), gone);

    case.write(LEDGER, ledger.replace("\"version\": 1", "\"version\": 2"));
    let ran = synth(&case, &[]);
    assert!(ran.stderr.contains("error[terraform::ledger_malformed]"), "{}", ran.stderr);
    case.write("ecrane.yaml", "stacks: 1");
    assert!(synth(&case, &[]).stderr.contains("error[config::wrong_type]"));
}
