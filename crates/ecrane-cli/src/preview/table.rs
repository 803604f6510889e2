//! Previews as tables for people.

use std::collections::BTreeMap;
use std::io;

use ecrane::lifecycle::preview::{
    ChangeKind, Comparison, Image, Outcome, Portion, Preview, Schedule, Strictness,
};
use ecrane_core::LifecycleAction;
use indicatif::DecimalBytes;

use super::{Evaluated, Style, Subject};
use crate::diagnostics::{escape, number};
use crate::print::Out;

/// The maximum width of a list of tags that is shown completely.
const TAGS: usize = 32;
/// The maximum number of listed tags that stay.
const STAYING: usize = 10;

/// The repositories, one below the other.
pub(super) fn write(
    out: Out<'_>,
    evaluated: &[(&Subject, Evaluated<'_>)],
    style: Style,
) -> io::Result<()> {
    for (index, (subject, evaluated)) in evaluated.iter().enumerate() {
        if index > 0 {
            writeln!(out)?;
        }
        let label = subject.label.as_deref().map_or("The repository".into(), escape);
        let images = number(subject.listing.images.len(), "image");
        let at = style.at;
        match evaluated {
            Evaluated::Now(preview) => {
                writeln!(out, "{label} at {at}: {images}")?;
                now(out, preview, style)?;
            }
            Evaluated::Against(comparison) => {
                writeln!(out, "{label} at {at}: {images}, under both policies")?;
                changes(out, comparison)?;
            }
            Evaluated::ByDay(schedule) => {
                writeln!(out, "{label} from {at}: {images}")?;
                days(out, schedule, &subject.listing.images)?;
            }
        }
    }
    Ok(())
}

/// What happens to an image, as a heading.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Group {
    Expire,
    Archive,
    Follow,
    Uncertain,
    Keep,
}

impl Group {
    fn of(outcome: &Outcome<'_>, strictness: Strictness) -> Self {
        match outcome.acts(strictness) {
            Some((LifecycleAction::Expire, _)) => Self::Expire,
            Some((LifecycleAction::Archive, _)) => Self::Archive,
            None if outcome.follows().is_some() => Self::Follow,
            None if outcome.is_uncertain() => Self::Uncertain,
            None => Self::Keep,
        }
    }

    fn heading(self) -> &'static str {
        match self {
            Self::Expire => "Expire",
            Self::Archive => "Archive",
            Self::Follow => "Go with the image that they are attached to",
            Self::Uncertain => {
                "Uncertain: AWS does not document it, or the input lacks what decides it"
            }
            Self::Keep => "Keep",
        }
    }
}

fn now(out: Out<'_>, preview: &Preview<'_>, style: Style) -> io::Result<()> {
    let mut groups: BTreeMap<Group, Vec<Outcome<'_>>> = BTreeMap::new();
    for outcome in preview.outcomes() {
        groups.entry(Group::of(&outcome, style.strictness)).or_default().push(outcome);
    }
    for (group, outcomes) in &groups {
        writeln!(out, "\n{} ({})", group.heading(), number(outcomes.len(), "image"))?;
        let columns = Columns::of(outcomes.iter().map(Outcome::image));
        for outcome in outcomes {
            columns.row(out, outcome.image(), &outcome.to_string())?;
        }
    }
    summary(out, preview, style.strictness)
}

fn summary(out: Out<'_>, preview: &Preview<'_>, strictness: Strictness) -> io::Result<()> {
    let summary = preview.summary(strictness);
    writeln!(out, "\nSummary")?;
    for (what, portion) in [
        ("expire", summary.expire),
        ("archive", summary.archive),
        ("follow", summary.follow),
        ("uncertain", summary.uncertain),
        ("keep", summary.keep),
    ] {
        if portion.images > 0 || matches!(what, "expire" | "keep") {
            writeln!(out, "  {what:<10} {}", Amount(portion))?;
        }
    }
    for rule in &summary.by_rule {
        let amount = Amount(rule.portion);
        writeln!(out, "  {:<10} {amount}", format!("by rule {}", rule.rule_priority))?;
    }
    let mut tags = preview.staying_tags(strictness).map(|(tag, _)| tag);
    let named: Vec<_> = tags.by_ref().take(STAYING).map(escape).collect();
    let more = match tags.count() {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    match named.as_slice() {
        [] => writeln!(out, "  no tag stays"),
        named => writeln!(out, "  tags that stay: {}{more}", named.join(", ")),
    }
}

/// A number of images and their size.
struct Amount(Portion);

impl std::fmt::Display for Amount {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Portion { images, bytes, images_without_size, tags: _ } = self.0;
        let plural = if images == 1 { "" } else { "s" };
        write!(f, "{images} image{plural}")?;
        if images > images_without_size {
            write!(f, ", {}", DecimalBytes(bytes))?;
        }
        match images_without_size {
            0 => Ok(()),
            without if without == images => write!(f, " of unknown size"),
            without => write!(f, " and {without} of unknown size"),
        }
    }
}

fn changes(out: Out<'_>, comparison: &Comparison<'_>) -> io::Result<()> {
    let mut groups: BTreeMap<ChangeKind, Vec<_>> = BTreeMap::new();
    for change in comparison.changes() {
        groups.entry(change.kind).or_default().push(change);
    }
    if groups.is_empty() {
        return writeln!(out, "\nNo image fares otherwise than under the earlier policy.");
    }
    for (kind, changes) in &groups {
        let heading = match kind {
            ChangeKind::Goes => "Go, and stayed before",
            ChangeKind::MayGo => "May go, and did not before, or went for certain",
            ChangeKind::Stays => "Stay, and went or might have gone before",
            ChangeKind::OtherAction => "Another action",
            ChangeKind::OtherRule => "Another rule",
        };
        writeln!(out, "\n{heading} ({})", number(changes.len(), "image"))?;
        let columns = Columns::of(changes.iter().map(|change| change.after.image()));
        for change in changes {
            columns.row(out, change.after.image(), &change.after.to_string())?;
            columns.below(out, &format!("before: {}", change.before))?;
        }
    }
    Ok(())
}

fn days(out: Out<'_>, schedule: &Schedule, images: &[Image]) -> io::Result<()> {
    if schedule.days.is_empty() {
        return writeln!(out, "\nNo image goes.");
    }
    for day in &schedule.days {
        let date = day.at.to_string();
        let (date, _) = date.split_once('T').unwrap_or((&date, ""));
        let when = match day.number {
            0 => "now".to_owned(),
            days => format!("in {}", number(days as usize, "day")),
        };
        writeln!(out, "\n{date}, {when} ({})", number(day.departures.len(), "image"))?;
        let of = |index: usize| images.get(index);
        let columns = Columns::of(day.departures.iter().filter_map(|d| of(d.image)));
        for departure in &day.departures {
            let Some(image) = of(departure.image) else { continue };
            let (goes, may) = match departure.action {
                LifecycleAction::Expire => ("expires", "may expire"),
                LifecycleAction::Archive => ("is archived", "may be archived"),
            };
            let goes = if departure.is_uncertain { may } else { goes };
            let why = match departure.rule {
                Some(rule) => format!("{goes} by rule {rule}"),
                None => format!("{goes} with the image that it is attached to"),
            };
            columns.row(out, image, &why)?;
        }
    }
    Ok(())
}

/// The widths of the columns of some images.
struct Columns {
    tags: usize,
}

/// The width of a digest in short.
const DIGEST: usize = 19;
/// The width of a size: `1023.99 MB`.
const SIZE: usize = 10;

impl Columns {
    fn of<'i>(images: impl Iterator<Item = &'i Image>) -> Self {
        let width = images.map(|image| tags(image).chars().count()).max();
        Self { tags: width.unwrap_or_default().min(TAGS) }
    }

    fn row(&self, out: Out<'_>, image: &Image, why: &str) -> io::Result<()> {
        let digest = escape(&image.digest.short());
        let size = image.size_in_bytes.map(|size| DecimalBytes(size).to_string());
        let (tags, size) = (tags(image), size.unwrap_or_default());
        let width = self.tags;
        writeln!(out, "  {digest:<DIGEST$}  {tags:<width$}  {size:>SIZE$}  {}", escape(why))
    }

    /// A second line for an image.
    fn below(&self, out: Out<'_>, why: &str) -> io::Result<()> {
        let indent = 2 + DIGEST + 2 + self.tags + 2 + SIZE + 2;
        writeln!(out, "{:indent$}{}", "", escape(why))
    }
}

/// The tags of an image as far as they fit.
fn tags(image: &Image) -> String {
    let mut text = String::new();
    for (index, tag) in image.tags.iter().enumerate() {
        let tag = escape(tag);
        if index > 0 && text.chars().count() + 2 + tag.chars().count() > TAGS {
            return format!("{text} +{}", image.tags.len() - index);
        }
        if index > 0 {
            text.push_str(", ");
        }
        text.push_str(&tag);
    }
    if text.is_empty() { "untagged".to_owned() } else { text }
}
