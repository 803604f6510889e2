//! What the next `terraform apply` deletes, whatever the config says.

use ecrane_diff::instance_address;
use serde_json::{Map, Value};

use crate::error::NotAdopted;

const TAINTED: &str =
    "it is tainted, so the next `terraform apply` replaces it: run `terraform untaint` first";
const DEPOSED: &str = "a former object of it is left, which the next `terraform apply` deletes: let Terraform do so first";

/// The tainted and the deposed objects of a state, as a file or as `terraform show -json` prints it.
pub(super) fn doomed(document: &Map<String, Value>) -> Vec<NotAdopted> {
    let mut found = Vec::new();
    for resource in list(document.get("resources")) {
        for instance in list(resource.get("instances")) {
            let text = |key: &str| resource.get(key).and_then(Value::as_str);
            let reason = reason(
                instance.get("status").is_some_and(|it| it == "tainted"),
                instance.get("deposed").is_some(),
            );
            if let (Some(kind), Some(name), Some(reason)) = (text("type"), text("name"), reason) {
                let key = instance.get("index_key");
                found.push((instance_address(text("module"), kind, name, key), kind, reason));
            }
        }
    }
    let mut modules: Vec<&Value> =
        document.get("values").and_then(|it| it.get("root_module")).into_iter().collect();
    while let Some(module) = modules.pop() {
        modules.extend(list(module.get("child_modules")));
        for resource in list(module.get("resources")) {
            let text = |key: &str| resource.get(key).and_then(Value::as_str);
            let reason = reason(
                resource.get("tainted") == Some(&Value::Bool(true)),
                resource.get("deposed_key").is_some(),
            );
            if let (Some(kind), Some(address), Some(reason)) =
                (text("type"), text("address"), reason)
            {
                found.push((address.to_owned(), kind, reason));
            }
        }
    }
    found.retain(|(_, kind, _)| kind.starts_with("aws_ecr") || *kind == "aws_kms_key");
    let refused = found.into_iter().map(|(address, _, reason)| NotAdopted::Inexpressible {
        address: address.into(),
        reason: reason.to_owned(),
    });
    refused.collect()
}

fn reason(is_tainted: bool, is_deposed: bool) -> Option<&'static str> {
    if is_deposed { Some(DEPOSED) } else { is_tainted.then_some(TAINTED) }
}

fn list(value: Option<&Value>) -> impl Iterator<Item = &Value> {
    value.and_then(Value::as_array).into_iter().flatten()
}
