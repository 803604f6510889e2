//! The picture in a language whose reader lays it out: DOT and Mermaid.

use std::fmt::Write as _;

use serde::Serialize;

use crate::layout::drawn;
use crate::picture::{Meaning, Node, Picture};
use crate::templates::{RenderError, render};

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
        let groups = self.groups.iter().enumerate().map(|(id, group)| Group {
            id,
            label: escape(&group.title()),
            nodes: vertices(&format!("r{id}_"), &group.nodes),
        });
        let edges = self.links.iter().map(|link| {
            let some = if link.is_partial { " (some)" } else { "" };
            let (side, label, class, is_dashed, is_access) = match link.meaning {
                Meaning::Access(grant) => {
                    let may = grant.may;
                    (
                        "p",
                        format!("{}{some}", may.as_str()),
                        may.class(),
                        grant.is_conditional,
                        true,
                    )
                }
                Meaning::Follows => ("c", some.trim().to_owned(), "follows", false, false),
            };
            let target = link.target;
            Edge {
                repository: format!("r{}_{}", target.group, target.node.unwrap_or(0)),
                other: format!("{side}{}", link.other),
                group: target.node.is_none().then_some(target.group),
                label: escape(&label),
                class,
                is_dashed,
                is_access,
            }
        });
        let document = Document {
            // Words and numbers, without anything to escape.
            description: self.description(),
            principals: vertices("p", &self.principals),
            groups: groups.collect(),
            consequences: vertices("c", &self.consequences),
            edges: edges.collect(),
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
            c if c.is_alphanumeric() || " ,.:/()·→…-*".contains(c) => escaped.push(c),
            c => {
                // Writing to a string cannot fail.
                let _ = write!(escaped, "#{};", u32::from(c));
            }
        }
    }
    escaped
}
