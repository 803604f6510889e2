//! The scope of the registry policy, which is a setting of its own.

use super::registries::Registries;
use crate::bounds::{self, Findings};
use crate::resource::{RegistryPolicyScope, ResourceKind};
use crate::stack::StackNode;

/// Checks each registry policy whose registry has the scope V1.
pub(super) fn check(stacks: &[StackNode], findings: &mut Findings) {
    let narrow = Registries::with(stacks, |kind| {
        matches!(kind, ResourceKind::AccountSettings(settings)
            if settings.registry_policy_scope == Some(RegistryPolicyScope::V1))
    });
    for stack in stacks.iter().filter(|stack| narrow.setting_of(stack).is_some()) {
        for resource in &stack.resources {
            let ResourceKind::RegistryPolicy(policy) = &resource.kind else { continue };
            for statement in &policy.document.statements {
                bounds::registry_scope_v1(statement, findings);
            }
        }
    }
}
