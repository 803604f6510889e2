//! The AWS CDK itself, which synthesizes the expected templates of a config.

use std::process::Command;

use serde_json::Value;

use crate::failure::Failure;
use crate::json_lines::JsonLines;
use crate::tools;

/// A running process of the AWS CDK.
#[derive(Debug)]
pub(crate) struct Judge(JsonLines);

impl Judge {
    pub(crate) fn start() -> Result<Self, Failure> {
        tools::npm("cdk/v1")?;
        let folder = tools::npm("cdk")?;
        let mut command = Command::new("node");
        command.arg("judge.js").current_dir(folder);
        // The CDK writes irrelevant warnings to standard error.
        Ok(Self(JsonLines::start("node judge.js", &mut command)?))
    }

    /// Synthesizes `config`: `{"templates": {stack name: template}}` or `{"error": message}`.
    pub(crate) fn ask(&mut self, config: &Value) -> Result<Value, Failure> {
        Ok(self.ask_with_paths(config)?.0)
    }

    /// Also returns the construct path of every resource: `{stack name: {logical id: path}}`.
    pub(crate) fn ask_with_paths(&mut self, config: &Value) -> Result<(Value, Value), Failure> {
        let mut answer = self.0.ask(config)?;
        let paths = answer.as_object_mut().and_then(|answer| answer.remove("paths"));
        Ok((answer, paths.unwrap_or_default()))
    }
}
