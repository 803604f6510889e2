//! The config while it is being built: constructs by stack, and what was not adopted.

mod ids;
mod named;
mod order;
mod references;
mod repositories;
mod way;

use std::collections::{BTreeMap, BTreeSet};

use ecrane_core::ConstructPath;
use ecrane_terraform::{Layout, resource_name};
use indexmap::IndexMap;
use serde_json::{Map, Value};

use crate::construct_id::ConstructIds;
use crate::error::{NotAdopted, SourceAddress};
use crate::policy::Statement;
use crate::stack::{Origin, Stack};
use crate::terraform;
use crate::value::{Env, text};
pub(crate) use named::{Kind, Named};
use references::stack_output;
pub(crate) use way::{Dialect, Overflow, Verbatim, Way};

/// An address of a Terraform state, and the construct that has it now.
#[derive(Debug)]
pub(crate) struct Kept {
    pub(crate) stack: usize,
    pub(crate) address: String,
    pub(crate) path: String,
    /// The address of the resource of which it is a part.
    pub(crate) of: Option<String>,
    pub(crate) is_retained: bool,
}

/// Comments in the config, by path.
pub(crate) type Comments = BTreeMap<Vec<String>, Vec<String>>;

/// A repository of the config.
#[derive(Debug, Clone, Default)]
pub(crate) struct Repository {
    pub(crate) element: Map<String, Value>,
    pub(crate) version: Option<String>,
    /// The statements of its policy, until grants are recovered from them.
    pub(crate) statements: Vec<Statement>,
    pub(crate) grants: Vec<Value>,
    pub(crate) events: Map<String, Value>,
}

/// A stack of the config.
#[derive(Debug, Default)]
pub(crate) struct Out {
    pub(crate) keys: Map<String, Value>,
    pub(crate) principals: Map<String, Value>,
    pub(crate) repositories: IndexMap<String, Repository>,
    pub(crate) private_tokens: Vec<Value>,
    pub(crate) public_tokens: Vec<Value>,
    pub(crate) registry: Map<String, Value>,
    pub(crate) public_repositories: Map<String, Value>,
    pub(crate) outputs: Map<String, Value>,
}

/// The config while it is being built.
pub(crate) struct Draft<'s> {
    pub(crate) stacks: &'s [Stack],
    pub(crate) dialect: Dialect,
    pub(crate) ids: &'s ConstructIds,
    pub(crate) way: Way,
    verbatim: &'s Verbatim,
    /// The logical IDs of repositories whose policies no grants make.
    pub(crate) unmade: BTreeSet<String>,
    pub(crate) names: Vec<IndexMap<String, Named>>,
    /// Whether a program wrote the source of a stack, so that the order of actions is its own.
    generated: Vec<bool>,
    /// The values of exports, and the stacks that export them.
    exports: BTreeMap<String, (usize, Value)>,
    /// IDs in use, by stack.
    taken: Vec<BTreeSet<String>>,
    /// Existing identities by stack and ARN, and by stack and the end of the ARN.
    pub(crate) imported: BTreeMap<(usize, String), String>,
    imported_repositories: BTreeMap<(usize, String), String>,
    pub(crate) out: Vec<Out>,
    pub(crate) refused: Vec<NotAdopted>,
    pub(crate) kept: Vec<Kept>,
    /// Where a choice was made.
    pub(crate) comments: Comments,
}

impl<'s> Draft<'s> {
    pub(crate) fn new(
        stacks: &'s [Stack],
        way: Way,
        ids: &'s ConstructIds,
        verbatim: &'s Verbatim,
    ) -> Self {
        let mut exports = BTreeMap::new();
        for (index, stack) in stacks.iter().enumerate() {
            let stack_name = stack.stack_name.as_ref().unwrap_or(&stack.id);
            for (id, output) in &stack.outputs {
                if let Some(value) = output.get("Value") {
                    exports.insert(stack_output(stack_name, id), (index, value.clone()));
                }
                let name = output.get("Export").and_then(|it| it.get("Name"));
                if let Some((name, value)) =
                    name.and_then(|it| text(it, &stack.env)).zip(output.get("Value"))
                {
                    exports.insert(name, (index, value.clone()));
                }
            }
        }
        for (index, stack) in stacks.iter().enumerate() {
            for (name, value) in &stack.exports {
                let sources = [
                    format!("cross-stack-reference-input-{}", stack.id.replace('/', "--")),
                    ConstructPath::of_id(&stack.id)
                        .map(|path| resource_name(&path, Layout::Plain))
                        .unwrap_or_default(),
                ];
                for source in sources {
                    exports.insert(terraform::import(&source, name), (index, value.clone()));
                }
            }
        }
        let mut draft = Self {
            stacks,
            dialect: way.dialect,
            way,
            ids,
            verbatim,
            unmade: BTreeSet::new(),
            generated: vec![false; stacks.len()],
            names: vec![IndexMap::new(); stacks.len()],
            exports,
            taken: vec![BTreeSet::new(); stacks.len()],
            imported: BTreeMap::new(),
            imported_repositories: BTreeMap::new(),
            out: stacks.iter().map(|_| Out::default()).collect(),
            refused: stacks.iter().flat_map(|it| it.refused.clone()).collect(),
            kept: Vec::new(),
            comments: Comments::default(),
        };
        draft.name_constructs();
        draft
    }

    pub(crate) fn is_generated(&self, stack: usize) -> bool {
        self.generated.get(stack).copied().unwrap_or_default()
    }

    /// Whether the policy of a repository stays as it is, without grants.
    pub(crate) fn is_as_written(&self, stack: usize, id: &str) -> bool {
        self.logical_ids(stack, id).any(|logical| {
            let resource = self.stacks.get(stack).and_then(|it| it.resources.get(logical));
            let parts = resource.into_iter().flat_map(|it| &it.parts).map(|(_, address)| address);
            parts.chain([logical]).any(|it| self.verbatim.statements.contains(it))
        })
    }

    /// The logical ID of a repository.
    pub(crate) fn logical_ids(&self, stack: usize, id: &str) -> impl Iterator<Item = &String> {
        let named = self.names.get(stack).into_iter().flatten();
        let named = named.filter(move |(_, it)| it.kind == Kind::Repository && it.id == id);
        named.map(|(logical, _)| logical)
    }

    /// Whether an override keeps the policy of a resource of a template.
    pub(crate) fn is_kept(&self, logical: &str) -> bool {
        self.verbatim.documents.contains(logical)
    }

    pub(crate) fn origin(&self, stack: usize) -> Origin {
        self.stacks.get(stack).map(|it| it.origin).unwrap_or_default()
    }

    pub(crate) fn env(&self, stack: usize) -> Env {
        self.stacks.get(stack).map(|it| it.env.clone()).unwrap_or_default()
    }

    pub(crate) fn out(&mut self, stack: usize) -> &mut Out {
        if stack >= self.out.len() {
            self.out.push(Out::default());
        }
        let last = self.out.len() - 1;
        #[expect(clippy::indexing_slicing, reason = "the index is within the bounds")]
        &mut self.out[stack.min(last)]
    }

    /// Says in the config which choice was made for an element of a stack.
    pub(crate) fn comment(&mut self, stack: usize, path: &[&str], text: impl Into<String>) {
        let Some(stack) = self.stacks.get(stack) else { return };
        let path = [&["stacks", stack.id.as_str()], path].concat();
        let path = path.into_iter().map(str::to_owned).collect();
        self.comments.entry(path).or_default().push(text.into());
    }

    pub(crate) fn refuse(&mut self, address: impl Into<SourceAddress>, reason: impl Into<String>) {
        self.refused
            .push(NotAdopted::Inexpressible { address: address.into(), reason: reason.into() });
    }
}
