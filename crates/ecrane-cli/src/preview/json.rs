//! Previews as JSON.

use std::io::{self, Write as _};

use ecrane::lifecycle::preview::{Change, ImageListing, Schedule};
use serde::Serialize;
use serde::ser::{SerializeMap as _, SerializeSeq as _, Serializer};

use super::{Evaluated, Style, Subject};
use crate::print::Out;

/// An object for one repository; for several, they are in an array, each with its name.
pub(super) fn write(
    out: Out<'_>,
    evaluated: &[(&Subject, Evaluated<'_>)],
    style: Style,
) -> io::Result<()> {
    let documents = evaluated.iter().map(|(subject, evaluated)| Document {
        name: style.is_several.then(|| subject.label.as_deref().unwrap_or_default()),
        subject,
        evaluated,
        style,
    });
    let documents: Vec<_> = documents.collect();
    // The serializer writes small pieces, each of which would be a dynamic call.
    let mut out = io::BufWriter::with_capacity(1 << 16, out);
    match documents.as_slice() {
        [document] if !style.is_several => serde_json::to_writer(&mut out, document)?,
        documents => {
            #[derive(Serialize)]
            struct Repositories<'d> {
                repositories: &'d [Document<'d>],
            }
            serde_json::to_writer(&mut out, &Repositories { repositories: documents })?;
        }
    }
    out.write_all(b"\n")?;
    out.flush()
}

struct Document<'d> {
    name: Option<&'d str>,
    subject: &'d Subject,
    evaluated: &'d Evaluated<'d>,
    style: Style,
}

impl Serialize for Document<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        if let Some(name) = self.name {
            map.serialize_entry("repositoryName", name)?;
        }
        match self.evaluated {
            Evaluated::Now(preview) => {
                map.serialize_entry("images", &preview.entries(self.style.strictness))?;
            }
            Evaluated::Against(comparison) => {
                let changes: Vec<_> =
                    comparison.changes().map(|change| self.change(&change)).collect();
                map.serialize_entry("changes", &changes)?;
            }
            Evaluated::ByDay(schedule) => {
                map.serialize_entry("days", &Days(schedule, &self.subject.listing))?;
            }
        }
        map.end()
    }
}

impl Document<'_> {
    fn change<'c>(&self, change: &Change<'c>) -> impl Serialize + use<'c> {
        #[derive(Serialize)]
        #[serde(rename_all = "camelCase")]
        struct Entry<D, O> {
            image_digest: D,
            change: &'static str,
            before: O,
            after: O,
        }
        let strictness = self.style.strictness;
        Entry {
            image_digest: &change.after.image().digest,
            change: change.kind.as_str(),
            before: change.before.entry(strictness),
            after: change.after.entry(strictness),
        }
    }
}

/// The days on which something happens.
struct Days<'d>(&'d Schedule, &'d ImageListing);

impl Serialize for Days<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        #[serde(rename_all = "camelCase")]
        struct OnDay<D> {
            day: u32,
            at: String,
            images: D,
        }
        #[derive(Serialize)]
        #[serde(rename_all = "camelCase")]
        struct Departure<D> {
            image_digest: D,
            action: &'static str,
            rule_priority: Option<u32>,
            #[serde(skip_serializing_if = "std::ops::Not::not")]
            uncertain: bool,
        }
        let Self(schedule, listing) = self;
        let mut days = serializer.serialize_seq(Some(schedule.days.len()))?;
        for day in &schedule.days {
            let images: Vec<_> = day
                .departures
                .iter()
                .map(|departure| Departure {
                    image_digest: listing.images.get(departure.image).map(|image| &image.digest),
                    action: departure.action.as_str(),
                    rule_priority: departure.rule,
                    uncertain: departure.is_uncertain,
                })
                .collect();
            days.serialize_element(&OnDay { day: day.number, at: day.at.to_string(), images })?;
        }
        days.end()
    }
}
