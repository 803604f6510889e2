//! Arguments of commands that read an AWS account.

use clap::Args;
use ecrane_core::Region;

/// `adopt --live`
#[derive(Debug, Args)]
pub(crate) struct LiveRegistries {
    /// Read the repositories and registry settings of an AWS account instead of files
    ///
    /// Finds credentials and the region where the AWS CLI does, and calls only operations that read.
    /// Leaves out repositories that a pull-through cache rule, replication between the regions or `cdk
    /// bootstrap` created.
    #[arg(long, conflicts_with = "sources")]
    pub(crate) live: bool,

    /// Region to read (repeatable) [default: that of the environment or of the profile]
    #[arg(long = "region", value_name = "REGION", requires = "live", conflicts_with = "sources")]
    pub(crate) regions: Vec<Region>,

    /// Profile in the configuration files of the AWS CLI
    #[arg(long, value_name = "NAME", requires = "live", conflicts_with = "sources")]
    pub(crate) profile: Option<String>,
}

/// `preview --live`
#[derive(Debug, Args)]
pub(crate) struct LiveImages {
    /// Read the images from the AWS account instead of files
    ///
    /// Lists the images of the repositories of the config, or of `--repository`, with all statuses.
    /// Finds credentials where the AWS CLI does.
    #[arg(long, conflicts_with_all = ["images", "policy"])]
    pub(crate) live: bool,

    /// Region of stacks without one [default: that of the environment or of the profile]
    #[arg(long, value_name = "REGION", requires = "live", conflicts_with_all = ["images", "policy"])]
    pub(crate) region: Option<Region>,

    /// Profile in the configuration files of the AWS CLI
    #[arg(long, value_name = "NAME", requires = "live", conflicts_with_all = ["images", "policy"])]
    pub(crate) profile: Option<String>,
}
