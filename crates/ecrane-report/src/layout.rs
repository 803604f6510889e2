//! Where the boxes and lines of a picture are, in pixels.
//!
//! Three columns. The orders of those who have access and of the repositories are chosen by the mean
//! position of what a box is linked to (the barycenter heuristic for layered drawings), and the order
//! with the fewest crossings is kept. Where lines would still be a knot, those of the principals with
//! access to most are a matrix: a column for each of them, and a mark where it meets a repository.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use crate::badges;
use crate::crossings::inversions;
use crate::fit::{shorten, text_width};
use crate::picture::{Group, Link, Node, Picture, Target};

/// The height of a box with a label only.
const LABEL: f64 = 28.0;
/// The height of a further line.
pub(crate) const LINE: f64 = 16.0;
const GAP: f64 = 10.0;
const MARGIN: f64 = 24.0;
/// The space in which the lines run.
const CHANNEL: f64 = 150.0;
/// The space between columns without lines.
const SPACE: f64 = 32.0;
/// The width of a column of the matrix.
const STEP: f64 = 24.0;
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
/// The number of crossings that are no knot, however few the lines.
const FEW: usize = 12;
/// The number of columns beside lines.
const HUBS: usize = 8;

/// A rectangle.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Frame {
    pub(crate) x: f64,
    pub(crate) y: f64,
    pub(crate) width: f64,
    pub(crate) height: f64,
}

impl Frame {
    pub(crate) fn middle(&self) -> f64 {
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

/// The mark of a principal and a repository that meet in the matrix.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Dot {
    pub(crate) link: Link,
    pub(crate) at: (f64, f64),
}

/// How access is drawn.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Access {
    pub(crate) lines: Vec<Curve>,
    /// Where the columns of the matrix begin: lines run straight from there.
    pub(crate) edge: Option<f64>,
    /// The principals of the columns, from the left, and the middles of these.
    pub(crate) columns: Vec<(usize, f64)>,
    pub(crate) dots: Vec<Dot>,
}

/// The frames of a picture, in the order of its nodes.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Layout {
    pub(crate) principals: Vec<Frame>,
    pub(crate) groups: Vec<Frame>,
    pub(crate) repositories: Vec<Vec<Frame>>,
    pub(crate) consequences: Vec<Frame>,
    pub(crate) access: Access,
    /// The width of the marks of repositories.
    pub(crate) marks: f64,
    pub(crate) width: f64,
    pub(crate) height: f64,
}

/// The orders of a picture's columns.
#[derive(Debug, Clone)]
struct Order {
    principals: Vec<usize>,
    groups: Vec<usize>,
    nodes: Vec<Vec<usize>>,
    /// The principals that have a column in place of lines.
    hubs: BTreeSet<usize>,
}

impl Order {
    /// That of the config.
    fn new(picture: &Picture, hubs: BTreeSet<usize>) -> Self {
        Self {
            hubs,
            principals: (0..picture.principals.len()).collect(),
            groups: (0..picture.groups.len()).collect(),
            nodes: picture.groups.iter().map(|group| (0..group.nodes.len()).collect()).collect(),
        }
    }
}

impl Layout {
    pub(crate) fn new(picture: &Picture) -> Self {
        let mut sizes = vec![0; picture.principals.len()];
        for link in &picture.links {
            if let Some(size) = sizes.get_mut(link.other) {
                *size += 1;
            }
        }
        let mut widest: Vec<usize> = (0..sizes.len()).collect();
        widest.sort_by_key(|index| Reverse(sizes.get(*index)));
        let mut count = 0;
        loop {
            let hubs: BTreeSet<usize> = widest.iter().take(count).copied().collect();
            let is_whole = hubs.len() == widest.len();
            let order = Order::new(picture, hubs);
            let layout = if is_whole {
                Self::matrix(picture, order)
            } else {
                Self::untangled(picture, order)
            };
            let Access { lines, .. } = &layout.access;
            if is_whole || layout.crossings() <= lines.len().max(FEW) {
                return layout;
            }
            // A few columns beside lines, or nothing else.
            count = if count < HUBS { count + 1 } else { widest.len() };
        }
    }

    /// With the fewest crossings.
    fn untangled(picture: &Picture, mut order: Order) -> Self {
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

    /// Without lines. A principal is near to those with similar access.
    fn matrix(picture: &Picture, mut order: Order) -> Self {
        let layout = Self::columns(picture, &order);
        order.improve_sides(picture, &layout);
        Self::ordered(picture, &order)
    }

    fn ordered(picture: &Picture, order: &Order) -> Self {
        let mut layout = Self::columns(picture, order);
        let ends = layout.ends(picture);
        let wish = |index: usize| {
            if order.hubs.contains(&index) { 0.0 } else { ends.get(&index).copied().unwrap_or(0.0) }
        };
        layout.principals = placed(&layout.principals, &order.principals, wish, layout.height);
        layout.access.lines = layout.curves(picture, order);
        layout.add_matrix(picture, order);
        let frames = layout.principals.iter().chain(&layout.consequences);
        layout.height = frames.map(|frame| frame.y + frame.height).fold(layout.height, f64::max);
        layout.height += MARGIN;
        layout
    }

    /// The columns of hubs, to the left of the repositories, and where they meet these.
    fn add_matrix(&mut self, picture: &Picture, order: &Order) {
        let hubs = order.principals.iter().filter(|index| order.hubs.contains(index));
        let hubs: Vec<usize> = hubs.copied().collect();
        let right = self.groups.first().map_or(0.0, |frame| frame.x);
        let mut x = right - SPACE / 2.0 - matrix_width(hubs.len()) + STEP / 2.0;
        self.access.edge = (!hubs.is_empty()).then_some(x - STEP / 2.0);
        for index in hubs {
            self.access.columns.push((index, x));
            x += STEP;
        }
        let at: BTreeMap<usize, f64> = self.access.columns.iter().copied().collect();
        for link in &picture.links {
            let Some(x) = at.get(&link.other) else { continue };
            let all = 0..picture.groups.get(link.target.group).map_or(0, |it| it.nodes.len());
            for node in all.filter(|node| link.target.node.is_none_or(|it| it == *node)) {
                let target = Target { node: Some(node), ..link.target };
                let at = (*x, self.frame(target).middle());
                self.access.dots.push(Dot { link: Link { target, ..*link }, at });
            }
        }
    }

    /// The boxes, with a space for what is between them.
    fn columns(picture: &Picture, order: &Order) -> Self {
        let has_lines = order.hubs.len() < picture.principals.len();
        let has_hubs = !order.hubs.is_empty();
        let number = if has_hubs { badges::NUMBER } else { 0.0 };
        let mut channel = if has_lines { CHANNEL } else { SPACE };
        if has_hubs {
            channel += matrix_width(order.hubs.len()) + SPACE / 2.0;
        }
        let rights = || picture.consequences.iter().map(|it| &it.node);
        let left = picture.principals.iter().map(|node| node_width(node, number));
        let left = left.fold(150.0, f64::max);
        let marks = picture.groups.iter().flat_map(|group| &group.nodes);
        let marks = marks.map(|node| badges::width(&badges::of(picture, node))).fold(0.0, f64::max);
        let middle = picture.groups.iter().map(|group| group_width(group, marks));
        let middle = middle.fold(180.0, f64::max);
        let right = rights().map(|node| node_width(node, badges::OWN)).fold(150.0, f64::max);
        let has_principals = !picture.principals.is_empty();
        let x = if has_principals { MARGIN + left + channel } else { MARGIN };
        let end = x + middle + SPACE;
        let mut layout = Self {
            principals: Vec::new(),
            groups: vec![Frame::default(); picture.groups.len()],
            repositories: picture
                .groups
                .iter()
                .map(|group| vec![Frame::default(); group.nodes.len()])
                .collect(),
            consequences: Vec::new(),
            access: Access::default(),
            marks,
            width: MARGIN + if picture.consequences.is_empty() { x + middle } else { end + right },
            height: 0.0,
        };
        layout.height = layout.place_groups(picture, order, x, middle);
        let frame = |x, width| move |node: &Node| Frame { x, y: HEAD, width, height: height(node) };
        layout.principals = picture.principals.iter().map(frame(MARGIN, left)).collect();
        let consequences: Vec<_> = rights().map(frame(end, right)).collect();
        let all: Vec<_> = (0..consequences.len()).collect();
        layout.consequences = placed(&consequences, &all, |_| 0.0, layout.height);
        layout
    }

    fn place_groups(&mut self, picture: &Picture, order: &Order, x: f64, width: f64) -> f64 {
        let mut y = HEAD;
        for &index in &order.groups {
            let Some(group) = picture.groups.get(index) else { continue };
            let top = y;
            y += TITLE;
            for &node in order.nodes.get(index).into_iter().flatten() {
                let marks = |node| badges::height(&badges::of(picture, node));
                let height = group.nodes.get(node).map(|node| height(node).max(marks(node)));
                let height = height.unwrap_or_default();
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

    /// The mean position of what each principal has access to.
    fn ends(&self, picture: &Picture) -> BTreeMap<usize, f64> {
        let mut sums = BTreeMap::<usize, (f64, f64)>::new();
        for link in &picture.links {
            let (sum, count) = sums.entry(link.other).or_default();
            *sum += self.frame(link.target).middle();
            *count += 1.0;
        }
        sums.into_iter().map(|(other, (sum, count))| (other, sum / count)).collect()
    }

    /// The lines, whose ends are spread over the sides of the boxes.
    fn curves(&self, picture: &Picture, order: &Order) -> Vec<Curve> {
        let links = picture.links.iter().filter(|link| !order.hubs.contains(&link.other));
        let links: Vec<&Link> = links.collect();
        let side = |link: &Link| self.principals.get(link.other).copied().unwrap_or_default();
        let mut ports = BTreeMap::<(Option<usize>, Option<Target>), Vec<(usize, f64)>>::new();
        for (index, link) in links.iter().enumerate() {
            let (side, target) = (side(link).middle(), self.frame(link.target).middle());
            ports.entry((None, Some(link.target))).or_default().push((index, side));
            ports.entry((Some(link.other), None)).or_default().push((index, target));
        }
        let mut at = BTreeMap::<(usize, bool), f64>::new();
        for ((_, target), mut ends) in ports {
            ends.sort_by(|one, other| one.1.total_cmp(&other.1).then(one.0.cmp(&other.0)));
            #[expect(clippy::cast_precision_loss, reason = "there are few lines")]
            for (number, (index, _)) in ends.iter().enumerate() {
                let share = (number + 1) as f64 / (ends.len() + 1) as f64;
                at.insert((*index, target.is_some()), share);
            }
        }
        let port = |frame: &Frame, index, is_inner| {
            frame.y + frame.height * at.get(&(index, is_inner)).copied().unwrap_or(0.5)
        };
        let links = links.into_iter().enumerate();
        links
            .map(|(index, link)| {
                let (side, mut target) = (side(link), self.frame(link.target));
                if !order.hubs.is_empty() && link.target.node.is_none() {
                    // Below the numbers of the columns.
                    (target.y, target.height) = (target.y + 18.0, TITLE - 18.0);
                }
                let from = (side.x + side.width, port(&side, index, false));
                Curve { link: *link, from, to: (target.x, port(&target, index, true)) }
            })
            .collect()
    }

    /// How many pairs of lines cross.
    fn crossings(&self) -> usize {
        let mut ends: Vec<_> =
            self.access.lines.iter().map(|curve| (curve.from.1, curve.to.1)).collect();
        // Lines that begin in one point do not cross.
        ends.sort_by(|one, other| one.0.total_cmp(&other.0).then(one.1.total_cmp(&other.1)));
        inversions(ends.into_iter().map(|(_, to)| to).collect()).1
    }
}

impl Order {
    /// Sorts the principals by the positions of what they have access to.
    fn improve_sides(&mut self, picture: &Picture, layout: &Layout) {
        let ends = layout.ends(picture);
        let at = |other: &usize| ends.get(other).copied().unwrap_or_default();
        // Those with columns are above those with lines.
        let is_line = |other: &usize| !self.hubs.contains(other);
        let before = |one: &usize, other: &usize| {
            is_line(one).cmp(&is_line(other)).then(at(one).total_cmp(&at(other)))
        };
        self.principals.sort_by(before);
    }

    /// Sorts the groups, and the boxes of each, by the positions of who has access to them.
    fn improve_middle(&mut self, picture: &Picture, layout: &Layout) {
        let mut own = BTreeMap::<Target, (f64, f64)>::new();
        for curve in &layout.access.lines {
            let target = curve.link.target;
            for target in BTreeSet::from([target, Target { node: None, ..target }]) {
                let (sum, count) = own.entry(target).or_default();
                *sum += curve.from.1;
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

fn matrix_width(columns: usize) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "there are few columns")]
    let columns = columns as f64;
    STEP * columns
}

/// Places boxes below each other, each as near to its wish as the others let it.
fn placed(
    frames: &[Frame],
    order: &[usize],
    wish: impl Fn(usize) -> f64,
    bottom: f64,
) -> Vec<Frame> {
    let height = |index: usize| frames.get(index).map_or(0.0, |frame| frame.height);
    let mut tops = Vec::with_capacity(order.len());
    let mut next = HEAD;
    for &index in order {
        let top = next.max(wish(index) - height(index) / 2.0);
        tops.push(top);
        next = top + height(index) + GAP;
    }
    // What was pushed beyond the end moves up again.
    let mut limit = bottom.max(HEAD + order.iter().map(|it| height(*it) + GAP).sum::<f64>());
    let mut placed = frames.to_vec();
    for (&index, top) in order.iter().zip(tops).rev() {
        let y = top.min(limit - GAP - height(index));
        limit = y;
        if let Some(frame) = placed.get_mut(index) {
            frame.y = y;
        }
    }
    placed
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

/// The width of a box, with a space for marks.
fn node_width(node: &Node, marks: f64) -> f64 {
    let lines = node.lines.iter().map(|line| text_width(line, 12.0));
    lines.fold(text_width(&drawn(&node.label), 13.5), f64::max) + 32.0 + marks
}

fn group_width(group: &Group, marks: f64) -> f64 {
    let nodes = group.nodes.iter().map(|node| node_width(node, marks)).fold(0.0, f64::max);
    let title = text_width(&drawn(&group.title()), 12.0) + text_width(&group.place, 12.0) + 16.0;
    nodes.max(title) + 2.0 * PADDING
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::picture::{About, Grant, Kind, May};

    fn node(kind: Kind, label: &str) -> Node {
        Node {
            kind,
            label: label.to_owned(),
            lines: Vec::new(),
            about: About::Nothing,
            follows: Vec::new(),
        }
    }

    #[test]
    fn untangles_what_can_be_untangled() {
        let group = |name: &str| Group {
            stack: "Shop".to_owned(),
            prefix: name.to_owned(),
            place: String::new(),
            nodes: vec![node(Kind::Repository, name)],
        };
        // Straight lines in another order.
        let links = [(0, 2), (1, 0), (2, 3), (3, 1)].map(|(other, group)| Link {
            grant: Grant { may: May::Pull, is_conditional: false },
            other,
            target: Target { group, node: Some(0) },
            is_partial: false,
        });
        let picture = Picture {
            principals: ["1", "2", "3", "4"].map(|it| node(Kind::Principal, it)).into(),
            groups: ["a", "b", "c", "d"].map(group).into(),
            consequences: Vec::new(),
            links: links.into(),
            totals: crate::picture::Totals::default(),
        };
        assert_eq!(Layout::new(&picture).crossings(), 0);
    }
}
