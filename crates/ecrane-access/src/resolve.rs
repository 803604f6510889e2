//! Values of a graph as text.
//!
//! A value that AWS generates at deployment is a placeholder in angle brackets, such as
//! `<Shop/CiRole>` for the name of a role. Equal expressions have equal texts, and because no name
//! in AWS contains angle brackets, no written text equals a placeholder.

use std::collections::BTreeMap;

use ecrane_core::{
    ArnField, Attribute, Graph, Pseudo, Region, Resource, ResourceId, ResourceKind, StackNode,
    Value,
};

/// The account of stacks that do not set one. As in the AWS CDK, they are assumed to be in one
/// account.
pub(crate) const ACCOUNT: &str = "<account>";
const REGION: &str = "<region>";

/// The ARNs of the private repositories of a graph, by which a [`Matrix`](crate::Matrix) names them.
///
/// ```
/// use ecrane_core::{Compatibility, Graph};
///
/// let graph = Graph::new(Vec::new(), Compatibility::default(), Vec::new())?;
/// assert!(ecrane_access::repository_arns(&graph).is_empty());
/// # Ok::<(), ecrane_core::Problems>(())
/// ```
pub fn repository_arns(graph: &Graph) -> BTreeMap<ResourceId, String> {
    let arn = |(id, resource): (ResourceId, &Resource)| {
        let ResourceKind::Repository(_) = &resource.kind else { return None };
        Some((id, Resolver { graph, stack: graph.stack_of(id)? }.arn(resource)))
    };
    graph.resources().filter_map(arn).collect()
}

/// Values of one stack as text.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Resolver<'g> {
    pub(crate) graph: &'g Graph,
    pub(crate) stack: &'g StackNode,
}

impl<'g> Resolver<'g> {
    pub(crate) fn account(&self) -> &'g str {
        self.stack.env.account.as_ref().map_or(ACCOUNT, |account| account.as_str())
    }

    pub(crate) fn region(&self) -> &'g str {
        self.stack.env.region.as_ref().map_or(REGION, Region::as_str)
    }

    pub(crate) fn partition(&self) -> &'static str {
        self.stack.env.region.as_ref().map_or("aws", Region::partition)
    }

    /// The text of a value.
    pub(crate) fn text(&self, value: &Value) -> String {
        match value {
            Value::Literal(text) => text.clone(),
            Value::Pseudo(Pseudo::AccountId) => self.account().to_owned(),
            Value::Pseudo(Pseudo::Region) => self.region().to_owned(),
            Value::Pseudo(Pseudo::Partition) => self.partition().to_owned(),
            Value::Pseudo(Pseudo::UrlSuffix) => self
                .stack
                .env
                .region
                .as_ref()
                .map_or("amazonaws.com", Region::url_suffix)
                .to_owned(),
            Value::Attribute(id, attribute) => {
                match (self.graph.stack_of(*id), self.graph.resource(*id)) {
                    (Some(stack), Some(resource)) => {
                        let resolver = Resolver { graph: self.graph, stack };
                        match attribute {
                            Attribute::Name => resolver.name(resource),
                            Attribute::Arn => resolver.arn(resource),
                        }
                    }
                    // `Graph::new` refuses references to nothing.
                    _ => String::new(),
                }
            }
            Value::ArnField(arn, field) => {
                let arn = self.text(arn);
                arn.splitn(6, ':')
                    .nth(usize::from(ArnField::index(*field)))
                    .unwrap_or_default()
                    .to_owned()
            }
            Value::Concat(parts) => parts.iter().map(|part| self.text(part)).collect(),
        }
    }

    /// The physical name of a resource, or a placeholder with its path.
    pub(crate) fn name(&self, resource: &Resource) -> String {
        let name = resource.kind.name();
        name.map_or_else(|| format!("<{}>", self.path(resource)), str::to_owned)
    }

    /// The ARN of a resource.
    pub(crate) fn arn(&self, resource: &Resource) -> String {
        let (partition, account) = (self.partition(), self.account());
        let name = self.name(resource);
        let iam = |kind, path: Option<&str>| {
            format!("arn:{partition}:iam::{account}:{kind}{}{name}", path.unwrap_or("/"))
        };
        if let ResourceKind::Repository(_) = &resource.kind {
            format!("arn:{partition}:ecr:{}:{account}:repository/{name}", self.region())
        } else if let ResourceKind::PublicRepository(_) = &resource.kind {
            format!("arn:{partition}:ecr-public::{account}:repository/{name}")
        } else if let ResourceKind::Role(role) = &resource.kind {
            iam("role", role.path.as_deref())
        } else if let ResourceKind::User(user) = &resource.kind {
            iam("user", user.path.as_deref())
        } else if let ResourceKind::Group(_) = &resource.kind {
            iam("group", None)
        } else {
            // No policy about repositories names other resources by their ARNs.
            name
        }
    }

    /// The construct path, from the stack down, without the CDK's inner resource.
    pub(crate) fn path(&self, resource: &Resource) -> String {
        let path = self.stack.path_of(resource);
        path.strip_suffix("/Resource").map_or(path.clone(), str::to_owned)
    }
}
