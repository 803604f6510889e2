//! Errors in AWS responses.

use ecrane_document::{Explain, Place};
use thiserror::Error;

use super::digest::{Digest, DigestError};

/// An input that is not JSON.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("malformed JSON at line {line}, column {column}: {reason}")]
pub struct JsonError {
    /// The line, from 1.
    pub line: usize,
    /// The column in bytes, from 1.
    pub column: usize,
    /// What the parser reports.
    pub reason: String,
}

impl From<&serde_json::Error> for JsonError {
    fn from(error: &serde_json::Error) -> Self {
        let text = error.to_string();
        // The line and the column are fields of their own.
        let reason = text.split(" at line ").next().unwrap_or_default().to_owned();
        Self { line: error.line(), column: error.column(), reason }
    }
}

impl Explain for JsonError {
    fn code(&self) -> &'static str {
        "json::malformed"
    }

    fn help(&self) -> Option<String> {
        Some("pass what the command prints with `--output json`".to_owned())
    }
}

/// Why a listing of images cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ListingError {
    /// The text is empty or only white space.
    #[error("the listing of images is empty")]
    Empty,
    /// A page has the wrong type.
    #[error("the listing of images is not an object")]
    NotAnObject,
    /// A page has no images.
    #[error("the listing of images has no `imageDetails`")]
    NoImageDetails,
    /// The images have the wrong type.
    #[error("`imageDetails` is not an array")]
    NotAnArray,
    /// Further pages exist.
    #[error("the listing of images is incomplete: it has a `nextToken`")]
    Incomplete,
    /// An image has the wrong type.
    #[error("the image is not an object")]
    ImageNotAnObject,
    /// An image has no digest.
    #[error("the image has no `imageDigest`")]
    NoDigest,
    /// A value has the wrong type.
    #[error("`{key}` is not {expected}")]
    WrongType {
        /// The key.
        key: &'static str,
        /// The type that it has in an answer of AWS.
        expected: &'static str,
    },
    /// The status of an image is unknown.
    #[error("unknown image status `{status}`")]
    UnknownStatus {
        /// The status.
        status: String,
        /// The likely intended status.
        suggestion: Option<&'static str>,
    },
    /// An image is listed twice.
    #[error("the image `{digest}` is listed twice")]
    DuplicateImage {
        /// Its digest.
        digest: Digest,
        /// The place of the first occurrence.
        first: Place,
    },
    /// An image belongs to another repository or registry.
    #[error("`{key}` is `{found}`, and `{first}` for an earlier image")]
    OtherRepository {
        /// `registryId` or `repositoryName`.
        key: &'static str,
        /// That of the first image.
        first: String,
        /// That of this image.
        found: String,
    },
}

impl Explain for ListingError {
    fn code(&self) -> &'static str {
        match self {
            Self::Empty => "images::empty",
            Self::NotAnObject => "images::not_an_object",
            Self::NoImageDetails => "images::no_image_details",
            Self::NotAnArray => "images::not_an_array",
            Self::Incomplete => "images::incomplete",
            Self::ImageNotAnObject => "images::image_not_an_object",
            Self::NoDigest => "images::no_digest",
            Self::WrongType { .. } => "images::wrong_type",
            Self::UnknownStatus { .. } => "images::unknown_status",
            Self::DuplicateImage { .. } => "images::duplicate_image",
            Self::OtherRepository { .. } => "images::other_repository",
        }
    }

    fn help(&self) -> Option<String> {
        let help = match self {
            Self::Empty
            | Self::NotAnObject
            | Self::NoImageDetails
            | Self::NotAnArray
            | Self::ImageNotAnObject
            | Self::NoDigest
            | Self::WrongType { .. } => {
                "pass the whole output of `aws ecr describe-images --repository-name NAME --filter imageStatus=ANY --output json`, without `--query`"
            }
            Self::Incomplete => {
                "list all pages: run `aws ecr describe-images` without `--max-items`, `--no-paginate` and `--starting-token`"
            }
            Self::UnknownStatus { .. } => "ECR documents `ACTIVE`, `ARCHIVED` and `ACTIVATING`",
            Self::DuplicateImage { .. } => "pass every page once",
            Self::OtherRepository { .. } => "pass the images of one repository at a time",
        };
        Some(help.to_owned())
    }

    fn suggestion(&self) -> Option<&str> {
        if let Self::UnknownStatus { suggestion, .. } = self { *suggestion } else { None }
    }

    fn related(&self) -> Option<(&Place, &'static str)> {
        if let Self::DuplicateImage { first, .. } = self {
            Some((first, "listed here for the first time"))
        } else {
            None
        }
    }
}

/// Why the output of `aws ecr batch-get-image` cannot be used, or not completely.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ManifestsError {
    /// The text is empty or only white space.
    #[error("the file of manifests is empty")]
    Empty,
    /// A response has no manifests.
    #[error("the file of manifests has no array `images`")]
    NoImages,
    /// A manifest has no digest.
    #[error("the manifest has no `imageId.imageDigest`")]
    NoDigest,
    /// An image has no manifest.
    #[error("the image has no `imageManifest`")]
    NoManifest,
    /// A digest is invalid.
    #[error(transparent)]
    Digest(#[from] DigestError),
    /// A manifest is not JSON, or lists manifests without digests.
    #[error("the manifest of `{digest}` is malformed: {reason}")]
    Malformed {
        /// The digest of the image.
        digest: Digest,
        /// What is wrong with it.
        reason: String,
    },
    /// A warning: AWS did not return a manifest. The content of the list counts as unknown.
    #[error("AWS did not return the manifest of `{image}`: {reason}")]
    NotReturned {
        /// The requested digest or tag.
        image: String,
        /// The reason that AWS returns.
        reason: String,
    },
    /// A warning: a manifest belongs to an image that is not in the listing.
    #[error("the manifest list `{digest}` is not in the listing of images")]
    NotListed {
        /// Its digest.
        digest: Digest,
    },
}

impl Explain for ManifestsError {
    fn code(&self) -> &'static str {
        match self {
            Self::Empty => "manifests::empty",
            Self::NoImages => "manifests::no_images",
            Self::NoDigest => "manifests::no_digest",
            Self::NoManifest => "manifests::no_manifest",
            Self::Digest(error) => error.code(),
            Self::Malformed { .. } => "manifests::malformed",
            Self::NotReturned { .. } => "manifests::not_returned",
            Self::NotListed { .. } => "manifests::not_listed",
        }
    }

    fn help(&self) -> Option<String> {
        let help = match self {
            Self::Empty
            | Self::NoImages
            | Self::NoDigest
            | Self::NoManifest
            | Self::Digest(_)
            | Self::Malformed { .. } => {
                "pass the output of `aws ecr batch-get-image --repository-name NAME --image-ids imageDigest=DIGEST … --output json`, unchanged"
            }
            Self::NotReturned { .. } | Self::NotListed { .. } => {
                "list the images and get the manifests one after the other, for the same repository"
            }
        };
        Some(help.to_owned())
    }
}
