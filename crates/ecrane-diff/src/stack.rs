//! The resources of a stack or root module, regardless of the document that they come from.

use indexmap::IndexMap;
use serde_json::{Map, Value};

/// The program that deploys a stack.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Engine {
    /// AWS CloudFormation.
    CloudFormation,
    /// Terraform and OpenTofu.
    Terraform,
}

/// The document that a [`Stack`] was read from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Origin {
    /// A CloudFormation template.
    Template,
    /// The output of `aws cloudformation get-template`.
    DeployedTemplate,
    /// A root module of Terraform in JSON.
    Module,
    /// A Terraform state: `terraform show -json`, `terraform state pull`, or the prior state of a
    /// plan.
    State,
}

impl Origin {
    /// The engine that deploys it.
    pub fn engine(self) -> Engine {
        match self {
            Self::Template | Self::DeployedTemplate => Engine::CloudFormation,
            Self::Module | Self::State => Engine::Terraform,
        }
    }
}

/// The resources of a CloudFormation stack or of a Terraform root module.
#[derive(Debug, Clone, PartialEq)]
pub struct Stack {
    pub(crate) origin: Origin,
    /// By logical id or address, in the order of the document.
    pub(crate) resources: IndexMap<String, Resource>,
    /// The data sources of a Terraform state, by address.
    pub(crate) data: IndexMap<String, Map<String, Value>>,
    /// The addresses of `removed` blocks that do not destroy.
    pub(crate) forgotten: Vec<String>,
    /// The `moved` blocks: the former addresses, by the one that they lead to.
    pub(crate) moved: IndexMap<String, Vec<String>>,
    /// The construct id of the stack, as the CDK and CDKTF note it in the document.
    pub(crate) id: Option<String>,
    /// What the values of its policies can refer to, besides resources.
    pub(crate) around: Box<Surroundings>,
}

/// The parts of a document that are no resources.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Surroundings {
    /// The outputs: `Value` and `Export` in a template, `value` in Terraform.
    pub(crate) outputs: Map<String, Value>,
    /// The parameters of a template.
    pub(crate) parameters: Map<String, Value>,
    /// The conditions of a template.
    pub(crate) conditions: Map<String, Value>,
    /// The default configuration of the provider `aws`.
    pub(crate) provider: Map<String, Value>,
    /// The `backend` block.
    pub(crate) backend: Map<String, Value>,
    /// The data sources `terraform_remote_state`, by name.
    pub(crate) remote_states: Map<String, Value>,
}

/// A resource as its document describes it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Resource {
    pub(crate) kind: String,
    /// The properties or arguments.
    pub(crate) properties: Map<String, Value>,
    /// Its other attributes: `DeletionPolicy`, `DependsOn`; `lifecycle` in Terraform.
    pub(crate) attributes: Map<String, Value>,
}

impl Stack {
    pub(crate) fn new(origin: Origin) -> Self {
        Self {
            origin,
            resources: IndexMap::new(),
            data: IndexMap::new(),
            forgotten: Vec::new(),
            moved: IndexMap::new(),
            id: None,
            around: Box::default(),
        }
    }

    /// A stack without resources, as before the first deployment.
    pub fn empty(engine: Engine) -> Self {
        Self::new(match engine {
            Engine::CloudFormation => Origin::Template,
            Engine::Terraform => Origin::Module,
        })
    }

    /// The document that it was read from.
    pub fn origin(&self) -> Origin {
        self.origin
    }

    /// The engine that deploys it.
    pub fn engine(&self) -> Engine {
        self.origin.engine()
    }

    /// The construct id of the stack, if the document notes it: the AWS CDK in the metadata of the
    /// resources, CDKTF in a comment.
    pub fn id(&self) -> Option<&str> {
        self.id.as_deref()
    }

    /// The resources: the address, the type, and the properties, arguments or attributes of each.
    pub fn resources(&self) -> impl Iterator<Item = (&str, &str, &Map<String, Value>)> {
        self.resources
            .iter()
            .map(|(address, it)| (address.as_str(), it.kind.as_str(), &it.properties))
    }

    /// The outputs, as the document has them.
    pub fn outputs(&self) -> &Map<String, Value> {
        &self.around.outputs
    }

    /// How many resources have their address and type in common with another stack.
    ///
    /// Shows which stack of a config a document without a name belongs to.
    pub fn common_resources(&self, other: &Self) -> usize {
        let is_common = |(address, resource): &(&String, &Resource)| {
            other.resources.get(*address).is_some_and(|other| other.kind == resource.kind)
        };
        self.resources.iter().filter(is_common).count()
    }
}
