//! The preview of a lifecycle policy.

use ecrane::{LifecycleAction, Place};
use ecrane_lifecycle::preview::{
    Digest, DigestError, Finding, InUseError, JsonError, ListingError, ManifestsError,
    TimestampError, User,
};

use crate::catalogue::Catalogue;

pub(crate) fn add(catalogue: &mut Catalogue) {
    let digest: Digest = format!("sha256:{}", "0123456789abcdef".repeat(4)).parse().unwrap();
    let malformed = DigestError { text: "sha256:0".to_owned() };
    catalogue.add([malformed.clone()]);
    catalogue.add([
        TimestampError::Malformed { text: "yesterday".to_owned() },
        TimestampError::OutOfRange { seconds: "1e18".to_owned() },
    ]);
    let reason = "EOF while parsing a value".to_owned();
    catalogue.add([JsonError { line: 1, column: 2, reason }]);
    listing(catalogue, &digest);
    manifests(catalogue, &digest, &malformed);
    in_use(catalogue, &malformed);
    findings(catalogue, &digest);
}

fn listing(catalogue: &mut Catalogue, digest: &Digest) {
    catalogue.add([
        ListingError::Empty,
        ListingError::NotAnObject,
        ListingError::NoImageDetails,
        ListingError::NotAnArray,
        ListingError::Incomplete,
        ListingError::ImageNotAnObject,
        ListingError::NoDigest,
        ListingError::WrongType { key: "imageTags", expected: "an array of strings" },
        ListingError::UnknownStatus { status: "ACTIV".to_owned(), suggestion: Some("ACTIVE") },
        ListingError::DuplicateImage { digest: digest.clone(), first: Place::default() },
        ListingError::OtherRepository {
            key: "repositoryName",
            first: "shop/app".to_owned(),
            found: "shop/base".to_owned(),
        },
    ]);
}

fn manifests(catalogue: &mut Catalogue, digest: &Digest, malformed: &DigestError) {
    let reason = "it is not JSON".to_owned();
    catalogue.add([
        ManifestsError::Empty,
        ManifestsError::NoImages,
        ManifestsError::NoDigest,
        ManifestsError::NoManifest,
        ManifestsError::Digest(malformed.clone()),
        ManifestsError::Malformed { digest: digest.clone(), reason },
        ManifestsError::NotReturned {
            image: digest.to_string(),
            reason: "Requested image not found".to_owned(),
        },
        ManifestsError::NotListed { digest: digest.clone() },
    ]);
}

fn in_use(catalogue: &mut Catalogue, malformed: &DigestError) {
    let task = "arn:aws:ecs:eu-west-1:111122223333:task/shop/1".to_owned();
    let repository = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/shop/app";
    catalogue.add([
        InUseError::UnknownFormat,
        InUseError::MalformedUri { text: "shop app".to_owned() },
        InUseError::BadDigest {
            text: format!("{repository}@{}", malformed.text),
            source: malformed.clone(),
        },
        InUseError::WrongType { key: "items", expected: "an array" },
        InUseError::Incomplete { key: "nextToken" },
        InUseError::NotDescribed { task, reason: "MISSING".to_owned() },
        InUseError::UnknownImage { function: "resize".to_owned() },
    ]);
}

fn findings(catalogue: &mut Catalogue, digest: &Digest) {
    let goes = |is_uncertain, users: usize| Finding::InUse {
        digest: digest.clone(),
        tags: vec!["v1".to_owned()],
        action: LifecycleAction::Expire,
        is_uncertain,
        why: "expires: rule 1 selects it".to_owned(),
        users: (1..=users)
            .map(|number| User::Entry { source: "images.txt".to_owned(), number })
            .collect(),
    };
    let later = |rule, is_uncertain, action| Finding::InUseLater {
        digest: digest.clone(),
        tags: vec!["v1".to_owned()],
        action,
        rule,
        day: 12,
        is_uncertain,
        users: vec![User::Function { function: "resize".to_owned() }],
    };
    catalogue.add([
        later(Some(1), false, LifecycleAction::Expire),
        later(None, true, LifecycleAction::Archive),
    ]);
    catalogue.add([
        goes(false, 1),
        goes(true, 2),
        Finding::NothingArchived { priority: 1 },
        Finding::UnknownListBodies { lists: 1, digest: digest.clone() },
        Finding::UnknownListBodies { lists: 3, digest: digest.clone() },
        Finding::StrandedParts { list: digest.clone(), parts: 1 },
        Finding::AnySelectsParts { priority: 1, parts: 2 },
        Finding::SelectsNothing { priority: 1 },
    ]);
}
