//! Listings of images, as `aws ecr describe-images` prints them.

use std::collections::HashMap;
use std::fmt;

use ecrane_document::{Explain, Place, Problem, Problems, suggest};
use serde::Deserialize;
use serde::de::{DeserializeSeed, IgnoredAny, MapAccess, SeqAccess};

use super::digest::Digest;
use super::field::{Field, Read, Seed};
use super::image::{Image, ImageListing, ImageStatus};
use super::input_error::{JsonError, ListingError};
use super::listing_parts;
use super::timestamp::Timestamp;

impl ImageListing {
    /// The images of a repository, from the JSON that `aws ecr describe-images` prints: one page,
    /// or several one after the other.
    ///
    /// A policy with rules for the storage class `archive` needs the archived images, which AWS
    /// lists with `--filter imageStatus=ANY`. A listing with another filter, such as
    /// `tagStatus=TAGGED`, is incomplete and cannot be recognized: rules that count images are
    /// then previewed wrongly.
    ///
    /// Fields that no rule depends on are skipped. A list may carry `referencedManifests`, the
    /// digests in its body; AWS gives them with `aws ecr batch-get-image` only, see
    /// [`add_manifests`](Self::add_manifests).
    ///
    /// ```
    /// use ecrane_lifecycle::preview::ImageListing;
    ///
    /// let text = r#"{"imageDetails": [{
    ///     "repositoryName": "shop/app",
    ///     "imageDigest": "sha256:559aead08264d5795d3909718cdd05abd49572e84fe55590eef31a88a08fdffd",
    ///     "imageTags": ["v1"],
    ///     "imagePushedAt": "2026-03-01T12:00:00+01:00"
    /// }]}"#;
    /// let listing = ImageListing::parse(text)?;
    /// assert_eq!(listing.images[0].tags, ["v1"]);
    ///
    /// let problems = ImageListing::parse(r#"{"imageDetails": [], "nextToken": "…"}"#).unwrap_err();
    /// let codes: Vec<_> = problems.iter().map(|problem| problem.fact.code()).collect();
    /// assert_eq!(codes, ["images::incomplete"]);
    /// # Ok::<(), ecrane_document::Problems>(())
    /// ```
    ///
    /// # Errors
    /// With every problem of the listing. The place of one in a page after the first begins with
    /// the number of the page, from 0.
    pub fn parse(text: &str) -> Result<Self, Problems> {
        Self::parse_with(text, &|_| {})
    }

    /// Like [`parse`](Self::parse). Calls a function, from several threads, with the number of further
    /// bytes of a large listing that have been read.
    ///
    /// # Errors
    /// As [`parse`](Self::parse).
    pub fn parse_with(text: &str, progress: &(dyn Fn(usize) + Sync)) -> Result<Self, Problems> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        if text.trim_ascii().is_empty() {
            return Err(Problem::error(Place::default(), ListingError::Empty).into());
        }
        match listing_parts::read(text, progress).filter(|listing| !listing.may_have_duplicates()) {
            Some(listing) => Ok(listing),
            None => Self::parse_whole(text),
        }
    }

    /// Whether two digests begin with the same bytes.
    fn may_have_duplicates(&self) -> bool {
        let mut starts: Vec<u64> = self.images.iter().map(|image| image.digest.start()).collect();
        starts.sort_unstable();
        starts.windows(2).any(|pair| matches!(pair, [one, other] if one == other))
    }

    /// Reads a listing from its beginning to its end.
    pub(super) fn parse_whole(text: &str) -> Result<Self, Problems> {
        let mut reader = ListingReader::default();
        let mut json = serde_json::Deserializer::from_str(text);
        loop {
            let place = match reader.pages {
                0 => Place::default(),
                page => Place::default().index(page),
            };
            match Seed(Page { reader: &mut reader, place: &place }).deserialize(&mut json) {
                Ok(Some(())) => {}
                Ok(None) => reader.note(place, ListingError::NotAnObject),
                Err(error) => {
                    reader.note(Place::default(), JsonError::from(&error));
                    break;
                }
            }
            reader.pages += 1;
            if json.end().is_ok() {
                break;
            }
        }
        reader.note_duplicates();
        Problems::check(reader.problems).map(|_| reader.listing)
    }
}

#[derive(Default)]
pub(super) struct ListingReader {
    pub(super) listing: ImageListing,
    /// The pages that have been read.
    pages: usize,
    /// For each page with images, the index of its first image.
    starts: Vec<(usize, Place)>,
    /// The number of images that could not be read.
    unread: usize,
    pub(super) problems: Vec<Problem>,
}

impl ListingReader {
    fn note(&mut self, place: Place, error: impl Explain) {
        self.problems.push(Problem::error(place, error));
    }

    /// An image that is listed twice would be counted twice.
    fn note_duplicates(&mut self) {
        // If an image could not be read, the indices differ from those of the listing.
        if self.unread > 0 || !self.listing.may_have_duplicates() {
            return;
        }
        let images = &self.listing.images;
        let place = |index: usize| {
            let (start, page) =
                self.starts.iter().rev().find(|(start, _)| *start <= index).cloned()?;
            Some(page.key("imageDetails").index(index - start))
        };
        let mut first: HashMap<&Digest, usize> = HashMap::with_capacity(images.len());
        for (index, image) in images.iter().enumerate() {
            let earlier = *first.entry(&image.digest).or_insert(index);
            if earlier != index {
                let digest = image.digest.clone();
                let first = place(earlier).unwrap_or_default();
                let error = ListingError::DuplicateImage { digest, first };
                self.problems.push(Problem::error(place(index).unwrap_or_default(), error));
            }
        }
    }
}

/// A page of the listing.
struct Page<'r> {
    reader: &'r mut ListingReader,
    place: &'r Place,
}

impl<'de> Read<'de> for Page<'_> {
    type Output = ();

    fn object<A: MapAccess<'de>>(self, mut entries: A) -> Result<Option<()>, A::Error> {
        let mut has_images = false;
        while let Some(key) = entries.next_key::<PageKey>()? {
            match key {
                PageKey::ImageDetails => {
                    has_images = true;
                    let place = self.place.key("imageDetails");
                    self.reader.starts.push((self.reader.listing.images.len(), self.place.clone()));
                    let seed = Seed(Details { reader: self.reader, place: &place });
                    if entries.next_value_seed(seed)?.is_none() {
                        self.reader.note(place, ListingError::NotAnArray);
                    }
                }
                PageKey::NextToken => {
                    if !matches!(entries.next_value()?, Field::Absent) {
                        let place = self.place.key("nextToken").on_key();
                        self.reader.note(place, ListingError::Incomplete);
                    }
                }
                PageKey::Other => {
                    entries.next_value::<IgnoredAny>()?;
                }
            }
        }
        if !has_images {
            self.reader.note(self.place.clone(), ListingError::NoImageDetails);
        }
        Ok(Some(()))
    }
}

#[derive(Deserialize)]
#[serde(field_identifier, rename_all = "camelCase")]
enum PageKey {
    ImageDetails,
    /// The API's, and the AWS CLI's own for `--max-items`.
    #[serde(alias = "NextToken")]
    NextToken,
    #[serde(other)]
    Other,
}

/// The images of a page.
struct Details<'r> {
    reader: &'r mut ListingReader,
    place: &'r Place,
}

impl<'de> Read<'de> for Details<'_> {
    type Output = ();

    fn array<A: SeqAccess<'de>>(self, mut items: A) -> Result<Option<()>, A::Error> {
        let mut index = 0;
        while let Some(detail) = items.next_element_seed(Seed(DetailReader))? {
            let mut reader = ImageReader { reader: self.reader, list: self.place, index };
            if let Some(detail) = detail {
                reader.image(detail);
            } else {
                reader.reader.unread += 1;
                reader.note_image(ListingError::ImageNotAnObject);
            }
            index += 1;
        }
        Ok(Some(()))
    }
}

/// An image as it is written in the response.
#[derive(Default)]
pub(super) struct Detail<'t> {
    registry_id: Field<'t>,
    repository_name: Field<'t>,
    image_digest: Field<'t>,
    image_tags: Field<'t>,
    image_size_in_bytes: Field<'t>,
    image_pushed_at: Field<'t>,
    image_manifest_media_type: Field<'t>,
    last_recorded_pull_time: Field<'t>,
    subject_manifest_digest: Field<'t>,
    image_status: Field<'t>,
    last_archived_at: Field<'t>,
    last_activated_at: Field<'t>,
    referenced_manifests: Field<'t>,
}

#[derive(Deserialize)]
#[serde(field_identifier, rename_all = "camelCase")]
enum DetailKey {
    RegistryId,
    RepositoryName,
    ImageDigest,
    ImageTags,
    ImageSizeInBytes,
    ImagePushedAt,
    ImageManifestMediaType,
    LastRecordedPullTime,
    SubjectManifestDigest,
    ImageStatus,
    LastArchivedAt,
    LastActivatedAt,
    ReferencedManifests,
    #[serde(other)]
    Other,
}

pub(super) struct DetailReader;

impl<'de> Read<'de> for DetailReader {
    type Output = Detail<'de>;

    fn object<A: MapAccess<'de>>(self, mut entries: A) -> Result<Option<Detail<'de>>, A::Error> {
        let mut detail = Detail::default();
        while let Some(key) = entries.next_key::<DetailKey>()? {
            let field = match key {
                DetailKey::RegistryId => &mut detail.registry_id,
                DetailKey::RepositoryName => &mut detail.repository_name,
                DetailKey::ImageDigest => &mut detail.image_digest,
                DetailKey::ImageTags => &mut detail.image_tags,
                DetailKey::ImageSizeInBytes => &mut detail.image_size_in_bytes,
                DetailKey::ImagePushedAt => &mut detail.image_pushed_at,
                DetailKey::ImageManifestMediaType => &mut detail.image_manifest_media_type,
                DetailKey::LastRecordedPullTime => &mut detail.last_recorded_pull_time,
                DetailKey::SubjectManifestDigest => &mut detail.subject_manifest_digest,
                DetailKey::ImageStatus => &mut detail.image_status,
                DetailKey::LastArchivedAt => &mut detail.last_archived_at,
                DetailKey::LastActivatedAt => &mut detail.last_activated_at,
                DetailKey::ReferencedManifests => &mut detail.referenced_manifests,
                DetailKey::Other => {
                    entries.next_value::<IgnoredAny>()?;
                    continue;
                }
            };
            *field = entries.next_value()?;
        }
        Ok(Some(detail))
    }
}

/// Converts the fields to an image, and reports what is wrong with them.
pub(super) struct ImageReader<'r> {
    pub(super) reader: &'r mut ListingReader,
    pub(super) list: &'r Place,
    pub(super) index: usize,
}

impl ImageReader<'_> {
    fn note_image(&mut self, error: impl Explain) {
        self.reader.note(self.list.index(self.index), error);
    }

    fn note(&mut self, key: &str, error: impl Explain) {
        self.reader.note(self.list.index(self.index).key(key), error);
    }

    pub(super) fn image(&mut self, detail: Detail<'_>) {
        let registry_id = self.text("registryId", &detail.registry_id);
        let repository_name = self.text("repositoryName", &detail.repository_name);
        self.same("registryId", registry_id, |listing| &mut listing.registry_id);
        self.same("repositoryName", repository_name, |listing| &mut listing.repository_name);
        let media_type = self.text("imageManifestMediaType", &detail.image_manifest_media_type);
        let digest = self.text("imageDigest", &detail.image_digest);
        if matches!(detail.image_digest, Field::Absent) {
            self.note_image(ListingError::NoDigest);
        }
        let digest = digest.and_then(|text| self.parsed("imageDigest", text));
        let subject = self.text("subjectManifestDigest", &detail.subject_manifest_digest);
        let subject = subject.and_then(|text| self.parsed("subjectManifestDigest", text));
        let list_body = self.digests("referencedManifests", detail.referenced_manifests);
        let tags = self.texts("imageTags", detail.image_tags).unwrap_or_default();
        let pushed_at = self.time("imagePushedAt", &detail.image_pushed_at);
        let last_pulled_at = self.time("lastRecordedPullTime", &detail.last_recorded_pull_time);
        let last_archived_at = self.time("lastArchivedAt", &detail.last_archived_at);
        let last_activated_at = self.time("lastActivatedAt", &detail.last_activated_at);
        let status = self.status(&detail.image_status);
        let size_in_bytes = self.size(&detail.image_size_in_bytes);
        let Some(digest) = digest else {
            self.reader.unread += 1;
            return;
        };
        self.reader.listing.images.push(Image {
            digest,
            tags,
            pushed_at,
            last_pulled_at,
            last_archived_at,
            last_activated_at,
            status,
            size_in_bytes,
            is_list: list_body.is_some() || media_type.is_some_and(is_list),
            list_body,
            subject: subject.map(Box::new),
        });
    }

    /// Checks the values that all images of a listing have in common.
    fn same(
        &mut self,
        key: &'static str,
        found: Option<&str>,
        slot: impl Fn(&mut ImageListing) -> &mut Option<String>,
    ) {
        let Some(found) = found else { return };
        match slot(&mut self.reader.listing) {
            Some(first) if first != found => {
                let (first, found) = (first.clone(), found.to_owned());
                self.note(key, ListingError::OtherRepository { key, first, found });
            }
            Some(_) => {}
            slot @ None => *slot = Some(found.to_owned()),
        }
    }

    fn wrong_type(&mut self, key: &'static str, expected: &'static str) {
        self.note(key, ListingError::WrongType { key, expected });
    }

    fn text<'f>(&mut self, key: &'static str, field: &'f Field<'_>) -> Option<&'f str> {
        match field {
            Field::Absent => None,
            Field::Text(text) => Some(text),
            Field::Whole(_) | Field::Number(_) | Field::List(_) | Field::Other => {
                self.wrong_type(key, "a string");
                None
            }
        }
    }

    fn parsed<T: std::str::FromStr<Err: Explain + fmt::Debug>>(
        &mut self,
        key: &str,
        text: &str,
    ) -> Option<T> {
        text.parse().map_err(|error: T::Err| self.note(key, error)).ok()
    }

    fn time(&mut self, key: &'static str, field: &Field<'_>) -> Option<Timestamp> {
        let seconds = match field {
            Field::Absent => return None,
            Field::Text(text) => return self.parsed(key, text),
            #[expect(clippy::cast_precision_loss, reason = "exact for any time before year 9999")]
            Field::Whole(seconds) => *seconds as f64,
            Field::Number(seconds) => *seconds,
            Field::List(_) | Field::Other => {
                self.wrong_type(key, "a time");
                return None;
            }
        };
        Timestamp::from_epoch_seconds(seconds).map_err(|error| self.note(key, error)).ok()
    }

    fn size(&mut self, field: &Field<'_>) -> Option<u64> {
        match field {
            Field::Absent => None,
            Field::Whole(size) => Some(*size),
            Field::Text(_) | Field::Number(_) | Field::List(_) | Field::Other => {
                self.wrong_type("imageSizeInBytes", "a number of bytes");
                None
            }
        }
    }

    fn status(&mut self, field: &Field<'_>) -> ImageStatus {
        let Some(text) = self.text("imageStatus", field) else { return ImageStatus::Active };
        ImageStatus::ALL.into_iter().find(|status| status.as_str() == text).unwrap_or_else(|| {
            let suggestion = suggest(text, ImageStatus::ALL.map(ImageStatus::as_str));
            let error = ListingError::UnknownStatus { status: text.to_owned(), suggestion };
            self.note("imageStatus", error);
            ImageStatus::Active
        })
    }

    fn digests(&mut self, key: &'static str, field: Field<'_>) -> Option<Box<[Digest]>> {
        let texts = self.texts(key, field)?;
        Some(texts.iter().filter_map(|text| self.parsed(key, text)).collect())
    }

    fn texts(&mut self, key: &'static str, field: Field<'_>) -> Option<Vec<String>> {
        let Field::List(items) = field else {
            if !matches!(field, Field::Absent) {
                self.wrong_type(key, "an array of strings");
            }
            return None;
        };
        // Of the exact size, as a million images have such lists.
        let mut texts = Vec::with_capacity(items.len());
        for item in items {
            let Field::Text(text) = item else {
                self.wrong_type(key, "an array of strings");
                return None;
            };
            texts.push(text.into_owned());
        }
        Some(texts)
    }
}

/// Whether a manifest of this media type is a list of manifests.
fn is_list(media_type: &str) -> bool {
    matches!(
        media_type,
        "application/vnd.docker.distribution.manifest.list.v2+json"
            | "application/vnd.oci.image.index.v1+json"
    )
}
