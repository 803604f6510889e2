//! What happens to a resource.

use std::fmt;

use serde::{Serialize, Serializer};

/// The effect that a change of one property has on a resource, in order of severity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Impact {
    Update,
    MayReplace,
    Replace,
}

impl From<Impact> for Action {
    fn from(impact: Impact) -> Self {
        match impact {
            Impact::Update => Self::Update,
            Impact::MayReplace => Self::MayReplace,
            Impact::Replace => Self::Replace,
        }
    }
}

/// What the engine, CloudFormation or Terraform, does to a resource, in order of what can be lost:
/// the most first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Action {
    /// It deletes the resource.
    Remove,
    /// It creates another resource in its place.
    Replace,
    /// It replaces or updates the resource, depending on the values.
    MayReplace,
    /// It no longer manages the resource, which stays in the account.
    Orphan,
    /// It changes the resource in place.
    Update,
    /// It creates the resource.
    Add,
}

impl Action {
    /// The name in JSON: `add`, `update`, `remove`, `replace`, `mayReplace` or `orphan`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Remove => "remove",
            Self::Replace => "replace",
            Self::MayReplace => "mayReplace",
            Self::Orphan => "orphan",
            Self::Update => "update",
            Self::Add => "add",
        }
    }
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for Action {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

/// What happens to one resource of a stack.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Change {
    /// The name of the stack.
    pub stack: String,
    /// The logical id in CloudFormation, or the address in Terraform
    /// (`aws_ecr_repository.shop_app`).
    pub address: String,
    /// The resource type, such as `AWS::ECR::Repository`.
    pub r#type: String,
    /// What happens.
    #[serde(rename = "change")]
    pub action: Action,
    /// The properties that change, sorted; empty when the resource is added or removed as a whole.
    pub properties: Vec<String>,
    /// The attributes of the resource in a template that change, such as `DeletionPolicy` or
    /// `DependsOn`, sorted.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub attributes: Vec<String>,
    /// Whether images are deleted or left behind: the resource is a repository, and it is removed
    /// or replaced.
    pub images_at_stake: bool,
    /// What that means for a repository, in words.
    #[serde(skip)]
    pub effect: Option<String>,
}

impl Change {
    /// The names of what changes: properties, then attributes.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.properties.iter().chain(&self.attributes).map(String::as_str)
    }
}
