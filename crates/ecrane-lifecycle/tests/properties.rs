//! What holds for every policy and every repository.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::collections::BTreeMap;

use ecrane_document::Place;
use ecrane_lifecycle::preview::{
    ChangeKind, Comparison, Digest, Image, ImageListing, ImageStatus, Preview, Schedule,
    Strictness, Timestamp, Verdict,
};
use ecrane_lifecycle::{
    LifecycleAction, LifecyclePolicy, LifecycleRule, Limit, StorageClass, TagSelection, TagStatus,
};
use proptest::prelude::*;
use proptest::sample::{select, subsequence};

const HOUR: f64 = 3600.0;

fn now() -> Timestamp {
    "2026-03-15T12:00:00Z".parse().unwrap()
}

fn hours_ago(hours: u32) -> Timestamp {
    let now = 1_773_576_000.0;
    Timestamp::from_epoch_seconds(now - f64::from(hours) * HOUR).unwrap()
}

fn digest(number: usize) -> Digest {
    format!("sha256:{number:064x}").parse().unwrap()
}

fn tag_lists() -> Vec<LifecycleRule> {
    let list = |entries: &[&str]| Some(entries.iter().map(|entry| (*entry).to_owned()).collect());
    let prefixes = |entries: &[&str]| LifecycleRule {
        tag_prefix_list: list(entries),
        ..LifecycleRule::default()
    };
    let patterns = |entries: &[&str]| LifecycleRule {
        tag_pattern_list: list(entries),
        ..LifecycleRule::default()
    };
    vec![
        prefixes(&["a"]),
        prefixes(&["a", "b"]),
        patterns(&["*b"]),
        patterns(&["c"]),
        LifecycleRule { tag_status: Some(TagStatus::Untagged), ..LifecycleRule::default() },
    ]
}

fn limited(rule: LifecycleRule, kind: u8, number: u32, action: LifecycleAction) -> LifecycleRule {
    let days = Some(number.try_into().unwrap());
    match kind {
        0 => LifecycleRule { max_image_count: Some(number), action: Some(action), ..rule },
        1 => LifecycleRule { max_image_age: days, action: Some(action), ..rule },
        _ => LifecycleRule {
            max_time_since_pull: days,
            action: Some(LifecycleAction::Archive),
            ..rule
        },
    }
}

prop_compose! {
    fn limits()(
        limits in prop::collection::vec(
            (0u8..3, 1u32..6, select(vec![LifecycleAction::Expire, LifecycleAction::Archive])), 6)
    ) -> Vec<(u8, u32, LifecycleAction)> { limits }
}

prop_compose! {
    /// Rules with priorities: some for tags, perhaps one for any image, perhaps one for the archive.
    fn rules()(
        lists in subsequence(tag_lists(), 1..=4).prop_shuffle(),
        limits in limits(),
        any in any::<bool>(),
        archive in prop::option::of(90u32..95),
    ) -> Vec<LifecycleRule> {
        let mut rules = lists;
        if any {
            rules.push(LifecycleRule { tag_status: Some(TagStatus::Any), ..LifecycleRule::default() });
        }
        let mut rules: Vec<_> = rules
            .into_iter()
            .zip(limits)
            .map(|(rule, (kind, number, action))| limited(rule, kind, number, action))
            .collect();
        rules.extend(archive.map(|days| LifecycleRule {
            tag_status: Some(TagStatus::Any),
            max_time_since_archive: Some(days.try_into().unwrap()),
            ..LifecycleRule::default()
        }));
        for (rule, priority) in rules.iter_mut().zip(1..) {
            rule.rule_priority = Some(priority * 10);
        }
        rules
    }
}

fn policy(rules: &[LifecycleRule]) -> LifecyclePolicy {
    let rules = rules.iter().enumerate().map(|(i, rule)| (Place::default().index(i), rule.clone()));
    let (policy, problems) = LifecyclePolicy::new(rules);
    policy.unwrap_or_else(|| panic!("{problems:?}"))
}

prop_compose! {
    /// An image whose every time is known.
    fn image(number: usize)(
        tags in subsequence(vec!["a1", "ab", "b", "c", "d"], 0..=3),
        // Every push has an hour of its own.
        pushed in (0u32..200).prop_map(move |slot| slot * 40 + u32::try_from(number).unwrap()),
        pulled in prop::option::of(0u32..200),
        archived in prop::option::weighted(0.2, 2000u32..2400),
    ) -> Image {
        Image {
            tags: tags.into_iter().map(str::to_owned).collect(),
            pushed_at: Some(hours_ago(pushed)),
            last_pulled_at: pulled.map(hours_ago),
            last_archived_at: archived.map(hours_ago),
            status: if archived.is_some() { ImageStatus::Archived } else { ImageStatus::Active },
            size_in_bytes: Some(1),
            ..Image::new(digest(number))
        }
    }
}

fn images() -> impl Strategy<Value = Vec<Image>> {
    (0usize..14).prop_flat_map(|count| (0..count).map(image).collect::<Vec<_>>())
}

prop_compose! {
    /// Images with everything that makes an outcome uncertain.
    fn odd_images()(
        images in images(),
        odd in prop::collection::vec((0u8..12, 0usize..14), 14),
    ) -> Vec<Image> {
        let mut images = images;
        let count = images.len();
        for (index, (image, (kind, other))) in images.iter_mut().zip(odd).enumerate() {
            match kind {
                0 => image.pushed_at = None,
                1 => image.status = ImageStatus::Activating,
                2 => image.is_list = true,
                3 | 4 => {
                    image.is_list = true;
                    image.list_body = Some([digest(other), digest((other + 1) % 14)].into());
                }
                5 | 6 if other != index => image.subject = Some(Box::new(digest(other))),
                7 => image.last_activated_at = Some(hours_ago(50)),
                8 => image.pushed_at = Some(hours_ago(48)),
                9 if count > 3 => image.last_archived_at = None,
                _ => {}
            }
        }
        images
    }
}

fn listing(images: &[Image]) -> ImageListing {
    ImageListing { images: images.to_vec(), ..ImageListing::default() }
}

/// What happens to each image, by its digest.
fn verdicts(rules: &[LifecycleRule], images: &[Image], now: Timestamp) -> BTreeMap<Digest, String> {
    let (policy, listing) = (policy(rules), listing(images));
    let preview = Preview::new(&policy, &listing, now);
    let sentence = |outcome: &ecrane_lifecycle::preview::Outcome<'_>| {
        format!("{} {}", serde_json::to_string(outcome).unwrap(), outcome)
    };
    preview.outcomes().map(|o| (o.image().digest.clone(), sentence(&o))).collect()
}

/// The images on which a rule acts, or may act.
fn acted(
    rules: &[LifecycleRule],
    images: &[Image],
    now: Timestamp,
    strictness: Strictness,
) -> Vec<Digest> {
    let (policy, listing) = (policy(rules), listing(images));
    let preview = Preview::new(&policy, &listing, now);
    let by_rule = |verdict| match verdict {
        Verdict::Act { .. } => true,
        Verdict::Uncertain { .. } => strictness == Strictness::Possible,
        Verdict::Keep { .. } => false,
    };
    let acted = preview.outcomes().filter(|outcome| by_rule(outcome.verdict()));
    acted.map(|outcome| outcome.image().digest.clone()).collect()
}

fn selects(selection: &TagSelection, tags: &[String]) -> bool {
    // Patterns of this test have a `*` at one end, or none.
    let matches = |pattern: &str, tag: &str| match pattern.strip_prefix('*') {
        Some(end) => tag.ends_with(end),
        None => pattern == tag,
    };
    match selection {
        TagSelection::Any => true,
        TagSelection::Untagged => tags.is_empty(),
        TagSelection::Prefixes(list) => {
            list.iter().all(|prefix| tags.iter().any(|tag| tag.starts_with(prefix)))
        }
        TagSelection::Patterns(list) => {
            list.iter().all(|pattern| tags.iter().any(|tag| matches(pattern, tag)))
        }
    }
}

/// The documented words, taken literally: every rule marks, as if nothing was expired; then the
/// marks are applied by priority, and an image that meets the requirement of a rule is out of
/// reach for later ones.
fn mark_then_apply(
    policy: &LifecyclePolicy,
    images: &[Image],
) -> BTreeMap<Digest, (u32, LifecycleAction)> {
    let mut rules: Vec<_> = policy.rules().iter().collect();
    rules.sort_by_key(|rule| rule.priority);
    let mut claimed: Vec<Digest> = Vec::new();
    let mut applied = BTreeMap::new();
    for rule in rules {
        let class = rule.limit.storage_class();
        let is_archived = |image: &Image| image.status == ImageStatus::Archived;
        let mut selected: Vec<_> = images
            .iter()
            .filter(|image| is_archived(image) == (class == StorageClass::Archive))
            .filter(|image| selects(&rule.selection, &image.tags))
            .collect();
        selected.sort_by_key(|image| std::cmp::Reverse(image.pushed_at));
        for (rank, image) in selected.iter().enumerate() {
            let older =
                |since: Option<Timestamp>, days: u32| since.unwrap().plus_days(days) < now();
            let is_marked = match rule.limit {
                Limit::ImageCountMoreThan(keep) => rank >= keep as usize,
                Limit::SinceImagePushed(days) => older(image.pushed_at, days.count()),
                Limit::SinceImagePulled(days) => {
                    older(image.last_pulled_at.or(image.pushed_at), days.count())
                }
                Limit::SinceImageTransitioned(days) => older(image.last_archived_at, days.count()),
            };
            if is_marked && !claimed.contains(&image.digest) {
                applied.insert(image.digest.clone(), (rule.priority, rule.action));
            }
        }
        claimed.extend(selected.iter().map(|image| image.digest.clone()));
    }
    applied
}

/// A list in two orders.
fn shuffled<T: Clone + std::fmt::Debug + 'static>(
    lists: impl Strategy<Value = Vec<T>>,
) -> impl Strategy<Value = (Vec<T>, Vec<T>)> {
    lists.prop_flat_map(|list| (Just(list.clone()), Just(list).prop_shuffle()))
}

/// What goes on a day: the index of the image, the action, the rule if it is not that of another
/// image, and whether it is uncertain.
type Departures = Vec<(usize, LifecycleAction, Option<u32>, bool)>;

/// A schedule as its documentation says: every day a preview of what the days before have left.
fn day_by_day(policy: &LifecyclePolicy, images: &[Image], days: u32) -> BTreeMap<u32, Departures> {
    let mut left: Vec<(usize, Image)> = images.iter().cloned().enumerate().collect();
    let mut gone: BTreeMap<Digest, LifecycleAction> = BTreeMap::new();
    let mut noted: Vec<usize> = Vec::new();
    let mut schedule = BTreeMap::new();
    for day in 0..=days {
        let at = now().plus_days(day);
        let remaining: Vec<_> = left.iter().map(|(_, image)| image.clone()).collect();
        let remaining = listing(&remaining);
        let preview = Preview::new(policy, &remaining, at);
        let mut departures: Departures = Vec::new();
        for (outcome, (index, image)) in preview.outcomes().zip(&left) {
            let earlier = image.subject.as_ref().and_then(|subject| gone.get(subject)).copied();
            let follows = outcome.follows().map(|follows| follows.action).or(earlier);
            let is_archived = gone.contains_key(&image.digest);
            match (outcome.verdict(), follows) {
                (Verdict::Act { rule, action, .. }, _) => {
                    departures.push((*index, action, Some(rule), false));
                }
                (_, Some(action)) if action == LifecycleAction::Expire || !is_archived => {
                    departures.push((*index, action, None, false));
                }
                (Verdict::Uncertain { rule, action, .. }, _) if !noted.contains(index) => {
                    noted.push(*index);
                    departures.push((*index, action, Some(rule), true));
                }
                (Verdict::Uncertain { .. } | Verdict::Keep { .. }, _) => {}
            }
        }
        for (index, action, _, _) in departures.iter().filter(|(.., is_uncertain)| !is_uncertain) {
            gone.extend(images.get(*index).map(|image| (image.digest.clone(), *action)));
            left.retain(|(image, _)| image != index || *action == LifecycleAction::Archive);
            for (_, image) in left.iter_mut().filter(|(image, _)| image == index) {
                image.status = ImageStatus::Archived;
                image.last_archived_at = Some(at);
            }
        }
        if !departures.is_empty() {
            schedule.insert(day, departures);
        }
    }
    schedule
}

proptest! {
    #[test]
    fn agrees_with_the_documented_words(rules in rules(), images in images()) {
        let (policy, listing) = (policy(&rules), listing(&images));
        let preview = Preview::new(&policy, &listing, now());
        let found: BTreeMap<_, _> = preview
            .outcomes()
            .filter_map(|outcome| match outcome.verdict() {
                Verdict::Act { rule, action, .. } => {
                    Some((outcome.image().digest.clone(), (rule, action)))
                }
                Verdict::Keep { .. } => None,
                Verdict::Uncertain { .. } => panic!("uncertain: {outcome}"),
            })
            .collect();
        prop_assert_eq!(found, mark_then_apply(&policy, &images));
    }

    #[test]
    fn the_order_of_images_and_rules_does_not_matter(
        (rules, other_rules) in shuffled(rules()),
        (images, other_images) in shuffled(odd_images()),
    ) {
        let before = verdicts(&rules, &images, now());
        let after = verdicts(&other_rules, &other_images, now());
        // Of several lists or subjects, which one is named may differ.
        let plain = |verdicts: BTreeMap<Digest, String>| -> Vec<_> {
            verdicts
                .into_iter()
                .map(|(digest, text)| (digest, text.split(" but the manifest list").next().unwrap().to_owned()))
                .collect()
        };
        prop_assert_eq!(plain(before), plain(after));
    }

    #[test]
    fn a_later_rule_does_not_change_what_an_earlier_one_selects(
        rules in rules().prop_filter("one rule", |rules| rules.len() > 1),
        images in odd_images(),
    ) {
        let (_, earlier) = rules.split_last().unwrap();
        let (before, after) = (policy(earlier), policy(&rules));
        let listing = listing(&images);
        let before = Preview::new(&before, &listing, now());
        let after = Preview::new(&after, &listing, now());
        for (before, after) in before.outcomes().zip(after.outcomes()) {
            if before.claimed_by().is_some() || before.is_uncertain() {
                prop_assert_eq!(before.verdict(), after.verdict());
            }
        }
    }

    #[test]
    fn a_higher_count_number_adds_no_action(
        rules in rules(),
        images in odd_images(),
        position in any::<prop::sample::Index>(),
        more in 1u32..5,
    ) {
        let mut raised = rules.clone();
        let rule = position.get(&raised).clone();
        let slot = position.index(raised.len());
        let add = |days: Option<ecrane_lifecycle::Days>| days.map(|d| (d.count() + more).try_into().unwrap());
        raised[slot] = LifecycleRule {
            max_image_count: rule.max_image_count.map(|count| count + more),
            max_image_age: add(rule.max_image_age),
            max_time_since_pull: add(rule.max_time_since_pull),
            max_time_since_archive: add(rule.max_time_since_archive),
            ..rule
        };
        for strictness in [Strictness::Certain, Strictness::Possible] {
            let before = acted(&rules, &images, now(), strictness);
            let after = acted(&raised, &images, now(), strictness);
            prop_assert!(after.iter().all(|digest| before.contains(digest)), "{before:?} {after:?}");
        }
    }

    #[test]
    fn time_removes_no_action(rules in rules(), images in odd_images(), days in 1u32..50) {
        for strictness in [Strictness::Certain, Strictness::Possible] {
            let before = acted(&rules, &images, now(), strictness);
            let after = acted(&rules, &images, now().plus_days(days), strictness);
            prop_assert!(before.iter().all(|digest| after.contains(digest)), "{before:?} {after:?}");
        }
    }

    #[test]
    fn what_no_rule_selects_is_kept(rules in rules(), images in odd_images()) {
        let policy = policy(&rules);
        let listing = listing(&images);
        for outcome in Preview::new(&policy, &listing, now()).outcomes() {
            let image = outcome.image();
            if policy.rules().iter().all(|rule| !selects(&rule.selection, &image.tags)) {
                prop_assert_eq!(outcome.action(), None);
                prop_assert!(!outcome.is_uncertain());
            }
        }
    }

    #[test]
    fn an_older_image_pushes_no_other_one_out(rules in rules(), images in images(), extra in image(14)) {
        let mut extra = extra;
        extra.pushed_at = Some(hours_ago(100_000));
        extra.status = ImageStatus::Active;
        let mut more = images.clone();
        more.push(extra.clone());
        let before = acted(&rules, &images, now(), Strictness::Possible);
        let mut after = acted(&rules, &more, now(), Strictness::Possible);
        after.retain(|digest| *digest != extra.digest);
        prop_assert_eq!(before, after);
    }

    /// Today of the schedule is the preview, and an image goes once, or is archived and then
    /// deleted.
    #[test]
    fn a_schedule_begins_with_the_preview(rules in rules(), images in odd_images()) {
        let (policy, listing) = (policy(&rules), listing(&images));
        let preview = Preview::new(&policy, &listing, now());
        let schedule = Schedule::new(&policy, &listing, now(), 100);
        let today: Vec<_> = schedule
            .days
            .iter()
            .filter(|day| day.number == 0)
            .flat_map(|day| &day.departures)
            .map(|departure| (departure.image, departure.action))
            .collect();
        let expected: Vec<_> = preview
            .outcomes()
            .filter_map(|outcome| Some((outcome.index(), outcome.goes(Strictness::Possible)?)))
            .collect();
        prop_assert_eq!(today, expected);
        let mut gone: BTreeMap<usize, LifecycleAction> = BTreeMap::new();
        for departure in schedule.days.iter().flat_map(|day| &day.departures) {
            if !departure.is_uncertain {
                let earlier = gone.insert(departure.image, departure.action);
                let expected = [None, Some(LifecycleAction::Archive)];
                prop_assert!(expected.contains(&earlier), "{departure:?} after {earlier:?}");
                prop_assert!(earlier.is_none() || departure.action == LifecycleAction::Expire);
            }
        }
    }

    #[test]
    fn a_schedule_is_a_preview_of_each_day(rules in rules(), images in odd_images()) {
        let (policy, listing) = (policy(&rules), listing(&images));
        let schedule = Schedule::new(&policy, &listing, now(), 120);
        let found: BTreeMap<u32, Departures> = schedule
            .days
            .iter()
            .map(|day| {
                let departures = day.departures.iter();
                (day.number, departures.map(|d| (d.image, d.action, d.rule, d.is_uncertain)).collect())
            })
            .collect();
        prop_assert_eq!(found, day_by_day(&policy, &images, 120));
        for day in &schedule.days {
            prop_assert_eq!(day.at, now().plus_days(day.number));
        }
    }

    /// A comparison with itself is empty, and one with the roles exchanged shows the same images.
    #[test]
    fn a_comparison_is_symmetric(one in rules(), other in rules(), images in odd_images()) {
        let (one, other, listing) = (policy(&one), policy(&other), listing(&images));
        prop_assert_eq!(Comparison::new(&one, &one, &listing, now()).changes().count(), 0);
        let there = Comparison::new(&one, &other, &listing, now());
        let back = Comparison::new(&other, &one, &listing, now());
        let changed = |comparison: &Comparison<'_>| -> Vec<usize> {
            comparison.changes().map(|change| change.before.index()).collect()
        };
        prop_assert_eq!(changed(&there), changed(&back));
        for change in there.changes() {
            let goes = change.after.goes(Strictness::Certain).is_some();
            let went = change.before.goes(Strictness::Certain).is_some();
            match change.kind {
                ChangeKind::Goes => prop_assert!(goes && !went),
                ChangeKind::MayGo | ChangeKind::Stays => prop_assert!(!goes),
                ChangeKind::OtherAction | ChangeKind::OtherRule => {}
            }
        }
    }

    /// A summary counts each image once.
    #[test]
    fn a_summary_is_complete(rules in rules(), images in odd_images()) {
        let (policy, listing) = (policy(&rules), listing(&images));
        let summary = Preview::new(&policy, &listing, now()).summary(Strictness::Certain);
        let portions =
            [summary.expire, summary.archive, summary.follow, summary.uncertain, summary.keep];
        let counted: u64 = portions.iter().map(|portion| portion.images).sum();
        prop_assert_eq!(counted, images.len() as u64);
        let by_rule: u64 = summary.by_rule.iter().map(|rule| rule.portion.images).sum();
        prop_assert_eq!(by_rule, summary.expire.images + summary.archive.images);
    }
}
