//! Stacks that are deployed to many accounts and regions.

use std::collections::BTreeSet;
use std::sync::Arc;

use ecrane_document::Explain;
use thiserror::Error;

use crate::names::{AccountId, Arn, Environment, OrganizationalUnitId, Region};

/// The accounts and regions of a stack that is deployed to each of them, as by AWS CloudFormation
/// `StackSets`.
///
/// Source: `AWS::CloudFormation::StackSet`
/// (<https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudformation-stackset.html>).
///
/// ```
/// use ecrane_core::{AccountId, Region, TargetAccounts, Targets};
///
/// let targets = Targets {
///     accounts: TargetAccounts::SelfManaged {
///         accounts: vec![AccountId::try_from("111122223333")?],
///         administration_role_arn: None,
///         execution_role_name: None,
///     },
///     regions: vec![Region::try_from("eu-west-1")?, Region::try_from("us-east-1")?],
///     operation_preferences: None,
///     template_url_prefix: None,
/// };
/// assert_eq!(targets.known_accounts().map(<[_]>::len), Some(1));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Targets {
    /// The accounts, and how the engine gets its permissions there.
    pub accounts: TargetAccounts,
    /// The regions.
    pub regions: Vec<Region>,
    /// How `StackSets` proceeds.
    pub operation_preferences: Option<OperationPreferences>,
    /// The URL of a folder in Amazon S3 from which `StackSets` reads the template. Default: the
    /// template is a part of the stack set.
    pub template_url_prefix: Option<TemplateUrlPrefix>,
}

/// The accounts of [`Targets`]: the permission model of a stack set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TargetAccounts {
    /// Accounts in which a role exists that the engine assumes (`SELF_MANAGED`).
    SelfManaged {
        /// The accounts.
        accounts: Vec<AccountId>,
        /// The role of the administrator account that assumes the other. Default:
        /// `AWSCloudFormationStackSetAdministrationRole`.
        administration_role_arn: Option<Arn>,
        /// The role in each account. Default: [`EXECUTION_ROLE_NAME`].
        execution_role_name: Option<ExecutionRoleName>,
    },
    /// All accounts in units of an organization, in which AWS creates the roles
    /// (`SERVICE_MANAGED`).
    ServiceManaged {
        /// The units.
        organizational_units: Vec<OrganizationalUnitId>,
        /// What happens when an account is added to a unit, or removed from it.
        auto_deployment: AutoDeployment,
        /// Who deploys.
        call_as: Option<CallAs>,
    },
}

/// The default name of the role that is assumed in each account: CloudFormation user guide, "Grant
/// self-managed permissions".
pub const EXECUTION_ROLE_NAME: &str = "AWSCloudFormationStackSetExecutionRole";

/// What happens when an account is added to an organizational unit, or removed from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AutoDeployment {
    /// Whether the stack is deployed to accounts that are added.
    pub enabled: bool,
    /// Whether the stack stays in accounts that are removed. AWS reads it if `enabled`.
    pub retain_stacks_on_account_removal: bool,
}

/// Accounts of a unit have the stack, and keep it: a resource is never lost with an account's unit.
impl Default for AutoDeployment {
    fn default() -> Self {
        Self { enabled: true, retain_stacks_on_account_removal: true }
    }
}

/// Who deploys a stack set with service-managed permissions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CallAs {
    /// The management account of the organization.
    Myself,
    /// A delegated administrator.
    DelegatedAdmin,
}

/// How `StackSets` proceeds. Each default is that of AWS.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OperationPreferences {
    /// In how many accounts of a region the operation may fail before it stops.
    pub failure_tolerance: Option<Amount>,
    /// In how many accounts of a region the operation runs at the same time.
    pub max_concurrent: Option<Amount>,
    /// Whether failures lower the number of accounts at the same time.
    pub concurrency_mode: Option<ConcurrencyMode>,
    /// Whether the operation runs in all regions at the same time.
    pub region_concurrency_type: Option<RegionConcurrencyType>,
    /// The order of the regions.
    pub region_order: Vec<Region>,
}

/// A number of accounts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Amount {
    /// A number.
    Count(u32),
    /// A percentage of the accounts.
    Percentage(u32),
}

/// Whether failures lower the number of accounts at the same time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConcurrencyMode {
    /// They do: it is at most the failure tolerance and one.
    StrictFailureTolerance,
    /// They do not.
    SoftFailureTolerance,
}

/// Whether an operation runs in all regions at the same time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RegionConcurrencyType {
    /// In one region after the other.
    Sequential,
    /// In all regions at the same time.
    Parallel,
}

impl Targets {
    /// The accounts, unless they are those of organizational units.
    pub fn known_accounts(&self) -> Option<&[AccountId]> {
        match &self.accounts {
            TargetAccounts::SelfManaged { accounts, .. } => Some(accounts),
            TargetAccounts::ServiceManaged { .. } => None,
        }
    }

    /// The environments that stand for all: each region, and two accounts, one of which differs from
    /// any account that a text of the input names.
    pub(crate) fn environments(&self) -> impl Iterator<Item = Environment> {
        let accounts = self.known_accounts().unwrap_or_default().iter().take(2);
        let regions = self.regions.iter();
        let of_region = |it: &Region| Environment { account: None, region: Some(it.clone()) };
        let of_account = |it: &AccountId| Environment { account: Some(it.clone()), region: None };
        regions.map(of_region).chain(accounts.map(of_account))
    }

    /// Whether both deploy to the same accounts and regions.
    pub(crate) fn is_same_place(&self, other: &Self) -> bool {
        let same_accounts = match (&self.accounts, &other.accounts) {
            (
                TargetAccounts::SelfManaged { accounts, .. },
                TargetAccounts::SelfManaged { accounts: others, .. },
            ) => is_same_set(accounts, others),
            (
                TargetAccounts::ServiceManaged { organizational_units, .. },
                TargetAccounts::ServiceManaged { organizational_units: others, .. },
            ) => is_same_set(organizational_units, others),
            _ => false,
        };
        same_accounts && is_same_set(&self.regions, &other.regions)
    }
}

fn is_same_set<T: Ord>(one: &[T], other: &[T]) -> bool {
    one.iter().collect::<BTreeSet<_>>() == other.iter().collect()
}

/// The name of the role that is assumed in each account.
///
/// The rule is `ExecutionRoleName` in the CloudFormation API reference, `CreateStackSet`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ExecutionRoleName(Arc<str>);

crate::names::text!(ExecutionRoleName, TargetTextError);

impl ExecutionRoleName {
    fn check(text: &str) -> Result<(), TargetTextError> {
        let is_letter = |b: u8| b.is_ascii_alphanumeric() || b"_+=,.@-".contains(&b);
        if (1..=64).contains(&text.len()) && text.bytes().all(is_letter) {
            Ok(())
        } else {
            Err(TargetTextError::RoleName { text: text.to_owned() })
        }
    }
}

/// The URL of a folder in Amazon S3, without a slash at its end.
///
/// `StackSets` reads a template from a URL of Amazon S3 that begins with `https://`: CloudFormation
/// API reference, `CreateStackSet`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TemplateUrlPrefix(Arc<str>);

crate::names::text!(TemplateUrlPrefix, TargetTextError);

impl TemplateUrlPrefix {
    fn check(text: &str) -> Result<(), TargetTextError> {
        let is_plain = |c: char| c.is_ascii_graphic() && !"?#\"<>\\^`{|}".contains(c);
        let has_host = text.strip_prefix("https://").is_some_and(|rest| {
            let host = rest.split('/').next().unwrap_or_default();
            host.contains('.') && host.contains("s3")
        });
        if has_host && text.len() <= 1_024 && text.chars().all(is_plain) && !text.ends_with('/') {
            Ok(())
        } else {
            Err(TargetTextError::Url { text: text.to_owned() })
        }
    }
}

/// An invalid text in [`Targets`].
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum TargetTextError {
    /// The name of the role does not match the pattern.
    #[error("invalid execution role name `{text}`")]
    RoleName {
        /// The invalid text.
        text: String,
    },
    /// The URL is not one of a folder in Amazon S3.
    #[error("`{text}` is not the URL of a folder in Amazon S3")]
    Url {
        /// The invalid text.
        text: String,
    },
}

impl Explain for TargetTextError {
    fn code(&self) -> &'static str {
        match self {
            Self::RoleName { .. } => "targets::role_name_malformed",
            Self::Url { .. } => "targets::template_url_malformed",
        }
    }

    fn help(&self) -> Option<String> {
        Some(
            match self {
                Self::RoleName { .. } => {
                    "use the name of the role, without its path and ARN: 1 to 64 letters, digits and `_+=,.@-` (CloudFormation API reference, CreateStackSet)"
                }
                Self::Url { .. } => {
                    "use an `https://` URL of Amazon S3 without a slash at the end, such as https://acme-templates.s3.eu-west-1.amazonaws.com/ecrane (CloudFormation API reference, CreateStackSet)"
                }
            }
            .to_owned(),
        )
    }
}
