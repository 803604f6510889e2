//! Roles, users and groups, with their account, ARN and default policy.

use ecrane_core::{
    Action, Arn, Attribute, AwsCdk, ConstructPath, Identity as AttachedTo, IdentityKind, Place,
    ResourceId, TargetsError, Value, ValuePlaces,
};

use crate::policy::attached::{Attached, AttachedResource, PrincipalKey};
use crate::policy::error::PrincipalError;
use crate::stack::Stack;
use crate::state::Body;

/// A role, user or group, created by the app or imported.
#[derive(Debug, Clone)]
pub(crate) struct Identity {
    pub(crate) kind: IdentityKind,
    pub(crate) stack: Stack,
    pub(crate) path: ConstructPath,
    pub(crate) place: Place,
    pub(crate) origin: Origin,
}

#[derive(Debug, Clone)]
pub(crate) enum Origin {
    /// Created by the app, with its name and IAM path if specified.
    Owned { id: ResourceId, name: Option<String>, iam_path: Option<String> },
    /// Imported.
    Imported(Arn),
}

/// IAM's limit on the name of an inline policy.
const MAX_POLICY_NAME: usize = 128;

impl Identity {
    /// Imports an existing identity by its ARN.
    pub(crate) fn import(kind: IdentityKind, stack: &Stack, id: &str, arn: Arn) -> Self {
        let place = stack.place(&["principals"], id);
        if let Err(error) = arn.expect("iam", kind.as_str()) {
            stack.error(place.key(&format!("{}Arn", kind.as_str())), error);
        }
        let path = stack.claim(id, &place);
        Self { kind, stack: stack.clone(), path, place, origin: Origin::Imported(arn) }
    }

    /// The ARN or the physical name.
    pub(crate) fn attribute(&self, attribute: Attribute) -> Value {
        match (&self.origin, attribute, self.kind) {
            (Origin::Owned { id, .. }, ..) => Value::Attribute(*id, attribute),
            (Origin::Imported(arn), Attribute::Arn, _) => Value::from(arn),
            // The CDK includes the path of a group in its name.
            (Origin::Imported(arn), Attribute::Name, IdentityKind::Group) => {
                arn.resource_name().into()
            }
            (Origin::Imported(arn), Attribute::Name, IdentityKind::Role | IdentityKind::User) => {
                arn.last_component().into()
            }
        }
    }

    pub(crate) fn is_owned(&self) -> bool {
        matches!(self.origin, Origin::Owned { .. })
    }

    /// Whether an added statement becomes part of the policy. The CDK drops it if the role is known
    /// to be in another account.
    pub(crate) fn is_mutable(&self) -> bool {
        match (&self.origin, self.kind) {
            (Origin::Imported(arn), IdentityKind::Role) => !self.stack.is_elsewhere(arn.account()),
            (Origin::Owned { .. } | Origin::Imported(_), _) => true,
        }
    }

    /// The account, if known to the CDK.
    pub(crate) fn account(&self) -> Option<String> {
        match (&self.origin, self.kind, self.stack.compatibility().aws_cdk) {
            // CDK 1.130 does not parse the ARN of a user.
            (Origin::Imported(_), IdentityKind::User, AwsCdk::V1) => None,
            (Origin::Imported(arn), ..) => Some(arn.account().to_owned()),
            (Origin::Owned { .. }, ..) => self.stack.known_account().map(|a| a.to_string()),
        }
    }

    /// The construct path from the app down.
    pub(crate) fn full_path(&self) -> String {
        format!("{}/{}", self.stack.id(), self.path)
    }

    /// The place of the ARN, if the input has it; otherwise that of the principal that refers to it.
    /// A group is no principal, whatever its ARN, so it is the reference that is wrong.
    pub(crate) fn arn_place(&self, principal: &Place) -> Place {
        match (&self.origin, self.kind) {
            (Origin::Imported(_), IdentityKind::Role | IdentityKind::User) => {
                self.place.key(&format!("{}Arn", self.kind.as_str()))
            }
            (Origin::Imported(_), IdentityKind::Group) | (Origin::Owned { .. }, _) => {
                principal.clone()
            }
        }
    }

    /// The key by which the CDK compares principals: the ARN of an imported role, otherwise the
    /// object identity.
    pub(crate) fn key(&self) -> PrincipalKey {
        match &self.origin {
            Origin::Imported(arn) if self.kind == IdentityKind::Role && self.is_mutable() => {
                PrincipalKey::ImportedRole(arn.to_string())
            }
            Origin::Owned { .. } | Origin::Imported(_) => PrincipalKey::Construct(self.full_path()),
        }
    }

    /// The ARN as a principal in a policy of a stack.
    ///
    /// The CDK rejects its own groups, but accepts imported groups, which IAM rejects.
    pub(crate) fn principal_arn(&self, consumer: &Stack) -> Result<Value, PrincipalError> {
        match &self.origin {
            Origin::Imported(arn) => Ok(Value::from(arn)),
            Origin::Owned { .. } if self.kind == IdentityKind::Group => {
                Err(PrincipalError::Group { group: self.full_path() })
            }
            Origin::Owned { id, .. } if self.stack.same_environment(consumer) => {
                Ok(Value::Attribute(*id, Attribute::Arn))
            }
            Origin::Owned { name: Some(name), iam_path, .. } => {
                // CDK 1.130 omits the path.
                let iam_path = match self.stack.compatibility().aws_cdk {
                    AwsCdk::V1 => "",
                    AwsCdk::V2 => iam_path.as_deref().unwrap_or_default(),
                };
                let iam_path = iam_path.strip_prefix('/').unwrap_or(iam_path);
                let name = format!("{iam_path}{name}");
                Ok(self.stack.format_iam_arn(self.stack.account(), self.kind.as_str(), &name))
            }
            Origin::Owned { name: None, .. } => {
                Err(PrincipalError::NoPhysicalName { construct: self.full_path() })
            }
        }
    }

    /// Adds a statement to the default policy, which is created with the first statement.
    pub(crate) fn add_statement(
        &self,
        actions: &[Action],
        on: AttachedResource,
        place: Place,
        places: ValuePlaces,
    ) {
        let existing = self.stack.write(|stack| stack.default_policies.get(&self.path).copied());
        let id = existing.unwrap_or_else(|| self.add_default_policy());
        self.stack.edit(id, |node| {
            if let Body::IdentityPolicy { statements, .. } = &mut node.body {
                statements.push(Attached::of_identity(actions, on, place, places));
            }
        });
    }

    /// Creates the default policy for grants, as in the CDK.
    fn add_default_policy(&self) -> ResourceId {
        if let Origin::Imported(arn) = &self.origin
            && self.stack.has_targets()
            && self.stack.is_elsewhere(arn.account())
        {
            let (id, account) = (self.path.to_string(), arn.account().to_owned());
            self.stack
                .error(self.place.clone().on_key(), TargetsError::OtherAccount { id, account });
        }
        let compatibility = self.stack.compatibility();
        let is_role = self.kind == IdentityKind::Role;
        let (id, name) = match &self.origin {
            Origin::Imported(_) if is_role && compatibility.stack_safe_policy_names => {
                let name = format!("Policy{}", self.path.unique_id(&self.stack.id()));
                (name.clone(), Some(name))
            }
            Origin::Imported(_) if self.kind != IdentityKind::Group => ("Policy".to_owned(), None),
            Origin::Imported(_) | Origin::Owned { .. } => ("DefaultPolicy".to_owned(), None),
        };
        let path = self.path.child(&id).child("Resource");
        let splits = is_role && self.is_owned() && compatibility.aws_cdk == AwsCdk::V2;
        let body = Body::IdentityPolicy {
            name: name.unwrap_or_else(|| last_characters(&path.logical_id())),
            attached_to: self.attached_to(),
            statements: Vec::new(),
            splits_into: splits.then(|| self.path.clone()),
        };
        let id = self.stack.add(path, None, self.place.clone(), body);
        self.stack.write(|stack| stack.default_policies.insert(self.path.clone(), id));
        id
    }

    /// The identity that a policy is attached to, by name.
    fn attached_to(&self) -> AttachedTo {
        let name = self.attribute(Attribute::Name);
        match self.kind {
            IdentityKind::Role => AttachedTo::Role(name),
            IdentityKind::User => AttachedTo::User(name),
            IdentityKind::Group => AttachedTo::Group(name),
        }
    }
}

/// Returns the end of a logical id, which is ASCII and ends with a hash of the full path.
fn last_characters(logical_id: &str) -> String {
    let start = logical_id.len().saturating_sub(MAX_POLICY_NAME);
    logical_id.chars().skip(start).collect()
}
