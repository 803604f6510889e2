//! One stack on its way to becoming a module.

use std::collections::{BTreeMap, BTreeSet};

use ecrane_core::{
    Attribute, ConstructPath, Graph, Json, Place, PolicyDocument, Problem, RemovalPolicy, Resource,
    ResourceId, StackNode, Value,
};
use indexmap::IndexMap;

use crate::TARGET;
use crate::data::{self, CURRENT, DataSource};
use crate::expression::{self, Part, Reference, Resolve, Text};
use crate::json_text::JsonText;
use crate::ledger::{Address, Entry};
use crate::module::{
    Block, BlockComment, BlockMetadata, Blocks, DataBody, Lifecycle, ResourceBlock, Resources,
};
use crate::options::{Layout, Options};
use crate::outputs::OutputBlock;
use crate::problem::TerraformError;
use crate::resource::{self, Body};
use crate::{names, policy, remote_state};

/// An attribute of a resource that another stack reads.
pub(crate) type Export = (ResourceId, Attribute);

/// Gathers the blocks of a stack.
#[derive(Debug)]
pub(crate) struct StackRenderer<'g> {
    graph: &'g Graph,
    options: &'g Options,
    index: usize,
    stack: &'g StackNode,
    region_attribute: &'static str,
    /// Where in the input what is rendered just now stands.
    place: Place,
    problems: Vec<Problem>,
    data: BTreeSet<DataSource>,
    imports: BTreeSet<Export>,
    /// The stacks whose state is read.
    producers: BTreeSet<usize>,
    resources: Resources<'g>,
    outputs: IndexMap<String, OutputBlock<'g>>,
    /// The resources, for the ledger.
    addresses: BTreeMap<Address, Entry>,
    /// The construct behind each address.
    taken: BTreeMap<(&'static str, String), String>,
}

/// What has been gathered.
#[derive(Debug)]
pub(crate) struct Gathered<'g> {
    pub(crate) data: Blocks<DataBody<'g>>,
    pub(crate) resources: Resources<'g>,
    pub(crate) outputs: IndexMap<String, OutputBlock<'g>>,
    pub(crate) problems: Vec<Problem>,
}

impl<'g> StackRenderer<'g> {
    pub(crate) fn new(
        graph: &'g Graph,
        options: &'g Options,
        index: usize,
        stack: &'g StackNode,
        region_attribute: &'static str,
    ) -> Self {
        Self {
            graph,
            options,
            index,
            stack,
            region_attribute,
            place: stack.place.clone(),
            problems: Vec::new(),
            data: BTreeSet::new(),
            imports: BTreeSet::new(),
            producers: BTreeSet::new(),
            resources: Resources::new(),
            outputs: IndexMap::new(),
            addresses: BTreeMap::new(),
            taken: BTreeMap::new(),
        }
    }

    pub(crate) fn layout(&self) -> Layout {
        self.options.layout
    }

    pub(crate) fn stack(&self) -> &'g StackNode {
        self.stack
    }

    /// The resources so far.
    pub(crate) fn addresses(&self) -> &BTreeMap<Address, Entry> {
        &self.addresses
    }

    /// What the stack reads of other stacks.
    pub(crate) fn imports(&self) -> &BTreeSet<Export> {
        &self.imports
    }

    /// Problems are reported here from now on.
    pub(crate) fn stand_at(&mut self, place: &Place) {
        self.place = place.clone();
    }

    pub(crate) fn problem(&mut self, problem: Problem) {
        self.problems.push(problem);
    }

    /// Reports what stops the work, where the renderer stands.
    pub(crate) fn error(&mut self, fact: TerraformError) {
        self.problems.push(Problem::error(self.place.clone(), fact));
    }

    /// A value as a string.
    pub(crate) fn text(&mut self, value: &'g Value) -> Text<'g> {
        expression::text(value, self)
    }

    /// A policy document as a string.
    pub(crate) fn policy(&mut self, document: &PolicyDocument) -> Text<'g> {
        policy::policy(document, self)
    }

    /// A JSON object as a string.
    pub(crate) fn json(&mut self, entries: &IndexMap<String, Json>) -> Text<'g> {
        let mut json = JsonText::new(self);
        json.object(entries, JsonText::json);
        json.finish()
    }

    /// A reference to an attribute of a resource of this stack.
    pub(crate) fn own(&mut self, resource: &Resource, attribute: Attribute) -> Text<'g> {
        Text::expression(&self.own_expression(resource, attribute))
    }

    fn own_expression(&mut self, resource: &Resource, attribute: Attribute) -> String {
        let kind = resource::kind(&resource.kind);
        let name = names::of(resource, self.layout());
        format!("{kind}.{name}.{}", self.attribute_name(resource, attribute))
    }

    fn attribute_name(&mut self, resource: &Resource, attribute: Attribute) -> &'static str {
        resource::attribute(&resource.kind, attribute).unwrap_or_else(|| {
            let attribute = match attribute {
                Attribute::Name => "name",
                Attribute::Arn => "ARN",
            };
            self.error(TerraformError::NoAttribute { path: resource.path.to_string(), attribute });
            ""
        })
    }

    /// Adds the resource that a construct is.
    pub(crate) fn add(&mut self, resource: &'g Resource, body: Body<'g>) {
        if let Some(name) = resource.addresses.pinned(TARGET)
            && !names::is_name(name)
        {
            let fact = TerraformError::PinInvalid { name: name.to_owned() };
            self.problem(Problem::error(resource.place.key("terraformName"), fact));
        }
        let name = names::of(resource, self.layout());
        let protected = resource.removal_policy == Some(RemovalPolicy::Retain);
        let lifecycle = protected.then_some(Lifecycle { prevent_destroy: true });
        let entry = Entry {
            path: Some(resource.path.to_string()),
            name: resource::given_name(resource).map(str::to_owned),
            retained: protected,
            of: None,
        };
        self.record(body.kind(), &name, entry);
        self.add_block(&resource.path, name, body, lifecycle, resource.addresses.overrides(TARGET));
    }

    /// Adds a resource of which a construct has one at most: in the plain layout, and where the
    /// construct is pinned, it bears the construct's name, which its type tells apart.
    pub(crate) fn add_beside(&mut self, resource: &'g Resource, part: &str, body: Body<'g>) {
        let path = names::part(&resource.path, part);
        let name = match (names::pinned(resource), self.layout()) {
            (Some(pinned), _) => pinned.to_owned(),
            (None, Layout::Plain) => names::name(&resource.path, Layout::Plain),
            (None, Layout::Cdktf) => path.cdktf_id(),
        };
        self.record_part(resource, body.kind(), &name, &path);
        self.add_block(&path, name, body, None, None);
    }

    /// Adds a resource of which a construct may have several.
    pub(crate) fn add_below(&mut self, resource: &'g Resource, part: &str, body: Body<'g>) {
        let path = names::part(&resource.path, part);
        let name = match names::pinned(resource) {
            Some(pinned) => format!("{pinned}_{}", names::snake_case(&[part])),
            None => names::name(&path, self.layout()),
        };
        self.record_part(resource, body.kind(), &name, &path);
        self.add_block(&path, name, body, None, None);
    }

    /// Records a resource that CloudFormation has as a part of another.
    fn record_part(&mut self, whole: &Resource, kind: &str, name: &str, path: &ConstructPath) {
        let owner = Address::new(resource::kind(&whole.kind), &names::of(whole, self.layout()));
        let of = owner.filter(|owner| self.addresses.contains_key(owner));
        let entry = Entry { path: Some(path.to_string()), of, ..Entry::default() };
        self.record(kind, name, entry);
    }

    fn record(&mut self, kind: &str, name: &str, entry: Entry) {
        // What is no address is reported where it is taken.
        self.addresses.extend(Address::new(kind, name).map(|address| (address, entry)));
    }

    fn add_block(
        &mut self,
        path: &ConstructPath,
        name: String,
        body: Body<'g>,
        lifecycle: Option<Lifecycle>,
        overrides: Option<&IndexMap<String, serde_json::Value>>,
    ) {
        let kind = body.kind();
        self.take(kind, &name, &path.to_string());
        let comment = self.comment(&path.to_string(), &name);
        let block = ResourceBlock::new(Block { comment, body, lifecycle }, overrides);
        self.resources.entry(kind).or_default().insert(name, block);
    }

    /// Adds an output.
    pub(crate) fn add_output(
        &mut self,
        path: &ConstructPath,
        name: String,
        output: OutputBlock<'g>,
    ) {
        self.take("output", &name, &path.to_string());
        self.outputs.insert(name, output);
    }

    /// Adds the output through which other stacks read an attribute.
    pub(crate) fn add_export(&mut self, (id, attribute): Export) {
        // Every reference of a graph leads to a resource.
        let Some(resource) = self.graph.resource(id) else { return };
        let name = self.export_name(resource, attribute);
        let value = self.own(resource, attribute);
        let sensitive = match self.layout() {
            Layout::Plain => None,
            Layout::Cdktf => Some(true),
        };
        self.take("output", &name, &resource.path.to_string());
        self.outputs.insert(name, OutputBlock { value, description: None, sensitive });
    }

    fn export_name(&mut self, resource: &Resource, attribute: Attribute) -> String {
        let kind = resource::kind(&resource.kind);
        let name = names::of(resource, self.layout());
        let attribute = self.attribute_name(resource, attribute);
        remote_state::output_name(kind, &name, attribute, self.layout())
    }

    /// Takes an address for a construct or a stack, or reports who has it already.
    fn take(&mut self, kind: &'static str, name: &str, taker: &str) {
        if !names::is_name(name) {
            let fact =
                TerraformError::NameInvalid { path: taker.to_owned(), name: name.to_owned() };
            return self.error(fact);
        }
        if let Some(first) = self.taken.insert((kind, name.to_owned()), taker.to_owned()) {
            let address = format!("{kind}.{name}");
            self.error(TerraformError::AddressTaken { address, first, second: taker.to_owned() });
        }
    }

    fn comment(&self, path: &str, name: &str) -> Option<BlockComment> {
        match self.layout() {
            Layout::Plain => None,
            Layout::Cdktf => Some(BlockComment {
                metadata: BlockMetadata {
                    path: format!("{}/{path}", self.stack.id),
                    unique_id: name.to_owned(),
                },
            }),
        }
    }

    /// What has been gathered.
    pub(crate) fn finish(self) -> Gathered<'g> {
        let mut data: Blocks<DataBody<'g>> = Blocks::new();
        for source in &self.data {
            let comment = self.comment(CURRENT, CURRENT);
            let block = Block { comment, body: DataBody::None {}, lifecycle: None };
            data.entry(source.kind()).or_default().insert(CURRENT.to_owned(), block);
        }
        for producer in self.producers.iter().filter_map(|index| self.graph.stacks().get(*index)) {
            let backend = self.options.settings_of(&producer.id).backend;
            let state = remote_state::remote_state(producer, backend, self.options);
            if let Some(state) = state {
                let name = remote_state::name(producer, self.layout());
                let comment = self.comment(&name, &name);
                let block = Block { comment, body: DataBody::RemoteState(state), lifecycle: None };
                data.entry(remote_state::KIND).or_default().insert(name, block);
            }
        }
        Gathered { data, resources: self.resources, outputs: self.outputs, problems: self.problems }
    }

    /// A reference to an attribute of a resource of another stack.
    fn foreign_expression(&mut self, id: ResourceId, attribute: Attribute) -> String {
        // Every reference of a graph leads to a resource.
        let (Some(producer), Some(resource)) = (self.graph.stack_of(id), self.graph.resource(id))
        else {
            return String::new();
        };
        let state = remote_state::name(producer, self.layout());
        if self.producers.insert(id.stack()) {
            self.take("data.terraform_remote_state", &state, &producer.id);
            let backend = self.options.settings_of(&producer.id).backend;
            if backend.is_none() && self.layout() == Layout::Plain {
                self.error(TerraformError::NoBackend {
                    consumer: self.stack.id.clone(),
                    producer: producer.id.clone(),
                });
            }
        }
        self.imports.insert((id, attribute));
        let output = self.export_name(resource, attribute);
        format!("data.{}.{state}.outputs.{output}", remote_state::KIND)
    }
}

impl Resolve for StackRenderer<'_> {
    fn resolve(&mut self, reference: Reference) -> Part<'static> {
        match reference {
            Reference::Pseudo(pseudo) => {
                let (part, source) = data::pseudo(pseudo, &self.stack.env, self.region_attribute);
                self.data.extend(source);
                part
            }
            Reference::Attribute(id, attribute) if id.stack() == self.index => {
                let resource = self.graph.resource(id);
                let own = resource.map(|resource| self.own_expression(resource, attribute));
                Part::Expression(own.unwrap_or_default())
            }
            Reference::Attribute(id, attribute) => {
                Part::Expression(self.foreign_expression(id, attribute))
            }
        }
    }
}
