//! Arguments of `ecrane preview`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use ecrane::lifecycle::preview::Timestamp;

use super::common::ConfigArg;

/// The examples for files, and then others.
macro_rules! examples {
    ($more:literal) => {
        concat!(
            "\
Examples:
  List all images of a repository, and preview the rules that the config has for it:
    aws ecr describe-images --repository-name shop/app --filter imageStatus=ANY > images.json
    ecrane preview --repository shop/app --images images.json

  Fail if a lifecycle policy would expire an image that a pod runs:
    kubectl get pods --all-namespaces --output json > pods.json
    ecrane preview --policy policy.json --images images.json --in-use pods.json

  Preview all repositories of the config, with the images of shop/app in images/shop/app.json:
    ecrane preview --images images/",
            $more
        )
    };
}

#[cfg(not(feature = "aws"))]
pub(super) const EXAMPLES: &str = examples!("");

#[cfg(feature = "aws")]
pub(super) const EXAMPLES: &str = examples!(
    "

  Preview all repositories of the config, with the images in AWS:
    ecrane preview --live --profile shop"
);

#[derive(Debug, Args)]
pub(crate) struct PreviewArgs {
    #[command(flatten)]
    pub(crate) config: ConfigArg,

    /// Repository of the config, by construct id or name
    #[arg(long, value_name = "ID|NAME")]
    pub(crate) repository: Option<String>,

    /// Lifecycle policy to use instead of a config; `-` reads stdin
    ///
    /// FILE is a policy text, or the output of `aws ecr get-lifecycle-policy`.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["config", "repository"])]
    pub(crate) policy: Option<PathBuf>,

    /// Images: a file, `-` for stdin, or a directory with a file for each repository
    ///
    /// A file is the output of `aws ecr describe-images` for one repository, or several pages of it
    /// one after the other. A directory has the images of the repository `shop/app` in
    /// `shop/app.json`. Policies that archive images need `--filter imageStatus=ANY`.
    #[arg(long, value_name = "FILE|DIR")]
    #[cfg_attr(feature = "aws", arg(required_unless_present = "live"))]
    #[cfg_attr(not(feature = "aws"), arg(required = true))]
    pub(crate) images: Option<PathBuf>,

    #[cfg(feature = "aws")]
    #[command(flatten)]
    pub(crate) live: super::LiveImages,

    /// Bodies of manifest lists (repeatable)
    ///
    /// FILE is the output of `aws ecr batch-get-image` for the manifest lists of the repository.
    /// Without it, each older image may belong to a list, which makes outcomes uncertain.
    #[arg(long, value_name = "FILE")]
    pub(crate) manifests: Vec<PathBuf>,

    /// Images in use: fail if one of them would go (repeatable)
    ///
    /// FILE is a list of image URIs, a JSON array of them, or the output of `kubectl get pods -A -o
    /// json`, `aws ecs describe-tasks`, `aws lambda list-functions` or `aws lambda get-function`.
    #[arg(long, value_name = "FILE")]
    pub(crate) in_use: Vec<PathBuf>,

    /// Instant of the evaluation (RFC 3339) [default: now]
    #[arg(long, value_name = "TIME")]
    pub(crate) at: Option<Timestamp>,

    /// Treat uncertain outcomes as if the rule acted
    #[arg(long)]
    pub(crate) strict: bool,

    /// Show only the images whose outcome differs from that under this earlier policy
    ///
    /// POLICY is a policy text, or the output of `aws ecr get-lifecycle-policy`.
    #[arg(long, value_name = "POLICY")]
    pub(crate) against: Option<PathBuf>,

    /// Show which images go on which of the next N days
    ///
    /// Assumes that nobody pushes, pulls or restores an image meanwhile.
    #[arg(long, value_name = "N", conflicts_with = "against", value_parser = clap::value_parser!(u32).range(0..=36_500))]
    pub(crate) by_day: Option<u32>,

    /// Output format
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub(crate) format: PreviewFormat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum PreviewFormat {
    /// Tables and a summary, for people
    #[default]
    Table,
    /// A JSON object
    Json,
    /// Comma-separated values, with a header
    Csv,
}
