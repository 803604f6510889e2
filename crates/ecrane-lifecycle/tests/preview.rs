//! Previews of policies on the images of a repository.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use ecrane_document::Severity;
use ecrane_lifecycle::LifecyclePolicy;
use ecrane_lifecycle::preview::{
    Comparison, Finding, ImageListing, InUse, Preview, Schedule, Strictness,
};
use serde::Deserialize;
use serde_json::{Value, json};

#[derive(Deserialize)]
struct Case {
    id: String,
    policy: Value,
    now: String,
    images: Vec<Value>,
    expected: Vec<Value>,
}

/// The facts of `cases.json`; the README says where they come from.
#[test]
fn foresees_what_ecr_does() {
    let cases: Vec<Case> = serde_json::from_str(include_str!("cases.json")).unwrap();
    assert!(!cases.is_empty());
    let mut wrong = Vec::new();
    for case in cases {
        let (policy, _) = LifecyclePolicy::parse(&case.policy.to_string()).unwrap();
        let names: Vec<_> = case.images.iter().map(|image| image["name"].clone()).collect();
        let listing = json!({ "imageDetails": case.images }).to_string();
        let listing = ImageListing::parse(&listing).unwrap();
        let preview = Preview::new(&policy, &listing, case.now.parse().unwrap());
        let mut found = serde_json::to_value(&preview).unwrap()["images"].take();
        for (image, name) in found.as_array_mut().unwrap().iter_mut().zip(names) {
            image["name"] = name;
        }
        if found != Value::Array(case.expected.clone()) {
            wrong.push(format!("{}: expected {:?}, found {found}", case.id, case.expected));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

const NOW: &str = "2026-03-15T12:00:00Z";
const LIST: &str = "application/vnd.oci.image.index.v1+json";

fn digest(digit: &str) -> String {
    format!("sha256:{}", digit.repeat(64))
}

/// A rule: which images, what it counts, the number, what it does.
fn rule(priority: u32, tags: &str, count_type: &str, number: u32, action: &str) -> Value {
    let mut selection = match tags {
        "any" | "untagged" => json!({ "tagStatus": tags }),
        prefix => json!({ "tagStatus": "tagged", "tagPrefixList": [prefix] }),
    };
    selection["countType"] = count_type.into();
    selection["countNumber"] = number.into();
    if count_type != "imageCountMoreThan" {
        selection["countUnit"] = "days".into();
    }
    if count_type == "sinceImageTransitioned" {
        selection["storageClass"] = "archive".into();
    }
    let action = match action {
        "archive" => json!({ "type": "transition", "targetStorageClass": "archive" }),
        other => json!({ "type": other }),
    };
    json!({ "rulePriority": priority, "selection": selection, "action": action })
}

fn policy(rules: &[Value]) -> LifecyclePolicy {
    LifecyclePolicy::parse(&json!({ "rules": rules }).to_string()).unwrap().0
}

/// An image: the digit of its digest, its tags, how many days ago it was pushed, and more.
fn image(digit: &str, tags: &[&str], days: u32, more: &Value) -> Value {
    let pushed = 1_773_576_000 - i64::from(days) * 86_400;
    let mut image =
        json!({ "imageDigest": digest(digit), "imageTags": tags, "imagePushedAt": pushed });
    image.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    image
}

fn listing(images: &[Value]) -> ImageListing {
    ImageListing::parse(&json!({ "imageDetails": images }).to_string()).unwrap()
}

fn sentences(policy: &LifecyclePolicy, listing: &ImageListing) -> Vec<String> {
    let preview = Preview::new(policy, listing, NOW.parse().unwrap());
    preview.outcomes().map(|outcome| outcome.to_string()).collect()
}

#[test]
fn says_why() {
    let policy = policy(&[
        rule(1, "prod", "imageCountMoreThan", 9999, "expire"),
        rule(2, "v", "imageCountMoreThan", 1, "expire"),
        rule(3, "untagged", "sinceImagePushed", 7, "expire"),
        rule(4, "any", "sinceImagePulled", 30, "archive"),
        rule(5, "any", "sinceImageTransitioned", 90, "expire"),
    ]);
    let list = json!({ "imageManifestMediaType": LIST, "referencedManifests": [digest("6")] });
    let listing = listing(&[
        image("1", &["prod-3"], 400, &json!({})),
        image("2", &["v1"], 9, &json!({})),
        image("3", &["latest", "v2"], 8, &json!({})),
        image("4", &[], 7, &json!({})),
        image("5", &[], 8, &list),
        image("6", &[], 9, &json!({})),
        image("7", &["main"], 40, &json!({ "lastRecordedPullTime": "2026-03-10T12:00:00Z" })),
        image("8", &["dev"], 40, &json!({})),
        image(
            "9",
            &["old"],
            400,
            &json!({ "imageStatus": "ARCHIVED", "lastArchivedAt": "2026-03-01T12:00:00Z" }),
        ),
        image("a", &["sig"], 1, &json!({ "subjectManifestDigest": digest("2") })),
        image("b", &["sbom"], 1, &json!({ "subjectManifestDigest": digest("3") })),
        image("c", &["x"], 90, &json!({ "imageStatus": "ACTIVATING" })),
    ]);
    assert_eq!(
        sentences(&policy, &listing),
        [
            "kept: rule 1 claims it (tag `prod-3` starts with `prod`); 1 of at most 9999 is there",
            "expires: rule 2 selects it (tag `v1` starts with `v`); 1 newer image is selected, and the rule keeps 1",
            "kept: rule 2 claims it (tag `v2` starts with `v`); it is the newest of 2, and the rule keeps 1",
            "kept: rule 3 claims it (untagged); pushed 7 days ago, within the limit of 7 days",
            "expires: rule 3 selects it (untagged); pushed 8 days ago, above the limit of 7 days",
            "kept: rule 3 claims it (untagged); the rule would act on it, but the manifest list sha256:555555555555 references it, which goes now, so that the next evaluation can act on it",
            "kept: rule 4 claims it (any image); last pulled 5 days ago, within the limit of 30 days",
            "is archived: rule 4 selects it (any image); never pulled, pushed 40 days ago, above the limit of 30 days",
            "kept: rule 5 claims it (any image); archived 14 days ago, within the limit of 90 days",
            "expires within 24 hours: it is attached to sha256:222222222222, which rule 2 acts on",
            "kept: it is attached to sha256:333333333333",
            "uncertain: rule 4 may archive it (any image); it is being restored, and AWS does not document which rules select it meanwhile",
        ]
    );
}

/// What AWS does not document, and what the listing lacks.
#[test]
fn is_uncertain_where_the_readings_differ() {
    let count = |keep| policy(&[rule(1, "any", "imageCountMoreThan", keep, "expire")]);
    let plain = |digit: &str, days| image(digit, &["x"], days, &json!({}));
    let undated = image("f", &["x"], 0, &json!({ "imagePushedAt": null }));
    let attached = image("e", &[], 1, &json!({ "subjectManifestDigest": digest("2") }));
    let activating = image("d", &["x"], 1, &json!({ "imageStatus": "ACTIVATING" }));
    let list = image("c", &["x"], 2, &json!({ "imageManifestMediaType": LIST }));
    let cases = [
        ("a tie at the limit", count(1), vec![plain("1", 3), plain("2", 3)], "??"),
        ("a tie within the limit", count(2), vec![plain("1", 3), plain("2", 3)], "kk"),
        (
            "a tie beyond the limit",
            count(1),
            vec![plain("1", 3), plain("2", 3), plain("3", 1)],
            "eek",
        ),
        ("an image without a time", count(1), vec![plain("1", 3), undated.clone()], "??"),
        ("within the limit without a time", count(2), vec![plain("1", 3), undated], "kk"),
        ("a place for an attached image", count(1), vec![plain("2", 3), attached.clone()], "?k"),
        ("an attached image at the limit", count(1), vec![plain("2", 0), attached.clone()], "k?"),
        ("no place needed", count(2), vec![plain("2", 0), attached], "kk"),
        ("a place for an image that is restored", count(1), vec![plain("1", 3), activating], "?k"),
        // The newest cannot be part of the list; the list itself is no part of one.
        (
            "an image as old as an unknown list",
            count(1),
            vec![plain("1", 0), list.clone(), plain("3", 2)],
            "ke?",
        ),
        ("an unknown list", count(1), vec![plain("1", 0), list.clone(), plain("3", 5)], "ke?"),
        // The images between the lists may be parts of the newer one.
        (
            "places of the parts of an unknown list",
            count(2),
            vec![
                list,
                plain("2", 3),
                image("b", &["x"], 4, &json!({ "imageManifestMediaType": LIST })),
            ],
            "kk?",
        ),
    ];
    for (name, policy, images, expected) in cases {
        let listing = listing(&images);
        let preview = Preview::new(&policy, &listing, NOW.parse().unwrap());
        let found: String = preview
            .outcomes()
            .map(|outcome| match (outcome.action(), outcome.is_uncertain()) {
                (None, true) => '?',
                (None, false) => 'k',
                (Some(_), _) => 'e',
            })
            .collect();
        assert_eq!(found, expected, "{name}");
    }
}

#[test]
fn finds_what_a_reader_should_know() {
    let list = |body: Value| json!({ "imageManifestMediaType": LIST, "referencedManifests": body });
    let cases = [
        (
            vec![rule(1, "any", "sinceImageTransitioned", 90, "expire")],
            vec![],
            vec!["rule 1 selects archived images, and the listing has none"],
        ),
        (
            vec![rule(1, "untagged", "sinceImagePushed", 7, "expire")],
            vec![
                image("1", &["x"], 1, &list(Value::Null)),
                image("2", &["y"], 1, &list(Value::Null)),
            ],
            vec![
                "the body of manifest list `sha256:1111111111111111111111111111111111111111111111111111111111111111` is not known, nor of 1 other",
            ],
        ),
        (
            vec![rule(1, "v", "sinceImagePushed", 7, "expire")],
            vec![
                image("1", &["v1"], 9, &list(json!([digest("2"), digest("3")]))),
                image("2", &[], 9, &json!({})),
                image("3", &[], 9, &json!({})),
            ],
            vec![
                "manifest list `sha256:1111111111111111111111111111111111111111111111111111111111111111` goes, and no rule selects 2 parts of it",
            ],
        ),
        (
            vec![rule(1, "any", "imageCountMoreThan", 7, "expire")],
            vec![
                image("1", &["v1"], 9, &list(json!([digest("2")]))),
                image("2", &[], 9, &json!({})),
            ],
            vec!["rule 1 for any image also selects 1 untagged part of manifest lists"],
        ),
        (
            vec![rule(1, "prod", "imageCountMoreThan", 7, "expire")],
            vec![image("1", &["v1"], 9, &json!({}))],
            vec!["rule 1 selects no image of the listing by its tags"],
        ),
    ];
    for (rules, images, expected) in cases {
        let (policy, listing) = (policy(&rules), listing(&images));
        let preview = Preview::new(&policy, &listing, NOW.parse().unwrap());
        let found: Vec<_> = preview.findings().iter().map(ToString::to_string).collect();
        assert_eq!(found, expected);
    }
}

#[test]
fn finds_what_is_in_use() {
    let policy = policy(&[rule(1, "any", "sinceImagePushed", 7, "expire")]);
    let mut listing = listing(&[
        image(
            "1",
            &["v1"],
            9,
            &json!({ "registryId": "111122223333", "repositoryName": "shop/app" }),
        ),
        image("2", &["v2"], 1, &json!({})),
        image("3", &[], 9, &json!({})),
        image("4", &["latest"], 9, &json!({ "imageStatus": "ACTIVATING" })),
    ]);
    listing.region = Some("eu-west-1".to_owned());
    let preview = Preview::new(&policy, &listing, NOW.parse().unwrap());
    let found = |uris: &[String]| -> Vec<(String, usize, Severity, Severity)> {
        let (in_use, _) = InUse::parse(&uris.join("\n"), "images.txt").unwrap();
        preview
            .in_use(&in_use)
            .into_iter()
            .map(|finding| {
                let lenient = finding.severity(Strictness::Certain);
                let strict = finding.severity(Strictness::Possible);
                let Finding::InUse { digest, users, .. } = finding else { panic!("{finding}") };
                (digest.to_string(), users.len(), lenient, strict)
            })
            .collect()
    };
    let host = "111122223333.dkr.ecr.eu-west-1.amazonaws.com";
    let error = Severity::Error;
    for used in [
        format!("{host}/shop/app:v2"),
        format!("{host}/shop/web:v1"),
        "444455556666.dkr.ecr.eu-west-1.amazonaws.com/shop/app:v1".to_owned(),
        "111122223333.dkr.ecr.us-east-1.amazonaws.com/shop/app:v1".to_owned(),
        "docker.io/shop/app:v1".to_owned(),
    ] {
        assert_eq!(found(&[used]), []);
    }
    assert_eq!(found(&[format!("{host}/shop/app:v1")]), [(digest("1"), 1, error, error)]);
    let by_digest = format!("{host}/shop/app@{}", digest("1"));
    assert_eq!(
        found(&[format!("{host}/shop/app:v1"), by_digest]),
        [(digest("1"), 2, error, error)]
    );
    assert_eq!(
        found(&[format!("{host}/shop/app@{}", digest("3")), format!("{host}/shop/app")]),
        [(digest("3"), 1, error, error), (digest("4"), 1, Severity::Warning, error)]
    );
    let (in_use, _) = InUse::parse(&format!("{host}/shop/app:v1"), "images.txt").unwrap();
    assert_eq!(
        preview.in_use(&in_use)[0].to_string(),
        format!(
            "image `{}` is used by entry 1 of `images.txt`, and expires: rule 1 selects it (any image); pushed 9 days ago, above the limit of 7 days",
            digest("1")
        )
    );
}

/// A container that runs the part of a manifest list has no image any more a day after the list has
/// gone, and not if another list has the part too.
#[test]
fn a_part_in_use_goes_after_its_list() {
    let policy = policy(&[
        rule(1, "v", "sinceImagePushed", 7, "expire"),
        rule(2, "untagged", "sinceImagePushed", 7, "expire"),
    ]);
    let list = |parts: &[&str]| {
        let parts: Vec<_> = parts.iter().map(|part| digest(part)).collect();
        json!({ "imageManifestMediaType": LIST, "referencedManifests": parts })
    };
    let mut images = vec![
        image("1", &["v1"], 9, &list(&["2", "3"])),
        image("2", &[], 9, &json!({})),
        image("3", &[], 9, &json!({})),
        image("4", &["latest"], 9, &list(&["3"])),
    ];
    let (in_use, _) = InUse::parse(
        &["2", "3"]
            .map(|it| format!("111122223333.dkr.ecr.eu-west-1.amazonaws.com/app@{}", digest(it)))
            .join("\n"),
        "images.txt",
    )
    .unwrap();
    let found = |images: &[Value]| -> Vec<String> {
        let listing = listing(images);
        let preview = Preview::new(&policy, &listing, NOW.parse().unwrap());
        preview.in_use(&in_use).iter().map(ToString::to_string).collect()
    };
    let goes = |part: &str, entry: u32| {
        format!(
            "image `{}` is used by entry {entry} of `images.txt`, and will expire in 1 day, by rule 2",
            digest(part)
        )
    };
    assert_eq!(found(&images), [goes("2", 1)]);
    images.pop();
    assert_eq!(found(&images), [goes("2", 1), goes("3", 2)]);
    images.remove(0);
    assert!(found(&images)[0].contains("and expires: rule 2 selects it"));
}

/// A list goes a day before its parts; what is archived is deleted when its time has come.
#[test]
fn schedules_by_day() {
    let policy = policy(&[
        rule(1, "v", "sinceImagePushed", 10, "expire"),
        rule(2, "untagged", "sinceImagePushed", 1, "expire"),
        rule(3, "any", "sinceImagePushed", 20, "archive"),
        rule(4, "any", "sinceImageTransitioned", 90, "expire"),
    ]);
    let listing = listing(&[
        image(
            "1",
            &["v1"],
            9,
            &json!({ "imageManifestMediaType": LIST, "referencedManifests": [digest("2")] }),
        ),
        image("2", &[], 9, &json!({})),
        image("3", &["main"], 15, &json!({})),
        image("4", &["sig"], 1, &json!({ "subjectManifestDigest": digest("1") })),
        image("5", &["prod"], 0, &json!({ "imageStatus": "ACTIVATING" })),
        image("6", &["sig"], 1, &json!({ "subjectManifestDigest": digest("4") })),
    ]);
    let schedule = Schedule::new(&policy, &listing, NOW.parse().unwrap(), 120);
    let found: Vec<_> = schedule
        .days
        .iter()
        .flat_map(|day| day.departures.iter().map(move |d| (day.number, d)))
        .map(|(day, d)| (day, d.image + 1, d.action.as_str(), d.rule, d.is_uncertain))
        .collect();
    assert_eq!(
        found,
        [
            (2, 1, "expire", Some(1), false),
            (2, 4, "expire", None, false),
            (3, 2, "expire", Some(2), false),
            (3, 6, "expire", None, false),
            (6, 3, "archive", Some(3), false),
            (21, 5, "archive", Some(3), true),
            (97, 3, "expire", Some(4), false),
        ]
    );
    assert_eq!(schedule.days[0].at, "2026-03-17T12:00:00Z".parse().unwrap());
}

#[test]
fn compares_two_policies() {
    let before = policy(&[
        rule(1, "a", "sinceImagePushed", 7, "expire"),
        rule(2, "b", "sinceImagePushed", 7, "expire"),
        rule(3, "c", "sinceImagePushed", 7, "expire"),
        rule(4, "e", "sinceImagePushed", 7, "expire"),
    ]);
    let after = policy(&[
        rule(1, "a", "sinceImagePushed", 30, "expire"),
        rule(2, "b", "sinceImagePushed", 7, "archive"),
        rule(9, "c", "sinceImagePushed", 7, "expire"),
        rule(10, "d", "sinceImagePushed", 7, "expire"),
    ]);
    let listing = listing(&[
        image("1", &["a"], 9, &json!({})),
        image("2", &["b"], 9, &json!({})),
        image("3", &["c"], 9, &json!({})),
        image("4", &["d"], 9, &json!({})),
        image("5", &["d"], 9, &json!({ "imageStatus": "ACTIVATING" })),
        image("6", &["d"], 1, &json!({})),
        image("7", &["e"], 9, &json!({ "imageStatus": "ACTIVATING" })),
    ]);
    let comparison = Comparison::new(&before, &after, &listing, NOW.parse().unwrap());
    let found: Vec<_> = comparison
        .changes()
        .map(|change| (change.before.index() + 1, change.kind.as_str()))
        .collect();
    let expected = [
        (1, "stays"),
        (2, "otherAction"),
        (3, "otherRule"),
        (4, "goes"),
        (5, "mayGo"),
        (7, "stays"),
    ];
    assert_eq!(found, expected);
    assert_eq!(
        comparison.changes().next().unwrap().to_string(),
        "kept: rule 1 claims it (tag `a` starts with `a`); pushed 9 days ago, within the limit of 30 days, and before: expires: rule 1 selects it (tag `a` starts with `a`); pushed 9 days ago, above the limit of 7 days"
    );
}

#[test]
fn sums_up() {
    let policy = policy(&[rule(1, "v", "sinceImagePushed", 7, "expire")]);
    let listing = listing(&[
        image("1", &["v1", "old"], 9, &json!({ "imageSizeInBytes": 100 })),
        image("2", &["v2"], 9, &json!({})),
        image("3", &["v3", "latest"], 1, &json!({ "imageSizeInBytes": 7 })),
        image("4", &[], 1, &json!({ "subjectManifestDigest": digest("1"), "imageSizeInBytes": 1 })),
        image("5", &["v5"], 9, &json!({ "imageStatus": "ACTIVATING", "imageSizeInBytes": 3 })),
    ]);
    let preview = Preview::new(&policy, &listing, NOW.parse().unwrap());
    let portion = |images, tags, bytes, without| json!({ "images": images, "tags": tags, "bytes": bytes, "imagesWithoutSize": without });
    let mut by_rule = portion(2, 3, 100, 1);
    by_rule["rulePriority"] = 1.into();
    assert_eq!(
        serde_json::to_value(preview.summary(Strictness::Certain)).unwrap(),
        json!({
            "expire": portion(2, 3, 100, 1),
            "archive": portion(0, 0, 0, 0),
            "follow": portion(1, 0, 1, 0),
            "uncertain": portion(1, 1, 3, 0),
            "keep": portion(1, 2, 7, 0),
            "byRule": [by_rule],
        })
    );
    let tags =
        |strictness| -> Vec<_> { preview.staying_tags(strictness).map(|(tag, _)| tag).collect() };
    assert_eq!(tags(Strictness::Certain), ["v3", "latest", "v5"]);
    assert_eq!(tags(Strictness::Possible), ["v3", "latest"]);
}

#[test]
fn explains_rules() {
    let mut both = rule(2, "x", "imageCountMoreThan", 5, "expire");
    both["selection"]["tagPrefixList"] = json!(["prod", "main"]);
    let policy = policy(&[
        rule(1, "prod", "imageCountMoreThan", 1, "expire"),
        both,
        rule(3, "untagged", "sinceImagePushed", 1, "expire"),
        rule(4, "any", "sinceImagePulled", 30, "archive"),
        rule(5, "any", "sinceImageTransitioned", 90, "expire"),
    ]);
    let found: Vec<_> = policy.meaning().iter().map(ToString::to_string).collect();
    assert_eq!(
        found,
        [
            "Rule 1 keeps the newest of all images with a tag that starts with `prod`, whatever its age, and expires the others.\n\
             It shields the images that it selects, even those that it keeps, from rules 2 and 4.\n\
             It does not see archived images.",
            "Rule 2 keeps the newest 5 of all images with a tag that starts with `prod` and a tag that starts with `main`, whatever their age, and expires the others.\n\
             An image needs a tag for each of the 2 entries; one that has a tag for some of them only is not selected.\n\
             It never acts: rule 1 selects every image that it selects.\n\
             It shields the images that it selects, even those that it keeps, from rule 4.\n\
             It does not see archived images.",
            "Rule 3 expires all untagged images that were pushed more than 1 day ago.\n\
             It shields the images that it selects, even those that it keeps, from rule 4.\n\
             It does not see archived images.",
            "Rule 4 archives all images that were not pulled for more than 30 days; for one that was never pulled, the push counts.\n\
             It never acts on an image that rule 1, 2 or 3 selects, even if that rule keeps it.\n\
             It does not see archived images.",
            "Rule 5 expires all archived images that were archived more than 90 days ago.\n\
             It sees archived images only.",
        ]
    );
}
