//! What the fuzz targets do with their input: everything that ecrane does with a config or a
//! lifecycle policy, except writing files. `cargo xtask fuzz` runs them.

mod structure;

use ecrane::config::{Config, Document, Format};
use ecrane::lifecycle::LifecyclePolicy;
use ecrane::lifecycle::preview::{ImageListing, Preview};
use ecrane::{Backend, Style};

pub use structure::changed_config;

/// Reads a config, and renders it if it is valid.
pub fn config(format: Format, text: &str) {
    let Ok(document) = Document::parse("ecrane", format, text) else { return };
    match ecrane::schema::load(&document) {
        Ok(config) => graph(&document, &config),
        Err(problems) => tell(&document, problems),
    }
}

/// Builds the graph of a config, and renders it with both backends.
fn graph(document: &Document, config: &Config) {
    let graph = match config.build() {
        Ok(graph) => graph,
        Err(problems) => return tell(document, problems),
    };
    let backends: [&dyn Backend; 2] = [
        &ecrane::cloudformation::CloudFormation::default(),
        &ecrane::terraform::Terraform::default(),
    ];
    for backend in backends {
        match backend.render(&graph) {
            Ok(rendered) => {
                for file in rendered.files {
                    let text = file.to_vec(Style::Compact).expect("a file can be serialized");
                    serde_json::from_slice::<serde_json::Value>(&text).expect("a file is JSON");
                }
                tell(document, rendered.warnings);
            }
            Err(problems) => tell(document, problems),
        }
    }
}

/// Formats problems and finds their lines, as the command line does.
fn tell(document: &Document, problems: impl IntoIterator<Item = ecrane::Problem>) {
    for problem in problems {
        assert!(!problem.to_string().is_empty());
        document.locate(&problem.place);
    }
}

/// Validates the text of a lifecycle policy, explains its rules, and previews it.
pub fn lifecycle_policy(text: &str, images: &ImageListing) {
    let is_valid = LifecyclePolicy::parse(text).is_ok();
    let has_error = LifecyclePolicy::validate(text)
        .iter()
        .any(|problem| problem.severity == ecrane::Severity::Error);
    assert_eq!(is_valid, !has_error, "both readers agree");
    let Ok((policy, _)) = LifecyclePolicy::parse(text) else { return };
    for meaning in policy.meaning() {
        assert!(!meaning.to_string().is_empty());
    }
    policy.unreached();
    let at = "2026-06-01T00:00:00Z".parse().expect("the time is valid");
    let preview = Preview::new(&policy, images, at);
    assert_eq!(preview.outcomes().len(), images.images.len());
}
