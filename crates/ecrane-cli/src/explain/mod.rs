//! `ecrane explain`: what a code means.

mod page;

use std::fmt::Write as _;

use ecrane_core::{Explain, suggest};
use thiserror::Error;

use crate::args::ExplainArgs;
use crate::diagnostics::escape;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::print::print;
pub(crate) use page::Page;

/// Every code with the file that explains it, sorted.
static EXPLANATIONS: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/explanations.rs"));

/// The explanation of a code.
pub(crate) fn find(code: &str) -> Option<Page<'static>> {
    let index = EXPLANATIONS.binary_search_by(|(known, _)| (*known).cmp(code)).ok()?;
    EXPLANATIONS.get(index).map(|(_, text)| Page::parse(text))
}

/// Prints the explanation of a code, or a list of all codes.
pub(crate) fn run(args: &ExplainArgs) -> Result<(), Failure> {
    let Some(code) = &args.code else { return print(list().as_bytes()) };
    let Some(page) = find(code) else {
        let suggestion = suggest(code, EXPLANATIONS.iter().map(|(code, _)| *code));
        let error = UnknownCode { code: code.clone(), suggestion: suggestion.map(str::to_owned) };
        return Err(Failure::one(Exit::Usage, &error));
    };
    print(format!("{}\n\n{}", escape(code), page.plain()).as_bytes())
}

fn list() -> String {
    let width = EXPLANATIONS.iter().map(|(code, _)| code.len()).max().unwrap_or_default();
    let mut text = String::new();
    for (code, page) in EXPLANATIONS {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{code:width$}  {}", Page::parse(page).summary());
    }
    text
}

/// There is no such code.
#[derive(Debug, Error)]
#[error("there is no code `{code}`")]
pub(crate) struct UnknownCode {
    pub(crate) code: String,
    pub(crate) suggestion: Option<String>,
}

impl Explain for UnknownCode {
    fn code(&self) -> &'static str {
        "explain::unknown_code"
    }

    fn help(&self) -> Option<String> {
        Some("`ecrane explain --list` lists all codes".to_owned())
    }

    fn suggestion(&self) -> Option<&str> {
        self.suggestion.as_deref()
    }
}
