//! The outputs of a module.

use std::collections::BTreeMap;

use ecrane_core::{Output, Problem};
use serde::Serialize;

use crate::TARGET;
use crate::expression::Text;
use crate::names;
use crate::problem::TerraformWarning;
use crate::scope::Scope;

/// An `output` block.
#[derive(Debug, Serialize)]
pub(crate) struct OutputBlock<'g> {
    pub(crate) value: Text<'g>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) description: Option<Text<'g>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) sensitive: Option<bool>,
}

/// The names of outputs, by construct ID.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub(crate) enum OutputTree {
    Output(String),
    Scope(BTreeMap<String, OutputTree>),
}

/// Renders an output and its name.
pub(crate) fn render<'g>(output: &'g Output, scope: &mut Scope<'g>) -> (String, OutputBlock<'g>) {
    let Output { path, value, description, export_name, pins, place } = output;
    if export_name.is_some() {
        let fact = TerraformWarning::NoCounterpart { property: "exportName" };
        scope.problem(Problem::warning(place.key("exportName"), fact));
    }
    let value = scope.text(value);
    let description = description.as_deref().map(Text::literal);
    let pinned = pins.get(TARGET);
    if let Some(pinned) = pinned {
        scope.check_pin(pinned, place.key("terraformName"));
    }
    let name = match pinned.filter(|name| names::is_name(name)) {
        Some(pinned) => pinned.clone(),
        None => names::resource_name(path, scope.layout()),
    };
    (name, OutputBlock { value, description, sensitive: None })
}

/// Adds the name of an output under its construct IDs.
pub(crate) fn plant(tree: &mut BTreeMap<String, OutputTree>, ids: &[&str], name: String) {
    match ids {
        [] => {}
        [id] => {
            tree.insert((*id).to_owned(), OutputTree::Output(name));
        }
        [scope, below @ ..] => {
            let below_scope = tree
                .entry((*scope).to_owned())
                .or_insert_with(|| OutputTree::Scope(BTreeMap::new()));
            // An output contains no other constructs, so the entry is a scope.
            if let OutputTree::Scope(scope) = below_scope {
                plant(scope, below, name);
            }
        }
    }
}
