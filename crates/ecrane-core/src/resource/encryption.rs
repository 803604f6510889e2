//! Encryption of repositories and repository creation templates.

use crate::value::Value;

/// The encryption configuration of a repository.
#[derive(Debug, Clone, PartialEq)]
pub enum Encryption {
    /// `AES256`: with keys managed by Amazon S3.
    Aes256,
    /// `KMS`: with the KMS key of this ARN, or with the AWS managed key `aws/ecr` if omitted.
    Kms(Option<Value>),
    /// `KMS_DSSE`: two layers of encryption with a KMS key.
    KmsDsse(Option<Value>),
}

impl Encryption {
    /// Returns the ARN of the KMS key, if specified.
    pub fn key(&self) -> Option<&Value> {
        match self {
            Self::Aes256 => None,
            Self::Kms(key) | Self::KmsDsse(key) => key.as_ref(),
        }
    }
}
