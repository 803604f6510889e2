//! Pinned addresses and property overrides (escape hatches), by construct id.

use ecrane_core::{Addresses, ConstructPath, Explain, ResourceId};
use thiserror::Error;

use crate::stack::Stack;

impl Stack {
    /// Adds pinned addresses and property overrides to the main resource of a construct in this
    /// stack, by construct id: `App` for a repository, `App/Scanned` for its event rule,
    /// `ReplicationConfiguration` for the replication configuration of the registry.
    ///
    /// If no construct has the id, the build fails.
    ///
    /// ```
    /// use ecrane_construct::{App, Repository, RepositoryProps, Stack, StackProps};
    /// use ecrane_core::Addresses;
    ///
    /// let app = App::default();
    /// let stack = Stack::new(&app, "Live", StackProps::default());
    /// Repository::new(&stack, "App", RepositoryProps::default());
    ///
    /// let mut addresses = Addresses::default();
    /// addresses.pin("terraform", "legacy_app");
    /// addresses.lay_over("terraform", [("timeouts".into(), serde_json::json!({ "delete": "5m" }))]);
    /// stack.add_addresses("App", addresses);
    /// assert!(app.build().is_ok());
    ///
    /// stack.add_addresses("ReplicationConfiguration", Addresses::default());
    /// assert!(app.build().is_err(), "the stack has no replication");
    /// ```
    pub fn add_addresses(&self, id: &str, addresses: Addresses) {
        match self.main_resource(id) {
            Some(resource) => self.address(resource, addresses),
            None => self.error(self.section_place(&[]), NoConstruct { id: id.to_owned() }),
        }
    }

    /// Adds pinned addresses and property overrides to the inline policy with the grants of a role,
    /// user or group of this stack, by construct id.
    ///
    /// If the principal has no grants, the build fails.
    ///
    /// ```
    /// use ecrane_construct::{App, Stack, StackProps, User, UserProps};
    /// use ecrane_core::Addresses;
    ///
    /// let app = App::default();
    /// let stack = Stack::new(&app, "Live", StackProps::default());
    /// User::new(&stack, "Ci", UserProps::default());
    /// stack.add_policy_addresses("Ci", Addresses::default());
    /// assert!(app.build().is_err(), "nothing is granted to the user");
    /// ```
    pub fn add_policy_addresses(&self, principal: &str, addresses: Addresses) {
        let path = ConstructPath::of_id(principal).ok();
        let found = path.and_then(|path| self.read(|it| it.default_policies.get(&path).copied()));
        if let Some(policy) = found {
            self.address(policy, addresses);
        } else {
            let id = principal.to_owned();
            self.error(self.section_place(&[]), NoInlinePolicy { id });
        }
    }

    /// Adds addresses to a resource of this stack.
    pub(crate) fn address(&self, id: ResourceId, addresses: Addresses) {
        self.edit(id, |node| node.addresses.extend(addresses));
    }
}

/// The construct with an address or override has no resource in this stack.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("no resource `{id}` in this stack")]
pub struct NoConstruct {
    /// The construct id.
    pub id: String,
}

impl Explain for NoConstruct {
    fn code(&self) -> &'static str {
        "construct::no_resource"
    }

    fn help(&self) -> Option<String> {
        Some(
            "use the id of a construct that this stack creates; change an imported resource where it is created"
                .to_owned(),
        )
    }
}

/// The principal with the name of an inline policy has no such policy, as it has no grants.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("nothing is granted to `{id}`, so it has no inline policy")]
pub struct NoInlinePolicy {
    /// The construct id of the principal.
    pub id: String,
}

impl Explain for NoInlinePolicy {
    fn code(&self) -> &'static str {
        "construct::no_inline_policy"
    }

    fn help(&self) -> Option<String> {
        Some("grant it something in this stack, or remove `inlinePolicy`".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::App;
    use crate::repository::{Repository, RepositoryProps};
    use crate::stack::StackProps;

    #[test]
    fn needs_a_resource() {
        let app = App::default();
        let stack = Stack::new(&app, "Registry", StackProps::default());
        Repository::from_repository_name(&stack, "App", &"shop/app".parse().unwrap());
        stack.add_addresses("App", Addresses::default());
        let problems = app.build().unwrap_err();
        let codes: Vec<_> = problems.iter().map(|p| p.fact.code()).collect();
        assert_eq!(codes, ["construct::no_resource"]);
        Repository::new(&stack, "Service/Worker", RepositoryProps::default());
        stack.add_addresses("Service/Worker", Addresses::default());
        assert_eq!(app.build().unwrap_err().iter().count(), 1);
    }
}
