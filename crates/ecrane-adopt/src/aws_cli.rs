//! What the AWS CLI prints about registries: the output of `aws ecr describe-repositories`,
//! `get-lifecycle-policy` and the others, and of `aws ecr-public`.

use std::collections::BTreeSet;

use indexmap::IndexMap;
use serde_json::{Map, Value, json};

use crate::error::{NotAdopted, SourceAddress, SourceError};
use crate::stack::{Origin, Resource, Stack};
use crate::terraform;
use crate::value::{Env, PUBLIC_REGION};
use crate::word::camel;

/// What a document describes, by the key that only it has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    /// `describe-repositories`, of either service.
    Repositories,
    /// `get-lifecycle-policy`
    LifecyclePolicy,
    /// `get-repository-policy` of either service, or `get-registry-policy`
    Policy,
    /// `list-tags-for-resource`
    Tags,
    /// `ecr-public get-repository-catalog-data`
    Catalog,
    /// `describe-registry`
    Replication,
    /// `get-registry-scanning-configuration`
    Scanning,
    /// `describe-pull-through-cache-rules`
    CacheRules,
    /// `describe-repository-creation-templates`
    CreationTemplates,
    /// `get-signing-configuration`
    Signing,
    /// `list-pull-time-update-exclusions`
    Exclusions,
    /// `get-account-setting`
    AccountSetting,
}

const KINDS: [(&str, Kind); 12] = [
    ("repositories", Kind::Repositories),
    ("lifecyclePolicyText", Kind::LifecyclePolicy),
    ("policyText", Kind::Policy),
    ("tags", Kind::Tags),
    ("catalogData", Kind::Catalog),
    ("replicationConfiguration", Kind::Replication),
    ("scanningConfiguration", Kind::Scanning),
    ("pullThroughCacheRules", Kind::CacheRules),
    ("repositoryCreationTemplates", Kind::CreationTemplates),
    ("signingConfiguration", Kind::Signing),
    ("pullTimeUpdateExclusions", Kind::Exclusions),
    // Besides a name.
    ("value", Kind::AccountSetting),
];

/// The account settings of new accounts.
///
/// Source: <https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_PutAccountSetting.html>.
const DEFAULT_SETTINGS: [(&str, &str); 3] = [
    ("BASIC_SCAN_TYPE_VERSION", "AWS_NATIVE"),
    ("REGISTRY_POLICY_SCOPE", "V2"),
    ("BLOB_MOUNTING", "DISABLED"),
];

/// A document.
#[derive(Debug)]
pub(crate) struct Output<'s> {
    source: &'s str,
    kind: Kind,
    document: Map<String, Value>,
}

impl Output<'_> {
    /// Whether it is a page and not the last one.
    fn has_next(&self) -> bool {
        let mut tokens = ["nextToken", "NextToken"].iter().filter_map(|it| self.document.get(*it));
        tokens.any(|token| !token.is_null())
    }

    /// Whether another output is the last page of this one: it is of the same kind and registry.
    fn ends_with(&self, other: &Self) -> bool {
        let registry = |it: &Self| {
            let arn = it.document.get("repositories").and_then(|it| it.pointer("/0/repositoryArn"));
            let arn = arn.and_then(Value::as_str).and_then(|it| it.split_once(":repository/"));
            let id = it.document.get("registryId").and_then(Value::as_str);
            arn.map(|(registry, _)| registry).or(id).map(str::to_owned)
        };
        // The last page can be empty.
        let last = registry(other);
        !other.has_next()
            && (self.kind, region_in(self.source)) == (other.kind, region_in(other.source))
            && (last.is_none() || last == registry(self))
    }
}

/// Recognizes output of the AWS CLI.
pub(crate) fn output<'s>(source: &'s str, document: &Map<String, Value>) -> Option<Output<'s>> {
    let (_, kind) = KINDS.iter().find(|(key, _)| document.contains_key(*key))?;
    let is_other = document.contains_key("Resources")
        || document.contains_key("stacks")
        || *kind == Kind::AccountSetting && !document.contains_key("name");
    (!is_other).then(|| Output { source, kind: *kind, document: document.clone() })
}

/// The stacks that the outputs amount to: one for each registry.
pub(crate) fn stacks(mut outputs: Vec<Output<'_>>) -> Result<Vec<Stack>, Vec<SourceError>> {
    // Repositories come first: the others are about them.
    outputs.sort_by_key(|it| it.kind);
    let mut account = Account::default();
    let mut errors = Vec::new();
    for output in &outputs {
        if output.has_next() && !outputs.iter().any(|it| output.ends_with(it)) {
            errors.push(SourceError::NotWhole { name: output.source.to_owned() });
        } else if let Err(reason) = account.add(output) {
            let name = output.source.to_owned();
            errors.push(SourceError::Malformed { name, reason });
        }
    }
    if errors.is_empty() { Ok(account.stacks()) } else { Err(errors) }
}

/// A registry: an account and a region.
type Place = (Option<String>, Option<String>);

/// What the outputs say.
#[derive(Debug, Default)]
struct Account {
    registries: IndexMap<Place, Stack>,
}

impl Account {
    fn add(&mut self, output: &Output<'_>) -> Result<(), String> {
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

    /// Adds a setting of a registry.
    fn setting(&mut self, output: &Output<'_>) -> Result<(), String> {
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

    fn repository(&mut self, repository: &Map<String, Value>) -> Result<(), String> {
        let name = required(repository, "repositoryName")?;
        let arn = required(repository, "repositoryArn")?;
        let fields: Vec<&str> = arn.splitn(6, ':').collect();
        let [_, _, service, region, account, _] = fields.as_slice() else {
            return Err(format!("`{arn}` is not an ARN"));
        };
        let is_public = *service == "ecr-public";
        let region = if is_public { PUBLIC_REGION } else { region };
        let mut properties = Map::new();
        properties.insert("RepositoryName".to_owned(), name.into());
        let mut attributes = Map::new();
        let address = if is_public {
            public(name)
        } else {
            properties.extend(settings(repository));
            // What ecrane and the CDK do by default: no deployment deletes images.
            for policy in ["DeletionPolicy", "UpdateReplacePolicy"] {
                attributes.insert(policy.to_owned(), "Retain".into());
            }
            name.to_owned()
        };
        let kind = if is_public { "AWS::ECR::PublicRepository" } else { "AWS::ECR::Repository" };
        let (kind, id) = (kind.to_owned(), Some(camel(name)));
        let resource = Resource { kind, properties, attributes, id, ..Resource::default() };
        let stack = self.registry((Some((*account).to_owned()), Some(region.to_owned())));
        insert(stack, &address, resource)?;
        refuse_left_over(stack, &address, repository, &[SETTINGS, IGNORED]);
        Ok(())
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

    fn left_over(
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

    fn registry(&mut self, place: Place) -> &mut Stack {
        let (account, region) = place.clone();
        let env = Env { account, region };
        let stack = || Stack { origin: Origin::Account, env, ..Stack::default() };
        self.registries.entry(place).or_insert_with(stack)
    }

    /// The registry that a document is about: that of its account, in the region that is a part of its
    /// path.
    fn registry_of(&mut self, output: &Output<'_>) -> Result<&mut Stack, String> {
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
    fn repository_of(&mut self, output: &Output<'_>) -> Result<(&mut Resource, Env), String> {
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

    /// The stacks, with IDs. What a stack of CloudFormation has is not adopted from the account.
    fn stacks(self) -> Vec<Stack> {
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

const OF_WHICH_REGION: &str =
    "several registries have it: put the outputs of each region into a directory of its name";

/// AWS's own tags, which nobody else can set.
fn is_of_aws(key: &str) -> bool {
    key.starts_with("aws:")
}

fn public(name: &str) -> String {
    format!("ecr-public {name}")
}

/// The objects of a list.
fn list<'d>(
    document: &'d Map<String, Value>,
    key: &str,
) -> Result<Vec<&'d Map<String, Value>>, String> {
    let items = document.get(key).and_then(Value::as_array);
    let items = items.map(|items| items.iter().filter_map(Value::as_object).collect());
    items.ok_or_else(|| format!("`{key}` is not a list"))
}

fn required<'d>(document: &'d Map<String, Value>, key: &str) -> Result<&'d str, String> {
    document.get(key).and_then(Value::as_str).ok_or_else(|| format!("`{key}` is missing"))
}

fn of<const N: usize>(kind: &str, properties: [(&str, Value); N]) -> Resource {
    let properties = properties.into_iter().map(|(name, value)| (name.to_owned(), value));
    Resource { kind: kind.to_owned(), properties: properties.collect(), ..Resource::default() }
}

fn insert(stack: &mut Stack, address: &str, resource: Resource) -> Result<(), String> {
    let before = stack.resources.insert(address.to_owned(), resource);
    if before.is_some() { Err(format!("`{address}` is there twice")) } else { Ok(()) }
}

/// The fields that are properties under their own names.
type Fields = [(&'static str, &'static str)];

const CACHE_RULE: &Fields = &[
    ("ecrRepositoryPrefix", "EcrRepositoryPrefix"),
    ("upstreamRegistryUrl", "UpstreamRegistryUrl"),
    ("upstreamRepositoryPrefix", "UpstreamRepositoryPrefix"),
    ("credentialArn", "CredentialArn"),
    ("customRoleArn", "CustomRoleArn"),
];

const TEMPLATE: &Fields = &[
    ("prefix", "Prefix"),
    ("description", "Description"),
    ("appliedFor", "AppliedFor"),
    ("lifecyclePolicy", "LifecyclePolicy"),
    ("repositoryPolicy", "RepositoryPolicy"),
    ("resourceTags", "ResourceTags"),
    ("customRoleArn", "CustomRoleArn"),
];

const CATALOG: &Fields = &[
    ("description", "RepositoryDescription"),
    ("architectures", "Architectures"),
    ("operatingSystems", "OperatingSystems"),
    ("aboutText", "AboutText"),
    ("usageText", "UsageText"),
];

/// What [`settings`] reads.
const SETTINGS: &Fields = &[
    ("imageTagMutability", ""),
    ("imageTagMutabilityExclusionFilters", ""),
    ("imageScanningConfiguration", ""),
    ("encryptionConfiguration", ""),
    ("repositoryName", ""),
];

/// What AWS derives: names, times, and the registry that ECR takes from the URL of an upstream.
const IGNORED: &Fields = &[
    ("repositoryArn", ""),
    ("registryId", ""),
    ("repositoryUri", ""),
    ("createdAt", ""),
    ("updatedAt", ""),
    ("upstreamRegistry", ""),
    ("marketplaceCertified", ""),
];

fn pick(object: &Map<String, Value>, fields: &Fields) -> Map<String, Value> {
    let known = fields.iter().filter_map(|(field, property)| {
        let value = object.get(*field).filter(|it| !is_empty(it))?;
        Some(((*property).to_owned(), value.clone()))
    });
    known.collect()
}

/// The settings of a repository, without those that every repository has by default.
fn settings(repository: &Map<String, Value>) -> Map<String, Value> {
    let mut properties = Map::new();
    let mut set = |property: &str, value: Value| properties.insert(property.to_owned(), value);
    let text = |value: &Value, key: &str| value.get(key).and_then(Value::as_str).map(str::to_owned);
    if let Some(mutability) = repository.get("imageTagMutability").filter(|it| *it != "MUTABLE") {
        set("ImageTagMutability", mutability.clone());
    }
    let filters = repository.get("imageTagMutabilityExclusionFilters").and_then(Value::as_array);
    if let Some(filters) = filters.filter(|it| !it.is_empty()) {
        let filter = |it: &Value| {
            json!({
                "ImageTagMutabilityExclusionFilterType": text(it, "filterType"),
                "ImageTagMutabilityExclusionFilterValue": text(it, "filter"),
            })
        };
        set("ImageTagMutabilityExclusionFilters", filters.iter().map(filter).collect());
    }
    let scans = repository.get("imageScanningConfiguration").and_then(|it| it.get("scanOnPush"));
    if scans == Some(&Value::Bool(true)) {
        set("ImageScanningConfiguration", json!({ "ScanOnPush": true }));
    }
    if let Some(encryption) = repository.get("encryptionConfiguration")
        && let Some(kind) = text(encryption, "encryptionType").filter(|it| it != "AES256")
    {
        let mut configuration = json!({ "EncryptionType": kind });
        if let Some(key) = text(encryption, "kmsKey")
            && let Some(configuration) = configuration.as_object_mut()
        {
            configuration.insert("KmsKey".to_owned(), key.into());
        }
        set("EncryptionConfiguration", configuration);
    }
    properties
}

/// Refuses the fields that are not known.
fn refuse_left_over(
    stack: &mut Stack,
    address: &str,
    object: &Map<String, Value>,
    known: &[&[(&str, &str)]],
) {
    for (key, value) in object {
        let is_known = known.iter().any(|fields| fields.iter().any(|(field, _)| field == key));
        if !is_known && !is_empty(value) {
            let address = SourceAddress::from(address).property(key);
            let reason = "the config has no key for this".to_owned();
            stack.refused.push(NotAdopted::Inexpressible { address, reason });
        }
    }
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(entries) => entries.is_empty(),
        Value::Bool(_) | Value::Number(_) => false,
    }
}

/// Fields under the names of CloudFormation's properties, without empty ones.
fn pascal(value: &Value) -> Value {
    match value {
        Value::Object(entries) => {
            let entries = entries.iter().map(|(key, value)| (camel(key), pascal(value)));
            Value::Object(entries.filter(|(_, value)| !is_empty(value)).collect())
        }
        Value::Array(items) => items.iter().map(pascal).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => value.clone(),
    }
}

/// Tags, whose keys are in lower case in ECR Public's and in upper case in ECR's output.
fn pascal_tags(tags: &Value) -> Value {
    let tags = tags.as_array().into_iter().flatten();
    tags.map(|tag| {
        let part = |upper: &str, lower: &str| tag.get(upper).or_else(|| tag.get(lower)).cloned();
        json!({ "Key": part("Key", "key"), "Value": part("Value", "value") })
    })
    .collect()
}

/// The region that is a part of a path: `us-gov-west-1/repositories.json`.
fn region_in(path: &str) -> Option<String> {
    let is_region = |part: &&str| part.parse::<ecrane_core::Region>().is_ok();
    path.rsplit(['/', '\\']).find(is_region).map(str::to_owned)
}
