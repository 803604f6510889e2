//! Grants: permissions on a repository.
//!
//! A grant adds a statement to the policy of the identity, the policy of the repository, or both,
//! following the CDK's rules: to the identity policy if it has one, and also to the repository
//! policy if it has none or is not known to be in the repository's account.

use ecrane_core::{
    AccountId, Action, AwsCdk, Conditions, Explain, IdentityKind, Json, Place, Step, Value,
    ValuePlaces,
};
use thiserror::Error;

use crate::app::OtherApp;
use crate::identity::{Identity, Origin};
use crate::policy::attached::{Attached, AttachedResource};
use crate::policy::error::{PrincipalError, StatementError};
use crate::policy::principal::{Kind, Principal};
use crate::policy::statement::{PolicyStatement, Source, action_places};
use crate::repository::Repository;
use crate::stack::Stack;

const READ: [Action; 2] =
    [Action::from_static("ecr:DescribeRepositories"), Action::from_static("ecr:DescribeImages")];
const PULL: [Action; 3] = [
    Action::from_static("ecr:BatchCheckLayerAvailability"),
    Action::from_static("ecr:GetDownloadUrlForLayer"),
    Action::from_static("ecr:BatchGetImage"),
];
const PUSH: [Action; 5] = [
    Action::from_static("ecr:CompleteLayerUpload"),
    Action::from_static("ecr:UploadLayerPart"),
    Action::from_static("ecr:InitiateLayerUpload"),
    Action::from_static("ecr:BatchCheckLayerAvailability"),
    Action::from_static("ecr:PutImage"),
];
/// The actions that CDK 1.130 adds to the pull actions for push.
const PUSH_CDK_1: [Action; 4] = [
    Action::from_static("ecr:PutImage"),
    Action::from_static("ecr:InitiateLayerUpload"),
    Action::from_static("ecr:UploadLayerPart"),
    Action::from_static("ecr:CompleteLayerUpload"),
];
/// The actions that Lambda requires on images in another account.
const PULL_LAMBDA: [Action; 2] =
    [Action::from_static("ecr:BatchGetImage"), Action::from_static("ecr:GetDownloadUrlForLayer")];
const GET_AUTHORIZATION_TOKEN: Action = Action::from_static("ecr:GetAuthorizationToken");

/// Whether the input lists the actions of a grant, or names them together, such as `pull`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Listed {
    InInput,
    Nowhere,
}

impl Repository {
    /// Grants a principal these actions on the repository.
    pub fn grant(&self, to: impl Into<Principal>, actions: impl IntoIterator<Item = Action>) {
        let actions: Vec<Action> = actions.into_iter().collect();
        self.grant_actions(&to.into(), &actions, Listed::InInput);
    }

    /// Grants a principal permission to describe the repository and its images.
    pub fn grant_read(&self, to: impl Into<Principal>) {
        self.not_in_cdk_1("read");
        self.grant_actions(&to.into(), &READ, Listed::Nowhere);
    }

    /// Grants a principal permission to pull images.
    pub fn grant_pull(&self, to: impl Into<Principal>) {
        let to = to.into();
        if let Kind::LambdaFunctions(account) = &to.0 {
            if let Err(error) = self.grant_lambda_pull(&to, account) {
                self.report(error);
            }
            return;
        }
        self.grant_actions(&to, &PULL, Listed::Nowhere);
        self.grant_token(&to);
    }

    /// Grants a principal permission to push images.
    pub fn grant_push(&self, to: impl Into<Principal>) {
        self.not_in_cdk_1("push");
        let to = to.into();
        self.grant_actions(&to, &PUSH, Listed::Nowhere);
        self.grant_token(&to);
    }

    /// Grants a principal permission to pull and push images.
    pub fn grant_pull_push(&self, to: impl Into<Principal>) {
        let to = to.into();
        match self.stack.compatibility().aws_cdk {
            AwsCdk::V1 => {
                self.grant_actions(&to, &PULL, Listed::Nowhere);
                self.grant_token(&to);
                self.grant_actions(&to, &PUSH_CDK_1, Listed::Nowhere);
            }
            AwsCdk::V2 => {
                let actions = [PULL.as_slice(), PUSH.as_slice()].concat();
                self.grant_actions(&to, &actions, Listed::Nowhere);
                self.grant_token(&to);
            }
        }
    }

    /// Adds the two statements that the Lambda developer guide requires for functions in another
    /// account ("Create a function using a container image", Amazon ECR permissions): one for the
    /// account that creates the function and one for the Lambda service that runs it.
    fn grant_lambda_pull(&self, to: &Principal, account: &AccountId) -> Result<(), StatementError> {
        to.check_compatibility(&self.stack)?;
        if self.owned().is_none() {
            self.warn(GrantWarning::NothingOnImported);
            return Ok(());
        }
        let functions = Value::concat([
            "arn:".into(),
            self.stack.partition(),
            format!(":lambda:*:{account}:function:*").into(),
        ]);
        let of_functions = Conditions::from([(
            "StringLike".to_owned(),
            [("aws:sourceArn".to_owned(), Json::Text(functions))].into(),
        )]);
        for (principal, conditions) in [
            (Principal::account(account.clone()), Conditions::new()),
            (Principal::service("lambda.amazonaws.com"), of_functions),
        ] {
            let statement = PolicyStatement {
                actions: PULL_LAMBDA.to_vec(),
                principals: vec![principal],
                conditions,
                ..PolicyStatement::default()
            };
            let source = self.grant_source(Listed::Nowhere);
            self.attach(Attached::new(statement, &self.stack, &source)?);
        }
        Ok(())
    }

    fn not_in_cdk_1(&self, allow: &str) {
        self.stack.not_in_cdk_1(|| self.grant_place(), &format!("allow: {allow}"));
    }

    fn grant_token(&self, to: &Principal) {
        let place = self.grant_place();
        let all = |_: &Stack| Ok(Value::from("*").into());
        let token = [GET_AUTHORIZATION_TOKEN];
        if let Err(error) = add_to_identity(to, &token, all, place, ValuePlaces::default) {
            self.report(error);
        }
    }

    /// The place of the grant in the input: in a config, of its principal.
    fn grant_place(&self) -> Place {
        self.call_place(&["grants"])
    }

    /// The place of the actions of the grant, if it lists them.
    fn actions_place(&self, listed: Listed) -> Option<Place> {
        if listed == Listed::Nowhere {
            return None;
        }
        let mut at = self.grant_place();
        loop {
            let parent = at.parent()?;
            if matches!(at.last(), Some(Step::Key(key)) if **key == *"to") {
                return Some(parent.key("actions"));
            }
            at = parent;
        }
    }

    fn grant_source(&self, listed: Listed) -> Source {
        Source::Principal { place: self.grant_place(), actions: self.actions_place(listed) }
    }

    fn report(&self, error: StatementError) {
        self.stack.error(self.grant_place(), error);
    }

    fn warn(&self, warning: GrantWarning) {
        self.stack.warn(self.grant_place(), warning);
    }

    fn grant_actions(&self, to: &Principal, actions: &[Action], listed: Listed) {
        if let Some(construct) = other_app(to, self) {
            self.stack.error(self.grant_place(), OtherApp { construct });
            return;
        }
        if actions.is_empty() {
            self.report(StatementError::NoActions);
            return;
        }
        if let Err(error) = self.try_grant(to, actions, listed) {
            self.report(error);
        }
    }

    fn try_grant(
        &self,
        to: &Principal,
        actions: &[Action],
        listed: Listed,
    ) -> Result<(), StatementError> {
        if self.stack.compatibility().aws_cdk == AwsCdk::V2
            && let Some(owned) = self.owned_identity_elsewhere(to)
        {
            return self.grant_by_tag(to, &owned, actions, listed);
        }
        let added = add_to_identity(
            to,
            actions,
            |consumer| self.resource_in(consumer),
            self.grant_place(),
            || self.places(actions, listed),
        )?;
        let same_account = match to.account_of() {
            // A principal without an account, such as a service, has no identity policy.
            None => false,
            Some(account) => account.0 == self.account(),
        };
        if added && same_account {
            return Ok(());
        }
        let statement = PolicyStatement {
            actions: actions.to_vec(),
            principals: vec![to.clone()],
            ..PolicyStatement::default()
        };
        // Invalid statements are rejected even if the statement is not added to any policy. Only an
        // unknown physical name is ignored in that case.
        let statement = Attached::new(statement, &self.stack, &self.grant_source(listed));
        let unknown_name = matches!(
            statement,
            Err(StatementError::Principal(PrincipalError::NoPhysicalName { .. }))
        );
        if self.owned().is_none() && (statement.is_ok() || unknown_name) {
            self.warn(if to.policy_bearer().is_some_and(Identity::is_mutable) {
                GrantWarning::HalfOnImported
            } else {
                GrantWarning::NothingOnImported
            });
            return Ok(());
        }
        self.attach(statement?);
        Ok(())
    }

    /// The places of the actions of the grant, if it lists them.
    fn places(&self, actions: &[Action], listed: Listed) -> ValuePlaces {
        self.actions_place(listed).map(|list| action_places(actions, &list)).unwrap_or_default()
    }

    /// The repository as a statement resource in a stack.
    fn resource_in(&self, consumer: &Stack) -> Result<AttachedResource, PrincipalError> {
        let resource = AttachedResource::from(self.arn_in(consumer)?);
        Ok(AttachedResource { is_known: resource.is_known && self.owned().is_none(), ..resource })
    }

    /// Returns the identity of the app that is not known to be in the repository's account.
    fn owned_identity_elsewhere(&self, to: &Principal) -> Option<Identity> {
        let identity = to.identity()?;
        (identity.is_owned() && identity.account() != self.account()).then(|| identity.clone())
    }

    /// CDK 2 does not use the identity as principal in the repository policy, because IAM rejects
    /// principals that do not exist yet. It uses the account and a condition on a tag that is added
    /// to the identity.
    fn grant_by_tag(
        &self,
        to: &Principal,
        identity: &Identity,
        actions: &[Action],
        listed: Listed,
    ) -> Result<(), StatementError> {
        let stack = &identity.stack;
        let tag = format!("{}_{}", stack.stack_name(), identity.path.address(&stack.id()));
        if let Origin::Owned { id, .. } = identity.origin
            && identity.kind != IdentityKind::Group
        {
            stack.edit(id, |node| node.tags.insert("aws-cdk:id".to_owned(), tag.clone()));
        }
        if self.owned().is_some() {
            let condition = Json::Text(Value::from(tag));
            let statement = PolicyStatement {
                actions: actions.to_vec(),
                principals: vec![Principal::account_value(stack.account())],
                conditions: Conditions::from([(
                    "StringEquals".to_owned(),
                    [("aws:PrincipalTag/aws-cdk:id".to_owned(), condition)].into(),
                )]),
                ..PolicyStatement::default()
            };
            self.attach(Attached::new(statement, &self.stack, &self.grant_source(listed))?);
        } else {
            self.warn(GrantWarning::HalfOnImported);
        }
        add_to_identity(
            to,
            actions,
            |consumer| self.resource_in(consumer),
            self.grant_place(),
            || self.places(actions, listed),
        )?;
        Ok(())
    }
}

/// Adds a statement to an identity policy. Returns whether the CDK reports it as added.
pub(crate) fn add_to_identity(
    to: &Principal,
    actions: &[Action],
    resource: impl FnOnce(&Stack) -> Result<AttachedResource, PrincipalError>,
    place: Place,
    places: impl FnOnce() -> ValuePlaces,
) -> Result<bool, StatementError> {
    let Some(identity) = to.policy_bearer() else {
        return Ok(false);
    };
    // The CDK reports a statement as added even if it drops it.
    if identity.is_mutable() {
        let resource = resource(&identity.stack)?;
        identity.add_statement(actions, resource, place, places());
    }
    Ok(true)
}

/// Returns the construct of a principal from another app.
fn other_app(to: &Principal, repository: &Repository) -> Option<String> {
    let identity = to.policy_bearer()?;
    (!identity.stack.same_app(&repository.stack)).then(|| identity.full_path())
}

/// A warning about a grant that the CDK accepts.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum GrantWarning {
    /// No policy can be changed.
    #[error("grant has no effect: the policy of an imported repository cannot be changed")]
    NothingOnImported,
    /// Only the identity policy is changed.
    #[error(
        "grant changes only the identity policy: the policy of an imported repository cannot be changed"
    )]
    HalfOnImported,
}

impl Explain for GrantWarning {
    fn code(&self) -> &'static str {
        match self {
            Self::NothingOnImported => "grant::nothing_on_imported",
            Self::HalfOnImported => "grant::half_on_imported",
        }
    }

    fn help(&self) -> Option<String> {
        let text = match self {
            Self::NothingOnImported | Self::HalfOnImported => {
                "add the statement where the repository is created, or create the repository in this app"
            }
        };
        Some(text.to_owned())
    }
}
