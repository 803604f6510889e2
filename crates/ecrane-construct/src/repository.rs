//! ECR repositories.

use std::collections::BTreeMap;

use ecrane_core::{
    AccountId, Addresses, Arn, ArnField, Attribute, AwsCdk, ConstructPath, Encryption, Explain,
    LifecycleRule, Place, PolicyDocument, PolicyVersion, Pseudo, RemovalPolicy, RepositoryName,
    RepositoryResource, ResourceId, TagMutability, Value,
};
use thiserror::Error;

use crate::key::Key;
use crate::policy::attached::Attached;
use crate::policy::error::{PrincipalError, StatementError};
use crate::policy::statement::{PolicyStatement, Source};
use crate::stack::Stack;
use crate::state::{Body, LifecycleRules};

/// A private repository: CDK's `Repository`.
///
/// ```
/// use ecrane_construct::{App, Repository, RepositoryProps, Stack, StackProps};
/// use ecrane_core::LifecycleRule;
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
    /// The place in the input of calls through this handle, if known.
    at: Option<Place>,
    pub(crate) origin: Origin,
}

#[derive(Debug, Clone)]
pub(crate) enum Origin {
    /// Created by the app, with its name if specified.
    Owned { id: ResourceId, name: Option<RepositoryName> },
    /// Imported, with its account if known.
    Imported { name: Value, arn: Value, account: Option<String> },
}

/// Properties of a [`Repository`].
#[derive(Debug, Clone, Default)]
pub struct RepositoryProps {
    /// The physical name. If omitted, one is generated at deployment.
    pub repository_name: Option<RepositoryName>,
    /// Whether images are scanned on push.
    pub image_scan_on_push: Option<bool>,
    /// Whether image tags can be overwritten.
    pub image_tag_mutability: Option<TagMutability>,
    /// The encryption type. Default: `KMS` if a key is specified.
    pub encryption: Option<EncryptionType>,
    /// The KMS key for encryption.
    pub encryption_key: Option<Key>,
    /// Whether deleting the repository also deletes its images. Requires
    /// [`RemovalPolicy::Destroy`].
    pub empty_on_delete: Option<bool>,
    /// What happens to the repository when it is removed from its stack. Default: it is retained.
    pub removal_policy: Option<RemovalPolicy>,
    /// The registry id of the lifecycle policy.
    pub lifecycle_registry_id: Option<AccountId>,
    /// The tags of the repository, and of its event rules in CDK 2.
    pub tags: BTreeMap<String, String>,
    /// The version of the repository policy. Default: `2012-10-17`.
    pub resource_policy_version: Option<PolicyVersion>,
    /// Pinned addresses and property overrides, by target.
    pub addresses: Addresses,
}

/// The encryption type of a repository.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum EncryptionType {
    /// `AES256`: with keys managed by Amazon S3.
    Aes256,
    /// `KMS`: with a KMS key.
    Kms,
    /// `KMS_DSSE`: two layers of encryption with a KMS key.
    KmsDsse,
}

impl Repository {
    /// Creates a repository in this stack.
    pub fn new(stack: &Stack, id: &str, props: RepositoryProps) -> Self {
        let place = stack.place(&["repositories"], id);
        let path = stack.claim(id, &place);
        let aws_cdk = stack.compatibility().aws_cdk;
        let reject = |key: &str, error: RepositoryError| {
            stack.error(place.key(key), error);
        };
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
                stack.not_in_cdk_1(|| place.key(key), key);
            }
        }
        if props.empty_on_delete == Some(true)
            && props.removal_policy != Some(RemovalPolicy::Destroy)
        {
            reject("emptyOnDelete", RepositoryError::EmptyRetained);
        }
        let key = props.encryption_key.as_ref().map(Key::key_arn);
        let encryption = match (props.encryption, key) {
            (None | Some(EncryptionType::Aes256), None) => None,
            (Some(EncryptionType::Aes256), Some(_)) => {
                reject("encryptionKey", RepositoryError::KeyWithoutKms);
                None
            }
            (None | Some(EncryptionType::Kms), key) => Some(Encryption::Kms(key)),
            (Some(EncryptionType::KmsDsse), key) => Some(Encryption::KmsDsse(key)),
        };
        let resource = RepositoryResource {
            name: props.repository_name.clone(),
            // CDK 1.130 omits the property if scanning is disabled.
            scan_on_push: props.image_scan_on_push.filter(|on| *on || aws_cdk == AwsCdk::V2),
            tag_mutability: props.image_tag_mutability,
            encryption,
            empty_on_delete: props.empty_on_delete,
            lifecycle_policy: None,
            lifecycle_registry_id: props.lifecycle_registry_id,
            policy: PolicyDocument {
                version: props.resource_policy_version.unwrap_or_default(),
                ..PolicyDocument::default()
            },
        };
        let id = stack.add(
            path.child("Resource"),
            Some(props.removal_policy.unwrap_or(RemovalPolicy::Retain)),
            place.clone(),
            Body::Repository(Box::new(resource), LifecycleRules::default(), Vec::new()),
        );
        stack.edit(id, |node| node.tags = props.tags);
        stack.address(id, props.addresses);
        let origin = Origin::Owned { id, name: props.repository_name };
        Self { stack: stack.clone(), path, place, at: None, origin }
    }

    /// Imports an existing repository in the stack's account and region by its name.
    pub fn from_repository_name(stack: &Stack, id: &str, name: &RepositoryName) -> Self {
        let arn = Self::arn_for_local_repository(name, stack);
        let account = stack.known_account().map(|account| account.to_string());
        Self::import(stack, id, Value::from(name), arn, account)
    }

    /// Imports an existing repository by its ARN.
    pub fn from_repository_arn(stack: &Stack, id: &str, arn: &Arn) -> Self {
        let name = arn.resource_name().into();
        let account = Some(arn.account().to_owned());
        let repository = Self::import(stack, id, name, Value::from(arn), account);
        repository.check_arn(arn);
        repository
    }

    /// Imports an existing repository by its name and ARN. The CDK assumes that it is in the
    /// stack's account.
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
        Self { stack: stack.clone(), path, place, at: None, origin }
    }

    /// Returns a handle to the same repository. Calls through it have this place in the input,
    /// which their problems refer to.
    #[must_use]
    pub fn at(&self, place: Place) -> Self {
        Self { at: Some(place), ..self.clone() }
    }

    /// The place of a call: the specified one, or the one that it would have in a config.
    pub(crate) fn call_place(&self, below: &[&str]) -> Place {
        self.at
            .clone()
            .unwrap_or_else(|| below.iter().fold(self.place.clone(), |place, key| place.key(key)))
    }

    fn check_arn(&self, arn: &Arn) {
        if let Err(error) = arn.expect("ecr", "repository") {
            let place = self.place.key("import").key("repositoryArn");
            self.stack.error(place, error);
        }
    }

    /// Builds the ARN of a repository in the stack's account and region.
    pub fn arn_for_local_repository(name: &RepositoryName, stack: &Stack) -> Value {
        stack.format_arn("ecr", "repository", name.as_str())
    }

    /// The name of the repository.
    pub fn repository_name(&self) -> Value {
        match &self.origin {
            Origin::Owned { id, .. } => Value::Attribute(*id, Attribute::Name),
            Origin::Imported { name, .. } => name.clone(),
        }
    }

    /// The ARN of the repository.
    pub fn repository_arn(&self) -> Value {
        match &self.origin {
            Origin::Owned { id, .. } => Value::Attribute(*id, Attribute::Arn),
            Origin::Imported { arn, .. } => arn.clone(),
        }
    }

    /// The ARN as used in a stack. In another account or region, it is known only if the repository
    /// has a physical name. In another shard, it is built from the physical name if specified.
    pub(crate) fn arn_in(&self, consumer: &Stack) -> Result<Value, PrincipalError> {
        match &self.origin {
            Origin::Owned { name: Some(name), .. }
                if !self.stack.same_environment(consumer)
                    || self.stack.is_other_shard(consumer) =>
            {
                Ok(Self::arn_for_local_repository(name, &self.stack))
            }
            Origin::Owned { name: None, .. } if !self.stack.same_environment(consumer) => {
                Err(PrincipalError::NoPhysicalName {
                    construct: format!("{}/{}", self.stack.id(), self.path),
                })
            }
            Origin::Owned { .. } | Origin::Imported { .. } => Ok(self.repository_arn()),
        }
    }

    /// The account, if known.
    pub(crate) fn account(&self) -> Option<String> {
        match &self.origin {
            Origin::Owned { .. } => self.stack.known_account().map(|account| account.to_string()),
            Origin::Imported { account, .. } => account.clone(),
        }
    }

    /// The hostname of the registry: `ACCOUNT.dkr.ecr.REGION.SUFFIX`.
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

    /// The URI for `docker pull` and `docker push`, without a tag.
    pub fn repository_uri(&self) -> Value {
        self.uri_with_suffix("")
    }

    /// The URI for `docker pull` and `docker push`, with a tag.
    pub fn repository_uri_for_tag(&self, tag: &str) -> Value {
        self.uri_with_suffix(&format!(":{tag}"))
    }

    /// The URI for `docker pull`, with a digest (`sha256:…`).
    pub fn repository_uri_for_digest(&self, digest: &str) -> Value {
        self.uri_with_suffix(&format!("@{digest}"))
    }

    fn uri_with_suffix(&self, suffix: &str) -> Value {
        Value::concat([self.registry_uri(), "/".into(), self.repository_name(), suffix.into()])
    }

    /// Adds a lifecycle rule. The lifecycle policy of an imported repository cannot be changed.
    pub fn add_lifecycle_rule(&self, rule: LifecycleRule) {
        let Some(id) = self.owned() else {
            let error = RepositoryError::Imported { what: "a lifecycle rule" };
            self.stack.error(self.call_place(&[]), error);
            return;
        };
        for (property, given) in [
            ("tagPatternList", rule.tag_pattern_list.is_some()),
            ("maxTimeSincePull", rule.max_time_since_pull.is_some()),
            ("maxTimeSinceArchive", rule.max_time_since_archive.is_some()),
            ("action", rule.action.is_some()),
        ] {
            if given {
                let place = || self.rule_place(id).key(property);
                self.stack.not_in_cdk_1(place, property);
            }
        }
        let place = self.rule_place(id);
        self.stack.edit(id, |node| {
            if let Body::Repository(_, rules, _) = &mut node.body {
                rules.add(place, rule);
            }
        });
    }

    /// The place of the next lifecycle rule.
    fn rule_place(&self, id: ResourceId) -> Place {
        let count = self.stack.edit(id, |node| match &node.body {
            Body::Repository(_, rules, _) => rules.rules.len(),
            Body::IdentityPolicy { .. } | Body::EventRule(_) | Body::Key(..) | Body::Done(_) => 0,
        });
        let next = || self.place.key("lifecycleRules").index(count.unwrap_or_default());
        self.at.clone().unwrap_or_else(next)
    }

    /// Adds a statement to the repository's policy. The policy of an imported repository cannot be
    /// changed.
    pub fn add_to_resource_policy(&self, statement: PolicyStatement) {
        let place = self.call_place(&["resourcePolicy"]);
        if self.owned().is_none() {
            let error = RepositoryError::Imported { what: "a policy statement" };
            self.stack.error(place, error);
            return;
        }
        if !statement.resources.is_empty() {
            self.stack.error(place, StatementError::Resources);
            return;
        }
        match Attached::new(statement, &self.stack, &Source::Statement(place.clone())) {
            Ok(statement) => self.attach(statement),
            Err(error) => self.stack.error(place, error),
        }
    }

    /// Adds a statement to the policy if the repository is created by this app.
    pub(crate) fn attach(&self, statement: Attached) {
        let Some(id) = self.owned() else { return };
        self.stack.edit(id, |node| {
            if let Body::Repository(_, _, statements) = &mut node.body {
                // Most repositories have one, and a first one by itself would make room for four.
                statements.reserve_exact(usize::from(statements.is_empty()));
                statements.push(statement);
            }
        });
    }

    pub(crate) fn owned(&self) -> Option<ResourceId> {
        match self.origin {
            Origin::Owned { id, .. } => Some(id),
            Origin::Imported { .. } => None,
        }
    }
}

/// An error about a repository.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum RepositoryError {
    /// `emptyOnDelete` is set on a retained repository.
    #[error("`emptyOnDelete` is set, but the repository is retained")]
    EmptyRetained,
    /// A KMS key is specified for `AES256`.
    #[error("`encryptionKey` is set, but `encryption` is `AES256`")]
    KeyWithoutKms,
    /// An imported repository cannot be changed.
    #[error("cannot add {what} to an imported repository")]
    Imported {
        /// The addition.
        what: &'static str,
    },
}

impl Explain for RepositoryError {
    fn code(&self) -> &'static str {
        match self {
            Self::EmptyRetained => "repository::empty_on_delete_retained",
            Self::KeyWithoutKms => "repository::key_without_kms",
            Self::Imported { .. } => "repository::imported",
        }
    }

    fn help(&self) -> Option<String> {
        let text = match self {
            Self::EmptyRetained => "add `removalPolicy: destroy`, or remove `emptyOnDelete`",
            Self::KeyWithoutKms => "use `encryption: KMS`, or remove `encryptionKey`",
            Self::Imported { .. } => "change the repository where it is created",
        };
        Some(text.to_owned())
    }

    fn depends_on_defaults(&self) -> bool {
        matches!(self, Self::EmptyRetained)
    }
}
