//! Diagnostics.

use std::collections::{BTreeSet, HashMap};

use ecrane_core::{Graph, ResourceId, Severity, visible};
use serde::Serialize;

use crate::picture::{Repository, count};
use crate::rows::ranges;

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
    /// The places in the config, as JSON pointers, by which the page finds the repositories: several if
    /// it is about a preset.
    pub pointers: Vec<String>,
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
    /// The repositories that it is about.
    #[serde(skip)]
    pub(super) rows: BTreeSet<usize>,
    /// Those, if they are few.
    named: Vec<Named>,
    /// The number of those, and their rows, if they are many.
    many: Option<(String, String)>,
}

/// A repository that a finding is about.
#[derive(Serialize)]
struct Named {
    row: usize,
    name: String,
}

/// The number of repositories that a finding names.
const FEW: usize = 5;

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
    let about = |finding: &Finding| -> BTreeSet<usize> {
        let by_id = finding.repository.and_then(|id| by_id.get(&id).copied());
        let at = |pointer: &String| ancestors(pointer).find_map(|place| by_place.get(place));
        let by_place = finding.pointers.iter().filter_map(at).flatten().copied();
        by_id.into_iter().chain(by_place).map(|it| it.row).collect()
    };
    // Errors come first, as on a terminal.
    let mut sorted: Vec<_> = findings.iter().collect();
    sorted.sort_by_key(|finding| finding.severity);
    let named = |row: &usize| {
        let name = listed.get(*row).map(|it| it.name.clone()).unwrap_or_default();
        Named { row: *row, name }
    };
    let problem = |(number, finding): (usize, &Finding)| {
        let rows = about(finding);
        let is_few = rows.len() <= FEW;
        let many = || (count(rows.len(), "repository", "repositories"), ranges(rows.clone()));
        Problem {
            number,
            is_error: finding.severity == Severity::Error,
            code: visible(&finding.code),
            message: visible(&finding.message),
            notes: finding.notes.iter().map(|note| visible(note)).collect(),
            place: finding.place.as_deref().map(visible),
            named: if is_few { rows.iter().map(named).collect() } else { Vec::new() },
            many: (!is_few).then(many),
            rows,
        }
    };
    (1..).zip(sorted).map(problem).collect()
}

/// A JSON pointer, and those of what contains it.
fn ancestors(pointer: &str) -> impl Iterator<Item = &str> {
    let ends = pointer.rmatch_indices('/').map(|(end, _)| end);
    std::iter::once(pointer.len()).chain(ends).filter_map(|end| pointer.get(..end))
}
