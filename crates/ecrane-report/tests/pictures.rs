//! Pictures of configs.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fmt::Write as _;

use ecrane_config::{Document, Format};
use ecrane_core::Graph;
use ecrane_report::{Filter, Picture};

fn graph(repositories: &str) -> Graph {
    let text = format!(
        "stacks:\n  Shop:\n    env: {{ account: \"111122223333\", region: eu-west-1 }}\n    \
         principals:\n      \"Ci</title><script>\\u202e\\\"\": {{ role: {{ assumedBy: {{ service: \
         codebuild.amazonaws.com }} }} }}\n    repositories:\n{repositories}"
    );
    let document = Document::parse("ecrane.yaml", Format::Yaml, &text).unwrap();
    document.decode().unwrap().build().unwrap()
}

fn repositories(count: usize) -> Graph {
    let mut text = String::new();
    for index in 0..count {
        let team = index % 25;
        writeln!(
            text,
            "      R{index}: {{ repositoryName: team{team}/app{index}, grants: [{{ to: \
             \"Ci</title><script>\\u202e\\\"\", allow: pullPush }}] }}"
        )
        .unwrap();
    }
    graph(&text)
}

fn boxes(svg: &str) -> usize {
    svg.matches("class=\"box repository\"").count()
}

#[test]
fn groups_many_repositories() {
    let picture = |count| Picture::new(&repositories(count), &Filter::default()).unwrap();
    assert_eq!(boxes(&picture(3).svg().unwrap()), 3);
    assert_eq!(boxes(&picture(30).svg().unwrap()), 30);
    let svg = picture(300).svg().unwrap();
    assert_eq!(boxes(&svg), 25);
    assert!(svg.contains("300 repositories in 1 stack"), "{svg}");
}

#[test]
fn escapes_hostile_names() {
    let picture = Picture::new(&repositories(2), &Filter::default()).unwrap();
    for text in [picture.svg().unwrap(), picture.dot().unwrap(), picture.mermaid().unwrap()] {
        assert!(!text.contains('\u{202e}'), "{text}");
    }
    let svg = picture.svg().unwrap();
    assert!(!svg.contains("<script"), "{svg}");
    assert!(svg.contains("&lt;script&gt;"), "{svg}");
}

#[test]
fn is_deterministic() {
    let picture = || Picture::new(&repositories(300), &Filter::default()).unwrap();
    assert_eq!(picture().svg().unwrap(), picture().svg().unwrap());
}
