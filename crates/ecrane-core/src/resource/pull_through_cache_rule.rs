//! `AWS::ECR::PullThroughCacheRule`

use ecrane_document::{Explain, Place};
use thiserror::Error;

use super::Deployed;
use crate::bounds::{Findings, Rule};
use crate::names::{Arn, Environment, is_name_prefix};

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
    fn check(&self, place: &Place, _: &Environment, findings: &mut Findings) {
        for (key, prefix) in [
            ("ecrRepositoryPrefix", self.ecr_repository_prefix.as_deref()),
            ("upstreamRepositoryPrefix", self.upstream_repository_prefix.as_deref()),
        ] {
            let place = place.key(key);
            findings.form(prefix, is_name_prefix, &CACHE_PREFIX, &place);
            findings.length(prefix, (2, 30), &CACHE_PREFIX_LENGTH, &place);
        }
        match &self.credential_arn {
            Some(arn) => {
                let mut fields = arn.as_str().splitn(7, ':').skip(2);
                let service = fields.next();
                let name = fields.nth(3);
                let is_named = name.is_some_and(|name| name.starts_with("ecr-pullthroughcache/"));
                if service != Some("secretsmanager") || !is_named {
                    let error = PullThroughCacheError::CredentialName { arn: arn.to_string() };
                    findings.error(place.key("credentialArn"), error);
                }
            }
            None => {
                if let Some(upstream) = closed_registry(self) {
                    let error =
                        PullThroughCacheError::CredentialMissing { upstream: upstream.to_owned() };
                    findings.error(place.clone(), error);
                }
            }
        }
    }
}

/// Returns the upstream registry if it requires credentials: ECR user guide, "Sync an upstream
/// registry with an Amazon ECR private registry".
fn closed_registry(rule: &PullThroughCacheRuleResource) -> Option<&str> {
    const NAMES: [&str; 5] = [
        "azure-container-registry",
        "chainguard",
        "docker-hub",
        "github-container-registry",
        "gitlab-container-registry",
    ];
    const HOSTS: [&str; 4] = ["cgr.dev", "ghcr.io", "registry-1.docker.io", "registry.gitlab.com"];
    let name = rule.upstream_registry.as_deref().filter(|name| NAMES.contains(name));
    let host = rule
        .upstream_registry_url
        .as_deref()
        .filter(|host| HOSTS.contains(host) || host.ends_with(".azurecr.io"));
    name.or(host)
}

/// A pull-through cache rule that ECR rejects.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum PullThroughCacheError {
    /// The upstream registry requires credentials.
    #[error("pull-through cache rule for `{upstream}` requires `credentialArn`")]
    CredentialMissing {
        /// The upstream registry in the input.
        upstream: String,
    },
    /// ECR cannot read the secret.
    #[error("ECR cannot read credentials from the secret `{arn}`")]
    CredentialName {
        /// The ARN.
        arn: String,
    },
}

impl Explain for PullThroughCacheError {
    fn code(&self) -> &'static str {
        match self {
            Self::CredentialMissing { .. } => "pull_through_cache::credential_missing",
            Self::CredentialName { .. } => "pull_through_cache::credential_name",
        }
    }

    fn help(&self) -> Option<String> {
        Some(
            match self {
                Self::CredentialMissing { .. } => {
                    "store the credentials in a secret whose name starts with `ecr-pullthroughcache/`, and set `credentialArn` to its ARN (ECR user guide, \"Creating a pull through cache rule\")"
                }
                Self::CredentialName { .. } => {
                    "use a Secrets Manager secret whose name starts with `ecr-pullthroughcache/` (AWS::ECR::PullThroughCacheRule, CredentialArn)"
                }
            }
            .to_owned(),
        )
    }

    fn depends_on_defaults(&self) -> bool {
        matches!(self, Self::CredentialMissing { .. })
    }
}
