//! Completion scripts, manual pages and the pre-commit hook.
//!
//! `cargo xtask test packaging` lets shells and groff read them.

use std::fs;
use std::path::Path;

use crate::case::Case;

/// The commands that the help lists.
pub(crate) fn commands() -> Vec<String> {
    let help = Case::new().run(&["-h"]).stdout;
    let commands = help.lines().skip_while(|line| *line != "Commands:").skip(1);
    let names = commands.map_while(|line| Some(line.split_whitespace().next()?.to_owned()));
    names.filter(|name| name != "help").collect()
}

#[test]
fn completions_know_every_command() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let ran = Case::new().run(&["completions", shell]);
        assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""), "{shell}");
        for command in commands() {
            assert!(ran.stdout.contains(&command), "{shell} does not complete {command}");
        }
    }
    assert_eq!(Case::new().run(&["completions", "csh"]).code, Some(2));
}

#[test]
fn every_command_has_a_manual_page() {
    let case = Case::new();
    let ran = case.run(&["man", "share/man1"]);
    let mut pages: Vec<_> = commands().iter().map(|name| format!("ecrane-{name}.1")).collect();
    pages.push("ecrane.1".to_owned());
    pages.sort();
    assert_eq!(case.names("share/man1"), pages);
    assert_eq!(ran.stderr, format!("wrote {} pages to share/man1\n", pages.len()));
    let page = case.read("share/man1/ecrane-check.1");
    assert!(page.contains("Validate a config without writing files"), "{page}");
    // Again, over the pages of an earlier version.
    assert_eq!(case.run(&["man", "share/man1"]).code, Some(0));
}

#[test]
fn a_page_that_cannot_be_written_is_an_error() {
    let case = Case::new();
    case.write("man1", "a file");
    let ran = case.run(&["man", "man1"]);
    assert_eq!(ran.code, Some(3));
    assert!(
        ran.stderr.starts_with("error[man::io]: could not write `man1/ecrane.1`: "),
        "{}",
        ran.stderr
    );
}

#[test]
fn the_pre_commit_hook_runs() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../.pre-commit-hooks.yaml");
    let hooks = fs::read_to_string(path).unwrap();
    let entry = hooks.lines().find_map(|line| line.strip_prefix("  entry: ecrane ")).unwrap();
    let args: Vec<_> = entry.split(' ').collect();
    let config = "stacks: { S: { repositories: { App: {} } } }\n";
    assert_eq!(Case::with(config).run(&args).code, Some(0));
    assert_eq!(Case::with(&config.replace("App", "a//b")).run(&args).code, Some(1));
}
