//! Generated names, which differ in each deployment.

use serde_json::Value;

use super::rendered::Stack;

/// A resource type whose name may be generated: the CloudFormation type, its name property, the
/// Terraform type, and its name attribute.
type Kind = (&'static str, &'static str, &'static str, &'static str);

const KINDS: [Kind; 8] = [
    ("AWS::ECR::Repository", "RepositoryName", "aws_ecr_repository", "name"),
    ("AWS::ECR::PublicRepository", "RepositoryName", "aws_ecrpublic_repository", "repository_name"),
    ("AWS::IAM::Role", "RoleName", "aws_iam_role", "name"),
    ("AWS::IAM::User", "UserName", "aws_iam_user", "name"),
    ("AWS::IAM::Group", "GroupName", "aws_iam_group", "name"),
    ("AWS::IAM::ManagedPolicy", "ManagedPolicyName", "aws_iam_policy", "name"),
    ("AWS::Events::Rule", "Name", "aws_cloudwatch_event_rule", "name"),
    // AWS always generates the ID of a key.
    ("AWS::KMS::Key", "KeyId", "aws_kms_key", "key_id"),
];

/// A placeholder for a generated name.
#[derive(Debug, Clone)]
pub(super) struct Renamed {
    pub(super) invented: String,
    pub(super) name: String,
}

/// The generated names of a stack: in CloudFormation, by the `ids` of the template's resources, and
/// in Terraform, from this `state`.
///
/// The first unnamed role of the template corresponds to the first of the module, and so on. If
/// that were wrong, equal states would be reported as different; different states are never
/// reported as equal.
pub(super) fn invented(stack: &Stack, ids: &Value, state: &Value) -> [Vec<Renamed>; 2] {
    let mut names = [Vec::new(), Vec::new()];
    // The roles of all targets in one account are in one list, each with what is of its region.
    let of = if stack.root.is_null() {
        stack.name.clone()
    } else {
        format!("{} in {}", stack.name, stack.region)
    };
    for (kind, property, block, attribute) in KINDS {
        let place = format!("/Properties/{property}");
        let both = stack.resources(kind).zip(stack.blocks(block));
        let unnamed = both.filter(|((_, resource), _)| resource.pointer(&place).is_none());
        for (number, ((logical_id, _), (name, _))) in unnamed.enumerate() {
            let id = ids.get(logical_id).and_then(Value::as_str);
            let (Some(id), Some(their)) = (id, attribute_of(state, block, name, attribute)) else {
                continue;
            };
            // Some IDs are ARNs.
            let id = if id.starts_with("arn:") { id.rsplit('/').next().unwrap_or(id) } else { id };
            let name = format!("<{kind} {number} of {of}>");
            for (names, invented) in names.iter_mut().zip([id, their]) {
                names.push(Renamed { invented: invented.to_owned(), name: name.clone() });
            }
        }
    }
    names
}

/// An attribute of a resource in the Terraform state.
pub(super) fn attribute_of<'a>(
    state: &'a Value,
    kind: &str,
    name: &str,
    attribute: &str,
) -> Option<&'a str> {
    let resources = state.get("resources")?.as_array()?;
    let found = resources.iter().find(|resource| {
        resource.get("type").is_some_and(|found| found == kind)
            && resource.get("name").is_some_and(|found| found == name)
    });
    found?.pointer(&format!("/instances/0/attributes/{attribute}"))?.as_str()
}

/// Replaces names in a document.
pub(super) fn rename(document: &Value, names: &[Renamed]) -> Value {
    let mut longest_first: Vec<_> = names.iter().collect();
    longest_first.sort_by_key(|name| std::cmp::Reverse(name.invented.len()));
    map_text(document, &|text| {
        longest_first
            .iter()
            .fold(text.to_owned(), |text, name| text.replace(&name.invented, &name.name))
    })
}

/// Applies `change` to every key and every string of a document.
fn map_text(document: &Value, change: &impl Fn(&str) -> String) -> Value {
    match document {
        Value::String(text) => change(text).into(),
        Value::Array(items) => items.iter().map(|item| map_text(item, change)).collect(),
        Value::Object(entries) => entries
            .iter()
            .map(|(key, value)| (change(key), map_text(value, change)))
            .collect::<serde_json::Map<_, _>>()
            .into(),
        Value::Null | Value::Bool(_) | Value::Number(_) => document.clone(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn unnamed_resources_are_paired_in_their_order() {
        let stack = Stack {
            name: "S".into(),
            account: String::new(),
            region: String::new(),
            tags: Value::Null,
            template: json!({ "Resources": {
                "A": { "Type": "AWS::IAM::Role", "Properties": { "RoleName": "a" } },
                "B": { "Type": "AWS::IAM::Role", "Properties": {} },
                "C": { "Type": "AWS::ECR::Repository" },
            } }),
            module: json!({ "resource": {
                "aws_ecr_repository": { "c": {} },
                "aws_iam_role": { "a": {}, "b": {} },
            } }),
            folder: std::path::PathBuf::new(),
            root: Value::Null,
        };
        let ids = json!({ "A": "a", "B": "S-B-XYZ", "C": "s-c-xyz" });
        let instance = |kind, name, id| json!({ "type": kind, "name": name, "instances": [{ "attributes": { "name": id } }] });
        let state = json!({ "resources": [
            instance("aws_iam_role", "a", "a"),
            instance("aws_iam_role", "b", "s-b-123"),
            instance("aws_ecr_repository", "c", "s-c-123"),
        ] });
        let [template, module] = invented(&stack, &ids, &state);
        let document =
            |role: &str, repository: &str| json!({ repository: [format!("role/{role}"), "a"] });
        let renamed = rename(&document("S-B-XYZ", "s-c-xyz"), &template);
        assert_eq!(renamed, rename(&document("s-b-123", "s-c-123"), &module));
        assert_eq!(renamed, document("<AWS::IAM::Role 0 of S>", "<AWS::ECR::Repository 0 of S>"));
    }
}
