//! Changes of lifecycle policies, in words.

use std::collections::{BTreeMap, BTreeSet};

use ecrane_lifecycle::LifecyclePolicy;
use ecrane_lifecycle::preview::{ImageListing, Outcome, Preview, Strictness, Timestamp};
use serde_json::Value;

use crate::compare::Both;
use crate::repository;
use crate::stack::{Engine, Stack};
use crate::terraform;

/// A repository whose lifecycle policy changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LifecycleChange {
    /// The name of the stack.
    pub stack: String,
    /// The name of the repository; its logical id where the template gives it no name.
    pub repository: String,
    /// Whether the name is known.
    pub is_named: bool,
    /// The policy before the change, if there is one and it is known.
    pub before: Option<LifecyclePolicy>,
    /// The policy after the change, if there is one and it is known.
    pub after: Option<LifecyclePolicy>,
}

impl LifecycleChange {
    /// What the rules no longer do, and what they now do, in sentences.
    ///
    /// ```
    /// use ecrane_diff::{Document, lifecycle_changes};
    ///
    /// let stack = |count: u32| {
    ///     let rules = serde_json::json!({ "rules": [{
    ///         "rulePriority": 1,
    ///         "selection": {
    ///             "tagStatus": "any", "countType": "imageCountMoreThan", "countNumber": count
    ///         },
    ///         "action": { "type": "expire" }
    ///     }] });
    ///     let policy = serde_json::json!({ "LifecyclePolicyText": rules.to_string() });
    ///     let properties = serde_json::json!({ "RepositoryName": "shop/app", "LifecyclePolicy":
    /// policy });
    ///     let app = serde_json::json!({ "Type": "AWS::ECR::Repository", "Properties": properties
    /// });
    ///     match Document::from_json(serde_json::json!({ "Resources": { "App": app } })) {
    ///         Ok(Document::Stack(stack)) => stack,
    ///         other => unreachable!("{other:?}"),
    ///     }
    /// };
    /// let changes = lifecycle_changes("Registry", &stack(10), &stack(5));
    /// let (no_longer, now) = changes[0].sentences();
    /// assert!(no_longer[0].contains("keeps the newest 10"), "{no_longer:?}");
    /// assert!(now[0].contains("keeps the newest 5"), "{now:?}");
    /// ```
    pub fn sentences(&self) -> (Vec<String>, Vec<String>) {
        let all = |policy: &Option<LifecyclePolicy>| -> Vec<String> {
            let rules = policy.as_ref().map(LifecyclePolicy::meaning).unwrap_or_default();
            rules.iter().map(|it| it.to_string().replace('\n', " ")).collect()
        };
        let (before, after) = (all(&self.before), all(&self.after));
        let only = |these: &[String], those: &[String]| {
            these.iter().filter(|it| !those.contains(it)).cloned().collect()
        };
        (only(&before, &after), only(&after, &before))
    }

    /// The images that the new policy expires or archives, or may, and the old one does not.
    pub fn newly_selected<R>(
        &self,
        listing: &ImageListing,
        now: Timestamp,
        each: impl Fn(&Outcome<'_>) -> R,
    ) -> Vec<R> {
        let Some(after) = &self.after else { return Vec::new() };
        let before = self.before.as_ref().map(|before| Preview::new(before, listing, now));
        let goes = |outcome: &Outcome<'_>| outcome.goes(Strictness::Possible).is_some();
        let after = Preview::new(after, listing, now);
        let went =
            |index| before.as_ref().and_then(|it| it.outcome(index)).is_some_and(|it| goes(&it));
        let new = after.outcomes().filter(|it| goes(it) && !went(it.index()));
        new.map(|outcome| each(&outcome)).collect()
    }
}

/// The repositories on both sides whose lifecycle policy changes, by name.
pub fn lifecycle_changes(stack: &str, before: &Stack, after: &Stack) -> Vec<LifecycleChange> {
    let both = Both { before, after };
    let (old, new) = (Policies::of(&both, before), Policies::of(&both, after));
    let change = |name: &String| {
        let (before, after) = (old.texts.get(name), new.texts.get(name));
        // A policy that ECR would refuse has no meaning.
        let policy = |text: Option<&String>| Some(LifecyclePolicy::parse(text?).ok()?.0);
        let (before, after) = (policy(before), policy(after));
        let change = LifecycleChange {
            stack: stack.to_owned(),
            repository: name.clone(),
            is_named: !new.unnamed.contains(name),
            before,
            after,
        };
        (change.before != change.after).then_some(change)
    };
    old.repositories.intersection(&new.repositories).filter_map(change).collect()
}

/// The repositories of a side, and the texts of their policies.
#[derive(Debug, Default)]
struct Policies {
    repositories: BTreeSet<String>,
    /// Those of `repositories` that have no name in the document.
    unnamed: BTreeSet<String>,
    texts: BTreeMap<String, String>,
}

impl Policies {
    fn of(both: &Both<'_>, side: &Stack) -> Self {
        let mut found = Self::default();
        for (address, resource) in &side.resources {
            let text = |value: Option<&Value>| match side.engine() {
                Engine::CloudFormation => value?.as_str().map(str::to_owned),
                Engine::Terraform => terraform::text(both, side, value?),
            };
            match resource.kind.as_str() {
                "AWS::ECR::Repository" => {
                    let given = repository::name(resource);
                    let name = given.unwrap_or(address).to_owned();
                    if given.is_none() {
                        found.unnamed.insert(name.clone());
                    }
                    let policy = resource.properties.get("LifecyclePolicy");
                    let policy = policy.and_then(|it| it.get("LifecyclePolicyText"));
                    found.texts.extend(text(policy).map(|policy| (name.clone(), policy)));
                    found.repositories.insert(name);
                }
                "aws_ecr_repository" => {
                    found.repositories.extend(text(resource.properties.get("name")));
                }
                "aws_ecr_lifecycle_policy" => {
                    let argument = |name| text(resource.properties.get(name));
                    found.texts.extend(argument("repository").zip(argument("policy")));
                }
                _ => {}
            }
        }
        found
    }
}
