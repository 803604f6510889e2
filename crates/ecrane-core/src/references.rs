//! What a stack needs from other stacks.

use std::collections::BTreeSet;

use indexmap::IndexSet;

use crate::event::EventRule;
use crate::graph::{Graph, Resource, ResourceId, ResourceKind, StackNode};
use crate::key::{AliasResource, KeyResource};
use crate::policy::{
    Identity, IdentityPolicy, ManagedPolicy, PolicyDocument, Principals, Statement,
};
use crate::public_repository::PublicRepository;
use crate::registry::{RegistryPolicy, RepositoryCreationTemplate};
use crate::repository::{Encryption, RepositoryResource};
use crate::role::RoleResource;
use crate::value::{Attribute, Json, Value};

impl Graph {
    /// The attributes of other stacks' resources that a stack refers to, in the order in which
    /// it first does.
    pub fn foreign_references(&self, stack: usize) -> IndexSet<(ResourceId, Attribute)> {
        let mut found = IndexSet::new();
        if let Some(node) = self.stacks.get(stack) {
            visit_stack(node, &mut |id, attribute| {
                if id.stack() != stack {
                    found.insert((id, attribute));
                }
            });
        }
        found
    }

    /// The stacks that must stand before a stack can, as positions in [`Graph::stacks`].
    pub fn dependencies(&self, stack: usize) -> BTreeSet<usize> {
        self.foreign_references(stack).into_iter().map(|(id, _)| id.stack()).collect()
    }
}

type Visit<'a> = &'a mut dyn FnMut(ResourceId, Attribute);

fn visit_stack(stack: &StackNode, visit: Visit<'_>) {
    for resource in &stack.resources {
        visit_resource(resource, visit);
    }
    for output in &stack.outputs {
        visit_value(&output.value, visit);
    }
}

// Structs are taken apart field by field, so that a new field with a value is not overlooked.
fn visit_resource(resource: &Resource, visit: Visit<'_>) {
    match &resource.kind {
        ResourceKind::Repository(RepositoryResource {
            encryption,
            policy,
            name: _,
            scan_on_push: _,
            tag_mutability: _,
            empty_on_delete: _,
            lifecycle_policy: _,
            lifecycle_registry_id: _,
        })
        | ResourceKind::RepositoryCreationTemplate(RepositoryCreationTemplate {
            encryption,
            policy,
            prefix: _,
            applied_for: _,
            description: _,
            tag_mutability: _,
            lifecycle_policy: _,
            resource_tags: _,
            custom_role_arn: _,
        }) => {
            visit_encryption(encryption.as_ref(), visit);
            visit_document(policy, visit);
        }
        ResourceKind::Role(RoleResource {
            trust_policy,
            managed_policies,
            permissions_boundary,
            name: _,
            description: _,
            max_session_duration: _,
            path: _,
        }) => {
            visit_document(trust_policy, visit);
            for value in managed_policies.iter().chain(permissions_boundary) {
                visit_value(value, visit);
            }
        }
        ResourceKind::IdentityPolicy(IdentityPolicy { document, attached_to, name: _ }) => {
            let (Identity::Role(name) | Identity::User(name) | Identity::Group(name)) = attached_to;
            visit_document(document, visit);
            visit_value(name, visit);
        }
        ResourceKind::ManagedPolicy(ManagedPolicy { document, role, description: _ }) => {
            visit_document(document, visit);
            visit_value(role, visit);
        }
        ResourceKind::Key(KeyResource { policy, description: _, enable_key_rotation: _ })
        | ResourceKind::PublicRepository(PublicRepository { policy, name: _, catalog_data: _ })
        | ResourceKind::RegistryPolicy(RegistryPolicy { document: policy }) => {
            visit_document(policy, visit);
        }
        ResourceKind::Alias(AliasResource { target_key, name: _ }) => {
            visit_value(target_key, visit);
        }
        ResourceKind::EventRule(EventRule {
            pattern,
            name: _,
            description: _,
            enabled: _,
            targets: _,
        }) => pattern.values().for_each(|json| visit_json(json, visit)),
        ResourceKind::User(_)
        | ResourceKind::Group(_)
        | ResourceKind::ReplicationConfiguration(_)
        | ResourceKind::ScanningConfiguration(_)
        | ResourceKind::SigningConfiguration(_)
        | ResourceKind::AccountSettings(_)
        | ResourceKind::PullThroughCacheRule(_)
        | ResourceKind::PullTimeUpdateExclusion(_) => {}
    }
}

fn visit_encryption(encryption: Option<&Encryption>, visit: Visit<'_>) {
    match encryption {
        Some(Encryption::Kms(Some(key)) | Encryption::KmsDsse(Some(key))) => {
            visit_value(key, visit);
        }
        None | Some(Encryption::Aes256 | Encryption::Kms(None) | Encryption::KmsDsse(None)) => {}
    }
}

fn visit_document(document: &PolicyDocument, visit: Visit<'_>) {
    for statement in &document.statements {
        let Statement { principals, resources, conditions, sid: _, effect: _, actions: _ } =
            statement;
        match principals {
            Principals::ByKind(kinds) => {
                kinds.values().flatten().for_each(|value| visit_value(value, visit));
            }
            Principals::Star => {}
        }
        for value in resources {
            visit_value(value, visit);
        }
        conditions.values().flat_map(|c| c.values()).for_each(|json| visit_json(json, visit));
    }
}

fn visit_json(json: &Json, visit: Visit<'_>) {
    match json {
        Json::Null | Json::Bool(_) | Json::Number(_) => {}
        Json::Text(value) => visit_value(value, visit),
        Json::List(items) => items.iter().for_each(|item| visit_json(item, visit)),
        Json::Map(entries) => entries.values().for_each(|item| visit_json(item, visit)),
    }
}

fn visit_value(value: &Value, visit: Visit<'_>) {
    match value {
        Value::Literal(_) | Value::Pseudo(_) => {}
        Value::Attribute(id, attribute) => visit(*id, *attribute),
        Value::ArnField(inner, _) => visit_value(inner, visit),
        Value::Concat(parts) => parts.iter().for_each(|part| visit_value(part, visit)),
    }
}
