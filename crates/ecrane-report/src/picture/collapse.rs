//! Groups what is alike, so that a picture of many repositories stays readable.

use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use indexmap::IndexMap;

use super::Kind;
use super::repositories::Repository;
use super::{About, Grant, Group, Link, Meaning, Node, Picture, Target, Totals, count};
use crate::fit;

/// The number of boxes in the middle that are readable.
const BOXES: usize = 45;
/// The number of boxes on a side from which on those that are alike are one.
pub(super) const SIDE: usize = 16;
/// The number of lines to what follows above which those to what follows for most boxes are left out.
const LINES: usize = 24;
/// The number of boxes on a side from which on those with the fewest lines are one.
const SIDE_MOST: usize = 40;
/// The number of names in a box that stands for several.
const NAMES: usize = 4;

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
    (consequences, number): (Vec<Node>, usize),
) -> Picture {
    let size = |boxes: &Boxes<'_>| boxes.values().map(IndexMap::len).sum::<usize>();
    let mut boxes = Boxes::new();
    for level in LEVELS {
        boxes = arrange(repositories, level);
        if size(&boxes) <= BOXES {
            break;
        }
    }
    let mut groups = Vec::new();
    let mut links = Vec::new();
    for ((stack, prefix), nodes) in &boxes {
        let mut group = Group {
            stack: stack.clone().into_owned(),
            prefix: (*prefix).to_owned(),
            nodes: Vec::new(),
        };
        let mut own = Vec::new();
        for (key, repositories) in nodes {
            let target = Target { group: groups.len(), node: Some(group.nodes.len()) };
            group.nodes.push(node(key, repositories));
            own.extend(united(target, repositories));
        }
        links.extend(bundled(own, &group, groups.len()));
        groups.push(group);
    }
    let private = repositories.iter().filter(|it| it.kind == Kind::Repository).count();
    let stacks: BTreeSet<&str> = repositories.iter().map(|it| it.stack.as_str()).collect();
    let totals = Totals {
        repositories: private,
        others: repositories.len() - private,
        stacks: stacks.len(),
        principals: principals.len(),
        consequences: number,
    };
    let is_access = |link: &Link| matches!(link.meaning, Meaning::Access(_));
    let (access, mut follows): (Vec<_>, Vec<_>) = links.into_iter().partition(is_access);
    let (principals, access) = merged(principals, access);
    let knots = knots(&consequences, &mut follows, size(&boxes), repositories);
    let (mut consequences, follows) = merged(consequences, follows);
    consequences.extend(knots);
    Picture {
        principals,
        groups,
        consequences,
        links: access.into_iter().chain(follows).collect(),
        totals,
    }
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
    Node { kind: Kind::Repository, label, lines, about: About::Rows(rows) }
}

/// The first names of many.
fn names<'n>(names: impl Iterator<Item = &'n str>, count: usize) -> String {
    let first: Vec<_> = names.take(NAMES).collect();
    let more = count - first.len();
    let first = first.join(", ");
    if more == 0 { first } else { format!("{first} and {more} more") }
}

/// The links of repositories that share a box.
fn united(target: Target, repositories: &[&Repository]) -> Vec<Link> {
    let mut links = BTreeMap::<(bool, usize), (Meaning, usize)>::new();
    let mut add = |is_access: bool, other: usize, meaning: Meaning| {
        let (most, times) = links.entry((is_access, other)).or_insert((meaning, 0));
        if meaning == *most {
            *times += 1;
        } else {
            // Different access is shown by the widest.
            *most = meaning.max(*most);
            *times = 1;
        }
    };
    for it in repositories {
        it.access.iter().for_each(|(other, grant)| add(true, *other, Meaning::Access(*grant)));
        it.follows.iter().for_each(|other| add(false, *other, Meaning::Follows));
    }
    let links = links.into_iter().map(|((_, other), (meaning, times))| Link {
        meaning,
        other,
        target,
        is_partial: times < repositories.len(),
    });
    links.collect()
}

/// Replaces equal links to all boxes of a group by one to the group.
fn bundled(links: Vec<Link>, group: &Group, position: usize) -> Vec<Link> {
    if group.nodes.len() < 2 {
        return links;
    }
    let alike = |link: &Link| (link.meaning, link.other, link.is_partial);
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

/// Takes out what follows for most boxes, if the lines to it would be a knot, and says it in words.
fn knots(
    nodes: &[Node],
    links: &mut Vec<Link>,
    boxes: usize,
    repositories: &[Repository],
) -> Vec<Node> {
    if links.len() <= LINES {
        return Vec::new();
    }
    let mut times = vec![0; nodes.len()];
    for link in links.iter() {
        if let Some(times) = times.get_mut(link.other) {
            *times += 1;
        }
    }
    let is_knot = |other: usize| times.get(other).is_some_and(|times| 2 * times > boxes);
    links.retain(|link| !is_knot(link.other));
    let private = || repositories.iter().filter(|it| it.kind == Kind::Repository);
    let all = count(private().count(), "repository", "repositories");
    let told = |(other, node): (usize, &Node)| {
        let own = private().filter(|it| it.follows.contains(&other)).count();
        let mut node = node.clone();
        node.lines.push(format!("For {own} of {all}."));
        node
    };
    nodes.iter().enumerate().filter(|(other, _)| is_knot(*other)).map(told).collect()
}

/// Makes one box of those of a side that have the same links, if there are many, and leaves out those
/// without links.
fn merged(nodes: Vec<Node>, links: Vec<Link>) -> (Vec<Node>, Vec<Link>) {
    let mut of = vec![BTreeSet::new(); nodes.len()];
    for link in links {
        if let Some(own) = of.get_mut(link.other) {
            own.insert(Link { other: 0, ..link });
        }
    }
    let linked = of.iter().filter(|own| !own.is_empty()).count();
    let mut alike = IndexMap::<_, Vec<Node>>::new();
    for (index, (node, own)) in nodes.into_iter().zip(of).enumerate() {
        if !own.is_empty() {
            let apart = if linked > SIDE { 0 } else { index };
            alike.entry((node.kind, own, apart)).or_default().push(node);
        }
    }
    let alike: Vec<_> = alike.into_iter().map(|((kind, own, _), it)| (kind, own, it)).collect();
    let mut boxes = Vec::new();
    let mut links = Vec::new();
    for (kind, own, nodes) in few(alike) {
        links.extend(own.into_iter().map(|link| Link { other: boxes.len(), ..link }));
        boxes.push(one(kind, nodes));
    }
    (boxes, links)
}

/// A box of a side, before its nodes are one.
type Side = (Kind, BTreeSet<Link>, Vec<Node>);

/// Makes one box of those with the fewest lines, if there are too many.
fn few(mut alike: Vec<Side>) -> Vec<Side> {
    if alike.len() <= SIDE_MOST {
        return alike;
    }
    let mut sizes: Vec<_> =
        alike.iter().map(|(_, own, _)| Reverse(own.len())).enumerate().collect();
    sizes.sort_by_key(|(_, size)| *size);
    let kept: BTreeSet<usize> = sizes.iter().take(SIDE_MOST).map(|(index, _)| *index).collect();
    let mut rest = IndexMap::<Kind, (BTreeMap<Target, Link>, Vec<Node>)>::new();
    let mut index = 0;
    alike.retain_mut(|(kind, own, nodes)| {
        index += 1;
        let is_kept = kept.contains(&(index - 1));
        if !is_kept {
            let (links, others) = rest.entry(*kind).or_default();
            for link in std::mem::take(own) {
                let most = links.entry(link.target).or_insert(Link { is_partial: true, ..link });
                // Different access is shown by the widest.
                most.meaning = most.meaning.max(link.meaning);
            }
            others.append(nodes);
        }
        is_kept
    });
    let rest = rest.into_iter();
    alike.extend(rest.map(|(kind, (links, nodes))| (kind, links.into_values().collect(), nodes)));
    alike
}

fn one(kind: Kind, mut nodes: Vec<Node>) -> Node {
    if nodes.len() == 1
        && let Some(node) = nodes.pop()
    {
        return node;
    }
    let (one, many) = kind.words();
    let names = names(nodes.iter().map(|node| node.label.as_str()), nodes.len());
    let lines = fit::wrap(&names, 40);
    let section = match kind {
        Kind::Principal => Some("access"),
        Kind::Lifecycle | Kind::Unlimited => Some("lifecycle"),
        Kind::Repository
        | Kind::Public
        | Kind::Cache
        | Kind::Template
        | Kind::Key
        | Kind::Event
        | Kind::Replication => None,
    };
    let about = section.map_or(About::Nothing, |id| About::Element(id.to_owned()));
    Node { kind, label: count(nodes.len(), one, many), lines, about }
}
