//! Diagnostics.

use std::collections::HashMap;

use ecrane_core::{Graph, ResourceId, Severity, visible};
use serde::Serialize;

use crate::picture::Repository;

/// A diagnostic on a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The severity.
    pub severity: Severity,
    /// The code.
    pub code: String,
    /// The message.
    pub message: String,
    /// The help, and further notes.
    pub notes: Vec<String>,
    /// The place, as `file:line:column`.
    pub place: Option<String>,
    /// The place in the config, as a JSON pointer, by which the page finds the repository.
    pub pointer: Option<String>,
    /// The repository, if no pointer tells it.
    pub repository: Option<ResourceId>,
}

#[derive(Serialize)]
pub(super) struct Problem {
    pub(super) number: usize,
    pub(super) is_error: bool,
    pub(super) code: String,
    message: String,
    notes: Vec<String>,
    place: Option<String>,
    pub(super) repositories: Vec<About>,
}

/// A repository that a finding is about.
#[derive(Serialize)]
pub(super) struct About {
    pub(super) row: usize,
    name: String,
}

pub(super) fn of(findings: &[Finding], graph: &Graph, listed: &[Repository]) -> Vec<Problem> {
    let mut by_place = HashMap::<String, Vec<&Repository>>::new();
    let mut by_id = HashMap::new();
    for repository in listed {
        let Some(id) = repository.id else { continue };
        by_id.insert(id, repository);
        if let Some(resource) = graph.resource(id) {
            by_place.entry(resource.place.to_string()).or_default().push(repository);
        }
    }
    let about = |finding: &Finding| -> Vec<About> {
        let by_id = finding.repository.and_then(|id| by_id.get(&id).copied());
        let mut above = finding.pointer.as_deref().into_iter().flat_map(ancestors);
        let by_place = above.find_map(|place| by_place.get(place));
        let found = by_id.into_iter().chain(by_place.into_iter().flatten().copied());
        found.map(|it| About { row: it.row, name: it.name.clone() }).collect()
    };
    // Errors come first, as on a terminal.
    let mut sorted: Vec<_> = findings.iter().collect();
    sorted.sort_by_key(|finding| finding.severity);
    let problem = |(number, finding): (usize, &Finding)| Problem {
        number,
        is_error: finding.severity == Severity::Error,
        code: visible(&finding.code),
        message: visible(&finding.message),
        notes: finding.notes.iter().map(|note| visible(note)).collect(),
        place: finding.place.as_deref().map(visible),
        repositories: about(finding),
    };
    (1..).zip(sorted).map(problem).collect()
}

/// A JSON pointer, and those of what contains it.
fn ancestors(pointer: &str) -> impl Iterator<Item = &str> {
    let ends = pointer.rmatch_indices('/').map(|(end, _)| end);
    std::iter::once(pointer.len()).chain(ends).filter_map(|end| pointer.get(..end))
}
