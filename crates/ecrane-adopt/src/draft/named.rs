//! Constructs that have an ID of their own in the config.

use ecrane_core::ConstructPath;

/// A kind of construct that has an ID of its own in the config.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Repository,
    Key,
    Role,
    User,
    Group,
    PublicRepository,
    PullThroughCacheRule,
    CreationTemplate,
    PullTimeUpdateExclusion,
}

impl Kind {
    pub(super) fn of(kind: &str) -> Option<Self> {
        Some(match kind {
            "AWS::ECR::Repository" => Self::Repository,
            "AWS::KMS::Key" => Self::Key,
            "AWS::IAM::Role" => Self::Role,
            "AWS::IAM::User" => Self::User,
            "AWS::IAM::Group" => Self::Group,
            "AWS::ECR::PublicRepository" => Self::PublicRepository,
            "AWS::ECR::PullThroughCacheRule" => Self::PullThroughCacheRule,
            "AWS::ECR::RepositoryCreationTemplate" => Self::CreationTemplate,
            "AWS::ECR::PullTimeUpdateExclusion" => Self::PullTimeUpdateExclusion,
            _ => return None,
        })
    }

    pub(crate) fn is_identity(self) -> bool {
        matches!(self, Self::Role | Self::User | Self::Group)
    }

    /// The keys of the config under which a construct is.
    pub(crate) fn section(self) -> &'static [&'static str] {
        match self {
            Self::Repository => &["repositories"],
            Self::Key => &["keys"],
            Self::Role | Self::User | Self::Group => &["principals"],
            Self::PublicRepository => &["publicRepositories"],
            Self::PullThroughCacheRule => &["registry", "pullThroughCacheRules"],
            Self::CreationTemplate => &["registry", "creationTemplates"],
            Self::PullTimeUpdateExclusion => &["registry", "pullTimeUpdateExclusions"],
        }
    }

    /// The IDs from the construct down to its resource.
    pub(super) fn children(self) -> &'static [&'static str] {
        match self {
            Self::Repository | Self::Key | Self::Role | Self::User | Self::Group => &["Resource"],
            Self::PublicRepository
            | Self::PullThroughCacheRule
            | Self::CreationTemplate
            | Self::PullTimeUpdateExclusion => &[],
        }
    }
}

/// A construct of a stack.
#[derive(Debug, Clone)]
pub(crate) struct Named {
    pub(crate) kind: Kind,
    pub(crate) id: String,
}

impl Named {
    /// The construct path of the resource.
    pub(crate) fn path(&self) -> Option<ConstructPath> {
        let path = ConstructPath::of_id(&self.id).ok()?;
        Some(self.kind.children().iter().fold(path, |path, child| path.child(child)))
    }
}
