//! `aws_ecr_account_setting`, one for each setting.

use ecrane_core::AccountSettingsResource;
use serde::Serialize;

use super::{Body, Pieces};

#[derive(Debug, Serialize)]
pub(crate) struct AccountSetting {
    name: &'static str,
    value: &'static str,
}

pub(super) fn render<'g>(settings: AccountSettingsResource) -> Pieces<'g> {
    let mut pieces = Pieces::default();
    for (name, value) in settings.given() {
        let body = Body::AccountSetting(AccountSetting { name, value });
        pieces.below(part(name), body);
    }
    pieces
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
