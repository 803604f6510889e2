//! Reads addresses from a Terraform state, when there is no ledger.

use std::collections::BTreeMap;

use ecrane_core::Explain;
use ecrane_document::{Position, SyntaxErrorKind, json_value};
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
    #[serde(default)]
    child_modules: Vec<ShownModule>,
}

#[derive(Debug, Deserialize)]
struct ShownResource {
    /// Missing in what other programs write.
    address: Option<String>,
    mode: String,
    r#type: String,
    name: String,
    index: Option<Value>,
    #[serde(default)]
    values: Value,
}

/// The resources in a state, each with what tells it from others of its type.
pub(super) fn addresses(
    text: &[u8],
) -> Result<BTreeMap<Address, (Entry, Option<String>)>, StateError> {
    let resources = resources(text)?;
    let repositories: BTreeMap<&str, &Address> = resources
        .iter()
        .filter(|(address, _)| is_repository(address.kind()))
        .filter_map(|(address, attributes)| Some((name(attributes)?, address)))
        .collect();
    let entry = |(address, attributes): &(Address, Value)| {
        let identity = identity(address.kind(), attributes);
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
        (address.clone(), (entry, identity))
    };
    Ok(resources.iter().map(entry).collect())
}

/// The managed resources of a state, with their attributes.
fn resources(text: &[u8]) -> Result<Vec<(Address, Value)>, StateError> {
    let text = str::from_utf8(text).map_err(|_| StateError::NotAState)?;
    let state = json_value(text).map_err(|error| StateError::Syntax {
        at: Position::of(text, error.span.start),
        kind: error.kind,
    })?;
    let mut resources = Vec::new();
    if state.get("format_version").is_some() {
        let Shown { values, .. } =
            serde_json::from_value(state).map_err(|_| StateError::NotAState)?;
        let mut modules: Vec<ShownModule> = values.map(|it| it.root_module).into_iter().collect();
        while let Some(ShownModule { resources: shown, child_modules }) = modules.pop() {
            let managed = shown.into_iter().filter(|resource| resource.mode == "managed");
            resources.extend(managed.filter_map(|resource| {
                let ShownResource { address, r#type, name, index, values, .. } = resource;
                let address = match address {
                    Some(address) => Address::try_from(address).ok()?,
                    None => Address::in_state(None, &r#type, &name, index.as_ref())?,
                };
                Some((address, values))
            }));
            modules.extend(child_modules);
        }
    } else {
        let StateFile { version, resources: stored } =
            serde_json::from_value(state).map_err(|_| StateError::NotAState)?;
        if version != 4 {
            return Err(StateError::Version { version });
        }
        for resource in stored.into_iter().filter(|resource| resource.mode == "managed") {
            let StateResource { r#type, name, module, instances, .. } = resource;
            resources.extend(instances.into_iter().filter_map(|instance| {
                let Instance { index_key, attributes } = instance;
                let key = index_key.as_ref();
                Some((Address::in_state(module.as_deref(), &r#type, &name, key)?, attributes))
            }));
        }
    }
    Ok(resources)
}

/// The physical IDs of the resources in a state, by address.
pub(crate) fn ids(text: &[u8]) -> Result<BTreeMap<Address, String>, StateError> {
    let id = |(address, attributes): (Address, Value)| {
        Some((address, attributes.get("id")?.as_str()?.to_owned()))
    };
    Ok(resources(text)?.into_iter().filter_map(id).collect())
}

/// What tells a resource from others of its type: its import ID, in the form that the modules use. A
/// registry has one of some types.
fn identity(kind: &str, attributes: &Value) -> Option<String> {
    let text = |argument: &str| attributes.get(argument)?.as_str();
    let bus = || text("event_bus_name").unwrap_or("default");
    Some(match kind {
        "aws_iam_role_policy" => format!("{}:{}", text("role")?, text("name")?),
        "aws_iam_user_policy" => format!("{}:{}", text("user")?, text("name")?),
        "aws_iam_group_policy" => format!("{}:{}", text("group")?, text("name")?),
        "aws_iam_role_policy_attachment" => format!("{}/{}", text("role")?, text("policy_arn")?),
        "aws_cloudwatch_event_rule" => format!("{}/{}", bus(), text("name")?),
        "aws_cloudwatch_event_target" => {
            format!("{}/{}/{}", bus(), text("rule")?, text("target_id")?)
        }
        "aws_ecr_account_setting" => text("name")?.to_owned(),
        "aws_ecr_registry_policy"
        | "aws_ecr_replication_configuration"
        | "aws_ecr_registry_scanning_configuration"
        | "awscc_ecr_signing_configuration" => String::new(),
        _ => text("id")?.to_owned(),
    })
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
    /// The text is not JSON, or contains a key twice.
    #[error("not a Terraform state: {kind} at {at}")]
    Syntax {
        /// Where the text is wrong.
        at: Position,
        /// What is wrong.
        kind: SyntaxErrorKind,
    },
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
            Self::NotAState | Self::Syntax { .. } => "terraform::state_malformed",
            Self::Version { .. } => "terraform::state_version_unknown",
        }
    }

    fn help(&self) -> Option<String> {
        Some("pass the output of `terraform state pull` or `terraform show -json`".to_owned())
    }
}
