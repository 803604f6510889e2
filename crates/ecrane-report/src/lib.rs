//! Pictures of a graph, for people: repositories, their lifecycle rules, who may pull and push, and
//! what follows for keys, events and replication.
//!
//! [`Picture`] collects these from a [`Graph`](ecrane_core::Graph) and its access
//! [`Matrix`](ecrane_access::Matrix). It is written as SVG, as DOT for Graphviz, or as a Mermaid
//! flowchart. Many repositories are grouped, so that a picture of hundreds of them is readable.
//!
//! It performs no I/O: the same graph gives the same bytes.

mod filter;
mod fit;
mod flow;
mod layout;
mod picture;
mod svg;
mod templates;

pub use filter::{Filter, FilterError};
pub use picture::Picture;
pub use templates::RenderError;
