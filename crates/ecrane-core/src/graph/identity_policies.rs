//! The sizes of the policies of roles, users and groups.
//!
//! Source: IAM user guide, "IAM and AWS STS quotas"
//! (<https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html>): the inline policies
//! of an identity are counted together, without white space.

use std::collections::BTreeMap;

use ecrane_document::{Explain, Place};
use thiserror::Error;

use crate::bounds::{self, Findings};
use crate::json_text::JsonText;
use crate::names::AccountId;
use crate::policy::{PolicyDocument, Statement};
use crate::resource::{Identity, ResourceKind};
use crate::resource_id::ResourceId;
use crate::stack::StackNode;
use crate::value::{Attribute, Value};

/// The number of managed policies that a role can have by default, and at most.
const MANAGED: (usize, usize) = (10, 20);
/// The size of a managed policy.
const MANAGED_SIZE: usize = 6_144;

/// An identity, with the account of an imported one: two stacks can change the policy of one role.
type Key<'g> = (&'static str, &'g Value, Option<&'g AccountId>);

pub(super) fn check(stacks: &[StackNode], findings: &mut Findings) {
    let mut inline: BTreeMap<Key<'_>, usize> = BTreeMap::new();
    let mut managed: BTreeMap<&Value, Vec<&Place>> = BTreeMap::new();
    for stack in stacks {
        for resource in &stack.resources {
            if let ResourceKind::IdentityPolicy(policy) = &resource.kind {
                let (what, name, most) = match &policy.attached_to {
                    Identity::Role(name) => ("role", name, 10_240),
                    Identity::User(name) => ("user", name, 2_048),
                    Identity::Group(name) => ("group", name, 5_120),
                };
                let used = inline.entry((what, name, stack.env.account.as_ref())).or_default();
                if let Some(place) = overflow(stacks, &policy.document, used, most) {
                    let size = *used;
                    let is_split = what == "role" && name.as_literal().is_none();
                    let error = IdentityPolicyError::Inline { what, size, most, is_split };
                    findings.refused_by_aws(place, error);
                }
            } else if let ResourceKind::ManagedPolicy(policy) = &resource.kind {
                let mut size = 0;
                if let Some(place) = overflow(stacks, &policy.document, &mut size, MANAGED_SIZE) {
                    findings.refused_by_aws(place, IdentityPolicyError::Managed { size });
                }
                managed.entry(&policy.role).or_default().push(&resource.place);
            }
        }
    }
    for (role, places) in managed {
        let count = places.len() + of_role(stacks, role);
        let (usual, most) = MANAGED;
        let Some(place) = places.first().map(|place| (*place).clone()) else { continue };
        if count > most {
            findings.refused_by_aws(place, IdentityPolicyError::TooManyManaged { count });
        } else if count > usual {
            findings.warning(place, IdentityPolicyWarning::ManyManaged { count });
        }
    }
}

/// The number of managed policies in the properties of a role.
fn of_role(stacks: &[StackNode], role: &Value) -> usize {
    let Value::Attribute(id, Attribute::Name) = role else { return 0 };
    let resource = stacks.get(id.stack()).and_then(|stack| stack.resources.get(id.index()));
    match resource.map(|resource| &resource.kind) {
        Some(ResourceKind::Role(role)) => role.managed_policies.len(),
        _ => 0,
    }
}

/// Adds the size of a document. Returns the place of the statement with which the size exceeds the
/// quota.
fn overflow(
    stacks: &[StackNode],
    document: &PolicyDocument,
    used: &mut usize,
    most: usize,
) -> Option<Place> {
    let frame = PolicyDocument::default();
    let mut text = Measure { stacks, length: *used };
    text.elements(&frame.elements());
    let mut crossing =
        (text.length > most && *used <= most).then(|| document.statements.first()).flatten();
    for (index, statement) in document.statements.iter().enumerate() {
        let before = text.length;
        text.raw(if index > 0 { "," } else { "" });
        text.elements(&statement.elements());
        if before <= most && text.length > most {
            crossing = Some(statement);
        }
    }
    *used = text.length;
    crossing.map(|statement: &Statement| statement.place.clone())
}

/// The length of JSON text with the shortest values that are possible.
struct Measure<'g> {
    stacks: &'g [StackNode],
    length: usize,
}

impl JsonText for Measure<'_> {
    fn raw(&mut self, text: &str) {
        self.length += text.chars().count();
    }

    fn reference(&mut self, value: &Value) {
        match value {
            Value::Concat(parts) => parts.iter().for_each(|part| self.part(part)),
            Value::Attribute(id, Attribute::Arn) => {
                self.length += self.arn(*id).unwrap_or(bounds::least(value).len());
            }
            Value::Literal(_) | Value::Pseudo(_) | Value::Attribute(..) | Value::ArnField(..) => {
                self.raw(bounds::least(value));
            }
        }
    }
}

impl Measure<'_> {
    /// The least length of the ARN of a repository.
    fn arn(&self, id: ResourceId) -> Option<usize> {
        let stack = self.stacks.get(id.stack())?;
        let ResourceKind::Repository(repository) = &stack.resources.get(id.index())?.kind else {
            return None;
        };
        let region = stack.env.region.as_ref();
        let name = repository.name.as_ref().map_or(2, |name| name.as_str().len());
        Some(
            "arn::ecr::000000000000:repository/".len()
                + region.map_or("aws", |region| region.partition()).len()
                + region.map_or("us-east-1", |region| region.as_str()).len()
                + name,
        )
    }
}

/// Policies of an identity that IAM rejects: IAM user guide, "IAM and AWS STS quotas"
/// (<https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html>).
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum IdentityPolicyError {
    /// The inline policies are too large.
    #[error("the inline policies of the {what} have {size} characters, IAM allows {most}")]
    Inline {
        /// `role`, `user` or `group`.
        what: &'static str,
        /// The size.
        size: usize,
        /// The quota.
        most: usize,
        /// Whether statements that do not fit are moved to managed policies.
        is_split: bool,
    },
    /// A managed policy is too large.
    #[error("a managed policy of the role has {size} characters, IAM allows {MANAGED_SIZE}")]
    Managed {
        /// The size.
        size: usize,
    },
    /// The statements need too many managed policies.
    #[error("the role has {count} managed policies, IAM allows {}", MANAGED.1)]
    TooManyManaged {
        /// The number of managed policies.
        count: usize,
    },
}

const WILDCARD: &str = "grant on repositories by a pattern instead: `import: { repositoryArn: \"arn:aws:ecr:eu-west-1:111122223333:repository/team/*\" }` and one grant on that, or use the feature flag `@aws-cdk/aws-iam:minimizePolicies`, which merges statements";

impl Explain for IdentityPolicyError {
    fn code(&self) -> &'static str {
        match self {
            Self::Inline { .. } => "identity_policy::inline_size",
            Self::Managed { .. } => "identity_policy::managed_size",
            Self::TooManyManaged { .. } => "identity_policy::managed_count",
        }
    }

    fn help(&self) -> Option<String> {
        const SOURCE: &str = "(IAM user guide, \"IAM and AWS STS quotas\")";
        Some(match self {
            Self::Inline { what: "role", is_split: false, .. } => format!(
                "{WILDCARD}, or create the role in this config, which moves statements to managed policies {SOURCE}"
            ),
            Self::Inline { .. } | Self::Managed { .. } | Self::TooManyManaged { .. } => {
                format!("{WILDCARD} {SOURCE}")
            }
        })
    }
}

/// A warning about the policies of an identity.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum IdentityPolicyWarning {
    /// The statements need more managed policies than IAM allows by default.
    #[error("the role has {count} managed policies, IAM allows {} unless the quota is increased", MANAGED.0)]
    ManyManaged {
        /// The number of managed policies.
        count: usize,
    },
}

impl Explain for IdentityPolicyWarning {
    fn code(&self) -> &'static str {
        match self {
            Self::ManyManaged { .. } => "identity_policy::many_managed",
        }
    }

    fn help(&self) -> Option<String> {
        Some(match self {
            Self::ManyManaged { .. } => format!(
                "{WILDCARD}, or request a higher quota (IAM user guide, \"IAM and AWS STS quotas\")"
            ),
        })
    }
}
