//! `AWS::ECR::PullThroughCacheRule`

use ecrane_document::{Explain, Place, suggest};
use thiserror::Error;

use super::{Deployed, PhysicalName};
use crate::bounds::{self, Findings, Rule, Shared};
use crate::facts::upstreams::{self, UPSTREAMS, Upstream};
use crate::names::{AccountId, Arn, Environment, Region, is_name_prefix};

/// A pull-through cache rule: a repository prefix that caches an upstream registry.
#[derive(Debug, Clone, PartialEq)]
pub struct PullThroughCacheRuleResource {
    /// The repository prefix in this registry.
    pub ecr_repository_prefix: Option<String>,
    /// The name of the upstream registry.
    pub upstream_registry: Option<String>,
    /// The URL of the upstream registry.
    pub upstream_registry_url: Option<String>,
    /// The ARN of the secret with the upstream credentials.
    pub credential_arn: Option<Arn>,
    /// The IAM role for an upstream ECR registry in another account.
    pub custom_role_arn: Option<Arn>,
    /// The repository prefix in the upstream registry.
    pub upstream_repository_prefix: Option<String>,
}

const CACHE_PREFIX: Rule = Rule {
    code: "pull_through_cache::prefix_malformed",
    what: "repository prefix",
    help: "use a repository name, optionally with a trailing `/`, or ROOT (AWS::ECR::PullThroughCacheRule, EcrRepositoryPrefix and UpstreamRepositoryPrefix)",
};
const CACHE_PREFIX_LENGTH: Rule = Rule {
    code: "pull_through_cache::prefix_length",
    what: "repository prefix",
    help: "AWS::ECR::PullThroughCacheRule, EcrRepositoryPrefix and UpstreamRepositoryPrefix",
};

impl Deployed for PullThroughCacheRuleResource {
    fn physical_name(&self) -> Option<PhysicalName<'_>> {
        let prefix = self.ecr_repository_prefix.as_deref()?;
        Some(PhysicalName::of_region("pull-through cache prefix", prefix, &["ecrRepositoryPrefix"]))
    }

    fn check(&self, place: &Place, env: &Environment, findings: &mut Findings) {
        if let Some(arn) = &self.credential_arn {
            let place = place.key("credentialArn");
            if is_secret(arn) {
                let what = "secret";
                bounds::arn_of_env(what, arn, Shared::RegionAndAccount, env, &place, findings);
            } else {
                let error = PullThroughCacheError::CredentialName { arn: arn.to_string() };
                findings.error(place, error);
            }
        }
        for (key, prefix) in [
            ("ecrRepositoryPrefix", self.ecr_repository_prefix.as_deref()),
            ("upstreamRepositoryPrefix", self.upstream_repository_prefix.as_deref()),
        ] {
            let place = place.key(key);
            findings.form(prefix, is_name_prefix, &CACHE_PREFIX, &place);
            findings.length(prefix, (2, 30), &CACHE_PREFIX_LENGTH, &place);
        }
        for (key, missing) in [
            ("ecrRepositoryPrefix", self.ecr_repository_prefix.is_none()),
            ("upstreamRegistryUrl", self.upstream_registry_url.is_none()),
        ] {
            if missing {
                let upstream = self.upstream_registry.as_deref().and_then(upstreams::named);
                let host = upstream.map(|upstream| upstream.host);
                let error = PullThroughCacheError::Missing { property: key, host };
                findings.refused_by_aws(place.clone(), error);
            }
        }
        self.check_upstream(place, env, findings);
    }
}

/// ECR API reference, `CreatePullThroughCacheRule`, `credentialArn`:
/// `^arn:aws(-\w+)*:secretsmanager:[a-zA-Z0-9-:]+:secret:ecr\-pullthroughcache\/[a-zA-Z0-9\/_+=.@-]+$`
fn is_secret(arn: &Arn) -> bool {
    let name = arn.as_str().splitn(7, ':').nth(6).unwrap_or_default();
    let is_letter = |b: u8| b.is_ascii_alphanumeric() || b"/_+=.@-".contains(&b);
    arn.service() == "secretsmanager"
        && arn.resource_type().starts_with("secret:")
        && name
            .strip_prefix("ecr-pullthroughcache/")
            .is_some_and(|name| !name.is_empty() && name.bytes().all(is_letter))
}

impl PullThroughCacheRuleResource {
    fn check_upstream(&self, place: &Place, env: &Environment, findings: &mut Findings) {
        let name = self.upstream_registry.as_deref();
        let host = self.upstream_registry_url.as_deref();
        let named = name.and_then(upstreams::named);
        let hosted = host.and_then(upstreams::at);
        if let (Some(name), None) = (name, named) {
            let error = PullThroughCacheError::unknown_name(name, hosted);
            findings.refused_by_aws(place.key("upstreamRegistry"), error);
        }
        if let (Some(host), None) = (host, hosted) {
            let error = PullThroughCacheError::unknown_host(host, named);
            findings.refused_by_aws(place.key("upstreamRegistryUrl"), error);
        }
        if let (Some(named), Some(hosted)) = (named, hosted)
            && named != hosted
        {
            let error = PullThroughCacheError::Mismatch {
                name: named.name,
                host: host.unwrap_or_default().to_owned(),
                name_of_host: hosted.name,
                host_of_name: named.host,
            };
            findings.refused_by_aws(place.key("upstreamRegistryUrl"), error);
            return;
        }
        // Of an upstream that is not known, nothing else is known either.
        if (name.is_some() && named.is_none()) || (host.is_some() && hosted.is_none()) {
            return;
        }
        let Some(upstream) = hosted.or(named) else { return };
        self.check_access(upstream, place, env, findings);
        if let Some((account, region)) = host.and_then(upstreams::ecr_registry) {
            let at = place.key("upstreamRegistryUrl");
            self.check_ecr(account, region, &at, env, findings);
        }
    }

    /// Checks the secret and the role, with which ECR authenticates itself to the upstream registry.
    fn check_access(
        &self,
        upstream: &Upstream,
        place: &Place,
        env: &Environment,
        findings: &mut Findings,
    ) {
        let name = upstream.name;
        match &self.credential_arn {
            None if upstream.has_credentials => {
                let upstream =
                    self.upstream_registry.clone().or(self.upstream_registry_url.clone());
                let upstream = upstream.unwrap_or_default();
                findings
                    .error(place.clone(), PullThroughCacheError::CredentialMissing { upstream });
            }
            Some(_) if !upstream.has_credentials => {
                let at = place.key("credentialArn").on_key();
                findings.refused_by_aws(at, PullThroughCacheError::CredentialUnused { name });
            }
            None | Some(_) => {}
        }
        if let Some(role) = &self.custom_role_arn {
            let at = place.key("customRoleArn");
            if upstream.name == "ecr" {
                bounds::arn_of_env("role", role, Shared::Account, env, &at, findings);
            } else {
                let error = PullThroughCacheError::RoleUnused { name };
                findings.refused_by_aws(at.on_key(), error);
            }
        }
    }

    fn check_ecr(
        &self,
        account: &str,
        region: &str,
        place: &Place,
        env: &Environment,
        findings: &mut Findings,
    ) {
        let own_account = env.account.as_ref().map(AccountId::as_str);
        let own_region = env.region.as_ref().map(Region::as_str);
        if own_account == Some(account) && own_region == Some(region) {
            findings.refused_by_aws(place.clone(), PullThroughCacheError::Itself);
        } else if own_account.is_some_and(|own| own != account) && self.custom_role_arn.is_none() {
            let account = account.to_owned();
            findings.warning(place.clone(), PullThroughCacheError::RoleMissing { account });
        }
        if let Ok(region) = Region::try_from(region) {
            let what = "upstream registry";
            bounds::partition_of_env(what, &region, env, place, findings);
            bounds::known_region(&region, place, findings);
        }
    }
}

/// A pull-through cache rule that ECR rejects.
/// Source: ECR API reference, `CreatePullThroughCacheRule`; ECR user guide, "Sync an upstream
/// registry with an Amazon ECR private registry".
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum PullThroughCacheError {
    /// A property that ECR requires is missing.
    #[error("pull-through cache rule without `{property}`")]
    Missing {
        /// The property.
        property: &'static str,
        /// The host of the upstream registry, if it is named.
        host: Option<&'static str>,
    },
    /// ECR has no upstream registry with this name.
    #[error("unknown upstream registry `{name}`")]
    UnknownName {
        /// The name.
        name: String,
        /// The likely intended name.
        suggestion: Option<&'static str>,
    },
    /// ECR has no upstream registry with this host.
    #[error("ECR cannot cache the registry `{host}`")]
    UnknownHost {
        /// The host.
        host: String,
        /// The likely intended host.
        suggestion: Option<&'static str>,
    },
    /// The name and the host are those of different registries.
    #[error("upstream registry `{name}` is not at `{host}`")]
    Mismatch {
        /// The name.
        name: &'static str,
        /// The host.
        host: String,
        /// The name of the registry at that host.
        name_of_host: &'static str,
        /// The host of the registry with that name.
        host_of_name: &'static str,
    },
    /// The upstream registry is the registry of the stack.
    #[error("the upstream registry is the registry itself")]
    Itself,
    /// The upstream registry requires credentials.
    #[error("pull-through cache rule for `{upstream}` requires `credentialArn`")]
    CredentialMissing {
        /// The upstream registry in the input.
        upstream: String,
    },
    /// The upstream registry takes no credentials.
    #[error("upstream registry `{name}` takes no credentials")]
    CredentialUnused {
        /// The name of the upstream registry.
        name: &'static str,
    },
    /// ECR cannot read the secret.
    #[error("ECR cannot read credentials from the secret `{arn}`")]
    CredentialName {
        /// The ARN.
        arn: String,
    },
    /// A role, which only private ECR registries take.
    #[error("upstream registry `{name}` takes no role")]
    RoleUnused {
        /// The name of the upstream registry.
        name: &'static str,
    },
    /// A private ECR registry of another account without a role.
    #[error("the upstream registry is of account `{account}`, and there is no `customRoleArn`")]
    RoleMissing {
        /// The account.
        account: String,
    },
}

impl PullThroughCacheError {
    fn unknown_name(name: &str, hosted: Option<&'static Upstream>) -> Self {
        let similar = || suggest(name, UPSTREAMS.iter().map(|upstream| upstream.name));
        let suggestion = hosted.map(|upstream| upstream.name).or_else(similar);
        Self::UnknownName { name: name.to_owned(), suggestion }
    }

    fn unknown_host(host: &str, named: Option<&'static Upstream>) -> Self {
        let lower = host.to_ascii_lowercase();
        let plain = lower.split_once("://").map_or(lower.as_str(), |(_, rest)| rest);
        let plain = plain.split('/').next().unwrap_or_default();
        let hosts = || UPSTREAMS.iter().map(|upstream| upstream.host);
        let docker = matches!(plain, "docker.io" | "index.docker.io" | "hub.docker.com");
        let suggestion = if docker {
            Some("registry-1.docker.io")
        } else {
            named
                .map(|upstream| upstream.host)
                .or_else(|| hosts().find(|known| *known == plain))
                .or_else(|| suggest(plain, hosts()))
                .filter(|host| !host.contains('<'))
        };
        Self::UnknownHost { host: host.to_owned(), suggestion }
    }
}

impl Explain for PullThroughCacheError {
    fn code(&self) -> &'static str {
        match self {
            Self::Missing { .. } => "pull_through_cache::incomplete",
            Self::UnknownName { .. } => "pull_through_cache::unknown_registry",
            Self::UnknownHost { .. } => "pull_through_cache::unknown_host",
            Self::Mismatch { .. } => "pull_through_cache::mismatch",
            Self::Itself => "pull_through_cache::itself",
            Self::CredentialMissing { .. } => "pull_through_cache::credential_missing",
            Self::CredentialUnused { .. } => "pull_through_cache::credential_unused",
            Self::CredentialName { .. } => "pull_through_cache::credential_name",
            Self::RoleUnused { .. } => "pull_through_cache::role_unused",
            Self::RoleMissing { .. } => "pull_through_cache::role_missing",
        }
    }

    fn help(&self) -> Option<String> {
        let list = |of: fn(&Upstream) -> &'static str| {
            UPSTREAMS.iter().map(of).collect::<Vec<_>>().join(", ")
        };
        Some(match self {
            Self::Missing { property, host: Some(host) } if *property == "upstreamRegistryUrl" => {
                format!("set `upstreamRegistryUrl: {host}` (ECR API reference, CreatePullThroughCacheRule)")
            }
            Self::Missing { property, .. } => {
                format!("set `{property}` (ECR API reference, CreatePullThroughCacheRule)")
            }
            Self::UnknownName { .. } => format!(
                "use one of {} (ECR API reference, CreatePullThroughCacheRule, upstreamRegistry)",
                list(|upstream| upstream.name)
            ),
            Self::UnknownHost { .. } => format!(
                "use a host in lowercase, without a scheme or path: {} (ECR API reference, CreatePullThroughCacheRule, upstreamRegistryUrl)",
                list(|upstream| upstream.host)
            ),
            Self::Mismatch { name_of_host, host_of_name, .. } => format!(
                "use `upstreamRegistry: {name_of_host}` or `upstreamRegistryUrl: {host_of_name}` (ECR API reference, CreatePullThroughCacheRule)"
            ),
            Self::Itself => {
                "use the registry of another region or account, or remove the rule".to_owned()
            }
            Self::CredentialMissing { .. } => {
                "store the credentials in a secret whose name starts with `ecr-pullthroughcache/`, and set `credentialArn` to its ARN (ECR user guide, \"Creating a pull through cache rule\")"
                    .to_owned()
            }
            Self::CredentialUnused { .. } => {
                "remove `credentialArn` (ECR user guide, \"Creating a pull through cache rule\")"
                    .to_owned()
            }
            Self::CredentialName { .. } => {
                "use a Secrets Manager secret whose name starts with `ecr-pullthroughcache/` (AWS::ECR::PullThroughCacheRule, CredentialArn)"
                    .to_owned()
            }
            Self::RoleUnused { .. } => {
                "remove `customRoleArn`: it is for private ECR registries (AWS::ECR::PullThroughCacheRule, CustomRoleArn)"
                    .to_owned()
            }
            Self::RoleMissing { .. } => {
                "set `customRoleArn` to a role of this account that may pull from the upstream registry (ECR user guide, \"IAM policies required for cross account ECR to ECR pull through cache\")"
                    .to_owned()
            }
        })
    }

    fn suggestion(&self) -> Option<&str> {
        match self {
            Self::UnknownName { suggestion, .. } | Self::UnknownHost { suggestion, .. } => {
                *suggestion
            }
            Self::Missing { .. }
            | Self::Mismatch { .. }
            | Self::Itself
            | Self::CredentialMissing { .. }
            | Self::CredentialUnused { .. }
            | Self::CredentialName { .. }
            | Self::RoleUnused { .. }
            | Self::RoleMissing { .. } => None,
        }
    }

    fn depends_on_defaults(&self) -> bool {
        matches!(self, Self::CredentialMissing { .. })
    }
}
