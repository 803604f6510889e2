//! The marks at repositories, which stand for what follows for them.

use crate::fit::text_width;
use crate::picture::{Consequence, Follow, Kind, Node, Picture};

/// The space for the own mark of a box of the right side.
pub(crate) const OWN: f64 = 40.0;
/// The space for the number of a principal.
pub(crate) const NUMBER: f64 = 30.0;
pub(crate) const HEIGHT: f64 = 18.0;
const GAP: f64 = 4.0;
/// The space around the text of a mark.
const INSIDE: f64 = 12.0;
/// The width from which on marks are in several rows.
const WIDTH: f64 = 150.0;
/// The number of marks of a box.
const MOST: usize = 6;

/// A mark.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Mark {
    pub(crate) kind: Kind,
    pub(crate) text: String,
    /// What it stands for, in words.
    pub(crate) title: String,
    /// Relative to the first mark of the box.
    pub(crate) x: f64,
    pub(crate) y: f64,
    pub(crate) width: f64,
}

/// The marks of a box of repositories.
pub(crate) fn of(picture: &Picture, node: &Node) -> Vec<Mark> {
    let mut follows: Vec<&Follow> = node.follows.iter().collect();
    if follows.len() > MOST {
        // Those for most repositories, of which `None` is all.
        follows.sort_by_key(|it| (it.some.is_some(), std::cmp::Reverse(it.some)));
        follows.truncate(MOST - 1);
        follows.sort_by_key(|it| it.other);
    }
    let more = node.follows.len() - follows.len();
    let texts = follows.into_iter().filter_map(|follow| {
        let Consequence { badge, node } = picture.consequences.get(follow.other)?;
        Some(match follow.some {
            None => (node.kind, badge.clone(), node.label.clone()),
            Some(some) => {
                (node.kind, format!("{some}×{badge}"), format!("{some} of them: {}", node.label))
            }
        })
    });
    let rest = (more > 0).then(|| {
        let title = format!("{more} more lifecycle policies, keys, event rules or replicas");
        (Kind::Principal, format!("+{more}"), title)
    });
    let (mut x, mut y) = (0.0, 0.0);
    let mut marks = Vec::new();
    for (kind, text, title) in texts.chain(rest) {
        let width = wide(&text);
        if x > 0.0 && x + width > WIDTH {
            (x, y) = (0.0, y + HEIGHT + GAP);
        }
        marks.push(Mark { kind, text, title, x, y, width });
        x += width + GAP;
    }
    marks
}

/// The width of the mark with a text.
pub(crate) fn wide(text: &str) -> f64 {
    text_width(text, 10.5) + INSIDE
}

/// The width of marks, with the space before them.
pub(crate) fn width(marks: &[Mark]) -> f64 {
    let ends = marks.iter().map(|mark| mark.x + mark.width + GAP);
    ends.fold(0.0, f64::max)
}

/// The least height of a box with marks.
pub(crate) fn height(marks: &[Mark]) -> f64 {
    marks.iter().map(|mark| mark.y + HEIGHT + 2.0 * 5.0).fold(0.0, f64::max)
}
