//! Runs the self-test of the emulated AWS: its changes to moto are correct, and every change of a
//! template has an effect.

use super::counted;
use crate::failure::Failure;
use crate::report::{Tally, missing};
use crate::terraform::said;
use crate::tools;

pub(super) fn run() -> Result<Tally, Failure> {
    if !tools::has("python3") {
        return missing("python3, which runs the emulated AWS");
    }
    let output = tools::output(&mut tools::python("aws", "unittest")?)?;
    let text = said(&output);
    counted(summary(&text), output.status, &text)
}

/// Parses the counts of lines such as `Ran 31 tests in 20.1s` and `FAILED (failures=1, errors=1,
/// skipped=2)`.
fn summary(text: &str) -> Tally {
    let ran =
        text.lines().find_map(|line| line.strip_prefix("Ran ")?.split(' ').next()?.parse().ok());
    let counts =
        text.lines().rev().find(|line| line.starts_with("FAILED (") || line.starts_with("OK"));
    let count = |what: &str| {
        let parts = counts.into_iter().flat_map(|line| line.split(['(', ',', ')']));
        let mut numbers =
            parts.filter_map(|part| part.trim().strip_prefix(what)?.strip_prefix('='));
        numbers.find_map(|number| number.parse().ok()).unwrap_or(0)
    };
    let (ran, failed, skipped): (usize, usize, usize) =
        (ran.unwrap_or(0), count("failures") + count("errors"), count("skipped"));
    Tally { passed: ran.saturating_sub(failed + skipped), failed, skipped }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_summary_of_unittest_is_read() {
        let tally = |passed, failed, skipped| Tally { passed, failed, skipped };
        assert_eq!(summary("....\nRan 31 tests in 20.1s\n\nOK\n"), tally(31, 0, 0));
        assert_eq!(summary("Ran 31 tests in 20.1s\n\nOK (skipped=2)\n"), tally(29, 0, 2));
        let text = "Ran 9 tests in 1s\n\nFAILED (failures=1, errors=2, skipped=3)";
        assert_eq!(summary(text), tally(3, 3, 3));
        assert_eq!(summary("Traceback"), tally(0, 0, 0));
    }
}
