//! Facts about what AWS would refuse.

use thiserror::Error;

use crate::diagnostic::Explain;

/// A bound that AWS sets.
#[derive(Debug, PartialEq, Eq)]
pub struct Rule {
    /// The code of the fact that it is broken.
    pub code: &'static str,
    /// What is bounded, as it reads in a sentence.
    pub what: &'static str,
    /// What is allowed, where the sentence does not say it, and where AWS says so.
    pub help: &'static str,
}

/// Something breaks a bound that AWS sets.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum LimitError {
    /// Too many of something.
    #[error("{count} {}, where AWS takes {most}", .rule.what)]
    TooMany {
        /// How many there are.
        count: usize,
        /// How many there may be.
        most: usize,
        /// The bound.
        rule: &'static Rule,
    },
    /// A text that is too short or too long.
    #[error("{} has {length} characters, where AWS takes {least} to {most}", .rule.what)]
    Length {
        /// How long it is, in characters.
        length: usize,
        /// How long it has to be.
        least: usize,
        /// How long it may be.
        most: usize,
        /// The bound.
        rule: &'static Rule,
    },
    /// A text that breaks a pattern.
    #[error("malformed {} `{text}`", .rule.what)]
    Malformed {
        /// The text as given.
        text: String,
        /// The bound.
        rule: &'static Rule,
    },
    /// A number out of range.
    #[error("{} is {value}, where AWS takes {least} to {most}", .rule.what)]
    Range {
        /// The number as given.
        value: u32,
        /// The lowest.
        least: u32,
        /// The highest.
        most: u32,
        /// The bound.
        rule: &'static Rule,
    },
}

impl Explain for LimitError {
    fn code(&self) -> &'static str {
        self.rule().code
    }

    fn help(&self) -> Option<String> {
        Some(self.rule().help.to_owned())
    }
}

impl LimitError {
    fn rule(&self) -> &'static Rule {
        match self {
            Self::TooMany { rule, .. }
            | Self::Length { rule, .. }
            | Self::Malformed { rule, .. }
            | Self::Range { rule, .. } => rule,
        }
    }
}

/// What a registry does not take.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum RegistryError {
    /// Basic scanning that goes on.
    #[error("`BASIC` scanning is asked to scan continuously")]
    BasicContinuous,
    /// An upstream registry that lets nobody in without credentials.
    #[error("a cache of `{upstream}` has no `credentialArn`")]
    CredentialMissing {
        /// The upstream registry, as it is named.
        upstream: String,
    },
    /// A secret that ECR may not read.
    #[error("the secret `{arn}` is not one that ECR reads credentials from")]
    CredentialName {
        /// The ARN.
        arn: String,
    },
    /// A setting that a registry has once is made twice.
    #[error("stacks `{first}` and `{second}` both set the {what} of one registry")]
    TwoOwners {
        /// The setting.
        what: &'static str,
        /// The stack that sets it first.
        first: String,
        /// The other stack.
        second: String,
    },
    /// A setting that a registry has once may be made twice.
    #[error(
        "stacks `{first}` and `{second}` both set the {what} of a registry, which may be the same"
    )]
    MaybeTwoOwners {
        /// The setting.
        what: &'static str,
        /// The stack that sets it first.
        first: String,
        /// The other stack.
        second: String,
    },
    /// The lifecycle policy of a repository is put into another registry.
    #[error("the lifecycle policy goes to registry `{registry}`, the repository to `{account}`")]
    LifecycleElsewhere {
        /// The registry that is named.
        registry: String,
        /// The account of the stack.
        account: String,
    },
    /// A registry is among the destinations of its own replication.
    #[error("the registry replicates to itself")]
    ReplicationToItself,
    /// A region without the Public Gallery's API.
    #[error("a public repository in `{region}`")]
    PublicElsewhere {
        /// The region.
        region: String,
    },
}

impl Explain for RegistryError {
    fn code(&self) -> &'static str {
        match self {
            Self::BasicContinuous => "scanning::basic_continuous",
            Self::CredentialMissing { .. } => "pull_through_cache::credential_missing",
            Self::CredentialName { .. } => "pull_through_cache::credential_name",
            Self::TwoOwners { .. } => "registry::two_owners",
            Self::MaybeTwoOwners { .. } => "registry::maybe_two_owners",
            Self::LifecycleElsewhere { .. } => "lifecycle::registry_elsewhere",
            Self::ReplicationToItself => "replication::to_itself",
            Self::PublicElsewhere { .. } => "public_repository::region",
        }
    }

    fn help(&self) -> Option<String> {
        Some(
            match self {
                Self::BasicContinuous => {
                    "use SCAN_ON_PUSH, or `scanType: ENHANCED` (ECR user guide, \"Scan images for software vulnerabilities\")"
                }
                Self::CredentialMissing { .. } => {
                    "store the credentials in a secret whose name begins with `ecr-pullthroughcache/`, and name it (ECR user guide, \"Creating a pull through cache rule\")"
                }
                Self::CredentialName { .. } => {
                    "ECR takes a secret of Secrets Manager whose name begins with `ecr-pullthroughcache/` (AWS::ECR::PullThroughCacheRule, CredentialArn)"
                }
                Self::TwoOwners { .. } => {
                    "keep it in one of them: an account has one in each region, and the last to be deployed would win"
                }
                Self::MaybeTwoOwners { .. } => {
                    "say in `env` which account and region each is deployed to, or keep it in one of them"
                }
                Self::LifecycleElsewhere { .. } => {
                    "ECR finds no such repository there; leave `lifecycleRegistryId` out (ECR API reference, PutLifecyclePolicy, registryId)"
                }
                Self::ReplicationToItself => {
                    "ECR refuses it; name another region or another account (ECR user guide, \"Private image replication\")"
                }
                Self::PublicElsewhere { .. } => {
                    "put it into a stack of us-east-1, the one region that has AWS::ECR::PublicRepository; images are pulled from everywhere all the same"
                }
            }
            .to_owned(),
        )
    }
}

/// What IAM does not take in a policy.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum PolicyLimitError {
    /// An operator that IAM does not know.
    #[error("`{operator}` is no operator of conditions")]
    UnknownOperator {
        /// The operator as given.
        operator: String,
        /// One that is meant, perhaps.
        suggestion: Option<&'static str>,
    },
}

impl Explain for PolicyLimitError {
    fn code(&self) -> &'static str {
        match self {
            Self::UnknownOperator { .. } => "policy::unknown_operator",
        }
    }

    fn help(&self) -> Option<String> {
        Some(
            match self {
                Self::UnknownOperator { .. } => {
                    "IAM knows StringEquals, StringLike, ArnLike, IpAddress, Bool, Null and others, with `IfExists` behind and `ForAnyValue:` or `ForAllValues:` before them (IAM user guide, \"Condition operators\")"
                }
            }
            .to_owned(),
        )
    }

    fn suggestion(&self) -> Option<&str> {
        match self {
            Self::UnknownOperator { suggestion, .. } => *suggestion,
        }
    }
}

/// What to know of a policy.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum PolicyWarning {
    /// A statement for everybody in the world.
    #[error("{statement} lets everybody in every AWS account do {actions}")]
    Public {
        /// The statement, as it reads in a sentence.
        statement: String,
        /// The actions.
        actions: String,
    },
}

impl Explain for PolicyWarning {
    fn code(&self) -> &'static str {
        match self {
            Self::Public { .. } => "policy::public",
        }
    }

    fn help(&self) -> Option<String> {
        Some(
            match self {
                Self::Public { .. } => {
                    "bound it by a condition on who asks, such as aws:PrincipalOrgID, or name accounts, an `organization` or an `organizationalUnit`"
                }
            }
            .to_owned(),
        )
    }
}
