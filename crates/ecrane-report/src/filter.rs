//! Which part of a graph a picture shows.

use ecrane_core::{Explain, Glob, suggest};
use thiserror::Error;

/// Which part of a graph a picture shows. An empty list does not filter.
///
/// ```
/// use ecrane_report::Filter;
///
/// let team = Filter { repositories: vec!["shop/*".to_owned()], ..Filter::default() };
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Construct ids of stacks.
    pub stacks: Vec<String>,
    /// Names, construct ids or construct paths of repositories; `*` stands for any text.
    pub repositories: Vec<String>,
    /// ARNs, names, construct ids or construct paths of principals; `*` stands for any text.
    pub principals: Vec<String>,
}

/// A word that selects nothing.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum FilterError {
    /// No stack has this id.
    #[error("the config has no stack `{word}`")]
    Stack {
        /// The word.
        word: String,
        /// A similar id.
        suggestion: Option<String>,
    },
    /// No repository has this name or id.
    #[error("the config has no repository `{word}`")]
    Repository {
        /// The word.
        word: String,
        /// A similar name or id.
        suggestion: Option<String>,
    },
    /// No principal has this name or id.
    #[error("no policy of the config names the principal `{word}`")]
    Principal {
        /// The word.
        word: String,
        /// A similar name or id.
        suggestion: Option<String>,
    },
}

impl Explain for FilterError {
    fn code(&self) -> &'static str {
        match self {
            Self::Stack { .. } => "graph::unknown_stack",
            Self::Repository { .. } => "graph::unknown_repository",
            Self::Principal { .. } => "graph::unknown_principal",
        }
    }

    fn help(&self) -> Option<String> {
        let (Self::Stack { suggestion, .. }
        | Self::Repository { suggestion, .. }
        | Self::Principal { suggestion, .. }) = self;
        let help = match self {
            Self::Stack { .. } => "use the id of a stack of the config",
            Self::Repository { .. } => "use a name or construct id, or a pattern such as `shop/*`",
            Self::Principal { .. } => {
                "`ecrane access` lists all principals; use an ARN, a name or a construct id"
            }
        };
        // The suggestion is told apart.
        suggestion.is_none().then(|| help.to_owned())
    }

    fn suggestion(&self) -> Option<&str> {
        let (Self::Stack { suggestion, .. }
        | Self::Repository { suggestion, .. }
        | Self::Principal { suggestion, .. }) = self;
        suggestion.as_deref()
    }
}

/// The positions of the things that words select, or of all if there are no words.
///
/// # Errors
/// Returns a word that selects nothing, and a similar one.
pub(crate) fn select(
    words: &[String],
    names: &[Vec<String>],
) -> Result<Vec<bool>, (String, Option<String>)> {
    let mut chosen = vec![words.is_empty(); names.len()];
    for word in words {
        let glob = Glob::new(word);
        let mut found = false;
        for (names, chosen) in names.iter().zip(&mut chosen) {
            if names.iter().any(|name| name == word || glob.matches(name)) {
                (*chosen, found) = (true, true);
            }
        }
        if !found {
            let all = names.iter().flatten().map(String::as_str);
            return Err((word.clone(), suggest(word, all).map(str::to_owned)));
        }
    }
    Ok(chosen)
}
