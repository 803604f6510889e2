//! The upstream registries of pull-through cache rules.
//!
//! Source: botocore 1.44.5, ECR API 2015-09-21: the enumeration `UpstreamRegistry` and the hosts in
//! the documentation of `CreatePullThroughCacheRule`, `upstreamRegistryUrl`; ECR user guide, "Sync an
//! upstream registry with an Amazon ECR private registry" for the host of Chainguard and for which
//! registries require credentials. Read on 2026-11-26. `cargo xtask conformance facts` compares the
//! table with the botocore that is installed.

/// An upstream registry.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Upstream {
    /// The name in the ECR API.
    pub(crate) name: &'static str,
    /// The host. A part in angle brackets depends on the registry.
    pub(crate) host: &'static str,
    /// Whether ECR authenticates itself with a secret.
    pub(crate) has_credentials: bool,
}

/// The upstream registries.
pub(crate) const UPSTREAMS: [Upstream; 9] = [
    upstream("azure-container-registry", "<custom>.azurecr.io", true),
    upstream("chainguard", "cgr.dev", true),
    upstream("docker-hub", "registry-1.docker.io", true),
    upstream("ecr", "<accountId>.dkr.ecr.<region>.amazonaws.com", false),
    upstream("ecr-public", "public.ecr.aws", false),
    upstream("github-container-registry", "ghcr.io", true),
    upstream("gitlab-container-registry", "registry.gitlab.com", true),
    upstream("k8s", "registry.k8s.io", false),
    upstream("quay", "quay.io", false),
];

const fn upstream(name: &'static str, host: &'static str, has_credentials: bool) -> Upstream {
    Upstream { name, host, has_credentials }
}

/// Returns the upstream registry with a name.
pub(crate) fn named(name: &str) -> Option<&'static Upstream> {
    UPSTREAMS.iter().find(|upstream| upstream.name == name)
}

/// Returns the upstream registry with a host.
pub(crate) fn at(host: &str) -> Option<&'static Upstream> {
    UPSTREAMS.iter().find(|upstream| match upstream.name {
        "ecr" => ecr_registry(host).is_some(),
        "azure-container-registry" => host.strip_suffix(".azurecr.io").is_some_and(is_label),
        _ => upstream.host == host,
    })
}

/// The account and the region of a private ECR registry, from its host.
pub(crate) fn ecr_registry(host: &str) -> Option<(&str, &str)> {
    let (account, rest) = host.split_once(".dkr.ecr.")?;
    let (region, domain) = rest.split_once('.')?;
    let is_account = account.len() == 12 && account.bytes().all(|b| b.is_ascii_digit());
    let suffix = crate::names::Region::try_from(region).ok()?.url_suffix();
    (is_account && domain == suffix).then_some((account, region))
}

fn is_label(text: &str) -> bool {
    !text.is_empty()
        && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
}
