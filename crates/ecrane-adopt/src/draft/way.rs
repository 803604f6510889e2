//! The ways in which the statements of policies are read.

use std::collections::BTreeSet;

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
    pub(crate) overflow: Overflow,
}

/// Where existing repositories are among the grants of a role, whose inline policy has no place for all of
/// them. The sizes of merged statements decide which policy has them, and a template does not tell the
/// order within a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Overflow {
    /// After the other repositories of their statement.
    Behind,
    /// Among them.
    Between,
    /// After the first of them.
    Ahead,
    /// The grants are in the order of the policies.
    Joined,
}

/// The resources whose policies stay as they are, as grants do not make them.
#[derive(Debug, Clone, Default)]
pub(crate) struct Verbatim {
    /// Those of which statements are written as statements, and not as grants.
    pub(crate) statements: BTreeSet<String>,
    /// Those of which an override of the template has the whole policy, which no statements make either.
    pub(crate) documents: BTreeSet<String>,
}
