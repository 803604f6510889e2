//! Reading of a large listing on all processors.

use ecrane_document::{Place, in_parallel};
use serde::de::{Deserialize, DeserializeSeed as _, Deserializer};

use super::field::Seed;
use super::image::ImageListing;
use super::listing::{Detail, DetailReader, ImageReader, ListingReader};

/// The size of a part: some thousand images.
const PART: usize = 4 << 20;

/// What JSON has between values.
const SPACE: [char; 4] = [' ', '\t', '\n', '\r'];

/// The listing of a large text, if it is one page whose images come first, as the AWS CLI prints it,
/// and nothing is wrong with it. Any other text is read from its beginning to its end.
///
/// Where an image begins is guessed. The guess is right if the part before it ends there.
pub(super) fn read(text: &str, progress: &(dyn Fn(usize) + Sync)) -> Option<ImageListing> {
    let first = text.len() - images(text)?.len();
    let guesses = (1..text.len() / PART).filter_map(|part| guess(text, first.max(part * PART)));
    let mut starts: Vec<usize> = std::iter::once(first).chain(guesses).collect();
    starts.dedup();
    if starts.len() < 2 {
        return None;
    }
    let ends = starts.iter().skip(1).copied().map(Some).chain([None]);
    let parts: Vec<_> = starts.iter().copied().zip(ends).collect();
    let read = in_parallel(
        &parts,
        || (),
        |(), (start, end)| {
            let part = part(text, *start, *end);
            progress(end.unwrap_or(text.len()) - start);
            part
        },
    );
    let mut parts = read.into_iter();
    let mut listing = parts.next()??;
    for part in parts {
        let ImageListing { registry_id, repository_name, region: _, images } = part?;
        is_same(&mut listing.registry_id, registry_id)?;
        is_same(&mut listing.repository_name, repository_name)?;
        listing.images.extend(images);
    }
    Some(listing)
}

/// The text from the first image, if images come first.
fn images(text: &str) -> Option<&str> {
    let mut rest = text.trim_start_matches(SPACE);
    for token in ["{", "\"imageDetails\"", ":", "["] {
        rest = rest.strip_prefix(token)?.trim_start_matches(SPACE);
    }
    Some(rest)
}

/// Where an object in a list begins, or at least looks as if it did.
fn guess(text: &str, from: usize) -> Option<usize> {
    let mut at = (from..text.len()).find(|at| text.is_char_boundary(*at))?;
    loop {
        at += text.get(at..)?.find('}')? + 1;
        let rest = text.get(at..)?.trim_start_matches(SPACE);
        if let Some(next) = rest.strip_prefix(',').map(|rest| rest.trim_start_matches(SPACE))
            && next.starts_with('{')
        {
            return Some(text.len() - next.len());
        }
    }
}

/// The images of a part, which ends where the next one starts, or with the text.
fn part(text: &str, start: usize, end: Option<usize>) -> Option<ImageListing> {
    let (mut reader, list) = (ListingReader::default(), Place::default());
    let mut rest = text.get(start..)?;
    loop {
        let mut values = serde_json::Deserializer::from_str(rest).into_iter::<Listed<'_>>();
        let Listed(detail) = values.next()?.ok()?;
        rest = rest.get(values.byte_offset()..)?.trim_start_matches(SPACE);
        ImageReader { reader: &mut reader, list: &list, index: 0 }.image(detail?);
        if !reader.problems.is_empty() {
            return None;
        }
        let Some(next) = rest.strip_prefix(',') else {
            let after = rest.strip_prefix(']')?.trim_start_matches(SPACE);
            let after = after.strip_prefix('}')?.trim_start_matches(SPACE);
            return (end.is_none() && after.is_empty()).then_some(reader.listing);
        };
        rest = next.trim_start_matches(SPACE);
        match end.map(|end| (text.len() - rest.len()).cmp(&end)) {
            None | Some(std::cmp::Ordering::Less) => {}
            Some(std::cmp::Ordering::Equal) => return Some(reader.listing),
            Some(std::cmp::Ordering::Greater) => return None,
        }
    }
}

/// An image, if it is an object.
struct Listed<'t>(Option<Detail<'t>>);

impl<'de> Deserialize<'de> for Listed<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Seed(DetailReader).deserialize(deserializer).map(Self)
    }
}

/// Sets what all images have in common. `None` if it differs.
fn is_same(first: &mut Option<String>, next: Option<String>) -> Option<()> {
    match (first.as_ref(), next) {
        (Some(first), Some(next)) => (*first == next).then_some(()),
        (None, next) => {
            *first = next;
            Some(())
        }
        (Some(_), None) => Some(()),
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use super::*;

    /// A listing of several parts.
    fn listing() -> String {
        let mut text = String::from("{\n \"imageDetails\" : [\n");
        for number in 0..60_000 {
            let separator = if number > 0 { " ,\n " } else { "" };
            let tag = if number % 2 == 0 { format!("t{number}\\\"}},{{") } else { "é".to_owned() };
            write!(
                text,
                "{separator}{{\"repositoryName\": \"app\", \"imageDigest\": \"sha256:{number:064x}\", \
                 \"imageTags\": [\"{tag}\"], \"scan\": {{ \"a\": [{{}}, {{}}] }}}}",
            )
            .unwrap();
        }
        text + "\n]\n}\n"
    }

    #[test]
    fn reads_what_is_read_from_the_beginning_to_the_end() {
        let text = listing();
        assert!(text.len() > 2 * PART);
        let whole = ImageListing::parse_whole(&text).unwrap();
        // A guess can be wrong here: it is in a tag, or in a list of an image.
        if let Some(parts) = read(&text, &|_| {}) {
            assert_eq!(parts, whole);
        }
        let plain = text.replace("[{}, {}]", "[]").replace("},{", "");
        let whole = ImageListing::parse_whole(&plain).unwrap();
        assert_eq!(read(&plain, &|_| {}).as_ref(), Some(&whole));
        assert_eq!(whole.images.len(), 60_000);
    }

    #[test]
    fn leaves_all_else_to_the_other_reader() {
        let text = listing().replace("[{}, {}]", "[]").replace("},{", "");
        let last = "{\"repositoryName\": \"app\", \"imageDigest\": \"sha256:";
        let at = text.rfind(last).unwrap();
        for (from, to) in [
            ("\n]\n}\n", "\n],\n\"nextToken\": \"a\"}\n"),
            ("\n]\n}\n", "\n]\n}\n{}"),
            ("\n]\n}\n", "\n]\n"),
            ("\"app\"", "\"other\""),
            ("sha256:", "sha256"),
        ] {
            let (before, end) = text.split_at(at);
            let changed = format!("{before}{}", end.replace(from, to));
            assert_ne!(changed, text);
            assert_eq!(read(&changed, &|_| {}), None, "{to}");
        }
        assert_eq!(read("{\"imageDetails\": []}", &|_| {}), None);
    }
}
