//! The explanations of codes: complete, and their examples do what they say.

#![expect(clippy::panic, clippy::indexing_slicing, reason = "tests")]

#[path = "../../src/explain/page.rs"]
mod page;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use crate::aws::{self, Answer, Aws};
use crate::case::{Case, Ran};
use page::{Block, Page};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The codes of all diagnostics, by the snapshots that a test keeps complete.
fn codes() -> BTreeSet<String> {
    let snapshots =
        ["crates/ecrane/tests/diagnostics/codes.md", "crates/ecrane-cli/tests/codes.md"];
    let texts = snapshots.map(|path| fs::read_to_string(root().join(path)).unwrap());
    let lines = texts.iter().flat_map(|text| text.lines());
    lines
        .filter_map(|line| Some(line.strip_prefix("## `")?.strip_suffix('`')?.to_owned()))
        .collect()
}

/// The text of each explanation by its code.
fn explanations() -> BTreeMap<String, String> {
    let folder = root().join("templates/explain");
    let files = super::examples::files(&folder).into_iter();
    let code = |path: &Path| path.with_extension("").to_str().unwrap().replace('/', "::");
    files.map(|(path, text)| (code(path.strip_prefix(&folder).unwrap_or(&path)), text)).collect()
}

#[test]
fn every_code_is_explained() {
    let (codes, explained) = (codes(), explanations().into_keys().collect::<BTreeSet<_>>());
    let missing: Vec<_> = codes.difference(&explained).collect();
    assert!(missing.is_empty(), "these need a file in `templates/explain`: {missing:?}");
    let unknown: Vec<_> = explained.difference(&codes).collect();
    assert!(unknown.is_empty(), "these are explained, and no diagnostic has them: {unknown:?}");
}

/// Replaces `⟨3 × text# ⟩` by its repetitions.
fn expand(text: &str) -> String {
    let Some((before, rest)) = text.split_once('⟨') else { return text.to_owned() };
    let (inside, after) = rest.split_once('⟩').unwrap();
    let (count, item) = inside.split_once(" × ").unwrap();
    let count: usize = count.parse().unwrap();
    let items: String = (1..=count).map(|n| item.replace('#', &n.to_string())).collect();
    format!("{before}{items}{}", expand(after))
}

#[test]
fn a_repetition_is_expanded() {
    assert_eq!(expand("{ ⟨2 × k#: v, ⟩ } ⟨3 × a⟩"), "{ k1: v, k2: v,  } aaa");
    assert_eq!(expand("a"), "a");
}

/// The file of a block without a path.
fn default_file(language: &str) -> String {
    format!("ecrane.{language}")
}

/// Runs its argument in Bash, as a user to whom the permissions of files apply. They do not apply to
/// root, as CI and containers have it, unless root is without two of its capabilities.
const WITHOUT_PRIVILEGES: &str = r#"
if [ "$(id -u)" = 0 ]; then
    exec setpriv --bounding-set=-dac_override,-dac_read_search bash -c "$1"
fi
exec bash -c "$1"
"#;

/// Runs an example: writes its files, lets its AWS answer, and runs its commands.
fn run(page: &Page<'_>, of: &str) -> (BTreeSet<String>, Option<i32>) {
    let case = Case::new();
    let blocks: Vec<&Block<'_>> =
        page.blocks.iter().filter(|b| b.of == of || b.of == "both").collect();
    let mut command = "$ ecrane check";
    for block in blocks.iter().filter(|block| !["console", "http"].contains(&block.language)) {
        let file = block.file.map_or_else(|| default_file(block.language), str::to_owned);
        if file == "policy.json" {
            command = "$ ecrane check --lifecycle-policy policy.json";
        }
        case.write(&file, expand(block.text));
    }
    let answers = blocks.iter().filter(|block| block.language == "http").map(|block| {
        let (status, body) = block.text.split_once('\n').unwrap();
        let status = status.strip_prefix("HTTP/1.1 ").unwrap();
        let status = status.split(' ').next().unwrap().parse().unwrap();
        Answer { operation: block.file.map(str::to_owned), status, body: expand(body) }
    });
    let answers: Vec<_> = answers.collect();
    let aws = (!answers.is_empty()).then(|| Aws::start(answers));
    let consoles = blocks.iter().filter(|block| block.language == "console");
    let mut commands: Vec<_> = consoles.flat_map(|block| block.text.lines()).collect();
    if commands.is_empty() {
        commands.push(command);
    }
    // The last one is the example; those before it are its history.
    let mut last = None;
    for line in commands {
        let line = line.strip_prefix("$ ").unwrap_or_else(|| panic!("{line}: not a command"));
        let mut command = case.command("sh");
        let ecrane = env!("CARGO_BIN_EXE_ecrane");
        let line = format!("ecrane() {{ '{ecrane}' \"$@\" --message-format json; }}; {line}");
        command
            .args(["-c", WITHOUT_PRIVILEGES, "sh", &line])
            .env("PATH", "/usr/bin:/bin")
            .env("HOME", case.path("."));
        if let Some(aws) = &aws {
            command.envs(aws::ENVIRONMENT).env("AWS_ENDPOINT_URL", &aws.endpoint);
        }
        last = Some(crate::case::run(&mut command));
    }
    let last = last.unwrap();
    let mut codes = reported(&last);
    codes.extend(told_to_the_cdk(&case));
    (codes, last.code)
}

/// The codes in the cloud assembly, which the `cdk` CLI shows.
fn told_to_the_cdk(case: &Case) -> Vec<String> {
    let manifest = fs::read_to_string(case.path("cdk.out/manifest.json")).unwrap_or_default();
    let words = manifest.split('[').filter_map(|rest| Some(rest.split_once(']')?.0));
    let is_code = |word: &&str| {
        word.contains("::") && word.chars().all(|c| c.is_ascii_lowercase() || "_:".contains(c))
    };
    words.filter(is_code).map(str::to_owned).collect()
}

/// The words of a command. Single quotes keep what is between them together.
pub(crate) fn words(line: &str) -> Vec<String> {
    let (mut words, mut word, mut is_quoted) = (Vec::new(), None::<String>, false);
    for c in line.chars() {
        match c {
            '\'' => {
                is_quoted = !is_quoted;
                word.get_or_insert_default();
            }
            c if c.is_whitespace() && !is_quoted => words.extend(word.take()),
            c => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    words
}

#[test]
fn quotes_keep_words_together() {
    assert_eq!(words("A='{ \"k\": 1 }' b  'c d' ''"), ["A={ \"k\": 1 }", "b", "c d", ""]);
    assert!(words(" ").is_empty());
}

/// The codes that a run reported on stderr.
fn reported(ran: &Ran) -> BTreeSet<String> {
    let objects = ran.stderr.lines().map(|line| {
        serde_json::from_str::<serde_json::Value>(line)
            .unwrap_or_else(|error| panic!("{error}: {}", ran.stderr))
    });
    objects.map(|object| object["code"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn examples_do_what_they_say() {
    let mut explanations: Vec<_> = explanations().into_iter().collect();
    // Those that wait come first, while others run.
    explanations.sort_by_key(|(_, text)| !text.contains("sleep"));
    let threads = std::thread::available_parallelism().map_or(1, usize::from) + 1;
    let next = Mutex::new(explanations.iter());
    let run = || {
        let taken = std::iter::from_fn(|| next.lock().unwrap().next());
        taken.flat_map(wrong_examples).collect::<Vec<_>>()
    };
    let wrong: Vec<String> = std::thread::scope(|scope| {
        let runs: Vec<_> = (0..threads).map(|_| scope.spawn(run)).collect();
        runs.into_iter().flat_map(|run| run.join().unwrap()).collect()
    });
    assert!(wrong.is_empty(), "{} are wrong:\n{}", wrong.len(), wrong.join("\n"));
}

fn wrong_examples((code, text): &(String, String)) -> Vec<String> {
    let mut wrong = Vec::new();
    let page = Page::parse(text);
    let has = |of: &str| page.blocks.iter().any(|block| block.of == of);
    for block in &page.blocks {
        if !["bad", "good", "both"].contains(&block.of) || !is_known(block.language) {
            wrong.push(format!(
                "{code}: a block is neither bad nor good, or in no known language: {block:?}"
            ));
        }
    }
    if is_program(&page) {
        return wrong;
    }
    // `--live` needs the feature.
    if !cfg!(feature = "aws") && page.blocks.iter().any(|block| block.language == "http") {
        return wrong;
    }
    let (codes, _) = run(&page, "bad");
    let mut expected = BTreeSet::from([code.clone()]);
    expected.extend(companion(page.meaning));
    if !has("bad") || codes != expected {
        wrong.push(format!("{code}: the bad example causes {codes:?}"));
    }
    let (codes, exit) = run(&page, "good");
    if !has("good") || !codes.is_empty() || exit != Some(0) {
        wrong.push(format!("{code}: the good example causes {codes:?}, {exit:?}"));
    }
    wrong
}

/// The code that cannot be without the other, as the explanation says.
fn companion(meaning: &str) -> Option<String> {
    let words: Vec<&str> = meaning.split_whitespace().collect();
    let at =
        words.windows(4).find(|it| it[1..3] == ["comes", "with"] && it[3].starts_with("it"))?;
    Some(at[0].trim_matches('`').to_owned())
}

#[test]
fn a_companion_is_named() {
    assert_eq!(companion("A text. `a::b` comes\nwith it. More."), Some("a::b".to_owned()));
    assert_eq!(companion("A text."), None);
}

fn is_known(language: &str) -> bool {
    ["yaml", "json", "toml", "text", "console", "http", "rust"].contains(&language)
}

/// Whether the examples are programs in Rust.
fn is_program(page: &Page<'_>) -> bool {
    !page.blocks.is_empty() && page.blocks.iter().all(|block| block.language == "rust")
}

/// The compiler of documentation runs them, and each asserts its code.
#[test]
fn programs_are_run_as_documentation() {
    let library = fs::read_to_string(root().join("crates/ecrane/src/lib.rs")).unwrap();
    let explanations = explanations();
    let programs: Vec<_> =
        explanations.iter().filter(|(_, text)| is_program(&Page::parse(text))).collect();
    assert!(programs.len() > 5, "{programs:?}");
    for (code, text) in programs {
        let path = format!("\"{}\"", code.replace("::", "/"));
        assert!(library.contains(&path), "{path} is not among the explanations of the library");
        let of: Vec<_> = Page::parse(text).blocks.iter().map(|block| block.of).collect();
        assert_eq!(of, ["bad", "good"], "{code}");
        assert!(text.contains(&format!("\"{code}\"")), "{code} is not asserted");
    }
}

#[test]
fn a_code_is_explained_on_stdout() {
    for (code, text) in explanations().into_iter().take(3) {
        let ran = Case::new().run(&["explain", &code]);
        assert_eq!(ran.stdout, format!("{code}\n\n{}", Page::parse(&text).plain()));
    }
    let list = Case::new().run(&["explain", "--list"]).stdout;
    let listed: Vec<_> = list.lines().map(|line| line.split("  ").next().unwrap()).collect();
    assert_eq!(listed, explanations().into_keys().collect::<Vec<_>>());
    let ran = Case::new().run(&["explain", "config::unknwn_key"]);
    assert_eq!(ran.code, Some(2));
    assert!(ran.stderr.contains("did you mean `config::unknown_key`?"), "{}", ran.stderr);
    assert_eq!(Case::new().run(&["explain"]).code, Some(2));
}

/// The pages of the book: one for each area, and a list. Run with `SNAPSHOTS=overwrite` to write them.
#[test]
fn the_book_has_the_same_explanations() {
    let mut pages = BTreeMap::<PathBuf, String>::new();
    let mut index = String::from(
        "# Diagnostic codes\n\nEvery error and warning has a stable code, which `ecrane explain CODE` explains, \
         too. A test writes these pages and runs their examples.\n\n| code | |\n|---|---|\n",
    );
    for (code, text) in explanations() {
        let (area, name) = code.split_once("::").unwrap();
        let explanation = Page::parse(&text);
        let page = pages.entry(PathBuf::from(format!("{area}.md"))).or_insert_with(|| {
            format!(
                "# Codes: {area}\n\n<!-- A test writes this page from `templates/explain`. -->\n"
            )
        });
        write!(page, "\n## `{code}`\n\n{}", explanation.markdown()).unwrap();
        let anchor = format!("{area}{name}").to_lowercase();
        let summary = explanation.summary().replace('|', "\\|");
        writeln!(index, "| [`{code}`](codes/{area}.md#{anchor}) | {summary} |").unwrap();
    }
    let folder = root().join("docs/src/reference");
    if std::env::var_os("SNAPSHOTS").is_some_and(|how| how == "overwrite") {
        let _ = fs::remove_dir_all(folder.join("codes"));
        fs::create_dir_all(folder.join("codes")).unwrap();
        fs::write(folder.join("codes.md"), index).unwrap();
        for (file, page) in pages {
            fs::write(folder.join("codes").join(file), page).unwrap();
        }
        return;
    }
    assert!(fs::read_to_string(folder.join("codes.md")).unwrap() == index, "codes.md is outdated");
    assert!(super::examples::files(&folder.join("codes")) == pages, "pages of codes are outdated");
}
