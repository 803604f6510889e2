//! Errors and warnings of the Terraform backend.

use ecrane_core::Explain;
use thiserror::Error;

use crate::ledger::Address;
use crate::version::Version;

/// Why a graph cannot be rendered as Terraform root modules.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum TerraformError {
    /// Two constructs have the same address.
    #[error("`{first}` and `{second}` have the same address `{address}`")]
    AddressTaken {
        /// The address.
        address: String,
        /// The path of the first construct.
        first: String,
        /// The path of the second construct.
        second: String,
    },
    /// A resource name made from a construct path is not a valid Terraform name.
    #[error("the Terraform name `{name}` of `{path}` is not valid")]
    NameInvalid {
        /// The construct.
        path: String,
        /// The name made from its path.
        name: String,
    },
    /// A `terraformName` in the config that is not a valid Terraform name.
    #[error("`{name}` is not a valid Terraform name")]
    PinInvalid {
        /// The name as given.
        name: String,
    },
    /// A stack ID that cannot be the name of a directory in the cdktf layout.
    #[error("stack ID `{id}` cannot be the name of a directory, which the cdktf layout requires")]
    StackIdUnfit {
        /// The stack's id.
        id: String,
    },
    /// A construct uses a feature that no allowed provider version has.
    #[error("{feature} requires hashicorp/aws {needed} or later, which `{pin}` does not allow")]
    FeatureAbovePin {
        /// The feature.
        feature: &'static str,
        /// The first version that has it.
        needed: Version,
        /// The version constraint.
        pin: String,
    },
    /// The required Terraform version does not support a block that earlier addresses need.
    #[error("a `{block}` block requires Terraform {needed} or later, which `{pin}` does not allow")]
    BlockAbovePin {
        /// The block.
        block: &'static str,
        /// The first version that has it.
        needed: Version,
        /// The version constraint.
        pin: String,
    },
    /// A construct moves to an address that another one leaves in the same run.
    #[error("`{address}` was the address of `{from}`, which moves to `{to}` in the same run")]
    AddressTakenOver {
        /// The address.
        address: Address,
        /// The construct that had the address.
        from: String,
        /// The new address of that construct.
        to: Address,
    },
    /// A retained resource would be destroyed because another one has its address.
    #[error(
        "`{address}` was the retained `{from}` and is now `{to}`, so Terraform would destroy `{from}`"
    )]
    RetainedReplaced {
        /// The address.
        address: Address,
        /// The name of the resource that is retained.
        from: String,
        /// The name of the other.
        to: String,
    },
    /// A retained instance of a resource leaves the config, and the resource stays without instances.
    #[error("`{instance}` is retained and no longer declared, but `{address}` is declared")]
    InstanceLeft {
        /// The instance.
        instance: Address,
        /// The declared address.
        address: Address,
    },
    /// A stack refers to another stack whose state it cannot read.
    #[error("stack `{consumer}` refers to `{producer}`, whose state it cannot read")]
    NoBackend {
        /// The stack that refers.
        consumer: String,
        /// The stack that is referred to.
        producer: String,
    },
    /// A stack with targets refers to another stack.
    #[error("stack `{consumer}` refers to `{producer}`, but each target has a state of its own")]
    ReferenceOfTargets {
        /// The stack that refers.
        consumer: String,
        /// The stack that is referred to.
        producer: String,
    },
    /// The accounts of the targets are not known.
    #[error("the accounts of `organizationalUnits` are not known before the deployment")]
    TargetsOfUnits,
    /// The root modules of a stack would have one state.
    #[error("the backend `{kind}` would store the states of all targets in one place")]
    StateOfTargets {
        /// The type of the backend.
        kind: String,
        /// The argument that tells states from each other, if there is one.
        key: Option<&'static str>,
    },
    /// A reference to an attribute that the Terraform resource does not have.
    #[error("`{path}` has no {attribute} in Terraform")]
    NoAttribute {
        /// The resource.
        path: String,
        /// The attribute.
        attribute: &'static str,
    },
    /// A property that Terraform requires is missing.
    #[error("`{property}` is missing, and Terraform requires it")]
    ArgumentMissing {
        /// The property of the construct.
        property: &'static str,
    },
    /// More or fewer items than the schema of the provider allows.
    #[error("{count} {what}, hashicorp/aws takes {least} to {most}")]
    ProviderBound {
        /// The name of the items.
        what: &'static str,
        /// The actual number.
        count: usize,
        /// The minimum.
        least: usize,
        /// The maximum.
        most: usize,
    },
    /// A repository prefix that ECR accepts and the provider rejects.
    #[error("hashicorp/aws does not take the repository prefix `{prefix}`")]
    ProviderPrefix {
        /// The prefix.
        prefix: String,
    },
    /// A provider argument that ecrane sets from a property of the stack.
    #[error("provider argument `{argument}` is set from the stack's `{property}`")]
    ProviderArgumentTaken {
        /// The argument.
        argument: &'static str,
        /// The property of the stack.
        property: &'static str,
    },
}

impl Explain for TerraformError {
    fn code(&self) -> &'static str {
        match self {
            Self::AddressTaken { .. } => "terraform::address_taken",
            Self::NameInvalid { .. } => "terraform::name_invalid",
            Self::PinInvalid { .. } => "terraform::name_pin_invalid",
            Self::StackIdUnfit { .. } => "terraform::stack_id_unfit",
            Self::FeatureAbovePin { .. } => "terraform::feature_above_pin",
            Self::BlockAbovePin { .. } => "terraform::block_above_pin",
            Self::AddressTakenOver { .. } => "terraform::address_taken_over",
            Self::RetainedReplaced { .. } => "terraform::retained_replaced",
            Self::InstanceLeft { .. } => "terraform::instance_left",
            Self::NoBackend { .. } => "terraform::no_backend",
            Self::ReferenceOfTargets { .. } => "terraform::reference_of_targets",
            Self::TargetsOfUnits => "terraform::targets_of_units",
            Self::StateOfTargets { .. } => "terraform::state_of_targets",
            Self::NoAttribute { .. } => "terraform::no_attribute",
            Self::ArgumentMissing { .. } => "terraform::argument_missing",
            Self::ProviderBound { .. } => "terraform::provider_bound",
            Self::ProviderPrefix { .. } => "terraform::provider_prefix",
            Self::ProviderArgumentTaken { .. } => "terraform::provider_argument_taken",
        }
    }

    fn help(&self) -> Option<String> {
        Some(match self {
            Self::AddressTaken { .. } => {
                "change one of the construct IDs, or set `terraformName`".to_owned()
            }
            Self::NameInvalid { .. } => {
                "use a construct ID that begins with a letter"
                    .to_owned()
            }
            Self::PinInvalid { .. } => {
                "use a letter or `_`, followed by letters, digits, `_` and `-`"
                    .to_owned()
            }
            Self::StackIdUnfit { .. } => {
                "use an ID without white space and without any of `/ \\ * ? [ ] { } !`".to_owned()
            }
            Self::FeatureAbovePin { needed, .. } => {
                format!("set `awsProvider` to `>= {needed}`, or remove the feature")
            }
            Self::BlockAbovePin { needed, .. } => {
                format!("set `requiredVersion` to `>= {needed}`")
            }
            Self::AddressTakenOver { .. } => {
                "Terraform cannot swap addresses: change one `terraformName`, synthesize and apply, \
                 then change the other"
                    .to_owned()
            }
            Self::RetainedReplaced { .. } => RETAINED_REPLACED.to_owned(),
            Self::InstanceLeft { .. } => {
                "set another `terraformName` on the declared resource: a `removed` block cannot name one instance, so Terraform would destroy it"
                    .to_owned()
            }
            Self::NoBackend { producer, .. } => {
                format!(
                    "configure a backend with shared state, such as s3, for `{producer}`"
                )
            }
            Self::ReferenceOfTargets { .. } => {
                "declare both in one stack, without `shards`: Terraform has no limit on resources"
                    .to_owned()
            }
            Self::TargetsOfUnits => {
                "list `accounts`, or use the CloudFormation backend".to_owned()
            }
            Self::StateOfTargets { key: Some(key), .. } => {
                format!("set `{key}`, to which the account and the region are appended")
            }
            Self::StateOfTargets { key: None, .. } => {
                "use a backend such as s3, to whose `key` the account and the region are appended"
                    .to_owned()
            }
            Self::NoAttribute { .. } => return None,
            Self::ArgumentMissing { property } => format!("set `{property}`"),
            Self::ProviderBound { least, most, .. } => format!(
                "use {least} to {most}, or the CloudFormation backend: the provider refuses the plan"
            ),
            Self::ProviderPrefix { .. } => {
                "use single `.`, `_`, `-` or `/` between letters and digits, or the CloudFormation backend"
                    .to_owned()
            }
            Self::ProviderArgumentTaken { property, .. } => {
                format!("remove the argument or the stack's `{property}`")
            }
        })
    }
}

/// How to rename a retained resource.
const RETAINED_REPLACED: &str = "set another `terraformName` on the construct: the retained resource is then kept, as in CloudFormation";

/// Warnings about properties without effect in Terraform, and about plans that may fail.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum TerraformWarning {
    /// A property without a Terraform equivalent.
    #[error("`{property}` has no equivalent in Terraform and is ignored")]
    NoCounterpart {
        /// The property.
        property: &'static str,
    },
    /// Properties that only CloudFormation gets.
    #[error("Terraform does not get what `{path}` has under `cloudformation`: {}", .properties.join(", "))]
    CloudFormationOnly {
        /// The construct path.
        path: String,
        /// The properties.
        properties: Vec<String>,
    },
    /// A version constraint that allows only provider versions older than the tested ones.
    #[error("`{pin}` does not allow hashicorp/aws {tested}, the oldest tested version, or later")]
    ProviderUntested {
        /// The version constraint.
        pin: String,
        /// The oldest tested version.
        tested: Version,
    },
    /// Two stacks have the same state location.
    #[error("this stack has the same state location as `{first}`")]
    StateShared {
        /// The first stack.
        first: String,
    },
    /// There is neither a ledger nor an earlier output.
    #[error("the Terraform addresses that earlier runs wrote are unknown")]
    EarlierAddressesUnknown,
    /// A resource has an address that another resource moved away from.
    #[error("`{address}` was moved to `{to}` earlier, and is now the address of another resource")]
    AddressReused {
        /// The address.
        address: Address,
        /// Where it moved.
        to: Address,
    },
    /// A resource has the address of a retained one, so that Terraform will reject the plan.
    #[error(
        "`{address}` was the retained `{from}` and is now `{to}`, so Terraform rejects the plan"
    )]
    RetainedReplaced {
        /// The address.
        address: Address,
        /// The name of the resource that is retained.
        from: String,
        /// The name of the other.
        to: String,
    },
    /// A name for a part of a construct that has no such Terraform resource.
    #[error("`{path}` has no Terraform resource for this name")]
    NoPart {
        /// The construct.
        path: String,
    },
    /// Arguments of the `aws` provider that the `awscc` provider does not get.
    #[error("the `provider` arguments apply to hashicorp/aws, not to hashicorp/awscc")]
    ProviderArgumentsUnshared,
}

impl Explain for TerraformWarning {
    fn code(&self) -> &'static str {
        match self {
            Self::NoCounterpart { .. } => "terraform::no_counterpart",
            Self::CloudFormationOnly { .. } => "terraform::cloudformation_only",
            Self::ProviderUntested { .. } => "terraform::provider_untested",
            Self::StateShared { .. } => "terraform::state_shared",
            Self::EarlierAddressesUnknown => "terraform::earlier_addresses_unknown",
            Self::AddressReused { .. } => "terraform::address_reused",
            Self::RetainedReplaced { .. } => "terraform::retained_replaced",
            Self::NoPart { .. } => "terraform::no_part",
            Self::ProviderArgumentsUnshared => "terraform::provider_arguments_unshared",
        }
    }

    fn help(&self) -> Option<String> {
        match self {
            Self::NoCounterpart { property } => match *property {
                "exportName" => {
                    Some("other modules read an output through `terraform_remote_state`".to_owned())
                }
                "terminationProtection" => {
                    Some("`removalPolicy: retain` protects a single resource".to_owned())
                }
                _ => None,
            },
            Self::CloudFormationOnly { .. } => Some(
                "write the arguments under `terraform`, as well: the module has another resource without them. If it exists already, the plan changes it, or replaces it and loses the images"
                    .to_owned(),
            ),
            Self::ProviderUntested { .. } => None,
            Self::StateShared { .. } => Some(
                "each stack would destroy the resources of the other: set a `terraform.backend` with a different key for every stack, or pass one to `terraform init`"
                    .to_owned(),
            ),
            Self::EarlierAddressesUnknown => Some(
                "if this config was deployed before, pass its states with `--from-state`; otherwise Terraform destroys retained resources that were removed from the config. Commit the address ledger that `synth` writes beside the config"
                    .to_owned(),
            ),
            Self::AddressReused { .. } => Some(
                "apply the earlier output to every state first; Terraform would otherwise treat the earlier resource as the new one"
                    .to_owned(),
            ),
            Self::RetainedReplaced { .. } => Some(RETAINED_REPLACED.to_owned()),
            Self::NoPart { .. } => Some(
                "remove the name: without lifecycle rules there is no lifecycle policy, and without statements and grants no repository policy"
                    .to_owned(),
            ),
            Self::ProviderArgumentsUnshared => {
                Some("configure hashicorp/awscc through environment variables".to_owned())
            }
        }
    }
}
