//! Stacks that are deployed to many accounts and regions.

use std::collections::BTreeSet;
use std::fmt::Display;

use ecrane_document::{Explain, Place, Problem};
use thiserror::Error;

use super::{ForeignReferences, references};
use crate::bounds::{self, Findings};
use crate::resource::Reach;
use crate::stack::StackNode;
use crate::targets::{Amount, ConcurrencyMode, OperationPreferences, TargetAccounts, Targets};

/// The number of organizational units of one operation: CloudFormation API reference,
/// `CreateStackInstances`.
const MAX_UNITS: usize = 50;

/// Checks the targets of all stacks.
pub(super) fn check(stacks: &[StackNode], foreign: &[ForeignReferences], findings: &mut Findings) {
    let mut checked = BTreeSet::new();
    for (index, stack) in stacks.iter().enumerate() {
        check_references(stacks, references::dependencies(foreign, index), stack, findings);
        let Some(targets) = &stack.targets else { continue };
        // Shards have the targets of their stack.
        if checked.insert(&stack.place) {
            check_targets(targets, &stack.place.key("targets"), findings);
            if stack.env.account.is_some() || stack.env.region.is_some() {
                findings.error(stack.place.key("env").on_key(), TargetsError::Environment);
            }
        }
        check_names(stack, targets, findings);
    }
}

fn check_targets(targets: &Targets, place: &Place, findings: &mut Findings) {
    let Targets { accounts, regions, operation_preferences, template_url_prefix: _ } = targets;
    match accounts {
        TargetAccounts::SelfManaged { accounts, .. } => {
            check_list("account", accounts, &place.key("accounts"), findings);
        }
        TargetAccounts::ServiceManaged { organizational_units: units, .. } => {
            let place = place.key("organizationalUnits");
            check_list("organizational unit", units, &place, findings);
            if units.len() > MAX_UNITS {
                findings.error(place.on_key(), TargetsError::TooManyUnits { count: units.len() });
            }
        }
    }
    let of_regions = place.key("regions");
    check_list("region", regions, &of_regions, findings);
    for (index, region) in regions.iter().enumerate() {
        let place = of_regions.index(index);
        bounds::known_region(region, &place, findings);
        if let Some(first) = regions.first().filter(|it| it.partition() != region.partition()) {
            let (first, region) = (first.to_string(), region.to_string());
            findings.error(place, TargetsError::TwoPartitions { first, region });
        }
    }
    if let Some(preferences) = operation_preferences {
        let place = place.key("operationPreferences");
        check_preferences(preferences, targets, &place, findings);
    }
}

/// Reports an empty list, and each item that an earlier one equals.
fn check_list<T: Ord + Display>(
    what: &'static str,
    items: &[T],
    place: &Place,
    findings: &mut Findings,
) {
    if items.is_empty() {
        findings.error(place.clone(), TargetsError::Empty { what });
    }
    let mut seen = BTreeSet::new();
    for (index, item) in items.iter().enumerate() {
        if !seen.insert(item) {
            let item = item.to_string();
            findings.error(place.index(index), TargetsError::Duplicate { what, item });
        }
    }
}

fn check_preferences(
    preferences: &OperationPreferences,
    targets: &Targets,
    place: &Place,
    findings: &mut Findings,
) {
    let OperationPreferences {
        failure_tolerance,
        max_concurrent,
        concurrency_mode,
        region_concurrency_type: _,
        region_order,
    } = preferences;
    let mut refuse = |key: &str, property: &'static str, least, most| {
        let fact = TargetsError::Amount { property, least, most };
        findings.error(place.key(key), fact);
    };
    match failure_tolerance {
        Some(Amount::Percentage(101..)) => {
            refuse("failureTolerancePercentage", "failureTolerancePercentage", 0, Some(100));
        }
        Some(Amount::Count(_) | Amount::Percentage(_)) | None => {}
    }
    match max_concurrent {
        Some(Amount::Count(0)) => refuse("maxConcurrentCount", "maxConcurrentCount", 1, None),
        Some(Amount::Percentage(0 | 101..)) => {
            refuse("maxConcurrentPercentage", "maxConcurrentPercentage", 1, Some(100));
        }
        Some(Amount::Count(_) | Amount::Percentage(_)) | None => {}
    }
    if let (Some(Amount::Count(at_once)), None | Some(ConcurrencyMode::StrictFailureTolerance)) =
        (max_concurrent, concurrency_mode)
    {
        let tolerance = match failure_tolerance {
            Some(Amount::Count(count)) => Some(*count),
            None => Some(0),
            Some(Amount::Percentage(_)) => None,
        };
        if let Some(tolerance) = tolerance.filter(|it| *at_once > it.saturating_add(1)) {
            let fact = TargetsError::StricterThanMeant { at_once: *at_once, tolerance };
            findings.warning(place.key("maxConcurrentCount"), fact);
        }
    }
    let place = place.key("regionOrder");
    for (index, region) in region_order.iter().enumerate() {
        if !targets.regions.contains(region) {
            let fact = TargetsError::NoTarget { region: region.to_string() };
            findings.error(place.index(index), fact);
        }
        if region_order.iter().take(index).any(|earlier| earlier == region) {
            let item = region.to_string();
            findings.error(place.index(index), TargetsError::Duplicate { what: "region", item });
        }
    }
}

/// Checks the resources in each region, and in two accounts. Each is a place where the stack is
/// deployed, so what is wrong in one is reported, and what is wrong in several, once.
pub(super) fn check_resources(stack: &StackNode, findings: &mut Findings) {
    let Some(targets) = &stack.targets else { return };
    let key = |problem: &Problem| (problem.place.clone(), problem.fact.code());
    let mut known: BTreeSet<_> = findings.problems.iter().map(key).collect();
    for env in targets.environments() {
        let before = findings.problems.len();
        for resource in &stack.resources {
            resource.kind.check(&resource.place, &env, findings);
        }
        let found = findings.problems.split_off(before);
        let found: Vec<_> = found.into_iter().filter(|it| !known.contains(&key(it))).collect();
        known.extend(found.iter().map(key));
        findings.problems.extend(found);
    }
}

/// Reports each name that is unique in an account, if the stack is in several regions of it.
fn check_names(stack: &StackNode, targets: &Targets, findings: &mut Findings) {
    let [_, _, ..] = targets.regions.as_slice() else { return };
    for resource in &stack.resources {
        let named = resource.kind.physical_name().filter(|it| it.reach == Reach::Account);
        if let Some(named) = named {
            let place = named.keys.iter().fold(resource.place.clone(), |it, key| it.key(key));
            let (what, name) = (named.what, named.name.to_owned());
            findings.error(place, TargetsError::NameOfAccount { what, name });
        }
    }
}

/// Reports each reference to a stack that is not in all accounts and regions of this stack.
fn check_references(
    stacks: &[StackNode],
    producers: BTreeSet<usize>,
    stack: &StackNode,
    findings: &mut Findings,
) {
    for producer in producers {
        let Some(producer) = stacks.get(producer) else { continue };
        let are_together = match (&stack.targets, &producer.targets) {
            (None, None) => true,
            (Some(one), Some(other)) => one.is_same_place(other),
            (Some(_), None) | (None, Some(_)) => false,
        };
        if !are_together {
            let (consumer, producer) = (stack.id.clone(), producer.id.clone());
            let fact = TargetsError::Reference { consumer, producer };
            findings.error(stack.place.clone().on_key(), fact);
        }
    }
}

/// What [`Targets`] cannot be.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum TargetsError {
    /// An empty list.
    #[error("the targets have no {what}")]
    Empty {
        /// What the list contains.
        what: &'static str,
    },
    /// An item occurs twice.
    #[error("duplicate {what} `{item}`")]
    Duplicate {
        /// What the list contains.
        what: &'static str,
        /// The item.
        item: String,
    },
    /// More organizational units than an operation can have.
    #[error("{count} organizational units, a stack set takes {MAX_UNITS} at once")]
    TooManyUnits {
        /// The number of units.
        count: usize,
    },
    /// Regions of two partitions.
    #[error("regions `{first}` and `{region}` belong to different partitions")]
    TwoPartitions {
        /// The first region.
        first: String,
        /// The other region.
        region: String,
    },
    /// The stack has an environment, too.
    #[error("a stack with `targets` has no `env`")]
    Environment,
    /// A number of accounts is out of range.
    #[error("`{property}` is out of range")]
    Amount {
        /// The property.
        property: &'static str,
        /// The minimum.
        least: u32,
        /// The maximum, if there is one.
        most: Option<u32>,
    },
    /// Fewer accounts at the same time than the config says.
    #[error(
        "`maxConcurrentCount` is {at_once}, but a failure tolerance of {tolerance} allows {} at once",
        .tolerance.saturating_add(1)
    )]
    StricterThanMeant {
        /// The number of accounts at the same time.
        at_once: u32,
        /// The failure tolerance.
        tolerance: u32,
    },
    /// A region in the order that is no target.
    #[error("region `{region}` is not one of the targets")]
    NoTarget {
        /// The region.
        region: String,
    },
    /// A name that an account has once, in a stack with several regions.
    #[error("the {what} `{name}` would be created in each region, but an account has it once")]
    NameOfAccount {
        /// What has the name.
        what: &'static str,
        /// The name.
        name: String,
    },
    /// A reference to a stack with other targets.
    #[error(
        "stack `{consumer}` refers to `{producer}`, which is not in the same accounts and regions"
    )]
    Reference {
        /// The stack that refers.
        consumer: String,
        /// The stack that is referred to.
        producer: String,
    },
    /// A construct that stands for a resource of one account, in a stack with others.
    #[error("`{id}` is in account {account}, but the stack is deployed to others, too")]
    OtherAccount {
        /// The id of the construct.
        id: String,
        /// Its account.
        account: String,
    },
    /// What exists cannot be imported.
    #[error("stack `{stack}` is deployed to many accounts and regions, so nothing is imported")]
    NoImport {
        /// The stack.
        stack: String,
    },
}

impl Explain for TargetsError {
    fn code(&self) -> &'static str {
        match self {
            Self::Empty { .. } => "targets::empty",
            Self::Duplicate { .. } => "targets::duplicate",
            Self::TooManyUnits { .. } => "targets::too_many_units",
            Self::TwoPartitions { .. } => "targets::two_partitions",
            Self::Environment => "targets::environment",
            Self::Amount { .. } => "targets::amount_out_of_range",
            Self::StricterThanMeant { .. } => "targets::fewer_at_once",
            Self::NoTarget { .. } => "targets::no_target",
            Self::NameOfAccount { .. } => "targets::name_of_account",
            Self::Reference { .. } => "targets::reference",
            Self::OtherAccount { .. } => "targets::other_account",
            Self::NoImport { .. } => "targets::no_import",
        }
    }

    fn help(&self) -> Option<String> {
        Some(match self {
            Self::Empty { what } => format!("add at least one {what}"),
            Self::Duplicate { .. } => "remove one of them".to_owned(),
            Self::TooManyUnits { .. } => {
                "name a unit that contains them, or distribute them over several stacks (CloudFormation API reference, CreateStackInstances)"
                    .to_owned()
            }
            Self::TwoPartitions { .. } => {
                "use one stack for each partition: credentials are valid in one partition only (IAM user guide, \"Identify AWS resources with Amazon Resource Names\")"
                    .to_owned()
            }
            Self::Environment => {
                "remove `env`: `accounts` and `regions` of the targets say where the stack is".to_owned()
            }
            Self::Amount { least, most, .. } => match most {
                Some(most) => format!(
                    "use a number from {least} to {most} (CloudFormation API reference, StackSetOperationPreferences)"
                ),
                None => format!(
                    "use a number of at least {least} (CloudFormation API reference, StackSetOperationPreferences)"
                ),
            },
            Self::StricterThanMeant { .. } => {
                "raise `failureToleranceCount`, or set `concurrencyMode: SOFT_FAILURE_TOLERANCE` (CloudFormation API reference, StackSetOperationPreferences)"
                    .to_owned()
            }
            Self::NoTarget { .. } => "add it to `regions`, or remove it".to_owned(),
            Self::NameOfAccount { .. } => {
                "remove the name, so that each region has its own, or move it to a stack whose targets have one region (IAM user guide, \"IAM and AWS STS quotas\")"
                    .to_owned()
            }
            Self::Reference { .. } => {
                "give both stacks the same `targets`, or declare it in this stack: a stack can only use what is in its own account and region"
                    .to_owned()
            }
            Self::OtherAccount { .. } => {
                "write `{ arn: … }` in the grant instead, which allows the access in the policy of the repository only"
                    .to_owned()
            }
            Self::NoImport { .. } => {
                "import what exists in a stack with `env`, one for each account and region".to_owned()
            }
        })
    }
}
