//! The forms of repository filters.

use ecrane_document::Place;

use super::{Findings, Rule};

/// The number of filters in a registry rule.
const COUNT: Rule = Rule {
    code: "registry::filter_count",
    what: "repository filters",
    help: "split the filters over several rules (AWS::ECR::ReplicationConfiguration, RegistryScanningConfiguration and SigningConfiguration, RepositoryFilters)",
};
/// ECR API reference, `RepositoryFilter`: `^(?:[a-z0-9]+(?:[._-][a-z0-9]*)*/)*[a-z0-9]*(?:[._-][a-z0-9]*)*$`
const PREFIX: Rule = Rule {
    code: "replication::filter_malformed",
    what: "replication filter",
    help: "use the beginning of repository names, such as `prod` or `team/`, in lowercase, without a `/` in front and without `*` (ECR API reference, RepositoryFilter)",
};
const PREFIX_LENGTH: Rule = Rule {
    code: "replication::filter_length",
    what: "replication filter",
    help: "use a longer or shorter prefix (ECR API reference, RepositoryFilter)",
};
/// ECR API reference, `ScanningRepositoryFilter`: `^[a-z0-9*](?:[._\-/a-z0-9*]?[a-z0-9*]+)*$`
const SCANNING: Rule = Rule {
    code: "scanning::filter_malformed",
    what: "scanning filter",
    help: "use a pattern for repository names, such as `prod*` or `team/*`, in lowercase, with single `.`, `_`, `-` or `/` between the parts; tags cannot be filtered (ECR API reference, ScanningRepositoryFilter)",
};
const SCANNING_LENGTH: Rule = Rule {
    code: "scanning::filter_length",
    what: "scanning filter",
    help: "use a shorter pattern (ECR API reference, ScanningRepositoryFilter)",
};
/// ECR API reference, `SigningRepositoryFilter`:
/// `^(?:[a-z0-9*]+(?:[._-][a-z0-9*]+)*/)*[a-z0-9*]+(?:[._-][a-z0-9*]+)*$`
const SIGNING: Rule = Rule {
    code: "signing::filter_malformed",
    what: "signing filter",
    help: "use a pattern for repository names, such as `prod*` or `team/*`, in lowercase, with single `.`, `_`, `-` or `/` between the parts (ECR API reference, SigningRepositoryFilter)",
};
const SIGNING_LENGTH: Rule = Rule {
    code: "signing::filter_length",
    what: "signing filter",
    help: "use a shorter pattern (ECR API reference, SigningRepositoryFilter)",
};

/// Checks the `repositoryFilters` of a replication rule.
pub(crate) fn prefixes(filters: &[String], place: &Place, findings: &mut Findings) {
    check(filters, is_prefix, (&PREFIX, &PREFIX_LENGTH, (2, 256)), place, findings);
}

/// Checks the `repositoryFilters` of a scanning rule.
pub(crate) fn scanning(filters: &[String], place: &Place, findings: &mut Findings) {
    check(filters, is_wildcard, (&SCANNING, &SCANNING_LENGTH, (1, 255)), place, findings);
}

/// Checks the `repositoryFilters` of a signing rule.
pub(crate) fn signing(filters: &[String], place: &Place, findings: &mut Findings) {
    check(filters, is_wildcard, (&SIGNING, &SIGNING_LENGTH, (1, 256)), place, findings);
}

type Limits = (&'static Rule, &'static Rule, (usize, usize));

fn check(
    filters: &[String],
    is_well_formed: fn(&str) -> bool,
    (form, length, bounds): Limits,
    place: &Place,
    findings: &mut Findings,
) {
    findings.count(filters.len(), 100, &COUNT, place);
    for (index, filter) in filters.iter().enumerate() {
        let place = place.index(index).key("filter");
        findings.form(
            Some(filter),
            |filter| filter.is_empty() || is_well_formed(filter),
            form,
            &place,
        );
        findings.length(Some(filter), bounds, length, &place);
    }
}

fn is_letter(c: char) -> bool {
    c.is_ascii_lowercase() || c.is_ascii_digit()
}

/// Each part but the last one begins with a letter or digit.
fn is_prefix(text: &str) -> bool {
    let (folders, _) = text.rsplit_once('/').unwrap_or_default();
    text.chars().all(|c| is_letter(c) || "._-/".contains(c))
        && (!text.contains('/') || folders.split('/').all(|part| part.starts_with(is_letter)))
}

/// Runs of letters, digits and `*`, with single separators between them.
fn is_wildcard(text: &str) -> bool {
    text.split(['.', '_', '-', '/'])
        .all(|run| !run.is_empty() && run.chars().all(|c| is_letter(c) || c == '*'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms() {
        for (filter, prefix, wildcard) in [
            ("prod", true, true),
            ("team/", true, false),
            ("team/app-", true, false),
            ("team/app", true, true),
            ("a.b_c-d/e", true, true),
            ("a..b", true, false),
            (".a", true, false),
            ("-", true, false),
            ("a/.b", true, false),
            (".a/b", false, false),
            ("/prod", false, false),
            ("a//b", false, false),
            ("prod*", false, true),
            ("*", false, true),
            ("**", false, true),
            ("*/nightly", false, true),
            ("Prod", false, false),
            ("app:develop-*", false, false),
            ("a b", false, false),
            ("ü", false, false),
        ] {
            assert_eq!(is_prefix(filter), prefix, "prefix {filter}");
            assert_eq!(is_wildcard(filter), wildcard, "wildcard {filter}");
        }
    }
}
