//! `ecrane adopt`: a config from what exists.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use ecrane_adopt::{Adoption, Source, SourceError, adopt};
use ecrane_config::{Document, Format};
use ecrane_core::{Explain, Severity};
use indexmap::IndexMap;
use thiserror::Error;

use crate::address_ledger::{AddressLedger, Noted};
use crate::args::AdoptArgs;
use crate::diagnostics::{Finding, Reporter, escape};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::locate::locate;
use crate::print::print;
use crate::text_file::{TextFile, is_stdin};

/// Writes a config for what the sources describe.
pub(crate) fn run(args: &AdoptArgs, reporter: Reporter<'_>) -> Result<(), Failure> {
    let parameters = parameters(&args.parameters)?;
    let is_yaml = args.out.extension().is_some_and(|it| it == "yaml" || it == "yml");
    if !is_yaml && !is_stdin(&args.out) {
        let error = AdoptError::NotYaml { path: args.out.clone() };
        return Err(Failure::one(Exit::Usage, &error));
    }
    let Input { sources, mut findings, exit } = input(args)?;
    let adoption = match adopt(&sources, &parameters) {
        Ok(adoption) => adoption,
        Err(errors) => {
            let errors = errors.iter().map(|it: &SourceError| it as &dyn Explain);
            let mut failure = Failure::new(exit, errors);
            findings.append(&mut failure.findings);
            return Err(Failure { findings, ..failure });
        }
    };
    let out = args.out.display().to_string();
    findings.extend(findings_of(&adoption, &out));
    if args.partial {
        for finding in &mut findings {
            finding.severity = Severity::Warning;
        }
    }
    let has_errors = findings.iter().any(|it| it.severity == Severity::Error);
    if has_errors {
        return Err(Failure { exit, findings, subject: None });
    }
    reporter.report(findings, None);
    let text = adoption.yaml();
    if is_stdin(&args.out) {
        return print(text.as_bytes());
    }
    if args.out.exists() {
        let error = AdoptError::Exists { path: args.out.clone() };
        return Err(Failure::one(Exit::Io, &error));
    }
    // Before the config: addresses without a config are harmless.
    let noted = match &adoption.ledger {
        None => None,
        Some(ledger) => AddressLedger::load(&args.out)?.write(ledger)?,
    };
    if let Err(error) = write(&args.out, &text) {
        noted.into_iter().for_each(Noted::undo);
        return Err(Failure::one(Exit::Io, &error));
    }
    reporter.say(&format!("created {}, with {}", escape(&out), summary(&adoption)));
    Ok(())
}

/// What exists, and what there is to say about it.
struct Input {
    sources: Vec<Source>,
    findings: Vec<Finding>,
    /// The exit status if the command fails.
    exit: Exit,
}

fn input(args: &AdoptArgs) -> Result<Input, Failure> {
    #[cfg(feature = "aws")]
    if args.live.live {
        let crate::live::Account { sources, noted, denied } =
            crate::live::Account::read(&args.live)?;
        let exit = if denied.is_empty() { Exit::Refused } else { Exit::Io };
        return Ok(Input { sources, findings: [denied, noted].concat(), exit });
    }
    let mut sources = Vec::new();
    for path in &args.sources {
        read(path, &mut sources)?;
    }
    Ok(Input { sources, findings: Vec::new(), exit: Exit::Refused })
}

/// What the config does not contain or would change, and what is wrong with it.
fn findings_of(adoption: &Adoption, out: &str) -> Vec<Finding> {
    let mut findings: Vec<Finding> =
        adoption.not_adopted.iter().map(|it| Finding::new(it.severity(), it)).collect();
    if let Some(problems) = &adoption.problems
        && let Ok(document) = Document::parse(out, Format::Yaml, &adoption.yaml())
    {
        findings.extend(locate(&document, problems.iter()));
    }
    findings
}

fn summary(adoption: &Adoption) -> String {
    let stacks = adoption.config.get("stacks").and_then(|it| it.as_object());
    let repositories = stacks.into_iter().flatten().filter_map(|(_, stack)| {
        let repositories = stack.get("repositories")?.as_object()?;
        Some(repositories.values().filter(|it| it.get("import").is_none()).count())
    });
    match repositories.sum::<usize>() {
        1 => "1 repository".to_owned(),
        count => format!("{count} repositories"),
    }
}

fn parameters(given: &[String]) -> Result<IndexMap<String, String>, Failure> {
    let mut parameters = IndexMap::new();
    let mut errors = Vec::new();
    for text in given {
        match text.split_once('=') {
            Some((key, value)) if !key.is_empty() => {
                parameters.insert(key.to_owned(), value.to_owned());
            }
            _ => errors.push(AdoptError::Parameter { text: text.clone() }),
        }
    }
    if errors.is_empty() {
        Ok(parameters)
    } else {
        Err(Failure::new(Exit::Usage, errors.iter().map(|it| it as &dyn Explain)))
    }
}

/// Reads a file, or the files of a directory.
fn read(path: &Path, sources: &mut Vec<Source>) -> Result<(), Failure> {
    if !path.is_dir() {
        let TextFile { name, text } = TextFile::read(path)?;
        sources.push(Source { name, text });
        return Ok(());
    }
    let io = |source: io::Error| {
        Failure::one(Exit::Io, &AdoptError::Directory { path: path.to_owned(), source })
    };
    let mut files: Vec<PathBuf> = Vec::new();
    // `cdktf.out` has a manifest and a folder for each module.
    let is_assembly = path.join("manifest.json").is_file() && !path.join("stacks").is_dir();
    // Outputs of the AWS CLI can be in a directory for each region, and in one for the parts of the
    // name of a repository.
    let mut directories = vec![path.to_owned()];
    while let Some(directory) = directories.pop() {
        for entry in fs::read_dir(directory).map_err(io)? {
            let path = entry.map_err(io)?.path();
            let is_hidden = path.file_name().is_none_or(|it| it.to_string_lossy().starts_with('.'));
            // The assembly of a stage. Other directories in an assembly are assets.
            let is_stage = || {
                let name = path.file_name().map(|it| it.to_string_lossy()).unwrap_or_default();
                name.starts_with("assembly-") && path.join("manifest.json").is_file()
            };
            if !path.is_dir() {
                files.push(path);
            } else if (!is_assembly || is_stage()) && !is_hidden && !path.is_symlink() {
                directories.push(path);
            }
        }
    }
    files.sort();
    let ends = |file: &Path, ends: &[&str]| {
        let name = file.file_name().and_then(|it| it.to_str()).unwrap_or_default();
        ends.iter().any(|end| name.ends_with(end))
    };
    let kinds: &[&str] = if files.iter().any(|it| ends(it, &[".tf.json"])) {
        &[".tf.json"]
    } else if is_assembly {
        &["manifest.json", ".template.json"]
    } else {
        &[".json", ".yaml", ".yml", ".template", ".tfstate"]
    };
    let mut found = false;
    for file in files {
        if ends(&file, kinds) && file.is_file() {
            found = true;
            let TextFile { name, text } = TextFile::read(&file)?;
            sources.push(Source { name, text });
        }
    }
    if found {
        Ok(())
    } else {
        Err(Failure::one(Exit::Refused, &AdoptError::NoSource { path: path.to_owned() }))
    }
}

fn write(path: &Path, text: &str) -> Result<(), AdoptError> {
    let io = |source: io::Error| {
        let path = path.to_owned();
        if source.kind() == io::ErrorKind::AlreadyExists {
            AdoptError::Exists { path }
        } else {
            AdoptError::Io { path, source }
        }
    };
    // Never opens a file that exists.
    let mut file = File::create_new(path).map_err(io)?;
    file.write_all(text.as_bytes()).map_err(|source| {
        // A half-written config; the first error is the one to report.
        let _ = fs::remove_file(path);
        io(source)
    })
}

/// Why `adopt` failed, other than for what its sources contain.
#[derive(Debug, Error)]
pub(crate) enum AdoptError {
    /// The argument of `--parameter` has no name or no `=`.
    #[error("`{text}` is not KEY=VALUE")]
    Parameter { text: String },
    /// The name of the config is not that of a YAML file.
    #[error("`{}` is not the name of a YAML file", .path.display())]
    NotYaml { path: PathBuf },
    /// The file exists.
    #[error("`{}` exists", .path.display())]
    Exists { path: PathBuf },
    /// The config could not be written.
    #[error("could not create `{}`", .path.display())]
    Io { path: PathBuf, source: io::Error },
    /// The directory could not be read.
    #[error("could not read `{}`", .path.display())]
    Directory { path: PathBuf, source: io::Error },
    /// The directory contains no source.
    #[error("`{}` contains no JSON or YAML file", .path.display())]
    NoSource { path: PathBuf },
}

impl Explain for AdoptError {
    fn code(&self) -> &'static str {
        match self {
            Self::Parameter { .. } => "adopt::parameter",
            Self::NotYaml { .. } => "adopt::not_yaml",
            Self::Exists { .. } => "adopt::exists",
            Self::Io { .. } => "adopt::io",
            Self::Directory { .. } => "adopt::directory",
            Self::NoSource { .. } => "adopt::no_source",
        }
    }

    fn help(&self) -> Option<String> {
        let text = match self {
            Self::Parameter { .. } => {
                "write the name and the value, such as `--parameter Stage=prod`"
            }
            Self::NotYaml { .. } => {
                "the config is YAML, for its comments: name a file that ends in `.yaml` with `--out`, or print with `--out -`"
            }
            Self::Exists { .. } => {
                "`ecrane adopt` overwrites nothing; name another file with `--out`, or print with `--out -`"
            }
            Self::NoSource { .. } => {
                "pass `cdk.out`, `cdktf.out`, or a directory with CloudFormation templates, Terraform modules in JSON, states or output of the AWS CLI"
            }
            Self::Io { .. } | Self::Directory { .. } => return None,
        };
        Some(text.to_owned())
    }
}
