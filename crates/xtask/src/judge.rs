//! The AWS CDK itself, which says what a config's templates are.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde_json::Value;

use crate::failure::Failure;
use crate::tools;

/// A running process of the AWS CDK.
#[derive(Debug)]
pub(crate) struct Judge {
    child: Child,
    questions: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Judge {
    pub(crate) fn start() -> Result<Self, Failure> {
        tools::npm("cdk/v1")?;
        let folder = tools::npm("cdk")?;
        let mut command = Command::new("node");
        command.arg("judge.js").current_dir(folder).stdin(Stdio::piped()).stdout(Stdio::piped());
        // The CDK warns on standard error of what is not in question here.
        let mut child = command.stderr(Stdio::null()).spawn().map_err(failed)?;
        match (child.stdin.take(), child.stdout.take()) {
            (Some(questions), Some(answers)) => {
                Ok(Self { child, questions, answers: BufReader::new(answers) })
            }
            _ => Err(failed(std::io::ErrorKind::BrokenPipe.into())),
        }
    }

    /// What the CDK makes of `config`: `{"templates": {stack name: template}}` or `{"error": text}`.
    pub(crate) fn ask(&mut self, config: &Value) -> Result<Value, Failure> {
        writeln!(self.questions, "{config}").map_err(failed)?;
        let mut answer = String::new();
        self.answers.read_line(&mut answer).map_err(failed)?;
        serde_json::from_str(&answer)
            .map_err(|source| Failure::Answer { program: "node judge.js", source })
    }
}

impl Drop for Judge {
    fn drop(&mut self) {
        // It has no state that an abrupt end could harm.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

fn failed(source: std::io::Error) -> Failure {
    Failure::Program { program: "node judge.js".into(), source }
}
