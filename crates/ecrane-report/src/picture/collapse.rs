//! Groups what is alike, so that a picture of many repositories stays readable.

use std::collections::{BTreeMap, BTreeSet};

use indexmap::IndexMap;

use super::Kind;
use super::repositories::Repository;
use super::{About, Grant, Group, Link, Meaning, Node, Picture, Target, count};
use crate::fit;

/// The number of boxes in the middle that are readable.
const BOXES: usize = 45;
/// The number of boxes on a side from which on those that are alike are one.
const SIDE: usize = 16;
/// The number of lines to what follows above which those to what follows for most boxes are left out.
const LINES: usize = 24;
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
}

const LEVELS: [Level; 5] = [Level::Each, Level::Alike, Level::Prefix, Level::Segment, Level::Stack];

/// What identifies the box of a repository in its group.
#[derive(Debug, PartialEq, Eq, Hash)]
enum Key<'r> {
    Index(usize),
    Links(&'r BTreeMap<usize, Grant>, &'r BTreeSet<usize>),
    Name(&'r str),
    /// Something else than private repositories.
    Kind(Kind),
}

/// Repositories by group (a stack and a prefix), then by box.
type Boxes<'r> = IndexMap<(&'r str, &'r str), IndexMap<Key<'r>, Vec<&'r Repository>>>;

pub(super) fn picture(
    principals: Vec<Node>,
    repositories: &[Repository],
    consequences: Vec<Node>,
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
        let mut group =
            Group { stack: (*stack).to_owned(), prefix: (*prefix).to_owned(), nodes: Vec::new() };
        let mut own = Vec::new();
        for (key, repositories) in nodes {
            let target = Target { group: groups.len(), node: Some(group.nodes.len()) };
            group.nodes.push(node(key, prefix, repositories));
            own.extend(united(target, repositories));
        }
        links.extend(bundled(own, &group, groups.len()));
        groups.push(group);
    }
    let private = repositories.iter().filter(|it| it.kind == Kind::Repository).count();
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
        repositories: private,
        others: repositories.len() - private,
    }
}

fn arrange(repositories: &[Repository], level: Level) -> Boxes<'_> {
    let mut sizes = BTreeMap::<(&str, &str), usize>::new();
    for it in repositories {
        *sizes.entry((&it.stack, &it.prefix)).or_default() += 1;
    }
    let mut boxes = Boxes::new();
    for (index, it) in repositories.iter().enumerate() {
        let is_alone = sizes.get(&(it.stack.as_str(), it.prefix.as_str())) == Some(&1);
        let prefix = match level {
            // A frame around one box says nothing.
            Level::Each | Level::Alike | Level::Prefix if !is_alone => it.prefix.as_str(),
            Level::Each | Level::Alike | Level::Prefix | Level::Segment | Level::Stack => "",
        };
        let key = match level {
            Level::Each => Key::Index(index),
            _ if it.kind != Kind::Repository => Key::Kind(it.kind),
            Level::Alike => Key::Links(&it.access, &it.follows),
            Level::Prefix => Key::Name(&it.prefix),
            Level::Segment => Key::Name(it.name.split_once('/').map_or("", |(first, _)| first)),
            Level::Stack => Key::Name(""),
        };
        let group = boxes.entry((it.stack.as_str(), prefix)).or_default();
        group.entry(key).or_default().push(it);
    }
    boxes
}

fn node(key: &Key<'_>, prefix: &str, repositories: &[&Repository]) -> Node {
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
    let label = match key {
        Key::Name(name) if !name.is_empty() => format!("{}/*", name.trim_end_matches('/')),
        _ if !prefix.is_empty() => format!("{prefix}*"),
        Key::Index(_) | Key::Links(..) | Key::Name(_) | Key::Kind(_) => "Other names".to_owned(),
    };
    let mut lines = vec![count(repositories.len(), "repository", "repositories")];
    if matches!(key, Key::Links(..)) {
        let short = repositories.iter().map(|it| it.name.strip_prefix(prefix).unwrap_or(&it.name));
        lines.extend(fit::wrap(&names(short, repositories.len()), 40));
    }
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
    let mut boxes = Vec::new();
    let mut links = Vec::new();
    for ((kind, own, _), nodes) in alike {
        links.extend(own.into_iter().map(|link| Link { other: boxes.len(), ..link }));
        boxes.push(one(kind, nodes));
    }
    (boxes, links)
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
    Node { kind, label: count(nodes.len(), one, many), lines, about: About::Nothing }
}
