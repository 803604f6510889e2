//! Declared and inline principals.

use serde_json::{Value, json};

use super::mentions::{self, Mention};
use super::paths::Paths;
use super::{Draft, Object, deployment, words};

/// The `principals` of a stack.
pub(super) fn declared(draft: &mut Draft, paths: &mut Paths) -> Object {
    let mut principals = Object::new();
    if draft.large {
        let name = draft.unique("builder-");
        let service = service(draft);
        principals.insert(
            "Builder".into(),
            json!({ "role": { "assumedBy": { "service": service }, "roleName": name } }),
        );
    }
    for _ in 0..draft.random.between(1, 4) {
        let id = paths.fresh(draft);
        let principal = one_declared(draft, &principals);
        principals.insert(id, principal);
    }
    principals
}

fn one_declared(draft: &mut Draft, before: &Object) -> Value {
    let account = draft.random.pick(&words::ACCOUNTS);
    match draft.random.below(12) {
        0..5 => json!({ "role": role(draft, before) }),
        5 | 6 => json!({ "user": user(draft) }),
        7 => json!({ "group": group(draft) }),
        8 | 9 => {
            let name =
                draft.random.pick(&["deployer", "x/deployer", "service-role/a/b/ci", "other"]);
            json!({ "roleArn": format!("arn:aws:iam::{account}:role/{name}") })
        }
        10 => {
            let name = draft.random.pick(&["alice", "people/bob"]);
            json!({ "userArn": format!("arn:aws:iam::{account}:user/{name}") })
        }
        _ => json!({ "groupArn": format!("arn:aws:iam::{account}:group/ops") }),
    }
}

fn role(draft: &mut Draft, before: &Object) -> Object {
    let mut role = Object::new();
    role.insert("assumedBy".into(), trusted(draft, before));
    if draft.random.chance(35) {
        let name = draft.unique("role-");
        role.insert("roleName".into(), name.into());
    }
    if draft.random.chance(25) {
        role.insert("description".into(), draft.random.pick(&words::ROLE_DESCRIPTIONS).into());
    }
    if draft.random.chance(20) {
        role.insert("maxSessionDuration".into(), (3600 * draft.random.between(1, 12)).into());
    }
    if draft.random.chance(20) {
        role.insert("path".into(), draft.random.pick(&["/ci/", "/a/b/"]).into());
    }
    if draft.random.chance(20) {
        let policies = [
            "ReadOnlyAccess",
            "service-role/AWSCodeBuildAdminAccess",
            "arn:aws:iam::111122223333:policy/team/base",
            "arn:aws:iam::aws:policy/AmazonEC2ContainerRegistryReadOnly",
        ];
        let count = draft.random.between(1, 3);
        role.insert("managedPolicies".into(), draft.random.sample(&policies, count).into());
    }
    if draft.random.chance(15) {
        role.insert(
            "permissionsBoundary".into(),
            "arn:aws:iam::111122223333:policy/boundary".into(),
        );
    }
    let longer = json!({ "MaxSessionDuration": 7200 });
    deployment::deploy(draft, &mut role, longer, json!({ "max_session_duration": 7200 }));
    role
}

fn user(draft: &mut Draft) -> Object {
    let mut user = Object::new();
    if draft.random.chance(40) {
        let name = draft.unique("user-");
        user.insert("userName".into(), name.into());
    }
    if draft.random.chance(30) {
        user.insert("path".into(), "/people/".into());
    }
    let path = json!({ "Path": "/laid-over/" });
    deployment::deploy(draft, &mut user, path, json!({ "path": "/laid-over/" }));
    user
}

fn group(draft: &mut Draft) -> Object {
    let mut group = Object::new();
    if draft.random.chance(40) {
        let name = draft.unique("group-");
        group.insert("groupName".into(), name.into());
    }
    let path = json!({ "Path": "/laid-over/" });
    deployment::deploy(draft, &mut group, path, json!({ "path": "/laid-over/" }));
    group
}

/// The principal of a trust policy; may be a principal declared earlier.
fn trusted(draft: &mut Draft, before: &Object) -> Value {
    if draft.random.chance(10)
        && let Some((id, _)) = before.iter().find(|(_, it)| it.get("role").is_some())
    {
        return id.as_str().into();
    }
    let principal = match draft.random.below(8) {
        0..3 => json!({ "service": service(draft) }),
        3 => json!({ "account": draft.random.pick(&words::ACCOUNTS) }),
        4 => json!({ "arn": "arn:aws:iam::444455556666:role/a" }),
        5 => federated(draft),
        6 => {
            json!({ "webIdentity": "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com" })
        }
        _ => return composite(draft),
    };
    conditional(draft, principal, 30)
}

fn federated(draft: &mut Draft) -> Value {
    let action = draft.random.pick(&["sts:AssumeRoleWithWebIdentity", "sts:AssumeRoleWithSAML"]);
    let provider = draft.random.pick(&[
        "cognito-identity.amazonaws.com",
        "arn:aws:iam::111122223333:saml-provider/corp",
        "accounts.google.com",
    ]);
    if draft.random.chance(10) {
        return json!({ "federated": provider });
    }
    json!({ "federated": provider, "assumeRoleAction": action })
}

fn composite(draft: &mut Draft) -> Value {
    let mut parts = vec![
        json!({ "service": service(draft) }),
        json!({ "account": draft.random.pick(&words::ACCOUNTS) }),
    ];
    if draft.random.chance(40) {
        parts.push(json!({ "service": service(draft) }));
    }
    if draft.random.chance(5) {
        let inner = [
            json!({ "arn": "arn:aws:iam::444455556666:role/a" }),
            json!({ "service": service(draft) }),
        ];
        parts.push(json!({ "composite": inner }));
    }
    // The position of conditions determines whether the AWS CDK writes one statement or several, or
    // rejects them.
    if !draft.ecrane() && draft.random.chance(5) {
        parts = parts.into_iter().map(|part| conditional(draft, part, 50)).collect();
    }
    let composite = json!({ "composite": parts });
    conditional(draft, composite, 10)
}

fn conditional(draft: &mut Draft, mut principal: Value, percent: usize) -> Value {
    if draft.random.chance(percent)
        && let Some(object) = principal.as_object_mut()
    {
        object.insert("conditions".into(), conditions(draft));
    }
    principal
}

/// Conditions of a statement or of a principal.
pub(super) fn conditions(draft: &mut Draft) -> Value {
    let all = [
        ("StringEquals", json!({ "aws:SourceAccount": "444455556666" })),
        (
            "StringLike",
            json!({ "aws:sourceArn": ["arn:aws:lambda:*:444455556666:function:*", "x"] }),
        ),
        ("Bool", json!({ "aws:SecureTransport": "true" })),
        ("ForAnyValue:StringLike", json!({ "aws:PrincipalOrgPaths": ["o-abcde12345/r-ab12/*"] })),
        (
            "StringNotEquals",
            json!({ "aws:PrincipalTag/team": ["a", "b"], "aws:PrincipalOrgID": "o-abcde12345" }),
        ),
    ];
    let count = draft.random.between(1, 2);
    let chosen = draft.random.sample(&all, count);
    chosen
        .into_iter()
        .map(|(operator, keys)| (operator.to_owned(), keys))
        .collect::<Object>()
        .into()
}

/// A grantee, for a repository that may have a physical name.
pub(super) fn grantee(draft: &mut Draft, at: usize, is_named: bool) -> Value {
    if draft.random.chance(60)
        && let Some(id) = mentions::principal(draft, at, Mention::Grant { is_named })
    {
        return id.into();
    }
    // Canonical users and federated principals occur in statements only: the grant methods do not
    // treat them differently.
    anyone(draft)
}

/// A principal of a statement.
pub(super) fn anyone(draft: &mut Draft) -> Value {
    if draft.ecrane() && draft.cdk2 && draft.random.chance(7) {
        let unit = draft.random.pick(&words::UNITS);
        return conditional(draft, json!({ "organizationalUnit": unit }), 15);
    }
    let principal = match draft.random.below(14) {
        0..3 => json!({ "account": draft.random.pick(&words::ACCOUNTS) }),
        3 | 4 => json!({ "service": service(draft) }),
        5 | 6 => json!({ "arn": draft.random.pick(&[
            "arn:aws:iam::444455556666:role/a",
            "arn:aws:iam::777788889999:user/bob",
            "arn:aws:iam::444455556666:root",
        ]) }),
        7 => json!({ "organization": draft.random.pick(&["o-abcde12345", "o-zyxwv98765"]) }),
        8 => json!({ "any": true }),
        9 => json!({ "star": true }),
        10 => federated(draft),
        11 => json!({ "webIdentity": "accounts.google.com" }),
        12 => {
            json!({ "canonicalUser": "79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be" })
        }
        _ => return composite(draft),
    };
    conditional(draft, principal, 15)
}

/// A principal that the AWS CDK can combine with others in one statement: it has no conditions and
/// is not a wildcard.
pub(super) fn neighbour(draft: &mut Draft) -> Value {
    match draft.random.below(5) {
        0 => json!({ "service": service(draft) }),
        1 => json!({ "arn": "arn:aws:iam::444455556666:role/a" }),
        2 => federated(draft),
        3 => {
            json!({ "canonicalUser": "79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be" })
        }
        _ => json!({ "account": draft.random.pick(&words::ACCOUNTS) }),
    }
}

/// The `authorizationTokens` of a stack.
pub(super) fn authorization_tokens(draft: &mut Draft, at: usize) -> Object {
    let mut tokens = Object::new();
    for kind in ["private", "publicGallery"] {
        if draft.random.chance(60) {
            let count = draft.random.between(1, 2);
            let to: Vec<Value> = (0..count).map(|_| token_holder(draft, at)).collect();
            tokens.insert(kind.into(), to.into());
        }
    }
    tokens
}

/// A principal that may be granted an authorization token.
fn token_holder(draft: &mut Draft, at: usize) -> Value {
    match mentions::principal(draft, at, Mention::Token) {
        Some(id) if draft.random.chance(95) => id.into(),
        _ => json!({ "arn": "arn:aws:iam::444455556666:role/a" }),
    }
}

fn service(draft: &mut Draft) -> &'static str {
    if !draft.ecrane() && draft.random.chance(20) {
        draft.random.pick(&words::ODD_SERVICES)
    } else {
        draft.random.pick(&words::SERVICES)
    }
}
