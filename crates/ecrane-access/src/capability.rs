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
    pub fn actions(self) -> &'static [&'static str] {
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

/// The actions on a repository that belong to no capability.
const ON_REPOSITORY: [&str; 17] = [
    "ecr:BatchGetRepositoryScanningConfiguration",
    "ecr:BatchImportUpstreamImage",
    "ecr:CreateRepository",
    "ecr:DescribeImageReplicationStatus",
    "ecr:DescribeImageScanFindings",
    "ecr:DescribeImageSigningStatus",
    "ecr:GetImageCopyStatus",
    "ecr:GetLifecyclePolicy",
    "ecr:GetLifecyclePolicyPreview",
    "ecr:GetRepositoryPolicy",
    "ecr:ListImageReferrers",
    "ecr:ListImages",
    "ecr:ListTagsForResource",
    "ecr:ReplicateImage",
    "ecr:StartImageScan",
    "ecr:StartLifecyclePolicyPreview",
    "ecr:UpdateImageStorageClass",
];
/// The actions on a registry, without `ecr:GetAuthorizationToken`, which is logging in.
const ON_REGISTRY: [&str; 28] = [
    "ecr:CreatePullThroughCacheRule",
    "ecr:CreateRepositoryCreationTemplate",
    "ecr:DeletePullThroughCacheRule",
    "ecr:DeleteRegistryPolicy",
    "ecr:DeleteRepositoryCreationTemplate",
    "ecr:DeleteSigningConfiguration",
    "ecr:DeregisterPullTimeUpdateExclusion",
    "ecr:DescribePullThroughCacheRules",
    "ecr:DescribeRegistry",
    "ecr:DescribeReplicationBackfillResults",
    "ecr:DescribeRepositoryCreationTemplates",
    "ecr:GetAccountSetting",
    "ecr:GetRegistryPolicy",
    "ecr:GetRegistryScanningConfiguration",
    "ecr:GetSigningConfiguration",
    "ecr:ListPullTimeUpdateExclusions",
    "ecr:ListReplicationBackfills",
    "ecr:PutAccountSetting",
    "ecr:PutRegistryPolicy",
    "ecr:PutRegistryScanningConfiguration",
    "ecr:PutReplicationConfiguration",
    "ecr:PutSigningConfiguration",
    "ecr:RegisterPullTimeUpdateExclusion",
    "ecr:StartReplicationBackfill",
    "ecr:StopReplicationBackfill",
    "ecr:UpdatePullThroughCacheRule",
    "ecr:UpdateRepositoryCreationTemplate",
    "ecr:ValidatePullThroughCacheRule",
];

/// The actions of capabilities.
fn of_capabilities() -> impl Iterator<Item = &'static str> {
    Capability::ALL.into_iter().flat_map(|capability| capability.actions().iter().copied())
}

/// Every action, at the positions of the bits of an [`ActionSet`].
fn all() -> impl Iterator<Item = &'static str> {
    of_capabilities().chain(ON_REPOSITORY).chain(ON_REGISTRY)
}

/// The number of actions on a repository, which come first.
fn on_repository() -> usize {
    of_capabilities().count() + ON_REPOSITORY.len()
}

/// What an action is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Subject {
    Repository,
    /// The registry, or nothing: a policy of an identity allows it on the resource `*`.
    Registry,
}

/// What an action, in lower case, is about, if Amazon ECR has it.
pub(crate) fn subject(action: &str) -> Option<Subject> {
    let name = action.strip_prefix("ecr:")?;
    let has = |actions: &[&str]| actions.iter().any(|it| it.eq_ignore_ascii_case(name));
    let (on_repository, on_registry) = ecrane_core::ecr_actions();
    if has(on_registry) {
        Some(Subject::Registry)
    } else {
        has(on_repository).then_some(Subject::Repository)
    }
}

/// A set of actions.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct ActionSet(u128);

impl ActionSet {
    /// The actions that satisfy a predicate.
    pub(crate) fn of(mut has: impl FnMut(&str) -> bool) -> Self {
        let add = |set, (index, action)| if has(action) { set | (1_u128 << index) } else { set };
        Self(all().enumerate().fold(0, add))
    }

    /// The actions on a repository that are in the set.
    pub(crate) fn on_repository(self) -> impl Iterator<Item = (&'static str, Self)> {
        self.bits()
            .take_while(|(index, ..)| *index < on_repository())
            .map(|(_, action, bit)| (action, bit))
    }

    /// The actions on a registry that are in the set.
    pub(crate) fn on_registry(self) -> impl Iterator<Item = (&'static str, Self)> {
        let bits = self.bits().skip_while(|(index, ..)| *index < on_repository());
        bits.map(|(_, action, bit)| (action, bit))
    }

    fn bits(self) -> impl Iterator<Item = (usize, &'static str, Self)> {
        let bits = all().enumerate().map(|(index, action)| (index, action, Self(1 << index)));
        bits.filter(move |(.., bit)| self.has(*bit))
    }

    /// The actions of a capability that are in the set.
    pub(crate) fn actions(self, capability: Capability) -> Vec<&'static str> {
        let of = |(action, _): (&'static str, Self)| {
            capability.actions().contains(&action).then_some(action)
        };
        self.on_repository().filter_map(of).collect()
    }

    /// The actions of both.
    pub(crate) fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub(crate) fn has(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// So that no action of Amazon ECR goes unseen.
    #[test]
    fn every_action_has_a_place() {
        let ours = of_capabilities().chain(ON_REPOSITORY);
        let ours: BTreeSet<String> = ours.map(str::to_owned).collect();
        let (repository, registry) = ecrane_core::ecr_actions();
        let named = |them: &[&str]| them.iter().map(|it| format!("ecr:{it}")).collect();
        let (repository, mut registry): (BTreeSet<_>, BTreeSet<String>) =
            (named(repository), named(registry));
        assert_eq!(ours, repository);
        registry.remove("ecr:GetAuthorizationToken");
        assert_eq!(ON_REGISTRY.map(str::to_owned), *registry.into_iter().collect::<Vec<_>>());
    }

    #[test]
    fn tells_the_actions_of_a_set() {
        let set = ActionSet::of(|action| action.ends_with("Images") || action.contains("Account"));
        let on_repository: Vec<_> = set.on_repository().map(|(action, _)| action).collect();
        assert_eq!(on_repository, ["ecr:DescribeImages", "ecr:ListImages"]);
        let on_registry: Vec<_> = set.on_registry().map(|(action, _)| action).collect();
        assert_eq!(on_registry, ["ecr:GetAccountSetting", "ecr:PutAccountSetting"]);
    }
}
