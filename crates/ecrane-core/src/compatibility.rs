//! The AWS CDK version and feature flags that a graph is compatible with.

use std::borrow::Cow;

use ecrane_document::{Explain, Severity};
use thiserror::Error;

/// The AWS CDK version whose templates are reproduced, with its feature flags.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the CDK")]
pub struct Compatibility {
    /// The major version.
    pub aws_cdk: AwsCdk,
    /// Whether the input asks for the templates of this version. What AWS refuses and the CDK
    /// writes is then a warning instead of an error.
    pub requested: bool,
    /// `@aws-cdk/aws-iam:minimizePolicies`: statements are merged, and their lists sorted.
    pub minimize_policies: bool,
    /// `@aws-cdk/core:enablePartitionLiterals`: a literal partition, such as `aws`, if the region
    /// is known.
    pub partition_literals: bool,
    /// `@aws-cdk/aws-iam:importedRoleStackSafeDefaultPolicyName`: the policies that two stacks
    /// attach to one imported role have different names.
    pub stack_safe_policy_names: bool,
    /// `@aws-cdk/core:validateAgainstDefaultRules`: what the CDK's rules refuse is an error, such as
    /// two resources with one physical name, or a stack without resources.
    pub default_rules: bool,
    /// `generateBootstrapVersionRule` of the CDK's `DefaultStackSynthesizer`: every template has
    /// the parameter `BootstrapVersion` and a rule that rejects an outdated bootstrap stack.
    pub bootstrap_version_rule: bool,
    /// `@aws-cdk/core:defaultCrossStackReferences`
    pub reference_strength: ReferenceStrength,
}

/// A major version of the AWS CDK.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AwsCdk {
    /// `@aws-cdk/aws-ecr` 1.130
    V1,
    /// `aws-cdk-lib`
    V2,
}

/// The strength of cross-stack references: `@aws-cdk/core:defaultCrossStackReferences`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ReferenceStrength {
    /// An export and an import: CloudFormation rejects removing an export that is in use.
    Strong,
    /// `Fn::GetStackOutput`: the producing stack can change independently.
    Weak,
    /// A weak reference while the export is kept: the migration step from strong to weak.
    Both,
}

impl Compatibility {
    /// CDK 1.130.
    pub fn v1() -> Self {
        Self { aws_cdk: AwsCdk::V1, ..Self::v2() }
    }

    /// CDK 2 without feature flags.
    pub fn v2() -> Self {
        Self {
            aws_cdk: AwsCdk::V2,
            requested: false,
            minimize_policies: false,
            partition_literals: false,
            stack_safe_policy_names: false,
            default_rules: false,
            bootstrap_version_rule: false,
            reference_strength: ReferenceStrength::Strong,
        }
    }

    /// CDK 2 with the feature flags that `cdk init` writes.
    pub fn recommended() -> Self {
        Self {
            minimize_policies: true,
            partition_literals: true,
            stack_safe_policy_names: true,
            default_rules: true,
            reference_strength: ReferenceStrength::Weak,
            ..Self::v2()
        }
    }
}

impl Compatibility {
    /// The severity of what AWS refuses and the CDK writes: an error, but a warning if the input
    /// asks for the templates of a CDK version. `has_default_rule` says whether the CDK refuses it
    /// with `@aws-cdk/core:validateAgainstDefaultRules`.
    pub fn severity(self, has_default_rule: bool) -> Severity {
        if self.requested && !(self.default_rules && has_default_rule) {
            Severity::Warning
        } else {
            Severity::Error
        }
    }
}

impl Default for Compatibility {
    fn default() -> Self {
        Self::v2()
    }
}

/// A property is not available in the configured AWS CDK version.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("AWS CDK 1.130 does not support `{property}`")]
pub struct NotInCdk1 {
    /// The config property.
    pub property: Cow<'static, str>,
}

impl Explain for NotInCdk1 {
    fn code(&self) -> &'static str {
        "compatibility::not_in_cdk_1"
    }

    fn help(&self) -> Option<String> {
        Some("use `compatibility: { awsCdk: \"2\" }`, or omit it".to_owned())
    }
}
