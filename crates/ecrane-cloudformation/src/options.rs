//! Rendering options.

/// Rendering options: the context values that the AWS CDK CLI passes to its app.
///
/// The default is the output of a CDK app that is run without the CLI.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Options {
    /// The layout of the output directory.
    pub layout: Layout,
    /// `aws:cdk:enable-path-metadata`: whether every resource has its construct path as the metadata
    /// `aws:cdk:path`, which the CDK CLI and the CloudFormation console display.
    pub path_metadata: bool,
    /// `@aws-cdk/core:bootstrapQualifier`: which bootstrap stack
    /// [`bootstrap_version_rule`](ecrane_core::Compatibility::bootstrap_version_rule) asks for; that
    /// of the qualifier `hnb659fds`, the CDK's default, when none.
    pub bootstrap_qualifier: Option<String>,
}

/// The layout of the output directory.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Layout {
    /// `<stackName>.template.json`: one template per stack.
    #[default]
    Plain,
    /// A cloud assembly for the `cdk` CLI: `<id>.template.json` per stack, and `manifest.json`.
    Cdk {
        /// The newest cloud assembly schema that the CLI supports, if known.
        assembly_version: Option<u32>,
        /// The construct IDs of the stacks in the assembly. Default: all stacks.
        stacks: Option<Vec<String>>,
    },
}
