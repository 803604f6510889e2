//! What a picture shows, before it is drawn.

mod collapse;
mod consequences;
mod events;
mod others;
mod place;
mod principals;
mod repositories;
mod sides;
mod who;

pub(crate) use others::others;
pub(crate) use place::places;
pub(crate) use principals::short_name;
pub(crate) use repositories::{Repository, listed, path};
pub(crate) use who::Access;

use std::collections::BTreeMap;

use ecrane_access::Matrix;
use ecrane_core::Graph;

use crate::filter::{Filter, FilterError};

/// A picture of a graph: principals, the repositories that they have access to, and what follows
/// for images, keys, events and other registries.
///
/// ```
/// use ecrane_core::{Compatibility, Graph};
/// use ecrane_report::{Filter, Picture};
///
/// let graph = Graph::new(Vec::new(), Compatibility::default(), Vec::new())?;
/// let picture = Picture::new(&graph, &Filter::default())?;
/// assert!(picture.svg()?.starts_with("<svg"));
/// assert!(picture.dot()?.starts_with("digraph"));
/// assert!(picture.mermaid()?.starts_with("flowchart"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    pub(crate) principals: Vec<Node>,
    pub(crate) groups: Vec<Group>,
    pub(crate) consequences: Vec<Consequence>,
    pub(crate) links: Vec<Link>,
    pub(crate) totals: Totals,
}

/// What there is, which can be more than boxes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Totals {
    pub(crate) of: BTreeMap<Kind, usize>,
    pub(crate) stacks: usize,
}

/// The repositories of a stack whose names have the same prefix.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Group {
    pub(crate) stack: String,
    pub(crate) prefix: String,
    /// The account and the Region, in a few words.
    pub(crate) place: String,
    pub(crate) nodes: Vec<Node>,
}

/// A box of the picture.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Node {
    pub(crate) kind: Kind,
    pub(crate) label: String,
    pub(crate) lines: Vec<String>,
    pub(crate) about: About,
    /// What follows for the repositories of the box.
    pub(crate) follows: Vec<Follow>,
}

/// A box on the right, with the mark that stands for it at repositories.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Consequence {
    pub(crate) badge: String,
    pub(crate) node: Node,
}

/// What follows for the repositories of a box: the consequence at a position.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Follow {
    pub(crate) other: usize,
    /// For how many of them, if not for all.
    pub(crate) some: Option<usize>,
}

/// What a page says about a box.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum About {
    Nothing,
    /// The element with this id.
    Element(String),
    /// The lifecycle policy with this number.
    Policy(usize),
    /// These rows of the table of repositories.
    Rows(Vec<usize>),
}

/// What a box stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Kind {
    Principal,
    Repository,
    Public,
    Cache,
    Template,
    Lifecycle,
    Unlimited,
    Key,
    Event,
    Replication,
}

impl Kind {
    /// The class in SVG, and the name of the kind in DOT and Mermaid.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Principal => "principal",
            Self::Repository => "repository",
            Self::Public => "public",
            Self::Cache => "cache",
            Self::Template => "template",
            Self::Lifecycle => "lifecycle",
            Self::Unlimited => "unlimited",
            Self::Key => "key",
            Self::Event => "event",
            Self::Replication => "replication",
        }
    }

    /// What the mark of one begins with.
    pub(crate) fn letter(self) -> &'static str {
        match self {
            Self::Principal | Self::Repository | Self::Public | Self::Cache | Self::Template => "",
            Self::Lifecycle => "L",
            Self::Unlimited => "∞",
            Self::Key => "K",
            Self::Event => "E",
            Self::Replication => "R",
        }
    }

    /// One of the kind, and several.
    pub(crate) fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Principal => ("principal", "principals"),
            Self::Repository => ("repository", "repositories"),
            Self::Public => ("public repository", "public repositories"),
            Self::Cache => ("pull through cache rule", "pull through cache rules"),
            Self::Template => ("creation template", "creation templates"),
            Self::Lifecycle | Self::Unlimited => ("lifecycle policy", "lifecycle policies"),
            Self::Key => ("key", "keys"),
            Self::Event => ("event rule", "event rules"),
            Self::Replication => ("replica", "replicas"),
        }
    }
}

/// What a principal may do with a repository, from the least to the most.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum May {
    Read,
    Pull,
    Push,
    PullPush,
    Administer,
}

impl May {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Pull => "pull",
            Self::Push => "push",
            Self::PullPush => "pull, push",
            Self::Administer => "administer",
        }
    }

    /// The class in SVG.
    pub(crate) fn class(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Pull => "pull",
            Self::Push | Self::PullPush => "push",
            Self::Administer => "administer",
        }
    }
}

/// A principal's access to a repository.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Grant {
    pub(crate) may: May,
    /// Whether conditions apply.
    pub(crate) is_conditional: bool,
}

/// One or all repositories of a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Target {
    pub(crate) group: usize,
    /// The position in the group, or all.
    pub(crate) node: Option<usize>,
}

/// The access of the principal at a position.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Link {
    pub(crate) grant: Grant,
    pub(crate) other: usize,
    pub(crate) target: Target,
    /// Whether it is about some repositories of the target only.
    pub(crate) is_partial: bool,
}

impl Group {
    /// The stack and the prefix.
    pub(crate) fn title(&self) -> String {
        let Self { stack, prefix, place: _, nodes: _ } = self;
        if prefix.is_empty() { stack.clone() } else { format!("{stack} · {prefix}") }
    }
}

impl Picture {
    /// Collects what a picture of a part of a graph shows.
    ///
    /// # Errors
    /// Returns a word of the filter that selects nothing.
    pub fn new(graph: &Graph, filter: &Filter) -> Result<Self, FilterError> {
        Self::of_matrix(graph, &Matrix::new(graph), filter)
    }

    /// Like [`Picture::new`], with the matrix of the graph.
    ///
    /// # Errors
    /// Returns a word of the filter that selects nothing.
    pub fn of_matrix(graph: &Graph, matrix: &Matrix, filter: &Filter) -> Result<Self, FilterError> {
        let mut repositories = repositories::of(graph, matrix, filter)?;
        let principals = principals::of(matrix, filter, &mut repositories)?;
        let consequences = consequences::of(graph, &mut repositories);
        Ok(collapse::picture(principals, &repositories, consequences))
    }

    /// The picture of a whole graph.
    pub(crate) fn whole(graph: &Graph, matrix: &Matrix) -> Self {
        let mut repositories = listed(graph, matrix);
        repositories.extend(others(graph, repositories.len()));
        let principals = principals::all(matrix, &mut repositories);
        let consequences = consequences::of(graph, &mut repositories);
        collapse::picture(principals, &repositories, consequences)
    }

    /// A line in words.
    pub(crate) fn sentence(&self, link: &Link) -> String {
        let group = self.groups.get(link.target.group);
        let target = match link.target.node {
            Some(node) => group.and_then(|group| group.nodes.get(node)).map(|it| it.label.clone()),
            None => group.map(|group| format!("all of {}", group.title())),
        };
        let target = target.unwrap_or_default();
        let some = if link.is_partial { "some of " } else { "" };
        let who = self.principals.get(link.other).map_or("", |node| &node.label);
        let when = if link.grant.is_conditional { ", under conditions" } else { "" };
        format!("{who} may {} {some}{target}{when}", link.grant.may.as_str())
    }

    /// The text alternative: what the picture shows, in words.
    pub(crate) fn description(&self) -> String {
        let Totals { of, stacks } = &self.totals;
        let of = |kind| of.get(&kind).copied().unwrap_or_default();
        let counted = |kind: Kind| {
            let (one, many) = kind.words();
            count(of(kind), one, many)
        };
        let some = |kinds: &[Kind]| {
            let some = kinds.iter().filter(|kind| of(**kind) > 0).map(|kind| counted(*kind));
            some.collect::<Vec<_>>()
        };
        let mut within = vec![counted(Kind::Repository)];
        within.extend(some(&[Kind::Public, Kind::Cache, Kind::Template]));
        let mut parts = vec![
            format!("{} in {}", within.join(", "), count(*stacks, "stack", "stacks")),
            format!("{} with access", counted(Kind::Principal)),
        ];
        let follows = some(&[Kind::Lifecycle, Kind::Key, Kind::Event, Kind::Replication]);
        if !follows.is_empty() {
            parts.push(follows.join(", "));
        }
        format!("{}.", parts.join("; "))
    }
}

/// A number and what it counts.
pub(crate) fn count(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}
