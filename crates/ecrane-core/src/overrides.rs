//! Escape hatches: what is laid over a resource as a backend renders it.

use indexmap::IndexMap;

use crate::app::Node;
use crate::diagnostic::{Place, Problem};
use crate::graph::{Pins, ResourceId};
use crate::stack::{Stack, StackError};

/// What is laid over a resource as it is rendered, for what ecrane has no word for: CDK's
/// `addPropertyOverride` and CDKTF's `addOverride`.
///
/// Objects merge key by key; what else stands there, lists too, is replaced. Nothing is checked.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Overrides {
    /// Properties in a template, by CloudFormation's names.
    pub cloudformation: IndexMap<String, serde_json::Value>,
    /// Arguments in a module, by Terraform's names. Texts are literal.
    pub terraform: IndexMap<String, serde_json::Value>,
}

impl Overrides {
    /// Lays entries over an object.
    pub fn merge<'e>(
        target: &mut serde_json::Map<String, serde_json::Value>,
        entries: impl IntoIterator<Item = (&'e String, &'e serde_json::Value)>,
    ) {
        for (key, value) in entries {
            let place = target.entry(key.as_str()).or_insert(serde_json::Value::Null);
            merge_value(place, value);
        }
    }
}

fn merge_value(target: &mut serde_json::Value, source: &serde_json::Value) {
    match (target, source) {
        (serde_json::Value::Object(target), serde_json::Value::Object(source)) => {
            for (key, value) in source {
                merge_value(target.entry(key.as_str()).or_insert(serde_json::Value::Null), value);
            }
        }
        (target, source) => *target = source.clone(),
    }
}

impl Stack {
    /// Lays something over the main resource of a construct of this stack, by the construct's id:
    /// `App` for a repository, `App/Scanned` for a rule of it, `ReplicationConfiguration` for that
    /// of the registry.
    ///
    /// ```
    /// use ecrane_core::{App, Overrides, Repository, RepositoryProps, Stack, StackProps};
    ///
    /// let app = App::default();
    /// let stack = Stack::new(&app, "Registry", StackProps::default());
    /// Repository::new(&stack, "App", RepositoryProps::default());
    /// stack.add_overrides("App", Overrides {
    ///     terraform: [("timeouts".to_owned(), serde_json::json!({ "delete": "5m" }))].into(),
    ///     ..Overrides::default()
    /// });
    /// app.build()?;
    /// # Ok::<(), ecrane_core::Problems>(())
    /// ```
    pub fn add_overrides(&self, id: &str, overrides: Overrides) {
        let Some(id) = self.main_resource(id) else { return };
        if let Some(node) = self.app().state_mut().node(id) {
            let Overrides { cloudformation, terraform } = overrides;
            node.overrides.cloudformation.extend(cloudformation);
            node.overrides.terraform.extend(terraform);
        }
    }

    /// Pins the main resource of a construct of this stack to addresses, by the construct's id,
    /// so that what is deployed under them is kept and not replaced.
    ///
    /// The build fails if no construct has the id, or if an address cannot be one.
    ///
    /// ```
    /// use ecrane_core::{App, Pins, Stack, StackProps};
    ///
    /// let app = App::default();
    /// let stack = Stack::new(&app, "Live", StackProps::default());
    /// let pins = Pins { terraform_name: Some("copies".to_owned()), logical_id: None };
    /// stack.add_pins("ReplicationConfiguration", pins);
    /// assert!(app.build().is_err(), "the stack has no replication to pin");
    /// ```
    pub fn add_pins(&self, id: &str, pins: Pins) {
        if let Some(resource) = self.main_resource(id) {
            let place = self.app().place_or(|| Place::default().key("stacks").key(&self.id()));
            self.pin(resource, pins, &place);
        }
    }

    /// The main resource of a construct; that there is none is noted.
    fn main_resource(&self, id: &str) -> Option<ResourceId> {
        // A construct of CloudFormation's own is a resource, and may itself be called `Resource`; others have one of
        // that id below them.
        let is_resource = |node: &Node| node.path.components().join("/") == id;
        let has_resource = |node: &Node| {
            let construct = node.path.components().strip_suffix(&["Resource".to_owned()]);
            construct.is_some_and(|construct| construct.join("/") == id)
        };
        let found = self.write(|stack| {
            let position = |is_meant: &dyn Fn(&Node) -> bool| stack.nodes.iter().position(is_meant);
            position(&is_resource).or_else(|| position(&has_resource))
        });
        if found.is_none() {
            let place = self.app().place_or(|| Place::default().key("stacks").key(&self.id()));
            let error = StackError::NoResource { id: id.to_owned() };
            self.app().note(Problem::error(place, error));
        }
        found.map(|index| self.resource_id(index))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::app::App;
    use crate::repository::{Repository, RepositoryProps};
    use crate::stack::StackProps;

    #[test]
    fn merges_objects_and_replaces_the_rest() {
        let mut target = json!({ "a": { "b": 1, "c": [1, 2] }, "d": "x", "e": { "f": 1 } });
        let source = json!({ "a": { "c": [3], "g": { "h": null } }, "d": { "i": 1 }, "e": false });
        let source: IndexMap<_, _> = serde_json::from_value(source).unwrap();
        Overrides::merge(target.as_object_mut().unwrap(), &source);
        let merged =
            json!({ "a": { "b": 1, "c": [3], "g": { "h": null } }, "d": { "i": 1 }, "e": false });
        assert_eq!(target, merged);
    }

    #[test]
    fn needs_a_resource() {
        let app = App::default();
        let stack = Stack::new(&app, "Registry", StackProps::default());
        Repository::from_repository_name(&stack, "App", &"shop/app".parse().unwrap());
        stack.add_overrides("App", Overrides::default());
        let problems = app.build().unwrap_err();
        let codes: Vec<_> = problems.iter().map(|p| p.fact.code()).collect();
        assert_eq!(codes, ["construct::no_resource"]);
        Repository::new(&stack, "Service/Worker", RepositoryProps::default());
        stack.add_overrides("Service/Worker", Overrides::default());
        assert_eq!(app.build().unwrap_err().iter().count(), 1);
    }

    #[test]
    fn a_resource_may_be_called_so() {
        let rule = json!({
            "ecrRepositoryPrefix": "quay",
            "upstreamRegistryUrl": "quay.io",
            "terraformName": "quay",
        });
        let registry = json!({ "pullThroughCacheRules": { "Cache/Resource": rule } });
        let config = json!({ "stacks": { "S": { "registry": registry } } });
        let config: crate::config::Config = serde_json::from_value(config).unwrap();
        let graph = config.build().unwrap();
        let names: Vec<_> =
            graph.stacks[0].resources.iter().map(|r| r.pins.terraform_name.as_deref()).collect();
        assert_eq!(names, [Some("quay")]);
    }
}
