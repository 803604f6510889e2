//! Repositories of the Amazon ECR Public Gallery.

use std::collections::BTreeMap;

use crate::graph::{Pins, ResourceKind};
use crate::policy::{PolicyDocument, PolicyStatement};
use crate::registry::document;
use crate::stack::Stack;

/// A public repository as it is deployed.
#[derive(Debug, Clone)]
pub struct PublicRepository {
    /// Its physical name; made on deployment when there is none.
    pub name: Option<String>,
    /// What the gallery shows of it.
    pub catalog_data: Option<CatalogData>,
    /// Who may push to it; nothing is rendered when it has no statements.
    pub policy: PolicyDocument,
}

/// What the gallery shows of a public repository.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CatalogData {
    /// A long text, Markdown.
    pub about_text: Option<String>,
    /// The architectures its images run on.
    pub architectures: Vec<String>,
    /// A short text.
    pub description: Option<String>,
    /// The operating systems its images run on.
    pub operating_systems: Vec<String>,
    /// How to use it, Markdown.
    pub usage_text: Option<String>,
}

/// How a public repository is to be.
#[derive(Debug, Clone, Default)]
pub struct PublicRepositoryProps {
    /// Its physical name; made on deployment when there is none.
    pub repository_name: Option<String>,
    /// What the gallery shows of it.
    pub catalog_data: Option<CatalogData>,
    /// Who may push to it.
    pub resource_policy: Vec<PolicyStatement>,
    /// Its tags.
    pub tags: BTreeMap<String, String>,
    /// The addresses that it is given.
    pub pins: Pins,
}

impl PublicRepository {
    /// A public repository of this stack: CDK's `CfnPublicRepository`.
    #[expect(clippy::new_ret_no_self, reason = "nothing refers to a public repository")]
    pub fn new(stack: &Stack, id: &str, props: PublicRepositoryProps) {
        let place = stack.place(&["publicRepositories"], id);
        let path = stack.claim(id, &place);
        let policy = document(stack, &place.key("resourcePolicy"), props.resource_policy);
        let resource =
            Self { name: props.repository_name, catalog_data: props.catalog_data, policy };
        let id =
            stack.add_done(path, None, place.clone(), ResourceKind::PublicRepository(resource));
        if let Some(node) = stack.app().state_mut().node(id) {
            node.tags = props.tags;
        }
        stack.pin(id, props.pins, &place);
    }
}
