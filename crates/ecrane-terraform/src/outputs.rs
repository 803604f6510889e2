//! Outputs of a module.

use std::collections::BTreeMap;

use ecrane_core::{Problem, StackNode};
use serde::Serialize;

use crate::expression::Text;
use crate::module::OutputTree;
use crate::names;
use crate::problem::TerraformWarning;
use crate::stack::StackRenderer;

/// An `output` block.
#[derive(Debug, Serialize)]
pub(crate) struct OutputBlock<'g> {
    pub(crate) value: Text<'g>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) description: Option<Text<'g>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) sensitive: Option<bool>,
}

/// Renders the outputs of a stack, and the tree of their names.
pub(crate) fn outputs<'g>(
    stack: &'g StackNode,
    renderer: &mut StackRenderer<'g>,
) -> BTreeMap<String, OutputTree> {
    let mut tree = BTreeMap::new();
    for output in &stack.outputs {
        let ecrane_core::Output { path, value, description, export_name, place } = output;
        renderer.stand_at(place);
        if export_name.is_some() {
            let fact = TerraformWarning::NoCounterpart { property: "exportName" };
            renderer.problem(Problem::warning(place.key("exportName"), fact));
        }
        let value = renderer.text(value);
        let description = description.as_deref().map(Text::literal);
        let name = names::name(path, renderer.layout());
        renderer.add_output(
            path,
            name.clone(),
            OutputBlock { value, description, sensitive: None },
        );
        plant(&mut tree, path.components(), name);
    }
    tree
}

/// Puts the name of an output under its construct ids.
fn plant(tree: &mut BTreeMap<String, OutputTree>, ids: &[String], name: String) {
    match ids {
        [] => {}
        [id] => {
            tree.insert(id.clone(), OutputTree::Output(name));
        }
        [scope, below @ ..] => {
            let below_scope =
                tree.entry(scope.clone()).or_insert_with(|| OutputTree::Scope(BTreeMap::new()));
            // An output holds no other constructs, so what is found is a scope.
            if let OutputTree::Scope(scope) = below_scope {
                plant(scope, below, name);
            }
        }
    }
}
