//! What Terraform lacks, and what stands in the way of a module.

use ecrane_core::Explain;
use thiserror::Error;

use crate::ledger::Address;
use crate::version::Version;

/// Why a graph cannot be rendered to Terraform.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum TerraformError {
    /// Two constructs come to the same address.
    #[error("`{first}` and `{second}` both come to the address `{address}`")]
    AddressTaken {
        /// The address.
        address: String,
        /// The construct that has it.
        first: String,
        /// The construct that would have it too.
        second: String,
    },
    /// A construct's address is not a name that Terraform takes.
    #[error("`{path}` comes to `{name}`, which Terraform does not take as a name")]
    NameInvalid {
        /// The construct.
        path: String,
        /// What it comes to.
        name: String,
    },
    /// A name that is given, and is none that Terraform takes.
    #[error("Terraform does not take `{name}` as a name")]
    PinInvalid {
        /// What is given.
        name: String,
    },
    /// A stack's id cannot be the name of a folder.
    #[error("stack id `{id}` cannot name a folder of the cdktf layout")]
    StackIdUnfit {
        /// The stack's id.
        id: String,
    },
    /// The pinned provider lacks what a construct uses.
    #[error("{feature} needs version {needed} of hashicorp/aws, where `{pin}` allows none")]
    FeatureAbovePin {
        /// What it uses.
        feature: &'static str,
        /// The first version that has it.
        needed: Version,
        /// The pin.
        pin: String,
    },
    /// Terraform is pinned to versions without a block that earlier addresses need.
    #[error("a `{block}` block needs version {needed} of Terraform, where `{pin}` allows none")]
    BlockAbovePin {
        /// The block.
        block: &'static str,
        /// The first version that has it.
        needed: Version,
        /// The pin.
        pin: String,
    },
    /// Two constructs move at once, the one to the address that the other leaves.
    #[error("`{address}` was the address of `{from}`, which moves to `{to}` in the same run")]
    AddressTakenOver {
        /// The address.
        address: Address,
        /// The construct that had it.
        from: String,
        /// Where that is now.
        to: Address,
    },
    /// A retained resource would be destroyed for another one at its address.
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
    /// A stack refers to one whose state it cannot read.
    #[error("stack `{consumer}` refers to `{producer}`, whose state it cannot read")]
    NoBackend {
        /// The stack that refers.
        consumer: String,
        /// The stack that is referred to.
        producer: String,
    },
    /// An attribute that a Terraform resource does not have.
    #[error("`{path}` has no {attribute} in Terraform")]
    NoAttribute {
        /// The resource.
        path: String,
        /// The attribute.
        attribute: &'static str,
    },
    /// An argument that Terraform requires is not given.
    #[error("`{property}` is not given, which Terraform requires")]
    ArgumentMissing {
        /// The property of the construct.
        property: &'static str,
    },
    /// An argument of the provider that follows from the stack is given again.
    #[error("provider argument `{argument}` is given, and follows from the stack's `{property}`")]
    ProviderArgumentTaken {
        /// The argument.
        argument: &'static str,
        /// Where it comes from.
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
            Self::NoBackend { .. } => "terraform::no_backend",
            Self::NoAttribute { .. } => "terraform::no_attribute",
            Self::ArgumentMissing { .. } => "terraform::argument_missing",
            Self::ProviderArgumentTaken { .. } => "terraform::provider_argument_taken",
        }
    }

    fn help(&self) -> Option<String> {
        Some(match self {
            Self::AddressTaken { .. } => {
                "rename one of the two, or give it a `terraformName`".to_owned()
            }
            Self::NameInvalid { .. } => {
                "a name begins with a letter or `_`; begin the construct's id with a letter"
                    .to_owned()
            }
            Self::PinInvalid { .. } => {
                "a name begins with a letter or `_`, and goes on with letters, digits, `_` and `-`"
                    .to_owned()
            }
            Self::StackIdUnfit { .. } => {
                "use an id without white space and without any of `/ \\ * ? [ ] { } !`".to_owned()
            }
            Self::FeatureAbovePin { needed, .. } => {
                format!("pin the aws provider to `>= {needed}`, or do without")
            }
            Self::BlockAbovePin { needed, .. } => {
                format!("let `requiredVersion` allow `>= {needed}`")
            }
            Self::AddressTakenOver { .. } => {
                "Terraform cannot swap addresses: change one `terraformName`, synthesize and apply, \
                 then change the other"
                    .to_owned()
            }
            Self::RetainedReplaced { .. } => RETAINED_REPLACED.to_owned(),
            Self::NoBackend { producer, .. } => {
                format!(
                    "give `{producer}` a backend, such as s3, that keeps its state in one place"
                )
            }
            Self::NoAttribute { .. } => return None,
            Self::ArgumentMissing { property } => format!("give `{property}`"),
            Self::ProviderArgumentTaken { property, .. } => {
                format!("drop the argument, or the stack's `{property}`")
            }
        })
    }
}

/// How a retained resource gets another name.
const RETAINED_REPLACED: &str = "give the construct another `terraformName`: the retained resource is then kept, as in CloudFormation";

/// What is rendered, and has no counterpart in Terraform.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum TerraformWarning {
    /// A property without counterpart.
    #[error("`{property}` has no counterpart in Terraform")]
    NoCounterpart {
        /// The property.
        property: &'static str,
    },
    /// A provider that is older than any the modules are tested with.
    #[error("`{pin}` allows no version of hashicorp/aws from {tested}, the first that is tested")]
    ProviderUntested {
        /// The pin.
        pin: String,
        /// The first version that is tested.
        tested: Version,
    },
    /// Two stacks would keep their state in one place.
    #[error("this stack keeps its state where `{first}` keeps it")]
    StateShared {
        /// The stack that came first.
        first: String,
    },
    /// Nothing is known about what earlier runs wrote.
    #[error("the Terraform addresses that earlier runs wrote are unknown")]
    EarlierAddressesUnknown,
    /// Another resource is declared at an address that something has moved away from.
    #[error("`{address}` moved to `{to}` before, and is now the address of another resource")]
    AddressReused {
        /// The address.
        address: Address,
        /// Where it moved.
        to: Address,
    },
    /// Terraform will refuse to put another resource at the address of a retained one.
    #[error("`{address}` was the retained `{from}` and is now `{to}`, which Terraform refuses")]
    RetainedReplaced {
        /// The address.
        address: Address,
        /// The name of the resource that is retained.
        from: String,
        /// The name of the other.
        to: String,
    },
    /// Arguments of the `aws` provider that a second provider does not get.
    #[error("the `provider` arguments go to hashicorp/aws, not to hashicorp/awscc")]
    ProviderArgumentsUnshared,
}

impl Explain for TerraformWarning {
    fn code(&self) -> &'static str {
        match self {
            Self::NoCounterpart { .. } => "terraform::no_counterpart",
            Self::ProviderUntested { .. } => "terraform::provider_untested",
            Self::StateShared { .. } => "terraform::state_shared",
            Self::EarlierAddressesUnknown => "terraform::earlier_addresses_unknown",
            Self::AddressReused { .. } => "terraform::address_reused",
            Self::RetainedReplaced { .. } => "terraform::retained_replaced",
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
            Self::ProviderUntested { .. } => None,
            Self::StateShared { .. } => Some(
                "each would destroy what is the other's: give every stack a `terraform.backend` with a key of its own, unless `terraform init` is given one"
                    .to_owned(),
            ),
            Self::EarlierAddressesUnknown => Some(
                "if this config was deployed before, pass its states with `--from-state`: a retained resource that has left the config is destroyed otherwise; commit the address ledger that `synth` writes beside the config"
                    .to_owned(),
            ),
            Self::AddressReused { .. } => Some(
                "apply the earlier output to every state first: one that still holds the earlier resource takes it for the new one"
                    .to_owned(),
            ),
            Self::RetainedReplaced { .. } => Some(RETAINED_REPLACED.to_owned()),
            Self::ProviderArgumentsUnshared => {
                Some("awscc takes its credentials from the environment".to_owned())
            }
        }
    }
}
