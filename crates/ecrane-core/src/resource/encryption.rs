//! Encryption of repositories and repository creation templates.

use ecrane_document::Place;

use crate::bounds::{self, Findings, Shared};
use crate::names::{Arn, Environment};
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
    /// Reports a key of another region: ECR API reference, `EncryptionConfiguration`, `kmsKey`, "the
    /// key must exist in the same Region as the repository".
    pub(super) fn check(&self, place: &Place, env: &Environment, findings: &mut Findings) {
        let literal = self.key().and_then(Value::as_literal);
        if let Some(arn) = literal.and_then(|text| Arn::try_from(text).ok()) {
            let place = place.key("encryptionKey");
            bounds::arn_of_env("KMS key", &arn, Shared::Region, env, &place, findings);
        }
    }

    /// Returns the ARN of the KMS key, if specified.
    pub fn key(&self) -> Option<&Value> {
        match self {
            Self::Aes256 => None,
            Self::Kms(key) | Self::KmsDsse(key) => key.as_ref(),
        }
    }
}
