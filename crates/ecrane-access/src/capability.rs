//! Groups of ECR actions under the names that people use.

use std::ops::Range;

use ecrane_core::Glob;

/// A service with repositories. Its actions have its prefix.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Service {
    /// Amazon ECR: `ecr:`.
    Ecr,
    /// Amazon ECR Public: `ecr-public:`. Everybody may pull.
    EcrPublic,
}

impl Service {
    /// The service of a repository, by its ARN.
    ///
    /// ```
    /// use ecrane_access::Service;
    ///
    /// let tool = "arn:aws:ecr-public::111122223333:repository/tool";
    /// assert_eq!(Service::of(tool), Service::EcrPublic);
    /// ```
    pub fn of(arn: &str) -> Self {
        if arn.split(':').nth(2) == Some("ecr-public") { Self::EcrPublic } else { Self::Ecr }
    }
}

/// What a principal can do with a repository.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Capability {
    /// Pull images: `ecr:BatchGetImage` and `ecr:GetDownloadUrlForLayer`. Amazon ECR Public has no
    /// such actions: everybody may.
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
pub(crate) const CHECK_LAYERS: [&str; 2] =
    ["ecr:BatchCheckLayerAvailability", "ecr-public:BatchCheckLayerAvailability"];
const PUSH: [&str; 5] = [
    "ecr:BatchCheckLayerAvailability",
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

const PUBLIC_PUSH: [&str; 5] = [
    "ecr-public:BatchCheckLayerAvailability",
    "ecr-public:CompleteLayerUpload",
    "ecr-public:InitiateLayerUpload",
    "ecr-public:PutImage",
    "ecr-public:UploadLayerPart",
];
const PUBLIC_READ: [&str; 2] = ["ecr-public:DescribeImages", "ecr-public:DescribeRepositories"];
const PUBLIC_ADMINISTER: [&str; 7] = [
    "ecr-public:BatchDeleteImage",
    "ecr-public:DeleteRepository",
    "ecr-public:DeleteRepositoryPolicy",
    "ecr-public:PutRepositoryCatalogData",
    "ecr-public:SetRepositoryPolicy",
    "ecr-public:TagResource",
    "ecr-public:UntagResource",
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

    /// The actions of the capability. Pulling from Amazon ECR Public needs none.
    ///
    /// ```
    /// use ecrane_access::{Capability, Service};
    ///
    /// let pull = ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"];
    /// assert_eq!(Capability::Pull.actions(Service::Ecr), pull);
    /// assert!(Capability::Pull.actions(Service::EcrPublic).is_empty());
    /// ```
    pub fn actions(self, service: Service) -> &'static [&'static str] {
        match (self, service) {
            (Self::Pull, Service::Ecr) => &PULL,
            (Self::Push, Service::Ecr) => &PUSH,
            (Self::Read, Service::Ecr) => &READ,
            (Self::Administer, Service::Ecr) => &ADMINISTER,
            (Self::Pull, Service::EcrPublic) => &[],
            (Self::Push, Service::EcrPublic) => &PUBLIC_PUSH,
            (Self::Read, Service::EcrPublic) => &PUBLIC_READ,
            (Self::Administer, Service::EcrPublic) => &PUBLIC_ADMINISTER,
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
const PUBLIC_ON_REPOSITORY: [&str; 5] = [
    "ecr-public:CreateRepository",
    "ecr-public:DescribeImageTags",
    "ecr-public:GetRepositoryCatalogData",
    "ecr-public:GetRepositoryPolicy",
    "ecr-public:ListTagsForResource",
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

/// The actions on a repository of a service.
fn on_repository(service: Service) -> impl Iterator<Item = &'static str> {
    let others: &[&str] = match service {
        Service::Ecr => &ON_REPOSITORY,
        Service::EcrPublic => &PUBLIC_ON_REPOSITORY,
    };
    let of = move |capability: Capability| capability.actions(service);
    Capability::ALL.into_iter().flat_map(of).chain(others).copied()
}

/// Every action, at the positions of the bits of an [`ActionSet`].
fn all() -> impl Iterator<Item = &'static str> {
    let private = on_repository(Service::Ecr).chain(ON_REGISTRY);
    private.chain(on_repository(Service::EcrPublic))
}

/// The positions of the actions on a repository of a service.
fn positions(service: Service) -> Range<usize> {
    let start = match service {
        Service::Ecr => 0,
        Service::EcrPublic => positions(Service::Ecr).end + ON_REGISTRY.len(),
    };
    start..start + on_repository(service).count()
}

/// What an action is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Subject {
    Repository,
    /// The registry, or nothing: a policy of an identity allows it on the resource `*`.
    Registry,
}

/// The second action that logging in to Amazon ECR Public needs.
pub(crate) const BEARER_TOKEN: &str = "sts:getservicebearertoken";

/// The service of an action, in lower case.
pub(crate) fn service(action: &str) -> Option<Service> {
    match action.split(':').next() {
        Some("ecr") => Some(Service::Ecr),
        Some("ecr-public") => Some(Service::EcrPublic),
        _ => None,
    }
}

/// What an action, in lower case, is about, if Amazon ECR has it.
pub(crate) fn subject(action: &str) -> Option<Subject> {
    let (service, name) = action.split_once(':')?;
    let (on_repository, on_registry) = match service {
        "ecr" => ecrane_core::ecr_actions(),
        "ecr-public" => ecrane_core::ecr_public_actions(),
        _ => return (action == BEARER_TOKEN).then_some(Subject::Registry),
    };
    let has = |actions: &[&str]| actions.iter().any(|it| it.eq_ignore_ascii_case(name));
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

    /// The actions that match one of the patterns, without regard to case.
    pub(crate) fn of_patterns(patterns: &[impl AsRef<str>]) -> Self {
        let of = |pattern: &str| {
            // Most have no wildcard, and there are many.
            if !pattern.contains(['*', '?']) {
                return Self::of(|action| action.eq_ignore_ascii_case(pattern));
            }
            let glob = Glob::new(&pattern.to_ascii_lowercase());
            Self::of(|action| glob.matches(&action.to_ascii_lowercase()))
        };
        patterns.iter().fold(Self::default(), |set, pattern| set.or(of(pattern.as_ref())))
    }

    /// The actions on a repository of a service that are in the set.
    pub(crate) fn on_repository(
        self,
        service: Service,
    ) -> impl Iterator<Item = (&'static str, Self)> {
        self.within(positions(service))
    }

    /// The actions on a private registry that are in the set.
    pub(crate) fn on_registry(self) -> impl Iterator<Item = (&'static str, Self)> {
        self.within(positions(Service::Ecr).end..positions(Service::EcrPublic).start)
    }

    /// Whether no action on a repository is in the set.
    pub(crate) fn is_on_registry_only(self) -> bool {
        let mut services = [Service::Ecr, Service::EcrPublic].into_iter();
        services.all(|service| self.on_repository(service).next().is_none())
    }

    fn within(self, positions: Range<usize>) -> impl Iterator<Item = (&'static str, Self)> {
        let bits = all().enumerate().map(|(index, action)| (action, Self(1 << index)));
        let bits = bits.skip(positions.start).take(positions.len());
        bits.filter(move |(_, bit)| self.has(*bit))
    }

    /// The actions of a capability that are in the set.
    pub(crate) fn actions(self, capability: Capability, service: Service) -> Vec<&'static str> {
        let of = |(action, _): (&'static str, Self)| {
            capability.actions(service).contains(&action).then_some(action)
        };
        self.on_repository(service).filter_map(of).collect()
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
        let ours =
            |service| on_repository(service).map(str::to_owned).collect::<BTreeSet<String>>();
        let (repository, registry) = ecrane_core::ecr_actions();
        let named = |them: &[&str]| them.iter().map(|it| format!("ecr:{it}")).collect();
        let (repository, mut registry): (BTreeSet<_>, BTreeSet<String>) =
            (named(repository), named(registry));
        assert_eq!(ours(Service::Ecr), repository);
        let (public, _) = ecrane_core::ecr_public_actions();
        let public: BTreeSet<_> = public.iter().map(|it| format!("ecr-public:{it}")).collect();
        assert_eq!(ours(Service::EcrPublic), public);
        assert!(all().count() <= 128, "the bits of a set");
        registry.remove("ecr:GetAuthorizationToken");
        assert_eq!(ON_REGISTRY.map(str::to_owned), *registry.into_iter().collect::<Vec<_>>());
    }

    #[test]
    fn tells_the_actions_of_a_set() {
        let set = ActionSet::of(|action| action.ends_with("Images") || action.contains("Account"));
        let public: Vec<_> =
            set.on_repository(Service::EcrPublic).map(|(action, _)| action).collect();
        assert_eq!(public, ["ecr-public:DescribeImages"]);
        let on_repository: Vec<_> =
            set.on_repository(Service::Ecr).map(|(action, _)| action).collect();
        assert_eq!(on_repository, ["ecr:DescribeImages", "ecr:ListImages"]);
        let on_registry: Vec<_> = set.on_registry().map(|(action, _)| action).collect();
        assert_eq!(on_registry, ["ecr:GetAccountSetting", "ecr:PutAccountSetting"]);
    }
}
