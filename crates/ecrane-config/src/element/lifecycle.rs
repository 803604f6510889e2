//! Lifecycle rules.

use schemars::JsonSchema;
use serde::Deserialize;

/// A lifecycle rule. Set exactly one of `maxImageCount`, `maxImageAge`, `maxTimeSincePull` and
/// `maxTimeSinceArchive`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct LifecycleRule {
    /// The priority of the rule. Rules with lower numbers are applied first. Default: numbered in
    /// list order after the highest priority in the list, with `any` rules last, as in the AWS CDK.
    #[schemars(extend("examples" = [1]))]
    pub rule_priority: Option<u32>,
    /// A description of the rule.
    #[schemars(extend("examples" = ["keep releases"]))]
    pub description: Option<String>,
    /// Which images the rule selects. Default: `tagged` if the rule lists tags, otherwise `any`.
    #[schemars(extend("examples" = ["tagged"]))]
    pub tag_status: Option<TagStatus>,
    /// Tag prefixes. The rule selects an image only if, for each prefix in the list, one of its
    /// tags starts with that prefix.
    #[schemars(extend("examples" = [["prod"]]))]
    pub tag_prefix_list: Option<Vec<String>>,
    /// Tag patterns, with `*` for any characters. The rule selects an image only if, for each
    /// pattern in the list, one of its tags matches that pattern.
    #[schemars(extend("examples" = [["prod*"]]))]
    pub tag_pattern_list: Option<Vec<String>>,
    /// Keep this many of the most recently pushed matching images and expire the rest.
    #[schemars(extend("examples" = [9999]))]
    pub max_image_count: Option<u32>,
    /// Expire matching images that were pushed longer ago than this, in days or weeks: `30d`, `4w`
    /// or `P30D`.
    #[schemars(extend("examples" = ["30d"]))]
    pub max_image_age: Option<String>,
    /// Archive matching images that have not been pulled for this long, in days or weeks: `90d`.
    /// Requires `action: archive`. Renders as `sinceImagePulled`; not available in the AWS CDK.
    #[schemars(extend("examples" = ["90d"]))]
    pub max_time_since_pull: Option<String>,
    /// Expire matching archived images this long after they were archived, in days or weeks: at
    /// least 90 days. A rule with this key selects only archived images, and all other rules select
    /// only images that are not archived. Renders as `sinceImageTransitioned`; not available in the
    /// AWS CDK.
    #[schemars(extend("examples" = ["365d"]))]
    pub max_time_since_archive: Option<String>,
    /// What happens to images over the limit. Default: `expire`. Not available in the AWS CDK.
    #[schemars(extend("examples" = ["archive"]))]
    pub action: Option<LifecycleAction>,
}

/// The keys of a lifecycle rule whose values are durations.
pub(crate) const DURATIONS: [&str; 3] = ["maxImageAge", "maxTimeSincePull", "maxTimeSinceArchive"];

/// What happens to images over the limit of a lifecycle rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum LifecycleAction {
    /// Delete the image.
    Expire,
    /// Move the image to the archive storage class. An archived image can be restored.
    Archive,
}

/// Which images a lifecycle rule selects.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum TagStatus {
    /// All images, tagged and untagged.
    Any,
    /// Images with a tag for each entry of `tagPrefixList` or `tagPatternList`.
    Tagged,
    /// Images without tags.
    Untagged,
}
