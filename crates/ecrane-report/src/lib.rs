//! Pictures and pages of a graph, for people: repositories, their lifecycle rules, who may pull and push, and
//! what follows for keys, events and replication.
//!
//! [`Picture`] collects these from a [`Graph`](ecrane_core::Graph) and its access
//! [`Matrix`](ecrane_access::Matrix). It is written as SVG, as DOT for Graphviz, or as a Mermaid
//! flowchart. Many repositories are grouped, so that a picture of hundreds of them is readable. There
//! is no PNG: its text would need the fonts of the machine, and differ between machines, or fonts in
//! the binary. `rsvg-convert` and browsers convert the SVG.
//!
//! [`Page`] is an HTML file with the picture, and with what it does not show: tables of repositories
//! and of access, lifecycle rules in English, findings, and which images go when.
//!
//! It performs no I/O: the same graph gives the same bytes.

mod badges;
mod crossings;
mod filter;
mod fit;
mod flow;
mod layout;
mod page;
mod picture;
mod policies;
mod rows;
mod svg;
mod templates;

pub use filter::{Filter, FilterError};
pub use page::{Finding, Forecast, Page, RepositoryForecast};
pub use picture::Picture;
pub use templates::RenderError;
