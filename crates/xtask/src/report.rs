//! Output for the user.

use std::io::{self, Write as _};

use crate::failure::Failure;

/// The number of checks by result.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    pub(crate) passed: usize,
    pub(crate) failed: usize,
    pub(crate) skipped: usize,
}

impl Tally {
    /// A single check, passed or failed.
    pub(crate) fn one(passed: bool) -> Self {
        if passed {
            Self { passed: 1, ..Self::default() }
        } else {
            Self { failed: 1, ..Self::default() }
        }
    }

    pub(crate) fn add(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
    }
}

impl std::fmt::Display for Tally {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} passed, {} failed, {} skipped", self.passed, self.failed, self.skipped)
    }
}

impl std::str::FromStr for Tally {
    type Err = ();

    /// Parses the output of `Display`.
    fn from_str(text: &str) -> Result<Self, ()> {
        let mut counts =
            text.split(", ").zip(["passed", "failed", "skipped"]).map(|(part, what)| {
                let (count, found) = part.split_once(' ')?;
                if found == what { count.parse().ok() } else { None }
            });
        let mut next = || counts.next().flatten().ok_or(());
        Ok(Self { passed: next()?, failed: next()?, skipped: next()? })
    }
}

/// Writes a line to standard output and flushes it, to keep the order relative to the output of
/// other programs.
pub(crate) fn say(line: impl std::fmt::Display) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    writeln!(out, "{line}").and_then(|()| out.flush()).map_err(Failure::Output)
}

/// Reports a suite whose requirements are missing: skipped, or failed in CI, where nobody would
/// notice a skipped suite.
pub(crate) fn missing(what: &str) -> Result<Tally, Failure> {
    if std::env::var_os("CI").is_some() {
        say(format_args!("missing: {what}"))?;
        return Ok(Tally::one(false));
    }
    say(format_args!("skipped: {what}"))?;
    Ok(Tally { skipped: 1, ..Tally::default() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tally_is_read_as_it_is_written() {
        let tally = Tally { passed: 791, failed: 1, skipped: 20 };
        assert_eq!(tally.to_string().parse(), Ok(tally));
        for other in ["", "791 passed", "791 passed, 1 failed", "a passed, b failed, c skipped"] {
            assert_eq!(other.parse::<Tally>(), Err(()), "{other}");
        }
    }
}
