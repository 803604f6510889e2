//! Rendering options.

use ecrane_core::{PhysicalIds, StackNode};

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
    /// Whether every resource has the deletion policy `Retain`, so that a stack can be deleted while
    /// another engine takes over its resources.
    pub retain_all: bool,
    /// The physical IDs that the graph does not contain. If set, each stack has the files of an import
    /// operation beside its template: `<stackName>.import-template.json` and
    /// `<stackName>.resources-to-import.json`; in a cloud assembly, `<id>.resource-mapping.json` for
    /// `cdk import --resource-mapping`.
    pub import: Option<PhysicalIds>,
}

impl Options {
    /// The name of a stack's files. The CDK writes a slash in an id as `--`.
    pub(crate) fn file_name(&self, stack: &StackNode) -> String {
        match self.layout {
            Layout::Plain => stack.output_name.clone(),
            Layout::Cdk { .. } => stack.id.replace('/', "--"),
        }
    }
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
