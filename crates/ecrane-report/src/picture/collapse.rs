//! Groups what is alike, so that a picture of many repositories stays readable.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use indexmap::IndexMap;

use super::Kind;
use super::repositories::Repository;
use super::sides::{self, names};
use super::{About, Grant, Group, Link, Node, Picture, Target, Totals, count};
use crate::fit;

/// The number of boxes in the middle that are readable.
const BOXES: usize = 45;
/// How repositories share a box.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Level {
    /// Each has its own.
    Each,
    /// Those of a prefix share one if all their links are the same.
    Alike,
    /// Those of a prefix share one.
    Prefix,
    /// Those with the same first part of the name share one.
    Segment,
    /// Those of a stack share one.
    Stack,
    /// Those with the same first part of the name share one, whatever their stacks.
    App,
    /// All share one.
    All,
}

const LEVELS: [Level; 7] = [
    Level::Each,
    Level::Alike,
    Level::Prefix,
    Level::Segment,
    Level::Stack,
    Level::App,
    Level::All,
];

/// What identifies the box of a repository in its group.
#[derive(Debug, PartialEq, Eq, Hash)]
enum Key<'r> {
    Index(usize),
    /// A prefix, and what they are linked to.
    Links(&'r str, &'r BTreeMap<usize, Grant>, &'r BTreeSet<usize>),
    Name(&'r str),
    /// All of the group.
    All,
    /// Something else than private repositories.
    Kind(Kind),
}

/// Repositories by group (a stack and a prefix), then by box.
type Boxes<'r> = IndexMap<(Cow<'r, str>, &'r str), IndexMap<Key<'r>, Vec<&'r Repository>>>;

pub(super) fn picture(
    principals: Vec<Node>,
    repositories: &[Repository],
    (consequences, mut of): (Vec<Node>, BTreeMap<Kind, usize>),
) -> Picture {
    let size = |boxes: &Boxes<'_>| boxes.values().map(IndexMap::len).sum::<usize>();
    let mut boxes = Boxes::new();
    for level in LEVELS {
        boxes = arrange(repositories, level);
        if size(&boxes) <= BOXES {
            break;
        }
    }
    let (consequences, place) = sides::consequences(consequences, repositories);
    let mut groups = Vec::new();
    let mut links = Vec::new();
    for ((stack, prefix), nodes) in &boxes {
        let all = || nodes.values().flatten();
        let first = all().next().map(|it| it.place.clone()).unwrap_or_default();
        let is_one_place = all().all(|it| it.place == first);
        let mut group = Group {
            stack: stack.clone().into_owned(),
            prefix: (*prefix).to_owned(),
            place: if is_one_place { first } else { String::new() },
            nodes: Vec::new(),
        };
        let mut own = Vec::new();
        for (key, repositories) in nodes {
            let target = Target { group: groups.len(), node: Some(group.nodes.len()) };
            let follows = sides::follows(repositories, &place);
            group.nodes.push(Node { follows, ..node(key, repositories) });
            own.extend(united(target, repositories));
        }
        links.extend(bundled(own, &group, groups.len()));
        groups.push(group);
    }
    for it in repositories {
        *of.entry(it.kind).or_default() += 1;
    }
    of.insert(Kind::Principal, principals.len());
    let stacks: BTreeSet<&str> = repositories.iter().map(|it| it.stack.as_str()).collect();
    let totals = Totals { of, stacks: stacks.len() };
    let (principals, links) = sides::principals(principals, links);
    Picture { principals, groups, consequences, links, totals }
}

fn arrange(repositories: &[Repository], level: Level) -> Boxes<'_> {
    let mut sizes = BTreeMap::<(&str, &str), usize>::new();
    for it in repositories {
        *sizes.entry((&it.stack, &it.prefix)).or_default() += 1;
    }
    let is_one_group = matches!(level, Level::App | Level::All);
    let all = || {
        let stacks: BTreeSet<&str> = repositories.iter().map(|it| it.stack.as_str()).collect();
        Cow::Owned(count(stacks.len(), "stack", "stacks"))
    };
    let all = is_one_group.then(all);
    let mut boxes = Boxes::new();
    for (index, it) in repositories.iter().enumerate() {
        let is_alone = sizes.get(&(it.stack.as_str(), it.prefix.as_str())) == Some(&1);
        // A frame around one box says nothing.
        let has_frame = matches!(level, Level::Each | Level::Alike) && !is_alone;
        let prefix = if has_frame { it.prefix.as_str() } else { "" };
        let key = match level {
            Level::Each => Key::Index(index),
            _ if it.kind != Kind::Repository => Key::Kind(it.kind),
            Level::Alike => Key::Links(prefix, &it.access, &it.follows),
            Level::Prefix => Key::Name(&it.prefix),
            Level::Segment | Level::App => {
                Key::Name(it.name.split_once('/').map_or("", |(first, _)| first))
            }
            Level::Stack | Level::All => Key::All,
        };
        let stack = all.clone().unwrap_or(Cow::Borrowed(it.stack.as_str()));
        let group = boxes.entry((stack, prefix)).or_default();
        group.entry(key).or_default().push(it);
    }
    // Nor does a frame around those that have become one box.
    let mut framed = Boxes::new();
    for ((stack, prefix), nodes) in boxes {
        let prefix = if nodes.len() > 1 { prefix } else { "" };
        framed.entry((stack, prefix)).or_default().extend(nodes);
    }
    framed
}

fn node(key: &Key<'_>, repositories: &[&Repository]) -> Node {
    if let [one] = repositories {
        return Node {
            kind: one.kind,
            label: one.name.clone(),
            lines: one.lines.clone(),
            about: About::Element(format!("repository-{}", one.row)),
            follows: Vec::new(),
        };
    }
    if let Key::Kind(kind) = key {
        let (one, many) = kind.words();
        return Node {
            kind: *kind,
            label: count(repositories.len(), one, many),
            lines: fit::wrap(
                &names(repositories.iter().map(|it| it.name.as_str()), repositories.len()),
                40,
            ),
            about: About::Element("others".to_owned()),
            follows: Vec::new(),
        };
    }
    let below = match key {
        Key::Name("") | Key::All | Key::Index(_) | Key::Kind(_) => String::new(),
        Key::Name(name) => format!("{}/", name.trim_end_matches('/')),
        Key::Links(prefix, ..) => (*prefix).to_owned(),
    };
    let number = count(repositories.len(), "repository", "repositories");
    let (label, mut lines) = if *key == Key::All {
        (number, Vec::new())
    } else if below.is_empty() {
        ("Other names".to_owned(), vec![number])
    } else {
        (format!("{below}*"), vec![number])
    };
    let short = repositories.iter().map(|it| it.name.strip_prefix(&below).unwrap_or(&it.name));
    lines.extend(fit::wrap(&names(short, repositories.len()), 40));
    let rows = repositories.iter().map(|it| it.row).collect();
    Node { kind: Kind::Repository, label, lines, about: About::Rows(rows), follows: Vec::new() }
}

/// The access to repositories that share a box.
fn united(target: Target, repositories: &[&Repository]) -> Vec<Link> {
    let mut links = BTreeMap::<usize, (Grant, usize)>::new();
    for (other, grant) in repositories.iter().flat_map(|it| &it.access) {
        let (widest, times) = links.entry(*other).or_insert((*grant, 0));
        if grant == widest {
            *times += 1;
        } else {
            // Different access is shown by the widest.
            *widest = *grant.max(widest);
            *times = 1;
        }
    }
    let link = |(other, (grant, times))| Link {
        grant,
        other,
        target,
        is_partial: times < repositories.len(),
    };
    links.into_iter().map(link).collect()
}

/// Replaces equal links to all boxes of a group by one to the group.
fn bundled(links: Vec<Link>, group: &Group, position: usize) -> Vec<Link> {
    if group.nodes.len() < 2 {
        return links;
    }
    let alike = |link: &Link| (link.grant, link.other, link.is_partial);
    let mut times = BTreeMap::new();
    for link in &links {
        *times.entry(alike(link)).or_insert(0) += 1;
    }
    let is_all = |link: &Link| times.get(&alike(link)) == Some(&group.nodes.len());
    let (all, mut rest): (Vec<_>, Vec<_>) = links.into_iter().partition(is_all);
    let target = Target { group: position, node: None };
    let all: BTreeSet<Link> = all.into_iter().map(|link| Link { target, ..link }).collect();
    rest.extend(all);
    rest
}
