//! What roles, users and groups share: an account, an ARN, and a default policy.

use crate::app::Body;
use crate::compatibility::AwsCdk;
use crate::diagnostic::Place;
use crate::graph::ResourceId;
use crate::group::Group;
use crate::names::Arn;
use crate::path::ConstructPath;
use crate::policy::{Attached, Identity, PrincipalError};
use crate::role::Role;
use crate::stack::Stack;
use crate::user::User;
use crate::value::{Attribute, Value};

/// A role, user or group of an app, or one that exists outside of it.
#[derive(Debug, Clone)]
pub(crate) struct Handle {
    pub(crate) stack: Stack,
    pub(crate) path: ConstructPath,
    pub(crate) place: Place,
    pub(crate) origin: Origin,
}

#[derive(Debug, Clone)]
pub(crate) enum Origin {
    /// Made by the app; its name and its IAM path as far as they are given.
    Owned { id: ResourceId, name: Option<String>, iam_path: Option<String> },
    /// Made elsewhere.
    Imported(Arn),
}

/// IAM's limit on the name of an inline policy.
const MAX_POLICY_NAME: usize = 128;

impl Handle {
    pub(crate) fn is_owned(&self) -> bool {
        matches!(self.origin, Origin::Owned { .. })
    }

    /// The account, where it is known.
    pub(crate) fn account(&self) -> Option<String> {
        match &self.origin {
            Origin::Owned { .. } => self.stack.known_account().map(|a| a.to_string()),
            Origin::Imported(arn) => Some(arn.account().to_owned()),
        }
    }

    /// The construct path from the app down.
    pub(crate) fn full_path(&self) -> String {
        format!("{}/{}", self.stack.id(), self.path)
    }

    /// The ARN, as it is known in a stack.
    pub(crate) fn arn_in(
        &self,
        consumer: &Stack,
        resource: &'static str,
    ) -> Result<Value, PrincipalError> {
        match &self.origin {
            Origin::Imported(arn) => Ok(Value::from(arn)),
            Origin::Owned { id, .. } if self.stack.same_environment(consumer) => {
                Ok(Value::Attribute(*id, Attribute::Arn))
            }
            Origin::Owned { name: Some(name), iam_path, .. } => {
                // CDK 1.130 forgets the path.
                let iam_path = match self.stack.compatibility().aws_cdk {
                    AwsCdk::V1 => "",
                    AwsCdk::V2 => iam_path.as_deref().unwrap_or_default(),
                };
                let iam_path = iam_path.strip_prefix('/').unwrap_or(iam_path);
                let name = format!("{iam_path}{name}");
                Ok(self.stack.format_iam_arn(self.stack.account(), resource, &name))
            }
            Origin::Owned { name: None, .. } => {
                Err(PrincipalError::NoPhysicalName { construct: self.full_path() })
            }
        }
    }

    /// Adds a statement to the default policy, which is made with the first one.
    pub(crate) fn add_statement(
        &self,
        policy: DefaultPolicy,
        attached_to: impl FnOnce() -> Identity,
        statement: Attached,
    ) {
        let existing = self.stack.write(|stack| stack.default_policies.get(&self.path).copied());
        let id = existing.unwrap_or_else(|| {
            let path = self.path.child(&policy.id).child("Resource");
            let name = policy.name.unwrap_or_else(|| last_characters(&path.logical_id()));
            let body = Body::IdentityPolicy {
                name,
                attached_to: attached_to(),
                statements: Vec::new(),
                splits_into: policy.splits.then(|| self.path.clone()),
            };
            let id = self.stack.add(path, None, self.place.clone(), body);
            self.stack.write(|stack| stack.default_policies.insert(self.path.clone(), id));
            id
        });
        if let Some(node) = self.stack.app().state_mut().node(id)
            && let Body::IdentityPolicy { statements, .. } = &mut node.body
        {
            statements.push(statement);
        }
    }
}

/// A construct that has a policy of its own.
#[derive(Debug, Clone, Copy)]
pub(crate) enum IdentityConstruct<'c> {
    Role(&'c Role),
    User(&'c User),
    Group(&'c Group),
}

impl IdentityConstruct<'_> {
    pub(crate) fn handle(&self) -> &Handle {
        match self {
            Self::Role(role) => role.handle(),
            Self::User(user) => user.handle(),
            Self::Group(group) => group.handle(),
        }
    }

    /// Whether a statement that is added lands in its policy: CDK drops it where a role is known to
    /// be of another account.
    pub(crate) fn is_mutable(&self) -> bool {
        match self {
            Self::Role(role) => role.is_mutable(),
            Self::User(_) | Self::Group(_) => true,
        }
    }

    pub(crate) fn add_statement(&self, statement: Attached) {
        match self {
            Self::Role(role) => role.add_statement(statement),
            Self::User(user) => user.add_statement(statement),
            Self::Group(group) => group.add_statement(statement),
        }
    }
}

/// How CDK makes the default policy of an identity.
pub(crate) struct DefaultPolicy {
    /// The id of the policy's construct.
    pub(crate) id: String,
    /// The policy's name, where it is not the end of the logical id.
    pub(crate) name: Option<String>,
    /// Whether it is split when it grows too large.
    pub(crate) splits: bool,
}

impl DefaultPolicy {
    pub(crate) fn named(id: &str) -> Self {
        Self { id: id.to_owned(), name: None, splits: false }
    }
}

/// The end of a logical id, which is ASCII and ends in a hash of the whole path.
fn last_characters(logical_id: &str) -> String {
    let start = logical_id.len().saturating_sub(MAX_POLICY_NAME);
    logical_id.chars().skip(start).collect()
}
