//! The repositories of a config, as a command line names them.

use ecrane_core::{Graph, LifecyclePolicy, Resource, ResourceId, ResourceKind, StackNode};

/// A repository of a config, or the repositories of a creation template.
#[derive(Debug, Clone)]
pub(crate) struct Repository<'g> {
    pub(crate) resource: ResourceId,
    /// The construct ids from the stack down: `Shop/App`.
    path: String,
    /// The construct ids below the stack: `App`.
    id: String,
    /// The physical name, if the config sets one.
    pub(crate) name: Option<&'g str>,
    pub(crate) account: Option<&'g str>,
    pub(crate) region: Option<&'g str>,
    pub(crate) policy: Option<&'g LifecyclePolicy>,
}

impl<'g> Repository<'g> {
    fn new(
        stack: &'g StackNode,
        (id, resource): (ResourceId, &Resource),
        name: Option<&'g str>,
        policy: Option<&'g LifecyclePolicy>,
    ) -> Self {
        let own = |path: String| match path.strip_suffix("/Resource") {
            Some(own) => own.to_owned(),
            None => path,
        };
        Self {
            resource: id,
            path: own(stack.path_of(resource)),
            id: own(resource.path.to_string()),
            name,
            account: stack.env.account.as_ref().map(ecrane_core::AccountId::as_str),
            region: stack.env.region.as_ref().map(ecrane_core::Region::as_str),
            policy,
        }
    }

    /// The name and the path: `shop/app (Shop/App)`.
    pub(crate) fn title(&self) -> String {
        match self.name {
            Some(name) => format!("{name} ({})", self.path),
            None => self.path.clone(),
        }
    }

    /// The name, or the path where AWS gives it a name.
    pub(crate) fn label(&self) -> &str {
        self.name.unwrap_or(&self.path)
    }

    /// The construct ids from the stack down.
    pub(crate) fn path(&self) -> &str {
        &self.path
    }

    /// The names by which a command line can refer to it.
    pub(crate) fn words(&self) -> impl Iterator<Item = &str> {
        [self.id.as_str(), &self.path].into_iter().chain(self.name)
    }

    /// Whether a word is its construct id, with or without its stack, or its name.
    pub(crate) fn is_called(&self, word: &str) -> bool {
        self.words().any(|own| own == word)
    }
}

/// The private repositories, in the order of the config.
pub(crate) fn repositories(graph: &Graph) -> Vec<Repository<'_>> {
    let mut found = Vec::new();
    for (id, resource) in graph.resources() {
        if let (ResourceKind::Repository(repository), Some(stack)) =
            (&resource.kind, graph.stack_of(id))
        {
            let name = repository.name.as_ref().map(ecrane_core::RepositoryName::as_str);
            let policy = repository.lifecycle_policy.as_ref();
            found.push(Repository::new(stack, (id, resource), name, policy));
        }
    }
    found
}

/// The creation templates, whose name is the prefix of repositories, in the order of the config.
pub(crate) fn creation_templates(graph: &Graph) -> Vec<Repository<'_>> {
    let mut found = Vec::new();
    for (id, resource) in graph.resources() {
        if let (ResourceKind::RepositoryCreationTemplate(template), Some(stack)) =
            (&resource.kind, graph.stack_of(id))
        {
            let policy = template.lifecycle_policy.as_ref();
            found.push(Repository::new(stack, (id, resource), Some(&template.prefix), policy));
        }
    }
    found
}
