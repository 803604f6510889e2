//! `AWS::Events::Rule`

use ecrane_core::{Arn, EventInput, EventRuleResource, EventTarget, Json};
use indexmap::IndexMap;
use serde::Serialize;

use super::{Properties, Tags};
use crate::import::Identifier;
use crate::scope::{In, Scope};

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct EventRule<'g> {
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<&'g str>,
    event_pattern: In<'g, &'g IndexMap<String, Json>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'g str>,
    state: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    tags: Option<Tags<'g>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    targets: Vec<Target<'g>>,
}

impl<'g> Properties<'g> for EventRule<'g> {
    type Resource = EventRuleResource;

    const IDENTIFIER: Identifier = Identifier::RuleArn("Arn", "Name");

    fn new(scope: Scope<'g>, rule: &'g EventRuleResource, tags: Option<Tags<'g>>) -> Self {
        let EventRuleResource { name, description, enabled, pattern, pattern_places: _, targets } =
            rule;
        Self {
            description: description.as_deref(),
            event_pattern: In { scope, it: pattern },
            name: name.as_deref(),
            state: if *enabled { "ENABLED" } else { "DISABLED" },
            tags,
            targets: targets.iter().map(target).collect(),
        }
    }
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Target<'g> {
    arn: &'g str,
    #[serde(skip_serializing_if = "Option::is_none")]
    dead_letter_config: Option<DeadLetterConfig<'g>>,
    id: &'g str,
    #[serde(skip_serializing_if = "Option::is_none")]
    input: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    input_path: Option<&'g str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    input_transformer: Option<InputTransformer<'g>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    retry_policy: Option<RetryPolicy>,
    #[serde(skip_serializing_if = "Option::is_none")]
    role_arn: Option<&'g str>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct DeadLetterConfig<'g> {
    arn: &'g str,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct InputTransformer<'g> {
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    input_paths_map: &'g IndexMap<String, String>,
    input_template: &'g str,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct RetryPolicy {
    #[serde(skip_serializing_if = "Option::is_none")]
    maximum_event_age_in_seconds: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    maximum_retry_attempts: Option<u32>,
}

fn target(target: &EventTarget) -> Target<'_> {
    let EventTarget { id, arn, role_arn, input, dead_letter_queue_arn, retry_policy } = target;
    let (constant, path, transformer) = match input {
        None => (None, None, None),
        Some(EventInput::Constant(value)) => (Some(value.to_string()), None, None),
        Some(EventInput::Path(path)) => (None, Some(path.as_str()), None),
        Some(EventInput::Transformer { paths, template }) => {
            let transformer = InputTransformer { input_paths_map: paths, input_template: template };
            (None, None, Some(transformer))
        }
    };
    Target {
        arn: arn.as_str(),
        dead_letter_config: dead_letter_queue_arn
            .as_ref()
            .map(|arn| DeadLetterConfig { arn: arn.as_str() }),
        id,
        input: constant,
        input_path: path,
        input_transformer: transformer,
        retry_policy: retry_policy.map(|policy| RetryPolicy {
            maximum_event_age_in_seconds: policy.maximum_event_age_in_seconds,
            maximum_retry_attempts: policy.maximum_retry_attempts,
        }),
        role_arn: role_arn.as_ref().map(Arn::as_str),
    }
}
