//! The accounts and regions of a stack that is deployed to each of them.

use schemars::JsonSchema;
use serde::Deserialize;

/// The accounts and regions to which to deploy a stack, each of them: those of an AWS
/// CloudFormation stack set. Either `accounts` or `organizationalUnits` is required.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Targets {
    /// The 12-digit IDs of the accounts, as strings. In each of them exists a role that the engine
    /// assumes (`executionRoleName`).
    #[schemars(extend("examples" = [["111122223333", "444455556666"]]))]
    pub accounts: Option<Vec<String>>,
    /// The IDs of organizational units of AWS Organizations, or of the root: all of their accounts.
    /// AWS creates the roles. CloudFormation only: the accounts are not known before the deployment.
    #[schemars(extend("examples" = [["ou-ab12-11111111"]]))]
    pub organizational_units: Option<Vec<String>>,
    /// The regions.
    #[schemars(extend("examples" = [["eu-west-1", "us-east-1"]]))]
    pub regions: Vec<String>,
    /// With `accounts`: the name of the role in each account, which CloudFormation or Terraform
    /// assumes. Default: `AWSCloudFormationStackSetExecutionRole`.
    #[schemars(extend("examples" = ["ecrane-deploy"]))]
    pub execution_role_name: Option<String>,
    /// With `accounts`: the ARN of the role of the administrator account with which CloudFormation
    /// assumes the others. Default: `AWSCloudFormationStackSetAdministrationRole`. CloudFormation
    /// only.
    #[schemars(extend("examples" = ["arn:aws:iam::111122223333:role/stack-sets"]))]
    pub administration_role_arn: Option<String>,
    /// With `organizationalUnits`: what happens when an account is added to a unit, or removed from
    /// it.
    #[schemars(extend("examples" = [{ "enabled": true, "retainStacksOnAccountRemoval": true }]))]
    pub auto_deployment: Option<AutoDeployment>,
    /// With `organizationalUnits`: who deploys the stack set. Default: `SELF`.
    #[schemars(extend("examples" = ["DELEGATED_ADMIN"]))]
    pub call_as: Option<CallAs>,
    /// How CloudFormation proceeds through accounts and regions. CloudFormation only.
    #[schemars(extend("examples" = [{ "maxConcurrentPercentage": 25 }]))]
    pub operation_preferences: Option<OperationPreferences>,
    /// The URL of a folder in Amazon S3 from which CloudFormation reads the template. Default: the
    /// template is a part of the stack set, which is possible up to 51,200 bytes. Upload
    /// `stack-set-templates` of the output to it before each deployment. CloudFormation only.
    #[schemars(extend("examples" = ["https://acme-templates.s3.eu-west-1.amazonaws.com/ecrane"]))]
    pub template_url_prefix: Option<String>,
}

/// What happens when an account is added to an organizational unit, or removed from it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct AutoDeployment {
    /// Whether the stack is deployed to accounts that are added. Default: `true`.
    #[schemars(extend("examples" = [false]))]
    pub enabled: Option<bool>,
    /// Whether the stack stays in accounts that are removed. Default: `true`. Not allowed if
    /// `enabled` is `false`.
    #[schemars(extend("examples" = [true]))]
    pub retain_stacks_on_account_removal: Option<bool>,
}

/// Who deploys a stack set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
pub enum CallAs {
    /// The management account of the organization.
    #[serde(rename = "SELF")]
    Myself,
    /// A delegated administrator.
    #[serde(rename = "DELEGATED_ADMIN")]
    DelegatedAdmin,
}

/// How CloudFormation proceeds through accounts and regions. Each default is that of AWS.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct OperationPreferences {
    /// The number of accounts in a region in which the operation may fail before it stops there.
    /// Excludes `failureTolerancePercentage`.
    #[schemars(extend("examples" = [2]))]
    pub failure_tolerance_count: Option<u32>,
    /// The percentage of the accounts in a region in which the operation may fail before it stops
    /// there.
    #[schemars(extend("examples" = [10]))]
    pub failure_tolerance_percentage: Option<u32>,
    /// The number of accounts in which the operation runs at the same time. Excludes
    /// `maxConcurrentPercentage`.
    #[schemars(extend("examples" = [3]))]
    pub max_concurrent_count: Option<u32>,
    /// The percentage of the accounts in which the operation runs at the same time.
    #[schemars(extend("examples" = [25]))]
    pub max_concurrent_percentage: Option<u32>,
    /// Whether failures lower the number of accounts at the same time. Default:
    /// `STRICT_FAILURE_TOLERANCE`.
    #[schemars(extend("examples" = ["SOFT_FAILURE_TOLERANCE"]))]
    pub concurrency_mode: Option<ConcurrencyMode>,
    /// Whether the operation runs in all regions at the same time. Default: `SEQUENTIAL`.
    #[schemars(extend("examples" = ["PARALLEL"]))]
    pub region_concurrency_type: Option<RegionConcurrencyType>,
    /// The order of the regions.
    #[serde(default)]
    #[schemars(extend("examples" = [["us-east-1", "eu-west-1"]]))]
    pub region_order: Vec<String>,
}

/// Whether failures lower the number of accounts at the same time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ConcurrencyMode {
    /// They do: it is at most the failure tolerance and one.
    StrictFailureTolerance,
    /// They do not.
    SoftFailureTolerance,
}

/// Whether an operation runs in all regions at the same time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum RegionConcurrencyType {
    /// In one region after the other.
    Sequential,
    /// In all regions at the same time.
    Parallel,
}
