//! The settings of a registry.

use serde_json::{Map, Value, json};

use super::account::Account;
use super::fields::{
    CACHE_RULE, IGNORED, SETTINGS, TEMPLATE, insert, is_empty, list, of, pascal, pascal_tags, pick,
    refuse_left_over, required, settings,
};
use super::{Kind, Output};
use crate::stack::Resource;
use crate::terraform;
use crate::word::camel;

/// The account settings of new accounts.
///
/// Source: <https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_PutAccountSetting.html>.
const DEFAULT_SETTINGS: [(&str, &str); 3] = [
    ("BASIC_SCAN_TYPE_VERSION", "AWS_NATIVE"),
    ("REGISTRY_POLICY_SCOPE", "V2"),
    ("BLOB_MOUNTING", "DISABLED"),
];

impl Account {
    /// Adds a setting of a registry.
    pub(super) fn setting(&mut self, output: &Output<'_>) -> Result<(), String> {
        let document = &output.document;
        match output.kind {
            Kind::Replication => {
                let Some(configuration) =
                    document.get("replicationConfiguration").map(pascal).filter(|it| !is_empty(it))
                else {
                    return Ok(());
                };
                let stack = self.registry_of(output)?;
                let property = [("ReplicationConfiguration", configuration)];
                let resource = of("AWS::ECR::ReplicationConfiguration", property);
                insert(stack, "replication configuration", resource)
            }
            Kind::Scanning => {
                let configuration = document.get("scanningConfiguration").map(pascal);
                // What a registry has from the beginning.
                let default = json!({ "ScanType": "BASIC" });
                let Some(Value::Object(properties)) =
                    configuration.filter(|it| *it != default && !is_empty(it))
                else {
                    return Ok(());
                };
                let stack = self.registry_of(output)?;
                let kind = "AWS::ECR::RegistryScanningConfiguration".to_owned();
                let resource = Resource { kind, properties, ..Resource::default() };
                insert(stack, "scanning configuration", resource)
            }
            Kind::CacheRules => {
                for rule in list(document, "pullThroughCacheRules")? {
                    let prefix = required(rule, "ecrRepositoryPrefix")?;
                    let mut properties = pick(rule, CACHE_RULE);
                    let is_root = |it: &Value| it == "ROOT";
                    if properties.get("UpstreamRepositoryPrefix").is_some_and(is_root) {
                        properties.shift_remove("UpstreamRepositoryPrefix");
                    }
                    let kind = "AWS::ECR::PullThroughCacheRule".to_owned();
                    let id = Some(camel(prefix));
                    let resource = Resource { kind, properties, id, ..Resource::default() };
                    let address = format!("pull-through cache rule {prefix}");
                    insert(self.registry_of(output)?, &address, resource)?;
                    self.left_over(output, &address, rule, &[CACHE_RULE, IGNORED])?;
                }
                Ok(())
            }
            Kind::CreationTemplates => {
                for template in list(document, "repositoryCreationTemplates")? {
                    self.creation_template(output, template)?;
                }
                Ok(())
            }
            Kind::Signing => {
                let configuration = document.get("signingConfiguration").map(pascal);
                let Some(Value::Object(properties)) = configuration.filter(|it| !is_empty(it))
                else {
                    return Ok(());
                };
                let kind = "AWS::ECR::SigningConfiguration".to_owned();
                let resource = Resource { kind, properties, ..Resource::default() };
                insert(self.registry_of(output)?, "signing configuration", resource)
            }
            Kind::Exclusions => {
                let arns = document.get("pullTimeUpdateExclusions").and_then(Value::as_array);
                for arn in arns.into_iter().flatten().filter_map(Value::as_str) {
                    let property = [("PrincipalArn", arn.into())];
                    let mut resource = of("AWS::ECR::PullTimeUpdateExclusion", property);
                    resource.id = Some(camel(arn.rsplit('/').next().unwrap_or(arn)));
                    let address = format!("pull-time update exclusion {arn}");
                    insert(self.registry_of(output)?, &address, resource)?;
                }
                Ok(())
            }
            Kind::AccountSetting => {
                let setting = (required(document, "name")?, required(document, "value")?);
                if DEFAULT_SETTINGS.contains(&setting) {
                    return Ok(());
                }
                let (name, value) = setting;
                let properties = [("Name", name.into()), ("Value", value.into())];
                let resource = of(terraform::ACCOUNT_SETTING, properties);
                insert(self.registry_of(output)?, &format!("account setting {name}"), resource)
            }
            Kind::Repositories
            | Kind::LifecyclePolicy
            | Kind::Policy
            | Kind::Tags
            | Kind::Catalog => Ok(()),
        }
    }

    fn creation_template(
        &mut self,
        output: &Output<'_>,
        template: &Map<String, Value>,
    ) -> Result<(), String> {
        let prefix = required(template, "prefix")?;
        let stack = self.registry_of(output)?;
        let mut properties = pick(template, TEMPLATE);
        properties.extend(settings(template));
        if let Some(policy) = properties.get_mut("RepositoryPolicy") {
            *policy = terraform::policy(policy, stack.env.clone());
        }
        if let Some(tags) = properties.get_mut("ResourceTags") {
            *tags = pascal_tags(tags);
        }
        properties.retain(|_, value| !is_empty(value));
        let (kind, id) = ("AWS::ECR::RepositoryCreationTemplate".to_owned(), Some(camel(prefix)));
        let resource = Resource { kind, properties, id, ..Resource::default() };
        let address = format!("creation template {prefix}");
        insert(stack, &address, resource)?;
        refuse_left_over(stack, &address, template, &[TEMPLATE, SETTINGS, IGNORED]);
        Ok(())
    }
}
