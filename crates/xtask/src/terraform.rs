//! Terraform with the real AWS provider.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use serde_json::Value;

use crate::failure::Failure;
use crate::json_lines::JsonLines;
use crate::tools;

/// The source address of the provider.
const AWS: &str = "registry.terraform.io/hashicorp/aws";

/// The version constraint of the provider.
pub(crate) const AWS_VERSION: &str = "~> 5.100";
const AWS_VERSIONS: &str = "5.100.";

/// The installation source of providers.
#[derive(Debug)]
pub(crate) enum Source {
    /// A directory with unpacked or packed providers.
    Mirror(PathBuf),
    /// Terraform's default.
    Registry,
}

impl Source {
    /// The first mirror with the AWS provider. Terraform's own directories take precedence.
    pub(crate) fn find() -> Self {
        let named = std::env::var_os("TF_PLUGIN_DIR").map(PathBuf::from);
        let home = std::env::home_dir().map(|home| home.join(".terraform.d/plugins"));
        let system = [
            "/usr/local/share/terraform/plugins",
            "/usr/share/terraform/plugins",
            "/opt/tf-plugins",
        ];
        let mut mirrors = named.into_iter().chain(home).chain(system.map(PathBuf::from));
        mirrors
            .find(|mirror| !entries(&mirror.join(AWS)).is_empty())
            .map_or(Self::Registry, Self::Mirror)
    }

    /// The Terraform CLI configuration.
    pub(crate) fn settings(&self) -> String {
        let Self::Mirror(mirror) = self else { return String::new() };
        let path = Value::from(mirror.to_string_lossy());
        format!("provider_installation {{\n  filesystem_mirror {{\n    path = {path}\n  }}\n}}\n")
    }

    /// The executable of the AWS provider, if a mirror contains it unpacked for this platform.
    fn program(&self) -> Option<PathBuf> {
        let Self::Mirror(mirror) = self else { return None };
        let (os, architecture) = (std::env::consts::OS, std::env::consts::ARCH);
        let architecture = match architecture {
            "x86_64" => "amd64",
            "aarch64" => "arm64",
            other => other,
        };
        let platform = format!("{os}_{architecture}");
        let versions = entries(&mirror.join(AWS)).into_iter();
        let mut versions =
            versions.filter(|version| name(version).is_some_and(|v| v.starts_with(AWS_VERSIONS)));
        versions.find_map(|version| {
            let files = entries(&version.join(&platform)).into_iter();
            files.into_iter().find(|file| {
                name(file).is_some_and(|name| name.starts_with("terraform-provider-aws_v"))
            })
        })
    }
}

/// The entries of a directory; empty if it does not exist.
fn entries(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten();
    entries.filter_map(|entry| Some(entry.ok()?.path())).collect()
}

fn name(path: &Path) -> Option<&str> {
    path.file_name()?.to_str()
}

/// Hides the AWS settings of this machine from Terraform.
pub(crate) fn isolate(command: &mut Command) -> &mut Command {
    for (variable, _) in std::env::vars_os() {
        let text = variable.to_string_lossy();
        if text.starts_with("AWS_") || text.starts_with("TF_") {
            command.env_remove(&variable);
        }
    }
    command
        .env("AWS_EC2_METADATA_DISABLED", "true")
        .env("AWS_SHARED_CREDENTIALS_FILE", "/dev/null")
        .env("AWS_CONFIG_FILE", "/dev/null")
        .env("CHECKPOINT_DISABLE", "1")
        // Garbage collection takes a third of a command's time, so trade memory for time.
        .env("GOGC", "off")
        .env("GOMEMLIMIT", "1GiB")
        .env("TF_IN_AUTOMATION", "1")
}

/// Terraform with a single process of the AWS provider for all commands, which must run one after
/// the other: starting the provider takes longer than most commands, and so does reading all of its
/// schema, of which a relay in `crates/xtask/aws/provider` leaves out what no test uses.
#[derive(Debug)]
pub(crate) struct Terraform {
    provider: Child,
    _relay: JsonLines,
    /// The address of the relay, for `TF_REATTACH_PROVIDERS`.
    reattach: String,
}

impl Terraform {
    /// Starts the provider with `endpoint` for all AWS services. `None` if the provider is missing.
    pub(crate) fn start(endpoint: &str) -> Result<Option<Self>, Failure> {
        let Some(program) = Source::find().program().filter(|_| tools::has("terraform")) else {
            return Ok(None);
        };
        let mut command = Command::new(program);
        isolate(&mut command).arg("-debug").env("AWS_ENDPOINT_URL", endpoint);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
        let failed = || Failure::program("terraform-provider-aws");
        let mut provider = command.spawn().map_err(failed())?;
        let stdout = provider.stdout.take();
        let mut lines = stdout.map(BufReader::new).map(BufReader::lines).into_iter().flatten();
        let reattach = loop {
            let Some(line) = lines.next() else {
                drop(provider.kill());
                return Err(failed()(std::io::ErrorKind::UnexpectedEof.into()));
            };
            let line = line.map_err(failed())?;
            if let Some((_, value)) = line.split_once("TF_REATTACH_PROVIDERS='") {
                break value.trim_end_matches('\'').to_owned();
            }
        };
        // Keep reading the output, or the provider would block.
        std::thread::spawn(move || lines.for_each(drop));
        let mut relay =
            JsonLines::start("python -m provider", &mut tools::python("aws", "provider")?)?;
        let provider_address = serde_json::from_str(&reattach)
            .map_err(|source| Failure::Answer { program: "terraform-provider-aws", source })?;
        let reattach = relay.ask(&provider_address)?.to_string();
        Ok(Some(Self { provider, _relay: relay, reattach }))
    }

    /// Runs a Terraform command in a directory, whatever its exit code.
    pub(crate) fn run(&self, folder: &Path, arguments: &[&str]) -> Result<Output, Failure> {
        let mut command = Command::new("terraform");
        isolate(&mut command).args(arguments).current_dir(folder);
        tools::output(self.reattach(&mut command))
    }

    /// Has a program that runs Terraform use this provider process.
    pub(crate) fn reattach<'c>(&self, command: &'c mut Command) -> &'c mut Command {
        command.env("TF_REATTACH_PROVIDERS", &self.reattach)
    }
}

impl Drop for Terraform {
    fn drop(&mut self) {
        // The provider has no state, so it can be killed.
        drop(self.provider.kill());
        drop(self.provider.wait());
    }
}

/// Both output streams of a command, without Terraform's progress messages about reading.
pub(crate) fn said(output: &Output) -> String {
    let text = [output.stdout.as_slice(), output.stderr.as_slice()].concat();
    let text = String::from_utf8_lossy(&text);
    let reads = ["Refreshing state...", "Reading...", "Read complete"];
    let lines: Vec<_> =
        text.lines().filter(|line| !reads.iter().any(|read| line.contains(read))).collect();
    lines.join("\n").trim().to_owned()
}
