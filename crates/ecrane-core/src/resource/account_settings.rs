//! Account settings of ECR, which CloudFormation has no type for.

use super::Deployed;

/// Switches of a registry; those that are not given stay as they are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct AccountSettingsResource {
    /// Which scanner basic scanning uses: the setting `BASIC_SCAN_TYPE_VERSION`.
    pub basic_scan_type_version: Option<BasicScanTypeVersion>,
    /// What the registry policy governs: the setting `REGISTRY_POLICY_SCOPE`.
    pub registry_policy_scope: Option<RegistryPolicyScope>,
    /// Whether repositories share layers: the setting `BLOB_MOUNTING`.
    pub blob_mounting: Option<BlobMounting>,
}

impl AccountSettingsResource {
    /// The settings that are given: their names and values, in the API's words.
    pub fn given(&self) -> impl Iterator<Item = (&'static str, &'static str)> {
        let Self { basic_scan_type_version, registry_policy_scope, blob_mounting } = *self;
        [
            basic_scan_type_version.map(|it| ("BASIC_SCAN_TYPE_VERSION", it.as_str())),
            registry_policy_scope.map(|it| ("REGISTRY_POLICY_SCOPE", it.as_str())),
            blob_mounting.map(|it| ("BLOB_MOUNTING", it.as_str())),
        ]
        .into_iter()
        .flatten()
    }
}

/// Which scanner basic scanning uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum BasicScanTypeVersion {
    /// That of AWS.
    AwsNative,
    /// Clair, which AWS has retired.
    Clair,
}

impl BasicScanTypeVersion {
    /// The value in the ECR API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::AwsNative => "AWS_NATIVE",
            Self::Clair => "CLAIR",
        }
    }
}

/// What the registry policy governs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RegistryPolicyScope {
    /// Three actions: to replicate, to import from upstream and to create repositories.
    V1,
    /// All actions of ECR.
    V2,
}

impl RegistryPolicyScope {
    /// The value in the ECR API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::V1 => "V1",
            Self::V2 => "V2",
        }
    }
}

/// Whether the repositories of a registry share layers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum BlobMounting {
    /// A layer is pushed once.
    Enabled,
    /// Each repository holds its own.
    Disabled,
}

impl BlobMounting {
    /// The value in the ECR API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Enabled => "ENABLED",
            Self::Disabled => "DISABLED",
        }
    }
}

impl Deployed for AccountSettingsResource {
    const ONCE: Option<&'static str> = Some("account settings");
}
