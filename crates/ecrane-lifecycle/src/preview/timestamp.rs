//! Timestamps, as the AWS CLI prints them.

use std::fmt;
use std::num::NonZeroU64;
use std::str::FromStr;
use std::time::SystemTime;

use ecrane_document::Explain;
use thiserror::Error;

use crate::days::Days;

/// The microseconds of a day of 24 hours, as ECR counts days.
const DAY: i64 = 24 * 60 * 60 * 1_000_000;

/// An instant, in microseconds, which is the resolution of the AWS CLI.
///
/// Read from RFC 3339 with an offset (AWS CLI version 2), or made of seconds since 1970 (AWS CLI
/// version 1, and the ECR API).
///
/// ```
/// use ecrane_lifecycle::preview::Timestamp;
///
/// let sydney: Timestamp = "2026-03-14T22:00:00+11:00".parse()?;
/// assert_eq!(sydney.to_string(), "2026-03-14T11:00:00Z");
/// assert_eq!(Timestamp::from_epoch_seconds(1_773_486_000.0)?, sydney);
/// # Ok::<(), ecrane_lifecycle::preview::TimestampError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(NonZeroU64);

/// The sign bit, flipped so that the order of the numbers is that of the instants.
const SIGN: u64 = 1 << 63;

impl Timestamp {
    /// The instant so many microseconds after 1970. Kept so that an `Option` takes no more room,
    /// as a million images have four each; the only number without an instant is [`i64::MIN`].
    const fn new(microseconds: i64) -> Self {
        match NonZeroU64::new(microseconds.cast_unsigned() ^ SIGN) {
            Some(number) => Self(number),
            None => Self(NonZeroU64::MIN),
        }
    }

    const fn microseconds(self) -> i64 {
        (self.0.get() ^ SIGN).cast_signed()
    }

    /// The instant so many seconds after 1970-01-01T00:00:00Z.
    ///
    /// # Errors
    /// If it is outside the years -9999 to 9999.
    pub fn from_epoch_seconds(seconds: f64) -> Result<Self, TimestampError> {
        let out_of_range = || TimestampError::OutOfRange { seconds: seconds.to_string() };
        let duration =
            jiff::SignedDuration::try_from_secs_f64(seconds).map_err(|_| out_of_range())?;
        let exact = jiff::Timestamp::from_duration(duration).map_err(|_| out_of_range())?;
        let rounded = exact.round(jiff::Unit::Microsecond).map_err(|_| out_of_range())?;
        Ok(Self::new(rounded.as_microsecond()))
    }

    /// The instant so many days of 24 hours later; the latest there is, if that is too late.
    #[must_use]
    pub fn plus_days(self, days: u32) -> Self {
        let latest = jiff::Timestamp::MAX.as_microsecond();
        let later = self.microseconds().saturating_add(DAY.saturating_mul(days.into()));
        Self::new(later.min(latest))
    }

    /// Whether more than so many days of 24 hours lie between this instant and a later one.
    pub(crate) fn is_older_than(self, days: Days, now: Self) -> bool {
        now.microseconds().saturating_sub(self.microseconds())
            > DAY.saturating_mul(days.count().into())
    }

    /// After how many days of 24 hours from another instant this one is
    /// [older](Self::is_older_than) than so many days; 0 if it is older then.
    pub(crate) fn days_until_older(self, limit: Days, now: Self) -> u32 {
        let age = i128::from(now.microseconds()) - i128::from(self.microseconds());
        let rest = i128::from(DAY) * i128::from(limit.count()) - age;
        if rest < 0 { 0 } else { u32::try_from(rest / i128::from(DAY) + 1).unwrap_or(u32::MAX) }
    }

    /// The time from this instant to a later one.
    pub(crate) fn age_at(self, now: Self) -> Age {
        Age(now.microseconds().saturating_sub(self.microseconds()))
    }
}

impl FromStr for Timestamp {
    type Err = TimestampError;

    fn from_str(text: &str) -> Result<Self, TimestampError> {
        let parsed: jiff::Timestamp =
            text.parse().map_err(|_| TimestampError::Malformed { text: text.to_owned() })?;
        Ok(Self::new(parsed.as_microsecond()))
    }
}

impl TryFrom<SystemTime> for Timestamp {
    type Error = TimestampError;

    fn try_from(time: SystemTime) -> Result<Self, TimestampError> {
        let parsed = jiff::Timestamp::try_from(time)
            .map_err(|_| TimestampError::OutOfRange { seconds: format!("{time:?}") })?;
        Ok(Self::new(parsed.as_microsecond()))
    }
}

impl fmt::Display for Timestamp {
    /// RFC 3339, in UTC.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Every constructor keeps to the range of `jiff`.
        let time = jiff::Timestamp::from_microsecond(self.microseconds()).unwrap_or_default();
        write!(f, "{time}")
    }
}

/// A time span as a person reads it: in its two largest units, rounded down, so that whether it
/// is more than a number of days can be seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Age(i64);

impl fmt::Display for Age {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const SECOND: i64 = 1_000_000;
        if self.0 < 0 {
            return f.write_str("in the future");
        }
        let mut rest = self.0;
        let mut written = 0;
        for (unit, name) in
            [(DAY, "day"), (3600 * SECOND, "hour"), (60 * SECOND, "minute"), (SECOND, "second")]
        {
            let count = rest / unit;
            rest %= unit;
            if count == 0 || written == 2 {
                continue;
            }
            let space = if written == 0 { "" } else { " " };
            let plural = if count == 1 { "" } else { "s" };
            write!(f, "{space}{count} {name}{plural}")?;
            written += 1;
        }
        match (written, rest) {
            (0, _) => f.write_str("less than a second ago"),
            (1, 1..) => f.write_str(" and less than a second ago"),
            _ => f.write_str(" ago"),
        }
    }
}

/// Why a value is not a [`Timestamp`].
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum TimestampError {
    /// It is not RFC 3339, or has no offset.
    #[error("`{text}` is not a time with an offset")]
    Malformed {
        /// The text as given.
        text: String,
    },
    /// It is outside the years -9999 to 9999.
    #[error("`{seconds}` is out of the range of times")]
    OutOfRange {
        /// The number of seconds as given.
        seconds: String,
    },
}

impl Explain for TimestampError {
    fn code(&self) -> &'static str {
        match self {
            Self::Malformed { .. } => "timestamp::malformed",
            Self::OutOfRange { .. } => "timestamp::out_of_range",
        }
    }

    fn help(&self) -> Option<String> {
        Some(
            "write RFC 3339 with an offset: 2026-03-14T22:00:00Z, 2026-03-14T22:00:00+11:00".into(),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_the_aws_cli_prints() {
        let expected: Timestamp = "2026-03-14T12:40:00.250Z".parse().unwrap();
        for text in ["2026-03-14T12:40:00.250000+00:00", "2026-03-14T22:40:00.25+10:00"] {
            assert_eq!(text.parse(), Ok(expected), "{text}");
        }
        assert_eq!(Timestamp::from_epoch_seconds(1_773_492_000.25), Ok(expected));
        for text in ["2026-03-14", "2026-03-14T12:40:00", "yesterday", ""] {
            assert!(text.parse::<Timestamp>().is_err(), "{text}");
        }
        for seconds in [1e18, f64::NAN, f64::INFINITY] {
            assert!(Timestamp::from_epoch_seconds(seconds).is_err(), "{seconds}");
        }
    }

    #[test]
    fn words_an_age() {
        let age = |seconds: i64| Age(seconds * 1_000_000).to_string();
        assert_eq!(age(-1), "in the future");
        assert_eq!(age(0), "less than a second ago");
        assert_eq!(age(90), "1 minute 30 seconds ago");
        assert_eq!(age(25 * 3600 + 59), "1 day 1 hour ago");
        assert_eq!(age(14 * 86_400), "14 days ago");
        assert_eq!(age(14 * 86_400 + 1), "14 days 1 second ago");
        assert_eq!(Age(14 * DAY + 1).to_string(), "14 days and less than a second ago");
    }
}
