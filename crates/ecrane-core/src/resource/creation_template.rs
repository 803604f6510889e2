//! `AWS::ECR::RepositoryCreationTemplate`

use ecrane_document::{Explain, Place};
use ecrane_lifecycle::LifecyclePolicy;
use indexmap::IndexMap;
use thiserror::Error;

use super::{Deployed, Encryption, PhysicalName, TagMutability};
use crate::bounds::{self, Findings, PolicyOf, Rule, Shared};
use crate::names::{Arn, Environment, is_name_prefix};
use crate::policy::PolicyDocument;
use crate::value::Value;

/// A repository creation template: settings of repositories that ECR creates.
#[derive(Debug, Clone, PartialEq)]
pub struct RepositoryCreationTemplateResource {
    /// The prefix of the repository names.
    pub prefix: String,
    /// The events for which the template applies.
    pub applied_for: Vec<AppliedFor>,
    /// The description.
    pub description: Option<String>,
    /// The tag mutability.
    pub tag_mutability: Option<TagMutability>,
    /// How images are encrypted.
    pub encryption: Option<Encryption>,
    /// The lifecycle policy of the repositories.
    pub lifecycle_policy: Option<LifecyclePolicy>,
    /// The repository policy. Omitted if it has no statements.
    pub policy: PolicyDocument,
    /// The tags of the repositories.
    pub resource_tags: IndexMap<String, String>,
    /// The IAM role that ECR assumes to create the repositories.
    pub custom_role_arn: Option<Arn>,
}

/// An event for which ECR creates a repository.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AppliedFor {
    /// Replication of an image.
    Replication,
    /// A pull through a pull-through cache rule.
    PullThroughCache,
    /// A push of an image.
    CreateOnPush,
}

impl AppliedFor {
    /// The value in the ECR API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Replication => "REPLICATION",
            Self::PullThroughCache => "PULL_THROUGH_CACHE",
            Self::CreateOnPush => "CREATE_ON_PUSH",
        }
    }
}

const TEMPLATE_PREFIX: Rule = Rule {
    code: "creation_template::prefix_malformed",
    what: "repository prefix",
    help: "use a repository name, optionally with a trailing `/`, or ROOT for all repositories (AWS::ECR::RepositoryCreationTemplate, Prefix)",
};
const TEMPLATE_PREFIX_LENGTH: Rule = Rule {
    code: "creation_template::prefix_length",
    what: "repository prefix",
    help: "AWS::ECR::RepositoryCreationTemplate, Prefix",
};
const TEMPLATE_DESCRIPTION: Rule = Rule {
    code: "creation_template::description_length",
    what: "description of the template",
    help: "AWS::ECR::RepositoryCreationTemplate, Description",
};

impl Deployed for RepositoryCreationTemplateResource {
    fn physical_name(&self) -> Option<PhysicalName<'_>> {
        Some(PhysicalName::of_region("creation template prefix", &self.prefix, &["prefix"]))
    }

    fn values<'r>(&'r self, visit: &mut dyn FnMut(&'r Value)) {
        let Self {
            encryption,
            policy,
            prefix: _,
            applied_for: _,
            description: _,
            tag_mutability: _,
            lifecycle_policy: _,
            resource_tags: _,
            custom_role_arn: _,
        } = self;
        encryption.iter().filter_map(Encryption::key).for_each(&mut *visit);
        policy.values(visit);
    }

    fn check(&self, place: &Place, env: &Environment, findings: &mut Findings) {
        bounds::tags(&self.resource_tags, &place.key("resourceTags"), findings);
        let at = place.key("prefix");
        findings.form(Some(&self.prefix), is_name_prefix, &TEMPLATE_PREFIX, &at);
        findings.length(Some(&self.prefix), (1, 256), &TEMPLATE_PREFIX_LENGTH, &at);
        let description = self.description.as_deref();
        findings.length(description, (0, 256), &TEMPLATE_DESCRIPTION, &place.key("description"));
        for (index, event) in self.applied_for.iter().enumerate() {
            let earlier = self.applied_for.iter().take(index);
            if earlier.clone().any(|other| other == event) {
                let error = CreationTemplateError::EventTwice { event: event.as_str() };
                findings.refused_by_default_rules(place.key("appliedFor").index(index), error);
            }
        }
        if let Some(encryption) = &self.encryption {
            encryption.check(place, env, findings);
        }
        if let Some(role) = &self.custom_role_arn {
            let place = place.key("customRoleArn");
            bounds::arn_of_env("role", role, Shared::Account, env, &place, findings);
        }
        bounds::resource_policy(&self.policy, PolicyOf::Template, place, env, findings);
    }
}

/// A repository creation template that AWS rejects.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum CreationTemplateError {
    /// An event twice: CloudFormation schema of `AWS::ECR::RepositoryCreationTemplate`,
    /// `AppliedFor`, `uniqueItems`.
    #[error("`appliedFor` has `{event}` twice")]
    EventTwice {
        /// The event.
        event: &'static str,
    },
}

impl Explain for CreationTemplateError {
    fn code(&self) -> &'static str {
        match self {
            Self::EventTwice { .. } => "creation_template::event_twice",
        }
    }

    fn help(&self) -> Option<String> {
        Some(
            match self {
                Self::EventTwice { .. } => {
                    "remove one of them (AWS::ECR::RepositoryCreationTemplate, AppliedFor)"
                }
            }
            .to_owned(),
        )
    }
}
