//! Resources that a config refers to but does not create: managed policies and imported principals.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::rendered::Stack;

/// The resources that must exist before the stack is deployed, in the format of the emulator,
/// without the principals that are in `made` already.
pub(super) fn by(stack: &Stack, made: &mut BTreeSet<String>) -> Value {
    let mut policies = Vec::new();
    let [mut roles, mut users, mut groups] = [const { Vec::new() }; 3];
    let partition = partition(&stack.region);
    let resources = stack.template.get("Resources").and_then(Value::as_object);
    for (_, resource) in resources.into_iter().flatten() {
        let Some(properties) = resource.get("Properties") else { continue };
        let attached = properties.get("ManagedPolicyArns").and_then(Value::as_array);
        let boundary = properties.get("PermissionsBoundary");
        policies.extend(
            attached.into_iter().flatten().chain(boundary).filter_map(|arn| text(arn, stack)),
        );
        for (key, kind, found) in [
            ("Roles", "role", &mut roles),
            ("Users", "user", &mut users),
            ("Groups", "group", &mut groups),
        ] {
            let names = properties.get(key).and_then(Value::as_array).into_iter().flatten();
            // Principals that the template creates are references.
            let arns = names
                .filter_map(Value::as_str)
                .map(|name| format!("arn:{partition}:iam::{}:{kind}/{name}", stack.account));
            found.extend(arns.filter(|arn| made.insert(arn.clone())));
        }
    }
    json!({
        "account": stack.account,
        "region": stack.region,
        "policies": policies,
        "roles": roles,
        "users": users,
        "groups": groups,
    })
}

/// The string value of an expression that consists of strings and pseudo parameters.
fn text(value: &Value, stack: &Stack) -> Option<String> {
    if let Some(text) = value.as_str() {
        return Some(text.to_owned());
    }
    if let Some(parts) = value.pointer("/Fn::Join/1").and_then(Value::as_array) {
        return parts.iter().map(|part| text(part, stack)).collect();
    }
    match value.get("Ref")?.as_str()? {
        "AWS::Partition" => Some(partition(&stack.region).to_owned()),
        "AWS::AccountId" => Some(stack.account.clone()),
        "AWS::Region" => Some(stack.region.clone()),
        _ => None,
    }
}

fn partition(region: &str) -> &'static str {
    match region.split('-').next() {
        Some("cn") => "aws-cn",
        Some("us") if region.starts_with("us-gov-") => "aws-us-gov",
        _ => "aws",
    }
}
