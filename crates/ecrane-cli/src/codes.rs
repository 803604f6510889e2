//! The wording of the diagnostics of the command line, in `tests/codes.md`.
//!
//! The test `diagnostics` of `ecrane` checks that none is missing.

#[path = "../../ecrane/tests/diagnostics/catalogue.rs"]
mod catalogue;

use std::io;
use std::path::{Path, PathBuf};

use ecrane_adopt::{NotAdopted, Source, SourceAddress, SourceError};
use ecrane_cloudformation::StackResourcesError;
use ecrane_report::FilterError;
use ecrane_terraform::{Ledger, StateError};
use indexmap::IndexMap;

use catalogue::Catalogue;

use crate::access::error::AccessError;
use crate::address_ledger::FileError;
use crate::adopt::AdoptError;
use crate::args::{BackendName, FailOn, Layout};
use crate::caller::{CallerError, Cli, Unread};
use crate::config_file::ConfigFileError;
use crate::diff::{AgainstError, FailsOn};
use crate::explain::UnknownCode;
use crate::import_ids::ImportIdsError;
use crate::init::InitError;
use crate::input::NowhereError;
use crate::man::ManError;
use crate::output::OutputError;
use crate::preview::error::PreviewError;
use crate::print::PrintError;
use crate::synth::SynthError;
use crate::whole_file;

fn refused() -> io::Error {
    io::Error::other("permission denied")
}

fn not_json() -> serde_json::Error {
    serde_json::from_str::<serde_json::Value>("").unwrap_err()
}

#[test]
fn wording() {
    let mut catalogue = Catalogue::default();
    before_synth(&mut catalogue);
    synth(&mut catalogue);
    import(&mut catalogue);
    output(&mut catalogue);
    access(&mut catalogue);
    graph(&mut catalogue);
    adopt(&mut catalogue);
    #[cfg(feature = "aws")]
    aws(&mut catalogue);
    diff(&mut catalogue);
    preview(&mut catalogue);
    catalogue.compare(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/codes.md"));
}

fn before_synth(catalogue: &mut Catalogue) {
    let name = || "CDK_CONTEXT_JSON".to_owned();
    catalogue.add([
        CallerError::Hcl,
        CallerError::Context { name: name(), source: not_json() },
        CallerError::ContextFile { name: name(), source: refused() },
    ]);
    let (cli, layout) = (Cli::Cdk, Layout::Cdk);
    catalogue.add([Unread { cli, wanted: PathBuf::from("cdk.out"), layout }]);
    catalogue.add([
        ConfigFileError::NotFound { start: PathBuf::from("shop") },
        ConfigFileError::Ambiguous { first: "ecrane.yaml".into(), second: "ecrane.toml".into() },
    ]);
    catalogue.add([NowhereError { source: refused() }]);
    catalogue.add([
        InitError::Exists { path: "shop/ecrane.yaml".into() },
        InitError::Io { path: "shop/ecrane.yaml".into(), source: refused() },
    ]);
    catalogue.add([UnknownCode {
        code: "config:unknown_key".to_owned(),
        suggestion: Some("config::unknown_key".to_owned()),
    }]);
    catalogue.add([ManError { path: "man1/ecrane.1".into(), source: refused() }]);
}

fn synth(catalogue: &mut Catalogue) {
    let known = || vec!["Shop".to_owned(), "Base".to_owned()];
    let path = || PathBuf::from("ecrane.addresses.json");
    catalogue.add([
        FileError::Io { action: "read", path: path(), source: refused() },
        FileError::Malformed { path: path(), source: Ledger::parse(b"").unwrap_err() },
        FileError::Outdated { path: path() },
        FileError::State { path: "terraform.tfstate".into(), source: StateError::NotAState },
        FileError::StateOfNoStack { state: "terraform.tfstate".to_owned(), known: known() },
        FileError::StateOfTargets { stack: "Registry".to_owned() },
    ]);
    catalogue.add([
        SynthError::NoBackend,
        SynthError::LayoutOfOther {
            layout: Layout::Cdk,
            asked: BackendName::Terraform,
            needed: BackendName::Cloudformation,
        },
        SynthError::StackOfCdktf,
        SynthError::LedgerOfTerraform,
        SynthError::RetainAllOfCloudformation,
        SynthError::UnknownStack {
            id: "Shp".to_owned(),
            known: known(),
            suggestion: Some("Shop".to_owned()),
        },
    ]);
}

fn import(catalogue: &mut Catalogue) {
    let path = || PathBuf::from("resources.json");
    let known = || vec!["Shop".to_owned(), "Base".to_owned()];
    catalogue.add([
        ImportIdsError::Io { path: path(), source: refused() },
        ImportIdsError::StackResources { path: path(), source: StackResourcesError::Malformed },
        ImportIdsError::StackResources { path: path(), source: StackResourcesError::NotWhole },
        ImportIdsError::State { path: path(), source: StateError::NotAState },
        ImportIdsError::OfNoStack { file: "resources.json".to_owned(), known: known() },
    ]);
}

fn output(catalogue: &mut Catalogue) {
    let folder = || PathBuf::from("out");
    let file = || folder().join("Shop.template.json");
    let io = |action| OutputError::Io { action, path: file(), source: refused() };
    catalogue.add([
        OutputError::NotOurs { path: file() },
        OutputError::Edited { path: file() },
        OutputError::LeadsOutside { path: folder().join("stacks") },
        OutputError::NotAFolder { path: folder() },
        OutputError::Busy { path: folder(), seconds: 30 },
        OutputError::Record { path: folder().join(".ecrane.json"), source: not_json() },
        io("write"),
        OutputError::HalfDone { path: folder(), source: Box::new(io("remove")) },
    ]);
    catalogue.add([PrintError { source: refused() }]);
}

fn preview(catalogue: &mut Catalogue) {
    let path = || PathBuf::from("images");
    let repository = || "shop/app".to_owned();
    let known = || vec![repository(), "shop/base".to_owned()];
    let (one, other) = ("111122223333".to_owned(), "444455556666".to_owned());
    catalogue.add([
        PreviewError::StdinTwice,
        PreviewError::PolicyForDirectory { path: path() },
        PreviewError::AgainstSeveral,
        PreviewError::NoRepository { known: known() },
        PreviewError::UnknownRepository {
            word: "shop/ap".to_owned(),
            known: known(),
            suggestion: Some(repository()),
        },
        PreviewError::AmbiguousRepository {
            word: "App".to_owned(),
            found: vec!["Shop/App".to_owned(), "Base/App".to_owned()],
        },
        PreviewError::NoPolicy { repository: repository() },
        PreviewError::NothingToPreview { path: path() },
        PreviewError::NoImages { path: path(), repository: repository() },
        PreviewError::UnnamedImages { path: path() },
        PreviewError::OtherRepository { expected: repository(), found: "shop/base".to_owned() },
        PreviewError::OtherRegistry { repository: repository(), expected: one, found: other },
        PreviewError::WithoutImages { path: path(), repositories: known() },
        PreviewError::WithoutPolicy { files: vec!["images/shop/ap.json".to_owned()] },
        PreviewError::NothingInUse { repository: repository() },
        PreviewError::Directory { path: path(), source: refused() },
    ]);
}

fn diff(catalogue: &mut Catalogue) {
    let name = || "deployed.json".to_owned();
    catalogue.add([
        AgainstError::Unreadable { name: name(), source: refused() },
        AgainstError::NotUtf8 { name: name() },
        AgainstError::Document { name: name(), source: ecrane_diff::ReadError::Unknown },
        AgainstError::NoOutput { folder: "out".to_owned() },
        AgainstError::Ambiguous,
        AgainstError::OtherBackend { name: name(), engine: "Terraform" },
        AgainstError::NoStack { name: name(), known: vec!["Shop".to_owned(), "Base".to_owned()] },
    ]);
    catalogue.add([
        FailsOn { on: FailOn::Replace, count: 1 },
        FailsOn { on: FailOn::Remove, count: 2 },
        FailsOn { on: FailOn::Wider, count: 1 },
        FailsOn { on: FailOn::Any, count: 3 },
    ]);
}

fn adopt(catalogue: &mut Catalogue) {
    let path = || PathBuf::from("ecrane.yaml");
    catalogue.add([
        AdoptError::Parameter { text: "Stage".to_owned() },
        AdoptError::NotYaml { path: "ecrane.json".into() },
        AdoptError::Exists { path: path() },
        AdoptError::Io { path: path(), source: refused() },
        AdoptError::Directory { path: "cdk.out".into(), source: refused() },
        AdoptError::NoSource { path: "cdk.out".into() },
    ]);
    let name = || "Shop.json".to_owned();
    for text in ["Resources: [", r#"{ "App": {}, "App": {} }"#] {
        let source = Source { name: name(), text: text.to_owned() };
        catalogue.add(ecrane_adopt::adopt(&[source], &IndexMap::new()).unwrap_err());
    }
    catalogue.add([
        SourceError::Unknown { name: name() },
        SourceError::Malformed { name: name(), reason: "version 3".to_owned() },
        SourceError::NotWhole { name: name() },
        SourceError::Empty { name: name() },
        SourceError::NoTemplate {
            name: "cdk.out/manifest.json".to_owned(),
            template: "Shop.template.json".to_owned(),
        },
        SourceError::NotDescribed { name: name(), known: vec!["Base".to_owned()] },
        SourceError::NoParameter {
            parameter: "Stge".to_owned(),
            suggestion: Some("Stage".to_owned()),
        },
        SourceError::Nothing,
    ]);
    let app = || SourceAddress::from("AppRepository");
    catalogue.add([
        NotAdopted::Foreign { address: "Logs".into(), kind: "AWS::S3::Bucket".to_owned() },
        NotAdopted::Foreign {
            address: "aws_s3_bucket.logs".into(),
            kind: "aws_s3_bucket".to_owned(),
        },
        NotAdopted::CdkMetadata { address: "CDKMetadata".into() },
        NotAdopted::Condition {
            address: app(),
            condition: "IsProd".to_owned(),
            parameters: vec!["Stage".to_owned()],
        },
        NotAdopted::Output {
            address: SourceAddress::from("Outputs").property("Bucket"),
            value: r#"{"Ref":"Logs"}"#.to_owned(),
        },
        NotAdopted::Inexpressible {
            address: app().property("RepositoryPolicyText"),
            reason: "statement has `NotAction`, which a config lacks".to_owned(),
        },
        NotAdopted::Parameter {
            address: app().property("RepositoryName"),
            parameter: "Stage".to_owned(),
        },
        NotAdopted::Differs {
            address: app(),
            action: "update",
            properties: vec!["LifecyclePolicy".to_owned()],
        },
    ]);
}

#[cfg(feature = "aws")]
fn aws(catalogue: &mut Catalogue) {
    use ecrane_aws::{AwsError, Creator, LeftOut, Operation};

    let operation = Operation::ALL.first().copied().unwrap();
    let region = || "eu-west-1".to_owned();
    let message = || "User: arn:aws:iam::111122223333:user/ana is not authorized".to_owned();
    catalogue.add([
        AwsError::NoRegion,
        AwsError::NoCredentials {
            profile: None,
            reason: "no providers in chain provided credentials".to_owned(),
        },
        AwsError::CredentialsRefused {
            code: "ExpiredTokenException".to_owned(),
            message: "The security token included in the request is expired".to_owned(),
        },
        AwsError::Denied { operation, region: region(), message: message() },
        AwsError::Unavailable {
            operation,
            region: region(),
            message: "The operation is not supported (UnknownOperationException)".to_owned(),
        },
        AwsError::NoRepository { repository: "shop/app".to_owned(), region: region() },
        AwsError::Throttled { operation, region: region(), message: "Rate exceeded".to_owned() },
        AwsError::Unreachable {
            endpoint: "`http://localhost:5000`".to_owned(),
            reason: "dispatch failure: io error: connection refused".to_owned(),
        },
        AwsError::NoRuntime { reason: "too many open files".to_owned() },
        AwsError::Failed {
            operation,
            region: region(),
            message: "an internal error occurred (ServerException)".to_owned(),
        },
    ]);
    let left_out =
        |name: &str, by| LeftOut { repositories: vec![name.to_owned()], region: region(), by };
    let bootstrap = "cdk-hnb659fds-container-assets-111122223333-eu-west-1";
    catalogue.add([
        left_out("hub/library/nginx", Creator::Cache { prefix: "hub".to_owned() }),
        left_out("shop/app", Creator::Replication { region: "us-east-1".to_owned() }),
        left_out(bootstrap, Creator::Bootstrap),
    ]);
    catalogue.add([
        PreviewError::NameUnknown { repositories: vec!["Shop/App".to_owned()] },
        PreviewError::NothingInAws,
    ]);
}

fn access(catalogue: &mut Catalogue) {
    catalogue.add([
        AccessError::NoValue { text: "aws:SourceIp".to_owned() },
        AccessError::FormatOfMatrix,
    ]);
}

fn graph(catalogue: &mut Catalogue) {
    let suggestion = |text: &str| Some(text.to_owned());
    catalogue.add([
        FilterError::Stack { word: "Shp".to_owned(), suggestion: suggestion("Shop") },
        FilterError::Repository { word: "shop/ap".to_owned(), suggestion: suggestion("shop/app") },
        FilterError::Principal { word: "build".to_owned(), suggestion: None },
    ]);
    catalogue.add([whole_file::FileError { path: "registry.svg".into(), source: refused() }]);
}
