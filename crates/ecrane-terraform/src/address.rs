//! What Terraform calls the resources of a graph, and their attributes.

use ecrane_core::{Attribute, Identity, Resource, ResourceKind};

use crate::TARGET;

/// A Terraform resource type, and what it calls its name and its ARN.
struct Type {
    kind: &'static str,
    name: Option<&'static str>,
    arn: Option<&'static str>,
}

/// The Terraform type of each resource: a row each.
fn type_of(kind: &ResourceKind) -> Type {
    let has = |kind, name, arn| Type { kind, name, arn };
    match kind {
        ResourceKind::Repository(_) => has("aws_ecr_repository", Some("name"), Some("arn")),
        ResourceKind::Role(_) => has("aws_iam_role", Some("name"), Some("arn")),
        ResourceKind::User(_) => has("aws_iam_user", Some("name"), Some("arn")),
        ResourceKind::Group(_) => has("aws_iam_group", Some("name"), Some("arn")),
        ResourceKind::IdentityPolicy(policy) => match policy.attached_to {
            Identity::Role(_) => has("aws_iam_role_policy", Some("name"), None),
            Identity::User(_) => has("aws_iam_user_policy", Some("name"), None),
            Identity::Group(_) => has("aws_iam_group_policy", Some("name"), None),
        },
        ResourceKind::ManagedPolicy(_) => has("aws_iam_policy", Some("name"), Some("arn")),
        ResourceKind::Key(_) => has("aws_kms_key", Some("key_id"), Some("arn")),
        ResourceKind::Alias(_) => has("aws_kms_alias", Some("name"), Some("arn")),
        ResourceKind::EventRule(_) => has("aws_cloudwatch_event_rule", Some("name"), Some("arn")),
        ResourceKind::RegistryPolicy(_) => has("aws_ecr_registry_policy", Some("id"), None),
        ResourceKind::ReplicationConfiguration(_) => {
            has("aws_ecr_replication_configuration", Some("id"), None)
        }
        ResourceKind::ScanningConfiguration(_) => {
            has("aws_ecr_registry_scanning_configuration", Some("id"), None)
        }
        ResourceKind::SigningConfiguration(_) => {
            has("awscc_ecr_signing_configuration", Some("id"), None)
        }
        ResourceKind::AccountSettings(_) => has("aws_ecr_account_setting", None, None),
        ResourceKind::PullThroughCacheRule(_) => {
            has("aws_ecr_pull_through_cache_rule", Some("id"), None)
        }
        ResourceKind::RepositoryCreationTemplate(_) => {
            has("aws_ecr_repository_creation_template", Some("id"), None)
        }
        ResourceKind::PullTimeUpdateExclusion(_) => {
            has("aws_ecr_pull_time_update_exclusion", Some("id"), None)
        }
        ResourceKind::PublicRepository(_) => {
            has("aws_ecrpublic_repository", Some("repository_name"), Some("arn"))
        }
    }
}

/// The type of the Terraform resource that a resource of the graph is referred to by.
pub(crate) fn kind(kind: &ResourceKind) -> &'static str {
    type_of(kind).kind
}

/// What Terraform calls an attribute of a resource, if it has it.
pub(crate) fn attribute(kind: &ResourceKind, attribute: Attribute) -> Option<&'static str> {
    let Type { kind: _, name, arn } = type_of(kind);
    match attribute {
        Attribute::Name => name,
        Attribute::Arn => arn,
    }
}

/// The physical name that a resource is given, where it has one of its own: what tells it from
/// others of its type whatever its construct is called.
pub(crate) fn given_name(resource: &Resource) -> Option<&str> {
    // Arguments that are laid over a resource are the last word.
    let laid_over = |argument: &str| resource.addresses.overrides(TARGET)?.get(argument)?.as_str();
    match &resource.kind {
        ResourceKind::Repository(node) => {
            laid_over("name").or(node.name.as_ref().map(ecrane_core::RepositoryName::as_str))
        }
        ResourceKind::PublicRepository(node) => {
            laid_over("repository_name").or(node.name.as_deref())
        }
        ResourceKind::Role(node) => laid_over("name").or(node.name.as_deref()),
        ResourceKind::User(node) => laid_over("name").or(node.name.as_deref()),
        ResourceKind::Group(node) => laid_over("name").or(node.name.as_deref()),
        ResourceKind::Alias(node) => laid_over("name").or(Some(&node.name)),
        ResourceKind::EventRule(node) => laid_over("name").or(node.name.as_deref()),
        ResourceKind::IdentityPolicy(node) => laid_over("name").or(Some(&node.name)),
        ResourceKind::PullThroughCacheRule(node) => {
            laid_over("ecr_repository_prefix").or(node.ecr_repository_prefix.as_deref())
        }
        ResourceKind::RepositoryCreationTemplate(node) => {
            laid_over("prefix").or(Some(&node.prefix))
        }
        ResourceKind::ManagedPolicy(_)
        | ResourceKind::Key(_)
        | ResourceKind::RegistryPolicy(_)
        | ResourceKind::ReplicationConfiguration(_)
        | ResourceKind::ScanningConfiguration(_)
        | ResourceKind::SigningConfiguration(_)
        | ResourceKind::AccountSettings(_)
        | ResourceKind::PullTimeUpdateExclusion(_) => None,
    }
}
