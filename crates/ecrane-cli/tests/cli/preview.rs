//! What the rules would do to images.

use std::path::Path;

use serde::Deserialize;
use serde_json::{Value, json};

use crate::case::{Case, Ran};

#[derive(Deserialize)]
struct Vector {
    id: String,
    policy: Value,
    now: String,
    images: Vec<Value>,
    expected: Vec<Value>,
}

/// The facts of `ecrane-lifecycle`, through files and the command line. The bodies of manifest
/// lists are in a file of their own, as AWS gives them.
#[test]
fn foresees_what_ecr_does() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../ecrane-lifecycle/tests/cases.json");
    let vectors: Vec<Vector> =
        serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    assert!(!vectors.is_empty());
    let case = Case::new();
    let mut wrong = Vec::new();
    for Vector { id, policy, now, mut images, mut expected } in vectors {
        let mut lists = Vec::new();
        for image in images.iter_mut().map(|image| image.as_object_mut().unwrap()) {
            image.shift_remove("name");
            if let Some(digests) = image.shift_remove("referencedManifests") {
                let digests = digests.as_array().unwrap().iter();
                let manifests: Vec<_> = digests.map(|digest| json!({ "digest": digest })).collect();
                lists.push(json!({
                    "imageId": { "imageDigest": image["imageDigest"] },
                    "imageManifest": json!({ "manifests": manifests }).to_string(),
                }));
            }
        }
        for entry in &mut expected {
            entry.as_object_mut().unwrap().shift_remove("name");
        }
        case.write("policy.json", policy.to_string());
        case.write("images.json", json!({ "imageDetails": images }).to_string());
        case.write("manifests.json", json!({ "images": lists, "failures": [] }).to_string());
        let mut args = vec!["preview", "--policy", "policy.json", "--images", "images.json"];
        args.extend(["--at", &now, "--format", "json"]);
        if !lists.is_empty() {
            args.extend(["--manifests", "manifests.json"]);
        }
        let Ran { code, stdout, stderr } = case.run(&args);
        assert_eq!(code, Some(0), "{id}: {stderr}");
        let found: Value = serde_json::from_str(&stdout).unwrap();
        if found != json!({ "images": expected }) {
            wrong.push(format!("{id}: expected {expected:?}, found {found}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

const AT: &str = "2026-03-15T12:00:00Z";
const ECR: &str = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/shop/app";

const CONFIG: &str = r#"
stacks:
  Shop:
    env: { account: "111122223333", region: eu-west-1 }
    repositories:
      App:
        repositoryName: shop/app
        lifecycleRules:
          - { tagPrefixList: [prod], maxImageCount: 9999 }
          - { maxImageAge: 30d }
      Base:
        repositoryName: base
        lifecycleRules:
          - { tagStatus: untagged, maxImageCount: 1 }
      Bare: { repositoryName: bare }
"#;

fn digest(digit: char) -> String {
    format!("sha256:{}", digit.to_string().repeat(64))
}

fn image(digit: char, tags: &[&str], day: &str) -> Value {
    json!({
        "repositoryName": "shop/app",
        "registryId": "111122223333",
        "imageDigest": digest(digit),
        "imageTags": tags,
        "imageSizeInBytes": 1_500_000,
        "imagePushedAt": format!("{day}T12:00:00+00:00"),
    })
}

fn images() -> Vec<Value> {
    vec![
        image('a', &["prod-3"], "2025-03-15"),
        image('b', &["v1"], "2026-01-15"),
        image('c', &["v2"], "2026-03-10"),
    ]
}

fn listing(images: &[Value]) -> String {
    json!({ "imageDetails": images }).to_string()
}

/// A folder with a config and the images of one of its repositories.
fn shop() -> Case {
    let case = Case::with(CONFIG);
    case.write("images.json", listing(&images()));
    case
}

fn preview(case: &Case, more: &[&str]) -> Ran {
    let args = ["preview", "--images", "images.json", "--at", AT, "--repository", "App"];
    case.run(&[&args, more].concat())
}

fn json_of(ran: &Ran) -> Value {
    serde_json::from_str(&ran.stdout).unwrap()
}

fn codes(ran: &Ran) -> Vec<String> {
    let lines = ran.stderr.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    lines.map(|line| line.get("code").unwrap().as_str().unwrap().to_owned()).collect()
}

#[test]
fn tells_people() {
    let ran = preview(&shop(), &[]);
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""));
    assert_eq!(
        ran.stdout,
        "\
shop/app at 2026-03-15T12:00:00Z: 3 images

Expire (1 image)
  sha256:bbbbbbbbbbbb  v1     1.50 MB  expires: rule 2 selects it (any image); pushed 59 days ago, above the limit of 30 days

Keep (2 images)
  sha256:aaaaaaaaaaaa  prod-3     1.50 MB  kept: rule 1 claims it (tag `prod-3` starts with `prod`); 1 of at most 9999 is there
  sha256:cccccccccccc  v2         1.50 MB  kept: rule 2 claims it (any image); pushed 5 days ago, within the limit of 30 days

Summary
  expire     1 image, 1.50 MB
  keep       2 images, 3.00 MB
  by rule 1  0 images
  by rule 2  1 image, 1.50 MB
  tags that stay: prod-3, v2
"
    );
}

#[test]
fn a_repository_has_three_names() {
    let case = shop();
    let args = |word| ["preview", "--images", "images.json", "--at", AT, "--repository", word];
    let outputs = ["App", "Shop/App", "shop/app"].map(|word| case.run(&args(word)).stdout);
    assert!(outputs.iter().all(|output| !output.is_empty() && *output == outputs[0]));
    for (word, code, exit) in [
        ("Ap", "preview::unknown_repository", 2),
        ("Bare", "preview::no_policy", 1),
        ("Base", "preview::other_repository", 1),
    ] {
        let ran = case.run(&[&args(word)[..], &["--message-format", "json"]].concat());
        assert_eq!((ran.code, codes(&ran)), (Some(exit), vec![code.to_owned()]));
    }
}

#[test]
fn an_image_in_use_that_goes_is_an_error() {
    let case = shop();
    let pods = json!({ "apiVersion": "v1", "kind": "List", "items": [{
        "metadata": { "namespace": "shop", "name": "web-1" },
        "spec": { "containers": [{ "name": "web", "image": format!("{ECR}:v1") }] },
    }] });
    let tasks = json!({ "tasks": [{
        "taskArn": "arn:aws:ecs:eu-west-1:111122223333:task/shop/1",
        "containers": [{ "name": "web", "image": format!("{ECR}@{}", digest('b')) }],
    }], "failures": [] });
    let function = json!({
        "Configuration": { "FunctionName": "resize", "PackageType": "Image" },
        "Code": { "ImageUri": format!("{ECR}:v1"), "RepositoryType": "ECR" },
    });
    let functions = json!({ "Functions": [
        { "FunctionName": "resize", "PackageType": "Image", "CodeSha256": "b".repeat(64) },
        { "FunctionName": "zipped", "PackageType": "Zip", "CodeSha256": "x" },
    ] });
    for (text, user) in [
        (format!("# production\nnginx:1\n{ECR}:v1\n"), "entry 3 of `used`"),
        (json!(["nginx", format!("{ECR}:v1")]).to_string(), "entry 2 of `used`"),
        (pods.to_string(), "container `web` of pod `shop/web-1`"),
        (tasks.to_string(), "container `web` of ECS task `arn:"),
        (function.to_string(), "Lambda function `resize`"),
        (functions.to_string(), "Lambda function `resize`"),
    ] {
        case.write("used", text);
        case.write("other", format!("{ECR}:prod-3"));
        let more = ["--in-use", "other", "--in-use", "used", "--format", "json"];
        let ran = preview(&case, &more);
        assert_eq!(ran.code, Some(1), "{user}: {}", ran.stderr);
        assert!(ran.stderr.contains("error[preview::in_use]"), "{}", ran.stderr);
        assert!(ran.stderr.contains(user), "{}", ran.stderr);
        assert!(!ran.stderr.contains("entry 1 of `other`"), "{}", ran.stderr);
        assert_eq!(json_of(&ran)["images"].as_array().unwrap().len(), 3);
    }
    // A signature goes with its image.
    let mut attached = image('d', &["sig"], "2026-03-10");
    attached["subjectManifestDigest"] = digest('b').into();
    case.write("attached.json", listing(&[images()[1].clone(), attached]));
    let ran = case.run(&[
        "preview",
        "--images",
        "attached.json",
        "--repository",
        "App",
        "--at",
        AT,
        "--format",
        "csv",
    ]);
    let row = ran.stdout.lines().nth(2).unwrap();
    assert!(row.contains(",keep,,false,referrer,,expire,"), "{row}");
    // What goes later is found by the day.
    case.write("used", format!("{ECR}:v2"));
    assert_eq!(preview(&case, &["--in-use", "used"]).code, Some(0));
    let ran = preview(&case, &["--in-use", "used", "--by-day", "24"]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    let ran = preview(&case, &["--in-use", "used", "--by-day", "26"]);
    assert_eq!(ran.code, Some(1));
    assert!(ran.stderr.contains("will expire in 26 days, by rule 2"), "{}", ran.stderr);
}

/// Found once, with and without `--by-day`.
#[test]
fn a_part_of_a_list_that_goes_is_in_use() {
    let case = shop();
    let mut list = image('b', &["v1"], "2026-01-15");
    list["imageManifestMediaType"] = "application/vnd.oci.image.index.v1+json".into();
    let mut part = image('c', &[], "2026-01-15");
    part.as_object_mut().unwrap().shift_remove("imageTags");
    case.write("images.json", listing(&[list, part]));
    let body = json!({ "manifests": [{ "digest": digest('c') }] }).to_string();
    let answer = json!({ "images": [{
        "repositoryName": "shop/app",
        "imageId": { "imageDigest": digest('b') },
        "imageManifest": body,
    }] });
    case.write("lists.json", answer.to_string());
    case.write("used", format!("{ECR}@{}", digest('c')));
    let more = ["--manifests", "lists.json", "--in-use", "used", "--message-format", "json"];
    for by_day in [&[][..], &["--by-day", "9"]] {
        let ran = preview(&case, &[&more[..], by_day].concat());
        assert_eq!(ran.code, Some(1), "{}", ran.stderr);
        let found = codes(&ran);
        let of_use: Vec<_> = found.iter().filter(|it| it.starts_with("preview::in_use")).collect();
        assert_eq!(of_use, ["preview::in_use_later"], "{}", ran.stderr);
    }
}

#[test]
fn a_namesake_elsewhere_is_not_in_use() {
    let case = shop();
    let elsewhere = [
        format!("{}:v1", ECR.replace("eu-west-1", "us-east-1")),
        format!("{}:v1", ECR.replace("1111", "9999")),
        format!("{ECR}/web:v1"),
    ];
    case.write("used", elsewhere.join("\n"));
    let ran = preview(&case, &["--in-use", "used", "--message-format", "json"]);
    assert_eq!((ran.code, codes(&ran)), (Some(0), vec!["preview::nothing_in_use".to_owned()]));
}

#[test]
fn an_uncertain_outcome_counts_if_strict() {
    let case = shop();
    let mut images = images();
    images[1].as_object_mut().unwrap().shift_remove("imagePushedAt");
    case.write("images.json", listing(&images));
    case.write("used", format!("{ECR}:v1"));
    let ran = preview(&case, &["--in-use", "used"]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    assert!(ran.stderr.starts_with("warning[preview::in_use]"), "{}", ran.stderr);
    assert!(ran.stdout.contains("\nUncertain: "), "{}", ran.stdout);
    assert!(ran.stdout.contains("  uncertain  1 image, 1.50 MB\n"), "{}", ran.stdout);
    let lenient = json_of(&preview(&case, &["--format", "json"]));
    let ran = preview(&case, &["--in-use", "used", "--strict"]);
    assert_eq!(ran.code, Some(1));
    assert!(ran.stdout.contains("\nExpire (1 image)\n"), "{}", ran.stdout);
    assert!(!ran.stdout.contains("tags that stay: prod-3, v1"), "{}", ran.stdout);
    let strict = json_of(&preview(&case, &["--format", "json", "--strict"]));
    let action = |value: &Value| value["images"][1]["action"].clone();
    assert_eq!((action(&lenient), action(&strict)), ("keep".into(), "expire".into()));
    assert_eq!(strict["images"][1]["uncertain"], true);
}

const WEEK: &str = r#"{"rules": [{"rulePriority": 1, "action": {"type": "expire"}, "selection":
    {"tagStatus": "any", "countType": "sinceImagePushed", "countUnit": "days", "countNumber": 4}}]}"#;

#[test]
fn against_another_policy() {
    let case = shop();
    let answer = json!({ "repositoryName": "shop/app", "lifecyclePolicyText": WEEK });
    case.write("earlier.json", answer.to_string());
    let ran = preview(&case, &["--against", "earlier.json", "--format", "json"]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    let changes = json_of(&ran)["changes"].clone();
    let kinds: Vec<_> =
        changes.as_array().unwrap().iter().map(|c| c["change"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["stays", "otherRule", "stays"]);
    assert_eq!(changes[0]["before"]["action"], "expire");
    assert_eq!(changes[0]["after"]["claimedBy"], 1);
    let ran = preview(&case, &["--against", "earlier.json"]);
    assert!(
        ran.stdout.contains("\nStay, and went or might have gone before (2 images)\n"),
        "{}",
        ran.stdout
    );
    assert!(
        ran.stdout.contains("before: expires: rule 1 selects it (any image)"),
        "{}",
        ran.stdout
    );
    let ran = case.run(&[
        "preview",
        "--images",
        "images.json",
        "--policy",
        "earlier.json",
        "--against",
        "earlier.json",
        "--at",
        AT,
    ]);
    assert!(ran.stdout.contains("No image fares otherwise"), "{}", ran.stdout);
}

#[test]
fn by_day() {
    let ran = preview(&shop(), &["--by-day", "90", "--format", "json"]);
    let days = json_of(&ran)["days"].clone();
    assert_eq!(
        days,
        json!([
            { "day": 0, "at": "2026-03-15T12:00:00Z", "images": [
                { "imageDigest": digest('b'), "action": "expire", "rulePriority": 2 },
            ] },
            { "day": 26, "at": "2026-04-10T12:00:00Z", "images": [
                { "imageDigest": digest('c'), "action": "expire", "rulePriority": 2 },
            ] },
        ])
    );
    let ran = preview(&shop(), &["--by-day", "90"]);
    assert!(ran.stdout.contains("\n2026-04-10, in 26 days (1 image)\n"), "{}", ran.stdout);
    let ran = preview(&shop(), &["--by-day", "90", "--format", "csv"]);
    assert_eq!(ran.stdout.lines().count(), 3, "{}", ran.stdout);
}

#[test]
fn every_repository_of_a_folder() {
    let case = Case::with(CONFIG);
    case.write("images/shop/app.json", listing(&images()));
    case.write("images/typo.json", listing(&[]));
    let args = ["preview", "--images", "images", "--at", AT];
    let ran = case.run(&[&args[..], &["--format", "json", "--message-format", "json"]].concat());
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    let repositories = json_of(&ran)["repositories"].clone();
    assert_eq!(repositories.as_array().unwrap().len(), 1);
    assert_eq!(repositories[0]["repositoryName"], "shop/app");
    assert_eq!(repositories[0]["images"].as_array().unwrap().len(), 3);
    assert_eq!(codes(&ran), ["preview::without_images", "preview::without_policy"]);
    case.write("images/base.json", listing(&[]));
    let ran = case.run(&args);
    assert!(ran.stdout.contains("\n\nbase at 2026-03-15T12:00:00Z: 0 images\n"), "{}", ran.stdout);
    // One that is wrong spoils all of it, and every wrong one is told.
    case.write("images/base.json", r#"{"imageDetails": [], "nextToken": "x"}"#);
    case.write("images/shop/app.json", "{}");
    let ran = case.run(&[&args[..], &["--message-format", "json"]].concat());
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(1), ""));
    let mut told = codes(&ran);
    told.sort_unstable();
    assert_eq!(told[..2], ["images::incomplete", "images::no_image_details"]);
    case.write("nothing/x.txt", "");
    let ran = case.run(&["preview", "--images", "nothing", "--message-format", "json"]);
    assert_eq!((ran.code, codes(&ran)), (Some(1), vec!["preview::nothing_to_preview".to_owned()]));
}

#[test]
fn pages_and_both_forms_of_time() {
    let case = shop();
    let mut images = images();
    images[1]["imagePushedAt"] = json!(1_768_478_400.0);
    let pages: String = images.chunks(1).map(listing).collect();
    case.write("images.json", pages);
    assert_eq!(preview(&case, &[]).stdout, preview(&shop(), &[]).stdout);
    images[1]["imagePushedAt"] = json!("yesterday");
    case.write("images.json", listing(&images));
    let ran = preview(&case, &[]);
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(1), ""));
    assert!(ran.stderr.contains("--> images.json:1:"), "{}", ran.stderr);
    case.write("images.json", format!("{}{}", listing(&images[..1]), listing(&images[1..])));
    let ran = preview(&case, &[]);
    assert!(
        ran.stderr.contains("/1/imageDetails/0/imagePushedAt in images.json"),
        "{}",
        ran.stderr
    );
}

#[test]
fn images_from_stdin() {
    use std::io::Write as _;
    let case = shop();
    let mut child = case
        .ecrane()
        .args(["preview", "--images", "-", "--repository", "App", "--at", AT])
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(listing(&images()).as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(String::from_utf8(output.stdout).unwrap(), preview(&case, &[]).stdout);
    let ran = case.run(&["preview", "--images", "-", "--policy", "-"]);
    assert_eq!(ran.code, Some(2));
    assert!(ran.stderr.contains("preview::stdin_twice"), "{}", ran.stderr);
}

/// No tag that AWS accepts has these characters, but a file may have any.
#[test]
fn hostile_tags() {
    let case = shop();
    let formula = "=cmd|' /C calc'!A0";
    let images = [
        image('b', &[formula, "\u{1b}[31mred\u{202e}\r\n"], "2026-01-15"),
        image('c', &["-1,\"x"], "2026-01-15"),
    ];
    case.write("images.json", listing(&images));
    case.write("used", format!("{ECR}:v1"));
    let policy = r#"{"rules": [{"rulePriority": 1, "action": {"type": "expire"}, "selection":
        {"tagStatus": "tagged", "tagPatternList": ["*red*"], "countType": "sinceImagePushed", "countUnit": "days", "countNumber": 4}}]}"#;
    case.write("policy.json", policy);
    for more in [
        &["--format", "table"][..],
        &["--format", "csv"],
        &["--by-day", "9"],
        &["--against", "policy.json"],
    ] {
        let args = ["preview", "--images", "images.json", "--at", AT, "--policy", "policy.json"];
        let ran = case.run(&[&args, more].concat());
        assert_eq!(ran.code, Some(0), "{}", ran.stderr);
        let printed = ran.stdout + &ran.stderr;
        assert!(!printed.contains(['\u{1b}', '\u{202e}', '\r']), "{printed:?}");
    }
    let ran = case.run(&[
        "preview",
        "--images",
        "images.json",
        "--policy",
        "policy.json",
        "--format",
        "csv",
    ]);
    let rows: Vec<_> = ran.stdout.lines().collect();
    assert_eq!(rows.len(), 3, "{}", ran.stdout);
    assert!(rows[1].contains(",'=cmd|' /C calc'!A0 \\u{1b}[31mred"), "{}", rows[1]);
    assert!(rows[2].contains(",\"'-1,\"\"x\","), "{}", rows[2]);
}

#[test]
fn rules_in_english() {
    let case = shop();
    let ran = case.run(&["check", "--explain-rules"]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    assert_eq!(
        ran.stdout,
        "\
shop/app (Shop/App)
  Rule 1 keeps the newest 9999 of all images with a tag that starts with `prod`, whatever their age, and expires the others.
    It shields the images that it selects, even those that it keeps, from rule 2.
  Rule 2 expires all images that were pushed more than 30 days ago.
    It never acts on an image that rule 1 selects, even if that rule keeps it.

base (Shop/Base)
  Rule 1 keeps the newest of all untagged images, whatever its age, and expires the others.
  Images that no rule selects stay.

bare (Shop/Bare)
  No lifecycle policy: all images stay.
"
    );
    case.write("policy.json", WEEK);
    let ran = case.run(&["check", "--lifecycle-policy", "policy.json", "--explain-rules"]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    assert_eq!(
        ran.stdout,
        "policy.json\n  Rule 1 expires all images that were pushed more than 4 days ago.\n"
    );
}
