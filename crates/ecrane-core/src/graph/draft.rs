//! A graph that may have errors.

use std::collections::BTreeSet;

use ecrane_document::{Problem, Problems, Severity};

use super::{Graph, order};
use crate::backend::Backend;

/// A graph and the problems that were found in it.
///
/// ```
/// use ecrane_core::{Compatibility, Graph};
///
/// let draft = Graph::draft(Vec::new(), Compatibility::default(), Vec::new());
/// assert!(!draft.is_refused());
/// assert!(draft.finish().is_ok());
/// ```
///
/// [`finish`](Self::finish) returns the graph only if it has no errors. Until then, a backend can report
/// what it finds, so that one run reports all problems.
#[derive(Debug)]
pub struct Draft {
    pub(super) graph: Graph,
    pub(super) problems: Vec<Problem>,
    /// Whether ids are unique and references refer to resources of the graph, as each backend expects.
    pub(super) is_sound: bool,
}

impl Draft {
    /// The graph.
    ///
    /// # Errors
    /// Returns all problems, in input order, if at least one is an error.
    pub fn finish(self) -> Result<Graph, Problems> {
        let warnings = Problems::check(self.problems)?;
        Ok(Graph { warnings, ..self.graph })
    }

    /// Adds problems that were found elsewhere.
    pub fn note(&mut self, problems: impl IntoIterator<Item = Problem>) {
        self.problems.extend(problems);
        order::sort(&self.graph.stacks, &mut self.problems);
        order::dedup(&mut self.problems);
    }

    /// Whether the graph has errors.
    pub fn is_refused(&self) -> bool {
        self.problems.iter().any(|problem| problem.severity == Severity::Error)
    }

    /// The problems that a backend finds in the graph. Leaves out those at the place of an error and
    /// around it, as they may be its consequences.
    pub fn problems_of(&self, backend: &dyn Backend) -> Vec<Problem> {
        if !self.is_sound {
            return Vec::new();
        }
        let found = match backend.render(&self.graph) {
            Ok(rendered) => rendered.warnings,
            Err(problems) => problems.into_iter().collect(),
        };
        // The places of the errors, and all around them.
        let mut around = BTreeSet::new();
        for problem in self.problems.iter().filter(|it| it.severity == Severity::Error) {
            let mut at = Some(problem.place.clone().on_value());
            while let Some(place) = at.filter(|place| !around.contains(place)) {
                at = place.parent();
                around.insert(place);
            }
        }
        let follows = |problem: &Problem| around.contains(&problem.place.clone().on_value());
        found.into_iter().filter(|problem| !follows(problem)).collect()
    }
}
