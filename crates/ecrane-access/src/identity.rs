//! Roles, users and groups, and the policies that are attached to them.

use std::collections::{BTreeMap, HashMap};

use ecrane_core::{Effect, Graph, IdentityKind, Place, Resource, ResourceKind};
use indexmap::IndexMap;

use crate::managed;
use crate::resolve::Resolver;
use crate::statement::Statement;
use crate::statement::is_pattern;

/// The key of an identity: IAM's names are unique within an account, regardless of the path.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct IdentityKey {
    pub(crate) account: String,
    pub(crate) kind: IdentityKind,
    pub(crate) name: String,
}

/// An identity that the graph declares, or attaches a policy to.
#[derive(Debug, Clone)]
pub(crate) struct Identity {
    pub(crate) arn: String,
    /// Construct path and place of the declaration, if the graph declares it.
    pub(crate) declared: Option<(String, Place)>,
    pub(crate) tags: BTreeMap<String, String>,
    statements: Vec<Statement>,
    /// The statements whose resources contain no wildcard, by resource.
    by_resource: HashMap<String, Vec<usize>>,
    /// The other statements.
    patterns: Vec<usize>,
    /// The trust policy of a role.
    pub(crate) trust: Vec<Statement>,
    /// What the graph does not contain about its permissions.
    pub(crate) unknown: Vec<String>,
}

impl Identity {
    pub(crate) fn new(arn: String) -> Self {
        Self {
            arn,
            declared: None,
            tags: BTreeMap::new(),
            statements: Vec::new(),
            by_resource: HashMap::new(),
            patterns: Vec::new(),
            trust: Vec::new(),
            unknown: Vec::new(),
        }
    }

    /// An identity to which policies are attached, and that is declared elsewhere.
    pub(crate) fn elsewhere(arn: String) -> Self {
        let mut identity = Self::new(arn);
        identity.unknown.push("policies outside of this config".to_owned());
        identity
    }

    /// Attaches a managed policy.
    pub(crate) fn add_managed(&mut self, arn: &str) {
        match managed::statement(arn) {
            Some(statement) => self.add(statement),
            None => self.unknown.push(format!("managed policy {arn}")),
        }
    }

    /// Sets the permissions boundary.
    pub(crate) fn bound_by(&mut self, arn: &str) {
        self.unknown.push(format!("permissions boundary {arn}"));
    }

    pub(crate) fn add(&mut self, statement: Statement) {
        let index = self.statements.len();
        if statement.resources.iter().any(|resource| is_pattern(resource)) {
            self.patterns.push(index);
        } else {
            for resource in &statement.resources {
                self.by_resource.entry(resource.clone()).or_default().push(index);
            }
        }
        self.statements.push(statement);
    }

    /// The resources of its statements. None if it can have access to a repository by a pattern.
    pub(crate) fn plain_resources(&self) -> Option<impl Iterator<Item = &String>> {
        let is_about_repositories = |index: &usize| {
            self.statements.get(*index).is_some_and(|it| {
                it.effect == Effect::Allow && !it.capabilities.is_on_registry_only()
            })
        };
        let has_pattern = self.patterns.iter().any(is_about_repositories);
        (!has_pattern).then(|| self.by_resource.keys())
    }

    /// Whether sessions of the role can have tags of their own, which override those of the role:
    /// IAM user guide, "Pass session tags in AWS STS".
    pub(crate) fn takes_session_tags(&self) -> bool {
        self.trust.iter().any(|it| it.effect == Effect::Allow && it.has_action("sts:tagsession"))
    }

    /// All statements.
    pub(crate) fn statements(&self) -> &[Statement] {
        &self.statements
    }

    /// The statements that may be about a resource.
    pub(crate) fn statements_about(&self, arn: &str) -> impl Iterator<Item = &Statement> {
        let plain = self.by_resource.get(arn).into_iter().flatten();
        plain.chain(&self.patterns).filter_map(|index| self.statements.get(*index))
    }
}

/// The identities of a graph.
pub(crate) fn identities(graph: &Graph) -> IndexMap<IdentityKey, Identity> {
    let mut found = IndexMap::new();
    for stack in graph.stacks() {
        let resolver = Resolver { graph, stack };
        for resource in &stack.resources {
            declare(resource, &resolver, &mut found);
        }
    }
    for stack in graph.stacks() {
        let resolver = Resolver { graph, stack };
        for resource in &stack.resources {
            attach(resource, &resolver, &mut found);
        }
    }
    found
}

fn declare(
    resource: &Resource,
    resolver: &Resolver<'_>,
    found: &mut IndexMap<IdentityKey, Identity>,
) {
    let kind = if let ResourceKind::Role(_) = &resource.kind {
        IdentityKind::Role
    } else if let ResourceKind::User(_) = &resource.kind {
        IdentityKind::User
    } else if let ResourceKind::Group(_) = &resource.kind {
        IdentityKind::Group
    } else {
        return;
    };
    let key =
        IdentityKey { account: resolver.account().to_owned(), kind, name: resolver.name(resource) };
    let mut identity = Identity::new(resolver.arn(resource));
    identity.declared = Some((resolver.path(resource), resource.place.clone()));
    identity.tags = resolver.stack.tags.clone();
    identity.tags.extend(resource.tags.clone());
    if let ResourceKind::Role(role) = &resource.kind {
        let policy = format!("trust policy of role {}", key.name);
        identity.trust.extend(Statement::all(&role.trust_policy, &policy, &|it| resolver.text(it)));
        for arn in &role.managed_policies {
            identity.add_managed(&resolver.text(arn));
        }
        if let Some(boundary) = &role.permissions_boundary {
            identity.bound_by(&resolver.text(boundary));
        }
    }
    found.insert(key, identity);
}

fn attach(
    resource: &Resource,
    resolver: &Resolver<'_>,
    found: &mut IndexMap<IdentityKey, Identity>,
) {
    let (document, kind, name, policy) = if let ResourceKind::IdentityPolicy(it) = &resource.kind {
        let (kind, name) = (it.attached_to.kind(), it.attached_to.name());
        (&it.document, kind, name, format!("policy {}", it.name))
    } else if let ResourceKind::ManagedPolicy(it) = &resource.kind {
        (&it.document, IdentityKind::Role, &it.role, "managed policy".to_owned())
    } else {
        return;
    };
    let name = resolver.text(name);
    let policy = format!("{policy} of {} {name}", kind.as_str());
    let account = resolver.account().to_owned();
    let arn = format!("arn:{}:iam::{account}:{}/{name}", resolver.partition(), kind.as_str());
    let key = IdentityKey { account, kind, name };
    let identity = found.entry(key).or_insert_with(|| Identity::elsewhere(arn));
    for statement in Statement::all(document, &policy, &|it| resolver.text(it)) {
        identity.add(statement);
    }
}
