//! Grants and authorization tokens of a config.

use std::cell::LazyCell;

use ecrane_construct::{AuthorizationToken, PublicGalleryAuthorizationToken, Repository};
use ecrane_core::Place;
use indexmap::IndexMap;

use super::{Made, Program, StackProgram};
use crate::element::{self, Allow, Grantees, Permission};

impl<'a> Program<'a> {
    pub(super) fn grants(&mut self, index: usize) {
        let Some(this) = self.stacks.get_mut(index) else { return };
        let grants = this.repositories.values_mut().map(|made| std::mem::take(&mut made.grants));
        let grants: Vec<_> = grants.collect();
        let Some(this) = self.stacks.get(index) else { return };
        for (Made { repository, place, .. }, grants) in this.repositories.values().zip(grants) {
            let at_grants = LazyCell::new(|| place.key("grants"));
            for (index, grant) in grants.iter().enumerate() {
                let place = at_grants.index(index);
                let to = place.key("to");
                match &grant.to {
                    Grantees::One(one) => {
                        self.grant(this, repository, (one, to), &grant.permission, &place);
                    }
                    Grantees::List(list) => {
                        for (index, one) in list.iter().enumerate() {
                            let to = (one, to.index(index));
                            self.grant(this, repository, to, &grant.permission, &place);
                        }
                    }
                }
            }
        }
        // Nothing else needs what has no events and is in no output.
        if let Some(this) = self.stacks.get_mut(index)
            && this.config.outputs.is_empty()
            && this.repositories.values().all(|made| made.events.is_empty())
        {
            this.repositories = IndexMap::new();
        }
    }

    fn grant(
        &self,
        this: &StackProgram<'a>,
        repository: &Repository,
        (to, at): (&element::PrincipalRef, Place),
        permission: &Permission,
        place: &Place,
    ) {
        let Some(to) = self.principal(this, to, &at) else { return };
        let repository = repository.at(at);
        match permission {
            Permission::Allow(Allow::Read) => repository.grant_read(&to),
            Permission::Allow(Allow::Pull) => repository.grant_pull(&to),
            Permission::Allow(Allow::Push) => repository.grant_push(&to),
            Permission::Allow(Allow::PullPush) => repository.grant_pull_push(&to),
            Permission::Actions(actions) => {
                if let Some(actions) = self.actions(actions, &place.key("actions")) {
                    repository.grant(&to, actions);
                }
            }
        }
    }

    pub(super) fn authorization_tokens(&self, index: usize) {
        let Some(this) = self.stacks.get(index) else { return };
        let Some(tokens) = &this.config.authorization_tokens else { return };
        if !this.shard.holds_the_rest() {
            return;
        }
        let place = this.place.key("authorizationTokens");
        for (index, to) in tokens.private.iter().enumerate() {
            let place = place.key("private").index(index);
            if let Some(to) = self.principal(this, to, &place) {
                AuthorizationToken::grant_read(&this.stack.at(place), &to);
            }
        }
        for (index, to) in tokens.public_gallery.iter().enumerate() {
            let place = place.key("publicGallery").index(index);
            if let Some(to) = self.principal(this, to, &place) {
                PublicGalleryAuthorizationToken::grant_read(&this.stack.at(place), &to);
            }
        }
    }
}
