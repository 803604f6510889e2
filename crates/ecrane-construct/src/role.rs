//! IAM roles.

use ecrane_core::{
    Action, Addresses, Arn, Attribute, AwsCdk, Explain, IdentityKind, Place, PolicyDocument,
    Principals, Pseudo, ResourceKind, RoleResource, Value,
};
use thiserror::Error;

use crate::iam_path::check_path;
use crate::identity::{Identity, Origin};
use crate::policy::attached::{Attached, merge_conditions, unique};
use crate::policy::error::{PrincipalError, StatementError};
use crate::policy::merge;
use crate::policy::principal::{Kind, Principal, part_place};
use crate::policy::statement::{PolicyStatement, Source};
use crate::stack::Stack;

/// An IAM role: CDK's `Role`.
#[derive(Debug, Clone)]
pub struct Role(Identity);

/// Properties of a [`Role`].
#[derive(Debug, Clone)]
pub struct RoleProps {
    /// The principal that can assume the role.
    pub assumed_by: Principal,
    /// The physical name. If omitted, one is generated at deployment.
    pub role_name: Option<String>,
    /// What it is for, up to 1,000 characters.
    pub description: Option<String>,
    /// The maximum session duration, in seconds, 3,600 to 43,200.
    pub max_session_duration: Option<u32>,
    /// The path, such as `/ci/`.
    pub path: Option<String>,
    /// The attached managed policies, of AWS or of the account.
    pub managed_policies: Vec<ManagedPolicyName>,
    /// The ARN of the permissions boundary.
    pub permissions_boundary: Option<Arn>,
    /// Pinned addresses and property overrides, by target.
    pub addresses: Addresses,
}

impl RoleProps {
    /// Creates properties of a role that this principal can assume.
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

/// A managed policy: an AWS managed policy by name, or any managed policy by ARN.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ManagedPolicyName {
    /// The name of an AWS managed policy, such as `ReadOnlyAccess`.
    Aws(String),
    /// The ARN of a managed policy.
    Arn(Arn),
}

impl Role {
    /// Creates a role in this stack.
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
            // The CDK never uses a literal partition here.
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
        stack.address(id, props.addresses);
        let origin = Origin::Owned { id, name: props.role_name, iam_path: props.path };
        let kind = IdentityKind::Role;
        Self(Identity { kind, stack: stack.clone(), path, place, origin })
    }

    /// The ARN.
    pub fn role_arn(&self) -> Value {
        self.0.attribute(Attribute::Arn)
    }

    /// The physical name.
    pub fn role_name(&self) -> Value {
        self.0.attribute(Attribute::Name)
    }

    /// Imports an existing role by its ARN. If the role is known to be in another account than the
    /// stack, it is not changed, and grants to it change only the repository policy.
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

/// The trust policy of a role.
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
                    principal.principals = Principal::any().fragment(stack, place)?.principals;
                }
            }
            statements.push(statement);
        }
        AwsCdk::V2 => add_to_trust_policy(principal, stack, place, &mut statements)?,
    }
    Ok(merge::document(statements, compatibility.minimize_policies))
}

/// In CDK 2, each part of a composite principal gets a separate statement.
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
        for (index, part) in parts.iter().enumerate() {
            add_to_trust_policy(part, stack, &part_place(place, index), statements)?;
        }
        return Ok(());
    }
    let Kind::WithConditions(inner, conditions, _) = &principal.0 else {
        statements.push(trust_statement(principal, stack, place)?);
        return Ok(());
    };
    // Checks that the parts have no conditions.
    let places = principal.fragment(stack, place)?.places;
    let first = statements.len();
    add_to_trust_policy(inner, stack, place, statements)?;
    for statement in statements.iter_mut().skip(first) {
        let action = principal.assume_role_action();
        if !statement.actions.iter().any(|it| it == action) {
            statement.actions.push(action.to_owned().into());
        }
        let before = std::mem::take(&mut statement.conditions);
        statement.conditions = merge_conditions(before, conditions);
        statement.places.merge(places.clone());
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
    let source = Source::Principal { place: place.clone(), actions: None };
    Attached::new(statement, stack, &source)
}

/// An invalid role.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum RoleError {
    /// The maximum session duration is out of range.
    #[error("maximum session duration of the role is {seconds} seconds, IAM allows 3600 to 43200")]
    SessionDuration {
        /// The duration in seconds.
        seconds: u32,
    },
    /// The description is too long.
    #[error("description of the role has more than 1,000 characters")]
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
                Self::SessionDuration { .. } => "use 3600 (1 hour) to 43200 (12 hours)",
                Self::DescriptionLength => "use up to 1,000 characters",
            }
            .to_owned(),
        )
    }
}
