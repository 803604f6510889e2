//! The names, strings and references in the module of one stack.

use std::collections::{BTreeMap, BTreeSet};

use ecrane_core::{
    Attribute, Graph, Json, JsonText, Place, PolicyDocument, Problem, Pseudo, Resource, ResourceId,
    StackNode, Value,
};
use indexmap::IndexMap;

use crate::data::{self, DataSource};
use crate::expression::{self, Part, Reference, Resolve, Template, Text};
use crate::json_text::JsonTemplate;
use crate::options::{Layout, Options};
use crate::physical_name::physical_name;
use crate::problem::TerraformError;
use crate::resource::terraform_type;
use crate::{cross_stack, names};

/// The length of the longest region code, `ap-southeast-1` and others, and a reserve for longer ones.
const LONGEST_REGION: usize = 20;

/// An attribute of a resource that another stack reads.
pub(crate) type Export = (ResourceId, Attribute);

/// The context in which the resources of a module are rendered, which collects what they require:
/// data sources, remote states and problems.
#[derive(Debug)]
pub(crate) struct Scope<'g> {
    graph: &'g Graph,
    options: &'g Options,
    index: usize,
    stack: &'g StackNode,
    region_attribute: &'static str,
    /// The place of what is rendered just now.
    place: Place,
    problems: Vec<Problem>,
    data: BTreeSet<DataSource>,
    imports: BTreeSet<Export>,
    /// The stacks whose states the module reads.
    producers: BTreeSet<usize>,
    /// The construct behind the address of each output and remote state.
    taken: BTreeMap<(&'static str, String), String>,
}

impl<'g> Scope<'g> {
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
            taken: BTreeMap::new(),
        }
    }

    pub(crate) fn graph(&self) -> &'g Graph {
        self.graph
    }

    pub(crate) fn options(&self) -> &'g Options {
        self.options
    }

    /// The position of the stack in the graph.
    pub(crate) fn index(&self) -> usize {
        self.index
    }

    pub(crate) fn layout(&self) -> Layout {
        self.options.layout
    }

    pub(crate) fn stack(&self) -> &'g StackNode {
        self.stack
    }

    /// The attributes that the stack reads from other stacks.
    pub(crate) fn imports(&self) -> &BTreeSet<Export> {
        &self.imports
    }

    /// Forgets the data sources that are not to be kept.
    pub(crate) fn keep_data(&mut self, is_kept: impl Fn(DataSource) -> bool) {
        self.data.retain(|source| is_kept(*source));
    }

    /// The data sources that references require.
    pub(crate) fn data(&self) -> &BTreeSet<DataSource> {
        &self.data
    }

    /// The stacks whose state is read, by their positions.
    pub(crate) fn producers(&self) -> &BTreeSet<usize> {
        &self.producers
    }

    pub(crate) fn take_problems(&mut self) -> Vec<Problem> {
        std::mem::take(&mut self.problems)
    }

    /// Problems are reported at this place from now on.
    pub(crate) fn at(&mut self, place: &Place) {
        self.place = place.clone();
    }

    pub(crate) fn problem(&mut self, problem: Problem) {
        self.problems.push(problem);
    }

    /// Reports a pinned name that is not valid.
    pub(crate) fn check_pin(&mut self, name: &str, place: Place) {
        if !names::is_name(name) {
            let fact = TerraformError::PinInvalid { name: name.to_owned() };
            self.problem(Problem::error(place, fact));
        }
    }

    /// Reports an error at the current place of the renderer.
    pub(crate) fn error(&mut self, fact: TerraformError) {
        self.problems.push(Problem::error(self.place.clone(), fact));
    }

    /// The physical name of a resource, generated if none is given.
    ///
    /// A name of IAM is unique in an account. In a stack with targets, which can be in several regions
    /// of it, a generated name ends with the region.
    pub(crate) fn name(
        &mut self,
        resource: &Resource,
        given: Option<&'g str>,
        longest: usize,
    ) -> Text<'g> {
        if let Some(name) = given {
            return Text::literal(name);
        }
        if self.stack.targets.is_none() || !terraform_type(resource).name().starts_with("aws_iam_")
        {
            return Text::owned(physical_name(self.stack, &resource.path, longest));
        }
        let name = physical_name(self.stack, &resource.path, longest - LONGEST_REGION - 1);
        let mut template = Template::default();
        template.text(&format!("{name}-"));
        match self.pseudo(Pseudo::Region) {
            Part::Text(text) => template.text(&text),
            Part::Expression(expression) => template.expression(&expression),
        }
        template.finish()
    }

    /// A pseudo parameter.
    pub(crate) fn pseudo(&mut self, pseudo: Pseudo) -> Part<'static> {
        let (part, source) = data::pseudo(pseudo, &self.stack.env, self.region_attribute);
        self.data.extend(source);
        part
    }

    /// A pseudo parameter, if the environment of the stack specifies it.
    pub(crate) fn known_pseudo(&self, pseudo: Pseudo) -> Option<Part<'static>> {
        let (part, source) = data::pseudo(pseudo, &self.stack.env, self.region_attribute);
        source.is_none().then_some(part)
    }

    /// Renders a value as a string.
    pub(crate) fn text(&mut self, value: &'g Value) -> Text<'g> {
        expression::text(value, self)
    }

    /// Renders a policy document as a string.
    pub(crate) fn policy(&mut self, document: &PolicyDocument) -> Text<'g> {
        let mut json = JsonTemplate::new(self);
        json.elements(&document.elements());
        json.finish()
    }

    /// Renders a JSON object as a string.
    pub(crate) fn json(&mut self, entries: &IndexMap<String, Json>) -> Text<'g> {
        let mut json = JsonTemplate::new(self);
        json.object(entries, JsonText::json);
        json.finish()
    }

    /// A reference to an attribute of a resource of this stack.
    pub(crate) fn own(&mut self, resource: &Resource, attribute: Attribute) -> Text<'g> {
        Text::expression(&self.own_expression(resource, attribute))
    }

    fn own_expression(&mut self, resource: &Resource, attribute: Attribute) -> String {
        let kind = terraform_type(resource).name();
        let name = names::of(resource, self.layout());
        [kind, ".", &name, ".", self.attribute_name(resource, attribute)].concat()
    }

    fn attribute_name(&mut self, resource: &Resource, attribute: Attribute) -> &'static str {
        terraform_type(resource).attribute(attribute).unwrap_or_else(|| {
            let attribute = match attribute {
                Attribute::Name => "name",
                Attribute::Arn => "ARN",
            };
            self.error(TerraformError::NoAttribute { path: resource.path.to_string(), attribute });
            ""
        })
    }

    /// The name of the output through which other stacks read an attribute.
    pub(crate) fn export_name(&mut self, resource: &Resource, attribute: Attribute) -> String {
        let kind = terraform_type(resource).name();
        let name = names::of(resource, self.layout());
        let attribute = self.attribute_name(resource, attribute);
        cross_stack::output_name(kind, &name, attribute, self.layout())
    }

    /// Assigns an address to an output or a stack, or reports the one that has it already.
    pub(crate) fn take(&mut self, kind: &'static str, name: &str, taker: &str) {
        if !names::is_name(name) {
            return self.invalid(name, taker);
        }
        if let Some(first) = self.taken.insert((kind, name.to_owned()), taker.to_owned()) {
            self.taken_twice(format!("{kind}.{name}"), first, taker);
        }
    }

    /// Reports that the name of a construct is not valid.
    pub(crate) fn invalid(&mut self, name: &str, path: &str) {
        self.error(TerraformError::NameInvalid { path: path.to_owned(), name: name.to_owned() });
    }

    /// Reports that two constructs have one address.
    pub(crate) fn taken_twice(&mut self, address: String, first: String, second: &str) {
        let second = second.to_owned();
        self.error(TerraformError::AddressTaken { address, first, second });
    }

    /// A reference to an attribute of a resource of another stack.
    fn foreign_expression(&mut self, id: ResourceId, attribute: Attribute) -> String {
        // `Graph::new` accepts only references to resources of the graph.
        let (Some(producer), Some(resource)) = (self.graph.stack_of(id), self.graph.resource(id))
        else {
            return String::new();
        };
        let state = cross_stack::name(producer, self.layout());
        if self.stack.targets.is_some() || producer.targets.is_some() {
            // A reference from or to a single place is no reference of the graph.
            if self.stack.targets.is_some() && producer.targets.is_some() {
                let (consumer, producer) = (self.stack.id.clone(), producer.id.clone());
                self.error(TerraformError::ReferenceOfTargets { consumer, producer });
            }
            return String::new();
        }
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
        format!("data.{}.{state}.outputs.{output}", cross_stack::KIND)
    }
}

impl Resolve for Scope<'_> {
    fn resolve(&mut self, reference: Reference) -> Part<'static> {
        match reference {
            Reference::Pseudo(pseudo) => self.pseudo(pseudo),
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
