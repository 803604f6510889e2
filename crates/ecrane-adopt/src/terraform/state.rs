//! Terraform states, and plans, in JSON.

use ecrane_diff::Document;
use ecrane_terraform::Layout;
use serde_json::{Map, Value, json};

use super::assemble::{Assembly, Instance};
use super::doomed::doomed;
use super::env::{default_tags, env};
use super::links::Links;
use super::plan;
use super::translate::Values;
use crate::error::{NotAdopted, SourceAddress, SourceError};
use crate::stack::{Origin, Stack};

/// Whether a document is a state file, or what `terraform show -json` prints.
pub(crate) fn is_state(document: &Map<String, Value>) -> bool {
    let has = |key: &str| document.contains_key(key);
    let is_shown = ["values", "planned_values", "terraform_version"].into_iter().any(has);
    // `terraform show -json` prints nothing more of an empty state.
    has("format_version") && (is_shown || document.len() == 1)
        || has("version") && has("lineage") && has("resources")
}

/// The stack of a state or plan.
pub(crate) fn stack(
    source: &str,
    id: String,
    document: &Map<String, Value>,
) -> Result<Stack, SourceError> {
    let (doomed, region) = (doomed(document), plan::region(document));
    let (document, unknown) = match document.get("planned_values") {
        Some(values) => {
            (json!({ "format_version": "1.0", "values": values }), plan::unknown(document))
        }
        None => (Value::Object(document.clone()), Map::new()),
    };
    let malformed = |error: ecrane_diff::ReadError| SourceError::Malformed {
        name: source.to_owned(),
        reason: error.to_string(),
    };
    let Document::Stack(deployed) = Document::from_json(document).map_err(malformed)? else {
        return Err(SourceError::Unknown { name: source.to_owned() });
    };
    let mut stack = Stack { id, origin: Origin::Terraform(Layout::Plain), ..Stack::default() };
    let all = || deployed.resources();
    stack.env = env(all().map(|(_, kind, values)| (kind, values)));
    stack.env.region = stack.env.region.or(region);
    stack.tags = default_tags(all().map(|(_, _, values)| values));
    let links = Links::new(all(), stack.env.clone());
    let instances = all().map(|(address, kind, values)| Instance {
        address: address.to_owned(),
        kind: kind.to_owned(),
        values: values.clone(),
        is_protected: false,
        path: None,
    });
    let instances: Vec<Instance> = instances.collect();
    let mut assembly = Assembly { stack, links, refused: Vec::new(), values: Values::State };
    assembly.add_all(&instances, &unknown);
    let Assembly { mut stack, refused, links, .. } = assembly;
    let mut undecided = Vec::new();
    for (name, output) in deployed.outputs() {
        let Some(value) = output.get("value") else {
            let address = SourceAddress::from("Outputs").property(name);
            let reason = plan::UNKNOWN.to_owned();
            undecided.push(NotAdopted::Inexpressible { address, reason });
            continue;
        };
        let output = json!({ "Value": links.output(value) });
        if let Value::Object(output) = output {
            stack.outputs.insert(name.clone(), output);
        }
    }
    stack.refused = [refused, doomed, undecided].concat();
    stack.deployed = Some(deployed);
    Ok(stack)
}
