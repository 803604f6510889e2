//! Lifecycle rules of a config.

use ecrane_core::{Days, LifecycleAction, LifecycleRule, Place, TagStatus};

use super::Program;
use crate::element::{
    self, LifecycleAction as LifecycleActionConfig, TagStatus as TagStatusConfig,
};

impl Program<'_> {
    pub(super) fn lifecycle_rule(
        &self,
        rule: &element::LifecycleRule,
        place: &Place,
    ) -> Option<LifecycleRule> {
        let days = |text: Option<&str>, key| {
            let days: Option<Days> = self.parse_option(text, place, key);
            (text.is_none() || days.is_some()).then_some(days)
        };
        let max_image_age = days(rule.max_image_age.as_deref(), "maxImageAge");
        let max_time_since_pull = days(rule.max_time_since_pull.as_deref(), "maxTimeSincePull");
        let max_time_since_archive =
            days(rule.max_time_since_archive.as_deref(), "maxTimeSinceArchive");
        Some(LifecycleRule {
            rule_priority: rule.rule_priority,
            description: rule.description.clone(),
            tag_status: rule.tag_status.map(|status| match status {
                TagStatusConfig::Any => TagStatus::Any,
                TagStatusConfig::Tagged => TagStatus::Tagged,
                TagStatusConfig::Untagged => TagStatus::Untagged,
            }),
            tag_prefix_list: rule.tag_prefix_list.clone(),
            tag_pattern_list: rule.tag_pattern_list.clone(),
            max_image_count: rule.max_image_count,
            max_image_age: max_image_age?,
            max_time_since_pull: max_time_since_pull?,
            max_time_since_archive: max_time_since_archive?,
            action: rule.action.map(|action| match action {
                LifecycleActionConfig::Expire => LifecycleAction::Expire,
                LifecycleActionConfig::Archive => LifecycleAction::Archive,
            }),
        })
    }
}
