//! What holds for every change of every config, on both backends.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::collections::{BTreeMap, BTreeSet};

use ecrane_access::{Permissions, Policies};
use ecrane_config::Config;
use ecrane_core::{Graph, Rendered, Style};
use ecrane_diff::{
    AccessChange, AccessChanges, Action, Change, Document, Engine, Stack, StackEnvironment,
    StackPair, access_changes, compare,
};
use ecrane_generate::{Dialect, Update, update};
use proptest::prelude::*;
use serde_json::Value;

/// Changes of configs. They are not made smaller: the seed tells what fails.
fn updates() -> impl Strategy<Value = (u64, Update)> {
    any::<u64>().prop_map(|seed| (seed, update(Dialect::Ecrane, seed)))
}

/// The graph of a config, unless ecrane refuses it.
fn graph(config: Value) -> Option<Graph> {
    let config: Config = serde_json::from_value(config).ok()?;
    config.build().ok()
}

/// A config without what is laid over the documents, of which a graph knows nothing.
fn without_overrides(config: Value) -> Value {
    match config {
        Value::Object(entries) => {
            let is_kept = |key: &String| key != "cloudformation" && key != "terraform";
            let entries = entries.into_iter().filter(|(key, _)| is_kept(key));
            Value::Object(entries.map(|(key, it)| (key, without_overrides(it))).collect())
        }
        Value::Array(items) => items.into_iter().map(without_overrides).collect(),
        plain @ (Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_)) => plain,
    }
}

/// A deployed config: the documents of its stacks by name, and what the config says about them.
#[derive(Debug, Clone, Default)]
struct Deployed {
    stacks: BTreeMap<String, (Value, StackEnvironment)>,
}

impl Deployed {
    fn new(graph: &Graph, engine: Engine) -> Option<Self> {
        let (cfn, tf) =
            (ecrane_cloudformation::Options::default(), ecrane_terraform::Options::default());
        let rendered: Rendered<'_> = match engine {
            Engine::CloudFormation => ecrane_cloudformation::render(graph, &cfn).ok()?,
            Engine::Terraform => ecrane_terraform::render(graph, &tf).ok()?,
        };
        let mut stacks = BTreeMap::new();
        for file in &rendered.files {
            let path = file.path.as_str();
            let name = path.strip_suffix(".template.json").or(path.strip_suffix("/main.tf.json"));
            let name = name.unwrap().to_owned();
            let node = graph.stacks().iter().find(|it| it.output_name == name).unwrap();
            let environment = StackEnvironment {
                account: node.env.account.as_ref().map(|it| it.as_str().to_owned()),
                region: node.env.region.as_ref().map(|it| it.as_str().to_owned()),
                tags: node.tags.clone(),
            };
            let text = file.to_vec(Style::Compact).unwrap();
            stacks.insert(name, (serde_json::from_slice(&text).unwrap(), environment));
        }
        Some(Self { stacks })
    }

    fn stack(&self, name: &str, engine: Engine) -> Stack {
        let Some((document, _)) = self.stacks.get(name) else { return Stack::empty(engine) };
        match Document::from_json(document.clone()) {
            Ok(Document::Stack(stack)) => stack,
            other => panic!("{other:?} {document}"),
        }
    }

    /// The same with the resources, or the types of them, in the reverse order.
    fn reversed(&self) -> Self {
        let mut reversed = self.clone();
        for (document, _) in reversed.stacks.values_mut() {
            for key in ["Resources", "resource"] {
                if let Some(Value::Object(resources)) = document.get_mut(key) {
                    let all = std::mem::take(resources);
                    resources.extend(all.into_iter().rev());
                }
            }
        }
        reversed
    }
}

/// What a change does, and to whom.
#[derive(Debug, PartialEq)]
struct Found {
    changes: Vec<Change>,
    access: AccessChanges,
}

fn diff(before: &Deployed, after: &Deployed, engine: Engine) -> Found {
    let names: BTreeSet<&String> = before.stacks.keys().chain(after.stacks.keys()).collect();
    let sides: Vec<_> = names
        .into_iter()
        .map(|name| {
            let environment = after.stacks.get(name).or(before.stacks.get(name)).unwrap().1.clone();
            (name, before.stack(name, engine), after.stack(name, engine), environment)
        })
        .collect();
    let changes = sides.iter().flat_map(|(name, old, new, _)| compare(name, old, new)).collect();
    let pairs: Vec<StackPair<'_>> = sides
        .iter()
        .map(|(name, before, after, environment)| StackPair {
            name,
            before,
            after,
            environment: environment.clone(),
        })
        .collect();
    Found { changes, access: access_changes(&pairs) }
}

const ENGINES: [Engine; 2] = [Engine::CloudFormation, Engine::Terraform];

/// The changes of access without the names that AWS generates, which are placeholders.
fn named(changes: &[AccessChange]) -> Vec<String> {
    let plain = |text: &str| {
        let mut plain = String::new();
        let mut is_inside = false;
        for c in text.chars() {
            is_inside |= c == '<';
            if !is_inside {
                plain.push(c);
            }
            is_inside &= c != '>';
        }
        plain
    };
    let mut all: Vec<String> = changes.iter().map(|it| plain(&it.sentence)).collect();
    all.sort();
    all
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_deployed_already_is_no_change((seed, update) in updates()) {
        let Some(graph) = graph(update.before) else { return Ok(()) };
        for engine in ENGINES {
            let Some(deployed) = Deployed::new(&graph, engine) else { continue };
            let found = diff(&deployed, &deployed, engine);
            prop_assert_eq!(&found.changes, &Vec::new(), "{} {:?}", seed, engine);
            prop_assert_eq!(found.access, AccessChanges::default(), "{} {:?}", seed, engine);
            // Their order has no meaning.
            let found = diff(&deployed, &deployed.reversed(), engine);
            prop_assert_eq!(&found.changes, &Vec::new(), "{} {:?}", seed, engine);
            prop_assert_eq!(found.access, AccessChanges::default(), "{} {:?}", seed, engine);
        }
    }

    #[test]
    fn the_order_of_resources_has_no_meaning((seed, update) in updates()) {
        let (Some(before), Some(after)) = (graph(update.before.clone()), update.after().and_then(graph)) else { return Ok(()) };
        for engine in ENGINES {
            let (Some(before), Some(after)) = (Deployed::new(&before, engine), Deployed::new(&after, engine)) else { continue };
            let found = diff(&before, &after, engine);
            prop_assert_eq!(&diff(&before.reversed(), &after, engine), &found, "{} {:?}", seed, engine);
            prop_assert_eq!(&diff(&before, &after.reversed(), engine), &found, "{} {:?}", seed, engine);
        }
    }

    /// What a change adds, its reverse removes; who gains by it, loses by its reverse.
    #[test]
    fn a_change_and_its_reverse_mirror_each_other((seed, update) in updates()) {
        let (Some(before), Some(after)) = (graph(update.before.clone()), update.after().and_then(graph)) else { return Ok(()) };
        for engine in ENGINES {
            let (Some(before), Some(after)) = (Deployed::new(&before, engine), Deployed::new(&after, engine)) else { continue };
            let (there, back) = (diff(&before, &after, engine), diff(&after, &before, engine));
            let kept = |found: &Found, is_added: bool| -> BTreeMap<(String, String), (bool, Vec<String>)> {
                let of = |it: &Change| ((it.stack.clone(), it.address.clone()), match it.action {
                    Action::Add => (is_added, Vec::new()),
                    Action::Remove | Action::Orphan => (!is_added, Vec::new()),
                    Action::Update | Action::Replace | Action::MayReplace => (true, it.properties.clone()),
                });
                let is_change = |it: &&Change| {
                    // Terraform keeps the value of some arguments that are left out.
                    engine == Engine::CloudFormation
                        || matches!(it.action, Action::Add | Action::Remove | Action::Orphan)
                };
                found.changes.iter().filter(is_change).map(of).collect()
            };
            prop_assert_eq!(kept(&there, true), kept(&back, false), "{} {:?}", seed, engine);
            let who = |changes: &[AccessChange], is_back: bool| -> BTreeSet<_> {
                let of = |it: &AccessChange| {
                    let (one, other) = (it.before, it.after);
                    let states = if is_back { (other, one) } else { (one, other) };
                    (it.principal.clone(), it.repository.clone(), it.role.clone(), it.capability, it.actions.clone(), states)
                };
                changes.iter().map(of).collect()
            };
            prop_assert_eq!(
                who(&there.access.changes, false), who(&back.access.changes, true), "{} {:?}", seed, engine
            );
        }
    }

    /// The documents say the same about access as the graphs that they are rendered from.
    #[test]
    fn documents_say_what_graphs_say((seed, update) in updates()) {
        let plain = |config: Value| graph(without_overrides(config));
        let (Some(before), Some(after)) = (plain(update.before.clone()), update.after().and_then(plain)) else { return Ok(()) };
        let (old, new) = (Permissions::new(&before), Permissions::new(&after));
        let expected = AccessChanges::between(&old, &new).changes;
        // From nothing, all access is told.
        let all = AccessChanges::between(&Permissions::from(&Policies::default()), &new).changes;
        for engine in ENGINES {
            let (Some(old), Some(new)) = (Deployed::new(&before, engine), Deployed::new(&after, engine)) else { continue };
            for (before, expected) in [(old, &expected), (Deployed::default(), &all)] {
                let found = diff(&before, &new, engine).access;
                let (mut expected, mut found) = (named(expected), named(&found.changes));
                // Where AWS generates a name, the documents have another placeholder, or a name.
                let is_written = |it: &String| {
                    !["/ ", "/,", "``"].iter().any(|gap| it.contains(gap)) && !it.ends_with('/')
                };
                expected.retain(is_written);
                match engine {
                    Engine::CloudFormation => found.retain(is_written),
                    Engine::Terraform => found.retain(|it| expected.contains(it)),
                }
                prop_assert_eq!(found, expected, "{} {:?}", seed, engine);
            }
        }
    }
}
