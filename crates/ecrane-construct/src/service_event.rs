//! The events that ECR and Amazon Inspector send to EventBridge themselves, without CloudTrail.

use ecrane_core::{Json, Value};
use indexmap::IndexMap;

/// A kind of event about images that AWS sends to EventBridge without CloudTrail.
///
/// The patterns match the sample events in "Amazon ECR events and EventBridge"
/// (<https://docs.aws.amazon.com/AmazonECR/latest/userguide/ecr-eventbridge.html>) and "EventBridge
/// events sent for enhanced scanning in Amazon ECR"
/// (<https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-scanning-enhanced-events.html>).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ServiceEvent {
    /// An image was pushed.
    ImagePushed,
    /// An image was deleted.
    ImageDeleted,
    /// An image was moved to the archive storage class.
    ImageArchived,
    /// An archived image was restored.
    ImageRestored,
    /// A basic scan of an image completed.
    ImageScanCompleted,
    /// The initial enhanced scan of an image, by Amazon Inspector, completed.
    ScanCompletedEnhanced,
    /// Amazon Inspector created, updated or closed a finding about an image.
    InspectorFinding,
    /// The scan frequency of a repository with enhanced scanning changed.
    ScanFrequencyChanged,
    /// A referrer of an image, such as a signature or an SBOM, was pushed. AWS documents the type of
    /// this event, but no sample of a push: the pattern is that of an image push with this type.
    ReferrerPushed,
    /// An archived referrer was restored.
    ReferrerRestored,
    /// An image was replicated to the registry.
    ReplicationCompleted,
    /// The replication of an image to the registry failed.
    ReplicationFailed,
    /// An image was imported by a pull through cache rule.
    CacheImported,
}

/// Where an event names its repository.
#[derive(Debug, Clone, Copy)]
enum About {
    /// `detail.repository-name`, by name.
    Name,
    /// `resources`, by ARN.
    Arn,
    /// `detail.repositories`, a list of objects.
    Repositories,
    /// `detail.resources`, a list of objects.
    Finding,
}

/// How an event is recognized.
#[derive(Debug, Clone, Copy)]
struct Form {
    source: &'static str,
    detail_type: &'static str,
    /// The fields of `detail` that tell it from other events of its type.
    detail: &'static [(&'static str, &'static str)],
    about: About,
    /// The field of its image tags, if it has one.
    tags: Option<&'static str>,
}

const ECR: &str = "aws.ecr";
const INSPECTOR: &str = "aws.inspector2";
const SUCCESS: (&str, &str) = ("result", "SUCCESS");
const RESTORED: &[(&str, &str)] =
    &[("action-type", "UPDATE_STORAGE_CLASS"), ("target-storage-class", "STANDARD"), SUCCESS];

const fn form(
    source: &'static str,
    detail_type: &'static str,
    detail: &'static [(&'static str, &'static str)],
    about: About,
    tags: Option<&'static str>,
) -> Form {
    Form { source, detail_type, detail, about, tags }
}

impl ServiceEvent {
    const fn form(self) -> Form {
        use About::{Arn, Finding, Name, Repositories};
        let tag = Some("image-tag");
        match self {
            Self::ImagePushed => {
                form(ECR, "ECR Image Action", &[("action-type", "PUSH"), SUCCESS], Name, tag)
            }
            Self::ImageDeleted => {
                form(ECR, "ECR Image Action", &[("action-type", "DELETE"), SUCCESS], Name, tag)
            }
            Self::ImageArchived => form(
                ECR,
                "ECR Image Action",
                &[
                    ("action-type", "UPDATE_STORAGE_CLASS"),
                    ("target-storage-class", "ARCHIVE"),
                    SUCCESS,
                ],
                Name,
                None,
            ),
            Self::ImageRestored => form(ECR, "ECR Image Action", RESTORED, Name, None),
            Self::ImageScanCompleted => form(
                ECR,
                "ECR Image Scan",
                &[("scan-status", "COMPLETE")],
                Name,
                Some("image-tags"),
            ),
            Self::ScanCompletedEnhanced => form(
                INSPECTOR,
                "Inspector2 Scan",
                &[("scan-status", "INITIAL_SCAN_COMPLETE")],
                Arn,
                Some("image-tags"),
            ),
            Self::InspectorFinding => {
                form(INSPECTOR, "Inspector2 Finding", &[], Finding, Some("imageTags"))
            }
            Self::ScanFrequencyChanged => form(
                ECR,
                "ECR Scan Resource Change",
                &[("action-type", "SCAN_FREQUENCY_CHANGE")],
                Repositories,
                None,
            ),
            Self::ReferrerPushed => {
                form(ECR, "ECR Referrer Action", &[("action-type", "PUSH"), SUCCESS], Name, tag)
            }
            Self::ReferrerRestored => form(ECR, "ECR Referrer Action", RESTORED, Name, None),
            Self::ReplicationCompleted => form(
                ECR,
                "ECR Replication Action",
                &[("action-type", "REPLICATE"), SUCCESS],
                Name,
                tag,
            ),
            Self::ReplicationFailed => form(
                ECR,
                "ECR Replication Action",
                &[("action-type", "REPLICATE"), ("result", "FAILED")],
                Name,
                tag,
            ),
            Self::CacheImported => {
                form(ECR, "ECR Pull Through Cache Action", &[("sync-status", "SUCCESS")], Name, tag)
            }
        }
    }

    /// Whether events of this kind name the tags of their image.
    ///
    /// ```
    /// use ecrane_construct::ServiceEvent;
    ///
    /// assert!(ServiceEvent::ImagePushed.has_image_tags());
    /// assert!(!ServiceEvent::ImageArchived.has_image_tags());
    /// ```
    pub const fn has_image_tags(self) -> bool {
        self.form().tags.is_some()
    }

    /// The fields of the pattern that lead to the image tags, from the outermost.
    pub fn image_tags_path(self) -> Vec<String> {
        let Form { about, tags, .. } = self.form();
        let above: &[&str] = match about {
            About::Finding => &["detail", "resources", "details", "awsEcrContainerImage"],
            About::Name | About::Arn | About::Repositories => &["detail"],
        };
        above.iter().copied().chain(tags).map(str::to_owned).collect()
    }

    /// The event pattern, for one repository (its name and ARN) or for all of the registry.
    ///
    /// ```
    /// use ecrane_construct::ServiceEvent;
    ///
    /// let pattern = ServiceEvent::ImagePushed.pattern(None, None);
    /// assert!(pattern.keys().eq(["source", "detail-type", "detail"]));
    /// ```
    pub fn pattern(
        self,
        repository: Option<(Value, Value)>,
        image_tags: Option<Vec<String>>,
    ) -> IndexMap<String, Json> {
        let Form { source, detail_type, detail: fields, about, tags } = self.form();
        let mut detail: IndexMap<String, Json> =
            fields.iter().map(|(field, value)| ((*field).to_owned(), Json::one(*value))).collect();
        let mut pattern = IndexMap::from([
            ("source".to_owned(), Json::one(source)),
            ("detail-type".to_owned(), Json::one(detail_type)),
        ]);
        // An event without image tags takes none: the caller reports them.
        let tags = tags.zip(image_tags).map(|(field, tags)| {
            let tags = tags.into_iter().map(|tag| Json::Text(tag.into())).collect();
            (field.to_owned(), Json::List(tags))
        });
        if matches!(about, About::Finding) {
            // Inspector has findings about instances and functions, too.
            let mut image: IndexMap<_, _> = tags.into_iter().collect();
            image
                .extend(repository.map(|(name, _)| ("repositoryName".to_owned(), Json::one(name))));
            let mut resource =
                IndexMap::from([("type".to_owned(), Json::one("AWS_ECR_CONTAINER_IMAGE"))]);
            if !image.is_empty() {
                let details = Json::entry("awsEcrContainerImage", Json::Map(image));
                resource.insert("details".to_owned(), details);
            }
            detail.insert("resources".to_owned(), Json::Map(resource));
        } else {
            detail.extend(tags);
            match (about, repository) {
                (_, None) | (About::Finding, Some(_)) => {}
                (About::Name, Some((name, _))) => {
                    detail.shift_insert(0, "repository-name".to_owned(), Json::one(name));
                }
                (About::Arn, Some((_, arn))) => {
                    pattern.insert("resources".to_owned(), Json::one(arn));
                }
                (About::Repositories, Some((name, _))) => {
                    let repository = Json::entry("repository-name", Json::one(name));
                    detail.insert("repositories".to_owned(), repository);
                }
            }
        }
        pattern.insert("detail".to_owned(), Json::Map(detail));
        pattern
    }
}
