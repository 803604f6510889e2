//! Errors about `--against`, and the failure by `--fail-on`.

use std::io;

use ecrane_core::Explain;
use ecrane_diff::{Engine, ReadError};
use thiserror::Error;

use crate::args::FailOn;

/// Why a config cannot be compared with the argument of `--against`.
#[derive(Debug, Error)]
pub(crate) enum AgainstError {
    #[error("could not read `{name}`")]
    Unreadable { name: String, source: io::Error },
    #[error("`{name}` is not UTF-8")]
    NotUtf8 { name: String },
    #[error("cannot compare with `{name}`")]
    Document { name: String, source: ReadError },
    #[error("no output of ecrane in `{folder}`")]
    NoOutput { folder: String },
    #[error("there are outputs of both backends")]
    Ambiguous,
    #[error("`{name}` is no output for {engine}")]
    OtherBackend { name: String, engine: &'static str },
    #[error("cannot determine which stack `{name}` belongs to")]
    NoStack { name: String, known: Vec<String> },
}

/// The name of an engine.
pub(crate) fn engine_name(engine: Engine) -> &'static str {
    match engine {
        Engine::CloudFormation => "CloudFormation",
        Engine::Terraform => "Terraform",
    }
}

impl Explain for AgainstError {
    fn code(&self) -> &'static str {
        match self {
            Self::Unreadable { .. } => "diff::unreadable",
            Self::NotUtf8 { .. } => "diff::not_utf8",
            // The reason is a fact of its own.
            Self::Document { source, .. } => source.code(),
            Self::NoOutput { .. } => "diff::no_output",
            Self::Ambiguous => "diff::both_backends",
            Self::OtherBackend { .. } => "diff::other_backend",
            Self::NoStack { .. } => "diff::stack_unknown",
        }
    }

    fn help(&self) -> Option<String> {
        match self {
            Self::Unreadable { .. } | Self::NotUtf8 { .. } => None,
            Self::Document { source, .. } => source.help(),
            Self::NoOutput { .. } => {
                Some("pass a directory that `ecrane synth` wrote, in any layout".to_owned())
            }
            Self::Ambiguous => {
                Some("pass `--backend cloudformation` or `--backend terraform`".to_owned())
            }
            Self::OtherBackend { .. } => Some("remove `--backend`".to_owned()),
            Self::NoStack { known, .. } => {
                let known: Vec<_> = known.iter().map(|id| format!("`{id}`")).collect();
                Some(format!("pass `--stack`: one of {}", known.join(", ")))
            }
        }
    }
}

/// There are changes of the kinds in `--fail-on`.
#[derive(Debug, Error)]
#[error("{count} {} `--fail-on {}`", if *.count == 1 { "change matches" } else { "changes match" }, .on.name())]
pub(crate) struct FailsOn {
    pub(crate) on: FailOn,
    pub(crate) count: usize,
}

impl Explain for FailsOn {
    fn code(&self) -> &'static str {
        match self.on {
            FailOn::Replace => "diff::replaces",
            FailOn::Remove => "diff::removes",
            FailOn::Wider => "diff::widens",
            FailOn::Any => "diff::changes",
        }
    }
}
