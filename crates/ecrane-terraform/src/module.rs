//! A root module in Terraform's JSON syntax.

use std::collections::BTreeMap;

use ecrane_core::{Addresses, Graph, StackNode};
use indexmap::IndexMap;
use serde::{Serialize, Serializer};

use crate::import::ImportBlock;
use crate::opaque::{Opaque, opaque};
use crate::options::Options;
use crate::outputs::{OutputBlock, OutputTree};
use crate::provider::{ProviderBlock, TerraformBlock};
use crate::refactoring::{MovedBlock, RemovedBlock};
use crate::remote_state::RemoteState;
use crate::resource::Body;
use crate::scope::Scope;
use crate::stack::StackRenderer;

/// A root module.
///
/// Blocks are keyed by type and name. Types are sorted; names are in graph order.
#[derive(Debug, Serialize)]
pub(crate) struct Module<'g> {
    #[serde(rename = "//", skip_serializing_if = "Option::is_none")]
    pub(crate) comment: Option<Comment<'g>>,
    pub(crate) terraform: TerraformBlock<'g>,
    /// None in a module that root modules call.
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub(crate) provider: IndexMap<&'static str, [ProviderBlock<'g>; 1]>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) data: Blocks<DataBody<'g>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) resource: Option<StackResources<'g>>,
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub(crate) output: IndexMap<String, OutputBlock<'g>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) import: Vec<ImportBlock<'g>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) moved: Vec<MovedBlock>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) removed: Vec<RemovedBlock>,
}

impl Module<'_> {
    /// Removes what only a root module has.
    pub(crate) fn called(&mut self) {
        self.provider.clear();
        self.terraform.backend = None;
        if let Some(Comment::Stack(_)) = self.comment {
            self.comment = None;
        }
    }
}

/// Blocks by type and name.
pub(crate) type Blocks<B> = BTreeMap<&'static str, IndexMap<String, Block<B>>>;

/// The resources of a stack, which are rendered for their problems, and again when the module is
/// written: those of all modules would take more memory than the graph.
#[derive(Debug)]
pub(crate) struct StackResources<'g> {
    pub(crate) graph: &'g Graph,
    pub(crate) options: &'g Options,
    /// The position of the stack in the graph.
    pub(crate) index: usize,
    pub(crate) stack: &'g StackNode,
    pub(crate) region_attribute: &'static str,
}

impl<'g> StackResources<'g> {
    /// The context in which they are rendered.
    pub(crate) fn scope(&self) -> Scope<'g> {
        let Self { graph, options, index, stack, region_attribute } = *self;
        Scope::new(graph, options, index, stack, region_attribute)
    }
}

impl Serialize for StackResources<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        StackRenderer::again(self.scope()).serialize(serializer)
    }
}

/// Resources by type and name.
pub(crate) type Resources<'g> = BTreeMap<&'static str, IndexMap<String, ResourceBlock<'g>>>;

/// A resource, with overrides.
#[derive(Debug, Serialize)]
#[serde(untagged)]
#[expect(clippy::large_enum_variant, reason = "most are plain")]
pub(crate) enum ResourceBlock<'g> {
    Plain(Block<Body<'g>>),
    Merged(serde_json::Value),
}

impl<'g> ResourceBlock<'g> {
    /// Merges overrides over the block, with escaped strings.
    ///
    /// A nested block is rendered as an array of one object. As in Terraform, an override can be the
    /// object alone.
    pub(crate) fn new(
        block: Block<Body<'g>>,
        overrides: Option<&IndexMap<String, serde_json::Value>>,
    ) -> Self {
        let Some(overrides) = overrides else { return Self::Plain(block) };
        let opaque: IndexMap<&str, Opaque<'_>> = opaque(overrides).collect();
        // Both are objects, which always serialize.
        let (Ok(serde_json::Value::Object(mut merged)), Ok(serde_json::Value::Object(arguments))) =
            (serde_json::to_value(&block), serde_json::to_value(opaque))
        else {
            return Self::Plain(block);
        };
        for (name, argument) in &arguments {
            if argument.is_object()
                && let Some(rendered) = merged.get_mut(name)
                && let Some([inner]) = rendered.as_array().map(Vec::as_slice)
                && inner.is_object()
            {
                *rendered = inner.clone();
            }
        }
        Addresses::merge(&mut merged, &arguments, |_| false);
        Self::Merged(merged.into())
    }
}

/// A resource or a data source.
#[derive(Debug, Serialize)]
pub(crate) struct Block<B> {
    #[serde(rename = "//", skip_serializing_if = "Option::is_none")]
    pub(crate) comment: Option<BlockComment>,
    #[serde(flatten)]
    pub(crate) body: B,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) lifecycle: Option<Lifecycle>,
}

/// The arguments of a data source.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub(crate) enum DataBody<'g> {
    None {},
    RemoteState(RemoteState<'g>),
}

/// Whether Terraform refuses to destroy the resource.
#[derive(Debug, Clone, Copy, Serialize)]
pub(crate) struct Lifecycle {
    pub(crate) prevent_destroy: bool,
}

/// A comment, which Terraform ignores.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub(crate) enum Comment<'g> {
    Description(&'g str),
    Stack(StackComment<'g>),
}

/// The metadata that the `cdktf` and `cdktn` CLIs read.
#[derive(Debug, Serialize)]
pub(crate) struct StackComment<'g> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) description: Option<&'g str>,
    pub(crate) metadata: StackMetadata<'g>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) outputs: BTreeMap<String, OutputTree>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct StackMetadata<'g> {
    pub(crate) backend: &'g str,
    pub(crate) stack_name: &'g str,
    pub(crate) version: &'static str,
}

/// The construct of a block.
#[derive(Debug, Serialize)]
pub(crate) struct BlockComment {
    pub(crate) metadata: BlockMetadata,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct BlockMetadata {
    pub(crate) path: String,
    pub(crate) unique_id: String,
}
