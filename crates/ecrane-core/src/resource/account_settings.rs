//! ECR account settings, which have no CloudFormation resource type.

use super::Deployed;

/// ECR account settings. Omitted settings are unchanged.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct AccountSettingsResource {
    /// The scanner for basic scanning: the setting `BASIC_SCAN_TYPE_VERSION`.
    pub basic_scan_type_version: Option<BasicScanTypeVersion>,
    /// The scope of the registry policy: the setting `REGISTRY_POLICY_SCOPE`.
    pub registry_policy_scope: Option<RegistryPolicyScope>,
    /// Whether repositories share layers: the setting `BLOB_MOUNTING`.
    pub blob_mounting: Option<BlobMounting>,
}

impl AccountSettingsResource {
    /// Iterates over the specified settings: their names and values in the ECR API.
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

/// The scanner for basic scanning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum BasicScanTypeVersion {
    /// The AWS native scanner.
    AwsNative,
    /// Clair, which AWS no longer supports.
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

/// The scope of the registry policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RegistryPolicyScope {
    /// Three actions: replication, import from upstream, and repository creation.
    V1,
    /// All ECR actions.
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
    /// Repositories share layers.
    Enabled,
    /// Each repository stores its own layers.
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
