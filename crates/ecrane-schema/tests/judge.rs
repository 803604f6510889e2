//! Problems reported for configs without the expected shape.

#![expect(clippy::unwrap_used, reason = "tests")]

use ecrane_config::{Document, Format};
use ecrane_schema::{judge, load};

fn yaml(text: &str) -> Document {
    Document::parse("test.yaml", Format::Yaml, text).unwrap()
}

/// Each problem as its code, its place, and whether it refers to the key.
fn reported(document: &Document) -> Vec<(&'static str, String, bool)> {
    let tell = |problem: &ecrane_core::Problem| {
        (problem.fact.code(), problem.place.to_string(), problem.place.is_on_key())
    };
    judge(document).iter().map(tell).collect()
}

/// A problem with a value, and a problem with a key.
fn value(code: &'static str, place: &str) -> (&'static str, String, bool) {
    (code, place.to_owned(), false)
}
fn key(code: &'static str, place: &str) -> (&'static str, String, bool) {
    (code, place.to_owned(), true)
}

const MISSING: &str = "config::missing_key";
const NONE: &str = "config::none_of_keys";
const RANGE: &str = "config::out_of_range";
const SEVERAL: &str = "config::several_of_keys";
const TYPE: &str = "config::wrong_type";
const UNKNOWN: &str = "config::unknown_key";
const WORD: &str = "config::not_one_of";

#[expect(clippy::too_many_lines, reason = "a table")]
#[test]
fn tells_code_and_place() {
    // A fragment of a stack `S`, and the problems below it.
    let cases = [
        ("misspelt key", "stackNmae: a", vec![key(UNKNOWN, "/stackNmae")]),
        ("key that is no key", "weather: a", vec![key(UNKNOWN, "/weather")]),
        ("number for a text", "stackName: 5", vec![value(TYPE, "/stackName")]),
        ("bool for a text", "description: true", vec![value(TYPE, "/description")]),
        ("nothing for a text", "description:", vec![value(TYPE, "/description")]),
        ("list for a map", "env: []", vec![value(TYPE, "/env")]),
        ("nothing for a map", "repositories:", vec![value(TYPE, "/repositories")]),
        (
            "text for a bool",
            "terminationProtection: yes",
            vec![value(TYPE, "/terminationProtection")],
        ),
        (
            "number for an account",
            "env: { account: 012345678901 }",
            vec![value(TYPE, "/env/account")],
        ),
        ("number for a tag", "tags: { a: x, cost: 42 }", vec![value(TYPE, "/tags/cost")]),
        ("no shards", "shards: 0", vec![value(RANGE, "/shards")]),
        ("too many shards", "shards: 4000000000", vec![value(RANGE, "/shards")]),
        (
            "no such removal policy",
            "keys: { K: { removalPolicy: keep } }",
            vec![value(WORD, "/keys/K/removalPolicy")],
        ),
        (
            "list for a word",
            "keys: { K: { removalPolicy: [retain] } }",
            vec![value(TYPE, "/keys/K/removalPolicy")],
        ),
        ("no kind of principal", "principals: { P: {} }", vec![key(NONE, "/principals/P")]),
        (
            "two kinds of principal",
            "principals: { P: { user: {}, group: {} } }",
            vec![key(SEVERAL, "/principals/P")],
        ),
        (
            "misspelt kind of principal",
            "principals: { P: { rolearn: a } }",
            vec![key(UNKNOWN, "/principals/P/rolearn")],
        ),
        ("text for a principal", "principals: { P: role }", vec![value(TYPE, "/principals/P")]),
        (
            "role that nobody assumes",
            "principals: { P: { role: {} } }",
            vec![key(MISSING, "/principals/P/role")],
        ),
        (
            "misspelt needed key",
            "principals: { P: { role: { assumedby: X } } }",
            vec![key(UNKNOWN, "/principals/P/role/assumedby")],
        ),
        (
            "negative duration",
            "principals: { P: { role: { assumedBy: X, maxSessionDuration: -1 } } }",
            vec![value(RANGE, "/principals/P/role/maxSessionDuration")],
        ),
        (
            "duration as a text",
            "principals: { P: { role: { assumedBy: X, maxSessionDuration: '3600' } } }",
            vec![value(TYPE, "/principals/P/role/maxSessionDuration")],
        ),
        (
            "fraction",
            "principals: { P: { role: { assumedBy: X, maxSessionDuration: 1.5 } } }",
            vec![value(TYPE, "/principals/P/role/maxSessionDuration")],
        ),
        (
            "number for a principal",
            "principals: { P: { role: { assumedBy: 5 } } }",
            vec![value(TYPE, "/principals/P/role/assumedBy")],
        ),
        (
            "wrong in a composite",
            "principals: { P: { role: { assumedBy: { composite: [X, { any: false }] } } } }",
            vec![value(WORD, "/principals/P/role/assumedBy/composite/1/any")],
        ),
        (
            "action of nobody",
            "principals: { P: { role: { assumedBy: { arn: a, assumeRoleAction: b } } } }",
            vec![key(MISSING, "/principals/P/role/assumedBy")],
        ),
        (
            "import of nothing",
            "repositories: { R: { import: {} } }",
            vec![key(NONE, "/repositories/R/import")],
        ),
        (
            "map for a wildcard",
            "repositories: { R: { imageTagMutabilityExclusionFilters: { a: b } } }",
            vec![value(TYPE, "/repositories/R/imageTagMutabilityExclusionFilters")],
        ),
        (
            "number for a key",
            "repositories: { R: { encryptionKey: 5 } }",
            vec![value(TYPE, "/repositories/R/encryptionKey")],
        ),
        (
            "misspelt key of a key",
            "repositories: { R: { encryptionKey: { keyARN: a } } }",
            vec![key(UNKNOWN, "/repositories/R/encryptionKey/keyARN")],
        ),
        (
            "too many images",
            "repositories: { R: { lifecycleRules: [{ maxImageCount: 4294967296 }] } }",
            vec![value(RANGE, "/repositories/R/lifecycleRules/0/maxImageCount")],
        ),
        (
            "age as a number",
            "repositories: { R: { lifecycleRules: [{}, { maxImageAge: 30 }] } }",
            vec![value("duration::no_unit", "/repositories/R/lifecycleRules/1/maxImageAge")],
        ),
        (
            "text for a list",
            "repositories: { R: { lifecycleRules: [{ tagPrefixList: prod }] } }",
            vec![value(TYPE, "/repositories/R/lifecycleRules/0/tagPrefixList")],
        ),
        (
            "neither allow nor actions",
            "repositories: { R: { grants: [{ to: X }] } }",
            vec![key(NONE, "/repositories/R/grants/0")],
        ),
        (
            "allow and actions",
            "repositories: { R: { grants: [{ to: X, allow: pull, actions: [a] }] } }",
            vec![key(SEVERAL, "/repositories/R/grants/0")],
        ),
        (
            "grant to nobody",
            "repositories: { R: { grants: [{ allow: pull }] } }",
            vec![key(MISSING, "/repositories/R/grants/0")],
        ),
        (
            "grant to a number",
            "repositories: { R: { grants: [{ to: 5, allow: pull }] } }",
            vec![value(TYPE, "/repositories/R/grants/0/to")],
        ),
        (
            "grant to numbers",
            "repositories: { R: { grants: [{ to: [X, 5], allow: pull }] } }",
            vec![value(TYPE, "/repositories/R/grants/0/to/1")],
        ),
        (
            "grantee with a misspelt kind",
            "repositories: { R: { grants: [{ to: { acount: a }, allow: pull }] } }",
            vec![key(UNKNOWN, "/repositories/R/grants/0/to/acount")],
        ),
        (
            "grantee of two kinds",
            "repositories: { R: { grants: [{ to: [{ account: a, arn: b }], allow: pull }] } }",
            vec![key(SEVERAL, "/repositories/R/grants/0/to/0")],
        ),
        (
            "account of a grantee as a number",
            "repositories: { R: { grants: [{ to: { account: 111122223333 }, allow: pull }] } }",
            vec![value(TYPE, "/repositories/R/grants/0/to/account")],
        ),
        (
            "no such permission",
            "repositories: { R: { grants: [{ to: X, allow: pull_push }] } }",
            vec![value(WORD, "/repositories/R/grants/0/allow")],
        ),
        (
            "rule on nothing",
            "repositories: { R: { events: { E: {} } } }",
            vec![key(MISSING, "/repositories/R/events/E")],
        ),
        (
            "tag as a number",
            "repositories: { R: { events: { E: { on: event, imageTag: 1.10 } } } }",
            vec![value(TYPE, "/repositories/R/events/E/imageTag")],
        ),
        (
            "condition without a key",
            "repositories: { a/b~c: { resourcePolicy: [{ conditions: { StringEquals: x } }] } }",
            vec![value(TYPE, "/repositories/a~1b~0c/resourcePolicy/0/conditions/StringEquals")],
        ),
        (
            "digits as a key",
            "repositories: { 0: { encryption: SSE } }",
            vec![value(WORD, "/repositories/0/encryption")],
        ),
        (
            "several, in the order of the text",
            "outputs: { O: { attribute: uri } }\n    stackNmae: a\n    env: 5",
            vec![
                key(NONE, "/outputs/O"),
                value(WORD, "/outputs/O/attribute"),
                key(UNKNOWN, "/stackNmae"),
                value(TYPE, "/env"),
            ],
        ),
    ];
    for (name, text, below) in cases {
        let document = yaml(&format!("stacks:\n  S:\n    {text}\n"));
        let expected: Vec<_> = below
            .into_iter()
            .map(|(code, place, on_key)| (code, format!("/stacks/S{place}"), on_key))
            .collect();
        assert_eq!(reported(&document), expected, "{name}");
        // The types reject everything that the schema rejects, and their first problem is one of
        // those reported.
        let first = document.decode().expect_err(name);
        let (code, place) = (first.fact.code(), first.place.to_string());
        // For rules that only the schema distinguishes, the types report a message without a code
        // of its own.
        let is_reported = |(reported, at, _): &(&str, String, bool)| {
            *at == place && (*reported == code || code == "config::invalid")
        };
        assert!(expected.iter().any(is_reported), "{name}: {code} {place}");
        // The types may find more in what the schema accepts.
        let is_of_shape = |problem: &&ecrane_core::Problem| {
            let place = problem.place.to_string();
            expected.iter().any(|(code, at, _)| *code == problem.fact.code() && *at == place)
        };
        let shape = load(&document).unwrap_err().iter().filter(is_of_shape).count();
        assert_eq!(shape, expected.len(), "{name}");
    }
}

#[test]
fn tells_code_and_place_at_the_top() {
    let cases = [
        ("no stacks", "compatibility: {}", vec![key(MISSING, "")]),
        ("a list", "[a]", vec![value(TYPE, "")]),
        (
            "version as a number",
            "compatibility: { awsCdk: 2 }\nstacks: {}",
            vec![value(TYPE, "/compatibility/awsCdk")],
        ),
        (
            "no such version",
            "compatibility: { awsCdk: '3' }\nstacks: {}",
            vec![value(WORD, "/compatibility/awsCdk")],
        ),
        (
            "no such flags",
            "compatibility: { featureFlags: all }\nstacks: {}",
            vec![value(WORD, "/compatibility/featureFlags")],
        ),
        (
            "flags as a list",
            "compatibility: { featureFlags: [] }\nstacks: {}",
            vec![value(TYPE, "/compatibility/featureFlags")],
        ),
    ];
    for (name, text, expected) in cases {
        assert_eq!(reported(&yaml(text)), expected, "{name}");
    }
}

#[test]
fn says_it_in_the_words_of_the_format() {
    let cases = [
        ("stacks: []", "expected a map, found a list", None, None),
        (
            "stacks:",
            "expected a map, found nothing",
            Some("write `{}` for an empty map, or remove the key"),
            None,
        ),
        (
            "stacks: { S: { env: { account: 012345678901 } } }",
            "expected a string, found a number",
            Some("quote it: `\"012345678901\"`"),
            None,
        ),
        (
            "stacks: { S: { terminationProtection: yes } }",
            "expected true or false, found a string",
            Some("write `true`"),
            None,
        ),
        (
            "stacks: { S: { repositories: { R: { grants: [{ to: 1.10, allow: pull }] } } } }",
            "expected a string, a map or a list, found a number",
            Some("quote it: `\"1.10\"`"),
            None,
        ),
        (
            "stacks: { S: { registry: { scanning: { scanType: ENHANCD } } } }",
            "`ENHANCD` is not one of `BASIC` or `ENHANCED`",
            None,
            Some("ENHANCED"),
        ),
        ("stacks: { S: { env: { acount: a } } }", "unknown key `acount`", None, Some("account")),
        (
            "stacks: { S: { env: { zone: a } } }",
            "unknown key `zone`",
            Some("use one of `account` or `region`"),
            None,
        ),
        (
            "stacks: { S: { repositories: { R: { grants: [{ to: X }] } } } }",
            "one of the keys `allow` or `actions` is required",
            Some("set one of `allow` or `actions`"),
            None,
        ),
        (
            "stacks: { S: { principals: { P: { user: {}, group: {} } } } }",
            "`user` and `group` cannot be set together",
            Some("remove all but one of them"),
            None,
        ),
        (
            "stacks: { S: { repositories: { R: { lifecycleRules: [{ rulePriority: -1 }] } } } }",
            "`-1` is not a number from 0 to 4294967295",
            None,
            None,
        ),
        (
            "stacks: { S: { repositories: { R: { lifecycleRules: { maxImageAge: 1d } } } } }",
            "expected a list, found a map",
            Some("write a list, even for a single value"),
            None,
        ),
    ];
    for (text, message, help, suggestion) in cases {
        let document = yaml(text);
        let problem = judge(&document).remove(0);
        assert_eq!(problem.fact.to_string(), message);
        assert_eq!(problem.fact.help().as_deref(), help, "{message}");
        assert_eq!(problem.fact.suggestion(), suggestion, "{message}");
        assert_eq!(document.decode().unwrap_err().place.steps(), problem.place.steps());
    }
}

/// The schema accepts `1.0` as an integer, and the types do not.
#[test]
fn falls_back_to_the_first_problem() {
    let document = yaml(
        "stacks: { S: { repositories: { R: { lifecycleRules: [{ maxImageCount: 1.0 }] } } } }",
    );
    assert!(judge(&document).is_empty());
    let problems = load(&document).unwrap_err();
    let codes: Vec<_> = problems.iter().map(|problem| problem.fact.code()).collect();
    assert_eq!(codes, [TYPE]);
}
