//! Repositories of the Amazon ECR Public Gallery.

use std::collections::BTreeMap;

use ecrane_core::{Addresses, CatalogData, PublicRepositoryResource, ResourceKind};

use crate::policy::statement::PolicyStatement;
use crate::registry::document;
use crate::stack::Stack;

/// A public repository: CDK's `CfnPublicRepository`.
#[derive(Debug)]
pub struct PublicRepository;

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
    /// Its addresses in single targets, and what is laid over it there.
    pub addresses: Addresses,
}

impl PublicRepository {
    /// A public repository of this stack: CDK's `CfnPublicRepository`.
    #[expect(clippy::new_ret_no_self, reason = "nothing refers to a public repository")]
    pub fn new(stack: &Stack, id: &str, props: PublicRepositoryProps) {
        let place = stack.place(&["publicRepositories"], id);
        let path = stack.claim(id, &place);
        let policy = document(stack, &place.key("resourcePolicy"), props.resource_policy);
        let resource = PublicRepositoryResource {
            name: props.repository_name,
            catalog_data: props.catalog_data,
            policy,
        };
        let id =
            stack.add_done(path, None, place.clone(), ResourceKind::PublicRepository(resource));
        stack.edit(id, |node| node.tags = props.tags);
        stack.address(id, props.addresses, &place);
    }
}
