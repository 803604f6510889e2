//! The book in `docs`: its configs are valid, its commands run, and their output is the one shown.
//!
//! A page is run from top to bottom, in one directory:
//!
//! - A block in YAML begins with a comment, the name of its file. It is written and checked, and has
//!   to be valid unless the word `wrong` follows the language. Blocks that are no configs have another
//!   word there.
//! - `<!-- file NAME` begins a file that readers do not see, such as images that AWS would list.
//! - A block of commands is run, but for the programs in [`FOREIGN`], which `cargo xtask conformance
//!   walkthrough` runs. Each command has to succeed, and
//!   the last one to fail if the word `fails` follows the language. What is shown after a command has
//!   to be its output; run with `SNAPSHOTS=overwrite` to write it.
//! - A picture beside a page (`![…](NAME.svg)`) is the one that its commands draw.

use std::fs;
use std::path::{Path, PathBuf};

use super::explain::words;
use crate::case::Case;

/// Programs that the book names and another test runs.
const FOREIGN: [&str; 9] =
    ["aws", "cargo", "cdk", "cdktf", "cp", "git", "kubectl", "mkdir", "terraform"];

/// Words after `yaml` of blocks that are no configs.
const OTHER_YAML: [&str; 3] = ["workflow", "pre-commit", TEMPLATE];

/// The word of a block that is written to the file that its first line names.
const TEMPLATE: &str = "template";

fn pages() -> Vec<PathBuf> {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/src");
    let mut pages: Vec<_> = super::examples::files(&source).into_keys().collect();
    // The reference is generated, and tested elsewhere.
    pages.retain(|path| {
        path.extension().is_some_and(|it| it == "md") && !path.starts_with("reference")
    });
    pages.into_iter().map(|path| source.join(path)).collect()
}

#[test]
fn every_command_and_config_does_what_the_page_says() {
    let pages = pages();
    assert!(pages.len() > 15, "{pages:?}");
    let mut wrong = Vec::new();
    for path in pages {
        let text = fs::read_to_string(&path).unwrap();
        let page = Page::new(&text);
        let ran = page.run(&mut wrong);
        page.pictures(&path, &mut wrong);
        if std::env::var_os("SNAPSHOTS").is_some_and(|how| how == "overwrite") {
            fs::write(&path, ran).unwrap();
        } else if ran != text {
            let differs = text.lines().zip(ran.lines()).find(|(shown, ran)| shown != ran);
            wrong.push(format!("{}: {differs:?}", path.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A page, and the directory that its commands run in.
struct Page<'t> {
    text: &'t str,
    case: Case,
}

impl<'t> Page<'t> {
    fn new(text: &'t str) -> Self {
        let case = Case::new();
        // Files that readers do not see are there from the beginning.
        for comment in text.split("<!-- file ").skip(1) {
            let (name, rest) = comment.split_once('\n').unwrap();
            let (content, _) = rest.split_once("-->").unwrap();
            case.write(name, unindented(content));
        }
        Self { text, case }
    }

    /// Runs the page, and returns it with the output of its commands.
    fn run(&self, wrong: &mut Vec<String>) -> String {
        let mut out = String::new();
        let mut lines = self.text.lines();
        while let Some(line) = lines.next() {
            out.push_str(line);
            out.push('\n');
            let Some(info) = line.trim_start().strip_prefix("```").filter(|info| !info.is_empty())
            else {
                continue;
            };
            let indent = " ".repeat(line.len() - line.trim_start().len());
            let block: Vec<&str> =
                lines.by_ref().take_while(|line| line.trim_start() != "```").collect();
            let content = unindented(&block.join("\n"));
            let (language, word) = info.split_once(' ').unwrap_or((info, ""));
            let content = match language {
                "console" => self.commands(&content, word, wrong),
                "yaml" if word == TEMPLATE => {
                    let name = content.lines().next().and_then(|line| line.strip_prefix("# "));
                    self.case.write(name.unwrap(), &content);
                    content
                }
                "yaml" if !OTHER_YAML.contains(&word) => {
                    self.config(&content, word, wrong);
                    content
                }
                "json" => {
                    self.case.write(word, &content);
                    let _: serde_json::Value = serde_json::from_str(&content).unwrap();
                    content
                }
                _ => content,
            };
            for line in content.lines() {
                out.push_str(&if line.is_empty() {
                    "\n".to_owned()
                } else {
                    format!("{indent}{line}\n")
                });
            }
            out.push_str(&indent);
            out.push_str("```\n");
        }
        out
    }

    /// Compares the pictures beside a page with those that its commands draw.
    fn pictures(&self, path: &Path, wrong: &mut Vec<String>) {
        for name in self.text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            if Path::new(name).extension().is_none_or(|it| it != "svg") {
                continue;
            }
            let (kept, drawn) = (path.with_file_name(name), self.case.read(name));
            if std::env::var_os("SNAPSHOTS").is_some_and(|how| how == "overwrite") {
                fs::write(&kept, drawn).unwrap();
            } else if fs::read_to_string(&kept).unwrap() != drawn {
                wrong.push(format!("{} is outdated", kept.display()));
            }
        }
    }

    fn config(&self, content: &str, word: &str, wrong: &mut Vec<String>) {
        let name = content.lines().next().and_then(|line| line.strip_prefix("# ")).unwrap_or("");
        if Path::new(name).extension().is_none_or(|it| it != "yaml") {
            wrong.push(format!("a block in YAML without a name: {content}"));
            return;
        }
        self.case.write(name, content);
        let ran = self.case.run(&["check", name]);
        if ran.code != Some(i32::from(word == "wrong")) {
            wrong.push(format!("{content}\n{}", ran.stderr));
        }
    }

    /// Runs the commands of a block, and returns it with their output where it is shown.
    fn commands(&self, content: &str, word: &str, wrong: &mut Vec<String>) -> String {
        let mut out = String::new();
        let content = content.replace("\\\n", "\\\u{0}");
        let commands: Vec<&str> = content.split("$ ").skip(1).collect();
        for (index, command) in commands.iter().enumerate() {
            let (written, shown) = command.split_once('\n').unwrap_or((command, ""));
            out.push_str(&format!("$ {}\n", written.replace('\u{0}', "\n")));
            let line = written.replace("\\\u{0}", " ");
            let (program, rest) = line.split_once(' ').unwrap_or((&line, ""));
            // Another test has an account.
            if FOREIGN.contains(&program) || rest.contains("--live") {
                out.push_str(shown);
                continue;
            }
            assert_eq!(program, "ecrane", "`{program}` is neither ecrane nor in FOREIGN");
            let (args, file) = rest.split_once("> ").map_or((rest, None), |(a, f)| (a, Some(f)));
            let args = args.trim_end().trim_end_matches(" 2");
            let args = words(args);
            let ran = self.case.run(&args.iter().map(String::as_str).collect::<Vec<_>>());
            let fails = word == "fails" && index + 1 == commands.len();
            if ran.code != Some(i32::from(fails)) {
                wrong.push(format!("{line}: {:?}\n{}", ran.code, ran.stderr));
            }
            let output = format!("{}{}", ran.stdout, ran.stderr);
            if let Some(file) = file {
                self.case.write(file, output);
            } else if !shown.is_empty() {
                out.push_str(output.trim_end());
                out.push('\n');
            }
        }
        out
    }
}

/// A text without the indentation of its first line.
fn unindented(text: &str) -> String {
    let indent = text.len() - text.trim_start_matches(' ').len();
    let lines = text.lines().map(|line| line.get(indent..).unwrap_or(""));
    lines.map(|line| format!("{line}\n")).collect()
}
