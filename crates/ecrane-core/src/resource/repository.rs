//! `AWS::ECR::Repository`

use ecrane_document::{Explain, Place};
use ecrane_lifecycle::LifecyclePolicy;
use thiserror::Error;

use super::{Deployed, Encryption, PhysicalName, TagMutability};
use crate::bounds::{self, Findings, PolicyOf};
use crate::names::{AccountId, Environment, RepositoryName};
use crate::policy::PolicyDocument;
use crate::value::Value;

/// A private repository.
#[derive(Debug, Clone, PartialEq)]
pub struct RepositoryResource {
    /// The physical name. If omitted, one is generated at deployment.
    pub name: Option<RepositoryName>,
    /// Whether images are scanned on push; omitted from the output if `None`.
    pub scan_on_push: Option<bool>,
    /// The tag mutability; omitted from the output if `None`.
    pub tag_mutability: Option<TagMutability>,
    /// The encryption configuration; omitted from the output (AES-256) if `None`.
    pub encryption: Option<Encryption>,
    /// Whether deleting the repository also deletes its images; omitted from the output if `None`.
    pub empty_on_delete: Option<bool>,
    /// The lifecycle policy.
    pub lifecycle_policy: Option<LifecyclePolicy>,
    /// The registry id of the lifecycle policy.
    pub lifecycle_registry_id: Option<AccountId>,
    /// The repository policy. Omitted from the output if it has no statements.
    pub policy: PolicyDocument,
}

impl Deployed for RepositoryResource {
    const NAME_KEY: Option<&'static str> = Some("repositoryName");

    fn physical_name(&self) -> Option<PhysicalName<'_>> {
        let name = self.name.as_ref()?.as_str();
        Some(PhysicalName::of_region("repository name", name, &["repositoryName"]))
    }

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
        // A lifecycle policy belongs to the registry of its repository.
        if let (Some(registry), Some(account)) = (&self.lifecycle_registry_id, &env.account)
            && registry != account
        {
            let (registry, account) = (registry.to_string(), account.to_string());
            // Only a warning, because the CDK accepts it.
            let warning = RepositoryWarning::LifecycleElsewhere { registry, account };
            findings.warning(place.key("lifecycleRegistryId"), warning);
        }
        if let Some(encryption) = &self.encryption {
            encryption.check(place, env, findings);
        }
        bounds::resource_policy(&self.policy, PolicyOf::Repository, place, env, findings);
    }
}

/// A warning about a repository that the CDK accepts.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum RepositoryWarning {
    /// The lifecycle policy has a different registry than its repository.
    #[error("lifecycle policy is for registry `{registry}`, but the repository is in `{account}`")]
    LifecycleElsewhere {
        /// The registry id of the lifecycle policy.
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
                    "remove `lifecycleRegistryId`, otherwise ECR does not find the repository (ECR API reference, PutLifecyclePolicy, registryId)"
                }
            }
            .to_owned(),
        )
    }
}
