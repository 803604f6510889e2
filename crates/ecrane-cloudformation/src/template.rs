//! Templates.

use std::collections::BTreeSet;
use std::io;

use ecrane_core::{
    Addresses, Attribute, Graph, Output, Problem, Problems, ReferenceStrength, RemovalPolicy,
    Resource, ResourceId, TargetsError, in_parallel,
};
use indexmap::IndexMap;
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use crate::TARGET;
use crate::bootstrap;
use crate::error::{
    MAX_BODY, MAX_DESCRIPTION, MAX_OUTPUTS, MAX_RESOURCES, MAX_SIZE, TemplateError,
};
use crate::import::{ResourceToImport, resources_to_import};
use crate::logical_ids::{LogicalIds, of_output};
use crate::options::Options;
use crate::reference::{Published, References, export_name};
use crate::resource::{AnyProperties, cloudformation_type, properties, unfit_name};
use crate::scope::{In, Scope, local_attribute};

/// The templates of a graph.
#[derive(Debug)]
pub(crate) struct Templates<'g> {
    /// The resources to import, by stack.
    imports: Vec<Vec<ResourceToImport>>,
    /// The warnings about what is not imported.
    warnings: Vec<Problem>,
    graph: &'g Graph,
    ids: LogicalIds,
    references: References,
    options: Options,
}

/// The template of a stack, which serializes as the document.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Template<'t> {
    scope: Scope<'t>,
    options: &'t Options,
}

/// The templates of all stacks.
///
/// # Errors
/// Returns all problems if CloudFormation would reject a template: ECR account settings, duplicate
/// logical IDs, more than 500 resources, or more than 1 MB; or if a stack has no resources and the
/// CDK's default rules are enabled.
pub(crate) fn templates(graph: &Graph, options: Options) -> Result<Templates<'_>, Problems> {
    let ids = LogicalIds::new(graph);
    let references = References::new(graph, &ids);
    let mut templates =
        Templates { imports: Vec::new(), warnings: Vec::new(), graph, ids, references, options };
    let all: Vec<_> = templates.iter().collect();
    let checked = in_parallel(
        &all,
        || (),
        |(), template| {
            let (mut of_stack, mut of_template) = (Vec::new(), Vec::new());
            template.check_stack(&mut of_stack);
            template.check_size(&mut of_template);
            (of_stack, of_template)
        },
    );
    let (of_stacks, of_templates): (Vec<_>, Vec<_>) = checked.into_iter().unzip();
    let mut problems: Vec<_> = of_stacks.into_iter().chain(of_templates).flatten().collect();
    if let Some(ids) = &templates.options.import {
        for stack in graph.stacks().iter().filter(|stack| stack.targets.is_some()) {
            let error = TargetsError::NoImport { stack: stack.id.clone() };
            problems.push(Problem::error(stack.place.key("targets").on_key(), error));
        }
        let imports = templates.iter().map(|it| resources_to_import(it, ids, &mut problems));
        templates.imports = imports.collect();
    }
    templates.warnings = Problems::check(problems)?;
    Ok(templates)
}

impl Templates<'_> {
    /// The resources to import of a stack, by its position.
    pub(crate) fn imports(&self, index: usize) -> &[ResourceToImport] {
        self.imports.get(index).map_or(&[], Vec::as_slice)
    }

    /// The warnings.
    pub(crate) fn warnings(&self) -> &[Problem] {
        &self.warnings
    }

    /// The templates, in the order of the graph's stacks.
    pub(crate) fn iter(&self) -> impl Iterator<Item = Template<'_>> {
        (0..self.graph.stacks().len()).filter_map(|index| self.get(index))
    }

    /// The template of a stack, by its position.
    pub(crate) fn get(&self, index: usize) -> Option<Template<'_>> {
        let stack = self.graph.stacks().get(index)?;
        let scope =
            Scope { graph: self.graph, index, stack, ids: &self.ids, references: &self.references };
        Some(Template { scope, options: &self.options })
    }
}

impl<'t> Template<'t> {
    /// The context of its parts.
    pub(crate) fn scope(&self) -> Scope<'t> {
        self.scope
    }

    /// The options that it is rendered with.
    pub(crate) fn options(&self) -> &'t Options {
        self.options
    }

    /// Reports what CloudFormation would reject in the stack, before it is written.
    fn check_stack(self, problems: &mut Vec<Problem>) {
        let Scope { graph, index, stack, ids, references } = self.scope;
        let published = references.of_producer(index);
        let published =
            published.flat_map(|(_, it)| it.export.iter().chain(&it.output)).map(String::as_str);
        ids.check(index, stack, published, graph.compatibility(), problems);
        for resource in &stack.resources {
            if let Err(error) = cloudformation_type(resource) {
                problems.push(Problem::error(resource.place.clone(), error));
            }
            if let Some(error) = unfit_name(resource) {
                problems.push(Problem::error(resource.place.key("repositoryName"), error));
            }
        }
        let has_weak = graph.compatibility().reference_strength != ReferenceStrength::Strong;
        if stack.targets.is_some() && has_weak && !graph.dependencies(index).is_empty() {
            let error = TemplateError::StackSetWeakReference { stack: stack.id.clone() };
            problems.push(Problem::error(stack.place.clone().on_key(), error));
        }
        let count = stack.resources.len();
        // A shard may be empty: what is in it goes by hashes.
        if count == 0 && graph.compatibility().default_rules && !stack.is_shard {
            let error = TemplateError::NoResources { stack: stack.id.clone() };
            problems.push(Problem::error(stack.place.clone(), error));
        }
        if count > MAX_RESOURCES {
            let error = TemplateError::TooManyResources { stack: stack.id.clone(), count };
            problems.push(Problem::error(stack.place.clone(), error));
        }
    }

    /// Reports what is too large in the template.
    fn check_size(self, problems: &mut Vec<Problem>) {
        let Scope { graph, stack, .. } = self.scope;
        let size = self.size();
        let severity = graph.compatibility().severity(true);
        let mut refuse = |place, error| {
            problems.push(Problem { severity, ..Problem::error(place, error) });
        };
        let outputs = Outputs(self.scope).count();
        if outputs > MAX_OUTPUTS {
            let error = TemplateError::TooManyOutputs { stack: stack.id.clone(), count: outputs };
            refuse(stack.place.key("outputs").on_key(), error);
        }
        let description = stack.description.as_deref().map_or(0, str::len);
        if description > MAX_DESCRIPTION {
            let error = TemplateError::DescriptionTooLong { size: description };
            refuse(stack.place.key("description"), error);
        }
        // The CDK counts two bytes for each character.
        let units = stack.description.as_deref().unwrap_or_default().encode_utf16().count();
        if graph.compatibility().requested && units > MAX_DESCRIPTION / 2 {
            let error = TemplateError::DescriptionOfTheCdk { units };
            problems.push(Problem::error(stack.place.key("description"), error));
        }
        let is_inline = stack.targets.as_ref().is_some_and(|it| it.template_url_prefix.is_none());
        if size > MAX_SIZE {
            let error = TemplateError::TooLarge { stack: stack.id.clone(), size };
            problems.push(Problem::error(stack.place.clone(), error));
        } else if is_inline && size > MAX_BODY {
            let error = TemplateError::StackSetTooLarge { stack: stack.id.clone(), size };
            problems.push(Problem::error(stack.place.key("targets").on_key(), error));
        }
    }

    /// The size of the template without white space, in bytes.
    fn size(&self) -> usize {
        struct Count(usize);
        impl io::Write for Count {
            fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
                self.0 += bytes.len();
                Ok(bytes.len())
            }

            fn flush(&mut self) -> io::Result<()> {
                Ok(())
            }
        }
        let mut count = Count(0);
        // Counting cannot fail.
        let _ = serde_json::to_writer(&mut count, self);
        count.0
    }
}

impl Serialize for Template<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let scope = self.scope;
        let mut map = serializer.serialize_map(None)?;
        if let Some(description) = &scope.stack.description {
            map.serialize_entry("Description", description)?;
        }
        if !scope.stack.resources.is_empty() {
            map.serialize_entry("Resources", &Resources(*self))?;
        }
        if !Outputs(scope).is_empty() {
            map.serialize_entry("Outputs", &Outputs(scope))?;
        }
        // Who deploys a stack set is bootstrapped, not each of its accounts.
        let bootstrap = scope.graph.compatibility().bootstrap_version_rule;
        if bootstrap && scope.stack.targets.is_none() {
            map.serialize_entry("Parameters", &bootstrap::Parameters::new(self.options))?;
            map.serialize_entry("Rules", &bootstrap::rules())?;
        }
        map.end()
    }
}

/// The template of an import operation: the resources to import, each with a deletion policy, and no
/// outputs, which CloudFormation does not accept in such a template.
pub(crate) struct ImportTemplate<'g> {
    template: Template<'g>,
    imported: BTreeSet<&'g str>,
}

impl<'g> ImportTemplate<'g> {
    pub(crate) fn new(template: Template<'g>, imports: &'g [ResourceToImport]) -> Self {
        let imported = imports.iter().map(|it| it.logical_resource_id.as_str()).collect();
        Self { template, imported }
    }
}

impl Serialize for ImportTemplate<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        #[serde(rename_all = "PascalCase")]
        struct Document<'g> {
            resources: IndexMap<&'g str, ResourceDocument<'g>>,
        }
        let resources = self.template.scope.resources();
        let resources = resources.filter(|(id, _)| self.imported.contains(id));
        let resources = resources.filter_map(|(id, resource)| {
            let document = document(self.template, resource)?;
            // The default of CloudFormation, as the CLI of the CDK adds it for an import.
            let deletion_policy = document.deletion_policy.or(Some("Delete"));
            Some((id, ResourceDocument { deletion_policy, ..document }))
        });
        Document { resources: resources.collect() }.serialize(serializer)
    }
}

struct Resources<'g>(Template<'g>);

impl Serialize for Resources<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self(template) = *self;
        let resources = template.scope.resources();
        let documents = resources.filter_map(|(id, r)| Some((id, document(template, r)?)));
        serializer.collect_map(documents)
    }
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct ResourceDocument<'g> {
    r#type: &'static str,
    #[serde(skip_serializing_if = "Rendered::is_empty")]
    properties: Rendered<'g>,
    #[serde(skip_serializing_if = "Option::is_none")]
    update_replace_policy: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    deletion_policy: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    metadata: Option<Metadata>,
}

/// The metadata of a resource: its construct path, from the app down.
#[derive(Serialize)]
pub(crate) struct Metadata {
    #[serde(rename = "aws:cdk:path")]
    pub(crate) path: String,
}

/// The properties of a resource, with overrides.
#[derive(Serialize)]
#[serde(untagged)]
#[expect(clippy::large_enum_variant, reason = "one at a time, and most are plain")]
enum Rendered<'g> {
    Plain(AnyProperties<'g>),
    Merged(serde_json::Map<String, serde_json::Value>),
}

impl Rendered<'_> {
    fn is_empty(&self) -> bool {
        match self {
            Self::Plain(properties) => properties.is_empty(),
            Self::Merged(properties) => properties.is_empty(),
        }
    }
}

/// A resource, unless CloudFormation has no type for it.
fn document<'g>(
    Template { scope, options }: Template<'g>,
    resource: &'g Resource,
) -> Option<ResourceDocument<'g>> {
    let policy = resource.removal_policy.map(|policy| match policy {
        RemovalPolicy::Retain => "Retain",
        RemovalPolicy::Destroy => "Delete",
    });
    let policy = if options.retain_all { Some("Retain") } else { policy };
    let properties = properties(scope, resource)?;
    Some(ResourceDocument {
        r#type: cloudformation_type(resource).ok()?,
        properties: merged(properties, resource.addresses.overrides(TARGET)),
        update_replace_policy: policy,
        deletion_policy: policy,
        metadata: options.path_metadata.then(|| Metadata { path: scope.stack.path_of(resource) }),
    })
}

fn merged<'g>(
    properties: AnyProperties<'g>,
    overrides: Option<&IndexMap<String, serde_json::Value>>,
) -> Rendered<'g> {
    let Some(overrides) = overrides else { return Rendered::Plain(properties) };
    match serde_json::to_value(&properties) {
        Ok(serde_json::Value::Object(mut map)) => {
            Addresses::merge(&mut map, overrides, is_intrinsic);
            Rendered::Merged(map)
        }
        // The properties of a resource are always an object.
        _ => Rendered::Plain(properties),
    }
}

/// Whether an object is an intrinsic function, which an override does not merge with: CDK's
/// `deepMerge`.
fn is_intrinsic(object: &serde_json::Map<String, serde_json::Value>) -> bool {
    object.len() == 1 && object.keys().all(|key| key == "Ref" || key.starts_with("Fn::"))
}

/// The outputs of a stack: those of the config, and those for other stacks.
#[derive(Clone, Copy)]
struct Outputs<'g>(Scope<'g>);

impl Outputs<'_> {
    fn count(self) -> usize {
        let published = self.0.references.of_producer(self.0.index).map(|(_, published)| {
            usize::from(published.export.is_some()) + usize::from(published.output.is_some())
        });
        self.0.stack.outputs.len() + published.sum::<usize>()
    }

    fn is_empty(self) -> bool {
        self.0.stack.outputs.is_empty()
            && self.0.references.of_producer(self.0.index).next().is_none()
    }
}

impl Serialize for Outputs<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self(scope) = *self;
        let mut map = serializer.serialize_map(None)?;
        for output in &scope.stack.outputs {
            map.serialize_entry(&of_output(output), &own_output(scope, output))?;
        }
        for ((id, attribute), Published { export, output }) in
            scope.references.of_producer(scope.index)
        {
            let value = || Local { scope, id: *id, attribute: *attribute };
            if let Some(export) = export {
                let name = export_name(&scope.stack.name, export);
                let document = OutputDocument {
                    description: None,
                    value: value(),
                    export: Some(Export { name: &name }),
                };
                map.serialize_entry(export, &document)?;
            }
            if let Some(output) = output {
                let document = OutputDocument { description: None, value: value(), export: None };
                map.serialize_entry(output, &document)?;
            }
        }
        map.end()
    }
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct OutputDocument<'g, V> {
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<&'g str>,
    value: V,
    #[serde(skip_serializing_if = "Option::is_none")]
    export: Option<Export<'g>>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Export<'g> {
    name: &'g str,
}

fn own_output<'g>(
    scope: Scope<'g>,
    output: &'g Output,
) -> OutputDocument<'g, In<'g, &'g ecrane_core::Value>> {
    OutputDocument {
        description: output.description.as_deref(),
        value: scope.value(&output.value),
        export: output.export_name.as_deref().map(|name| Export { name }),
    }
}

/// An attribute of a resource of this template, for other stacks.
struct Local<'g> {
    scope: Scope<'g>,
    id: ResourceId,
    attribute: Attribute,
}

impl Serialize for Local<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        local_attribute(self.scope.ids.get(self.id), self.attribute, serializer)
    }
}
