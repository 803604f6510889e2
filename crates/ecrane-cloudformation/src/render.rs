//! Rendering of a graph to files.

use std::sync::Arc;

use ecrane_core::{Backend, File, Graph, Problems, Rendered};
use serde::{Serialize, Serializer};

use crate::TARGET;
use crate::assembly::{manifest, template_file};
use crate::options::{Layout, Options};
use crate::stack_set::{self, StackSet};
use crate::template::{ImportTemplate, Templates, templates};

/// The CloudFormation backend.
#[derive(Debug, Clone, Default)]
pub struct CloudFormation {
    /// The rendering options.
    pub options: Options,
}

impl Backend for CloudFormation {
    fn target(&self) -> &'static str {
        TARGET
    }

    fn render<'g>(&'g self, graph: &'g Graph) -> Result<Rendered<'g>, Problems> {
        render(graph, &self.options)
    }
}

/// Renders every stack of a graph to a template.
///
/// # Errors
/// Returns all problems if CloudFormation would reject a template: ECR account settings, duplicate
/// logical IDs, more than 500 resources, or more than 1 MB; or if a stack has no resources and the
/// CDK's default rules are enabled.
pub fn render<'g>(graph: &'g Graph, options: &'g Options) -> Result<Rendered<'g>, Problems> {
    let templates = Arc::new(templates(graph, options.clone())?);
    let mut files: Vec<File<'g>> = graph
        .stacks()
        .iter()
        .enumerate()
        .flat_map(|(index, stack)| {
            let path = match options.layout {
                Layout::Plain => format!("{}.template.json", stack.output_name),
                Layout::Cdk { .. } => template_file(stack),
            };
            let targets = stack.targets.as_deref();
            let name = options.file_name(stack);
            let document =
                |part| TemplateDocument { templates: Arc::clone(&templates), index, part };
            let mut files = vec![File::json(path, Some(stack.id.as_str()), document(Part::Whole))];
            if let Some(targets) = targets {
                let part = Part::StackSet;
                files.push(File::json(
                    stack_set::file(&name),
                    Some(stack.id.as_str()),
                    document(part),
                ));
                let template = templates.get(index);
                if let Some(template) = template.filter(|_| targets.template_url_prefix.is_some()) {
                    let path = stack_set::uploaded_file(&name, template);
                    files.push(File::json(path, Some(stack.id.as_str()), document(Part::Whole)));
                }
            }
            if !templates.imports(index).is_empty() {
                let parts = match options.layout {
                    Layout::Plain => vec![Part::ImportTemplate, Part::ResourcesToImport],
                    Layout::Cdk { .. } => vec![Part::ResourceMapping],
                };
                files.extend(parts.into_iter().map(|part| {
                    let path = match part {
                        Part::Whole | Part::StackSet => template_file(stack),
                        Part::ImportTemplate => {
                            format!("{}.import-template.json", stack.output_name)
                        }
                        Part::ResourcesToImport => {
                            format!("{}.resources-to-import.json", stack.output_name)
                        }
                        Part::ResourceMapping => {
                            format!("{}.resource-mapping.json", stack.id.replace('/', "--"))
                        }
                    };
                    File::json(path, Some(stack.id.as_str()), document(part))
                }));
            }
            files
        })
        .collect();
    if let Layout::Cdk { assembly_version, stacks } = &options.layout {
        let is_chosen = |id: &String| stacks.as_ref().is_none_or(|chosen| chosen.contains(id));
        let chosen: Vec<usize> = (0..)
            .zip(graph.stacks())
            .filter_map(|(index, stack)| is_chosen(&stack.id).then_some(index))
            .collect();
        let manifest = manifest(graph, &chosen, *assembly_version);
        files.push(File::json("manifest.json", None, manifest));
    }
    Ok(Rendered { files, warnings: templates.warnings().to_vec() })
}

/// The template of one stack, with the state that all templates share.
struct TemplateDocument<'g> {
    templates: Arc<Templates<'g>>,
    index: usize,
    part: Part,
}

/// A document about a stack.
#[derive(Debug, Clone, Copy)]
enum Part {
    /// The template.
    Whole,
    /// The template that deploys it as a stack set.
    StackSet,
    ImportTemplate,
    ResourcesToImport,
    /// The identifiers, by logical ID: `cdk import --resource-mapping`.
    ResourceMapping,
}

impl Serialize for TemplateDocument<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        // The index is that of a stack of the same graph.
        let (template, imports) =
            (self.templates.get(self.index), self.templates.imports(self.index));
        match self.part {
            Part::Whole => template.serialize(serializer),
            Part::StackSet => template.and_then(StackSet::of).serialize(serializer),
            Part::ImportTemplate => {
                template.map(|it| ImportTemplate::new(it, imports)).serialize(serializer)
            }
            Part::ResourcesToImport => imports.serialize(serializer),
            Part::ResourceMapping => serializer.collect_map(
                imports.iter().map(|it| (&it.logical_resource_id, &it.resource_identifier)),
            ),
        }
    }
}
