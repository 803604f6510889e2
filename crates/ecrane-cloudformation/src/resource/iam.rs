//! `AWS::IAM::Role`, `User`, `Group`, `Policy` and `ManagedPolicyResource`

#![expect(clippy::struct_field_names, reason = "the names are CloudFormation's")]

use ecrane_core::{
    GroupResource, Identity, IdentityPolicyResource, ManagedPolicyResource, RoleResource,
    UserResource, Value,
};
use serde::Serialize;

use super::Tags;
use crate::policy::Policy as Document;
use crate::scope::{In, Scope};

type Values<'g> = Vec<In<'g, &'g Value>>;

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Role<'g> {
    #[serde(skip_serializing_if = "Option::is_none")]
    assume_role_policy_document: Option<Document<'g>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<&'g str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    managed_policy_arns: Values<'g>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_session_duration: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<&'g str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    permissions_boundary: Option<In<'g, &'g Value>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    role_name: Option<&'g str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tags: Option<Tags<'g>>,
}

impl<'g> Role<'g> {
    pub(super) fn new(scope: Scope<'g>, role: &'g RoleResource, tags: Option<Tags<'g>>) -> Self {
        let RoleResource {
            name,
            trust_policy,
            description,
            managed_policies,
            max_session_duration,
            path,
            permissions_boundary,
        } = role;
        Self {
            assume_role_policy_document: Document::new(scope, trust_policy),
            description: description.as_deref(),
            managed_policy_arns: scope.values(managed_policies),
            max_session_duration: *max_session_duration,
            path: path.as_deref(),
            permissions_boundary: permissions_boundary.as_ref().map(|arn| scope.value(arn)),
            role_name: name.as_deref(),
            tags,
        }
    }
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct User<'g> {
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<&'g str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tags: Option<Tags<'g>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    user_name: Option<&'g str>,
}

impl<'g> User<'g> {
    pub(super) fn new(user: &'g UserResource, tags: Option<Tags<'g>>) -> Self {
        let UserResource { name, path } = user;
        Self { path: path.as_deref(), tags, user_name: name.as_deref() }
    }

    pub(super) fn is_empty(&self) -> bool {
        let Self { path, tags, user_name } = self;
        path.is_none() && tags.is_none() && user_name.is_none()
    }
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Group<'g> {
    #[serde(skip_serializing_if = "Option::is_none")]
    group_name: Option<&'g str>,
}

impl<'g> Group<'g> {
    pub(super) fn new(group: &'g GroupResource) -> Self {
        let GroupResource { name } = group;
        Self { group_name: name.as_deref() }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.group_name.is_none()
    }
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Policy<'g> {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    groups: Values<'g>,
    #[serde(skip_serializing_if = "Option::is_none")]
    policy_document: Option<Document<'g>>,
    policy_name: &'g str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    roles: Values<'g>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    users: Values<'g>,
}

impl<'g> Policy<'g> {
    pub(super) fn new(scope: Scope<'g>, policy: &'g IdentityPolicyResource) -> Self {
        let IdentityPolicyResource { name, document, attached_to } = policy;
        let mut properties = Self {
            groups: Vec::new(),
            policy_document: Document::new(scope, document),
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

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct ManagedPolicy<'g> {
    description: &'g str,
    /// What the CDK writes for a path that is not given.
    path: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    policy_document: Option<Document<'g>>,
    roles: [In<'g, &'g Value>; 1],
}

impl<'g> ManagedPolicy<'g> {
    pub(super) fn new(scope: Scope<'g>, policy: &'g ManagedPolicyResource) -> Self {
        let ManagedPolicyResource { description, document, role } = policy;
        Self {
            description,
            path: "/",
            policy_document: Document::new(scope, document),
            roles: [scope.value(role)],
        }
    }
}
