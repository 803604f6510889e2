//! IAM roles.

use thiserror::Error;

use crate::app::App;
use crate::compatibility::AwsCdk;
use crate::diagnostic::{Explain, Place, Problem};
use crate::graph::{Pins, ResourceKind};
use crate::identity::{DefaultPolicy, Handle, Origin};
use crate::names::{Action, Arn};
use crate::policy::{
    self, Attached, Identity, Kind, PolicyDocument, PolicyStatement, Principal, PrincipalError,
    StatementError,
};
use crate::stack::Stack;
use crate::value::{Attribute, Pseudo, Value};

/// A role: CDK's `Role`.
#[derive(Debug, Clone)]
pub struct Role {
    handle: Handle,
    /// Whether grants can be added to it: not when it is known to be of another account.
    mutable: bool,
}

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
    /// The addresses that it is given.
    pub pins: Pins,
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
            pins: Pins::default(),
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

/// A role as it is deployed.
#[derive(Debug, Clone)]
pub struct RoleResource {
    /// Its physical name; made on deployment when there is none.
    pub name: Option<String>,
    /// Who may assume it.
    pub trust_policy: PolicyDocument,
    /// What it is for.
    pub description: Option<String>,
    /// The ARNs of the managed policies attached to it.
    pub managed_policies: Vec<Value>,
    /// The longest session, in seconds.
    pub max_session_duration: Option<u32>,
    /// Its path, such as `/ci/`.
    pub path: Option<String>,
    /// The ARN of the policy that bounds its permissions.
    pub permissions_boundary: Option<Value>,
}

impl Role {
    /// A role of this stack.
    pub fn new(stack: &Stack, id: &str, props: RoleProps) -> Self {
        let place = stack.place(&["principals"], id);
        let path = stack.claim(id, &place);
        let app = stack.app();
        props.note_errors(app, &place);

        let trust = trust_policy(&props.assumed_by, stack).unwrap_or_else(|error| {
            app.note(Problem::error(place.key("role").key("assumedBy"), error));
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
            managed_policies: policy::unique(managed_policies),
            max_session_duration: props.max_session_duration,
            path: props.path.clone(),
            permissions_boundary: props.permissions_boundary.as_ref().map(Value::from),
        };
        let id = stack.add_done(
            path.child("Resource"),
            None,
            place.clone(),
            ResourceKind::Role(resource),
        );
        stack.pin(id, props.pins, &place.key("role"));
        let origin = Origin::Owned { id, name: props.role_name, iam_path: props.path };
        Self { handle: Handle { stack: stack.clone(), path, place, origin }, mutable: true }
    }

    /// A role that exists, by its ARN. One that is known to be of another account than the stack
    /// is left as it is: grants to it go to the policy of the repository only.
    pub fn from_role_arn(stack: &Stack, id: &str, arn: Arn) -> Self {
        let place = stack.place(&["principals"], id);
        if let Err(error) = arn.expect("iam", "role") {
            stack.app().note(Problem::error(place.key("roleArn"), error));
        }
        let path = stack.claim(id, &place);
        let mutable = stack.known_account().is_none_or(|own| own.as_str() == arn.account());
        let origin = Origin::Imported(arn);
        Self { handle: Handle { stack: stack.clone(), path, place, origin }, mutable }
    }

    pub(crate) fn handle(&self) -> &Handle {
        &self.handle
    }

    pub(crate) fn is_mutable(&self) -> bool {
        self.mutable
    }

    pub(crate) fn account(&self) -> Option<String> {
        self.handle.account()
    }

    pub(crate) fn arn_in(&self, consumer: &Stack) -> Result<Value, PrincipalError> {
        self.handle.arn_in(consumer, "role")
    }

    /// What CDK tells it from other principals by: an imported role by its ARN, others by the
    /// object.
    pub(crate) fn dedupe_key(&self) -> String {
        match &self.handle.origin {
            Origin::Imported(arn) if self.mutable => format!("imported-role:{arn}"),
            Origin::Owned { .. } | Origin::Imported(_) => {
                format!("object:{}", self.handle.full_path())
            }
        }
    }

    /// Adds a statement to the role's default policy.
    pub(crate) fn add_statement(&self, statement: Attached) {
        let policy = match &self.handle.origin {
            Origin::Owned { .. } => DefaultPolicy {
                splits: self.handle.stack.compatibility().aws_cdk == AwsCdk::V2,
                ..DefaultPolicy::named("DefaultPolicy")
            },
            Origin::Imported(_) if self.handle.stack.compatibility().stack_safe_policy_names => {
                let id = self.handle.path.unique_id(&self.handle.stack.id());
                let name = format!("Policy{id}");
                DefaultPolicy { id: name.clone(), name: Some(name), splits: false }
            }
            Origin::Imported(_) => DefaultPolicy::named("Policy"),
        };
        self.handle.add_statement(policy, || Identity::Role(self.name()), statement);
    }

    fn name(&self) -> Value {
        match &self.handle.origin {
            Origin::Owned { id, .. } => Value::Attribute(*id, Attribute::Name),
            Origin::Imported(arn) => arn.last_component().into(),
        }
    }
}

impl RoleProps {
    fn note_errors(&self, app: &App, place: &Place) {
        let place = place.key("role");
        if let Some(seconds) = self.max_session_duration
            && !(3_600..=43_200).contains(&seconds)
        {
            let error = RoleError::SessionDuration { seconds };
            app.note(Problem::error(place.key("maxSessionDuration"), error));
        }
        if let Some(description) = &self.description
            && description.encode_utf16().count() > 1_000
        {
            app.note(Problem::error(place.key("description"), RoleError::DescriptionLength));
        }
        if let Some(path) = &self.path
            && !is_iam_path(path)
        {
            let error = RoleError::Path { path: path.clone() };
            app.note(Problem::error(place.key("path"), error));
        }
    }
}

/// `/`, or printable ASCII between slashes; 512 characters at most (IAM API, `pathType`).
pub(crate) fn is_iam_path(path: &str) -> bool {
    let printable = path.bytes().all(|b| (0x21..=0x7f).contains(&b));
    path.len() <= 512 && printable && path.starts_with('/') && path.ends_with('/') && path != "//"
}

/// Who may assume a role, as a policy.
fn trust_policy(principal: &Principal, stack: &Stack) -> Result<PolicyDocument, StatementError> {
    let compatibility = stack.compatibility();
    let mut statements = Vec::new();
    match compatibility.aws_cdk {
        AwsCdk::V1 => {
            let mut statement = trust_statement(principal, stack)?;
            for principal in &mut statement.principals {
                if principal.principals == policy::Principals::Star {
                    principal.principals = Principal::any().fragment(stack)?.principals;
                }
            }
            statements.push(statement);
        }
        AwsCdk::V2 => add_to_trust_policy(principal, stack, &mut statements)?,
    }
    Ok(policy::document(statements, compatibility.minimize_policies))
}

/// In CDK 2 each part of a composite gets a statement of its own.
fn add_to_trust_policy(
    principal: &Principal,
    stack: &Stack,
    statements: &mut Vec<Attached>,
) -> Result<(), StatementError> {
    if let Kind::Composite(parts, _) = &principal.0 {
        if parts.is_empty() {
            return Err(PrincipalError::EmptyComposite.into());
        }
        for part in parts {
            add_to_trust_policy(part, stack, statements)?;
        }
        return Ok(());
    }
    let Kind::WithConditions(inner, conditions, _) = &principal.0 else {
        statements.push(trust_statement(principal, stack)?);
        return Ok(());
    };
    // Checks that the parts have no conditions of their own.
    principal.fragment(stack)?;
    let first = statements.len();
    add_to_trust_policy(inner, stack, statements)?;
    for statement in statements.iter_mut().skip(first) {
        let action = principal.assume_role_action().to_owned();
        if !statement.actions.contains(&action) {
            statement.actions.push(action);
        }
        let before = std::mem::take(&mut statement.conditions);
        statement.conditions = policy::merge_conditions(before, conditions);
    }
    Ok(())
}

fn trust_statement(principal: &Principal, stack: &Stack) -> Result<Attached, StatementError> {
    let action = Action::try_from(principal.assume_role_action())?;
    let statement = PolicyStatement {
        actions: vec![action],
        principals: vec![principal.clone()],
        ..PolicyStatement::default()
    };
    Attached::new(statement, stack)
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
    /// Its path is malformed.
    #[error("malformed IAM path `{path}`")]
    Path {
        /// As given.
        path: String,
    },
}

impl Explain for RoleError {
    fn code(&self) -> &'static str {
        match self {
            Self::SessionDuration { .. } => "role::session_duration",
            Self::DescriptionLength => "role::description_length",
            Self::Path { .. } => "iam::path_malformed",
        }
    }

    fn help(&self) -> Option<String> {
        Some(
            match self {
                Self::SessionDuration { .. } => "IAM takes 3600 (1 hour) to 43200 (12 hours)",
                Self::DescriptionLength => "IAM takes 1,000 at most",
                Self::Path { .. } => "a path is `/`, or begins and ends with one: /ci/",
            }
            .to_owned(),
        )
    }
}
