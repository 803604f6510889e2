//! The block `encryption_configuration` of repositories and creation templates.

use ecrane_core::Encryption;
use serde::Serialize;

use crate::expression::Text;
use crate::scope::Scope;

#[derive(Debug, Serialize)]
pub(super) struct EncryptionConfiguration<'g> {
    encryption_type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    kms_key: Option<Text<'g>>,
}

pub(super) fn encryption_configuration<'g>(
    encryption: &'g Encryption,
    scope: &mut Scope<'g>,
) -> [EncryptionConfiguration<'g>; 1] {
    let (encryption_type, key) = match encryption {
        Encryption::Aes256 => ("AES256", None),
        Encryption::Kms(key) => ("KMS", key.as_ref()),
        Encryption::KmsDsse(key) => ("KMS_DSSE", key.as_ref()),
    };
    let kms_key = key.map(|key| scope.text(key));
    [EncryptionConfiguration { encryption_type, kms_key }]
}
