//! Whose document it is: the registry or repository that it is about.

use serde_json::Value;

use super::account::{Account, Place};
use super::{Kind, Output};
use crate::stack::{Resource, Stack};
use crate::value::Env;

impl Account {
    /// The registry that a document is about: that of its account, in the region that is a part of its
    /// path.
    pub(super) fn registry_of(&mut self, output: &Output<'_>) -> Result<&mut Stack, String> {
        let account = output.document.get("registryId").and_then(Value::as_str).map(str::to_owned);
        let region = region_in(output.source);
        let fits = |place: &Place| {
            let same =
                |known: &Option<String>, asked: &Option<String>| asked.is_none() || known == asked;
            same(&place.0, &account) && same(&place.1, &region)
        };
        let mut found = self.registries.iter().filter(|(place, stack)| {
            let is_public = |it: &Resource| it.kind == "AWS::ECR::PublicRepository";
            fits(place) && (stack.resources.is_empty() || !stack.resources.values().all(is_public))
        });
        let place = match (found.next(), found.next()) {
            (Some((place, _)), None) => place.clone(),
            (None, _) => (account, region),
            (Some(_), Some(_)) => return Err(OF_WHICH_REGION.to_owned()),
        };
        Ok(self.registry(place))
    }

    /// The repository that a document names, or that its path does.
    pub(super) fn repository_of(
        &mut self,
        output: &Output<'_>,
    ) -> Result<(&mut Resource, Env), String> {
        let document = &output.document;
        let account = document.get("registryId").and_then(Value::as_str);
        let region = region_in(output.source);
        let named = document.get("repositoryName").and_then(Value::as_str);
        let path = output.source.replace('\\', "/");
        let path = path.strip_suffix(".json").unwrap_or(&path).to_owned();
        let is_named = |name: &str| match named {
            Some(named) => name == named,
            None => path.strip_suffix(name).is_some_and(|it| it.is_empty() || it.ends_with('/')),
        };
        // Only public repositories have catalog data, and only private ones a lifecycle policy.
        let is_kind = |kind: &str| match output.kind {
            Kind::Catalog => kind == "AWS::ECR::PublicRepository",
            Kind::LifecyclePolicy => kind == "AWS::ECR::Repository",
            Kind::Repositories
            | Kind::Policy
            | Kind::Tags
            | Kind::Replication
            | Kind::Scanning
            | Kind::CacheRules
            | Kind::CreationTemplates
            | Kind::Signing
            | Kind::Exclusions
            | Kind::AccountSetting => kind.ends_with("Repository"),
        };
        // The name itself can contain the word.
        let of_public = |name: &str| path.strip_suffix(name).unwrap_or(&path).contains("public");
        let mut found: Vec<(&Place, &str, &Resource)> = Vec::new();
        for (place, stack) in &self.registries {
            let is_other = |known: &Option<String>, asked: Option<&str>| {
                asked.is_some_and(|asked| known.as_deref() != Some(asked))
            };
            for (address, resource) in &stack.resources {
                let is_public = resource.kind == "AWS::ECR::PublicRepository";
                let name = resource.properties.get("RepositoryName").and_then(Value::as_str);
                if is_kind(&resource.kind)
                    && name.is_some_and(is_named)
                    && !is_other(&place.0, account)
                    && (is_public || !is_other(&place.1, region.as_deref()))
                {
                    found.push((place, address, resource));
                }
            }
        }
        // The longest name is the whole one: `shop/app`, not `app`.
        let length = |it: &(&Place, &str, &Resource)| {
            it.2.properties.get("RepositoryName").and_then(Value::as_str).map_or(0, str::len)
        };
        let longest = found.iter().map(length).max().unwrap_or_default();
        found.retain(|it| length(it) == longest);
        if found.len() > 1 {
            // Of a private and a public repository with one name, the path tells.
            found.retain(|(_, _, it)| {
                let name = it.properties.get("RepositoryName").and_then(Value::as_str);
                let of_public = of_public(name.unwrap_or_default());
                (it.kind == "AWS::ECR::PublicRepository") == of_public
            });
        }
        let (place, address) = match found.as_slice() {
            [(place, address, _)] => ((*place).clone(), (*address).to_owned()),
            [] => {
                return Err(match named {
                    Some(name) => {
                        format!(
                            "`{name}` is no repository in the output of `describe-repositories`"
                        )
                    }
                    None => {
                        "it does not name its repository: put it into a file whose path ends with \
                             the name, such as `tags/shop/app.json`"
                            .to_owned()
                    }
                });
            }
            _ => return Err(OF_WHICH_REGION.to_owned()),
        };
        let stack = self.registry(place);
        let env = stack.env.clone();
        let repository = stack.resources.get_mut(&address);
        repository.map(|it| (it, env)).ok_or_else(|| address.clone())
    }
}

const OF_WHICH_REGION: &str =
    "several registries have it: put the outputs of each region into a directory of its name";

/// The region that is a part of a path: `us-gov-west-1/repositories.json`.
pub(super) fn region_in(path: &str) -> Option<String> {
    let is_region = |part: &&str| part.parse::<ecrane_core::Region>().is_ok();
    path.rsplit(['/', '\\']).find(is_region).map(str::to_owned)
}
