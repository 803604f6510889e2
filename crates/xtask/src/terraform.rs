//! Terraform with the real aws provider.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use serde_json::Value;

use crate::failure::Failure;
use crate::tools;

/// The provider that modules are tested with, as Terraform calls it.
const AWS: &str = "registry.terraform.io/hashicorp/aws";

/// Its version, as a constraint and as how the names of its versions begin.
pub(crate) const AWS_VERSION: &str = "~> 5.100";
const AWS_VERSIONS: &str = "5.100.";

/// Where providers are installed from.
#[derive(Debug)]
pub(crate) enum Source {
    /// A folder of unpacked or packed providers.
    Mirror(PathBuf),
    /// Where Terraform looks by itself.
    Registry,
}

impl Source {
    /// The first mirror that holds the aws provider: Terraform's own folders come before others.
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

    /// Terraform's settings for it.
    pub(crate) fn settings(&self) -> String {
        let Self::Mirror(mirror) = self else { return String::new() };
        let path = Value::from(mirror.to_string_lossy());
        format!("provider_installation {{\n  filesystem_mirror {{\n    path = {path}\n  }}\n}}\n")
    }

    /// The program of the aws provider, where a mirror holds it unpacked for this machine.
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

/// What stands in a folder; nothing where there is none.
fn entries(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten();
    entries.filter_map(|entry| Some(entry.ok()?.path())).collect()
}

fn name(path: &Path) -> Option<&str> {
    path.file_name()?.to_str()
}

/// An environment in which Terraform sees nothing of this machine's settings for AWS.
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
        // There is memory to spare, and a third of a command's time goes into the collection of garbage.
        .env("GOGC", "400")
        .env("TF_IN_AUTOMATION", "1")
}

/// Terraform with one process of the aws provider that serves all its commands, which have to come one after the other:
/// to start it anew takes longer than most commands.
#[derive(Debug)]
pub(crate) struct Terraform {
    provider: Child,
    /// The provider's address, as `TF_REATTACH_PROVIDERS` wants it.
    reattach: String,
}

impl Terraform {
    /// Starts the provider with all services of AWS at `endpoint`. `None` where it is not to be had.
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
        // What it goes on to say is taken from it, or it would wait for that.
        std::thread::spawn(move || lines.for_each(drop));
        Ok(Some(Self { provider, reattach }))
    }

    /// Runs a command of Terraform in a folder to its end, whatever that is.
    pub(crate) fn run(&self, folder: &Path, arguments: &[&str]) -> Result<Output, Failure> {
        let mut command = Command::new("terraform");
        isolate(&mut command).args(arguments).current_dir(folder);
        command.env("TF_REATTACH_PROVIDERS", &self.reattach);
        tools::output(&mut command)
    }
}

impl Drop for Terraform {
    fn drop(&mut self) {
        // All that it knows is in the states that Terraform has written.
        drop(self.provider.kill());
        drop(self.provider.wait());
    }
}

/// Both streams of a command, as a person would see them, without the lines that say what Terraform reads.
pub(crate) fn said(output: &Output) -> String {
    let text = [output.stdout.as_slice(), output.stderr.as_slice()].concat();
    let text = String::from_utf8_lossy(&text);
    let reads = ["Refreshing state...", "Reading...", "Read complete"];
    let lines: Vec<_> =
        text.lines().filter(|line| !reads.iter().any(|read| line.contains(read))).collect();
    lines.join("\n").trim().to_owned()
}
