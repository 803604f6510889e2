//! Configs of a given size, for benchmarks.

use serde_json::{Map, Value, json};

/// 150 repositories keep a stack below CloudFormation's limit of 500 resources.
const IN_A_STACK: usize = 150;

/// A config with `count` realistic repositories: with lifecycle rules, tags, and grants to a CI
/// role, other accounts and services.
pub fn many(count: usize) -> Value {
    let stacks: Map<String, Value> = (0..count.div_ceil(IN_A_STACK))
        .map(|stack| {
            let first = stack * IN_A_STACK;
            (format!("Registry{stack}"), self::stack(stack, first..count.min(first + IN_A_STACK)))
        })
        .collect();
    json!({ "stacks": stacks })
}

/// A config in stacks of 400 repositories with two lifecycle rules, a pull grant, scanning and immutable
/// tags each: the one that times are compared by.
pub fn registries(count: usize) -> Value {
    const IN_A_STACK: usize = 400;
    let repository = |number| {
        let repository = json!({
            "repositoryName": format!("team-{}/service-{number}", number % 40),
            "imageScanOnPush": true,
            "imageTagMutability": "IMMUTABLE",
            "lifecycleRules": [
                { "rulePriority": 1, "tagStatus": "untagged", "maxImageAge": "7d" },
                { "rulePriority": 2, "tagPrefixList": ["pr-"], "maxImageCount": 50 },
            ],
            "grants": [{ "to": { "account": "444455556666" }, "allow": "pull" }],
        });
        (format!("Service{number}"), repository)
    };
    let stacks: Map<String, Value> = (0..count.div_ceil(IN_A_STACK))
        .map(|stack| {
            let first = stack * IN_A_STACK;
            let repositories = (first..count.min(first + IN_A_STACK)).map(repository);
            let stack_config = json!({
                "env": { "account": "111122223333", "region": "eu-west-1" },
                "repositories": repositories.collect::<Map<_, _>>(),
            });
            (format!("Registry{stack}"), stack_config)
        })
        .collect();
    json!({ "stacks": stacks })
}

fn stack(number: usize, repositories: std::ops::Range<usize>) -> Value {
    let repositories: Map<String, Value> =
        repositories.map(|number| (format!("Service{number}"), repository(number))).collect();
    json!({
        "description": format!("Container images, part {number}"),
        "env": { "account": "111122223333", "region": "eu-west-1" },
        "principals": {
            "CiRole": {
                "role": { "assumedBy": { "service": "codebuild.amazonaws.com" }, "roleName": format!("ci-{number}") },
            },
        },
        "repositories": repositories,
    })
}

fn repository(number: usize) -> Value {
    json!({
        "repositoryName": format!("shop/service-{number}"),
        "imageScanOnPush": true,
        "imageTagMutability": "IMMUTABLE",
        "removalPolicy": if number.is_multiple_of(7) { "destroy" } else { "retain" },
        "tags": { "team": format!("team-{}", number % 40), "service": format!("service-{number}") },
        "lifecycleRules": [
            { "rulePriority": 1, "description": "keep releases", "tagPrefixList": ["prod"], "maxImageCount": 9999 },
            { "rulePriority": 2, "tagStatus": "untagged", "maxImageAge": "7d" },
            { "rulePriority": 3, "maxImageAge": "90d" },
        ],
        "grants": [
            { "to": "CiRole", "allow": "pullPush" },
            { "to": { "account": "444455556666" }, "allow": "pull" },
            { "to": [{ "service": "codebuild.amazonaws.com" }, { "organization": "o-abcde12345" }], "allow": "pull" },
        ],
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stacks_hold_all_repositories_and_no_more_than_fit() {
        assert_eq!(
            registries(401)["stacks"]["Registry1"]["repositories"].as_object().unwrap().len(),
            1
        );
        let config = many(301);
        let stacks = config["stacks"].as_object().unwrap();
        let sizes: Vec<_> =
            stacks.values().map(|stack| stack["repositories"].as_object().unwrap().len()).collect();
        assert_eq!(sizes, [150, 150, 1]);
    }
}
