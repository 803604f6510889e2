//! References of CloudFormation and Terraform in strings, which are literal text in a config.

use ecrane_core::ReferenceWarning;
use ecrane_document::{Node, NodeKind, Place};

use super::trail::Trail;

/// The keys below which strings go into the output as they are, or are meant for someone else.
const RAW: [&str; 5] = ["cloudformation", "input", "presets", "provider", "terraform"];

/// Returns the strings of a config that look like a reference of CloudFormation or Terraform.
pub(super) fn references(root: &Node) -> Vec<(Place, ReferenceWarning)> {
    let mut found = Vec::new();
    visit(root, &Trail::Top, &mut found);
    found
}

fn visit(node: &Node, trail: &Trail<'_>, found: &mut Vec<(Place, ReferenceWarning)>) {
    match &node.kind {
        NodeKind::Text(text) => {
            found.extend(ReferenceWarning::of(text).map(|warning| (trail.place(), warning)));
        }
        NodeKind::List(items) => {
            for (index, item) in items.iter().enumerate() {
                visit(item, &Trail::Index(trail, index), found);
            }
        }
        NodeKind::Map(entries) => {
            for (key, entry) in entries.iter().filter(|(key, _)| !RAW.contains(&key.as_ref())) {
                visit(&entry.node, &Trail::Key(trail, key), found);
            }
        }
        NodeKind::Null | NodeKind::Bool(_) | NodeKind::Number(_) => {}
    }
}
