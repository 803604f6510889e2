//! Resource types: one file and one row for each type of the graph.

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

use ecrane_core::{Resource, ResourceKind};
use icu_collator::options::CollatorOptions;
use icu_collator::{Collator, CollatorPreferences};
use serde::Serialize;

pub(crate) use repository::unfit_name;

use crate::error::TemplateError;
use crate::import::Identifier;
use crate::scope::Scope;

/// The properties of a resource type, under their CloudFormation names.
trait Properties<'g>: Serialize {
    /// The resource type of the graph.
    type Resource;

    /// How CloudFormation identifies an existing resource.
    const IDENTIFIER: Identifier;

    /// Renders the properties of a resource.
    fn new(scope: Scope<'g>, resource: &'g Self::Resource, tags: Option<Tags<'g>>) -> Self;

    /// Whether no property is set. The CDK then omits `Properties`.
    fn is_empty(&self) -> bool {
        false
    }
}

/// Declares the rows: each resource type of the graph, with its properties and its CloudFormation
/// type, and the resource types that CloudFormation does not have.
macro_rules! rows {
    (
        $($kind:ident($properties:ty) = $cloudformation_type:literal,)*;
        $($missing:ident = $error:path,)*
    ) => {
        /// The properties of a resource.
        #[derive(Debug, Serialize)]
        #[serde(untagged)]
        pub(crate) enum AnyProperties<'g> {
            $($kind($properties),)*
        }

        impl AnyProperties<'_> {
            /// Whether no property is set.
            pub(crate) fn is_empty(&self) -> bool {
                match self {
                    $(Self::$kind(properties) => properties.is_empty(),)*
                }
            }
        }

        /// The CloudFormation type of a resource.
        ///
        /// # Errors
        /// If CloudFormation has no type for it.
        pub(crate) fn cloudformation_type(
            resource: &Resource,
        ) -> Result<&'static str, TemplateError> {
            match resource.kind {
                $(ResourceKind::$kind(_) => Ok($cloudformation_type),)*
                $(ResourceKind::$missing(_) => Err($error),)*
            }
        }

        /// How CloudFormation identifies an existing resource.
        pub(crate) fn identifier<'g>(resource: &'g Resource) -> Identifier {
            match &resource.kind {
                $(ResourceKind::$kind(_) => <$properties as Properties<'g>>::IDENTIFIER,)*
                $(ResourceKind::$missing(_) => Identifier::None,)*
            }
        }

        /// The properties of a resource, if CloudFormation has a type for it.
        pub(crate) fn properties<'g>(
            scope: Scope<'g>,
            resource: &'g Resource,
        ) -> Option<AnyProperties<'g>> {
            let tags = Tags::new(&resource.tags);
            match &resource.kind {
                $(ResourceKind::$kind(it) => {
                    Some(AnyProperties::$kind(Properties::new(scope, it, tags)))
                })*
                $(ResourceKind::$missing(_) => None,)*
            }
        }
    };
}

rows! {
    Repository(repository::Repository<'g>) = "AWS::ECR::Repository",
    Role(role::Role<'g>) = "AWS::IAM::Role",
    User(user::User<'g>) = "AWS::IAM::User",
    Group(group::Group<'g>) = "AWS::IAM::Group",
    IdentityPolicy(identity_policy::IdentityPolicy<'g>) = "AWS::IAM::Policy",
    ManagedPolicy(managed_policy::ManagedPolicy<'g>) = "AWS::IAM::ManagedPolicy",
    Key(key::Key<'g>) = "AWS::KMS::Key",
    Alias(alias::Alias<'g>) = "AWS::KMS::Alias",
    EventRule(event_rule::EventRule<'g>) = "AWS::Events::Rule",
    RegistryPolicy(registry_policy::RegistryPolicy<'g>) = "AWS::ECR::RegistryPolicy",
    ReplicationConfiguration(replication::ReplicationConfiguration<'g>) = "AWS::ECR::ReplicationConfiguration",
    ScanningConfiguration(scanning::ScanningConfiguration<'g>) = "AWS::ECR::RegistryScanningConfiguration",
    SigningConfiguration(signing::SigningConfiguration<'g>) = "AWS::ECR::SigningConfiguration",
    PullThroughCacheRule(pull_through_cache_rule::PullThroughCacheRule<'g>) = "AWS::ECR::PullThroughCacheRule",
    RepositoryCreationTemplate(creation_template::CreationTemplate<'g>) = "AWS::ECR::RepositoryCreationTemplate",
    PullTimeUpdateExclusion(pull_time_update_exclusion::PullTimeUpdateExclusion<'g>) = "AWS::ECR::PullTimeUpdateExclusion",
    PublicRepository(public_repository::PublicRepository<'g>) = "AWS::ECR::PublicRepository",
    ;
    AccountSettings = TemplateError::NoAccountSettings,
}

/// Tags, in the order of their keys in a dictionary.
#[derive(Debug, Serialize)]
#[serde(transparent)]
pub(crate) struct Tags<'g>(Vec<Tag<'g>>);

/// A tag.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Tag<'g> {
    key: &'g str,
    value: &'g str,
}

impl<'g> Tags<'g> {
    pub(crate) fn new(tags: &'g BTreeMap<String, String>) -> Option<Self> {
        if tags.is_empty() {
            return None;
        }
        let mut tags: Vec<_> = tags.iter().map(|(key, value)| Tag { key, value }).collect();
        if tags.len() > 1
            && let Ok(collator) =
                Collator::try_new(CollatorPreferences::default(), CollatorOptions::default())
        {
            tags.sort_by(|one, other| collator.compare(one.key, other.key));
        }
        Some(Self(tags))
    }
}
