//! AWS quotas and patterns, and their violations.

use ecrane_document::{Explain, Place, Problem};
use thiserror::Error;

use super::ReferenceWarning;
use crate::compatibility::Compatibility;

/// A quota or pattern of AWS.
#[derive(Debug, PartialEq, Eq)]
pub struct Rule {
    /// The error code of a violation.
    pub code: &'static str,
    /// The name of the checked property in messages.
    pub what: &'static str,
    /// The allowed values, unless the message states them, and the AWS source.
    pub help: &'static str,
}

/// A violation of a quota or pattern of AWS.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum LimitError {
    /// Too many items.
    #[error("{count} {}, the maximum is {most}", .rule.what)]
    TooMany {
        /// The actual number.
        count: usize,
        /// The maximum.
        most: usize,
        /// The violated rule.
        rule: &'static Rule,
    },
    /// A text is too short or too long.
    #[error("{} has {length} characters, AWS allows {least} to {most}", .rule.what)]
    Length {
        /// The actual length, in characters.
        length: usize,
        /// The minimum length.
        least: usize,
        /// The maximum length.
        most: usize,
        /// The violated rule.
        rule: &'static Rule,
    },
    /// A text does not match a pattern.
    #[error("invalid {} `{text}`", .rule.what)]
    Malformed {
        /// The invalid text.
        text: String,
        /// The violated rule.
        rule: &'static Rule,
    },
    /// A number is out of range.
    #[error("{} is {value}, AWS allows {least} to {most}", .rule.what)]
    Range {
        /// The actual number.
        value: u32,
        /// The minimum.
        least: u32,
        /// The maximum.
        most: u32,
        /// The violated rule.
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

/// The problems found so far.
#[derive(Debug)]
pub(crate) struct Findings {
    pub(crate) problems: Vec<Problem>,
    compatibility: Compatibility,
}

impl Findings {
    pub(crate) fn new(problems: Vec<Problem>, compatibility: Compatibility) -> Self {
        Self { problems, compatibility }
    }

    /// Reports what AWS refuses and the CDK writes: an error, or a warning if the input asks for
    /// the templates of a CDK version.
    pub(crate) fn refused_by_aws(&mut self, place: Place, fact: impl Explain) {
        let severity = self.compatibility.severity(false);
        self.problems.push(Problem { severity, ..Problem::error(place, fact) });
    }

    /// Reports what AWS refuses and the CDK writes unless
    /// `@aws-cdk/core:validateAgainstDefaultRules` is set.
    pub(crate) fn refused_by_default_rules(&mut self, place: Place, fact: impl Explain) {
        let severity = self.compatibility.severity(true);
        self.problems.push(Problem { severity, ..Problem::error(place, fact) });
    }

    pub(crate) fn error(&mut self, place: Place, error: impl Explain) {
        self.problems.push(Problem::error(place, error));
    }

    pub(crate) fn warning(&mut self, place: Place, warning: impl Explain) {
        self.problems.push(Problem::warning(place, warning));
    }

    /// Warns of a reference of CloudFormation or Terraform. The form of a text that has one says
    /// nothing about what was meant.
    pub(crate) fn reference(&mut self, text: &str, place: &Place) -> bool {
        let Some(warning) = ReferenceWarning::of(text) else { return false };
        let severity = warning.severity(self.compatibility);
        self.problems.push(Problem { severity, ..Problem::warning(place.clone(), warning) });
        true
    }

    /// Checks a maximum count.
    pub(crate) fn count(&mut self, count: usize, most: usize, rule: &'static Rule, place: &Place) {
        if count > most {
            self.error(place.clone(), LimitError::TooMany { count, most, rule });
        }
    }

    /// Checks the length of a text.
    pub(crate) fn length(
        &mut self,
        text: Option<&str>,
        (least, most): (usize, usize),
        rule: &'static Rule,
        place: &Place,
    ) {
        let Some(length) = text.map(|text| text.chars().count()) else { return };
        self.characters(length, (least, most), rule, || place.clone());
    }

    /// Checks a number of characters.
    pub(crate) fn characters(
        &mut self,
        length: usize,
        (least, most): (usize, usize),
        rule: &'static Rule,
        place: impl FnOnce() -> Place,
    ) {
        if !(least..=most).contains(&length) {
            self.error(place(), LimitError::Length { length, least, most, rule });
        }
    }

    /// Checks the pattern of a text.
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

    /// Checks the range of a number.
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
