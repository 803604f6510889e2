//! Bodies of manifest lists, as `aws ecr batch-get-image` prints them.

use std::collections::HashMap;

use ecrane_document::{Place, Problem, Problems};
use serde_json::Value;

use super::digest::Digest;
use super::image::ImageListing;
use super::input_error::{JsonError, ManifestsError};

/// The bodies of manifest lists: which manifests each of them references.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Manifests {
    lists: Vec<List>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct List {
    place: Place,
    digest: Digest,
    body: Box<[Digest]>,
}

impl Manifests {
    /// The manifests in the JSON that `aws ecr batch-get-image` prints: one answer, or several one
    /// after the other. Manifests that are not lists are skipped.
    ///
    /// The second value holds a warning for each manifest that AWS did not return.
    ///
    /// ```
    /// use ecrane_lifecycle::preview::Manifests;
    ///
    /// let digest = |digits: &str| format!("sha256:{}", digits.repeat(32));
    /// let body = format!(r#"{{"manifests": [{{"digest": "{}"}}]}}"#, digest("cd"));
    /// let text = serde_json::json!({
    ///     "images": [{"imageId": {"imageDigest": digest("ab")}, "imageManifest": body}],
    ///     "failures": [],
    /// });
    /// let (manifests, warnings) = Manifests::parse(&text.to_string())?;
    /// assert!(warnings.is_empty());
    /// # Ok::<(), ecrane_document::Problems>(())
    /// ```
    ///
    /// # Errors
    /// With every problem. The place of one in an answer after the first begins with the number of
    /// the answer, from 0.
    pub fn parse(text: &str) -> Result<(Self, Vec<Problem>), Problems> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mut manifests = Self::default();
        let mut problems = Vec::new();
        let mut is_empty = true;
        for (number, answer) in
            serde_json::Deserializer::from_str(text).into_iter::<Value>().enumerate()
        {
            is_empty = false;
            let top = Place::default();
            match answer {
                Err(error) => problems.push(Problem::error(top, JsonError::from(&error))),
                Ok(answer) => {
                    let top = if number == 0 { top } else { top.index(number) };
                    manifests.answer(&answer, &top, &mut problems);
                }
            }
        }
        if is_empty {
            problems.push(Problem::error(Place::default(), ManifestsError::Empty));
        }
        Problems::check(problems).map(|warnings| (manifests, warnings))
    }

    fn answer(&mut self, answer: &Value, top: &Place, problems: &mut Vec<Problem>) {
        let Some(images) = answer.get("images").and_then(Value::as_array) else {
            problems.push(Problem::error(top.clone(), ManifestsError::NoImages));
            return;
        };
        for (index, image) in images.iter().enumerate() {
            let place = top.key("images").index(index);
            match list(image, &place) {
                Ok(Some(list)) => self.lists.push(list),
                Ok(None) => {}
                Err(error) => problems.push(Problem::error(place, error)),
            }
        }
        for (index, failure) in
            answer.get("failures").and_then(Value::as_array).into_iter().flatten().enumerate()
        {
            let text = |key: &str| failure.pointer(key).and_then(Value::as_str);
            let image = text("/imageId/imageDigest").or(text("/imageId/imageTag"));
            let fact = ManifestsError::NotReturned {
                image: image.unwrap_or("unknown").to_owned(),
                reason: text("/failureCode").unwrap_or("no reason given").to_owned(),
            };
            problems.push(Problem::warning(top.key("failures").index(index), fact));
        }
    }
}

/// The manifest list of an image of the response, if it is one.
fn list(image: &Value, place: &Place) -> Result<Option<List>, ManifestsError> {
    let digest = image.pointer("/imageId/imageDigest").and_then(Value::as_str);
    let digest: Digest = digest.ok_or(ManifestsError::NoDigest)?.parse()?;
    let body = image.get("imageManifest").and_then(Value::as_str);
    let body = body.ok_or(ManifestsError::NoManifest)?;
    let malformed = |reason: String| ManifestsError::Malformed { digest: digest.clone(), reason };
    let body: Value = serde_json::from_str(body).map_err(|error| malformed(error.to_string()))?;
    let Some(manifests) = body.get("manifests") else { return Ok(None) };
    let manifests =
        manifests.as_array().ok_or_else(|| malformed("`manifests` is not an array".to_owned()))?;
    let body: Result<_, ManifestsError> = manifests
        .iter()
        .map(|manifest| {
            let text = manifest.get("digest").and_then(Value::as_str);
            let text = text.ok_or_else(|| malformed("a manifest has no `digest`".to_owned()))?;
            Ok(text.parse()?)
        })
        .collect();
    let body = body?;
    Ok(Some(List { place: place.clone(), digest, body }))
}

impl ImageListing {
    /// Adds the bodies of manifest lists. Returns a warning for each list that is not in the
    /// listing.
    ///
    /// ```
    /// use ecrane_lifecycle::preview::{ImageListing, Manifests};
    ///
    /// let mut listing = ImageListing::parse(r#"{"imageDetails": []}"#)?;
    /// let (manifests, _) = Manifests::parse(r#"{"images": []}"#)?;
    /// let warnings = listing.add_manifests(manifests);
    /// assert!(warnings.is_empty());
    /// # Ok::<(), ecrane_document::Problems>(())
    /// ```
    pub fn add_manifests(&mut self, manifests: Manifests) -> Vec<Problem> {
        let Manifests { lists } = manifests;
        let (mut bodies, mut places) = (HashMap::new(), Vec::new());
        for List { place, digest, body } in lists {
            bodies.insert(digest.clone(), body);
            places.push((place, digest));
        }
        for image in &mut self.images {
            if let Some(body) = bodies.remove(&image.digest) {
                image.is_list = true;
                image.list_body = Some(body);
            }
        }
        places
            .into_iter()
            .filter(|(_, digest)| bodies.remove(digest).is_some())
            .map(|(place, digest)| Problem::warning(place, ManifestsError::NotListed { digest }))
            .collect()
    }
}
