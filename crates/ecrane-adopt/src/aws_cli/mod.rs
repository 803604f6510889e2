//! What the AWS CLI prints about registries: the output of `aws ecr describe-repositories`,
//! `get-lifecycle-policy` and the others, and of `aws ecr-public`.

mod account;
mod fields;
mod repository;
mod setting;
mod whose;

use serde_json::{Map, Value};

use crate::error::SourceError;
use crate::stack::Stack;
use account::Account;
use whose::region_in;

/// What a document describes, by the key that only it has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    /// `describe-repositories`, of either service.
    Repositories,
    /// `get-lifecycle-policy`
    LifecyclePolicy,
    /// `get-repository-policy` of either service, or `get-registry-policy`
    Policy,
    /// `list-tags-for-resource`
    Tags,
    /// `ecr-public get-repository-catalog-data`
    Catalog,
    /// `describe-registry`
    Replication,
    /// `get-registry-scanning-configuration`
    Scanning,
    /// `describe-pull-through-cache-rules`
    CacheRules,
    /// `describe-repository-creation-templates`
    CreationTemplates,
    /// `get-signing-configuration`
    Signing,
    /// `list-pull-time-update-exclusions`
    Exclusions,
    /// `get-account-setting`
    AccountSetting,
}

const KINDS: [(&str, Kind); 12] = [
    ("repositories", Kind::Repositories),
    ("lifecyclePolicyText", Kind::LifecyclePolicy),
    ("policyText", Kind::Policy),
    ("tags", Kind::Tags),
    ("catalogData", Kind::Catalog),
    ("replicationConfiguration", Kind::Replication),
    ("scanningConfiguration", Kind::Scanning),
    ("pullThroughCacheRules", Kind::CacheRules),
    ("repositoryCreationTemplates", Kind::CreationTemplates),
    ("signingConfiguration", Kind::Signing),
    ("pullTimeUpdateExclusions", Kind::Exclusions),
    // Besides a name.
    ("value", Kind::AccountSetting),
];

/// A document.
#[derive(Debug)]
pub(crate) struct Output<'s> {
    source: &'s str,
    kind: Kind,
    document: Map<String, Value>,
}

impl Output<'_> {
    /// Whether it is a page and not the last one.
    fn has_next(&self) -> bool {
        let mut tokens = ["nextToken", "NextToken"].iter().filter_map(|it| self.document.get(*it));
        tokens.any(|token| !token.is_null())
    }

    /// Whether another output is the last page of this one: it is of the same kind and registry.
    fn ends_with(&self, other: &Self) -> bool {
        let registry = |it: &Self| {
            let arn = it.document.get("repositories").and_then(|it| it.pointer("/0/repositoryArn"));
            let arn = arn.and_then(Value::as_str).and_then(|it| it.split_once(":repository/"));
            let id = it.document.get("registryId").and_then(Value::as_str);
            arn.map(|(registry, _)| registry).or(id).map(str::to_owned)
        };
        // The last page can be empty.
        let last = registry(other);
        !other.has_next()
            && (self.kind, region_in(self.source)) == (other.kind, region_in(other.source))
            && (last.is_none() || last == registry(self))
    }
}

/// Recognizes output of the AWS CLI.
pub(crate) fn output<'s>(source: &'s str, document: &Map<String, Value>) -> Option<Output<'s>> {
    let (_, kind) = KINDS.iter().find(|(key, _)| document.contains_key(*key))?;
    let is_other = document.contains_key("Resources")
        || document.contains_key("stacks")
        || *kind == Kind::AccountSetting && !document.contains_key("name");
    (!is_other).then(|| Output { source, kind: *kind, document: document.clone() })
}

/// The stacks that the outputs amount to: one for each registry.
pub(crate) fn stacks(mut outputs: Vec<Output<'_>>) -> Result<Vec<Stack>, Vec<SourceError>> {
    // Repositories come first: the others are about them.
    outputs.sort_by_key(|it| it.kind);
    let mut account = Account::default();
    let mut errors = Vec::new();
    for output in &outputs {
        if output.has_next() && !outputs.iter().any(|it| output.ends_with(it)) {
            errors.push(SourceError::NotWhole { name: output.source.to_owned() });
        } else if let Err(reason) = account.add(output) {
            let name = output.source.to_owned();
            errors.push(SourceError::Malformed { name, reason });
        }
    }
    if errors.is_empty() { Ok(account.stacks()) } else { Err(errors) }
}
