//! The scope of the registry policy, which is a setting of its own.

use crate::bounds::{self, Findings};
use crate::resource::{RegistryPolicyScope, ResourceKind};
use crate::stack::StackNode;

/// Checks each registry policy whose registry has the scope V1: set in its own stack, or in a stack
/// of the same account and region.
pub(super) fn check(stacks: &[StackNode], findings: &mut Findings) {
    let is_v1 = |stack: &StackNode| {
        stack.resources.iter().any(|resource| {
            matches!(&resource.kind, ResourceKind::AccountSettings(settings)
                if settings.registry_policy_scope == Some(RegistryPolicyScope::V1))
        })
    };
    let narrow: Vec<&StackNode> = stacks.iter().filter(|stack| is_v1(stack)).collect();
    for stack in stacks {
        let has_env = stack.env.account.is_some() && stack.env.region.is_some();
        let is_narrow =
            narrow.iter().any(|other| other.id == stack.id || (has_env && other.env == stack.env));
        for resource in stack.resources.iter().filter(|_| is_narrow) {
            let ResourceKind::RegistryPolicy(policy) = &resource.kind else { continue };
            for statement in &policy.document.statements {
                bounds::registry_scope_v1(statement, findings);
            }
        }
    }
}
