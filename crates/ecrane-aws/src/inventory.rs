//! Everything of a registry that a config describes.

use std::cell::RefCell;
use std::collections::BTreeSet;

use aws_sdk_ecr::Client;
use ecrane_core::Region;
use futures_util::stream::{self, StreamExt as _};
use serde_json::{Map, Value};

use crate::call::{Answer, Body, Target, pages};
use crate::connection::Connection;
use crate::error::AwsError;
use crate::left_out::{Creator, Creators, LeftOut, grouped};
use crate::operation::{
    DESCRIBE_CACHE_RULES, DESCRIBE_REGISTRY, DESCRIBE_REPOSITORIES, DESCRIBE_TEMPLATES,
    GET_ACCOUNT_SETTING, GET_LIFECYCLE_POLICY, GET_REGISTRY_POLICY, GET_REPOSITORY_POLICY,
    GET_SCANNING, GET_SIGNING, LIST_EXCLUSIONS, LIST_TAGS,
};
use crate::public::PublicRegistry;

/// The maximum number of calls at a time.
pub(crate) const AT_ONCE: usize = 16;

/// Is called with a step, and how many of all repositories are done.
pub type Progress<'p> = dyn Fn(&str, usize, usize) + 'p;

/// An answer of AWS, as the AWS CLI prints it.
#[derive(Debug, Clone, PartialEq)]
pub struct AwsAnswer {
    /// The region and the content, as the path of a file: `eu-west-1/lifecycle/shop/app.json`.
    pub name: String,
    /// The answer. All pages are one.
    pub document: Map<String, Value>,
}

/// What an account contains.
#[derive(Debug, Clone, Default)]
pub struct Inventory {
    /// The answers of AWS, in the order of the regions and of AWS.
    pub answers: Vec<AwsAnswer>,
    /// Repositories that are not in it, because something else creates them.
    pub left_out: Vec<LeftOut>,
    /// What the credentials may not read, one error for each operation and region.
    pub denied: Vec<AwsError>,
    /// What regions do not have, one for each operation and region.
    pub unavailable: Vec<AwsError>,
}

/// The account settings.
///
/// Source: <https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_GetAccountSetting.html>.
const ACCOUNT_SETTINGS: [(&str, &str); 3] = [
    ("account-settings/basic-scan-type-version", "BASIC_SCAN_TYPE_VERSION"),
    ("account-settings/registry-policy-scope", "REGISTRY_POLICY_SCOPE"),
    ("account-settings/blob-mounting", "BLOB_MOUNTING"),
];

impl Connection {
    /// Reads the private registries of regions, by default that of the connection, and the public
    /// registry of the account.
    ///
    /// # Errors
    /// Returns an error if a call fails, other than for lack of permissions.
    pub fn inventory(
        &self,
        regions: &[Region],
        progress: &Progress<'_>,
    ) -> Result<Inventory, AwsError> {
        let mut named: Vec<&str> = regions.iter().map(Region::as_str).collect();
        if named.is_empty() {
            named.push(self.region());
        }
        let mut seen = BTreeSet::new();
        named.retain(|it| seen.insert(*it));
        self.block_on(async {
            let denied = Denied::default();
            let mut registries = Vec::new();
            for region in &named {
                registries.push(Registry::read(self, region, &denied, progress).await?);
            }
            let mut inventory = Inventory::default();
            for registry in &registries {
                registry.read_repositories(&registries, &denied, progress, &mut inventory).await?;
            }
            // Its API is in the partition `aws` only.
            if named.iter().any(|it| is_commercial(it)) {
                PublicRegistry::new(self).read(&denied, progress, &mut inventory).await?;
            }
            (inventory.denied, inventory.unavailable) =
                denied.0.into_inner().into_iter().partition(|it| it.denied().is_some());
            Ok(inventory)
        })
    }
}

fn is_commercial(region: &str) -> bool {
    region.parse::<Region>().is_ok_and(|it| it.partition() == "aws")
}

/// Calls that are not allowed, and calls that regions do not have.
#[derive(Debug, Default)]
pub(crate) struct Denied(RefCell<Vec<AwsError>>);

impl Denied {
    /// Keeps the first error for an operation in a region, and continues without an answer.
    pub(crate) fn keep(&self, answer: Answer) -> Answer {
        let error = match answer {
            Err(error) if error.denied().or(error.unavailable()).is_some() => error,
            other => return other,
        };
        let mut all = self.0.borrow_mut();
        let call = |it: &AwsError| {
            let call = it.denied().or(it.unavailable());
            call.map(|(operation, region)| (operation, region.to_owned()))
        };
        if !all.iter().any(|it| call(it) == call(&error)) {
            all.push(error);
        }
        Ok(None)
    }
}

/// The private registry of a region.
#[derive(Debug)]
struct Registry {
    ecr: Client,
    target: Target,
    repositories: Map<String, Value>,
    names: BTreeSet<String>,
    /// The answers about the registry itself.
    settings: Vec<(&'static str, Map<String, Value>)>,
}

impl Registry {
    async fn read(
        aws: &Connection,
        region: &str,
        denied: &Denied,
        progress: &Progress<'_>,
    ) -> Result<Self, AwsError> {
        progress(&format!("reading the registry in {region}"), 0, 0);
        let ecr = aws_sdk_ecr::Client::new(&aws.config(region));
        let mut this = Self {
            ecr,
            target: aws.target(region),
            repositories: Map::new(),
            names: BTreeSet::new(),
            settings: Vec::new(),
        };
        let repositories = denied.keep(this.describe_repositories().await)?;
        this.repositories = repositories.unwrap_or_default();
        this.names = list(&this.repositories).filter_map(name_of).map(str::to_owned).collect();
        let settings = [
            ("registry", this.describe_registry().await),
            ("registry-policy", this.registry_policy().await),
            ("scanning", this.scanning().await),
            ("cache-rules", this.cache_rules().await),
            ("creation-templates", this.templates().await),
            ("signing", this.signing().await),
            ("pull-time-update-exclusions", this.exclusions().await),
        ];
        let mut settings = Vec::from(settings);
        for (name, setting) in ACCOUNT_SETTINGS {
            settings.push((name, this.account_setting(setting).await));
        }
        for (name, answer) in settings {
            if let Some(answer) = denied.keep(answer)? {
                this.settings.push((name, answer));
            }
        }
        // The answer about cache rules names the registry in each rule only.
        let id = this.setting("registry").and_then(|it| it.get("registryId")).cloned();
        for (_, answer) in &mut this.settings {
            if let (Some(id), false) = (&id, answer.contains_key("registryId")) {
                answer.insert("registryId".to_owned(), id.clone());
            }
        }
        Ok(this)
    }

    fn setting(&self, name: &str) -> Option<&Map<String, Value>> {
        self.settings.iter().find(|(it, _)| *it == name).map(|(_, answer)| answer)
    }

    fn region(&self) -> &str {
        &self.target.region
    }

    /// Adds the answers about the repositories to an inventory, and those about the registry.
    async fn read_repositories(
        &self,
        all: &[Self],
        denied: &Denied,
        progress: &Progress<'_>,
        inventory: &mut Inventory,
    ) -> Result<(), AwsError> {
        let mut creators = Creators::of_cache_rules(
            self.setting("cache-rules").and_then(|it| it.get("pullThroughCacheRules")),
        );
        for other in all.iter().filter(|it| it.region() != self.region()) {
            if let Some(registry) = other.setting("registry") {
                creators.add_replication(other.region(), registry, self.region());
            }
        }
        let exists = |region: &str, name: &str| {
            all.iter().any(|it| it.region() == region && it.names.contains(name))
        };
        let mut kept: Vec<Value> = Vec::new();
        let mut left_out: Vec<(String, Creator)> = Vec::new();
        for repository in list(&self.repositories) {
            let name = name_of(repository).unwrap_or_default();
            match creators.of(name, exists) {
                Some(by) => left_out.push((name.to_owned(), by)),
                None => kept.push(repository.clone()),
            }
        }
        left_out.sort();
        inventory.left_out.extend(grouped(self.region(), left_out));
        let count = kept.len();
        let step = format!("reading the repositories in {}", self.region());
        let about =
            about_each(&kept, |it| self.about(it), denied, |done| progress(&step, done, count));
        let about = about.await?;
        if !kept.is_empty() {
            let mut document = self.repositories.clone();
            document.insert("repositories".to_owned(), kept.into());
            inventory.answers.push(self.answer("repositories", document));
        }
        inventory.answers.extend(about);
        let settings = self.settings.iter();
        inventory.answers.extend(settings.map(|(name, it)| self.answer(name, it.clone())));
        Ok(())
    }

    fn answer(&self, name: &str, document: Map<String, Value>) -> AwsAnswer {
        AwsAnswer { name: format!("{}/{name}.json", self.region()), document }
    }

    /// What there is about a repository.
    async fn about(&self, repository: &Value) -> Vec<(String, Answer)> {
        let name = name_of(repository).unwrap_or_default();
        let arn = repository.get("repositoryArn").and_then(Value::as_str).unwrap_or_default();
        let file = |what: &str| format!("{}/{what}/{name}.json", self.region());
        let mut found = vec![(file("lifecycle"), self.lifecycle_policy(name).await)];
        // The same credentials fail, or the network does, in the same way again.
        if found.iter().all(|(_, it)| is_fine(it)) {
            found.push((file("policy"), self.repository_policy(name).await));
        }
        if found.iter().all(|(_, it)| is_fine(it)) {
            found.push((file("tags"), self.tags(name, arn).await));
        }
        found
    }

    async fn describe_repositories(&self) -> Answer {
        pages("repositories", |token| async {
            let (body, ecr) = (Body::default(), &self.ecr);
            let call = ecr.describe_repositories().set_next_token(token);
            let sent = call.customize().interceptor(body.clone()).send();
            self.target.call(DESCRIBE_REPOSITORIES, None, body, sent).await
        })
        .await
    }

    async fn lifecycle_policy(&self, name: &str) -> Answer {
        let (body, ecr) = (Body::default(), &self.ecr);
        let call = ecr.get_lifecycle_policy().repository_name(name);
        let sent = call.customize().interceptor(body.clone()).send();
        self.target.call(GET_LIFECYCLE_POLICY, Some(name), body, sent).await
    }

    async fn repository_policy(&self, name: &str) -> Answer {
        let (body, ecr) = (Body::default(), &self.ecr);
        let call = ecr.get_repository_policy().repository_name(name);
        let sent = call.customize().interceptor(body.clone()).send();
        self.target.call(GET_REPOSITORY_POLICY, Some(name), body, sent).await
    }

    async fn tags(&self, name: &str, arn: &str) -> Answer {
        let (body, ecr) = (Body::default(), &self.ecr);
        let call = ecr.list_tags_for_resource().resource_arn(arn);
        let sent = call.customize().interceptor(body.clone()).send();
        self.target.call(LIST_TAGS, Some(name), body, sent).await
    }

    async fn describe_registry(&self) -> Answer {
        let (body, ecr) = (Body::default(), &self.ecr);
        let sent = ecr.describe_registry().customize().interceptor(body.clone()).send();
        self.target.call(DESCRIBE_REGISTRY, None, body, sent).await
    }

    async fn registry_policy(&self) -> Answer {
        let (body, ecr) = (Body::default(), &self.ecr);
        let sent = ecr.get_registry_policy().customize().interceptor(body.clone()).send();
        self.target.call(GET_REGISTRY_POLICY, None, body, sent).await
    }

    async fn scanning(&self) -> Answer {
        let (body, ecr) = (Body::default(), &self.ecr);
        let call = ecr.get_registry_scanning_configuration();
        let sent = call.customize().interceptor(body.clone()).send();
        self.target.call(GET_SCANNING, None, body, sent).await
    }

    async fn cache_rules(&self) -> Answer {
        pages("pullThroughCacheRules", |token| async {
            let (body, ecr) = (Body::default(), &self.ecr);
            let call = ecr.describe_pull_through_cache_rules().set_next_token(token);
            let sent = call.customize().interceptor(body.clone()).send();
            self.target.call(DESCRIBE_CACHE_RULES, None, body, sent).await
        })
        .await
    }

    async fn signing(&self) -> Answer {
        let (body, ecr) = (Body::default(), &self.ecr);
        let sent = ecr.get_signing_configuration().customize().interceptor(body.clone()).send();
        self.target.call(GET_SIGNING, None, body, sent).await
    }

    async fn exclusions(&self) -> Answer {
        pages("pullTimeUpdateExclusions", |token| async {
            let (body, ecr) = (Body::default(), &self.ecr);
            let call = ecr.list_pull_time_update_exclusions().set_next_token(token);
            let sent = call.customize().interceptor(body.clone()).send();
            self.target.call(LIST_EXCLUSIONS, None, body, sent).await
        })
        .await
    }

    async fn account_setting(&self, name: &str) -> Answer {
        let (body, ecr) = (Body::default(), &self.ecr);
        let sent =
            ecr.get_account_setting().name(name).customize().interceptor(body.clone()).send();
        self.target.call(GET_ACCOUNT_SETTING, None, body, sent).await
    }

    async fn templates(&self) -> Answer {
        pages("repositoryCreationTemplates", |token| async {
            let (body, ecr) = (Body::default(), &self.ecr);
            let call = ecr.describe_repository_creation_templates().set_next_token(token);
            let sent = call.customize().interceptor(body.clone()).send();
            self.target.call(DESCRIBE_TEMPLATES, None, body, sent).await
        })
        .await
    }
}

/// The answers about each repository, in their order. Calls a function with the number of those that
/// are done.
pub(crate) async fn about_each<'r, F: Future<Output = Vec<(String, Answer)>>>(
    repositories: &'r [Value],
    about: impl Fn(&'r Value) -> F,
    denied: &Denied,
    progress: impl Fn(usize),
) -> Result<Vec<AwsAnswer>, AwsError> {
    progress(0);
    let answers = stream::iter(repositories).map(about).buffered(AT_ONCE);
    let answers = &mut std::pin::pin!(answers);
    let (mut all, mut done) = (Vec::new(), 0);
    while let Some(answers) = answers.next().await {
        for (name, answer) in answers {
            if let Some(document) = denied.keep(answer)? {
                all.push(AwsAnswer { name, document });
            }
        }
        done += 1;
        progress(done);
    }
    Ok(all)
}

/// Whether the next call can succeed.
pub(crate) fn is_fine(answer: &Answer) -> bool {
    answer.as_ref().err().is_none_or(|it| it.denied().is_some())
}

pub(crate) fn list(answer: &Map<String, Value>) -> impl Iterator<Item = &Value> {
    answer.get("repositories").and_then(Value::as_array).into_iter().flatten()
}

pub(crate) fn name_of(repository: &Value) -> Option<&str> {
    repository.get("repositoryName").and_then(Value::as_str)
}
