//! Stacks: what is deployed together.

use std::collections::BTreeMap;
use std::fmt;

use thiserror::Error;

use crate::app::{App, Body, Node};
use crate::compatibility::{AwsCdk, Compatibility};
use crate::diagnostic::{Explain, Place, Problem};
use crate::graph::{Pins, RemovalPolicy, ResourceId, ResourceKind};
use crate::names::{AccountId, Environment, StackName, StackNameError};
use crate::output::Output;
use crate::overrides::Overrides;
use crate::path::{ConstructPath, ConstructPathError};
use crate::repository::RepositoryError;
use crate::value::{Pseudo, Value};

/// What is deployed together: CDK's `Stack`.
#[derive(Clone)]
pub struct Stack {
    app: App,
    index: usize,
}

/// How a stack is to be.
#[derive(Debug, Clone, Default)]
pub struct StackProps {
    /// The name it is deployed under; its id when there is none.
    pub stack_name: Option<StackName>,
    /// What it is for.
    pub description: Option<String>,
    /// Where it is deployed to, as far as that is known.
    pub env: Environment,
    /// Tags of the stack, which its resources inherit on deployment.
    pub tags: BTreeMap<String, String>,
    /// Whether deleting the stack is refused.
    pub termination_protection: Option<bool>,
    /// What it is a shard of. Shards refer to each other's repositories by their names where those
    /// are given, not by exports, of which a stack has 200 at most.
    pub shard_of: Option<String>,
}

#[derive(Debug)]
pub(crate) struct StackState {
    pub(crate) shard_of: Option<String>,
    pub(crate) id: String,
    pub(crate) stack_name: Option<StackName>,
    pub(crate) description: Option<String>,
    pub(crate) env: Environment,
    pub(crate) tags: BTreeMap<String, String>,
    pub(crate) termination_protection: Option<bool>,
    pub(crate) place: Place,
    pub(crate) minimize_policies: bool,
    pub(crate) nodes: Vec<Node>,
    pub(crate) outputs: Vec<Output>,
    /// Which paths are taken, by what.
    claims: BTreeMap<Vec<String>, Claim>,
    /// The default policies of the identities, by the identity's path.
    pub(crate) default_policies: BTreeMap<ConstructPath, ResourceId>,
}

#[derive(Debug, Clone, PartialEq)]
enum Claim {
    Scope,
    Construct,
}

impl StackState {
    pub(crate) fn name(&self) -> &str {
        self.stack_name.as_ref().map_or(&self.id, StackName::as_str)
    }
}

impl fmt::Debug for Stack {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Stack").field(&self.id()).finish()
    }
}

impl Stack {
    /// A stack of this app.
    pub fn new(app: &App, id: &str, props: StackProps) -> Self {
        let place = app.place_or(|| Place::default().key("stacks").key(id));
        let taken = app.state().stacks.iter().any(|stack| stack.id == id);
        if taken {
            let error = StackError::IdTaken { id: id.to_owned() };
            app.note(Problem::error(place.clone(), error));
        }
        if props.stack_name.is_none()
            && let Err(error) = StackName::try_from(id)
        {
            app.note(Problem::error(place.clone().on_key(), StackError::Id(error)));
        }
        let minimize_policies = app.compatibility().minimize_policies;
        let mut state = app.state_mut();
        let index = state.stacks.len();
        state.stacks.push(StackState {
            shard_of: props.shard_of,
            id: id.to_owned(),
            stack_name: props.stack_name,
            description: props.description,
            env: props.env,
            tags: props.tags,
            termination_protection: props.termination_protection,
            place,
            minimize_policies,
            nodes: Vec::new(),
            outputs: Vec::new(),
            claims: BTreeMap::new(),
            default_policies: BTreeMap::new(),
        });
        drop(state);
        Self { app: app.clone(), index }
    }

    /// The app it belongs to.
    pub fn app(&self) -> &App {
        &self.app
    }

    pub(crate) fn compatibility(&self) -> Compatibility {
        self.app.compatibility()
    }

    /// The construct id.
    pub fn id(&self) -> String {
        self.read(|stack| stack.id.clone())
    }

    /// The name it is deployed under.
    pub fn stack_name(&self) -> String {
        self.read(|stack| stack.name().to_owned())
    }

    pub(crate) fn env(&self) -> Environment {
        self.read(|stack| stack.env.clone())
    }

    fn read<T: Default>(&self, read: impl FnOnce(&StackState) -> T) -> T {
        self.app.state().stacks.get(self.index).map(read).unwrap_or_default()
    }

    pub(crate) fn write<T: Default>(&self, write: impl FnOnce(&mut StackState) -> T) -> T {
        self.app.state_mut().stacks.get_mut(self.index).map(write).unwrap_or_default()
    }

    /// The account it is deployed to.
    pub fn account(&self) -> Value {
        match self.env().account {
            Some(account) => Value::from(&account),
            None => Value::Pseudo(Pseudo::AccountId),
        }
    }

    /// The region it is deployed to.
    pub fn region(&self) -> Value {
        match self.env().region {
            Some(region) => Value::from(&region),
            None => Value::Pseudo(Pseudo::Region),
        }
    }

    /// The partition it is deployed to.
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

    /// An ARN of this stack's partition, region and account: CDK's `formatArn`.
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

    /// An ARN of the global service IAM.
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

    /// Whether both are deployed to the same account and region, as far as that is known.
    pub(crate) fn same_environment(&self, other: &Self) -> bool {
        self.env() == other.env()
    }

    /// Whether both are shards of one stack, and not the same.
    pub(crate) fn is_other_shard(&self, other: &Self) -> bool {
        let of = self.read(|stack| stack.shard_of.clone());
        self.index != other.index && of.is_some() && of == other.read(|s| s.shard_of.clone())
    }

    /// Where a construct of this stack stands, or would stand in a config.
    pub(crate) fn place(&self, section: &[&str], id: &str) -> Place {
        self.app.place_or(|| {
            let stack = Place::default().key("stacks").key(&self.id());
            section.iter().fold(stack, |place, key| place.key(key)).key(id)
        })
    }

    /// Takes the path that an id stands for, and the scopes around it.
    ///
    /// A malformed or taken id is noted, and the path is used all the same: one mistake must not
    /// hide the next.
    pub(crate) fn claim(&self, id: &str, place: &Place) -> ConstructPath {
        let path = match ConstructPath::try_from(id) {
            Ok(path) => path,
            Err(error) => {
                self.app.note(Problem::error(place.clone().on_key(), StackError::Path(error)));
                return ConstructPath::unchecked(id);
            }
        };
        if let Some(error) = self.write(|stack| claim(stack, &path).err()) {
            self.app.note(Problem::error(place.clone().on_key(), error));
        }
        if self.compatibility().aws_cdk == AwsCdk::V2
            && let Some(scope) = self.write(|stack| two_defaults(stack, &path))
        {
            let error = StackError::TwoDefaults { id: path.to_string(), scope };
            self.app.note(Problem::error(place.clone().on_key(), error));
        }
        path
    }

    /// Takes the path of a construct inside another one.
    pub(crate) fn claim_child(
        &self,
        parent: &ConstructPath,
        id: &str,
        place: &Place,
    ) -> ConstructPath {
        let path = parent.child(id);
        let claimed =
            self.write(|stack| stack.claims.insert(path.components().to_vec(), Claim::Construct));
        // CDK's own child of that name is the resource itself.
        if claimed.is_some() || id == "Resource" {
            let error = StackError::PathTaken { id: path.to_string() };
            self.app.note(Problem::error(place.clone().on_key(), error));
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
        self.write(|stack| {
            stack.nodes.push(Node {
                path,
                tags: BTreeMap::new(),
                removal_policy,
                pins: Pins::default(),
                overrides: Overrides::default(),
                place,
                body,
            });
            Some(stack.nodes.len())
        })
        .map_or(ResourceId { stack: self.index, index: 0 }, |count| ResourceId {
            stack: self.index,
            index: count - 1,
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

    pub(crate) fn resource_id(&self, index: usize) -> ResourceId {
        ResourceId { stack: self.index, index }
    }

    /// Gives a resource of this stack the addresses that it is pinned to.
    pub(crate) fn pin(&self, id: ResourceId, pins: Pins, place: &Place) {
        for (property, given) in
            [("terraformName", &pins.terraform_name), ("logicalId", &pins.logical_id)]
        {
            if given.is_some() && self.compatibility().aws_cdk == AwsCdk::V1 {
                let error = RepositoryError::NotInCdk1 { property: property.to_owned() };
                self.app.note(Problem::error(place.key(property).on_key(), error));
            }
        }
        if let Some(node) = self.app.state_mut().node(id) {
            node.pins = pins;
        }
    }

    /// The account, where it is known.
    pub(crate) fn known_account(&self) -> Option<AccountId> {
        self.env().account
    }
}

fn claim(stack: &mut StackState, path: &ConstructPath) -> Result<(), StackError> {
    let components = path.components();
    for end in 1..components.len() {
        let Some(scope) = components.get(..end) else { break };
        if stack.claims.get(scope) == Some(&Claim::Construct) {
            return Err(StackError::InsideConstruct {
                id: path.to_string(),
                construct: scope.join("/"),
            });
        }
        stack.claims.insert(scope.to_vec(), Claim::Scope);
    }
    match stack.claims.insert(components.to_vec(), Claim::Construct) {
        None => Ok(()),
        Some(Claim::Construct) => Err(StackError::PathTaken { id: path.to_string() }),
        Some(Claim::Scope) => Err(StackError::AroundConstruct { id: path.to_string() }),
    }
}

/// The scope in which the path adds `Resource` beside `Default`, or `Default` beside `Resource`.
fn two_defaults(stack: &StackState, path: &ConstructPath) -> Option<String> {
    let components = path.components();
    components.iter().enumerate().find_map(|(depth, component)| {
        let other = match component.as_str() {
            "Default" => "Resource",
            "Resource" => "Default",
            _ => return None,
        };
        let scope = components.get(..depth)?;
        let sibling = [scope, &[other.to_owned()]].concat();
        let name = if scope.is_empty() { stack.id.clone() } else { scope.join("/") };
        stack.claims.contains_key(&sibling).then_some(name)
    })
}

/// Why a stack or an id of it cannot be.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum StackError {
    /// Two stacks have one id.
    #[error("second stack `{id}`")]
    IdTaken {
        /// The id.
        id: String,
    },
    /// The id has to be the stack's name, and cannot.
    #[error(transparent)]
    Id(StackNameError),
    /// The id of a construct is malformed.
    #[error(transparent)]
    Path(ConstructPathError),
    /// Two constructs of a stack have one id.
    #[error("second construct `{id}` in this stack")]
    PathTaken {
        /// The id.
        id: String,
    },
    /// The id lies inside a construct that is no scope.
    #[error("construct `{id}` lies inside `{construct}`, which is no scope")]
    InsideConstruct {
        /// The id.
        id: String,
        /// The construct around it.
        construct: String,
    },
    /// Two children of a scope would both be its default child.
    #[error("`{id}` brings both `Resource` and `Default` into `{scope}`")]
    TwoDefaults {
        /// The id.
        id: String,
        /// The scope.
        scope: String,
    },
    /// Something is laid over a construct that has no resource here.
    #[error("no resource `{id}` to lay `cloudformation` or `terraform` over")]
    NoResource {
        /// The id.
        id: String,
    },
    /// The id is already a scope of others.
    #[error("construct `{id}` has the name of a scope of others")]
    AroundConstruct {
        /// The id.
        id: String,
    },
}

impl Explain for StackError {
    fn code(&self) -> &'static str {
        match self {
            Self::IdTaken { .. } => "stack::id_taken",
            Self::Id(error) => error.code(),
            Self::Path(error) => error.code(),
            Self::PathTaken { .. } => "construct::id_taken",
            Self::InsideConstruct { .. } => "construct::inside_construct",
            Self::AroundConstruct { .. } => "construct::around_construct",
            Self::TwoDefaults { .. } => "construct::two_defaults",
            Self::NoResource { .. } => "construct::no_resource",
        }
    }

    fn help(&self) -> Option<String> {
        match self {
            Self::Id(error) => error.help(),
            Self::Path(error) => error.help(),
            Self::TwoDefaults { .. } => {
                Some("the CDK takes both names for the scope's default child; use another".to_owned())
            }
            Self::NoResource { .. } => {
                Some("name a construct that this stack makes; what is imported is changed where it is made".to_owned())
            }
            Self::IdTaken { .. }
            | Self::PathTaken { .. }
            | Self::InsideConstruct { .. }
            | Self::AroundConstruct { .. } => Some(
                "ids are shared by the keys, principals, repositories, registry settings and outputs of a stack; use another one"
                    .to_owned(),
            ),
        }
    }
}
