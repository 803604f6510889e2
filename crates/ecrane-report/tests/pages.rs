//! Pages of configs.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use ecrane_config::{Document, Format};
use ecrane_construct::{App, Principal, Repository, RepositoryProps, Stack, StackProps};
use ecrane_core::{Graph, ResourceKind, Severity};
use ecrane_lifecycle::preview::{ImageListing, InUse, Schedule};
use ecrane_report::{Finding, Forecast, Page, RepositoryForecast};

/// Ends elements, attributes and comments, and turns the text around it. Escaped for YAML and JSON.
const HOSTILE: &str = "</script><!--'\\\"\\u202e--><b onclick=x>";

fn graph(repositories: &str) -> Graph {
    let text = format!(
        "stacks:\n  Shop:\n    env: {{ account: \"111122223333\", region: eu-west-1 }}\n    \
         principals:\n      \"{HOSTILE}\": {{ role: {{ assumedBy: {{ service: \
         codebuild.amazonaws.com }} }} }}\n    repositories:\n{repositories}"
    );
    let document = Document::parse("ecrane.yaml", Format::Yaml, &text).unwrap();
    document.decode().unwrap().build().unwrap()
}

fn repository(id: &str, of: &str) -> String {
    format!("      \"{id}\": {{ {of}, grants: [{{ to: \"{HOSTILE}\", allow: pullPush }}] }}\n")
}

fn page(graph: &Graph, findings: &[Finding]) -> String {
    Page { title: "ecrane.yaml", graph, findings, forecast: None }.html().unwrap()
}

#[test]
fn escapes_hostile_names() {
    let rule = format!("lifecycleRules: [{{ maxImageCount: 3, description: \"{HOSTILE}\" }}]");
    let graph = graph(&repository(&format!("R{HOSTILE}"), &rule));
    let hostile = "</script><script>alert(1)</script>\u{202e}'\"".to_owned();
    let finding = Finding {
        severity: Severity::Warning,
        code: hostile.clone(),
        message: hostile.clone(),
        notes: vec![hostile.clone()],
        place: Some(hostile.clone()),
        pointers: vec![hostile.clone()],
        repository: None,
    };
    let page = Page { title: &hostile, graph: &graph, findings: &[finding], forecast: None }.html();
    let page = page.unwrap();
    assert!(!page.contains('\u{202e}'), "{page}");
    assert_eq!(page.matches("<script").count(), 1, "{page}");
    assert_eq!(page.matches("</script").count(), 1, "{page}");
    assert!(!page.contains("<b ") && !page.contains("<!--"), "{page}");
    assert!(page.contains("&lt;/script&gt;"), "{page}");
}

/// Tags, and the names of pods, are texts of somebody else, too.
#[test]
fn escapes_hostile_images_and_users() {
    let graph = graph(&repository(
        "App",
        "repositoryName: shop/app, lifecycleRules: [{ maxImageAge: 1d }]",
    ));
    let digest = format!("sha256:{}", "ab".repeat(32));
    let image = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/shop/app@";
    let images = format!(
        r#"{{"imageDetails": [{{"imageDigest": "{digest}", "imageTags": ["{HOSTILE}"],
            "imagePushedAt": "2026-01-01T00:00:00Z"}}]}}"#
    );
    let pods = format!(
        r#"{{"kind": "PodList", "apiVersion": "v1", "items": [{{"kind": "Pod",
            "metadata": {{"namespace": "{HOSTILE}", "name": "{HOSTILE}"}},
            "spec": {{"containers": [{{"name": "{HOSTILE}", "image": "{image}{digest}"}}]}}}}]}}"#
    );
    let listing = ImageListing::parse(&images).unwrap();
    let (in_use, _) = InUse::parse(&pods, "pods.json").unwrap();
    let at = "2026-03-15T00:00:00Z".parse().unwrap();
    let (id, policy) = graph
        .resources()
        .find_map(|(id, resource)| {
            let ResourceKind::Repository(it) = &resource.kind else { return None };
            Some((id, it.lifecycle_policy.clone()?))
        })
        .unwrap();
    let schedule = Schedule::new(&policy, &listing, at, 30);
    let uses = in_use.of(&listing);
    let own = RepositoryForecast { repository: id, listing: &listing, schedule, uses };
    let forecast = Forecast { at, days: 30, repositories: vec![own] };
    let page = Page { title: "x", graph: &graph, findings: &[], forecast: Some(&forecast) };
    let page = page.html().unwrap();
    assert!(page.contains("in use by container"), "{page}");
    assert!(!page.contains('\u{202e}'), "{page}");
    assert_eq!(page.matches("<script").count(), 1, "{page}");
    assert!(!page.contains("<b ") && !page.contains("<!--"), "{page}");
}

/// What is said of a principal does not grow with the repositories, nor the other way round.
#[test]
fn does_not_grow_with_the_product() {
    let size = |principals: usize, count: usize| {
        let grants: Vec<_> = (0..principals)
            .map(|it| format!("{{ to: {{ account: \"{}\" }}, allow: pull }}", 111_122_220_000 + it))
            .collect();
        let grants = grants.join(", ");
        let all = (0..count).map(|it| {
            format!("      R{it}: {{ repositoryName: shop/app{it}, grants: [{grants}] }}\n")
        });
        page(&graph(&all.collect::<String>()), &[]).len()
    };
    let [small, principals, repositories, both] =
        [size(20, 50), size(40, 50), size(20, 100), size(40, 100)];
    let product = both + small - principals - repositories;
    assert!(product < 2000, "{small} {principals} {repositories} {both}");
}

#[test]
fn refers_to_nothing_else() {
    let page = page(&graph(&repository("App", "repositoryName: shop/app")), &[]);
    for text in [" src=", "url(", "@import", "<link", "http-equiv=\"refresh\"", " style="] {
        assert!(!page.contains(text), "{text}: {page}");
    }
    let targets = page.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next());
    for target in targets {
        let id = target.strip_prefix('#').unwrap();
        assert!(page.contains(&format!(" id=\"{id}\"")), "nothing has the id {id}: {page}");
    }
}

/// The constructs of a program have no place.
#[test]
fn tells_repositories_without_a_place_apart() {
    let app = App::default();
    let stack = Stack::new(&app, "Shop", StackProps::default());
    let [open, _closed] = ["open", "closed"].map(|name| {
        let repository_name = Some(name.parse().unwrap());
        Repository::new(&stack, name, RepositoryProps { repository_name, ..Default::default() })
    });
    open.grant_pull(Principal::account("444455556666".parse().unwrap()));
    let page = page(&app.build().unwrap(), &[]);
    let row = |number: usize| {
        let (_, row) = page.split_once(&format!("id=\"repository-{number}\"")).unwrap();
        row.split_once("</tr>").unwrap().0
    };
    assert!(row(0).contains(">open<") && row(0).contains("account 444455556666"), "{page}");
    assert!(row(1).contains(">closed<") && !row(1).contains("account 444455556666"), "{page}");
}

#[test]
fn explains_a_policy_once() {
    let own = |name: &str, policy| format!("{{ repositoryName: {name}, {policy} }}");
    let graph = graph(&format!(
        "      A: {}\n      B: {}\n",
        own("shop/a", "lifecycleRules: [{ maxImageCount: 3 }]"),
        own("shop/b", "lifecycleRules: [{ maxImageCount: 3 }]"),
    ));
    let page = page(&graph, &[]);
    assert_eq!(page.matches("href=\"#policy-1\">policy 1").count(), 2, "{page}");
    assert_eq!(page.matches("<h3 id=\"policy-").count(), 1, "{page}");
    assert!(page.contains("data-rows=\"0-1\">2 repositories"), "{page}");
}

/// Private repositories have rows, and what else keeps images has a list.
#[test]
fn lists_public_repositories_and_caches() {
    let text = r#"
stacks:
  Shop:
    env: { account: "111122223333", region: us-east-1 }
    publicRepositories: { Tool: { repositoryName: shop/tool } }
    registry:
      pullThroughCacheRules: { Quay: { ecrRepositoryPrefix: quay, upstreamRegistryUrl: quay.io } }
    repositories: { App: { repositoryName: shop/app } }
"#;
    let document = Document::parse("ecrane.yaml", Format::Yaml, text).unwrap();
    let page = page(&document.decode().unwrap().build().unwrap(), &[]);
    let (_, others) = page.split_once("id=\"others\"").unwrap();
    let (others, _) = others.split_once("</ul>").unwrap();
    assert!(others.contains("<strong>shop/tool</strong>"), "{others}");
    assert!(others.contains("pull through cache rule of Shop, cache of quay.io"), "{others}");
    assert!(!others.contains("shop/app"), "{others}");
    // The picture leads to each.
    for row in 0..3 {
        assert!(page.contains(&format!("href=\"#repository-{row}\"")), "{page}");
        assert_eq!(page.matches(&format!(" id=\"repository-{row}\"")).count(), 1, "{page}");
    }
}

#[test]
fn leads_from_a_finding_to_its_repository() {
    let graph = graph(
        "      A: { repositoryName: shop/a }\n      Ab: { repositoryName: shop/ab, \
         lifecycleRules: [{ maxImageCount: 3 }] }\n",
    );
    let finding = |pointer: &str| Finding {
        severity: Severity::Warning,
        code: "a::b".to_owned(),
        message: "about it".to_owned(),
        notes: Vec::new(),
        place: None,
        pointers: vec![pointer.to_owned()],
        repository: None,
    };
    let page = page(&graph, &[finding("/stacks/Shop/repositories/Ab/lifecycleRules/0")]);
    let (_, row) = page.split_once("id=\"repository-1\"").unwrap();
    let (row, rest) = row.split_once("</tr>").unwrap();
    assert!(row.contains("href=\"#finding-1\""), "{row}");
    let (_, found) = rest.split_once("id=\"finding-1\"").unwrap();
    assert!(found.contains("href=\"#repository-1\">shop/ab"), "{found}");
    assert_eq!(page.matches("href=\"#finding-1\"").count(), 1, "{page}");
}

/// Paper and narrow screens have a list in place of the picture, with the same boxes and marks.
#[test]
fn the_picture_is_also_a_list() {
    let text = r#"
stacks:
  Shop:
    targets: { accounts: ["111122223333", "444455556666"], regions: [eu-west-1] }
    repositories:
      App: { repositoryName: shop/app, lifecycleRules: [{ maxImageAge: 30d }], grants: [{ to: { account: "444455556666" }, allow: pull }] }
      Web: { repositoryName: shop/web, grants: [{ to: { account: "444455556666" }, allow: pull }, { to: { account: "555566667777" }, allow: push }] }
"#;
    let document = Document::parse("ecrane.yaml", Format::Yaml, text).unwrap();
    let graph = document.decode().unwrap().build().unwrap();
    let page = Page { title: "t", graph: &graph, findings: &[], forecast: None }.html().unwrap();
    let (_, outline) = page.split_once("<div class=\"outline\">").unwrap();
    let (outline, rest) = outline.split_once("<section id=\"repositories\"").unwrap();
    // What both repositories have is said once.
    assert_eq!(outline.matches("account 444455556666").count(), 1, "{outline}");
    assert_eq!(outline.matches("account 555566667777").count(), 1, "{outline}");
    for shown in [
        "shop/app</a> <span class=\"mark lifecycle\" title=\"Lifecycle policy 1\">L1</span>",
        ">∞</span>",
        "2 accounts × 1 Region",
    ] {
        assert!(outline.contains(shown), "{shown}: {outline}");
    }
    // The table names the accounts and Regions of targets.
    assert!(rest.contains("2 accounts: 111122223333, 444455556666"), "{rest}");
    assert!(rest.contains("1 Region: eu-west-1"), "{rest}");
}
