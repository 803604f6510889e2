//! Validation of existing lifecycle policy texts.

use std::sync::Arc;

use ecrane_document::{
    Entries, Entry, Explain, Node, NodeKind, Place, Problem, Problems, SyntaxError,
    SyntaxErrorKind, parse_json, suggest,
};

use crate::error::{LifecycleError, check_length};
use crate::limit::Limit;
use crate::policy::{LifecyclePolicy, PrioritizedRule};
use crate::rule_set::{self, RuleInSet};
use crate::selection::TagSelection;
use crate::text_error::{PolicyKey, PolicyPart, PolicyTextError};
use crate::vocabulary::{
    CountType, LifecycleAction, PATTERN_LIST, PREFIX_LIST, StorageClass, TagStatus,
};

impl LifecyclePolicy {
    /// Validates the text of a policy. Returns everything that ECR would reject as errors, and
    /// other findings as warnings. Places refer to the text.
    ///
    /// The service itself reports only the first error, without a place.
    ///
    /// ```
    /// use ecrane_lifecycle::LifecyclePolicy;
    ///
    /// let text = r#"{"rules": [{
    ///     "rulePriority": 1,
    ///     "selection": {"tagStatus": "untagged", "countType": "sinceImagePushed", "countNumber": 7},
    ///     "action": {"type": "expire", "targetStorageClass": null}
    /// }]}"#;
    /// let problems = LifecyclePolicy::validate(text);
    /// let found: Vec<_> = problems.iter().map(|p| format!("{} {}", p.fact.code(), p.place)).collect();
    /// assert_eq!(
    ///     found,
    ///     [
    ///         "lifecycle::countUnit_missing /rules/0/selection",
    ///         "lifecycle::null_targetStorageClass /rules/0/action/targetStorageClass",
    ///     ]
    /// );
    /// ```
    pub fn validate(text: &str) -> Vec<Problem> {
        read(text).1
    }

    /// The policy that a text states, and the warnings about it.
    ///
    /// ```
    /// use ecrane_lifecycle::LifecyclePolicy;
    ///
    /// let text = r#"{"rules": [{
    ///     "rulePriority": 1,
    ///     "selection": {"tagStatus": "any", "countType": "imageCountMoreThan", "countNumber": 7},
    ///     "action": {"type": "expire"}
    /// }]}"#;
    /// let (policy, warnings) = LifecyclePolicy::parse(text)?;
    /// assert_eq!(policy.rules().len(), 1);
    /// assert!(warnings.is_empty());
    /// # Ok::<(), ecrane_document::Problems>(())
    /// ```
    ///
    /// # Errors
    /// With every problem that [`validate`](Self::validate) reports, if one of them is an error.
    pub fn parse(text: &str) -> Result<(Self, Vec<Problem>), Problems> {
        let (rules, problems) = read(text);
        Problems::check(problems).map(|warnings| (Self::of_checked(rules), warnings))
    }
}

/// The rules that could be read, which are all of them where no problem is an error.
fn read(text: &str) -> (Vec<PrioritizedRule>, Vec<Problem>) {
    let mut reader = Reader { problems: Vec::new() };
    let top = Place::default();
    if let Some(error) = check_length(text) {
        reader.report(top.clone(), error);
    }
    let mut rules = Vec::new();
    if text.starts_with('\u{feff}') {
        reader.report(top, PolicyTextError::ByteOrderMark);
    } else if text.trim_ascii().is_empty() {
        reader.report(top, PolicyTextError::Blank);
    } else {
        match parse_json(text, 0) {
            Ok(root) => rules = reader.policy(&root, &top),
            Err(SyntaxError { kind: SyntaxErrorKind::DuplicateKey { key, .. }, .. }) => {
                reader
                    .problems
                    .push(Problem::warning(top.clone(), PolicyTextError::DuplicateKey { key }));
                rules = reader.last_of_each_key(text, &top);
            }
            Err(error) => reader.report(top, PolicyTextError::NotJson(error)),
        }
    }
    (rules, reader.problems)
}

/// Marker that a value was invalid and its error is already reported.
struct Reported;

/// The properties of a rule that could be parsed.
#[derive(Default)]
struct Rule {
    priority: Option<u32>,
    class: Option<StorageClass>,
    selection: Option<TagSelection>,
    description: Option<String>,
    limit: Option<Limit>,
    action: Option<LifecycleAction>,
}

impl Rule {
    /// The rule, if all of it could be read.
    fn complete(self) -> Option<PrioritizedRule> {
        Some(PrioritizedRule {
            priority: self.priority?,
            description: self.description,
            selection: self.selection?,
            limit: self.limit?,
            action: self.action?,
        })
    }
}

/// A reader that continues after errors, to report all of them.
struct Reader {
    problems: Vec<Problem>,
}

impl Reader {
    fn report(&mut self, place: Place, error: impl Explain) {
        self.problems.push(Problem::error(place, error));
    }

    /// The policy if the last of several equal keys counts, as most parsers have it. AWS does not
    /// document which one it takes.
    fn last_of_each_key(&mut self, text: &str, top: &Place) -> Vec<PrioritizedRule> {
        let parsed = serde_json::from_str::<serde_json::Value>(text);
        // A text that breaks behind the second key is reported as the strict parser reports it.
        match parse_json(&parsed.map_or_else(|_| text.to_owned(), |value| value.to_string()), 0) {
            Ok(root) => self.policy(&root, top),
            Err(error) => {
                self.report(top.clone(), PolicyTextError::NotJson(error));
                Vec::new()
            }
        }
    }

    fn policy(&mut self, node: &Node, place: &Place) -> Vec<PrioritizedRule> {
        let Ok(map) = self.object(node, place, PolicyPart::Policy) else { return Vec::new() };
        let key = PolicyKey::RULES;
        let Ok(rules) = self.required(map, place, PolicyPart::Policy, key) else {
            return Vec::new();
        };
        let place = place.key(key.name());
        let NodeKind::List(rules) = &rules.kind else {
            self.report(place, PolicyTextError::RulesNotAnArray);
            return Vec::new();
        };
        if rules.is_empty() {
            self.report(place.clone(), PolicyTextError::NoRules);
        }
        let rules: Vec<_> = rules
            .iter()
            .enumerate()
            .map(|(index, rule)| self.rule(rule, &place.index(index)))
            .collect();
        let set: Vec<_> = rules
            .iter()
            .map(|rule| RuleInSet {
                priority: rule.priority.map(u64::from),
                class: rule.class,
                selection: rule.selection.as_ref(),
            })
            .collect();
        for (index, error) in rule_set::check(&set) {
            let rule = place.index(index);
            let place = match error.property() {
                Some(list @ (PREFIX_LIST | PATTERN_LIST)) => {
                    rule.key(PolicyKey::SELECTION.name()).key(list)
                }
                Some(property) => rule.key(property),
                None => rule,
            };
            let severity = error.severity();
            self.problems.push(Problem { place, severity, fact: Arc::new(error) });
        }
        rules.into_iter().filter_map(Rule::complete).collect()
    }

    fn rule(&mut self, node: &Node, place: &Place) -> Rule {
        let part = PolicyPart::Rule;
        let Ok(map) = self.object(node, place, part) else { return Rule::default() };
        let priority = self.number(map, place, part, PolicyKey::RULE_PRIORITY).ok();
        let mut rule = Rule { priority, ..Rule::default() };
        let key = PolicyKey::DESCRIPTION;
        if let Ok(Some(description)) = self.optional(map, place, key) {
            if let Some(text) = description.text() {
                rule.description = Some(text.to_owned());
            } else {
                self.bad(place.key(key.name()), key, "a string");
            }
        }
        let at_selection = place.key(PolicyKey::SELECTION.name());
        let count_type = self
            .required(map, place, part, PolicyKey::SELECTION)
            .and_then(|node| self.selection(node, &at_selection, &mut rule));
        let action = self
            .required(map, place, part, PolicyKey::ACTION)
            .and_then(|node| self.action(node, &place.key(PolicyKey::ACTION.name())));
        rule.action = action.as_ref().ok().copied();
        if let (Ok(count_type), Ok(action)) = (count_type, action)
            && let Some(error) = count_type.check_action(action)
        {
            self.report(at_selection.key(PolicyKey::COUNT_TYPE.name()), error);
        }
        rule
    }

    /// Reads a selection into the rule. The limit is checked together with the action.
    fn selection(
        &mut self,
        node: &Node,
        place: &Place,
        rule: &mut Rule,
    ) -> Result<CountType, Reported> {
        let part = PolicyPart::Selection;
        let map = self.object(node, place, part)?;
        rule.selection = self.tags(map, place).ok();
        let types = CountType::ALL.map(|count_type| (count_type.as_str(), count_type));
        let count_type = self
            .required(map, place, part, PolicyKey::COUNT_TYPE)
            .and_then(|node| self.word(node, place, PolicyKey::COUNT_TYPE, &types));
        let number = self.number(map, place, part, PolicyKey::COUNT_NUMBER).ok();
        self.unit(map, place, count_type.as_ref().ok().copied());
        let classes = StorageClass::ALL.map(|class| (class.as_str(), class));
        rule.class = match self.optional(map, place, PolicyKey::STORAGE_CLASS) {
            Ok(None) => Some(StorageClass::Standard),
            Ok(Some(node)) => self.word(node, place, PolicyKey::STORAGE_CLASS, &classes).ok(),
            Err(Reported) => None,
        };
        let count_type = count_type?;
        match rule.class {
            Some(class) if class != count_type.storage_class() => match class {
                StorageClass::Standard => {
                    self.report(place.clone(), LifecycleError::TransitionedNeedsArchiveClass);
                }
                StorageClass::Archive => {
                    let place = place.key(PolicyKey::STORAGE_CLASS.name());
                    self.report(place, LifecycleError::ArchiveClassNeedsTransitioned);
                }
            },
            Some(_) | None => {}
        }
        if let Some(number) = number {
            rule.limit = count_type.limit(number);
            if let Some(error) = count_type.check_number(number.into()) {
                self.report(place.key(PolicyKey::COUNT_NUMBER.name()), error);
            }
        }
        Ok(count_type)
    }

    fn tags(&mut self, map: &Entries, place: &Place) -> Result<TagSelection, Reported> {
        let statuses = TagStatus::ALL.map(|status| (status.as_str(), status));
        let status = self
            .required(map, place, PolicyPart::Selection, PolicyKey::TAG_STATUS)
            .and_then(|node| self.word(node, place, PolicyKey::TAG_STATUS, &statuses));
        let prefixes = self.list(map, place, PolicyKey::TAG_PREFIX_LIST);
        let patterns = self.list(map, place, PolicyKey::TAG_PATTERN_LIST);
        let mut errors = Vec::new();
        let selection = TagSelection::new(status?, prefixes?, patterns?, &mut errors);
        for error in errors {
            let place = error.property().map_or_else(|| place.clone(), |list| place.key(list));
            self.report(place, error);
        }
        selection.ok_or(Reported)
    }

    fn list(
        &mut self,
        map: &Entries,
        place: &Place,
        key: PolicyKey,
    ) -> Result<Option<Vec<String>>, Reported> {
        let Some(node) = self.optional(map, place, key)? else { return Ok(None) };
        let place = place.key(key.name());
        let NodeKind::List(items) = &node.kind else {
            return Err(self.bad(place, key, "an array of strings"));
        };
        let texts: Vec<_> = items
            .iter()
            .enumerate()
            .map(|(index, item)| match &item.kind {
                NodeKind::Text(text) => Ok(text.as_ref().to_owned()),
                NodeKind::Null
                | NodeKind::Bool(_)
                | NodeKind::Number(_)
                | NodeKind::List(_)
                | NodeKind::Map(_) => Err(self.bad(place.index(index), key, "an array of strings")),
            })
            .collect();
        texts.into_iter().collect::<Result<_, _>>().map(Some)
    }

    fn unit(&mut self, map: &Entries, place: &Place, count_type: Option<CountType>) {
        let key = PolicyKey::COUNT_UNIT;
        match (self.optional(map, place, key), count_type) {
            (Ok(None), Some(count_type)) if count_type.is_days() => {
                let count_type = count_type.as_str();
                self.report(place.clone(), PolicyTextError::CountUnitMissing { count_type });
            }
            (Ok(Some(_)), Some(count_type)) if !count_type.is_days() => {
                let place = place.key(key.name()).on_key();
                self.report(place, PolicyTextError::CountUnitWithCount);
            }
            (Ok(Some(node)), _) => {
                // Errors are reported, and no later check depends on the value.
                let _ = self.word(node, place, key, &[("days", ())]);
            }
            (Ok(None) | Err(Reported), _) => {}
        }
    }

    fn action(&mut self, node: &Node, place: &Place) -> Result<LifecycleAction, Reported> {
        let part = PolicyPart::Action;
        let map = self.object(node, place, part)?;
        let types = [("expire", LifecycleAction::Expire), ("transition", LifecycleAction::Archive)];
        let action = self
            .required(map, place, part, PolicyKey::TYPE)
            .and_then(|node| self.word(node, place, PolicyKey::TYPE, &types));
        let key = PolicyKey::TARGET_STORAGE_CLASS;
        match (self.optional(map, place, key), &action) {
            (Ok(None), Ok(LifecycleAction::Archive)) => {
                self.report(place.clone(), PolicyTextError::TransitionNeedsTarget);
            }
            (Ok(Some(_)), Ok(LifecycleAction::Expire)) => {
                self.report(place.key(key.name()).on_key(), PolicyTextError::ExpireWithTarget);
            }
            (Ok(Some(node)), _) => {
                let _ = self.word(node, place, key, &[(StorageClass::Archive.as_str(), ())]);
            }
            (Ok(None) | Err(Reported), _) => {}
        }
        action
    }

    /// Reads an object and reports unknown keys.
    fn object<'n>(
        &mut self,
        node: &'n Node,
        place: &Place,
        part: PolicyPart,
    ) -> Result<&'n Entries, Reported> {
        let NodeKind::Map(map) = &node.kind else {
            self.report(place.clone(), PolicyTextError::NotAnObject { part });
            return Err(Reported);
        };
        let known = || part.keys().iter().map(|key| key.name());
        for key in map.keys().filter(|key| known().all(|known| known != key.as_ref())) {
            let suggestion = suggest(key, known());
            let error =
                PolicyTextError::UnknownKey { part, key: key.as_ref().to_owned(), suggestion };
            self.report(place.key(key).on_key(), error);
        }
        Ok(map)
    }

    /// Returns the value of an optional key. Null is an error.
    fn optional<'n>(
        &mut self,
        map: &'n Entries,
        place: &Place,
        key: PolicyKey,
    ) -> Result<Option<&'n Node>, Reported> {
        match map.get(key.name()) {
            Some(Entry { node: Node { kind: NodeKind::Null, .. }, .. }) => {
                self.report(place.key(key.name()), PolicyTextError::Null { key });
                Err(Reported)
            }
            entry => Ok(entry.map(|entry| &entry.node)),
        }
    }

    fn required<'n>(
        &mut self,
        map: &'n Entries,
        place: &Place,
        part: PolicyPart,
        key: PolicyKey,
    ) -> Result<&'n Node, Reported> {
        self.optional(map, place, key)?.ok_or_else(|| {
            self.report(place.clone(), PolicyTextError::Missing { part, key });
            Reported
        })
    }

    /// An integer from 1 to [`u32::MAX`].
    fn number(
        &mut self,
        map: &Entries,
        place: &Place,
        part: PolicyPart,
        key: PolicyKey,
    ) -> Result<u32, Reported> {
        let node = self.required(map, place, part, key)?;
        let error = match &node.kind {
            NodeKind::Number(number) if !number.is_f64() => match number.as_u64() {
                Some(0) | None => PolicyTextError::Below1 { key },
                Some(number) => match number.try_into() {
                    Ok(number) => return Ok(number),
                    Err(_) => PolicyTextError::AboveMaximum { key },
                },
            },
            NodeKind::Null
            | NodeKind::Bool(_)
            | NodeKind::Number(_)
            | NodeKind::Text(_)
            | NodeKind::List(_)
            | NodeKind::Map(_) => PolicyTextError::NotInteger { key },
        };
        self.report(place.key(key.name()), error);
        Err(Reported)
    }

    /// Reads one of the allowed values of a key.
    fn word<T: Copy>(
        &mut self,
        node: &Node,
        place: &Place,
        key: PolicyKey,
        words: &[(&'static str, T)],
    ) -> Result<T, Reported> {
        let NodeKind::Text(text) = &node.kind else {
            return Err(self.bad(place.key(key.name()), key, &any_of(words)));
        };
        if let Some((_, value)) = words.iter().find(|(word, _)| *word == text.as_ref()) {
            return Ok(*value);
        }
        let suggestion = suggest(text, words.iter().map(|(word, _)| *word));
        let error = PolicyTextError::Bad { key, expected: any_of(words), suggestion };
        self.report(place.key(key.name()), error);
        Err(Reported)
    }

    fn bad(&mut self, place: Place, key: PolicyKey, expected: &str) -> Reported {
        let expected = expected.to_owned();
        self.report(place, PolicyTextError::Bad { key, expected, suggestion: None });
        Reported
    }
}

fn any_of<T>(words: &[(&'static str, T)]) -> String {
    let words: Vec<_> = words.iter().map(|(word, _)| format!("`{word}`")).collect();
    words.join(" or ")
}
