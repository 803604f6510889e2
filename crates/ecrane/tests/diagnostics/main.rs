//! The codes and the wording of all diagnostics.
//!
//! `codes.md` has the diagnostics of the library, and `tests/codes.md` of `ecrane-cli` those of the
//! command line. Run with `SNAPSHOTS=overwrite` to write them, then read the diff.

#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod access;
mod backends;
mod bounds;
mod catalogue;
mod checks;
mod config;
mod construct;
mod diff;
mod found;
mod lifecycle;
mod model;
mod own_rules;
mod preview;
mod sources;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use catalogue::Catalogue;

/// The keys of a lifecycle policy. A code about one of them spells it as Amazon ECR does; so do the
/// vectors of `ecrane-lifecycle` (`tests/validation.json`).
const POLICY_KEYS: [&str; 9] = [
    "rulePriority",
    "tagStatus",
    "tagPrefixList",
    "tagPatternList",
    "storageClass",
    "countType",
    "countUnit",
    "countNumber",
    "targetStorageClass",
];

/// Variants that hold another diagnostic and have its code.
const WRAPPERS: [&str; 11] = [
    "ImportIdsError::StackResources",
    "ImportIdsError::State",
    "AgainstError::Document",
    "ClaimError::Path",
    "FileError::Malformed",
    "FileError::State",
    "LoadError::Syntax",
    "ManifestsError::Digest",
    "PrincipalError::NotInCdk1",
    "StatementError::Action",
    "StatementError::Principal",
];

/// Codes that more than one variant has, and why.
const SHARED: [(&str, &str); 8] = [
    (
        "event::pattern_scalar",
        "found where two patterns are merged, as by the CDK, and in the whole pattern",
    ),
    ("construct::id_taken", "found by the builder of an app, and in a graph made without one"),
    ("lifecycle::bad_tagPrefixList", "the vectors have one code, for an entry and for the list"),
    ("lifecycle::bad_tagPatternList", "as `lifecycle::bad_tagPrefixList`"),
    ("lifecycle::not_json", "ECR makes no difference between texts that are not JSON"),
    ("lifecycle::priority_below_1", "in a policy text, and in a rule of a config"),
    (
        "terraform::retained_replaced",
        "Terraform would destroy it: an error; or refuse to: a warning",
    ),
    ("terraform::state_malformed", "in JSON, which has no place, and in a text that is not JSON"),
];

fn catalogue() -> Catalogue {
    let mut catalogue = Catalogue::default();
    model::add(&mut catalogue);
    bounds::add(&mut catalogue);
    lifecycle::add(&mut catalogue);
    preview::add(&mut catalogue);
    access::add(&mut catalogue);
    diff::add(&mut catalogue);
    construct::add(&mut catalogue);
    config::add(&mut catalogue);
    backends::add(&mut catalogue);
    catalogue
}

#[test]
fn wording() {
    catalogue().compare(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/diagnostics/codes.md"));
}

/// The variants of each code in the texts of the snapshots.
fn variants_by_code(snapshots: &[String]) -> BTreeMap<String, BTreeSet<String>> {
    let mut codes = BTreeMap::<String, BTreeSet<String>>::new();
    for snapshot in snapshots {
        let mut code = "";
        for line in snapshot.lines() {
            if let Some(heading) = line.strip_prefix("## `") {
                code = heading.trim_end_matches('`');
            } else if let Some(variant) = line.strip_prefix("- `") {
                let (variant, _) = variant.split_once('`').unwrap();
                codes.entry(code.to_owned()).or_default().insert(variant.to_owned());
            }
        }
    }
    codes
}

#[test]
fn codes_are_complete_unique_and_in_snake_case() {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let of_cli = fs::read_to_string(crates.join("ecrane-cli/tests/codes.md")).unwrap();
    let codes = variants_by_code(&[catalogue().to_string(), of_cli]);
    let sources = sources::read(&crates);
    let mut wrong = Vec::new();

    for code in sources.codes.iter().filter(|code| !codes.contains_key(*code)) {
        wrong.push(format!("`{code}` has no wording in the snapshots"));
    }
    let matches = |code: &str, (start, end): &(String, String)| {
        code.strip_prefix(start).and_then(|rest| rest.strip_suffix(end)).is_some()
    };
    for code in codes.keys().filter(|code| !sources.codes.contains(*code)) {
        if !sources.patterns.iter().any(|pattern| matches(code, pattern)) {
            wrong.push(format!("`{code}` is not in the sources"));
        }
    }
    for pattern in &sources.patterns {
        if !codes.keys().any(|code| matches(code, pattern)) {
            wrong.push(format!("no code in the snapshots matches {pattern:?}"));
        }
    }
    let shown: BTreeSet<_> = codes.values().flatten().cloned().collect();
    for variant in sources.variants.symmetric_difference(&shown) {
        wrong.push(format!("`{variant}` is in the sources or in the snapshots, but not in both"));
    }
    for (code, variants) in &codes {
        let own = variants.iter().filter(|variant| !WRAPPERS.contains(&variant.as_str())).count();
        if (own > 1) != SHARED.iter().any(|(shared, _)| shared == code) || own == 0 {
            wrong.push(format!("`{code}` is the code of {variants:?}"));
        }
        if !is_spelled_well(code) {
            wrong.push(format!("`{code}` is not spelled `area::snake_case`"));
        }
    }
    for wrapper in WRAPPERS.iter().filter(|wrapper| !shown.contains(**wrapper)) {
        wrong.push(format!("`{wrapper}` wraps nothing"));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn is_spelled_well(code: &str) -> bool {
    let Some((area, word)) = code.split_once("::") else { return false };
    let word = if area == "lifecycle" {
        POLICY_KEYS.iter().fold(word.to_owned(), |word, key| {
            let parts: Vec<_> =
                word.split('_').map(|p| if p == *key { "key" } else { p }).collect();
            parts.join("_")
        })
    } else {
        word.to_owned()
    };
    let is_letter = |b: u8| b.is_ascii_lowercase() || b == b'_';
    !area.is_empty()
        && !word.is_empty()
        && area.bytes().all(is_letter)
        && word.bytes().all(|b| is_letter(b) || b.is_ascii_digit())
}

#[test]
fn a_code_is_an_area_and_words_in_snake_case() {
    for code in ["stack::circle", "role::session_duration", "lifecycle::null_countUnit"] {
        assert!(is_spelled_well(code), "{code}");
    }
    for code in [
        "circle",
        "Stack::circle",
        "stack::",
        "stack::idTaken",
        "stack::id-taken",
        "stack::null_countUnit",
        "lifecycle::null_someKey",
        "a::b::c",
    ] {
        assert!(!is_spelled_well(code), "{code}");
    }
}
