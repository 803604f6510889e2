//! Statements that name an identity by a tag, as version 2 of the AWS CDK writes them where it does not know
//! that the identity is in the account of the repository.

use ecrane_core::ConstructPath;
use serde_json::Value;

use crate::draft::Draft;
use crate::overflow::Place;
use crate::value::only;

/// The tag of an identity: the name of its stack, and the address of its path.
fn tag(principal: &Value) -> Option<&str> {
    let ("StringEquals", keys) = only(principal.get("conditions")?)? else { return None };
    let ("aws:PrincipalTag/aws-cdk:id", Value::String(tag)) = only(keys)? else { return None };
    Some(tag)
}

/// The address in a tag of an identity of a stack.
fn address<'t>(draft: &Draft<'_>, stack: usize, tag: &'t str) -> Option<&'t str> {
    let stack = draft.stacks.get(stack)?;
    tag.strip_prefix(stack.stack_name.as_ref().unwrap_or(&stack.id))?.strip_prefix('_')
}

/// The identity of a stack that a statement names by a tag, as seen from a stack.
pub(crate) fn by_tag(draft: &Draft<'_>, stack: usize, principal: &Value) -> Option<String> {
    let tag = tag(principal)?;
    draft.stacks.iter().enumerate().find_map(|(owner, it)| {
        let address = address(draft, owner, tag)?;
        let mut identities = draft.names.get(owner)?.values().filter(|it| it.kind.is_identity());
        let named = identities.find(|named| {
            ConstructPath::of_id(&named.id).is_ok_and(|path| path.address(&it.id) == address)
        })?;
        let id = &named.id;
        Some(if owner == stack { id.clone() } else { format!("{}/{id}", it.id) })
    })
}

/// Whether the policy of a repository has a permission of an identity of a stack by a tag that is not the
/// one of its path: the path is unknown. A grant would write another tag, so the policy stays as it is, and
/// the identity has the permission on the repository as on an existing one.
pub(crate) fn is_by_unknown_tag(
    draft: &Draft<'_>,
    repository: &Place,
    stack: usize,
    actions: &[String],
) -> bool {
    let of = draft.out.get(repository.0).and_then(|it| it.repositories.get(&repository.1));
    of.into_iter().flat_map(|it| &it.statements).any(|statement| {
        let principal = statement.principal();
        let is_tag = |it: &Value| {
            tag(it).is_some_and(|tag| address(draft, stack, tag).is_some())
                && by_tag(draft, stack, it).is_none()
        };
        principal.as_ref().is_some_and(is_tag)
            && statement.actions.iter().all(|it| actions.contains(it))
    })
}
