//! Runs the `ecrane` program.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::failure::Failure;
use crate::tools;

/// A compiled `ecrane`.
#[derive(Debug)]
pub(crate) struct Ecrane {
    program: PathBuf,
    /// A directory for one config and its output at a time.
    desk: PathBuf,
}

/// The result of `ecrane synth`.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Answer {
    /// The output files, by path in the output directory.
    Files(BTreeMap<String, Value>),
    /// The config is invalid, for these reasons.
    Refused(Vec<Problem>),
}

/// A diagnostic.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Problem {
    pub(crate) code: String,
    pub(crate) message: String,
}

impl Ecrane {
    /// Builds the program. `task` names a directory in `target/xtask`.
    pub(crate) fn build(task: &str) -> Result<Self, Failure> {
        tools::run(
            Command::new("cargo")
                .args(["build", "--quiet", "--package", "ecrane-cli"])
                .current_dir(tools::root()),
        )?;
        let desk = tools::target().join("xtask").join(task);
        fs::create_dir_all(&desk).map_err(Failure::file(&desk))?;
        Ok(Self { program: tools::target().join("debug/ecrane"), desk })
    }

    /// The program, to run with other arguments.
    pub(crate) fn command(&self) -> Command {
        Command::new(&self.program)
    }

    /// Renders a config from memory.
    pub(crate) fn synth(&self, config: &Value, backend: &str) -> Result<Answer, Failure> {
        let path = self.desk.join("ecrane.json");
        fs::write(&path, config.to_string()).map_err(Failure::file(&path))?;
        self.synth_file(&path, backend)
    }

    /// Renders a config from memory as an app of the `cdk` CLI, which passes this context.
    pub(crate) fn synth_as_cdk_app(
        &self,
        config: &Value,
        context: &Value,
    ) -> Result<Answer, Failure> {
        let path = self.desk.join("ecrane.json");
        fs::write(&path, config.to_string()).map_err(Failure::file(&path))?;
        let out = self.desk.join("cdk.out");
        self.run(&out, &path, &["--layout", "cdk"], &[("CDK_CONTEXT_JSON", context.to_string())])
    }

    /// Renders a config file.
    pub(crate) fn synth_file(&self, config: &Path, backend: &str) -> Result<Answer, Failure> {
        self.synth_into(&self.desk.join("out"), config, &["--backend", backend])
    }

    /// Renders a config file into a directory, which is emptied first, and keeps the output.
    pub(crate) fn synth_into(
        &self,
        out: &Path,
        config: &Path,
        arguments: &[&str],
    ) -> Result<Answer, Failure> {
        self.run(out, config, arguments, &[])
    }

    /// Adopts a directory, and returns the path of the config, or the reasons why there is none.
    pub(crate) fn adopt(
        &self,
        source: &Path,
        arguments: &[&str],
    ) -> Result<Result<PathBuf, Vec<Problem>>, Failure> {
        let folder = self.desk.join("adopted");
        if folder.exists() {
            fs::remove_dir_all(&folder).map_err(Failure::file(&folder))?;
        }
        fs::create_dir_all(&folder).map_err(Failure::file(&folder))?;
        let config = folder.join("ecrane.yaml");
        let mut command = Command::new(&self.program);
        command.args(["--message-format", "json", "adopt"]).args(arguments);
        let output = tools::output(command.arg("--out").arg(&config).arg(source))?;
        match output.status.code() {
            Some(0) => Ok(Ok(config)),
            Some(1) => Ok(Err(problems(&output.stderr))),
            _ => Err(Failure::Command {
                command: format!("{command:?}"),
                status: output.status,
                output: String::from_utf8_lossy(&output.stderr).into_owned(),
            }),
        }
    }

    fn run(
        &self,
        out: &Path,
        config: &Path,
        arguments: &[&str],
        environment: &[(&str, String)],
    ) -> Result<Answer, Failure> {
        if out.exists() {
            fs::remove_dir_all(out).map_err(Failure::file(out))?;
        }
        forget(config)?;
        let answer = self.synth_in(out, config, arguments, environment)?;
        forget(config)?;
        Ok(answer)
    }

    /// Renders a config file into a directory that may contain earlier output, with the address
    /// ledger beside the config.
    pub(crate) fn synth_over(
        &self,
        out: &Path,
        config: &Path,
        arguments: &[&str],
    ) -> Result<Answer, Failure> {
        self.synth_in(out, config, arguments, &[])
    }

    fn synth_in(
        &self,
        out: &Path,
        config: &Path,
        arguments: &[&str],
        environment: &[(&str, String)],
    ) -> Result<Answer, Failure> {
        let mut command = Command::new(&self.program);
        command
            .envs(environment.iter().cloned())
            .args(["--message-format", "json", "synth"])
            .args(arguments)
            .arg("--out")
            .arg(out)
            .arg(config);
        let output = tools::output(&mut command)?;
        match output.status.code() {
            Some(0) => {
                let mut files = BTreeMap::new();
                collect(out, out, &mut files)?;
                Ok(Answer::Files(files))
            }
            Some(1) => Ok(Answer::Refused(problems(&output.stderr))),
            _ => Err(Failure::Command {
                command: format!("{command:?}"),
                status: output.status,
                output: String::from_utf8_lossy(&output.stderr).into_owned(),
            }),
        }
    }
}

/// Removes the address ledger beside a config, which would carry addresses over to the next case
/// and remain in the directories of the examples.
pub(crate) fn forget(config: &Path) -> Result<(), Failure> {
    let ledger = config.with_extension("addresses.json");
    if ledger.exists() {
        fs::remove_file(&ledger).map_err(Failure::file(&ledger))?;
    }
    Ok(())
}

/// Parses the errors among the diagnostics of a run, one per line.
fn problems(stderr: &[u8]) -> Vec<Problem> {
    let text = |line: &Value, key: &str| {
        line.get(key).and_then(Value::as_str).unwrap_or_default().to_owned()
    };
    let lines = stderr
        .split(|byte| *byte == b'\n')
        .filter_map(|line| serde_json::from_slice::<Value>(line).ok());
    lines
        .filter(|line| text(line, "severity") == "error")
        .map(|line| Problem { code: text(&line, "code"), message: text(&line, "message") })
        .collect()
}

/// Reads the JSON documents in `folder`, except `ecrane`'s own files, whose names begin with a dot.
fn collect(root: &Path, folder: &Path, files: &mut BTreeMap<String, Value>) -> Result<(), Failure> {
    for entry in fs::read_dir(folder).map_err(Failure::file(folder))? {
        let path = entry.map_err(Failure::file(folder))?.path();
        let hidden = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
        if hidden {
            continue;
        }
        if path.is_dir() {
            collect(root, &path, files)?;
        } else {
            let text = fs::read_to_string(&path).map_err(Failure::file(&path))?;
            let document = serde_json::from_str(&text)
                .map_err(|source| Failure::Answer { program: "ecrane synth", source })?;
            let name = path.strip_prefix(root).unwrap_or(&path).to_string_lossy().into_owned();
            files.insert(name, document);
        }
    }
    Ok(())
}
