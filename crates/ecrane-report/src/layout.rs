//! Where the boxes and lines of a picture are, in pixels.
//!
//! Three columns. The order in each column is chosen by the mean position of what a box is linked to
//! (the barycenter heuristic for layered drawings), and the order with the fewest crossings is kept.

use std::collections::BTreeMap;

use crate::fit::shorten;
use crate::picture::{Group, Link, Meaning, Node, Picture, Target};

/// The height of a box with a label only.
const LABEL: f64 = 28.0;
/// The height of a further line.
pub(crate) const LINE: f64 = 16.0;
const GAP: f64 = 10.0;
const MARGIN: f64 = 24.0;
/// The space between columns, in which the lines run.
const CHANNEL: f64 = 170.0;
/// The height of the title of a group.
const TITLE: f64 = 26.0;
const PADDING: f64 = 10.0;
/// The title and the legend above.
pub(crate) const HEAD: f64 = 118.0;
/// The title and the description, which a page has above the picture.
pub(crate) const TITLE_LINES: f64 = 46.0;
/// The number of characters of a label.
const CHARACTERS: usize = 48;
const ROUNDS: usize = 16;

/// A rectangle.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Frame {
    pub(crate) x: f64,
    pub(crate) y: f64,
    pub(crate) width: f64,
    pub(crate) height: f64,
}

impl Frame {
    fn middle(&self) -> f64 {
        self.y + self.height / 2.0
    }
}

/// A line between two points.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Curve {
    pub(crate) link: Link,
    pub(crate) from: (f64, f64),
    pub(crate) to: (f64, f64),
}

/// The frames of a picture, in the order of its nodes.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Layout {
    pub(crate) principals: Vec<Frame>,
    pub(crate) groups: Vec<Frame>,
    pub(crate) repositories: Vec<Vec<Frame>>,
    pub(crate) consequences: Vec<Frame>,
    pub(crate) curves: Vec<Curve>,
    pub(crate) width: f64,
    pub(crate) height: f64,
}

/// The orders of a picture's columns.
#[derive(Debug, Clone)]
struct Order {
    principals: Vec<usize>,
    groups: Vec<usize>,
    nodes: Vec<Vec<usize>>,
    consequences: Vec<usize>,
}

impl Layout {
    pub(crate) fn new(picture: &Picture) -> Self {
        let mut order = Order {
            principals: (0..picture.principals.len()).collect(),
            groups: (0..picture.groups.len()).collect(),
            nodes: picture.groups.iter().map(|group| (0..group.nodes.len()).collect()).collect(),
            consequences: (0..picture.consequences.len()).collect(),
        };
        let mut best = Self::ordered(picture, &order);
        let mut fewest = best.crossings();
        let mut current = best.clone();
        for round in 0..ROUNDS {
            // One after the other: both at once would change places for ever.
            if round % 2 == 0 {
                order.improve_sides(picture, &current);
            } else {
                order.improve_middle(picture, &current);
            }
            current = Self::ordered(picture, &order);
            let crossings = current.crossings();
            if crossings < fewest {
                (fewest, best) = (crossings, current.clone());
            }
        }
        best
    }

    fn ordered(picture: &Picture, order: &Order) -> Self {
        let mut layout = Self {
            principals: vec![Frame::default(); picture.principals.len()],
            groups: vec![Frame::default(); picture.groups.len()],
            repositories: picture
                .groups
                .iter()
                .map(|group| vec![Frame::default(); group.nodes.len()])
                .collect(),
            consequences: vec![Frame::default(); picture.consequences.len()],
            ..Self::default()
        };
        let left = widest(&picture.principals);
        let middle = picture.groups.iter().map(group_width).fold(180.0, f64::max);
        let right = widest(&picture.consequences);
        let x = if picture.principals.is_empty() { MARGIN } else { MARGIN + left + CHANNEL };
        let bottom = layout.place_groups(picture, order, x, middle);
        let end = x + middle + CHANNEL;
        layout.width =
            MARGIN + if picture.consequences.is_empty() { x + middle } else { end + right };
        let heights = |nodes: &[Node]| nodes.iter().map(height).collect::<Vec<_>>();
        let (from, to) = (heights(&picture.principals), heights(&picture.consequences));
        let left_ends = layout.ends(picture, true);
        let right_ends = layout.ends(picture, false);
        let column = |order: &[usize], heights: &[f64], ends: &BTreeMap<usize, f64>, x, width| {
            column(order, heights, ends, bottom, Frame { x, width, ..Frame::default() })
        };
        layout.principals = column(&order.principals, &from, &left_ends, MARGIN, left);
        layout.consequences = column(&order.consequences, &to, &right_ends, end, right);
        let frames = layout.principals.iter().chain(&layout.consequences);
        let lowest = frames.map(|frame| frame.y + frame.height).fold(bottom, f64::max);
        layout.height = lowest + MARGIN;
        layout.curves = layout.curves(picture);
        layout
    }

    fn place_groups(&mut self, picture: &Picture, order: &Order, x: f64, width: f64) -> f64 {
        let mut y = HEAD;
        for &index in &order.groups {
            let Some(group) = picture.groups.get(index) else { continue };
            let top = y;
            y += TITLE;
            for &node in order.nodes.get(index).into_iter().flatten() {
                let height = group.nodes.get(node).map(height).unwrap_or_default();
                let frame = Frame { x: x + PADDING, y, width: width - 2.0 * PADDING, height };
                let slot = self.repositories.get_mut(index).and_then(|own| own.get_mut(node));
                if let Some(slot) = slot {
                    *slot = frame;
                }
                y += height + 6.0;
            }
            y += PADDING - 6.0;
            let frame = Frame { x, y: top, width, height: y - top };
            if let Some(slot) = self.groups.get_mut(index) {
                *slot = frame;
            }
            y += GAP + 4.0;
        }
        y
    }

    pub(crate) fn frame(&self, target: Target) -> Frame {
        let frame = match target.node {
            Some(node) => self.repositories.get(target.group).and_then(|own| own.get(node)),
            None => self.groups.get(target.group),
        };
        frame.copied().unwrap_or_default()
    }

    /// The mean position of what each box of a side is linked to.
    fn ends(&self, picture: &Picture, is_left: bool) -> BTreeMap<usize, f64> {
        let mut sums = BTreeMap::<usize, (f64, f64)>::new();
        for link in picture.links.iter().filter(|link| is_access(link) == is_left) {
            let (sum, count) = sums.entry(link.other).or_default();
            *sum += self.frame(link.target).middle();
            *count += 1.0;
        }
        sums.into_iter().map(|(other, (sum, count))| (other, sum / count)).collect()
    }

    /// The lines, whose ends are spread over the sides of the boxes.
    fn curves(&self, picture: &Picture) -> Vec<Curve> {
        let side = |link: &Link| {
            let column = if is_access(link) { &self.principals } else { &self.consequences };
            column.get(link.other).copied().unwrap_or_default()
        };
        let mut ports = BTreeMap::<(bool, bool, usize, Option<usize>), Vec<(usize, f64)>>::new();
        for (index, link) in picture.links.iter().enumerate() {
            let (side, target) = (side(link), self.frame(link.target));
            let access = is_access(link);
            let inner = (access, true, link.target.group, link.target.node);
            ports.entry(inner).or_default().push((index, side.middle()));
            ports
                .entry((access, false, link.other, None))
                .or_default()
                .push((index, target.middle()));
        }
        let mut at = BTreeMap::<(usize, bool), f64>::new();
        for ((_, is_inner, _, _), mut ends) in ports {
            ends.sort_by(|one, other| one.1.total_cmp(&other.1).then(one.0.cmp(&other.0)));
            #[expect(clippy::cast_precision_loss, reason = "there are few lines")]
            for (number, (index, _)) in ends.iter().enumerate() {
                let share = (number + 1) as f64 / (ends.len() + 1) as f64;
                at.insert((*index, is_inner), share);
            }
        }
        let port = |frame: &Frame, index, is_inner| {
            frame.y + frame.height * at.get(&(index, is_inner)).copied().unwrap_or(0.5)
        };
        let links = picture.links.iter().enumerate();
        links
            .map(|(index, link)| {
                let (side, target) = (side(link), self.frame(link.target));
                let (outer, inner) = (port(&side, index, false), port(&target, index, true));
                let (from, to) = if is_access(link) {
                    ((side.x + side.width, outer), (target.x, inner))
                } else {
                    ((target.x + target.width, inner), (side.x, outer))
                };
                Curve { link: *link, from, to }
            })
            .collect()
    }

    /// How many pairs of lines cross.
    fn crossings(&self) -> usize {
        let beside = |is_left| {
            let curves = self.curves.iter().filter(|curve| is_access(&curve.link) == is_left);
            let mut ends: Vec<_> = curves.map(|curve| (curve.from.1, curve.to.1)).collect();
            // Lines that begin in one point do not cross.
            ends.sort_by(|one, other| one.0.total_cmp(&other.0).then(one.1.total_cmp(&other.1)));
            inversions(ends.into_iter().map(|(_, to)| to).collect()).1
        };
        beside(true) + beside(false)
    }
}

/// Sorts numbers, and counts the pairs that were not in order.
fn inversions(mut numbers: Vec<f64>) -> (Vec<f64>, usize) {
    if numbers.len() < 2 {
        return (numbers, 0);
    }
    let (right, in_right) = inversions(numbers.split_off(numbers.len() / 2));
    let (left, in_left) = inversions(numbers);
    let mut count = in_left + in_right;
    let mut sorted = Vec::with_capacity(left.len() + right.len());
    let mut rest = left.into_iter().peekable();
    for number in right {
        sorted.extend(std::iter::from_fn(|| rest.next_if(|it| *it <= number)));
        count += rest.len();
        sorted.push(number);
    }
    sorted.extend(rest);
    (sorted, count)
}

impl Order {
    /// Sorts the columns on the sides by the positions of what their boxes are linked to.
    fn improve_sides(&mut self, picture: &Picture, layout: &Layout) {
        for (order, is_left) in [(&mut self.principals, true), (&mut self.consequences, false)] {
            let ends = layout.ends(picture, is_left);
            let at = |other: &usize| ends.get(other).copied().unwrap_or_default();
            order.sort_by(|one, other| at(one).total_cmp(&at(other)));
        }
    }

    /// Sorts the groups, and the boxes of each, by the positions of what they are linked to.
    fn improve_middle(&mut self, picture: &Picture, layout: &Layout) {
        let mut own = BTreeMap::<Target, (f64, f64)>::new();
        for curve in &layout.curves {
            let y = if is_access(&curve.link) { curve.from.1 } else { curve.to.1 };
            let target = curve.link.target;
            for target in [target, Target { node: None, ..target }] {
                let (sum, count) = own.entry(target).or_default();
                *sum += y;
                *count += 1.0;
            }
        }
        let mean = |target: Target| match own.get(&target) {
            Some((sum, count)) => sum / count,
            None => layout.frame(target).middle(),
        };
        for (group, nodes) in self.nodes.iter_mut().enumerate() {
            let at = |node: &usize| mean(Target { group, node: Some(*node) });
            nodes.sort_by(|one, other| at(one).total_cmp(&at(other)));
        }
        // Groups of a stack stay together.
        let mut stacks = BTreeMap::<&str, (f64, f64)>::new();
        for (group, it) in picture.groups.iter().enumerate() {
            let (sum, count) = stacks.entry(&it.stack).or_default();
            *sum += mean(Target { group, node: None });
            *count += 1.0;
        }
        let stack_at = |group: usize| {
            let stack = picture.groups.get(group).map(|group| group.stack.as_str());
            let (sum, count) =
                stack.and_then(|stack| stacks.get(stack)).copied().unwrap_or((0.0, 1.0));
            (sum / count, stack.unwrap_or_default())
        };
        self.groups.sort_by(|one, other| {
            let (a, b) = (stack_at(*one), stack_at(*other));
            let at = |group: usize| mean(Target { group, node: None });
            a.0.total_cmp(&b.0).then(a.1.cmp(b.1)).then(at(*one).total_cmp(&at(*other)))
        });
    }
}

/// Places boxes below each other, each as near to its wish as the others let it.
fn column(
    order: &[usize],
    heights: &[f64],
    wishes: &BTreeMap<usize, f64>,
    bottom: f64,
    frame: Frame,
) -> Vec<Frame> {
    let height = |index: usize| heights.get(index).copied().unwrap_or_default();
    let mut tops = Vec::with_capacity(order.len());
    let mut next = HEAD;
    for &index in order {
        let wish = wishes.get(&index).copied().unwrap_or_default() - height(index) / 2.0;
        let top = next.max(wish);
        tops.push(top);
        next = top + height(index) + GAP;
    }
    // What was pushed beyond the end moves up again.
    let mut limit = bottom.max(HEAD + order.iter().map(|it| height(*it) + GAP).sum::<f64>());
    let mut frames = vec![frame; heights.len()];
    for (&index, top) in order.iter().zip(tops).rev() {
        let y = top.min(limit - GAP - height(index));
        limit = y;
        if let Some(slot) = frames.get_mut(index) {
            *slot = Frame { y, height: height(index), ..frame };
        }
    }
    frames
}

pub(crate) fn is_access(link: &Link) -> bool {
    matches!(link.meaning, Meaning::Access(_))
}

fn height(node: &Node) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "a box has few lines")]
    let lines = node.lines.len() as f64;
    LABEL + LINE * lines + if node.lines.is_empty() { 0.0 } else { 6.0 }
}

/// A label as it is drawn.
pub(crate) fn drawn(label: &str) -> String {
    shorten(label, CHARACTERS)
}

/// An upper bound of the width of a text, whatever the font.
fn text_width(text: &str, size: f64) -> f64 {
    let width = |c: char| match c {
        'i' | 'j' | 'l' | 't' | 'f' | 'r' | 'I' | '.' | ',' | ':' | '/' | ' ' | '-' => 0.42,
        'm' | 'w' | 'M' | 'W' | '@' | '…' | '→' => 1.02,
        'A'..='Z' => 0.76,
        c if c.is_ascii() => 0.64,
        _ => 1.1,
    };
    text.chars().map(width).sum::<f64>() * size
}

fn node_width(node: &Node) -> f64 {
    let lines = node.lines.iter().map(|line| text_width(line, 12.0));
    lines.fold(text_width(&drawn(&node.label), 13.5), f64::max) + 32.0
}

fn widest(nodes: &[Node]) -> f64 {
    nodes.iter().map(node_width).fold(150.0, f64::max)
}

fn group_width(group: &Group) -> f64 {
    let nodes = group.nodes.iter().map(node_width).fold(0.0, f64::max);
    nodes.max(text_width(&drawn(&group.title()), 12.0)) + 2.0 * PADDING
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::picture::{About, Kind};

    fn node(kind: Kind, label: &str) -> Node {
        Node { kind, label: label.to_owned(), lines: Vec::new(), about: About::Nothing }
    }

    #[test]
    fn counts_pairs_that_are_not_in_order() {
        assert_eq!(inversions(vec![]).1, 0);
        assert_eq!(inversions(vec![1.0, 1.0, 2.0]).1, 0);
        assert_eq!(inversions(vec![3.0, 1.0, 2.0, 1.0]), (vec![1.0, 1.0, 2.0, 3.0], 4));
    }

    #[test]
    fn untangles_what_can_be_untangled() {
        let group = |name: &str| Group {
            stack: "Shop".to_owned(),
            prefix: name.to_owned(),
            nodes: vec![node(Kind::Repository, name)],
        };
        // Straight lines in another order.
        let links = [(0, 2), (1, 0), (2, 3), (3, 1)].map(|(other, group)| Link {
            meaning: Meaning::Follows,
            other,
            target: Target { group, node: Some(0) },
            is_partial: false,
        });
        let picture = Picture {
            principals: Vec::new(),
            groups: ["a", "b", "c", "d"].map(group).into(),
            consequences: ["1", "2", "3", "4"].map(|it| node(Kind::Key, it)).into(),
            links: links.into(),
            totals: crate::picture::Totals::default(),
        };
        assert_eq!(Layout::new(&picture).crossings(), 0);
    }
}
