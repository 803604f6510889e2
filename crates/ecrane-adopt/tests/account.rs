//! Output of the AWS CLI. The files in `account` were printed by the AWS CLI 1.45 against moto.

#![expect(clippy::unwrap_used, clippy::disallowed_methods, reason = "a test fails by panicking")]

use std::fs;
use std::path::{Path, PathBuf};

use ecrane_adopt::{Adoption, Source, SourceError, adopt};
use indexmap::IndexMap;
use serde_json::{Value, json};

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found.sort();
    found
}

fn recorded() -> Vec<Source> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/account");
    let source = |path: PathBuf| Source {
        name: path.strip_prefix(&folder).unwrap().to_str().unwrap().to_owned(),
        text: fs::read_to_string(path).unwrap(),
    };
    files(&folder).into_iter().map(source).collect()
}

fn source(name: &str, document: &Value) -> Source {
    Source { name: name.to_owned(), text: document.to_string() }
}

fn repository(name: &str, region: &str) -> Value {
    json!({
        "repositoryArn": format!("arn:aws:ecr:{region}:111122223333:repository/{name}"),
        "registryId": "111122223333",
        "repositoryName": name,
        "repositoryUri": format!("111122223333.dkr.ecr.{region}.amazonaws.com/{name}"),
        "createdAt": 1.0,
        "imageTagMutability": "MUTABLE",
        "imageScanningConfiguration": { "scanOnPush": false },
        "encryptionConfiguration": { "encryptionType": "AES256" },
    })
}

fn repositories(items: &[Value]) -> Value {
    json!({ "repositories": items })
}

fn adopted(sources: &[Source]) -> Adoption {
    adopt(sources, &IndexMap::new()).unwrap()
}

fn complete(sources: &[Source]) -> String {
    let adoption = adopted(sources);
    assert!(adoption.problems.is_none(), "{:?}", adoption.problems);
    assert_eq!(adoption.not_adopted, []);
    adoption.yaml()
}

fn refused(sources: &[Source]) -> Vec<SourceError> {
    adopt(sources, &IndexMap::new()).unwrap_err()
}

const EXPECTED: &str = r#"stacks:
  Registry:
    env:
      account: "111122223333"
      region: eu-west-1
    repositories:
      ShopApp:
        repositoryName: shop/app
        imageScanOnPush: true
        imageTagMutability: IMMUTABLE
        tags: { team: shop }
        lifecycleRules:
          - { maxImageCount: 50 }
        grants:
          - { to: { account: "444455556666" }, allow: pull }
      ShopWeb:
        repositoryName: shop/web
        encryptionKey: { keyArn: "arn:aws:kms:eu-west-1:111122223333:key/aws-ecr" }
      BaseAlpine:
        repositoryName: base/alpine
    registry:
      pullThroughCacheRules:
        EcrPublic: { ecrRepositoryPrefix: ecr-public, upstreamRegistryUrl: public.ecr.aws }
      creationTemplates:
        Team:
          prefix: team
          appliedFor: [PULL_THROUGH_CACHE, REPLICATION]
          imageTagMutability: IMMUTABLE
          resourceTags: { a: b }
      policy:
        - sid: a
          principals:
            - { account: "444455556666" }
          actions: ["ecr:ReplicateImage"]
          resources: ["arn:aws:ecr:eu-west-1:111122223333:repository/*"]
      replication:
        rules:
          - destinations:
              - { region: eu-central-1, registryId: "111122223333" }
            repositoryFilters:
              - { filter: shop/, filterType: PREFIX_MATCH }
      scanning:
        scanType: ENHANCED
        rules:
          - scanFrequency: CONTINUOUS_SCAN
            repositoryFilters:
              - { filter: shop/*, filterType: WILDCARD }
  Gallery:
    env:
      account: "111122223333"
      region: us-east-1
    publicRepositories:
      Tools:
        repositoryName: tools
"#;

#[test]
fn an_account_is_adopted_as_a_person_would_write_it() {
    assert_eq!(complete(&recorded()), EXPECTED);
}

#[test]
fn the_documents_can_be_one_stream_in_any_order() {
    // Tags and catalog data do not name their repository: only their path does.
    let is_named = |it: &Source| it.name.starts_with("tags/") || it.name == "public/tools.json";
    let (tags, mut others): (Vec<_>, Vec<_>) = recorded().into_iter().partition(is_named);
    others.reverse();
    let text = others.into_iter().map(|it| it.text).collect::<Vec<_>>().join("\n");
    let stream = Source { name: "-".to_owned(), text };
    let sources: Vec<_> = [stream].into_iter().chain(tags).collect();
    assert_eq!(complete(&sources), EXPECTED);
}

#[test]
fn a_page_is_not_the_whole() {
    for key in ["nextToken", "NextToken"] {
        let mut page = repositories(&[repository("shop/app", "eu-west-1")]);
        page.as_object_mut().unwrap().insert(key.to_owned(), "abc".into());
        let name = "repositories.json".to_owned();
        let page = source(&name, &page);
        let alone = std::slice::from_ref(&page);
        assert_eq!(refused(alone), [SourceError::NotWhole { name: name.clone() }]);
        // That of another region is not its last one.
        let other = source("other.json", &repositories(&[repository("shop/web", "us-east-1")]));
        assert_eq!(refused(&[page.clone(), other]), [SourceError::NotWhole { name }]);
        let last = source("2.json", &repositories(&[repository("shop/web", "eu-west-1")]));
        assert!(complete(&[page, last]).contains("ShopWeb"));
    }
    // `aws --output yaml-stream` writes a list of pages.
    let pages = json!([repositories(&[repository("shop/app", "eu-west-1")])]);
    assert!(complete(&[source("pages.yaml", &pages)]).contains("ShopApp"));
}

/// A plan that takes over the policy changes nothing: its statements stay as they are.
#[test]
fn a_statement_for_two_accounts() {
    let accounts = ["444455556666", "555566667777"].map(|it| format!("arn:aws:iam::{it}:root"));
    let pull =
        ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"];
    let policy = json!({ "Version": "2012-10-17", "Statement": [
        { "Effect": "Allow", "Principal": { "AWS": accounts }, "Action": pull },
        { "Effect": "Allow", "Principal": { "AWS": "666677778888" }, "Action": pull },
    ] });
    let policy = json!({ "repositoryName": "shop/app", "policyText": policy.to_string() });
    let all = repositories(&[repository("shop/app", "eu-west-1")]);
    let adoption = adopted(&[source("a.json", &all), source("policy.json", &policy)]);
    assert_eq!(adoption.not_adopted, []);
    let app = &adoption.config["stacks"]["Registry"]["repositories"]["ShopApp"];
    let to = |id: &str| json!({ "account": id });
    assert_eq!(
        app["resourcePolicy"][0]["principals"],
        json!([to("444455556666"), to("555566667777")])
    );
    assert_eq!(app["grants"], json!([{ "to": to("666677778888"), "allow": "pull" }]));
}

#[test]
fn what_has_no_key_is_refused_and_not_dropped() {
    let mut app = repository("shop/app", "eu-west-1");
    app["somethingNew"] = json!({ "a": 1 });
    let policy = json!({ "rules": [{ "rulePriority": 1, "action": { "type": "keep" },
        "selection": { "tagStatus": "any", "countType": "imageCountMoreThan", "countNumber": 1 } }] });
    let lifecycle = json!({ "registryId": "111122223333", "repositoryName": "shop/app",
        "lifecyclePolicyText": policy.to_string() });
    let sources = [source("a.json", &repositories(&[app])), source("lifecycle.json", &lifecycle)];
    let found: Vec<_> =
        adopted(&sources).not_adopted.iter().map(|it| it.address().to_string()).collect();
    assert!(found.contains(&"shop/app.somethingNew".to_owned()), "{found:?}");
    assert!(found.iter().any(|it| it.contains("shop/app.LifecyclePolicy")), "{found:?}");
}

#[test]
fn what_a_stack_has_is_named() {
    let tags = json!({ "tags": [
        { "Key": "aws:cloudformation:stack-name", "Value": "Shop" },
        { "Key": "team", "Value": "shop" },
    ] });
    let all = repositories(&[repository("app", "eu-west-1"), repository("shop/app", "eu-west-1")]);
    let sources = [source("repositories.json", &all), source("tags/shop/app.json", &tags)];
    let adoption = adopted(&sources);
    let told: Vec<_> = adoption.not_adopted.iter().map(ToString::to_string).collect();
    let expected = "`shop/app`: it belongs to the CloudFormation stack `Shop`: adopt its template";
    assert_eq!(told, [expected]);
    // The longest name is the whole one.
    let yaml = adoption.yaml();
    assert!(yaml.contains("shop/app\n        tags: { team: shop }"), "{yaml}");
}

#[test]
fn regions_are_told_apart_by_directories() {
    let of = |region: &str| repositories(&[repository("shop/app", region)]);
    let policy = |days: u32| {
        let text = json!({ "rules": [{ "rulePriority": 1, "action": { "type": "expire" },
            "selection": { "tagStatus": "untagged", "countType": "sinceImagePushed",
                "countUnit": "days", "countNumber": days } }] });
        json!({ "registryId": "111122223333", "repositoryName": "shop/app",
            "lifecyclePolicyText": text.to_string() })
    };
    let both = [
        source("eu-west-1/repositories.json", &of("eu-west-1")),
        source("eu-west-1/lifecycle.json", &policy(7)),
        source("us-gov-west-1/repositories.json", &of("us-gov-west-1")),
        source("us-gov-west-1/lifecycle.json", &policy(30)),
    ];
    let yaml = complete(&both);
    let week = yaml.find("maxImageAge: \"7d\"").unwrap();
    let month = yaml.find("maxImageAge: \"30d\"").unwrap();
    let second = yaml.find("RegistryUsGovWest1").unwrap();
    assert!(yaml.find("RegistryEuWest1").unwrap() < week && week < second && second < month);

    let [first, _, third, _] = both;
    let errors = refused(&[first, third, source("lifecycle.json", &policy(7))]);
    let [SourceError::Malformed { name, reason }] = errors.as_slice() else {
        panic!("{errors:?}");
    };
    assert_eq!(name, "lifecycle.json");
    assert!(reason.contains("directory of its name"), "{reason}");
}

#[test]
fn a_document_about_an_unknown_repository_is_an_error() {
    let all = repositories(&[repository("shop/app", "eu-west-1")]);
    let tags = json!({ "tags": [{ "Key": "a", "Value": "b" }] });
    let policy = json!({ "registryId": "111122223333", "repositoryName": "shop/web",
        "policyText": "{}" });
    let sources =
        [source("a.json", &all), source("tags.json", &tags), source("policy.json", &policy)];
    let errors = refused(&sources);
    assert_eq!(errors.len(), 2, "{errors:?}");
    assert!(errors.iter().all(|it| matches!(it, SourceError::Malformed { .. })), "{errors:?}");
}
