//! The AWS CDK itself, which says what a config's templates are.

use std::io::Write as _;
use std::process::{Command, Stdio};
use std::thread;

use serde_json::Value;

use crate::failure::Failure;
use crate::tools;

/// Answers of the CDK to `configs`, in their order: `{"templates": {stack name: template}}` or `{"error": text}`.
pub(crate) fn judge(configs: &[Value]) -> Result<Vec<Value>, Failure> {
    tools::npm("cdk/v1")?;
    let folder = tools::npm("cdk")?;
    let mut command = Command::new("node");
    command.arg("judge.js").current_dir(&folder);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let node = |source| Failure::Program { program: "node".into(), source };
    let mut child = command.spawn().map_err(node)?;
    let mut questions: String = configs.iter().map(Value::to_string).collect::<Vec<_>>().join("\n");
    questions.push('\n');
    let stdin = child.stdin.take();
    // A thread writes while this one reads, because neither pipe holds everything.
    let writer =
        thread::spawn(move || stdin.map(|mut stdin| stdin.write_all(questions.as_bytes())));
    let output = child.wait_with_output().map_err(node)?;
    // A judge that ends early breaks the pipe; the count of answers below tells that.
    drop(writer.join());
    let text = String::from_utf8_lossy(&output.stdout);
    let answers: Vec<Value> = text
        .lines()
        .map(serde_json::from_str)
        .collect::<Result<_, _>>()
        .map_err(|source| Failure::Json { path: folder.join("judge.js"), source })?;
    if answers.len() == configs.len() {
        Ok(answers)
    } else {
        let (questions, answers) = (configs.len(), answers.len());
        Err(Failure::Judge {
            questions,
            answers,
            output: String::from_utf8_lossy(&output.stderr).into_owned(),
        })
    }
}
