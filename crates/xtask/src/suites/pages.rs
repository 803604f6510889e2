//! The pages of `ecrane report` in Chromium: those of every example, of hostile names, of images with
//! a timeline, and of 2,000 repositories. Beside the pages lie their screenshots.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::json;

use super::language_server::tap;
use super::pictures::HOSTILE;
use crate::ecrane::Ecrane;
use crate::failure::Failure;
use crate::report::{Tally, missing};
use crate::tools;

/// Two stacks, policies that act at different times, and a repository without one.
const TIMELINE: &str = r#"
stacks:
  Shop:
    env: { account: "111122223333", region: eu-west-1 }
    principals:
      Ci: { role: { roleName: ci, assumedBy: { service: codebuild.amazonaws.com } } }
      WebRole: { role: { roleName: web, assumedBy: { service: ecs-tasks.amazonaws.com } } }
    repositories:
      Web:
        repositoryName: shop/web
        lifecycleRules: [{ maxImageAge: 30d }]
        grants: [{ to: Ci, allow: pullPush }, { to: WebRole, allow: pull }]
      App:
        repositoryName: shop/app
        imageScanOnPush: true
        lifecycleRules: [{ tagPrefixList: [v], maxImageCount: 20 }, { tagStatus: untagged, maxImageAge: 7d }]
        grants: [{ to: Ci, allow: pullPush }, { to: { account: "444455556666" }, allow: pull }]
  Tools:
    env: { account: "111122223333", region: eu-west-1 }
    repositories:
      Lint: { repositoryName: tools/lint }
      Fmt: { repositoryName: tools/fmt, imageTagMutability: IMMUTABLE, lifecycleRules: [{ maxImageAge: 30d }] }
"#;
const AT: &str = "2026-03-15T12:00:00Z";

pub(super) fn run() -> Result<Tally, Failure> {
    if !tools::has("node") || !tools::has("npm") {
        return missing("node and npm, which run the tests of pages");
    }
    if !tools::has("/usr/bin/chromium") {
        return missing("Chromium as /usr/bin/chromium (Debian's package `chromium`)");
    }
    let ecrane = Ecrane::build("pages")?;
    let folder = tools::target().join("xtask/pages");
    if folder.exists() {
        fs::remove_dir_all(&folder).map_err(Failure::file(&folder))?;
    }
    let write = |name: &str, text: &str| {
        let path = folder.join(name);
        let parent = path.parent().unwrap_or(&folder);
        fs::create_dir_all(parent).map_err(Failure::file(parent))?;
        fs::write(&path, text).map_err(Failure::file(&path)).map(|()| path)
    };
    let report = |name: &str, config: &Path, more: &[&str], exit| -> Result<(), Failure> {
        let mut command = ecrane.command();
        let out = folder.join(format!("{name}.html"));
        command.arg("report").arg(config).args(more).arg("--out").arg(out).current_dir(&folder);
        let output = tools::output(&mut command)?;
        if output.status.code() == Some(exit) {
            return Ok(());
        }
        Err(Failure::Command {
            command: format!("{command:?}"),
            status: output.status,
            output: String::from_utf8_lossy(&output.stderr).into_owned(),
        })
    };
    report("hostile", &write("hostile.yaml", HOSTILE)?, &[], 0)?;
    report("large", &write("large.yaml", &large())?, &[], 0)?;
    for name in ["shop/web", "shop/app", "tools/fmt"] {
        write(&format!("images/{name}.json"), &images(name))?;
    }
    let uri = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/shop/web:v10";
    write("in-use.txt", uri)?;
    let timeline = write("timeline.yaml", TIMELINE)?;
    // An image in use goes, which is an error.
    let options = ["--images", "images", "--in-use", "in-use.txt", "--at", AT];
    report("timeline", &timeline, &options, 1)?;
    let examples = tools::root().join("examples");
    for entry in fs::read_dir(&examples).map_err(Failure::file(&examples))? {
        let entry = entry.map_err(Failure::file(&examples))?;
        let config = entry.path().join("ecrane.yaml");
        if config.exists() {
            report(&entry.file_name().to_string_lossy(), &config, &[], 0)?;
        }
    }
    let mut command = Command::new("node");
    command
        .args(["--test", "--test-reporter=tap", "test.js"])
        .env("ECRANE_PAGES", &folder)
        .current_dir(tools::npm("browser")?);
    tap(&mut command)
}

/// Images of which one was pushed on every other day, and every fifth has no tag.
fn images(repository: &str) -> String {
    let image = |number: usize| {
        let day = number * 2;
        let mut image = json!({
            "repositoryName": repository,
            "registryId": "111122223333",
            "imageDigest": format!("sha256:{number:064x}"),
            "imagePushedAt": format!("2026-{:02}-{:02}T08:00:00Z", 1 + day / 28, 1 + day % 28),
            "imageSizeInBytes": 40_000_000 + number * 1_000_000,
            "imageManifestMediaType": "application/vnd.oci.image.manifest.v1+json",
        });
        if let (true, Some(image)) = (!number.is_multiple_of(5), image.as_object_mut()) {
            image.insert("imageTags".to_owned(), json!([format!("v{number}")]));
        } else if let (true, Some(image)) = (number == 10, image.as_object_mut()) {
            image.insert("imageTags".to_owned(), json!(["v10", "stable"]));
        }
        image
    };
    json!({ "imageDetails": (0..35).map(image).collect::<Vec<_>>() }).to_string()
}

/// 2,000 repositories of 20 teams.
fn large() -> String {
    let mut text = "stacks:\n".to_owned();
    for team in 0..20 {
        // Writing to a string cannot fail.
        let _ = write!(
            text,
            "  Team{team}:\n    env: {{ account: \"111122223333\", region: eu-west-1 }}\n    principals:\n      \
             Ci: {{ role: {{ roleName: ci-{team}, assumedBy: {{ service: codebuild.amazonaws.com }} }} }}\n    \
             repositories:\n"
        );
        for app in 0..100 {
            let days = 10 + team + app % 3;
            let _ = writeln!(
                text,
                "      App{app}: {{ repositoryName: team{team}/app{app}, lifecycleRules: [{{ maxImageAge: {days}d }}], \
                 grants: [{{ to: Ci, allow: pullPush }}] }}"
            );
        }
    }
    text
}
