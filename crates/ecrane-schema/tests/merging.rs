//! Presets, defaults and included files: merged results and errors.

#![expect(clippy::disallowed_methods, reason = "only the crate itself is without I/O")]
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "tests"
)]

use std::fmt::Write as _;
use std::fs;

use ecrane_config::element::ImageTagMutability;
use ecrane_config::{Config, Document, Format};
use ecrane_core::Problem;
use ecrane_schema::load;
use tempfile::TempDir;

fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    folder
}

fn document(folder: &TempDir) -> Document {
    Document::load(&folder.path().join("main.yaml")).unwrap()
}

fn config(files: &[(&str, &str)]) -> Config {
    load(&document(&folder(files))).unwrap_or_else(|problems| panic!("{problems}"))
}

/// Each problem's code, the end of its file name, the text at its location, and its message.
fn reported(document: &Document) -> Vec<String> {
    let problems: Vec<Problem> = match load(document) {
        Err(problems) => problems.into_iter().collect(),
        Ok(config) => config.build().unwrap_err().into_iter().collect(),
    };
    let reported = document.in_order(&problems).into_iter().map(|problem| {
        let location = document.locate(&problem.place).unwrap();
        let file = &document.files()[location.file];
        let name = file.name.rsplit('/').next().unwrap();
        format!("{} {name} `{}`", problem.fact.code(), &file.text[location.span])
    });
    reported.collect()
}

fn refused(main: &str, others: &[(&str, &str)]) -> Vec<String> {
    let mut files = vec![("main.yaml", main)];
    files.extend(others);
    reported(&document(&folder(&files)))
}

#[test]
fn what_stands_nearer_wins() {
    let config = config(&[(
        "main.yaml",
        "
presets:
  base:
    imageScanOnPush: true
    tags: { team: core, tier: base }
    lifecycleRules: [{ maxImageAge: 30d }, { tagStatus: untagged, maxImageCount: 1 }]
  middle: { preset: base, imageTagMutability: IMMUTABLE, tags: { tier: middle } }
  other: { removalPolicy: destroy }
defaults: middle
stacks:
  S:
    repositories:
      Bare: {}
      Named: { preset: other, lifecycleRules: [{ maxImageAge: 7d }] }
      Own: { imageScanOnPush: false, tags: { tier: own, extra: x } }
      Imported: { import: { repositoryName: base/alpine } }
",
    )]);
    let repositories = &config.stacks["S"].repositories;
    let tags = |id: &str| -> Vec<String> {
        repositories[id].tags.iter().map(|(key, value)| format!("{key}={value}")).collect()
    };
    let bare = &repositories["Bare"];
    assert_eq!(bare.image_scan_on_push, Some(true));
    assert_eq!(bare.image_tag_mutability, Some(ImageTagMutability::Immutable));
    assert_eq!(bare.lifecycle_rules.len(), 2);
    assert_eq!(tags("Bare"), ["team=core", "tier=middle"]);
    // The defaults apply where the repository's own preset does not set a property; its list
    // replaces theirs.
    let named = &repositories["Named"];
    assert!(named.removal_policy.is_some() && named.image_scan_on_push == Some(true));
    assert_eq!(named.lifecycle_rules.len(), 1);
    assert_eq!(repositories["Own"].image_scan_on_push, Some(false));
    assert_eq!(tags("Own"), ["team=core", "tier=own", "extra=x"]);
    assert_eq!(repositories["Imported"].image_scan_on_push, None);
    config.build().unwrap();
}

#[test]
fn the_same_in_each_format() {
    let json = r#"{"$schema": "x", "presets": {"a": {"imageScanOnPush": true}}, "defaults": "a",
        "stacks": {"S": {"repositories": {"R": {"tags": {"k": "v"}}}}}}"#;
    let toml = "\"$schema\" = \"x\"\ndefaults = \"a\"\n[presets.a]\nimageScanOnPush = true\n\
        [stacks.S.repositories.R.tags]\nk = \"v\"\n";
    let of = |format, text| load(&Document::parse("test", format, text).unwrap()).unwrap();
    let config = of(Format::Json, json);
    assert_eq!(config.stacks["S"].repositories["R"].image_scan_on_push, Some(true));
    assert_eq!(config, of(Format::Yaml, json));
    assert_eq!(config, of(Format::Toml, toml));
}

#[test]
fn refuses_presets_that_cannot_be() {
    let cases: [(&str, &[&str]); 7] = [
        (
            "presets: { service: {} }\ndefaults: servce\nstacks: {}",
            &["config::unknown_id main.yaml `servce`"],
        ),
        (
            "presets: { service: {} }\nstacks: { S: { repositories: { R: { preset: x } } } }",
            &["config::unknown_id main.yaml `x`"],
        ),
        (
            "presets: { a: { preset: nope } }\nstacks: {}",
            &["config::unknown_id main.yaml `nope`"],
        ),
        (
            "presets: { d: { preset: a }, a: { preset: b }, b: { preset: c }, c: { preset: a } }
stacks: { S: { repositories: { R: { preset: d }, Q: { preset: b } } } }",
            &["preset::circle main.yaml `b`"],
        ),
        (
            "presets: { a: { repositoryName: x } }\nstacks: {}",
            &["preset::property main.yaml `repositoryName`"],
        ),
        // Reported once, not for each repository that inherits it.
        (
            "presets: { a: { imageScanOnPsh: true, lifecycleRules: 5 } }
defaults: a
stacks: { S: { repositories: { R: {}, Q: {} } } }",
            &["config::unknown_key main.yaml `imageScanOnPsh`", "config::wrong_type main.yaml `5`"],
        ),
        (
            "presets: { a: { emptyOnDelete: true, lifecycleRules: [{ maxImageAge: 3x }] } }
defaults: a
stacks: { S: { repositories: { R: {}, Q: {}, I: { import: { repositoryName: base }, preset: a } } } }",
            &[
                "repository::empty_on_delete_retained main.yaml `true`",
                "duration::malformed main.yaml `3x`",
                "config::imported_has main.yaml `preset`",
            ],
        ),
    ];
    for (text, expected) in cases {
        let mut reported = refused(text, &[]);
        let mut expected: Vec<String> = expected.iter().map(|&line| line.to_owned()).collect();
        reported.sort();
        expected.sort();
        assert_eq!(reported, expected, "{text}");
    }
    let text = "presets: { a: { preset: b }, b: { preset: a } }\nstacks: {}";
    let document = Document::parse("test", Format::Yaml, text).unwrap();
    let problems = load(&document).unwrap_err();
    let circle = problems.iter().next().unwrap();
    assert_eq!(
        circle.fact.to_string(),
        "presets inherit from each other in a cycle: `a` → `b` → `a`"
    );
    let text = "presets: { service: {} }\ndefaults: servce\nstacks: {}";
    let document = Document::parse("test", Format::Yaml, text).unwrap();
    let problems = load(&document).unwrap_err();
    assert_eq!(problems.iter().next().unwrap().fact.suggestion(), Some("service"));
}

/// The recursion depth does not depend on the length of a chain of presets.
#[test]
fn takes_a_long_chain() {
    let mut text = "presets:\n  p0: { imageScanOnPush: true }\n".to_owned();
    for index in (1..20_000).rev() {
        writeln!(text, "  p{index}: {{ preset: p{} }}", index - 1).unwrap();
    }
    text += "stacks: { S: { repositories: { R: { preset: p19999 } } } }\n";
    let document = Document::parse("test", Format::Yaml, &text).unwrap();
    let config = document.decode().unwrap();
    assert_eq!(config.stacks["S"].repositories["R"].image_scan_on_push, Some(true));
}

#[test]
fn puts_files_together() {
    let config = config(&[
        (
            "main.yaml",
            "include: [teams/*.yaml, 'more/**/*.json', './teams/b.yaml']
defaults: service
stacks: { S: { stackName: acme, principals: { Ci: { user: {} } }, repositories: { Main: {} } } }",
        ),
        (
            "teams/b.yaml",
            "stacks: { S: { repositories: { B: { grants: [{ to: Ci, allow: pull }] } } }, T: {} }",
        ),
        (
            "teams/a.yaml",
            "presets: { service: { imageScanOnPush: true } }\nstacks: { S: { repositories: { A: {} } } }",
        ),
        ("teams/.hidden.yaml", "nonsense"),
        ("teams/readme.md", "nonsense"),
        ("more/deep/er/c.json", r#"{"stacks": {"S": {"repositories": {"C": {}}}}}"#),
    ]);
    let ids: Vec<&String> = config.stacks["S"].repositories.keys().collect();
    assert_eq!(ids, ["Main", "C", "A", "B"]);
    assert!(config.stacks.contains_key("T"));
    assert_eq!(config.stacks["S"].repositories["B"].image_scan_on_push, Some(true));
    config.build().unwrap();
}

#[test]
fn refuses_files_that_cannot_be_put_together() {
    let main = "include: ['*.yaml']\nstacks: { S: { stackName: one, repositories: { App: {} } } }";
    let cases: [(&str, &str, &[&str]); 8] = [
        (
            "an id twice",
            "stacks: { S: { repositories: { App: {} } } }",
            &["include::defined_twice team.yaml `App`"],
        ),
        (
            "a property twice",
            "stacks: { S: { stackName: two } }",
            &["include::defined_twice team.yaml `stackName`"],
        ),
        (
            "keys of the including file",
            "include: [x]\ncompatibility: {}\nstacks: {}",
            &[
                "config::unknown_key team.yaml `compatibility`",
                "config::unknown_key team.yaml `include`",
            ],
        ),
        ("no map", "- a", &["config::wrong_type team.yaml `- a`"]),
        ("no map of stacks", "stacks: 5", &["config::wrong_type team.yaml `5`"]),
        ("broken", "stacks: {} {", &["config::malformed team.yaml `{`"]),
        (
            "a misspelt key",
            "stacks: { S: { repositories: { B: { repositoryNmae: b } } } }",
            &["config::unknown_key team.yaml `repositoryNmae`"],
        ),
        (
            "a wrong name",
            "stacks: { S: { repositories: { B: { repositoryName: B! } } } }",
            &["repository::name_malformed team.yaml `B!`"],
        ),
    ];
    for (name, team, expected) in cases {
        let mut reported = refused(main, &[("team.yaml", team)]);
        reported.sort();
        assert_eq!(reported, expected, "{name}");
    }
}

#[test]
fn an_id_that_is_defined_twice_shows_both_places() {
    let folder = folder(&[
        ("main.yaml", "include: [a.yaml, b.yaml]\nstacks: {}"),
        ("a.yaml", "presets: { p: {} }"),
        ("b.yaml", "presets: { p: {} }"),
    ]);
    let document = document(&folder);
    let problems = load(&document).unwrap_err();
    let (first, what) = problems.iter().next().unwrap().fact.related().unwrap();
    assert_eq!(what, "first defined here");
    let location = document.locate(first).unwrap();
    assert!(document.files()[location.file].name.ends_with("a.yaml"));
    assert_eq!(&document.files()[location.file].text[location.span], "p");
}

#[test]
fn includes_only_what_is_in_the_folder() {
    let cases = [
        ("../*.yaml", "include::outside"),
        ("a/../../x.yaml", "include::outside"),
        ("/etc/*.yaml", "include::outside"),
        ("none/*.yaml", "include::no_match"),
        ("main.yaml", "include::no_match"),
        ("", "include::no_match"),
        ("***", "include::pattern"),
        ("[a", "include::pattern"),
        ("text.md", "config::unknown_format"),
    ];
    for (pattern, code) in cases {
        let main = format!("include: ['{pattern}']\nstacks: {{}}");
        let reported = refused(&main, &[("a/b.yaml", "stacks: {}"), ("text.md", "")]);
        assert_eq!(reported, [format!("{code} main.yaml `'{pattern}'`")]);
    }
    let text = "include: [a.yaml]\nstacks: {}";
    let document = Document::parse("test", Format::Yaml, text).unwrap();
    assert_eq!(reported(&document), ["include::no_folder test `a.yaml`"]);
}

#[cfg(unix)]
#[test]
fn links_do_not_lead_out_of_the_folder() {
    use std::os::unix::fs::symlink;
    let outside = folder(&[("x.yaml", "stacks: { S: {} }")]);
    for pattern in ["link.yaml", "linked/x.yaml", "linked/*", "*/x.yaml"] {
        let main = format!("include: ['{pattern}']\nstacks: {{}}");
        let inside = folder(&[("main.yaml", &main)]);
        symlink(outside.path().join("x.yaml"), inside.path().join("link.yaml")).unwrap();
        symlink(outside.path(), inside.path().join("linked")).unwrap();
        let reported = reported(&document(&inside));
        assert_eq!(reported, [format!("include::outside main.yaml `'{pattern}'`")]);
    }
    // A symbolic link that stays inside is equivalent to its target.
    let inside = folder(&[
        ("main.yaml", "include: [link.yaml]\nstacks: {}"),
        ("real/x.yaml", "stacks: { S: {} }"),
    ]);
    symlink(inside.path().join("real/x.yaml"), inside.path().join("link.yaml")).unwrap();
    assert!(load(&document(&inside)).unwrap().stacks.contains_key("S"));
}
