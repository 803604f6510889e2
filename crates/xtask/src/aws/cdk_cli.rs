//! Takes over stacks from the AWS CDK with its own CLI: a CDK app deploys the stacks of a config to
//! the emulated AWS. Then `ecrane` replaces the app in the same directory, and `cdk diff` must
//! report no differences.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};

use super::emulator::Emulator;
use crate::failure::Failure;
use crate::report::{Tally, missing, say};
use crate::terraform::isolate;
use crate::tools;

/// The account that the emulated STS reports for every caller.
const ACCOUNT: &str = "123456789012";
const REGION: &str = "eu-west-1";

/// The number of stacks in the config.
const STACKS: usize = 2;

/// Compares, and compares again after a change that must be detected.
pub(crate) fn run() -> Result<Tally, Failure> {
    if !tools::has("node") || !tools::has("npm") {
        return missing("node and npm, which run the CLI of the AWS CDK");
    }
    let mut emulator = Emulator::start()?;
    bootstrap(&mut emulator)?;
    let project = Project::new(&emulator.endpoint)?;
    let mut tally = Tally::default();
    let mut check = |what: &str, found: Result<(), String>| -> Result<(), Failure> {
        if let Err(text) = &found {
            say(format_args!("{what}:\n{text}"))?;
        }
        tally.add(Tally::one(found.is_ok()));
        Ok(())
    };

    // By default, the CDK adds metadata with its version and the Node version to each template.
    project.by_the_cdk(true)?;
    project.cdk(&["deploy", "--all", "--method=direct", "--require-approval=never"])?;
    project.by_ecrane(true)?;
    let diff = project.cdk(&["diff", "--method=template", "--strict"])?;
    check("stacks deployed with the CDK's defaults", is_same_but_for_the_report(&diff))?;

    // Without this metadata, nothing may differ. The emulated CloudFormation starts empty, because
    // the CLI cannot update stacks in it.
    bootstrap(&mut emulator)?;
    project.by_the_cdk(false)?;
    project.cdk(&["deploy", "--all", "--method=direct", "--require-approval=never"])?;
    project.by_ecrane(false)?;
    let diff = project.cdk(&["diff", "--method=template", "--strict", "--fail"])?;
    check("without version metadata, strictly", is_same(&diff))?;

    // Proves that the comparison can fail.
    let config = project.folder.join("ecrane.json");
    let text = fs::read_to_string(&config).map_err(Failure::file(&config))?;
    fs::write(&config, text.replace("9999", "9998")).map_err(Failure::file(&config))?;
    let diff = project.ran(&["diff", "--method=template", "--strict", "--fail"])?;
    check("a change", if diff.ok { Err(diff.text) } else { Ok(()) })?;
    Ok(tally)
}

/// Empties the account and bootstraps it.
fn bootstrap(emulator: &mut Emulator) -> Result<(), Failure> {
    let place = json!({ "account": ACCOUNT, "region": REGION });
    for (request, arguments) in [("reset", &json!({})), ("bootstrap", &place)] {
        emulator.ask(request, arguments)?.map_err(|said| Failure::Emulator { said })?;
    }
    Ok(())
}

/// Whether the CLI reports no difference in any stack.
fn is_same(diff: &Ran) -> Result<(), String> {
    let found = diff.text.contains("Number of stacks with differences: 0");
    if found { Ok(()) } else { Err(diff.text.clone()) }
}

/// Whether the CLI reports only that the version metadata is removed.
fn is_same_but_for_the_report(diff: &Ran) -> Result<(), String> {
    let changes: Vec<_> = diff.text.lines().map(str::trim).filter(|l| l.starts_with('[')).collect();
    let report = "[-] AWS::CDK::Metadata CDKMetadata CDKMetadata destroy";
    if changes == [report; STACKS] { Ok(()) } else { Err(diff.text.clone()) }
}

/// The result of a CLI command.
#[derive(Debug)]
struct Ran {
    ok: bool,
    text: String,
}

/// A directory with a `cdk.json`, whose app is first a CDK app and then `ecrane`.
#[derive(Debug)]
struct Project {
    folder: PathBuf,
    cli: PathBuf,
    /// The directory of the CDK and of the CDK app.
    library: PathBuf,
    endpoint: String,
    /// The flags that `cdk init` writes into `cdk.json`.
    flags: Value,
}

impl Project {
    fn new(endpoint: &str) -> Result<Self, Failure> {
        tools::npm("cdk/v1")?;
        let library = tools::npm("cdk")?;
        let cli = tools::npm("cdk-cli")?.join("node_modules/aws-cdk/bin/cdk");
        tools::run(
            Command::new("cargo")
                .args(["build", "--quiet", "--package", "ecrane-cli"])
                .current_dir(tools::root()),
        )?;
        let folder = tools::target().join("xtask/cdk-cli");
        if folder.exists() {
            fs::remove_dir_all(&folder).map_err(Failure::file(&folder))?;
        }
        fs::create_dir_all(&folder).map_err(Failure::file(&folder))?;
        let config = tools::root().join("crates/xtask/cdk-cli/ecrane.json");
        fs::copy(&config, folder.join("ecrane.json")).map_err(Failure::file(&config))?;
        let flags = library.join("node_modules/aws-cdk-lib/recommended-feature-flags.json");
        let text = fs::read_to_string(&flags).map_err(Failure::file(&flags))?;
        let flags = serde_json::from_str(&text)
            .map_err(|source| Failure::Answer { program: "aws-cdk-lib", source })?;
        Ok(Self { folder, cli, library, endpoint: endpoint.to_owned(), flags })
    }

    fn by_the_cdk(&self, reports_versions: bool) -> Result<(), Failure> {
        let app = self.library.join("app.js");
        self.app(&format!("node {} ecrane.json", quoted(&app)), reports_versions)
    }

    fn by_ecrane(&self, reports_versions: bool) -> Result<(), Failure> {
        let ecrane = tools::target().join("debug/ecrane");
        self.app(&format!("{} synth --layout cdk", quoted(&ecrane)), reports_versions)
    }

    fn app(&self, app: &str, reports_versions: bool) -> Result<(), Failure> {
        let path = self.folder.join("cdk.json");
        let mut settings = json!({ "app": app, "context": self.flags });
        if let (false, Some(settings)) = (reports_versions, settings.as_object_mut()) {
            settings.insert("versionReporting".into(), false.into());
        }
        fs::write(&path, settings.to_string()).map_err(Failure::file(&path))
    }

    /// Runs a CLI command, which must succeed.
    fn cdk(&self, arguments: &[&str]) -> Result<Ran, Failure> {
        let ran = self.ran(arguments)?;
        if ran.ok {
            return Ok(ran);
        }
        Err(Failure::Emulator { said: format!("cdk {}\n{}", arguments.join(" "), ran.text) })
    }

    fn ran(&self, arguments: &[&str]) -> Result<Ran, Failure> {
        let mut command = Command::new(&self.cli);
        isolate(&mut command)
            .args(arguments)
            .args(["--no-notices", "--no-color"])
            .current_dir(&self.folder)
            .env("HOME", &self.folder)
            // Where the CLI of the AWS CDK caches the account of an access key.
            .env("CDK_HOME", self.folder.join(".cdk"))
            .env("AWS_ACCESS_KEY_ID", ACCOUNT)
            .env("AWS_SECRET_ACCESS_KEY", "emulated")
            .env("AWS_REGION", REGION)
            .env("AWS_ENDPOINT_URL", &self.endpoint)
            // The host name by which the emulated CloudFormation reaches the emulated S3.
            .env(
                "AWS_ENDPOINT_URL_S3_FOR_CLOUDFORMATION",
                self.endpoint.replace("127.0.0.1", "localhost"),
            )
            .env("CDK_DISABLE_CLI_TELEMETRY", "true")
            .env("NODE_NO_WARNINGS", "1");
        let output = tools::output(&mut command)?;
        let text = [output.stdout.as_slice(), output.stderr.as_slice()].concat();
        Ok(Ran { ok: output.status.success(), text: String::from_utf8_lossy(&text).into_owned() })
    }
}

/// Quotes a path for the shell that runs the app.
fn quoted(path: &Path) -> String {
    format!("'{}'", path.display())
}
