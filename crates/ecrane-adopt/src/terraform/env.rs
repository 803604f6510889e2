//! The account, region and common tags of a state.

use indexmap::IndexMap;
use serde_json::{Map, Value};

use crate::value::{Env, PUBLIC_REGION};

/// The account and region of the resources, by their ARNs. Of several regions, that of most.
pub(super) fn env<'r>(resources: impl Iterator<Item = (&'r str, &'r Map<String, Value>)>) -> Env {
    let mut accounts: IndexMap<&str, usize> = IndexMap::new();
    let mut regions: IndexMap<&str, usize> = IndexMap::new();
    for (kind, values) in resources {
        let Some((region, account)) = of_arn(values) else { continue };
        // ECR Public has one region, whatever that of the provider.
        if !region.is_empty() && !kind.starts_with("aws_ecrpublic_") {
            *regions.entry(region).or_default() += 1;
        }
        if !account.is_empty() {
            *accounts.entry(account).or_default() += 1;
        }
    }
    let most = |counts: &IndexMap<&str, usize>| {
        // The first of several with the same count.
        let most = counts.iter().rev().max_by_key(|(_, count)| **count);
        most.map(|(name, _)| (*name).to_owned())
    };
    Env { account: most(&accounts), region: most(&regions) }
}

/// The region and account in the ARN of a resource.
fn of_arn(values: &Map<String, Value>) -> Option<(&str, &str)> {
    let mut fields = values.get("arn")?.as_str()?.split(':').skip(3);
    fields.next().zip(fields.next())
}

/// Why a resource is not one of the stack: it is in another region or account.
pub(super) fn elsewhere(kind: &str, values: &Map<String, Value>, env: &Env) -> Option<String> {
    let (region, account) = of_arn(values)?;
    // Another provider of the module has it.
    if kind == "aws_ecrpublic_repository"
        && let Some(own) = env.region.as_deref().filter(|own| *own != PUBLIC_REGION)
    {
        return Some(format!("in the region {PUBLIC_REGION}, and the stack is in {own}"));
    }
    let is_other = |it: &str, own: &Option<String>| {
        !it.is_empty() && own.as_ref().is_some_and(|own| own != it)
    };
    if is_other(region, &env.region) {
        return Some(format!(
            "in the region {region}, and the stack is in {}",
            env.region.as_deref()?
        ));
    }
    is_other(account, &env.account).then(|| {
        format!(
            "in the account {account}, and the stack is in {}",
            env.account.as_deref().unwrap_or_default()
        )
    })
}

/// The default tags of the provider: those that all resources have besides their own.
pub(super) fn default_tags<'r>(
    resources: impl Iterator<Item = &'r Map<String, Value>>,
) -> IndexMap<String, String> {
    let mut common: Option<IndexMap<String, String>> = None;
    for values in resources {
        let Some(all) = values.get("tags_all").and_then(Value::as_object) else { continue };
        let own = values.get("tags").and_then(Value::as_object);
        let default = all
            .iter()
            .filter(|(key, value)| own.and_then(|own| own.get(*key)).is_none_or(|it| it != *value));
        let default: IndexMap<String, String> = default
            .filter_map(|(key, value)| Some((key.clone(), value.as_str()?.to_owned())))
            .collect();
        match &mut common {
            None => common = Some(default),
            Some(common) => common.retain(|key, value| default.get(key) == Some(value)),
        }
    }
    common.unwrap_or_default()
}
