//! Settings of a registry: one for each account and region.

use indexmap::IndexMap;

use crate::compatibility::AwsCdk;
use crate::diagnostic::{Place, Problem};
use crate::graph::ResourceKind;
use crate::lifecycle::{CheckedRule, LifecyclePolicy, LifecycleRule};
use crate::names::{AccountId, Arn, Region};
use crate::policy::{self, Attached, PolicyDocument, PolicyStatement, StatementError};
use crate::repository::{Encryption, RepositoryError, TagMutability};
use crate::stack::Stack;

/// Who may replicate into the registry, and create repositories by that.
#[derive(Debug, Clone)]
pub struct RegistryPolicy {
    /// What it says.
    pub document: PolicyDocument,
}

/// Where images are copied to.
#[derive(Debug, Clone)]
pub struct ReplicationConfiguration {
    /// The rules, 25 at most.
    pub rules: Vec<ReplicationRule>,
}

/// Which images are copied to which registries.
#[derive(Debug, Clone)]
pub struct ReplicationRule {
    /// Where to, 100 at most.
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
    pub resource_tags: IndexMap<String, String>,
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

/// Switches of a registry; those that are not given stay as they are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct AccountSettings {
    /// Which scanner basic scanning uses: the setting `BASIC_SCAN_TYPE_VERSION`.
    pub basic_scan_type_version: Option<BasicScanTypeVersion>,
    /// What the registry policy governs: the setting `REGISTRY_POLICY_SCOPE`.
    pub registry_policy_scope: Option<RegistryPolicyScope>,
    /// Whether repositories share layers: the setting `BLOB_MOUNTING`.
    pub blob_mounting: Option<BlobMounting>,
}

impl AccountSettings {
    /// The settings that are given: their names and values, in the API's words.
    pub fn given(&self) -> impl Iterator<Item = (&'static str, &'static str)> {
        let Self { basic_scan_type_version, registry_policy_scope, blob_mounting } = *self;
        [
            basic_scan_type_version.map(|it| ("BASIC_SCAN_TYPE_VERSION", it.as_str())),
            registry_policy_scope.map(|it| ("REGISTRY_POLICY_SCOPE", it.as_str())),
            blob_mounting.map(|it| ("BLOB_MOUNTING", it.as_str())),
        ]
        .into_iter()
        .flatten()
    }
}

/// Which scanner basic scanning uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum BasicScanTypeVersion {
    /// That of AWS.
    AwsNative,
    /// Clair, which AWS has retired.
    Clair,
}

impl BasicScanTypeVersion {
    /// The API's word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::AwsNative => "AWS_NATIVE",
            Self::Clair => "CLAIR",
        }
    }
}

/// What the registry policy governs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RegistryPolicyScope {
    /// Three actions: to replicate, to import from upstream and to create repositories.
    V1,
    /// All actions of ECR.
    V2,
}

impl RegistryPolicyScope {
    /// The API's word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::V1 => "V1",
            Self::V2 => "V2",
        }
    }
}

/// Whether the repositories of a registry share layers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum BlobMounting {
    /// A layer is pushed once.
    Enabled,
    /// Each repository holds its own.
    Disabled,
}

impl BlobMounting {
    /// The API's word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Enabled => "ENABLED",
            Self::Disabled => "DISABLED",
        }
    }
}

/// The construct of a registry's settings: CDK's L1 constructs, under the ids that a config gives
/// them.
#[derive(Debug)]
pub struct Registry;

impl Registry {
    /// Who may replicate into the registry.
    pub fn policy(stack: &Stack, statements: Vec<PolicyStatement>) {
        let place = section(stack, "policy");
        let document = document(stack, &place, statements);
        let kind = ResourceKind::RegistryPolicy(RegistryPolicy { document });
        add(stack, "RegistryPolicy", place, kind);
    }

    /// Where images are copied to.
    pub fn replication(stack: &Stack, configuration: ReplicationConfiguration) {
        let place = section(stack, "replication");
        let kind = ResourceKind::ReplicationConfiguration(configuration);
        add(stack, "ReplicationConfiguration", place, kind);
    }

    /// How images are scanned.
    pub fn scanning(stack: &Stack, configuration: ScanningConfiguration) {
        let place = section(stack, "scanning");
        not_in_cdk_1(stack, "scanning", &place);
        let kind = ResourceKind::ScanningConfiguration(configuration);
        add(stack, "RegistryScanningConfiguration", place, kind);
    }

    /// Which images are signed on push.
    pub fn signing(stack: &Stack, configuration: SigningConfiguration) {
        let place = section(stack, "signing");
        not_in_cdk_1(stack, "signing", &place);
        let kind = ResourceKind::SigningConfiguration(configuration);
        add(stack, "SigningConfiguration", place, kind);
    }

    /// Switches of the registry. Terraform only: CloudFormation has no type for them.
    pub fn account_settings(stack: &Stack, settings: AccountSettings) {
        let place = section(stack, "accountSettings");
        not_in_cdk_1(stack, "accountSettings", &place);
        add(stack, "AccountSettings", place, ResourceKind::AccountSettings(settings));
    }

    /// A prefix that is filled from another registry.
    pub fn pull_through_cache_rule(stack: &Stack, id: &str, rule: PullThroughCacheRule) {
        let place = stack.place(&["registry", "pullThroughCacheRules"], id);
        not_in_cdk_1(stack, "pullThroughCacheRules", &place);
        add(stack, id, place, ResourceKind::PullThroughCacheRule(rule));
    }

    /// The settings of repositories that ECR creates by itself.
    pub fn creation_template(stack: &Stack, id: &str, template: RepositoryCreationTemplate) {
        let place = stack.place(&["registry", "creationTemplates"], id);
        not_in_cdk_1(stack, "creationTemplates", &place);
        add(stack, id, place, ResourceKind::RepositoryCreationTemplate(template));
    }

    /// A principal whose pulls do not count as use of an image.
    pub fn pull_time_update_exclusion(stack: &Stack, id: &str, exclusion: PullTimeUpdateExclusion) {
        let place = stack.place(&["registry", "pullTimeUpdateExclusions"], id);
        not_in_cdk_1(stack, "pullTimeUpdateExclusions", &place);
        add(stack, id, place, ResourceKind::PullTimeUpdateExclusion(exclusion));
    }
}

/// CDK 1.130 has the policy and the replication only.
fn not_in_cdk_1(stack: &Stack, key: &str, place: &Place) {
    if stack.compatibility().aws_cdk == AwsCdk::V1 {
        let error = RepositoryError::NotInCdk1 { property: key.to_owned() };
        stack.app().note(Problem::error(place.clone(), error));
    }
}

fn section(stack: &Stack, key: &str) -> Place {
    stack
        .app()
        .place_or(|| Place::default().key("stacks").key(&stack.id()).key("registry").key(key))
}

fn add(stack: &Stack, id: &str, place: Place, kind: ResourceKind) {
    let path = stack.claim(id, &place);
    stack.add_done(path, None, place, kind);
}

/// The policy of these statements, in a stack; what is wrong with them is noted.
pub(crate) fn document(
    stack: &Stack,
    place: &Place,
    statements: Vec<PolicyStatement>,
) -> PolicyDocument {
    let mut attached = Vec::new();
    for (index, statement) in statements.into_iter().enumerate() {
        match Attached::new(statement, stack) {
            Ok(statement) => attached.push(statement),
            Err(error) => {
                stack.app().note(Problem::error(place.index(index), StatementError::clone(&error)));
            }
        }
    }
    policy::document(attached, stack.compatibility().minimize_policies)
}

/// The lifecycle policy of these rules; what is wrong with them is noted.
pub(crate) fn lifecycle_policy(
    stack: &Stack,
    place: &Place,
    rules: Vec<LifecycleRule>,
) -> Option<LifecyclePolicy> {
    let mut checked: Vec<(Place, CheckedRule)> = Vec::new();
    for (index, rule) in rules.into_iter().enumerate() {
        let place = place.index(index);
        match rule.check() {
            Ok(rule) => checked.push((place, rule)),
            Err(errors) => errors.into_iter().for_each(|error| stack.app().note(error.at(&place))),
        }
    }
    let (policy, problems) = LifecyclePolicy::new(&checked);
    for problem in problems {
        stack.app().note(problem);
    }
    policy
}
