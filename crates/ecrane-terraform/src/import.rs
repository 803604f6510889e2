//! `import` blocks: what exists comes into Terraform's state and is not created.

use std::fmt::Write as _;

use ecrane_core::{
    Attribute, Graph, ImportError, PhysicalIds, Pseudo, Resource, ResourceId, Value,
};
use serde::Serialize;

use crate::expression::{Part, Template, Text};
use crate::ledger::{self, Address, StateError};
use crate::names;
use crate::options::Layout;
use crate::resource::{given_name, terraform_type};
use crate::scope::Scope;

/// An `import` block.
#[derive(Debug, Serialize)]
pub(crate) struct ImportBlock<'g> {
    pub(crate) to: Address,
    pub(crate) id: Text<'g>,
}

/// The ID with which Terraform imports a resource, by the documentation of its type (provider
/// documentation, section "Import").
#[derive(Debug, Clone)]
pub(crate) struct ImportId<'g>(Vec<IdPart<'g>>);

/// A part of an import ID.
#[derive(Debug, Clone, Copy)]
pub(crate) enum IdPart<'g> {
    /// The physical ID of the resource of the graph: its name, in most types.
    Own,
    /// The ID of the account, which is that of its registry.
    Account,
    Text(&'g str),
    Value(&'g Value),
}

impl<'g> ImportId<'g> {
    pub(crate) fn new(parts: impl IntoIterator<Item = IdPart<'g>>) -> Self {
        Self(parts.into_iter().collect())
    }

    /// The physical ID of the resource of the graph.
    pub(crate) fn own() -> Self {
        Self::new([IdPart::Own])
    }

    /// The account, for a resource of which a registry has one.
    pub(crate) fn account() -> Self {
        Self::new([IdPart::Account])
    }

    /// Terraform cannot import it: the name in the module is not the one that exists.
    pub(crate) fn none() -> Self {
        Self(Vec::new())
    }

    pub(crate) fn is_none(&self) -> bool {
        self.0.is_empty()
    }

    /// The ID as a string of the module.
    pub(crate) fn text(
        &self,
        of: ResourceId,
        scope: &mut Scope<'g>,
    ) -> Result<(Text<'g>, IdKind), ImportError> {
        let mut template = Template::default();
        let mut kind = IdKind::Literal;
        for part in self.parts(of, scope)? {
            let part = match part {
                Piece::Part(part) => part,
                Piece::Pseudo(pseudo) => scope.pseudo(pseudo),
            };
            match part {
                Part::Text(text) => template.text(&text),
                Part::Expression(expression) => {
                    kind = IdKind::Expression;
                    template.expression(&expression);
                }
            }
        }
        Ok((template.finish(), kind))
    }

    /// What tells the resource from others of its type in a state, if known before deployment. A
    /// registry has only one of those that its account identifies.
    pub(crate) fn identity(&self, of: ResourceId, scope: &Scope<'g>) -> Option<String> {
        if let [IdPart::Account] = self.0.as_slice() {
            return Some(String::new());
        }
        let mut identity = String::new();
        for part in self.parts(of, scope).ok()? {
            let part = match part {
                Piece::Part(part) => part,
                Piece::Pseudo(pseudo) => scope.known_pseudo(pseudo)?,
            };
            let Part::Text(text) = part else { return None };
            // Writing to a string cannot fail.
            let _ = identity.write_str(&text);
        }
        (!identity.is_empty()).then_some(identity)
    }

    fn parts(&self, of: ResourceId, scope: &Scope<'g>) -> Result<Vec<Piece<'g>>, ImportError> {
        let mut pieces = Vec::new();
        for part in &self.0 {
            match part {
                IdPart::Own => pieces.push(physical_id(of, scope)?.into()),
                IdPart::Account => pieces.push(Piece::Pseudo(Pseudo::AccountId)),
                IdPart::Text(text) => pieces.push((*text).into()),
                IdPart::Value(value) => add_value(value, of, scope, &mut pieces)?,
            }
        }
        Ok(pieces)
    }
}

/// Whether an ID is known without Terraform.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum IdKind {
    Literal,
    /// It contains a data source.
    Expression,
}

/// A part of an ID with known names.
enum Piece<'g> {
    Part(Part<'g>),
    Pseudo(Pseudo),
}

impl<'g> From<&'g str> for Piece<'g> {
    fn from(text: &'g str) -> Self {
        Self::Part(Part::Text(text.into()))
    }
}

/// Adds a value, in which names of other resources are those that exist: a reference would be unknown
/// while they are imported.
fn add_value<'g>(
    value: &'g Value,
    of: ResourceId,
    scope: &Scope<'g>,
    pieces: &mut Vec<Piece<'g>>,
) -> Result<(), ImportError> {
    match value {
        Value::Literal(text) => pieces.push(text.as_str().into()),
        Value::Pseudo(pseudo) => pieces.push(Piece::Pseudo(*pseudo)),
        Value::Attribute(id, Attribute::Name) => pieces.push(physical_id(*id, scope)?.into()),
        Value::Concat(values) => {
            for value in values {
                add_value(value, of, scope, pieces)?;
            }
        }
        Value::Attribute(_, Attribute::Arn) | Value::ArnField(..) => {
            let path = scope.graph().resource(of).map(path).unwrap_or_default();
            return Err(ImportError::IdUnknown { path });
        }
    }
    Ok(())
}

/// Reads the physical IDs of a stack's resources from a Terraform state (the file, version 4, or the
/// output of `terraform show -json`), in which they have the addresses of the layout.
///
/// `stack` is the position of the stack in the graph. Resources that the graph does not have are
/// ignored.
///
/// # Errors
/// If the text is not a state.
pub fn physical_ids(
    graph: &Graph,
    layout: Layout,
    stack: usize,
    state: &[u8],
) -> Result<PhysicalIds, StateError> {
    let known = ledger::ids(state)?;
    let resources = graph.stacks().get(stack).map(|stack| stack.resources.as_slice());
    let ids = resources.into_iter().flatten().enumerate().filter_map(|(index, resource)| {
        let kind = terraform_type(resource).name();
        let address = Address::new(kind, &names::of(resource, layout))?;
        Some((ResourceId::new(stack, index), known.get(&address)?.clone()))
    });
    Ok(ids.collect())
}

/// The physical ID of a resource: the specified name, otherwise what is known about the account.
fn physical_id<'g>(id: ResourceId, scope: &Scope<'g>) -> Result<&'g str, ImportError> {
    // `Graph::new` accepts only references to resources of the graph.
    let Some(resource) = scope.graph().resource(id) else {
        return Err(ImportError::IdUnknown { path: String::new() });
    };
    let found = || scope.options().import.as_ref().and_then(|ids: &PhysicalIds| ids.get(id));
    match (given_name(resource), resource.kind.name_key()) {
        (Some(name), _) => Ok(name),
        (None, Some(key)) => {
            let (path, found) = (path(resource), found().map(str::to_owned));
            Err(ImportError::NameGenerated { path, key, found })
        }
        (None, None) => found().ok_or_else(|| ImportError::IdUnknown { path: path(resource) }),
    }
}

fn path(resource: &Resource) -> String {
    resource.path.to_string()
}
