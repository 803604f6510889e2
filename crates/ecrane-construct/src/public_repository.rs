//! Public repositories in the Amazon ECR Public Gallery.

use std::collections::BTreeMap;

use ecrane_core::{Addresses, CatalogData, PublicRepositoryResource, ResourceKind};

use crate::policy::document::PolicyDocumentProps;
use crate::stack::Stack;

/// A public repository: CDK's `CfnPublicRepository`.
#[derive(Debug)]
pub struct PublicRepository;

/// Properties of a [`PublicRepository`].
#[derive(Debug, Clone, Default)]
pub struct PublicRepositoryProps {
    /// The physical name. If omitted, one is generated at deployment.
    pub repository_name: Option<String>,
    /// The catalog data in the Amazon ECR Public Gallery.
    pub catalog_data: Option<CatalogData>,
    /// The repository policy.
    pub resource_policy: PolicyDocumentProps,
    /// The tags.
    pub tags: BTreeMap<String, String>,
    /// Pinned addresses and property overrides, by target.
    pub addresses: Addresses,
}

impl PublicRepository {
    /// Creates a public repository in this stack: CDK's `CfnPublicRepository`.
    #[expect(clippy::new_ret_no_self, reason = "nothing refers to a public repository")]
    pub fn new(stack: &Stack, id: &str, props: PublicRepositoryProps) {
        let place = stack.place(&["publicRepositories"], id);
        let path = stack.claim(id, &place);
        let policy = props.resource_policy.document(stack, &place.key("resourcePolicy"));
        let resource = PublicRepositoryResource {
            name: props.repository_name,
            catalog_data: props.catalog_data,
            policy,
        };
        let id =
            stack.add_done(path, None, place.clone(), ResourceKind::PublicRepository(resource));
        stack.edit(id, |node| node.tags = props.tags);
        stack.address(id, props.addresses);
    }
}
