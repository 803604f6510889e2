//! Resources: a type and its properties.

mod event_rule;
mod iam;
mod kms;
mod public_repository;
mod registry;
mod repository;

use std::collections::BTreeMap;

use ecrane_core::{Resource, ResourceKind};
use icu_collator::options::CollatorOptions;
use icu_collator::{Collator, CollatorPreferences};
use serde::Serialize;

use crate::scope::Scope;

/// The properties of a resource.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub(crate) enum Properties<'g> {
    Repository(repository::Repository<'g>),
    Role(iam::Role<'g>),
    User(iam::User<'g>),
    Group(iam::Group<'g>),
    Policy(iam::Policy<'g>),
    ManagedPolicy(iam::ManagedPolicy<'g>),
    Key(kms::Key<'g>),
    Alias(kms::Alias<'g>),
    EventRule(event_rule::EventRule<'g>),
    RegistryPolicy(registry::RegistryPolicy<'g>),
    ReplicationConfiguration(registry::ReplicationConfiguration<'g>),
    ScanningConfiguration(registry::ScanningConfiguration<'g>),
    SigningConfiguration(registry::SigningConfiguration<'g>),
    PullThroughCacheRule(registry::PullThroughCacheRule<'g>),
    CreationTemplate(registry::CreationTemplate<'g>),
    PullTimeUpdateExclusion(registry::PullTimeUpdateExclusion<'g>),
    PublicRepository(public_repository::PublicRepository<'g>),
}

impl Properties<'_> {
    /// The type, as CloudFormation names it.
    pub(crate) fn cloudformation_type(&self) -> &'static str {
        match self {
            Self::Repository(_) => "AWS::ECR::Repository",
            Self::Role(_) => "AWS::IAM::Role",
            Self::User(_) => "AWS::IAM::User",
            Self::Group(_) => "AWS::IAM::Group",
            Self::Policy(_) => "AWS::IAM::Policy",
            Self::ManagedPolicy(_) => "AWS::IAM::ManagedPolicy",
            Self::Key(_) => "AWS::KMS::Key",
            Self::Alias(_) => "AWS::KMS::Alias",
            Self::EventRule(_) => "AWS::Events::Rule",
            Self::RegistryPolicy(_) => "AWS::ECR::RegistryPolicy",
            Self::ReplicationConfiguration(_) => "AWS::ECR::ReplicationConfiguration",
            Self::ScanningConfiguration(_) => "AWS::ECR::RegistryScanningConfiguration",
            Self::SigningConfiguration(_) => "AWS::ECR::SigningConfiguration",
            Self::PullThroughCacheRule(_) => "AWS::ECR::PullThroughCacheRule",
            Self::CreationTemplate(_) => "AWS::ECR::RepositoryCreationTemplate",
            Self::PullTimeUpdateExclusion(_) => "AWS::ECR::PullTimeUpdateExclusion",
            Self::PublicRepository(_) => "AWS::ECR::PublicRepository",
        }
    }

    /// Whether nothing is said. The CDK leaves the properties out then.
    pub(crate) fn is_empty(&self) -> bool {
        match self {
            Self::Repository(p) => p.is_empty(),
            Self::User(p) => p.is_empty(),
            Self::Group(p) => p.is_empty(),
            Self::PullThroughCacheRule(p) => p.is_empty(),
            Self::PublicRepository(p) => p.is_empty(),
            Self::Role(_)
            | Self::Policy(_)
            | Self::ManagedPolicy(_)
            | Self::Key(_)
            | Self::Alias(_)
            | Self::EventRule(_)
            | Self::RegistryPolicy(_)
            | Self::ReplicationConfiguration(_)
            | Self::ScanningConfiguration(_)
            | Self::SigningConfiguration(_)
            | Self::CreationTemplate(_)
            | Self::PullTimeUpdateExclusion(_) => false,
        }
    }
}

/// The properties of a resource, in a template; nothing for what CloudFormation has no type for, which
/// rendering refuses.
pub(crate) fn properties<'g>(scope: Scope<'g>, resource: &'g Resource) -> Option<Properties<'g>> {
    let tags = || Tags::new(&resource.tags);
    Some(match &resource.kind {
        ResourceKind::Repository(it) => {
            Properties::Repository(repository::Repository::new(scope, it, tags()))
        }
        ResourceKind::Role(it) => Properties::Role(iam::Role::new(scope, it, tags())),
        ResourceKind::User(it) => Properties::User(iam::User::new(it, tags())),
        ResourceKind::Group(it) => Properties::Group(iam::Group::new(it)),
        ResourceKind::IdentityPolicy(it) => Properties::Policy(iam::Policy::new(scope, it)),
        ResourceKind::ManagedPolicy(it) => {
            Properties::ManagedPolicy(iam::ManagedPolicy::new(scope, it))
        }
        ResourceKind::Key(it) => Properties::Key(kms::Key::new(scope, it)),
        ResourceKind::Alias(it) => Properties::Alias(kms::Alias::new(scope, it)),
        ResourceKind::EventRule(it) => {
            Properties::EventRule(event_rule::EventRule::new(scope, it, tags()))
        }
        ResourceKind::RegistryPolicy(it) => {
            Properties::RegistryPolicy(registry::RegistryPolicy::new(scope, it))
        }
        ResourceKind::ReplicationConfiguration(it) => {
            Properties::ReplicationConfiguration(registry::ReplicationConfiguration::new(it))
        }
        ResourceKind::ScanningConfiguration(it) => {
            Properties::ScanningConfiguration(registry::ScanningConfiguration::new(it))
        }
        ResourceKind::SigningConfiguration(it) => {
            Properties::SigningConfiguration(registry::SigningConfiguration::new(it))
        }
        ResourceKind::PullThroughCacheRule(it) => {
            Properties::PullThroughCacheRule(registry::PullThroughCacheRule::new(it))
        }
        ResourceKind::RepositoryCreationTemplate(it) => {
            Properties::CreationTemplate(registry::CreationTemplate::new(scope, it))
        }
        ResourceKind::PullTimeUpdateExclusion(it) => {
            Properties::PullTimeUpdateExclusion(registry::PullTimeUpdateExclusion::new(it))
        }
        ResourceKind::PublicRepository(it) => {
            let properties = public_repository::PublicRepository::new(scope, it, tags());
            Properties::PublicRepository(properties)
        }
        ResourceKind::AccountSettings(_) => return None,
    })
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
    fn new(tags: &'g BTreeMap<String, String>) -> Option<Self> {
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
