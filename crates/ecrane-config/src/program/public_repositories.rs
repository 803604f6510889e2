//! Public repositories of a config.

use ecrane_construct::{PublicRepository, PublicRepositoryProps};
use ecrane_core::CatalogData;

use super::Program;

impl Program<'_> {
    pub(super) fn public_repositories(&self, index: usize) {
        let Some(this) = self.stacks.get(index) else { return };
        if !this.shard.holds_the_rest() {
            return;
        }
        for (id, config) in &this.config.public_repositories {
            let place = this.place.key("publicRepositories").key(id);
            let at_policy = place.key("resourcePolicy");
            let Some(resource_policy) = self.policy(this, &config.resource_policy, &at_policy)
            else {
                continue;
            };
            let props = PublicRepositoryProps {
                repository_name: config.repository_name.clone(),
                catalog_data: config.catalog_data.as_ref().map(|data| CatalogData {
                    about_text: data.about_text.clone(),
                    architectures: data.architectures.clone().unwrap_or_default(),
                    description: data.description.clone(),
                    operating_systems: data.operating_systems.clone().unwrap_or_default(),
                    usage_text: data.usage_text.clone(),
                }),
                resource_policy,
                tags: config.tags.iter().map(|(k, v)| (k.clone(), v.clone())).collect(),
                addresses: config.addresses(),
            };
            PublicRepository::new(&this.stack.at(place), id, props);
        }
    }
}
