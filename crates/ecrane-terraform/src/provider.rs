//! Provider requirements and provider configuration.

use std::borrow::Cow;
use std::collections::BTreeMap;

use ecrane_core::{Problem, StackNode};
use indexmap::IndexMap;
use serde::Serialize;

use crate::expression::Text;
use crate::opaque::{Opaque, opaque};
use crate::options::{Backend, SettingsOf};
use crate::problem::{TerraformError, TerraformWarning};
use crate::resource::{deployed, terraform_type};
use crate::version::{Feature, Version, VersionConstraint};

/// The oldest supported version of `hashicorp/aws`: the modules are tested with it.
const TESTED: Version = Version::new(5, 100, 0);
/// The first version whose data source `aws_region` has the attribute `region`.
const REGION_ATTRIBUTE: Version = Version::new(6, 0, 0);
/// The version of `hashicorp/awscc` that the example of its `awscc_ecr_signing_configuration` was
/// deployed with (hashicorp/terraform-provider-awscc, pull request 3146).
const AWSCC: &str = ">= 1.69.0";

/// The `terraform` block.
#[derive(Debug, Serialize)]
pub(crate) struct TerraformBlock<'g> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) required_version: Option<Cow<'g, str>>,
    pub(crate) required_providers: IndexMap<&'static str, RequiredProvider>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) backend: Option<BackendBlock<'g>>,
}

#[derive(Debug, Serialize)]
pub(crate) struct RequiredProvider {
    source: &'static str,
    version: String,
}

/// The `backend` block: arguments by backend type.
pub(crate) type BackendBlock<'g> = BTreeMap<&'g str, BackendArguments<'g>>;

#[derive(Debug, Serialize)]
#[serde(untagged)]
pub(crate) enum BackendArguments<'g> {
    Given(IndexMap<&'g str, Opaque<'g>>),
    Path {
        path: Text<'g>,
        #[serde(flatten)]
        rest: IndexMap<&'g str, Opaque<'g>>,
    },
}

impl<'g> From<&'g Backend> for BackendArguments<'g> {
    fn from(backend: &'g Backend) -> Self {
        Self::Given(opaque(&backend.arguments).collect())
    }
}

/// A `provider` block.
#[derive(Debug, Default, Serialize)]
pub(crate) struct ProviderBlock<'g> {
    #[serde(skip_serializing_if = "Option::is_none")]
    region: Option<&'g str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    allowed_account_ids: Option<[&'g str; 1]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    default_tags: Option<[DefaultTags<'g>; 1]>,
    #[serde(flatten)]
    given: IndexMap<&'g str, Opaque<'g>>,
}

#[derive(Debug, Serialize)]
struct DefaultTags<'g> {
    tags: BTreeMap<Text<'g>, Text<'g>>,
}

/// The providers of a stack.
#[derive(Debug)]
pub(crate) struct Providers<'g> {
    pub(crate) required: IndexMap<&'static str, RequiredProvider>,
    pub(crate) blocks: IndexMap<&'static str, [ProviderBlock<'g>; 1]>,
    /// The attribute of the data source `aws_region` with the region code.
    pub(crate) region_attribute: &'static str,
}

/// The providers that a stack needs, with their configuration.
pub(crate) fn providers<'g>(
    stack: &'g StackNode,
    settings: SettingsOf<'g>,
    problems: &mut Vec<Problem>,
) -> Providers<'g> {
    let pin = settings.aws_provider;
    let needed = needed(stack, pin, problems);
    let starts_at = |version| needed >= version || pin.is_some_and(|pin| pin.starts_at(version));
    let version = match pin {
        None => format!(">= {needed}"),
        Some(pin) if pin.starts_at(needed) || !pin.reaches(needed) => pin.as_str().to_owned(),
        Some(pin) => format!("{}, >= {needed}", pin.as_str()),
    };
    let mut required =
        IndexMap::from([("aws", RequiredProvider { source: "hashicorp/aws", version })]);
    let mut blocks = IndexMap::from([("aws", [aws(stack, settings, problems)])]);
    if stack.resources.iter().any(|it| terraform_type(it).provider() == "awscc") {
        let version = AWSCC.to_owned();
        required.insert("awscc", RequiredProvider { source: "hashicorp/awscc", version });
        let region = stack.env.region.as_ref().map(ecrane_core::Region::as_str);
        blocks.insert("awscc", [ProviderBlock { region, ..ProviderBlock::default() }]);
        if settings.provider.is_some() {
            let fact = TerraformWarning::ProviderArgumentsUnshared;
            problems.push(Problem::warning(stack.place.clone(), fact));
        }
    }
    let region_attribute = if starts_at(REGION_ATTRIBUTE) { "region" } else { "name" };
    Providers { required, blocks, region_attribute }
}

/// The oldest version of the `aws` provider that supports all features that the stack uses.
fn needed(
    stack: &StackNode,
    pin: Option<&VersionConstraint>,
    problems: &mut Vec<Problem>,
) -> Version {
    if let Some(pin) = pin.filter(|pin| !pin.reaches(TESTED)) {
        let fact =
            TerraformWarning::ProviderUntested { pin: pin.as_str().to_owned(), tested: TESTED };
        problems.push(Problem::warning(stack.place.clone(), fact));
    }
    let mut highest = TESTED;
    for resource in &stack.resources {
        if let Some(Feature { name: feature, since: needed }) = deployed(&resource.kind).feature() {
            highest = highest.max(needed);
            if let Some(pin) = pin.filter(|pin| !pin.reaches(needed)) {
                let pin = pin.as_str().to_owned();
                let fact = TerraformError::FeatureAbovePin { feature, needed, pin };
                problems.push(Problem::error(resource.place.clone(), fact));
            }
        }
    }
    highest
}

/// The `aws` provider block: the stack's environment and tags, and additional arguments.
fn aws<'g>(
    stack: &'g StackNode,
    settings: SettingsOf<'g>,
    problems: &mut Vec<Problem>,
) -> ProviderBlock<'g> {
    let tags: BTreeMap<_, _> =
        stack.tags.iter().map(|(key, value)| (Text::literal(key), Text::literal(value))).collect();
    let block = ProviderBlock {
        region: stack.env.region.as_ref().map(ecrane_core::Region::as_str),
        allowed_account_ids: stack.env.account.as_ref().map(|account| [account.as_str()]),
        default_tags: (!tags.is_empty()).then_some([DefaultTags { tags }]),
        given: settings.provider.map(|given| opaque(given).collect()).unwrap_or_default(),
    };
    let ours = [
        ("region", "env", block.region.is_some()),
        ("allowed_account_ids", "env", block.allowed_account_ids.is_some()),
        ("default_tags", "tags", block.default_tags.is_some()),
    ];
    let has_targets = stack.targets.is_some();
    let of_targets = ["region", "allowed_account_ids", "assume_role"]
        .map(|argument| (argument, "targets", has_targets));
    for (argument, property, rendered) in ours.into_iter().chain(of_targets) {
        if rendered && block.given.contains_key(argument) {
            let fact = TerraformError::ProviderArgumentTaken { argument, property };
            problems.push(Problem::error(stack.place.clone(), fact));
        }
    }
    block
}
