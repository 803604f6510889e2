//! What makes CloudFormation take over what exists: the template of a change set of type `IMPORT`, and
//! its resources to import (AWS CloudFormation User Guide, "Import AWS resources into a
//! CloudFormation stack with a resource import").

use std::collections::BTreeMap;

use ecrane_core::{
    AccountId, Explain, Graph, ImportError, ImportWarning, PhysicalIds, Problem, Region, Resource,
    ResourceId,
};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::TARGET;
use crate::logical_ids::LogicalIds;
use crate::resource::{cloudformation_type, identifier};
use crate::template::Template;

/// How CloudFormation identifies an existing resource: by the `primaryIdentifier` in the schema of its
/// type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Identifier {
    /// The property that contains the physical ID.
    PhysicalId(&'static str),
    /// The property that contains the account, for a resource of which a registry has one.
    Account(&'static str),
    /// The property that contains the ARN of a rule of the default event bus; the property with its
    /// name.
    RuleArn(&'static str, &'static str),
    /// CloudFormation does not import the type: its schema has no handler that reads a resource.
    None,
}

/// A resource to import: `ResourceToImport` of the CloudFormation API.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct ResourceToImport {
    resource_type: &'static str,
    pub(crate) logical_resource_id: String,
    pub(crate) resource_identifier: BTreeMap<&'static str, String>,
}

/// The resources to import of a stack, and the problems.
pub(crate) fn resources_to_import(
    template: Template<'_>,
    ids: &PhysicalIds,
    problems: &mut Vec<Problem>,
) -> Vec<ResourceToImport> {
    let scope = template.scope();
    let mut found = Vec::new();
    for (index, (logical_id, resource)) in scope.resources().enumerate() {
        // A missing type is reported with the template.
        let Ok(resource_type) = cloudformation_type(resource) else { continue };
        let known = ids.get(ResourceId::new(scope.index, index));
        match resource_identifier(resource, known, scope.stack) {
            Ok(Some(identifier)) => found.push(ResourceToImport {
                resource_type,
                logical_resource_id: logical_id.to_owned(),
                resource_identifier: BTreeMap::from([identifier]),
            }),
            Ok(None) => {
                let path = resource.path.to_string();
                let (engine, kind) = ("CloudFormation", resource_type);
                let fact = ImportWarning::NotImported { engine, path, kind };
                problems.push(Problem::warning(resource.place.clone(), fact));
            }
            Err(error) => problems.push(Problem::error(resource.place.clone(), error)),
        }
    }
    found
}

/// The property that identifies a resource, and its value.
fn resource_identifier(
    resource: &Resource,
    known: Option<&str>,
    stack: &ecrane_core::StackNode,
) -> Result<Option<(&'static str, String)>, ImportError> {
    let path = || resource.path.to_string();
    let unknown = || ImportError::EnvironmentUnknown { path: path(), stack: stack.id.clone() };
    let account = || stack.env.account.as_ref().map(AccountId::as_str).ok_or_else(unknown);
    Ok(match identifier(resource) {
        Identifier::None => None,
        Identifier::PhysicalId(property) => {
            Some((property, physical_id(resource, property, known)?.to_owned()))
        }
        Identifier::Account(property) => Some((property, account()?.to_owned())),
        Identifier::RuleArn(property, name) => {
            let name = physical_id(resource, name, known)?;
            let (region, account) = (stack.env.region.as_ref().ok_or_else(unknown)?, account()?);
            let partition = Region::partition(region);
            Some((property, format!("arn:{partition}:events:{region}:{account}:rule/{name}")))
        }
    })
}

/// The physical ID: the specified name, of which an override takes precedence, otherwise what is known
/// about the account.
fn physical_id<'a>(
    resource: &'a Resource,
    property: &str,
    known: Option<&'a str>,
) -> Result<&'a str, ImportError> {
    let path = || resource.path.to_string();
    let overridden = resource.addresses.overrides(TARGET).and_then(|it| it.get(property));
    let given = match overridden {
        Some(value) => value.as_str(),
        None => resource.kind.name(),
    };
    given.or(known).ok_or_else(|| match resource.kind.name_key() {
        Some(key) => ImportError::NameGenerated { path: path(), key, found: None },
        None => ImportError::IdUnknown { path: path() },
    })
}

/// Reads the physical IDs of a stack's resources: the output of `aws cloudformation
/// describe-stack-resources` or `list-stack-resources`.
///
/// `stack` is the position of the stack in the graph. Resources that the graph does not have are
/// ignored.
///
/// ```
/// use ecrane_cloudformation::physical_ids;
/// use ecrane_construct::{App, Repository, RepositoryProps, Stack, StackProps};
/// use ecrane_core::ResourceId;
///
/// let app = App::default();
/// let stack = Stack::new(&app, "Shop", StackProps::default());
/// Repository::new(&stack, "App", RepositoryProps::default());
/// let graph = app.build()?;
///
/// let text = r#"{ "StackResources": [{ "StackName": "Shop", "LogicalResourceId": "AppF1B96344",
///     "PhysicalResourceId": "shop-appf1b96344-x1y2z3", "ResourceType": "AWS::ECR::Repository" }] }"#;
/// let ids = physical_ids(&graph, 0, text.as_bytes())?;
/// assert_eq!(ids.get(ResourceId::new(0, 0)), Some("shop-appf1b96344-x1y2z3"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// If the text is not such an output, or only one page of it.
pub fn physical_ids(
    graph: &Graph,
    stack: usize,
    text: &[u8],
) -> Result<PhysicalIds, StackResourcesError> {
    let page: Page = serde_json::from_slice(text).map_err(|_| StackResourcesError::Malformed)?;
    if page.next_token.is_some() {
        return Err(StackResourcesError::NotWhole);
    }
    let ((Some(resources), None) | (None, Some(resources))) =
        (page.stack_resources, page.stack_resource_summaries)
    else {
        return Err(StackResourcesError::Malformed);
    };
    let ids = LogicalIds::new(graph);
    let indexes: BTreeMap<&str, usize> =
        ids.of_stack(stack).iter().map(String::as_str).zip(0..).collect();
    let known = resources.into_iter().filter_map(|resource| {
        let index = indexes.get(resource.logical_resource_id.as_str())?;
        Some((ResourceId::new(stack, *index), resource.physical_resource_id?))
    });
    Ok(known.collect())
}

/// The output of one of the two commands.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Page {
    stack_resources: Option<Vec<StackResource>>,
    stack_resource_summaries: Option<Vec<StackResource>>,
    next_token: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct StackResource {
    logical_resource_id: String,
    /// Missing while the resource is being created.
    physical_resource_id: Option<String>,
}

/// Why the resources of a stack cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum StackResourcesError {
    /// The text is not the output of one of the two commands.
    #[error("not the resources of a CloudFormation stack")]
    Malformed,
    /// The text is one page of several.
    #[error("one page of several: `NextToken` is left")]
    NotWhole,
}

impl Explain for StackResourcesError {
    fn code(&self) -> &'static str {
        match self {
            Self::Malformed => "cloudformation::stack_resources_malformed",
            Self::NotWhole => "cloudformation::stack_resources_not_whole",
        }
    }

    fn help(&self) -> Option<String> {
        Some(
            match self {
                Self::Malformed => {
                    "pass the output of `aws cloudformation describe-stack-resources --stack-name NAME`"
                }
                Self::NotWhole => {
                    "run `aws cloudformation list-stack-resources` without `--max-items` and `--no-paginate`"
                }
            }
            .to_owned(),
        )
    }
}
