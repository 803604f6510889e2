//! Lifecycle rules.

use schemars::JsonSchema;
use serde::Deserialize;

/// A lifecycle rule: which images go, and when.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct LifecycleRule {
    /// The order in which rules are applied, lowest first; counted on when nothing is said.
    #[schemars(extend("examples" = [1]))]
    pub rule_priority: Option<u32>,
    /// What the rule is for.
    #[schemars(extend("examples" = ["keep releases"]))]
    pub description: Option<String>,
    /// Which images it selects: tagged ones where it lists tags, else any.
    #[schemars(extend("examples" = ["tagged"]))]
    pub tag_status: Option<TagStatus>,
    /// Prefixes of tags; an image needs a tag for each of them.
    #[schemars(extend("examples" = [["prod"]]))]
    pub tag_prefix_list: Option<Vec<String>>,
    /// Patterns of tags, with `*` for any characters; an image needs a tag for each of them.
    #[schemars(extend("examples" = [["prod*"]]))]
    pub tag_pattern_list: Option<Vec<String>>,
    /// How many of the selected images stay, the youngest.
    #[schemars(extend("examples" = [9999]))]
    pub max_image_count: Option<u32>,
    /// How old a selected image may get: days or weeks, `30d`, `4w` or `P30D`.
    #[schemars(extend("examples" = ["30d"]))]
    pub max_image_age: Option<String>,
    /// How long a selected image may go without being pulled, with `action: archive`: days or
    /// weeks, `90d`. Not in the AWS CDK.
    #[schemars(extend("examples" = ["90d"]))]
    pub max_time_since_pull: Option<String>,
    /// How long a selected image may be archived: days or weeks, 90 days at least. Such a rule is
    /// about archived images, the others are about those that are not. Not in the AWS CDK.
    #[schemars(extend("examples" = ["365d"]))]
    pub max_time_since_archive: Option<String>,
    /// What happens to an image that goes; it expires when nothing is said. Not in the AWS CDK.
    #[schemars(extend("examples" = ["archive"]))]
    pub action: Option<LifecycleAction>,
}

/// What happens to an image that goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum LifecycleAction {
    /// It is deleted.
    Expire,
    /// It moves to the storage class `archive`, from which it can be restored.
    Archive,
}

/// Which images a lifecycle rule selects.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum TagStatus {
    /// All of them.
    Any,
    /// Those with tags that the rule lists.
    Tagged,
    /// Those without tags.
    Untagged,
}
