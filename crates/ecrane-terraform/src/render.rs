//! From a graph to files.

use std::collections::{BTreeMap, BTreeSet};

use ecrane_core::{Graph, Problem, Problems, RemovalPolicy, Resource, StackNode};

use crate::document::{File, Output};
use crate::manifest::{self, Manifest};
use crate::module::{Comment, Module, OutputTree, StackComment, StackMetadata};
use crate::options::{Layout, Options};
use crate::outputs::outputs;
use crate::problem::{TerraformError, TerraformWarning};
use crate::provider::{TerraformBlock, providers};
use crate::remote_state::backend_block;
use crate::stack::{Export, StackRenderer};
use crate::{names, resource};

/// The name of the target: that of the pins and overrides that this backend takes.
pub(crate) const TARGET: &str = "terraform";

/// The version that the files name as that of the program that wrote them.
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Renders every stack of a graph to a root module.
///
/// # Errors
/// With all the problems there are, when two constructs come to one address, a stack refers to one
/// whose state it cannot read, or the pinned provider lacks what a construct uses.
pub fn render<'g>(graph: &'g Graph, options: &'g Options) -> Result<Output<'g>, Problems> {
    let (stacks, warnings) = (graph.stacks(), graph.warnings());
    let mut problems = check_stack_ids(stacks, options.layout);
    let mut rendered = Vec::new();
    for (index, stack) in stacks.iter().enumerate() {
        rendered.push(Rendered::new(graph, options, index, stack, &mut problems));
    }
    problems.extend(shared_states(stacks, &rendered));
    let references: Vec<BTreeSet<usize>> = rendered
        .iter()
        .map(|r| r.renderer.imports().iter().map(|(id, _)| id.stack()).collect())
        .collect();
    let exports: BTreeSet<Export> =
        rendered.iter().flat_map(|r| r.renderer.imports().iter().copied()).collect();
    for export in exports {
        if let Some(producer) = rendered.get_mut(export.0.stack()) {
            producer.renderer.add_export(export);
        }
    }

    let mut files = Vec::new();
    for (stack, rendered) in stacks.iter().zip(rendered) {
        let path = match options.layout {
            Layout::Plain => format!("{}/main.tf.json", stack.name),
            Layout::Cdktf => format!("{}/cdk.tf.json", manifest::folder(stack)),
        };
        let document = rendered.finish(options, &mut problems).into();
        files.push(File { path, stack: Some(&stack.id), document });
    }
    let own_warnings = Problems::check(problems)?;
    if options.layout == Layout::Cdktf {
        let mut manifest = Manifest::new(VERSION);
        for (index, (stack, references)) in stacks.iter().zip(&references).enumerate() {
            let producers = references.iter().filter_map(|index| stacks.get(*index));
            let dependencies = producers.map(|producer| producer.id.as_str()).collect();
            let said = warnings.iter().chain(&own_warnings);
            let said: Vec<&Problem> = said.filter(|w| graph.concerns(w, index)).collect();
            manifest.add(stack, dependencies, &said, &retained(stack));
        }
        let path = "manifest.json".to_owned();
        files.insert(0, File { path, stack: None, document: manifest.into() });
    }
    Ok(Output { files, warnings: own_warnings })
}

/// The addresses of the resources that Terraform refuses to destroy.
fn retained(stack: &StackNode) -> Vec<String> {
    let kept = |r: &&Resource| r.removal_policy == Some(RemovalPolicy::Retain);
    let address =
        |r: &Resource| format!("{}.{}", resource::kind(&r.kind), names::of(r, Layout::Cdktf));
    stack.resources.iter().filter(kept).map(address).collect()
}

/// Stacks whose backends are the same to the letter. A part of a backend may be given to `terraform
/// init`, and a local path counts from each stack's own folder, so it is not always a mistake.
fn shared_states(stacks: &[StackNode], rendered: &[Rendered<'_>]) -> Vec<Problem> {
    let backends = || {
        let backends = rendered.iter().map(|r| r.backend.filter(|b| b.kind != "local"));
        stacks.iter().zip(backends)
    };
    let mut problems = Vec::new();
    for (index, (stack, backend)) in backends().enumerate() {
        let mut earlier = backends().take(index);
        if backend.is_some()
            && let Some((first, _)) = earlier.find(|(_, other)| *other == backend)
        {
            let fact = TerraformWarning::StateShared { first: first.id.clone() };
            problems.push(Problem::warning(stack.place.clone().on_key(), fact));
        }
    }
    problems
}

/// A stack whose blocks are gathered, apart from what other stacks ask of it.
struct Rendered<'g> {
    renderer: StackRenderer<'g>,
    providers: crate::provider::Providers<'g>,
    terraform_version: Option<&'g str>,
    backend: Option<&'g crate::options::Backend>,
    output_tree: BTreeMap<String, OutputTree>,
}

impl<'g> Rendered<'g> {
    fn new(
        graph: &'g Graph,
        options: &'g Options,
        index: usize,
        stack: &'g StackNode,
        problems: &mut Vec<Problem>,
    ) -> Self {
        let StackNode {
            id: _,
            name: _,
            description: _,
            env: _,
            tags: _,
            termination_protection,
            resources,
            outputs: _,
            is_shard: _,
            place,
        } = stack;
        if *termination_protection == Some(true) {
            let property = "terminationProtection";
            let fact = TerraformWarning::NoCounterpart { property };
            problems.push(Problem::warning(place.key(property), fact));
        }
        let settings = options.settings_of(&stack.id);
        let providers = providers(stack, settings, problems);
        let mut renderer =
            StackRenderer::new(graph, options, index, stack, providers.region_attribute);
        for resource in resources {
            renderer.stand_at(&resource.place);
            resource::render(resource, &mut renderer);
        }
        let output_tree = outputs(stack, &mut renderer);
        let terraform_version =
            settings.required_version.map(crate::version::VersionConstraint::as_str);
        Self { renderer, providers, terraform_version, backend: settings.backend, output_tree }
    }

    fn finish(self, options: &Options, problems: &mut Vec<Problem>) -> Module<'g> {
        let stack = self.renderer.stack();
        let gathered = self.renderer.finish();
        problems.extend(gathered.problems);
        let description = stack.description.as_deref();
        let comment = match options.layout {
            Layout::Plain => description.map(Comment::Description),
            Layout::Cdktf => Some(Comment::Stack(StackComment {
                description,
                metadata: StackMetadata {
                    backend: self.backend.map_or("local", |backend| &backend.kind),
                    stack_name: &stack.id,
                    version: VERSION,
                },
                outputs: if self.output_tree.is_empty() {
                    BTreeMap::new()
                } else {
                    BTreeMap::from([(stack.id.clone(), OutputTree::Scope(self.output_tree))])
                },
            })),
        };
        Module {
            comment,
            terraform: TerraformBlock {
                required_version: self.terraform_version,
                required_providers: self.providers.required,
                backend: backend_block(stack, self.backend, options),
            },
            provider: self.providers.blocks,
            data: gathered.data,
            resource: gathered.resources,
            output: gathered.outputs,
        }
    }
}

/// The command lines match stacks by patterns and keep each in a folder of its id, so not every id
/// will do. A folder of the plain layout bears the stack's name, which is never out of order.
fn check_stack_ids(stacks: &[StackNode], layout: Layout) -> Vec<Problem> {
    let unfit = |id: &str| {
        let letter = |c: char| c.is_whitespace() || "/\\*?[]{}!".contains(c);
        id.is_empty() || id.starts_with('.') || id.contains(letter)
    };
    stacks
        .iter()
        .filter(|stack| layout == Layout::Cdktf && unfit(&stack.id))
        .map(|stack| {
            let fact = TerraformError::StackIdUnfit { id: stack.id.clone() };
            Problem::error(stack.place.clone().on_key(), fact)
        })
        .collect()
}
