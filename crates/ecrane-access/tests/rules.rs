//! IAM's rules, one by one.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::needless_pass_by_value,
    reason = "a test fails by panicking, and takes `json!` as it is"
)]

use ecrane_access::{
    Access, Capability, Context, Matrix, Permissions, Query, QueryError, is_condition_operator,
    lint,
};
use ecrane_config::{Document, Format};
use ecrane_core::{Explain, Graph};
use serde_json::{Value, json};

const OWN: &str = "arn:aws:iam::111122223333:role/own";
const OTHER: &str = "arn:aws:iam::444455556666:role/other";

fn graph(principals: Value, repository: Value) -> Graph {
    let mut repository = repository;
    repository["repositoryName"] = json!("shop/app");
    let config = json!({ "stacks": { "Shop": {
        "env": { "account": "111122223333", "region": "eu-west-1" },
        "principals": principals,
        "repositories": { "App": repository },
    } } });
    let document = Document::parse("rules.json", Format::Json, &config.to_string()).unwrap();
    document.decode().unwrap().build().unwrap()
}

fn ask(
    graph: &Graph,
    principal: &str,
    action: &str,
    keys: &[(&str, &str)],
    assume: bool,
) -> String {
    let mut context = Context::default();
    for (key, value) in keys {
        context.add(key, *value);
    }
    let query = Query {
        principal: principal.to_owned(),
        action: action.to_owned(),
        repository: Some("App".to_owned()),
        context,
        assume_identity_allows: assume,
    };
    Permissions::new(graph).decide(&query).unwrap().verdict.as_str().to_owned()
}

fn with_policy(statements: Value) -> Graph {
    graph(json!({}), json!({ "resourcePolicy": statements }))
}

/// Whether a statement for everybody with a condition allows a request with these keys.
fn meets(conditions: Value, keys: &[(&str, &str)]) -> bool {
    let statement = json!([{
        "principals": [{ "any": true }], "actions": ["ecr:PutImage"], "conditions": conditions,
    }]);
    ask(&with_policy(statement), OWN, "ecr:PutImage", keys, false) == "allowed"
}

#[test]
fn a_denial_overrides() {
    let graph = with_policy(json!([
        { "principals": [{ "arn": OWN }], "actions": ["ecr:*"] },
        { "effect": "Deny", "principals": [{ "any": true }], "actions": ["ecr:Put*"] },
    ]));
    assert_eq!(ask(&graph, OWN, "ecr:PutImage", &[], true), "explicitlyDenied");
    assert_eq!(ask(&graph, OWN, "ecr:ListImages", &[], false), "allowed");
}

#[test]
fn one_side_suffices_in_one_account_and_both_are_needed_across() {
    let of = |principal: &str| json!([{ "principals": [principal_of(principal)], "actions": ["ecr:PutImage"] }]);
    for (named, asked, alone, with_identity) in [
        (OWN, OWN, "allowed", "allowed"),
        (OTHER, OTHER, "implicitlyDenied", "allowed"),
        ("111122223333", OWN, "implicitlyDenied", "allowed"),
        ("444455556666", OTHER, "implicitlyDenied", "allowed"),
        (OTHER, OWN, "implicitlyDenied", "allowed"),
        (OWN, OTHER, "implicitlyDenied", "implicitlyDenied"),
    ] {
        let graph = with_policy(of(named));
        assert_eq!(ask(&graph, asked, "ecr:PutImage", &[], false), alone, "{named} {asked}");
        assert_eq!(ask(&graph, asked, "ecr:PutImage", &[], true), with_identity, "{named} {asked}");
    }
}

fn principal_of(text: &str) -> Value {
    if text.starts_with("arn:") { json!({ "arn": text }) } else { json!({ "account": text }) }
}

#[test]
fn actions_are_compared_without_case_and_with_wildcards() {
    for (pattern, verdict) in
        [("ECR:putimage", "allowed"), ("ecr:*Image", "allowed"), ("ecr:Put", "implicitlyDenied")]
    {
        let graph = with_policy(json!([{ "principals": [{ "arn": OWN }], "actions": [pattern] }]));
        assert_eq!(ask(&graph, OWN, "ecr:PUTImage", &[], false), verdict, "{pattern}");
    }
}

#[test]
fn a_session_is_its_role() {
    let graph =
        with_policy(json!([{ "principals": [{ "arn": OWN }], "actions": ["ecr:PutImage"] }]));
    let session = "arn:aws:sts::111122223333:assumed-role/own/build-7";
    assert_eq!(ask(&graph, session, "ecr:PutImage", &[], false), "allowed");
}

#[test]
fn operators() {
    let text = "aws:PrincipalOrgID";
    let cases: &[(&str, &str, Value, &str, bool)] = &[
        ("StringEquals", text, json!("o-1"), "o-1", true),
        ("StringEquals", text, json!("o-*"), "o-1", false),
        ("StringEquals", text, json!(["o-2", "o-1"]), "o-1", true),
        ("StringNotEquals", text, json!(["o-2", "o-1"]), "o-1", false),
        ("StringEqualsIgnoreCase", text, json!("O-A"), "o-a", true),
        ("StringNotEqualsIgnoreCase", text, json!("O-A"), "o-a", false),
        ("StringLike", text, json!("o-?"), "o-1", true),
        ("StringNotLike", text, json!("o-*"), "o-1", false),
        ("NumericLessThan", "x:n", json!(10), "9.5", true),
        ("NumericLessThan", "x:n", json!(10), "nine", false),
        ("NumericNotEquals", "x:n", json!(10), "10.0", false),
        ("NumericGreaterThanEquals", "x:n", json!(10), "10", true),
        ("DateLessThan", "aws:CurrentTime", json!("2026-01-01"), "2025-12-31T23:59:59Z", true),
        ("DateGreaterThan", "aws:EpochTime", json!("2026-01-01T00:00:00Z"), "1700000000", false),
        ("Bool", "aws:SecureTransport", json!(true), "true", true),
        ("Bool", "aws:SecureTransport", json!("false"), "TRUE", false),
        ("BinaryEquals", "x:b", json!("aGk="), "aGk=", true),
        ("IpAddress", "aws:SourceIp", json!("10.0.0.0/8"), "10.9.9.9", true),
        ("IpAddress", "aws:SourceIp", json!("10.0.0.0/8"), "2001:db8::1", false),
        ("IpAddress", "aws:SourceIp", json!("2001:db8::/32"), "2001:db8::1", true),
        ("IpAddress", "aws:SourceIp", json!("0.0.0.0/0"), "10.9.9.9", true),
        ("NotIpAddress", "aws:SourceIp", json!("10.0.0.1"), "10.0.0.1", false),
        ("ArnLike", "aws:SourceArn", json!("arn:aws:*:*:1:*"), "arn:aws:ecs:r:1:x:y", true),
        ("ArnLike", "aws:SourceArn", json!("arn:aws:*:1:x"), "arn:aws:ecs:r:1:x", false),
        ("ArnNotEquals", "aws:SourceArn", json!("arn:aws:a:b:c:d"), "arn:aws:a:b:c:d", false),
        ("Null", text, json!("true"), "o-1", false),
        ("Null", text, json!("false"), "o-1", true),
        ("StringEqualsIfExists", text, json!("o-2"), "o-1", false),
        ("StringEqualsIfExists", text, json!("o-1"), "o-1", true),
        ("StringEquals", text, json!("${x:own, 'o-1'}"), "o-1", true),
        ("StringEquals", text, json!("a${*}${?}${$}"), "a*?$", true),
        ("StringLike", text, json!("a${*}"), "ab", false),
        // A value that is not of the operator's type meets no operator, also no negated one.
        ("NumericEquals", "x:n", json!("10"), "1e1", false),
        ("NumericLessThan", "x:n", json!(10), "-inf", false),
        ("NumericNotEquals", "x:n", json!(10), "nan", false),
        ("NumericNotEquals", "x:n", json!(10), "", false),
        ("NumericNotEquals", "x:n", json!([1, 2.5]), "2.50", false),
        ("NumericEquals", "x:n", json!("+2.5"), "2.5", true),
        ("NumericEquals", "x:n", json!("2."), "2", false),
        ("DateEquals", "aws:CurrentTime", json!("2026-01-01T00:00:00Z"), "1767225600", true),
        ("DateEquals", "x:d", json!("2026-01-01T01:30:00+01:30"), "2026-01-01T00:00:00Z", true),
        ("DateEquals", "x:d", json!("2026-01-01T00:00Z"), "2026-01-01", true),
        ("DateEquals", "x:d", json!("2026-01-01 00:00:00Z"), "2026-01-01", false),
        ("DateNotEquals", "x:d", json!("2026-01-01"), "tomorrow", false),
        ("DateLessThanEquals", "x:d", json!("2026-02"), "2026-02-01T00:00:00.000Z", true),
        ("NotIpAddress", "aws:SourceIp", json!("10.0.0.0/8"), "ten", false),
        ("NotIpAddress", "aws:SourceIp", json!(["10.0.0.0/8", "11.0.0.0/8"]), "11.1.1.1", false),
        ("NotIpAddress", "aws:SourceIp", json!("10.0.0.0/8"), "2001:db8::1", true),
        ("IpAddress", "aws:SourceIp", json!("10.0.0.0/+8"), "10.0.0.1", false),
        ("IpAddress", "aws:SourceIp", json!("10.0.0.0/33"), "10.0.0.1", false),
        ("Bool", "aws:SecureTransport", json!("yes"), "true", false),
        ("Bool", "aws:SecureTransport", json!("${x:on, 'TRUE'}"), "True", true),
        ("BoolIfExists", "aws:MultiFactorAuthPresent", json!(true), "false", false),
        ("ArnEquals", "aws:SourceArn", json!("arn:aws:s3:::b*"), "arn:aws:s3:::bucket:x/y", true),
        ("ArnLike", "aws:SourceArn", json!("arn:*:*:*:*:*"), "not an ARN", false),
        ("ArnNotLike", "aws:SourceArn", json!("arn:aws:s3:::b*"), "not an ARN", false),
        ("ArnNotLike", "aws:SourceArn", json!("arn:aws:s3:::b*"), "arn:aws:s3:::a", true),
        ("ForAllValues:StringNotLike", text, json!("o-*"), "o-1", false),
        ("null", text, json!(false), "o-1", true),
        // A variable without a value equals nothing, so that a negated operator holds.
        ("StringNotEquals", text, json!("${aws:PrincipalTag/none}"), "o-1", true),
        ("StringEquals", text, json!("${aws:PrincipalTag/none}"), "", false),
        ("StringLike", text, json!("${x:own}"), "o-1", false),
    ];
    for (operator, key, wanted, found, holds) in cases {
        let conditions = json!({ *operator: { *key: wanted } });
        assert_eq!(meets(conditions, &[(key, found)]), *holds, "{operator} {wanted} {found}");
    }
}

#[test]
fn an_absent_key() {
    for (operator, holds) in [
        ("StringEquals", false),
        ("StringNotEquals", true),
        ("StringEqualsIfExists", true),
        ("ForAllValues:StringEquals", true),
        ("ForAnyValue:StringEquals", false),
        ("ForAnyValue:StringNotEquals", false),
        ("ForAnyValue:StringEqualsIfExists", true),
        ("ForAllValues:StringNotEqualsIfExists", true),
        ("NumericNotEquals", true),
        ("DateLessThan", false),
        ("BoolIfExists", true),
        ("NotIpAddress", true),
        ("ArnNotLike", true),
    ] {
        assert_eq!(meets(json!({ operator: { "x:k": "a" } }), &[]), holds, "{operator}");
    }
    assert!(meets(json!({ "Null": { "x:k": "true" } }), &[]));
    assert!(!meets(json!({ "Null": { "x:k": "false" } }), &[]));
}

/// IAM user guide, "Condition operators", `IfExists`: with every operator except `Null`.
#[test]
fn null_takes_no_if_exists() {
    assert!(is_condition_operator("ForAnyValue:Null") && is_condition_operator("Null"));
    assert!(!is_condition_operator("NullIfExists"));
}

#[test]
fn several_values_of_a_key() {
    for (operator, found, holds) in [
        ("ForAllValues:StringEquals", &["a", "b"][..], true),
        ("ForAllValues:StringEquals", &["a", "c"], false),
        ("ForAnyValue:StringEquals", &["a", "c"], true),
        ("ForAnyValue:StringEquals", &["c"], false),
        ("ForAnyValue:StringNotEquals", &["a", "c"], true),
        ("ForAllValues:StringNotEquals", &["a", "c"], false),
        // Without a set operator, several values meet no operator, negated or not.
        ("StringEquals", &["a", "b"], false),
        ("StringEqualsIfExists", &["a", "b"], false),
        ("StringNotEquals", &["c", "d"], false),
    ] {
        let keys: Vec<_> = found.iter().map(|value| ("x:k", *value)).collect();
        let conditions = json!({ operator: { "x:k": ["a", "b"] } });
        assert_eq!(meets(conditions, &keys), holds, "{operator} {found:?}");
    }
}

/// IAM user guide, "Single-valued vs. multivalued context keys": the latter require a set operator.
#[test]
fn a_list_takes_a_set_operator() {
    let (key, path) = ("aws:PrincipalOrgPaths", "o-abcde12345/r-ab12/ou-ab12-11111111/");
    let wanted = json!({ key: "o-abcde12345/*" });
    for (operator, holds, without) in [
        ("ForAnyValue:StringLike", true, false),
        ("ForAllValues:StringLike", true, true),
        ("StringLike", false, false),
        ("StringNotLike", false, true),
        ("StringLikeIfExists", false, true),
    ] {
        let conditions = json!({ operator: wanted });
        assert_eq!(meets(conditions.clone(), &[(key, path)]), holds, "{operator}");
        assert_eq!(meets(conditions, &[]), without, "{operator}");
    }
    let conditions = json!({ "StringLike": wanted });
    let statement = json!([{
        "principals": [{ "any": true }], "actions": ["ecr:*"], "conditions": conditions,
    }]);
    let arn = "arn:aws:ecr:eu-west-1:111122223333:repository/shop/app";
    let matrix = Matrix::new(&with_policy(statement));
    assert!(matrix.rows.keys().all(|row| *matrix.access(row, arn, Capability::Pull) == Access::No));
}

/// How IAM tells principals apart.
#[test]
fn principals() {
    let session = "arn:aws:sts::111122223333:assumed-role/deployer/build-7";
    let federated = "arn:aws:sts::111122223333:federated-user/bob";
    let unique = "AROAJQABLZS4A3QDU576Q";
    let allows = |named: Value, asked: &str| {
        let graph = with_policy(json!([{ "principals": [named], "actions": ["ecr:PutImage"] }]));
        ask(&graph, asked, "ecr:PutImage", &[], false) == "allowed"
    };
    let arn = |arn: &str| json!({ "arn": arn });
    // The ARN of a session is without the path of its role, and is not that of other sessions.
    assert!(allows(arn("arn:aws:iam::111122223333:role/deploy/deployer"), session));
    assert!(allows(arn(session), session));
    assert!(!allows(arn(session), "arn:aws:sts::111122223333:assumed-role/deployer/build-8"));
    assert!(!allows(arn(session), "arn:aws:iam::111122223333:role/deployer"));
    assert!(!allows(arn("arn:aws:iam::111122223333:role/other"), session));
    assert!(!allows(arn("arn:aws:iam::111122223333:user/deployer"), session));
    assert!(!allows(arn("arn:aws:iam::444455556666:role/deployer"), session));
    // An ARN without the path is of another role.
    let deployer = "arn:aws:iam::111122223333:role/deploy/deployer";
    assert!(!allows(arn("arn:aws:iam::111122223333:role/deployer"), deployer));
    // The name of a federated user is chosen freely, and is not that of a user.
    assert!(allows(arn(federated), federated));
    assert!(!allows(arn("arn:aws:iam::111122223333:user/bob"), federated));
    assert!(allows(json!({ "any": true }), federated));
    assert!(!allows(json!({ "account": "111122223333" }), federated));
    // What is left of a deleted role in a policy.
    assert!(allows(arn(unique), unique));
    // The root user of an account has all of its permissions.
    let root = "arn:aws:iam::444455556666:root";
    assert!(allows(json!({ "account": "444455556666" }), root));
    assert!(!allows(json!({ "account": "111122223333" }), root));
    let keys = json!({ "ArnEquals": { "aws:PrincipalArn": root } });
    let statement = json!([{
        "principals": [{ "account": "444455556666" }], "actions": ["ecr:*"], "conditions": keys,
    }]);
    assert_eq!(ask(&with_policy(statement), root, "ecr:PutImage", &[], false), "allowed");
    // Everybody is also every service.
    let service = "lambda.amazonaws.com";
    assert!(allows(json!({ "service": service }), service));
    assert!(allows(json!({ "any": true }), service));
    assert!(!allows(json!({ "service": "ecs.amazonaws.com" }), service));
    assert!(allows(json!({ "star": true }), service));
}

#[test]
fn a_misspelt_principal_is_refused() {
    let permissions = Permissions::new(&with_policy(json!([])));
    for principal in [
        "arn:aws:iam::11112222333:role/ci",
        "arn:aws:iam::111122223333:role/",
        "arn:aws:iam::111122223333:policy/ci",
        "arn:aws:sts::111122223333:role/ci",
        "1111222233334",
        "AROA",
    ] {
        let query = Query {
            principal: principal.to_owned(),
            action: "ecr:PutImage".to_owned(),
            repository: Some("App".to_owned()),
            ..Query::default()
        };
        let error = permissions.decide(&query).unwrap_err();
        assert!(matches!(error, QueryError::UnknownPrincipal { .. }), "{principal}: {error}");
    }
}

/// A group is no principal of a resource's policy; its members have its policies.
#[test]
fn members_of_a_group() {
    let graph = graph(
        json!({ "Devs": { "group": { "groupName": "devs" } } }),
        json!({ "grants": [{ "to": "Devs", "allow": "pull" }] }),
    );
    for principal in ["Devs", "arn:aws:iam::111122223333:group/devs"] {
        assert_eq!(ask(&graph, principal, "ecr:BatchGetImage", &[], false), "allowed");
        assert_eq!(ask(&graph, principal, "ecr:PutImage", &[], false), "implicitlyDenied");
    }
}

/// Service Authorization Reference: these actions have no resource.
#[test]
fn actions_on_the_registry_need_no_repository() {
    let graph = graph(
        json!({ "Ci": { "role": {
            "roleName": "ci",
            "assumedBy": { "service": "codebuild.amazonaws.com" },
            "managedPolicies": ["arn:aws:iam::aws:policy/AmazonEC2ContainerRegistryFullAccess"],
        } } }),
        json!({}),
    );
    let permissions = Permissions::new(&graph);
    let ask = |action: &str| {
        let (principal, action) = ("Ci".to_owned(), action.to_owned());
        permissions.decide(&Query { principal, action, ..Query::default() })
    };
    let (on_repository, on_registry) = ecrane_core::ecr_actions();
    for action in on_registry {
        let decision = ask(&format!("ecr:{action}")).unwrap();
        assert_eq!(decision.verdict.as_str(), "allowed", "{action}");
        assert!(decision.unknown.is_empty(), "{decision:?}");
    }
    for action in on_repository {
        let error = ask(&format!("ecr:{action}")).unwrap_err();
        assert!(matches!(error, QueryError::NoRepository { .. }), "{action}");
    }
}

#[test]
fn an_action_has_its_service() {
    let permissions = Permissions::new(&with_policy(json!([])));
    let error = |action: &str| {
        let (principal, action) = (OWN.to_owned(), action.to_owned());
        permissions.decide(&Query { principal, action, ..Query::default() }).unwrap_err()
    };
    assert_eq!(error("PutImage").suggestion(), Some("ecr:PutImage"));
    assert_eq!(error("putcatalogdata").suggestion(), None);
    assert_eq!(error("ecr:*").suggestion(), None);
}

#[test]
fn an_action_that_ecr_lacks_is_told() {
    let permissions = Permissions::new(&with_policy(json!([])));
    let query = Query {
        principal: OWN.to_owned(),
        action: "ecr:PutImages".to_owned(),
        repository: Some("App".to_owned()),
        ..Query::default()
    };
    let unknown = permissions.decide(&query).unwrap().unknown;
    let told = "whether Amazon ECR has an action `ecr:PutImages` (`ecr:PutImage` is one)";
    assert!(unknown.iter().any(|it| it == told), "{unknown:?}");
}

#[test]
fn the_principal_fills_in_its_keys() {
    assert!(meets(json!({ "ArnEquals": { "aws:PrincipalArn": OWN } }), &[]));
    assert!(meets(json!({ "StringEquals": { "AWS:principalaccount": "111122223333" } }), &[]));
    assert!(!meets(json!({ "StringEquals": { "aws:PrincipalOrgID": "o-abcde12345" } }), &[]));
}

#[test]
fn managed_policies_of_aws_count_and_others_are_told() {
    let role = |policies: Value| {
        json!({ "Ci": { "role": {
            "roleName": "ci",
            "assumedBy": { "service": "codebuild.amazonaws.com" },
            "managedPolicies": policies,
        } } })
    };
    let aws = |name: &str| format!("arn:aws:iam::aws:policy/{name}");
    let known = graph(role(json!([aws("AmazonEC2ContainerRegistryReadOnly")])), json!({}));
    assert_eq!(ask(&known, "Ci", "ecr:BatchGetImage", &[], false), "allowed");
    assert_eq!(ask(&known, "Ci", "ecr:PutImage", &[], false), "implicitlyDenied");
    let unknown = graph(role(json!([aws("AdministratorAccess")])), json!({}));
    let matrix = Matrix::new(&unknown);
    let row = matrix.rows.get("arn:aws:iam::111122223333:role/ci").unwrap();
    assert_eq!(row.unknown, [format!("managed policy {}", aws("AdministratorAccess"))]);
    assert_eq!(row.assumed_by, ["codebuild.amazonaws.com"]);
}

#[test]
fn a_matrix_tells_conditions_and_halves() {
    let repository = json!({ "grants": [
        { "to": { "organization": "o-abcde12345" }, "allow": "pull" },
        { "to": { "arn": OWN }, "actions": ["ecr:PutImage"] },
    ] });
    let matrix = Matrix::new(&graph(json!({}), repository));
    let arn = "arn:aws:ecr:eu-west-1:111122223333:repository/shop/app";
    let organization = matrix.access("organization o-abcde12345", arn, Capability::Pull);
    assert_eq!(organization.to_string(), "if the caller's own account allows it too");
    // What everybody of the organization has, the role has too, if it is of it.
    let own = matrix.access(OWN, arn, Capability::Pull);
    assert_eq!(own.to_string(), "if the caller is in organization o-abcde12345");
    assert_eq!(matrix.access(OWN, arn, Capability::Push), &Access::No);
    let codes: Vec<_> = matrix.warnings().iter().map(|it| it.fact.code()).collect();
    assert_eq!(codes, ["access::partial", "access::other_account"]);
}

/// A denial that does not apply is a condition, in as few words as another.
#[test]
fn denials_are_told_as_what_has_to_be() {
    for (denied, words) in [
        (json!({ "Bool": { "aws:SecureTransport": "false" } }), "the request uses TLS"),
        (
            json!({ "StringNotEquals": { "aws:PrincipalOrgID": "o-abcde12345" } }),
            "the caller is in organization o-abcde12345",
        ),
        (
            json!({ "NotIpAddress": { "aws:SourceIp": "10.0.0.0/8" } }),
            "the request comes from 10.0.0.0/8",
        ),
        (
            json!({ "NumericLessThan": { "aws:MultiFactorAuthAge": "300" } }),
            "not (aws:MultiFactorAuthAge is less than 300)",
        ),
        (
            json!({ "StringNotEquals": { "aws:PrincipalOrgID": "o-1", "aws:SourceVpc": "vpc-1" } }),
            "not (aws:SourceVpc is not vpc-1 and the caller is not in organization o-1)",
        ),
    ] {
        let graph = with_policy(json!([
            { "principals": [{ "arn": OWN }], "actions": ["ecr:*"] },
            { "effect": "Deny", "principals": [{ "any": true }], "actions": ["ecr:*"],
              "conditions": denied },
        ]));
        let arn = "arn:aws:ecr:eu-west-1:111122223333:repository/shop/app";
        let matrix = Matrix::new(&graph);
        let told = matrix.access(OWN, arn, Capability::Push).to_string();
        assert_eq!(told, format!("if {words}"));
    }
}

/// What differs in its spelling only is the same in the words of a matrix, so that it is no change
/// of `ecrane diff`.
#[test]
fn equal_conditions_have_equal_words() {
    let told = |conditions: Value| {
        let graph = with_policy(json!([
            { "principals": [{ "account": "444455556666" }], "actions": ["ecr:*"], "conditions": conditions },
        ]));
        let arn = "arn:aws:ecr:eu-west-1:111122223333:repository/shop/app";
        Matrix::new(&graph).access("account 444455556666", arn, Capability::Push).to_string()
    };
    for (one, other) in [
        (
            json!({ "StringEquals": { "aws:SourceVpc": ["vpc-2", "vpc-1"] } }),
            json!({ "StringEquals": { "AWS:sourcevpc": ["vpc-1", "vpc-2", "vpc-1"] } }),
        ),
        (
            json!({ "StringLike": { "aws:PrincipalTag/team": "a" } }),
            json!({ "stringequals": { "aws:principaltag/team": ["a"] } }),
        ),
        (
            json!({ "Bool": { "aws:SecureTransport": true } }),
            json!({ "Bool": { "aws:securetransport": "TRUE" } }),
        ),
        (
            json!({ "IpAddress": { "aws:SourceIp": "203.0.113.9/32" } }),
            json!({ "IpAddress": { "aws:SourceIp": ["203.0.113.9"] } }),
        ),
        (
            json!({ "ArnLike": { "aws:SourceArn": "arn:aws:s3:::a" } }),
            json!({ "ArnEquals": { "aws:SourceArn": "arn:aws:s3:::a" } }),
        ),
    ] {
        assert_eq!(told(one.clone()), told(other), "{one}");
    }
    for (one, other) in [
        (
            json!({ "StringLike": { "aws:SourceVpc": "vpc-*" } }),
            json!({ "StringEquals": { "aws:SourceVpc": "vpc-*" } }),
        ),
        (
            json!({ "IpAddress": { "aws:SourceIp": "2001:db8::/32" } }),
            json!({ "IpAddress": { "aws:SourceIp": "2001:db8::" } }),
        ),
    ] {
        assert_ne!(told(one.clone()), told(other), "{one}");
    }
}

/// IAM user guide, "Pass session tags in AWS STS": a trust policy allows them by `sts:TagSession`.
#[test]
fn tags_of_principals_can_be_those_of_sessions() {
    let arn = "arn:aws:ecr:eu-west-1:111122223333:repository/shop/app";
    let config = |principal: Value| {
        graph(
            json!({ "Ci": principal }),
            json!({ "resourcePolicy": [{
                "principals": [{ "any": true }], "actions": ["ecr:*"],
                "conditions": { "StringEquals": { "aws:PrincipalTag/team": "shop" } },
            }] }),
        )
    };
    let role = |assumed_by: Value| json!({ "role": { "roleName": "ci", "assumedBy": assumed_by } });
    let principal = |name: &str| json!({ "service": name });
    let tagged = json!({
        "federated": "cognito-identity.amazonaws.com", "assumeRoleAction": "sts:TagSession",
    });
    let is_tagged = "if aws:PrincipalTag/team is shop";
    for (declared, name, told) in [
        (role(principal("codebuild.amazonaws.com")), "role/ci", "no"),
        (json!({ "user": { "userName": "ci" } }), "user/ci", "no"),
        (role(tagged), "role/ci", is_tagged),
    ] {
        let name = format!("arn:aws:iam::111122223333:{name}");
        let graph = config(declared);
        let matrix = Matrix::new(&graph);
        assert_eq!(matrix.access(&name, arn, Capability::Push).to_string(), told, "{name}");
        let query = Query {
            principal: "Ci".to_owned(),
            action: "ecr:PutImage".to_owned(),
            repository: Some("App".to_owned()),
            ..Query::default()
        };
        let decision = Permissions::new(&graph).decide(&query).unwrap();
        assert_eq!(decision.verdict.as_str(), "implicitlyDenied");
        let unknown =
            "tags of the principal that are not in this config, such as those of sessions";
        assert_eq!(decision.unknown.contains(&unknown.to_owned()), told != "no", "{decision:?}");
    }
    // The tags of a role that is declared elsewhere are not known either.
    let elsewhere = graph(
        json!({ "Ci": { "roleArn": OWN } }),
        json!({ "grants": [{ "to": "Ci", "allow": "pull" }], "resourcePolicy": [{
            "principals": [{ "any": true }], "actions": ["ecr:PutImage"],
            "conditions": { "StringEquals": { "aws:PrincipalTag/team": "shop" } },
        }] }),
    );
    let row = &Matrix::new(&elsewhere).rows[OWN];
    assert_eq!(row.actions[arn]["ecr:PutImage"].to_string(), is_tagged);
}

/// Amazon ECR Public: everybody may pull, and logging in is its own.
#[test]
fn public_repositories() {
    let config = json!({ "stacks": { "Gallery": {
        "env": { "account": "111122223333", "region": "us-east-1" },
        "principals": {
            "Publisher": { "user": { "userName": "publisher" } },
            "Other": { "user": { "userName": "other" } },
        },
        "publicRepositories": { "Tool": {
            "repositoryName": "tool",
            "resourcePolicy": [
                { "principals": [{ "arn": "arn:aws:iam::111122223333:user/publisher" }],
                  "actions": ["ecr-public:*"] },
                { "effect": "Deny", "principals": [{ "any": true }],
                  "actions": ["ecr-public:DeleteRepository"] },
            ],
        } },
        "authorizationTokens": { "private": ["Publisher", "Other"] },
    } } });
    let document = Document::parse("public.json", Format::Json, &config.to_string()).unwrap();
    let graph = document.decode().unwrap().build().unwrap();
    let matrix = Matrix::new(&graph);
    let arn = "arn:aws:ecr-public::111122223333:repository/tool";
    let publisher = "arn:aws:iam::111122223333:user/publisher";
    let other = "arn:aws:iam::111122223333:user/other";
    assert_eq!(matrix.repositories.keys().collect::<Vec<_>>(), [arn]);
    for (principal, capability, may) in [
        ("everyone", Capability::Pull, Access::Yes),
        ("everyone", Capability::Push, Access::No),
        (publisher, Capability::Pull, Access::Yes),
        (publisher, Capability::Push, Access::Yes),
        (publisher, Capability::Administer, Access::Yes),
        (other, Capability::Pull, Access::Yes),
        (other, Capability::Read, Access::No),
    ] {
        assert_eq!(*matrix.access(principal, arn, capability), may, "{principal} {capability:?}");
    }
    // It may log in to Amazon ECR, which is not Amazon ECR Public.
    let row = &matrix.rows[publisher];
    assert_eq!((&row.log_in, &row.public_log_in), (&Some(Access::Yes), &Some(Access::No)));
    assert_eq!(matrix.rows[other].public_log_in, None);
    assert!(matrix.rows[other].cells.is_empty());
    let warnings: Vec<_> = matrix.warnings().iter().map(|it| it.fact.to_string()).collect();
    assert_eq!(warnings, [format!("`{publisher}` may push, but not log in to Amazon ECR Public")],);
    let permissions = Permissions::new(&graph);
    let ask = |action: &str| {
        permissions.decide(&Query {
            principal: "Publisher".to_owned(),
            action: action.to_owned(),
            repository: Some("Tool".to_owned()),
            ..Query::default()
        })
    };
    for (action, verdict) in [
        ("ecr-public:PutImage", "allowed"),
        ("ecr-public:DeleteRepository", "explicitlyDenied"),
        ("ecr-public:GetAuthorizationToken", "implicitlyDenied"),
        ("ecr:GetAuthorizationToken", "allowed"),
    ] {
        assert_eq!(ask(action).unwrap().verdict.as_str(), verdict, "{action}");
    }
    let error = ask("ecr:PutImage").unwrap_err();
    assert!(matches!(error, QueryError::OtherService { .. }), "{error}");
    let codes: Vec<_> = lint(&graph).iter().map(|problem| problem.fact.code()).collect();
    assert_eq!(codes, ["access::all_actions"]);
}

#[test]
fn lints() {
    let codes = |grant: Value| {
        let found = lint(&graph(json!({}), json!({ "grants": [grant] })));
        found.iter().map(|problem| problem.fact.code()).collect::<Vec<_>>()
    };
    let other = json!({ "account": "444455556666" });
    let own = json!({ "arn": OWN });
    assert_eq!(codes(json!({ "to": other, "allow": "pull" })), [""; 0]);
    assert_eq!(codes(json!({ "to": own, "allow": "push" })), [""; 0]);
    assert_eq!(codes(json!({ "to": other, "allow": "push" })), ["access::write_elsewhere"]);
    let organization = json!({ "organization": "o-abcde12345" });
    assert_eq!(codes(json!({ "to": organization, "allow": "push" })), ["access::write_elsewhere"]);
    assert_eq!(codes(json!({ "to": own, "actions": ["ecr:*"] })), ["access::all_actions"]);
    assert_eq!(codes(json!({ "to": own, "actions": ["ecr:Delete*"] })), ["access::administer"]);
}

/// IAM user guide, "IAM JSON policy elements: Version": before `2012-10-17`, a policy variable is text.
#[test]
fn the_earlier_version_has_no_variables() {
    let allows = |version: &str, context: &str| {
        let statement = json!({
            "principals": [{ "any": true }],
            "actions": ["ecr:PutImage"],
            "conditions": { "StringEquals": { "aws:SourceIp": "${aws:PrincipalTag/home}" } },
        });
        let graph = with_policy(json!({ "version": version, "statements": [statement] }));
        let keys = [("aws:PrincipalTag/home", "here"), ("aws:SourceIp", context)];
        ask(&graph, OTHER, "ecr:PutImage", &keys, true) == "allowed"
    };
    assert!(allows("2012-10-17", "here") && !allows("2012-10-17", "${aws:PrincipalTag/home}"));
    assert!(allows("2008-10-17", "${aws:PrincipalTag/home}") && !allows("2008-10-17", "here"));
}
