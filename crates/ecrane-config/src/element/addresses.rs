//! Pinned addresses of constructs, and overrides of their rendered resources.

use ecrane_core::Addresses;
use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Deserialize;

/// Overrides for a construct's main resource in the CloudFormation template.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct CloudformationOverrides {
    /// Properties by their CloudFormation names. Objects merge key by key; any other value replaces
    /// the rendered one, as does an intrinsic function (`Ref`, `Fn::Sub` …). ecrane does not check
    /// them.
    #[schemars(extend("examples" = [{ "RepositoryName": "shop/app" }]))]
    pub properties: IndexMap<String, serde_json::Value>,
}

/// Overrides for a construct's main resource in the Terraform module: arguments by their Terraform
/// names.
pub type TerraformOverrides = IndexMap<String, serde_json::Value>;

/// The keys of an element that pin its addresses and override its rendered resource.
pub(crate) struct AddressKeys<'e> {
    pub(crate) terraform_name: Option<&'e String>,
    pub(crate) logical_id: Option<&'e String>,
    pub(crate) cloudformation: Option<&'e CloudformationOverrides>,
    pub(crate) terraform: &'e TerraformOverrides,
}

impl AddressKeys<'_> {
    /// The same settings, by backend.
    pub(crate) fn addresses(&self) -> Addresses {
        let mut addresses = Addresses::default();
        if let Some(name) = self.terraform_name {
            addresses.pin("terraform", name);
        }
        if let Some(id) = self.logical_id {
            addresses.pin("cloudformation", id);
        }
        if let Some(overrides) = self.cloudformation {
            addresses.lay_over("cloudformation", overrides.properties.clone());
        }
        if !self.terraform.is_empty() {
            addresses.lay_over("terraform", self.terraform.clone());
        }
        addresses
    }

    /// Each key, and whether it is set.
    pub(crate) fn given(&self) -> [(&'static str, bool); 4] {
        [
            ("terraformName", self.terraform_name.is_some()),
            ("logicalId", self.logical_id.is_some()),
            ("cloudformation", self.cloudformation.is_some()),
            ("terraform", !self.terraform.is_empty()),
        ]
    }
}

/// Pins the parts of a construct in Terraform, by the IDs of the parts.
pub(crate) fn pin_parts<const N: usize>(
    addresses: &mut Addresses,
    names: [(&'static str, Option<&String>); N],
) {
    for (part, name) in names {
        if let Some(name) = name {
            addresses.pin_part("terraform", part, name);
        }
    }
}

/// Declares an element with the keys that pin its addresses and override its rendered resource.
/// Each key has an example.
macro_rules! addressed {
    (
        $(#[$meta:meta])*
        pub struct $name:ident { $($fields:tt)* }
        examples: $terraform_name:expr, $logical_id:expr, $($overrides:tt)*
    ) => {
        addressed! {
            @declare [$(#[$meta])*] $name [$($fields)*] $terraform_name, $logical_id, $($overrides)*
        }
    };
    (
        @declare [$(#[$meta:meta])*] $name:ident [$($fields:tt)*]
        $terraform_name:expr, $logical_id:expr, $cloudformation:tt, $terraform:tt
    ) => {
        $(#[$meta])*
        pub struct $name {
            $($fields)*
            /// The resource name in the Terraform address. Default: derived from the construct ID.
            #[schemars(extend("examples" = [$terraform_name]))]
            pub terraform_name: Option<String>,
            /// The CloudFormation logical ID. Default: derived from the construct ID, as in the AWS
            /// CDK.
            #[schemars(extend("examples" = [$logical_id]))]
            pub logical_id: Option<String>,
            /// CloudFormation properties to merge over the rendered resource, for properties that
            /// ecrane does not support yet.
            #[schemars(extend("examples" = [$cloudformation]))]
            pub cloudformation: Option<$crate::element::addresses::CloudformationOverrides>,
            /// Terraform arguments to merge over the rendered resource, for arguments that ecrane
            /// does not support yet. Objects merge key by key; any other value replaces the
            /// rendered one. Strings are literal: `${` is escaped.
            #[serde(default)]
            #[schemars(extend("examples" = [$terraform]))]
            pub terraform: $crate::element::addresses::TerraformOverrides,
        }

        impl $name {
            /// The keys that pin the element's addresses and override its rendered resource.
            pub(crate) fn address_keys(&self) -> $crate::element::addresses::AddressKeys<'_> {
                $crate::element::addresses::AddressKeys {
                    terraform_name: self.terraform_name.as_ref(),
                    logical_id: self.logical_id.as_ref(),
                    cloudformation: self.cloudformation.as_ref(),
                    terraform: &self.terraform,
                }
            }
        }
    };
}
pub(super) use addressed;
