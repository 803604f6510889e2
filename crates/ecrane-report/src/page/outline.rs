//! The picture as a list, for paper and narrow screens.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use serde::Serialize;

use crate::badges;
use crate::picture::{Grant, Kind, May, Node, Picture, Target};
use crate::svg::{Link, link};

/// The number of names in a line about access.
const NAMES: usize = 6;

#[derive(Serialize)]
pub(super) struct Outline {
    groups: Vec<Group>,
    consequences: Vec<Entry>,
}

#[derive(Serialize)]
struct Group {
    title: String,
    place: String,
    /// Who has access to all of it.
    access: Vec<Access>,
    boxes: Vec<Entry>,
}

#[derive(Serialize)]
struct Entry {
    label: String,
    link: Option<Link>,
    lines: Vec<String>,
    access: Vec<Access>,
    marks: Vec<Mark>,
}

/// Who has the same access.
#[derive(Serialize)]
struct Access {
    class: &'static str,
    may: &'static str,
    names: String,
    is_conditional: bool,
    is_partial: bool,
}

#[derive(Serialize)]
struct Mark {
    class: &'static str,
    text: String,
    title: String,
}

pub(super) fn of(picture: &Picture) -> Outline {
    let groups = picture.groups.iter().enumerate().map(|(position, group)| {
        let boxes = group.nodes.iter().enumerate().map(|(index, node)| {
            let marks = badges::of(picture, node).into_iter();
            let marks =
                marks.map(|it| Mark { class: it.kind.as_str(), text: it.text, title: it.title });
            Entry {
                access: access(picture, Target { group: position, node: Some(index) }),
                marks: marks.collect(),
                ..entry(node)
            }
        });
        Group {
            title: group.title(),
            place: group.place.clone(),
            access: access(picture, Target { group: position, node: None }),
            boxes: boxes.collect(),
        }
    });
    let consequences = picture.consequences.iter().map(|it| {
        let class = Kind::as_str(it.node.kind);
        let mark = Mark { class, text: it.badge.clone(), title: String::new() };
        Entry { marks: vec![mark], ..entry(&it.node) }
    });
    Outline { groups: groups.collect(), consequences: consequences.collect() }
}

fn entry(node: &Node) -> Entry {
    Entry {
        label: node.label.clone(),
        link: link(&node.about),
        lines: node.lines.clone(),
        access: Vec::new(),
        marks: Vec::new(),
    }
}

/// Who has access to a box or a whole group, the widest access first.
fn access(picture: &Picture, target: Target) -> Vec<Access> {
    let mut alike = BTreeMap::<(Reverse<May>, bool, bool), Vec<&str>>::new();
    for link in picture.links.iter().filter(|link| link.target == target) {
        if let Some(who) = picture.principals.get(link.other) {
            let Grant { may, is_conditional } = link.grant;
            let key = (Reverse(may), is_conditional, link.is_partial);
            alike.entry(key).or_default().push(&who.label);
        }
    }
    let access = alike.into_iter().map(|((Reverse(may), is_conditional, is_partial), names)| {
        let more = names.len().saturating_sub(NAMES);
        let mut names: Vec<_> = names.into_iter().take(NAMES).map(str::to_owned).collect();
        if more > 0 {
            names.push(format!("{more} more"));
        }
        Access {
            class: may.class(),
            may: may.as_str(),
            names: names.join(", "),
            is_conditional,
            is_partial,
        }
    });
    access.collect()
}
