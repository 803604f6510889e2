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

use ecrane_core::{Resource, ResourceKind};
use serde::Serialize;

use crate::expression::Text;
use crate::scope::Scope;

/// The Terraform resources of one resource of the graph.
#[derive(Debug, Default)]
pub(crate) struct Pieces<'g> {
    /// The resource itself.
    pub(crate) main: Option<Body<'g>>,
    /// What CloudFormation has as a part of it.
    pub(crate) parts: Vec<Part<'g>>,
}

/// A Terraform resource that CloudFormation has as a part of another.
#[derive(Debug)]
pub(crate) struct Part<'g> {
    /// The construct id that it would have below the other.
    pub(crate) id: String,
    /// Whether a construct has one at most: in the plain layout, and where the construct is pinned,
    /// it is named as the construct, and its type tells it apart.
    pub(crate) is_single: bool,
    pub(crate) body: Body<'g>,
}

impl<'g> Pieces<'g> {
    fn of(body: Body<'g>) -> Self {
        Self { main: Some(body), parts: Vec::new() }
    }

    /// Adds a part of which a construct has one at most.
    fn beside(&mut self, id: &str, body: Body<'g>) {
        self.parts.push(Part { id: id.to_owned(), is_single: true, body });
    }

    /// Adds a part of which a construct may have several.
    fn below(&mut self, id: &str, body: Body<'g>) {
        self.parts.push(Part { id: id.to_owned(), is_single: false, body });
    }
}

/// Renders a resource of the graph to Terraform resources.
pub(crate) fn render<'g>(resource: &'g Resource, scope: &mut Scope<'g>) -> Pieces<'g> {
    match &resource.kind {
        ResourceKind::Repository(node) => repository::render(resource, node, scope),
        ResourceKind::Role(node) => role::render(resource, node, scope),
        ResourceKind::User(node) => user::render(resource, node, scope),
        ResourceKind::Group(node) => group::render(resource, node, scope),
        ResourceKind::IdentityPolicy(node) => identity_policy::render(node, scope),
        ResourceKind::ManagedPolicy(node) => managed_policy::render(resource, node, scope),
        ResourceKind::Key(node) => key::render(resource, node, scope),
        ResourceKind::Alias(node) => alias::render(node, scope),
        ResourceKind::EventRule(node) => event_rule::render(resource, node, scope),
        ResourceKind::RegistryPolicy(node) => registry_policy::render(node, scope),
        ResourceKind::ReplicationConfiguration(node) => replication::render(node),
        ResourceKind::ScanningConfiguration(node) => scanning::render(node),
        ResourceKind::SigningConfiguration(node) => signing::render(node),
        ResourceKind::AccountSettings(node) => account_settings::render(*node),
        ResourceKind::PullThroughCacheRule(node) => {
            pull_through_cache_rule::render(resource, node, scope)
        }
        ResourceKind::RepositoryCreationTemplate(node) => creation_template::render(node, scope),
        ResourceKind::PullTimeUpdateExclusion(node) => pull_time_update_exclusion::render(node),
        ResourceKind::PublicRepository(node) => public_repository::render(resource, node, scope),
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
