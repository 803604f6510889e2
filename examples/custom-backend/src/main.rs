//! A backend of one's own: a list of repositories, and of who may pull from them.
//!
//! ```console
//! $ cargo run -- ecrane.yaml
//! ```

use std::error::Error;
use std::io::Write as _;
use std::path::Path;

use ecrane::config::Document;
use ecrane::{
    Attribute, Backend, Effect, File, Graph, Identity, Principals, Problems, Rendered, Resource,
    ResourceKind, Statement, Style, Value,
};

/// The action that every pull needs.
const PULL: &str = "ecr:BatchGetImage";

/// Renders a graph to one text file.
struct PullList;

impl Backend for PullList {
    fn target(&self) -> &'static str {
        "pull-list"
    }

    fn render<'g>(&'g self, graph: &'g Graph) -> Result<Rendered<'g>, Problems> {
        let mut text = String::new();
        for (id, repository) in graph.resources() {
            let ResourceKind::Repository(node) = &repository.kind else { continue };
            text.push_str(&format!("{}\n", name(repository)));
            // What the repository's own policy allows.
            for statement in node.policy.statements.iter().filter(|it| allows_pull(it)) {
                for principal in principals(statement) {
                    let when = if statement.conditions.is_empty() { "" } else { " (conditions)" };
                    text.push_str(&format!("  {}{when}\n", text_of(graph, principal)));
                }
            }
            // What the policies of roles, users and groups allow on it.
            let arn = Value::Attribute(id, Attribute::Arn);
            for (_, resource) in graph.resources() {
                let ResourceKind::IdentityPolicy(policy) = &resource.kind else { continue };
                let mut statements = policy.document.statements.iter();
                if statements.any(|it| allows_pull(it) && it.resources.contains(&arn)) {
                    let (Identity::Role(who) | Identity::User(who) | Identity::Group(who)) =
                        &policy.attached_to;
                    text.push_str(&format!("  {}\n", text_of(graph, who)));
                }
            }
        }
        Ok(Rendered { files: vec![File::text("pulls.txt", None, text)], warnings: Vec::new() })
    }
}

fn allows_pull(statement: &Statement) -> bool {
    statement.effect == Effect::Allow && statement.actions.iter().any(|action| action == PULL)
}

fn principals(statement: &Statement) -> Vec<&Value> {
    match &statement.principals {
        Principals::ByKind(kinds) => kinds.values().flatten().collect(),
        Principals::Star => Vec::new(),
    }
}

fn name(resource: &Resource) -> String {
    resource.path.components().next().unwrap_or_default().to_owned()
}

/// A value in words: what is known now, and the constructs that the rest refers to.
fn text_of(graph: &Graph, value: &Value) -> String {
    match value {
        Value::Literal(text) => text.clone(),
        Value::Attribute(id, _) => graph.resource(*id).map(name).unwrap_or_default(),
        Value::Concat(parts) => parts.iter().map(|part| text_of(graph, part)).collect(),
        Value::Pseudo(_) | Value::ArnField(..) => "*".to_owned(),
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let path = std::env::args().nth(1).ok_or("usage: custom-backend CONFIG")?;
    let graph = Document::load(Path::new(&path))?.decode().map_err(Problems::from)?.build()?;
    let mut stdout = std::io::stdout().lock();
    for file in PullList.render(&graph)?.files {
        file.write(&mut stdout, Style::Pretty)?;
    }
    Ok(stdout.flush()?)
}
