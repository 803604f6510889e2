//! Arguments of `ecrane graph`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::common::ConfigArg;

pub(super) const EXAMPLES: &str = "\
Examples:
  ecrane graph --out registry.svg
  ecrane graph --format dot | dot -Tpng > registry.png
  ecrane graph --format mermaid --repository 'shop/*' --out shop.mmd";

#[derive(Debug, Args)]
pub(crate) struct GraphArgs {
    #[command(flatten)]
    pub(crate) config: ConfigArg,

    /// Format of the picture
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub(crate) format: GraphFormat,

    /// Show only this stack (repeatable)
    #[arg(long = "stack", value_name = "ID")]
    pub(crate) stacks: Vec<String>,

    /// Show only this repository, or those of a pattern such as `shop/*` (repeatable)
    #[arg(long = "repository", value_name = "ID|NAME")]
    pub(crate) repositories: Vec<String>,

    /// Show only this principal and what it has access to (repeatable)
    ///
    /// An ARN, a name, a construct id or a pattern.
    #[arg(long = "principal", value_name = "ARN|ID")]
    pub(crate) principals: Vec<String>,

    /// File to write instead of stdout
    #[arg(long, short, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum GraphFormat {
    /// A picture for browsers, in the colors of light or dark mode
    #[default]
    Svg,
    /// The language of Graphviz
    Dot,
    /// A flowchart for Markdown, as on GitHub
    Mermaid,
}
