//! The picture as SVG.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::badges::{self, NUMBER, OWN};
use crate::layout::{Access, Curve, Dot, Frame, HEAD, LINE, Layout, TITLE_LINES, drawn};
use crate::picture::{self, About, Kind, May, Node, Picture};
use crate::rows::ranges;
use crate::templates::{RenderError, graph_css_of_a_file, render};

#[derive(Serialize)]
struct Document {
    top: f64,
    width: f64,
    height: f64,
    description: String,
    columns: Vec<Label>,
    frames: Vec<Shape>,
    boxes: Vec<Shape>,
    access: Drawing,
    has_access: bool,
    /// Whether a line is about some repositories of a box only.
    has_partial: bool,
    /// Unless a page has the colors.
    css: Option<String>,
}

#[derive(Serialize)]
struct Shape {
    class: &'static str,
    x: f64,
    y: f64,
    width: f64,
    height: f64,
    /// The whole label, which a browser shows as a tooltip.
    title: String,
    label: Label,
    lines: Vec<Label>,
    marks: Vec<Mark>,
    link: Option<Link>,
}

/// A text in a small box.
#[derive(Serialize)]
struct Mark {
    class: &'static str,
    title: Option<String>,
    x: f64,
    y: f64,
    width: f64,
    label: Label,
}

/// What a box of a page leads to.
#[derive(Serialize)]
pub(crate) struct Link {
    id: String,
    /// Rows of the table of repositories.
    rows: Option<String>,
}

#[derive(Debug, Serialize)]
struct Label {
    x: f64,
    y: f64,
    text: String,
}

/// Access as lines, and as marks in a matrix.
#[derive(Serialize)]
struct Drawing {
    lines: Vec<Line>,
    dots: Vec<Line>,
    /// The numbers of columns, above each group.
    numbers: Vec<Label>,
    /// The rows of a matrix.
    rows: Vec<Line>,
}

#[derive(Serialize)]
struct Line {
    class: &'static str,
    is_conditional: bool,
    is_partial: bool,
    d: String,
    title: String,
}

impl Picture {
    /// The picture as an SVG document, with its colors for light and dark mode.
    ///
    /// # Errors
    /// Returns an error if the template is wrong, which is a bug.
    pub fn svg(&self) -> Result<String, RenderError> {
        self.document(false)
    }

    /// The picture as a part of a page, which has its colors and what its boxes lead to.
    pub(crate) fn svg_in_page(&self) -> Result<String, RenderError> {
        self.document(true)
    }

    fn document(&self, is_in_page: bool) -> Result<String, RenderError> {
        let mut document = document(self);
        if is_in_page {
            document.css = None;
            document.top = TITLE_LINES;
            document.height -= TITLE_LINES;
        } else {
            document.boxes.iter_mut().for_each(|it| it.link = None);
        }
        render("graph.svg", &document)
    }
}

fn document(picture: &Picture) -> Document {
    let layout = Layout::new(picture);
    let mut numbers = BTreeMap::new();
    for (number, (index, _)) in (1..).zip(&layout.access.columns) {
        numbers.insert(*index, i32::to_string(&number));
    }
    let mut boxes = Vec::new();
    for (index, (node, frame)) in picture.principals.iter().zip(&layout.principals).enumerate() {
        let number = numbers.get(&index).map(String::as_str);
        let space = if numbers.is_empty() { 4.0 } else { NUMBER };
        boxes.push(side(node, frame, number, space));
    }
    for (group, frames) in picture.groups.iter().zip(&layout.repositories) {
        boxes.extend(group.nodes.iter().zip(frames).map(|(node, frame)| {
            let mut shape = node_box(node, frame, 16.0);
            shape.marks = marks(picture, node, frame, layout.marks);
            shape
        }));
    }
    for (it, frame) in picture.consequences.iter().zip(&layout.consequences) {
        boxes.push(side(&it.node, frame, Some(&it.badge), OWN));
    }
    let head = |frames: &[Frame], text: &str| {
        let text = text.to_owned();
        frames.first().map(|frame| Label { x: round(frame.x), y: HEAD - 14.0, text })
    };
    let columns = [
        head(&layout.principals, "Who has access"),
        head(&layout.groups, "Repositories"),
        head(&layout.consequences, "What follows"),
    ];
    let has_partial = picture.links.iter().any(|link| link.is_partial);
    Document {
        top: 0.0,
        has_access: !picture.links.is_empty(),
        has_partial,
        width: layout.width.ceil().max(if has_partial { 860.0 } else { 620.0 }),
        height: layout.height.ceil(),
        description: picture.description(),
        columns: columns.into_iter().flatten().collect(),
        frames: frames(picture, &layout),
        boxes,
        access: drawing(picture, &layout),
        css: Some(graph_css_of_a_file()),
    }
}

fn frames(picture: &Picture, layout: &Layout) -> Vec<Shape> {
    let frames = picture.groups.iter().zip(&layout.groups).map(|(group, frame)| {
        let y = round(frame.y + 17.0);
        let place = Label { x: round(frame.x + frame.width - 12.0), y, text: group.place.clone() };
        Shape {
            class: "group",
            x: round(frame.x),
            y: round(frame.y),
            width: round(frame.width),
            height: round(frame.height),
            title: group.title(),
            label: Label { x: round(frame.x + 12.0), y, text: drawn(&group.title()) },
            lines: vec![place],
            marks: Vec::new(),
            link: None,
        }
    });
    frames.collect()
}

/// A box of a side, with its own mark.
fn side(node: &Node, frame: &Frame, text: Option<&str>, space: f64) -> Shape {
    let mut shape = node_box(node, frame, 12.0 + space);
    let Some(text) = text else { return shape };
    let width = badges::wide(text);
    let x = frame.x + 10.0 + (space - 10.0 - width).max(0.0) / 2.0;
    shape.marks.push(mark(node.kind, text, None, (x, frame.y + 5.0), width));
    shape
}

/// The marks of what follows for a box of repositories.
fn marks(picture: &Picture, node: &Node, frame: &Frame, width: f64) -> Vec<Mark> {
    let x = frame.x + frame.width - width - 4.0;
    let marks = badges::of(picture, node).into_iter();
    let marks = marks.map(|it| {
        let at = (x + it.x, frame.y + 5.0 + it.y);
        mark(it.kind, &it.text, Some(it.title), at, it.width)
    });
    marks.collect()
}

fn mark(kind: Kind, text: &str, title: Option<String>, (x, y): (f64, f64), width: f64) -> Mark {
    let label = Label { x: round(x + width / 2.0), y: round(y + 12.7), text: text.to_owned() };
    Mark { class: kind.as_str(), title, x: round(x), y: round(y), width: round(width), label }
}

fn node_box(node: &Node, frame: &Frame, inset: f64) -> Shape {
    let x = round(frame.x + inset);
    let below = |number: usize| {
        #[expect(clippy::cast_precision_loss, reason = "a box has few lines")]
        let number = number as f64;
        round(frame.y + 18.5 + LINE * (number + 1.0))
    };
    let lines = node.lines.iter().enumerate();
    Shape {
        class: node.kind.as_str(),
        x: round(frame.x),
        y: round(frame.y),
        width: round(frame.width),
        height: round(frame.height),
        title: node.label.clone(),
        label: Label { x, y: round(frame.y + 18.5), text: drawn(&node.label) },
        lines: lines.map(|(i, line)| Label { x, y: below(i), text: line.clone() }).collect(),
        marks: Vec::new(),
        link: link(&node.about),
    }
}

/// What a page says about a box.
pub(crate) fn link(about: &About) -> Option<Link> {
    match about {
        About::Nothing => None,
        About::Element(id) => Some(Link { id: id.clone(), rows: None }),
        About::Policy(number) => Some(Link { id: format!("policy-{number}"), rows: None }),
        About::Rows(rows) => {
            let rows = Some(ranges(rows.iter().copied()));
            Some(Link { id: "repositories".to_owned(), rows })
        }
    }
}

fn drawing(picture: &Picture, layout: &Layout) -> Drawing {
    let line = |link: &picture::Link, d| Line {
        class: link.grant.may.class(),
        is_conditional: link.grant.is_conditional,
        is_partial: link.is_partial,
        d,
        title: picture.sentence(link),
    };
    let Access { lines, edge, columns, dots } = &layout.access;
    let mut curves: Vec<_> = lines.iter().collect();
    // What matters more is drawn above.
    curves.sort_by_key(|curve| curve.link.grant.may);
    let mut heads = Vec::new();
    for group in &layout.groups {
        heads.extend((1..).zip(columns).map(|(number, (_, x))| Label {
            x: round(*x),
            y: round(group.y + 17.0),
            text: i32::to_string(&number),
        }));
    }
    let rows = edge.map(|edge| {
        let rows = layout.repositories.iter().flatten().map(move |frame| Line {
            class: "row",
            is_conditional: false,
            is_partial: false,
            d: format!("M{} {}H{}", round(edge), round(frame.middle()), round(frame.x)),
            title: String::new(),
        });
        rows.collect()
    });
    Drawing {
        lines: curves.into_iter().map(|curve| line(&curve.link, bent(curve, *edge))).collect(),
        dots: dots.iter().map(|dot| line(&dot.link, shape(dot))).collect(),
        numbers: heads,
        rows: rows.unwrap_or_default(),
    }
}

/// A curve, and a straight line from the edge of a matrix on.
fn bent(curve: &Curve, edge: Option<f64>) -> String {
    let ((x1, y1), (end, y2)) = (curve.from, curve.to);
    let x2 = edge.unwrap_or(end);
    let bend = (x2 - x1) / 2.0;
    let [x1, y1, x2, y2, x3, x4] = [x1, y1, x2, y2, x1 + bend, x2 - bend].map(round);
    let rest = edge.map(|_| format!("H{}", round(end))).unwrap_or_default();
    format!("M{x1} {y1}C{x3} {y1} {x4} {y2} {x2} {y2}{rest}")
}

/// The outline of a mark, told apart by its shape as well as its color.
fn shape(dot: &Dot) -> String {
    let (x, y) = dot.at;
    let size = if dot.link.is_partial { 4.0 } else { 6.0 };
    let at = |dx: f64, dy: f64| format!("{} {}", round(x + dx * size), round(y + dy * size));
    match dot.link.grant.may {
        May::Read | May::Pull => {
            let r = if dot.link.grant.may == May::Read { size * 0.6 } else { size };
            let (left, r) = (round(x - r), round(r));
            format!("M{left} {y}a{r} {r} 0 1 0 {} 0a{r} {r} 0 1 0 {} 0z", 2.0 * r, -2.0 * r)
        }
        May::Push | May::PullPush => {
            format!("M{}L{}L{}L{}z", at(-0.9, -0.9), at(0.9, -0.9), at(0.9, 0.9), at(-0.9, 0.9))
        }
        May::Administer => {
            format!("M{}L{}L{}L{}z", at(0.0, -1.3), at(1.3, 0.0), at(0.0, 1.3), at(-1.3, 0.0))
        }
    }
}

/// Tenths of a pixel, which keeps the document small.
fn round(value: f64) -> f64 {
    (value * 10.0).round() / 10.0
}
