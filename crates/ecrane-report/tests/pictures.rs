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

/// The rectangles of a class: x, y, width and height.
fn frames(svg: &str, class: &str) -> Vec<[f64; 4]> {
    let shapes = svg.split(class).skip(1);
    let frame = |shape: &str| {
        let (_, rect) = shape.split_once("<rect ").unwrap();
        let (rect, _) = rect.split_once("/>").unwrap();
        ["x=\"", "y=\"", "width=\"", "height=\""].map(|name| {
            let (_, value) = rect.split_once(name).unwrap();
            value.split_once('"').unwrap().0.parse().unwrap()
        })
    };
    shapes.map(frame).collect()
}

fn overlap([x, y, width, height]: [f64; 4], [left, top, wide, high]: [f64; 4]) -> bool {
    x < left + wide && left < x + width && y < top + high && top < y + height
}

/// Names of different lengths and depths, several policies, and principals with one to all of them.
fn mixed(count: usize) -> Graph {
    let mut text = String::new();
    for index in 0..count {
        let name = match index % 4 {
            0 => format!("app{index}"),
            1 => format!("team{}/app{index}", index % 7),
            2 => format!("team{}/area{}/{}{index}", index % 7, index % 3, "long-".repeat(20)),
            _ => format!("base/app{index}"),
        };
        let rule = match index % 5 {
            0 => String::new(),
            kind => format!("lifecycleRules: [{{ maxImageCount: {kind} }}], "),
        };
        let account = 111_122_223_333_u64 + (index as u64 * 7) % 19;
        writeln!(
            text,
            "      R{index}: {{ repositoryName: {name}, {rule}grants: [{{ to: {{ account: \
             \"{account}\" }}, allow: pull }}] }}"
        )
        .unwrap();
    }
    graph(&text)
}

#[test]
fn no_boxes_overlap() {
    let graphs = [1, 3, 30, 44, 46, 100, 300].map(mixed).into_iter();
    for graph in graphs.chain([tangle(12, 20, 4), tangle(50, 60, 4)]) {
        let svg = Picture::new(&graph, &Filter::default()).unwrap().svg().unwrap();
        let (boxes, groups) = (frames(&svg, "class=\"box "), frames(&svg, "class=\"group\""));
        let (_, view) = svg.split_once("viewBox=\"").unwrap();
        let (view, _) = view.split_once('"').unwrap();
        let view: Vec<f64> = view.split(' ').map(|number| number.parse().unwrap()).collect();
        let (width, height) = (view[2], view[3]);
        for all in [&boxes, &groups] {
            for (index, one) in all.iter().enumerate() {
                let [x, y, wide, high] = *one;
                assert!(x >= 0.0 && y >= 0.0 && x + wide <= width && y + high <= height, "{svg}");
                for other in all.iter().skip(index + 1) {
                    assert!(!overlap(*one, *other), "{one:?} and {other:?}: {svg}");
                }
            }
        }
        assert!(boxes.len() > 1, "{svg}");
        let marks = frames(&svg, "class=\"mark ");
        for (index, one @ [x, y, wide, high]) in marks.iter().enumerate() {
            let is_inside = |[left, top, width, height]: &[f64; 4]| {
                x >= left && y >= top && x + wide <= left + width && y + high <= top + height
            };
            assert!(boxes.iter().any(is_inside), "{one:?}: {svg}");
            for other in marks.iter().skip(index + 1) {
                assert!(!overlap(*one, *other), "{one:?} and {other:?}: {svg}");
            }
        }
    }
}

/// The marks of each box of repositories: its label, and what each mark stands for.
fn marks(svg: &str) -> Vec<(&str, Vec<&str>)> {
    let boxes = svg.split("<g class=\"box repository\">").skip(1);
    boxes
        .map(|text| {
            let (text, _) = text.split_once("</g>\n").unwrap();
            let mut titles =
                text.split("<title>").skip(1).map(|rest| rest.split_once("</title>").unwrap().0);
            (titles.next().unwrap(), titles.collect())
        })
        .collect()
}

#[test]
fn a_mark_says_what_follows_for_how_many() {
    let svg = |count| Picture::new(&mixed(count), &Filter::default()).unwrap().svg().unwrap();
    let few = svg(6);
    let app = marks(&few).into_iter().find(|(name, _)| *name == "app0").unwrap();
    assert_eq!(app.1, ["No lifecycle policy"]);
    assert!(few.contains(">L1</text>") && few.contains(">∞</text>"), "{few}");
    let many = svg(300);
    assert!(many.contains("for 60 of 300 repositories"), "{many}");
    let texts = marks(&many).into_iter().flat_map(|(_, marks)| marks).collect::<Vec<_>>();
    assert!(texts.iter().any(|text| text.contains(" of them: Lifecycle policy ")), "{texts:?}");
}

/// In a language that others lay out, a few edges lead to what follows, and many are marks.
#[test]
fn a_diagram_has_edges_or_marks() {
    let diagram = |count| {
        let picture = Picture::new(&mixed(count), &Filter::default()).unwrap();
        (picture.dot().unwrap(), picture.mermaid().unwrap())
    };
    let (dot, mermaid) = diagram(6);
    assert!(dot.contains("class=\"follows\"") && !dot.contains("What follows"), "{dot}");
    assert!(!mermaid.contains("What follows"), "{mermaid}");
    let (dot, mermaid) = diagram(40);
    assert!(!dot.contains("class=\"follows\"") && dot.contains("label=\"What follows\""), "{dot}");
    assert!(
        dot.contains("app4\\lL4\\l") && dot.contains("[label=\"L4: Lifecycle policy 4"),
        "{dot}"
    );
    assert!(mermaid.contains("subgraph follows[\"What follows\"]"), "{mermaid}");
}

/// Mermaid refuses more than 500 edges.
#[test]
fn a_diagram_names_who_has_access_where_edges_would_be_too_many() {
    let picture = Picture::new(&tangle(39, 45, 8), &Filter::default()).unwrap();
    for (text, arrow) in [(picture.dot().unwrap(), " -> r0_"), (picture.mermaid().unwrap(), "-->|")]
    {
        assert_eq!(text.matches(arrow).count(), 0, "{text}");
        assert_eq!(text.matches("pull, push: r").count(), 45, "{text}");
    }
    let picture = Picture::new(&tangle(12, 20, 4), &Filter::default()).unwrap();
    assert!(picture.mermaid().unwrap().contains("-->|"));
}

/// A policy for each repository, which all keep some images.
#[test]
fn many_policies_share_a_mark() {
    let mut text = format!("  Shop:\n    {ENV}\n    repositories:\n");
    for index in 0..40 {
        let count = index + 1;
        writeln!(
            text,
            "      R{index}: {{ repositoryName: app{index}, lifecycleRules: [{{ maxImageCount: {count} }}] }}"
        )
        .unwrap();
    }
    let svg = Picture::new(&config(&text), &Filter::default()).unwrap().svg().unwrap();
    assert!(svg.contains(">24 more lifecycle policies</text>"), "{svg}");
    assert!(svg.contains("for 24 of 40 repositories"), "{svg}");
    let rest =
        marks(&svg).into_iter().filter(|(_, marks)| *marks == ["24 more lifecycle policies"]);
    assert_eq!(rest.count(), 24);
}

/// Roles with access to some repositories each, without any order in it.
fn tangle(roles: usize, repositories: usize, of_13: usize) -> Graph {
    let mut text = format!("  Shop:\n    {ENV}\n    repositories:\n");
    for index in 0..repositories {
        let has = |role: &usize| (role * 7919 + index * 104_729) % 13 < of_13;
        let grants: Vec<_> = (0..roles)
            .filter(has)
            .map(|role| {
                format!(
                    "{{ to: {{ arn: \"arn:aws:iam::111122223333:role/r{role}\" }}, allow: {} }}",
                    if role % 3 == 0 { "pullPush" } else { "pull" }
                )
            })
            .collect();
        writeln!(
            text,
            "      R{index}: {{ repositoryName: app{index}, grants: [{}] }}",
            grants.join(", ")
        )
        .unwrap();
    }
    config(&text)
}

#[test]
fn what_would_be_a_knot_of_lines_is_a_matrix() {
    let svg = Picture::new(&tangle(12, 20, 4), &Filter::default()).unwrap().svg().unwrap();
    let access = lines(&svg);
    assert!(svg.contains("class=\"dot push\"") && svg.contains("class=\"row\""), "{svg}");
    // Each meets its repositories, and nothing else.
    let expected = (0..20).flat_map(|index| {
        let has = move |role: &usize| (role * 7919 + index * 104_729) % 13 < 4;
        (0..12).filter(has).map(move |role| {
            format!("r{role} may {} app{index}", if role % 3 == 0 { "pull, push" } else { "pull" })
        })
    });
    let mut expected: Vec<_> = expected.collect();
    let mut access: Vec<_> = access.into_iter().map(str::to_owned).collect();
    expected.sort();
    access.sort();
    assert_eq!(access, expected);
    // A few lines are lines.
    let svg = Picture::new(&tangle(3, 3, 4), &Filter::default()).unwrap().svg().unwrap();
    assert!(!svg.contains("class=\"dot "), "{svg}");
}

/// Whoever has access to all teams has a column, and those of each team have lines.
#[test]
fn a_column_is_for_those_whose_lines_would_cross_all_others() {
    let mut text = String::new();
    for team in 0..16 {
        writeln!(
            text,
            "  T{team}:\n    {ENV}\n    principals:\n      Ci: {{ role: {{ roleName: ci-{team}, assumedBy: {{ \
             service: codebuild.amazonaws.com }} }} }}\n    repositories:\n      A: {{ repositoryName: t{team}/a, \
             grants: [{{ to: Ci, allow: push }}, {{ to: {{ organization: o-abcde12345 }}, allow: pull }}] }}"
        )
        .unwrap();
    }
    let svg = Picture::new(&config(&text), &Filter::default()).unwrap().svg().unwrap();
    let count = |class: &str| lines_of(&svg, class).len();
    // Each may pull, too, if it is one of the organization.
    assert_eq!(count("push dashed"), 16, "{svg}");
    assert_eq!(count("dot pull dashed"), 16, "{svg}");
    // Its number, and one above each frame.
    assert_eq!(svg.matches(">1</text>").count(), 17, "{svg}");
}

/// What a picture says of its lines of a class.
fn lines_of<'s>(svg: &'s str, class: &str) -> Vec<&'s str> {
    let start = format!("<path class=\"{class}\" ");
    let paths = svg.split(start.as_str()).skip(1).filter_map(|path| path.split_once("><title>"));
    paths.filter(|(path, _)| !path.contains('>')).map(|(_, rest)| rest).collect()
}

#[test]
fn a_frame_names_the_account_or_the_targets() {
    let text = "  Shop:\n    targets: { accounts: [\"111122223333\", \"444455556666\"], regions: \
                [eu-west-1, us-east-1, us-west-2] }\n    repositories: { App: { repositoryName: app } }\n  \
                Base:\n    env: { account: \"111122223333\", region: ap-south-1 }\n    repositories: { Os: \
                { repositoryName: os } }\n";
    let picture = Picture::new(&config(text), &Filter::default()).unwrap();
    let (svg, dot, mermaid) =
        (picture.svg().unwrap(), picture.dot().unwrap(), picture.mermaid().unwrap());
    for place in ["2 accounts × 3 Regions", "111122223333, ap-south-1"] {
        assert!(svg.contains(&format!(">{place}</text>")), "{svg}");
        assert!(dot.contains(&format!("\\l{place}\";")), "{dot}");
        assert!(mermaid.contains(&format!("<br/>{place}\"]")), "{mermaid}");
    }
}

#[test]
fn draws_caches_templates_and_public_repositories() {
    let text = r#"
stacks:
  Shop:
    env: { account: "111122223333", region: us-east-1 }
    publicRepositories:
      Tool: { repositoryName: shop/tool }
    registry:
      pullThroughCacheRules:
        Hub: { ecrRepositoryPrefix: hub, upstreamRegistryUrl: public.ecr.aws }
      creationTemplates:
        Cached: { prefix: hub, appliedFor: [PULL_THROUGH_CACHE], lifecycleRules: [{ maxImageAge: 30d }] }
"#;
    let document = Document::parse("ecrane.yaml", Format::Yaml, text).unwrap();
    let graph = document.decode().unwrap().build().unwrap();
    let picture = Picture::new(&graph, &Filter::default()).unwrap();
    for text in [picture.svg().unwrap(), picture.dot().unwrap()] {
        for shown in [
            "shop/tool",
            "public: everybody can pull",
            "hub/*",
            "cache of public.ecr.aws",
            "created by ECR for PULL_THROUGH_CACHE",
            "0 repositories, 1 public repository, 1 pull through cache rule, 1 creation template in 1 stack",
            "Lifecycle policy 1",
        ] {
            assert!(text.contains(shown), "{shown}: {text}");
        }
    }
    let filter = |word: &str| Filter { repositories: vec![word.to_owned()], ..Filter::default() };
    let svg = Picture::new(&graph, &filter("shop/tool")).unwrap().svg().unwrap();
    assert!(svg.contains("shop/tool") && !svg.contains("hub/*"), "{svg}");
}

/// A whole config.
fn config(stacks: &str) -> Graph {
    let text = format!("stacks:\n{stacks}");
    let document = Document::parse("ecrane.yaml", Format::Yaml, &text).unwrap();
    document.decode().unwrap().build().unwrap()
}

const ENV: &str = "env: { account: \"111122223333\", region: eu-west-1 }";

/// What a picture says of its lines.
fn lines(svg: &str) -> Vec<&str> {
    let titles = svg.split("<path class=\"").skip(1).filter_map(|path| path.split_once("<title>"));
    let titles = titles.filter(|(path, _)| !path.contains("/>"));
    titles.map(|(_, rest)| rest.split_once("</title>").unwrap().0).collect()
}

#[test]
fn what_an_organization_may_do_is_not_repeated_for_each_role() {
    let graph = config(&format!(
        "  Shop:\n    {ENV}\n    principals:\n      Ci: {{ role: {{ roleName: ci, assumedBy: {{ service: \
         codebuild.amazonaws.com }} }} }}\n    repositories:\n      App: {{ repositoryName: app, grants: [{{ to: \
         Ci, allow: push }}] }}\n      Base: {{ repositoryName: base, grants: [{{ to: {{ organization: \
         o-abcde12345 }}, allow: pull }}] }}\n"
    ));
    let svg = |filter: &Filter| Picture::new(&graph, filter).unwrap().svg().unwrap();
    let all = svg(&Filter::default());
    let mut access: Vec<_> =
        lines(&all).into_iter().filter(|line| line.contains(" may ")).collect();
    access.sort_unstable();
    let organization = "organization o-abcde12345 may pull base, under conditions";
    assert_eq!(access, ["ci may push app", organization]);
    // Asked for the role, the picture says all that it may.
    let one = svg(&Filter { principals: vec!["ci".to_owned()], ..Filter::default() });
    let mut access: Vec<_> =
        lines(&one).into_iter().filter(|line| line.contains(" may ")).collect();
    access.sort_unstable();
    assert_eq!(access, ["ci may pull base, under conditions", "ci may push app"]);
}

#[test]
fn an_event_rule_leads_from_the_repositories_that_it_is_about() {
    // Rules with the same targets would share a box.
    let targets =
        |id: &str| format!("targets: [{{ arn: \"arn:aws:sns:eu-west-1:111122223333:{id}\" }}]");
    let own =
        |id: &str| format!("events: {{ {id}: {{ on: imageScanCompleted, {} }} }}", targets(id));
    let event = |id: &str, names: &str| {
        format!(
            "        {id}: {{ on: event, eventPattern: {{ detail: {{ repository-name: [{names}] }} }}, \
             {} }}\n",
            targets(id)
        )
    };
    let text = [
        format!("  Shop:\n    {ENV}\n    repositories:\n"),
        format!("      App: {{ repositoryName: shop/app, {} }}\n", own("Own")),
        "      Web: { repositoryName: shop/web }\n".to_owned(),
        format!("      Generated: {{ {} }}\n    registry:\n      events:\n", own("Named")),
        event("Prefix", "{ prefix: shop/ }"),
        event("Both", "shop/app, shop/web"),
        event("Nothing", "other"),
        "  Far:\n    env: { account: \"111122223333\", region: us-east-1 }\n".to_owned(),
        "    repositories: { Web: { repositoryName: shop/web } }\n".to_owned(),
    ];
    let svg = Picture::new(&config(&text.concat()), &Filter::default()).unwrap().svg().unwrap();
    let mut events: Vec<_> = marks(&svg)
        .into_iter()
        .map(|(name, marks)| (name, marks.into_iter().filter(|it| it.contains("Event")).collect()))
        .collect();
    events.sort_unstable();
    let (own, prefix, both) = ("Event Shop/App/Own", "Event Shop/Prefix", "Event Shop/Both");
    // The name that AWS generates may begin with anything.
    let expected: [(&str, Vec<&str>); 4] = [
        ("Generated", vec![prefix, "Event Shop/Generated/Named"]),
        ("shop/app", vec![own, prefix, both]),
        ("shop/web", Vec::new()),
        ("shop/web", vec![prefix, both]),
    ];
    assert_eq!(events, expected);
}

#[test]
fn many_event_rules_with_the_same_targets_are_one() {
    let mut text = format!("  Shop:\n    {ENV}\n    repositories:\n");
    for index in 0..20 {
        writeln!(
            text,
            "      R{index}: {{ repositoryName: shop/app{index}, events: {{ Scan: {{ on: imageScanCompleted, targets: \
             [{{ arn: \"arn:aws:sns:eu-west-1:111122223333:x{}\" }}] }} }} }}",
            index % 2
        )
        .unwrap();
    }
    let svg = Picture::new(&config(&text), &Filter::default()).unwrap().svg().unwrap();
    assert_eq!(svg.matches(">10 event rules</text>").count(), 2, "{svg}");
    // No frame holds one box.
    assert_eq!(svg.matches("class=\"group\"").count(), 1, "{svg}");
    assert!(svg.contains(">→ sns x0<") && svg.contains(">→ sns x1<"), "{svg}");
}

/// However many stacks and principals there are.
#[test]
fn a_picture_stays_a_picture() {
    let mut text = String::new();
    for index in 0..400 {
        let next = (index * 7 + 1) % 400;
        writeln!(
            text,
            "  S{index}:\n    {ENV}\n    principals: {{ P: {{ role: {{ roleName: r{index}, assumedBy: {{ service: \
             codebuild.amazonaws.com }} }} }} }}\n    repositories:\n      A: {{ repositoryName: t{}/a{index}, \
             lifecycleRules: [{{ maxImageCount: {} }}], grants: [{{ to: P, allow: pullPush }}, {{ to: {{ arn: \
             \"arn:aws:iam::444455556666:role/r{next}\" }}, allow: pull }}] }}",
            index % 37,
            index + 1
        )
        .unwrap();
    }
    let svg = Picture::new(&config(&text), &Filter::default()).unwrap().svg().unwrap();
    let all = svg.matches("class=\"box ").count();
    assert!((60..130).contains(&all), "{all}");
    assert!(svg.contains(">400 stacks</text>") && svg.contains(">t36/*</text>"), "{svg}");
    assert!(svg.len() < 400_000, "{}", svg.len());
}

/// Programs such as `rsvg-convert` know no custom properties.
#[test]
fn a_file_has_its_colors_in_its_rules() {
    let svg = Picture::new(&mixed(3), &Filter::default()).unwrap().svg().unwrap();
    assert!(!svg.contains("var(") && !svg.contains("--"), "{svg}");
    let (light, dark) = svg.split_once("@media screen and (prefers-color-scheme: dark)").unwrap();
    assert!(light.contains(".picture .paper { fill: #ffffff; }"), "{light}");
    assert!(dark.contains(".picture .paper { fill: #12161c; }"), "{dark}");
}
