//! Existing identities, which a policy is attached to by name.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use crate::draft::Draft;
use crate::identity::HOLDERS;
use crate::policy::Statement;
use crate::reader::Reader;
use crate::stack::Origin;
use crate::value::{list, text};

/// Stands for the account of an existing identity in a stack without an account. Nothing that is
/// deployed contains it.
pub(crate) const NO_ACCOUNT: &str = "000000000000";

/// Declares an existing identity by the name in its policy. Its ARN is one that a repository policy
/// names, or that of the name in the account of the stack.
pub(crate) fn existing(
    draft: &mut Draft<'_>,
    policy: &Reader<'_>,
    word: &str,
    holder: &Value,
    statements: &[Statement],
) -> Option<String> {
    let (stack, logical) = (policy.stack, policy.logical);
    let env = draft.env(stack);
    let name = text(holder, &env)?;
    let arn = if let Some(arn) = arn_in_policies(draft, stack, (word, &name), statements) {
        arn
    } else {
        let partition = env.pseudo("AWS::Partition")?;
        let account = env.account.as_deref().unwrap_or(NO_ACCOUNT);
        format!("arn:{partition}:iam::{account}:{word}/{name}")
    };
    let is_known = env.account.is_some() || !arn.contains(NO_ACCOUNT);
    let noted = policy.resource.noted_path();
    // In Terraform, the name of the policy tells, not its address.
    let name_of_policy = policy.resource.properties.get("PolicyName").and_then(Value::as_str);
    let is_template = draft.origin(stack) == Origin::CloudFormation;
    let derived = name_of_policy.filter(|_| !is_template).unwrap_or(logical);
    let id = ["Policy", "DefaultPolicy"]
        .iter()
        .find_map(|it| draft.ids.of_logical_id(derived, &[it, "Resource"], noted))
        .filter(|id| draft.take(stack, id));
    let id = id.unwrap_or_else(|| draft.free(stack, &crate::word::camel(&name)));
    draft.imported.entry((stack, arn.clone())).or_insert_with(|| id.clone());
    draft.out(stack).principals.insert(id.clone(), json!({ format!("{word}Arn"): arn }));
    if !is_known {
        draft.comment(
            stack,
            &["principals", &id],
            format!("The template names the {word}, and not its account: write it in the place of {NO_ACCOUNT}"),
        );
    }
    Some(id)
}

/// The ARN of an existing identity, by the policies of repositories. What it may do by its own policy,
/// the policies of these repositories allow to the ARN, too: the AWS CDK writes both where the identity
/// is in another account, or the account is unknown.
fn arn_in_policies(
    draft: &Draft<'_>,
    stack: usize,
    (word, name): (&str, &str),
    statements: &[Statement],
) -> Option<String> {
    let mut allowed: BTreeMap<(usize, String), BTreeSet<&str>> = BTreeMap::new();
    for statement in statements {
        for resource in &statement.resources {
            if let Some(repository) = draft.declared(stack, resource) {
                let actions = statement.actions.iter().map(String::as_str);
                allowed.entry(repository).or_default().extend(actions);
            }
        }
    }
    let env = draft.env(stack);
    let is_named = |arn: &str| {
        let resource = arn.rsplit_once(':').map_or("", |(_, it)| it);
        // The AWS CDK gives no policy to an existing role of another account.
        let account = arn.split(':').nth(4);
        let is_here = word != "role" || env.account.is_none() || env.account.as_deref() == account;
        resource.strip_prefix(word).is_some_and(|it| it.starts_with('/'))
            && resource.rsplit('/').next() == Some(name)
            && is_here
    };
    // What the policy of a repository allows to each ARN with the name.
    let by_policy = |(owner, id): &(usize, String)| {
        let mut by_arn: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        let repository = draft.out.get(*owner).and_then(|it| it.repositories.get(id));
        for statement in repository.into_iter().flat_map(|it| &it.statements) {
            let is_plain =
                !statement.is_deny && statement.sid.is_none() && statement.conditions.is_none();
            let arns = statement.principals.iter().filter(|_| is_plain);
            let arns = arns.filter_map(|it| it.get("arn")?.as_str()).filter(|it| is_named(it));
            for arn in arns {
                let actions = statement.actions.iter().map(String::as_str);
                by_arn.entry(arn).or_default().extend(actions);
            }
        }
        by_arn
    };
    // Of several with the name, the one with exactly these permissions: the policies of repositories do
    // not name one that is known to be in their account.
    let has_namesakes = env.account.is_some() && policies_of(draft, stack, word, name) > 1;
    let mut all = allowed.iter().map(|(repository, actions)| {
        let fits = |it: &BTreeSet<&str>| {
            if has_namesakes { actions == it } else { actions.is_subset(it) }
        };
        let arns = by_policy(repository).into_iter();
        let arns = arns.filter(|(_, it)| fits(it)).map(|(arn, _)| arn.to_owned());
        arns.collect::<BTreeSet<String>>()
    });
    let first = all.next()?;
    all.fold(first, |one, other| one.intersection(&other).cloned().collect()).pop_first()
}

/// The number of policies of a stack that are attached to an identity with a name.
fn policies_of(draft: &Draft<'_>, stack: usize, word: &str, name: &str) -> usize {
    let property = HOLDERS.iter().find(|(_, it)| *it == word).map_or("", |(property, _)| property);
    let env = draft.env(stack);
    let resources = draft.stacks.get(stack).into_iter().flat_map(|it| it.resources.values());
    let policies = resources.filter(|it| it.kind == "AWS::IAM::Policy");
    let holders = policies.filter_map(|it| it.properties.get(property)).map(list);
    holders.filter(|it| it.iter().any(|it| text(it, &env).as_deref() == Some(name))).count()
}
