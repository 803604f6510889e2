//! The picture in the DOT language.

use serde::Serialize;

use crate::layout::drawn;
use crate::picture::{Meaning, Node, Picture, Target};
use crate::templates::{RenderError, render};

#[derive(Serialize)]
struct Document {
    description: String,
    principals: Vec<Vertex>,
    groups: Vec<Cluster>,
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
struct Cluster {
    id: usize,
    label: String,
    nodes: Vec<Vertex>,
}

#[derive(Serialize)]
struct Edge {
    from: String,
    to: String,
    label: String,
    class: &'static str,
    is_dashed: bool,
    /// The cluster at whose frame the edge begins or ends.
    cluster: Option<usize>,
    is_access: bool,
}

impl Picture {
    /// The picture in the DOT language of Graphviz.
    ///
    /// # Errors
    /// Returns an error if the template is wrong, which is a bug.
    pub fn dot(&self) -> Result<String, RenderError> {
        render_document(self)
    }
}

fn render_document(picture: &Picture) -> Result<String, RenderError> {
    let side = |prefix: &str, nodes: &[Node]| -> Vec<Vertex> {
        let nodes = nodes.iter().enumerate();
        nodes.map(|(index, node)| vertex(format!("{prefix}{index}"), node)).collect()
    };
    let groups = picture.groups.iter().enumerate().map(|(id, group)| Cluster {
        id,
        label: quoted(&group.title()),
        nodes: side(&format!("r{id}_"), &group.nodes),
    });
    let edges = picture.links.iter().map(|link| {
        let Target { group, node } = link.target;
        let target = format!("r{group}_{}", node.unwrap_or(0));
        let cluster = node.is_none().then_some(group);
        let some = if link.is_partial { " (some)" } else { "" };
        match link.meaning {
            Meaning::Access(grant) => Edge {
                from: format!("p{}", link.other),
                to: target,
                label: quoted(&format!("{}{some}", grant.may.as_str())),
                class: grant.may.class(),
                is_dashed: grant.is_conditional,
                cluster,
                is_access: true,
            },
            Meaning::Follows => Edge {
                from: target,
                to: format!("c{}", link.other),
                label: quoted(some.trim()),
                class: "follows",
                is_dashed: false,
                cluster,
                is_access: false,
            },
        }
    });
    let document = Document {
        description: quoted(&picture.description()),
        principals: side("p", &picture.principals),
        groups: groups.collect(),
        consequences: side("c", &picture.consequences),
        edges: edges.collect(),
    };
    render("graph.dot", &document)
}

fn vertex(id: String, node: &Node) -> Vertex {
    let lines = std::iter::once(drawn(&node.label)).chain(node.lines.iter().cloned());
    // `\l` ends a line that is aligned to the left.
    let label: Vec<String> = lines.map(|line| escaped(&line)).collect();
    Vertex { id, label: format!("\"{}\\l\"", label.join("\\l")), class: node.kind.as_str() }
}

/// A quoted string. Graphviz reads escape sequences and HTML entities in labels.
fn quoted(text: &str) -> String {
    format!("\"{}\"", escaped(text))
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('\\', "\\\\").replace('"', "\\\"")
}
