//! Images in use.

mod read;
mod reference;

use std::collections::{BTreeSet, HashMap};
use std::fmt;

use ecrane_document::{Explain, Problem, Problems};
use thiserror::Error;

pub use reference::{Reference, RegistryRepository};

use super::digest::{Digest, DigestError};
use super::finding::Finding;
use super::image::{Image, ImageListing};
use super::outcome::{Preview, Strictness};
use super::schedule::Schedule;

/// References to images in Amazon ECR, each with its users.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct InUse {
    uses: Vec<(Reference, User)>,
    ignored: usize,
}

/// A user of an image.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum User {
    /// An entry of a list of image URIs.
    Entry {
        /// The name of the list.
        source: String,
        /// The number of the line, or of the array's item, from 1.
        number: usize,
    },
    /// A container of a Kubernetes pod.
    Pod {
        /// The namespace of the pod.
        namespace: String,
        /// The name of the pod.
        name: String,
        /// The name of the container.
        container: String,
    },
    /// A container of an Amazon ECS task.
    Task {
        /// The ARN of the task.
        arn: String,
        /// What started the task, such as `service:web`.
        group: Option<String>,
        /// The name of the container.
        container: String,
    },
    /// An AWS Lambda function.
    Function {
        /// Its ARN, or its name if the response has no ARN.
        function: String,
    },
}

impl fmt::Display for User {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Entry { source, number } => write!(f, "entry {number} of `{source}`"),
            Self::Pod { namespace, name, container } => {
                write!(f, "container `{container}` of pod `{namespace}/{name}`")
            }
            Self::Task { arn, group: None, container } => {
                write!(f, "container `{container}` of ECS task `{arn}`")
            }
            Self::Task { arn, group: Some(group), container } => {
                write!(f, "container `{container}` of ECS task `{arn}` (`{group}`)")
            }
            Self::Function { function } => write!(f, "Lambda function `{function}`"),
        }
    }
}

impl InUse {
    /// Reads the references of a file. The content determines the kind of file:
    ///
    /// - a list of image URIs, one per line; blank lines and lines that start with `#` are skipped;
    /// - a JSON array of image URIs, the scan file of `ecrm`;
    /// - `kubectl get pods --all-namespaces --output json`: the images of the containers, and the
    ///   digests that run;
    /// - `aws ecs describe-tasks`: the same;
    /// - `aws lambda get-function`: the image and its digest;
    /// - `aws lambda list-functions`: the digests of functions that are images (their
    ///   `CodeSha256`), as the answer does not name the repositories.
    ///
    /// Several JSON answers of a kind may follow one another. References to other registries are
    /// ignored and counted. `source` names the file in [`User::Entry`]. The second value holds
    /// warnings.
    ///
    /// ```
    /// use ecrane_lifecycle::preview::InUse;
    ///
    /// let text = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/shop/app:v1\nnginx:1.27\n";
    /// let (in_use, warnings) = InUse::parse(text, "images.txt")?;
    /// assert_eq!(in_use.uses().count(), 1);
    /// assert_eq!(in_use.ignored(), 1);
    /// # Ok::<(), ecrane_document::Problems>(())
    /// ```
    ///
    /// # Errors
    /// With every problem of the file. The place of one in a list is the number of its line, from
    /// 0; in a JSON answer after the first, it begins with the number of the answer.
    pub fn parse(text: &str, source: &str) -> Result<(Self, Vec<Problem>), Problems> {
        read::read(text, source)
    }

    /// Adds the references of another file.
    pub fn extend(&mut self, other: Self) {
        self.uses.extend(other.uses);
        self.ignored += other.ignored;
    }

    /// The references, each with its users, in the order of the files.
    pub fn uses(&self) -> impl ExactSizeIterator<Item = &(Reference, User)> {
        self.uses.iter()
    }

    /// The references to the repository of a listing, as far as the listing knows its account, its
    /// Region and its name.
    pub fn of<'u>(&'u self, listing: &ImageListing) -> Uses<'u> {
        let mut found = Uses::default();
        for (reference, user) in &self.uses {
            match reference {
                Reference::Tag { repository, tag } if repository.is_of(listing) => {
                    found.by_tag.entry(tag).or_default().insert(user);
                }
                Reference::Digest { repository, digest }
                    if repository.as_ref().is_none_or(|r| r.is_of(listing)) =>
                {
                    found.by_digest.entry(digest).or_default().insert(user);
                }
                Reference::Tag { .. } | Reference::Digest { .. } => {}
            }
        }
        found
    }

    /// The number of references to registries other than Amazon ECR.
    pub fn ignored(&self) -> usize {
        self.ignored
    }
}

/// The users of the images of a repository.
#[derive(Debug, Default)]
pub struct Uses<'u> {
    by_digest: HashMap<&'u Digest, BTreeSet<&'u User>>,
    by_tag: HashMap<&'u str, BTreeSet<&'u User>>,
}

impl<'u> Uses<'u> {
    /// Whether no image is used.
    pub fn is_empty(&self) -> bool {
        self.by_digest.is_empty() && self.by_tag.is_empty()
    }

    /// The users of an image, by its digest or by one of its tags.
    pub fn users(&self, image: &Image) -> BTreeSet<&'u User> {
        let by_tag = image.tags.iter().filter_map(|tag| self.by_tag.get(tag.as_str()));
        self.by_digest.get(&image.digest).into_iter().chain(by_tag).flatten().copied().collect()
    }
}

impl Preview<'_> {
    /// A finding for each image that is in use and goes or may go, also if it only loses the
    /// manifest lists that protect it, and goes in the next evaluation.
    ///
    /// A reference is one to the repository of the listing if account, Region and name are equal,
    /// as far as the listing knows them.
    ///
    /// ```
    /// use ecrane_document::{Explain, Severity};
    /// use ecrane_lifecycle::LifecyclePolicy;
    /// use ecrane_lifecycle::preview::{ImageListing, InUse, Preview, Strictness};
    ///
    /// let (policy, _) = LifecyclePolicy::parse(r#"{"rules": [{
    ///     "rulePriority": 1,
    ///     "selection": {"tagStatus": "any", "countType": "sinceImagePushed", "countNumber": 7, "countUnit": "days"},
    ///     "action": {"type": "expire"}
    /// }]}"#)?;
    /// let listing = ImageListing::parse(r#"{"imageDetails": [{
    ///     "registryId": "111122223333",
    ///     "repositoryName": "shop/app",
    ///     "imageDigest": "sha256:559aead08264d5795d3909718cdd05abd49572e84fe55590eef31a88a08fdffd",
    ///     "imageTags": ["v1"],
    ///     "imagePushedAt": "2026-03-01T12:00:00Z"
    /// }]}"#)?;
    /// let preview = Preview::new(&policy, &listing, "2026-03-15T12:00:00Z".parse()?);
    /// let used = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/shop/app:v1";
    /// let (in_use, _) = InUse::parse(used, "images.txt")?;
    /// let findings = preview.in_use(&in_use);
    /// assert_eq!(findings[0].severity(Strictness::Certain), Severity::Error);
    /// assert_eq!(findings[0].code(), "preview::in_use");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn in_use(&self, in_use: &InUse) -> Vec<Finding> {
        let used = in_use.of(self.listing);
        if used.is_empty() {
            return Vec::new();
        }
        let mut freed = false;
        let mut findings: Vec<Finding> = self
            .outcomes()
            .filter_map(|outcome| {
                let image = outcome.image();
                let Some(action) = outcome.goes(Strictness::Possible) else {
                    freed |= outcome.is_freed() && !used.users(image).is_empty();
                    return None;
                };
                let users = used.users(image);
                (!users.is_empty()).then(|| Finding::InUse {
                    digest: image.digest.clone(),
                    tags: image.tags.clone(),
                    action,
                    is_uncertain: outcome.goes(Strictness::Certain).is_none(),
                    why: outcome.to_string(),
                    users: users.into_iter().cloned().collect(),
                })
            })
            .collect();
        if freed {
            let is_freed = |image: usize| self.outcome(image).is_some_and(|it| it.is_freed());
            let mut next = Schedule::of(&self.prepared, self.now, 1);
            for day in &mut next.days {
                day.departures.retain(|departure| is_freed(departure.image));
            }
            findings.extend(next.in_use(self.listing, in_use));
        }
        findings
    }
}

impl Schedule {
    /// A finding for each image of the listing that is in use and goes or may go on a later day than
    /// the first.
    ///
    /// ```
    /// use ecrane_lifecycle::LifecyclePolicy;
    /// use ecrane_lifecycle::preview::{ImageListing, InUse, Schedule};
    ///
    /// let (policy, _) = LifecyclePolicy::parse(r#"{"rules": [{
    ///     "rulePriority": 1,
    ///     "selection": {"tagStatus": "any", "countType": "sinceImagePushed", "countNumber": 30, "countUnit": "days"},
    ///     "action": {"type": "expire"}
    /// }]}"#)?;
    /// let listing = ImageListing::parse(r#"{"imageDetails": [{
    ///     "imageDigest": "sha256:559aead08264d5795d3909718cdd05abd49572e84fe55590eef31a88a08fdffd",
    ///     "imageTags": ["v1"],
    ///     "imagePushedAt": "2026-03-01T12:00:00Z"
    /// }]}"#)?;
    /// let schedule = Schedule::new(&policy, &listing, "2026-03-15T00:00:00Z".parse()?, 90);
    /// let used = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/shop/app:v1";
    /// let (in_use, _) = InUse::parse(used, "images.txt")?;
    /// assert!(schedule.in_use(&listing, &in_use)[0].to_string().ends_with("will expire in 17 days, by rule 1"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn in_use(&self, listing: &ImageListing, in_use: &InUse) -> Vec<Finding> {
        let used = in_use.of(listing);
        let mut findings = Vec::new();
        for day in self.days.iter().filter(|day| day.number > 0 && !used.is_empty()) {
            for departure in &day.departures {
                let Some(image) = listing.images.get(departure.image) else { continue };
                let users = used.users(image);
                if !users.is_empty() {
                    findings.push(Finding::InUseLater {
                        digest: image.digest.clone(),
                        tags: image.tags.clone(),
                        action: departure.action,
                        rule: departure.rule,
                        day: day.number,
                        is_uncertain: departure.is_uncertain,
                        users: users.into_iter().cloned().collect(),
                    });
                }
            }
        }
        findings
    }
}

impl RegistryRepository {
    /// Whether it is the repository of a listing, as far as the listing identifies it.
    fn is_of(&self, listing: &ImageListing) -> bool {
        let same = |known: &Option<String>, own: &str| known.as_ref().is_none_or(|k| k == own);
        same(&listing.registry_id, &self.account)
            && same(&listing.region, &self.region)
            && same(&listing.repository_name, &self.name)
    }
}

/// Why a file cannot be read as a list of images in use.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum InUseError {
    /// A JSON document of an unknown kind.
    #[error("the file does not say which images are in use")]
    UnknownFormat,
    /// A text that is not an image URI.
    #[error("`{text}` is not an image URI")]
    MalformedUri {
        /// The text as given.
        text: String,
    },
    /// An image URI with an invalid digest.
    #[error("`{text}` is not an image URI")]
    BadDigest {
        /// The text as given.
        text: String,
        /// Why the digest is invalid.
        source: DigestError,
    },
    /// A value of another type, or a missing one.
    #[error("`{key}` is not {expected}")]
    WrongType {
        /// The key.
        key: &'static str,
        /// The type that it has in such a response.
        expected: &'static str,
    },
    /// Further pages exist.
    #[error("the answer is incomplete: it has a `{key}`")]
    Incomplete {
        /// The key.
        key: &'static str,
    },
    /// A warning: AWS did not describe a task.
    #[error("AWS did not describe the task `{task}`: {reason}")]
    NotDescribed {
        /// The ARN of the task.
        task: String,
        /// The reason that AWS returns.
        reason: String,
    },
    /// A warning: the response does not contain the image of a function.
    #[error("the image of the Lambda function `{function}` is not known")]
    UnknownImage {
        /// The name of the function.
        function: String,
    },
}

impl Explain for InUseError {
    fn code(&self) -> &'static str {
        match self {
            Self::UnknownFormat => "in_use::unknown_format",
            Self::MalformedUri { .. } => "in_use::malformed_uri",
            Self::BadDigest { .. } => "in_use::bad_digest",
            Self::WrongType { .. } => "in_use::wrong_type",
            Self::Incomplete { .. } => "in_use::incomplete",
            Self::NotDescribed { .. } => "in_use::not_described",
            Self::UnknownImage { .. } => "in_use::unknown_image",
        }
    }

    fn help(&self) -> Option<String> {
        let help = match self {
            Self::UnknownFormat | Self::WrongType { .. } => {
                "pass a list of image URIs, a JSON array of them, or the JSON of `kubectl get pods -A -o json`, `aws ecs describe-tasks`, `aws lambda list-functions` or `aws lambda get-function`"
            }
            Self::MalformedUri { .. } | Self::BadDigest { .. } => {
                "an image URI of ECR is `ACCOUNT.dkr.ecr.REGION.amazonaws.com/REPOSITORY`, with `:TAG` or `@DIGEST`"
            }
            Self::Incomplete { .. } => {
                "pass all pages: run the command without its options for paging"
            }
            Self::NotDescribed { .. } => "list the tasks and describe them one after the other",
            Self::UnknownImage { .. } => "pass the output of `aws lambda get-function` for it",
        };
        Some(help.to_owned())
    }
}
