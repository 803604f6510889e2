//! The IAM actions of Amazon ECR and Amazon ECR Public, and which of them are about a repository.
//!
//! Source: the service authorization reference, "Actions, resources, and condition keys for Amazon
//! Elastic Container Registry"
//! (<https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerregistry.html>)
//! and "… Public" (<https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerregistrypublic.html>),
//! as cfn-lint 1.51.0 has it (`data/AdditionalSpecs/Policies.json`), with the operations of botocore
//! 1.44.5. Read on 2026-11-26. `cargo xtask conformance facts` compares the table with the cfn-lint
//! and botocore that are installed.

/// The actions of a service.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Service {
    /// The prefix of its actions.
    pub(crate) prefix: &'static str,
    /// The actions on a repository.
    pub(crate) on_repository: &'static [&'static str],
    /// The actions on a registry, which an identity policy allows on the resource `*`.
    pub(crate) on_registry: &'static [&'static str],
}

/// Amazon ECR.
pub(crate) const ECR: Service = Service {
    prefix: "ecr",
    on_repository: &[
        "BatchCheckLayerAvailability",
        "BatchDeleteImage",
        "BatchGetImage",
        "BatchGetRepositoryScanningConfiguration",
        "BatchImportUpstreamImage",
        "CompleteLayerUpload",
        "CreateRepository",
        "DeleteLifecyclePolicy",
        "DeleteRepository",
        "DeleteRepositoryPolicy",
        "DescribeImageReplicationStatus",
        "DescribeImageScanFindings",
        "DescribeImageSigningStatus",
        "DescribeImages",
        "DescribeRepositories",
        "GetDownloadUrlForLayer",
        "GetImageCopyStatus",
        "GetLifecyclePolicy",
        "GetLifecyclePolicyPreview",
        "GetRepositoryPolicy",
        "InitiateLayerUpload",
        "ListImageReferrers",
        "ListImages",
        "ListTagsForResource",
        "PutImage",
        "PutImageScanningConfiguration",
        "PutImageTagMutability",
        "PutLifecyclePolicy",
        "ReplicateImage",
        "SetRepositoryPolicy",
        "StartImageScan",
        "StartLifecyclePolicyPreview",
        "TagResource",
        "UntagResource",
        "UpdateImageStorageClass",
        "UploadLayerPart",
    ],
    on_registry: &[
        "CreatePullThroughCacheRule",
        "CreateRepositoryCreationTemplate",
        "DeletePullThroughCacheRule",
        "DeleteRegistryPolicy",
        "DeleteRepositoryCreationTemplate",
        "DeleteSigningConfiguration",
        "DeregisterPullTimeUpdateExclusion",
        "DescribePullThroughCacheRules",
        "DescribeRegistry",
        "DescribeReplicationBackfillResults",
        "DescribeRepositoryCreationTemplates",
        "GetAccountSetting",
        "GetAuthorizationToken",
        "GetRegistryPolicy",
        "GetRegistryScanningConfiguration",
        "GetSigningConfiguration",
        "ListPullTimeUpdateExclusions",
        "ListReplicationBackfills",
        "PutAccountSetting",
        "PutRegistryPolicy",
        "PutRegistryScanningConfiguration",
        "PutReplicationConfiguration",
        "PutSigningConfiguration",
        "RegisterPullTimeUpdateExclusion",
        "StartReplicationBackfill",
        "StopReplicationBackfill",
        "UpdatePullThroughCacheRule",
        "UpdateRepositoryCreationTemplate",
        "ValidatePullThroughCacheRule",
    ],
};

/// Amazon ECR Public.
pub(crate) const ECR_PUBLIC: Service = Service {
    prefix: "ecr-public",
    on_repository: &[
        "BatchCheckLayerAvailability",
        "BatchDeleteImage",
        "CompleteLayerUpload",
        "CreateRepository",
        "DeleteRepository",
        "DeleteRepositoryPolicy",
        "DescribeImageTags",
        "DescribeImages",
        "DescribeRepositories",
        "GetRepositoryCatalogData",
        "GetRepositoryPolicy",
        "InitiateLayerUpload",
        "ListTagsForResource",
        "PutImage",
        "PutRepositoryCatalogData",
        "SetRepositoryPolicy",
        "TagResource",
        "UntagResource",
        "UploadLayerPart",
    ],
    on_registry: &[
        "DescribeRegistries",
        "GetAuthorizationToken",
        "GetRegistryCatalogData",
        "PutRegistryCatalogData",
    ],
};

/// The actions of a registry policy of scope V1: ECR user guide, "Private registry permissions in
/// Amazon ECR" (<https://docs.aws.amazon.com/AmazonECR/latest/userguide/registry-permissions.html>).
pub(crate) const REGISTRY_SCOPE_V1: [&str; 3] =
    ["BatchImportUpstreamImage", "CreateRepository", "ReplicateImage"];

/// The IAM actions of Amazon ECR, without the prefix `ecr:`: those on a repository, and those on a
/// registry, which an identity policy allows on the resource `*`.
///
/// ```
/// let (on_repository, on_registry) = ecrane_core::ecr_actions();
/// assert!(on_repository.contains(&"BatchGetImage"));
/// assert!(on_registry.contains(&"GetAuthorizationToken"));
/// ```
pub fn ecr_actions() -> (&'static [&'static str], &'static [&'static str]) {
    (ECR.on_repository, ECR.on_registry)
}

/// The same for Amazon ECR Public, whose prefix is `ecr-public:`.
///
/// ```
/// let (on_repository, on_registry) = ecrane_core::ecr_public_actions();
/// assert!(on_repository.contains(&"PutRepositoryCatalogData"));
/// assert!(on_registry.contains(&"GetAuthorizationToken"));
/// ```
pub fn ecr_public_actions() -> (&'static [&'static str], &'static [&'static str]) {
    (ECR_PUBLIC.on_repository, ECR_PUBLIC.on_registry)
}

impl Service {
    /// All actions.
    pub(crate) fn actions(&self) -> impl Iterator<Item = &'static str> {
        self.on_repository.iter().chain(self.on_registry).copied()
    }
}
