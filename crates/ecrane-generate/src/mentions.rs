//! References to declared principals.

use serde_json::Value;

use super::Draft;

/// A declared principal of a stack.
#[derive(Debug, Clone)]
pub(super) struct Declared {
    id: String,
    is_group: bool,
    /// The ARN of an imported principal.
    arn: Option<String>,
    /// Whether the principal has a physical name, so that other accounts and regions can refer to
    /// it.
    is_named: bool,
}

impl Declared {
    pub(super) fn new((id, principal): (&String, &Value)) -> Self {
        let (kind, value) =
            principal.as_object().and_then(|it| it.iter().next()).unwrap_or((id, principal));
        let arn = value.as_str().map(str::to_owned);
        let has_name =
            ["roleName", "userName", "groupName"].into_iter().any(|key| value.get(key).is_some());
        Self {
            id: id.clone(),
            is_group: kind.starts_with("group"),
            is_named: arn.is_some() || has_name,
            arn,
        }
    }
}

/// The context of a reference.
#[derive(Debug, Clone, Copy)]
pub(super) enum Mention {
    /// A grant of a repository, which may have a physical name.
    Grant { is_named: bool },
    /// A policy statement.
    Statement,
    /// The grant of an authorization token.
    Token,
}

/// A reference to a declared principal from the stack `at`: its id, preceded by the stack for
/// another stack.
pub(super) fn principal(draft: &mut Draft, at: usize, mention: Mention) -> Option<String> {
    let from = if draft.stacks.len() > 1 && draft.random.chance(30) {
        draft.random.below(draft.stacks.len())
    } else {
        at
    };
    let declared = draft.principals.get(from)?;
    let declared = declared.get(draft.random.below(declared.len()))?.clone();
    if draft.ecrane() && !is_sound(draft, &declared, (from, at), mention) {
        return None;
    }
    let Declared { id, .. } = declared;
    if from == at { Some(id) } else { Some(format!("{}/{id}", draft.stacks.get(from)?)) }
}

/// Whether the stack `at` may refer to a principal of the stack `from`. A stack depends on no
/// earlier stack, which prevents circular dependencies.
fn is_sound(
    draft: &Draft,
    principal: &Declared,
    (from, at): (usize, usize),
    mention: Mention,
) -> bool {
    let environment = draft.environments.get(at);
    let together = environment == draft.environments.get(from);
    match mention {
        Mention::Token => true,
        // IAM does not support a group as a principal.
        Mention::Statement if principal.is_group => false,
        // The shard of the principals depends on those of the repositories.
        Mention::Statement if from == at => draft.shards.get(at).is_none_or(Option::is_none),
        Mention::Statement if together => from > at,
        Mention::Statement => principal.is_named,
        Mention::Grant { .. } if principal.is_group => {
            let account = environment.and_then(Option::as_ref).and_then(|it| it.get("account"));
            let is_of_account = |arn: &String| {
                account.and_then(Value::as_str).is_some_and(|it| arn.contains(&format!(":{it}:")))
            };
            from == at && principal.arn.as_ref().is_none_or(is_of_account)
        }
        // The policy of the principal contains the name of the repository.
        Mention::Grant { .. } if together => from <= at,
        Mention::Grant { is_named } => is_named && principal.is_named,
    }
}
