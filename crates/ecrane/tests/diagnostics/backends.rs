//! CloudFormation and Terraform.

use ecrane::cloudformation::{StackResourcesError, TemplateError};
use ecrane::terraform::{
    Address, BackendError, Ledger, StateError, TerraformError, TerraformWarning, Version,
    VersionConstraintError,
};
use ecrane::{ImportError, ImportWarning};
use ecrane_document::{Position, SyntaxErrorKind};

use crate::catalogue::Catalogue;

pub(crate) fn add(catalogue: &mut Catalogue) {
    cloudformation(catalogue);
    terraform(catalogue);
    catalogue.add([
        VersionConstraintError::Malformed { text: "latest".to_owned() },
        VersionConstraintError::Empty { text: "> 6, < 5".to_owned() },
    ]);
    catalogue.add([
        BackendError::NotOne { count: 2 },
        BackendError::UnknownKind { kind: "S3".to_owned(), suggestion: Some("s3") },
        BackendError::NoArguments { kind: "s3".to_owned() },
    ]);
    catalogue.add([Ledger::parse(b"").unwrap_err()]);
    let at = Position { line: 7, column: 5 };
    let kind = SyntaxErrorKind::DuplicateKey { key: "name".to_owned(), first: Some(0..1) };
    catalogue.add([
        StateError::NotAState,
        StateError::Syntax { at, kind },
        StateError::Version { version: 3 },
    ]);
    take_over(catalogue);
}

fn take_over(catalogue: &mut Catalogue) {
    let path = || "Images/Resource".to_owned();
    let (key, name) = ("repositoryName", || Some("shop-images-1a2b3c".to_owned()));
    catalogue.add([StackResourcesError::Malformed, StackResourcesError::NotWhole]);
    catalogue.add([
        ImportError::NameGenerated { path: path(), key, found: None },
        ImportError::NameGenerated { path: path(), key, found: name() },
        ImportError::IdUnknown { path: path() },
        ImportError::EnvironmentUnknown { path: path(), stack: "Shop".to_owned() },
    ]);
    let (engine, kind) = ("CloudFormation", "AWS::IAM::Policy");
    catalogue.add([ImportWarning::NotImported { engine, path: path(), kind }]);
}

fn cloudformation(catalogue: &mut Catalogue) {
    let stack = || "Shop".to_owned();
    let logical_id = || "App3F2A1B0C".to_owned();
    catalogue.add([
        TemplateError::LogicalIdTaken {
            one: "App".to_owned(),
            other: "A/pp".to_owned(),
            logical_id: logical_id(),
        },
        TemplateError::LogicalIdMalformed { path: "日本".to_owned(), logical_id: String::new() },
        TemplateError::PinMalformed { logical_id: "a-b".to_owned() },
        TemplateError::TooManyResources { stack: stack(), count: 501 },
        TemplateError::TooManyOutputs { stack: stack(), count: 201 },
        TemplateError::DescriptionTooLong { size: 1025 },
        TemplateError::DescriptionOfTheCdk { units: 513 },
        TemplateError::RepositoryName { name: "a--b".to_owned() },
        TemplateError::NoResources { stack: stack() },
        TemplateError::NoAccountSettings,
        TemplateError::TooLarge { stack: stack(), size: 1_000_001 },
        TemplateError::StackSetTooLarge { stack: stack(), size: 51_201 },
        TemplateError::StackSetWeakReference { stack: stack() },
    ]);
}

fn terraform(catalogue: &mut Catalogue) {
    let address = |name| Address::try_from(format!("aws_ecr_repository.{name}")).unwrap();
    let (first, second) = (|| "App".to_owned(), || "app".to_owned());
    let pin = || "~> 5.100".to_owned();
    catalogue.add([
        TerraformError::AddressTaken {
            address: address("app").to_string(),
            first: first(),
            second: second(),
        },
        TerraformError::NameInvalid { path: "日本".to_owned(), name: String::new() },
        TerraformError::PinInvalid { name: "a b".to_owned() },
        TerraformError::StackIdUnfit { id: "a.b".to_owned() },
        TerraformError::FeatureAbovePin {
            feature: "image tag exclusion",
            needed: Version::new(6, 8, 0),
            pin: pin(),
        },
        TerraformError::BlockAbovePin {
            block: "removed",
            needed: Version::new(1, 7, 0),
            pin: pin(),
        },
        TerraformError::AddressTakenOver {
            address: address("app"),
            from: first(),
            to: address("base"),
        },
        TerraformError::RetainedReplaced { address: address("app"), from: first(), to: second() },
        TerraformError::InstanceLeft {
            instance: Address::try_from("aws_ecr_repository.app[\"web\"]".to_owned()).unwrap(),
            address: address("app"),
        },
        TerraformError::NoBackend { consumer: "Builds".to_owned(), producer: "Images".to_owned() },
        TerraformError::ReferenceOfTargets {
            consumer: "Builds".to_owned(),
            producer: "Images".to_owned(),
        },
        TerraformError::TargetsOfUnits,
        TerraformError::StateOfTargets { kind: "s3".to_owned(), key: Some("key") },
        TerraformError::StateOfTargets { kind: "inmem".to_owned(), key: None },
        TerraformError::NoAttribute { path: first(), attribute: "ARN" },
        TerraformError::ArgumentMissing { property: "credentialArn" },
        TerraformError::ProviderBound { what: "replication rules", count: 11, least: 0, most: 10 },
        TerraformError::ProviderPrefix { prefix: "a--b".to_owned() },
        TerraformError::ProviderArgumentTaken { argument: "region", property: "env" },
    ]);
    catalogue.add([
        TerraformWarning::NoCounterpart { property: "emptyOnDelete" },
        TerraformWarning::CloudFormationOnly {
            path: "App/Resource".to_owned(),
            properties: vec!["EncryptionConfiguration".to_owned()],
        },
        TerraformWarning::ProviderUntested {
            pin: "< 5".to_owned(),
            tested: Version::new(5, 100, 0),
        },
        TerraformWarning::StateShared { first: "Images".to_owned() },
        TerraformWarning::EarlierAddressesUnknown,
        TerraformWarning::AddressReused { address: address("app"), to: address("base") },
        TerraformWarning::RetainedReplaced { address: address("app"), from: first(), to: second() },
        TerraformWarning::NoPart { path: "App/Resource".to_owned() },
        TerraformWarning::ProviderArgumentsUnshared,
    ]);
}
