//! The boxes on the sides: who has access, and what follows. Many that are alike share one.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use indexmap::IndexMap;

use super::repositories::Repository;
use super::{About, Consequence, Follow, Grant, Kind, Link, Node, Target, count};
use crate::fit;

/// The number of principals from which on those with the same access share a box.
const PRINCIPALS: usize = 8;
/// The number of boxes of principals that are readable, and how many keep theirs if there are more.
const MOST: usize = 40;
const KEPT: usize = 20;
/// The same for what follows, whose boxes are taller.
const MOST_RIGHT: usize = 24;
const KEPT_RIGHT: usize = 16;
/// The number of boxes of accounts for those that do not.
const REST: usize = 6;
/// The number of names in a box that stands for several.
const NAMES: usize = 4;

/// The first names of many.
pub(super) fn names<'n>(names: impl Iterator<Item = &'n str>, count: usize) -> String {
    let first: Vec<_> = names.take(NAMES).collect();
    let more = count - first.len();
    let first = first.join(", ");
    if more == 0 { first } else { format!("{first} and {more} more") }
}

/// A box of principals, before these are one: its access, and what it stands for.
type Side = (BTreeSet<Link>, Vec<Node>);

/// Makes one box of the principals with the same access, if there are many, and leaves out those
/// without access.
pub(super) fn principals(nodes: Vec<Node>, links: Vec<Link>) -> (Vec<Node>, Vec<Link>) {
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
            let apart = if linked > PRINCIPALS { 0 } else { index };
            alike.entry((own, apart)).or_default().push(node);
        }
    }
    let alike: Vec<Side> = alike.into_iter().map(|((own, _), it)| (own, it)).collect();
    let mut boxes = Vec::new();
    let mut links = Vec::new();
    for (own, nodes) in few(alike) {
        links.extend(own.into_iter().map(|link| Link { other: boxes.len(), ..link }));
        boxes.push(one(nodes));
    }
    (boxes, links)
}

/// Keeps the boxes that tell most, if there are too many. Others are one for each account, or one.
fn few(alike: Vec<Side>) -> Vec<Side> {
    if alike.len() <= MOST {
        return alike;
    }
    let kept = most(alike.iter().map(|(own, nodes)| own.len() * nodes.len()), KEPT);
    let (kept, others): (Vec<_>, Vec<_>) =
        alike.into_iter().enumerate().partition(|(index, _)| kept.contains(index));
    let mut boxes: Vec<Side> = kept.into_iter().map(|(_, side)| side).collect();
    let others =
        || others.iter().flat_map(|(_, (own, nodes))| nodes.iter().map(move |it| (own, it)));
    // Such as `role in account 111122223333`.
    let account = |node: &Node| node.lines.first().cloned();
    let accounts: BTreeSet<_> = others().map(|(_, node)| account(node)).collect();
    let mut rest = IndexMap::<Option<String>, (BTreeMap<Target, Grant>, Vec<Node>)>::new();
    for (own, node) in others() {
        let key = if accounts.len() > REST { None } else { account(node) };
        let (links, nodes) = rest.entry(key).or_default();
        for link in own {
            // Different access is shown by the widest.
            let widest = links.entry(link.target).or_insert(link.grant);
            *widest = link.grant.max(*widest);
        }
        nodes.push(node.clone());
    }
    boxes.extend(rest.into_values().map(|(links, nodes)| {
        let link = |(target, grant)| Link { grant, other: 0, target, is_partial: true };
        (links.into_iter().map(link).collect(), nodes)
    }));
    boxes
}

/// The positions of the greatest numbers.
fn most(numbers: impl Iterator<Item = usize>, most: usize) -> BTreeSet<usize> {
    let mut numbers: Vec<_> = numbers.map(Reverse).enumerate().collect();
    numbers.sort_by_key(|(_, number)| *number);
    numbers.into_iter().take(most).map(|(index, _)| index).collect()
}

fn one(mut nodes: Vec<Node>) -> Node {
    if nodes.len() == 1
        && let Some(node) = nodes.pop()
    {
        return node;
    }
    let (one, many) = Kind::Principal.words();
    let mut lines = Vec::new();
    let first = nodes.first().and_then(|node| node.lines.first());
    if let Some(line) = first
        && nodes.iter().all(|node| node.lines.first() == Some(line))
    {
        lines.push(line.clone());
    }
    let names = names(nodes.iter().map(|node| node.label.as_str()), nodes.len());
    lines.extend(fit::wrap(&names, 40));
    Node {
        kind: Kind::Principal,
        label: count(nodes.len(), one, many),
        lines,
        about: About::Element("access".to_owned()),
        follows: Vec::new(),
    }
}

/// What follows, in the order of the boxes, and which box each is in.
pub(super) fn consequences(
    nodes: Vec<Node>,
    repositories: &[Repository],
) -> (Vec<Consequence>, Vec<usize>) {
    let mut users = vec![BTreeSet::new(); nodes.len()];
    for (index, repository) in repositories.iter().enumerate() {
        for other in &repository.follows {
            if let Some(own) = users.get_mut(*other) {
                own.insert(index);
            }
        }
    }
    let shown = most(
        users.iter().map(BTreeSet::len),
        if users.len() > MOST_RIGHT { KEPT_RIGHT } else { MOST_RIGHT },
    );
    let mut order: Vec<_> = nodes.into_iter().zip(users).enumerate().collect();
    order.sort_by_key(|(_, (node, _))| (node.kind, policy(node)));
    let mut boxes = IndexMap::<(Kind, Option<usize>), (Vec<Node>, BTreeSet<usize>)>::new();
    let mut place = vec![0; order.len()];
    for (index, (node, own)) in order {
        let is_shown = shown.contains(&index) || node.kind == Kind::Unlimited;
        let entry = boxes.entry((node.kind, is_shown.then_some(index)));
        if let Some(place) = place.get_mut(index) {
            *place = entry.index();
        }
        let (nodes, all) = entry.or_default();
        nodes.push(node);
        all.extend(own);
    }
    let mut numbers = BTreeMap::<Kind, usize>::new();
    let boxes = boxes.into_iter().map(|((kind, own), (nodes, users))| {
        let letter = kind.letter();
        let number = numbers.entry(kind).or_default();
        *number += 1;
        let badge = match (kind, nodes.first().and_then(policy)) {
            (Kind::Unlimited, _) => letter.to_owned(),
            _ if own.is_none() => format!("{letter}+"),
            (_, policy) => format!("{letter}{}", policy.unwrap_or(*number)),
        };
        let mut node = if own.is_none() { more(kind, &nodes) } else { first(nodes, kind) };
        node.lines.extend(used_by(&users, repositories));
        Consequence { badge, node }
    });
    (boxes.collect(), place)
}

fn first(nodes: Vec<Node>, kind: Kind) -> Node {
    nodes.into_iter().next().unwrap_or_else(|| more(kind, &[]))
}

/// The number of a lifecycle policy on a page.
fn policy(node: &Node) -> Option<usize> {
    if let About::Policy(number) = node.about { Some(number) } else { None }
}

/// Stands for those that have no box.
fn more(kind: Kind, nodes: &[Node]) -> Node {
    let (one, many) = kind.words();
    let about = if kind == Kind::Lifecycle {
        About::Element("lifecycle".to_owned())
    } else {
        About::Nothing
    };
    let label = format!("{} more {}", nodes.len(), if nodes.len() == 1 { one } else { many });
    Node { kind, label, lines: Vec::new(), about, follows: Vec::new() }
}

fn used_by(users: &BTreeSet<usize>, repositories: &[Repository]) -> Option<String> {
    let private = repositories.iter().filter(|it| it.kind == Kind::Repository).count();
    let own = users.iter().filter_map(|index| repositories.get(*index));
    let own = own.filter(|it| it.kind == Kind::Repository).count();
    match (own, private) {
        (0, _) | (_, 1) => None,
        (own, all) if own == all => Some(format!("for all {all} repositories")),
        (own, all) => Some(format!("for {own} of {all} repositories")),
    }
}

/// What follows for repositories that share a box.
pub(super) fn follows(repositories: &[&Repository], place: &[usize]) -> Vec<Follow> {
    let mut times = BTreeMap::<usize, usize>::new();
    for repository in repositories {
        let own = repository.follows.iter().filter_map(|other| place.get(*other));
        for other in own.collect::<BTreeSet<_>>() {
            *times.entry(*other).or_default() += 1;
        }
    }
    let follow =
        |(other, times)| Follow { other, some: (times < repositories.len()).then_some(times) };
    times.into_iter().map(follow).collect()
}
