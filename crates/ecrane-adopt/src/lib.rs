//! A config from what exists.
//!
//! [`adopt`] reads CloudFormation templates, and Terraform states and plans, in the forms in which the
//! tools write them, and returns the config that deploys the same resources at the same addresses. What a config cannot express is
//! listed, and so is every resource that the config would change: it is rendered, and compared with
//! the sources. Nothing here performs I/O.

mod aws_cli;
mod cloudformation;
mod config;
mod construct_id;
mod draft;
mod error;
mod event;
mod identity;
mod intrinsics;
mod lifecycle;
mod output;
mod policy;
mod registry;
mod repository;
mod source;
mod stack;
mod terraform;
mod value;
mod verify;
mod word;
mod yaml;

use ecrane_core::{Problems, Severity};
use ecrane_terraform::Ledger;
use indexmap::IndexMap;
use serde_json::{Map, Value, json};

use draft::Draft;
pub use error::{NotAdopted, SourceAddress, SourceError};
pub use source::Source;
use verify::Compared;

/// A config, and what it does not contain of its sources.
#[derive(Debug, Clone)]
pub struct Adoption {
    /// The config.
    pub config: Value,
    /// The addresses of a Terraform state that are other ones with the config: `ecrane synth` reads
    /// them from the file beside the config, and writes `moved` blocks.
    pub ledger: Option<Ledger>,
    /// What the config does not contain, or would change.
    pub not_adopted: Vec<NotAdopted>,
    /// The problems of the config: what AWS accepted and ecrane refuses.
    pub problems: Option<Problems>,
}

impl Adoption {
    /// The config as YAML.
    pub fn yaml(&self) -> String {
        yaml::document(&self.config)
    }
}

/// Writes a config for what the sources describe. `parameters` are values for parameters of templates.
///
/// ```
/// use ecrane_adopt::{Source, adopt};
/// use indexmap::IndexMap;
///
/// let text = r#"{ "Resources": { "AppF1B96344": {
///     "Type": "AWS::ECR::Repository",
///     "Properties": { "RepositoryName": "shop/app" },
///     "DeletionPolicy": "Retain", "UpdateReplacePolicy": "Retain"
/// } } }"#;
/// let source = Source { name: "Shop.template.json".to_owned(), text: text.to_owned() };
/// let adoption = adopt(&[source], &IndexMap::new()).map_err(|errors| errors[0].clone())?;
/// assert!(adoption.not_adopted.is_empty());
/// assert_eq!(adoption.yaml(), "\
/// stacks:
///   Shop:
///     repositories:
///       App:
///         repositoryName: shop/app
/// ");
/// # Ok::<(), ecrane_adopt::SourceError>(())
/// ```
///
/// # Errors
/// Returns an error if a source is not a known document, or if the sources contain nothing that a
/// config describes.
pub fn adopt(
    sources: &[Source],
    parameters: &IndexMap<String, String>,
) -> Result<Adoption, Vec<SourceError>> {
    let stacks = source::read(sources, parameters)?;
    let mut draft = config::draft(&stacks);
    let stacks_of_config = config::config(&mut draft);
    let Draft { refused, kept, .. } = draft;
    let has_rule = stacks.iter().any(|it| it.has_bootstrap_rule);
    let mut best: Option<((usize, usize, bool), Adoption)> = None;
    for compatibility in compatibilities(has_rule) {
        let mut config = Map::new();
        if let Some(compatibility) = compatibility {
            config.insert("compatibility".to_owned(), compatibility);
        }
        config.extend(stacks_of_config.clone());
        let config = Value::Object(config);
        let (problems, Compared { differences, is_equal, ledger }) =
            match verify::compared(&config, &stacks, &refused, &kept) {
                Ok(compared) => (None, compared),
                Err(problems) => (Some(problems), Compared::default()),
            };
        let errors = problems.iter().flat_map(Problems::iter);
        let errors = errors.filter(|it| it.severity == Severity::Error).count();
        // Of several configs that deploy the same, the one whose template is equal.
        let rank = (errors, differences.len(), !is_equal);
        if best.as_ref().is_none_or(|(before, _)| rank < *before) {
            let not_adopted = [refused.clone(), differences].concat();
            best = Some((rank, Adoption { config, ledger, not_adopted, problems }));
        }
        if rank == (0, 0, false) {
            break;
        }
    }
    let is_nothing = stacks_of_config
        .get("stacks")
        .and_then(Value::as_object)
        .is_none_or(|it| it.values().all(|it| it.as_object().is_none_or(Map::is_empty)));
    if is_nothing && refused.is_empty() {
        return Err(vec![SourceError::Nothing]);
    }
    best.map(|(_, it)| it).ok_or_else(|| vec![SourceError::Nothing])
}

/// The settings under which a template can have been made, the plainest first: a template does not
/// say which version of the AWS CDK made it, or with which feature flags.
fn compatibilities(bootstrap_rule: bool) -> Vec<Option<Value>> {
    let flags = [json!("recommended"), json!({ "@aws-cdk/aws-iam:minimizePolicies": true })];
    let mut all = vec![json!({}), json!({ "awsCdk": "2" })];
    for flags in flags {
        all.push(json!({ "featureFlags": flags }));
        all.push(json!({ "awsCdk": "2", "featureFlags": flags }));
    }
    if !bootstrap_rule {
        all.push(json!({ "awsCdk": "1" }));
    }
    let with_rule = all.into_iter().map(|mut it| {
        if let (true, Value::Object(it)) = (bootstrap_rule, &mut it) {
            it.insert("generateBootstrapVersionRule".to_owned(), true.into());
        }
        it.as_object().is_some_and(|it| !it.is_empty()).then_some(it)
    });
    with_rule.collect()
}
