//! `--live`, with a server that answers as AWS does when it answers nothing useful. What an account
//! contains is tested on the emulated AWS: `cargo xtask conformance live`.

use std::net::TcpListener;

use crate::aws::{self, Aws};
use crate::case::{Case, Ran, run};

impl Aws {
    fn run(&self, case: &Case, args: &[&str]) -> Ran {
        live(case, &[("AWS_ENDPOINT_URL", &self.endpoint)], args)
    }
}

/// A run with credentials, without those of this machine, and without patience.
fn live(case: &Case, env: &[(&str, &str)], args: &[&str]) -> Ran {
    let mut command = case.ecrane();
    command.envs(aws::ENVIRONMENT);
    command
        .env("AWS_CONFIG_FILE", case.path("config"))
        .env("AWS_SHARED_CREDENTIALS_FILE", case.path("credentials"));
    for (name, value) in env {
        if value.is_empty() {
            command.env_remove(name);
        } else {
            command.env(name, value);
        }
    }
    run(command.args(args))
}

const CONFIG: &str = "\
stacks:
  Shop:
    repositories:
      App:
        repositoryName: shop/app
        lifecycleRules:
          - { maxImageCount: 1 }
      Unnamed:
        lifecycleRules:
          - { maxImageCount: 1 }
";

/// Both commands fail, with one error of this code, and write nothing.
fn fails(ran: &Ran, code: &str, message: &str) {
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(3), ""), "{}", ran.stderr);
    assert!(ran.stderr.contains(&format!("error[{code}]")), "{}", ran.stderr);
    assert!(ran.stderr.contains(message), "{}", ran.stderr);
    assert_eq!(ran.stderr.matches("error[").count(), 1, "{}", ran.stderr);
}

#[test]
fn each_error_of_aws_has_its_code() {
    let error = |name: &str| format!(r#"{{"__type":"{name}","message":"as AWS says"}}"#);
    for (status, body, code, message) in [
        (400, error("AccessDeniedException"), "aws::access_denied", "as AWS says"),
        (400, error("ExpiredTokenException"), "aws::credentials_rejected", "ExpiredTokenException"),
        (400, error("UnrecognizedClientException"), "aws::credentials_rejected", "as AWS says"),
        (400, error("ThrottlingException"), "aws::throttled", "AWS_MAX_ATTEMPTS"),
        (500, error("ServerException"), "aws::failed", "as AWS says (ServerException)"),
        (200, "<html>log in</html>".to_owned(), "aws::failed", "ecr:Describe"),
    ] {
        let aws = Aws::answers(status, &body);
        let case = Case::with(CONFIG);
        let ran = aws.run(&case, &["preview", "--live", "--repository", "App"]);
        fails(&ran, code, message);
        assert_eq!(
            aws.targets(),
            ["AmazonEC2ContainerRegistry_V20150921.DescribeImages"],
            "{code}"
        );
        if code != "aws::access_denied" {
            fails(&aws.run(&case, &["adopt", "--live", "--out", "-"]), code, message);
        }
    }
}

#[test]
fn the_name_of_a_denied_action_is_told() {
    let aws =
        Aws::answers(400, r#"{"__type":"AccessDeniedException","Message":"no \u001b[31mway"}"#);
    let case = Case::new();
    let ran = aws.run(&case, &["adopt", "--live"]);
    assert_eq!(ran.code, Some(3), "{}", ran.stderr);
    for action in
        ["ecr:DescribeRepositories", "ecr:GetRegistryPolicy", "ecr-public:DescribeRepositories"]
    {
        let message = format!("access denied for `{action}`");
        assert_eq!(ran.stderr.matches(&message).count(), 1, "{action}: {}", ran.stderr);
    }
    // What AWS says is no command to the terminal.
    assert!(!ran.stderr.contains('\u{1b}'), "{}", ran.stderr);
    assert!(case.names("").is_empty());
}

#[test]
fn a_repository_that_does_not_exist_has_no_images() {
    let aws = Aws::answers(
        400,
        r#"{"__type":"RepositoryNotFoundException","message":"The repository does not exist"}"#,
    );
    let case = Case::with(CONFIG);
    let ran = aws.run(&case, &["preview", "--live", "--repository", "App"]);
    fails(&ran, "aws::no_repository", "there is no repository `shop/app` in `eu-west-1`");
    // With all repositories, it may not be deployed yet.
    let ran = aws.run(&case, &["preview", "--live"]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    assert!(ran.stderr.contains("warning[aws::no_repository]"), "{}", ran.stderr);
    assert!(ran.stderr.contains("warning[preview::name_unknown]"), "{}", ran.stderr);
    let ran = aws.run(&case, &["preview", "--live", "--repository", "Unnamed"]);
    assert_eq!(ran.code, Some(1), "{}", ran.stderr);
    assert!(ran.stderr.contains("error[preview::name_unknown]"), "{}", ran.stderr);
}

#[test]
fn images_are_listed_with_all_statuses_and_previewed() {
    let image = |digit: char, at: u32| {
        let digest = digit.to_string().repeat(64);
        format!(
            r#"{{"registryId":"111122223333","repositoryName":"shop/app","imageDigest":"sha256:{digest}",
            "imageTags":["v{digit}"],"imageSizeInBytes":1,"imagePushedAt":{at}.5,"imageStatus":"ACTIVE"}}"#
        )
    };
    let page = format!(
        r#"{{"imageDetails":[{},{}]}}"#,
        image('1', 1_700_000_000),
        image('2', 1_700_000_009)
    );
    let aws = Aws::answers(200, &page);
    let case = Case::with(CONFIG);
    let ran = aws.run(&case, &["preview", "--live", "--repository", "App", "--format", "csv"]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    let of = |digit: char| {
        let digest = digit.to_string().repeat(64);
        ran.stdout.lines().find(|it| it.contains(&digest)).unwrap().to_owned()
    };
    assert!(of('1').contains(",expire,") && !of('2').contains(",expire,"), "{}", ran.stdout);
}

#[test]
fn without_credentials_region_or_network() {
    let case = Case::with(CONFIG);
    for args in
        [&["adopt", "--live", "--out", "-"][..], &["preview", "--live", "--repository", "App"]]
    {
        let none = [("AWS_ACCESS_KEY_ID", ""), ("AWS_SECRET_ACCESS_KEY", "")];
        fails(&live(&case, &none, args), "aws::no_credentials", "aws sso login");
        fails(&live(&case, &[("AWS_REGION", "")], args), "aws::no_region", "--region eu-west-1");
        // A port that nothing listens to any more.
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let endpoint = format!("http://{port}");
        let ran = live(&case, &[("AWS_ENDPOINT_URL", &endpoint)], args);
        fails(&ran, "aws::unreachable", &endpoint);
    }
}

/// As for the AWS CLI, a profile that is named has precedence over keys in the environment.
#[test]
fn a_profile_has_precedence_over_the_environment() {
    let aws = Aws::answers(400, r#"{"__type":"ExpiredTokenException","message":"expired"}"#);
    let case = Case::with(CONFIG);
    let args = ["preview", "--live", "--repository", "App", "--profile", "shop"];
    let ran = aws.run(&case, &args);
    fails(&ran, "aws::no_credentials", "shop");
    assert!(aws.targets().is_empty());
    case.write("config", "[profile shop]\naws_access_key_id = AKIA\naws_secret_access_key = it\n");
    fails(&aws.run(&case, &args), "aws::credentials_rejected", "expired");
}

#[test]
fn arguments_that_exclude_each_other() {
    let case = Case::with(CONFIG);
    for args in [
        &["adopt", "--live", "Shop.json"][..],
        &["adopt", "Shop.json", "--region", "eu-west-1"],
        &["adopt", "--live", "--region", "here"],
        &["preview", "--live", "--images", "images.json"],
        &["preview", "--live", "--policy", "policy.json"],
        &["preview", "--images", "images.json", "--profile", "shop"],
    ] {
        let ran = case.run(args);
        assert_eq!(ran.code, Some(2), "{args:?}: {}", ran.stderr);
    }
}
