//! Pages about a config.

use std::fs;

use crate::case::{Case, run};

const CONFIG: &str = r#"
stacks:
  Shop:
    env: { account: "111122223333", region: eu-west-1 }
    principals:
      Ci: { role: { roleName: ci, assumedBy: { service: codebuild.amazonaws.com } } }
    repositories:
      App:
        repositoryName: shop/app
        lifecycleRules: [{ maxImageAge: 30d }]
        grants: [{ to: Ci, allow: pullPush }]
      Bare: { repositoryName: shop/bare }
"#;

const IMAGES: &str = r#"{"imageDetails": [
  {"repositoryName": "shop/app", "registryId": "111122223333", "imageTags": ["old"],
   "imageDigest": "sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
   "imagePushedAt": "2026-01-01T00:00:00Z", "imageManifestMediaType": "application/vnd.oci.image.manifest.v1+json"},
  {"repositoryName": "shop/app", "registryId": "111122223333", "imageTags": ["new"],
   "imageDigest": "sha256:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb",
   "imagePushedAt": "2026-03-10T00:00:00Z", "imageManifestMediaType": "application/vnd.oci.image.manifest.v1+json"}
]}"#;

#[test]
fn writes_one_page() {
    let case = Case::with(CONFIG);
    let ran = case.run(&["report", "--out", "report.html"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(0), ""), "{}", ran.stderr);
    assert_eq!(ran.stderr, "wrote report.html with 0 findings\n");
    let page = case.read("report.html");
    for text in [
        "<svg",
        "id=\"repository-0\"",
        "shop/bare",
        "Rule 1 expires all images that were pushed more than 30 days ago.",
        "id=\"principal-0\"",
        "codebuild.amazonaws.com",
        "There are none.",
    ] {
        assert!(page.contains(text), "{text} is not in {page}");
    }
    assert!(!page.contains("id=\"forecast\""), "{page}");
    assert_eq!(case.names("."), ["ecrane.yaml", "report.html"]);
    case.run(&["report", "--out", "again.html"]);
    assert_eq!(case.read("again.html"), page);
}

#[test]
fn shows_which_images_go() {
    let case = Case::with(CONFIG);
    case.write("images.json", IMAGES);
    let args = ["--images", "images.json", "--at", "2026-03-15T00:00:00Z", "--out", "report.html"];
    let ran = case.run(&[&["report"], &args[..]].concat());
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    let page = case.read("report.html");
    let (_, going) = page.split_once("id=\"forecast-0\"").unwrap();
    let (_, now) = going.split_once("2026-03-15").unwrap();
    let (now, later) = now.split_once("2026-04-10").unwrap();
    assert!(now.contains("1 image expires by rule 1") && now.contains("old"), "{now}");
    assert!(later.contains("in 26 days") && later.contains("new"), "{later}");
}

/// The untagged image may be a part of the manifest list, whose body is not known.
#[test]
fn shows_which_images_may_go() {
    let case = Case::with(CONFIG);
    let list = "application/vnd.oci.image.index.v1+json";
    let images = IMAGES.replacen("application/vnd.oci.image.manifest.v1+json", list, 1);
    let untagged = images.replace(r#""imageTags": ["new"],"#, "");
    case.write("images.json", untagged.replace("2026-03-10", "2026-01-01"));
    let args = ["--images", "images.json", "--at", "2026-03-15T00:00:00Z", "--out", "report.html"];
    let ran = case.run(&[&["report"], &args[..]].concat());
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    let page = case.read("report.html");
    assert!(page.contains("and 1 may go</a>"), "{page}");
    assert!(page.contains("1 image may expire by rule 1"), "{page}");
}

/// A page is most needed where something is wrong.
#[test]
fn writes_the_page_and_fails_if_an_image_in_use_goes() {
    let case = Case::with(CONFIG);
    case.write("images.json", IMAGES);
    case.write("in-use.txt", "111122223333.dkr.ecr.eu-west-1.amazonaws.com/shop/app:old\n");
    let args = ["--images", "images.json", "--in-use", "in-use.txt", "--out", "report.html"];
    let ran = case.run(&[&["report", "--at", "2026-03-15T00:00:00Z"], &args[..]].concat());
    assert_eq!(ran.code, Some(1), "{}", ran.stderr);
    assert!(ran.stderr.contains("error[preview::in_use]"), "{}", ran.stderr);
    let page = case.read("report.html");
    assert!(page.contains("in use by entry 1 of `in-use.txt`"), "{page}");
    let (_, row) = page.split_once("id=\"repository-0\"").unwrap();
    let (row, _) = row.split_once("</tr>").unwrap();
    assert!(row.contains("href=\"#finding-1\">preview::in_use"), "{row}");
}

#[test]
fn shows_the_findings_of_check() {
    // CloudFormation has no type for account settings.
    let config = CONFIG.replace(
        "    repositories:\n",
        "    registry: { accountSettings: { blobMounting: ENABLED } }\n    repositories:\n",
    );
    let case = Case::with(&config);
    let ran = case.run(&["report", "--out", "report.html"]);
    let checked = case.run(&["check"]);
    assert_eq!((ran.code, checked.code), (Some(1), Some(1)), "{}", ran.stderr);
    assert_eq!(ran.stderr, checked.stderr);
    let (code, _) = checked.stderr.strip_prefix("error[").unwrap().split_once(']').unwrap();
    let page = case.read("report.html");
    assert!(page.contains(&format!("<code>{code}</code>")), "{code} is not in {page}");
}

#[test]
fn writes_nothing_about_a_config_with_errors() {
    let case = Case::with(&CONFIG.replace("maxImageAge", "maxImageAgo"));
    let ran = case.run(&["report", "--out", "report.html"]);
    assert_eq!(ran.code, Some(1), "{}", ran.stderr);
    assert_eq!(ran.stderr, case.run(&["check"]).stderr);
    assert_eq!(case.names("."), ["ecrane.yaml"]);
}

#[test]
fn rejects_images_that_it_cannot_place() {
    let case = Case::with(CONFIG);
    case.write("images.json", IMAGES);
    for (args, code, text) in [
        (&["--in-use", "-"][..], 2, "--images"),
        (&["--images", "-", "--in-use", "-"][..], 2, "preview::stdin_twice"),
        (&["-", "--images", "-"], 2, "preview::stdin_twice"),
        (&["--images", "no.json"], 3, "no.json"),
    ] {
        let mut command = case.ecrane();
        command.args(["report", "--out", "report.html"]).args(args);
        command.stdin(fs::File::open(case.path("ecrane.yaml")).unwrap());
        let ran = run(&mut command);
        assert_eq!(ran.code, Some(code), "{}", ran.stderr);
        assert!(ran.stderr.contains(text), "{}", ran.stderr);
    }
    case.write("images.json", IMAGES.replace("shop/app", "shop/ap"));
    let ran = case.run(&["report", "--out", "report.html", "--images", "images.json"]);
    assert_eq!(ran.code, Some(1), "{}", ran.stderr);
    assert!(ran.stderr.contains("preview::unknown_repository"), "{}", ran.stderr);
    assert_eq!(case.names("."), ["ecrane.yaml", "images.json"]);
}
