//! The blocks of one stack's module.

use std::collections::{BTreeMap, BTreeSet};

use ecrane_core::{
    ConstructPath, ImportWarning, Place, Problem, RemovalPolicy, Resource, ResourceId,
};
use indexmap::IndexMap;
use serde_json::json;

use crate::TARGET;
use crate::data::{CURRENT, DataSource};
use crate::import::{IdKind, ImportBlock, ImportId};
use crate::ledger::{Address, Entry};
use crate::module::{
    Block, BlockComment, BlockMetadata, Blocks, DataBody, Lifecycle, ResourceBlock, Resources,
};
use crate::options::Layout;
use crate::outputs::{self, OutputBlock, OutputTree};
use crate::problem::TerraformWarning;
use crate::resource::{self, Body, Part, Pieces};
use crate::scope::{Export, Scope};
use crate::{cross_stack, names, remote_state};

/// Renders the blocks of a stack.
#[derive(Debug)]
pub(crate) struct StackRenderer<'g> {
    pub(crate) scope: Scope<'g>,
    /// Whether resources are rendered that were before: their problems and addresses are known.
    is_again: bool,
    resources: Resources<'g>,
    outputs: IndexMap<String, OutputBlock<'g>>,
    /// The resources, for the ledger.
    addresses: BTreeMap<Address, Entry>,
    /// How each resource is imported.
    imports: Vec<Importable<'g>>,
}

/// A resource that may exist.
#[derive(Debug)]
struct Importable<'g> {
    address: Address,
    /// The resource of the graph that it renders or is a part of.
    of: ResourceId,
    id: ImportId<'g>,
    place: &'g Place,
}

/// The blocks of a stack, and the problems.
#[derive(Debug)]
pub(crate) struct Gathered<'g> {
    pub(crate) data: Blocks<DataBody<'g>>,
    pub(crate) has_resources: bool,
    pub(crate) outputs: IndexMap<String, OutputBlock<'g>>,
    pub(crate) problems: Vec<Problem>,
}

impl<'g> StackRenderer<'g> {
    pub(crate) fn new(scope: Scope<'g>) -> Self {
        Self {
            scope,
            is_again: false,
            resources: Resources::new(),
            outputs: IndexMap::new(),
            addresses: BTreeMap::new(),
            imports: Vec::new(),
        }
    }

    /// Renders the resources only, whose problems and addresses are known.
    pub(crate) fn again(scope: Scope<'g>) -> Resources<'g> {
        let mut renderer = Self { is_again: true, ..Self::new(scope) };
        renderer.add_resources();
        renderer.resources
    }

    /// Adds the Terraform resources of the resources of the stack.
    pub(crate) fn add_resources(&mut self) {
        let index = self.scope.index();
        for (position, resource) in self.scope.stack().resources.iter().enumerate() {
            self.add_resource(ResourceId::new(index, position), resource);
        }
    }

    /// The resources, for the ledger.
    pub(crate) fn take_addresses(&mut self) -> BTreeMap<Address, Entry> {
        // Ledgers of all stacks are in memory at once. A map that was filled one by one is half empty.
        std::mem::take(&mut self.addresses).into_iter().collect()
    }

    /// Adds the Terraform resources of a resource of the graph.
    fn add_resource(&mut self, of: ResourceId, resource: &'g Resource) {
        self.scope.at(&resource.place);
        let is_overridden = !self.is_again && resource.addresses.overrides(TARGET).is_some();
        let before = is_overridden.then(|| self.scope.data().clone());
        let mut blocks = Vec::new();
        let Pieces { main, parts } =
            resource::deployed(&resource.kind).render(resource, &mut self.scope);
        for (id, name) in resource.addresses.part_pins(TARGET) {
            let place = resource.place.key("terraformNames").key(&names::key_of(id));
            self.scope.check_pin(name, place.clone());
            if !parts.iter().any(|part| part.id == id) {
                let fact = TerraformWarning::NoPart { path: resource.path.to_string() };
                self.scope.problem(Problem::warning(place.on_key(), fact));
            }
        }
        let mut whole = None;
        if let Some((body, import)) = main {
            if let Some(fact) = cloudformation_only(resource) {
                self.scope.problem(Problem::warning(resource.place.clone(), fact));
            }
            if import.is_none() && self.scope.options().import.is_some() {
                let (path, kind) = (resource.path.to_string(), body.terraform_type());
                let fact = ImportWarning::NotImported { engine: "Terraform", path, kind };
                self.scope.problem(Problem::warning(resource.place.clone(), fact));
            }
            whole = self.add_main(resource, body);
            blocks.extend(whole.clone());
            self.add_import(whole.clone(), of, import, resource);
        }
        for mut part in parts {
            let import = std::mem::replace(&mut part.import, ImportId::none());
            let address = self.add_part(resource, whole.clone(), part);
            blocks.extend(address.clone());
            self.add_import(address, of, import, resource);
        }
        if let Some(before) = before {
            self.forget_replaced(&before, &blocks);
        }
    }

    /// Forgets the data sources of what overrides replaced: those that are new, and that none of the
    /// blocks refers to.
    fn forget_replaced(&mut self, before: &BTreeSet<DataSource>, blocks: &[Address]) {
        let block = |address: &Address| {
            let block = self.resources.get(address.kind())?.get(address.plain_name()?)?;
            serde_json::to_string(block).ok()
        };
        let texts: Vec<_> = blocks.iter().filter_map(block).collect();
        self.scope.keep_data(|source| {
            let reference = format!("data.{}.{CURRENT}.", source.kind());
            before.contains(&source) || texts.iter().any(|text| text.contains(&reference))
        });
    }

    fn add_import(
        &mut self,
        address: Option<Address>,
        of: ResourceId,
        id: ImportId<'g>,
        resource: &'g Resource,
    ) {
        let address = address.filter(|_| !id.is_none());
        self.imports.extend(address.map(|address| Importable {
            address,
            of,
            id,
            place: &resource.place,
        }));
    }

    /// What tells the resources from others of their types in a state.
    pub(crate) fn identities(&self) -> BTreeMap<Address, String> {
        let identity = |import: &Importable<'g>| {
            Some((import.address.clone(), import.id.identity(import.of, &self.scope)?))
        };
        self.imports.iter().filter_map(identity).collect()
    }

    /// The `import` blocks of what no state contains.
    pub(crate) fn import_blocks(
        &mut self,
        in_state: &BTreeSet<Address>,
    ) -> (Vec<ImportBlock<'g>>, Option<IdKind>) {
        let mut blocks = Vec::new();
        let mut kinds = None;
        let mut told = BTreeSet::new();
        for Importable { address, of, id, place } in std::mem::take(&mut self.imports) {
            if in_state.contains(&address) {
                continue;
            }
            match id.text(of, &mut self.scope) {
                Ok((id, kind)) => {
                    kinds = kinds.max(Some(kind));
                    blocks.push(ImportBlock { to: address, id });
                }
                Err(error) => {
                    // What belongs to a resource has the same problem.
                    if told.insert(error.path().to_owned()) {
                        self.scope.problem(Problem::error(place.clone(), error));
                    }
                }
            }
        }
        (blocks, kinds)
    }

    fn add_main(&mut self, resource: &'g Resource, body: Body<'g>) -> Option<Address> {
        if let Some(name) = resource.addresses.pinned(TARGET) {
            self.scope.check_pin(name, resource.place.key("terraformName"));
        }
        let name = names::of(resource, self.scope.layout());
        let protected = resource.removal_policy == Some(RemovalPolicy::Retain);
        let lifecycle = protected.then_some(Lifecycle { prevent_destroy: true });
        let address = if self.is_again {
            None
        } else {
            let given = resource::given_name(resource).map(str::to_owned);
            let entry = Entry { name: given, retained: protected, ..Entry::default() };
            self.record(body.terraform_type(), &name, resource.path.as_str(), entry)
        };
        let overrides = resource.addresses.overrides(TARGET);
        self.add_block(|| resource.path.clone(), name, body, lifecycle, overrides);
        address
    }

    /// Adds a part of a resource, which has an address itself if it is rendered.
    fn add_part(
        &mut self,
        resource: &'g Resource,
        whole: Option<Address>,
        part: Part<'g>,
    ) -> Option<Address> {
        let layout = self.scope.layout();
        let Part { id, is_single, body, import: _ } = part;
        let path = || names::part(&resource.path, &id);
        let name = names::of_part(resource, &id, is_single, layout);
        let address = if self.is_again {
            None
        } else {
            let entry = Entry { of: whole, ..Entry::default() };
            self.record(body.terraform_type(), &name, path().as_str(), entry)
        };
        self.add_block(path, name, body, None, None);
        address
    }

    /// Records the address of a construct, which must be valid and its own.
    fn record(&mut self, kind: &str, name: &str, path: &str, entry: Entry) -> Option<Address> {
        let Some(address) = Address::new(kind, name) else {
            self.scope.invalid(name, path);
            return None;
        };
        let entry = Entry { path: Some(path.to_owned()), ..entry };
        if let Some(first) = self.addresses.insert(address.clone(), entry) {
            self.scope.taken_twice(address.to_string(), first.path.unwrap_or_default(), path);
        }
        Some(address)
    }

    fn add_block(
        &mut self,
        path: impl Fn() -> ConstructPath,
        name: String,
        body: Body<'g>,
        lifecycle: Option<Lifecycle>,
        overrides: Option<&IndexMap<String, serde_json::Value>>,
    ) {
        let kind = body.terraform_type();
        let comment = self.comment(|| path().to_string(), &name);
        let block = ResourceBlock::new(Block { comment, body, lifecycle }, overrides);
        self.resources.entry(kind).or_default().insert(name, block);
    }

    /// Adds the outputs of the stack, and returns the tree of their names.
    pub(crate) fn add_outputs(&mut self) -> BTreeMap<String, OutputTree> {
        let mut tree = BTreeMap::new();
        for output in &self.scope.stack().outputs {
            self.scope.at(&output.place);
            let (name, block) = outputs::render(output, &mut self.scope);
            self.scope.take("output", &name, output.path.as_str());
            let ids: Vec<&str> = output.path.components().collect();
            outputs::plant(&mut tree, &ids, name.clone());
            self.outputs.insert(name, block);
        }
        tree
    }

    /// Adds the output through which other stacks read an attribute.
    pub(crate) fn add_export(&mut self, (id, attribute): Export) {
        // Every reference of a graph leads to a resource.
        let Some(resource) = self.scope.graph().resource(id) else { return };
        let name = self.scope.export_name(resource, attribute);
        let value = self.scope.own(resource, attribute);
        let sensitive = match self.scope.layout() {
            Layout::Plain => None,
            Layout::Cdktf => Some(true),
        };
        self.scope.take("output", &name, resource.path.as_str());
        self.outputs.insert(name, OutputBlock { value, description: None, sensitive });
    }

    fn comment(&self, path: impl Fn() -> String, name: &str) -> Option<BlockComment> {
        match self.scope.layout() {
            Layout::Plain => None,
            Layout::Cdktf => Some(BlockComment {
                metadata: BlockMetadata {
                    path: format!("{}/{}", self.scope.stack().id, path()),
                    unique_id: name.to_owned(),
                },
            }),
        }
    }

    /// Returns the blocks.
    pub(crate) fn finish(mut self) -> Gathered<'g> {
        let mut data: Blocks<DataBody<'g>> = Blocks::new();
        let (graph, options) = (self.scope.graph(), self.scope.options());
        for source in self.scope.data() {
            let comment = self.comment(|| CURRENT.to_owned(), CURRENT);
            let block = Block { comment, body: DataBody::None {}, lifecycle: None };
            data.entry(source.kind()).or_default().insert(CURRENT.to_owned(), block);
        }
        let producers = self.scope.producers();
        for producer in producers.iter().filter_map(|index| graph.stacks().get(*index)) {
            let backend = options.settings_of(&producer.id).backend;
            let state = remote_state::remote_state(producer, backend, options);
            if let Some(state) = state {
                let name = cross_stack::name(producer, options.layout);
                let comment = self.comment(|| name.clone(), &name);
                let block = Block { comment, body: DataBody::RemoteState(state), lifecycle: None };
                data.entry(cross_stack::KIND).or_default().insert(name, block);
            }
        }
        let problems = self.scope.take_problems();
        Gathered {
            data,
            has_resources: !self.resources.is_empty(),
            outputs: self.outputs,
            problems,
        }
    }
}

/// The properties of a resource under `cloudformation` for which it has nothing under `terraform`.
fn cloudformation_only(resource: &Resource) -> Option<TerraformWarning> {
    if resource.addresses.overrides(TARGET).is_some() {
        return None;
    }
    // The encryption that a repository has in any case is not the same property to CloudFormation.
    let is_default = |name: &str, value: &serde_json::Value| {
        name == "EncryptionConfiguration" && *value == json!({ "EncryptionType": "AES256" })
    };
    let overrides = resource.addresses.overrides("cloudformation").into_iter().flatten();
    let properties: Vec<String> = overrides
        .filter(|(name, value)| !is_default(name, value))
        .map(|(name, _)| name.clone())
        .collect();
    let path = resource.path.to_string();
    (!properties.is_empty()).then_some(TerraformWarning::CloudFormationOnly { path, properties })
}
