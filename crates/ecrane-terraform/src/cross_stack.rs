//! Names of cross-stack references: of the data source in the consumer, and of the output in the
//! producer.

use ecrane_core::{ConstructPath, StackNode};

use crate::names;
use crate::options::Layout;

/// The type of the data source.
pub(crate) const KIND: &str = "terraform_remote_state";

/// The name of the data source in the consuming stack.
pub(crate) fn name(producer: &StackNode, layout: Layout) -> String {
    match layout {
        Layout::Plain => names::snake_case(&producer.id),
        Layout::Cdktf => cdktf_id(&format!("cross-stack-reference-input-{}", producer.id)),
    }
}

/// The name of the output in the producing stack.
pub(crate) fn output_name(kind: &str, name: &str, attribute: &str, layout: Layout) -> String {
    match layout {
        Layout::Plain => format!("cross_stack_{kind}_{name}_{attribute}"),
        Layout::Cdktf => cdktf_id(&format!("cross-stack-output-{kind}.{name}.{attribute}")),
    }
}

/// CDKTF's unique ID of a single construct ID.
fn cdktf_id(id: &str) -> String {
    // These ids begin with a fixed prefix and contain no slash, so they are well-formed.
    ConstructPath::try_from(id.replace('/', "--").as_str())
        .map_or_else(|_| id.to_owned(), |path| path.cdktf_id())
}
