//! Arguments of `ecrane access`.

use clap::{Args, ValueEnum};

use super::common::ConfigArg;

pub(super) const EXAMPLES: &str = "Examples:
  Show who can do what:
    ecrane access

  Ask whether a role of the config may push from an address:
    ecrane access --principal CiRole --action ecr:PutImage --repository shop/app \\
      --context aws:SourceIp=203.0.113.9

  Ask what another account can allow its role:
    ecrane access --principal arn:aws:iam::444455556666:role/app --action ecr:BatchGetImage \\
      --repository shop/app --assume-identity-allows";

#[derive(Debug, Args)]
pub(crate) struct AccessArgs {
    #[command(flatten)]
    pub(crate) config: ConfigArg,

    /// Principal of a question
    ///
    /// The ARN of a role, user or session, a construct id, an account id, the name of a service, or
    /// `everyone`.
    #[arg(long, value_name = "ARN|ID", requires = "action")]
    pub(crate) principal: Option<String>,

    /// Action of a question, such as ecr:PutImage
    #[arg(long, value_name = "ACTION", requires = "principal")]
    pub(crate) action: Option<String>,

    /// Repository of a question
    #[arg(long, value_name = "ARN|NAME|ID", requires = "principal")]
    pub(crate) repository: Option<String>,

    /// Condition key of the request (repeatable)
    ///
    /// A repeated KEY is a list. Keys that follow from the principal and the repository, such as
    /// aws:PrincipalArn, are known; all others are absent.
    #[arg(long, value_name = "KEY=VALUE", requires = "principal")]
    pub(crate) context: Vec<String>,

    /// Assume that the principal's own account allows it everything
    #[arg(long, requires = "principal")]
    pub(crate) assume_identity_allows: bool,

    /// Output format
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub(crate) format: AccessFormat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum AccessFormat {
    /// Text for people
    #[default]
    Table,
    /// A JSON object
    Json,
    /// Comma-separated values, with a header (matrix only)
    Csv,
    /// A Markdown table (matrix only)
    Markdown,
}
