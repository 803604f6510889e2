//! Questions about access, and warnings.

use ecrane::access::{AccessWarning, Capability, HalfWarning, QueryError, Service};

use crate::catalogue::Catalogue;

pub(crate) fn add(catalogue: &mut Catalogue) {
    let word = || "CiRol".to_owned();
    let found = || vec!["Shop/CiRole".to_owned(), "Base/CiRole".to_owned()];
    catalogue.add([
        QueryError::UnknownPrincipal { word: word(), suggestion: Some("CiRole".to_owned()) },
        QueryError::AmbiguousPrincipal { word: "CiRole".to_owned(), found: found() },
        QueryError::UnknownRepository { word: "Ap".to_owned(), suggestion: Some("App".to_owned()) },
        QueryError::AmbiguousRepository {
            word: "App".to_owned(),
            found: vec!["Shop/App".to_owned(), "Base/App".to_owned()],
        },
        QueryError::NoRepository { action: "ecr:PutImage".to_owned() },
        QueryError::OtherService {
            action: "ecr:PutImage".to_owned(),
            repository: "arn:aws:ecr-public::111122223333:repository/tool".to_owned(),
        },
        QueryError::OtherService {
            action: "ecr-public:PutImage".to_owned(),
            repository: "arn:aws:ecr:eu-west-1:111122223333:repository/shop/app".to_owned(),
        },
        QueryError::Action { text: "ecr:*".to_owned(), suggestion: None },
        QueryError::Action {
            text: "PutImage".to_owned(),
            suggestion: Some("ecr:PutImage".to_owned()),
        },
        QueryError::UnknownPrincipal {
            word: "arn:aws:iam::11112222333:role/ci".to_owned(),
            suggestion: None,
        },
    ]);
    let policy = || "repository policy of shop/app".to_owned();
    catalogue.add([
        AccessWarning::WriteElsewhere {
            principals: vec!["account 444455556666".to_owned()],
            repository: "shop/app".to_owned(),
            actions: vec!["ecr:PutImage"],
        },
        AccessWarning::AllActions { policy: policy() },
        AccessWarning::Administer { policy: policy(), actions: vec!["ecr:DeleteRepository"] },
    ]);
    let principal = || "arn:aws:iam::111122223333:role/ci".to_owned();
    let partial = |count: usize| HalfWarning::Partial {
        principal: principal(),
        capability: Capability::Push,
        actions: vec!["ecr:PutImage"],
        repositories: (1..=count).map(|number| format!("shop/app-{number}")).collect(),
    };
    catalogue.add([
        HalfWarning::CannotLogIn {
            principal: principal(),
            capability: Capability::Pull,
            service: Service::Ecr,
        },
        HalfWarning::CannotLogIn {
            principal: principal(),
            capability: Capability::Push,
            service: Service::EcrPublic,
        },
        HalfWarning::OtherAccount { principal: "account 444455556666".to_owned() },
        partial(1),
        partial(5),
    ]);
}
