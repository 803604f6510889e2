//! The templates of `templates/report`, compiled in.

use serde::Serialize;
use tera::{Context, Tera};
use thiserror::Error;

/// The colors of a picture.
pub(crate) const GRAPH_CSS: &str = include_str!("../../../templates/report/graph.css");

/// [`GRAPH_CSS`] for programs without custom properties, such as librsvg: the rules in the colors of
/// light mode, and, for browsers, once more in those of dark mode.
pub(crate) fn graph_css_of_a_file() -> String {
    let (light, rest) = GRAPH_CSS.split_once("@media").unwrap_or_default();
    let (dark, rules) = rest.split_once("\n}\n").unwrap_or_default();
    let resolved = |rules: String, colors: &str| {
        let colors = colors.split([';', '{', '}']).filter_map(|it| it.split_once(':'));
        colors.fold(rules, |rules, (name, color)| {
            rules.replace(&format!("var({})", name.trim()), color.trim())
        })
    };
    let colored = rules.lines().filter(|line| line.contains("var("));
    let colored: Vec<&str> = colored.collect();
    format!(
        "{}@media screen and (prefers-color-scheme: dark) {{\n{}\n}}\n",
        resolved(rules.to_owned(), light),
        resolved(colored.join("\n"), dark)
    )
}

const TEMPLATES: [(&str, &str); 12] = [
    ("graph.svg", include_str!("../../../templates/report/graph.svg")),
    ("graph.dot", include_str!("../../../templates/report/graph.dot")),
    ("graph.mmd", include_str!("../../../templates/report/graph.mmd")),
    ("page.html", include_str!("../../../templates/report/page.html")),
    ("outline.html", include_str!("../../../templates/report/outline.html")),
    ("outline_entry.html", include_str!("../../../templates/report/outline_entry.html")),
    ("outline_access.html", include_str!("../../../templates/report/outline_access.html")),
    ("repositories.html", include_str!("../../../templates/report/repositories.html")),
    ("lifecycle.html", include_str!("../../../templates/report/lifecycle.html")),
    ("access.html", include_str!("../../../templates/report/access.html")),
    ("forecast.html", include_str!("../../../templates/report/forecast.html")),
    ("findings.html", include_str!("../../../templates/report/findings.html")),
];

/// Renders a template. Values are escaped in HTML and SVG.
pub(crate) fn render(name: &str, values: &impl Serialize) -> Result<String, RenderError> {
    let rendered = || {
        let mut tera = Tera::default();
        tera.autoescape_on(vec![".html", ".svg"]);
        tera.add_raw_templates(TEMPLATES)?;
        tera.render(name, &Context::from_serialize(values)?)
    };
    rendered().map_err(|source| RenderError { template: name.to_owned(), source })
}

/// A template that does not render, which is a bug of ecrane.
#[derive(Debug, Error)]
#[error("could not render the template `{template}`")]
pub struct RenderError {
    template: String,
    source: tera::Error,
}
