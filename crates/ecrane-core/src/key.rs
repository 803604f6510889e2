//! KMS keys, and their aliases.

use crate::compatibility::AwsCdk;
use crate::diagnostic::Problem;
use crate::graph::{Pins, RemovalPolicy, ResourceKind};
use crate::names::{Action, Arn};
use crate::policy::{self, Attached, PolicyDocument, PolicyStatement, Principal};
use crate::stack::Stack;
use crate::value::{Attribute, Value};

/// A key: CDK's `kms.Key`.
#[derive(Debug, Clone)]
pub struct Key {
    arn: Value,
}

/// What CDK 1.130 lets the account do with a key: everything but use it.
const ADMIN_CDK_1: [Action; 15] = [
    Action::known("kms:Create*"),
    Action::known("kms:Describe*"),
    Action::known("kms:Enable*"),
    Action::known("kms:List*"),
    Action::known("kms:Put*"),
    Action::known("kms:Update*"),
    Action::known("kms:Revoke*"),
    Action::known("kms:Disable*"),
    Action::known("kms:Get*"),
    Action::known("kms:Delete*"),
    Action::known("kms:ScheduleKeyDeletion"),
    Action::known("kms:CancelKeyDeletion"),
    Action::known("kms:GenerateDataKey"),
    Action::known("kms:TagResource"),
    Action::known("kms:UntagResource"),
];

/// How a key is to be.
#[derive(Debug, Clone, Default)]
pub struct KeyProps {
    /// What it is for.
    pub description: Option<String>,
    /// Whether its material is replaced every year.
    pub enable_key_rotation: Option<bool>,
    /// The name of an alias, with or without `alias/`.
    pub alias: Option<String>,
    /// What happens to it when it leaves its stack; it is retained when nothing is said.
    pub removal_policy: Option<RemovalPolicy>,
    /// The addresses that it is given.
    pub pins: Pins,
}

/// A key as it is deployed.
#[derive(Debug, Clone)]
pub struct KeyResource {
    /// What it is for.
    pub description: Option<String>,
    /// Whether its material is replaced every year; unsaid where it is not given.
    pub enable_key_rotation: Option<bool>,
    /// Who may use and administer it.
    pub policy: PolicyDocument,
}

/// An alias of a key as it is deployed.
#[derive(Debug, Clone)]
pub struct AliasResource {
    /// Its name, beginning with `alias/`.
    pub name: String,
    /// The ARN of its key.
    pub target_key: Value,
}

impl Key {
    /// A key of this stack, which the account's own policies govern.
    pub fn new(stack: &Stack, id: &str, props: KeyProps) -> Self {
        let place = stack.place(&["keys"], id);
        let path = stack.claim(id, &place);
        let actions = match stack.compatibility().aws_cdk {
            AwsCdk::V1 => ADMIN_CDK_1.to_vec(),
            AwsCdk::V2 => vec![Action::known("kms:*")],
        };
        let statement = PolicyStatement {
            actions,
            principals: vec![Principal::account_value(stack.account())],
            resources: vec!["*".to_owned()],
            ..PolicyStatement::default()
        };
        let policy = Attached::new(statement, stack).map_or_else(
            |error| {
                stack.app().note(Problem::error(place.clone(), error));
                PolicyDocument::default()
            },
            |statement| policy::document(vec![statement], stack.compatibility().minimize_policies),
        );
        let resource = KeyResource {
            description: props.description,
            enable_key_rotation: props.enable_key_rotation,
            policy,
        };
        let removal_policy = Some(props.removal_policy.unwrap_or(RemovalPolicy::Retain));
        let id = stack.add_done(
            path.child("Resource"),
            removal_policy,
            place.clone(),
            ResourceKind::Key(resource),
        );
        stack.pin(id, props.pins, &place);
        let arn = Value::Attribute(id, Attribute::Arn);
        if let Some(alias) = props.alias {
            let name = if alias.starts_with("alias/") { alias } else { format!("alias/{alias}") };
            let resource = AliasResource { name, target_key: arn.clone() };
            let path = path.child("Alias").child("Resource");
            stack.add_done(path, None, place, ResourceKind::Alias(resource));
        }
        Self { arn }
    }

    /// A key that exists, by its ARN.
    pub fn from_key_arn(stack: &Stack, id: &str, arn: &Arn) -> Self {
        let place = stack.place(&["keys"], id);
        stack.claim(id, &place);
        Self::import(stack, &place.key("keyArn"), arn)
    }

    /// A key that exists, by its ARN, without an id of its own.
    pub(crate) fn import(stack: &Stack, place: &crate::diagnostic::Place, arn: &Arn) -> Self {
        if let Err(error) = arn.expect("kms", "key") {
            stack.app().note(Problem::error(place.clone(), error));
        }
        Self { arn: Value::from(arn) }
    }

    pub(crate) fn arn(&self) -> Value {
        self.arn.clone()
    }
}
