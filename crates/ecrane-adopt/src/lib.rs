//! A config from what exists.
//!
//! [`adopt`] reads CloudFormation templates, and Terraform states and plans, in the forms in which the
//! tools write them, and returns the config that deploys the same resources at the same addresses. What a config cannot express is
//! listed, and so is every resource that the config would change: it is rendered, and compared with
//! the sources. Nothing here performs I/O.

mod apart;
mod assembly;
mod aws_cli;
mod cloudformation;
mod config;
mod construct_id;
mod draft;
mod error;
mod event;
mod existing;
mod for_each;
mod grant;
mod identity;
mod intrinsics;
mod lambda;
mod lifecycle;
mod merged;
mod output;
mod overflow;
mod policy;
mod preset;
mod reader;
mod registry;
mod repository;
mod shape;
mod source;
mod stack;
mod tag;
mod terraform;
mod value;
mod verify;
mod word;
mod yaml;

use std::collections::{BTreeMap, BTreeSet};

use ecrane_core::{Problems, Severity};
use ecrane_terraform::Ledger;
use indexmap::IndexMap;
use serde_json::{Map, Value};

use construct_id::ConstructIds;
use draft::{Dialect, Draft, Overflow, Verbatim, Way};
pub use error::{NotAdopted, SourceAddress, SourceError};
pub use source::Source;
use stack::{Origin, Stack};
use verify::Compared;

/// A config, and what it does not contain of its sources.
#[derive(Debug, Clone)]
pub struct Adoption {
    /// The config.
    pub config: Value,
    /// Comments for the config, by the path of what they are about.
    pub comments: BTreeMap<Vec<String>, Vec<String>>,
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
        yaml::document(&self.config, &self.comments)
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
    let ids = ConstructIds::default();
    let mut best: Option<Tried> = None;
    let mut has_imports = false;
    'all: for attempt in Attempt::ALL {
        let Some(verbatim) = attempt.verbatim(best.as_ref()) else { continue };
        for way in ways(&stacks) {
            // The draft before this one is the same but for their order.
            if way.imports_first && !has_imports {
                continue;
            }
            let mut draft = config::draft(&stacks, way, &ids, &verbatim);
            let is_generated = (0..stacks.len()).any(|it| draft.is_generated(it));
            if attempt != Attempt::Grants && !is_generated {
                break 'all;
            }
            has_imports = draft.has_imports();
            let config = config::config(&mut draft);
            if is_empty(&config) && draft.refused.is_empty() {
                return Err(vec![SourceError::Nothing]);
            }
            for compatibility in compatibilities(&stacks, &draft) {
                let tried = tried(&stacks, &draft, &config, compatibility, &verbatim);
                // Of several configs that deploy the same, the one whose template is equal.
                let is_better = best.as_ref().is_none_or(|best| tried.rank < best.rank);
                let is_equal = tried.rank.is_equal();
                if is_better {
                    best = Some(tried);
                }
                if is_equal {
                    break 'all;
                }
            }
        }
    }
    let mut adoption = best.ok_or_else(|| vec![SourceError::Nothing])?.adoption;
    preset::factor(&mut adoption.config, &mut adoption.comments);
    Ok(adoption)
}

/// What the policies of the sources are read as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Attempt {
    Grants,
    /// Where grants in their order do not make the policy of a repository, its statements do.
    Statements,
    /// Where neither does, the policy is an override of the template.
    Documents,
}

impl Attempt {
    const ALL: [Self; 3] = [Self::Grants, Self::Statements, Self::Documents];

    /// The policies that stay as they are, by the best of the attempts before; none if it is no other
    /// attempt.
    fn verbatim(self, best: Option<&Tried>) -> Option<Verbatim> {
        let Some(best) = best else { return Some(Verbatim::default()) };
        let before = best.verbatim.clone();
        match self {
            Self::Grants => Some(Verbatim::default()),
            Self::Statements => Some(Verbatim { statements: best.others.clone(), ..before }),
            Self::Documents => (!best.unmade.is_empty())
                .then(|| Verbatim { documents: best.unmade.clone(), ..before }),
        }
    }
}

/// The flag that decides how stacks refer to each other.
const CROSS_STACK_REFERENCES: &str = "@aws-cdk/core:defaultCrossStackReferences";

/// How far a config is from its sources: what is not adopted, and how many resources deploy the same
/// with other parts, or in other words.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Rank {
    errors: usize,
    not_adopted: usize,
    reshaped: usize,
    others: usize,
}

impl Rank {
    fn is_equal(&self) -> bool {
        *self == Self { errors: 0, not_adopted: 0, reshaped: 0, others: 0 }
    }
}

/// A config under a setting, compared with the sources.
struct Tried {
    rank: Rank,
    adoption: Adoption,
    /// The resources that are written in other words.
    others: BTreeSet<String>,
    /// Those of templates with a policy that no grants make.
    unmade: BTreeSet<String>,
    verbatim: Verbatim,
}

fn is_empty(config: &Map<String, Value>) -> bool {
    let stacks = config.get("stacks").and_then(Value::as_object);
    stacks.is_none_or(|it| it.values().all(|it| it.as_object().is_none_or(Map::is_empty)))
}

/// The config under a setting, compared with the sources. Where it contains what AWS refuses and the
/// AWS CDK does not, it says so.
fn tried(
    stacks: &[Stack],
    draft: &Draft<'_>,
    config: &Map<String, Value>,
    mut compatibility: Map<String, Value>,
    verbatim: &Verbatim,
) -> Tried {
    let strict = tried_with(stacks, draft, config, &compatibility, verbatim);
    if strict.rank.errors == 0 || compatibility.contains_key("awsCdk") {
        return strict;
    }
    compatibility.insert("awsCdk".to_owned(), "2".into());
    let lenient = tried_with(stacks, draft, config, &compatibility, verbatim);
    if lenient.rank.errors < strict.rank.errors { lenient } else { strict }
}

fn tried_with(
    stacks: &[Stack],
    draft: &Draft<'_>,
    config: &Map<String, Value>,
    compatibility: &Map<String, Value>,
    verbatim: &Verbatim,
) -> Tried {
    let mut with = Map::new();
    if !compatibility.is_empty() {
        with.insert("compatibility".to_owned(), compatibility.clone().into());
    }
    with.extend(config.clone());
    let with = Value::Object(with);
    let (problems, compared) = match verify::compared(&with, stacks, &draft.refused, &draft.kept) {
        Ok(compared) => (None, compared),
        Err(problems) => (Some(problems), Compared::default()),
    };
    let errors = problems.iter().flat_map(Problems::iter);
    let errors = errors.filter(|it| it.severity == Severity::Error).count();
    let Compared { differences, reshaped, others, ledger } = compared;
    let is_template = stacks.iter().any(|it| it.origin == Origin::CloudFormation);
    let differing = differences.iter().map(|it| it.address().resource().to_owned());
    let mut unmade: BTreeSet<String> = differing.chain(draft.unmade.clone()).collect();
    unmade.retain(|it| is_template && reshaped.contains(it));
    let not_adopted = [draft.refused.clone(), differences].concat();
    let comments = draft.comments.clone();
    let rank = Rank {
        errors,
        not_adopted: not_adopted.len(),
        reshaped: reshaped.len(),
        others: others.len(),
    };
    let adoption = Adoption { config: with, comments, ledger, not_adopted, problems };
    Tried { rank, adoption, others, unmade, verbatim: verbatim.clone() }
}

/// The ways in which the sources can be written, the plainest first.
fn ways(stacks: &[Stack]) -> Vec<Way> {
    let has_push_of_v1 = |it: &Stack| {
        it.resources.values().any(|it| it.properties.values().any(policy::has_push_of_v1))
    };
    let v2 = (Dialect::V2, false);
    let minimized = [(Dialect::Minimized, false), (Dialect::Minimized, true)];
    let v1 = (Dialect::V1, false);
    let dialects = if stacks.iter().any(has_push_of_v1) {
        [&[v1, v2], &minimized[..]].concat()
    } else if stacks.iter().any(|it| it.origin == Origin::CloudFormation || it.is_module) {
        [&[v2], &minimized[..], &[v1]].concat()
    } else {
        vec![v2]
    };
    let has_overflow = |it: &&Stack| it.resources.values().any(identity::is_overflow);
    let is_template = |it: &Stack| it.origin == Origin::CloudFormation;
    let overflow: &[Overflow] = match stacks.iter().find(has_overflow).map(is_template) {
        Some(true) => &[Overflow::Behind, Overflow::Between, Overflow::Ahead, Overflow::Joined],
        Some(false) => &[Overflow::Behind, Overflow::Joined],
        None => &[Overflow::Behind],
    };
    let all = overflow.iter().flat_map(|overflow| dialects.iter().map(|it| (*overflow, *it)));
    let ways =
        all.map(|(overflow, (dialect, imports_first))| Way { dialect, imports_first, overflow });
    ways.collect()
}

/// The settings under which a source can have been made, the plainest first.
fn compatibilities(stacks: &[Stack], draft: &Draft<'_>) -> Vec<Map<String, Value>> {
    let mut settings = Map::new();
    if stacks.iter().any(|it| it.has_bootstrap_rule) {
        settings.insert("generateBootstrapVersionRule".to_owned(), true.into());
    }
    if draft.dialect == Dialect::V1 {
        settings.insert("awsCdk".to_owned(), "1".into());
        return vec![settings];
    }
    // As the AWS CDK names the outputs that other stacks read.
    let has_output = |prefix: &str| {
        let is_one = |id: &String| id.starts_with(prefix);
        stacks.iter().any(|it| it.outputs.keys().any(is_one))
    };
    let references = match (has_output("PublishOutput"), has_output("ExportsOutput")) {
        (true, false) => Some("weak"),
        (true, true) => Some("both"),
        (false, _) => None,
    };
    // Flags that make no difference are not tried.
    let literals = stacks.iter().any(|it| it.env.region.is_some());
    let names = !draft.imported.is_empty();
    let mut all = Vec::new();
    if draft.dialect == Dialect::Minimized {
        // What `cdk init` writes.
        let mut settings = settings.clone();
        settings.insert("featureFlags".to_owned(), "recommended".into());
        all.push(settings);
    }
    for (literals, names) in [(false, false), (literals, false), (false, names), (literals, names)]
    {
        let flags = [
            (draft.dialect == Dialect::Minimized, "@aws-cdk/aws-iam:minimizePolicies"),
            (literals, "@aws-cdk/core:enablePartitionLiterals"),
            (names, "@aws-cdk/aws-iam:importedRoleStackSafeDefaultPolicyName"),
        ];
        let flags: Map<_, _> = flags
            .iter()
            .filter(|(on, _)| *on)
            .map(|(_, flag)| ((*flag).to_owned(), Value::from(true)))
            .chain(references.map(|it| (CROSS_STACK_REFERENCES.to_owned(), it.into())))
            .collect();
        let mut settings = settings.clone();
        if !flags.is_empty() {
            settings.insert("featureFlags".to_owned(), flags.into());
        }
        if !all.contains(&settings) {
            all.push(settings);
        }
    }
    all
}
