//! The picture as SVG.

use serde::Serialize;

use crate::layout::{Frame, HEAD, LINE, Layout, TITLE_LINES, drawn};
use crate::picture::{About, Kind, Meaning, Node, Picture};
use crate::rows::ranges;
use crate::templates::{GRAPH_CSS, RenderError, render};

#[derive(Serialize)]
struct Document {
    top: f64,
    width: f64,
    height: f64,
    description: String,
    columns: Vec<Label>,
    frames: Vec<Shape>,
    boxes: Vec<Shape>,
    curves: Vec<Line>,
    /// Whether a line is about some repositories of a box only.
    has_partial: bool,
    /// Unless a page has the colors.
    css: Option<&'static str>,
}

#[derive(Serialize)]
struct Shape {
    class: &'static str,
    hue: Option<usize>,
    x: f64,
    y: f64,
    width: f64,
    height: f64,
    /// The whole label, which a browser shows as a tooltip.
    title: String,
    label: Label,
    lines: Vec<Label>,
    link: Option<Target>,
}

/// What a box of a page leads to.
#[derive(Serialize)]
struct Target {
    id: String,
    /// Rows of the table of repositories.
    rows: Option<String>,
}

#[derive(Serialize)]
struct Label {
    x: f64,
    y: f64,
    text: String,
}

#[derive(Serialize)]
struct Line {
    class: &'static str,
    hue: Option<usize>,
    is_dashed: bool,
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
    let boxes = |nodes: &[Node], frames: &[Frame]| -> Vec<Shape> {
        nodes.iter().zip(frames).map(|(node, frame)| node_box(node, frame)).collect()
    };
    let mut all = boxes(&picture.principals, &layout.principals);
    for (group, frames) in picture.groups.iter().zip(&layout.repositories) {
        all.extend(boxes(&group.nodes, frames));
    }
    let consequences = boxes(&picture.consequences, &layout.consequences).into_iter().enumerate();
    all.extend(consequences.map(|(index, shape)| Shape { hue: Some(hue(index)), ..shape }));
    let frames = picture.groups.iter().zip(&layout.groups).map(|(group, frame)| Shape {
        class: "group",
        hue: None,
        x: round(frame.x),
        y: round(frame.y),
        width: round(frame.width),
        height: round(frame.height),
        title: group.title(),
        label: Label {
            x: round(frame.x + 12.0),
            y: round(frame.y + 17.0),
            text: drawn(&group.title()),
        },
        lines: Vec::new(),
        link: None,
    });
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
        has_partial,
        width: layout.width.ceil().max(if has_partial { 860.0 } else { 620.0 }),
        height: layout.height.ceil(),
        description: picture.description(),
        columns: columns.into_iter().flatten().collect(),
        frames: frames.collect(),
        boxes: all,
        curves: lines(picture, &layout),
        css: Some(GRAPH_CSS),
    }
}

fn node_box(node: &Node, frame: &Frame) -> Shape {
    let x = round(frame.x + 16.0);
    let below = |number: usize| {
        #[expect(clippy::cast_precision_loss, reason = "a box has few lines")]
        let number = number as f64;
        round(frame.y + 18.5 + LINE * (number + 1.0))
    };
    let lines = node.lines.iter().enumerate();
    Shape {
        class: node.kind.as_str(),
        hue: None,
        x: round(frame.x),
        y: round(frame.y),
        width: round(frame.width),
        height: round(frame.height),
        title: node.label.clone(),
        label: Label { x, y: round(frame.y + 18.5), text: drawn(&node.label) },
        lines: lines.map(|(i, line)| Label { x, y: below(i), text: line.clone() }).collect(),
        link: match &node.about {
            About::Nothing => None,
            About::Element(id) => Some(Target { id: id.clone(), rows: None }),
            About::Rows(rows) => {
                let rows = Some(ranges(rows.iter().copied()));
                Some(Target { id: "repositories".to_owned(), rows })
            }
        },
    }
}

fn lines(picture: &Picture, layout: &Layout) -> Vec<Line> {
    let mut curves: Vec<_> = layout.curves.iter().collect();
    // What matters more is drawn above.
    curves.sort_by_key(|curve| std::cmp::Reverse(rank(curve.link.meaning)));
    let is_unlimited = |consequence: usize| {
        let node = picture.consequences.get(consequence);
        node.is_some_and(|node| node.kind == Kind::Unlimited)
    };
    let lines = curves.into_iter().map(|curve| {
        let ((x1, y1), (x2, y2)) = (curve.from, curve.to);
        let bend = (x2 - x1) / 2.0;
        let d = format!(
            "M{} {}C{} {} {} {} {} {}",
            round(x1),
            round(y1),
            round(x1 + bend),
            round(y1),
            round(x2 - bend),
            round(y2),
            round(x2),
            round(y2)
        );
        let (class, hue, is_dashed) = match curve.link.meaning {
            Meaning::Access(grant) => (grant.may.class(), None, grant.is_conditional),
            Meaning::Follows if is_unlimited(curve.link.other) => ("unlimited", None, false),
            Meaning::Follows => ("follows", Some(hue(curve.link.other)), false),
        };
        let title = picture.sentence(&curve.link);
        Line { class, hue, is_dashed, is_partial: curve.link.is_partial, d, title }
    });
    lines.collect()
}

/// The color of what follows and of the lines to it, by which neighbours are told apart.
fn hue(consequence: usize) -> usize {
    const HUES: usize = 6;
    consequence % HUES
}

fn rank(meaning: Meaning) -> u8 {
    match meaning {
        Meaning::Access(grant) => 6 - grant.may as u8,
        Meaning::Follows => 7,
    }
}

/// Tenths of a pixel, which keeps the document small.
fn round(value: f64) -> f64 {
    (value * 10.0).round() / 10.0
}
