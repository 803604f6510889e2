//! `ecrane check --lifecycle-policy`: a policy that somebody else has written.

use std::io::{ErrorKind, Read as _};
use std::path::Path;

use ecrane_config::{Document, Format, LoadError};
use ecrane_core::{LifecyclePolicy, Problems};

use crate::diagnostics::Reporter;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::input::load_exit;
use crate::locate::{locate, locate_load_error, locate_syntax_error};

/// Tells what ECR would refuse in the text of a lifecycle policy.
pub(crate) fn check(path: &Path, reporter: Reporter) -> Result<(), Failure> {
    let text = read(path).map_err(|error| Failure {
        exit: load_exit(&error),
        findings: vec![locate_load_error(&error)],
        subject: None,
    })?;
    let name = name(path);
    let found = LifecyclePolicy::validate(&text);
    let findings = match Document::parse(&name, Format::Json, &text) {
        Ok(document) => locate(&document, &found),
        Err(error) => locate_syntax_error(&error, &found),
    };
    match Problems::check(found) {
        Err(_) => Err(Failure { exit: Exit::Refused, findings, subject: Some(name) }),
        Ok(warnings) if warnings.is_empty() => {
            reporter.say(&format!("no problem in {name}"));
            Ok(())
        }
        Ok(_) => {
            reporter.report(findings, Some(&name));
            Ok(())
        }
    }
}

fn name(path: &Path) -> String {
    if is_stdin(path) { "stdin".to_owned() } else { path.display().to_string() }
}

fn is_stdin(path: &Path) -> bool {
    path.as_os_str() == "-"
}

fn read(path: &Path) -> Result<String, LoadError> {
    let owned = || name(path).into();
    let read = if is_stdin(path) {
        let mut bytes = Vec::new();
        std::io::stdin().lock().read_to_end(&mut bytes).map(|_| bytes)
    } else {
        std::fs::read(path)
    };
    let bytes = read.map_err(|source| {
        if source.kind() == ErrorKind::NotFound {
            LoadError::Missing { path: owned() }
        } else {
            LoadError::Unreadable { path: owned(), source }
        }
    })?;
    String::from_utf8(bytes).map_err(|error| LoadError::NotUtf8 {
        path: owned(),
        offset: error.utf8_error().valid_up_to(),
    })
}
