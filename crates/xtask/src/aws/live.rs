//! `ecrane adopt --live` and `ecrane preview --live` read an emulated account: in pages, without
//! permissions, with operations that only read, and with the results of files of the AWS CLI.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::{Map, Value, json};

use super::emulator::Emulator;
use crate::ecrane::Ecrane;
use crate::failure::Failure;
use crate::report::{Tally, missing, say};
use crate::terraform::{isolate, said};
use crate::tools;

const ACCOUNT: &str = "111122223333";
const REGION: &str = "eu-west-1";
const OTHER_REGION: &str = "eu-central-1";

const PROFILE: &str = "arn:aws:signer:eu-west-1:111122223333:/signing-profiles/images";

/// More than two pages of `describe-repositories`.
const MANY: usize = 250;

/// Returns what is wrong.
type Check = fn(&mut Live) -> Result<Vec<String>, Failure>;

/// Reads an account with many repositories, and a small one.
pub(crate) fn run() -> Result<Tally, Failure> {
    if !tools::has("python3") {
        return missing("python3, which runs the emulated AWS");
    }
    if !tools::has("aws") {
        return missing("the AWS CLI");
    }
    let emulator = Emulator::start()?;
    let desk = tools::target().join("xtask/live");
    let mut live = Live { ecrane: Ecrane::build("live")?, emulator, desk };
    let checks: [(&str, Check); 3] = [
        ("an account with 250 repositories", Live::many),
        ("calls that are not allowed", Live::denied),
        ("the images of repositories", Live::images),
    ];
    let mut tally = Tally::default();
    for (name, check) in checks {
        let faults = check(&mut live)?;
        tally.add(Tally::one(faults.is_empty()));
        faults.iter().try_for_each(|fault| say(format_args!("{name}: {fault}")))?;
    }
    Ok(tally)
}

/// A command with the credentials of an emulated account.
pub(super) fn in_account<'c>(command: &'c mut Command, endpoint: &str) -> &'c mut Command {
    isolate(command)
        .env("AWS_ENDPOINT_URL", endpoint)
        .env("AWS_ACCESS_KEY_ID", ACCOUNT)
        .env("AWS_SECRET_ACCESS_KEY", "emulated")
        .env("AWS_REGION", REGION)
        // Version 1 of the AWS CLI reads this one only.
        .env("AWS_DEFAULT_REGION", REGION)
        .env("AWS_PAGER", "")
}

/// The calls since the emulator was reset that do not only read, or are not about ECR.
pub(super) fn other_than_reads(emulator: &mut Emulator) -> Result<Vec<String>, Failure> {
    let answer = asked(emulator, "calls", &json!({}))?;
    let calls = answer.get("calls").and_then(Value::as_array).into_iter().flatten();
    let calls: Vec<&str> = calls.filter_map(Value::as_str).collect();
    if calls.is_empty() {
        return Ok(vec!["nothing is called".to_owned()]);
    }
    let is_read = |call: &&str| {
        let services = ["AmazonEC2ContainerRegistry_V20150921.", "SpencerFrontendService."];
        let operation = services.iter().find_map(|it| call.strip_prefix(it)).unwrap_or_default();
        let reads = ["Describe", "Get", "List"].iter().any(|it| operation.starts_with(it));
        reads && operation != "GetAuthorizationToken"
    };
    let other = calls.iter().filter(|it| !is_read(it));
    Ok(other.map(|it| format!("{it} is called")).collect())
}

fn asked(emulator: &mut Emulator, what: &str, arguments: &Value) -> Result<Value, Failure> {
    emulator.ask(what, arguments)?.map_err(|said| Failure::Emulator { said })
}

struct Live {
    ecrane: Ecrane,
    emulator: Emulator,
    desk: PathBuf,
}

impl Live {
    fn ecrane(&self, arguments: &[&str]) -> Result<Output, Failure> {
        let mut command = self.ecrane.command();
        in_account(&mut command, &self.emulator.endpoint).args(arguments).current_dir(&self.desk);
        tools::output(&mut command)
    }

    /// Deploys repositories and other resources.
    fn deploy(
        &mut self,
        region: &str,
        repositories: &[Value],
        others: &[(&str, Value)],
    ) -> Result<(), Failure> {
        let mut resources = Map::new();
        let repositories = repositories.iter().map(|it| ("AWS::ECR::Repository", it.clone()));
        for (number, (kind, properties)) in repositories.chain(others.iter().cloned()).enumerate() {
            let resource = json!({ "Type": kind, "Properties": properties });
            resources.insert(format!("R{number}"), resource);
        }
        let template = json!({ "Resources": resources });
        let stack =
            json!({ "stack": "It", "account": ACCOUNT, "region": region, "template": template });
        asked(&mut self.emulator, "deploy", &stack).map(drop)
    }

    /// Empties AWS and the directory.
    fn reset(&mut self) -> Result<(), Failure> {
        if self.desk.exists() {
            fs::remove_dir_all(&self.desk).map_err(Failure::file(&self.desk))?;
        }
        fs::create_dir_all(&self.desk).map_err(Failure::file(&self.desk))?;
        asked(&mut self.emulator, "reset", &json!({})).map(drop)
    }

    /// All pages are read, and nothing that something else creates.
    fn many(&mut self) -> Result<Vec<String>, Failure> {
        self.reset()?;
        let name = |number: usize| format!("team{}/app{number}", number % 10);
        let rules = json!({ "rules": [{ "rulePriority": 1, "action": { "type": "expire" }, "selection": {
            "tagStatus": "any", "countType": "imageCountMoreThan", "countNumber": 50 } }] });
        let mut repositories: Vec<Value> = (0..MANY)
            .map(|number| match number % 3 {
                0 => json!({ "RepositoryName": name(number) }),
                1 => json!({ "RepositoryName": name(number), "Tags": [{ "Key": "team", "Value": "shop" }] }),
                _ => json!({ "RepositoryName": name(number),
                    "LifecyclePolicy": { "LifecyclePolicyText": rules.to_string() } }),
            })
            .collect();
        let created = [
            "hub/library/nginx".to_owned(),
            format!("cdk-hnb659fds-container-assets-{ACCOUNT}-{REGION}"),
        ];
        repositories.extend(created.iter().map(|it| json!({ "RepositoryName": it })));
        let destination = json!([{ "Region": OTHER_REGION, "RegistryId": ACCOUNT }]);
        let filter = json!([{ "Filter": "team1/", "FilterType": "PREFIX_MATCH" }]);
        let rule = json!({ "Destinations": destination, "RepositoryFilters": filter });
        let cache =
            json!({ "EcrRepositoryPrefix": "hub", "UpstreamRegistryUrl": "public.ecr.aws" });
        let others = [
            ("AWS::ECR::PullThroughCacheRule", cache),
            (
                "AWS::ECR::ReplicationConfiguration",
                json!({ "ReplicationConfiguration": { "Rules": [rule] } }),
            ),
            (
                "AWS::ECR::SigningConfiguration",
                json!({ "Rules": [{ "SigningProfileArn": PROFILE }] }),
            ),
        ];
        self.deploy(REGION, &repositories, &others)?;
        let public = [("AWS::ECR::PublicRepository", json!({ "RepositoryName": "tools" }))];
        self.deploy("us-east-1", &[], &public)?;
        let copied = [json!({ "RepositoryName": name(1) }), json!({ "RepositoryName": "local" })];
        self.deploy(OTHER_REGION, &copied, &[])?;
        let mut command = Command::new("aws");
        in_account(&mut command, &self.emulator.endpoint).args(["ecr", "put-account-setting"]);
        tools::run(command.args(["--name", "BLOB_MOUNTING", "--value", "ENABLED"]))?;
        // Forgets the calls of the deployments.
        asked(&mut self.emulator, "deny", &json!({ "operations": [] }))?;
        let output =
            self.ecrane(&["adopt", "--live", "--region", REGION, "--region", OTHER_REGION])?;
        let mut faults = other_than_reads(&mut self.emulator)?;
        let text = said(&output);
        if !output.status.success() {
            return Ok(vec![text]);
        }
        for name in created.iter().chain([&name(1)]) {
            if !text.contains(&format!("left out `{name}`")) {
                faults.push(format!("`{name}` is left out, and nothing says so: {text}"));
            }
        }
        let path = self.desk.join("ecrane.yaml");
        let config = fs::read_to_string(&path).map_err(Failure::file(&path))?;
        let names = config.lines().filter_map(|it| it.trim().strip_prefix("repositoryName: "));
        let names: Vec<&str> = names.collect();
        let distinct: BTreeSet<String> = names.iter().map(ToString::to_string).collect();
        let wanted = (0..MANY).map(name).chain(["local".to_owned(), "tools".to_owned()]);
        if distinct != wanted.collect() || names.len() != distinct.len() {
            faults.push(format!("the config has {} repositories", names.len()));
        }
        // A third of the repositories share lifecycle rules, which are written once.
        let limits = config.matches("maxImageCount: 50").count();
        let presets = config.matches("preset: ").count();
        let tags = config.matches("tags: { team: shop }").count();
        if (limits, presets, tags) != (1, MANY / 3, MANY / 3) {
            faults.push(format!("{limits} lifecycle rules, {presets} with a preset, {tags} tags"));
        }
        for setting in [PROFILE, "blobMounting: ENABLED"] {
            if config.matches(setting).count() != 1 {
                faults.push(format!("the config has {setting} not once"));
            }
        }
        let check = self.ecrane(&["check"])?;
        if !check.status.success() {
            faults.push(said(&check));
        }
        Ok(faults)
    }

    /// Each call that is not allowed is named once, and nothing is written without `--partial`.
    fn denied(&mut self) -> Result<Vec<String>, Failure> {
        self.reset()?;
        let repositories = ["shop/app", "shop/web"].map(|it| json!({ "RepositoryName": it }));
        self.deploy(REGION, &repositories, &[])?;
        let operations = ["GetLifecyclePolicy", "DescribePullThroughCacheRules"];
        asked(&mut self.emulator, "deny", &json!({ "operations": operations }))?;
        let mut faults = Vec::new();
        for (arguments, level, code) in [
            (&["adopt", "--live"][..], "error", 3),
            (&["adopt", "--live", "--partial"], "warning", 0),
        ] {
            let output = self.ecrane(arguments)?;
            let text = said(&output);
            let written = self.desk.join("ecrane.yaml").exists();
            if output.status.code() != Some(code) || written != (code == 0) {
                faults.push(format!("{arguments:?}: {:?}, {written}: {text}", output.status));
            }
            for operation in operations {
                let message =
                    format!("{level}[aws::access_denied]: access denied for `ecr:{operation}`");
                if text.matches(&message).count() != 1 {
                    faults.push(format!("{arguments:?}: not once {message}: {text}"));
                }
            }
        }
        Ok(faults)
    }

    /// A preview is the one of a file of the AWS CLI.
    fn images(&mut self) -> Result<Vec<String>, Failure> {
        self.reset()?;
        self.deploy(REGION, &[json!({ "RepositoryName": "shop/app" })], &[])?;
        // More than a page would have, if the call asked for pages of the default size.
        for number in 0..120 {
            let image = json!({ "repository": "shop/app", "account": ACCOUNT, "region": REGION,
                "tag": format!("v{number}") });
            asked(&mut self.emulator, "push", &image)?;
        }
        let config = json!({ "stacks": { "Shop": { "repositories": {
            "App": { "repositoryName": "shop/app", "lifecycleRules": [{ "maxImageCount": 100 }] },
            "New": { "repositoryName": "shop/new", "lifecycleRules": [{ "maxImageCount": 1 }] },
        } } } });
        let path = self.desk.join("ecrane.json");
        fs::write(&path, config.to_string()).map_err(Failure::file(&path))?;
        asked(&mut self.emulator, "deny", &json!({ "operations": [] }))?;
        let at = ["--at", "2100-01-01T00:00:00Z", "--format", "json"];
        let live = [&["preview", "--repository", "App", "--live"][..], &at].concat();
        let live = self.ecrane(&live)?;
        let mut faults = other_than_reads(&mut self.emulator)?;
        self.describe_images(&self.desk.join("images.json"))?;
        let file = ["preview", "--repository", "App", "--images", "images.json"];
        let file = self.ecrane(&[&file[..], &at].concat())?;
        if !live.status.success() || live.stdout != file.stdout {
            faults.push(format!("{} is not {}", said(&live), said(&file)));
        }
        let all = self.ecrane(&[&["preview", "--live"][..], &at].concat())?;
        let text = said(&all);
        let is_told =
            text.contains("warning[aws::no_repository]: there is no repository `shop/new`");
        if !all.status.success() || !is_told {
            faults.push(text);
        }
        Ok(faults)
    }

    fn describe_images(&self, to: &Path) -> Result<(), Failure> {
        let mut command = Command::new("aws");
        in_account(&mut command, &self.emulator.endpoint);
        command.args(["ecr", "describe-images", "--repository-name", "shop/app"]);
        command.args(["--output", "json"]);
        let output = tools::run(&mut command)?;
        fs::write(to, output.stdout).map_err(Failure::file(to))
    }
}
