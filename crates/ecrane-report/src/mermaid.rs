//! The picture as a Mermaid flowchart.

use std::fmt::Write as _;

use serde::Serialize;

use crate::layout::drawn;
use crate::picture::{Meaning, Node, Picture, Target};
use crate::templates::{RenderError, render};

#[derive(Serialize)]
struct Document {
    description: String,
    principals: Vec<Vertex>,
    groups: Vec<Subgraph>,
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
struct Subgraph {
    id: usize,
    label: String,
    nodes: Vec<Vertex>,
}

#[derive(Serialize)]
struct Edge {
    from: String,
    to: String,
    arrow: &'static str,
    label: Option<String>,
}

impl Picture {
    /// The picture as a Mermaid flowchart, which GitHub shows in Markdown.
    ///
    /// # Errors
    /// Returns an error if the template is wrong, which is a bug.
    pub fn mermaid(&self) -> Result<String, RenderError> {
        render_document(self)
    }
}

fn render_document(picture: &Picture) -> Result<String, RenderError> {
    let side = |prefix: &str, nodes: &[Node]| -> Vec<Vertex> {
        let nodes = nodes.iter().enumerate();
        nodes.map(|(index, node)| vertex(format!("{prefix}{index}"), node)).collect()
    };
    let groups = picture.groups.iter().enumerate().map(|(id, group)| Subgraph {
        id,
        label: escaped(&group.title()),
        nodes: side(&format!("r{id}_"), &group.nodes),
    });
    let edges = picture.links.iter().map(|link| {
        let target = match link.target {
            Target { group, node: Some(node) } => format!("r{group}_{node}"),
            Target { group, node: None } => format!("g{group}"),
        };
        let some = if link.is_partial { " (some)" } else { "" };
        match link.meaning {
            Meaning::Access(grant) => Edge {
                from: format!("p{}", link.other),
                to: target,
                arrow: if grant.is_conditional { "-.->" } else { "-->" },
                label: Some(escaped(&format!("{}{some}", grant.may.as_str()))),
            },
            Meaning::Follows => Edge {
                from: target,
                to: format!("c{}", link.other),
                arrow: "-->",
                label: link.is_partial.then(|| "some".to_owned()),
            },
        }
    });
    let document = Document {
        description: picture.description(),
        principals: side("p", &picture.principals),
        groups: groups.collect(),
        consequences: side("c", &picture.consequences),
        edges: edges.collect(),
    };
    render("graph.mmd", &document)
}

fn vertex(id: String, node: &Node) -> Vertex {
    let lines = std::iter::once(drawn(&node.label)).chain(node.lines.iter().cloned());
    let label: Vec<String> = lines.map(|line| escaped(&line)).collect();
    Vertex { id, label: label.join("<br/>"), class: node.kind.as_str() }
}

/// Text in quotes. Mermaid reads HTML, Markdown and entities in it.
fn escaped(text: &str) -> String {
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
