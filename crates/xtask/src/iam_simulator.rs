//! Compares `ecrane access` with an independent simulator of IAM, on random policies and requests.

use std::fs;

use serde_json::{Map, Value, json};

use crate::ecrane::{Answer, Ecrane};
use crate::failure::Failure;
use crate::json_lines::JsonLines;
use crate::random::Random;
use crate::report::{Tally, missing, say};
use crate::tools;

/// The default number of random configs.
pub(crate) const COUNT: u64 = 60;

/// The number of requests for each config.
const QUERIES: usize = 12;

const ACCOUNTS: [&str; 3] = ["111122223333", "444455556666", "777788889999"];
const UNIT: &str = "o-abcde12345/r-ab12/ou-ab12-11111111/";

/// Asks both about requests under `count` random configs.
pub(crate) fn run(seed: u64, count: u64) -> Result<Tally, Failure> {
    if !tools::has("node") || !tools::has("npm") {
        return missing("node and npm, which run the simulator of IAM");
    }
    let ecrane = Ecrane::build("simulator")?;
    let folder = tools::npm("iam-simulator")?;
    let mut command = std::process::Command::new("node");
    command.arg("judge.mjs").current_dir(folder);
    let mut simulator = JsonLines::start("node judge.mjs", &mut command)?;
    let (mut tally, mut allowed) = (Tally::default(), 0);
    for seed in seed..seed + count {
        let mut random = Random::new(seed);
        let config = config(&mut random);
        let queries: Vec<Value> = (0..QUERIES).map(|_| query(&mut random)).collect();
        let template = match ecrane.synth(&config, "cloudformation")? {
            Answer::Files(files) => files.into_values().next().unwrap_or_default(),
            Answer::Refused(problems) => {
                say(format_args!("seed {seed} is refused: {problems:?}"))?;
                tally.add(Tally::one(false));
                continue;
            }
        };
        let answer = simulator.ask(&json!({ "template": template, "queries": queries }))?;
        let decisions = answer.get("decisions").and_then(Value::as_array);
        for (index, query) in queries.iter().enumerate() {
            let expected = decisions.and_then(|it| it.get(index)).unwrap_or(&answer);
            let found = decide(&ecrane, &config, query)?;
            if found != *expected {
                say(format_args!(
                    "seed {seed}: {query}: expected {expected}, found {found}\n{config}"
                ))?;
            }
            allowed += usize::from(found == "allowed");
            tally.add(Tally::one(found == *expected));
        }
    }
    say(format_args!("{allowed} requests were allowed"))?;
    Ok(tally)
}

/// The decision of `ecrane access`.
fn decide(ecrane: &Ecrane, config: &Value, query: &Value) -> Result<Value, Failure> {
    let path = tools::target().join("xtask/simulator/question.json");
    fs::write(&path, config.to_string()).map_err(Failure::file(&path))?;
    let mut command = ecrane.command();
    command.args(["access", "--format", "json"]).arg(&path);
    for key in ["principal", "action", "repository"] {
        let value = query.get(key).and_then(Value::as_str).unwrap_or_default();
        command.arg(format!("--{key}")).arg(value);
    }
    for (key, values) in query.get("context").and_then(Value::as_object).into_iter().flatten() {
        let values = values.as_array().map_or_else(|| vec![values], |all| all.iter().collect());
        for value in values.into_iter().filter_map(Value::as_str) {
            command.arg("--context").arg(format!("{key}={value}"));
        }
    }
    if query.get("identityAllowsAll") == Some(&Value::Bool(true)) {
        command.arg("--assume-identity-allows");
    }
    let output = tools::output(&mut command)?;
    match serde_json::from_slice::<Value>(&output.stdout) {
        Ok(answer) => Ok(answer.get("decision").cloned().unwrap_or_default()),
        Err(_) => Ok(String::from_utf8_lossy(&output.stderr).into_owned().into()),
    }
}

/// Two repositories with policies and grants, in the account and Region that the simulator knows.
fn config(random: &mut Random) -> Value {
    let repositories: Map<String, Value> = (0..2)
        .map(|number| {
            let statements: Vec<Value> = (0..random.below(4)).map(|_| statement(random)).collect();
            let grants: Vec<Value> = (0..random.below(3)).map(|_| grant(random)).collect();
            let repository = json!({
                "repositoryName": format!("team/r{number}"),
                "resourcePolicy": { "statements": statements },
                "grants": grants,
                "tags": { "team": random.pick(&["a", "b"]) },
            });
            (format!("R{number}"), repository)
        })
        .collect();
    json!({ "stacks": { "S": {
        "env": { "account": ACCOUNTS[0], "region": "eu-west-1" },
        "principals": {
            "Ci": { "role": { "roleName": "ci", "assumedBy": { "service": "codebuild.amazonaws.com" } } },
            "Dev": { "user": { "userName": "dev" } },
            "Deploy": { "roleArn": "arn:aws:iam::111122223333:role/deploy/deployer" },
            "Far": { "roleArn": "arn:aws:iam::444455556666:role/far" },
        },
        "repositories": repositories,
    } } })
}

fn statement(random: &mut Random) -> Value {
    const ACTIONS: [&str; 12] = [
        "*",
        "ecr:*",
        "ecr:Get*",
        "ecr:Batch*",
        "ecr:*Layer*",
        "ECR:putimage",
        "ecr:?utImage",
        "ecr:PutImage",
        "ecr:BatchGetImage",
        "ecr:DescribeImages",
        "ecr:BatchDeleteImage",
        "ecr:SetRepositoryPolicy",
    ];
    let actions: Vec<_> = (0..=random.below(3)).map(|_| random.pick(&ACTIONS)).collect();
    let principals: Vec<_> = match random.below(10) {
        0 => vec![json!({ "star": true })],
        1..=4 => vec![principal(random)],
        _ => vec![principal(random), principal(random)],
    };
    json!({
        "effect": if random.chance(20) { "Deny" } else { "Allow" },
        "principals": principals,
        "actions": actions,
        "conditions": if random.chance(60) { conditions(random) } else { json!({}) },
    })
}

fn principal(random: &mut Random) -> Value {
    let account = random.pick(&ACCOUNTS);
    match random.below(8) {
        0 | 1 => json!({ "account": account }),
        2 => json!({ "any": true }),
        3 => json!({ "service": "lambda.amazonaws.com" }),
        4 => json!({ "arn": "arn:aws:iam::111122223333:role/ci" }),
        5 => json!({ "arn": "arn:aws:sts::444455556666:assumed-role/app/one" }),
        6 => json!({ "arn": format!("arn:aws:iam::{account}:role/app") }),
        _ => json!({ "arn": format!("arn:aws:iam::{account}:user/bob") }),
    }
}

fn grant(random: &mut Random) -> Value {
    let to = match random.below(8) {
        0 | 1 => json!("Ci"),
        2 => json!("Dev"),
        3 => json!("Deploy"),
        4 => json!("Far"),
        5 => json!({ "organization": "o-abcde12345" }),
        6 => json!({ "organizationalUnit": format!("{UNIT}*") }),
        _ => {
            let mut to = principal(random);
            if let (true, Value::Object(to)) = (random.chance(40), &mut to) {
                to.insert("conditions".to_owned(), conditions(random));
            }
            to
        }
    };
    if random.chance(60) {
        json!({ "to": to, "allow": random.pick(&["pull", "push", "pullPush", "read"]) })
    } else {
        json!({ "to": to, "actions": [random.pick(&["ecr:PutImage", "ecr:BatchGetImage"])] })
    }
}

fn conditions(random: &mut Random) -> Value {
    let mut found = Map::new();
    for _ in 0..=random.below(2) {
        let (operator, key, values) = condition(random);
        if let Value::Object(keys) = found.entry(operator).or_insert_with(|| json!({})) {
            keys.insert(key.to_owned(), values);
        }
    }
    found.into()
}

/// An operator, a key and the values for it. Not among them is what IAM's documentation and the
/// simulator answer differently: a variable without a value under a negated operator, a variable
/// under an ARN operator, and `ForAnyValue:` with `IfExists` on an absent key.
fn condition(random: &mut Random) -> (&'static str, &'static str, Value) {
    let account = random.pick(&ACCOUNTS);
    let organization = json!(random.pick(&["o-abcde12345", "o-abc*", "O-ABCDE12345", "o-?bcde*"]));
    let network =
        json!(random.pick(&["10.0.0.0/8", "10.1.2.3", "203.0.113.0/24", "2001:db8::/32"]));
    let arn = json!(random.pick(&[
        "arn:aws:iam::111122223333:role/*",
        "arn:aws:iam::*:role/a*",
        "arn:aws:iam::444455556666:*/*",
        "arn:aws:iam::444455556666:role/app",
    ]));
    let unit = json!([random.pick(&["o-abcde12345/r-ab12/ou-ab12-11111111/*", UNIT])]);
    let flag = json!(random.pick(&["true", "false"]));
    let date = json!("2026-01-01T00:00:00Z");
    let number = json!(["300", "10"]);
    let all = [
        ("StringEquals", "aws:PrincipalOrgID", organization.clone()),
        ("StringNotEquals", "aws:principalorgid", organization.clone()),
        ("StringLike", "aws:PrincipalOrgID", organization.clone()),
        ("StringNotLike", "aws:PrincipalOrgID", organization.clone()),
        ("StringEqualsIgnoreCase", "aws:PrincipalOrgID", organization.clone()),
        ("StringNotEqualsIgnoreCase", "aws:PrincipalOrgID", organization.clone()),
        ("StringEqualsIfExists", "aws:PrincipalOrgID", organization.clone()),
        ("StringNotEqualsIfExists", "aws:PrincipalOrgID", organization),
        ("stringequals", "aws:PrincipalAccount", json!([account, "555566667777"])),
        ("StringNotEquals", "aws:PrincipalAccount", json!(account)),
        ("StringEquals", "aws:PrincipalAccount", json!("${aws:SourceAccount}")),
        ("StringLike", "aws:PrincipalArn", json!("arn:aws:iam::${aws:PrincipalAccount}:role/*")),
        (
            "StringLike",
            "aws:PrincipalArn",
            json!("arn:aws:iam::${aws:SourceAccount, '444455556666'}:*"),
        ),
        ("StringLike", "aws:PrincipalArn", arn.clone()),
        ("StringNotLike", "aws:PrincipalArn", arn.clone()),
        ("ArnLike", "aws:PrincipalArn", arn.clone()),
        ("ArnEquals", "aws:PrincipalArn", arn.clone()),
        ("ArnNotLike", "aws:PrincipalArn", arn.clone()),
        ("ArnNotEquals", "aws:PrincipalArn", arn),
        ("IpAddress", "aws:SourceIp", network.clone()),
        ("NotIpAddress", "aws:SourceIp", network.clone()),
        ("IpAddressIfExists", "aws:SourceIp", network.clone()),
        ("NotIpAddressIfExists", "aws:SourceIp", network),
        ("ForAnyValue:StringLike", "aws:PrincipalOrgPaths", unit.clone()),
        ("ForAllValues:StringLike", "aws:PrincipalOrgPaths", unit.clone()),
        ("ForAnyValue:StringNotLike", "aws:PrincipalOrgPaths", unit.clone()),
        ("ForAllValues:StringNotLike", "aws:PrincipalOrgPaths", unit),
        ("Null", "aws:PrincipalOrgID", flag.clone()),
        ("Null", "aws:MultiFactorAuthPresent", flag.clone()),
        ("Bool", "aws:SecureTransport", flag.clone()),
        ("BoolIfExists", "aws:MultiFactorAuthPresent", flag),
        ("NumericEquals", "aws:MultiFactorAuthAge", number.clone()),
        ("NumericNotEquals", "aws:MultiFactorAuthAge", number.clone()),
        ("NumericLessThan", "aws:MultiFactorAuthAge", number.clone()),
        ("NumericLessThanEqualsIfExists", "aws:MultiFactorAuthAge", number.clone()),
        ("NumericGreaterThan", "aws:MultiFactorAuthAge", number.clone()),
        ("NumericGreaterThanEquals", "aws:MultiFactorAuthAge", number),
        ("DateEquals", "aws:CurrentTime", date.clone()),
        ("DateNotEquals", "aws:CurrentTime", date.clone()),
        ("DateLessThan", "aws:CurrentTime", date.clone()),
        ("DateGreaterThanEquals", "aws:CurrentTime", date),
        ("StringEquals", "aws:PrincipalType", json!("User")),
        ("StringEquals", "aws:username", json!(["bob", "dev"])),
        ("StringEquals", "aws:PrincipalTag/team", json!("${aws:ResourceTag/team}")),
        ("StringEquals", "aws:ResourceTag/team", json!("a")),
        ("StringNotEquals", "ecr:ResourceTag/team", json!("a")),
        ("StringEquals", "aws:RequestedRegion", json!("eu-west-1")),
        ("StringEquals", "aws:ResourceAccount", json!(account)),
        ("ArnLike", "aws:SourceArn", json!("arn:aws:lambda:*:111122223333:function:*")),
    ];
    random.pick(&all)
}

fn query(random: &mut Random) -> Value {
    const ACTIONS: [&str; 9] = [
        "ecr:BatchGetImage",
        "ecr:GetDownloadUrlForLayer",
        "ecr:PutImage",
        "ecr:UploadLayerPart",
        "ecr:DescribeImages",
        "ecr:BatchDeleteImage",
        "ecr:SetRepositoryPolicy",
        "ecr:GetRepositoryPolicy",
        "ecr:ListTagsForResource",
    ];
    let account = random.pick(&["111122223333", "444455556666", "777788889999", "555566667777"]);
    let principal = match random.below(10) {
        0 | 1 => "arn:aws:iam::111122223333:role/ci".to_owned(),
        2 => "arn:aws:iam::111122223333:user/dev".to_owned(),
        3 => "arn:aws:iam::111122223333:role/deploy/deployer".to_owned(),
        4 => "arn:aws:iam::444455556666:role/far".to_owned(),
        5 => "lambda.amazonaws.com".to_owned(),
        6 => format!("arn:aws:sts::{account}:assumed-role/app/{}", random.pick(&["one", "two"])),
        7 => format!("arn:aws:iam::{account}:user/bob"),
        _ => format!("arn:aws:iam::{account}:role/app"),
    };
    let mut context = Map::new();
    let values: [(&str, &[&str]); 9] = [
        ("aws:PrincipalOrgID", &["o-abcde12345", "o-zzzzzzzzzz"]),
        ("aws:SourceIp", &["203.0.113.9", "10.1.2.3", "2001:db8::1"]),
        ("aws:SourceAccount", &ACCOUNTS),
        ("aws:SecureTransport", &["true", "false"]),
        ("AWS:multifactorauthage", &["10", "300.0", "301"]),
        ("aws:MultiFactorAuthPresent", &["true", "false"]),
        ("aws:CurrentTime", &["2025-12-31T23:59:59Z", "2026-01-01T00:00:00Z"]),
        ("aws:PrincipalTag/team", &["a", "b"]),
        ("aws:SourceArn", &["arn:aws:lambda:eu-west-1:111122223333:function:f"]),
    ];
    for (key, values) in values {
        if random.chance(35) {
            context.insert(key.to_owned(), json!(random.pick(values)));
        }
    }
    if random.chance(35) {
        let other = "o-abcde12345/r-ab12/ou-ab12-33333333/";
        let paths = random.pick(&[vec![UNIT], vec![other], vec![UNIT, other]]);
        context.insert("aws:PrincipalOrgPaths".to_owned(), json!(paths));
    }
    json!({
        "principal": principal,
        "action": random.pick(&ACTIONS),
        "repository": format!("arn:aws:ecr:eu-west-1:111122223333:repository/team/r{}", random.below(2)),
        "context": context,
        "identityAllowsAll": random.chance(50),
    })
}
