//! Cloud assemblies of the AWS CDK (`cdk.out`): the manifest, which tells what is known about its stacks.

use indexmap::IndexMap;
use serde_json::{Map, Value};

use crate::cloudformation::Known;
use crate::error::SourceError;
use crate::source::{file_name, folder};
use crate::value::Env;

/// A cloud assembly.
pub(crate) struct Assembly {
    manifest: String,
    /// The ID of each stack and what is known about it, by the file of its template.
    by_file: IndexMap<String, (String, Known)>,
}

impl Assembly {
    /// An assembly by the artifacts of its manifest.
    pub(crate) fn new(manifest: &str, artifacts: &Map<String, Value>) -> Self {
        let by_file = artifacts.iter().filter_map(|(id, artifact)| stack(id, artifact));
        Self { manifest: manifest.to_owned(), by_file: by_file.collect() }
    }

    /// The ID of the stack of a template, and what is known about it.
    pub(crate) fn stack(&self, template: &str) -> Option<&(String, Known)> {
        self.by_file.get(file_name(template))
    }
}

/// The assemblies, by directory, of which there is no template.
pub(crate) fn without_templates(
    assemblies: &IndexMap<String, Assembly>,
    templates: &[(String, Map<String, Value>)],
) -> Vec<SourceError> {
    let errors = assemblies.iter().filter_map(|(of, assembly)| {
        let is_there = templates.iter().any(|(name, _)| folder(name) == of);
        let (template, _) = assembly.by_file.first().filter(|_| !is_there)?;
        let (name, template) = (assembly.manifest.clone(), template.clone());
        Some(SourceError::NoTemplate { name, template })
    });
    errors.collect()
}

impl Known {
    /// With the parameters and the environment of the deployed stack, which an assembly does not know.
    pub(crate) fn with(self, deployed: Self) -> Self {
        let Env { account, region } = self.env;
        let account = account.or(deployed.env.account);
        let region = region.or(deployed.env.region);
        Self { env: Env { account, region }, parameters: deployed.parameters, ..self }
    }
}

/// A stack of a cloud assembly (`cdk.out/manifest.json`), by the file of its template. Below a stage,
/// its ID is the path that the CLI shows.
fn stack(id: &str, artifact: &Value) -> Option<(String, (String, Known))> {
    if artifact.get("type")?.as_str()? != "aws:cloudformation:stack" {
        return None;
    }
    let properties = artifact.get("properties")?;
    let file = properties.get("templateFile")?.as_str()?.to_owned();
    let environment = artifact.get("environment").and_then(Value::as_str).unwrap_or_default();
    let mut env = environment.strip_prefix("aws://").unwrap_or_default().split('/');
    let mut known = || env.next().filter(|it| !it.starts_with("unknown-")).map(str::to_owned);
    let (account, region) = (known(), known());
    let name = properties.get("stackName").and_then(Value::as_str);
    let known = Known {
        stack_name: Some(name.unwrap_or(id).to_owned()),
        env: Env { account, region },
        tags: properties
            .get("tags")
            .and_then(Value::as_object)
            .into_iter()
            .flatten()
            .filter_map(|(key, value)| Some((key.clone(), value.as_str()?.to_owned())))
            .collect(),
        termination_protection: properties.get("terminationProtection") == Some(&Value::Bool(true)),
        parameters: IndexMap::new(),
    };
    let path = artifact.get("displayName").and_then(Value::as_str).unwrap_or(id);
    Some((file, (path.to_owned(), known)))
}
