//! Settings of a registry: one for each account and region.

use std::collections::BTreeMap;

use crate::lifecycle::LifecyclePolicy;
use crate::names::{AccountId, Arn, Region};
use crate::policy::PolicyDocument;
use crate::repository::{Encryption, TagMutability};

/// Who may replicate into the registry, and create repositories by that.
#[derive(Debug, Clone)]
pub struct RegistryPolicy {
    /// What it says.
    pub document: PolicyDocument,
}

/// Where images are copied to.
#[derive(Debug, Clone)]
pub struct ReplicationConfiguration {
    /// The rules, 10 at most.
    pub rules: Vec<ReplicationRule>,
}

/// Which images are copied to which registries.
#[derive(Debug, Clone)]
pub struct ReplicationRule {
    /// Where to, 25 at most.
    pub destinations: Vec<ReplicationDestination>,
    /// Prefixes of repository names; every repository when there is none.
    pub prefixes: Vec<String>,
}

/// A registry that images are copied to.
#[derive(Debug, Clone)]
pub struct ReplicationDestination {
    /// Its region.
    pub region: Region,
    /// Its account.
    pub registry_id: AccountId,
}

/// How images are scanned.
#[derive(Debug, Clone)]
pub struct ScanningConfiguration {
    /// By whom.
    pub scan_type: ScanType,
    /// How often, for which repositories.
    pub rules: Vec<ScanningRule>,
}

/// Who scans.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ScanType {
    /// ECR.
    Basic,
    /// Amazon Inspector.
    Enhanced,
}

impl ScanType {
    /// The API's word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Basic => "BASIC",
            Self::Enhanced => "ENHANCED",
        }
    }
}

/// How often the images of some repositories are scanned.
#[derive(Debug, Clone)]
pub struct ScanningRule {
    /// How often.
    pub frequency: ScanFrequency,
    /// Wildcards over repository names.
    pub filters: Vec<String>,
}

/// How often images are scanned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ScanFrequency {
    /// When they are pushed.
    ScanOnPush,
    /// Again whenever a vulnerability becomes known.
    ContinuousScan,
}

impl ScanFrequency {
    /// The API's word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ScanOnPush => "SCAN_ON_PUSH",
            Self::ContinuousScan => "CONTINUOUS_SCAN",
        }
    }
}

/// Which images are signed on push.
#[derive(Debug, Clone)]
pub struct SigningConfiguration {
    /// The rules.
    pub rules: Vec<SigningRule>,
}

/// The images of some repositories, and the profile that signs them.
#[derive(Debug, Clone)]
pub struct SigningRule {
    /// The AWS Signer profile.
    pub signing_profile_arn: Arn,
    /// Wildcards over repository names; every repository when there is none.
    pub filters: Vec<String>,
}

/// A prefix of the registry that is filled from another one.
#[derive(Debug, Clone)]
pub struct PullThroughCacheRule {
    /// The prefix here.
    pub ecr_repository_prefix: Option<String>,
    /// The other registry's name.
    pub upstream_registry: Option<String>,
    /// The other registry's host.
    pub upstream_registry_url: Option<String>,
    /// The secret that holds its credentials.
    pub credential_arn: Option<Arn>,
    /// The role that reads from an ECR registry of another account.
    pub custom_role_arn: Option<Arn>,
    /// The prefix there.
    pub upstream_repository_prefix: Option<String>,
}

/// The settings of repositories that ECR creates by itself.
#[derive(Debug, Clone)]
pub struct RepositoryCreationTemplate {
    /// The prefix of their names.
    pub prefix: String,
    /// Why ECR creates them.
    pub applied_for: Vec<AppliedFor>,
    /// What it is for.
    pub description: Option<String>,
    /// Whether tags can be moved.
    pub tag_mutability: Option<TagMutability>,
    /// How images are encrypted.
    pub encryption: Option<Encryption>,
    /// Their lifecycle policy.
    pub lifecycle_policy: Option<LifecyclePolicy>,
    /// Their repository policy; none when it has no statements.
    pub policy: PolicyDocument,
    /// Their tags.
    pub resource_tags: BTreeMap<String, String>,
    /// The role that ECR takes to create them.
    pub custom_role_arn: Option<Arn>,
}

/// Why ECR creates a repository.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AppliedFor {
    /// An image was replicated.
    Replication,
    /// An image was pulled through a cache rule.
    PullThroughCache,
    /// An image was pushed.
    CreateOnPush,
}

impl AppliedFor {
    /// The API's word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Replication => "REPLICATION",
            Self::PullThroughCache => "PULL_THROUGH_CACHE",
            Self::CreateOnPush => "CREATE_ON_PUSH",
        }
    }
}

/// A principal whose pulls do not count as use of an image.
#[derive(Debug, Clone)]
pub struct PullTimeUpdateExclusion {
    /// The principal.
    pub principal_arn: Arn,
}
