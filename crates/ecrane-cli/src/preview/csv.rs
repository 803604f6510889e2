//! Previews as comma-separated values.

use std::io;

use ecrane::lifecycle::preview::{Image, Outcome, Strictness};

use super::{Evaluated, Style, Subject, io_error};
use crate::print::{Out, csv_field};

/// A table with a header. Its columns depend on the options, not on the images.
pub(super) fn write(
    out: Out<'_>,
    evaluated: &[(&Subject, Evaluated<'_>)],
    style: Style,
) -> io::Result<()> {
    let mut table = ::csv::Writer::from_writer(out);
    let image = ["repositoryName", "imageDigest", "imageTags", "imagePushedAt", "imageSizeInBytes"];
    let outcome = ["action", "rulePriority", "uncertain", "reason", "claimedBy", "follows", "why"];
    let columns = match evaluated.first() {
        None | Some((_, Evaluated::Now(_))) => [&image[..], &outcome].concat(),
        Some((_, Evaluated::Against(_))) => {
            [&image[..], &["change", "actionBefore", "actionAfter", "whyBefore", "why"]].concat()
        }
        Some((_, Evaluated::ByDay(_))) => {
            [&image[..], &["day", "at", "action", "rulePriority", "uncertain"]].concat()
        }
    };
    table.write_record(columns).map_err(io_error)?;
    let mut row = Row::default();
    for (subject, evaluated) in evaluated {
        match evaluated {
            Evaluated::Now(preview) => {
                for outcome in preview.outcomes() {
                    row.image(subject, outcome.image());
                    row.text(action(&outcome, style.strictness));
                    row.number(rule(&outcome, style.strictness));
                    row.text(if outcome.is_uncertain() { "true" } else { "false" });
                    row.text(outcome.reason());
                    row.number(outcome.claimed_by());
                    row.text(outcome.follows().map_or("", |follows| follows.action.as_str()));
                    row.foreign(&outcome.to_string());
                    row.end(&mut table)?;
                }
            }
            Evaluated::Against(comparison) => {
                for change in comparison.changes() {
                    row.image(subject, change.after.image());
                    row.text(change.kind.as_str());
                    row.text(action(&change.before, style.strictness));
                    row.text(action(&change.after, style.strictness));
                    row.foreign(&change.before.to_string());
                    row.foreign(&change.after.to_string());
                    row.end(&mut table)?;
                }
            }
            Evaluated::ByDay(schedule) => {
                for day in &schedule.days {
                    for departure in &day.departures {
                        let Some(image) = subject.listing.images.get(departure.image) else {
                            continue;
                        };
                        row.image(subject, image);
                        row.number(Some(day.number));
                        row.text(&day.at.to_string());
                        row.text(departure.action.as_str());
                        row.number(departure.rule);
                        row.text(if departure.is_uncertain { "true" } else { "false" });
                        row.end(&mut table)?;
                    }
                }
            }
        }
    }
    table.flush()
}

fn action(outcome: &Outcome<'_>, strictness: Strictness) -> &'static str {
    outcome.acts(strictness).map_or("keep", |(action, _)| action.as_str())
}

fn rule(outcome: &Outcome<'_>, strictness: Strictness) -> Option<u32> {
    outcome.acts(strictness).map(|(_, rule)| rule)
}

#[derive(Default)]
struct Row(::csv::StringRecord);

impl Row {
    fn image(&mut self, subject: &Subject, image: &Image) {
        self.foreign(subject.label.as_deref().unwrap_or_default());
        self.foreign(&image.digest.to_string());
        self.foreign(&image.tags.join(" "));
        self.text(&image.pushed_at.map(|time| time.to_string()).unwrap_or_default());
        self.number(image.size_in_bytes);
    }

    fn text(&mut self, text: &str) {
        self.0.push_field(text);
    }

    fn number(&mut self, number: Option<impl ToString>) {
        self.text(&number.map(|number| number.to_string()).unwrap_or_default());
    }

    /// A text of somebody else. A spreadsheet would run it as a formula if it began with one of
    /// these characters; no name that AWS accepts does.
    fn foreign(&mut self, text: &str) {
        self.text(&csv_field(text));
    }

    fn end(&mut self, table: &mut ::csv::Writer<Out<'_>>) -> io::Result<()> {
        table.write_record(&self.0).map_err(io_error)?;
        self.0.clear();
        Ok(())
    }
}
