//! The backend types of Terraform.
//!
//! Source: Terraform language documentation, "Backend block configuration overview", and
//! `terraform init` with version 1.11.4 on 2026-11-26; `oci` is new in version 1.12. `cargo xtask
//! conformance facts` asks the Terraform that is installed for each.

/// The types.
pub(crate) const KINDS: [&str; 13] = [
    "azurerm",
    "consul",
    "cos",
    "gcs",
    "http",
    "inmem",
    "kubernetes",
    "local",
    "oci",
    "oss",
    "pg",
    "remote",
    "s3",
];
