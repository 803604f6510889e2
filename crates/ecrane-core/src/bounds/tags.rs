//! AWS's rules for tags.

use ecrane_document::Place;

use super::{Findings, LimitError, Rule};

const COUNT: Rule = Rule {
    code: "tags::count",
    what: "tags",
    help: "use up to 50 tags per resource, including the tags of its stack (AWS::ECR::Repository, Tags)",
};
const KEY: Rule = Rule {
    code: "tags::key_length",
    what: "tag key",
    help: "AWS General Reference, \"Tag naming limits and requirements\"",
};
const VALUE: Rule = Rule {
    code: "tags::value_length",
    what: "tag value",
    help: "AWS General Reference, \"Tag naming limits and requirements\"",
};
const PREFIX: Rule = Rule {
    code: "tags::reserved",
    what: "tag key",
    help: "use a key without the prefix `aws:`, which is reserved for AWS",
};
/// IAM API reference, `Tag`: `[\p{L}\p{Z}\p{N}_.:/=+\-@]*`; the other services share the set.
const MALFORMED: Rule = Rule {
    code: "tags::malformed",
    what: "tag",
    help: "use letters, digits, spaces and `_.:/=+-@` (AWS General Reference, \"Tag naming limits and requirements\")",
};
const MOST: usize = 50;

/// Checks the tags at one place.
pub(crate) fn tags<'t, I>(tags: I, place: &Place, findings: &mut Findings)
where
    I: IntoIterator<Item = (&'t String, &'t String), IntoIter: ExactSizeIterator>,
{
    let tags = tags.into_iter();
    tag_count(tags.len(), place, findings);
    tag_texts(tags, place, findings);
}

/// Checks the number of tags of a resource.
pub(crate) fn tag_count(count: usize, place: &Place, findings: &mut Findings) {
    findings.count(count, MOST, &COUNT, place);
}

/// Checks the keys and values of tags.
pub(crate) fn tag_texts<'t>(
    tags: impl IntoIterator<Item = (&'t String, &'t String)>,
    place: &Place,
    findings: &mut Findings,
) {
    for (key, value) in tags {
        let place = place.key(key);
        findings.length(Some(key), (1, 128), &KEY, &place.clone().on_key());
        findings.length(Some(value), (0, 256), &VALUE, &place);
        for (text, place) in [(key, place.clone().on_key()), (value, place.clone())] {
            if !is_well_formed(text) {
                let error = LimitError::Malformed { text: text.clone(), rule: &MALFORMED };
                findings.refused_by_aws(place, error);
            }
        }
        let is_free = |key: &str| !key.to_ascii_lowercase().starts_with("aws:");
        findings.form(Some(key), is_free, &PREFIX, &place.on_key());
    }
}

fn is_well_formed(text: &str) -> bool {
    let is_space = |c: char| c.is_whitespace() && !c.is_control();
    text.chars().all(|c| c.is_alphanumeric() || is_space(c) || "_.:/=+-@".contains(c))
}
