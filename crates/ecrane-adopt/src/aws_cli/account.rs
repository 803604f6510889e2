//! The registries that the outputs describe.

use std::collections::BTreeSet;

use indexmap::IndexMap;
use serde_json::{Map, Value, json};

use super::fields::{
    CATALOG, IGNORED, insert, list, of, pascal_tags, pick, public, refuse_left_over, required,
};
use super::{Kind, Output};
use crate::error::NotAdopted;
use crate::stack::{Origin, Stack};
use crate::terraform;
use crate::value::Env;
use crate::word::camel;

/// A registry: an account and a region.
pub(super) type Place = (Option<String>, Option<String>);

/// What the outputs say.
#[derive(Debug, Default)]
pub(super) struct Account {
    pub(super) registries: IndexMap<Place, Stack>,
}

impl Account {
    pub(super) fn add(&mut self, output: &Output<'_>) -> Result<(), String> {
        let document = &output.document;
        match output.kind {
            Kind::Repositories => {
                list(document, "repositories")?.into_iter().try_for_each(|it| self.repository(it))
            }
            Kind::LifecyclePolicy => {
                let text = required(document, "lifecyclePolicyText")?;
                let policy = json!({ "LifecyclePolicyText": text });
                let (repository, _) = self.repository_of(output)?;
                repository.properties.insert("LifecyclePolicy".to_owned(), policy);
                Ok(())
            }
            Kind::Policy => {
                let text = json!(required(document, "policyText")?);
                if document.contains_key("repositoryName") {
                    let (repository, env) = self.repository_of(output)?;
                    let policy = terraform::policy(&text, env);
                    repository.properties.insert("RepositoryPolicyText".to_owned(), policy);
                } else {
                    let stack = self.registry_of(output)?;
                    let policy = terraform::policy(&text, stack.env.clone());
                    let resource = of("AWS::ECR::RegistryPolicy", [("PolicyText", policy)]);
                    insert(stack, "registry policy", resource)?;
                }
                Ok(())
            }
            Kind::Tags => {
                let tags = document.get("tags").cloned().unwrap_or_default();
                let (repository, _) = self.repository_of(output)?;
                repository.properties.insert("Tags".to_owned(), pascal_tags(&tags));
                Ok(())
            }
            Kind::Catalog => {
                let catalog = document.get("catalogData").and_then(Value::as_object);
                let catalog = catalog.cloned().unwrap_or_default();
                let (repository, _) = self.repository_of(output)?;
                let data = pick(&catalog, CATALOG);
                if !data.is_empty() {
                    repository.properties.insert("RepositoryCatalogData".to_owned(), data.into());
                }
                let name = repository.properties.get("RepositoryName").and_then(Value::as_str);
                let address = public(name.unwrap_or_default());
                self.left_over(output, &address, &catalog, &[CATALOG, IGNORED])
            }
            Kind::Replication
            | Kind::Scanning
            | Kind::CacheRules
            | Kind::CreationTemplates
            | Kind::Signing
            | Kind::Exclusions
            | Kind::AccountSetting => self.setting(output),
        }
    }

    pub(super) fn left_over(
        &mut self,
        output: &Output<'_>,
        address: &str,
        object: &Map<String, Value>,
        known: &[&[(&str, &str)]],
    ) -> Result<(), String> {
        let holder = self.registries.values_mut().find(|it| it.resources.contains_key(address));
        match holder {
            Some(stack) => refuse_left_over(stack, address, object, known),
            None => refuse_left_over(self.registry_of(output)?, address, object, known),
        }
        Ok(())
    }

    pub(super) fn registry(&mut self, place: Place) -> &mut Stack {
        let (account, region) = place.clone();
        let env = Env { account, region };
        let stack = || Stack { origin: Origin::Account, env, ..Stack::default() };
        self.registries.entry(place).or_insert_with(stack)
    }

    /// The stacks, with IDs. What a stack of CloudFormation has is not adopted from the account.
    pub(super) fn stacks(self) -> Vec<Stack> {
        let is_public = |it: &Stack| {
            !it.resources.is_empty()
                && it.resources.values().all(|it| it.kind == "AWS::ECR::PublicRepository")
        };
        let accounts: BTreeSet<_> = self.registries.keys().map(|(account, _)| account).collect();
        let of_many = accounts.len() > 1;
        let is_only = self.registries.values().filter(|it| !is_public(it)).count() == 1;
        let (last, first): (Vec<_>, Vec<_>) =
            self.registries.into_iter().partition(|(_, it)| is_public(it));
        let mut stacks = Vec::new();
        for ((account, region), mut stack) in first.into_iter().chain(last) {
            let region = region.filter(|_| !is_only).unwrap_or_default();
            let account = account.filter(|_| of_many).unwrap_or_default();
            stack.id = if is_public(&stack) {
                format!("Gallery{account}")
            } else {
                let region = if region.is_empty() { region } else { camel(&region) };
                format!("Registry{region}{account}")
            };
            for (address, resource) in &stack.resources {
                let tags = resource.properties.get("Tags").and_then(Value::as_array);
                let owner = tags.into_iter().flatten().find_map(|tag| {
                    let is_name = tag.get("Key")? == "aws:cloudformation:stack-name";
                    tag.get("Value")?.as_str().filter(|_| is_name).map(str::to_owned)
                });
                if let Some(owner) = owner {
                    let reason = format!(
                        "it belongs to the CloudFormation stack `{owner}`: adopt its template"
                    );
                    let address = address.as_str().into();
                    stack.refused.push(NotAdopted::Inexpressible { address, reason });
                }
            }
            for resource in stack.resources.values_mut() {
                if let Some(Value::Array(tags)) = resource.properties.get_mut("Tags") {
                    tags.retain(|it| !it.get("Key").and_then(Value::as_str).is_some_and(is_of_aws));
                    if tags.is_empty() {
                        resource.properties.shift_remove("Tags");
                    }
                }
            }
            stacks.push(stack);
        }
        stacks
    }
}

/// AWS's own tags, which nobody else can set.
fn is_of_aws(key: &str) -> bool {
    key.starts_with("aws:")
}
