//! `aws_ecr_account_setting`, one for each setting.

use ecrane_core::{AccountSettingsResource, Resource, ResourceKind};
use serde::Serialize;

use super::{Body, Deployed, Pieces, Type, terraform_type};
use crate::import::{IdPart, ImportId};
use crate::names;
use crate::scope::Scope;
use crate::version::{Feature, Version};

#[derive(Debug, Serialize)]
pub(crate) struct AccountSetting {
    name: &'static str,
    value: &'static str,
}

impl Deployed for AccountSettingsResource {
    fn terraform_type(&self) -> Type {
        Type::new("aws_ecr_account_setting").unnamed()
    }

    fn feature(&self) -> Option<Feature> {
        self.blob_mounting
            .map(|_| Feature::new("the account setting `blobMounting`", Version::new(6, 29, 0)))
    }

    fn render<'g>(&'g self, _: &'g Resource, _: &mut Scope<'g>) -> Pieces<'g> {
        let mut pieces = Pieces::default();
        for (name, value) in self.given() {
            let body = Body::AccountSetting(AccountSetting { name, value });
            pieces.below(part(name), body, ImportId::new([IdPart::Text(name)]));
        }
        pieces
    }
}

/// The address of the setting that decides which actions a registry policy can have, if the stack
/// has it: `PutRegistryPolicy` fails unless it is set before.
pub(super) fn scope_of_registry_policy(scope: &Scope<'_>) -> Option<String> {
    scope.stack().resources.iter().find_map(|resource| {
        let ResourceKind::AccountSettings(settings) = &resource.kind else { return None };
        settings.registry_policy_scope?;
        let name = names::of_part(resource, part("REGISTRY_POLICY_SCOPE"), false, scope.layout());
        Some(format!("{}.{name}", terraform_type(resource).name()))
    })
}

/// The name of a setting's construct: its key in the config.
fn part(name: &str) -> &str {
    match name {
        "BASIC_SCAN_TYPE_VERSION" => "BasicScanTypeVersion",
        "REGISTRY_POLICY_SCOPE" => "RegistryPolicyScope",
        "BLOB_MOUNTING" => "BlobMounting",
        other => other,
    }
}
