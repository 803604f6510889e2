//! Take-over of what exists: the physical IDs with which an engine finds it.

use std::collections::BTreeMap;

use thiserror::Error;

use ecrane_document::Explain;

use crate::resource_id::ResourceId;

/// The physical IDs of deployed resources that the graph does not contain, such as the ID of a KMS
/// key.
///
/// A physical ID is what CloudFormation returns for `Ref`, and what Terraform stores as `id`: the name
/// of a repository or role, the ID of a key, the ARN of a managed policy.
///
/// ```
/// use ecrane_core::{PhysicalIds, ResourceId};
///
/// let key = ResourceId::new(0, 1);
/// let ids: PhysicalIds = [(key, "1234abcd-12ab-34cd-56ef-1234567890ab".to_owned())].into_iter().collect();
/// assert!(ids.get(key).is_some());
/// assert_eq!(ids.get(ResourceId::new(0, 0)), None);
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PhysicalIds(BTreeMap<ResourceId, String>);

impl PhysicalIds {
    /// The physical ID of a resource, if known.
    pub fn get(&self, id: ResourceId) -> Option<&str> {
        self.0.get(&id).map(String::as_str)
    }
}

impl FromIterator<(ResourceId, String)> for PhysicalIds {
    fn from_iter<I: IntoIterator<Item = (ResourceId, String)>>(ids: I) -> Self {
        Self(ids.into_iter().collect())
    }
}

impl Extend<(ResourceId, String)> for PhysicalIds {
    fn extend<I: IntoIterator<Item = (ResourceId, String)>>(&mut self, ids: I) {
        self.0.extend(ids);
    }
}

impl IntoIterator for PhysicalIds {
    type Item = (ResourceId, String);
    type IntoIter = std::collections::btree_map::IntoIter<ResourceId, String>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

/// Why an existing resource cannot be identified.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ImportError {
    /// The name is generated, so the output contains another name than the account.
    #[error("the name of `{path}` is generated, so what exists cannot be found by it")]
    NameGenerated {
        /// The construct path.
        path: String,
        /// The key of the config that specifies the name.
        key: &'static str,
        /// The name in the account, if known.
        found: Option<String>,
    },
    /// AWS generates the ID, and it has no place in the config.
    #[error("AWS generated the ID of `{path}`, which is not known")]
    IdUnknown {
        /// The construct path.
        path: String,
    },
    /// The ID contains the account or region, which the stack does not specify.
    #[error("`{path}` is identified by its account or region, which stack `{stack}` does not have")]
    EnvironmentUnknown {
        /// The construct path.
        path: String,
        /// The stack.
        stack: String,
    },
}

impl ImportError {
    /// The construct path of the resource that is not identified.
    pub fn path(&self) -> &str {
        match self {
            Self::NameGenerated { path, .. }
            | Self::IdUnknown { path }
            | Self::EnvironmentUnknown { path, .. } => path,
        }
    }
}

impl Explain for ImportError {
    fn code(&self) -> &'static str {
        match self {
            Self::NameGenerated { .. } => "import::name_generated",
            Self::IdUnknown { .. } => "import::id_unknown",
            Self::EnvironmentUnknown { .. } => "import::environment_unknown",
        }
    }

    fn help(&self) -> Option<String> {
        Some(match self {
            Self::NameGenerated { key, found: None, .. } => {
                format!("set `{key}` to the name that it has in the account")
            }
            Self::NameGenerated { key, found: Some(name), .. } => {
                format!("set `{key}: {name}`, the name that it has in the account")
            }
            Self::IdUnknown { .. } => {
                "pass `--import-ids FILE` with the output of `aws cloudformation describe-stack-resources` or with the Terraform state that contains it"
                    .to_owned()
            }
            Self::EnvironmentUnknown { .. } => {
                "set `env: { account: …, region: … }` on the stack".to_owned()
            }
        })
    }

    fn depends_on_defaults(&self) -> bool {
        true
    }
}

/// A resource that is not taken over.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ImportWarning {
    /// The engine does not import this resource type.
    #[error("{engine} does not import `{path}`, {kind}")]
    NotImported {
        /// CloudFormation or Terraform.
        engine: &'static str,
        /// The construct path.
        path: String,
        /// The resource type.
        kind: &'static str,
    },
}

impl Explain for ImportWarning {
    fn code(&self) -> &'static str {
        match self {
            Self::NotImported { .. } => "import::not_imported",
        }
    }

    fn help(&self) -> Option<String> {
        match self {
            Self::NotImported { .. } => Some(
                "the first deployment after the import creates it; if one of that name exists, check what the deployment makes of it"
                    .to_owned(),
            ),
        }
    }
}
