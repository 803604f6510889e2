//! Runs the emulated AWS of `crates/xtask/aws`.

use serde_json::{Value, json};

use crate::failure::Failure;
use crate::json_lines::JsonLines;
use crate::tools;

/// A server that emulates AWS, deploys templates and reads the resulting state.
#[derive(Debug)]
pub(super) struct Emulator {
    process: JsonLines,
    /// The endpoint for Terraform.
    pub(super) endpoint: String,
}

/// The error message of the emulated AWS.
pub(super) type Said = String;

impl Emulator {
    pub(super) fn start() -> Result<Self, Failure> {
        let mut process =
            JsonLines::start("python -m emulator", &mut tools::python("aws", "emulator")?)?;
        let first = process.next()?;
        let endpoint = first.get("endpoint").and_then(Value::as_str).unwrap_or_default();
        Ok(Self { process, endpoint: endpoint.to_owned() })
    }

    /// Sends one of the requests that its README lists.
    pub(super) fn ask(
        &mut self,
        what: &str,
        arguments: &Value,
    ) -> Result<Result<Value, Said>, Failure> {
        let answer = self.process.ask(&json!({ what: arguments }))?;
        Ok(match answer.get("error").and_then(Value::as_str) {
            Some(error) => Err(error.to_owned()),
            None => Ok(answer),
        })
    }

    /// The entire AWS state.
    pub(super) fn state(&mut self) -> Result<Result<Value, Said>, Failure> {
        let answer = self.ask("state", &json!({}))?;
        Ok(answer.map(|mut answer| answer.get_mut("state").map(Value::take).unwrap_or_default()))
    }
}
