//! What a run leaves behind, when it works and when it does not.

use std::fs;
use std::os::unix::fs::symlink;

use crate::case::{Case, Ran, run};

fn config(stacks: &[&str]) -> String {
    let stacks = stacks.iter().map(|s| format!("  {s}: {{ repositories: {{ App: {{}} }} }}\n"));
    format!("stacks:\n{}", stacks.collect::<String>())
}

fn synth(case: &Case, args: &[&str]) -> Ran {
    let mut all = vec!["synth"];
    all.extend_from_slice(args);
    case.run(&all)
}

#[test]
fn writes_what_changes_and_says_so() {
    let case = Case::with(&config(&["A", "B"]));
    let ran = synth(&case, &["-b", "cfn"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(0), ""));
    let deploy = "next: `aws cloudformation deploy --stack-name A --template-file \
                  ecrane.out/A.template.json`, and so on for the 2 stacks\n";
    assert_eq!(ran.stderr, format!("wrote 2 files to ecrane.out\n{deploy}"));
    assert_eq!(case.names("ecrane.out"), [".ecrane.json", "A.template.json", "B.template.json"]);
    let before = case.contents();
    assert_eq!(synth(&case, &["-b", "cfn"]).stderr, "ecrane.out is up to date, 2 unchanged\n");
    assert_eq!(case.contents(), before);
    // A stack that is gone takes its template with it.
    case.write("ecrane.yaml", config(&["A", "C"]));
    assert_eq!(
        synth(&case, &["-b", "cfn"]).stderr,
        format!("wrote 1 file to ecrane.out, 1 unchanged, 1 removed\n{deploy}")
    );
    assert_eq!(case.names("ecrane.out"), [".ecrane.json", "A.template.json", "C.template.json"]);
}

/// CloudFormation wants to know that a template changes IAM.
#[test]
fn the_command_acknowledges_changes_of_iam() {
    let role = |name: &str| {
        format!("{{ role: {{ {name}assumedBy: {{ service: codebuild.amazonaws.com }} }} }}")
    };
    let stack = |id: &str, role: &str| {
        format!("  {id}: {{ repositories: {{ App: {{}} }}, principals: {{ Ci: {role} }} }}\n")
    };
    let (plain, named) = (role(""), role("roleName: ci, "));
    for (stacks, needed) in [
        (vec![stack("A", &plain)], "CAPABILITY_IAM`"),
        (vec![stack("A", &plain), stack("B", &named)], "CAPABILITY_NAMED_IAM`"),
    ] {
        let case = Case::with(&format!("stacks:\n{}", stacks.concat()));
        let ran = synth(&case, &["-b", "cfn"]);
        assert!(ran.stderr.contains(&format!("--capabilities {needed}")), "{}", ran.stderr);
    }
}

#[test]
fn says_what_to_do_next() {
    let env = "{ account: '111122223333', region: eu-west-1 }";
    let case = Case::with(
        &format!("stacks: {{ Shop: {{ stackName: shop-prod, env: {env} }} }}\n")
            .replace("env:", "repositories: { App: {} }, env:"),
    );
    for (args, next) in [
        (
            &["synth", "-b", "cfn", "--out", "my out"][..],
            "wrote 1 file to my out\nnext: `aws cloudformation deploy --region eu-west-1 --stack-name \
             shop-prod --template-file 'my out/shop-prod.template.json'`\n",
        ),
        (
            &["synth", "-b", "tf", "--out", "tf"],
            "wrote 1 file to tf\nnext: `terraform -chdir=tf/shop-prod init`, then \
             `terraform -chdir=tf/shop-prod apply`\n",
        ),
        (&["synth", "-b", "cfn", "--out", "my out"], "my out is up to date, 1 unchanged\n"),
        // Other programs deploy this layout.
        (&["synth", "--layout", "cdk", "--out", "cdk"], "wrote 2 files to cdk\n"),
    ] {
        let ran = case.run(args);
        assert!(ran.stderr.contains(next), "{args:?}: {}", ran.stderr);
    }
}

#[test]
fn two_backends_share_a_folder() {
    let config = |stacks: &[&str]| config(stacks).replace("{}", "{ removalPolicy: destroy }");
    let case = Case::with(&config(&["A", "B"]));
    assert_eq!(synth(&case, &["-b", "cfn"]).code, Some(0));
    assert_eq!(synth(&case, &["-b", "tf"]).code, Some(0));
    case.write("ecrane.out/B/terraform.tfstate", "{}");
    case.write("ecrane.out/B/.terraform/x", "");
    case.write("ecrane.yaml", config(&["A"]));
    assert_eq!(synth(&case, &["-b", "tf"]).code, Some(0));
    assert_eq!(
        case.names("ecrane.out"),
        [
            ".ecrane.json",
            "A.template.json",
            "A/",
            "A/main.tf.json",
            "B.template.json",
            "B/",
            "B/.terraform/",
            "B/.terraform/x",
            "B/terraform.tfstate"
        ]
    );
}

#[test]
fn files_of_others_stand_in_the_way() {
    let case = Case::with(&config(&["A", "B", "C"]));
    case.write("out/A.template.json", "by hand");
    symlink("/etc", case.path("out/link")).unwrap();
    fs::create_dir(case.path("out/B.template.json")).unwrap();
    let before = case.contents();
    let ran = synth(&case, &["-b", "cfn", "--out", "out"]);
    assert_eq!(ran.code, Some(3));
    assert_eq!(ran.stderr.matches("error[output::not_ours]").count(), 2, "{}", ran.stderr);
    assert_eq!(case.contents(), before);
}

#[test]
fn edited_output_is_kept() {
    let case = Case::with(&config(&["A", "B"]));
    assert_eq!(synth(&case, &["-b", "cfn"]).code, Some(0));
    case.write("ecrane.out/A.template.json", "by hand");
    case.write("ecrane.yaml", config(&["A", "C"]));
    let before = case.contents();
    let ran = synth(&case, &["-b", "cfn"]);
    assert_eq!(ran.code, Some(3));
    assert!(ran.stderr.contains("error[output::edited]"), "{}", ran.stderr);
    assert_eq!(case.contents(), before);
    // Out of the way it goes on, and what is stale and edited stays.
    case.write("ecrane.yaml", config(&["C"]));
    let ran = synth(&case, &["-b", "cfn"]);
    assert_eq!(ran.code, Some(0));
    assert!(ran.stderr.contains("kept ecrane.out/A.template.json"), "{}", ran.stderr);
    assert_eq!(case.read("ecrane.out/A.template.json"), "by hand");
}

#[test]
fn a_wrong_config_leaves_the_output_as_it_was() {
    let case = Case::with(&config(&["A"]));
    assert_eq!(synth(&case, &["-b", "cfn"]).code, Some(0));
    case.write("ecrane.yaml", "stacks: { A: { repositorys: {} } }");
    let before = case.contents();
    assert_eq!(synth(&case, &["-b", "cfn"]).code, Some(1));
    assert_eq!(case.contents(), before);
}

/// A limit on the size of files stands for a full disk. Ignored, its signal becomes an error of
/// the write; otherwise it kills the run.
#[test]
fn a_disk_that_is_full_changes_nothing() {
    let repositories: String =
        (0..200).map(|n| format!("      R{n}: {{ repositoryName: a/r{n} }}\n")).collect();
    let case = Case::with(&format!(
        "stacks:\n  A: {{ repositories: {{ App: {{}} }} }}\n  B:\n    repositories:\n{repositories}"
    ));
    let limited = |before: &str| {
        let script =
            format!("{before} ulimit -f 8; exec {} synth -b cfn", env!("CARGO_BIN_EXE_ecrane"));
        run(case.command("/bin/bash").args(["-c", &script]))
    };
    let before = case.contents();
    let ran = limited("trap '' XFSZ;");
    assert_eq!(ran.code, Some(3), "{ran:?}");
    assert!(ran.stderr.contains("error[output::io]"), "{}", ran.stderr);
    assert_eq!(case.contents(), before);

    let ran = limited("");
    assert_eq!(ran.code, None, "{ran:?}");
    assert!(!case.path("ecrane.out/A.template.json").exists());
    // The next run clears what the dead one has left.
    assert_eq!(synth(&case, &["-b", "cfn"]).code, Some(0));
    assert_eq!(case.names("ecrane.out"), [".ecrane.json", "A.template.json", "B.template.json"]);
}

#[test]
fn runs_into_one_folder_take_turns() {
    let case = Case::with(&config(&["A", "B", "C", "D"]));
    case.write("other.yaml", config(&["A", "C", "E"]));
    let mut running: Vec<_> = (0..12)
        .map(|n| {
            let name = if n % 2 == 0 { "ecrane.yaml" } else { "other.yaml" };
            case.ecrane()
                .args(["synth", name, "-b", "cfn"])
                .stderr(std::process::Stdio::null())
                .spawn()
                .unwrap()
        })
        .collect();
    for child in &mut running {
        assert!(child.wait().unwrap().success());
    }
    let names = case.names("ecrane.out");
    let whole = |stacks: &[&str]| {
        let files = stacks.iter().map(|s| format!("{s}.template.json"));
        std::iter::once(".ecrane.json".to_owned()).chain(files).collect::<Vec<_>>()
    };
    assert!(names == whole(&["A", "B", "C", "D"]) || names == whole(&["A", "C", "E"]), "{names:?}");
}

/// A shell in the directory would otherwise be left in one that no longer exists.
#[test]
fn the_working_directory_is_not_exchanged() {
    use std::os::unix::fs::MetadataExt as _;
    let case = Case::with(&config(&["A", "B", "C"]));
    assert_eq!(synth(&case, &["-b", "cfn"]).code, Some(0));
    case.write("ecrane.yaml", config(&["D", "E", "F"]));
    let inode = || fs::metadata(case.path("ecrane.out")).unwrap().ino();
    let before = inode();
    let ran = run(case.ecrane().current_dir(case.path("ecrane.out")).args([
        "synth",
        "../ecrane.yaml",
        "-b",
        "cfn",
        "--out",
        ".",
    ]));
    assert_eq!(ran.code, Some(0), "{ran:?}");
    assert_eq!(inode(), before);
}

/// A run is killed at different moments. Without a next run, the directory is as before or as after.
#[test]
#[cfg(any(target_os = "linux", target_os = "macos"))]
fn a_killed_run_leaves_no_mixture() {
    let stacks: Vec<_> = (0..60).map(|n| format!("S{n}")).collect();
    let stacks: Vec<_> = stacks.iter().map(String::as_str).collect();
    let old = config(&stacks);
    let new = old.replace("App", "Other");
    assert_ne!(old, new);
    let case = Case::with(&old);
    assert_eq!(synth(&case, &["-b", "cfn"]).code, Some(0));
    let (mut killed, mut changed) = (0, 0);
    for round in 0..40_u64 {
        case.write("ecrane.yaml", if changed % 2 == 0 { &new } else { &old });
        let mut child = case
            .ecrane()
            .args(["synth", "-b", "cfn"])
            .stderr(std::process::Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(std::time::Duration::from_millis(round));
        // It may have ended already.
        let _ = child.kill();
        killed += usize::from(!child.wait().unwrap().success());
        let is_new: Vec<_> = stacks
            .iter()
            .map(|stack| case.read(&format!("ecrane.out/{stack}.template.json")).contains("Other"))
            .collect();
        assert!(is_new.windows(2).all(|pair| pair[0] == pair[1]), "round {round}: {is_new:?}");
        changed = usize::from(is_new[0]);
    }
    assert!(killed > 0, "no run was killed");
}
