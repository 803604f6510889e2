//! The Terraform resources: one file for each kind of resource in the graph.

mod account_settings;
mod alias;
mod creation_template;
mod encryption;
mod event_rule;
mod group;
mod identity_policy;
mod key;
mod managed_policy;
mod public_repository;
mod pull_through_cache_rule;
mod pull_time_update_exclusion;
mod registry_policy;
mod replication;
mod repository;
mod role;
mod scanning;
mod signing;
mod tag_mutability;
mod user;

use std::collections::BTreeMap;

use ecrane_core::{Attribute, Resource, ResourceKind};
use serde::Serialize;

use crate::expression::Text;
use crate::stack::StackRenderer;

/// Renders a resource of the graph to the Terraform resources that it comes to.
pub(crate) fn render<'g>(resource: &'g Resource, stack: &mut StackRenderer<'g>) {
    match &resource.kind {
        ResourceKind::Repository(node) => repository::render(resource, node, stack),
        ResourceKind::Role(node) => role::render(resource, node, stack),
        ResourceKind::User(node) => user::render(resource, node, stack),
        ResourceKind::Group(node) => group::render(resource, node, stack),
        ResourceKind::IdentityPolicy(node) => identity_policy::render(resource, node, stack),
        ResourceKind::ManagedPolicy(node) => managed_policy::render(resource, node, stack),
        ResourceKind::Key(node) => key::render(resource, node, stack),
        ResourceKind::Alias(node) => alias::render(resource, node, stack),
        ResourceKind::EventRule(node) => event_rule::render(resource, node, stack),
        ResourceKind::RegistryPolicy(node) => registry_policy::render(resource, node, stack),
        ResourceKind::ReplicationConfiguration(node) => replication::render(resource, node, stack),
        ResourceKind::ScanningConfiguration(node) => scanning::render(resource, node, stack),
        ResourceKind::SigningConfiguration(node) => signing::render(resource, node, stack),
        ResourceKind::AccountSettings(node) => account_settings::render(resource, *node, stack),
        ResourceKind::PullThroughCacheRule(node) => {
            pull_through_cache_rule::render(resource, node, stack);
        }
        ResourceKind::RepositoryCreationTemplate(node) => {
            creation_template::render(resource, node, stack);
        }
        ResourceKind::PullTimeUpdateExclusion(node) => {
            pull_time_update_exclusion::render(resource, node, stack);
        }
        ResourceKind::PublicRepository(node) => public_repository::render(resource, node, stack),
    }
}

/// The type of the Terraform resource that a resource of the graph is referred to by.
pub(crate) fn kind(kind: &ResourceKind) -> &'static str {
    use ecrane_core::Identity;
    match kind {
        ResourceKind::Repository(_) => "aws_ecr_repository",
        ResourceKind::Role(_) => "aws_iam_role",
        ResourceKind::User(_) => "aws_iam_user",
        ResourceKind::Group(_) => "aws_iam_group",
        ResourceKind::IdentityPolicy(policy) => match policy.attached_to {
            Identity::Role(_) => "aws_iam_role_policy",
            Identity::User(_) => "aws_iam_user_policy",
            Identity::Group(_) => "aws_iam_group_policy",
        },
        ResourceKind::ManagedPolicy(_) => "aws_iam_policy",
        ResourceKind::Key(_) => "aws_kms_key",
        ResourceKind::Alias(_) => "aws_kms_alias",
        ResourceKind::EventRule(_) => "aws_cloudwatch_event_rule",
        ResourceKind::RegistryPolicy(_) => "aws_ecr_registry_policy",
        ResourceKind::ReplicationConfiguration(_) => "aws_ecr_replication_configuration",
        ResourceKind::ScanningConfiguration(_) => "aws_ecr_registry_scanning_configuration",
        ResourceKind::SigningConfiguration(_) => "awscc_ecr_signing_configuration",
        ResourceKind::AccountSettings(_) => "aws_ecr_account_setting",
        ResourceKind::PullThroughCacheRule(_) => "aws_ecr_pull_through_cache_rule",
        ResourceKind::RepositoryCreationTemplate(_) => "aws_ecr_repository_creation_template",
        ResourceKind::PullTimeUpdateExclusion(_) => "aws_ecr_pull_time_update_exclusion",
        ResourceKind::PublicRepository(_) => "aws_ecrpublic_repository",
    }
}

/// The physical name that a resource is given, where it has one of its own: what tells it from
/// others of its type whatever its construct is called.
pub(crate) fn given_name(resource: &Resource) -> Option<&str> {
    // Arguments that are laid over a resource are the last word.
    let laid_over =
        |argument: &str| resource.addresses.overrides(crate::TARGET)?.get(argument)?.as_str();
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

/// What Terraform calls an attribute of a resource, where it has it.
pub(crate) fn attribute(kind: &ResourceKind, attribute: Attribute) -> Option<&'static str> {
    match (kind, attribute) {
        (ResourceKind::Key(_), Attribute::Name) => Some("key_id"),
        (ResourceKind::PublicRepository(_), Attribute::Name) => Some("repository_name"),
        (
            ResourceKind::Repository(_)
            | ResourceKind::Role(_)
            | ResourceKind::User(_)
            | ResourceKind::Group(_)
            | ResourceKind::IdentityPolicy(_)
            | ResourceKind::ManagedPolicy(_)
            | ResourceKind::Alias(_)
            | ResourceKind::EventRule(_),
            Attribute::Name,
        ) => Some("name"),
        (
            ResourceKind::Repository(_)
            | ResourceKind::Role(_)
            | ResourceKind::User(_)
            | ResourceKind::Group(_)
            | ResourceKind::ManagedPolicy(_)
            | ResourceKind::Key(_)
            | ResourceKind::Alias(_)
            | ResourceKind::EventRule(_)
            | ResourceKind::PublicRepository(_),
            Attribute::Arn,
        ) => Some("arn"),
        (
            ResourceKind::RegistryPolicy(_)
            | ResourceKind::ReplicationConfiguration(_)
            | ResourceKind::ScanningConfiguration(_)
            | ResourceKind::SigningConfiguration(_)
            | ResourceKind::PullThroughCacheRule(_)
            | ResourceKind::RepositoryCreationTemplate(_)
            | ResourceKind::PullTimeUpdateExclusion(_),
            Attribute::Name,
        ) => Some("id"),
        (
            ResourceKind::IdentityPolicy(_)
            | ResourceKind::RegistryPolicy(_)
            | ResourceKind::ReplicationConfiguration(_)
            | ResourceKind::ScanningConfiguration(_)
            | ResourceKind::SigningConfiguration(_)
            | ResourceKind::PullThroughCacheRule(_)
            | ResourceKind::RepositoryCreationTemplate(_)
            | ResourceKind::PullTimeUpdateExclusion(_),
            Attribute::Arn,
        )
        | (ResourceKind::AccountSettings(_), Attribute::Name | Attribute::Arn) => None,
    }
}

/// Declares [`Body`]: the arguments of a resource, and the type that goes with each.
macro_rules! bodies {
    ($($variant:ident($body:ty) = $kind:literal,)*) => {
        /// The arguments of a Terraform resource, by its type.
        #[derive(Debug, Serialize)]
        #[serde(untagged)]
        pub(crate) enum Body<'g> {
            $($variant($body),)*
        }

        impl Body<'_> {
            /// The resource's type.
            pub(crate) fn kind(&self) -> &'static str {
                match self {
                    $(Self::$variant(_) => $kind,)*
                }
            }
        }
    };
}

bodies! {
    Repository(repository::Repository<'g>) = "aws_ecr_repository",
    LifecyclePolicy(repository::LifecyclePolicy<'g>) = "aws_ecr_lifecycle_policy",
    RepositoryPolicy(repository::RepositoryPolicy<'g>) = "aws_ecr_repository_policy",
    Role(role::Role<'g>) = "aws_iam_role",
    RolePolicyAttachment(role::RolePolicyAttachment<'g>) = "aws_iam_role_policy_attachment",
    User(user::User<'g>) = "aws_iam_user",
    Group(group::Group<'g>) = "aws_iam_group",
    RolePolicy(identity_policy::RolePolicy<'g>) = "aws_iam_role_policy",
    UserPolicy(identity_policy::UserPolicy<'g>) = "aws_iam_user_policy",
    GroupPolicy(identity_policy::GroupPolicy<'g>) = "aws_iam_group_policy",
    ManagedPolicy(managed_policy::Policy<'g>) = "aws_iam_policy",
    Key(key::Key<'g>) = "aws_kms_key",
    Alias(alias::Alias<'g>) = "aws_kms_alias",
    EventRule(event_rule::Rule<'g>) = "aws_cloudwatch_event_rule",
    EventTarget(event_rule::Target<'g>) = "aws_cloudwatch_event_target",
    RegistryPolicy(registry_policy::RegistryPolicy<'g>) = "aws_ecr_registry_policy",
    Replication(replication::Replication<'g>) = "aws_ecr_replication_configuration",
    Scanning(scanning::Scanning<'g>) = "aws_ecr_registry_scanning_configuration",
    Signing(signing::Signing<'g>) = "awscc_ecr_signing_configuration",
    AccountSetting(account_settings::AccountSetting) = "aws_ecr_account_setting",
    PullThroughCacheRule(pull_through_cache_rule::CacheRule<'g>) = "aws_ecr_pull_through_cache_rule",
    CreationTemplate(creation_template::Template<'g>) = "aws_ecr_repository_creation_template",
    PullTimeUpdateExclusion(pull_time_update_exclusion::Exclusion<'g>) =
        "aws_ecr_pull_time_update_exclusion",
    PublicRepository(public_repository::Repository<'g>) = "aws_ecrpublic_repository",
    PublicRepositoryPolicy(public_repository::RepositoryPolicy<'g>) =
        "aws_ecrpublic_repository_policy",
}

/// Tags, by key.
type Tags<'g> = BTreeMap<Text<'g>, Text<'g>>;

fn tags<'g>(tags: impl IntoIterator<Item = (&'g String, &'g String)>) -> Tags<'g> {
    tags.into_iter().map(|(key, value)| (Text::literal(key), Text::literal(value))).collect()
}
