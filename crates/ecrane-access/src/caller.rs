//! The caller of a request.

use ecrane_core::IdentityKind;

use crate::context::Context;

/// The caller of a request, or a set of callers.
#[derive(Debug, Clone)]
pub(crate) struct Caller {
    pub(crate) kind: CallerKind,
    /// The account of the caller, if it is known.
    pub(crate) account: Option<String>,
    /// The position of its identity, if a policy of the graph is attached to it.
    pub(crate) identity: Option<usize>,
    /// The condition keys that follow from the caller.
    pub(crate) keys: Context,
    /// Whether its requests can have tags of the principal that `keys` does not have: those of a
    /// session, or of an identity that is declared elsewhere.
    pub(crate) has_other_tags: bool,
}

/// The type of a caller.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum CallerKind {
    /// A role, a user, or the members of a group.
    Identity {
        kind: IdentityKind,
        arn: String,
        /// The ARN of the session of a role.
        session: Option<String>,
    },
    /// An account: its root user.
    Root,
    Service(String),
    /// Somebody whom an identity provider knows, a canonical user, or the unique id of a role or
    /// user.
    Other(String),
    /// Any principal of any account.
    Anybody,
}

impl Caller {
    /// Any principal of an organization, or of an organizational unit, by its path.
    pub(crate) fn of_organization(path: &str) -> Self {
        let mut keys = Context::default();
        if path.contains('/') {
            keys.add("aws:PrincipalOrgPaths", path);
        }
        keys.add("aws:PrincipalOrgID", path.split('/').next().unwrap_or_default());
        Self::anybody(keys)
    }

    /// A role, user or group.
    pub(crate) fn identity(
        kind: IdentityKind,
        account: &str,
        arn: &str,
        session: Option<String>,
        identity: Option<usize>,
    ) -> Self {
        let mut keys = Context::default();
        keys.add("aws:PrincipalAccount", account);
        keys.add("aws:PrincipalIsAWSService", "false");
        match kind {
            IdentityKind::Role => {
                keys.add("aws:PrincipalArn", arn);
                keys.add("aws:PrincipalType", "AssumedRole");
            }
            IdentityKind::User => {
                keys.add("aws:PrincipalArn", arn);
                keys.add("aws:PrincipalType", "User");
                keys.add("aws:username", arn.rsplit('/').next().unwrap_or_default());
            }
            // The members are users, whose names are not known.
            IdentityKind::Group => keys.add("aws:PrincipalType", "User"),
        }
        let account = Some(account.to_owned());
        let kind = CallerKind::Identity { kind, arn: arn.to_owned(), session };
        Self { kind, account, identity, keys, has_other_tags: true }
    }

    /// All principals of an account. The policies of the account distinguish between them.
    pub(crate) fn root(account: &str) -> Self {
        let mut keys = Context::default();
        keys.add("aws:PrincipalAccount", account);
        keys.add("aws:PrincipalIsAWSService", "false");
        Self {
            kind: CallerKind::Root,
            account: Some(account.to_owned()),
            identity: None,
            keys,
            has_other_tags: true,
        }
    }

    /// The root user of an account, who makes a request.
    pub(crate) fn root_user(account: &str, partition: &str) -> Self {
        let mut root = Self::root(account);
        root.keys.add("aws:PrincipalArn", format!("arn:{partition}:iam::{account}:root"));
        root.keys.add("aws:PrincipalType", "Account");
        root
    }

    /// The session of a federated user, whose permissions are those of the user who asked for it.
    pub(crate) fn federated_user(account: &str, arn: &str) -> Self {
        let mut user = Self::root(account);
        user.keys.add("aws:PrincipalArn", arn);
        user.keys.add("aws:PrincipalType", "FederatedUser");
        user.kind =
            CallerKind::Identity { kind: IdentityKind::User, arn: arn.to_owned(), session: None };
        user
    }

    /// An AWS service.
    pub(crate) fn of_service(name: &str) -> Self {
        let mut keys = Context::default();
        keys.add("aws:PrincipalIsAWSService", "true");
        keys.add("aws:PrincipalServiceName", name);
        let kind = CallerKind::Service(name.to_owned());
        Self { kind, account: None, identity: None, keys, has_other_tags: true }
    }

    /// Any principal with these condition keys.
    pub(crate) fn anybody(mut keys: Context) -> Self {
        keys.add("aws:PrincipalIsAWSService", "false");
        Self {
            kind: CallerKind::Anybody,
            account: None,
            identity: None,
            keys,
            has_other_tags: true,
        }
    }

    /// Somebody whom an identity provider knows, or a canonical user.
    pub(crate) fn of_other(name: &str) -> Self {
        let kind = CallerKind::Other(name.to_owned());
        Self { kind, account: None, identity: None, keys: Context::default(), has_other_tags: true }
    }

    pub(crate) fn account(&self) -> Option<&String> {
        self.account.as_ref()
    }

    pub(crate) fn is_root(&self) -> bool {
        self.kind == CallerKind::Root
    }

    /// Whether this is anybody at all, of any organization.
    pub(crate) fn is_everyone(&self) -> bool {
        self.kind == CallerKind::Anybody && self.keys.get("aws:PrincipalOrgID").is_none()
    }

    pub(crate) fn service(&self) -> Option<&String> {
        if let CallerKind::Service(name) = &self.kind { Some(name) } else { None }
    }

    pub(crate) fn other(&self) -> Option<&String> {
        if let CallerKind::Other(name) = &self.kind { Some(name) } else { None }
    }

    /// Whether an ARN in a policy is that of the caller, or of its session.
    pub(crate) fn is_called(&self, name: &str) -> bool {
        match &self.kind {
            CallerKind::Identity { arn, session: Some(session), kind: _ } => {
                // The ARN of a session has the name of its role without the path.
                session == name || type_and_name(arn) == type_and_name(name)
            }
            CallerKind::Identity { arn, session: None, kind: _ } => arn == name,
            CallerKind::Other(own) => own == name,
            CallerKind::Root | CallerKind::Service(_) | CallerKind::Anybody => false,
        }
    }
}

/// The ARN of a role up to its type, and its name.
fn type_and_name(arn: &str) -> Option<(&str, &str)> {
    let (start, path) = arn.split_once('/')?;
    Some((start, without_path(path)?))
}

/// The name behind a path. A placeholder can have slashes.
pub(crate) fn without_path(path: &str) -> Option<&str> {
    match path.find('<') {
        Some(at) => path.get(at..),
        None => path.rsplit('/').next(),
    }
}
