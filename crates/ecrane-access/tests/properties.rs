//! What holds for every policy and every request.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use ecrane_access::{Access, Capability, Context, Matrix, Permissions, Query, Verdict};
use ecrane_config::{Document, Format};
use ecrane_core::Graph;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value, json};

const OWN: &str = "arn:aws:iam::111122223333:role/own";
const USER: &str = "arn:aws:iam::111122223333:user/team/bob";
const OTHER: &str = "arn:aws:iam::444455556666:role/other";
const SESSION: &str = "arn:aws:sts::111122223333:assumed-role/own/s";
const SERVICE: &str = "lambda.amazonaws.com";
const CALLERS: [&str; 6] = [OWN, USER, OTHER, SESSION, SERVICE, "everyone"];
const APP: &str = "arn:aws:ecr:eu-west-1:111122223333:repository/shop/app";

fn with_policy(statements: &[Value]) -> Graph {
    let config = json!({ "stacks": { "Shop": {
        "env": { "account": "111122223333", "region": "eu-west-1" },
        "repositories": { "App": { "repositoryName": "shop/app", "resourcePolicy": statements } },
    } } });
    let document = Document::parse("rules.json", Format::Json, &config.to_string()).unwrap();
    document.decode().unwrap().build().unwrap()
}

/// A condition: the operator, the key and the value.
fn condition() -> impl Strategy<Value = (&'static str, &'static str, Value)> {
    let set = select(vec!["", "ForAnyValue:", "ForAllValues:"]);
    let strings = (
        set,
        select(vec![
            "StringEquals",
            "StringNotEquals",
            "StringLike",
            "StringNotLike",
            "StringEqualsIfExists",
            "StringNotLikeIfExists",
        ]),
        select(vec!["aws:PrincipalOrgID", "aws:PrincipalOrgPaths", "aws:PrincipalTag/team"]),
        select(vec![
            json!("o-abcde12345"),
            json!("o-abcde12345*"),
            json!("*"),
            json!("${aws:PrincipalTag/team}"),
            json!("${aws:PrincipalTag/team, 'o-abcde12345'}"),
            json!(["core", "o-zzzzzzzzzz"]),
        ]),
    );
    let strings = strings.prop_map(|(set, operator, key, value)| {
        // The names are few, so that they live as long as the test.
        let name: &'static str = String::leak(format!("{set}{operator}"));
        (name, key, value)
    });
    let others = select(vec![
        ("IpAddress", "aws:SourceIp", json!(["10.0.0.0/8", "2001:db8::/32"])),
        ("NotIpAddress", "aws:SourceIp", json!("10.0.0.0/8")),
        ("NumericLessThan", "aws:MultiFactorAuthAge", json!("300")),
        ("NumericNotEquals", "aws:MultiFactorAuthAge", json!(300)),
        ("DateGreaterThan", "aws:CurrentTime", json!("2026-01-01")),
        ("DateNotEqualsIfExists", "aws:CurrentTime", json!("1767225600")),
        ("Bool", "aws:SecureTransport", json!("true")),
        ("ArnLike", "aws:PrincipalArn", json!("arn:aws:iam::*:role/*")),
        ("ArnNotEquals", "aws:PrincipalArn", json!(OWN)),
        ("Null", "aws:PrincipalOrgID", json!("true")),
        ("Null", "aws:SourceIp", json!(false)),
    ]);
    prop_oneof![strings, others]
}

fn add(statement: &mut Value, (operator, key, value): (&str, &str, Value)) {
    // A condition in place of one of the same operator and key would not be one more.
    if statement["conditions"][operator][key].is_null() {
        statement["conditions"][operator][key] = value;
    }
}

/// A statement of a repository policy.
fn statement(effect: &'static str) -> impl Strategy<Value = Value> {
    let principal = select(vec![
        json!({ "any": true }),
        json!({ "account": "111122223333" }),
        json!({ "account": "444455556666" }),
        json!({ "arn": OWN }),
        json!({ "arn": USER }),
        json!({ "arn": OTHER }),
        json!({ "arn": SESSION }),
        json!({ "service": SERVICE }),
    ]);
    let action =
        select(vec!["ecr:*", "ecr:Put*", "ECR:putimage", "ecr:?utImage", "ecr:ListImages"]);
    let conditions = prop::collection::vec(condition(), 0..3);
    (principal, action, conditions).prop_map(move |(principal, action, conditions)| {
        let mut statement =
            json!({ "effect": effect, "principals": [principal], "actions": [action] });
        for condition in conditions {
            add(&mut statement, condition);
        }
        statement
    })
}

fn statements() -> impl Strategy<Value = Vec<Value>> {
    prop::collection::vec(prop_oneof![statement("Allow"), statement("Deny")], 1..5)
}

/// The keys of a request, some of which do not have the type of their operators.
fn context() -> impl Strategy<Value = Context> {
    let key = select(vec![
        ("aws:PrincipalOrgID", vec!["o-abcde12345"]),
        ("aws:PrincipalOrgID", vec!["o-zzzzzzzzzz"]),
        ("AWS:principalorgpaths", vec!["o-abcde12345/r-ab12/"]),
        ("aws:PrincipalOrgPaths", vec!["o-zzzzzzzzzz/r-ab12/", "o-abcde12345/r-ab12/"]),
        ("aws:PrincipalTag/team", vec!["core"]),
        ("aws:PrincipalTag/team", vec!["o-abcde12345"]),
        ("aws:SourceIp", vec!["10.1.1.1"]),
        ("aws:SourceIp", vec!["2001:db8::1"]),
        ("aws:SourceIp", vec!["nowhere"]),
        ("aws:MultiFactorAuthAge", vec!["300"]),
        ("aws:MultiFactorAuthAge", vec!["1e2"]),
        ("aws:CurrentTime", vec!["2026-06-01T00:00:00Z"]),
        ("aws:SecureTransport", vec!["TRUE"]),
    ]);
    prop::collection::vec(key, 0..6).prop_map(|keys| {
        let mut context = Context::default();
        for (key, values) in keys {
            context.set(key, values.into_iter().map(str::to_owned));
        }
        context
    })
}

/// The answer to every caller, alone and with what its account may allow.
fn answers(statements: &[Value], context: &Context) -> Vec<Verdict> {
    let permissions = Permissions::new(&with_policy(statements));
    let ask = |(principal, assume_identity_allows): (&str, bool)| {
        let query = Query {
            principal: principal.to_owned(),
            action: "ecr:PutImage".to_owned(),
            repository: Some("App".to_owned()),
            context: context.clone(),
            assume_identity_allows,
        };
        permissions.decide(&query).unwrap().verdict
    };
    let questions = CALLERS.into_iter().flat_map(|caller| [(caller, false), (caller, true)]);
    questions.map(ask).collect()
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 128, failure_persistence: None, ..ProptestConfig::default()
    })]

    #[test]
    fn one_more_allow_takes_nothing_away(
        (mut statements, more, context) in (statements(), statement("Allow"), context()),
    ) {
        let before = answers(&statements, &context);
        statements.push(more);
        for (before, after) in before.into_iter().zip(answers(&statements, &context)) {
            prop_assert!(before != Verdict::Allowed || after == Verdict::Allowed);
            let denied = Verdict::ExplicitlyDenied;
            prop_assert_eq!(before == denied, after == denied);
        }
    }

    #[test]
    fn one_more_deny_gives_nothing(
        (mut statements, more, context) in (statements(), statement("Deny"), context()),
    ) {
        let before = answers(&statements, &context);
        statements.push(more);
        for (before, after) in before.into_iter().zip(answers(&statements, &context)) {
            prop_assert!(after != Verdict::Allowed || before == Verdict::Allowed);
            let denied = Verdict::ExplicitlyDenied;
            prop_assert!(before != denied || after == denied);
        }
    }

    /// One more condition makes a statement narrower: what it allows or denies is not more.
    #[test]
    fn one_more_condition_widens_nothing(
        (mut statements, index, condition, context) in
            (statements(), any::<prop::sample::Index>(), condition(), context()),
    ) {
        let before = answers(&statements, &context);
        let index = index.index(statements.len());
        add(&mut statements[index], condition);
        let allows = statements[index]["effect"] == "Allow";
        for (before, after) in before.into_iter().zip(answers(&statements, &context)) {
            if allows {
                prop_assert!(after != Verdict::Allowed || before == Verdict::Allowed);
            } else {
                let denied = Verdict::ExplicitlyDenied;
                prop_assert!(after != denied || before == denied);
            }
        }
    }

    /// What the principal's own account allows never takes access away.
    #[test]
    fn the_own_account_only_adds((statements, context) in (statements(), context())) {
        for pair in answers(&statements, &context).chunks(2) {
            prop_assert!(pair[0] != Verdict::Allowed || pair[1] == Verdict::Allowed);
        }
    }

    #[test]
    fn the_order_of_statements_does_not_matter(
        (statements, context) in (statements(), context()),
    ) {
        let reversed: Vec<_> = statements.iter().rev().cloned().collect();
        prop_assert_eq!(answers(&statements, &context), answers(&reversed, &context));
    }

    /// What a matrix says for certain, a question is answered so, whatever the keys of the request
    /// among those that AWS gives to the caller's.
    #[test]
    fn a_matrix_agrees_with_answers((statements, context) in (statements(), context())) {
        let graph = with_policy(&statements);
        let (matrix, permissions) = (Matrix::new(&graph), Permissions::new(&graph));
        for caller in CALLERS {
            let row = if caller == SERVICE { "service lambda.amazonaws.com" } else { caller };
            let access = matrix.access(row, APP, Capability::Push);
            let mut context = context.clone();
            if caller == SERVICE {
                // A service is no principal with an organization or tags, and a matrix knows that.
                for key in ["aws:PrincipalOrgID", "aws:PrincipalOrgPaths", "aws:PrincipalTag/team"] {
                    context.set(key, []);
                }
            }
            let is_allowed = |action: &&str| {
                let query = Query {
                    principal: caller.to_owned(),
                    action: (*action).to_owned(),
                    repository: Some("App".to_owned()),
                    context: context.clone(),
                    assume_identity_allows: false,
                };
                permissions.decide(&query).unwrap().verdict == Verdict::Allowed
            };
            let all = ["ecr:BatchCheckLayerAvailability", "ecr:CompleteLayerUpload",
                "ecr:InitiateLayerUpload", "ecr:PutImage", "ecr:UploadLayerPart"];
            let is_allowed = all.iter().all(is_allowed);
            match access {
                Access::Yes => prop_assert!(is_allowed, "{}", caller),
                // A principal without a row has what everyone has.
                Access::No if matrix.rows.contains_key(row) => {
                    prop_assert!(!is_allowed, "{}", caller);
                }
                Access::No | Access::If(_) => {}
            }
        }
    }
}
