//! Puts what a stack refers to into its environment, as AWS requires.

use serde_json::Value;

/// Rewrites the ARNs, the replication destinations and the upstream registries of each stack.
pub(super) fn stacks(config: &mut Value) {
    let Some(stacks) = config.get_mut("stacks").and_then(Value::as_object_mut) else { return };
    for stack in stacks.values_mut() {
        let of = |key: &str| {
            let text = stack.pointer(&format!("/env/{key}"))?.as_str()?;
            (text != "cli").then(|| text.to_owned())
        };
        let home = Home { account: of("account"), region: of("region") };
        home.rewrite("", stack);
    }
}

/// The environment of a stack, as far as it is known.
struct Home {
    account: Option<String>,
    region: Option<String>,
}

impl Home {
    fn rewrite(&self, key: &str, value: &mut Value) {
        match value {
            Value::String(text) => {
                if let Some(arn) = self.arn(key, text).or_else(|| self.host(key, text)) {
                    *text = arn;
                }
            }
            Value::Array(items) => items.iter_mut().for_each(|item| self.rewrite(key, item)),
            Value::Object(entries) => {
                if let (Some(registry), Some(region)) = (
                    entries.get("registryId").and_then(Value::as_str).map(str::to_owned),
                    entries.get("region").and_then(Value::as_str),
                ) {
                    let region = self.destination(&registry, region);
                    entries.insert("region".into(), region.into());
                }
                entries.iter_mut().for_each(|(key, value)| self.rewrite(key, value));
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }

    fn partition(&self) -> Option<&'static str> {
        let region = self.region.as_deref()?;
        Some(match region.split('-').next() {
            Some("cn") => "aws-cn",
            _ if region.starts_with("us-gov-") => "aws-us-gov",
            _ => "aws",
        })
    }

    fn arn(&self, key: &str, text: &str) -> Option<String> {
        let mut fields: Vec<&str> = text.strip_prefix("arn:")?.splitn(5, ':').collect();
        let [partition, service, region, account, _] = fields.as_mut_slice() else { return None };
        *partition = self.partition().unwrap_or(partition);
        let in_registry_policy = key == "resources" && *service == "ecr";
        let is_of_region = matches!(*service, "kms" | "secretsmanager" | "signer");
        if is_of_region || in_registry_policy || key == "deadLetterQueueArn" {
            *region = self.region.as_deref().unwrap_or(region);
        }
        if *service == "secretsmanager" || key == "customRoleArn" || in_registry_policy {
            *account = self.account.as_deref().unwrap_or(account);
        }
        Some(format!("arn:{}", fields.join(":")))
    }

    /// An upstream registry in the same partition, but in another account.
    fn host(&self, key: &str, text: &str) -> Option<String> {
        if key != "upstreamRegistryUrl" || !text.contains(".dkr.ecr.") {
            return None;
        }
        let account = match self.account.as_deref() {
            Some("444455556666") => "777788889999",
            _ => "444455556666",
        };
        let region = self.region.as_deref().unwrap_or("eu-west-1");
        let suffix = if region.starts_with("cn-") { "amazonaws.com.cn" } else { "amazonaws.com" };
        Some(format!("{account}.dkr.ecr.{region}.{suffix}"))
    }

    /// A region in the same partition that is not the registry itself.
    fn destination(&self, registry: &str, region: &str) -> String {
        match self.partition() {
            Some("aws-cn") => "cn-northwest-1".to_owned(),
            Some("aws-us-gov") => "us-gov-east-1".to_owned(),
            _ if self.region.as_deref() == Some(region)
                && self.account.as_deref() == Some(registry) =>
            {
                "eu-central-1".to_owned()
            }
            _ => region.to_owned(),
        }
    }
}
