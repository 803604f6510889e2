//! IAM groups.

use ecrane_core::{Addresses, Arn, Attribute, GroupResource, IdentityKind, ResourceKind, Value};

use crate::identity::{Identity, Origin};
use crate::policy::principal::{Kind, Principal};
use crate::stack::Stack;

/// An IAM group: CDK's `Group`.
#[derive(Debug, Clone)]
pub struct Group(Identity);

/// Properties of a [`Group`].
#[derive(Debug, Clone, Default)]
pub struct GroupProps {
    /// The physical name. If omitted, one is generated at deployment.
    pub group_name: Option<String>,
    /// Pinned addresses and property overrides, by target.
    pub addresses: Addresses,
}

impl Group {
    /// Creates a group in this stack.
    pub fn new(stack: &Stack, id: &str, props: GroupProps) -> Self {
        let place = stack.place(&["principals"], id);
        let path = stack.claim(id, &place);
        let resource = GroupResource { name: props.group_name.clone() };
        let kind = ResourceKind::Group(resource);
        let id = stack.add_done(path.child("Resource"), None, place.clone(), kind);
        stack.address(id, props.addresses);
        let origin = Origin::Owned { id, name: props.group_name, iam_path: None };
        let kind = IdentityKind::Group;
        Self(Identity { kind, stack: stack.clone(), path, place, origin })
    }

    /// The ARN.
    pub fn group_arn(&self) -> Value {
        self.0.attribute(Attribute::Arn)
    }

    /// The physical name.
    pub fn group_name(&self) -> Value {
        self.0.attribute(Attribute::Name)
    }

    /// Imports an existing group by its ARN.
    pub fn from_group_arn(stack: &Stack, id: &str, arn: Arn) -> Self {
        Self(Identity::import(IdentityKind::Group, stack, id, arn))
    }
}

impl From<&Group> for Principal {
    fn from(group: &Group) -> Self {
        Self(Kind::Identity(group.0.clone()))
    }
}
