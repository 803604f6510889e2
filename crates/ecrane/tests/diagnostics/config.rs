//! The config file.

use std::io;
use std::path::PathBuf;

use ecrane::config::{
    Config, ConfigError, Document, FlagError, Format, LoadError, MergeError, Shape, ShapeError,
};
use ecrane::{Place, ReferenceWarning};
use ecrane_document::{SyntaxError, SyntaxErrorKind};
use serde_json::json;

use crate::catalogue::Catalogue;

pub(crate) fn add(catalogue: &mut Catalogue) {
    syntax(catalogue);
    loading(catalogue);
    shapes(catalogue);
    merging(catalogue);
    let id = || "Builder".to_owned();
    let pseudo = |parameter: &str| ReferenceWarning::Pseudo {
        written: format!("${{AWS::{parameter}}}"),
        parameter: parameter.to_owned(),
    };
    catalogue
        .add(["AccountId", "Region", "Partition", "StackName", "URLSuffix", "StackId"].map(pseudo));
    catalogue.add([ReferenceWarning::Other { written: "${data.aws_iam_role.ci.arn}".to_owned() }]);
    catalogue.add([
        ConfigError::UnknownId {
            what: "principal",
            id: "Bilder".to_owned(),
            suggestion: Some(id()),
        },
        ConfigError::PrincipalLater { id: id() },
        ConfigError::BareAccount { id: "444455556666".to_owned() },
        ConfigError::ImportedHas { what: "repository", property: "lifecycleRules" },
        ConfigError::OnlyWith { property: "key", with: "encryption: KMS" },
        ConfigError::NoAttribute {
            what: "repository",
            attribute: "roleArn",
            known: &["repositoryArn", "repositoryName"],
        },
        ConfigError::Both { one: "maxImageAge", other: "maxImageCount" },
    ]);
    flags(catalogue);
}

fn syntax(catalogue: &mut Catalogue) {
    let reason = || "expected `:`".to_owned();
    let malformed = |format| SyntaxErrorKind::Malformed { format, reason: reason() };
    let kinds = [
        SyntaxErrorKind::Empty,
        SyntaxErrorKind::Truncated { reason: reason() },
        malformed(Format::Yaml),
        malformed(Format::Json),
        malformed(Format::Toml),
        SyntaxErrorKind::DuplicateKey { key: "stacks".to_owned(), first: Some(0..1) },
        SyntaxErrorKind::TooDeep { limit: 128 },
        SyntaxErrorKind::NumberOutOfRange { written: "1e999".to_owned() },
        SyntaxErrorKind::SeveralDocuments,
        SyntaxErrorKind::MergeKey,
        SyntaxErrorKind::Tab,
        SyntaxErrorKind::KeyNotText,
        SyntaxErrorKind::Tag { tag: "!Ref".to_owned() },
        SyntaxErrorKind::UnknownAnchor,
        SyntaxErrorKind::AliasWithinItself,
        SyntaxErrorKind::AliasBudget { limit: 1_000_000 },
    ];
    catalogue.add(kinds.map(|kind| SyntaxError { span: 0..1, kind }));
}

fn loading(catalogue: &mut Catalogue) {
    let path = || PathBuf::from("ecrane.yaml");
    catalogue.add([
        LoadError::Missing { path: path() },
        LoadError::Directory { path: "configs".into() },
        LoadError::Unreadable { path: path(), source: io::Error::other("permission denied") },
        LoadError::NotAFile { path: path() },
        LoadError::TooLarge { path: path(), limit: 512 },
        LoadError::UnknownFormat { path: "ecrane.ini".into() },
        LoadError::NotUtf8 { path: path(), offset: 7 },
        Document::parse("ecrane.yaml", Format::Yaml, "").unwrap_err(),
    ]);
}

fn shapes(catalogue: &mut Catalogue) {
    let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
    catalogue.add([
        ShapeError::UnknownKey {
            key: "stack".to_owned(),
            known: words(&["stacks", "backend"]),
            suggestion: Some("stacks".to_owned()),
        },
        ShapeError::UnknownKey { key: "x".to_owned(), known: words(&["stacks"]), suggestion: None },
        ShapeError::MissingKey { key: "stacks".to_owned() },
        ShapeError::WrongType {
            expected: vec![Shape::Text, Shape::List],
            found: Shape::Number,
            written: Some("7".to_owned()),
        },
        ShapeError::WrongType { expected: vec![Shape::Map], found: Shape::Null, written: None },
        ShapeError::NotOneOf {
            word: "pul".to_owned(),
            words: words(&["pull", "pullPush"]),
            suggestion: Some("pull".to_owned()),
        },
        ShapeError::NoneOfKeys { keys: words(&["role", "user", "group"]) },
        ShapeError::SeveralOfKeys { given: words(&["role", "user"]) },
        ShapeError::AwsForm { form: "principal", translation: r#"{"any":true}"#.to_owned() },
        ShapeError::DurationWithoutUnit { number: "30".to_owned() },
        ShapeError::OutOfRange {
            number: "0".to_owned(),
            minimum: "1".to_owned(),
            maximum: "4294967295".to_owned(),
        },
        ShapeError::Other { reason: "must have at least 1 item".to_owned() },
    ]);
}

fn merging(catalogue: &mut Catalogue) {
    let pattern = || "teams/*.yaml".to_owned();
    catalogue.add([
        MergeError::PresetCircle { chain: vec!["a".to_owned(), "b".to_owned(), "a".to_owned()] },
        MergeError::PresetHas { property: "repositoryName" },
        MergeError::PresetBudget { limit: 32 },
        MergeError::NoFolder,
        MergeError::Pattern { pattern: "teams/[".to_owned(), reason: "invalid range pattern" },
        MergeError::Outside { pattern: "../*.yaml".to_owned() },
        MergeError::NoMatch { pattern: pattern() },
        MergeError::Unreadable {
            folder: "teams".to_owned(),
            reason: "permission denied".to_owned(),
        },
        MergeError::DefinedTwice { key: "Shop".to_owned(), first: Place::default() },
    ]);
}

fn flags(catalogue: &mut Catalogue) {
    let flag = "@aws-cdk/aws-iam:minimizePolicies";
    catalogue.add([
        FlagError::Unknown {
            flag: flag.replace("minimize", "minimise"),
            suggestion: Some(flag.to_owned()),
        },
        FlagError::Value { flag: flag.to_owned() },
        FlagError::Cdk1,
    ]);
    let config: Config = serde_json::from_value(json!({ "stacks": {} })).unwrap();
    let context = json!({ flag: true });
    let problems = config.differing_flags(context.as_object().unwrap());
    assert_eq!(problems.len(), 1);
    catalogue.add_private("FlagDiffers", &problems[0]);
}
