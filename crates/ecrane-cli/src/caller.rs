//! The CLI that runs ecrane as its app, and its requests in environment variables.

use std::ffi::OsString;
use std::fmt;
use std::path::{Path, PathBuf};

use ecrane_config::DefaultEnv;
use ecrane_core::Explain;
use serde_json::{Map, Value};
use thiserror::Error;

use crate::args::{Layout, SynthArgs};
use crate::exit::Exit;
use crate::failure::Failure;

/// A CLI that runs an app and reads its output.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cli {
    /// `cdk`
    Cdk,
    /// `cdktf`, and `cdktn`, which behaves the same
    Cdktf,
}

impl Cli {
    /// The environment variable with the output directory.
    fn out_variable(self) -> &'static str {
        match self {
            Self::Cdk => "CDK_OUTDIR",
            Self::Cdktf => "CDKTF_OUTDIR",
        }
    }

    /// The layout that it reads.
    fn layout(self) -> Layout {
        match self {
            Self::Cdk => Layout::Cdk,
            Self::Cdktf => Layout::Cdktf,
        }
    }
}

impl fmt::Display for Cli {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Cdk => "cdk",
            Self::Cdktf => "cdktf",
        })
    }
}

/// The requests of the CLI that runs ecrane as its app, if any.
#[derive(Debug, Default)]
pub(crate) struct Caller {
    /// The directory that it reads, if the layout is its own.
    pub(crate) out: Option<PathBuf>,
    /// The newest cloud assembly schema that it supports.
    pub(crate) assembly_version: Option<u32>,
    /// The context of the app, from `cdk.json` and from the CLI, if it passes one. That of CDKTF
    /// (`CDKTF_CONTEXT_JSON`) has nothing for an app without modules, assets and provider functions:
    /// `cdktf` 0.21 reads `cdktfRelativeModules`, `cdktfStaticModuleAssetHash`, `cdktfJsonPath` and
    /// `cdktfVersion`, and `cdktn` 0.24 also `targetVersions`, `canonicalAssetHashes` and
    /// `failOnConstructsOutsideOfStacks`.
    pub(crate) context: Option<Map<String, Value>>,
}

impl Caller {
    /// The caller of a run.
    ///
    /// # Errors
    /// If a request is not supported or invalid.
    pub(crate) fn of(layout: Layout) -> Result<Self, Failure> {
        match layout {
            Layout::Plain => Ok(Self::default()),
            Layout::Cdk => Ok(Self {
                out: variable(Cli::Cdk.out_variable()).map(PathBuf::from),
                assembly_version: std::env::var("CDK_CLI_ASM_VERSION")
                    .ok()
                    .and_then(|version| version.split('.').next()?.parse().ok()),
                context: context().map_err(|error| Failure::one(Exit::Io, &error))?,
            }),
            Layout::Cdktf if std::env::var("SYNTH_HCL_OUTPUT").as_deref() == Ok("true") => {
                Err(Failure::one(Exit::Usage, &CallerError::Hcl))
            }
            Layout::Cdktf => Ok(Self {
                out: variable(Cli::Cdktf.out_variable()).map(PathBuf::from),
                ..Self::default()
            }),
        }
    }

    /// Whether it requests construct paths as metadata in templates.
    pub(crate) fn wants_paths(&self) -> bool {
        // The option of the CLI is true or false, that of `cdk.json` what JavaScript takes for
        // true.
        self.of_context("aws:cdk:enable-path-metadata").is_some_and(|value| match value {
            Value::Null => false,
            Value::Bool(on) => *on,
            Value::String(text) => !text.is_empty(),
            Value::Number(_) | Value::Array(_) | Value::Object(_) => true,
        })
    }

    /// The qualifier of the bootstrap stack in the context.
    pub(crate) fn bootstrap_qualifier(&self) -> Option<String> {
        let qualifier = self.of_context("@aws-cdk/core:bootstrapQualifier")?.as_str()?;
        Some(qualifier.to_owned())
    }

    fn of_context(&self, key: &str) -> Option<&Value> {
        self.context.as_ref()?.get(key)
    }
}

/// The account and the region that the `cdk` CLI passes.
pub(crate) fn default_env() -> DefaultEnv {
    let text = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    DefaultEnv { account: text("CDK_DEFAULT_ACCOUNT"), region: text("CDK_DEFAULT_REGION") }
}

/// The context that the `cdk` CLI passes in an environment variable and, for large values, a file.
fn context() -> Result<Option<Map<String, Value>>, CallerError> {
    let name = "CDK_CONTEXT_JSON";
    let Some(text) = variable(name) else { return Ok(None) };
    let mut context: Map<String, Value> = serde_json::from_str(&text.to_string_lossy())
        .map_err(|source| CallerError::Context { name: name.to_owned(), source })?;
    if let Some(path) = variable("CONTEXT_OVERFLOW_LOCATION_ENV").map(PathBuf::from) {
        let name = path.display().to_string();
        let text = std::fs::read(&path)
            .map_err(|source| CallerError::ContextFile { name: name.clone(), source })?;
        let parsed: Map<String, Value> = serde_json::from_slice(&text)
            .map_err(|source| CallerError::Context { name, source })?;
        context.extend(parsed);
    }
    Ok(Some(context))
}

/// The value of an environment variable that is not empty.
fn variable(name: &str) -> Option<OsString> {
    std::env::var_os(name).filter(|value| !value.is_empty())
}

/// The warning that the CLI that runs ecrane would not find the output, by the arguments.
pub(crate) fn unread_output(args: &SynthArgs) -> Option<Unread> {
    let callers = [Cli::Cdk, Cli::Cdktf];
    let callers = callers.map(|cli| Some((cli, PathBuf::from(variable(cli.out_variable())?))));
    let mut callers = callers.into_iter().flatten();
    let called: Vec<(Cli, PathBuf)> = callers.by_ref().collect();
    // One CLI may run the other: the output is for the one whose layout it has.
    if called.iter().any(|(cli, out)| reads(*cli, out, args)) {
        return None;
    }
    let (cli, wanted) = called.into_iter().next_back()?;
    Some(Unread { cli, wanted, layout: cli.layout() })
}

fn reads(cli: Cli, wanted: &Path, args: &SynthArgs) -> bool {
    let is_there = args.out.as_deref().is_none_or(|out| is_same(out, wanted));
    args.layout == cli.layout() && !args.stdout && is_there
}

/// Whether two paths are the same directory, which need not exist.
fn is_same(one: &Path, other: &Path) -> bool {
    let real = |path: &Path| path.canonicalize().or_else(|_| std::path::absolute(path)).ok();
    one == other || real(one).is_some_and(|one| real(other) == Some(one))
}

/// The CLI that runs ecrane as its app would not find the output.
#[derive(Debug, Error)]
#[error(
    "the {cli} CLI reads layout `{cli}` from `{}`, but this run does not write it there",
    .wanted.display()
)]
pub(crate) struct Unread {
    pub(crate) cli: Cli,
    pub(crate) wanted: PathBuf,
    pub(crate) layout: Layout,
}

impl Explain for Unread {
    fn code(&self) -> &'static str {
        "synth::unread_output"
    }

    fn help(&self) -> Option<String> {
        let layout = match self.layout {
            Layout::Plain => "plain",
            Layout::Cdk => "cdk",
            Layout::Cdktf => "cdktf",
        };
        Some(format!("run it as `ecrane synth --layout {layout}`, without `--out` and `--stdout`"))
    }
}

/// A request of the CLI that ecrane does not support.
#[derive(Debug, Error)]
pub(crate) enum CallerError {
    #[error("`cdktf synth --hcl` requests HCL, but ecrane writes Terraform JSON")]
    Hcl,
    #[error("the context in `{name}` is not a JSON object")]
    Context { name: String, source: serde_json::Error },
    #[error("could not read the context in `{name}`")]
    ContextFile { name: String, source: std::io::Error },
}

impl Explain for CallerError {
    fn code(&self) -> &'static str {
        match self {
            Self::Hcl => "synth::hcl",
            Self::Context { .. } => "synth::context_malformed",
            Self::ContextFile { .. } => "synth::context_unreadable",
        }
    }

    fn help(&self) -> Option<String> {
        match self {
            Self::Hcl => {
                Some("remove `--hcl`: Terraform and the other cdktf commands read JSON".to_owned())
            }
            Self::Context { .. } | Self::ContextFile { .. } => None,
        }
    }
}
