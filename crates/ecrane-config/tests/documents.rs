//! What the parsers accept and reject, and the location of each error.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use ecrane_config::{Config, Document, Format, LoadError};
use ecrane_document::{Explain, Place};

fn json_of(format: Format, text: &str) -> serde_json::Value {
    Document::parse("test", format, text).unwrap().to_json()
}

#[test]
fn reads_the_same_from_each_format() {
    let yaml = "# a comment\na: {b: [1, -2, 1.5, true, null, \"x\\u00e9\"], c: ''}\nd: |\n  two\n  lines\n";
    let json = r#"{"a": {"b": [1, -2, 1.5, true, null, "x\u00e9"], "c": ""}, "d": "two\nlines\n"}"#;
    let toml = "d = \"\"\"two\nlines\n\"\"\"\n[a]\nb = [1, -2, 1.5, true, \"x\\u00e9\"]\nc = ''\n";
    assert_eq!(json_of(Format::Yaml, yaml), json_of(Format::Json, json));
    // TOML has no null.
    let mut without_null = json_of(Format::Json, json);
    without_null["a"]["b"].as_array_mut().unwrap().remove(4);
    assert_eq!(json_of(Format::Toml, toml), without_null);
    // A byte-order mark is not part of the text.
    assert_eq!(json_of(Format::Yaml, "\u{feff}a: 1"), json_of(Format::Json, "\u{feff}{\"a\": 1}"));
}

#[test]
fn keeps_the_order_of_maps() {
    for (format, text) in [
        (Format::Yaml, "z: 1\na: 2\nm: 3"),
        (Format::Json, r#"{"z": 1, "a": 2, "m": 3}"#),
        (Format::Toml, "z = 1\na = 2\nm = 3"),
    ] {
        assert_eq!(json_of(format, text).to_string(), r#"{"z":1,"a":2,"m":3}"#, "{format}");
    }
}

#[test]
fn reads_aliases() {
    let text = "a: &x { k: [1] }\nb: *x\nc: &y text\nd: [*y, *x]\n";
    assert_eq!(
        json_of(Format::Yaml, text).to_string(),
        r#"{"a":{"k":[1]},"b":{"k":[1]},"c":"text","d":["text",{"k":[1]}]}"#
    );
}

#[test]
fn reads_what_json_escapes() {
    let text = r#"["\ud83d\ude00 \" \\ \/ \b\f\n\r\t", "é", -0, 1e3, 18446744073709551615]"#;
    assert_eq!(
        json_of(Format::Json, text),
        serde_json::from_str::<serde_json::Value>(text).unwrap()
    );
}

/// The error code, and the text at its location.
fn refusal(format: Format, text: &str) -> (&'static str, String) {
    let error = Document::parse("test", format, text).unwrap_err();
    let (file, span) = error.location().unwrap();
    (error.code(), file.text.get(span).unwrap().to_owned())
}

#[test]
fn refuses_what_breaks_the_format() {
    use Format::{Json, Toml, Yaml};
    let cases = [
        ("yaml: empty", Yaml, "", "config::empty", ""),
        ("yaml: only a comment", Yaml, "# nothing\n", "config::empty", ""),
        ("yaml: only a marker", Yaml, "---\n", "config::empty", ""),
        ("yaml: duplicate key", Yaml, "a: 1\nb: 2\na: 3\n", "config::duplicate_key", "a"),
        ("yaml: key in two styles", Yaml, "a: 1\n\"a\": 3\n", "config::duplicate_key", "\"a\""),
        ("yaml: merge key", Yaml, "x: &x {a: 1}\ny: {<<: *x}\n", "config::merge_key", "<<"),
        ("yaml: two documents", Yaml, "a: 1\n---\nb: 2\n", "config::several_documents", "---"),
        ("yaml: list as a key", Yaml, "? [a]\n: b\n", "config::key_not_text", "["),
        ("yaml: empty key", Yaml, ": b\n", "config::key_not_text", ""),
        ("yaml: tag", Yaml, "a: !Ref b\n", "config::tag", "b"),
        ("yaml: unknown anchor", Yaml, "a: *b\n", "config::unknown_anchor", "*"),
        ("yaml: alias in its anchor", Yaml, "a: &a [*a]\n", "config::alias_within_itself", "*a"),
        (
            "yaml: too large",
            Yaml,
            "a: 123456789012345678901\n",
            "config::number_out_of_range",
            "123456789012345678901",
        ),
        ("yaml: cut off in a text", Yaml, "a: \"b", "config::truncated", "\""),
        ("yaml: tab", Yaml, "a:\n\tb: 1\n", "config::tab", "\t"),
        ("json: empty", Json, " \n", "config::empty", ""),
        ("json: cut off in a map", Json, "{\"a\": 1", "config::truncated", ""),
        ("json: cut off in a text", Json, "{\"a", "config::truncated", "\"a"),
        ("json: cut off in an escape", Json, "[\"a\\", "config::truncated", "\"a\\"),
        (
            "json: duplicate key",
            Json,
            r#"{"a": 1, "\u0061": 2}"#,
            "config::duplicate_key",
            r#""\u0061""#,
        ),
        ("json: comma at the end", Json, "[1,]", "config::malformed", "]"),
        ("json: comment", Json, "// x\n{}", "config::malformed", "/"),
        ("json: line break in a text", Json, "[\"a\nb\"]", "config::malformed", "\"a\nb\""),
        ("json: half a pair", Json, r#"["\ud83d"]"#, "config::malformed", r#""\ud83d""#),
        ("json: zero before digits", Json, "[012]", "config::malformed", "012"),
        ("json: number with a plus", Json, "[+1]", "config::malformed", "+"),
        ("json: two values", Json, "{} {}", "config::malformed", "{"),
        ("json: word", Json, "[nul]", "config::malformed", "n"),
        ("json: too large", Json, "[1e999]", "config::number_out_of_range", "1e999"),
        (
            "json: inexact",
            Json,
            "[18446744073709551616]",
            "config::number_out_of_range",
            "18446744073709551616",
        ),
        ("toml: empty", Toml, "# nothing\n", "config::empty", ""),
        ("toml: duplicate key", Toml, "a = 1\na = 2\n", "config::duplicate_key", "a"),
        ("toml: cut off", Toml, "a = [1,", "config::truncated", ""),
        ("toml: no value", Toml, "a =\nb = 1\n", "config::malformed", ""),
        ("toml: infinite", Toml, "a = inf\n", "config::number_out_of_range", "inf"),
    ];
    for (name, format, text, code, blamed) in cases {
        assert_eq!(refusal(format, text), (code, blamed.to_owned()), "{name}");
    }
}

#[test]
fn shows_both_places_of_a_duplicate_key() {
    for (format, text) in
        [(Format::Yaml, "ab: 1\nc: 2\nab: 3\n"), (Format::Json, r#"{"ab":1,"c":2,"ab":3}"#)]
    {
        let error = Document::parse("test", format, text).unwrap_err();
        let (first, what) = error.related().unwrap();
        assert_eq!(
            (text.get(first.clone()).unwrap().trim_matches('"'), what),
            ("ab", "first defined here")
        );
        assert!(first.end < error.location().unwrap().1.start);
    }
}

fn lines(count: usize, line: impl Fn(usize) -> String) -> String {
    (0..count).map(line).collect::<Vec<_>>().join("\n")
}

#[test]
fn survives_depth() {
    for levels in [200, 10_000] {
        let cases = [
            (Format::Yaml, "[".repeat(levels)),
            (Format::Yaml, "- ".repeat(levels)),
            (Format::Yaml, lines(levels, |n| format!("{}a:", " ".repeat(n)))),
            (Format::Json, "[".repeat(levels)),
            (Format::Json, "{\"a\":".repeat(levels)),
            (Format::Toml, format!("a = {}", "[".repeat(levels))),
            (Format::Toml, format!("a = {}", "{a = ".repeat(levels))),
        ];
        for (format, text) in cases {
            assert_eq!(refusal(format, &text).0, "config::too_deep", "{format} {levels}");
        }
    }
    // Nested to the limit, and dropped without a problem.
    let text = format!("{}{}", "[".repeat(128), "]".repeat(128));
    assert!(Document::parse("test", Format::Json, &text).is_ok());
    assert!(Document::parse("test", Format::Yaml, &text).is_ok());
    // Each anchor adds its own depth to the depth of the previous one.
    let chain = lines(100, |n| match n {
        0 => "a0: &a0 [[1]]".to_owned(),
        _ => format!("a{n}: &a{n} [[*a{}]]", n - 1),
    });
    assert_eq!(refusal(Format::Yaml, &chain).0, "config::too_deep");
}

#[test]
fn refuses_alias_bombs() {
    let bomb = lines(10, |n| match n {
        0 => "a0: &a0 [x, x, x, x, x, x, x, x, x]".to_owned(),
        _ => format!("a{n}: &a{n} [{}]", vec![format!("*a{}", n - 1); 9].join(", ")),
    });
    assert_eq!(refusal(Format::Yaml, &bomb).0, "config::alias_budget");
    let long = format!("a: &a {}\nb: [{}]\n", "x".repeat(100_000), vec!["*a"; 3000].join(", "));
    assert_eq!(refusal(Format::Yaml, &long).0, "config::alias_budget");
}

#[test]
fn refuses_what_is_no_config_file() {
    let folder = std::env::temp_dir().join(format!("ecrane-load-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("latin1.yaml"), b"a: \xe9").unwrap();
    std::fs::write(folder.join("config.txt"), b"a: 1").unwrap();
    std::fs::write(folder.join("config.YML"), b"stacks: {}").unwrap();
    let code = |name: &str| Document::load(&folder.join(name)).err().map(|error| error.code());
    assert_eq!(code(""), Some("config::directory"));
    assert_eq!(code("none.yaml"), Some("config::missing_file"));
    assert_eq!(code("config.txt"), Some("config::unknown_format"));
    assert_eq!(code("latin1.yaml"), Some("config::not_utf8"));
    assert_eq!(code("config.YML"), None);
    let error = Document::load(&folder.join("latin1.yaml")).unwrap_err();
    assert!(matches!(error, LoadError::NotUtf8 { offset: 3, .. }));
    std::fs::remove_dir_all(&folder).unwrap();
}

fn decode(text: &str) -> Result<Config, (&'static str, String, bool)> {
    let document = Document::parse("test", Format::Yaml, text).unwrap();
    document.decode().map_err(|problem| {
        (problem.fact.code(), problem.place.to_string(), problem.place.is_on_key())
    })
}

#[expect(clippy::too_many_lines, reason = "a table")]
#[test]
fn tells_the_place_of_the_first_wrong_value() {
    let stack = |text: &str| format!("stacks: {{ S: {{ {text} }} }}");
    let cases = [
        ("missing key", "{}".to_owned(), "config::missing_key", "", true),
        ("unknown key", stack("keyz: {}"), "config::unknown_key", "/stacks/S/keyz", true),
        (
            "number for a text",
            stack("env: { account: 111122223333 }"),
            "config::wrong_type",
            "/stacks/S/env/account",
            false,
        ),
        (
            "text for a bool",
            stack("terminationProtection: yes"),
            "config::wrong_type",
            "/stacks/S/terminationProtection",
            false,
        ),
        (
            "null for a text",
            stack("stackName:"),
            "config::wrong_type",
            "/stacks/S/stackName",
            false,
        ),
        ("null for a map", stack("keys:"), "config::wrong_type", "/stacks/S/keys", false),
        (
            "no such word",
            stack("repositories: { a/b: { encryption: SSE } }"),
            "config::not_one_of",
            "/stacks/S/repositories/a~1b/encryption",
            false,
        ),
        (
            "list for a word",
            stack("repositories: { A: { encryption: [KMS] } }"),
            "config::wrong_type",
            "/stacks/S/repositories/A/encryption",
            false,
        ),
        (
            "no kind",
            stack("principals: { P: {} }"),
            "config::invalid",
            "/stacks/S/principals/P",
            false,
        ),
        (
            "two kinds",
            stack("principals: { P: { userArn: a, roleArn: b } }"),
            "config::invalid",
            "/stacks/S/principals/P",
            false,
        ),
        (
            "in a list",
            stack("repositories: { A: { grants: [{ to: [X, { star: false }], allow: pull }] } }"),
            "config::invalid",
            "/stacks/S/repositories/A/grants/0/to/1/star",
            false,
        ),
        (
            "a number for a grantee",
            stack("repositories: { A: { grants: [{ to: 5, allow: pull }] } }"),
            "config::invalid",
            "/stacks/S/repositories/A/grants/0/to",
            false,
        ),
        (
            "neither allow nor actions",
            stack("repositories: { A: { grants: [{ to: X }] } }"),
            "config::invalid",
            "/stacks/S/repositories/A/grants/0",
            false,
        ),
        (
            "negative",
            stack("repositories: { A: { lifecycleRules: [{ maxImageCount: -1 }] } }"),
            "config::out_of_range",
            "/stacks/S/repositories/A/lifecycleRules/0/maxImageCount",
            false,
        ),
        (
            "fraction",
            stack("repositories: { A: { lifecycleRules: [{ maxImageCount: 1.0 }] } }"),
            "config::wrong_type",
            "/stacks/S/repositories/A/lifecycleRules/0/maxImageCount",
            false,
        ),
        (
            "action of nobody",
            stack(
                "repositories: { A: { grants: [{ to: { arn: a, assumeRoleAction: b }, allow: pull }] } }",
            ),
            "config::missing_key",
            "/stacks/S/repositories/A/grants/0/to",
            true,
        ),
        ("not a map at all", "[]".to_owned(), "config::wrong_type", "", false),
    ];
    for (name, text, code, place, on_key) in cases {
        assert_eq!(decode(&text), Err((code, place.to_owned(), on_key)), "{name}");
    }
}

#[test]
fn finds_places() {
    let text =
        "stacks:\n  S:\n    repositories:\n      App: {}\n    tags: [x, y]\n    description:\n";
    let document = Document::parse("test", Format::Yaml, text).unwrap();
    let stack = Place::default().key("stacks").key("S");
    let app = stack.key("repositories").key("App");
    let cases = [
        (app.clone(), "{}"),
        (app.clone().on_key(), "App"),
        (app.key("grants").index(3), "App"),
        (stack.key("tags").index(1), "y"),
        (stack.key("tags").index(7), "tags"),
        (stack.key("tags"), "[x, y]"),
        (stack.key("repositories"), "App: {}"),
        (stack.key("description").on_key(), "description"),
        // A missing value has no bytes of its own.
        (stack.key("description"), "description"),
        (Place::default().key("nothing"), text.trim_end().trim_end_matches(':')),
    ];
    for (place, expected) in cases {
        let location = document.locate(&place).unwrap();
        assert_eq!(text.get(location.span), Some(expected), "{place}");
    }
    let anything = serde_json::json!({ "a": [1, null, { "b": 1.5 }] });
    let text = format!(
        "stacks: {{ S: {{ repositories: {{ A: {{ events: {{ E: {{ on: event, targets: [{{ arn: a, input: {anything} }}] }} }} }} }} }} }}"
    );
    let config = decode(&text).unwrap();
    assert_eq!(config.stacks["S"].repositories["A"].events["E"].targets[0].input, Some(anything));
}

#[test]
fn a_reference_of_another_language_is_a_warning() {
    let text = "
stacks:
  R:
    repositories:
      A:
        resourcePolicy:
          - principals: [{ arn: 'arn:aws:iam::${AWS::AccountId}:root' }]
            actions: ['ecr:BatchGetImage']
            conditions: { StringLike: { 'aws:PrincipalArn': '${aws:PrincipalTag/team}' } }
        terraform: { force_delete: '${var.force}' }
        events:
          E: { on: event, targets: [{ arn: 'arn:aws:sns:eu-west-1:111122223333:a', input: '${x.y}' }] }
";
    let document = Document::parse("ecrane.yaml", Format::Yaml, text).unwrap();
    let graph = document.decode().unwrap().build().unwrap();
    let told: Vec<_> = graph.warnings().iter().map(|warning| warning.fact.code()).collect();
    assert_eq!(told, ["config::pseudo_parameter"]);
    let place = graph.warnings()[0].place.to_string();
    assert_eq!(place, "/stacks/R/repositories/A/resourcePolicy/0/principals/0/arn");
}
