//! Durations in whole days.

use ecrane_document::Explain;
use thiserror::Error;

/// A duration in whole days, at least 1.
///
/// Parses `30d`, `4w`, and the ISO 8601 durations `P30D` and `P4W`. ECR counts days of 24 hours, so
/// shorter units and calendar units (months, years) are rejected.
///
/// ```
/// use ecrane_lifecycle::Days;
///
/// assert_eq!("2w".parse::<Days>()?.count(), 14);
/// assert_eq!("P45D".parse::<Days>()?.count(), 45);
/// assert!("12h".parse::<Days>().is_err());
/// # Ok::<(), ecrane_lifecycle::DaysError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Days(u32);

impl Days {
    /// The number of days.
    pub fn count(self) -> u32 {
        self.0
    }
}

impl TryFrom<u32> for Days {
    type Error = DaysError;

    fn try_from(days: u32) -> Result<Self, Self::Error> {
        if days == 0 { Err(DaysError::Zero) } else { Ok(Self(days)) }
    }
}

impl std::str::FromStr for Days {
    type Err = DaysError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let malformed = || DaysError::Malformed { text: text.to_owned() };
        let body = text.strip_prefix(['P', 'p']).unwrap_or(text);
        let unit = body.chars().next_back().ok_or_else(malformed)?;
        let digits = body.strip_suffix(unit).unwrap_or_default();
        let per_unit = match unit {
            'd' | 'D' => 1,
            'w' | 'W' => 7,
            _ => return Err(malformed()),
        };
        if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return Err(malformed());
        }
        let count: u32 = digits.parse().map_err(|_| malformed())?;
        Self::try_from(count.checked_mul(per_unit).ok_or_else(malformed)?)
    }
}

/// An error when parsing [`Days`].
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum DaysError {
    /// The text is not a number of days or weeks.
    #[error("`{text}` is not a duration in days or weeks")]
    Malformed {
        /// The invalid text.
        text: String,
    },
    /// The duration is zero.
    #[error("duration must be at least 1 day")]
    Zero,
}

impl Explain for DaysError {
    fn code(&self) -> &'static str {
        match self {
            Self::Malformed { .. } => "duration::malformed",
            Self::Zero => "duration::zero",
        }
    }

    fn help(&self) -> Option<String> {
        Some("use a whole number of days or weeks, such as 30d, 4w or P30D".to_owned())
    }
}
