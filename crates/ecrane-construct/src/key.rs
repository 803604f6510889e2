//! KMS keys and aliases.

use ecrane_core::{
    Action, Addresses, AliasResource, Arn, Attribute, AwsCdk, Explain, KeyResource, Place,
    PolicyDocument, RemovalPolicy, ResourceId, ResourceKind, Value,
};

use thiserror::Error;

use crate::policy::attached::Attached;
use crate::policy::error::StatementError;
use crate::policy::principal::Principal;
use crate::policy::statement::{PolicyStatement, Source};
use crate::stack::Stack;
use crate::state::Body;

/// A key: CDK's `kms.Key`.
#[derive(Debug, Clone)]
pub struct Key {
    arn: Value,
    id: Value,
    stack: Stack,
    /// The resource, unless the key is imported.
    owned: Option<ResourceId>,
}

/// The actions that CDK 1.130 allows the account on a key: administration without use.
const ADMIN_CDK_1: [Action; 15] = [
    Action::from_static("kms:Create*"),
    Action::from_static("kms:Describe*"),
    Action::from_static("kms:Enable*"),
    Action::from_static("kms:List*"),
    Action::from_static("kms:Put*"),
    Action::from_static("kms:Update*"),
    Action::from_static("kms:Revoke*"),
    Action::from_static("kms:Disable*"),
    Action::from_static("kms:Get*"),
    Action::from_static("kms:Delete*"),
    Action::from_static("kms:ScheduleKeyDeletion"),
    Action::from_static("kms:CancelKeyDeletion"),
    Action::from_static("kms:GenerateDataKey"),
    Action::from_static("kms:TagResource"),
    Action::from_static("kms:UntagResource"),
];

/// Properties of a [`Key`].
#[derive(Debug, Clone, Default)]
pub struct KeyProps {
    /// The description.
    pub description: Option<String>,
    /// Whether automatic key rotation, every year, is enabled.
    pub enable_key_rotation: Option<bool>,
    /// The alias name, with or without the prefix `alias/`.
    pub alias: Option<String>,
    /// Pinned addresses and property overrides of the alias, by target.
    pub alias_addresses: Addresses,
    /// What happens to the key when it is removed from its stack. Default: it is retained.
    pub removal_policy: Option<RemovalPolicy>,
    /// Pinned addresses and property overrides, by target.
    pub addresses: Addresses,
}

impl Key {
    /// Creates a key in this stack. The account's IAM policies control access.
    pub fn new(stack: &Stack, id: &str, props: KeyProps) -> Self {
        let place = stack.place(&["keys"], id);
        let path = stack.claim(id, &place);
        let actions = match stack.compatibility().aws_cdk {
            AwsCdk::V1 => ADMIN_CDK_1.to_vec(),
            AwsCdk::V2 => vec![Action::from_static("kms:*")],
        };
        let statement = PolicyStatement {
            actions,
            principals: vec![Principal::account_value(stack.account())],
            resources: vec!["*".to_owned()],
            ..PolicyStatement::default()
        };
        let resource = KeyResource {
            description: props.description,
            enable_key_rotation: props.enable_key_rotation,
            policy: PolicyDocument::default(),
        };
        let removal_policy = Some(props.removal_policy.unwrap_or(RemovalPolicy::Retain));
        let body = Body::Key(Box::new(resource), Vec::new());
        let id = stack.add(path.child("Resource"), removal_policy, place.clone(), body);
        stack.address(id, props.addresses);
        attach(stack, id, statement, &place);
        let arn = Value::Attribute(id, Attribute::Arn);
        let key_id = Value::Attribute(id, Attribute::Name);
        if let Some(alias) = props.alias {
            let name = if alias.starts_with("alias/") { alias } else { format!("alias/{alias}") };
            let resource = AliasResource { name, target_key: arn.clone() };
            let path = path.child("Alias").child("Resource");
            let alias = stack.add_done(path, None, place, ResourceKind::Alias(resource));
            stack.address(alias, props.alias_addresses);
        }
        Self { arn, id: key_id, stack: stack.clone(), owned: Some(id) }
    }

    /// Adds a statement to the key policy, after the one that lets the IAM policies of the account
    /// control access. It applies to this key. The policy of an imported key cannot be changed.
    ///
    /// ```
    /// use ecrane_construct::{App, Key, PolicyStatement, Stack, StackProps};
    /// use ecrane_core::Place;
    ///
    /// let app = App::default();
    /// let stack = Stack::new(&app, "Registry", StackProps::default());
    /// let arn = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd".parse()?;
    /// let key = Key::from_key_arn(&stack, "Images", &arn);
    /// key.add_to_resource_policy(&Place::default(), PolicyStatement::default());
    /// let problems = app.build().unwrap_err();
    /// assert!(problems.iter().all(|problem| problem.fact.code() == "key::imported"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn add_to_resource_policy(&self, place: &Place, statement: PolicyStatement) {
        let Some(id) = self.owned else {
            self.stack.error(place.clone(), KeyError::Imported);
            return;
        };
        if statement.resources.is_empty() {
            let resources = vec!["*".to_owned()];
            attach(&self.stack, id, PolicyStatement { resources, ..statement }, place);
        } else {
            self.stack.error(place.clone(), StatementError::ResourcesOfKey);
        }
    }

    /// Imports an existing key by its ARN.
    pub fn from_key_arn(stack: &Stack, id: &str, arn: &Arn) -> Self {
        let place = stack.place(&["keys"], id);
        stack.claim(id, &place);
        Self::import(stack, &place.key("keyArn"), arn)
    }

    /// Imports an existing key by its ARN, without a construct id.
    pub fn import(stack: &Stack, place: &Place, arn: &Arn) -> Self {
        if let Err(error) = arn.expect("kms", "key") {
            stack.error(place.clone(), error);
        }
        let id = arn.resource_name().into();
        Self { arn: Value::from(arn), id, stack: stack.clone(), owned: None }
    }

    /// The ARN.
    pub fn key_arn(&self) -> Value {
        self.arn.clone()
    }

    /// The ID.
    pub fn key_id(&self) -> Value {
        self.id.clone()
    }
}

/// An error about a key.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum KeyError {
    /// A statement is added to an imported key.
    #[error("the policy of an imported key cannot be changed")]
    Imported,
}

impl Explain for KeyError {
    fn code(&self) -> &'static str {
        match self {
            Self::Imported => "key::imported",
        }
    }

    fn help(&self) -> Option<String> {
        match self {
            Self::Imported => Some("change the key policy where the key is created".to_owned()),
        }
    }
}

fn attach(stack: &Stack, key: ResourceId, statement: PolicyStatement, place: &Place) {
    match Attached::new(statement, stack, &Source::Statement(place.clone())) {
        Ok(statement) => {
            stack.edit(key, |node| {
                if let Body::Key(_, statements) = &mut node.body {
                    statements.push(statement);
                }
            });
        }
        Err(error) => stack.error(place.clone(), error),
    }
}
