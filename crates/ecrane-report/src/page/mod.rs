//! A page about a graph, in one HTML file.

mod access;
mod findings;
mod forecast;
mod lifecycle;
mod outline;
mod repositories;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ecrane_access::Matrix;
use ecrane_core::{Graph, visible};
use serde::Serialize;
use sha2::{Digest as _, Sha256};

use crate::picture::{Picture, listed, others};
use crate::policies::Policies;
use crate::templates::{GRAPH_CSS, RenderError, render};

pub use findings::Finding;
pub use forecast::{Forecast, RepositoryForecast};

const CSS: &str = include_str!("../../../../templates/report/page.css");
const SCRIPT: &str = include_str!("../../../../templates/report/page.js");

/// A page about a graph: the picture, the repositories as a table, lifecycle rules in English, who can
/// do what, findings, and which images go when.
///
/// It is one HTML file without any reference to another. Its Content-Security-Policy allows its own
/// style and script, by their hashes, and nothing else.
///
/// ```
/// use ecrane_core::{Compatibility, Graph};
/// use ecrane_report::Page;
///
/// let graph = Graph::new(Vec::new(), Compatibility::default(), Vec::new())?;
/// let page = Page { title: "ecrane.yaml", graph: &graph, findings: &[], forecast: None };
/// assert!(page.html()?.starts_with("<!doctype html>"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Page<'p> {
    /// What the page is about, such as the name of the config.
    pub title: &'p str,
    /// The graph.
    pub graph: &'p Graph,
    /// Diagnostics about it.
    pub findings: &'p [Finding],
    /// Which images go when, if the images are known.
    pub forecast: Option<&'p Forecast<'p>>,
}

#[derive(Serialize)]
struct Document {
    title: String,
    summary: String,
    style: String,
    style_hash: String,
    script: &'static str,
    script_hash: String,
    picture: String,
    outline: outline::Outline,
    filters: Vec<repositories::Filter>,
    repositories: Vec<repositories::RepositoryRow>,
    others: Vec<repositories::Other>,
    lifecycle: lifecycle::Lifecycle,
    access: access::Access,
    findings: Vec<findings::Problem>,
    forecast: Option<forecast::Timeline>,
}

impl Page<'_> {
    /// The page as HTML. The same graph gives the same bytes.
    ///
    /// # Errors
    /// Returns an error if a template is wrong, which is a bug.
    pub fn html(&self) -> Result<String, RenderError> {
        let matrix = Matrix::new(self.graph);
        let picture = Picture::whole(self.graph, &matrix);
        let listed = listed(self.graph, &matrix);
        let policies = Policies::new(self.graph);
        let (access, who) = access::of(&matrix, &listed);
        let findings = findings::of(self.findings, self.graph, &listed);
        let forecast = self.forecast.map(|forecast| forecast::of(forecast, &listed));
        let parts = repositories::Parts {
            graph: self.graph,
            policies: &policies,
            findings: &findings,
            forecast: forecast.as_ref(),
        };
        let rows = repositories::rows(&listed, &parts, who);
        let style = format!("{GRAPH_CSS}{CSS}");
        let document = Document {
            title: visible(self.title),
            summary: picture.description(),
            style_hash: hash(&style),
            style,
            script: SCRIPT,
            script_hash: hash(SCRIPT),
            picture: picture.svg_in_page()?,
            outline: outline::of(&picture),
            filters: repositories::filters(&rows, &access, policies.iter().count()),
            repositories: rows,
            others: others(self.graph, listed.len()).iter().map(Into::into).collect(),
            lifecycle: lifecycle::of(self.graph, &policies, &listed),
            access,
            findings,
            forecast,
        };
        render("page.html", &document)
    }
}

/// The source expression of a text in a Content-Security-Policy.
fn hash(text: &str) -> String {
    format!("sha256-{}", STANDARD.encode(Sha256::digest(text.as_bytes())))
}
