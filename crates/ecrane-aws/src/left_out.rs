//! Repositories that something else creates and looks after.

use std::collections::BTreeMap;

use ecrane_core::Explain;
use serde_json::{Map, Value};
use thiserror::Error;

/// Repositories that are not read, because something else creates them.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("left out {}, which {by} created in `{region}`", names(.repositories))]
pub struct LeftOut {
    /// The names.
    pub repositories: Vec<String>,
    /// The region.
    pub region: String,
    /// What creates them.
    pub by: Creator,
}

impl Explain for LeftOut {
    fn code(&self) -> &'static str {
        "aws::left_out"
    }

    fn help(&self) -> Option<String> {
        Some("to adopt one of them anyway, pass the output of `aws ecr describe-repositories --repository-names NAME` to `ecrane adopt`".to_owned())
    }
}

/// What creates repositories.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Error)]
pub enum Creator {
    /// A pull-through cache rule, when somebody pulls an image through it.
    #[error("the pull-through cache rule `{prefix}`")]
    Cache {
        /// The prefix of the names of its repositories.
        prefix: String,
    },
    /// Replication from another region of the registry, when somebody pushes an image there.
    #[error("replication from `{region}`")]
    Replication {
        /// The other region.
        region: String,
    },
    /// `cdk bootstrap`, for the assets of all CDK apps.
    #[error("`cdk bootstrap`")]
    Bootstrap,
}

/// The maximum number of names in a message.
const TOLD: usize = 10;

fn names(all: &[String]) -> String {
    let told: Vec<String> = all.iter().take(TOLD).map(|name| format!("`{name}`")).collect();
    let told = told.join(", ");
    match all.len().saturating_sub(TOLD) {
        0 => told,
        more => format!("{told} and {more} more"),
    }
}

/// What creates repositories in a registry.
#[derive(Debug, Default)]
pub(crate) struct Creators {
    /// The prefixes of pull-through cache rules, the longest first.
    prefixes: Vec<String>,
    /// Replication rules from other regions: the region, and the prefixes of the names.
    replications: Vec<(String, Vec<String>)>,
}

impl Creators {
    /// The creators by the rules of `describe-pull-through-cache-rules`.
    pub(crate) fn of_cache_rules(rules: Option<&Value>) -> Self {
        let rules = rules.and_then(Value::as_array).into_iter().flatten();
        let prefixes = rules.filter_map(|rule| rule.get("ecrRepositoryPrefix")?.as_str());
        // Which repositories a rule for the whole registry created cannot be told by their names.
        let mut prefixes: Vec<String> =
            prefixes.filter(|it| *it != "ROOT").map(str::to_owned).collect();
        prefixes.sort_by_key(|it| std::cmp::Reverse(it.len()));
        Self { prefixes, replications: Vec::new() }
    }

    /// Adds the replication rules of another region of the account, as `describe-registry` returns
    /// them.
    pub(crate) fn add_replication(&mut self, from: &str, registry: &Map<String, Value>, to: &str) {
        let account = registry.get("registryId");
        let rules = registry.get("replicationConfiguration").and_then(|it| it.get("rules"));
        for rule in rules.and_then(Value::as_array).into_iter().flatten() {
            let list = |key: &str| rule.get(key).and_then(Value::as_array).into_iter().flatten();
            let is_here = list("destinations").any(|it| {
                it.get("region").and_then(Value::as_str) == Some(to)
                    && it.get("registryId") == account
            });
            if is_here {
                let filters = list("repositoryFilters").filter_map(|it| it.get("filter")?.as_str());
                self.replications.push((from.to_owned(), filters.map(str::to_owned).collect()));
            }
        }
    }

    /// What created a repository. A replicated repository has the name of one in the other region,
    /// `exists`.
    pub(crate) fn of(&self, name: &str, exists: impl Fn(&str, &str) -> bool) -> Option<Creator> {
        if is_of_bootstrap(name) {
            return Some(Creator::Bootstrap);
        }
        let is_below = |prefix: &&String| {
            name.strip_prefix(prefix.as_str()).is_some_and(|it| it.starts_with('/'))
        };
        if let Some(prefix) = self.prefixes.iter().find(is_below) {
            return Some(Creator::Cache { prefix: prefix.clone() });
        }
        let is_copied = |(region, filters): &&(String, Vec<String>)| {
            let is_meant =
                filters.is_empty() || filters.iter().any(|it| name.starts_with(it.as_str()));
            is_meant && exists(region, name)
        };
        let (region, _) = self.replications.iter().find(is_copied)?;
        Some(Creator::Replication { region: region.clone() })
    }
}

/// Whether a name is the default of the repository in the bootstrap stack of the AWS CDK, or that of
/// CDK 1.
///
/// Source: `lib/api/bootstrap/bootstrap-template.yaml` of aws-cdk 2.1148.1:
/// `cdk-${Qualifier}-container-assets-${AWS::AccountId}-${AWS::Region}`.
fn is_of_bootstrap(name: &str) -> bool {
    let modern = || {
        let (qualifier, rest) = name.strip_prefix("cdk-")?.split_once("-container-assets-")?;
        let (account, region) = rest.split_once('-')?;
        let is_account = account.len() == 12 && account.bytes().all(|it| it.is_ascii_digit());
        let is_qualifier = qualifier.bytes().all(|it| it.is_ascii_alphanumeric());
        Some(is_account && is_qualifier && region.parse::<ecrane_core::Region>().is_ok())
    };
    name == "aws-cdk/assets" || modern() == Some(true)
}

/// Groups names by what created them.
pub(crate) fn grouped(region: &str, found: Vec<(String, Creator)>) -> Vec<LeftOut> {
    let mut groups: BTreeMap<Creator, Vec<String>> = BTreeMap::new();
    for (name, by) in found {
        groups.entry(by).or_default().push(name);
    }
    let group = |(by, repositories)| LeftOut { repositories, region: region.to_owned(), by };
    groups.into_iter().map(group).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_cache_rule_creates_what_is_below_its_prefix() {
        let rules = json!([{ "ecrRepositoryPrefix": "hub" }, { "ecrRepositoryPrefix": "hub/mine" },
            { "ecrRepositoryPrefix": "ROOT" }]);
        let creators = Creators::of_cache_rules(Some(&rules));
        let by = |name: &str| creators.of(name, |_, _| true).map(|it| it.to_string());
        assert_eq!(by("hub/library/nginx").unwrap(), "the pull-through cache rule `hub`");
        assert_eq!(by("hub/mine/nginx").unwrap(), "the pull-through cache rule `hub/mine`");
        assert_eq!(by("hub"), None);
        assert_eq!(by("hubble/nginx"), None);
        assert_eq!(by("ROOT/nginx"), None);
    }

    #[test]
    fn replication_creates_what_the_other_region_has() {
        let registry = |filters: Value| {
            json!({ "registryId": "111122223333", "replicationConfiguration": { "rules": [{
                "destinations": [{ "region": "eu-central-1", "registryId": "111122223333" },
                    { "region": "us-east-1", "registryId": "444455556666" }],
                "repositoryFilters": filters }] } })
        };
        let prefix = json!([{ "filter": "shop/", "filterType": "PREFIX_MATCH" }]);
        let of = |filters: Value, to: &str, name: &str| {
            let mut creators = Creators::default();
            creators.add_replication("eu-west-1", registry(filters).as_object().unwrap(), to);
            creators.of(name, |region, name| region == "eu-west-1" && name != "shop/local")
        };
        let by = Some(Creator::Replication { region: "eu-west-1".to_owned() });
        assert_eq!(of(prefix.clone(), "eu-central-1", "shop/app"), by);
        assert_eq!(of(json!([]), "eu-central-1", "base"), by);
        // Another name, a repository that only this region has, another account.
        assert_eq!(of(prefix.clone(), "eu-central-1", "base"), None);
        assert_eq!(of(prefix.clone(), "eu-central-1", "shop/local"), None);
        assert_eq!(of(prefix, "us-east-1", "shop/app"), None);
    }

    #[test]
    fn the_bootstrap_stack_has_a_repository() {
        for name in [
            "cdk-hnb659fds-container-assets-111122223333-eu-west-1",
            "cdk-shop-container-assets-111122223333-us-gov-west-1",
            "aws-cdk/assets",
        ] {
            assert!(is_of_bootstrap(name), "{name}");
        }
        for name in [
            "cdk-hnb659fds-container-assets-1111-eu-west-1",
            "cdk-hnb659fds-container-assets-111122223333-here",
            "cdk-hnb659fds-assets-111122223333-eu-west-1",
            "team/cdk-hnb659fds-container-assets-111122223333-eu-west-1",
            "aws-cdk/assets2",
        ] {
            assert!(!is_of_bootstrap(name), "{name}");
        }
    }
}
