//! Communicates with a program that answers each line of JSON with a line of JSON.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde_json::Value;

use crate::failure::Failure;

/// A running program.
#[derive(Debug)]
pub(crate) struct JsonLines {
    program: &'static str,
    child: Child,
    questions: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl JsonLines {
    /// Starts `command`, which errors call `program`. Its standard error is discarded.
    pub(crate) fn start(program: &'static str, command: &mut Command) -> Result<Self, Failure> {
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().map_err(Failure::program(program))?;
        match (child.stdin.take(), child.stdout.take()) {
            (Some(questions), Some(answers)) => {
                Ok(Self { program, child, questions, answers: BufReader::new(answers) })
            }
            _ => Err(Failure::program(program)(std::io::ErrorKind::BrokenPipe.into())),
        }
    }

    /// Sends `question` and returns the answer.
    pub(crate) fn ask(&mut self, question: &Value) -> Result<Value, Failure> {
        writeln!(self.questions, "{question}").map_err(Failure::program(self.program))?;
        self.next()
    }

    /// Reads the next line.
    pub(crate) fn next(&mut self) -> Result<Value, Failure> {
        let mut answer = String::new();
        self.answers.read_line(&mut answer).map_err(Failure::program(self.program))?;
        serde_json::from_str(&answer)
            .map_err(|source| Failure::Answer { program: self.program, source })
    }
}

impl Drop for JsonLines {
    fn drop(&mut self) {
        // The program has no state, so it can be killed.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}
