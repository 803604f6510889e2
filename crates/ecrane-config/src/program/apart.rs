//! Parts of a config that can be built at the same time.

use indexmap::IndexMap;

use super::Shard;
use crate::element::{
    self, AuthorizationTokens, Config, Grantees, Identity, KeyRef, PrincipalKind, PrincipalRef,
    Statement,
};

/// The repositories of a stack, which are consumed.
pub(super) type Repositories = IndexMap<String, element::Repository>;

/// Some stacks of a config, one after the other.
pub(super) struct Part<'a> {
    /// The number of stacks that are deployed before these.
    pub(super) before: usize,
    pub(super) stacks: Vec<(&'a String, &'a element::Stack, Repositories)>,
}

/// The parts of a config: each stack, or all of them together if one refers to a principal or key of
/// another, whose policy then contains statements for both.
///
/// `repositories` are those of each stack.
pub(super) fn parts(config: &Config, repositories: Vec<Repositories>) -> Vec<Part<'_>> {
    let mut before = 0;
    let stacks = config.stacks.iter().zip(repositories).map(|((id, stack), repositories)| {
        let first = before;
        before += Shard::all(stack.shards).count();
        Part { before: first, stacks: vec![(id, stack, repositories)] }
    });
    let parts: Vec<_> = stacks.collect();
    let are_apart = parts
        .iter()
        .flat_map(|part| &part.stacks)
        .all(|(id, stack, repositories)| !refers_elsewhere(config, id, stack, repositories));
    if are_apart {
        return parts;
    }
    vec![Part { before: 0, stacks: parts.into_iter().flat_map(|part| part.stacks).collect() }]
}

/// Whether a stack refers to a principal or key of another one.
fn refers_elsewhere(
    config: &Config,
    id: &str,
    stack: &element::Stack,
    repositories: &Repositories,
) -> bool {
    let is_elsewhere = |principal: &PrincipalRef| is_of_another(config, id, principal);
    let in_statements = |statements: &[Statement]| {
        statements.iter().any(|statement| statement.principals.iter().any(is_elsewhere))
    };
    let is_key_elsewhere = |key: Option<&KeyRef>| match key {
        Some(KeyRef::Id(key)) => is_in_another(config, id, key),
        Some(KeyRef::Imported(_)) | None => false,
    };
    let in_repository = |repository: &element::Repository| {
        is_key_elsewhere(repository.encryption_key.as_ref())
            || in_statements(repository.resource_policy.statements())
            || repository.grants.iter().any(|grant| match &grant.to {
                Grantees::One(one) => is_elsewhere(one),
                Grantees::List(list) => list.iter().any(is_elsewhere),
            })
    };
    let in_principal = |principal: &element::Principal| match &principal.identity {
        Identity::Role(role) => is_elsewhere(&role.assumed_by),
        Identity::User(_)
        | Identity::Group(_)
        | Identity::RoleArn(_)
        | Identity::UserArn(_)
        | Identity::GroupArn(_) => false,
    };
    let in_tokens = |AuthorizationTokens { private, public_gallery }: &AuthorizationTokens| {
        private.iter().chain(public_gallery).any(is_elsewhere)
    };
    let in_registry = |registry: &element::Registry| {
        let in_template = |template: &element::CreationTemplate| {
            is_key_elsewhere(template.encryption_key.as_ref())
                || in_statements(template.resource_policy.statements())
        };
        in_statements(registry.policy.statements())
            || registry.creation_templates.values().any(in_template)
    };
    let element::Stack {
        stack_name: _,
        description: _,
        env: _,
        targets: _,
        tags: _,
        termination_protection: _,
        shards: _,
        keys,
        principals,
        repositories: _,
        authorization_tokens,
        public_repositories,
        registry,
        outputs: _,
        terraform: _,
    } = stack;
    repositories.values().any(in_repository)
        || keys.values().any(|it| in_statements(&it.resource_policy))
        || principals.values().any(in_principal)
        || authorization_tokens.as_ref().is_some_and(in_tokens)
        || public_repositories.values().any(|it| in_statements(it.resource_policy.statements()))
        || registry.as_ref().is_some_and(in_registry)
}

fn is_of_another(config: &Config, own: &str, principal: &PrincipalRef) -> bool {
    match principal {
        PrincipalRef::Id(id) => is_in_another(config, own, id),
        PrincipalRef::Inline(inline) => match &inline.kind {
            PrincipalKind::Composite(parts) => {
                parts.iter().any(|part| is_of_another(config, own, part))
            }
            PrincipalKind::Account(_)
            | PrincipalKind::Service(_)
            | PrincipalKind::Arn(_)
            | PrincipalKind::Organization(_)
            | PrincipalKind::OrganizationalUnit(_)
            | PrincipalKind::Lambda(_)
            | PrincipalKind::Any
            | PrincipalKind::Star
            | PrincipalKind::Federated { .. }
            | PrincipalKind::WebIdentity(_)
            | PrincipalKind::CanonicalUser(_) => false,
        },
    }
}

/// Whether an id may be that of a construct in another stack, as it begins with the id of one.
fn is_in_another(config: &Config, own: &str, id: &str) -> bool {
    id.split_once('/').is_some_and(|(stack, _)| stack != own && config.stacks.contains_key(stack))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn count(reference: &Value) -> usize {
        let config = json!({ "stacks": {
            "A": { "principals": { "Ci": { "roleArn": "arn:aws:iam::111122223333:role/ci" } } },
            "B": {
                "shards": 2,
                "principals": { "Ci": { "role": { "assumedBy": reference } }, "A/Ci": { "group": {} } },
                "repositories": { "App": {} },
            },
            "C": {},
        } });
        let config: Config = serde_json::from_value(config).unwrap();
        let parts = parts(&config, vec![Repositories::new(); 3]);
        let before: Vec<_> = parts.iter().map(|part| part.before).collect();
        assert!([[0, 1, 3].as_slice(), &[0]].contains(&before.as_slice()), "{before:?}");
        parts.len()
    }

    #[test]
    fn stacks_that_refer_to_each_other_stay_together() {
        assert_eq!(count(&json!({ "service": "ec2.amazonaws.com" })), 3);
        assert_eq!(count(&json!("Ci")), 3);
        assert_eq!(count(&json!("B/Ci")), 3);
        assert_eq!(count(&json!("Unknown/Ci")), 3);
        assert_eq!(count(&json!("A/Ci")), 1);
        assert_eq!(count(&json!({ "composite": [{ "account": "111122223333" }, "A/Ci"] })), 1);
    }

    /// Each reference to a principal or key of another stack, wherever the schema has one, is seen.
    #[test]
    fn every_reference_counts() {
        let statement = json!({ "principals": ["A/Ci"], "actions": ["ecr:GetAuthorizationToken"] });
        for stack in [
            json!({ "keys": { "Key": { "resourcePolicy": [statement] } } }),
            json!({ "principals": { "Dev": { "role": { "assumedBy": "A/Ci" } } } }),
            json!({ "repositories": { "App": { "resourcePolicy": [statement] } } }),
            json!({ "repositories": { "App": { "grants": [{ "to": "A/Ci", "allow": "pull" }] } } }),
            json!({ "repositories": { "App": { "grants": [{ "to": ["A/Ci"], "allow": "pull" }] } } }),
            json!({ "repositories": { "App": { "encryptionKey": "A/Key" } } }),
            json!({ "registry": { "creationTemplates": {
                "All": { "appliedFor": ["PULL_THROUGH_CACHE"], "prefix": "ROOT", "encryptionKey": "A/Key" }
            } } }),
            json!({ "authorizationTokens": { "private": ["A/Ci"] } }),
            json!({ "authorizationTokens": { "publicGallery": ["A/Ci"] } }),
            json!({ "publicRepositories": { "Tool": { "resourcePolicy": { "statements": [statement] } } } }),
            json!({ "registry": { "policy": { "statements": [statement] } } }),
            json!({ "registry": { "creationTemplates": {
                "All": { "appliedFor": ["PULL_THROUGH_CACHE"], "prefix": "ROOT", "resourcePolicy": [statement] }
            } } }),
        ] {
            let config = json!({ "stacks": { "A": {}, "B": stack } });
            let mut config: Config = serde_json::from_value(config).unwrap();
            let stacks = config.stacks.values_mut();
            let repositories = stacks.map(|it| std::mem::take(&mut it.repositories)).collect();
            assert_eq!(parts(&config, repositories).len(), 1, "{stack}");
        }
    }
}
