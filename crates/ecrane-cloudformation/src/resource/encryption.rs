//! The encryption of repositories and creation templates.

use ecrane_core::{Encryption, Value};
use serde::Serialize;

use crate::scope::{In, Scope};

/// The encryption of a repository or of a creation template.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct EncryptionConfiguration<'g> {
    encryption_type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    kms_key: Option<In<'g, &'g Value>>,
}

impl<'g> EncryptionConfiguration<'g> {
    pub(crate) fn new(scope: Scope<'g>, encryption: &'g Encryption) -> Self {
        let (encryption_type, key) = match encryption {
            Encryption::Aes256 => ("AES256", None),
            Encryption::Kms(key) => ("KMS", key.as_ref()),
            Encryption::KmsDsse(key) => ("KMS_DSSE", key.as_ref()),
        };
        Self { encryption_type, kms_key: key.map(|key| scope.value(key)) }
    }
}
