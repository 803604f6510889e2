//! Groups of ECR actions under the names that people use.

/// What a principal can do with a repository.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Capability {
    /// Pull images: `ecr:BatchGetImage` and `ecr:GetDownloadUrlForLayer`.
    Pull,
    /// Push images: the actions that the Amazon ECR user guide requires ("IAM permissions for
    /// pushing an image").
    Push,
    /// See the repository and its images: `ecr:DescribeRepositories` and `ecr:DescribeImages`.
    Read,
    /// Delete the repository or its images, or change its policies or settings: any of these.
    Administer,
}

const PULL: [&str; 2] = ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"];
/// A push needs this action, which writes nothing: alone, it has no effect.
pub(crate) const CHECK_LAYERS: &str = "ecr:BatchCheckLayerAvailability";
const PUSH: [&str; 5] = [
    CHECK_LAYERS,
    "ecr:CompleteLayerUpload",
    "ecr:InitiateLayerUpload",
    "ecr:PutImage",
    "ecr:UploadLayerPart",
];
const READ: [&str; 2] = ["ecr:DescribeImages", "ecr:DescribeRepositories"];
const ADMINISTER: [&str; 10] = [
    "ecr:BatchDeleteImage",
    "ecr:DeleteLifecyclePolicy",
    "ecr:DeleteRepository",
    "ecr:DeleteRepositoryPolicy",
    "ecr:PutImageScanningConfiguration",
    "ecr:PutImageTagMutability",
    "ecr:PutLifecyclePolicy",
    "ecr:SetRepositoryPolicy",
    "ecr:TagResource",
    "ecr:UntagResource",
];

impl Capability {
    /// All capabilities, in the order in which they are shown.
    pub const ALL: [Self; 4] = [Self::Pull, Self::Push, Self::Read, Self::Administer];

    /// `pull`, `push`, `read` or `administer`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pull => "pull",
            Self::Push => "push",
            Self::Read => "read",
            Self::Administer => "administer",
        }
    }

    /// The actions of the capability.
    pub(crate) fn actions(self) -> &'static [&'static str] {
        match self {
            Self::Pull => &PULL,
            Self::Push => &PUSH,
            Self::Read => &READ,
            Self::Administer => &ADMINISTER,
        }
    }

    /// Whether one of the actions suffices.
    pub(crate) fn needs_one(self) -> bool {
        self == Self::Administer
    }
}

/// Every action of a capability, at the positions of the bits of an [`ActionSet`].
fn all() -> impl Iterator<Item = &'static str> {
    Capability::ALL.into_iter().flat_map(|capability| capability.actions().iter().copied())
}

/// A set of the actions of capabilities.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct ActionSet(u32);

impl ActionSet {
    /// The actions that satisfy a predicate.
    pub(crate) fn of(mut has: impl FnMut(&str) -> bool) -> Self {
        let add = |set, (index, action)| if has(action) { set | (1_u32 << index) } else { set };
        Self(all().enumerate().fold(0, add))
    }

    /// The actions of a capability, with whether they are in the set.
    pub(crate) fn bits(capability: Capability) -> impl Iterator<Item = (&'static str, Self)> {
        let before: usize = Capability::ALL
            .into_iter()
            .take_while(|other| *other != capability)
            .map(|other| other.actions().len())
            .sum();
        let actions = capability.actions().iter().enumerate();
        actions.map(move |(index, action)| (*action, Self(1 << (before + index))))
    }

    /// The actions of a capability that are in the set.
    pub(crate) fn actions(self, capability: Capability) -> Vec<&'static str> {
        let bits = Self::bits(capability).filter(|(_, bit)| self.has(*bit));
        bits.map(|(action, _)| action).collect()
    }

    pub(crate) fn has(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }
}
