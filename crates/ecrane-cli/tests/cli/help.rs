//! The help texts, as people see them.
//!
//! Each file under `tests/help` holds the output of one command. Run with `SNAPSHOTS=overwrite` to
//! replace it by the current output; then read the diff.

use std::fs;
use std::path::Path;

use crate::case::Case;

/// Lines of the smallest terminal in use.
const SCREEN: usize = 24;

fn help(args: &[&str]) -> String {
    let ran = Case::new().run(args);
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""), "{args:?}");
    ran.stdout
}

#[test]
fn wording() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/help");
    let mut wrong = Vec::new();
    for args in [
        &["-h"][..],
        &["--help"],
        &["synth", "-h"],
        &["synth", "--help"],
        &["check", "--help"],
        &["init", "--help"],
        &["preview", "-h"],
        &["preview", "--help"],
        &["diff", "--help"],
        &["access", "--help"],
        &["graph", "--help"],
        &["adopt", "--help"],
        &["report", "--help"],
        &["schema", "--help"],
        &["explain", "--help"],
        &["completions", "--help"],
        &["man", "--help"],
    ] {
        let text = help(args);
        let golden = folder.join(format!("ecrane {}.txt", args.join(" ")));
        if std::env::var_os("SNAPSHOTS").is_some_and(|how| how == "overwrite") {
            fs::create_dir_all(&folder).unwrap();
            fs::write(&golden, &text).unwrap();
        } else if fs::read_to_string(&golden).unwrap_or_default() != text {
            wrong.push(format!("{}:\n{text}", golden.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn short_help_fits_a_screen_and_shows_commands_first() {
    let text = help(&["-h"]);
    assert!(text.lines().count() <= SCREEN, "{text}");
    let (commands, options) = (text.find("Commands:"), text.find("Options:"));
    assert!(commands.is_some() && commands < options, "{text}");
}
