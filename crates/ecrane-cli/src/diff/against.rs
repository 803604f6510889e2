//! Reads the files that a config is compared with, and detects by their content what they are.

use std::fs;
use std::io::{self, ErrorKind, Read as _};
use std::path::{Path, PathBuf};

use ecrane_core::Explain;
use ecrane_diff::{Document, ReadError, Stack, parse_text};

use super::error::AgainstError;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::input::Input;
use crate::text_file::is_stdin;

/// What is deployed.
#[derive(Debug)]
pub(crate) enum Earlier {
    /// An earlier config.
    Config(Box<Input>),
    /// All files of an output, by their paths in it.
    Output(Vec<Deployed>),
    /// One document.
    Single(Box<Deployed>),
}

/// A deployed stack.
#[derive(Debug)]
pub(crate) struct Deployed {
    /// The path in the output, or that of the file.
    pub(crate) path: String,
    pub(crate) text: String,
    pub(crate) stack: Stack,
}

impl Deployed {
    /// The name of the stack, if the file has it in its path.
    pub(crate) fn name(&self) -> Option<&str> {
        let folder = |file: &str| self.path.strip_suffix(file)?.strip_suffix('/');
        let file = || self.path.strip_suffix(".template.json");
        let path = folder("main.tf.json").or_else(|| folder("cdk.tf.json")).or_else(file)?;
        path.rsplit('/').next()
    }

    /// Whether the file is one of the layout `cdktf`.
    pub(crate) fn is_cdktf(&self) -> bool {
        self.path.ends_with("cdk.tf.json")
    }
}

/// Reads the argument of `--against`: `-` is stdin.
pub(crate) fn read(path: &Path) -> Result<Earlier, Failure> {
    if path.is_dir() {
        return read_folder(path);
    }
    let name = path.display().to_string();
    if is_stdin(path) {
        let mut bytes = Vec::new();
        let read = io::stdin().lock().read_to_end(&mut bytes).map(|_| bytes);
        return document("stdin", text("stdin", read)?);
    }
    let extension = path.extension().and_then(|it| it.to_str()).unwrap_or_default();
    let config = || Ok(Earlier::Config(Box::new(Input::load(Some(path))?)));
    if extension == "toml" {
        return config();
    }
    let text = text(&name, fs::read(path))?;
    let is_yaml = matches!(extension, "yaml" | "yml");
    if is_config(&text) || is_yaml && !is_template(&text) {
        return config();
    }
    document(&name, text)
}

fn document(name: &str, text: String) -> Result<Earlier, Failure> {
    let named = |path: String, text: String, stack| Deployed { path, text, stack };
    match Document::parse(&text) {
        Ok(Document::Stack(stack)) => {
            Ok(Earlier::Single(Box::new(named(name.to_owned(), text, stack))))
        }
        Ok(Document::Files(files)) => {
            let whole: serde_json::Value = serde_json::from_str(&text).unwrap_or_default();
            let text = |path: &str| whole.get(path).map(ToString::to_string).unwrap_or_default();
            let files =
                files.into_iter().map(|(path, stack)| named(path.clone(), text(&path), stack));
            Ok(Earlier::Output(files.collect()))
        }
        Err(source) => Err(unreadable(name, source)),
    }
}

/// Whether a text in JSON or YAML is a config. One can have the key `terraform`, as a module.
fn is_config(text: &str) -> bool {
    parse_text(text).is_ok_and(|value| value.get("stacks").is_some())
}

/// Whether a text in YAML is a template, or the output of `aws cloudformation get-template`.
/// Everything else is read as a config, whose errors have places.
fn is_template(text: &str) -> bool {
    let has = |value: serde_json::Value| {
        let keys = ["Resources", "AWSTemplateFormatVersion", "TemplateBody"];
        keys.iter().any(|key| value.get(key).is_some())
    };
    parse_text(text).is_ok_and(has)
}

fn unreadable(name: &str, source: ReadError) -> Failure {
    Failure::one(Exit::Refused, &AgainstError::Document { name: name.to_owned(), source })
}

fn text(name: &str, read: io::Result<Vec<u8>>) -> Result<String, Failure> {
    let io = |source: io::Error| {
        Failure::one(Exit::Io, &AgainstError::Unreadable { name: name.to_owned(), source })
    };
    let bytes = read.map_err(io)?;
    String::from_utf8(bytes)
        .map_err(|_| Failure::one(Exit::Refused, &AgainstError::NotUtf8 { name: name.to_owned() }))
}

/// The files of an output directory, in any of its layouts; those of a module that is one itself.
fn read_folder(folder: &Path) -> Result<Earlier, Failure> {
    let name = folder.display().to_string();
    let io = |source: io::Error| {
        Failure::one(Exit::Io, &AgainstError::Unreadable { name: name.clone(), source })
    };
    let mut found: Vec<(String, PathBuf)> = Vec::new();
    for path in entries(folder).map_err(io)? {
        let Some(name) = path.file_name().and_then(|it| it.to_str()).map(str::to_owned) else {
            continue;
        };
        if name.ends_with(".template.json") {
            found.push((name, path));
        } else if name == "main.tf.json" || name == "cdk.tf.json" {
            // The directory is a module: it has the name of the stack.
            let real = fs::canonicalize(folder).map_err(io)?;
            let parent = real.file_name().and_then(|it| it.to_str()).unwrap_or_default();
            found.push((format!("{parent}/{name}"), path));
        } else if name == "stacks" || name == "modules" {
            for path in entries(&path).map_err(io)? {
                let stack = path.file_name().and_then(|it| it.to_str()).unwrap_or_default();
                for file in ["cdk.tf.json", "main.tf.json"] {
                    let module = path.join(file);
                    if module.is_file() {
                        found.push((format!("{name}/{stack}/{file}"), module));
                    }
                }
            }
        } else {
            let module = path.join("main.tf.json");
            if module.is_file() {
                found.push((format!("{name}/main.tf.json"), module));
            }
        }
    }
    found.sort();
    if found.is_empty() {
        return Err(Failure::one(Exit::Refused, &AgainstError::NoOutput { folder: name }));
    }
    let mut failures = Vec::new();
    let mut deployed = Vec::new();
    for (path, file) in found {
        let name = file.display().to_string();
        let text = text(&name, fs::read(&file))?;
        match Document::parse(&text) {
            Ok(Document::Stack(stack)) => deployed.push(Deployed { path, text, stack }),
            Ok(Document::Files(_)) => {
                failures.push(AgainstError::Document { name, source: ReadError::Unknown });
            }
            Err(source) => failures.push(AgainstError::Document { name, source }),
        }
    }
    if failures.is_empty() {
        Ok(Earlier::Output(deployed))
    } else {
        Err(Failure::new(Exit::Refused, failures.iter().map(|it| it as &dyn Explain)))
    }
}

fn entries(folder: &Path) -> io::Result<Vec<PathBuf>> {
    match fs::read_dir(folder) {
        Ok(entries) => entries.map(|entry| Ok(entry?.path())).collect(),
        Err(error) if error.kind() == ErrorKind::NotADirectory => Ok(Vec::new()),
        Err(error) => Err(error),
    }
}
