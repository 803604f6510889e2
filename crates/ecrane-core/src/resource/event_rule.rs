//! `AWS::Events::Rule`

use std::collections::BTreeMap;

use ecrane_document::Place;
use indexmap::IndexMap;

use super::{Deployed, PhysicalName};
use crate::bounds::{self, Findings, LimitError, PatternStep, Rule};
use crate::names::{Arn, Environment};
use crate::value::{Json, Value};

/// An EventBridge rule.
#[derive(Debug, Clone, PartialEq)]
pub struct EventRuleResource {
    /// The physical name. If omitted, one is generated at deployment.
    pub name: Option<String>,
    /// The description.
    pub description: Option<String>,
    /// Whether the rule is enabled.
    pub enabled: bool,
    /// The event pattern.
    pub pattern: IndexMap<String, Json>,
    /// The places in the input of parts of the pattern.
    pub pattern_places: PatternPlaces,
    /// The targets.
    pub targets: Vec<EventTarget>,
}

/// The places in the input of parts of an event pattern, where they are not those of the pattern
/// itself: an item of a list that is merged behind another one, or a list with a key of its own.
#[derive(Debug, Clone, Default)]
pub struct PatternPlaces(BTreeMap<Vec<PatternStep>, Place>);

/// Places are no part of what a rule is.
impl PartialEq for PatternPlaces {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl PatternPlaces {
    /// Adds the place of what is at these keys: the list, or an item of it.
    pub fn add(&mut self, keys: &[String], index: Option<usize>, place: Place) {
        let keys = keys.iter().cloned().map(PatternStep::Key);
        self.0.insert(keys.chain(index.map(PatternStep::Index)).collect(), place);
    }

    /// The place of a part of the pattern.
    pub(crate) fn of(&self, path: &[PatternStep], pattern: &Place) -> Place {
        let known = (0..=path.len()).rev().find_map(|end| {
            let (above, below) = path.split_at_checked(end)?;
            Some((self.0.get(above)?, below))
        });
        let (above, below) = known.unwrap_or((pattern, path));
        below.iter().fold(above.clone(), |place, step| match step {
            PatternStep::Key(key) => place.key(key),
            PatternStep::Index(index) => place.index(*index),
        })
    }
}

impl EventRuleResource {
    /// The place of the types of events that the rule matches.
    pub(crate) fn detail_type_place(&self, place: &Place) -> Place {
        let path = [PatternStep::Key("detail-type".to_owned())];
        self.pattern_places.of(&path, &place.key("eventPattern"))
    }
}

/// A target of an EventBridge rule.
#[derive(Debug, Clone, PartialEq)]
pub struct EventTarget {
    /// The id within the rule: `Target0`, `Target1` …
    pub id: String,
    /// The ARN of the target.
    pub arn: Arn,
    /// The IAM role that EventBridge assumes to invoke the target.
    pub role_arn: Option<Arn>,
    /// The input of the target. Default: the event.
    pub input: Option<EventInput>,
    /// The dead-letter queue for undelivered events.
    pub dead_letter_queue_arn: Option<Arn>,
    /// The retry policy for failed deliveries.
    pub retry_policy: Option<RetryPolicy>,
}

/// The input of a target, instead of the event.
#[derive(Debug, Clone, PartialEq)]
pub enum EventInput {
    /// A constant, as JSON.
    Constant(serde_json::Value),
    /// A part of the event, selected by a JSON path.
    Path(String),
    /// An input transformer: a template with values from the event.
    Transformer {
        /// JSON paths, by the variable names in the template.
        paths: IndexMap<String, String>,
        /// The template.
        template: String,
    },
}

/// How often and how long sending an event is tried again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RetryPolicy {
    /// The maximum number of retry attempts, 0 to 185.
    pub maximum_retry_attempts: Option<u32>,
    /// The maximum age of the event in seconds, 60 to 86,400.
    pub maximum_event_age_in_seconds: Option<u32>,
}

const NAME: Rule = Rule {
    code: "event::name_malformed",
    what: "rule name",
    help: "use letters, digits and `._-` (AWS::Events::Rule, Name)",
};
const NAME_LENGTH: Rule =
    Rule { code: "event::name_length", what: "rule name", help: "AWS::Events::Rule, Name" };
const DESCRIPTION: Rule = Rule {
    code: "event::description_length",
    what: "description of the rule",
    help: "AWS::Events::Rule, Description",
};
/// EventBridge user guide, "Amazon EventBridge quotas": event pattern size.
const PATTERN: Rule = Rule {
    code: "event::pattern_length",
    what: "event pattern",
    help: "match fewer values, such as a common prefix by `{ prefix: … }`, or split them over several rules (EventBridge user guide, \"Amazon EventBridge quotas\")",
};
const TARGETS: Rule = Rule {
    code: "event::target_count",
    what: "targets",
    help: "split the targets over several rules (AWS::Events::Rule, Targets)",
};
const ATTEMPTS: Rule = Rule {
    code: "event::retry_attempts",
    what: "`maximumRetryAttempts`",
    help: "AWS::Events::Rule, RetryPolicy",
};
const AGE: Rule = Rule {
    code: "event::event_age",
    what: "`maximumEventAgeInSeconds`",
    help: "use 60 seconds (a minute) to 86400 seconds (a day) (AWS::Events::Rule, RetryPolicy)",
};
const INPUT: Rule = Rule {
    code: "event::input_length",
    what: "input of a target",
    help: "AWS::Events::Rule, Target and InputTransformer",
};

impl Deployed for EventRuleResource {
    const NAME_KEY: Option<&'static str> = Some("ruleName");

    fn physical_name(&self) -> Option<PhysicalName<'_>> {
        let name = self.name.as_deref()?;
        let named = PhysicalName::of_region("event rule name", name, &["ruleName"]);
        Some(PhysicalName { has_default_rule: false, ..named })
    }

    // Event rules of a repository have its tags, which are reported on the repository.
    const OWN_TAGS: bool = false;

    fn values<'r>(&'r self, visit: &mut dyn FnMut(&'r Value)) {
        let Self { name: _, description: _, enabled: _, pattern, pattern_places: _, targets: _ } =
            self;
        pattern.values().for_each(|json| json.values(visit));
    }

    fn check(&self, place: &Place, env: &Environment, findings: &mut Findings) {
        let at_name = place.key("ruleName");
        let name = self.name.as_deref();
        let is_letter = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
        findings.form(name, |name| name.chars().all(is_letter), &NAME, &at_name);
        findings.length(name, (1, 64), &NAME_LENGTH, &at_name);
        let description = self.description.as_deref();
        findings.length(description, (0, 512), &DESCRIPTION, &place.key("description"));
        let length = bounds::pattern_text(&self.pattern).chars().count();
        if length > 4_096 {
            let error = LimitError::Length { length, least: 0, most: 4_096, rule: &PATTERN };
            findings.refused_by_aws(place.key("eventPattern"), error);
        }
        let at_pattern = place.key("eventPattern");
        bounds::event_pattern(&self.pattern, &self.pattern_places, &at_pattern, findings);
        findings.count(self.targets.len(), 5, &TARGETS, &place.key("targets"));
        for (index, target) in self.targets.iter().enumerate() {
            let place = place.key("targets").index(index);
            bounds::event_target(target, env, &place, findings);
            if let Some(retry) = target.retry_policy {
                let place = place.key("retryPolicy");
                let at = place.key("maximumRetryAttempts");
                findings.range(retry.maximum_retry_attempts, (0, 185), &ATTEMPTS, &at);
                let at = place.key("maximumEventAgeInSeconds");
                findings.range(retry.maximum_event_age_in_seconds, (60, 86_400), &AGE, &at);
            }
            match &target.input {
                None => {}
                Some(EventInput::Constant(value)) => {
                    let text = value.to_string();
                    findings.length(Some(&text), (0, 8192), &INPUT, &place.key("input"));
                }
                Some(EventInput::Path(path)) => {
                    findings.length(Some(path), (0, 256), &INPUT, &place.key("inputPath"));
                }
                Some(EventInput::Transformer { template, paths: _ }) => {
                    let at = place.key("inputTransformer").key("inputTemplate");
                    findings.length(Some(template), (1, 8192), &INPUT, &at);
                }
            }
        }
    }
}
