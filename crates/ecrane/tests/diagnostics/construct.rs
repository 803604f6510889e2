//! Constructs.

use ecrane::{
    ActionError, ClaimError, ConstructPathError, EventError, GrantWarning, IamPathError, KeyError,
    NoConstruct, NoInlinePolicy, NotInCdk1, OtherApp, Place, PrincipalError, RepositoryError,
    RoleError, StatementError, TokenWarning,
};

use crate::catalogue::Catalogue;

pub(crate) fn add(catalogue: &mut Catalogue) {
    let id = || "App".to_owned();
    catalogue.add([NoConstruct { id: id() }]);
    catalogue.add([NoInlinePolicy { id: "CiRole".to_owned() }]);
    catalogue.add([OtherApp { construct: id() }]);
    catalogue.add([TokenWarning::NoIdentity, TokenWarning::OtherAccount]);
    catalogue.add([
        ClaimError::Path(ConstructPathError::Empty { id: "a//b".to_owned() }),
        ClaimError::PathTaken { id: id(), first: Some(Place::default()) },
        ClaimError::PathTaken { id: id(), first: None },
        ClaimError::InsideConstruct {
            id: "App/Base".to_owned(),
            construct: id(),
            first: Place::default(),
        },
        ClaimError::AroundConstruct { id: id() },
        ClaimError::TwoDefaults { id: "App/Default".to_owned(), scope: id() },
    ]);
    catalogue.add([
        EventError::Scalar { field: "detail/state".to_owned() },
        EventError::Mismatch { field: "detail".to_owned() },
        EventError::NeverMatches,
    ]);
    catalogue.add([GrantWarning::NothingOnImported, GrantWarning::HalfOnImported]);
    catalogue.add([IamPathError { path: "team".to_owned() }]);
    principals(catalogue);
    catalogue.add([
        RepositoryError::EmptyRetained,
        RepositoryError::KeyWithoutKms,
        RepositoryError::Imported { what: "lifecycle rules" },
    ]);
    catalogue.add([KeyError::Imported]);
    catalogue.add([RoleError::SessionDuration { seconds: 60 }, RoleError::DescriptionLength]);
}

fn principals(catalogue: &mut Catalogue) {
    catalogue.add([
        PrincipalError::Group { group: "Developers".to_owned() },
        PrincipalError::EmptyComposite,
        PrincipalError::CompositeConditions,
        PrincipalError::CompositeActions {
            one: "sts:AssumeRole".to_owned(),
            other: "sts:AssumeRoleWithWebIdentity".to_owned(),
        },
        PrincipalError::StarWithOthers,
        PrincipalError::DifferentConditions,
        PrincipalError::LambdaFunctions { account: "444455556666".to_owned() },
        PrincipalError::NotInCdk1(NotInCdk1 { property: "star".into() }),
        PrincipalError::NoPhysicalName { construct: "Builder".to_owned() },
    ]);
    catalogue.add([
        StatementError::NoActions,
        StatementError::NoPrincipals,
        StatementError::Resources,
        StatementError::ResourcesOfKey,
        StatementError::QuestionMark { action: "ecr:?atchGetImage".to_owned() },
        StatementError::Action(ActionError::Malformed { text: "a b".to_owned() }),
        StatementError::Principal(PrincipalError::EmptyComposite),
    ]);
}
