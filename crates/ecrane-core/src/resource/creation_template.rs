//! `AWS::ECR::RepositoryCreationTemplate`

use ecrane_document::Place;
use ecrane_lifecycle::LifecyclePolicy;
use indexmap::IndexMap;

use super::{Deployed, Encryption, TagMutability};
use crate::bounds::{self, Findings, Rule};
use crate::names::{Arn, Environment, is_name_prefix};
use crate::policy::PolicyDocument;
use crate::value::Value;

/// The settings of repositories that ECR creates by itself.
#[derive(Debug, Clone, PartialEq)]
pub struct RepositoryCreationTemplateResource {
    /// The prefix of their names.
    pub prefix: String,
    /// Why ECR creates them.
    pub applied_for: Vec<AppliedFor>,
    /// The description.
    pub description: Option<String>,
    /// Whether tags can be moved.
    pub tag_mutability: Option<TagMutability>,
    /// How images are encrypted.
    pub encryption: Option<Encryption>,
    /// Their lifecycle policy.
    pub lifecycle_policy: Option<LifecyclePolicy>,
    /// Their repository policy; none if it has no statements.
    pub policy: PolicyDocument,
    /// Their tags.
    pub resource_tags: IndexMap<String, String>,
    /// The role that ECR takes to create them.
    pub custom_role_arn: Option<Arn>,
}

/// Why ECR creates a repository.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AppliedFor {
    /// An image was replicated.
    Replication,
    /// An image was pulled through a cache rule.
    PullThroughCache,
    /// An image was pushed.
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
    what: "prefix",
    help: "use a repository name, which may end in `/`, or ROOT for every name (AWS::ECR::RepositoryCreationTemplate, Prefix)",
};
const TEMPLATE_PREFIX_LENGTH: Rule = Rule {
    code: "creation_template::prefix_length",
    what: "prefix",
    help: "AWS::ECR::RepositoryCreationTemplate, Prefix",
};
const TEMPLATE_DESCRIPTION: Rule = Rule {
    code: "creation_template::description_length",
    what: "description of the template",
    help: "AWS::ECR::RepositoryCreationTemplate, Description",
};

impl Deployed for RepositoryCreationTemplateResource {
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

    fn check(&self, place: &Place, _: &Environment, findings: &mut Findings) {
        bounds::tags(&self.resource_tags, &place.key("resourceTags"), findings);
        let at = place.key("prefix");
        findings.form(Some(&self.prefix), is_name_prefix, &TEMPLATE_PREFIX, &at);
        findings.length(Some(&self.prefix), (1, 256), &TEMPLATE_PREFIX_LENGTH, &at);
        let description = self.description.as_deref();
        findings.length(description, (0, 256), &TEMPLATE_DESCRIPTION, &place.key("description"));
        bounds::resource_policy(&self.policy, place, findings);
    }
}
