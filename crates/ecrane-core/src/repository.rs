//! ECR repositories.

use std::collections::BTreeMap;

use thiserror::Error;

use crate::app::Body;
use crate::compatibility::AwsCdk;
use crate::diagnostic::{Explain, Place, Problem};
use crate::event::{OnEventOptions, Rule};
use crate::graph::{RemovalPolicy, ResourceId};
use crate::key::Key;
use crate::lifecycle::{LifecyclePolicy, LifecycleRule};
use crate::names::{AccountId, Arn, ExclusionFilter, RepositoryName};
use crate::path::ConstructPath;
use crate::policy::{Attached, PolicyDocument, PolicyStatement, PrincipalError, StatementError};
use crate::stack::Stack;
use crate::value::{ArnField, Attribute, Json, Pseudo, Value};

/// A repository: CDK's `Repository`.
///
/// ```
/// use ecrane_core::{App, LifecycleRule, Repository, RepositoryProps, Stack, StackProps};
///
/// let app = App::default();
/// let stack = Stack::new(&app, "Registry", StackProps::default());
/// let repository = Repository::new(&stack, "App", RepositoryProps {
///     repository_name: Some("shop/app".parse()?),
///     image_scan_on_push: Some(true),
///     ..RepositoryProps::default()
/// });
/// repository.add_lifecycle_rule(LifecycleRule {
///     max_image_age: Some("30d".parse()?),
///     ..LifecycleRule::default()
/// });
/// app.build()?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct Repository {
    pub(crate) stack: Stack,
    pub(crate) path: ConstructPath,
    pub(crate) place: Place,
    pub(crate) origin: Origin,
}

#[derive(Debug, Clone)]
pub(crate) enum Origin {
    /// Made by the app; its name as far as it is given.
    Owned { id: ResourceId, name: Option<RepositoryName> },
    /// Made elsewhere; its account where that is known.
    Imported { name: Value, arn: Value, account: Option<String> },
}

/// How a repository is to be.
#[derive(Debug, Clone, Default)]
pub struct RepositoryProps {
    /// Its physical name; made on deployment when there is none.
    pub repository_name: Option<RepositoryName>,
    /// Whether images are scanned when they are pushed.
    pub image_scan_on_push: Option<bool>,
    /// Whether a tag can be moved to another image.
    pub image_tag_mutability: Option<TagMutability>,
    /// How images are encrypted. With a key and nothing said: `KMS`.
    pub encryption: Option<EncryptionType>,
    /// The key that images are encrypted with.
    pub encryption_key: Option<Key>,
    /// Whether deleting the repository deletes the images in it. Needs
    /// [`RemovalPolicy::Destroy`].
    pub empty_on_delete: Option<bool>,
    /// What happens to the repository when it leaves its stack; it is retained when nothing is
    /// said.
    pub removal_policy: Option<RemovalPolicy>,
    /// The registry that the lifecycle policy is for.
    pub lifecycle_registry_id: Option<AccountId>,
    /// Tags of the repository, and of its rules where the CDK tags those.
    pub tags: BTreeMap<String, String>,
}

/// How images are encrypted, but for the key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum EncryptionType {
    /// With a key of Amazon S3.
    Aes256,
    /// With a KMS key.
    Kms,
    /// Twice, with a KMS key.
    KmsDsse,
}

/// A repository as it is deployed.
#[derive(Debug, Clone)]
pub struct RepositoryResource {
    /// Its physical name; made on deployment when there is none.
    pub name: Option<RepositoryName>,
    /// Whether images are scanned when they are pushed; unsaid where it is not given.
    pub scan_on_push: Option<bool>,
    /// Whether a tag can be moved to another image; unsaid where it is not given.
    pub tag_mutability: Option<TagMutability>,
    /// How images are encrypted; unsaid (AES-256) where it is not given.
    pub encryption: Option<Encryption>,
    /// Whether deleting the repository deletes the images in it; unsaid where it is not given.
    pub empty_on_delete: Option<bool>,
    /// The lifecycle policy.
    pub lifecycle_policy: Option<LifecyclePolicy>,
    /// The registry that the lifecycle policy is for.
    pub lifecycle_registry_id: Option<AccountId>,
    /// Who may do what with it; nothing is rendered when it has no statements.
    pub policy: PolicyDocument,
}

/// Whether a tag can be moved to another image, and which tags are excepted.
///
/// ECR user guide, "Preventing image tags from being overwritten".
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TagMutability {
    /// A tag can be moved.
    Mutable,
    /// A tag stays with its image.
    Immutable,
    /// A tag can be moved, except those that a filter matches.
    MutableWithExclusion(ExclusionFilters),
    /// A tag stays with its image, except those that a filter matches.
    ImmutableWithExclusion(ExclusionFilters),
}

impl TagMutability {
    /// The API's word.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Mutable => "MUTABLE",
            Self::Immutable => "IMMUTABLE",
            Self::MutableWithExclusion(_) => "MUTABLE_WITH_EXCLUSION",
            Self::ImmutableWithExclusion(_) => "IMMUTABLE_WITH_EXCLUSION",
        }
    }

    /// The filters of excepted tags; none where nothing is excepted.
    pub fn exclusion_filters(&self) -> &[ExclusionFilter] {
        match self {
            Self::Mutable | Self::Immutable => &[],
            Self::MutableWithExclusion(filters) | Self::ImmutableWithExclusion(filters) => {
                &filters.0
            }
        }
    }
}

/// 1 to 5 exclusion filters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExclusionFilters(Vec<ExclusionFilter>);

impl TryFrom<Vec<ExclusionFilter>> for ExclusionFilters {
    type Error = TagMutabilityError;

    fn try_from(filters: Vec<ExclusionFilter>) -> Result<Self, Self::Error> {
        if (1..=5).contains(&filters.len()) {
            Ok(Self(filters))
        } else {
            Err(TagMutabilityError::FilterCount { count: filters.len() })
        }
    }
}

/// Why a tag mutability cannot be.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum TagMutabilityError {
    /// Not 1 to 5 filters.
    #[error("{count} exclusion filters, where 1 to 5 are allowed")]
    FilterCount {
        /// How many there are.
        count: usize,
    },
    /// Filters where nothing can be excepted.
    #[error("exclusion filters need a tag mutability `…_WITH_EXCLUSION`")]
    FiltersWithoutExclusion,
    /// Nothing is excepted where something has to be.
    #[error("tag mutability `{mutability}` needs exclusion filters")]
    ExclusionWithoutFilters {
        /// The mutability as given.
        mutability: &'static str,
    },
}

impl Explain for TagMutabilityError {
    fn code(&self) -> &'static str {
        match self {
            Self::FilterCount { .. } => "repository::exclusion_filter_count",
            Self::FiltersWithoutExclusion => "repository::exclusion_filters_unused",
            Self::ExclusionWithoutFilters { .. } => "repository::exclusion_filters_missing",
        }
    }

    fn help(&self) -> Option<String> {
        Some(match self {
            Self::FilterCount { .. } => {
                "ECR takes 1 to 5 filters (AWS::ECR::Repository, ImageTagMutabilityExclusionFilters)"
                    .to_owned()
            }
            Self::FiltersWithoutExclusion => {
                "use IMMUTABLE_WITH_EXCLUSION or MUTABLE_WITH_EXCLUSION, or drop the filters"
                    .to_owned()
            }
            Self::ExclusionWithoutFilters { .. } => {
                "give `imageTagMutabilityExclusionFilters`, such as [\"dev-*\"]".to_owned()
            }
        })
    }
}

/// How the images of a repository are encrypted.
#[derive(Debug, Clone, PartialEq)]
pub enum Encryption {
    /// With a key of Amazon S3.
    Aes256,
    /// With a KMS key: the one given by its ARN, or else the account's `aws/ecr`.
    Kms(Option<Value>),
    /// Twice, with a KMS key.
    KmsDsse(Option<Value>),
}

impl Repository {
    /// A repository of this stack.
    pub fn new(stack: &Stack, id: &str, props: RepositoryProps) -> Self {
        let place = stack.place(&["repositories"], id);
        let path = stack.claim(id, &place);
        let aws_cdk = stack.compatibility().aws_cdk;
        let note = |key: &str, error: RepositoryError| {
            stack.app().note(Problem::error(place.key(key), error));
        };
        if aws_cdk == AwsCdk::V1 {
            for (key, given) in [
                ("encryption", props.encryption.is_some()),
                ("encryptionKey", props.encryption_key.is_some()),
                ("emptyOnDelete", props.empty_on_delete.is_some()),
                (
                    "imageTagMutabilityExclusionFilters",
                    props
                        .image_tag_mutability
                        .as_ref()
                        .is_some_and(|m| !m.exclusion_filters().is_empty()),
                ),
            ] {
                if given {
                    note(key, RepositoryError::NotInCdk1 { property: key.to_owned() });
                }
            }
        }
        if props.empty_on_delete == Some(true)
            && props.removal_policy != Some(RemovalPolicy::Destroy)
        {
            note("emptyOnDelete", RepositoryError::EmptyRetained);
        }
        let key = props.encryption_key.as_ref().map(Key::arn);
        let encryption = match (props.encryption, key) {
            (None | Some(EncryptionType::Aes256), None) => None,
            (Some(EncryptionType::Aes256), Some(_)) => {
                note("encryptionKey", RepositoryError::KeyWithoutKms);
                None
            }
            (None | Some(EncryptionType::Kms), key) => Some(Encryption::Kms(key)),
            (Some(EncryptionType::KmsDsse), key) => Some(Encryption::KmsDsse(key)),
        };
        let resource = RepositoryResource {
            name: props.repository_name.clone(),
            // CDK 1.130 says nothing where scanning is off.
            scan_on_push: props.image_scan_on_push.filter(|on| *on || aws_cdk == AwsCdk::V2),
            tag_mutability: props.image_tag_mutability,
            encryption,
            empty_on_delete: props.empty_on_delete,
            lifecycle_policy: None,
            lifecycle_registry_id: props.lifecycle_registry_id,
            policy: PolicyDocument::default(),
        };
        let id = stack.add(
            path.child("Resource"),
            Some(props.removal_policy.unwrap_or(RemovalPolicy::Retain)),
            place.clone(),
            Body::Repository(resource, Vec::new(), Vec::new()),
        );
        if let Some(node) = stack.app().state_mut().node(id) {
            node.tags = props.tags;
        }
        let origin = Origin::Owned { id, name: props.repository_name };
        Self { stack: stack.clone(), path, place, origin }
    }

    /// A repository that exists in the stack's account and region, by its name.
    pub fn from_repository_name(stack: &Stack, id: &str, name: &RepositoryName) -> Self {
        let arn = Self::arn_for_local_repository(name, stack);
        let account = stack.known_account().map(|account| account.to_string());
        Self::import(stack, id, Value::from(name), arn, account)
    }

    /// A repository that exists, by its ARN.
    pub fn from_repository_arn(stack: &Stack, id: &str, arn: &Arn) -> Self {
        let name = arn.resource_name().into();
        let account = Some(arn.account().to_owned());
        let repository = Self::import(stack, id, name, Value::from(arn), account);
        repository.check_arn(arn);
        repository
    }

    /// A repository that exists, by its name and ARN. The CDK takes it for one of the stack's
    /// account.
    pub fn from_repository_attributes(
        stack: &Stack,
        id: &str,
        name: &RepositoryName,
        arn: &Arn,
    ) -> Self {
        let account = stack.known_account().map(|account| account.to_string());
        let repository = Self::import(stack, id, Value::from(name), Value::from(arn), account);
        repository.check_arn(arn);
        repository
    }

    fn import(stack: &Stack, id: &str, name: Value, arn: Value, account: Option<String>) -> Self {
        let place = stack.place(&["repositories"], id);
        let path = stack.claim(id, &place);
        let origin = Origin::Imported { name, arn, account };
        Self { stack: stack.clone(), path, place, origin }
    }

    fn check_arn(&self, arn: &Arn) {
        if let Err(error) = arn.expect("ecr", "repository") {
            let place = self.place.key("import").key("repositoryArn");
            self.stack.app().note(Problem::error(place, error));
        }
    }

    /// The ARN of a repository of the stack's account and region.
    pub fn arn_for_local_repository(name: &RepositoryName, stack: &Stack) -> Value {
        stack.format_arn("ecr", "repository", name.as_str())
    }

    /// The repository's name.
    pub fn repository_name(&self) -> Value {
        match &self.origin {
            Origin::Owned { id, .. } => Value::Attribute(*id, Attribute::Name),
            Origin::Imported { name, .. } => name.clone(),
        }
    }

    /// The repository's ARN.
    pub fn repository_arn(&self) -> Value {
        match &self.origin {
            Origin::Owned { id, .. } => Value::Attribute(*id, Attribute::Arn),
            Origin::Imported { arn, .. } => arn.clone(),
        }
    }

    /// The ARN, as it is known in a stack: in another account or region only a repository with a
    /// name of its own has one.
    pub(crate) fn arn_in(&self, consumer: &Stack) -> Result<Value, PrincipalError> {
        match &self.origin {
            Origin::Owned { name, .. } if !self.stack.same_environment(consumer) => match name {
                Some(name) => Ok(Self::arn_for_local_repository(name, &self.stack)),
                None => Err(PrincipalError::NoPhysicalName {
                    construct: format!("{}/{}", self.stack.id(), self.path),
                }),
            },
            Origin::Owned { .. } | Origin::Imported { .. } => Ok(self.repository_arn()),
        }
    }

    /// The account, where it is known.
    pub(crate) fn account(&self) -> Option<String> {
        match &self.origin {
            Origin::Owned { .. } => self.stack.known_account().map(|account| account.to_string()),
            Origin::Imported { account, .. } => account.clone(),
        }
    }

    /// The host of the repository's registry: `ACCOUNT.dkr.ecr.REGION.SUFFIX`.
    pub fn registry_uri(&self) -> Value {
        let arn = self.repository_arn();
        Value::concat([
            Value::arn_field(arn.clone(), ArnField::Account),
            ".dkr.ecr.".into(),
            Value::arn_field(arn, ArnField::Region),
            ".".into(),
            Value::Pseudo(Pseudo::UrlSuffix),
        ])
    }

    /// What `docker pull` and `docker push` take, without a tag.
    pub fn repository_uri(&self) -> Value {
        self.uri_with_suffix("")
    }

    /// What `docker pull` and `docker push` take, with a tag.
    pub fn repository_uri_for_tag(&self, tag: &str) -> Value {
        self.uri_with_suffix(&format!(":{tag}"))
    }

    /// What `docker pull` takes, with a digest (`sha256:…`).
    pub fn repository_uri_for_digest(&self, digest: &str) -> Value {
        self.uri_with_suffix(&format!("@{digest}"))
    }

    fn uri_with_suffix(&self, suffix: &str) -> Value {
        Value::concat([self.registry_uri(), "/".into(), self.repository_name(), suffix.into()])
    }

    /// Adds a lifecycle rule. An imported repository has none of this app.
    pub fn add_lifecycle_rule(&self, rule: LifecycleRule) {
        let app = self.stack.app();
        let Some(id) = self.owned() else {
            let error = RepositoryError::Imported { what: "a lifecycle rule" };
            app.note(Problem::error(app.place_or(|| self.place.clone()), error));
            return;
        };
        let position = self.count_rules(id);
        let place = app.place_or(|| self.place.key("lifecycleRules").index(position));
        if self.stack.compatibility().aws_cdk == AwsCdk::V1 {
            for property in rule.not_in_cdk_1() {
                let error = RepositoryError::NotInCdk1 { property: property.to_owned() };
                app.note(Problem::error(place.key(property), error));
            }
        }
        match rule.check() {
            Ok(rule) => {
                if let Some(node) = app.state_mut().node(id)
                    && let Body::Repository(_, rules, _) = &mut node.body
                {
                    rules.push((place, rule));
                }
            }
            Err(errors) => errors.into_iter().for_each(|error| app.note(error.at(&place))),
        }
    }

    fn count_rules(&self, id: ResourceId) -> usize {
        self.stack.app().state_mut().node(id).map_or(0, |node| match &node.body {
            Body::Repository(_, rules, _) => rules.len(),
            Body::IdentityPolicy { .. } | Body::EventRule(_) | Body::Done(_) => 0,
        })
    }

    /// Adds a statement to the repository's policy. That of an imported repository cannot be
    /// changed from here.
    pub fn add_to_resource_policy(&self, statement: PolicyStatement) {
        let app = self.stack.app();
        let place = app.place_or(|| self.place.key("resourcePolicy"));
        if self.owned().is_none() {
            let error = RepositoryError::Imported { what: "a policy statement" };
            app.note(Problem::error(place, error));
            return;
        }
        if !statement.resources.is_empty() {
            app.note(Problem::error(place, StatementError::Resources));
            return;
        }
        match Attached::new(statement, &self.stack) {
            Ok(statement) => self.attach(statement),
            Err(error) => app.note(Problem::error(place, error)),
        }
    }

    /// Adds a statement to the policy; says whether there is one to add to.
    pub(crate) fn attach(&self, statement: Attached) {
        if let Some(id) = self.owned()
            && let Some(node) = self.stack.app().state_mut().node(id)
            && let Body::Repository(_, _, statements) = &mut node.body
        {
            statements.push(statement);
        }
    }

    pub(crate) fn owned(&self) -> Option<ResourceId> {
        match self.origin {
            Origin::Owned { id, .. } => Some(id),
            Origin::Imported { .. } => None,
        }
    }

    /// A rule on scans of this repository's images that are done; with tags, on those of images
    /// that have one of them.
    pub fn on_image_scan_completed(
        &self,
        id: &str,
        image_tags: Option<Vec<String>>,
        options: OnEventOptions,
    ) -> Rule {
        let mut detail = vec![
            ("repository-name", Json::one(self.repository_name())),
            ("scan-status", Json::one("COMPLETE")),
        ];
        if let Some(tags) = image_tags {
            let tags = tags.into_iter().map(|tag| Json::Text(tag.into())).collect();
            detail.push(("image-tags", Json::List(tags)));
        }
        let rule = Rule::new(self, id, options);
        rule.add_source_pattern(Some("ECR Image Scan"), detail);
        rule
    }

    /// A rule on API calls about this repository. Needs a CloudTrail trail in the account.
    pub fn on_cloud_trail_event(&self, id: &str, options: OnEventOptions) -> Rule {
        let parameters = Json::entry("repositoryName", Json::one(self.repository_name()));
        let rule = Rule::new(self, id, options);
        rule.add_source_pattern(
            Some("AWS API Call via CloudTrail"),
            vec![("requestParameters", parameters)],
        );
        rule
    }

    /// A rule on pushes to this repository; with a tag, on those of that tag. Needs a CloudTrail
    /// trail in the account.
    pub fn on_cloud_trail_image_pushed(
        &self,
        id: &str,
        image_tag: Option<&str>,
        options: OnEventOptions,
    ) -> Rule {
        let rule = self.on_cloud_trail_event(id, options);
        let mut detail =
            indexmap::IndexMap::from([("eventName".to_owned(), Json::one("PutImage"))]);
        if let Some(tag) = image_tag {
            let parameters = Json::entry("imageTag", Json::one(tag));
            detail.insert("requestParameters".to_owned(), parameters);
        }
        rule.add_event_pattern([("detail".to_owned(), Json::Map(detail))].into());
        rule
    }

    /// A rule on everything that ECR says about this repository.
    ///
    /// CDK 1.130 matches on `resources`, which ECR leaves empty: its rule never matches. It is
    /// written as that CDK writes it, with a warning.
    pub fn on_event(&self, id: &str, options: OnEventOptions) -> Rule {
        let rule = Rule::new(self, id, options);
        match self.stack.compatibility().aws_cdk {
            AwsCdk::V1 => {
                rule.add_event_pattern(
                    [
                        ("source".to_owned(), Json::one("aws.ecr")),
                        ("resources".to_owned(), Json::one(self.repository_arn())),
                    ]
                    .into(),
                );
                let app = self.stack.app();
                let place = app.place_or(|| self.place.key("events").key(id));
                app.note(Problem::warning(place, RepositoryError::NeverMatches));
            }
            AwsCdk::V2 => rule.add_source_pattern(
                None,
                vec![("repository-name", Json::one(self.repository_name()))],
            ),
        }
        rule
    }
}

/// Why a repository cannot be, or what to know of it.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum RepositoryError {
    /// CDK 1.130 does not know it.
    #[error("CDK 1.130 does not know `{property}`")]
    NotInCdk1 {
        /// The property.
        property: String,
    },
    /// Images would go with a repository that stays.
    #[error("`emptyOnDelete` on a repository that is retained")]
    EmptyRetained,
    /// A key where none is used.
    #[error("a key is given, and the encryption is AES256")]
    KeyWithoutKms,
    /// Something that only a repository of the app has.
    #[error("an imported repository cannot be given {what}")]
    Imported {
        /// What it is given.
        what: &'static str,
    },
    /// The rule never matches.
    #[error("this rule never matches: the events of ECR name no resources")]
    NeverMatches,
}

impl Explain for RepositoryError {
    fn code(&self) -> &'static str {
        match self {
            Self::NotInCdk1 { .. } => "compatibility::not_in_cdk_1",
            Self::EmptyRetained => "repository::empty_on_delete_retained",
            Self::KeyWithoutKms => "repository::key_without_kms",
            Self::Imported { .. } => "repository::imported",
            Self::NeverMatches => "event::never_matches",
        }
    }

    fn help(&self) -> Option<String> {
        let text = match self {
            Self::NotInCdk1 { .. } => "use `compatibility: { awsCdk: \"2\" }`, or leave it out",
            Self::EmptyRetained => "add `removalPolicy: destroy`, or leave it out",
            Self::KeyWithoutKms => "use `encryption: KMS`, or leave the key out",
            Self::Imported { .. } => "change it where it is made",
            Self::NeverMatches => {
                "it is written as CDK 1.130 writes it; use another `on`, or `compatibility: { awsCdk: \"2\" }`, whose rule matches"
            }
        };
        Some(text.to_owned())
    }
}
