//! Resources: what a stack deploys.
//!
//! Each resource type has its own file, with its AWS limits, and a row in [`ResourceKind`].

mod account_settings;
mod alias;
mod creation_template;
mod encryption;
mod event_rule;
mod group;
mod identity_policy;
mod key;
mod managed_policy;
mod physical_name;
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

use ecrane_document::Place;

pub use account_settings::{
    AccountSettingsResource, BasicScanTypeVersion, BlobMounting, RegistryPolicyScope,
};
pub use alias::AliasResource;
pub use creation_template::{
    AppliedFor, CreationTemplateError, RepositoryCreationTemplateResource,
};
pub use encryption::Encryption;
pub use event_rule::{EventInput, EventRuleResource, EventTarget, PatternPlaces, RetryPolicy};
pub use group::GroupResource;
pub use identity_policy::{Identity, IdentityKind, IdentityPolicyResource};
pub use key::KeyResource;
pub use managed_policy::ManagedPolicyResource;
pub use public_repository::{CatalogData, PublicRepositoryError, PublicRepositoryResource};
pub use pull_through_cache_rule::{PullThroughCacheError, PullThroughCacheRuleResource};
pub use pull_time_update_exclusion::PullTimeUpdateExclusionResource;
pub use registry_policy::{RegistryPolicyError, RegistryPolicyResource};
pub use replication::{
    ReplicationConfigurationResource, ReplicationDestination, ReplicationError, ReplicationRule,
};
pub use repository::{RepositoryResource, RepositoryWarning};
pub use role::{RoleLimitError, RoleResource};
pub use scanning::{
    ScanFrequency, ScanType, ScanningConfigurationResource, ScanningError, ScanningRule,
};
pub use signing::{SigningConfigurationResource, SigningRule};
pub use tag_mutability::{ExclusionFilters, TagMutability, TagMutabilityError};
pub use user::UserResource;

pub(crate) use physical_name::{PhysicalName, Reach};

use crate::addresses::Addresses;
use crate::bounds::Findings;
use crate::construct_path::ConstructPath;
use crate::names::Environment;
use crate::resource_id::ResourceId;
use crate::value::{Attribute, Value};

/// A resource of a stack.
#[derive(Debug, Clone)]
pub struct Resource {
    /// The construct path of the L1 resource within the stack. It ends in `Resource` if the CDK
    /// wraps the resource in an L2 construct.
    pub path: ConstructPath,
    /// Tags, by key.
    pub tags: BTreeMap<String, String>,
    /// The removal policy.
    pub removal_policy: Option<RemovalPolicy>,
    /// Pinned addresses and property overrides, by target.
    pub addresses: Addresses,
    /// The type and properties.
    pub kind: ResourceKind,
    /// The place in the input.
    pub place: Place,
}

/// What happens to a resource that is removed from its stack.
///
/// CDK's `RemovalPolicy`; CloudFormation's `DeletionPolicy` and `UpdateReplacePolicy`; Terraform's
/// `prevent_destroy`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RemovalPolicy {
    /// The resource is retained in the account.
    Retain,
    /// The resource is deleted.
    Destroy,
}

/// Equality ignores the place in the input.
impl PartialEq for Resource {
    fn eq(&self, other: &Self) -> bool {
        let Self { path, tags, removal_policy, addresses, kind, place: _ } = self;
        *path == other.path
            && *tags == other.tags
            && *removal_policy == other.removal_policy
            && *addresses == other.addresses
            && *kind == other.kind
    }
}

/// The behavior that every resource type implements.
trait Deployed {
    /// The name of the setting in messages, if it exists once per registry.
    const ONCE: Option<&'static str> = None;

    /// The key of the config that specifies the name, if AWS generates one without it.
    const NAME_KEY: Option<&'static str> = None;

    /// Whether the tags are specified on the resource, not on the resource that creates it.
    const OWN_TAGS: bool = true;

    /// The physical name that AWS takes once, if specified.
    fn physical_name(&self) -> Option<PhysicalName<'_>> {
        None
    }

    /// Visits every value that can refer to another resource.
    fn values<'r>(&'r self, visit: &mut dyn FnMut(&'r Value)) {
        let _ = visit;
    }

    /// Reports properties that AWS would reject.
    fn check(&self, place: &Place, env: &Environment, findings: &mut Findings) {
        let _ = (place, env, findings);
    }
}

/// Declares [`ResourceKind`] with a row for each resource type.
macro_rules! kinds {
    ($($(#[$doc:meta])* $kind:ident($resource:ty),)*) => {
        /// The type and properties of a resource. A backend renders each type.
        #[derive(Debug, Clone, PartialEq)]
        pub enum ResourceKind {
            $($(#[$doc])* $kind($resource),)*
        }

        impl ResourceKind {
            /// The physical name, if it must be unique and is specified.
            pub fn name(&self) -> Option<&str> {
                self.physical_name().map(|name| name.name)
            }

            /// The name of the setting in messages, if it exists once per registry.
            pub fn once(&self) -> Option<&'static str> {
                match self {
                    $(Self::$kind(_) => <$resource as Deployed>::ONCE,)*
                }
            }

            /// The key of the config that specifies the name, if a name is generated without it.
            pub fn name_key(&self) -> Option<&'static str> {
                match self {
                    $(Self::$kind(_) => <$resource as Deployed>::NAME_KEY,)*
                }
            }

            /// Whether the tags are specified on the resource.
            pub(crate) fn has_own_tags(&self) -> bool {
                match self {
                    $(Self::$kind(_) => <$resource as Deployed>::OWN_TAGS,)*
                }
            }

            /// The physical name that AWS takes once, if specified.
            pub(crate) fn physical_name(&self) -> Option<PhysicalName<'_>> {
                match self {
                    $(Self::$kind(resource) => resource.physical_name(),)*
                }
            }

            /// Visits every value that can refer to another resource.
            pub fn values<'r>(&'r self, visit: &mut dyn FnMut(&'r Value)) {
                match self {
                    $(Self::$kind(resource) => resource.values(visit),)*
                }
            }

            /// Reports properties that AWS would reject.
            pub(crate) fn check(&self, place: &Place, env: &Environment, findings: &mut Findings) {
                match self {
                    $(Self::$kind(resource) => resource.check(place, env, findings),)*
                }
            }
        }
    };
}

kinds! {
    /// `AWS::ECR::Repository`
    Repository(RepositoryResource),
    /// `AWS::IAM::Role`
    Role(RoleResource),
    /// `AWS::IAM::User`
    User(UserResource),
    /// `AWS::IAM::Group`
    Group(GroupResource),
    /// `AWS::IAM::Policy`: an inline policy of roles, users or groups
    IdentityPolicy(IdentityPolicyResource),
    /// `AWS::IAM::ManagedPolicy`: statements that exceed the size of a role's inline policy
    ManagedPolicy(ManagedPolicyResource),
    /// `AWS::KMS::Key`
    Key(KeyResource),
    /// `AWS::KMS::Alias`
    Alias(AliasResource),
    /// `AWS::Events::Rule`
    EventRule(EventRuleResource),
    /// `AWS::ECR::RegistryPolicy`
    RegistryPolicy(RegistryPolicyResource),
    /// `AWS::ECR::ReplicationConfiguration`
    ReplicationConfiguration(ReplicationConfigurationResource),
    /// `AWS::ECR::RegistryScanningConfiguration`
    ScanningConfiguration(ScanningConfigurationResource),
    /// `AWS::ECR::SigningConfiguration`
    SigningConfiguration(SigningConfigurationResource),
    /// ECR account settings, which have no CloudFormation resource type
    AccountSettings(AccountSettingsResource),
    /// `AWS::ECR::PullThroughCacheRule`
    PullThroughCacheRule(PullThroughCacheRuleResource),
    /// `AWS::ECR::RepositoryCreationTemplate`
    RepositoryCreationTemplate(RepositoryCreationTemplateResource),
    /// `AWS::ECR::PullTimeUpdateExclusion`
    PullTimeUpdateExclusion(PullTimeUpdateExclusionResource),
    /// `AWS::ECR::PublicRepository`
    PublicRepository(PublicRepositoryResource),
}

impl ResourceKind {
    /// Visits every attribute of another resource that this one refers to.
    pub fn references(&self, visit: &mut dyn FnMut(ResourceId, Attribute)) {
        self.values(&mut |value| value.references(visit));
    }
}
