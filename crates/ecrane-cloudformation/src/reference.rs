//! References between stacks.
//!
//! A strong reference is an export of one stack that the other imports (`Fn::ImportValue`). A weak
//! reference is an output that the other reads with `Fn::GetStackOutput`. The IDs are those of the
//! AWS CDK.

use ecrane_core::{Attribute, ConstructPath, Graph, ReferenceStrength, ResourceId};
use indexmap::{IndexMap, IndexSet};

use crate::logical_ids::LogicalIds;

/// The attributes that other stacks refer to, by producing stack.
#[derive(Debug)]
pub(crate) struct References(Vec<IndexMap<(ResourceId, Attribute), Published>>);

/// The outputs that publish an attribute to other stacks.
#[derive(Debug)]
pub(crate) struct Published {
    /// The exported output, for strong references.
    pub(crate) export: Option<String>,
    /// The output that `Fn::GetStackOutput` reads, for weak references.
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

    /// The attributes that a stack publishes.
    pub(crate) fn of_producer(
        &self,
        stack: usize,
    ) -> impl Iterator<Item = (&(ResourceId, Attribute), &Published)> {
        self.0.get(stack).into_iter().flatten()
    }

    /// The outputs that publish an attribute.
    pub(crate) fn get(&self, id: ResourceId, attribute: Attribute) -> Option<&Published> {
        self.0.get(id.stack())?.get(&(id, attribute))
    }
}

/// The CDK derives the output's ID from the intrinsic function in its value.
fn logical_id(scope: &str, resolved: &str) -> String {
    ConstructPath::try_from(scope)
        .map(|scope| scope.child(&format!("Output{resolved}")).logical_id())
        .unwrap_or_default()
}

/// The name of an export: the stack name and the output ID. Only the last 255 characters are kept,
/// which is CloudFormation's limit.
pub(crate) fn export_name(stack: &str, logical_id: &str) -> String {
    let prefix = format!("{stack}:");
    let skip = (logical_id.len() + prefix.len()).saturating_sub(255);
    let local: String = logical_id.chars().skip(skip).collect();
    prefix + &local
}
