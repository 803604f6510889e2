//! The images of a repository.

use super::digest::Digest;
use super::timestamp::Timestamp;
use crate::vocabulary::StorageClass;

/// An image of a repository: the fields of `aws ecr describe-images` that lifecycle rules depend
/// on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Image {
    /// The digest of its manifest: `imageDigest`.
    pub digest: Digest,
    /// Its tags, none if it is untagged: `imageTags`.
    pub tags: Vec<String>,
    /// When it was pushed: `imagePushedAt`.
    pub pushed_at: Option<Timestamp>,
    /// When it was last pulled, or `None` if never: `lastRecordedPullTime`. ECR refreshes it about
    /// once in 24 hours.
    pub last_pulled_at: Option<Timestamp>,
    /// When it was last archived: `lastArchivedAt`.
    pub last_archived_at: Option<Timestamp>,
    /// When it was last restored from the archive: `lastActivatedAt`.
    pub last_activated_at: Option<Timestamp>,
    /// Where it is: `imageStatus`.
    pub status: ImageStatus,
    /// Its size in the repository in bytes: `imageSizeInBytes`.
    pub size_in_bytes: Option<u64>,
    /// Whether it is a manifest list or an OCI image index, by `imageManifestMediaType`.
    pub is_list: bool,
    /// The manifests in the body of a list, or `None` if the body is unknown, because
    /// `aws ecr describe-images` does not return it.
    pub list_body: Option<Box<[Digest]>>,
    /// The image that this one (a signature, an SBOM) is attached to: `subjectManifestDigest`.
    pub subject: Option<Box<Digest>>,
}

impl Image {
    /// Creates an active, untagged image without further information.
    ///
    /// ```
    /// use ecrane_lifecycle::preview::Image;
    ///
    /// let digest = format!("sha256:{}", "ab".repeat(32)).parse()?;
    /// let mut image = Image::new(digest);
    /// image.tags = vec!["v1".to_owned()];
    /// # Ok::<(), ecrane_lifecycle::preview::DigestError>(())
    /// ```
    pub fn new(digest: Digest) -> Self {
        Self {
            digest,
            tags: Vec::new(),
            pushed_at: None,
            last_pulled_at: None,
            last_archived_at: None,
            last_activated_at: None,
            status: ImageStatus::Active,
            size_in_bytes: None,
            is_list: false,
            list_body: None,
            subject: None,
        }
    }

    /// The time by which ECR orders images and counts their age: that of the push, or of the last
    /// restore from the archive.
    pub(crate) fn push_clock(&self) -> Option<Timestamp> {
        self.last_activated_at.or(self.pushed_at)
    }

    /// The time from which ECR counts the days since the last pull.
    pub(crate) fn pull_clock(&self) -> Option<Timestamp> {
        match self.last_activated_at {
            Some(restored) => Some(self.last_pulled_at.map_or(restored, |pull| pull.max(restored))),
            None => self.last_pulled_at.or(self.pushed_at),
        }
    }
}

/// The status of an image: `imageStatus`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ImageStatus {
    /// In the storage class `standard`.
    Active,
    /// In the storage class `archive`.
    Archived,
    /// Being restored from `archive` to `standard`.
    Activating,
}

impl ImageStatus {
    pub(crate) const ALL: [Self; 3] = [Self::Active, Self::Archived, Self::Activating];

    /// The value in the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Active => "ACTIVE",
            Self::Archived => "ARCHIVED",
            Self::Activating => "ACTIVATING",
        }
    }

    /// The class whose rules may select the image. AWS does not document which rules select an
    /// image while it is restored: those for `standard`, or none.
    pub(crate) fn storage_class(self) -> StorageClass {
        match self {
            Self::Active | Self::Activating => StorageClass::Standard,
            Self::Archived => StorageClass::Archive,
        }
    }
}

/// All images of one repository.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ImageListing {
    /// The AWS account of the registry, if the listing contains it: `registryId`.
    pub registry_id: Option<String>,
    /// The repository, if the listing contains it: `repositoryName`.
    pub repository_name: Option<String>,
    /// The AWS Region. A listing does not contain it: set it to distinguish references to the
    /// repository from references to repositories of the same name in other Regions.
    pub region: Option<String>,
    /// The images, in the order of the listing.
    pub images: Vec<Image>,
}
