//! Encryption of repositories and of creation templates.

use crate::value::Value;

/// How the images of a repository are encrypted.
#[derive(Debug, Clone, PartialEq)]
pub enum Encryption {
    /// With a key of Amazon S3.
    Aes256,
    /// With a KMS key: the one given by its ARN, or else the account's `aws/ecr`.
    Kms(Option<Value>),
    /// Twice, with a KMS key.
    KmsDsse(Option<Value>),
}

impl Encryption {
    /// The key that is named, by its ARN.
    pub fn key(&self) -> Option<&Value> {
        match self {
            Self::Aes256 => None,
            Self::Kms(key) | Self::KmsDsse(key) => key.as_ref(),
        }
    }
}
