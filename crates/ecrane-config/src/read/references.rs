//! References of CloudFormation and Terraform in strings, which are literal text in a config.

use ecrane_core::ReferenceWarning;
use ecrane_document::{Node, NodeKind, Place};

/// The keys below which strings go into the output as they are, or are meant for someone else.
const RAW: [&str; 5] = ["cloudformation", "input", "presets", "provider", "terraform"];

/// Returns the strings of a config that look like a reference of CloudFormation or Terraform.
pub(super) fn references(root: &Node) -> Vec<(Place, ReferenceWarning)> {
    let mut found = Vec::new();
    visit(root, &Place::default(), &mut found);
    found
}

fn visit(node: &Node, place: &Place, found: &mut Vec<(Place, ReferenceWarning)>) {
    match &node.kind {
        NodeKind::Text(text) => {
            found.extend(ReferenceWarning::of(text).map(|warning| (place.clone(), warning)));
        }
        NodeKind::List(items) => {
            for (index, item) in items.iter().enumerate() {
                visit(item, &place.index(index), found);
            }
        }
        NodeKind::Map(entries) => {
            for (key, entry) in entries.iter().filter(|(key, _)| !RAW.contains(&key.as_str())) {
                visit(&entry.node, &place.key(key), found);
            }
        }
        NodeKind::Null | NodeKind::Bool(_) | NodeKind::Number(_) => {}
    }
}
