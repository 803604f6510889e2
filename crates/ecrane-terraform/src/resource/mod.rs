//! Resource types: one file and one row for each type of the graph.

mod account_settings;
mod alias;
mod creation_template;
mod encryption;
mod event_rule;
mod filter;
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

use crate::TARGET;
use crate::expression::Text;
use crate::import::ImportId;
use crate::scope::Scope;
use crate::version::Feature;

/// How a resource type of the graph is written in Terraform.
pub(crate) trait Deployed {
    /// The Terraform resource type, and the attributes that references read.
    fn terraform_type(&self) -> Type;

    /// The argument that holds the physical name, and the name if one is specified.
    fn given_name(&self) -> Option<(&'static str, Option<&str>)> {
        None
    }

    /// The feature that needs a newer `aws` provider than the oldest supported version, by the
    /// change log of the provider.
    fn feature(&self) -> Option<Feature> {
        None
    }

    /// Renders the Terraform resources.
    fn render<'g>(&'g self, resource: &'g Resource, scope: &mut Scope<'g>) -> Pieces<'g>;
}

/// Declares the rows: each resource type of the graph, with the Terraform resource types that it
/// renders to and their arguments.
macro_rules! rows {
    ($($kind:ident { $($body:ident($arguments:ty) = $terraform_type:literal,)+ })*) => {
        /// The file of a resource type.
        pub(crate) fn deployed(kind: &ResourceKind) -> &dyn Deployed {
            match kind {
                $(ResourceKind::$kind(resource) => resource,)*
            }
        }

        /// The arguments of a Terraform resource, by type.
        #[derive(Debug, Serialize)]
        #[serde(untagged)]
        pub(crate) enum Body<'g> {
            $($($body($arguments),)+)*
        }

        impl Body<'_> {
            /// The Terraform resource type.
            pub(crate) fn terraform_type(&self) -> &'static str {
                match self {
                    $($(Self::$body(_) => $terraform_type,)+)*
                }
            }
        }
    };
}

rows! {
    Repository {
        Repository(repository::Repository<'g>) = "aws_ecr_repository",
        LifecyclePolicy(repository::LifecyclePolicy<'g>) = "aws_ecr_lifecycle_policy",
        RepositoryPolicy(repository::RepositoryPolicy<'g>) = "aws_ecr_repository_policy",
    }
    Role {
        Role(role::Role<'g>) = "aws_iam_role",
        RolePolicyAttachment(role::RolePolicyAttachment<'g>) = "aws_iam_role_policy_attachment",
    }
    User {
        User(user::User<'g>) = "aws_iam_user",
    }
    Group {
        Group(group::Group<'g>) = "aws_iam_group",
    }
    IdentityPolicy {
        RolePolicy(identity_policy::RolePolicy<'g>) = "aws_iam_role_policy",
        UserPolicy(identity_policy::UserPolicy<'g>) = "aws_iam_user_policy",
        GroupPolicy(identity_policy::GroupPolicy<'g>) = "aws_iam_group_policy",
    }
    ManagedPolicy {
        ManagedPolicy(managed_policy::Policy<'g>) = "aws_iam_policy",
    }
    Key {
        Key(key::Key<'g>) = "aws_kms_key",
    }
    Alias {
        Alias(alias::Alias<'g>) = "aws_kms_alias",
    }
    EventRule {
        EventRule(event_rule::Rule<'g>) = "aws_cloudwatch_event_rule",
        EventTarget(event_rule::Target<'g>) = "aws_cloudwatch_event_target",
    }
    RegistryPolicy {
        RegistryPolicy(registry_policy::RegistryPolicy<'g>) = "aws_ecr_registry_policy",
    }
    ReplicationConfiguration {
        Replication(replication::Replication<'g>) = "aws_ecr_replication_configuration",
    }
    ScanningConfiguration {
        Scanning(scanning::Scanning<'g>) = "aws_ecr_registry_scanning_configuration",
    }
    SigningConfiguration {
        Signing(signing::Signing<'g>) = "awscc_ecr_signing_configuration",
    }
    AccountSettings {
        AccountSetting(account_settings::AccountSetting) = "aws_ecr_account_setting",
    }
    PullThroughCacheRule {
        PullThroughCacheRule(pull_through_cache_rule::CacheRule<'g>) =
            "aws_ecr_pull_through_cache_rule",
    }
    RepositoryCreationTemplate {
        CreationTemplate(creation_template::Template<'g>) = "aws_ecr_repository_creation_template",
    }
    PullTimeUpdateExclusion {
        PullTimeUpdateExclusion(pull_time_update_exclusion::Exclusion<'g>) =
            "aws_ecr_pull_time_update_exclusion",
    }
    PublicRepository {
        PublicRepository(public_repository::Repository<'g>) = "aws_ecrpublic_repository",
        PublicRepositoryPolicy(public_repository::RepositoryPolicy<'g>) =
            "aws_ecrpublic_repository_policy",
    }
}

/// A Terraform resource type, with the attributes that references read.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Type {
    name: &'static str,
    name_attribute: Option<&'static str>,
    arn_attribute: Option<&'static str>,
}

impl Type {
    /// A type whose name attribute is `name`, without an ARN.
    const fn new(name: &'static str) -> Self {
        Self { name, name_attribute: Some("name"), arn_attribute: None }
    }

    const fn named_by(self, attribute: &'static str) -> Self {
        Self { name_attribute: Some(attribute), ..self }
    }

    const fn unnamed(self) -> Self {
        Self { name_attribute: None, ..self }
    }

    const fn with_arn(self) -> Self {
        Self { arn_attribute: Some("arn"), ..self }
    }

    /// The name of the type.
    pub(crate) fn name(self) -> &'static str {
        self.name
    }

    /// The local name of the provider, which begins the name of the type.
    pub(crate) fn provider(self) -> &'static str {
        self.name.split_once('_').map_or(self.name, |(provider, _)| provider)
    }

    /// The Terraform name of an attribute, if the type has the attribute.
    pub(crate) fn attribute(self, attribute: Attribute) -> Option<&'static str> {
        match attribute {
            Attribute::Name => self.name_attribute,
            Attribute::Arn => self.arn_attribute,
        }
    }
}

/// The Terraform type of a resource.
pub(crate) fn terraform_type(resource: &Resource) -> Type {
    deployed(&resource.kind).terraform_type()
}

/// The physical name that the module specifies for a resource. An override takes precedence.
pub(crate) fn given_name(resource: &Resource) -> Option<&str> {
    let (argument, name) = deployed(&resource.kind).given_name()?;
    let overrides = resource.addresses.overrides(TARGET);
    overrides.and_then(|arguments| arguments.get(argument)?.as_str()).or(name)
}

/// The Terraform resources of a resource of the graph.
#[derive(Debug, Default)]
pub(crate) struct Pieces<'g> {
    /// The resource itself, with its import ID.
    pub(crate) main: Option<(Body<'g>, ImportId<'g>)>,
    /// Resources that are properties in CloudFormation.
    pub(crate) parts: Vec<Part<'g>>,
}

/// A Terraform resource that is a property of another resource in CloudFormation.
#[derive(Debug)]
pub(crate) struct Part<'g> {
    /// The construct ID below the other resource.
    pub(crate) id: String,
    /// Whether a construct has at most one. Then, in the plain layout or if the construct is pinned,
    /// it has the name of the construct, and a different type.
    pub(crate) is_single: bool,
    pub(crate) body: Body<'g>,
    pub(crate) import: ImportId<'g>,
}

impl<'g> Pieces<'g> {
    fn of(body: Body<'g>, import: ImportId<'g>) -> Self {
        Self { main: Some((body, import)), parts: Vec::new() }
    }

    /// Adds a part of which a construct has at most one.
    fn beside(&mut self, id: &str, body: Body<'g>, import: ImportId<'g>) {
        self.parts.push(Part { id: id.to_owned(), is_single: true, body, import });
    }

    /// Adds a part of which a construct can have several.
    fn below(&mut self, id: &str, body: Body<'g>, import: ImportId<'g>) {
        self.parts.push(Part { id: id.to_owned(), is_single: false, body, import });
    }
}

/// Tags, by key.
type Tags<'g> = BTreeMap<Text<'g>, Text<'g>>;

fn tags<'g>(tags: impl IntoIterator<Item = (&'g String, &'g String)>) -> Tags<'g> {
    tags.into_iter().map(|(key, value)| (Text::literal(key), Text::literal(value))).collect()
}
