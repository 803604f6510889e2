//! Whatever stands where a config should: a diagnostic, never a panic, and nothing written.

use std::fs;

use crate::case::{Case, run};

const GOOD: &str = "stacks: { A: { repositories: { App: {} } } }\n";

/// Runs `synth` and `check` on a config and asserts that they refuse it alike.
fn refuses(case: &Case, config: &str, exit: i32, code: &str) {
    case.write("out/neighbour", "stays");
    let before = case.contents();
    for command in [&["synth", "-b", "cfn", "--out", "out"][..], &["check"]] {
        let ran = case_run(case, command, config);
        assert_eq!(ran.code, Some(exit), "{config}: {ran:?}");
        assert!(ran.stderr.contains(&format!("error[{code}]")), "{config}: {}", ran.stderr);
        assert!(!ran.stderr.contains("panicked"), "{config}: {}", ran.stderr);
        assert_eq!(ran.stdout, "", "{config}");
        assert!(ran.stderr.len() < 20_000, "{config}: {} bytes", ran.stderr.len());
    }
    assert_eq!(case.contents(), before, "{config}");
}

fn case_run(case: &Case, command: &[&str], config: &str) -> crate::case::Ran {
    let mut args = command.to_vec();
    if !config.is_empty() {
        args.insert(1, config);
    }
    case.run(&args)
}

#[test]
fn what_is_no_config() {
    let bomb = {
        let mut text = "a: &a [x, x, x, x, x, x, x, x, x]\n".to_owned();
        for (name, of) in "bcdefghij".chars().zip("abcdefghi".chars()) {
            text += &format!("{name}: &{name} [{}]\n", vec![format!("*{of}"); 9].join(", "));
        }
        text
    };
    let big_anchor =
        format!("a: &a \"{}\"\nb: [{}]\n", "x".repeat(100_000), vec!["*a"; 3000].join(", "));
    let deep = 10_000;
    let deep_block: String = (0..deep / 2).map(|n| format!("{}a:\n", " ".repeat(n))).collect();
    let deep_json = format!("{}1{}", "{\"a\":[".repeat(deep), "]}".repeat(deep));
    let cases: &[(&str, &[u8], i32, &str)] = &[
        ("empty.yaml", b"", 1, "config::empty"),
        ("empty.json", b"", 1, "config::empty"),
        ("blank.yaml", b"# nothing\n\n", 1, "config::empty"),
        ("truncated.yaml", b"stacks: { A: { repo", 1, "config::truncated"),
        ("truncated.json", b"{\"stacks\": {\"A\": {", 1, "config::truncated"),
        ("truncated.toml", b"[stacks.A\n", 1, "config::truncated"),
        ("text.yaml", b"just a text\n", 1, "config::wrong_type"),
        ("list.json", b"[1, 2]", 1, "config::wrong_type"),
        ("types.yaml", b"stacks: { A: { tags: [1] } }\n", 1, "config::wrong_type"),
        ("types.json", b"{\"stacks\": {\"A\": {\"tags\": [1]}}}", 1, "config::wrong_type"),
        ("types.toml", b"stacks.A.tags = [1]\n", 1, "config::wrong_type"),
        ("twice.yaml", b"stacks: {}\nstacks: {}\n", 1, "config::duplicate_key"),
        ("twice.json", b"{\"stacks\": {}, \"stacks\": {}}", 1, "config::duplicate_key"),
        ("twice.toml", b"stacks = {}\nstacks = {}\n", 1, "config::duplicate_key"),
        ("bomb.yaml", bomb.as_bytes(), 1, "config::alias_budget"),
        ("big.yaml", big_anchor.as_bytes(), 1, "config::alias_budget"),
        ("deep.yaml", deep_block.as_bytes(), 1, "config::too_deep"),
        ("flow.yaml", "[".repeat(deep).into_bytes().leak(), 1, "config::too_deep"),
        ("deep.json", deep_json.as_bytes(), 1, "config::too_deep"),
        (
            "deep.toml",
            format!("a = {}", "[".repeat(deep)).into_bytes().leak(),
            1,
            "config::too_deep",
        ),
        ("utf8.yaml", b"stacks: {A: {description: \"\xff\xfe\"}}\n", 1, "config::not_utf8"),
        ("zeros.json", &[0; 64], 1, "config::malformed"),
        ("config.ini", b"[stacks]\n", 1, "config::unknown_format"),
        ("config", b"stacks: {}\n", 1, "config::unknown_format"),
    ];
    for (name, content, exit, code) in cases {
        let case = Case::new();
        case.write(name, content);
        refuses(&case, name, *exit, code);
    }
}

#[test]
fn what_cannot_be_read() {
    let case = Case::new();
    refuses(&case, "missing.yaml", 3, "config::missing_file");
    refuses(&case, "", 3, "config::not_found");
    fs::create_dir_all(case.path("folder.yaml")).unwrap();
    refuses(&case, "folder.yaml", 3, "config::directory");
    // A name that is too long fails for every user, root included.
    refuses(&case, &format!("{}.yaml", "x".repeat(300)), 3, "config::unreadable");
}

#[test]
fn two_configs_in_one_folder() {
    let case = Case::with(GOOD);
    case.write("ecrane.toml", "");
    refuses(&case, "", 1, "config::ambiguous");
    let stderr = case.run(&["check"]).stderr;
    assert!(stderr.contains("ecrane.yaml") && stderr.contains("ecrane.toml"), "{stderr}");
    assert_eq!(case.run(&["check", "ecrane.yaml"]).code, Some(0));
}

#[test]
fn a_list_of_errors_has_an_end() {
    let names: String = (0..2000).map(|n| format!("      App{n}: {{ colour: red }}\n")).collect();
    let case = Case::with(&format!("stacks:\n  A:\n    repositories:\n{names}"));
    let ran = case.run(&["check"]);
    assert_eq!(ran.code, Some(1));
    assert_eq!(ran.stderr.matches("error[config::unknown_key]").count(), 50);
    assert!(ran.stderr.contains("of which the first 50 are shown\n\n"), "{}", ran.stderr);
    let ran = case.run(&["check", "--message-format", "json"]);
    assert_eq!(ran.stderr.lines().count(), 2000);
}

#[test]
fn no_message_carries_control_characters() {
    let case = Case::with("stacks: { A: { \"a\\e[31m\\u202e\": 1 } }\n");
    for format in ["human", "json", "github"] {
        let ran = case.run(&["check", "--message-format", format]);
        assert_eq!(ran.code, Some(1), "{ran:?}");
        // In JSON the pointer is exact; a reader of JSON does not print it as it is.
        let tricky =
            |c: char| (c.is_control() && c != '\n') || (c == '\u{202e}' && format != "json");
        assert!(!ran.stderr.contains(tricky), "{format}: {:?}", ran.stderr);
    }
}

#[test]
fn the_command_line_itself() {
    let case = Case::with(GOOD);
    for args in [
        &[][..],
        &["dance"],
        &["synth", "--backend", "pulumi"],
        &["synth"],
        &["synth", "-b", "tf", "--layout", "cdk"],
        &["synth", "--layout", "cdktf", "--stack", "A"],
        &["synth", "-b", "cfn", "--stack", "B"],
        &["synth", "-b", "cfn", "--stdout", "--out", "x"],
    ] {
        let ran = case.run(args);
        assert_eq!(ran.code, Some(2), "{args:?}: {ran:?}");
        assert!(!ran.stderr.is_empty() && ran.stdout.is_empty(), "{args:?}: {ran:?}");
    }
    assert_eq!(case.names(""), ["ecrane.yaml"]);
}

#[test]
fn a_reader_that_has_enough() {
    let case = Case::with(GOOD);
    let script = format!("{} schema | head -c 1", env!("CARGO_BIN_EXE_ecrane"));
    let ran = run(case.command("/bin/bash").args(["-o", "pipefail", "-c", &script]));
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""));
}

#[test]
fn a_full_disk_under_stdout() {
    let case = Case::with(GOOD);
    let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let ran = run(case.ecrane().arg("schema").stdout(full));
    assert_eq!(ran.code, Some(3));
    assert!(ran.stderr.contains("error[output::stdout]"), "{}", ran.stderr);
}

#[test]
fn what_is_too_large() {
    let deep = vec!["a"; 10_000].join("/");
    let preset = format!(
        "presets: {{ p: {{ events: {{ E: {{ on: event, eventPattern: {{ source: [{}] }} }} }} }} }}\n\
         defaults: p\nstacks:\n  S:\n    repositories:\n{}",
        vec!["x"; 3_000].join(", "),
        (0..5_000).map(|n| format!("      R{n}: {{}}\n")).collect::<String>(),
    );
    let chain: String = (0..20_000)
        .map(|n| format!("  p{}: {{ preset: p{n}, tags: {{ k{n}: v }} }}\n", n + 1))
        .collect();
    let chain = format!("presets:\n  p0: {{}}\n{chain}stacks: {{}}\n");
    let name = |length: usize| {
        let name = "A".repeat(length);
        format!("stacks: {{ S: {{ repositories: {{ R: {{ repositoryName: {name} }} }} }} }}\n")
    };
    let case = Case::new();
    for (name, text, code) in [
        ("chain.yaml", chain, "preset::budget"),
        ("name.yaml", name(1_000_000), "repository::name_malformed"),
        (
            "key.json",
            format!(r#"{{"stacks": {{"S": {{"{}": 1}}}}}}"#, "k".repeat(1_000_000)),
            "config::unknown_key",
        ),
        (
            "deep.json",
            format!("{{\"stacks\": {{\"S\": {{\"repositories\": {{\"{deep}\": {{}}}}}}}}}}"),
            "construct::id_too_deep",
        ),
        ("preset.yaml", preset, "preset::budget"),
        ("large.toml", "[a]\n".repeat(9 << 20), "config::too_large"),
    ] {
        case.write(name, &text);
        let ran = case.run(&["check", name]);
        assert_eq!(ran.code, Some(1), "{name}: {}", ran.stderr);
        assert!(ran.stderr.contains(&format!("error[{code}]")), "{name}: {}", ran.stderr);
        assert!(ran.stderr.len() < 20_000, "{name}: {} bytes", ran.stderr.len());
    }
    // A file without blocks, which is not read.
    let sparse = fs::File::create(case.path("sparse.yaml")).unwrap();
    sparse.set_len(513 << 20).unwrap();
    let ran = case.run(&["check", "sparse.yaml"]);
    assert!(ran.stderr.contains("error[config::too_large]"), "{}", ran.stderr);
}

/// Columns are counted once for a whole line, however many problems are in it.
#[test]
fn many_problems_in_one_line() {
    let repositories: Vec<_> = (0..20_000).map(|n| format!(r#""é{n}": {{"colour": 1}}"#)).collect();
    let start = r#"{"stacks": {"S": {"repositories": {"#;
    let case = Case::new();
    case.write("line.json", format!("{start}{}}}}}}}}}", repositories.join(", ")));
    let ran = case.run(&["check", "line.json", "--message-format", "json"]);
    let problems: Vec<serde_json::Value> = ran
        .stderr
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .filter(|problem: &serde_json::Value| problem["code"] == "config::unknown_key")
        .collect();
    let column = |entry: &str| start.len() + entry.chars().position(|c| c == '{').unwrap() + 2;
    let mut before = 0;
    assert_eq!(problems.len(), repositories.len(), "{}", problems.len());
    for (problem, entry) in problems.iter().zip(&repositories) {
        assert_eq!(problem["column"], before + column(entry), "{problem}");
        before += entry.chars().count() + 2;
    }
}

#[cfg(unix)]
#[test]
fn what_is_no_regular_file_is_not_included() {
    let case = Case::with("include: [teams/*.yaml]\nstacks: {}\n");
    fs::create_dir(case.path("teams")).unwrap();
    let fifo = case.path("teams/a.yaml");
    assert!(std::process::Command::new("mkfifo").arg(&fifo).status().unwrap().success());
    let ran = case.run(&["check"]);
    assert_eq!(ran.code, Some(1), "{}", ran.stderr);
    assert!(ran.stderr.contains("error[config::not_a_file]"), "{}", ran.stderr);
}

/// The output of a stack has its id as its name.
#[test]
fn stacks_that_some_systems_cannot_write() {
    for (stacks, code) in [
        ("{ Shop: {}, shop: { stackName: other } }", "stack::id_case"),
        ("{ CON: {} }", "stack::id_device"),
        ("{ nul: {} }", "stack::id_device"),
        ("{ Com1: {} }", "stack::id_device"),
    ] {
        let ran = Case::with(&format!("stacks: {stacks}\n")).run(&["check"]);
        assert_eq!(ran.code, Some(1), "{stacks}: {}", ran.stderr);
        assert!(ran.stderr.contains(&format!("error[{code}]")), "{stacks}: {}", ran.stderr);
    }
    let ran = Case::with("stacks: { Console: {}, Com: {}, nul-x: {} }\n").run(&["check"]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
}

/// A config may come from another program.
#[cfg(unix)]
#[test]
fn a_config_on_stdin() {
    use std::io::Write as _;
    use std::process::Stdio;
    for (path, config) in [
        ("-", GOOD),
        ("/dev/stdin", GOOD),
        ("-", r#"{ "stacks": { "A": { "repositories": { "App": {} } } } }"#),
        ("-", "# TOML\n[stacks.A.repositories.App]\n"),
    ] {
        let case = Case::new();
        let mut child = case
            .command(env!("CARGO_BIN_EXE_ecrane"))
            .args(["synth", path, "-b", "cfn"])
            .stdin(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(config.as_bytes()).unwrap();
        let ran = child.wait_with_output().unwrap();
        assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
        assert!(case.path("ecrane.out/A.template.json").is_file());
    }
}

/// Nothing is read after the limit: the text may have no end.
#[cfg(unix)]
#[test]
fn a_config_without_an_end_on_stdin() {
    let case = Case::new();
    for path in ["-", "/dev/stdin"] {
        let endless = fs::File::open("/dev/zero").unwrap();
        let ran = run(case.ecrane().args(["check", path]).stdin(endless));
        assert_eq!(ran.code, Some(1), "{path}: {}", ran.stderr);
        assert!(ran.stderr.contains("error[config::too_large]"), "{path}: {}", ran.stderr);
    }
}

#[cfg(unix)]
#[test]
fn a_config_redirected_to_stdin() {
    let case = Case::with(GOOD);
    for path in ["-", "/dev/stdin"] {
        let config = fs::File::open(case.path("ecrane.yaml")).unwrap();
        let ran = run(case.ecrane().args(["check", path]).stdin(config));
        assert_eq!(ran.code, Some(0), "{path}: {}", ran.stderr);
    }
}

#[test]
fn a_stack_in_place_of_the_config() {
    let ran = Case::with(GOOD).run(&["synth", "A", "-b", "cfn"]);
    assert_ne!(ran.code, Some(0));
    assert!(ran.stderr.contains("to select a stack, use `--stack A`"), "{}", ran.stderr);
}

/// The output of a config that is found in a folder above is beside it.
#[test]
fn a_run_in_a_folder_below() {
    let case = Case::with(GOOD);
    fs::create_dir_all(case.path("docs/deep")).unwrap();
    let ran = case
        .command(env!("CARGO_BIN_EXE_ecrane"))
        .current_dir(case.path("docs/deep"))
        .args(["synth", "-b", "cfn"])
        .output()
        .unwrap();
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    assert!(case.path("ecrane.out/A.template.json").is_file());
    // So is the state of a local backend.
    let ran = case
        .command(env!("CARGO_BIN_EXE_ecrane"))
        .current_dir(case.path("docs/deep"))
        .args(["synth", "--layout", "cdktf"])
        .output()
        .unwrap();
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    let module = case.json("ecrane.out/stacks/A/cdk.tf.json");
    assert_eq!(module["terraform"]["backend"]["local"]["path"], "../../../terraform.A.tfstate");
}
