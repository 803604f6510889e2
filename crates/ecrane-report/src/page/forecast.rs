//! Which images go when.

use std::collections::BTreeMap;

use ecrane_core::{LifecycleAction, ResourceId, visible};
use ecrane_lifecycle::preview::{Day, Departure, Image, ImageListing, Schedule, Timestamp, Uses};
use serde::Serialize;

use crate::picture::{Repository, count};
use crate::rows::ranges;

/// Which images of repositories go on the following days.
#[derive(Debug)]
pub struct Forecast<'f> {
    /// The instant of the first evaluation.
    pub at: Timestamp,
    /// The number of following days.
    pub days: u32,
    /// The repositories whose images are known.
    pub repositories: Vec<RepositoryForecast<'f>>,
}

/// Which images of a repository go on the following days.
#[derive(Debug)]
pub struct RepositoryForecast<'f> {
    /// The repository.
    pub repository: ResourceId,
    /// Its images.
    pub listing: &'f ImageListing,
    /// When they go.
    pub schedule: Schedule,
    /// Who uses them.
    pub uses: Uses<'f>,
}

/// The number of images of a day that are named.
const NAMED: usize = 8;
/// The number of tags of an image, and of its users, that are named.
const FEW: usize = 3;
/// The number of days of all repositories together that are listed, and of each at least.
const DAYS: usize = 1500;
const DAYS_OF_EACH: usize = 7;

#[derive(Serialize)]
pub(super) struct Timeline {
    from: String,
    days: u32,
    summary: String,
    chart: Chart,
    table: Vec<Total>,
    repositories: Vec<Going>,
    /// The repositories from which nothing goes.
    still: Vec<Still>,
    /// How many images go, by row.
    #[serde(skip)]
    images: BTreeMap<usize, Loss>,
}

/// How many images go.
#[derive(Debug, Clone, Copy, Default, Serialize)]
pub(super) struct Loss {
    certain: usize,
    uncertain: usize,
}

/// Bars, a day each.
#[derive(Serialize)]
struct Chart {
    width: f64,
    height: f64,
    /// The most images of a day.
    most: usize,
    bars: Vec<Bar>,
    ticks: Vec<Tick>,
}

#[derive(Serialize)]
struct Bar {
    class: &'static str,
    x: f64,
    y: f64,
    width: f64,
    height: f64,
    title: String,
}

#[derive(Serialize)]
struct Tick {
    x: f64,
    date: String,
    anchor: &'static str,
}

/// A day of all repositories.
#[derive(Debug, Default, Serialize)]
struct Total {
    date: String,
    when: String,
    expire: usize,
    archive: usize,
    uncertain: usize,
    in_use: usize,
    size: String,
    repositories: String,
    rows: String,
}

#[derive(Serialize)]
struct Going {
    row: usize,
    name: String,
    summary: String,
    days: Vec<OwnDay>,
    /// What is not listed.
    later: Option<String>,
}

#[derive(Serialize)]
struct Still {
    row: usize,
    name: String,
}

/// A day of a repository.
#[derive(Serialize)]
struct OwnDay {
    date: String,
    when: String,
    groups: Vec<Group>,
}

/// Images of a day to which the same happens.
#[derive(Serialize)]
struct Group {
    class: &'static str,
    does: String,
    images: Vec<Named>,
    more: usize,
}

#[derive(Serialize)]
struct Named {
    label: String,
    used_by: Option<String>,
}

impl Timeline {
    /// How many images go from the repository of a row, if they are known.
    pub(super) fn going(&self, row: usize) -> Option<Loss> {
        self.images.get(&row).copied()
    }
}

/// The repository, its images, and who uses them.
struct Subject<'f> {
    repository: &'f Repository,
    forecast: &'f RepositoryForecast<'f>,
}

pub(super) fn of(forecast: &Forecast<'_>, listed: &[Repository]) -> Timeline {
    let by_id: BTreeMap<_, _> = listed.iter().filter_map(|it| Some((it.id?, it))).collect();
    let subjects = forecast.repositories.iter().filter_map(|forecast| {
        Some(Subject { repository: by_id.get(&forecast.repository)?, forecast })
    });
    let subjects: Vec<_> = subjects.collect();
    let (going, still): (Vec<_>, Vec<_>) =
        subjects.iter().partition(|it| !it.forecast.schedule.days.is_empty());
    let most = (DAYS / going.len().max(1)).max(DAYS_OF_EACH);
    let table = totals(&going);
    let images: usize = going.iter().map(|it| it.images().certain).sum();
    Timeline {
        from: date(forecast.at),
        days: forecast.days,
        summary: format!(
            "{} of {} lose {}.",
            going.len(),
            count(subjects.len(), "repository", "repositories"),
            count(images, "image", "images")
        ),
        chart: chart(forecast, &table),
        table: table.into_values().collect(),
        repositories: going.iter().map(|it| it.going(most)).collect(),
        still: still
            .iter()
            .map(|it| Still { row: it.repository.row, name: it.repository.name.clone() })
            .collect(),
        images: subjects.iter().map(|it| (it.repository.row, it.images())).collect(),
    }
}

/// What goes on each day, by its number.
fn totals(subjects: &[&Subject<'_>]) -> BTreeMap<u32, Total> {
    let mut totals = BTreeMap::<u32, (Total, u64, Vec<usize>)>::new();
    for subject in subjects {
        for day in &subject.forecast.schedule.days {
            let (total, bytes, rows) = totals.entry(day.number).or_default();
            (total.date, total.when) = (date(day.at), when(day.number));
            rows.push(subject.repository.row);
            for departure in &day.departures {
                match (departure.is_uncertain, departure.action) {
                    (true, _) => total.uncertain += 1,
                    (false, LifecycleAction::Expire) => total.expire += 1,
                    (false, LifecycleAction::Archive) => total.archive += 1,
                }
                let Some(image) = subject.image(departure) else { continue };
                total.in_use += usize::from(!subject.forecast.uses.users(image).is_empty());
                if !departure.is_uncertain {
                    *bytes += image.size_in_bytes.unwrap_or_default();
                }
            }
        }
    }
    let total = |(number, (total, bytes, rows)): (u32, (Total, u64, Vec<usize>))| {
        let repositories = count(rows.len(), "repository", "repositories");
        (number, Total { size: size(bytes), repositories, rows: ranges(rows), ..total })
    };
    totals.into_iter().map(total).collect()
}

#[expect(clippy::cast_precision_loss, reason = "a picture has no need of the last bits")]
fn chart(forecast: &Forecast<'_>, totals: &BTreeMap<u32, Total>) -> Chart {
    const WIDTH: f64 = 1000.0;
    const HEIGHT: f64 = 140.0;
    let sum = |total: &Total| total.expire + total.archive + total.uncertain;
    let most = totals.values().map(sum).max().unwrap_or_default();
    let step = WIDTH / (f64::from(forecast.days) + 1.0);
    let round = |value: f64| (value * 10.0).round() / 10.0;
    let mut bars = Vec::new();
    for (number, total) in totals {
        let mut y = HEIGHT;
        for (class, images, does) in [
            ("expire", total.expire, "expire"),
            ("archive", total.archive, "are archived"),
            ("uncertain", total.uncertain, "may go"),
        ] {
            if images == 0 {
                continue;
            }
            let height = (HEIGHT * images as f64 / most.max(1) as f64).max(1.5);
            y -= height;
            bars.push(Bar {
                class,
                x: round(f64::from(*number) * step),
                y: round(y),
                width: round((step * 0.8).max(1.0)),
                height: round(height),
                title: format!("{}: {images} {does}", total.date),
            });
        }
    }
    let ticks = [0, 1, 2, 3].map(|part| {
        let day = forecast.days * part / 3;
        let anchor = match part {
            0 => "start",
            3 => "end",
            _ => "middle",
        };
        let x = if part == 3 { WIDTH } else { (f64::from(day) + 0.4) * step };
        let x = if part == 0 { 0.0 } else { x };
        Tick { x: round(x), date: date(forecast.at.plus_days(day)), anchor }
    });
    Chart { width: WIDTH, height: HEIGHT, most, bars, ticks: ticks.into_iter().collect() }
}

impl<'f> Subject<'f> {
    fn image(&self, departure: &Departure) -> Option<&'f Image> {
        self.forecast.listing.images.get(departure.image)
    }

    fn images(&self) -> Loss {
        let days = self.forecast.schedule.days.iter();
        let departures = || days.clone().flat_map(|day| &day.departures);
        let uncertain = departures().filter(|it| it.is_uncertain).count();
        Loss { certain: departures().count() - uncertain, uncertain }
    }

    fn going(&self, most: usize) -> Going {
        let days = &self.forecast.schedule.days;
        let (shown, later) = days.split_at(most.min(days.len()));
        let later = (!later.is_empty()).then(|| {
            let images = later.iter().map(|day| day.departures.len()).sum();
            let on = count(later.len(), "later day", "later days");
            format!("{} on {on} are not listed here.", count(images, "image", "images"))
        });
        let Loss { certain, uncertain } = self.images();
        let all = count(self.forecast.listing.images.len(), "image", "images");
        let may = if uncertain == 0 { String::new() } else { format!(", and {uncertain} may go") };
        Going {
            row: self.repository.row,
            name: self.repository.name.clone(),
            summary: format!("{certain} of {all}{may}"),
            days: shown.iter().map(|day| self.day(day)).collect(),
            later,
        }
    }

    fn day(&self, day: &Day) -> OwnDay {
        let mut groups = BTreeMap::<_, Vec<&Departure>>::new();
        for departure in &day.departures {
            let Departure { action, rule, is_uncertain, image: _ } = departure;
            let is_archive = *action == LifecycleAction::Archive;
            groups.entry((*is_uncertain, is_archive, *rule)).or_default().push(departure);
        }
        let group = |((is_uncertain, is_archive, rule), departures): (_, Vec<&Departure>)| {
            let number = departures.len();
            let (class, does) = match (is_uncertain, is_archive) {
                (true, false) => ("uncertain", "may expire"),
                (true, true) => ("uncertain", "may be archived"),
                (false, false) => ("expire", if number == 1 { "expires" } else { "expire" }),
                (false, true) => {
                    ("archive", if number == 1 { "is archived" } else { "are archived" })
                }
            };
            let by = match rule {
                Some(rule) => format!("by rule {rule}"),
                None => "with the image that it is attached to".to_owned(),
            };
            let mut images: Vec<_> =
                departures.iter().filter_map(|it| Some(self.named(self.image(it)?))).collect();
            // Those in use are not among the ones that are left out.
            images.sort_by_key(|image| image.used_by.is_none());
            images.truncate(NAMED);
            let does = format!("{} {does} {by}", count(number, "image", "images"));
            Group { class, does, more: number - images.len(), images }
        };
        OwnDay {
            date: date(day.at),
            when: when(day.number),
            groups: groups.into_iter().map(group).collect(),
        }
    }

    fn named(&self, image: &Image) -> Named {
        let label = if image.tags.is_empty() {
            image.digest.short()
        } else {
            few(image.tags.iter().map(String::as_str))
        };
        let users = self.forecast.uses.users(image);
        let used_by = (!users.is_empty()).then(|| {
            let users: Vec<_> = users.iter().map(ToString::to_string).collect();
            visible(&few(users.iter().map(String::as_str)))
        });
        Named { label: visible(&label), used_by }
    }
}

/// The first of several texts.
fn few<'t>(texts: impl ExactSizeIterator<Item = &'t str>) -> String {
    let more = texts.len().saturating_sub(FEW);
    let first = texts.take(FEW).collect::<Vec<_>>().join(", ");
    if more == 0 { first } else { format!("{first} and {more} more") }
}

fn date(at: Timestamp) -> String {
    let text = at.to_string();
    text.split_once('T').map_or_else(|| text.clone(), |(date, _)| date.to_owned())
}

fn when(number: u32) -> String {
    match number {
        0 => "now".to_owned(),
        1 => "in 1 day".to_owned(),
        _ => format!("in {number} days"),
    }
}

/// A size, if it is known.
fn size(bytes: u64) -> String {
    const UNITS: [&str; 4] = ["MB", "GB", "TB", "PB"];
    #[expect(clippy::cast_precision_loss, reason = "the size is rounded anyway")]
    let mut size = bytes as f64 / 1e6;
    let mut unit = UNITS[0];
    for larger in UNITS.into_iter().skip(1) {
        if size < 1000.0 {
            break;
        }
        (size, unit) = (size / 1000.0, larger);
    }
    if bytes == 0 { String::new() } else { format!("{size:.1} {unit}") }
}
