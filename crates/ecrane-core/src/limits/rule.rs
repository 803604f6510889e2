//! Rules of EventBridge.

use super::{Findings, Rule};
use crate::diagnostic::Place;
use crate::event::{EventInput, EventRule};

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
const TARGETS: Rule = Rule {
    code: "event::target_count",
    what: "targets",
    help: "spread them over several rules (AWS::Events::Rule, Targets)",
};
const ATTEMPTS: Rule = Rule {
    code: "event::retry_attempts",
    what: "`maximumRetryAttempts`",
    help: "AWS::Events::Rule, RetryPolicy",
};
const AGE: Rule = Rule {
    code: "event::event_age",
    what: "`maximumEventAgeInSeconds`",
    help: "a minute to a day (AWS::Events::Rule, RetryPolicy)",
};
const INPUT: Rule = Rule {
    code: "event::input_length",
    what: "input of a target",
    help: "AWS::Events::Rule, Target and InputTransformer",
};

pub(super) fn check(rule: &EventRule, place: &Place, findings: &mut Findings) {
    let at_name = place.key("ruleName");
    let name = rule.name.as_deref();
    let is_letter = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
    findings.form(name, |name| name.chars().all(is_letter), &NAME, &at_name);
    findings.length(name, (1, 64), &NAME_LENGTH, &at_name);
    let description = rule.description.as_deref();
    findings.length(description, (0, 512), &DESCRIPTION, &place.key("description"));
    findings.count(rule.targets.len(), 5, &TARGETS, &place.key("targets"));
    for (index, target) in rule.targets.iter().enumerate() {
        let place = place.key("targets").index(index);
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
