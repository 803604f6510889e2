//! `AWS::IAM::Policy`

use ecrane_core::{Identity, IdentityPolicyResource, Value};
use serde::Serialize;

use super::{Properties, Tags};
use crate::import::Identifier;
use crate::policy::Policy;
use crate::scope::{In, Scope};

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct IdentityPolicy<'g> {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    groups: Vec<In<'g, &'g Value>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    policy_document: Option<Policy<'g>>,
    policy_name: &'g str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    roles: Vec<In<'g, &'g Value>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    users: Vec<In<'g, &'g Value>>,
}

impl<'g> Properties<'g> for IdentityPolicy<'g> {
    type Resource = IdentityPolicyResource;

    const IDENTIFIER: Identifier = Identifier::None;

    fn new(scope: Scope<'g>, policy: &'g IdentityPolicyResource, _: Option<Tags<'g>>) -> Self {
        let IdentityPolicyResource { name, document, attached_to } = policy;
        let mut properties = Self {
            groups: Vec::new(),
            policy_document: Policy::new(scope, document),
            policy_name: name,
            roles: Vec::new(),
            users: Vec::new(),
        };
        let (list, name) = match attached_to {
            Identity::Role(name) => (&mut properties.roles, name),
            Identity::User(name) => (&mut properties.users, name),
            Identity::Group(name) => (&mut properties.groups, name),
        };
        list.push(scope.value(name));
        properties
    }
}
