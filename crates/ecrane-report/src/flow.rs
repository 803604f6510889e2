//! The picture in a language whose reader lays it out: DOT and Mermaid.

use std::fmt::Write as _;

use serde::Serialize;

use crate::badges;
use crate::fit::wrap;
use crate::layout::drawn;
use crate::picture::{Follow, Node, Picture, Target};
use crate::templates::{RenderError, render};

/// The number of edges to what follows above which repositories have marks instead.
const EDGES: usize = 24;

/// The width of a line of a label.
const WIDTH: usize = 46;
/// The number of edges of access above which repositories name who has it. Mermaid refuses more than
/// 500 edges.
const ACCESS: usize = 400;

/// A language of diagrams.
struct Language {
    template: &'static str,
    /// Escapes text for a quoted label.
    escape: fn(&str) -> String,
    /// What separates the lines of a label.
    line_break: &'static str,
}

const DOT: Language = Language {
    template: "graph.dot",
    escape: escaped_for_dot,
    // Ends a line that is aligned to the left.
    line_break: "\\l",
};

const MERMAID: Language =
    Language { template: "graph.mmd", escape: escaped_for_mermaid, line_break: "<br/>" };

#[derive(Serialize)]
struct Document {
    description: String,
    principals: Vec<Vertex>,
    groups: Vec<Group>,
    consequences: Vec<Vertex>,
    /// Whether edges lead to what follows, in place of marks.
    has_edges: bool,
    edges: Vec<Edge>,
}

#[derive(Serialize)]
struct Vertex {
    id: String,
    label: String,
    class: &'static str,
}

#[derive(Serialize)]
struct Group {
    id: usize,
    label: String,
    nodes: Vec<Vertex>,
}

/// An edge between a repository and a principal or consequence.
#[derive(Serialize)]
struct Edge {
    repository: String,
    other: String,
    /// The group, if the edge leads to its frame and not to one repository.
    group: Option<usize>,
    label: String,
    class: &'static str,
    is_dashed: bool,
    /// Whether the edge leads from a principal to the repository.
    is_access: bool,
}

impl Picture {
    /// The picture in the DOT language of Graphviz.
    ///
    /// # Errors
    /// Returns an error if the template is wrong, which is a bug.
    pub fn dot(&self) -> Result<String, RenderError> {
        self.in_language(&DOT)
    }

    /// The picture as a Mermaid flowchart, which GitHub shows in Markdown.
    ///
    /// # Errors
    /// Returns an error if the template is wrong, which is a bug.
    pub fn mermaid(&self) -> Result<String, RenderError> {
        self.in_language(&MERMAID)
    }

    fn in_language(&self, language: &Language) -> Result<String, RenderError> {
        let Language { template, escape, .. } = language;
        let vertices = |prefix: &str, nodes: &[Node]| -> Vec<Vertex> {
            let nodes = nodes.iter().enumerate();
            nodes
                .map(|(index, node)| Vertex {
                    id: format!("{prefix}{index}"),
                    label: language.label(node),
                    class: node.kind.as_str(),
                })
                .collect()
        };
        let all = || self.groups.iter().flat_map(|group| &group.nodes);
        let has_edges = all().map(|node| node.follows.len()).sum::<usize>() <= EDGES;
        let has_access = self.links.len() <= ACCESS;
        let groups = self.groups.iter().enumerate().map(|(id, group)| {
            let nodes = group.nodes.iter().cloned().enumerate().map(|(index, mut node)| {
                for target in [None, Some(index)].into_iter().filter(|_| !has_access) {
                    let who = self.who(Target { group: id, node: target });
                    node.lines.extend(who.iter().flat_map(|it| wrap(&it.line(), WIDTH)));
                }
                if !has_edges && !node.follows.is_empty() {
                    let marks = badges::of(self, &node).into_iter().map(|mark| mark.text);
                    node.lines.push(marks.collect::<Vec<_>>().join(" "));
                }
                node
            });
            let nodes: Vec<_> = nodes.collect();
            let lines = [group.title(), group.place.clone()];
            let lines = lines.iter().filter(|line| !line.is_empty()).map(|line| escape(line));
            let label = lines.collect::<Vec<_>>().join(language.line_break);
            Group { id, label, nodes: vertices(&format!("r{id}_"), &nodes) }
        });
        let access = self.links.iter().filter(|_| has_access).map(|link| {
            let some = if link.is_partial { " (some)" } else { "" };
            let target = link.target;
            Edge {
                repository: format!("r{}_{}", target.group, target.node.unwrap_or(0)),
                other: format!("p{}", link.other),
                group: target.node.is_none().then_some(target.group),
                label: escape(&format!("{}{some}", link.grant.may.as_str())),
                class: link.grant.may.class(),
                is_dashed: link.grant.is_conditional,
                is_access: true,
            }
        });
        let mut edges: Vec<_> = access.collect();
        for (id, group) in self.groups.iter().enumerate().filter(|_| has_edges) {
            for (number, node) in group.nodes.iter().enumerate() {
                edges.extend(node.follows.iter().map(|Follow { other, some }| Edge {
                    repository: format!("r{id}_{number}"),
                    other: format!("c{other}"),
                    group: None,
                    label: escape(some.map_or("", |_| "(some)")),
                    class: "follows",
                    is_dashed: false,
                    is_access: false,
                }));
            }
        }
        let consequences = self.consequences.iter().map(|it| {
            let label = format!("{}: {}", it.badge, it.node.label);
            if has_edges { it.node.clone() } else { Node { label, ..it.node.clone() } }
        });
        let consequences: Vec<_> = consequences.collect();
        let document = Document {
            // Words and numbers, without anything to escape.
            description: self.description(),
            principals: vertices("p", &self.principals),
            groups: groups.collect(),
            consequences: vertices("c", &consequences),
            has_edges,
            edges,
        };
        render(template, &document)
    }
}

impl Language {
    fn label(&self, node: &Node) -> String {
        let lines = std::iter::once(drawn(&node.label)).chain(node.lines.iter().cloned());
        let lines: Vec<String> = lines.map(|line| (self.escape)(&line)).collect();
        lines.join(self.line_break)
    }
}

/// Graphviz reads escape sequences and HTML entities in labels.
fn escaped_for_dot(text: &str) -> String {
    text.replace('&', "&amp;").replace('\\', "\\\\").replace('"', "\\\"")
}

/// Mermaid reads HTML, Markdown and entities in labels.
fn escaped_for_mermaid(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            c if c.is_alphanumeric() || " ,.:/()·×→…-*".contains(c) => escaped.push(c),
            c => {
                // Writing to a string cannot fail.
                let _ = write!(escaped, "#{};", u32::from(c));
            }
        }
    }
    escaped
}
