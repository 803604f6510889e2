//! Settings of a registry, which exists once per account and region.

use ecrane_core::{
    AccountSettingsResource, AppliedFor, Arn, Encryption, LifecyclePolicy, LifecycleRule, Place,
    PullThroughCacheRuleResource, PullTimeUpdateExclusionResource, RegistryPolicyResource,
    ReplicationConfigurationResource, ReplicationRule, RepositoryCreationTemplateResource,
    ResourceKind, ScanType, ScanningConfigurationResource, ScanningRule,
    SigningConfigurationResource, SigningRule, TagMutability,
};
use indexmap::IndexMap;

use crate::key::Key;
use crate::policy::document::PolicyDocumentProps;
use crate::repository::{EncryptionType, RepositoryError};
use crate::stack::Stack;

/// Properties of a creation template: CDK's `CfnRepositoryCreationTemplateProps`.
#[derive(Debug, Clone, Default)]
pub struct RepositoryCreationTemplateProps {
    /// The prefix of the repository names: a repository name, optionally with a trailing `/`, or
    /// `ROOT` for all repositories.
    pub prefix: String,
    /// The events for which the template applies.
    pub applied_for: Vec<AppliedFor>,
    /// A description of the template.
    pub description: Option<String>,
    /// Whether image tags can be overwritten.
    pub image_tag_mutability: Option<TagMutability>,
    /// The encryption type. Default: `KMS` if a key is specified.
    pub encryption: Option<EncryptionType>,
    /// The KMS key for encryption.
    pub encryption_key: Option<Key>,
    /// The lifecycle rules of the repositories.
    pub lifecycle_rules: Vec<LifecycleRule>,
    /// The repository policy.
    pub resource_policy: PolicyDocumentProps,
    /// The tags of the repositories.
    pub resource_tags: IndexMap<String, String>,
    /// The role that ECR assumes to create the repositories.
    pub custom_role_arn: Option<Arn>,
}

/// The settings of a registry: CDK's L1 constructs, with the ids that a config uses.
#[derive(Debug)]
pub struct Registry;

impl Registry {
    /// Sets the registry policy.
    pub fn policy(stack: &Stack, policy: impl Into<PolicyDocumentProps>) {
        let place = section(stack, "policy");
        let document = policy.into().document(stack, &place);
        let kind = ResourceKind::RegistryPolicy(RegistryPolicyResource { document });
        add(stack, "RegistryPolicy", place, kind);
    }

    /// Sets the replication configuration.
    pub fn replication(stack: &Stack, rules: Vec<ReplicationRule>) {
        let place = section(stack, "replication");
        let resource = ReplicationConfigurationResource { rules };
        let kind = ResourceKind::ReplicationConfiguration(resource);
        add(stack, "ReplicationConfiguration", place, kind);
    }

    /// Sets the scanning configuration.
    pub fn scanning(stack: &Stack, scan_type: ScanType, rules: Vec<ScanningRule>) {
        let place = section(stack, "scanning");
        stack.not_in_cdk_1(|| place.clone(), "scanning");
        let resource = ScanningConfigurationResource { scan_type, rules };
        let kind = ResourceKind::ScanningConfiguration(resource);
        add(stack, "RegistryScanningConfiguration", place, kind);
    }

    /// Sets the signing configuration.
    pub fn signing(stack: &Stack, rules: Vec<SigningRule>) {
        let place = section(stack, "signing");
        stack.not_in_cdk_1(|| place.clone(), "signing");
        let kind = ResourceKind::SigningConfiguration(SigningConfigurationResource { rules });
        add(stack, "SigningConfiguration", place, kind);
    }

    /// Sets the ECR account settings. Terraform only: CloudFormation has no resource type for them.
    pub fn account_settings(stack: &Stack, settings: AccountSettingsResource) {
        let place = section(stack, "accountSettings");
        stack.not_in_cdk_1(|| place.clone(), "accountSettings");
        add(stack, "AccountSettings", place, ResourceKind::AccountSettings(settings));
    }

    /// Creates a pull-through cache rule.
    pub fn pull_through_cache_rule(stack: &Stack, id: &str, rule: PullThroughCacheRuleResource) {
        let place = stack.place(&["registry", "pullThroughCacheRules"], id);
        stack.not_in_cdk_1(|| place.clone(), "pullThroughCacheRules");
        add(stack, id, place, ResourceKind::PullThroughCacheRule(rule));
    }

    /// Creates a repository creation template.
    pub fn creation_template(stack: &Stack, id: &str, props: RepositoryCreationTemplateProps) {
        let place = stack.place(&["registry", "creationTemplates"], id);
        stack.not_in_cdk_1(|| place.clone(), "creationTemplates");
        let key = props.encryption_key.as_ref().map(Key::key_arn);
        // Unlike a repository, a template includes AES256: CDK's L1 construct renders the specified
        // value.
        let encryption = match (props.encryption, key) {
            (None, None) => None,
            (Some(EncryptionType::Aes256), key) => {
                if key.is_some() {
                    stack.error(place.key("encryptionKey"), RepositoryError::KeyWithoutKms);
                }
                Some(Encryption::Aes256)
            }
            (None | Some(EncryptionType::Kms), key) => Some(Encryption::Kms(key)),
            (Some(EncryptionType::KmsDsse), key) => Some(Encryption::KmsDsse(key)),
        };
        let at_rules = place.key("lifecycleRules");
        let template = RepositoryCreationTemplateResource {
            prefix: props.prefix,
            applied_for: props.applied_for,
            description: props.description,
            tag_mutability: props.image_tag_mutability,
            encryption,
            lifecycle_policy: lifecycle_policy(stack, &at_rules, props.lifecycle_rules),
            policy: props.resource_policy.document(stack, &place.key("resourcePolicy")),
            resource_tags: props.resource_tags,
            custom_role_arn: props.custom_role_arn,
        };
        add(stack, id, place, ResourceKind::RepositoryCreationTemplate(template));
    }

    /// Excludes a principal's pulls from updating the last pull time of images.
    pub fn pull_time_update_exclusion(
        stack: &Stack,
        id: &str,
        exclusion: PullTimeUpdateExclusionResource,
    ) {
        let place = stack.place(&["registry", "pullTimeUpdateExclusions"], id);
        stack.not_in_cdk_1(|| place.clone(), "pullTimeUpdateExclusions");
        add(stack, id, place, ResourceKind::PullTimeUpdateExclusion(exclusion));
    }
}

fn section(stack: &Stack, key: &str) -> Place {
    stack.section_place(&["registry", key])
}

fn add(stack: &Stack, id: &str, place: Place, kind: ResourceKind) {
    let path = stack.claim(id, &place);
    stack.add_done(path, None, place, kind);
}

/// Builds the lifecycle policy of rules, and reports errors in them.
fn lifecycle_policy(
    stack: &Stack,
    place: &Place,
    rules: Vec<LifecycleRule>,
) -> Option<LifecyclePolicy> {
    let rules = rules.into_iter().enumerate().map(|(index, rule)| (place.index(index), rule));
    let (policy, problems) = LifecyclePolicy::new(rules);
    for problem in problems {
        stack.app().note(problem);
    }
    policy
}
