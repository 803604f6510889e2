//! Round trips of `ecrane adopt`: what a config renders to, adopted, renders to the same again.
//!
//! The templates are those of the AWS CDK for the vectors, and ecrane's own for random configs; the
//! modules are ecrane's own, in both layouts. What `ecrane adopt` lists as not adopted is compared,
//! too: with `--partial`, nothing but the listed resources may differ.

mod difference;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use ecrane_generate::Dialect;
use serde_json::{Map, Value};

use self::difference::{Difference, addresses, compare, in_order, partitions};
use crate::ecrane::{Answer, Ecrane, forget};
use crate::failure::Failure;
use crate::report::{Tally, say};
use crate::{tools, vectors};

/// The default number of random configs.
pub(crate) const COUNT: u64 = 40;

/// The number of random configs in `cargo xtask test`.
pub(crate) const FEW: u64 = 8;

/// Of the vectors, `cargo xtask test` adopts one of so many.
pub(crate) const SPARSE: usize = 8;

/// A config, and the templates that it has to render to, by stack name, if they are not ecrane's.
struct Case {
    name: String,
    config: Value,
    templates: Option<Map<String, Value>>,
}

/// The form in which a config is rendered, and adopted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Form {
    CdkOut,
    Modules,
    CdktfOut,
}

impl Form {
    const ALL: [Self; 3] = [Self::CdkOut, Self::Modules, Self::CdktfOut];

    fn name(self) -> &'static str {
        match self {
            Self::CdkOut => "cdk.out",
            Self::Modules => "modules",
            Self::CdktfOut => "cdktf.out",
        }
    }

    fn arguments(self) -> &'static [&'static str] {
        match self {
            Self::CdkOut => &["--layout", "cdk"],
            Self::Modules => &["--backend", "terraform"],
            Self::CdktfOut => &["--layout", "cdktf"],
        }
    }

    /// Whether a file is a template or a module.
    fn is_document(self, path: &str) -> bool {
        match self {
            Self::CdkOut => path.ends_with(".template.json"),
            Self::Modules | Self::CdktfOut => path.ends_with(".tf.json"),
        }
    }
}

#[derive(Debug, Clone, Copy, Default)]
struct Figures {
    equal: usize,
    /// Equal but for the order of what is a set in a policy: statements, actions; or for the ID of an account
    /// in the place of its ARN.
    reordered: usize,
    listed: usize,
    different: usize,
}

/// Adopts one of `every` vectors, and `count` random configs: those whose names begin with `only`.
pub(crate) fn run(seed: u64, count: u64, every: usize, only: &str) -> Result<Tally, Failure> {
    let ecrane = Ecrane::build("adopt")?;
    let mut figures: BTreeMap<Form, Figures> = BTreeMap::new();
    let cases = cases(seed, count, every)?;
    for case in cases.into_iter().filter(|it| it.name.starts_with(only)) {
        for form in Form::ALL {
            let figures = figures.entry(form).or_default();
            round_trip(&ecrane, &case, form, figures)?;
        }
    }
    let mut tally = Tally::default();
    for (form, Figures { equal, reordered, listed, different }) in figures {
        let form = form.name();
        say(format_args!(
            "{form}: {equal} equal, {reordered} reordered, {listed} listed, {different} different"
        ))?;
        // A listing is a check of its own: that nothing else differs.
        tally.passed += equal + reordered + listed;
        tally.failed += different;
    }
    Ok(tally)
}

fn cases(seed: u64, count: u64, every: usize) -> Result<Vec<Case>, Failure> {
    let mut cases = Vec::new();
    for vector in vectors::kept()?.into_iter().step_by(every) {
        if let Some(Value::Object(templates)) = vector.expected.get("templates") {
            let templates = Some(templates.clone());
            cases.push(Case { name: vector.name, config: vector.config, templates });
        }
    }
    for seed in seed..seed + count {
        let mut config = ecrane_generate::config(Dialect::Ecrane, seed);
        // A template does not say where else it is deployed.
        ecrane_generate::in_one_place(&mut config);
        cases.push(Case { name: format!("random-{seed}"), config, templates: None });
    }
    Ok(cases)
}

/// Renders a config, adopts what it renders to, and renders the adopted config.
fn round_trip(
    ecrane: &Ecrane,
    case: &Case,
    form: Form,
    figures: &mut Figures,
) -> Result<(), Failure> {
    let desk = tools::target().join("xtask/adopt");
    let (config, source) = (desk.join("source.json"), desk.join("source"));
    fs::write(&config, case.config.to_string()).map_err(Failure::file(&config))?;
    let Answer::Files(mut files) = ecrane.synth_into(&source, &config, form.arguments())? else {
        // Only one of the backends has what it needs.
        return Ok(());
    };
    if let (Form::CdkOut, Some(templates)) = (form, &case.templates) {
        replace(&source, &mut files, templates)?;
    }
    let expected = documents(form, files);
    let (adopted, listed) = match ecrane.adopt(&source, &[])? {
        Ok(config) => (Some(config), Vec::new()),
        Err(listed) => (ecrane.adopt(&source, &["--partial"])?.ok(), listed),
    };
    let found = match &adopted {
        Some(config) => rendered(ecrane, form, config)?,
        None => None,
    };
    let listing = listed.iter().map(|it| format!("  {}: {}", it.code, it.message));
    let listing = listing.collect::<Vec<_>>().join("\n");
    let mut differences = Vec::new();
    let mut is_reordered = false;
    if let Some(found) = &found {
        let known = addresses(&listed);
        let differing = |path: &str, expected: &Value, order: &dyn Fn(&Value) -> Value| {
            let mut differences = Vec::new();
            let found = found.get(path).unwrap_or(&Value::Null);
            let (found, expected) = at_one_address(found, expected);
            compare(path, &order(&found), &order(&expected), &mut differences);
            differences.retain(|it: &Difference| !known.iter().any(|known| it.concerns(known)));
            // Without what is listed, a module needs fewer data sources.
            differences.retain(|it| known.is_empty() || !it.at.contains("\ndata\n"));
            differences
        };
        let partitions = partitions(&case.config);
        for (path, expected) in &expected {
            is_reordered |= !differing(path, expected, &Value::clone).is_empty();
            let each = partitions
                .iter()
                .map(|it| differing(path, expected, &|value| in_order(value, *it)));
            differences.extend(each.min_by_key(Vec::len).unwrap_or_default());
        }
    } else {
        differences.push(Difference { at: "config".to_owned(), text: "is invalid".to_owned() });
    }
    let (name, form) = (&case.name, form.name());
    if !differences.is_empty() {
        figures.different += 1;
        let text = differences.iter().map(|it| format!("  {}: {}", it.at, it.text));
        let text = text.collect::<Vec<_>>().join("\n");
        say(format_args!("{form} of {name} differs\n{text}\n{listing}"))?;
    } else if listed.is_empty() && is_reordered {
        figures.reordered += 1;
    } else if listed.is_empty() {
        figures.equal += 1;
    } else {
        figures.listed += 1;
        say(format_args!("{form} of {name} is listed\n{listing}"))?;
    }
    Ok(())
}

/// Puts the templates of the AWS CDK in the place of those in a cloud assembly.
fn replace(
    assembly: &Path,
    files: &mut BTreeMap<String, Value>,
    templates: &Map<String, Value>,
) -> Result<(), Failure> {
    let manifest = files.get("manifest.json").cloned().unwrap_or_default();
    let artifacts = manifest.get("artifacts").and_then(Value::as_object);
    for (id, artifact) in artifacts.into_iter().flatten() {
        let property = |key: &str| artifact.pointer("/properties")?.get(key)?.as_str();
        let Some(file) = property("templateFile") else { continue };
        let template = templates.get(property("stackName").unwrap_or(id));
        if let Some(template) = template.or_else(|| templates.get(id)) {
            let path = assembly.join(file);
            fs::write(&path, template.to_string()).map_err(Failure::file(&path))?;
            files.insert(file.to_owned(), template.clone());
        }
    }
    Ok(())
}

fn rendered(
    ecrane: &Ecrane,
    form: Form,
    config: &Path,
) -> Result<Option<BTreeMap<String, Value>>, Failure> {
    // As deep as the source: modules contain the way from there to the states.
    let out = tools::target().join("xtask/adopt/again");
    if out.exists() {
        fs::remove_dir_all(&out).map_err(Failure::file(&out))?;
    }
    // With the addresses that `adopt` writes beside the config.
    let answer = ecrane.synth_over(&out, config, form.arguments())?;
    forget(config)?;
    Ok(match answer {
        Answer::Files(files) => Some(documents(form, files)),
        Answer::Refused(_) => None,
    })
}

/// The templates or modules, without the paths of constructs: only they differ where a construct is
/// found by its address and not by its ID.
fn documents(form: Form, files: BTreeMap<String, Value>) -> BTreeMap<String, Value> {
    let documents = files.into_iter().filter(|(path, _)| form.is_document(path));
    let documents = documents.map(|(path, mut document)| {
        match form {
            Form::CdkOut => without_paths(&mut document),
            Form::Modules | Form::CdktfOut => without_comments(&mut document),
        }
        (path, document)
    });
    documents.collect()
}

fn without_paths(template: &mut Value) {
    let resources = template.get_mut("Resources").and_then(Value::as_object_mut);
    for resource in resources.into_iter().flat_map(Map::values_mut) {
        let Some(resource) = resource.as_object_mut() else { continue };
        if let Some(Value::Object(metadata)) = resource.get_mut("Metadata") {
            metadata.remove("aws:cdk:path");
            if metadata.is_empty() {
                resource.remove("Metadata");
            }
        }
    }
}

fn without_comments(value: &mut Value) {
    match value {
        Value::Object(entries) => {
            entries.remove("//");
            entries.values_mut().for_each(without_comments);
        }
        Value::Array(items) => items.iter_mut().for_each(without_comments),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// A module without its `moved` blocks, with each resource at its earlier address: what cannot be pinned
/// moves. The blocks need a newer Terraform.
fn at_one_address(module: &Value, source: &Value) -> (Value, Value) {
    let (mut module, mut source) = (module.clone(), source.clone());
    let moved = module.as_object_mut().and_then(|it| it.remove("moved"));
    if let Some(Value::Array(moved)) = moved {
        move_back(&mut module, moved);
        for module in [&mut module, &mut source] {
            if let Some(Value::Object(terraform)) = module.get_mut("terraform") {
                terraform.remove("required_version");
            }
        }
    }
    (module, source)
}

fn move_back(module: &mut Value, moved: Vec<Value>) {
    for block in moved {
        let address = |key: &str| block.get(key)?.as_str()?.split_once('.');
        let Some(((kind, from), (_, to))) = address("from").zip(address("to")) else { continue };
        let blocks = module.get_mut("resource").and_then(|it| it.get_mut(kind));
        let Some(blocks) = blocks.and_then(Value::as_object_mut) else { continue };
        if let Some(resource) = blocks.remove(to) {
            blocks.insert(from.to_owned(), resource);
        }
    }
}
