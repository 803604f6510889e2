//! `aws_ecr_account_setting`, one for each setting.

use ecrane_core::{AccountSettingsResource, Resource};
use serde::Serialize;

use super::Body;
use crate::stack::StackRenderer;

#[derive(Debug, Serialize)]
pub(crate) struct AccountSetting {
    name: &'static str,
    value: &'static str,
}

pub(super) fn render<'g>(
    resource: &'g Resource,
    settings: AccountSettingsResource,
    stack: &mut StackRenderer<'g>,
) {
    for (name, value) in settings.given() {
        let body = Body::AccountSetting(AccountSetting { name, value });
        stack.add_below(resource, part(name), body);
    }
}

/// What a setting is called: as the key of the config.
fn part(name: &str) -> &str {
    match name {
        "BASIC_SCAN_TYPE_VERSION" => "BasicScanTypeVersion",
        "REGISTRY_POLICY_SCOPE" => "RegistryPolicyScope",
        "BLOB_MOUNTING" => "BlobMounting",
        other => other,
    }
}
