//! IAM groups.

use crate::diagnostic::Problem;
use crate::graph::{Pins, ResourceKind};
use crate::identity::{DefaultPolicy, Handle, Origin};
use crate::names::Arn;
use crate::policy::{Attached, Identity, PrincipalError};
use crate::stack::Stack;
use crate::value::{Attribute, Value};

/// A group: CDK's `Group`.
#[derive(Debug, Clone)]
pub struct Group {
    handle: Handle,
}

/// How a group is to be.
#[derive(Debug, Clone, Default)]
pub struct GroupProps {
    /// Its physical name; made on deployment when there is none.
    pub group_name: Option<String>,
    /// The addresses that it is given.
    pub pins: Pins,
}

/// A group as it is deployed.
#[derive(Debug, Clone)]
pub struct GroupResource {
    /// Its physical name; made on deployment when there is none.
    pub name: Option<String>,
}

impl Group {
    /// A group of this stack.
    pub fn new(stack: &Stack, id: &str, props: GroupProps) -> Self {
        let place = stack.place(&["principals"], id);
        let path = stack.claim(id, &place);
        let resource = GroupResource { name: props.group_name.clone() };
        let id = stack.add_done(
            path.child("Resource"),
            None,
            place.clone(),
            ResourceKind::Group(resource),
        );
        stack.pin(id, props.pins, &place.key("group"));
        let origin = Origin::Owned { id, name: props.group_name, iam_path: None };
        Self { handle: Handle { stack: stack.clone(), path, place, origin } }
    }

    /// A group that exists, by its ARN.
    pub fn from_group_arn(stack: &Stack, id: &str, arn: Arn) -> Self {
        let place = stack.place(&["principals"], id);
        if let Err(error) = arn.expect("iam", "group") {
            stack.app().note(Problem::error(place.key("groupArn"), error));
        }
        let path = stack.claim(id, &place);
        let origin = Origin::Imported(arn);
        Self { handle: Handle { stack: stack.clone(), path, place, origin } }
    }

    pub(crate) fn handle(&self) -> &Handle {
        &self.handle
    }

    pub(crate) fn account(&self) -> Option<String> {
        self.handle.account()
    }

    pub(crate) fn full_path(&self) -> String {
        self.handle.full_path()
    }

    /// The ARN as a principal: CDK refuses that of its own groups, and writes that of imported
    /// ones, which IAM refuses.
    pub(crate) fn principal_arn(&self) -> Result<Value, PrincipalError> {
        match &self.handle.origin {
            Origin::Owned { .. } => Err(PrincipalError::Group { group: self.full_path() }),
            Origin::Imported(arn) => Ok(Value::from(arn)),
        }
    }

    pub(crate) fn add_statement(&self, statement: Attached) {
        let name = match &self.handle.origin {
            Origin::Owned { id, .. } => Value::Attribute(*id, Attribute::Name),
            Origin::Imported(arn) => arn.resource_name().into(),
        };
        let policy = DefaultPolicy::named("DefaultPolicy");
        self.handle.add_statement(policy, || Identity::Group(name), statement);
    }
}
