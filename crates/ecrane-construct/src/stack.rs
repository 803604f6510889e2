//! Stacks.

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::sync::Arc;

use ecrane_core::{
    AccountId, Addresses, AwsCdk, Compatibility, ConstructPath, Environment, Explain, KeyMap,
    NotInCdk1, Place, Problem, Pseudo, RemovalPolicy, ResourceId, ResourceKind, StackName, Targets,
    Value,
};

use crate::app::App;
use crate::claims::{ClaimError, Claims, Namespace};
use crate::state::{Body, Node, StackState};

/// A stack, the unit of deployment: CDK's `Stack`.
#[derive(Clone)]
pub struct Stack {
    app: App,
    index: usize,
    /// The place in the input of constructs created through this handle, if known.
    at: Option<Place>,
}

/// Properties of a [`Stack`].
#[derive(Debug, Clone, Default)]
pub struct StackProps {
    /// The stack name. Default: the stack id.
    pub stack_name: Option<StackName>,
    /// The description.
    pub description: Option<String>,
    /// The target account and region, if known.
    pub env: Environment,
    /// The accounts and regions, if the stack is deployed to each of them. `env` is then empty.
    pub targets: Option<Arc<Targets>>,
    /// The tags of the stack. Its resources inherit them at deployment.
    pub tags: BTreeMap<String, String>,
    /// Whether termination protection is enabled.
    pub termination_protection: Option<bool>,
    /// The stack that this stack is a shard of. Shards refer to each other's repositories by
    /// physical name if specified, to stay below the limit of 200 exports per stack.
    pub shard_of: Option<String>,
}

impl fmt::Debug for Stack {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Stack").field(&self.id()).finish()
    }
}

impl Stack {
    /// Creates a stack in this app.
    pub fn new(app: &App, id: &str, props: StackProps) -> Self {
        Self::new_at(app, id, props, Place::default().key("stacks").key(id))
    }

    /// Creates a stack in this app, with a place in the input.
    pub fn new_at(app: &App, id: &str, props: StackProps, place: Place) -> Self {
        if props.stack_name.is_none()
            && let Err(error) = StackName::try_from(id)
        {
            app.note(Problem::error(place.clone().on_key(), error));
        }
        let mut state = app.state_mut();
        let index = state.first + state.stacks.len();
        state.stacks.push(StackState {
            shard_of: props.shard_of,
            id: id.to_owned(),
            stack_name: props.stack_name,
            description: props.description,
            env: props.env,
            targets: props.targets,
            tags: props.tags,
            termination_protection: props.termination_protection,
            place,
            nodes: Vec::new(),
            outputs: Vec::new(),
            claims: Claims::default(),
            resources: KeyMap::default(),
            default_policies: HashMap::new(),
        });
        drop(state);
        Self { app: app.clone(), index, at: None }
    }

    /// Returns a handle to the same stack. Constructs created through it have this place in the
    /// input, which their problems refer to.
    ///
    /// By default, a construct has the place that it would have in a config.
    #[must_use]
    pub fn at(&self, place: Place) -> Self {
        Self { at: Some(place), ..self.clone() }
    }

    /// The app of the stack.
    pub fn app(&self) -> &App {
        &self.app
    }

    pub(crate) fn compatibility(&self) -> Compatibility {
        self.app.state().compatibility
    }

    /// The construct id.
    pub fn id(&self) -> String {
        self.read(|stack| stack.id.clone())
    }

    /// The stack name.
    pub fn stack_name(&self) -> String {
        self.read(|stack| stack.name().to_owned())
    }

    pub(crate) fn env(&self) -> Environment {
        self.read(|stack| stack.env.clone())
    }

    pub(crate) fn read<T: Default>(&self, read: impl FnOnce(&StackState) -> T) -> T {
        self.app.state().stack(self.index).map(read).unwrap_or_default()
    }

    pub(crate) fn write<T: Default>(&self, write: impl FnOnce(&mut StackState) -> T) -> T {
        self.app.state_mut().stack_mut(self.index).map(write).unwrap_or_default()
    }

    /// The target account.
    pub fn account(&self) -> Value {
        match self.env().account {
            Some(account) => Value::from(account),
            None => Value::Pseudo(Pseudo::AccountId),
        }
    }

    /// The target region.
    pub fn region(&self) -> Value {
        match self.env().region {
            Some(region) => Value::from(region),
            None => Value::Pseudo(Pseudo::Region),
        }
    }

    /// The target partition.
    pub fn partition(&self) -> Value {
        let compatibility = self.compatibility();
        match self.env().region {
            Some(region)
                if compatibility.aws_cdk == AwsCdk::V2
                    && compatibility.partition_literals
                    && region.is_known_to(AwsCdk::V2) =>
            {
                region.partition().into()
            }
            _ => Value::Pseudo(Pseudo::Partition),
        }
    }

    /// Builds an ARN in this stack's partition, region and account: CDK's `formatArn`.
    pub(crate) fn format_arn(&self, service: &str, resource: &str, name: &str) -> Value {
        Value::concat([
            "arn:".into(),
            self.partition(),
            format!(":{service}:").into(),
            self.region(),
            ":".into(),
            self.account(),
            format!(":{resource}/{name}").into(),
        ])
    }

    /// Builds an ARN of the global service IAM.
    pub(crate) fn format_iam_arn(&self, account: Value, resource: &str, name: &str) -> Value {
        Value::concat([
            "arn:".into(),
            self.partition(),
            ":iam::".into(),
            account,
            format!(":{resource}/{name}").into(),
        ])
    }

    pub(crate) fn same_app(&self, other: &Self) -> bool {
        self.app.is(&other.app)
    }

    /// Whether both stacks have the same target account and region, if known.
    pub(crate) fn same_environment(&self, other: &Self) -> bool {
        self.env() == other.env()
    }

    /// Whether both are different shards of the same stack.
    pub(crate) fn is_other_shard(&self, other: &Self) -> bool {
        let of = self.read(|stack| stack.shard_of.clone());
        self.index != other.index && of.is_some() && of == other.read(|s| s.shard_of.clone())
    }

    /// The place of a construct of this stack.
    pub(crate) fn place(&self, section: &[&str], id: &str) -> Place {
        self.at.clone().unwrap_or_else(|| {
            section.iter().fold(self.own_place(), |place, key| place.key(key)).key(id)
        })
    }

    /// The place of a section of this stack.
    pub(crate) fn section_place(&self, section: &[&str]) -> Place {
        self.at
            .clone()
            .unwrap_or_else(|| section.iter().fold(self.own_place(), |place, key| place.key(key)))
    }

    /// The place of the stack itself.
    pub(crate) fn own_place(&self) -> Place {
        self.read(|stack| stack.place.clone())
    }

    pub(crate) fn error(&self, place: Place, fact: impl Explain) {
        self.app.note(Problem::error(place, fact));
    }

    pub(crate) fn warn(&self, place: Place, fact: impl Explain) {
        self.app.note(Problem::warning(place, fact));
    }

    /// Reports a specified property that CDK 1.130 does not support.
    pub(crate) fn not_in_cdk_1(&self, place: impl FnOnce() -> Place, property: &str) {
        if self.compatibility().aws_cdk == AwsCdk::V1 {
            self.error(place(), NotInCdk1 { property: property.to_owned().into() });
        }
    }

    /// Claims the path of an id and its scopes.
    ///
    /// An invalid or duplicate id is reported, and the path is still used, so that one mistake does
    /// not hide the next.
    pub(crate) fn claim(&self, id: &str, place: &Place) -> ConstructPath {
        self.claim_in(Namespace::Constructs, id, place)
    }

    /// Claims the path of an output's id and its scopes.
    pub(crate) fn claim_output(&self, id: &str, place: &Place) -> ConstructPath {
        self.claim_in(Namespace::Outputs, id, place)
    }

    fn claim_in(&self, namespace: Namespace, id: &str, place: &Place) -> ConstructPath {
        let path = match ConstructPath::of_id(id) {
            Ok(path) => path,
            Err(error) => {
                self.error(place.clone().on_key(), ClaimError::from(error));
                return ConstructPath::top(id);
            }
        };
        if let Some(error) = self.write(|stack| stack.claims.claim(&path, namespace, place).err()) {
            self.error(place.clone().on_key(), error);
        }
        if self.compatibility().aws_cdk == AwsCdk::V2
            && let Some(error) = self.read(|stack| stack.claims.two_defaults(&path, &stack.id))
        {
            self.error(place.clone().on_key(), error);
        }
        path
    }

    /// Claims the path of a child construct.
    pub(crate) fn claim_child(
        &self,
        parent: &ConstructPath,
        id: &str,
        place: &Place,
    ) -> ConstructPath {
        let path = parent.child(id);
        if let Some(error) = self.write(|stack| stack.claims.claim_child(&path, place).err()) {
            self.error(place.clone().on_key(), error);
        }
        path
    }

    pub(crate) fn add(
        &self,
        path: ConstructPath,
        removal_policy: Option<RemovalPolicy>,
        place: Place,
        body: Body,
    ) -> ResourceId {
        let index = self.write(|stack| {
            let index = stack.nodes.len();
            let id = ResourceId::new(self.index, index);
            stack.resources.entry(path.to_shared()).or_insert(id);
            let addresses = Addresses::default();
            let tags = BTreeMap::new();
            stack.nodes.push(Node { path, tags, removal_policy, addresses, place, body });
            index
        });
        ResourceId::new(self.index, index)
    }

    /// The main resource of the construct with an id: the construct itself, or its child `Resource`.
    pub(crate) fn main_resource(&self, id: &str) -> Option<ResourceId> {
        self.read(|stack| {
            let own = stack.resources.get(id);
            let child = stack.resources.get(format!("{id}/Resource").as_str());
            own.into_iter().chain(child).min_by_key(|id| id.index()).copied()
        })
    }

    pub(crate) fn add_done(
        &self,
        path: ConstructPath,
        removal_policy: Option<RemovalPolicy>,
        place: Place,
        kind: ResourceKind,
    ) -> ResourceId {
        self.add(path, removal_policy, place, Body::Done(Box::new(kind)))
    }

    /// Changes a resource of the app.
    pub(crate) fn edit<T>(&self, id: ResourceId, edit: impl FnOnce(&mut Node) -> T) -> Option<T> {
        self.app.state_mut().node(id).map(edit)
    }

    /// Whether what is in an account is known to be elsewhere than the stack, or than one of its
    /// targets.
    pub(crate) fn is_elsewhere(&self, account: &str) -> bool {
        self.read(|stack| match (&stack.targets, &stack.env.account) {
            (Some(targets), _) => targets
                .known_accounts()
                .is_none_or(|own| own.iter().any(|it| it.as_str() != account)),
            (None, Some(own)) => own.as_str() != account,
            (None, None) => false,
        })
    }

    /// Whether the stack is deployed to many accounts and regions.
    pub(crate) fn has_targets(&self) -> bool {
        self.read(|stack| stack.targets.is_some())
    }

    /// The account, if known.
    pub(crate) fn known_account(&self) -> Option<AccountId> {
        self.env().account
    }
}
