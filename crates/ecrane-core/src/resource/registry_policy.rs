//! `AWS::ECR::RegistryPolicy`

use ecrane_document::{Explain, Place};
use thiserror::Error;

use super::Deployed;
use crate::bounds::{self, Findings, PolicyOf};
use crate::glob::Glob;
use crate::names::{AccountId, Environment, Region};
use crate::policy::{PolicyDocument, StatementPart};
use crate::value::Value;

/// A registry policy: permissions for replication and repository creation.
#[derive(Debug, Clone, PartialEq)]
pub struct RegistryPolicyResource {
    /// The policy document.
    pub document: PolicyDocument,
}

impl Deployed for RegistryPolicyResource {
    const ONCE: Option<&'static str> = Some("registry policy");

    fn values<'r>(&'r self, visit: &mut dyn FnMut(&'r Value)) {
        let Self { document } = self;
        document.values(visit);
    }

    fn check(&self, place: &Place, env: &Environment, findings: &mut Findings) {
        bounds::resource_policy(&self.document, PolicyOf::Registry, place, env, findings);
        for statement in &self.document.statements {
            for resource in statement.resources.iter().filter_map(Value::as_literal) {
                let place = statement.place_of(StatementPart::Resource, resource);
                if let Some(error) = resource_error(resource, env)
                    && !findings.reference(resource, &place)
                {
                    findings.refused_by_aws(place, error);
                }
            }
        }
    }
}

/// What is wrong with a resource, which can have wildcards in each of its parts.
fn resource_error(text: &str, env: &Environment) -> Option<RegistryPolicyError> {
    if text == "*" {
        return None;
    }
    let resource = text.to_owned();
    let fields: Vec<&str> = text.splitn(6, ':').collect();
    let ["arn", partition, service, region, account, name] = fields.as_slice() else {
        return Some(RegistryPolicyError::Resource { resource });
    };
    let matches = |pattern: &str, text: &str| Glob::new(pattern).matches(text);
    let is_account = |text: &str| text.len() == 12 && text.bytes().all(|b| b.is_ascii_digit());
    let is_pattern = |text: &str| text.contains(['*', '?']);
    let is_repository = match name.split_once('/') {
        Some((kind, name)) => matches(kind, "repository") && !name.is_empty(),
        // `repository*` and `*` stand for names with a slash, too.
        None => name.strip_suffix('*').is_some_and(|kind| "repository/".starts_with(kind)),
    };
    let is_well_formed = matches(service, "ecr")
        && !partition.is_empty()
        && !region.is_empty()
        && (is_account(account) || is_pattern(account))
        && is_repository;
    if !is_well_formed {
        return Some(RegistryPolicyError::Resource { resource });
    }
    let own_region = env.region.as_ref();
    let own_account = env.account.as_ref();
    [
        ("partition", *partition, own_region.map(Region::partition)),
        ("region", *region, own_region.map(Region::as_str)),
        ("account", *account, own_account.map(AccountId::as_str)),
    ]
    .into_iter()
    .find_map(|(of, found, own)| {
        let own = own.filter(|own| !matches(found, own))?;
        let (found, own) = (found.to_owned(), own.to_owned());
        Some(RegistryPolicyError::Elsewhere { resource: resource.clone(), of, found, own })
    })
}

/// A registry policy that Amazon ECR rejects, or that matches nothing: ECR user guide, "Private
/// registry permissions in Amazon ECR"
/// (<https://docs.aws.amazon.com/AmazonECR/latest/userguide/registry-permissions.html>).
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum RegistryPolicyError {
    /// A resource that is not a repository.
    #[error("resource `{resource}` of the registry policy is not a repository")]
    Resource {
        /// The resource.
        resource: String,
    },
    /// A resource of another registry.
    #[error("resource `{resource}` is in {of} `{found}`, but the registry is in `{own}`")]
    Elsewhere {
        /// The resource.
        resource: String,
        /// `partition`, `region` or `account`.
        of: &'static str,
        /// Its partition, region or account.
        found: String,
        /// That of the stack.
        own: String,
    },
}

impl Explain for RegistryPolicyError {
    fn code(&self) -> &'static str {
        match self {
            Self::Resource { .. } => "registry_policy::resource",
            Self::Elsewhere { .. } => "registry_policy::resource_elsewhere",
        }
    }

    fn help(&self) -> Option<String> {
        const SOURCE: &str = "(ECR user guide, \"Private registry permissions in Amazon ECR\")";
        let example = "arn:aws:ecr:eu-west-1:111122223333:repository/*";
        Some(match self {
            Self::Resource { .. } => format!(
                "use `*` or the ARN of repositories of this registry, such as `{example}` {SOURCE}"
            ),
            Self::Elsewhere { of, own, .. } => format!(
                "use {of} `{own}` in the ARN, or correct the `env` of the stack: a registry policy is about the repositories of its own registry {SOURCE}"
            ),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn resources_are_repositories_of_the_registry() {
        let env = Environment {
            region: Some("us-east-2".parse().unwrap()),
            account: Some("111122223333".parse().unwrap()),
        };
        let (form, elsewhere) =
            (Some("registry_policy::resource"), Some("registry_policy::resource_elsewhere"));
        for (resource, of_env, of_none) in [
            ("*", None, None),
            ("arn:aws:ecr:us-east-2:111122223333:repository/*", None, None),
            ("arn:aws:ecr:us-east-2:111122223333:repository/team/app", None, None),
            ("arn:aws:ecr:us-east-2:111122223333:repository/prod-*", None, None),
            ("arn:aws:ecr:us-east-2:111122223333:*", None, None),
            ("arn:aws:ecr:us-east-2:111122223333:repository*", None, None),
            ("arn:aws:ecr:*:111122223333:repository/*", None, None),
            ("arn:aws:ecr:us-*:*:repository/*", None, None),
            ("arn:*:ecr:*:*:repository/*", None, None),
            ("arn:aws:ecr:us-west-2:111122223333:repository/*", elsewhere, None),
            ("arn:aws:ecr:us-east-2:444455556666:repository/*", elsewhere, None),
            ("arn:aws-cn:ecr:us-east-2:111122223333:repository/*", elsewhere, None),
            ("arn:aws:us-east-2:111122223333:repository/*", form, form),
            ("arn:aws:ecr:us-east-2:111122223333:repository", form, form),
            ("arn:aws:ecr:us-east-2:111122223333:repository/", form, form),
            ("arn:aws:ecr:us-east-2:111122223333:registry/x", form, form),
            ("arn:aws:ecr:us-east-2:1111:repository/x", form, form),
            ("arn:aws:ecr::111122223333:repository/x", form, form),
            ("arn:aws:ecr:us-east-2::repository/x", form, form),
            ("arn:aws:ecr-public::111122223333:repository/x", form, form),
            ("arn:aws:s3:::bucket/*", form, form),
            ("team/app", form, form),
            ("", form, form),
        ] {
            let code = |env| resource_error(resource, env).map(|error| error.code());
            assert_eq!(code(&env), of_env, "{resource}");
            assert_eq!(code(&Environment::default()), of_none, "{resource}");
        }
    }
}
