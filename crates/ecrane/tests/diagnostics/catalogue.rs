//! Diagnostics with their wording, as a Markdown file that is compared byte for byte.

use std::any::type_name;
use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::path::Path;

use ecrane_core::Explain;

/// Diagnostics by code.
#[derive(Default)]
pub(crate) struct Catalogue(pub(crate) BTreeMap<&'static str, Vec<Wording>>);

/// What users read of a diagnostic.
#[derive(PartialEq, Eq)]
pub(crate) struct Wording {
    /// The type and the variant: `DaysError::Zero`.
    pub(crate) variant: String,
    /// Message, help, suggestion and the label of a related place.
    pub(crate) text: String,
}

impl Catalogue {
    /// Adds values of a type, at least one for each variant.
    pub(crate) fn add<T: Explain>(&mut self, facts: impl IntoIterator<Item = T>) {
        for fact in facts {
            self.push(type_name::<T>(), &fact);
        }
    }

    /// Adds a value of the type with a name.
    pub(crate) fn push(&mut self, type_name: &str, fact: &dyn Explain) {
        let mut lines = vec![fact.to_string()];
        lines.extend(fact.help().map(|help| format!("help: {help}")));
        lines.extend(fact.suggestion().map(|word| format!("did you mean `{word}`?")));
        lines.extend(fact.related().map(|(_, label)| format!("at another place: {label}")));
        let wording = Wording { variant: variant(type_name, fact), text: lines.join("\n  - ") };
        let wordings = self.0.entry(fact.code()).or_default();
        if !wordings.contains(&wording) {
            wordings.push(wording);
        }
    }

    /// Compares with the file, or overwrites it if `SNAPSHOTS=overwrite`.
    pub(crate) fn compare(&self, path: &Path) {
        compare(&self.to_string(), path);
    }
}

/// Compares a text with a file, or overwrites the file if `SNAPSHOTS=overwrite`.
pub(crate) fn compare(text: &str, path: &Path) {
    if std::env::var_os("SNAPSHOTS").is_some_and(|how| how == "overwrite") {
        fs::write(path, text).unwrap();
        return;
    }
    let kept = fs::read_to_string(path).unwrap_or_default();
    let differs = kept.lines().zip(text.lines()).find(|(kept, now)| kept != now);
    assert!(
        kept == text,
        "{} differs from the diagnostics, which `SNAPSHOTS=overwrite` writes: {differs:?}",
        path.display()
    );
}

/// `Type::Variant` of a value of an enum, `Type` of a value of a struct. The derived `Debug` begins
/// with the name of the variant.
pub(crate) fn variant(type_name: &str, fact: &dyn Explain) -> String {
    let type_name = type_name.rsplit("::").next().unwrap_or_default();
    let debug = format!("{fact:?}");
    let name = debug.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
    if name == type_name { name.to_owned() } else { format!("{type_name}::{name}") }
}

impl fmt::Display for Catalogue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "# Diagnostics\n\n{} codes. A test writes this file.", self.0.len())?;
        for (code, wordings) in &self.0 {
            writeln!(f, "\n## `{code}`\n")?;
            for Wording { variant, text } in wordings {
                writeln!(f, "- `{variant}`: {text}")?;
            }
        }
        Ok(())
    }
}
