//! Reads addresses from a Terraform state, when there is no ledger.

use std::collections::BTreeMap;

use ecrane_core::Explain;
use serde::Deserialize;
use serde_json::Value;
use thiserror::Error;

use super::module::{NAMES, owner_argument};
use super::{Address, Entry};

/// A state file.
#[derive(Debug, Deserialize)]
struct StateFile {
    version: u32,
    resources: Vec<StateResource>,
}

#[derive(Debug, Deserialize)]
struct StateResource {
    mode: String,
    r#type: String,
    name: String,
    module: Option<String>,
    #[serde(default)]
    instances: Vec<Instance>,
}

#[derive(Debug, Deserialize)]
struct Instance {
    index_key: Option<Value>,
    #[serde(default)]
    attributes: Value,
}

/// The output of `terraform show -json`. An empty state has no `values`.
#[derive(Debug, Deserialize)]
struct Shown {
    #[serde(rename = "format_version")]
    _format_version: String,
    values: Option<ShownValues>,
}

#[derive(Debug, Deserialize)]
struct ShownValues {
    root_module: ShownModule,
}

#[derive(Debug, Deserialize)]
struct ShownModule {
    #[serde(default)]
    resources: Vec<ShownResource>,
}

#[derive(Debug, Deserialize)]
struct ShownResource {
    mode: String,
    r#type: String,
    name: String,
    index: Option<Value>,
    #[serde(default)]
    values: Value,
}

/// The resources of the root module in a state. ecrane does not write `count` or `for_each`, so
/// instances of those are left out.
pub(super) fn addresses(text: &[u8]) -> Result<BTreeMap<Address, Entry>, StateError> {
    let state: Value = serde_json::from_slice(text).map_err(|_| StateError::NotAState)?;
    let resources: Vec<(Address, Value)> = if state.get("format_version").is_some() {
        let Shown { values, .. } =
            serde_json::from_value(state).map_err(|_| StateError::NotAState)?;
        let resources = values.map(|values| values.root_module.resources).unwrap_or_default();
        let managed = resources.into_iter().filter(|r| r.mode == "managed" && r.index.is_none());
        managed.filter_map(|r| Some((Address::new(&r.r#type, &r.name)?, r.values))).collect()
    } else {
        let StateFile { version, resources } =
            serde_json::from_value(state).map_err(|_| StateError::NotAState)?;
        if version != 4 {
            return Err(StateError::Version { version });
        }
        let managed = resources.into_iter().filter(|r| r.mode == "managed" && r.module.is_none());
        let single = managed.filter_map(|mut resource| {
            let instance = resource.instances.pop().filter(|i| i.index_key.is_none())?;
            Some((Address::new(&resource.r#type, &resource.name)?, instance.attributes))
        });
        single.collect()
    };
    let repositories: BTreeMap<&str, &Address> = resources
        .iter()
        .filter(|(address, _)| is_repository(address.kind()))
        .filter_map(|(address, attributes)| Some((name(attributes)?, address)))
        .collect();
    let entry = |(address, attributes): &(Address, Value)| {
        let owner = owner_argument(address.kind())
            .and_then(|argument| attributes.get(argument)?.as_str())
            .and_then(|repository| repositories.get(repository));
        let force_delete = attributes.get("force_delete") == Some(&Value::Bool(true));
        let retained = matches!(address.kind(), "aws_ecr_repository" | "aws_kms_key");
        let entry = Entry {
            path: None,
            name: if owner.is_some() { None } else { name(attributes).map(str::to_owned) },
            retained: retained && !force_delete,
            of: owner.map(|owner| (*owner).clone()),
        };
        (address.clone(), entry)
    };
    Ok(resources.iter().map(entry).collect())
}

fn is_repository(kind: &str) -> bool {
    matches!(kind, "aws_ecr_repository" | "aws_ecrpublic_repository")
}

fn name(attributes: &Value) -> Option<&str> {
    NAMES.iter().find_map(|argument| attributes.get(argument)?.as_str())
}

/// The reason why a text cannot be read as a state.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum StateError {
    /// The text is not a Terraform state.
    #[error("not a Terraform state")]
    NotAState,
    /// The state has an unsupported version.
    #[error("a Terraform state of version {version}")]
    Version {
        /// The version of the state.
        version: u32,
    },
}

impl Explain for StateError {
    fn code(&self) -> &'static str {
        match self {
            Self::NotAState => "terraform::state_malformed",
            Self::Version { .. } => "terraform::state_version_unknown",
        }
    }

    fn help(&self) -> Option<String> {
        Some("pass the output of `terraform state pull` or `terraform show -json`".to_owned())
    }
}
