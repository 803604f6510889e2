//! `aws_cloudwatch_event_rule`, and an `aws_cloudwatch_event_target` for each of its targets.

use std::collections::BTreeMap;

use ecrane_core::{Attribute, EventInput, EventRuleResource, EventTarget, Resource, RetryPolicy};
use serde::Serialize;

use super::{Body, Deployed, Pieces, Tags, Type, tags};
use crate::expression::Text;
use crate::import::{IdPart, ImportId};
use crate::scope::Scope;

#[derive(Debug, Serialize)]
pub(crate) struct Rule<'g> {
    name: Text<'g>,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<Text<'g>>,
    event_pattern: Text<'g>,
    state: &'static str,
    #[serde(skip_serializing_if = "Tags::is_empty")]
    tags: Tags<'g>,
}

#[derive(Debug, Serialize)]
#[expect(clippy::struct_field_names, reason = "Terraform's own argument names")]
pub(crate) struct Target<'g> {
    rule: Text<'g>,
    target_id: Text<'g>,
    arn: Text<'g>,
    #[serde(skip_serializing_if = "Option::is_none")]
    role_arn: Option<Text<'g>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    input: Option<Text<'g>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    input_path: Option<Text<'g>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    input_transformer: Option<[InputTransformer<'g>; 1]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    dead_letter_config: Option<[DeadLetterConfig<'g>; 1]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    retry_policy: Option<[Retry; 1]>,
}

#[derive(Debug, Serialize)]
struct InputTransformer<'g> {
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    input_paths: BTreeMap<Text<'g>, Text<'g>>,
    input_template: Text<'g>,
}

#[derive(Debug, Serialize)]
struct DeadLetterConfig<'g> {
    arn: Text<'g>,
}

/// Both are always rendered: the provider sends zero for a missing one, which disables retries.
#[derive(Debug, Serialize)]
struct Retry {
    maximum_event_age_in_seconds: u32,
    maximum_retry_attempts: u32,
}

/// EventBridge's default: it retries for 24 hours and up to 185 times
/// (<https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-retry-policy.html>).
const RETRY: Retry = Retry { maximum_event_age_in_seconds: 86_400, maximum_retry_attempts: 185 };

/// The maximum length of a name that EventBridge accepts.
const LONGEST_NAME: usize = 64;

impl Deployed for EventRuleResource {
    fn terraform_type(&self) -> Type {
        Type::new("aws_cloudwatch_event_rule").with_arn()
    }

    fn given_name(&self) -> Option<(&'static str, Option<&str>)> {
        Some(("name", self.name.as_deref()))
    }

    fn render<'g>(&'g self, resource: &'g Resource, scope: &mut Scope<'g>) -> Pieces<'g> {
        let Self { name, description, enabled, pattern, pattern_places: _, targets } = self;
        let body = Rule {
            name: scope.name(resource, name.as_deref(), LONGEST_NAME),
            description: description.as_deref().map(Text::literal),
            event_pattern: scope.json(pattern),
            state: if *enabled { "ENABLED" } else { "DISABLED" },
            tags: tags(&resource.tags),
        };
        let mut pieces = Pieces::of(
            Body::EventRule(body),
            ImportId::new([IdPart::Text("default/"), IdPart::Own]),
        );
        for target in targets {
            let rule = scope.own(resource, Attribute::Name);
            let (before, after) = (IdPart::Text("default/"), IdPart::Text("/"));
            let id = ImportId::new([before, IdPart::Own, after, IdPart::Text(&target.id)]);
            pieces.below(&target.id, Body::EventTarget(self::target(rule, target)), id);
        }
        pieces
    }
}

fn target<'g>(rule: Text<'g>, target: &'g EventTarget) -> Target<'g> {
    let EventTarget { id, arn, role_arn, input, dead_letter_queue_arn, retry_policy } = target;
    let mut body = Target {
        rule,
        target_id: Text::literal(id),
        arn: Text::literal(arn.as_str()),
        role_arn: role_arn.as_ref().map(|arn| Text::literal(arn.as_str())),
        input: None,
        input_path: None,
        input_transformer: None,
        dead_letter_config: dead_letter_queue_arn
            .as_ref()
            .map(|arn| [DeadLetterConfig { arn: Text::literal(arn.as_str()) }]),
        retry_policy: retry_policy.map(|retry_policy| {
            let RetryPolicy { maximum_retry_attempts, maximum_event_age_in_seconds } = retry_policy;
            [Retry {
                maximum_event_age_in_seconds: maximum_event_age_in_seconds
                    .unwrap_or(RETRY.maximum_event_age_in_seconds),
                maximum_retry_attempts: maximum_retry_attempts
                    .unwrap_or(RETRY.maximum_retry_attempts),
            }]
        }),
    };
    match input {
        None => {}
        Some(EventInput::Constant(json)) => body.input = Some(Text::owned(json.to_string())),
        Some(EventInput::Path(path)) => body.input_path = Some(Text::literal(path)),
        Some(EventInput::Transformer { paths, template }) => {
            let input_paths =
                paths.iter().map(|(key, path)| (Text::literal(key), Text::literal(path))).collect();
            let input_template = Text::literal(template);
            body.input_transformer = Some([InputTransformer { input_paths, input_template }]);
        }
    }
    body
}
