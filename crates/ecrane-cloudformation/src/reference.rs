//! References between stacks.
//!
//! A strong reference is an export of the one stack and an import of the other. A weak one is an
//! output that is read by `Fn::GetStackOutput`. Their ids are made as the AWS CDK makes them.

use ecrane_core::{Attribute, ConstructPath, Graph, ReferenceStrength, ResourceId};
use indexmap::{IndexMap, IndexSet};

use crate::logical_ids::LogicalIds;

/// What the other stacks of a graph refer to, by producer.
#[derive(Debug)]
pub(crate) struct References(Vec<IndexMap<(ResourceId, Attribute), Published>>);

/// The outputs by which an attribute can be read from elsewhere.
#[derive(Debug)]
pub(crate) struct Published {
    /// The output with an export; there is none for a weak reference.
    pub(crate) export: Option<String>,
    /// The output that `Fn::GetStackOutput` names; there is none for a strong reference.
    pub(crate) output: Option<String>,
}

impl References {
    pub(crate) fn new(graph: &Graph, ids: &LogicalIds) -> Self {
        let mut wanted: Vec<IndexSet<(ResourceId, Attribute)>> =
            vec![IndexSet::new(); graph.stacks().len()];
        for consumer in 0..graph.stacks().len() {
            for (id, attribute) in graph.foreign_references(consumer) {
                if let Some(producer) = wanted.get_mut(id.stack()) {
                    producer.insert((id, attribute));
                }
            }
        }
        let publish = |(id, attribute): (ResourceId, Attribute)| {
            let resolved = match attribute {
                Attribute::Name => format!(r#"{{"Ref":"{}"}}"#, ids.get(id)),
                Attribute::Arn => format!(r#"{{"Fn::GetAtt":["{}","Arn"]}}"#, ids.get(id)),
            };
            let output_of = |scope: &str| logical_id(scope, &resolved);
            let strength = graph.compatibility().reference_strength;
            let published = Published {
                export: (strength != ReferenceStrength::Weak).then(|| output_of("Exports")),
                output: (strength != ReferenceStrength::Strong).then(|| output_of("Publish")),
            };
            ((id, attribute), published)
        };
        Self(wanted.into_iter().map(|set| set.into_iter().map(publish).collect()).collect())
    }

    /// What a stack publishes.
    pub(crate) fn of_producer(
        &self,
        stack: usize,
    ) -> impl Iterator<Item = (&(ResourceId, Attribute), &Published)> {
        self.0.get(stack).into_iter().flatten()
    }

    /// How an attribute is published.
    pub(crate) fn get(&self, id: ResourceId, attribute: Attribute) -> Option<&Published> {
        self.0.get(id.stack())?.get(&(id, attribute))
    }
}

/// The CDK makes the output's id of the intrinsic function that it holds.
fn logical_id(scope: &str, resolved: &str) -> String {
    ConstructPath::try_from(scope)
        .map(|scope| scope.child(&format!("Output{resolved}")).logical_id())
        .unwrap_or_default()
}

/// The name of an export: the stack's name and the output's id, from the end of which CloudFormation
/// takes 255 characters together.
pub(crate) fn export_name(stack: &str, logical_id: &str) -> String {
    let prefix = format!("{stack}:");
    let skip = (logical_id.len() + prefix.len()).saturating_sub(255);
    let local: String = logical_id.chars().skip(skip).collect();
    prefix + &local
}
