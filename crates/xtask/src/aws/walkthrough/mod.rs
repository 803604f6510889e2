//! The book and the README as a reader follows them: every command runs, in the order of the page,
//! with the real AWS CLI, Terraform, git, kubectl and the CLIs of the AWS CDK and CDKTF, on the emulated
//! AWS. What a page shows of the output has to be there.

mod cluster;
mod desk;
mod page;

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::json;

use super::PROVIDER;
use super::emulator::Emulator;
use crate::ecrane::Ecrane;
use crate::failure::Failure;
use crate::report::{Tally, missing, say};
use crate::terraform::Source;
use crate::tools;
use desk::{Desk, Programs};
use page::{Step, steps};

/// Commands that are not run, by their first words, and why. A test fails if the list has one that no
/// page has.
const NOT_RUN: [(&str, &str); 3] = [
    ("cargo xtask test", "runs this suite"),
    ("docker build", "there is no Docker daemon; the suite `packaging` looks at the Dockerfile"),
    ("docker run", "as above"),
];

/// The account and region of the pages, which the CDK's CLI expects to be bootstrapped.
const ACCOUNT: &str = "111122223333";
const REGION: &str = "eu-west-1";

/// Follows the pages whose names contain a text.
pub(crate) fn run(only: &str) -> Result<Tally, Failure> {
    for program in ["python3", "aws", "git", "bash", "node", "npm", "kubectl"] {
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
    let mut emulator = Emulator::start()?;
    let programs = Programs::install(&folder, &source, &emulator.endpoint)?;
    let mut tally = Tally::default();
    for (name, text) in pages()? {
        if !name.contains(only) {
            continue;
        }
        let place = json!({ "account": ACCOUNT, "region": REGION });
        for (request, arguments) in [("reset", &json!({})), ("bootstrap", &place)] {
            emulator.ask(request, arguments)?.map_err(|said| Failure::Emulator { said })?;
        }
        let steps = steps(&text);
        let desk = Desk::new(&folder.join(&name), &programs, &emulator.endpoint, &steps)?;
        for step in &steps {
            if let Some(fault) = desk.take(step)? {
                say(format_args!("{name}: {fault}"))?;
                tally.add(Tally::one(false));
                break;
            }
            if let Step::Command { line, .. } = step
                && reason(line).is_none()
            {
                tally.add(Tally::one(true));
            }
        }
    }
    for (command, reason) in NOT_RUN {
        say(format_args!("not run: {command}: {reason}"))?;
    }
    Ok(tally)
}

/// Why a command is not run.
fn reason(line: &str) -> Option<&'static str> {
    let (_, reason) = NOT_RUN.iter().find(|(start, _)| line.starts_with(start))?;
    Some(reason)
}

/// The pages, by path. Those of the reference are made from what tests run.
fn pages() -> Result<Vec<(String, String)>, Failure> {
    let mut paths = vec![tools::root().join("README.md"), tools::root().join("CONTRIBUTING.md")];
    find(&tools::root().join("docs/src"), &mut paths)?;
    let pages = paths.into_iter().map(|path| {
        let text = fs::read_to_string(&path).map_err(Failure::file(&path))?;
        let name = path.strip_prefix(tools::root()).unwrap_or(&path);
        let name = name.strip_prefix("docs/src").unwrap_or(name);
        Ok((name.to_string_lossy().into_owned(), text))
    });
    pages.collect()
}

fn find(folder: &Path, pages: &mut Vec<PathBuf>) -> Result<(), Failure> {
    let entries = fs::read_dir(folder).map_err(Failure::file(folder))?;
    let entries: Result<Vec<_>, _> = entries.map(|entry| entry.map(|it| it.path())).collect();
    let mut entries = entries.map_err(Failure::file(folder))?;
    entries.sort();
    for path in entries {
        if path.is_dir() && !path.ends_with("reference") {
            find(&path, pages)?;
        } else if path.extension().is_some_and(|it| it == "md") {
            pages.push(path);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_block_says_what_to_do_and_every_exception_is_needed() {
        let pages = pages().unwrap();
        assert!(pages.len() > 20, "{pages:?}");
        let steps: Vec<(&str, Step)> = pages
            .iter()
            .flat_map(|(name, text)| steps(text).into_iter().map(|it| (&**name, it)))
            .collect();
        let unknown: Vec<_> =
            steps.iter().filter(|(_, it)| matches!(it, Step::Unknown { .. })).collect();
        assert!(unknown.is_empty(), "{unknown:?}");
        for (start, reason) in NOT_RUN {
            let is_there =
                |step: &Step| matches!(step, Step::Command { line, .. } if line.starts_with(start));
            assert!(steps.iter().any(|(_, it)| is_there(it)), "no page has `{start}`: {reason}");
        }
    }
}
