//! Values of a template: literals, references, and texts that contain references.

use serde_json::{Map, Value, json};

/// The account and region, and what follows from them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Env {
    /// The 12-digit account ID.
    pub(crate) account: Option<String>,
    /// The region.
    pub(crate) region: Option<String>,
}

/// The region of the API of Amazon ECR Public, and of its CloudFormation resource type.
pub(crate) const PUBLIC_REGION: &str = "us-east-1";

impl Env {
    /// The value of a pseudo parameter, if it is known. Without a region, that of the standard
    /// partition.
    pub(crate) fn pseudo(&self, name: &str) -> Option<String> {
        let region = self.region.as_deref().unwrap_or_default();
        match name {
            "AWS::AccountId" => self.account.clone(),
            "AWS::Region" => self.region.clone(),
            "AWS::Partition" => Some(partition(region).to_owned()),
            "AWS::URLSuffix" => Some(
                if region.starts_with("cn-") { "amazonaws.com.cn" } else { "amazonaws.com" }
                    .to_owned(),
            ),
            _ => None,
        }
    }

    /// The ARN of what Amazon ECR has in the account and region, without the resource.
    pub(crate) fn registry(&self) -> Option<String> {
        let (region, account) = (self.region.as_ref()?, self.account.as_ref()?);
        Some(format!("arn:{}:ecr:{region}:{account}", partition(region)))
    }

    /// With marks in the place of what is unknown.
    pub(crate) fn marked(&self) -> Self {
        Self {
            account: Some(self.account.clone().unwrap_or_else(|| "{account}".to_owned())),
            region: Some(self.region.clone().unwrap_or_else(|| "{region}".to_owned())),
        }
    }
}

pub(crate) fn partition(region: &str) -> &'static str {
    if region.starts_with("cn-") {
        "aws-cn"
    } else if region.starts_with("us-gov-") {
        "aws-us-gov"
    } else {
        "aws"
    }
}

/// The ARN that AWS makes of the ID of an account, where it is a principal.
pub(crate) fn account_arn(id: &str, partition: &str) -> Option<String> {
    let is_account = id.len() == 12 && id.bytes().all(|it| it.is_ascii_digit());
    is_account.then(|| format!("arn:{partition}:iam::{id}:root"))
}

/// The only entry of an object, as of an intrinsic function.
pub(crate) fn only(value: &Value) -> Option<(&str, &Value)> {
    let entries = value.as_object()?;
    let (key, value) = entries.iter().next()?;
    (entries.len() == 1).then_some((key.as_str(), value))
}

/// The logical ID and the attribute that a value refers to: `Ref`, or `Fn::GetAtt`.
pub(crate) fn reference(value: &Value) -> Option<(&str, &str)> {
    match only(value)? {
        ("Ref", id) => id.as_str().filter(|id| !id.starts_with("AWS::")).map(|id| (id, "")),
        ("Fn::GetAtt", Value::Array(parts)) => match parts.as_slice() {
            [id, attribute] => Some((id.as_str()?, attribute.as_str()?)),
            _ => None,
        },
        _ => None,
    }
}

/// The text of a value, where it is known.
pub(crate) fn text(value: &Value, env: &Env) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        Value::Object(_) => match only(value)? {
            ("Ref", name) => env.pseudo(name.as_str()?),
            ("Fn::Join", Value::Array(parts)) => {
                let [Value::String(between), Value::Array(parts)] = parts.as_slice() else {
                    return None;
                };
                let parts: Option<Vec<String>> = parts.iter().map(|it| text(it, env)).collect();
                Some(parts?.join(between))
            }
            _ => None,
        },
        Value::Null | Value::Array(_) => None,
    }
}

/// A value with all pseudo parameters and texts resolved that are known: two values that deploy the
/// same are then equal.
pub(crate) fn settled(value: &Value, env: &Env) -> Value {
    if value.is_object()
        && let Some(text) = text(value, env)
    {
        return text.into();
    }
    match value {
        Value::Object(entries) => {
            let known = entries.iter().filter(|(_, it)| !is_no_value(it));
            let entries = known.map(|(key, it)| (key.clone(), settled(it, env)));
            Value::Object(entries.collect::<Map<_, _>>())
        }
        Value::Array(items) => {
            items.iter().filter(|it| !is_no_value(it)).map(|it| settled(it, env)).collect()
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => value.clone(),
    }
}

/// `AWS::NoValue`, which removes what has it as its value.
pub(crate) fn is_no_value(value: &Value) -> bool {
    matches!(only(value), Some(("Ref", name)) if name == "AWS::NoValue")
}

/// Why a value that depends on the deployment cannot be written, and how to tell what it depends on.
pub(crate) fn unknown(what: &str, value: &Value) -> String {
    match parameter(value) {
        Some(name) => format!(
            "{what} is unknown until deployment: {value} (`--parameter {name}=VALUE` tells it, as does the output of `aws cloudformation describe-stacks`)"
        ),
        None => format!("{what} is unknown until deployment: {value}"),
    }
}

/// The pseudo parameters that can be told.
pub(crate) const PSEUDO_PARAMETERS: [&str; 3] = ["AWS::AccountId", "AWS::Region", "AWS::StackName"];

/// The first pseudo parameter in a value that can be told.
pub(crate) fn parameter(value: &Value) -> Option<&str> {
    match value {
        Value::Object(entries) => match only(value) {
            Some(("Ref", Value::String(name))) => {
                PSEUDO_PARAMETERS.contains(&name.as_str()).then_some(name.as_str())
            }
            _ => entries.values().find_map(parameter),
        },
        Value::Array(items) => items.iter().find_map(parameter),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => None,
    }
}

/// Whether a value contains no intrinsic function.
pub(crate) fn is_literal(value: &Value) -> bool {
    let is_function = |(name, _): (&str, &Value)| name == "Ref" || name.starts_with("Fn::");
    match value {
        Value::Object(entries) => {
            !only(value).is_some_and(is_function) && entries.values().all(is_literal)
        }
        Value::Array(items) => items.iter().all(is_literal),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => true,
    }
}

/// A list, or a value that stands for a list of one.
pub(crate) fn list(value: &Value) -> Vec<&Value> {
    value.as_array().map_or_else(|| vec![value], |items| items.iter().collect())
}

/// `Fn::Join` of parts, with adjacent literals joined.
pub(crate) fn concat(parts: impl IntoIterator<Item = Value>) -> Value {
    let mut joined: Vec<Value> = Vec::new();
    for part in parts {
        let inner = match only(&part) {
            Some(("Fn::Join", Value::Array(inner))) => match inner.as_slice() {
                [Value::String(between), Value::Array(items)] if between.is_empty() => {
                    items.clone()
                }
                _ => vec![part],
            },
            _ => vec![part],
        };
        for part in inner {
            match (joined.last_mut(), part) {
                (_, Value::String(text)) if text.is_empty() => {}
                (Some(Value::String(before)), Value::String(text)) => before.push_str(&text),
                (_, part) => joined.push(part),
            }
        }
    }
    match joined.as_slice() {
        [] => Value::String(String::new()),
        [only] => only.clone(),
        _ => json!({ "Fn::Join": ["", joined] }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_texts() {
        let env = Env { account: None, region: Some("eu-west-1".to_owned()) };
        let value = json!({ "Fn::Join": ["", ["arn:", { "Ref": "AWS::Partition" }, ":", { "Ref": "AWS::Region" }]] });
        assert_eq!(text(&value, &env).as_deref(), Some("arn:aws:eu-west-1"));
        assert_eq!(text(&json!({ "Ref": "AWS::AccountId" }), &env), None);
        assert_eq!(settled(&json!([value]), &env), json!(["arn:aws:eu-west-1"]));
    }

    #[test]
    fn joins() {
        let inner = json!({ "Fn::Join": ["", ["b", { "Ref": "X" }]] });
        assert_eq!(
            concat(["a".into(), inner]),
            json!({ "Fn::Join": ["", ["ab", { "Ref": "X" }]] })
        );
        assert_eq!(concat(["a".into(), "b".into()]), json!("ab"));
    }
}
