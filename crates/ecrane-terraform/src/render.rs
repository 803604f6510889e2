//! Rendering of a graph to files.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use ecrane_core::{
    File, Graph, Place, Problem, Problems, RemovalPolicy, Rendered, Resource, StackNode,
    TargetsError, in_parallel,
};
use serde::Serialize;

use crate::TARGET;
use crate::departed::{Departed, departed};
use crate::document::Output;
use crate::history::History;
use crate::ledger::{Change, Ledger, SharedStack, StackLedger, compare};
use crate::manifest::{self, Manifest, VERSION};
use crate::module::{Comment, Module, StackComment, StackMetadata, StackResources};
use crate::names;
use crate::options::{Backend, Layout, Options};
use crate::outputs::OutputTree;
use crate::problem::{TerraformError, TerraformWarning};
use crate::provider::{TerraformBlock, providers};
use crate::refactoring::{conflict, moved, removed, required_version};
use crate::remote_state::backend_block;
use crate::resource::terraform_type;
use crate::scope::Export;
use crate::stack::StackRenderer;
use crate::targets::{self, MODULES, Roots, TargetsLedger};
use crate::version::VersionConstraint;

/// The Terraform backend.
#[derive(Debug, Clone, Default)]
pub struct Terraform {
    /// The rendering options.
    pub options: Options,
}

impl ecrane_core::Backend for Terraform {
    fn target(&self) -> &'static str {
        TARGET
    }

    fn render<'g>(&'g self, graph: &'g Graph) -> Result<Rendered<'g>, Problems> {
        render(graph, &self.options)
    }
}

/// Renders every stack of a graph to a root module, without an address ledger.
///
/// # Errors
/// Returns all problems if two constructs have the same address, a stack refers to another stack
/// whose state it cannot read, or the pinned provider version does not support a feature.
pub fn render<'g>(graph: &'g Graph, options: &'g Options) -> Result<Rendered<'g>, Problems> {
    render_after(graph, options, None).map(|output| output.rendered)
}

/// Renders every stack of a graph to a root module, given the address ledger of earlier runs.
///
/// A retained resource that is no longer declared gets a `removed` block: Terraform removes it from
/// the state and does not destroy it, as CloudFormation does with `DeletionPolicy: Retain`. A
/// resource whose address has changed gets a `moved` block. A stack that is no longer declared keeps
/// a module as long as it has retained resources. Pass [`Output::ledger`] to the next run.
///
/// # Errors
/// As [`render`], and if an address now belongs to another resource, or the pinned Terraform version
/// does not support the blocks.
pub fn render_over<'g>(
    graph: &'g Graph,
    options: &'g Options,
    before: &'g Ledger,
) -> Result<Output<'g>, Problems> {
    render_after(graph, options, Some(before))
}

fn render_after<'g>(
    graph: &'g Graph,
    options: &'g Options,
    before: Option<&'g Ledger>,
) -> Result<Output<'g>, Problems> {
    let (stacks, warnings) = (graph.stacks(), graph.warnings());
    let history = History::new(before, options, stacks);
    let modules: Vec<_> = stacks
        .iter()
        .zip(exports(graph))
        .enumerate()
        .map(|(index, (stack, exports))| {
            let before = history.of.get(stack.id.as_str()).copied();
            StackModule { graph, options, index, stack, exports, before }
        })
        .collect();
    let made = in_parallel(&modules, || (), |(), module| module.make());

    let mut problems = check_stack_ids(stacks, options.layout);
    let mut later = Vec::new();
    let mut references = Vec::new();
    let mut files = Vec::new();
    let mut ledger = before.map(|before| before.without(options.layout)).unwrap_or_default();
    let written = ledger.stacks_mut(options.layout);
    for (stack, (module, outcome)) in stacks.iter().zip(made) {
        problems.extend(outcome.problems.0);
        later.extend(outcome.problems.1);
        references.push(outcome.references);
        let path = module_path(options.layout, &outcome.entry.folder);
        let roots = outcome.roots.map(|roots| roots.files(&stack.id));
        written.insert(stack.id.clone(), outcome.entry);
        files.push(File::json(path, Some(&stack.id), module));
        files.extend(roots.into_iter().flatten());
    }
    if before.is_some_and(|before| !before.knows(options.layout))
        && let Some(first) = stacks.first()
    {
        let place = first.place.clone().on_key();
        problems.push(Problem::warning(place, TerraformWarning::EarlierAddressesUnknown));
    }
    problems.extend(shared_states(stacks, options));
    problems.extend(later);
    let mut gone = Vec::new();
    for (id, before) in history.departed {
        let Some(Departed { module, entry, roots }) = departed(id, before, options, &mut problems)
        else {
            continue;
        };
        let sharing = written
            .iter()
            .find(|(_, other)| before.backend().is_some() && other.backend() == before.backend());
        if let Some((first, _)) = sharing
            && let Some(stack) = stacks.iter().find(|stack| stack.id == *first)
        {
            let fact = TerraformWarning::StateShared { first: id.clone() };
            problems.push(Problem::warning(stack.place.clone().on_key(), fact));
        }
        written.insert(id.clone(), entry.into());
        let path = module_path(options.layout, &before.folder);
        files.push(File::json(path, Some(id), module));
        files.extend(roots.into_iter().flat_map(|roots| roots.files(id)));
        gone.push(id);
    }
    let own_warnings = Problems::check(problems)?;
    if options.layout == Layout::Cdktf {
        let mut manifest = Manifest::new();
        let said = graph.by_stack(warnings.iter().chain(&own_warnings));
        for ((stack, references), said) in stacks.iter().zip(&references).zip(said) {
            let producers = references.iter().filter_map(|index| stacks.get(*index));
            let dependencies = producers.map(|producer| producer.id.as_str()).collect();
            let retained = retained(stack);
            match written.get(&stack.id).and_then(|entry| entry.targets.as_ref()) {
                None => manifest.add(&stack.id, dependencies, &said, &retained),
                Some(targets) => manifest.add_targets(&stack.id, targets, &said, &retained),
            }
        }
        for id in gone {
            match written.get(id).and_then(|entry| entry.targets.as_ref()) {
                None => manifest.add(id, BTreeSet::new(), &[], &[]),
                Some(targets) => manifest.add_targets(id, targets, &[], &[]),
            }
        }
        files.insert(0, File::json("manifest.json", None, manifest));
    }
    Ok(Output { rendered: Rendered { files, warnings: own_warnings }, ledger })
}

/// The path of the module below the output directory.
fn module_path(layout: Layout, folder: &str) -> String {
    match layout {
        Layout::Plain => format!("{folder}/main.tf.json"),
        Layout::Cdktf => format!("{folder}/cdk.tf.json"),
    }
}

/// The addresses of the resources that Terraform refuses to destroy.
fn retained(stack: &StackNode) -> Vec<String> {
    let kept = |r: &&Resource| r.removal_policy == Some(RemovalPolicy::Retain);
    let address =
        |r: &Resource| format!("{}.{}", terraform_type(r).name(), names::of(r, Layout::Cdktf));
    stack.resources.iter().filter(kept).map(address).collect()
}

/// Warns about stacks with identical backends. This is not always a mistake: backend arguments can
/// also be passed to `terraform init`, and a local path is relative to the directory of each stack.
fn shared_states(stacks: &[StackNode], options: &Options) -> Vec<Problem> {
    let mut earlier: HashMap<Vec<String>, Vec<(&StackNode, &Backend)>> = HashMap::new();
    let mut problems = Vec::new();
    for stack in stacks {
        let backend = options.settings_of(&stack.id).backend;
        let Some(backend) = backend.filter(|backend| backend.kind != "local") else { continue };
        let alike = earlier.entry(backend.texts()).or_default();
        // Targets have states below that of their stack.
        let are_alike = |(first, other): &&(&StackNode, &Backend)| {
            *other == backend && first.targets.is_some() == stack.targets.is_some()
        };
        if let Some((first, _)) = alike.iter().find(are_alike) {
            let fact = TerraformWarning::StateShared { first: first.id.clone() };
            problems.push(Problem::warning(stack.place.clone().on_key(), fact));
        } else {
            alike.push((stack, backend));
        }
    }
    problems
}

/// The attributes that other stacks read, by the stack that has them.
fn exports(graph: &Graph) -> Vec<BTreeSet<Export>> {
    let mut exports = vec![BTreeSet::new(); graph.stacks().len()];
    for consumer in 0..graph.stacks().len() {
        for export in graph.foreign_references(consumer) {
            if let Some(of_producer) = exports.get_mut(export.0.stack()) {
                of_producer.insert(export);
            }
        }
    }
    exports
}

/// What the module of a stack is made of.
struct StackModule<'g> {
    graph: &'g Graph,
    options: &'g Options,
    index: usize,
    stack: &'g StackNode,
    /// The attributes that other stacks read.
    exports: BTreeSet<Export>,
    /// The ledger entry of earlier runs.
    before: Option<&'g SharedStack>,
}

/// What is known of a module before it is written.
struct Outcome {
    /// The problems of the stack, and those of its module.
    problems: (Vec<Problem>, Vec<Problem>),
    /// The stacks whose states it reads, by their positions.
    references: BTreeSet<usize>,
    entry: SharedStack,
    /// What calls the module, if the stack has targets.
    roots: Option<Roots>,
}

impl<'g> StackModule<'g> {
    /// Makes the module.
    fn make(&self) -> (Module<'g>, Outcome) {
        let Self { graph, options, index, stack, before, .. } = *self;
        let (mut of_stack, mut of_module) = (Vec::new(), Vec::new());
        let mut made = Stack::new(graph, options, index, stack, &mut of_stack);
        let imports = made.renderer.scope.imports().iter();
        let references = imports.map(|(id, _)| id.stack()).collect();
        for export in &self.exports {
            made.renderer.add_export(*export);
        }
        let name = match options.layout {
            Layout::Plain => &stack.output_name,
            Layout::Cdktf => &stack.id,
        };
        let folder = match (&stack.targets, options.layout) {
            (Some(_), _) => format!("{MODULES}/{name}"),
            (None, Layout::Plain) => name.clone(),
            (None, Layout::Cdktf) => manifest::folder(name),
        };
        let (mut module, entry) =
            made.finish(options, folder, before.map(|it| &**it), &mut of_module);
        let roots = entry.targets.clone().map(|targets| Roots {
            id: stack.id.clone(),
            name: name.clone(),
            layout: options.layout,
            project: options.project.clone(),
            targets,
            terraform: root_terraform(&module.terraform, &entry),
            provider: entry.provider.clone(),
            outputs: targets::outputs(&module.output),
            output_tree: output_tree(&module),
        });
        if roots.is_some() {
            module.called();
        }
        let entry = SharedStack::over(entry, before);
        (module, Outcome { problems: (of_stack, of_module), references, entry, roots })
    }
}

/// A stack with its blocks, except the outputs that other stacks need.
struct Stack<'g> {
    renderer: StackRenderer<'g>,
    resources: StackResources<'g>,
    providers: crate::provider::Providers<'g>,
    terraform_version: Option<&'g VersionConstraint>,
    backend: Option<&'g Backend>,
    output_tree: BTreeMap<String, OutputTree>,
    targets: Option<TargetsLedger>,
}

impl<'g> Stack<'g> {
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
            output_name: _,
            description: _,
            env: _,
            targets,
            tags: _,
            termination_protection,
            resources: _,
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
        let targets =
            targets.as_ref().map(|it| targets::targets(stack, it, settings.backend, problems));
        if targets.is_some() && options.import.is_some() {
            let error = TargetsError::NoImport { stack: stack.id.clone() };
            problems.push(Problem::error(place.key("targets").on_key(), error));
        }
        let providers = providers(stack, settings, problems);
        let region_attribute = providers.region_attribute;
        let resources = StackResources { graph, options, index, stack, region_attribute };
        let mut renderer = StackRenderer::new(resources.scope());
        renderer.add_resources();
        let output_tree = renderer.add_outputs();
        let terraform_version = settings.required_version;
        let backend = settings.backend;
        Self { renderer, resources, providers, terraform_version, backend, output_tree, targets }
    }

    /// The stack's module and ledger entry.
    fn finish(
        mut self,
        options: &Options,
        folder: String,
        before: Option<&StackLedger>,
        problems: &mut Vec<Problem>,
    ) -> (Module<'g>, StackLedger) {
        let stack = self.renderer.scope.stack();
        let addresses = self.renderer.take_addresses();
        let change = before.map(|before| {
            let has_state = !before.state.is_empty();
            let identities = if has_state { self.renderer.identities() } else { BTreeMap::new() };
            compare(before, &addresses, &identities)
        });
        let change = change.unwrap_or_default();
        if !change.conflicts.is_empty() {
            let places = stack.resources.iter().rev().map(|r| (r.path.as_str(), &r.place));
            let places: HashMap<&str, &Place> = places.collect();
            for found in &change.conflicts {
                let path = addresses.get(found.address()).and_then(|entry| entry.path.as_deref());
                let place = path.and_then(|path| places.get(path)).copied();
                problems.push(conflict(found.clone(), place.unwrap_or(&stack.place).clone()));
            }
        }
        let in_state = before.map(|before| before.in_state(&change)).unwrap_or_default();
        let (import, imported) = match options.import {
            None => (Vec::new(), None),
            Some(_) => self.renderer.import_blocks(&in_state),
        };
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
        let mut terraform = TerraformBlock {
            required_version: self.terraform_version.map(|pin| pin.as_str().into()),
            required_providers: self.providers.required,
            backend: backend_block(stack, self.backend, options),
        };
        let mut blocks = (arguments(&terraform), arguments(&self.providers.blocks));
        if self.backend.is_none() {
            // The state path that ecrane chooses is not part of the config, and can be specific to
            // this machine.
            blocks.0.remove("backend");
        }
        terraform.required_version =
            required_version(&change, imported, self.terraform_version, &stack.place, problems);
        let module = Module {
            comment,
            terraform,
            provider: self.providers.blocks,
            data: gathered.data,
            resource: gathered.has_resources.then_some(self.resources),
            output: gathered.outputs,
            import,
            moved: moved(&change.moved),
            removed: removed(&change.gone),
        };
        let Change { gone, moved, conflicts: _ } = change;
        let (terraform, provider) = blocks;
        let state = BTreeMap::new();
        let targets = self.targets;
        let entry =
            StackLedger { folder, terraform, provider, targets, addresses, gone, moved, state };
        (module, entry)
    }
}

/// The `terraform` block of root modules: the version that the module needs, and the backend of the
/// config.
fn root_terraform(
    block: &TerraformBlock<'_>,
    entry: &StackLedger,
) -> serde_json::Map<String, serde_json::Value> {
    let mut block = arguments(block);
    block.remove("backend");
    block.extend(entry.terraform.get("backend").map(|it| ("backend".to_owned(), it.clone())));
    block
}

/// The names of the outputs, by construct ID.
fn output_tree(module: &Module<'_>) -> serde_json::Value {
    let Some(Comment::Stack(comment)) = &module.comment else { return serde_json::Value::Null };
    let tree = comment.outputs.values().next();
    tree.and_then(|tree| serde_json::to_value(tree).ok()).unwrap_or_default()
}

/// Arguments in the ledger.
fn arguments(blocks: &impl Serialize) -> serde_json::Map<String, serde_json::Value> {
    match serde_json::to_value(blocks) {
        Ok(serde_json::Value::Object(arguments)) => arguments,
        // They are objects of texts and of what the config gave as JSON.
        _ => serde_json::Map::new(),
    }
}

/// The command lines match stacks by patterns and keep each in a folder of its id, so not every id
/// will do. In the plain layout, the directory has the stack's name, which is never out of order.
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
