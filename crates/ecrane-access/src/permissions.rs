//! The policies of a graph, prepared for queries.

use ecrane_core::{Effect, Graph, Place, RegistryPolicyScope, ResourceKind, Value};
use indexmap::IndexMap;

use crate::caller::Caller;
use crate::capability::Service;
use crate::context::{Context, Known};
use crate::identity::{Identity, IdentityKey, identities};
use crate::resolve::Resolver;
use crate::statement::{Naming, Statement};
use crate::truth::Truth;

/// The policies of a graph, prepared for queries.
///
/// Names that AWS generates at deployment, and accounts and Regions that a stack does not set, are
/// placeholders in angle brackets: `<Shop/CiRole>`, `<account>`. A written name or pattern never
/// matches a placeholder, except that `*` matches anything.
#[derive(Debug, Clone)]
pub struct Permissions {
    pub(crate) identities: IndexMap<IdentityKey, Identity>,
    pub(crate) repositories: Vec<Repository>,
    pub(crate) registries: IndexMap<(String, String), Registry>,
    pub(crate) not_evaluated: Vec<String>,
}

/// A private or public repository.
#[derive(Debug, Clone)]
pub(crate) struct Repository {
    pub(crate) arn: String,
    pub(crate) name: String,
    pub(crate) account: String,
    pub(crate) region: String,
    /// Construct path and place of the declaration. A repository that is named only in grants has
    /// none.
    pub(crate) declared: Option<(String, Place)>,
    /// The tags, as keys of a request.
    pub(crate) tags: Context,
    pub(crate) policy: Vec<Statement>,
}

/// The registry of an account in a Region.
#[derive(Debug, Clone, Default)]
pub(crate) struct Registry {
    pub(crate) policy: Vec<Statement>,
    /// Whether the policy is about all actions.
    pub(crate) is_about_everything: bool,
}

/// The actions that a registry policy is about, unless its scope is `V2`: Amazon ECR user guide,
/// "Private registry permissions".
pub(crate) const OF_REGISTRY: [&str; 3] =
    ["ecr:batchimportupstreamimage", "ecr:createrepository", "ecr:replicateimage"];

/// The policy that contains a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    Identity,
    Repository,
    Registry,
}

/// A statement that is about a caller and a resource.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Relevant<'p> {
    pub(crate) statement: &'p Statement,
    pub(crate) side: Side,
    pub(crate) naming: Naming,
    /// Whether the statement applies.
    pub(crate) holds: Truth,
}

impl Relevant<'_> {
    pub(crate) fn denies(&self) -> bool {
        self.statement.effect == Effect::Deny
    }
}

impl Permissions {
    /// Collects the policies of a graph.
    pub fn new(graph: &Graph) -> Self {
        let mut permissions = Self {
            identities: identities(graph),
            repositories: Vec::new(),
            registries: IndexMap::new(),
            not_evaluated: Vec::new(),
        };
        for stack in graph.stacks() {
            let resolver = Resolver { graph, stack };
            let text = |value: &Value| resolver.text(value);
            permissions.repositories.extend(repositories(&resolver));
            for resource in &stack.resources {
                if let ResourceKind::RegistryPolicy(it) = &resource.kind {
                    let (account, region) = (resolver.account(), resolver.region());
                    let policy = format!("registry policy of {account} in {region}");
                    let statements = Statement::all(&it.document, &policy, &text);
                    permissions.registry(&resolver).policy.extend(statements);
                } else if let ResourceKind::RepositoryCreationTemplate(template) = &resource.kind
                    && !template.policy.statements.is_empty()
                {
                    permissions.not_evaluated.push(format!(
                        "the policy of repositories that the creation template for `{}` configures",
                        template.prefix
                    ));
                } else if let ResourceKind::AccountSettings(settings) = &resource.kind {
                    permissions.registry(&resolver).is_about_everything =
                        settings.registry_policy_scope == Some(RegistryPolicyScope::V2);
                }
            }
        }
        permissions.name_others();
        permissions
    }

    fn registry(&mut self, resolver: &Resolver<'_>) -> &mut Registry {
        let key = (resolver.account().to_owned(), resolver.region().to_owned());
        self.registries.entry(key).or_default()
    }

    /// Adds the repositories that the graph does not declare, but that policies of identities name.
    pub(crate) fn name_others(&mut self) {
        let mut known: std::collections::HashSet<String> =
            self.repositories.iter().map(|repository| repository.arn.clone()).collect();
        let mut others = Vec::new();
        for identity in self.identities.values() {
            for arn in identity.statements().iter().flat_map(|statement| &statement.resources) {
                if !crate::statement::is_pattern(arn)
                    && !known.contains(arn)
                    && let Some(repository) = Repository::undeclared(arn)
                {
                    known.insert(arn.clone());
                    others.push(repository);
                }
            }
        }
        self.repositories.extend(others);
    }

    /// The statements that are about a caller and a repository, whatever the action.
    pub(crate) fn relevant<'p>(
        &'p self,
        caller: &Caller,
        repository: &'p Repository,
        known: &Known,
    ) -> Vec<Relevant<'p>> {
        let mut found = Vec::new();
        for statement in self.of_identity(caller, &repository.arn) {
            let holds = statement.has_resource(&repository.arn, known);
            if holds > Truth::No {
                let holds = holds.and(statement.holds(known));
                let (side, naming) = (Side::Identity, Naming::Direct);
                found.push(Relevant { statement, side, naming, holds });
            }
        }
        for statement in &repository.policy {
            if let Some(naming) = statement.names(caller) {
                let (side, holds) = (Side::Repository, statement.holds(known));
                found.push(Relevant { statement, side, naming, holds });
            }
        }
        for statement in self.registry_of(repository).iter().flat_map(|it| &it.policy) {
            let holds = statement.has_resource(&repository.arn, known);
            if holds > Truth::No
                && let Some(naming) = statement.names(caller)
            {
                let (side, holds) = (Side::Registry, holds.and(statement.holds(known)));
                found.push(Relevant { statement, side, naming, holds });
            }
        }
        found
    }

    /// The statements of a caller's own policies that may be about a resource.
    pub(crate) fn of_identity<'p>(
        &'p self,
        caller: &Caller,
        arn: &str,
    ) -> impl Iterator<Item = &'p Statement> {
        let identity = caller.identity.and_then(|index| self.identities.get_index(index));
        identity.into_iter().flat_map(move |(_, identity)| identity.statements_about(arn))
    }

    /// The registry of a private repository, if the graph says something about it.
    pub(crate) fn registry_of(&self, repository: &Repository) -> Option<&Registry> {
        let key = (repository.account.clone(), repository.region.clone());
        self.registries.get(&key).filter(|_| repository.service() == Service::Ecr)
    }

    /// Whether the policy of a repository's registry is about all actions.
    pub(crate) fn is_registry_about_everything(&self, repository: &Repository) -> bool {
        self.registry_of(repository).is_some_and(|registry| registry.is_about_everything)
    }

    /// Whether a statement is about an action, in lower case.
    pub(crate) fn is_about(
        &self,
        relevant: &Relevant<'_>,
        action: &str,
        repository: &Repository,
    ) -> bool {
        relevant.statement.has_action(action)
            && match relevant.side {
                Side::Identity | Side::Repository => true,
                Side::Registry => {
                    OF_REGISTRY.contains(&action) || self.is_registry_about_everything(repository)
                }
            }
    }
}

/// The repositories of a stack.
pub(crate) fn repositories<'r>(
    resolver: &'r Resolver<'_>,
) -> impl Iterator<Item = Repository> + 'r {
    let stack = resolver.stack;
    stack.resources.iter().filter_map(move |resource| {
        let document = if let ResourceKind::Repository(it) = &resource.kind {
            &it.policy
        } else if let ResourceKind::PublicRepository(it) = &resource.kind {
            &it.policy
        } else {
            return None;
        };
        let name = resolver.name(resource);
        let policy = format!("repository policy of {name}");
        Some(Repository {
            arn: resolver.arn(resource),
            name,
            account: resolver.account().to_owned(),
            region: resolver.region().to_owned(),
            declared: Some((resolver.path(resource), resource.place.clone())),
            tags: tag_keys(stack.tags.iter().chain(&resource.tags)),
            policy: Statement::all(document, &policy, &|value| resolver.text(value)).collect(),
        })
    })
}

/// The tags of a repository, as keys of a request.
pub(crate) fn tag_keys<'t>(tags: impl Iterator<Item = (&'t String, &'t String)>) -> Context {
    let mut keys = Context::default();
    for (key, value) in tags {
        for prefix in ["aws:ResourceTag/", "ecr:ResourceTag/", "ecr-public:ResourceTag/"] {
            keys.set(&format!("{prefix}{key}"), [value.clone()]);
        }
    }
    keys
}

impl Repository {
    /// A repository of which only the ARN is known.
    pub(crate) fn undeclared(arn: &str) -> Option<Self> {
        let fields: Vec<&str> = arn.splitn(6, ':').collect();
        let ["arn", _, "ecr" | "ecr-public", region, account, resource] = fields.as_slice() else {
            return None;
        };
        Some(Self {
            arn: arn.to_owned(),
            name: resource.strip_prefix("repository/")?.to_owned(),
            account: (*account).to_owned(),
            region: (*region).to_owned(),
            declared: None,
            tags: Context::default(),
            policy: Vec::new(),
        })
    }

    pub(crate) fn service(&self) -> Service {
        Service::of(&self.arn)
    }

    /// The keys of a request that follow from the repository.
    pub(crate) fn keys(&self) -> Context {
        let mut keys = self.tags.clone();
        keys.set("aws:ResourceAccount", [self.account.clone()]);
        // The ARN of a public repository has no Region.
        if !self.region.is_empty() {
            keys.set("aws:RequestedRegion", [self.region.clone()]);
        }
        keys
    }
}
