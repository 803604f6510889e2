//! KMS keys of a config.

use ecrane_construct::{Key, KeyProps};
use ecrane_core::Place;
use indexmap::IndexMap;

use super::{Program, StackProgram, removal_policy};
use crate::element::{self, KeyAlias, KeyRef};
use crate::error::ConfigError;

impl Program<'_> {
    pub(super) fn keys(&mut self, index: usize) {
        let Some(this) = self.stacks.get(index).filter(|this| this.shard.holds_keys()) else {
            return;
        };
        let mut keys = IndexMap::new();
        for (id, key) in &this.config.keys {
            let place = this.place.key("keys").key(id);
            if let Some(key) = self.key(this, id, key, &place) {
                keys.insert(id.as_str(), key);
            }
        }
        if let Some(this) = self.stacks.get_mut(index) {
            this.keys = keys;
        }
    }

    fn key(
        &self,
        this: &StackProgram<'_>,
        id: &str,
        key: &element::Key,
        place: &Place,
    ) -> Option<Key> {
        let stack = this.stack.at(place.clone());
        if let Some(arn) = &key.key_arn {
            for (property, given) in [
                ("description", key.description.is_some()),
                ("enableKeyRotation", key.enable_key_rotation.is_some()),
                ("alias", key.alias.is_some()),
                ("removalPolicy", key.removal_policy.is_some()),
                ("resourcePolicy", !key.resource_policy.is_empty()),
            ]
            .into_iter()
            .chain(key.address_keys().given())
            {
                if given {
                    let error = ConfigError::ImportedHas { what: "key", property };
                    self.error(place.key(property).on_key(), error);
                }
            }
            let arn = self.parse(arn, place.key("keyArn"))?;
            return Some(Key::from_key_arn(&stack, id, &arn));
        }
        let props = KeyProps {
            description: key.description.clone(),
            enable_key_rotation: key.enable_key_rotation,
            alias: key.alias.as_ref().map(|it| it.name().to_owned()),
            alias_addresses: key.alias.as_ref().map(KeyAlias::addresses).unwrap_or_default(),
            removal_policy: key.removal_policy.map(removal_policy),
            addresses: key.address_keys().addresses(),
        };
        Some(Key::new(&stack, id, props))
    }

    /// Adds the statements of key policies, which may name principals.
    pub(super) fn key_policies(&mut self, index: usize) {
        let Some(this) = self.stacks.get(index) else { return };
        for (id, config) in &this.config.keys {
            // What an imported key must not have is already reported.
            let own = this.keys.get(id.as_str()).filter(|_| config.key_arn.is_none());
            let Some(key) = own else { continue };
            let place = this.place.key("keys").key(id).key("resourcePolicy");
            for (index, statement) in config.resource_policy.iter().enumerate() {
                let place = place.index(index);
                if let Some(statement) = self.statement(this, statement, &place) {
                    key.add_to_resource_policy(&place, statement);
                }
            }
        }
    }

    /// Resolves the key to which a repository or creation template refers.
    pub(super) fn key_ref(
        &self,
        this: &StackProgram<'_>,
        key: &KeyRef,
        place: &Place,
    ) -> Option<Key> {
        match key {
            KeyRef::Id(id) => {
                let find = |stack| self.stacks.get(self.homes.get(stack)?.keys);
                let own = find(this.id).map(|home| (home, id.as_str()));
                let own = own.filter(|(home, id)| home.config.keys.contains_key(*id));
                // Of another stack, the ID of which precedes that of the key.
                let declared = own.or_else(|| {
                    let (stack, id) = id.split_once('/')?;
                    find(stack).filter(|it| it.config.keys.contains_key(id)).map(|it| (it, id))
                });
                let Some((home, id)) = declared else {
                    self.unknown_id(this, "key", id, |it| &it.keys, place);
                    return None;
                };
                home.keys.get(id).cloned()
            }
            KeyRef::Imported(key) => {
                let place = place.key("keyArn");
                let arn = self.parse(&key.key_arn, place.clone())?;
                Some(Key::import(&this.stack, &place, &arn))
            }
        }
    }
}
