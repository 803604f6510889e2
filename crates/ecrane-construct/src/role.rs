//! IAM roles.

use ecrane_core::{
    Action, Addresses, Arn, AwsCdk, Explain, Place, PolicyDocument, Principals, Pseudo,
    ResourceKind, RoleResource, Value,
};
use thiserror::Error;

use crate::iam_path::check_path;
use crate::identity::{Identity, IdentityKind, Origin};
use crate::policy::attached::{Attached, merge_conditions, unique};
use crate::policy::error::{PrincipalError, StatementError};
use crate::policy::merge;
use crate::policy::principal::{Kind, Principal};
use crate::policy::statement::PolicyStatement;
use crate::stack::Stack;

/// A role: CDK's `Role`.
#[derive(Debug, Clone)]
pub struct Role(Identity);

/// How a role is to be.
#[derive(Debug, Clone)]
pub struct RoleProps {
    /// Who may assume it.
    pub assumed_by: Principal,
    /// Its physical name; made on deployment when there is none.
    pub role_name: Option<String>,
    /// What it is for, 1,000 characters at most.
    pub description: Option<String>,
    /// The longest session, in seconds, 3,600 to 43,200.
    pub max_session_duration: Option<u32>,
    /// Its path, such as `/ci/`.
    pub path: Option<String>,
    /// The policies that AWS or the account manages and that are attached to it.
    pub managed_policies: Vec<ManagedPolicyName>,
    /// The ARN of the policy that bounds its permissions.
    pub permissions_boundary: Option<Arn>,
    /// Its addresses in single targets, and what is laid over it there.
    pub addresses: Addresses,
}

impl RoleProps {
    /// A role that this principal may assume.
    pub fn assumed_by(principal: impl Into<Principal>) -> Self {
        Self {
            assumed_by: principal.into(),
            role_name: None,
            description: None,
            max_session_duration: None,
            path: None,
            managed_policies: Vec::new(),
            permissions_boundary: None,
            addresses: Addresses::default(),
        }
    }
}

/// A managed policy: one of AWS by its name, or any by its ARN.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ManagedPolicyName {
    /// One that AWS manages, such as `ReadOnlyAccess`.
    Aws(String),
    /// One by its ARN.
    Arn(Arn),
}

impl Role {
    /// A role of this stack.
    pub fn new(stack: &Stack, id: &str, props: RoleProps) -> Self {
        let place = stack.place(&["principals"], id);
        let path = stack.claim(id, &place);
        let at = place.key("role");
        props.check(stack, &at);

        let at_trust = at.key("assumedBy");
        let trust = trust_policy(&props.assumed_by, stack, &at_trust).unwrap_or_else(|error| {
            stack.error(at_trust, error);
            PolicyDocument::default()
        });
        let managed_policies = props.managed_policies.iter().map(|policy| match policy {
            ManagedPolicyName::Arn(arn) => Value::from(arn),
            // The CDK never writes out the partition here.
            ManagedPolicyName::Aws(name) => Value::concat([
                "arn:".into(),
                Value::Pseudo(Pseudo::Partition),
                format!(":iam::aws:policy/{name}").into(),
            ]),
        });
        let resource = RoleResource {
            name: props.role_name.clone(),
            trust_policy: trust,
            description: props.description.filter(|text| !text.is_empty()),
            managed_policies: unique(managed_policies),
            max_session_duration: props.max_session_duration,
            path: props.path.clone(),
            permissions_boundary: props.permissions_boundary.as_ref().map(Value::from),
        };
        let kind = ResourceKind::Role(resource);
        let id = stack.add_done(path.child("Resource"), None, place.clone(), kind);
        stack.address(id, props.addresses, &at);
        let origin = Origin::Owned { id, name: props.role_name, iam_path: props.path };
        let kind = IdentityKind::Role;
        Self(Identity { kind, stack: stack.clone(), path, place, origin })
    }

    /// A role that exists, by its ARN. One that is known to be of another account than the stack
    /// is left as it is: grants to it go to the policy of the repository only.
    pub fn from_role_arn(stack: &Stack, id: &str, arn: Arn) -> Self {
        Self(Identity::import(IdentityKind::Role, stack, id, arn))
    }
}

impl From<&Role> for Principal {
    fn from(role: &Role) -> Self {
        Self(Kind::Identity(role.0.clone()))
    }
}

impl RoleProps {
    fn check(&self, stack: &Stack, place: &Place) {
        if let Some(seconds) = self.max_session_duration
            && !(3_600..=43_200).contains(&seconds)
        {
            let error = RoleError::SessionDuration { seconds };
            stack.error(place.key("maxSessionDuration"), error);
        }
        if let Some(description) = &self.description
            && description.encode_utf16().count() > 1_000
        {
            stack.error(place.key("description"), RoleError::DescriptionLength);
        }
        check_path(self.path.as_deref(), stack, place);
    }
}

/// Who may assume a role, as a policy.
fn trust_policy(
    principal: &Principal,
    stack: &Stack,
    place: &Place,
) -> Result<PolicyDocument, StatementError> {
    let compatibility = stack.compatibility();
    let mut statements = Vec::new();
    match compatibility.aws_cdk {
        AwsCdk::V1 => {
            let mut statement = trust_statement(principal, stack, place)?;
            for principal in &mut statement.principals {
                if principal.principals == Principals::Star {
                    principal.principals = Principal::any().fragment(stack)?.principals;
                }
            }
            statements.push(statement);
        }
        AwsCdk::V2 => add_to_trust_policy(principal, stack, place, &mut statements)?,
    }
    Ok(merge::document(statements, compatibility.minimize_policies))
}

/// In CDK 2 each part of a composite gets a statement of its own.
fn add_to_trust_policy(
    principal: &Principal,
    stack: &Stack,
    place: &Place,
    statements: &mut Vec<Attached>,
) -> Result<(), StatementError> {
    if let Kind::Composite(parts, _) = &principal.0 {
        if parts.is_empty() {
            return Err(PrincipalError::EmptyComposite.into());
        }
        for part in parts {
            add_to_trust_policy(part, stack, place, statements)?;
        }
        return Ok(());
    }
    let Kind::WithConditions(inner, conditions, _) = &principal.0 else {
        statements.push(trust_statement(principal, stack, place)?);
        return Ok(());
    };
    // Checks that the parts have no conditions of their own.
    principal.fragment(stack)?;
    let first = statements.len();
    add_to_trust_policy(inner, stack, place, statements)?;
    for statement in statements.iter_mut().skip(first) {
        let action = principal.assume_role_action().to_owned();
        if !statement.actions.contains(&action) {
            statement.actions.push(action);
        }
        let before = std::mem::take(&mut statement.conditions);
        statement.conditions = merge_conditions(before, conditions);
    }
    Ok(())
}

fn trust_statement(
    principal: &Principal,
    stack: &Stack,
    place: &Place,
) -> Result<Attached, StatementError> {
    let action = Action::try_from(principal.assume_role_action())?;
    let statement = PolicyStatement {
        actions: vec![action],
        principals: vec![principal.clone()],
        ..PolicyStatement::default()
    };
    Attached::new(statement, stack, place.clone())
}

/// Why a role cannot be.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum RoleError {
    /// Its sessions are too short or too long.
    #[error("role has sessions of {seconds} seconds")]
    SessionDuration {
        /// As given.
        seconds: u32,
    },
    /// Its description is too long.
    #[error("description of the role has over 1,000 characters")]
    DescriptionLength,
}

impl Explain for RoleError {
    fn code(&self) -> &'static str {
        match self {
            Self::SessionDuration { .. } => "role::session_duration",
            Self::DescriptionLength => "role::description_length",
        }
    }

    fn help(&self) -> Option<String> {
        Some(
            match self {
                Self::SessionDuration { .. } => "IAM takes 3600 (1 hour) to 43200 (12 hours)",
                Self::DescriptionLength => "IAM takes 1,000 at most",
            }
            .to_owned(),
        )
    }
}
