//! The README shows what the program does.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::case::Case;

fn path() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../README.md")
}

/// The fenced blocks of the README that begin with a text.
fn blocks<'r>(readme: &'r str, start: &'r str) -> impl Iterator<Item = &'r str> {
    let fenced = readme.split("\n```").skip(1).step_by(2);
    fenced.filter(move |block| block.starts_with(start))
}

/// The config that the README begins with.
fn config(readme: &str) -> &str {
    let block = blocks(readme, "yaml\n# ecrane.yaml\n").next().unwrap();
    block.strip_prefix("yaml\n").unwrap()
}

/// Whether a document has all that an excerpt of it shows.
fn shows(excerpt: &Value, document: &Value) -> bool {
    match (excerpt, document) {
        (Value::Object(excerpt), Value::Object(document)) => {
            excerpt.iter().all(|(key, value)| document.get(key).is_some_and(|d| shows(value, d)))
        }
        _ => excerpt == document,
    }
}

#[test]
fn shows_excerpts_of_both_outputs() {
    let readme = fs::read_to_string(path()).unwrap();
    let case = Case::with(config(&readme));
    let mut excerpts =
        blocks(&readme, "json\n{\n  \"").filter_map(|block| block.strip_prefix("json\n"));
    for (backend, file, key) in [
        ("cloudformation", "ecrane.out/Shop.template.json", "Resources"),
        ("terraform", "ecrane.out/Shop/main.tf.json", "resource"),
    ] {
        assert_eq!(case.run(&["synth", "--backend", backend]).code, Some(0));
        let excerpt: Value = serde_json::from_str(excerpts.next().unwrap()).unwrap();
        assert!(excerpt[key].is_object(), "{excerpt}");
        assert!(shows(&excerpt, &case.json(file)), "{excerpt}");
    }
}

/// Run with `SNAPSHOTS=overwrite` to replace the output in the README by the current one.
#[test]
fn shows_the_problems_of_a_misspelt_config() {
    let readme = fs::read_to_string(path()).unwrap();
    let misspelt = config(&readme).replace("imageScanOnPush", "imageScanOnPsh");
    let ran = Case::with(&misspelt.replace("30d", "30x")).run(&["check"]);
    assert_eq!(ran.code, Some(1));
    let shown = blocks(&readme, "console fails\n$ ecrane check\n").next().unwrap();
    let actual = format!("console fails\n$ ecrane check\n{}", ran.stderr.trim_end());
    if std::env::var_os("SNAPSHOTS").is_some_and(|how| how == "overwrite") {
        fs::write(path(), readme.replace(shown, &actual)).unwrap();
    } else {
        assert_eq!(shown, actual);
    }
}

/// The overrides in the README reach both outputs.
#[test]
fn shows_escape_hatches_that_work() {
    let readme = fs::read_to_string(path()).unwrap();
    let block = blocks(&readme, "yaml\nrepositories:\n").next().unwrap();
    let stack = block.strip_prefix("yaml\n").unwrap().replace('\n', "\n    ");
    let case = Case::with(&format!("stacks:\n  Shop:\n    {stack}\n"));
    let stdout = |backend| case.run(&["synth", "--stdout", "--backend", backend]).stdout;
    let template: Value = serde_json::from_str(&stdout("cloudformation")).unwrap();
    let properties = &template["Resources"]["AppF1B96344"]["Properties"];
    assert_eq!(properties["ImageTagMutability"], "IMMUTABLE");
    let module: Value = serde_json::from_str(&stdout("terraform")).unwrap();
    assert_eq!(module["resource"]["aws_ecr_repository"]["app"]["timeouts"]["delete"], "30m");
}

/// The README's preview runs on its config, and each option of its table exists.
#[test]
fn shows_a_preview_that_works() {
    let readme = fs::read_to_string(path()).unwrap();
    let block = blocks(&readme, "console\n$ aws ecr describe-images").next().unwrap();
    let command = block.lines().find_map(|line| line.strip_prefix("$ ecrane ")).unwrap();
    let case = Case::with(config(&readme));
    let image = format!(
        r#"{{"imageDigest": "sha256:{}", "imagePushedAt": "2025-01-01T00:00:00Z"}}"#,
        "a".repeat(64)
    );
    case.write("images.json", format!(r#"{{"imageDetails": [{image}]}}"#));
    case.write("pods.json", r#"{"kind": "List", "items": []}"#);
    let ran = case.run(&command.split(' ').collect::<Vec<_>>());
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    assert!(ran.stdout.contains("\nExpire (1 image)\n"), "{}", ran.stdout);
    let help = case.run(&["preview", "--help"]).stdout;
    let rows = readme.lines().filter_map(|line| line.strip_prefix("| `--")?.split_once(['`', ' ']));
    let of_preview = rows.skip_while(|(option, _)| *option != "policy").take(8);
    let has =
        |option: &str| [" <", "\n"].iter().any(|end| help.contains(&format!("--{option}{end}")));
    let missing: Vec<_> = of_preview.filter(|(option, _)| !has(option)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn shows_an_adoption() {
    let readme = fs::read_to_string(path()).unwrap();
    let case = Case::new();
    let template = blocks(&readme, "yaml\n# Shop.yaml\n").next().unwrap();
    case.write("Shop.yaml", template.strip_prefix("yaml\n").unwrap());
    let ran = case.run(&["adopt", "Shop.yaml", "--out", "-"]);
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""));
    let shown = blocks(&readme, "console\n$ ecrane adopt ").next().unwrap();
    let actual = format!("console\n$ ecrane adopt Shop.yaml --out -\n{}", ran.stdout.trim_end());
    assert_eq!(shown, actual);
}

#[test]
fn shows_a_change() {
    let readme = fs::read_to_string(path()).unwrap();
    let case = Case::with(config(&readme));
    assert_eq!(case.run(&["synth", "--backend", "cfn"]).code, Some(0));
    case.write("ecrane.yaml", config(&readme).replace("shop/app", "shop/main"));
    let ran = case.run(&["diff", "--against", "ecrane.out"]);
    let shown = blocks(&readme, "console\n$ ecrane diff ").next().unwrap();
    assert_eq!(
        shown,
        format!("console\n$ ecrane diff --against ecrane.out\n{}", ran.stdout.trim_end())
    );
}
