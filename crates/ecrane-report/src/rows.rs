//! Rows of the table of repositories, in a form that is short even if there are thousands.

use std::collections::BTreeSet;
use std::fmt::Write as _;

/// Rows as ranges, which the script of the page reads: `0-3 7`.
pub(crate) fn ranges(rows: impl IntoIterator<Item = usize>) -> String {
    let rows: BTreeSet<usize> = rows.into_iter().collect();
    let mut ranges = Vec::<(usize, usize)>::new();
    for row in rows {
        match ranges.last_mut() {
            Some((_, last)) if *last + 1 == row => *last = row,
            _ => ranges.push((row, row)),
        }
    }
    let mut text = String::new();
    for (first, last) in ranges {
        let space = if text.is_empty() { "" } else { " " };
        // Writing to a string cannot fail.
        let _ = write!(text, "{space}{first}");
        if last > first {
            let _ = write!(text, "-{last}");
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn joins_neighbours() {
        assert_eq!(ranges([3, 1, 0, 7, 2, 9, 10]), "0-3 7 9-10");
        assert_eq!(ranges([]), "");
    }
}
