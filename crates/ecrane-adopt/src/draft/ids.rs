//! The IDs of constructs: those that follow from addresses, and others that are free.

use std::collections::BTreeSet;

use serde_json::Value;

use super::Draft;
use super::named::{Kind, Named};
use crate::stack::{Origin, Stack};
use crate::value::{list, reference};

impl Draft<'_> {
    pub(super) fn name_constructs(&mut self) {
        for (index, stack) in self.stacks.iter().enumerate() {
            // IDs that follow from logical IDs come first: nothing else may take them.
            let mut unknown = Vec::new();
            for (logical, resource) in &stack.resources {
                let Some(kind) = Kind::of(&resource.kind) else { continue };
                let derived = match stack.origin {
                    Origin::CloudFormation => {
                        let noted = resource.noted_path();
                        let own = self.ids.of_logical_id(logical, kind.children(), noted);
                        own.or_else(|| self.id_behind_part(stack, logical))
                    }
                    Origin::Terraform(_) | Origin::Account => resource.id.clone(),
                };
                let is_hashed =
                    derived.as_ref().is_some_and(|id| id != logical) || is_hashed(logical);
                if (stack.origin == Origin::CloudFormation && is_hashed || stack.is_module)
                    && let Some(generated) = self.generated.get_mut(index)
                {
                    *generated = true;
                }
                match derived {
                    Some(id) if self.take(index, &id) => {
                        self.name(index, logical, Named { kind, id });
                    }
                    Some(id) => unknown.push((logical, id, kind)),
                    None => unknown.push((logical, logical.clone(), kind)),
                }
            }
            for (logical, word, kind) in unknown {
                // The logical ID is pinned, and as an ID it is unique.
                let is_template = stack.origin == Origin::CloudFormation;
                let id = self.free(index, if is_template { logical } else { &word });
                self.name(index, logical, Named { kind, id });
            }
        }
    }

    /// The ID of a construct with another logical ID, from the alias or policy that the AWS CDK puts
    /// below it.
    fn id_behind_part(&self, stack: &Stack, logical: &str) -> Option<String> {
        let refers = |value: &Value| reference(value).is_some_and(|(id, _)| id == logical);
        stack.resources.iter().find_map(|(part, resource)| {
            let property = |name: &str| resource.properties.get(name);
            let children: &[&str] = match resource.kind.as_str() {
                "AWS::KMS::Alias" if property("TargetKeyId").is_some_and(refers) => {
                    &["Alias", "Resource"]
                }
                "AWS::IAM::Policy" => {
                    let holders = ["Roles", "Users", "Groups"].into_iter().filter_map(property);
                    holders.flat_map(list).any(refers).then_some(&["DefaultPolicy", "Resource"])?
                }
                _ => return None,
            };
            self.ids.of_logical_id(part, children, resource.noted_path())
        })
    }

    fn name(&mut self, stack: usize, logical: &str, named: Named) {
        if let Some(names) = self.names.get_mut(stack) {
            names.insert(logical.to_owned(), named);
        }
    }

    /// Takes a construct ID, unless it is in use.
    pub(crate) fn take(&mut self, stack: usize, id: &str) -> bool {
        self.taken.get_mut(stack).is_some_and(|taken| taken.insert(id.to_owned()))
    }

    /// Takes a construct ID like a word.
    pub(crate) fn free(&mut self, stack: usize, word: &str) -> String {
        let mut id = word.to_owned();
        let mut number = 2;
        // A scope of other constructs is no word for one.
        while self.taken.get(stack).is_some_and(|it| is_scope(it, &id)) || !self.take(stack, &id) {
            id = format!("{word}{number}");
            number += 1;
        }
        id
    }

    /// The ID of a construct with a path: of a scope of others, that is `Default` below it, which the AWS
    /// CDK leaves out of logical IDs.
    pub(crate) fn beside_others(&self, stack: usize, id: &str) -> String {
        let is_scope = self.taken.get(stack).is_some_and(|it| is_scope(it, id));
        if is_scope { format!("{id}/Default") } else { id.to_owned() }
    }

    /// Takes an ID like a word below a construct, and returns it without that of the construct.
    pub(crate) fn free_below(&mut self, stack: usize, parent: &str, word: &str) -> String {
        let mut id = self.free(stack, &format!("{parent}/{word}"));
        id.split_off(parent.len() + 1)
    }
}

/// Whether a logical ID ends as those of the AWS CDK do: with eight digits of a hash.
fn is_hashed(logical_id: &str) -> bool {
    let digits = logical_id.len().checked_sub(8).and_then(|at| logical_id.get(at..));
    digits.is_some_and(|it| {
        it.bytes().all(|b| b.is_ascii_digit() || (b'A'..=b'F').contains(&b))
            && it.bytes().any(|b| b.is_ascii_digit())
            && it.bytes().any(|b| b.is_ascii_uppercase())
    })
}

/// Whether constructs are below an ID.
fn is_scope(taken: &BTreeSet<String>, id: &str) -> bool {
    let below = format!("{id}/");
    taken.range(below.clone()..).next().is_some_and(|it| it.starts_with(&below))
}
