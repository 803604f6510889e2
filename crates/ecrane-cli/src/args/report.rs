//! Arguments of `ecrane report`.

use std::path::PathBuf;

use clap::Args;
use ecrane::lifecycle::preview::Timestamp;

use super::common::ConfigArg;

pub(super) const EXAMPLES: &str = "\
Examples:
  ecrane report --out report.html

  With the images of shop/app in images/shop/app.json, and those that pods run:
    kubectl get pods --all-namespaces --output json > pods.json
    ecrane report --images images/ --in-use pods.json --out report.html";

#[derive(Debug, Args)]
pub(crate) struct ReportArgs {
    #[command(flatten)]
    pub(crate) config: ConfigArg,

    /// File to write
    #[arg(long, short, value_name = "FILE")]
    pub(crate) out: PathBuf,

    /// Images: a file, `-` for stdin, or a directory with a file for each repository
    ///
    /// A file is the output of `aws ecr describe-images` for one repository. A directory has the
    /// images of the repository `shop/app` in `shop/app.json`, as for `ecrane preview`.
    #[arg(long, value_name = "FILE|DIR")]
    pub(crate) images: Option<PathBuf>,

    /// Bodies of manifest lists (repeatable)
    ///
    /// FILE is the output of `aws ecr batch-get-image` for the manifest lists of the repository.
    #[arg(long, value_name = "FILE", requires = "images")]
    pub(crate) manifests: Vec<PathBuf>,

    /// Images in use: fail if one of them would go (repeatable)
    ///
    /// FILE is one that `ecrane preview --in-use` reads.
    #[arg(long, value_name = "FILE", requires = "images")]
    pub(crate) in_use: Vec<PathBuf>,

    /// Number of days of the timeline
    #[arg(long, value_name = "N", requires = "images", default_value_t = 90, value_parser = clap::value_parser!(u32).range(1..=366))]
    pub(crate) by_day: u32,

    /// Instant of the first evaluation (RFC 3339) [default: now]
    #[arg(long, value_name = "TIME", requires = "images")]
    pub(crate) at: Option<Timestamp>,
}
