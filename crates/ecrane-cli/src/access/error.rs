//! Arguments that do not form a query.

use ecrane_core::Explain;
use thiserror::Error;

/// Arguments that do not form a query.
#[derive(Debug, Error)]
pub(crate) enum AccessError {
    #[error("`{text}` gives no key a value")]
    NoValue { text: String },
    #[error("the answer to a question has no form in CSV and Markdown")]
    FormatOfMatrix,
}

impl Explain for AccessError {
    fn code(&self) -> &'static str {
        match self {
            Self::NoValue { .. } => "access::no_value",
            Self::FormatOfMatrix => "access::format_of_matrix",
        }
    }

    fn help(&self) -> Option<String> {
        Some(
            match self {
                Self::NoValue { .. } => "write KEY=VALUE, such as aws:SourceIp=203.0.113.9",
                Self::FormatOfMatrix => "use `--format table` or `--format json`",
            }
            .to_owned(),
        )
    }
}
