//! The picture as a list, for paper and narrow screens.

use serde::Serialize;

use crate::badges;
use crate::picture::{Access, Kind, Node, Picture, Target};
use crate::svg::{Link, link};

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
                access: picture.who(Target { group: position, node: Some(index) }),
                marks: marks.collect(),
                ..entry(node)
            }
        });
        Group {
            title: group.title(),
            place: group.place.clone(),
            access: picture.who(Target { group: position, node: None }),
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
