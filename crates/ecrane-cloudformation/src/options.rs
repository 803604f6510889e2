//! How templates are rendered.

/// How templates are rendered: what the CLI of the AWS CDK tells its app by the context.
///
/// The default is what an app of the CDK writes that no CLI runs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Options {
    /// Which files are written.
    pub layout: Layout,
    /// `aws:cdk:enable-path-metadata`: every resource bears its construct path as the metadata
    /// `aws:cdk:path`, by which the CLI and the console of CloudFormation name it.
    pub path_metadata: bool,
    /// `@aws-cdk/core:bootstrapQualifier`: which bootstrap stack
    /// [`bootstrap_version_rule`](ecrane_core::Compatibility::bootstrap_version_rule) asks for; that
    /// of the qualifier `hnb659fds`, the CDK's default, when none.
    pub bootstrap_qualifier: Option<String>,
}

/// Which files are written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Layout {
    /// `<stackName>.template.json`, a template a stack.
    #[default]
    Plain,
    /// A cloud assembly for the `cdk` CLI: `<id>.template.json` a stack, and `manifest.json`.
    Cdk {
        /// The newest schema of cloud assemblies that the CLI can read, if it says so.
        assembly_version: Option<u32>,
        /// The construct ids of the stacks in the assembly; all of them if `None`.
        stacks: Option<Vec<String>>,
    },
}
