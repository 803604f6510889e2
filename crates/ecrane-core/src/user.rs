//! IAM users.

use crate::compatibility::AwsCdk;
use crate::diagnostic::Problem;
use crate::graph::{Pins, ResourceKind};
use crate::identity::{DefaultPolicy, Handle, Origin};
use crate::names::Arn;
use crate::policy::{Attached, Identity, PrincipalError};
use crate::role::{RoleError, is_iam_path};
use crate::stack::Stack;
use crate::value::{Attribute, Value};

/// A user: CDK's `User`.
#[derive(Debug, Clone)]
pub struct User {
    handle: Handle,
}

/// How a user is to be.
#[derive(Debug, Clone, Default)]
pub struct UserProps {
    /// Its physical name; made on deployment when there is none.
    pub user_name: Option<String>,
    /// Its path, such as `/people/`.
    pub path: Option<String>,
    /// The addresses that it is given.
    pub pins: Pins,
}

/// A user as it is deployed.
#[derive(Debug, Clone)]
pub struct UserResource {
    /// Its physical name; made on deployment when there is none.
    pub name: Option<String>,
    /// Its path, such as `/people/`.
    pub path: Option<String>,
}

impl User {
    /// A user of this stack.
    pub fn new(stack: &Stack, id: &str, props: UserProps) -> Self {
        let place = stack.place(&["principals"], id);
        let path = stack.claim(id, &place);
        if let Some(iam_path) = props.path.as_ref().filter(|path| !is_iam_path(path)) {
            let error = RoleError::Path { path: iam_path.clone() };
            stack.app().note(Problem::error(place.key("user").key("path"), error));
        }
        let resource = UserResource { name: props.user_name.clone(), path: props.path.clone() };
        let id = stack.add_done(
            path.child("Resource"),
            None,
            place.clone(),
            ResourceKind::User(resource),
        );
        stack.pin(id, props.pins, &place.key("user"));
        let origin = Origin::Owned { id, name: props.user_name, iam_path: props.path };
        Self { handle: Handle { stack: stack.clone(), path, place, origin } }
    }

    /// A user that exists, by its ARN.
    pub fn from_user_arn(stack: &Stack, id: &str, arn: Arn) -> Self {
        let place = stack.place(&["principals"], id);
        if let Err(error) = arn.expect("iam", "user") {
            stack.app().note(Problem::error(place.key("userArn"), error));
        }
        let path = stack.claim(id, &place);
        let origin = Origin::Imported(arn);
        Self { handle: Handle { stack: stack.clone(), path, place, origin } }
    }

    pub(crate) fn handle(&self) -> &Handle {
        &self.handle
    }

    pub(crate) fn account(&self) -> Option<String> {
        match (&self.handle.origin, self.handle.stack.compatibility().aws_cdk) {
            // CDK 1.130 does not look into the ARN.
            (Origin::Imported(_), AwsCdk::V1) => None,
            _ => self.handle.account(),
        }
    }

    pub(crate) fn full_path(&self) -> String {
        self.handle.full_path()
    }

    pub(crate) fn arn_in(&self, consumer: &Stack) -> Result<Value, PrincipalError> {
        self.handle.arn_in(consumer, "user")
    }

    pub(crate) fn add_statement(&self, statement: Attached) {
        let (policy, name) = match &self.handle.origin {
            Origin::Owned { id, .. } => ("DefaultPolicy", Value::Attribute(*id, Attribute::Name)),
            Origin::Imported(arn) => ("Policy", arn.last_component().into()),
        };
        let policy = DefaultPolicy::named(policy);
        self.handle.add_statement(policy, || Identity::User(name), statement);
    }
}
