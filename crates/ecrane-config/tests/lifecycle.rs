//! Lifecycle rules of configs and programs.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use ecrane_config::{Document, Format};
use ecrane_construct::{App, Repository, RepositoryProps, Stack, StackProps};
use ecrane_core::{LifecycleRule, Problem, ResourceKind, Severity};
use serde_json::Value;

/// The policy of a repository with these rules, and its problems, with places below the rules.
fn repository(compatibility: &str, rules: &str) -> (Option<Value>, Vec<String>) {
    let text = format!(
        "{compatibility}\nstacks: {{ S: {{ repositories: {{ R: {{ lifecycleRules: [{rules}] }} }} }} }}"
    );
    let config = Document::parse("test", Format::Yaml, &text).unwrap().decode().unwrap();
    match config.build() {
        Ok(graph) => {
            let ResourceKind::Repository(repository) = &graph.stacks()[0].resources[0].kind else {
                return (None, vec!["no repository".to_owned()]);
            };
            let policy = repository.lifecycle_policy.as_ref().unwrap().text();
            (Some(serde_json::from_str(policy).unwrap()), reported(graph.warnings()))
        }
        Err(problems) => (None, reported(&problems.into_iter().collect::<Vec<_>>())),
    }
}

fn reported(problems: &[Problem]) -> Vec<String> {
    let below = "/stacks/S/repositories/R/lifecycleRules";
    let reported = |problem: &Problem| {
        let place = problem.place.to_string();
        let code = problem.fact.code().trim_start_matches("lifecycle::");
        let mark = if problem.severity == Severity::Warning { "?" } else { "" };
        format!("{}: {code}{mark}", place.strip_prefix(below).unwrap_or(&place))
    };
    problems.iter().map(reported).collect()
}

fn priorities(rules: &str) -> Result<Vec<(u64, String)>, Vec<String>> {
    let (policy, problems) = repository("", rules);
    let rules = policy.ok_or(problems)?["rules"].as_array().unwrap().clone();
    let clock = |rule: &Value| rule["selection"]["countType"].as_str().unwrap().to_owned();
    Ok(rules.iter().map(|r| (r["rulePriority"].as_u64().unwrap(), clock(r))).collect())
}

#[test]
fn numbers_rules_as_the_cdk_does_and_any_last() {
    let (pushed, counted, archived) =
        ("sinceImagePushed", "imageCountMoreThan", "sinceImageTransitioned");
    let cases = [
        (
            "{ maxImageAge: 1d }, { tagPrefixList: [a], maxImageCount: 1 }, { rulePriority: 7, tagPrefixList: [b], maxImageCount: 1 }",
            vec![(7, counted), (8, counted), (9, pushed)],
        ),
        // The user guide's example of both storage classes.
        (
            "{ maxImageAge: 30d, action: archive }, { maxTimeSinceArchive: 365d }",
            vec![(1, pushed), (2, archived)],
        ),
        (
            "{ maxTimeSinceArchive: 365d }, { tagStatus: untagged, maxImageAge: 1d }, { maxImageAge: 30d, action: archive }",
            vec![(1, pushed), (2, archived), (3, pushed)],
        ),
        // An `any` rule of one storage class may precede rules of the other, which continue its
        // numbering.
        (
            "{ rulePriority: 1, maxTimeSinceArchive: 90d }, { tagStatus: untagged, maxImageAge: 1d }",
            vec![(2, pushed), (1, archived)],
        ),
    ];
    for (rules, expected) in cases {
        let expected: Vec<_> = expected.into_iter().map(|(n, c)| (n, c.to_owned())).collect();
        assert_eq!(priorities(rules), Ok(expected), "{rules}");
    }
}

#[test]
fn refuses_what_ecr_refuses() {
    let many: Vec<_> =
        (0..51).map(|n| format!("{{ tagPrefixList: [p{n}], maxImageCount: 1 }}")).collect();
    let long = format!("{{ description: {}, maxImageCount: 1 }}", "x".repeat(31_000));
    let cases = [
        ("{ maxImageCount: 1, rulePriority: 0 }", vec!["/0/rulePriority: priority_below_1"]),
        (
            "{ maxImageCount: 1, rulePriority: 3, tagPrefixList: [a] }, { maxImageCount: 1, rulePriority: 3, tagPrefixList: [b] }",
            vec!["/1/rulePriority: duplicate_priority"],
        ),
        (
            "{ maxImageCount: 1, rulePriority: 3, tagPrefixList: [a] }, { maxImageCount: 1, rulePriority: 3 }",
            vec!["/1/rulePriority: duplicate_priority"],
        ),
        (
            "{ tagStatus: untagged, maxImageCount: 1 }, { tagStatus: untagged, maxImageAge: 1d }",
            vec!["/1: two_untagged"],
        ),
        ("{ maxImageCount: 1 }, { maxImageCount: 2 }", vec!["/1: two_any"]),
        (
            "{ maxTimeSinceArchive: 90d }, { maxTimeSinceArchive: 91d }, { maxImageAge: 1d }",
            vec!["/1: two_any"],
        ),
        (
            "{ tagPatternList: [b, a], maxImageCount: 1 }, { tagPatternList: [a, b, a], maxImageAge: 1d }",
            vec![
                "/0/tagPatternList: every_tag_needed?",
                "/1/tagPatternList: duplicate_tag_list",
                "/1/tagPatternList: every_tag_needed?",
            ],
        ),
        (
            "{ rulePriority: 3, maxImageCount: 1 }, { tagPrefixList: [a], maxImageCount: 1 }",
            vec!["/0: prioritized_any_with_automatic"],
        ),
        (
            "{ rulePriority: 3, maxImageCount: 1 }, { rulePriority: 4, tagPrefixList: [a], maxImageCount: 1 }",
            vec!["/0: any_not_last"],
        ),
        (
            "{ rulePriority: 4294967295, tagPrefixList: [a], maxImageCount: 1 }, { maxImageCount: 1 }",
            vec!["/1/rulePriority: priority_overflow"],
        ),
        (
            "{ tagPrefixList: [\"\"], maxImageCount: 1 }",
            vec!["/0/tagPrefixList: bad_tagPrefixList"],
        ),
        (
            "{ tagPatternList: [\"a*b*c*d*e*\"], maxImageCount: 1 }",
            vec!["/0/tagPatternList: too_many_wildcards"],
        ),
        (&many.join(", "), vec!["/50: too_many_rules"]),
        (&long, vec![": text_too_long"]),
        ("{ maxTimeSincePull: 9d }", vec!["/0: pulled_needs_transition"]),
        (
            "{ maxTimeSinceArchive: 12w, action: archive }",
            vec![
                "/0/action: transitioned_needs_expire",
                "/0/maxTimeSinceArchive: transitioned_below_90",
            ],
        ),
        ("{ maxTimeSincePull: 9d, maxImageAge: 9d, action: archive }", vec!["/0: two_limits"]),
        ("{ maxTimeSinceArchive: soon }", vec!["/0/maxTimeSinceArchive: duration::malformed"]),
    ];
    for (rules, expected) in cases {
        let (_, problems) = repository("", rules);
        assert_eq!(problems, expected, "{rules}");
    }
}

#[test]
fn warns_of_rules_that_do_less_than_they_seem_to() {
    let cases = [
        (
            "{ tagPrefixList: [a], maxImageCount: 1 }, { tagPrefixList: [a, b], maxImageCount: 1 }",
            vec![
                "/1: unreachable_rule?",
                "/1/tagPrefixList: overlapping_tag_lists?",
                "/1/tagPrefixList: every_tag_needed?",
            ],
        ),
        (
            "{ tagPrefixList: [a, b], maxImageCount: 1 }, { tagPrefixList: [a], maxImageCount: 1 }",
            vec!["/0/tagPrefixList: every_tag_needed?", "/1/tagPrefixList: overlapping_tag_lists?"],
        ),
        // The priorities decide, not the order in which the rules are written.
        (
            "{ rulePriority: 2, tagPatternList: [\"prod*\"], maxImageCount: 1 }, { rulePriority: 1, tagPrefixList: [prod], maxImageCount: 1 }",
            vec!["/0: unreachable_rule?"],
        ),
        (
            "{ tagPrefixList: [\"v*\"], maxImageCount: 1 }",
            vec!["/0/tagPrefixList: impossible_tag?"],
        ),
        // No rule of one storage class matches an image of the other.
        (
            "{ tagPrefixList: [a], maxImageAge: 30d, action: archive }, { tagPrefixList: [a], maxTimeSinceArchive: 90d }",
            vec![],
        ),
    ];
    for (rules, expected) in cases {
        let (policy, problems) = repository("", rules);
        assert_eq!(problems, expected, "{rules}");
        assert!(policy.is_some(), "{rules}");
    }
}

#[test]
fn writes_what_the_api_takes() {
    let app = App::default();
    let stack = Stack::new(&app, "S", StackProps::default());
    let repository = Repository::new(&stack, "R", RepositoryProps::default());
    repository.add_lifecycle_rule(LifecycleRule {
        max_time_since_pull: "90d".parse().ok(),
        action: Some(ecrane_core::LifecycleAction::Archive),
        ..LifecycleRule::default()
    });
    repository.add_lifecycle_rule(LifecycleRule {
        tag_prefix_list: Some(vec!["prod".to_owned()]),
        max_time_since_archive: "365d".parse().ok(),
        ..LifecycleRule::default()
    });
    let graph = app.build().unwrap();
    let ResourceKind::Repository(repository) = &graph.stacks()[0].resources[0].kind else { return };
    let text = repository.lifecycle_policy.as_ref().unwrap().text();
    assert_eq!(
        text,
        concat!(
            r#"{"rules":[{"rulePriority":1,"selection":{"tagStatus":"tagged","tagPrefixList":["prod"],"#,
            r#""storageClass":"archive","countType":"sinceImageTransitioned","countNumber":365,"countUnit":"days"},"#,
            r#""action":{"type":"expire"}},{"rulePriority":2,"selection":{"tagStatus":"any","#,
            r#""countType":"sinceImagePulled","countNumber":90,"countUnit":"days"},"#,
            r#""action":{"type":"transition","targetStorageClass":"archive"}}]}"#,
        )
    );
    // The policy as written is valid.
    assert!(ecrane_core::LifecyclePolicy::validate(text).is_empty());
}

#[test]
fn cdk_1_knows_no_archive() {
    let (_, problems) = repository(
        "compatibility: { awsCdk: \"1\" }",
        "{ maxTimeSincePull: 9d, action: archive }, { maxTimeSinceArchive: 90d }",
    );
    let code = "compatibility::not_in_cdk_1";
    assert_eq!(
        problems,
        [
            format!("/0/maxTimeSincePull: {code}"),
            format!("/0/action: {code}"),
            format!("/1/maxTimeSinceArchive: {code}"),
        ]
    );
}
