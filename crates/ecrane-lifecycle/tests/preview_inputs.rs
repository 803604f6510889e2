//! Listings of images, manifests, and files that say what is in use.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use ecrane_document::{Problem, Problems};
use ecrane_lifecycle::preview::{ImageListing, InUse, Manifests};
use serde_json::{Value, json};

fn digest(digits: &str) -> String {
    format!("sha256:{}", digits.repeat(32))
}

fn told<'p>(problems: impl IntoIterator<Item = &'p Problem>) -> Vec<String> {
    let told = |p: &Problem| format!("{} {}", p.fact.code(), p.place);
    problems.into_iter().map(told).collect()
}

fn refused<T: std::fmt::Debug>(result: Result<T, Problems>) -> Vec<String> {
    told(&result.unwrap_err())
}

/// A page of one image, changed by an edit.
fn page(edit: impl FnOnce(&mut Value)) -> String {
    let mut image = json!({
        "registryId": "111122223333",
        "repositoryName": "shop/app",
        "imageDigest": digest("ab"),
        "imageTags": ["v1", "latest"],
        "imageSizeInBytes": 2_000_000_000_000_u64,
        "imagePushedAt": "2026-03-14T22:00:00+11:00",
        "imageScanStatus": { "status": "COMPLETE" },
        "imageManifestMediaType": "application/vnd.oci.image.manifest.v1+json",
        "lastRecordedPullTime": 1_773_486_000.0,
    });
    edit(&mut image);
    json!({ "imageDetails": [image] }).to_string()
}

#[test]
fn reads_an_image() {
    let listing = ImageListing::parse(&page(|_| {})).unwrap();
    assert_eq!(listing.registry_id.as_deref(), Some("111122223333"));
    assert_eq!(listing.repository_name.as_deref(), Some("shop/app"));
    let [image] = &listing.images[..] else { panic!("{listing:?}") };
    assert_eq!(image.digest.to_string(), digest("ab"));
    assert_eq!(image.tags, ["v1", "latest"]);
    assert_eq!(image.pushed_at, image.last_pulled_at);
    assert_eq!(image.size_in_bytes, Some(2_000_000_000_000));
    assert!(!image.is_list);
}

#[test]
fn knows_manifest_lists() {
    for media_type in [
        "application/vnd.docker.distribution.manifest.list.v2+json",
        "application/vnd.oci.image.index.v1+json",
    ] {
        let text = page(|image| image["imageManifestMediaType"] = media_type.into());
        let listing = ImageListing::parse(&text).unwrap();
        assert!(listing.images[0].is_list && listing.images[0].list_body.is_none(), "{media_type}");
    }
}

#[test]
fn reads_pages_one_after_the_other() {
    let other = page(|image| image["imageDigest"] = digest("cd").into());
    for separator in ["", "\n", " \r\n\t"] {
        let text = format!("\u{feff}{}{separator}{other}\n", page(|_| {}));
        assert_eq!(ImageListing::parse(&text).unwrap().images.len(), 2, "{separator:?}");
    }
    assert_eq!(ImageListing::parse(r#"{"imageDetails": []}"#).unwrap(), ImageListing::default());
}

/// A change of one value each, and the only problem that it makes.
#[test]
fn refuses_wrong_values() {
    let first = "/imageDetails/0";
    let cases = [
        ("imageDigest", json!("sha256:ab"), "digest::malformed", "/imageDigest"),
        ("imageDigest", json!(1), "images::wrong_type", "/imageDigest"),
        ("imageDigest", Value::Null, "images::no_digest", ""),
        ("imageTags", json!("v1"), "images::wrong_type", "/imageTags"),
        ("imageTags", json!(["v1", 2]), "images::wrong_type", "/imageTags"),
        ("imagePushedAt", json!("2026-03-14"), "timestamp::malformed", "/imagePushedAt"),
        ("imagePushedAt", json!("2026-03-14T22:00:00"), "timestamp::malformed", "/imagePushedAt"),
        ("imagePushedAt", json!(1e300), "timestamp::out_of_range", "/imagePushedAt"),
        ("imagePushedAt", json!(true), "images::wrong_type", "/imagePushedAt"),
        ("imageSizeInBytes", json!(-1), "images::wrong_type", "/imageSizeInBytes"),
        ("imageStatus", json!("ARCHIVE"), "images::unknown_status", "/imageStatus"),
        ("subjectManifestDigest", json!("x"), "digest::malformed", "/subjectManifestDigest"),
        ("referencedManifests", json!(["x"]), "digest::malformed", "/referencedManifests"),
        ("repositoryName", json!(["x"]), "images::wrong_type", "/repositoryName"),
    ];
    for (key, value, code, place) in cases {
        let text = page(|image| image[key] = value.clone());
        assert_eq!(
            refused(ImageListing::parse(&text)),
            [format!("{code} {first}{place}")],
            "{key} {value}"
        );
    }
}

#[test]
fn refuses_what_is_no_complete_listing() {
    let right = page(|_| {});
    let other = page(|image| image["imageDigest"] = digest("cd").into());
    let elsewhere = page(|image| {
        image["imageDigest"] = digest("cd").into();
        image["repositoryName"] = "shop/web".into();
    });
    let token = |key: &str| format!(r#"{{"imageDetails": [], "{key}": "x"}}"#);
    let cases = [
        (String::new(), vec!["images::empty "]),
        (" \n".to_owned(), vec!["images::empty "]),
        ("[]".to_owned(), vec!["images::not_an_object "]),
        ("7 8".to_owned(), vec!["images::not_an_object ", "images::not_an_object /1"]),
        ("{}".to_owned(), vec!["images::no_image_details "]),
        (r#"{"imageDetails": {}}"#.to_owned(), vec!["images::not_an_array /imageDetails"]),
        (
            r#"{"imageDetails": [[1]]}"#.to_owned(),
            vec!["images::image_not_an_object /imageDetails/0"],
        ),
        (token("nextToken"), vec!["images::incomplete /nextToken"]),
        (token("NextToken"), vec!["images::incomplete /nextToken"]),
        (right.replace(']', ""), vec!["json::malformed "]),
        (format!("{right}{right}"), vec!["images::duplicate_image /1/imageDetails/0"]),
        (
            format!("{right}{elsewhere}"),
            vec!["images::other_repository /1/imageDetails/0/repositoryName"],
        ),
        (format!("{right} IMAGES"), vec!["json::malformed "]),
        (format!("{right}{other}{}", token("nextToken")), vec!["images::incomplete /2/nextToken"]),
    ];
    for (text, expected) in cases {
        assert_eq!(refused(ImageListing::parse(&text)), expected, "{text}");
    }
    assert!(ImageListing::parse(r#"{"imageDetails": [], "nextToken": null}"#).is_ok());
}

#[test]
fn reports_every_problem_at_once() {
    let text = json!({
        "imageDetails": [{ "imageTags": 1 }, { "imageDigest": "x", "imagePushedAt": "y" }],
        "nextToken": "z",
    });
    assert_eq!(
        refused(ImageListing::parse(&text.to_string())),
        [
            "images::no_digest /imageDetails/0",
            "images::wrong_type /imageDetails/0/imageTags",
            "digest::malformed /imageDetails/1/imageDigest",
            "timestamp::malformed /imageDetails/1/imagePushedAt",
            "images::incomplete /nextToken",
        ]
    );
}

#[test]
fn places_a_syntax_error() {
    let problems = ImageListing::parse("{\n  \"imageDetails\": [}").unwrap_err();
    let told: Vec<_> = problems.iter().map(|problem| problem.fact.to_string()).collect();
    assert_eq!(told, ["malformed JSON at line 2, column 20: expected value"]);
}

fn manifests(body: &Value) -> String {
    json!({
        "images": [{
            "imageId": { "imageDigest": digest("ab"), "imageTag": "v1" },
            "imageManifest": body.to_string(),
        }],
        "failures": [],
    })
    .to_string()
}

#[test]
fn gives_lists_their_bodies() {
    let mut listing = ImageListing::parse(&page(|_| {})).unwrap();
    let list = manifests(&json!({ "manifests": [{ "digest": digest("cd") }] }));
    let image = manifests(&json!({ "config": {}, "layers": [] }));
    let (read, warnings) = Manifests::parse(&format!("{list}\n{image}")).unwrap();
    assert!(warnings.is_empty());
    assert_eq!(told(&listing.add_manifests(read)), [""; 0]);
    let body = listing.images[0].list_body.as_deref().unwrap();
    assert_eq!(body.iter().map(ToString::to_string).collect::<Vec<_>>(), [digest("cd")]);

    let (read, _) = Manifests::parse(&list).unwrap();
    let warnings = ImageListing::default().add_manifests(read);
    assert_eq!(told(&warnings), ["manifests::not_listed /images/0"]);
}

#[test]
fn refuses_wrong_manifests() {
    let cases = [
        (String::new(), "manifests::empty "),
        ("{}".to_owned(), "manifests::no_images "),
        (r#"{"images": [{}]}"#.to_owned(), "manifests::no_digest /images/0"),
        (
            json!({ "images": [{ "imageId": { "imageDigest": digest("ab") } }] }).to_string(),
            "manifests::no_manifest /images/0",
        ),
        (
            json!({ "images": [{ "imageId": { "imageDigest": "x" } }] }).to_string(),
            "digest::malformed /images/0",
        ),
        (manifests(&json!({ "manifests": 1 })), "manifests::malformed /images/0"),
        (manifests(&json!({ "manifests": [{}] })), "manifests::malformed /images/0"),
        (manifests(&json!({ "manifests": [{ "digest": "x" }] })), "digest::malformed /images/0"),
        ("{".to_owned(), "json::malformed "),
    ];
    for (text, expected) in cases {
        assert_eq!(refused(Manifests::parse(&text)), [expected], "{text}");
    }
    let failed = json!({
        "images": [],
        "failures": [{
            "imageId": { "imageDigest": digest("ab") },
            "failureCode": "ImageNotFound",
            "failureReason": "Requested image not found",
        }],
    });
    let (_, warnings) = Manifests::parse(&failed.to_string()).unwrap();
    assert_eq!(told(&warnings), ["manifests::not_returned /failures/0"]);
}

const ECR: &str = "111122223333.dkr.ecr.eu-west-1.amazonaws.com";

/// The references of a file, with who uses them.
fn uses(text: &str) -> Vec<String> {
    let (in_use, warnings) = InUse::parse(text, "file").unwrap();
    assert_eq!(told(&warnings), [""; 0]);
    in_use
        .uses()
        .map(|(reference, user)| format!("{} {user}", reference.to_string().replace(ECR, "ECR")))
        .collect()
}

#[test]
fn tells_files_of_what_is_in_use_apart() {
    let lines = format!("# production\n\n{ECR}/app:v1\r\n  {ECR}/app@{}\nnginx\n", digest("ab"));
    assert_eq!(
        uses(&lines),
        [
            "ECR/app:v1 entry 3 of `file`".to_owned(),
            format!("ECR/app@{} entry 4 of `file`", digest("ab")),
        ]
    );
    let scan = json!([format!("{ECR}/app:v1"), "public.ecr.aws/nginx/nginx:1"]).to_string();
    assert_eq!(uses(&scan), ["ECR/app:v1 entry 1 of `file`"]);
    assert_eq!(InUse::parse(&scan, "file").unwrap().0.ignored(), 1);

    let pods = json!({ "apiVersion": "v1", "kind": "List", "metadata": { "resourceVersion": "" }, "items": [{
        "kind": "Pod",
        "metadata": { "namespace": "shop", "name": "web-1" },
        "spec": {
            "containers": [{ "name": "web", "image": format!("{ECR}/app:v1") }],
            "initContainers": [{ "name": "init", "image": "busybox" }],
        },
        "status": { "containerStatuses": [
            { "name": "web", "image": format!("{ECR}/app:v1"), "imageID": format!("{ECR}/app@{}", digest("ab")) },
            { "name": "old", "imageID": digest("ef") },
            { "name": "new", "imageID": "" },
        ] },
    }] });
    assert_eq!(
        uses(&pods.to_string()),
        [
            "ECR/app:v1 container `web` of pod `shop/web-1`".to_owned(),
            format!("ECR/app@{} container `web` of pod `shop/web-1`", digest("ab")),
        ]
    );

    let arn = "arn:aws:ecs:eu-west-1:111122223333:task/shop/1";
    let tasks = json!({ "failures": [], "tasks": [{
        "taskArn": arn,
        "group": "service:web",
        "containers": [{ "name": "web", "image": format!("{ECR}/app:v1"), "imageDigest": digest("ab") }],
    }] });
    assert_eq!(
        uses(&tasks.to_string()),
        [
            format!("ECR/app@{} container `web` of ECS task `{arn}` (`service:web`)", digest("ab")),
            format!("ECR/app:v1 container `web` of ECS task `{arn}` (`service:web`)"),
        ]
    );

    let functions = json!({ "Functions": [
        { "FunctionName": "zip", "PackageType": "Zip", "CodeSha256": "uuu=" },
        { "FunctionName": "image", "PackageType": "Image", "CodeSha256": "ab".repeat(32) },
    ] });
    assert_eq!(uses(&functions.to_string()), [format!("{} Lambda function `image`", digest("ab"))]);

    let function = |name: &str| {
        json!({
            "Configuration": { "FunctionName": name, "PackageType": "Image" },
            "Code": {
                "RepositoryType": "ECR",
                "ImageUri": format!("{ECR}/app:v1"),
                "ResolvedImageUri": format!("{ECR}/app@{}", digest("ab")),
            },
        })
    };
    assert_eq!(
        uses(&format!("{}\n{}", function("one"), function("two"))),
        [
            "ECR/app:v1 Lambda function `one`".to_owned(),
            format!("ECR/app@{} Lambda function `one`", digest("ab")),
            "ECR/app:v1 Lambda function `two`".to_owned(),
            format!("ECR/app@{} Lambda function `two`", digest("ab")),
        ]
    );
    let zip =
        json!({ "Configuration": { "PackageType": "Zip" }, "Code": { "Location": "https://x" } });
    assert_eq!(uses(&zip.to_string()), [""; 0]);
}

#[test]
fn refuses_files_that_do_not_say_what_is_in_use() {
    let cases = [
        ("{}".to_owned(), "in_use::unknown_format "),
        ("{".to_owned(), "json::malformed "),
        ("two words".to_owned(), "in_use::malformed_uri /0"),
        (format!("{ECR}/app@sha256:ab"), "in_use::bad_digest /0"),
        (r#"["nginx", 7]"#.to_owned(), "in_use::wrong_type /1"),
        (r#"{"items": {}}"#.to_owned(), "in_use::wrong_type /items"),
        (
            r#"{"items": [{"kind": "Node"}]}"#.to_owned(),
            "in_use::wrong_type /items/0/spec/containers",
        ),
        (
            r#"{"items": [], "metadata": {"continue": "x"}}"#.to_owned(),
            "in_use::incomplete /metadata/continue",
        ),
        (r#"{"tasks": [{}]}"#.to_owned(), "in_use::wrong_type /tasks/0/containers"),
        (r#"{"Functions": [], "NextMarker": "x"}"#.to_owned(), "in_use::incomplete /NextMarker"),
        (
            r#"{"Configuration": {"PackageType": "Image"}, "Code": {}}"#.to_owned(),
            "in_use::wrong_type /Code/ImageUri",
        ),
    ];
    for (text, expected) in cases {
        assert_eq!(refused(InUse::parse(&text, "file")), [expected], "{text}");
    }
    let warned = [
        (
            json!({ "tasks": [], "failures": [{ "arn": "a", "reason": "MISSING" }] }),
            "in_use::not_described /failures/0",
        ),
        (
            json!({ "Functions": [{ "FunctionName": "f", "PackageType": "Image" }] }),
            "in_use::unknown_image /Functions/0",
        ),
    ];
    for (text, expected) in warned {
        let (_, warnings) = InUse::parse(&text.to_string(), "file").unwrap();
        assert_eq!(told(&warnings), [expected], "{text}");
    }
}
