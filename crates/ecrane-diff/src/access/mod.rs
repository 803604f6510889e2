//! Who gains or loses what by a change, by the access engine on both sides.
//!
//! The policies are read from the documents, their values resolved as far as the documents tell.
//! Names that AWS generates are placeholders, which are the same on both sides. A policy with a
//! value that is not known is compared as text: if it changes, this is said.

mod change;
mod cloudformation;
mod policy;
mod side;
mod terraform;

use std::collections::{BTreeMap, BTreeSet};

use ecrane_access::Permissions;

use crate::stack::Stack;

pub use change::{AccessChange, AccessChanges, AccessUnknown};
use side::{Read, Side};

/// A stack before and after a change.
#[derive(Debug, Clone)]
pub struct StackPair<'s> {
    /// The name of the stack.
    pub name: &'s str,
    /// What is deployed.
    pub before: &'s Stack,
    /// What is to be deployed.
    pub after: &'s Stack,
    /// What the config says about the stack.
    pub environment: StackEnvironment,
}

/// Where a stack is deployed, as far as its documents do not say it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StackEnvironment {
    /// The account ID.
    pub account: Option<String>,
    /// The Region.
    pub region: Option<String>,
    /// The tags of the stack, which its resources inherit.
    pub tags: BTreeMap<String, String>,
}

/// Who gains or loses what when all stacks are deployed over what is deployed.
///
/// A stack that does not change belongs here too, if others refer to it.
///
/// ```
/// use ecrane_diff::{Document, StackEnvironment, StackPair, access_changes};
///
/// let stack = |principal: &str| {
///     let policy = serde_json::json!({ "Version": "2012-10-17", "Statement": [{
///         "Effect": "Allow",
///         "Principal": { "AWS": principal },
///         "Action": ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]
///     }] });
///     let properties =
///         serde_json::json!({ "RepositoryName": "shop/app", "RepositoryPolicyText": policy });
///     let app = serde_json::json!({ "Type": "AWS::ECR::Repository", "Properties": properties });
///     match Document::from_json(serde_json::json!({ "Resources": { "App": app } })) {
///         Ok(Document::Stack(stack)) => stack,
///         other => unreachable!("{other:?}"),
///     }
/// };
/// let (before, after) = (stack("111122223333"), stack("*"));
/// let environment = StackEnvironment::default();
/// let pair = StackPair { name: "Registry", before: &before, after: &after, environment };
/// let found = access_changes(&[pair]);
/// assert!(found.changes[0].sentence.starts_with("everyone may now pull from `shop/app`"));
/// assert!(found.unknown.is_empty());
/// ```
pub fn access_changes(pairs: &[StackPair<'_>]) -> AccessChanges {
    let before = Side::before(pairs).read();
    let after = Side::after(pairs).read();
    let mut changes = if before.policies == after.policies {
        AccessChanges::default()
    } else {
        let [old, new] = [&before, &after].map(|it| Permissions::from(&it.policies));
        AccessChanges::between(&old, &new)
    };
    let mut unknown = unknown(&before, &after);
    unknown.append(&mut changes.unknown);
    changes.unknown = unknown;
    changes
}

/// The policies that change and have a part that is not known.
fn unknown(before: &Read, after: &Read) -> Vec<AccessUnknown> {
    let keys: BTreeSet<_> = before.texts.keys().chain(after.texts.keys()).collect();
    let say = |key: &(String, String, String)| {
        let (old, new) = (before.texts.get(key), after.texts.get(key));
        if old.map(|it| (&it.value, &it.unknown)) == new.map(|it| (&it.value, &it.unknown)) {
            return None;
        }
        let (stack, address, property) = key;
        let said = |sentence: String| AccessUnknown {
            stack: Some(stack.clone()),
            address: address.clone(),
            sentence,
        };
        if let Some(about) = new.and_then(|it| it.unjudged) {
            return Some(said(format!(
                "what `{property}` of `{address}` allows after the change is not evaluated: it is \
                 the policy of {about}"
            )));
        }
        let parts = |side: Option<&side::Text>| -> BTreeSet<String> {
            side.into_iter().flat_map(|it| it.unknown.iter().cloned()).collect()
        };
        let (old, new) = (parts(old), parts(new));
        let when = match (old.is_empty(), new.is_empty()) {
            (true, true) => return None,
            (false, true) => "allowed before the change",
            (true, false) => "allows after the change",
            (false, false) => "allows before and after the change",
        };
        let parts: Vec<String> = old.union(&new).cloned().collect();
        Some(said(format!(
            "what `{property}` of `{address}` {when} is not known: it has {}",
            parts.join(", ")
        )))
    };
    keys.into_iter().filter_map(say).collect()
}
