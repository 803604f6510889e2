//! Stacks that are deployed to many accounts and regions: what is refused, with the neighbours that
//! are not.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

mod support;

use serde_json::{Value, json};

use support::{NONE, reported};

const ONE: &str = "111122223333";
const OTHER: &str = "444455556666";

/// The problems of a stack with these targets and this content.
fn of(targets: Value, mut stack: Value) -> Vec<String> {
    stack["targets"] = targets;
    let lines = reported(json!({ "stacks": { "S": stack } }));
    lines.into_iter().map(|line| line.replace("/stacks/S/", "")).collect()
}

fn targets(targets: Value) -> Vec<String> {
    of(targets, json!({ "repositories": { "App": { "repositoryName": "shop/app" } } }))
}

fn everywhere() -> Value {
    json!({ "accounts": [ONE, OTHER], "regions": ["eu-west-1", "us-east-1"] })
}

/// `everywhere` with more keys.
fn with(more: &Value) -> Value {
    let mut targets = everywhere();
    for (key, value) in more.as_object().unwrap() {
        targets[key] = value.clone();
    }
    targets
}

#[test]
fn accounts_or_units_in_regions() {
    let regions = json!(["eu-west-1"]);
    assert_eq!(targets(everywhere()), NONE);
    assert_eq!(
        targets(
            json!({ "organizationalUnits": ["ou-ab12-11111111", "r-ab12"], "regions": regions })
        ),
        NONE
    );
    let cases = [
        (json!({ "regions": regions }), "config::only_with targets"),
        (json!({ "accounts": [], "regions": regions }), "targets::empty targets/accounts"),
        (json!({ "accounts": [ONE], "regions": [] }), "targets::empty targets/regions"),
        (
            json!({ "organizationalUnits": [], "regions": regions }),
            "targets::empty targets/organizationalUnits",
        ),
        (
            json!({ "accounts": [ONE, ONE], "regions": regions }),
            "targets::duplicate targets/accounts/1",
        ),
        (
            json!({ "accounts": [ONE], "regions": ["eu-west-1", "us-east-1", "eu-west-1"] }),
            "targets::duplicate targets/regions/2",
        ),
        (
            json!({ "accounts": [ONE, "1234"], "regions": regions }),
            "account::id_malformed targets/accounts/1",
        ),
        (
            json!({ "accounts": [ONE], "regions": ["eu-wets-1"] }),
            "region::malformed targets/regions/0",
        ),
        (
            json!({ "accounts": [ONE], "regions": ["eu-west-9"] }),
            "warning region::unknown targets/regions/0",
        ),
        (
            json!({ "accounts": [ONE], "regions": ["eu-west-1", "cn-north-1"] }),
            "targets::two_partitions targets/regions/1",
        ),
        (
            json!({ "organizationalUnits": ["o-abcde12345/r-ab12/*"], "regions": regions }),
            "organization::unit_id_malformed targets/organizationalUnits/0",
        ),
        (
            with(&json!({ "organizationalUnits": ["r-ab12"] })),
            "config::both targets/organizationalUnits",
        ),
    ];
    for (given, problem) in cases {
        assert_eq!(targets(given.clone()), [problem], "{given}");
    }
    let units: Vec<_> = (0..51).map(|index| format!("ou-ab12-1111{index:04}")).collect();
    assert_eq!(targets(json!({ "organizationalUnits": units[..50], "regions": regions })), NONE);
    assert_eq!(
        targets(json!({ "organizationalUnits": units, "regions": regions })),
        ["targets::too_many_units targets/organizationalUnits"]
    );
}

#[test]
fn properties_of_the_permission_model() {
    let units = |more: &Value| {
        let mut targets = with(more);
        targets.as_object_mut().unwrap().shift_remove("accounts");
        targets["organizationalUnits"] = json!(["r-ab12"]);
        targets
    };
    let of_accounts = [
        json!({ "executionRoleName": "deploy" }),
        json!({ "administrationRoleArn": "arn:aws:iam::111122223333:role/admin" }),
    ];
    let of_units = [json!({ "autoDeployment": { "enabled": false } }), json!({ "callAs": "SELF" })];
    for given in of_accounts {
        let key = given.as_object().unwrap().keys().next().unwrap();
        assert_eq!(targets(with(&given)), NONE);
        assert_eq!(targets(units(&given)), [format!("config::only_with targets/{key}")]);
    }
    for given in of_units {
        let key = given.as_object().unwrap().keys().next().unwrap();
        assert_eq!(targets(units(&given)), NONE);
        assert_eq!(targets(with(&given)), [format!("config::only_with targets/{key}")]);
    }
    let retained =
        json!({ "autoDeployment": { "enabled": false, "retainStacksOnAccountRemoval": true } });
    assert_eq!(
        targets(units(&retained)),
        ["config::only_with targets/autoDeployment/retainStacksOnAccountRemoval"]
    );
    let texts = [
        ("executionRoleName", json!("role/deploy"), "targets::role_name_malformed"),
        ("executionRoleName", json!("a".repeat(65)), "targets::role_name_malformed"),
        ("administrationRoleArn", json!("admin"), "arn::malformed"),
        ("templateUrlPrefix", json!("s3://b/f"), "targets::template_url_malformed"),
        (
            "templateUrlPrefix",
            json!("https://b.s3.amazonaws.com/"),
            "targets::template_url_malformed",
        ),
        ("templateUrlPrefix", json!("https://example.com/f"), "targets::template_url_malformed"),
    ];
    for (key, text, code) in texts {
        assert_eq!(targets(with(&json!({ key: text }))), [format!("{code} targets/{key}")]);
    }
    let url = json!({ "templateUrlPrefix": "https://b.s3.eu-west-1.amazonaws.com/f" });
    assert_eq!(targets(with(&url)), NONE);
}

#[test]
fn operation_preferences() {
    let preferences = |given: Value| {
        let lines = targets(with(&json!({ "operationPreferences": given })));
        lines
            .into_iter()
            .map(|it| it.replace("targets/operationPreferences/", ""))
            .collect::<Vec<_>>()
    };
    let cases = [
        (json!({ "maxConcurrentPercentage": 100, "failureTolerancePercentage": 0 }), None),
        (
            json!({ "maxConcurrentPercentage": 0 }),
            Some("targets::amount_out_of_range maxConcurrentPercentage"),
        ),
        (
            json!({ "failureTolerancePercentage": 101 }),
            Some("targets::amount_out_of_range failureTolerancePercentage"),
        ),
        (
            json!({ "maxConcurrentCount": 0 }),
            Some("targets::amount_out_of_range maxConcurrentCount"),
        ),
        (json!({ "maxConcurrentCount": 1 }), None),
        (
            json!({ "maxConcurrentCount": 2 }),
            Some("warning targets::fewer_at_once maxConcurrentCount"),
        ),
        (json!({ "maxConcurrentCount": 2, "failureToleranceCount": 1 }), None),
        (json!({ "maxConcurrentCount": 9, "concurrencyMode": "SOFT_FAILURE_TOLERANCE" }), None),
        (
            json!({ "failureToleranceCount": 1, "failureTolerancePercentage": 1 }),
            Some("config::both failureTolerancePercentage"),
        ),
        (json!({ "regionOrder": ["us-east-1", "eu-west-1"] }), None),
        (json!({ "regionOrder": ["us-east-2"] }), Some("targets::no_target regionOrder/0")),
        (
            json!({ "regionOrder": ["us-east-1", "us-east-1"] }),
            Some("targets::duplicate regionOrder/1"),
        ),
    ];
    for (given, problem) in cases {
        assert_eq!(preferences(given.clone()), problem.into_iter().collect::<Vec<_>>(), "{given}");
    }
}

#[test]
fn a_stack_has_an_environment_or_targets() {
    let stack = json!({ "env": { "region": "eu-west-1" }, "repositories": { "App": {} } });
    assert_eq!(of(everywhere(), stack), ["targets::environment env"]);
}

/// Each region is a place of the stack, and so is each account.
#[test]
fn what_is_in_one_place() {
    let role = |more: &Value| {
        let mut role = json!({ "assumedBy": { "service": "ec2.amazonaws.com" } });
        for (key, value) in more.as_object().unwrap() {
            role[key] = value.clone();
        }
        json!({ "principals": { "R": { "role": role } }, "repositories": { "App": {} } })
    };
    let named = json!({ "roleName": "builder" });
    let one_region = json!({ "accounts": [ONE, OTHER], "regions": ["us-east-1"] });
    assert_eq!(of(everywhere(), role(&json!({}))), NONE);
    assert_eq!(of(one_region.clone(), role(&named)), NONE);
    assert_eq!(
        of(everywhere(), role(&named)),
        ["targets::name_of_account principals/R/role/roleName"]
    );
    // The ECR Public Gallery is in us-east-1.
    let public = json!({ "publicRepositories": { "Tool": {} } });
    assert_eq!(of(one_region, public.clone()), NONE);
    assert_eq!(of(everywhere(), public).len(), 1);
    // A key of one region encrypts nothing in the others.
    let key = "arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";
    let encrypted = json!({ "repositories": { "App": { "encryptionKey": { "keyArn": key } } } });
    let one_place = json!({ "accounts": [ONE], "regions": ["us-east-1"] });
    assert_eq!(of(one_place, encrypted.clone()), NONE);
    let lines = of(everywhere(), encrypted);
    assert!(lines.iter().all(|line| line.contains("env::other_")), "{lines:?}");
    assert_eq!(lines.len(), 1, "{lines:?}");
}

#[test]
fn principals_of_one_account() {
    let stack = |principal: Value| {
        json!({
            "principals": { "P": principal },
            "repositories": { "App": { "grants": [{ "to": "P", "allow": "pull" }] } },
        })
    };
    let arn = |kind: &str| format!("arn:aws:iam::{ONE}:{kind}/it");
    let one = json!({ "accounts": [ONE], "regions": ["eu-west-1"] });
    let other =
        [everywhere(), json!({ "organizationalUnits": ["r-ab12"], "regions": ["eu-west-1"] })];
    let user = || stack(json!({ "userArn": arn("user") }));
    assert_eq!(of(one.clone(), user()), NONE);
    for targets in other {
        assert_eq!(of(targets, user()), ["targets::other_account principals/P"]);
    }
    // A role of another account is not changed.
    let with_role = |targets: Value| {
        let mut stack = stack(json!({ "roleArn": arn("role") }));
        stack["targets"] = targets;
        let config: ecrane_config::Config =
            serde_json::from_value(json!({ "stacks": { "S": stack } })).unwrap();
        let graph = config.build().unwrap();
        graph.stacks()[0].resources.len()
    };
    assert_eq!(with_role(one), 2);
    assert_eq!(with_role(everywhere()), 1);
}

#[test]
fn references_between_stacks() {
    let two = |first: Value, second: Value| {
        let mut roles = json!({ "principals": {
            "R": { "role": { "assumedBy": { "service": "ec2.amazonaws.com" } } },
        } });
        let grant = json!({ "to": "Roles/R", "allow": "pull" });
        let mut images = json!({ "repositories": { "App": { "grants": [grant] } } });
        for (stack, targets) in [(&mut roles, first), (&mut images, second)] {
            if !targets.is_null() {
                stack["targets"] = targets;
            }
        }
        reported(json!({ "stacks": { "Roles": roles, "Images": images } }))
    };
    let refused = ["targets::reference /stacks/Roles"];
    let shuffled = json!({ "accounts": [OTHER, ONE], "regions": ["us-east-1", "eu-west-1"] });
    let fewer = json!({ "accounts": [ONE], "regions": ["us-east-1", "eu-west-1"] });
    assert_eq!(two(Value::Null, Value::Null), NONE);
    assert_eq!(two(everywhere(), shuffled), NONE);
    assert_eq!(two(everywhere(), fewer), refused);
    assert_eq!(two(everywhere(), Value::Null), refused);
    assert_eq!(two(Value::Null, everywhere()), refused);
}

#[test]
fn stacks_that_meet_in_an_account_and_region() {
    let registry = || json!({ "repositories": { "App": { "repositoryName": "shop/app" } }, "registry": { "scanning": { "scanType": "BASIC" } } });
    let two = |place: (&str, Value)| {
        let (mut first, mut second) = (registry(), registry());
        first["targets"] = everywhere();
        second[place.0] = place.1;
        reported(json!({ "stacks": { "A": first, "B": second } }))
    };
    let both = [
        "name::taken /stacks/B/repositories/App/repositoryName",
        "registry::two_owners /stacks/B/registry/scanning",
    ];
    let sorted = |mut lines: Vec<String>| {
        lines.sort_unstable();
        lines
    };
    let maybe = [
        "warning name::maybe_taken /stacks/B/repositories/App/repositoryName",
        "warning registry::maybe_two_owners /stacks/B/registry/scanning",
    ];
    let third = "777788889999";
    for (place, expected) in [
        (("targets", json!({ "accounts": [third], "regions": ["eu-west-1"] })), None),
        (("targets", json!({ "accounts": [ONE], "regions": ["eu-west-3"] })), None),
        (("env", json!({ "account": third })), None),
        (("env", json!({ "region": "eu-west-3" })), None),
        (("targets", json!({ "accounts": [third, ONE], "regions": ["us-east-1"] })), Some(both)),
        (("env", json!({ "account": OTHER, "region": "us-east-1" })), Some(both)),
        (("env", json!({ "region": "us-east-1" })), Some(maybe)),
        (
            ("targets", json!({ "organizationalUnits": ["r-ab12"], "regions": ["us-east-1"] })),
            Some(maybe),
        ),
    ] {
        let expected: Vec<String> = expected.into_iter().flatten().map(str::to_owned).collect();
        assert_eq!(sorted(two(place.clone())), expected, "{place:?}");
    }
}
