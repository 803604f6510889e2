//! The ways in which the statements of policies are read.

/// How the AWS CDK writes grants, which depends on its version and on a feature flag. A source does not
/// say which.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Dialect {
    /// Version 1, in which pulling and pushing are two statements.
    V1,
    V2,
    /// Version 2 with `@aws-cdk/aws-iam:minimizePolicies`, which sorts actions.
    Minimized,
}

/// How the statements of policies are read, as far as a source does not tell it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Way {
    pub(crate) dialect: Dialect,
    /// Whether existing repositories come before all others. Their place is unknown, and with
    /// `minimizePolicies` it decides which statements are merged.
    pub(crate) imports_first: bool,
    /// Whether the policies of a role, whose inline policy has no place for all grants, have them in the
    /// order of the policies.
    pub(crate) is_joined: bool,
}
