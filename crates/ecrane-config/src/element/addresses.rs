//! Pinned addresses, and what is laid over a construct as it is rendered.

use ecrane_core::Addresses;
use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Deserialize;

/// What is laid over a construct's main resource in a template.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct CloudformationOverrides {
    /// Properties, by CloudFormation's names: objects merge key by key, what else stands there is
    /// replaced. Nothing in them is checked.
    #[schemars(extend("examples" = [{ "RepositoryName": "shop/app" }]))]
    pub properties: IndexMap<String, serde_json::Value>,
}

/// Arguments that are laid over a construct's main resource in a module, by Terraform's names.
pub type TerraformOverrides = IndexMap<String, serde_json::Value>;

/// The keys of an element that say what it is called in single targets, and what is laid over it.
pub(crate) struct AddressKeys<'e> {
    pub(crate) terraform_name: Option<&'e String>,
    pub(crate) logical_id: Option<&'e String>,
    pub(crate) cloudformation: Option<&'e CloudformationOverrides>,
    pub(crate) terraform: &'e TerraformOverrides,
}

impl AddressKeys<'_> {
    /// The same by the names of the targets.
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

    /// The keys, and whether each is given.
    pub(crate) fn given(&self) -> [(&'static str, bool); 4] {
        [
            ("terraformName", self.terraform_name.is_some()),
            ("logicalId", self.logical_id.is_some()),
            ("cloudformation", self.cloudformation.is_some()),
            ("terraform", !self.terraform.is_empty()),
        ]
    }
}

/// Declares an element with the keys that say what it is called in single targets, and what is laid
/// over it there; each key has an example.
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
            /// The name in its Terraform address, instead of the one that follows from its id.
            #[schemars(extend("examples" = [$terraform_name]))]
            pub terraform_name: Option<String>,
            /// Its CloudFormation logical id, instead of the one that follows from its id.
            #[schemars(extend("examples" = [$logical_id]))]
            pub logical_id: Option<String>,
            /// Properties that are laid over it in a template, for what has no key here.
            #[schemars(extend("examples" = [$cloudformation]))]
            pub cloudformation: Option<$crate::element::addresses::CloudformationOverrides>,
            /// Arguments that are laid over it in a Terraform module, for what has no key here:
            /// objects merge key by key, what else stands there is replaced, texts are literal.
            #[serde(default)]
            #[schemars(extend("examples" = [$terraform]))]
            pub terraform: $crate::element::addresses::TerraformOverrides,
        }

        impl $name {
            /// The keys that say what it is called in single targets, and what is laid over it.
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
