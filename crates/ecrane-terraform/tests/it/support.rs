//! Graphs to render, and questions to ask of what comes out.

use std::collections::BTreeMap;

use ecrane_construct::{App, Stack, StackProps};
use ecrane_core::{Graph, Problem, Style};
use ecrane_terraform::{Layout, Options, Settings, VersionConstraint, render};
use serde_json::Value;

/// The files that an app is rendered to, by path, and what is warned of.
pub(crate) struct Rendered {
    pub(crate) files: BTreeMap<String, Value>,
    pub(crate) warnings: Vec<String>,
}

impl Rendered {
    pub(crate) fn file(&self, path: &str) -> &Value {
        self.files.get(path).unwrap_or_else(|| panic!("no file {path}"))
    }
}

/// Renders an app.
pub(crate) fn rendered(app: &App, options: &Options) -> Rendered {
    rendered_graph(&app.build().unwrap(), options)
}

/// Renders a graph; holds what is true of everything that is rendered.
pub(crate) fn rendered_graph(graph: &Graph, options: &Options) -> Rendered {
    let output = render(graph, options).unwrap();
    let mut files = BTreeMap::new();
    for file in &output.files {
        let pretty = file.to_vec(Style::Pretty).unwrap();
        let compact = file.to_vec(Style::Compact).unwrap();
        let value: Value = serde_json::from_slice(&pretty).unwrap();
        assert_eq!(value, serde_json::from_slice::<Value>(&compact).unwrap(), "{}", file.path);
        assert!(pretty.ends_with(b"}\n") && compact.ends_with(b"}\n"), "{}", file.path);
        if file.stack.is_some() {
            assert_references_resolve(&file.path, &value);
        }
        files.insert(file.path.clone(), value);
    }
    Rendered { files, warnings: told(&output.warnings) }
}

/// The module of an app's only stack.
pub(crate) fn module(app: &App) -> Value {
    let mut files = rendered(app, &Options::default()).files;
    assert_eq!(files.len(), 1);
    files.pop_first().unwrap().1
}

/// The codes of what stands in the way.
pub(crate) fn refused(app: &App, options: &Options) -> Vec<String> {
    let graph = app.build().unwrap();
    let problems: Vec<Problem> = render(&graph, options).unwrap_err().into_iter().collect();
    told(&problems)
}

fn told(problems: &[Problem]) -> Vec<String> {
    problems.iter().map(|p| format!("{} {}: {}", p.fact.code(), p.place, p.fact)).collect()
}

/// A stack of a new app.
pub(crate) fn stack(props: StackProps) -> (App, Stack) {
    let app = App::default();
    let stack = Stack::new(&app, "Registry", props);
    (app, stack)
}

pub(crate) fn cdktf() -> Options {
    Options { layout: Layout::Cdktf, ..Options::default() }
}

pub(crate) fn pinned(aws_provider: &str) -> Options {
    let aws_provider = Some(VersionConstraint::try_from(aws_provider).unwrap());
    Options { settings: Settings { aws_provider, ..Settings::default() }, ..Options::default() }
}

/// The JSON in a string of a module.
pub(crate) fn json(text: &Value) -> Value {
    serde_json::from_str(text.as_str().unwrap()).unwrap()
}

/// Every `${…}` names a resource or data source of the module, and nothing else is an expression.
fn assert_references_resolve(path: &str, module: &Value) {
    let mut expressions = Vec::new();
    walk(module, &mut expressions);
    for expression in expressions {
        for reference in references(&expression) {
            let steps: Vec<&str> = reference.split('.').collect();
            let found = match steps.as_slice() {
                ["terraform", "workspace"] => true,
                ["data", kind, name, ..] => module["data"][kind].get(*name).is_some(),
                [kind, name, _] => module["resource"][kind].get(*name).is_some(),
                _ => false,
            };
            assert!(found, "{path}: `{reference}` of `{expression}` leads nowhere");
        }
    }
}

fn walk(value: &Value, expressions: &mut Vec<String>) {
    match value {
        Value::String(text) => find(text, expressions),
        Value::Array(items) => items.iter().for_each(|item| walk(item, expressions)),
        Value::Object(entries) => {
            for (key, item) in entries {
                find(key, expressions);
                walk(item, expressions);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// The expressions in a template, by Terraform's own reading of it.
fn find(template: &str, expressions: &mut Vec<String>) {
    let mut rest = template;
    while let Some(at) = rest.find("${") {
        let escaped = rest[..at].ends_with('$');
        rest = &rest[at + 2..];
        if !escaped {
            let (expression, behind) = rest.split_once('}').unwrap();
            expressions.push(expression.to_owned());
            rest = behind;
        }
    }
}

/// The references in an expression: what is neither a quoted text nor a function.
fn references(expression: &str) -> Vec<&str> {
    expression
        .split('"')
        .step_by(2)
        .flat_map(|code| code.split(|c: char| !(c.is_ascii_alphanumeric() || "._-".contains(c))))
        .filter(|word| word.contains('.'))
        .collect()
}
