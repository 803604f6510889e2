//! Bounds that AWS sets, and what breaks them.

use ecrane_document::{Explain, Place, Problem};
use thiserror::Error;

/// A bound that AWS sets.
#[derive(Debug, PartialEq, Eq)]
pub struct Rule {
    /// The code of the fact that it is broken.
    pub code: &'static str,
    /// What is bounded, as it reads in a sentence.
    pub what: &'static str,
    /// What is allowed, where the sentence does not say it, and where AWS says so.
    pub help: &'static str,
}

/// Something breaks a bound that AWS sets.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum LimitError {
    /// Too many of something.
    #[error("{count} {}, where AWS takes {most}", .rule.what)]
    TooMany {
        /// How many there are.
        count: usize,
        /// How many there may be.
        most: usize,
        /// The bound.
        rule: &'static Rule,
    },
    /// A text that is too short or too long.
    #[error("{} has {length} characters, where AWS takes {least} to {most}", .rule.what)]
    Length {
        /// How long it is, in characters.
        length: usize,
        /// How long it has to be.
        least: usize,
        /// How long it may be.
        most: usize,
        /// The bound.
        rule: &'static Rule,
    },
    /// A text that breaks a pattern.
    #[error("malformed {} `{text}`", .rule.what)]
    Malformed {
        /// The text as given.
        text: String,
        /// The bound.
        rule: &'static Rule,
    },
    /// A number out of range.
    #[error("{} is {value}, where AWS takes {least} to {most}", .rule.what)]
    Range {
        /// The number as given.
        value: u32,
        /// The lowest.
        least: u32,
        /// The highest.
        most: u32,
        /// The bound.
        rule: &'static Rule,
    },
}

impl Explain for LimitError {
    fn code(&self) -> &'static str {
        self.rule().code
    }

    fn help(&self) -> Option<String> {
        Some(self.rule().help.to_owned())
    }
}

impl LimitError {
    fn rule(&self) -> &'static Rule {
        match self {
            Self::TooMany { rule, .. }
            | Self::Length { rule, .. }
            | Self::Malformed { rule, .. }
            | Self::Range { rule, .. } => rule,
        }
    }
}

/// What has been found.
#[derive(Debug, Default)]
pub(crate) struct Findings {
    pub(crate) problems: Vec<Problem>,
}

impl Findings {
    pub(crate) fn error(&mut self, place: Place, error: impl Explain) {
        self.problems.push(Problem::error(place, error));
    }

    pub(crate) fn warning(&mut self, place: Place, warning: impl Explain) {
        self.problems.push(Problem::warning(place, warning));
    }

    /// At most so many of something.
    pub(crate) fn count(&mut self, count: usize, most: usize, rule: &'static Rule, place: &Place) {
        if count > most {
            self.error(place.clone(), LimitError::TooMany { count, most, rule });
        }
    }

    /// A text of so many characters.
    pub(crate) fn length(
        &mut self,
        text: Option<&str>,
        (least, most): (usize, usize),
        rule: &'static Rule,
        place: &Place,
    ) {
        let Some(length) = text.map(|text| text.chars().count()) else { return };
        if !(least..=most).contains(&length) {
            self.error(place.clone(), LimitError::Length { length, least, most, rule });
        }
    }

    /// A text of a certain form.
    pub(crate) fn form(
        &mut self,
        text: Option<&str>,
        is_well_formed: impl FnOnce(&str) -> bool,
        rule: &'static Rule,
        place: &Place,
    ) {
        if let Some(text) = text
            && !is_well_formed(text)
        {
            self.error(place.clone(), LimitError::Malformed { text: text.to_owned(), rule });
        }
    }

    /// A number within bounds.
    pub(crate) fn range(
        &mut self,
        value: Option<u32>,
        (least, most): (u32, u32),
        rule: &'static Rule,
        place: &Place,
    ) {
        if let Some(value) = value
            && !(least..=most).contains(&value)
        {
            self.error(place.clone(), LimitError::Range { value, least, most, rule });
        }
    }
}
