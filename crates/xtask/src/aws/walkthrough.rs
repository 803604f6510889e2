//! Pages of the book as a reader follows them: each command runs, in order, with the real AWS CLI,
//! Terraform and git, on the emulated AWS.
//!
//! What the commands of ecrane print is compared elsewhere (`ecrane-cli/tests/cli/book.rs`).
//! `<!-- before` in a page begins commands for what its reader has already: a role, a repository.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::json;

use super::PROVIDER;
use super::emulator::Emulator;
use crate::ecrane::Ecrane;
use crate::failure::Failure;
use crate::report::{Tally, missing, say};
use crate::terraform::{Source, isolate};
use crate::tools;

/// The pages, below `docs/src`. Take-overs need change sets of the type `IMPORT`, which are not
/// emulated; a suite of its own runs what else they consist of.
const PAGES: [&str; 8] = [
    "tutorial/cloudformation.md",
    "tutorial/terraform.md",
    "tutorial/change.md",
    "guides/ci.md",
    "guides/deleted-image.md",
    "guides/from-account.md",
    "guides/from-cdk.md",
    "guides/from-cdktf.md",
];

/// Programs that are not run: the first is how ecrane was built, the CLIs of the AWS CDK and CDKTF
/// have suites of their own, and there is no cluster.
const NOT_RUN: [&str; 4] = ["cargo", "cdk", "cdktf", "kubectl"];

pub(crate) fn run() -> Result<Tally, Failure> {
    for program in ["python3", "aws", "git", "bash"] {
        if !tools::has(program) {
            return missing(program);
        }
    }
    let source = Source::find();
    if !tools::has("terraform") || matches!(source, Source::Registry) {
        return missing(PROVIDER);
    }
    let folder = tools::target().join("xtask/walkthrough");
    if folder.exists() {
        fs::remove_dir_all(&folder).map_err(Failure::file(&folder))?;
    }
    Ecrane::build("walkthrough")?;
    write(&folder.join("terraform.rc"), &source.settings())?;
    let mut emulator = Emulator::start()?;
    let mut tally = Tally::default();
    for page in PAGES {
        emulator.ask("reset", &json!({}))?.map_err(|said| Failure::Emulator { said })?;
        let path = tools::root().join("docs/src").join(page);
        let text = fs::read_to_string(&path).map_err(Failure::file(&path))?;
        let desk = Desk { folder: folder.join(page), endpoint: &emulator.endpoint };
        for step in steps(&text) {
            if let Some(fault) = desk.take(&step)? {
                say(format_args!("{page}: {fault}"))?;
                tally.add(Tally::one(false));
                break;
            }
            if matches!(step, Step::Command { .. }) {
                tally.add(Tally::one(true));
            }
        }
    }
    Ok(tally)
}

/// What a reader does.
#[derive(Debug, PartialEq, Eq)]
enum Step {
    File {
        name: String,
        text: String,
    },
    Command {
        line: String,
        fails: bool,
    },
    /// A script, some of whose commands may fail.
    Script {
        text: String,
    },
}

/// The steps of a page. What readers do not see comes first.
fn steps(page: &str) -> Vec<Step> {
    let hidden = |start: &'static str| {
        let parts = page.split(start).skip(1);
        parts.filter_map(|part| part.split_once('\n')).map(|(name, rest)| {
            (name.to_owned(), unindented(rest.split("-->").next().unwrap_or_default()))
        })
    };
    let mut steps: Vec<_> =
        hidden("<!-- file ").map(|(name, text)| Step::File { name, text }).collect();
    let before = hidden("<!-- before").flat_map(|(_, text)| commands(&text));
    steps.extend(before.map(|line| Step::Command { line, fails: false }));
    let mut lines = page.lines();
    while let Some(line) = lines.next() {
        let info = line.trim_start().strip_prefix("```").filter(|info| !info.is_empty());
        let Some(info) = info else { continue };
        let block: Vec<_> = lines.by_ref().take_while(|line| line.trim_start() != "```").collect();
        let text = unindented(&block.join("\n"));
        match info.split_once(' ').unwrap_or((info, "")) {
            ("console", word) => {
                let own = commands(&text);
                let last = own.len().saturating_sub(1);
                let fails = |index| word == "fails" && index == last;
                let own = own.into_iter().enumerate();
                steps.extend(own.map(|(index, line)| Step::Command { line, fails: fails(index) }));
            }
            ("sh", _) => steps.push(Step::Script { text }),
            ("json", name) => steps.push(Step::File { name: name.to_owned(), text }),
            ("yaml", _) => {
                let name = text.lines().next().and_then(|line| line.strip_prefix("# "));
                let name = name.filter(|name| Path::new(name).extension().is_some());
                if let Some(name) = name.map(str::to_owned) {
                    steps.push(Step::File { name, text });
                }
            }
            _ => {}
        }
    }
    steps
}

/// The commands of a block, without what they print.
fn commands(text: &str) -> Vec<String> {
    let (mut found, mut goes_on) = (Vec::<String>::new(), false);
    for line in text.lines() {
        match (line.strip_prefix("$ "), found.last_mut()) {
            (Some(line), _) => found.push(line.to_owned()),
            (None, Some(last)) if goes_on => {
                last.push('\n');
                last.push_str(line);
            }
            (None, _) => continue,
        }
        goes_on = line.ends_with('\\');
    }
    found
}

/// A text without the indentation of its first line.
fn unindented(text: &str) -> String {
    let indent = text.len() - text.trim_start_matches(' ').len();
    let lines = text.lines().map(|line| line.get(indent..).unwrap_or_default());
    lines.flat_map(|line| [line, "\n"]).collect()
}

/// The directory of a reader.
struct Desk<'e> {
    folder: PathBuf,
    endpoint: &'e str,
}

impl Desk<'_> {
    /// Takes a step. Returns what went wrong.
    fn take(&self, step: &Step) -> Result<Option<String>, Failure> {
        let (line, fails) = match step {
            Step::File { name, text } => {
                write(&self.folder.join(name), text)?;
                return Ok(None);
            }
            Step::Script { text } => {
                tools::output(self.bash(text)?.stderr(std::process::Stdio::null()))?;
                return Ok(None);
            }
            Step::Command { line, fails } => (line, *fails),
        };
        if NOT_RUN.contains(&line.split(' ').next().unwrap_or_default()) {
            return Ok(None);
        }
        let output = tools::output(&mut self.bash(line)?)?;
        if output.status.success() != fails {
            return Ok(None);
        }
        let said = [output.stdout, output.stderr].concat();
        Ok(Some(format!("$ {line}\n{}", String::from_utf8_lossy(&said))))
    }

    fn bash(&self, text: &str) -> Result<Command, Failure> {
        fs::create_dir_all(&self.folder).map_err(Failure::file(&self.folder))?;
        let mut path = vec![tools::target().join("debug")];
        path.extend(std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default()));
        let path = std::env::join_paths(path)
            .map_err(|_| Failure::program("bash")(std::io::ErrorKind::InvalidInput.into()))?;
        let mut command = Command::new("bash");
        isolate(&mut command)
            .args(["-o", "pipefail", "-c", text])
            .current_dir(&self.folder)
            .env("PATH", path)
            .env("AWS_ENDPOINT_URL", self.endpoint)
            // The emulated AWS takes the access key for the account.
            .env("AWS_ACCESS_KEY_ID", "111122223333")
            .env("AWS_SECRET_ACCESS_KEY", "emulated")
            .env("AWS_DEFAULT_REGION", "eu-west-1")
            .env("AWS_PAGER", "")
            .env("TF_CLI_CONFIG_FILE", tools::target().join("xtask/walkthrough/terraform.rc"))
            .env("TF_CLI_ARGS_apply", "-auto-approve")
            .env("TF_INPUT", "0");
        for role in ["AUTHOR", "COMMITTER"] {
            command.env(format!("GIT_{role}_NAME"), "Reader");
            command.env(format!("GIT_{role}_EMAIL"), "reader@example.com");
        }
        Ok(command)
    }
}

fn write(path: &Path, text: &str) -> Result<(), Failure> {
    let folder = path.parent().unwrap_or(path);
    fs::create_dir_all(folder).map_err(Failure::file(folder))?;
    fs::write(path, text).map_err(Failure::file(path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_a_reader_does() {
        let page = "<!-- before\n$ aws a\n-->\n\n<!-- file a.json\n{}\n-->\n\n1. x\n\n   ```yaml\n   # \
                    b.yaml\n   k: 1\n   ```\n\n   ```console fails\n   $ one \\\n       two\n   said\n   $ three\n   \
                    ```\n\n```sh\nx\n```\n";
        let file = |name: &str, text: &str| Step::File { name: name.into(), text: text.into() };
        let command = |line: &str, fails| Step::Command { line: line.into(), fails };
        assert_eq!(
            steps(page),
            [
                file("a.json", "{}\n"),
                command("aws a", false),
                file("b.yaml", "# b.yaml\nk: 1\n"),
                command("one \\\n    two", false),
                command("three", true),
                Step::Script { text: "x\n".into() },
            ]
        );
    }
}
