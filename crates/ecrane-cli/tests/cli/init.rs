//! Configs to start from.

use std::fs;
use std::path::Path;

use crate::case::Case;

/// The names that `--list` prints.
fn templates() -> Vec<String> {
    let ran = Case::new().run(&["init", "--list"]);
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""));
    ran.stdout.lines().filter_map(|line| Some(line.split_whitespace().next()?.to_owned())).collect()
}

#[test]
fn every_template_is_valid_and_renders_on_both_backends() {
    for template in templates() {
        let case = Case::new();
        let ran = case.run(&["init", "--template", &template]);
        assert_eq!(ran.code, Some(0), "{template}: {}", ran.stderr);
        let ran = case.run(&["check"]);
        assert_eq!(
            (ran.code, ran.stderr.contains("no problem in ")),
            (Some(0), true),
            "{template}: {}",
            ran.stderr
        );
        for backend in ["cloudformation", "terraform"] {
            let ran = case.run(&["synth", "--backend", backend, "--out", backend]);
            assert_eq!(ran.code, Some(0), "{template}: {}", ran.stderr);
        }
    }
}

#[test]
fn every_folder_of_templates_is_offered() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../templates/init");
    let mut folders: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    let mut offered = templates();
    folders.sort();
    offered.sort();
    assert_eq!(folders, offered);
}

#[test]
fn every_file_of_a_template_is_written_with_a_schema_line() {
    for template in templates() {
        let case = Case::new();
        case.run(&["init", "new", "--template", &template]);
        let kept = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../templates/init");
        let kept = super::examples::files(&kept.join(&template));
        let mut written = super::examples::files(&case.path("new"));
        let schema = written.remove(Path::new("ecrane.schema.json"));
        assert_eq!(schema, Some(case.run(&["schema"]).stdout));
        assert_eq!(written, kept, "{template}");
        for (file, text) in written {
            let schema = text.lines().next().unwrap().split_once("$schema=").unwrap().1;
            let folder = case.path("new").join(file.parent().unwrap());
            assert!(folder.join(schema).is_file(), "{template}: {}", file.display());
        }
    }
}

#[test]
fn the_next_commands_are_named_and_run() {
    let case = Case::new();
    let ran = case.run(&["init", "new shop"]);
    assert_eq!(
        ran.stderr,
        "created new shop/ecrane.yaml, new shop/ecrane.schema.json\n\
         \n\
         Next, edit the config, then run:\n  \
           cd 'new shop'\n  \
           ecrane check\n  \
           ecrane synth --backend cloudformation\n"
    );
    let ran = Case::new().run(&["init"]);
    assert!(!ran.stderr.contains("cd "), "{}", ran.stderr);
}

#[test]
fn nothing_is_overwritten() {
    let case = Case::new();
    case.write("teams/search.yaml", "mine");
    case.write("ecrane.schema.json", "mine");
    let before = case.contents();
    let ran = case.run(&["init", "--template", "monorepo"]);
    assert_eq!(ran.code, Some(1));
    assert!(
        ran.stderr.contains("error[init::exists]: `teams/search.yaml` exists"),
        "{}",
        ran.stderr
    );
    assert!(ran.stderr.contains("`ecrane.schema.json` exists"), "{}", ran.stderr);
    assert_eq!(case.contents(), before);
}

#[cfg(unix)]
#[test]
fn a_link_that_leads_nowhere_is_not_followed() {
    let case = Case::new();
    std::os::unix::fs::symlink("elsewhere.yaml", case.path("ecrane.yaml")).unwrap();
    let ran = case.run(&["init"]);
    assert_eq!(ran.code, Some(1), "{}", ran.stderr);
    assert!(!case.path("elsewhere.yaml").exists());
}

#[test]
fn a_failure_leaves_no_file_behind() {
    let case = Case::new();
    // A file where the folder of the teams would be.
    case.write("teams", "mine");
    let before = case.contents();
    let ran = case.run(&["init", "--template", "monorepo"]);
    assert_eq!(ran.code, Some(3), "{}", ran.stderr);
    assert!(ran.stderr.contains("error[init::io]: could not create `teams/payments.yaml`"));
    assert_eq!(case.contents(), before);
}
