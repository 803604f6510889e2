//! `AWS::ECR::Repository`

use ecrane_document::{Explain, Place};
use ecrane_lifecycle::LifecyclePolicy;
use thiserror::Error;

use super::{Deployed, Encryption, TagMutability};
use crate::bounds::{self, Findings};
use crate::names::{AccountId, Environment, RepositoryName};
use crate::policy::PolicyDocument;
use crate::value::Value;

/// A repository as it is deployed.
#[derive(Debug, Clone, PartialEq)]
pub struct RepositoryResource {
    /// The physical name. If omitted, one is generated at deployment.
    pub name: Option<RepositoryName>,
    /// Whether images are scanned when they are pushed; omitted from the output if `None`.
    pub scan_on_push: Option<bool>,
    /// Whether a tag can be moved to another image; omitted from the output if `None`.
    pub tag_mutability: Option<TagMutability>,
    /// How images are encrypted; omitted from the output (AES-256) if `None`.
    pub encryption: Option<Encryption>,
    /// Whether deleting the repository deletes the images in it; omitted from the output if `None`.
    pub empty_on_delete: Option<bool>,
    /// The lifecycle policy.
    pub lifecycle_policy: Option<LifecyclePolicy>,
    /// The registry that the lifecycle policy is for.
    pub lifecycle_registry_id: Option<AccountId>,
    /// Who may do what with it; nothing is rendered if it has no statements.
    pub policy: PolicyDocument,
}

impl Deployed for RepositoryResource {
    fn values<'r>(&'r self, visit: &mut dyn FnMut(&'r Value)) {
        let Self {
            encryption,
            policy,
            name: _,
            scan_on_push: _,
            tag_mutability: _,
            empty_on_delete: _,
            lifecycle_policy: _,
            lifecycle_registry_id: _,
        } = self;
        encryption.iter().filter_map(Encryption::key).for_each(&mut *visit);
        policy.values(visit);
    }

    fn check(&self, place: &Place, env: &Environment, findings: &mut Findings) {
        // A lifecycle policy belongs to the registry that its repository is in.
        if let (Some(registry), Some(account)) = (&self.lifecycle_registry_id, &env.account)
            && registry != account
        {
            let (registry, account) = (registry.to_string(), account.to_string());
            // Only a warning: the CDK writes it.
            let warning = RepositoryWarning::LifecycleElsewhere { registry, account };
            findings.warning(place.key("lifecycleRegistryId"), warning);
        }
        bounds::resource_policy(&self.policy, place, findings);
    }
}

/// What to know of a repository that is deployed as the CDK writes it.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum RepositoryWarning {
    /// The lifecycle policy of a repository is put into another registry.
    #[error("the lifecycle policy goes to registry `{registry}`, the repository to `{account}`")]
    LifecycleElsewhere {
        /// The registry that is named.
        registry: String,
        /// The account of the stack.
        account: String,
    },
}

impl Explain for RepositoryWarning {
    fn code(&self) -> &'static str {
        match self {
            Self::LifecycleElsewhere { .. } => "lifecycle::registry_elsewhere",
        }
    }

    fn help(&self) -> Option<String> {
        Some(
            match self {
                Self::LifecycleElsewhere { .. } => {
                    "ECR finds no such repository there; leave `lifecycleRegistryId` out (ECR API reference, PutLifecyclePolicy, registryId)"
                }
            }
            .to_owned(),
        )
    }
}
