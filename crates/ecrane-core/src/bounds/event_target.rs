//! What EventBridge rejects of the targets of rules.

use ecrane_document::{Explain, Place, suggest};
use indexmap::IndexMap;
use thiserror::Error;

use super::{Findings, Rule, Shared, arn_of_env};
use crate::facts::event_targets;
use crate::names::{Arn, Environment};
use crate::resource::{EventInput, EventTarget};

/// EventBridge API reference, `InputTransformer`, `InputPathsMap`.
const PATHS: Rule = Rule {
    code: "event::input_path_count",
    what: "input paths",
    help: "use fewer input paths, or the whole event as `<aws.events.event.json>` (EventBridge API reference, InputTransformer)",
};

pub(crate) fn event_target(
    target: &EventTarget,
    env: &Environment,
    place: &Place,
    findings: &mut Findings,
) {
    if target.role_arn.is_none()
        && !findings.reference(target.arn.as_str(), &place.key("arn"))
        && let Some(what) = needs_role(&target.arn, env)
    {
        findings.refused_by_aws(place.key("arn"), EventTargetError::NoRole { what });
    }
    let at_queue = place.key("deadLetterQueueArn");
    if let Some(queue) = &target.dead_letter_queue_arn
        && !findings.reference(queue.as_str(), &at_queue)
    {
        let place = at_queue;
        if queue.service() != "sqs" {
            let error = EventTargetError::NotAQueue { arn: queue.to_string() };
            findings.refused_by_aws(place, error);
        } else if queue.as_str().rsplit('.').next() == Some("fifo") {
            let error = EventTargetError::FifoQueue { arn: queue.to_string() };
            findings.refused_by_aws(place, error);
        } else {
            arn_of_env("dead-letter queue", queue, Shared::Region, env, &place, findings);
        }
    }
    match &target.input {
        None | Some(EventInput::Constant(_)) => {}
        Some(EventInput::Path(path)) => json_path(path, &place.key("inputPath"), findings),
        Some(EventInput::Transformer { paths, template }) => {
            transformer(paths, template, &place.key("inputTransformer"), findings);
        }
    }
}

/// What the target is, if EventBridge needs a role for it.
fn needs_role(arn: &Arn, env: &Environment) -> Option<&'static str> {
    let resource = arn.as_str().splitn(6, ':').nth(5).unwrap_or_default();
    if arn.service() == "events" && resource.starts_with("event-bus/") {
        // EventBridge user guide, "Sending and receiving events between AWS accounts in Amazon
        // EventBridge": a bus of another account or region needs a role.
        let account = env.account.as_ref().is_some_and(|own| own.as_str() != arn.account());
        let region = env.region.as_ref().is_some_and(|own| own.as_str() != arn.region());
        return match (account, region) {
            (true, _) => Some("an event bus of another account"),
            (_, true) => Some("an event bus of another region"),
            (false, false) => None,
        };
    }
    event_targets::with_role(arn.service(), resource).map(|target| target.what)
}

fn json_path(path: &str, place: &Place, findings: &mut Findings) {
    let is_path =
        path.strip_prefix('$').is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']));
    if !is_path {
        findings.refused_by_aws(place.clone(), EventTargetError::Path { path: path.to_owned() });
    }
}

fn transformer(
    paths: &IndexMap<String, String>,
    template: &str,
    place: &Place,
    findings: &mut Findings,
) {
    let at_paths = place.key("inputPathsMap");
    findings.count(paths.len(), 100, &PATHS, &at_paths);
    for (name, path) in paths {
        let is_letter = |b: u8| b.is_ascii_alphanumeric() || b == b'_' || b == b'-';
        // EventBridge API reference, `InputTransformer`: no key begins with `AWS`.
        let is_name = !name.is_empty()
            && name.bytes().all(is_letter)
            && !name.to_ascii_lowercase().starts_with("aws");
        if !is_name {
            let error = EventTargetError::Variable { name: name.clone() };
            findings.refused_by_aws(at_paths.key(name).on_key(), error);
        }
        json_path(path, &at_paths.key(name), findings);
    }
    for name in placeholders(template) {
        if !paths.contains_key(name) && !name.starts_with("aws.events.") {
            let suggestion = suggest(name, paths.keys().map(String::as_str)).map(str::to_owned);
            let error = EventTargetError::Placeholder { name: name.to_owned(), suggestion };
            findings.refused_by_aws(place.key("inputTemplate"), error);
        }
    }
}

/// The names in angle brackets.
fn placeholders(template: &str) -> impl Iterator<Item = &str> {
    template.match_indices('<').filter_map(|(start, _)| {
        let is_escaped = template.get(..start).is_some_and(|before| before.ends_with('\\'));
        let rest = template.get(start + 1..)?;
        let is_letter = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
        let (name, after) = rest.split_at_checked(rest.find(|c| !is_letter(c))?)?;
        (!is_escaped && !name.is_empty() && after.starts_with('>')).then_some(name)
    })
}

/// A target that EventBridge rejects: EventBridge API reference, `PutTargets`
/// (<https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutTargets.html>).
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum EventTargetError {
    /// A target that EventBridge invokes with a role, without one: EventBridge user guide, "IAM roles
    /// for sending events to targets in Amazon EventBridge"
    /// (<https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-events-iam-roles.html>).
    #[error("{what} as a target needs a role")]
    NoRole {
        /// What the target is.
        what: &'static str,
    },
    /// A dead-letter queue that is not an SQS queue: EventBridge user guide, "Using dead-letter queues
    /// to process undelivered events in EventBridge"
    /// (<https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html>).
    #[error("`{arn}` is not the ARN of an SQS queue")]
    NotAQueue {
        /// The ARN.
        arn: String,
    },
    /// A FIFO queue as a dead-letter queue.
    #[error("`{arn}` is a FIFO queue, which cannot be a dead-letter queue of a target")]
    FifoQueue {
        /// The ARN.
        arn: String,
    },
    /// A JSON path that does not begin with `$`.
    #[error("`{path}` is not a JSON path")]
    Path {
        /// The path.
        path: String,
    },
    /// A name that an input path cannot have.
    #[error("invalid name `{name}` of an input path")]
    Variable {
        /// The name.
        name: String,
    },
    /// A placeholder of the template without an input path.
    #[error("placeholder `<{name}>` is not in `inputPathsMap`")]
    Placeholder {
        /// The name.
        name: String,
        /// The likely intended name.
        suggestion: Option<String>,
    },
}

impl Explain for EventTargetError {
    fn code(&self) -> &'static str {
        match self {
            Self::NoRole { .. } => "event::target_without_role",
            Self::NotAQueue { .. } => "event::dead_letter_not_a_queue",
            Self::FifoQueue { .. } => "event::dead_letter_fifo",
            Self::Path { .. } => "event::json_path",
            Self::Variable { .. } => "event::input_path_name",
            Self::Placeholder { .. } => "event::unknown_placeholder",
        }
    }

    fn help(&self) -> Option<String> {
        Some(match self {
            Self::NoRole { .. } => {
                "add a `roleArn` of a role that `events.amazonaws.com` can assume, such as `roleArn: arn:aws:iam::111122223333:role/invoke` (EventBridge user guide, \"IAM roles for sending events to targets in Amazon EventBridge\")".to_owned()
            }
            Self::NotAQueue { .. } | Self::FifoQueue { .. } => {
                "use the ARN of a standard SQS queue, such as `arn:aws:sqs:eu-west-1:111122223333:dlq` (EventBridge user guide, \"Using dead-letter queues to process undelivered events in EventBridge\")".to_owned()
            }
            Self::Path { .. } => {
                "begin it with `$`, as in `$.detail.repository-name` (EventBridge API reference, PutTargets)".to_owned()
            }
            Self::Variable { .. } => {
                "use letters, digits, `_` and `-`, and do not begin with `AWS` (EventBridge API reference, InputTransformer)".to_owned()
            }
            Self::Placeholder { name, .. } => format!(
                "add `{name}: $.detail.…` to `inputPathsMap`, or use a variable of EventBridge, such as `<aws.events.event.json>`; for the text itself, write `\\<{name}>` (EventBridge user guide, \"Amazon EventBridge input transformation\")"
            ),
        })
    }

    fn suggestion(&self) -> Option<&str> {
        match self {
            Self::Placeholder { suggestion, .. } => suggestion.as_deref(),
            Self::NoRole { .. }
            | Self::NotAQueue { .. }
            | Self::FifoQueue { .. }
            | Self::Path { .. }
            | Self::Variable { .. } => None,
        }
    }
}
