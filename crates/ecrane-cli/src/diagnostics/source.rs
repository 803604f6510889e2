//! Locations in a text: lines, columns and source snippets.

use std::cell::{Cell, Ref, RefCell};
use std::ops::Range;

/// The number of lines displayed before and after the range.
const CONTEXT: usize = 2;
/// The maximum length of a line, in bytes. The renderer truncates lines to the width of the terminal
/// at a cost that grows with their length, and a whole config can be on one line.
const WIDTH: usize = 4000;
/// The number of bytes before the range if a line is truncated.
const LEAD: usize = 60;

/// A text with the offsets of its lines, up to the last that was asked for: a config can have millions.
#[derive(Debug)]
pub(crate) struct Lines<'a> {
    text: &'a str,
    starts: RefCell<Vec<usize>>,
    /// Whether these are all lines.
    are_all: Cell<bool>,
    /// The last position: its line, the bytes and the characters before it.
    /// Positions are asked for in the order of the text, which can be one line of megabytes.
    last: Cell<(usize, usize, usize)>,
}

/// A range of a text as lines and columns, from 1; columns count characters, the end is exclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Position {
    pub(crate) line: usize,
    pub(crate) column: usize,
    pub(crate) end_line: usize,
    pub(crate) end_column: usize,
}

/// A source snippet, with truncated lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Excerpt {
    /// The lines.
    pub(crate) text: String,
    /// The number of the first line, from 1.
    pub(crate) first_line: usize,
    /// The range, on one line, in bytes of `text`.
    pub(crate) span: Range<usize>,
    /// Whether the line is truncated before the range.
    pub(crate) is_cut: bool,
}

impl<'a> Lines<'a> {
    pub(crate) fn new(text: &'a str) -> Self {
        let starts = RefCell::new(vec![0]);
        Self { text, starts, are_all: Cell::new(false), last: Cell::new((0, 0, 0)) }
    }

    /// The lines so far, until they are enough or all.
    fn starts(&self, are_enough: impl Fn(&[usize]) -> bool) -> Ref<'_, [usize]> {
        let mut starts = self.starts.borrow_mut();
        while !self.are_all.get() && !are_enough(&starts) {
            let from = starts.last().copied().unwrap_or(0);
            match self.text.get(from..).and_then(|rest| rest.find('\n')) {
                Some(at) => starts.push(from + at + 1),
                None => self.are_all.set(true),
            }
        }
        drop(starts);
        Ref::map(self.starts.borrow(), Vec::as_slice)
    }

    /// The line, from 0, and the part of it that stands before an offset.
    fn find(&self, offset: usize) -> (usize, &'a str) {
        let offset = floor(self.text, offset);
        let starts = self.starts(|starts| starts.last().is_some_and(|start| *start > offset));
        let line = starts.partition_point(|&start| start <= offset).saturating_sub(1);
        let start = starts.get(line).copied().unwrap_or(0);
        (line, self.text.get(start..offset).unwrap_or(""))
    }

    /// A line, from 0, without its end.
    fn line(&self, line: usize) -> Option<&'a str> {
        let starts = self.starts(|starts| starts.len() > line + 1);
        let start = *starts.get(line)?;
        let end = starts.get(line + 1).map_or(self.text.len(), |next| next - 1);
        let text = self.text.get(start..end)?;
        Some(text.strip_suffix('\r').unwrap_or(text))
    }

    pub(crate) fn position(&self, span: &Range<usize>) -> Position {
        let (line, before) = self.find(span.start);
        let (end_line, before_end) = self.find(span.end.max(span.start));
        let chars = self.chars(line, before);
        let end_chars = match before_end.get(before.len()..) {
            Some(inside) if line == end_line => chars + inside.chars().count(),
            _ => before_end.chars().count(),
        };
        Position {
            line: line + 1,
            column: chars + 1,
            end_line: end_line + 1,
            end_column: end_chars + 1,
        }
    }

    /// The number of characters of a line before an offset.
    fn chars(&self, line: usize, before: &str) -> usize {
        let chars = match self.last.get() {
            (of, offset, chars) if of == line && offset <= before.len() => {
                chars + before.get(offset..).map_or(0, |rest| rest.chars().count())
            }
            _ => before.chars().count(),
        };
        self.last.set((line, before.len(), chars));
        chars
    }

    pub(crate) fn excerpt(&self, span: &Range<usize>) -> Excerpt {
        let (meant, before) = self.find(span.start);
        let first = meant.saturating_sub(CONTEXT);
        let mut text = String::new();
        let mut shown = 0..0;
        let mut is_cut = false;
        for number in first..=meant + CONTEXT {
            let Some(line) = self.line(number) else { break };
            if number > first {
                text.push('\n');
            }
            if number == meant {
                let start = before.len().min(line.len());
                let end = (start + span.len()).min(line.len());
                let (cut, inside) = cut_around(line, start..end);
                is_cut = cut.starts_with('…') && !line.starts_with('…');
                shown = text.len() + inside.start..text.len() + inside.end;
                text.push_str(&cut);
            } else {
                text.push_str(&cut_around(line, 0..0).0);
            }
        }
        Excerpt { text, first_line: first + 1, span: shown, is_cut }
    }
}

/// The part of a line around a span, with `…` for truncated text, and the span in it.
fn cut_around(line: &str, span: Range<usize>) -> (String, Range<usize>) {
    if line.len() <= WIDTH {
        return (line.to_owned(), floor(line, span.start)..span.end);
    }
    let back = |from: usize, by: usize| floor(line, from.saturating_sub(by));
    let start = if span.end <= WIDTH { 0 } else { back(span.start, LEAD) };
    let end = floor(line, start + WIDTH);
    let mut text = String::new();
    if start > 0 {
        text.push('…');
    }
    let offset = text.len();
    text.push_str(line.get(start..end).unwrap_or(""));
    let shown =
        span.start.clamp(start, end) - start + offset..span.end.clamp(start, end) - start + offset;
    if end < line.len() {
        text.push('…');
    }
    (text, shown)
}

/// The last character boundary at or before an offset.
fn floor(text: &str, offset: usize) -> usize {
    (0..=offset.min(text.len())).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "one\r\ntwö three\n\nfour\nfive";

    fn shown(text: &str, span: Range<usize>) -> (String, usize, String) {
        let excerpt = Lines::new(text).excerpt(&span);
        let meant = excerpt.text.get(excerpt.span.clone()).unwrap().to_owned();
        (excerpt.text, excerpt.first_line, meant)
    }

    #[test]
    fn counts_characters() {
        let three = TEXT.find("three").unwrap();
        assert_eq!(
            Lines::new(TEXT).position(&(three..three + 5)),
            Position { line: 2, column: 5, end_line: 2, end_column: 10 }
        );
        let end = TEXT.len();
        assert_eq!(
            Lines::new(TEXT).position(&(three..end)),
            Position { line: 2, column: 5, end_line: 5, end_column: 5 }
        );
        // Beyond the end, and inside of a character.
        for (span, line, column) in [(end + 9..end + 10, 5, 5), (8..8, 2, 3)] {
            let position = Lines::new(TEXT).position(&span);
            assert_eq!((position.line, position.column), (line, column), "{span:?}");
        }
        assert_eq!(Lines::new("").position(&(0..0)).line, 1);
    }

    #[test]
    fn shows_the_lines_around() {
        let three = TEXT.find("three").unwrap();
        assert_eq!(
            shown(TEXT, three..TEXT.len()),
            ("one\ntwö three\n\nfour".to_owned(), 1, "three".to_owned())
        );
        let five = TEXT.find("five").unwrap();
        assert_eq!(shown(TEXT, five..five + 4), ("\nfour\nfive".to_owned(), 3, "five".to_owned()));
        assert_eq!(shown("", 0..0), (String::new(), 1, String::new()));
    }

    #[test]
    fn cuts_long_lines_around_what_is_meant() {
        let text = format!("{}HERE{}\n{}", "ä".repeat(5000), "ö".repeat(5000), "z".repeat(9000));
        let here = text.find("HERE").unwrap();
        let (excerpt, _, meant) = shown(&text, here..here + 4);
        assert_eq!(meant, "HERE");
        assert!(excerpt.starts_with("…ä") && excerpt.ends_with("zz…"), "{excerpt}");
        assert!(excerpt.len() < 8100, "{excerpt}");
        // What is meant is itself longer than what is shown.
        let (_, _, meant) = shown(&text, 0..here);
        assert_eq!(meant, "ä".repeat(2000));
    }
}
