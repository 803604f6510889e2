//! Policies that do not come from a graph.

use std::collections::BTreeMap;

use ecrane_core::{IdentityKind, Place, PolicyDocument, Value};
use indexmap::IndexMap;

use crate::identity::{Identity, IdentityKey};
use crate::permissions::{Permissions, Repository, tag_keys};
use crate::statement::Statement;

/// The policies of something else than a graph, such as a deployed template or a Terraform state.
///
/// All values of the documents are literals. A name that is not known is a placeholder in angle
/// brackets, as in [`Permissions`].
///
/// ```
/// use ecrane_access::{
///     AttachedPolicy, Capability, DeclaredRepository, Matrix, Permissions, Policies,
/// };
/// use ecrane_core::{IdentityKind, PolicyDocument, Statement};
/// # let statement = Statement {
/// #     sid: None, effect: Default::default(), principals: Default::default(),
/// #     actions: vec!["ecr:*".into()], resources: vec!["*".into()],
/// #     conditions: Default::default(), place: Default::default(), places: Default::default(),
/// # };
/// # let document = PolicyDocument { statements: vec![statement], ..PolicyDocument::default() };
///
/// let account = "111122223333".to_owned();
/// let app = format!("arn:aws:ecr:eu-west-1:{account}:repository/shop/app");
/// let ci = format!("arn:aws:iam::{account}:role/ci");
/// let policies = Policies {
///     repositories: vec![DeclaredRepository {
///         arn: app.clone(),
///         name: "shop/app".to_owned(),
///         account: account.clone(),
///         region: "eu-west-1".to_owned(),
///         ..DeclaredRepository::default()
///     }],
///     attached: vec![AttachedPolicy {
///         account,
///         kind: IdentityKind::Role,
///         name: "ci".to_owned(),
///         arn: ci.clone(),
///         policy: "policy Admin".to_owned(),
///         document, // allows ecr:* on everything
///     }],
///     ..Policies::default()
/// };
/// let matrix = Matrix::of(&Permissions::from(&policies));
/// assert_eq!(matrix.access(&ci, &app, Capability::Push).as_str(), "yes");
/// ```
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Policies {
    /// The roles, users and groups.
    pub identities: Vec<DeclaredIdentity>,
    /// The policies that are attached to roles, users and groups.
    pub attached: Vec<AttachedPolicy>,
    /// The private repositories.
    pub repositories: Vec<DeclaredRepository>,
    /// The private registries that have a policy or a scope for it.
    pub registries: Vec<DeclaredRegistry>,
}

/// A role, user or group.
#[derive(Debug, Clone, PartialEq)]
pub struct DeclaredIdentity {
    /// The account ID.
    pub account: String,
    /// What it is.
    pub kind: IdentityKind,
    /// The name, without the path.
    pub name: String,
    /// The ARN.
    pub arn: String,
    /// The tags.
    pub tags: BTreeMap<String, String>,
    /// The trust policy of a role.
    pub trust: PolicyDocument,
    /// The ARNs of the managed policies. Those that are in `attached` are left out.
    pub managed_policies: Vec<String>,
    /// The ARN of the permissions boundary.
    pub permissions_boundary: Option<String>,
}

/// A policy of a role, user or group.
#[derive(Debug, Clone, PartialEq)]
pub struct AttachedPolicy {
    /// The account ID.
    pub account: String,
    /// What it is attached to.
    pub kind: IdentityKind,
    /// The name of what it is attached to.
    pub name: String,
    /// The ARN of what it is attached to, if that is declared elsewhere.
    pub arn: String,
    /// The policy in words: `policy Push`.
    pub policy: String,
    /// The statements.
    pub document: PolicyDocument,
}

/// A private repository.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct DeclaredRepository {
    /// The ARN.
    pub arn: String,
    /// The name.
    pub name: String,
    /// The account ID.
    pub account: String,
    /// The Region.
    pub region: String,
    /// The tags.
    pub tags: BTreeMap<String, String>,
    /// The repository policy.
    pub policy: PolicyDocument,
}

/// The private registry of an account in a Region.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct DeclaredRegistry {
    /// The account ID.
    pub account: String,
    /// The Region.
    pub region: String,
    /// The registry policy.
    pub policy: PolicyDocument,
    /// Whether the registry policy is about all actions: the account setting
    /// `REGISTRY_POLICY_SCOPE` is `V2`.
    pub has_scope_v2: bool,
}

impl From<&Policies> for Permissions {
    fn from(policies: &Policies) -> Self {
        let mut permissions = Self {
            identities: identities(policies),
            repositories: policies.repositories.iter().map(repository).collect(),
            registries: IndexMap::new(),
            not_evaluated: Vec::new(),
        };
        for it in &policies.registries {
            let registry = permissions.registries.entry((it.account.clone(), it.region.clone()));
            let registry = registry.or_default();
            let policy = format!("registry policy of {} in {}", it.account, it.region);
            registry.policy.extend(Statement::all(&it.policy, &policy, &literal));
            registry.is_about_everything |= it.has_scope_v2;
        }
        permissions.name_others();
        permissions
    }
}

fn repository(it: &DeclaredRepository) -> Repository {
    let policy = format!("repository policy of {}", it.name);
    Repository {
        arn: it.arn.clone(),
        name: it.name.clone(),
        account: it.account.clone(),
        region: it.region.clone(),
        declared: Some((it.name.clone(), Place::default())),
        tags: tag_keys(it.tags.iter()),
        policy: Statement::all(&it.policy, &policy, &literal).collect(),
    }
}

fn identities(policies: &Policies) -> IndexMap<IdentityKey, Identity> {
    let mut found = IndexMap::new();
    for it in &policies.identities {
        let mut identity = Identity::new(it.arn.clone());
        identity.declared = Some((it.name.clone(), Place::default()));
        identity.tags.clone_from(&it.tags);
        let policy = format!("trust policy of {} {}", it.kind.as_str(), it.name);
        identity.trust.extend(Statement::all(&it.trust, &policy, &literal));
        it.managed_policies.iter().for_each(|arn| identity.add_managed(arn));
        it.permissions_boundary.iter().for_each(|arn| identity.bound_by(arn));
        let key = IdentityKey { account: it.account.clone(), kind: it.kind, name: it.name.clone() };
        found.insert(key, identity);
    }
    for it in &policies.attached {
        let key = IdentityKey { account: it.account.clone(), kind: it.kind, name: it.name.clone() };
        let identity = found.entry(key).or_insert_with(|| Identity::elsewhere(it.arn.clone()));
        let policy = format!("{} of {} {}", it.policy, it.kind.as_str(), it.name);
        for statement in Statement::all(&it.document, &policy, &literal) {
            identity.add(statement);
        }
    }
    found
}

/// The text of a literal. Other values are never equal to a name.
fn literal(value: &Value) -> String {
    value.as_literal().unwrap_or("<unknown>").to_owned()
}
