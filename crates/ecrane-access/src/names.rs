//! The names of many repositories in few words.

use std::collections::{BTreeMap, BTreeSet};

use crate::matrix::Matrix;

/// The maximum number of names.
const TOLD: usize = 12;
/// The minimum number of repositories in a group.
const GROUP: usize = 3;

/// The names of the repositories of a matrix, by which many of them are told in few words.
///
/// ```
/// use ecrane_access::{Column, Matrix, RepositoryNames};
///
/// let mut matrix = Matrix::default();
/// for name in ["shop/app", "shop/web", "shop/jobs", "base"] {
///     let column = Column { name: name.to_owned(), place: None };
///     matrix.repositories.insert(format!("arn:{name}"), column);
/// }
/// let names = RepositoryNames::new(&matrix);
/// assert_eq!(names.told(&["arn:shop/app", "arn:base"]), "base, shop/app");
/// assert_eq!(names.told(&["arn:shop/app", "arn:shop/web", "arn:shop/jobs"]), "shop/* (3)");
/// ```
#[derive(Debug, Clone)]
pub struct RepositoryNames<'m> {
    labels: BTreeMap<&'m str, &'m str>,
    /// How many there are below each prefix.
    below: BTreeMap<&'m str, usize>,
}

fn prefix(label: &str) -> Option<&str> {
    // The colons and slashes of an ARN are not those of a name.
    (!label.starts_with("arn:")).then(|| label.rsplit_once('/')).flatten().map(|(prefix, _)| prefix)
}

impl<'m> RepositoryNames<'m> {
    /// The names of the repositories of a matrix.
    pub fn new(matrix: &'m Matrix) -> Self {
        let (mut seen, mut twice) = (BTreeSet::new(), BTreeSet::new());
        for column in matrix.repositories.values() {
            if !seen.insert(column.name.as_str()) {
                twice.insert(column.name.as_str());
            }
        }
        // A name that occurs in several registries is ambiguous.
        let label = |(arn, name): (&'m String, &'m str)| {
            (arn.as_str(), if twice.contains(name) { arn.as_str() } else { name })
        };
        let columns = matrix.repositories.iter().map(|(arn, column)| (arn, column.name.as_str()));
        let labels: BTreeMap<_, _> = columns.map(label).collect();
        let mut below = BTreeMap::new();
        for prefix in labels.values().filter_map(|label| prefix(label)) {
            *below.entry(prefix).or_default() += 1;
        }
        Self { labels, below }
    }

    /// Some repositories, by their ARNs, in words: `shop/* (12), base/alpine`.
    pub fn told(&self, arns: &[&str]) -> String {
        if arns.len() == self.labels.len() && arns.len() >= GROUP {
            return format!("all {} repositories", arns.len());
        }
        let labels = arns.iter().map(|arn| self.labels.get(arn).copied().unwrap_or(arn));
        let mut groups = BTreeMap::<Option<&str>, Vec<&str>>::new();
        for label in labels {
            groups.entry(prefix(label)).or_default().push(label);
        }
        let mut words = Vec::new();
        for (prefix, labels) in groups {
            match prefix {
                Some(prefix)
                    if labels.len() >= GROUP && self.below.get(prefix) == Some(&labels.len()) =>
                {
                    words.push(format!("{prefix}/* ({})", labels.len()));
                }
                _ => words.extend(labels.into_iter().map(str::to_owned)),
            }
        }
        let more = words.len().saturating_sub(TOLD);
        words.truncate(TOLD);
        let told = words.join(", ");
        if more == 0 { told } else { format!("{told} and {more} more") }
    }
}
