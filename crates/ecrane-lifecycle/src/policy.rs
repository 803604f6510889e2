//! A repository's lifecycle policy.

use std::sync::Arc;

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use crate::error::{LifecycleError, check_length};
use crate::limit::Limit;
use crate::rule::{CheckedRule, LifecycleRule};
use crate::rule_set::{self, Found, RuleInSet};
use crate::selection::TagSelection;
use crate::vocabulary::{LifecycleAction, StorageClass};
use ecrane_document::{Place, Problem, Severity};

/// A lifecycle policy: rules with priorities, in output order.
///
/// Cheap to clone: thousands of repositories have the same policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LifecyclePolicy {
    rules: Arc<[PrioritizedRule]>,
    text: Arc<str>,
}

/// A rule of a lifecycle policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PrioritizedRule {
    /// The priority. Rules are applied in ascending order.
    pub priority: u32,
    /// The description.
    pub description: Option<String>,
    /// Which images the rule selects.
    pub selection: TagSelection,
    /// When the action applies.
    pub limit: Limit,
    /// The action on images over the limit.
    pub action: LifecycleAction,
}

impl LifecyclePolicy {
    /// The rules.
    pub fn rules(&self) -> &[PrioritizedRule] {
        &self.rules
    }

    /// The policy of rules that are checked, in the order in which a text gives them.
    pub(crate) fn of_checked(rules: Vec<PrioritizedRule>) -> Self {
        // Maps with string keys, numbers and strings always serialize.
        let text = serde_json::to_string(&Rules { rules: &rules }).unwrap_or_default();
        Self { rules: rules.into(), text: text.into() }
    }

    /// The policy text for the ECR API: JSON without white space. Policies with the same text are
    /// equal.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Creates a policy from rules and their places, and returns it with all problems.
    ///
    /// Rules without a priority are numbered as in the AWS CDK. The policy is `None` if there are
    /// no rules or if a problem is an error.
    ///
    /// ```
    /// use ecrane_document::Place;
    /// use ecrane_lifecycle::{LifecyclePolicy, LifecycleRule};
    ///
    /// let rule = LifecycleRule { max_image_count: Some(5), ..LifecycleRule::default() };
    /// let (policy, problems) = LifecyclePolicy::new([(Place::default().index(0), rule)]);
    /// assert_eq!(policy.unwrap().rules()[0].priority, 1);
    /// assert!(problems.is_empty());
    /// ```
    pub fn new(
        rules: impl IntoIterator<Item = (Place, LifecycleRule)>,
    ) -> (Option<Self>, Vec<Problem>) {
        let mut places = Vec::new();
        let mut checked = Vec::new();
        let mut found = Found::new();
        for (index, (place, rule)) in rules.into_iter().enumerate() {
            places.push(place);
            match rule.check() {
                Ok(rule) => checked.push((index, rule)),
                Err(errors) => found.extend(errors.into_iter().map(|error| (index, error))),
            }
        }
        let Some(first) = places.first() else { return (None, Vec::new()) };
        let (ordered, out_of_order) = order(&checked);
        // Report an `any` rule that precedes others because of its priority once, not twice.
        let forced = out_of_order
            .iter()
            .any(|(_, error)| matches!(error, LifecycleError::PrioritizedAnyWithAutomatic));
        found.extend(out_of_order);
        let set: Vec<_> = ordered
            .iter()
            .map(|(_, rule)| RuleInSet {
                priority: Some(rule.priority.into()),
                class: Some(rule.limit.storage_class()),
                selection: Some(&rule.selection),
            })
            .collect();
        for (position, error) in rule_set::check(&set) {
            if !(forced && matches!(error, LifecycleError::AnyNotLast { .. }))
                && let Some((index, _)) = ordered.get(position)
            {
                found.push((*index, error));
            }
        }
        let is_complete = ordered.len() == places.len();
        let policy = Self::of_checked(ordered.into_iter().map(|(_, rule)| rule).collect());
        found.sort_by_key(|(index, _)| *index);
        let mut problems: Vec<_> = found
            .into_iter()
            .filter_map(|(index, error)| Some(error.at(places.get(index)?)))
            .collect();
        // The length is meaningless if an invalid rule is missing from the policy.
        if is_complete && let Some(error) = check_length(policy.text()) {
            problems.push(Problem::error(first.parent().unwrap_or_default(), error));
        }
        let is_wrong = problems.iter().any(|problem| problem.severity == Severity::Error);
        ((!is_wrong).then_some(policy), problems)
    }
}

/// Orders rules as the CDK does: rules with a priority as added, then rules without one, numbered
/// up from the highest priority, then `any` rules. The CDK supports one `any` rule, ECR accepts one
/// per storage class.
///
/// Each rule and each error has the position at which the rule was added.
fn order(rules: &[(usize, CheckedRule)]) -> (Vec<(usize, PrioritizedRule)>, Found) {
    let numbered = || rules.iter().map(|(index, rule)| (*index, rule));
    let any = numbered().filter(|(_, rule)| rule.selects_any());
    let prioritized = numbered().filter(|(_, rule)| !rule.selects_any() && rule.priority.is_some());
    let automatic = numbered().filter(|(_, rule)| !rule.selects_any() && rule.priority.is_none());

    let mut errors = Found::new();
    for (index, rule) in any.clone() {
        let class = rule.limit.storage_class();
        if rule.priority.is_some()
            && automatic.clone().any(|(_, other)| other.limit.storage_class() == class)
        {
            errors.push((index, LifecycleError::PrioritizedAnyWithAutomatic));
        }
    }
    let mut last = numbered().filter_map(|(_, rule)| rule.priority).max().unwrap_or(0);
    let mut ordered = Vec::with_capacity(rules.len());
    for (index, rule) in prioritized.chain(automatic).chain(any) {
        let priority = match (rule.priority, last.checked_add(1)) {
            (Some(priority), _) => priority,
            (None, Some(next)) => {
                last = next;
                next
            }
            (None, None) => {
                errors.push((index, LifecycleError::PriorityOverflow));
                continue;
            }
        };
        let rule = PrioritizedRule {
            priority,
            description: rule.description.clone(),
            selection: rule.selection.clone(),
            limit: rule.limit,
            action: rule.action,
        };
        ordered.push((index, rule));
    }
    (ordered, errors)
}

impl Serialize for LifecyclePolicy {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Rules { rules: &self.rules }.serialize(serializer)
    }
}

#[derive(Serialize)]
struct Rules<'p> {
    rules: &'p [PrioritizedRule],
}

/// The JSON of the ECR API, with keys in the order of the CDK.
impl Serialize for PrioritizedRule {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("rulePriority", &self.priority)?;
        if let Some(description) = &self.description {
            map.serialize_entry("description", description)?;
        }
        map.serialize_entry("selection", &Selection(self))?;
        map.serialize_entry("action", &Action::from(self.action))?;
        map.end()
    }
}

struct Selection<'a>(&'a PrioritizedRule);

impl Serialize for Selection<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("tagStatus", self.0.selection.status().as_str())?;
        match &self.0.selection {
            TagSelection::Any | TagSelection::Untagged => {}
            TagSelection::Prefixes(list) => map.serialize_entry("tagPrefixList", list)?,
            TagSelection::Patterns(list) => map.serialize_entry("tagPatternList", list)?,
        }
        // `standard` is the default, which the CDK omits.
        let class = self.0.limit.storage_class();
        if class != StorageClass::Standard {
            map.serialize_entry("storageClass", class.as_str())?;
        }
        map.serialize_entry("countType", self.0.limit.count_type().as_str())?;
        match self.0.limit {
            Limit::ImageCountMoreThan(count) => map.serialize_entry("countNumber", &count)?,
            Limit::SinceImagePushed(age)
            | Limit::SinceImagePulled(age)
            | Limit::SinceImageTransitioned(age) => {
                map.serialize_entry("countNumber", &age.count())?;
                map.serialize_entry("countUnit", "days")?;
            }
        }
        map.end()
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Action {
    r#type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    target_storage_class: Option<&'static str>,
}

impl From<LifecycleAction> for Action {
    fn from(action: LifecycleAction) -> Self {
        match action {
            LifecycleAction::Expire => Self { r#type: "expire", target_storage_class: None },
            LifecycleAction::Archive => Self {
                r#type: "transition",
                target_storage_class: Some(StorageClass::Archive.as_str()),
            },
        }
    }
}
