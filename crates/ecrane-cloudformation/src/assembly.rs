//! Cloud assemblies: the output of an app that the `cdk` CLI reads.
//!
//! An assembly contains only what the CLI needs: a manifest with one artifact per stack. It has no
//! assets and no bootstrap roles, so the CLI deploys it with the caller's credentials.

use std::collections::{BTreeMap, BTreeSet};

use ecrane_core::{AccountId, Graph, Problem, Region, StackNode};
use indexmap::IndexMap;
use serde::Serialize;

use crate::stack_set;

/// The cloud assembly schema, unless the CLI only supports an older one.
///
/// It covers all that an assembly contains, and CLIs reject only schemas newer than their own.
pub const ASSEMBLY_VERSION: u32 = 36;

/// The manifest of a cloud assembly, `manifest.json`.
#[derive(Debug, Serialize)]
pub(crate) struct Manifest<'g> {
    version: String,
    artifacts: IndexMap<&'g str, Artifact<'g>>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Artifact<'g> {
    r#type: &'static str,
    environment: String,
    properties: Properties<'g>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    dependencies: Vec<&'g str>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    metadata: BTreeMap<String, Vec<Message>>,
    display_name: &'g str,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Properties<'g> {
    template_file: String,
    stack_name: &'g str,
    #[serde(skip_serializing_if = "Option::is_none")]
    termination_protection: Option<bool>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    tags: &'g BTreeMap<String, String>,
}

#[derive(Debug, Serialize)]
struct Message {
    r#type: &'static str,
    data: String,
}

/// The manifest for some stacks of a graph, in deployment order.
///
/// `cli_version` is the newest schema that the CLI supports.
pub(crate) fn manifest<'g>(
    graph: &'g Graph,
    stacks: &[usize],
    cli_version: Option<u32>,
) -> Manifest<'g> {
    let version = cli_version.map_or(ASSEMBLY_VERSION, |cli| cli.min(ASSEMBLY_VERSION));
    let warnings = graph.by_stack(graph.warnings());
    let chosen: BTreeSet<usize> = stacks.iter().copied().collect();
    let mut artifacts = IndexMap::new();
    for (index, dependencies) in dependencies_first(graph, stacks) {
        let Some(stack) = graph.stacks().get(index).filter(|_| chosen.contains(&index)) else {
            continue;
        };
        let dependencies = dependencies.intersection(&chosen);
        let dependencies = dependencies.filter_map(|&d| graph.stacks().get(d));
        artifacts.insert(
            stack.id.as_str(),
            Artifact {
                r#type: "aws:cloudformation:stack",
                environment: environment(stack),
                properties: Properties {
                    template_file: match stack.targets {
                        None => template_file(stack),
                        Some(_) => stack_set::file(&stack.id.replace('/', "--")),
                    },
                    stack_name: &stack.name,
                    termination_protection: stack.termination_protection,
                    tags: &stack.tags,
                },
                dependencies: dependencies.map(|stack| stack.id.as_str()).collect(),
                metadata: warnings
                    .get(index)
                    .map(|of_stack| metadata(of_stack))
                    .unwrap_or_default(),
                display_name: &stack.id,
            },
        );
    }
    Manifest { version: format!("{version}.0.0"), artifacts }
}

/// The file name of a stack's template.
pub(crate) fn template_file(stack: &StackNode) -> String {
    // The CDK writes a slash in an id this way.
    format!("{}.template.json", stack.id.replace('/', "--"))
}

fn environment(stack: &StackNode) -> String {
    let account = stack.env.account.as_ref().map_or("unknown-account", AccountId::as_str);
    let region = stack.env.region.as_ref().map_or("unknown-region", Region::as_str);
    format!("aws://{account}/{region}")
}

/// The warnings, with code and help, by construct path.
fn metadata(warnings: &[(String, &Problem)]) -> BTreeMap<String, Vec<Message>> {
    let mut metadata: BTreeMap<String, Vec<Message>> = BTreeMap::new();
    for (construct, warning) in warnings {
        let message = Message { r#type: "aws:cdk:warning", data: warning.annotation() };
        metadata.entry(format!("/{construct}")).or_default().push(message);
    }
    metadata
}

/// The stacks and all that they depend on, in deployment order: each after its dependencies, and with
/// them.
///
/// Older CLIs destroy stacks in the reverse order of the manifest.
fn dependencies_first(graph: &Graph, stacks: &[usize]) -> IndexMap<usize, BTreeSet<usize>> {
    let mut order = IndexMap::new();
    for &stack in stacks {
        put_behind_dependencies(graph, stack, &mut order);
    }
    order
}

// This terminates, because the stacks of a graph have no circular dependencies.
fn put_behind_dependencies(
    graph: &Graph,
    stack: usize,
    order: &mut IndexMap<usize, BTreeSet<usize>>,
) {
    if order.contains_key(&stack) {
        return;
    }
    let dependencies = graph.dependencies(stack);
    for &dependency in &dependencies {
        put_behind_dependencies(graph, dependency, order);
    }
    order.insert(stack, dependencies);
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use ecrane_construct::{
        App, Principal, Repository, RepositoryProps, Role, RoleProps, Stack, StackProps,
    };
    use ecrane_core::{Environment, Explain, Place, Problem, StackName};
    use serde_json::json;

    use super::*;

    fn role(stack: &Stack) -> Role {
        Role::new(stack, "Role", RoleProps::assumed_by(Principal::service("ec2.amazonaws.com")))
    }

    fn repository(stack: &Stack) -> Repository {
        Repository::new(stack, "Repo", RepositoryProps::default())
    }

    /// The role in `First` can pull from the repository in `Second`.
    fn graph() -> Graph {
        let app = App::default();
        let env = Environment {
            account: Some(AccountId::try_from("111122223333").unwrap()),
            region: None,
        };
        let first =
            Stack::new(&app, "First", StackProps { env: env.clone(), ..StackProps::default() });
        let second = Stack::new(
            &app,
            "Second",
            StackProps {
                stack_name: Some(StackName::try_from("acme-second").unwrap()),
                env,
                tags: BTreeMap::from([("team".to_owned(), "platform".to_owned())]),
                termination_protection: Some(true),
                ..StackProps::default()
            },
        );
        repository(&second).grant_pull(&role(&first));
        app.build().unwrap()
    }

    #[test]
    fn writes_dependencies_first() {
        let graph = graph();
        let manifest = manifest(&graph, &[0, 1], None);
        assert_eq!(manifest.artifacts.keys().copied().collect::<Vec<_>>(), ["Second", "First"]);
        assert_eq!(
            serde_json::to_value(&manifest).unwrap(),
            json!({
                "version": "36.0.0",
                "artifacts": {
                    "Second": {
                        "type": "aws:cloudformation:stack",
                        "environment": "aws://111122223333/unknown-region",
                        "properties": {
                            "templateFile": "Second.template.json",
                            "stackName": "acme-second",
                            "terminationProtection": true,
                            "tags": { "team": "platform" }
                        },
                        "displayName": "Second"
                    },
                    "First": {
                        "type": "aws:cloudformation:stack",
                        "environment": "aws://111122223333/unknown-region",
                        "properties": {
                            "templateFile": "First.template.json",
                            "stackName": "First"
                        },
                        "dependencies": ["Second"],
                        "displayName": "First"
                    }
                }
            })
        );
    }

    #[test]
    fn leaves_out_what_is_not_asked_for() {
        let graph = graph();
        let manifest = manifest(&graph, &[0], Some(21));
        let value = serde_json::to_value(&manifest).unwrap();
        assert_eq!(value["version"], "21.0.0");
        assert_eq!(manifest.artifacts.len(), 1);
        assert_eq!(value["artifacts"]["First"]["dependencies"], serde_json::Value::Null);
    }

    #[test]
    fn is_not_newer_than_it_can_be() {
        let value = serde_json::to_value(manifest(&graph(), &[], Some(55))).unwrap();
        assert_eq!(value, json!({ "version": "36.0.0", "artifacts": {} }));
    }

    #[test]
    fn tells_warnings_where_they_belong() {
        let graph = graph();
        let fact = || AccountId::try_from("x").unwrap_err();
        let stack = Place::default().key("stacks").key("Second");
        let repository = stack.key("repositories").key("Repo").key("grants").index(0);
        let about_none = Place::default().key("compatibility");
        let problems = vec![
            Problem::warning(stack, fact()),
            Problem::warning(repository, fact()),
            Problem::warning(about_none, fact()),
        ];
        let graph = Graph::new(graph.stacks().to_vec(), graph.compatibility(), problems).unwrap();
        let value = serde_json::to_value(manifest(&graph, &[0, 1], None)).unwrap();
        let fact = fact();
        let text = format!("{fact} [{}]\nhelp: {}", fact.code(), fact.help().unwrap());
        let message = json!([{ "type": "aws:cdk:warning", "data": text }]);
        assert_eq!(
            value["artifacts"]["Second"]["metadata"],
            json!({ "/Second": message, "/Second/Repo/Resource": message })
        );
        assert_eq!(value["artifacts"]["First"]["metadata"], json!({ "/First": message }));
    }

    #[test]
    fn tells_warnings_in_the_shard_of_their_resource() {
        let app = App::default();
        let place = Place::default().key("stacks").key("Shop");
        let shard = |id| {
            let props = StackProps { shard_of: Some("Shop".to_owned()), ..StackProps::default() };
            Stack::new_at(&app, id, props, place.clone())
        };
        let (first, second) = (shard("Shop1"), shard("Shop2"));
        let of = |id| place.key("repositories").key(id);
        for (stack, id) in [(&first, "App"), (&second, "Worker"), (&second, "Base")] {
            Repository::new(&stack.at(of(id)), id, RepositoryProps::default());
        }
        let fact = || AccountId::try_from("x").unwrap_err();
        let places = [of("Base").key("grants").index(0), place.key("tags"), of("App").on_key()];
        let problems = places.map(|place| Problem::warning(place, fact())).to_vec();
        let built = app.build().unwrap();
        let graph = Graph::new(built.stacks().to_vec(), built.compatibility(), problems);
        let graph = graph.unwrap();
        let paths: Vec<Vec<_>> = graph
            .by_stack(graph.warnings())
            .into_iter()
            .map(|of_stack| of_stack.into_iter().map(|(path, _)| path).collect())
            .collect();
        assert_eq!(paths, [vec!["Shop1", "Shop1/App/Resource"], vec!["Shop2/Base/Resource"]]);
    }
}
