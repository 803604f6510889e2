//! A config on its way through both backends.

use std::collections::BTreeMap;

use ecrane::config::{Config, Document, Format, element};
use ecrane::{Graph, Problems, Severity, Style, cloudformation, terraform};
use proptest::prelude::*;
use serde_json::{Value, json};
use terraform::{Backend, Layout, Options, Settings, VersionConstraint};

/// What both backends write, without white space.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Rendered {
    pub(crate) stacks: Vec<StackTexts>,
    /// The manifest of the cloud assembly.
    pub(crate) assembly: String,
    /// The manifest that the `cdktf` command line reads, in its layout.
    pub(crate) manifest: Option<String>,
}

/// The documents of a stack.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct StackTexts {
    pub(crate) id: String,
    pub(crate) template: String,
    pub(crate) module: String,
    /// The path of the module's file.
    pub(crate) path: String,
}

/// The codes of the reasons why a config is refused.
#[derive(Debug, Clone)]
pub(crate) struct Refused(pub(crate) Vec<String>);

impl From<Problems> for Refused {
    fn from(problems: Problems) -> Self {
        let errors = problems.iter().filter(|problem| problem.severity == Severity::Error);
        Self(errors.map(|problem| problem.fact.code().to_owned()).collect())
    }
}

/// How Terraform is set up: states that other stacks can read, kept in each of the ways there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Setup {
    /// The plain layout, with states in a bucket, and versions as the config says.
    Bucket,
    /// The plain layout, with states in each module's folder, and a newer provider.
    Folder,
    /// The layout of CDKTF, which keeps states beside the output.
    Cdktf,
}

impl Setup {
    pub(crate) fn any() -> impl Strategy<Value = Self> {
        prop_oneof![Just(Self::Bucket), Just(Self::Folder), Just(Self::Cdktf)]
    }

    /// Backends are given, whatever the config says: each stack can read what it refers to.
    fn options(self, config: &Config, graph: &Graph) -> Options {
        let mut options = Options {
            settings: config.terraform.as_ref().map(settings).unwrap_or_default(),
            ..Options::default()
        };
        let backend = |kind: &str, arguments: Value| {
            let Value::Object(arguments) = arguments else { panic!("arguments are a map") };
            Backend { kind: kind.to_owned(), arguments: arguments.into_iter().collect() }
        };
        let backend: &dyn Fn(&str) -> Backend = match self {
            Self::Bucket => &|stack| backend("s3", json!({ "bucket": "states", "key": stack })),
            Self::Folder => {
                let pin = VersionConstraint::try_from(">= 6.30").unwrap();
                options.settings.aws_provider = Some(pin);
                &|_| backend("local", json!({ "path": "state.tfstate" }))
            }
            Self::Cdktf => return Options { layout: Layout::Cdktf, ..Options::default() },
        };
        let of = |stack: &str| Settings { backend: Some(backend(stack)), ..Settings::default() };
        options.stacks = graph.stacks().iter().map(|s| (s.id.clone(), of(&s.id))).collect();
        options
    }
}

/// What holds for all stacks of a config.
fn settings(terraform: &element::Terraform) -> Settings {
    let version =
        |text: &Option<String>| text.as_deref().map(|it| VersionConstraint::try_from(it).unwrap());
    Settings {
        aws_provider: version(&terraform.aws_provider),
        required_version: version(&terraform.required_version),
        backend: None,
        provider: terraform.provider.clone(),
    }
}

impl Rendered {
    /// What both backends make of a config.
    pub(crate) fn new(config: &Value, setup: Setup) -> Result<Self, Refused> {
        Self::parsed(Format::Json, &config.to_string(), setup)
    }

    /// What both backends make of a config that is written down.
    pub(crate) fn parsed(format: Format, text: &str, setup: Setup) -> Result<Self, Refused> {
        let document = Document::parse("test", format, text)
            .map_err(|error| Refused(vec![error.to_string()]))?;
        let config = document.decode().map_err(|p| Refused(vec![p.fact.code().to_owned()]))?;
        let (_, apart) = Document::parse_and_decode("test", format, text.to_owned()).unwrap();
        assert_eq!(apart.unwrap(), config, "{text}");
        let graph = config.build()?;
        let options = setup.options(&config, &graph);
        Self::of(&graph, &options)
    }

    fn of(graph: &Graph, options: &Options) -> Result<Self, Refused> {
        let plain = cloudformation::Options::default();
        let layout = cloudformation::Layout::Cdk { assembly_version: None, stacks: None };
        let assembly = cloudformation::Options { layout, ..plain.clone() };
        let templates = cloudformation::render(graph, &plain)?;
        let assembly = cloudformation::render(graph, &assembly)?;
        let assembly = assembly.files.last().unwrap().to_vec(Style::Compact).unwrap();
        let output = terraform::render(graph, options)?;
        let mut modules = BTreeMap::new();
        let mut manifest = None;
        for file in &output.files {
            let text = String::from_utf8(file.to_vec(Style::Compact).unwrap()).unwrap();
            match file.stack {
                Some(stack) => {
                    modules.insert(stack, (file.path.clone(), text));
                }
                None => manifest = Some(text),
            }
        }
        let stacks = templates.files.iter().map(|file| {
            let template = String::from_utf8(file.to_vec(Style::Compact).unwrap()).unwrap();
            let id = file.stack.unwrap().to_owned();
            let (path, module) = modules.remove(id.as_str()).unwrap();
            StackTexts { id, template, module, path }
        });
        let stacks: Vec<StackTexts> = stacks.collect();
        let assembly = String::from_utf8(assembly).unwrap();
        Ok(Self { stacks, assembly, manifest })
    }
}

impl Rendered {
    /// All documents by their names.
    fn documents(&self) -> BTreeMap<String, &str> {
        let mut documents = BTreeMap::from([("assembly".to_owned(), self.assembly.as_str())]);
        documents.extend(self.manifest.as_deref().map(|text| ("manifest".to_owned(), text)));
        for StackTexts { id, template, module, path } in &self.stacks {
            documents.insert(format!("template of {id}"), template);
            documents.insert(path.clone(), module);
        }
        documents
    }

    /// A fault that shows the first place at which the documents differ, if there is one.
    pub(crate) fn same_bytes(&self, other: &Self) -> Result<(), String> {
        let (ours, theirs) = (self.documents(), other.documents());
        if !ours.keys().eq(theirs.keys()) {
            return Err(format!("{:?} and {:?}", ours.keys(), theirs.keys()));
        }
        for (name, one) in &ours {
            same_text(name, one, theirs[name])?;
        }
        Ok(())
    }
}

/// A fault that shows the first place at which two texts differ, if there is one.
pub(crate) fn same_text(name: &str, one: &str, other: &str) -> Result<(), String> {
    if one == other {
        return Ok(());
    }
    let at = one.bytes().zip(other.bytes()).take_while(|(a, b)| a == b).count();
    let around = |text: &str| {
        let bytes = text.as_bytes();
        let window = &bytes[at.saturating_sub(60)..bytes.len().min(at + 120)];
        String::from_utf8_lossy(window).into_owned()
    };
    Err(format!("{name}:\n  one   {}\n  other {}", around(one), around(other)))
}
