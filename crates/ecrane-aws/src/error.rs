//! Why an account cannot be read.

use ecrane_core::Explain;
use thiserror::Error;

use crate::operation::Operation;

/// Why an account, or a part of it, cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum AwsError {
    /// Neither an argument, nor the environment, nor a profile names a region.
    #[error("no AWS region is configured")]
    NoRegion,
    /// The SDK finds no credentials, or cannot use those that it finds.
    #[error("found no AWS credentials{}: {reason}", in_profile(.profile.as_deref()))]
    NoCredentials {
        /// The profile that is named.
        profile: Option<String>,
        /// The errors of the SDK.
        reason: String,
    },
    /// AWS does not know the credentials, or they have expired.
    #[error("AWS rejects the credentials: {message} ({code})")]
    CredentialsRefused {
        /// AWS's error code.
        code: String,
        /// AWS's message.
        message: String,
    },
    /// An IAM policy does not allow a call, or denies it.
    #[error("access denied for `{operation}` in `{region}`: {message}")]
    Denied {
        /// The call.
        operation: Operation,
        /// The region of the call.
        region: String,
        /// AWS's message.
        message: String,
    },
    /// The region does not have the operation, so there is nothing that it could read.
    #[error("`{operation}` is not available in `{region}`: {message}")]
    Unavailable {
        /// The call.
        operation: Operation,
        /// The region of the call.
        region: String,
        /// AWS's message.
        message: String,
    },
    /// The repository does not exist.
    #[error("there is no repository `{repository}` in `{region}`")]
    NoRepository {
        /// The name.
        repository: String,
        /// The region.
        region: String,
    },
    /// AWS still limits the rate of calls after all retries.
    #[error("AWS limits the rate of `{operation}` in `{region}`: {message}")]
    Throttled {
        /// The call.
        operation: Operation,
        /// The region of the call.
        region: String,
        /// AWS's message.
        message: String,
    },
    /// There is no answer.
    #[error("could not reach {endpoint}: {reason}")]
    Unreachable {
        /// The URL, or the service and the region.
        endpoint: String,
        /// The errors of the SDK.
        reason: String,
    },
    /// The operating system does not give what an asynchronous runtime needs.
    #[error("could not start the AWS SDK: {reason}")]
    NoRuntime {
        /// The error of the operating system.
        reason: String,
    },
    /// The call failed for another reason.
    #[error("`{operation}` failed in `{region}`: {message}")]
    Failed {
        /// The call.
        operation: Operation,
        /// The region of the call.
        region: String,
        /// AWS's error code and message, or the errors of the SDK.
        message: String,
    },
}

fn in_profile(profile: Option<&str>) -> String {
    profile.map(|it| format!(" in the profile `{it}`")).unwrap_or_default()
}

impl AwsError {
    /// The call that is not allowed, and its region. Other calls can still succeed.
    pub fn denied(&self) -> Option<(Operation, &str)> {
        if let Self::Denied { operation, region, .. } = self {
            return Some((*operation, region));
        }
        None
    }

    /// The call that the region does not have, and the region. Other calls can still succeed.
    pub fn unavailable(&self) -> Option<(Operation, &str)> {
        if let Self::Unavailable { operation, region, .. } = self {
            return Some((*operation, region));
        }
        None
    }
}

impl Explain for AwsError {
    fn code(&self) -> &'static str {
        match self {
            Self::NoRegion => "aws::no_region",
            Self::NoCredentials { .. } => "aws::no_credentials",
            Self::CredentialsRefused { .. } => "aws::credentials_rejected",
            Self::Denied { .. } => "aws::access_denied",
            Self::Unavailable { .. } => "aws::operation_unavailable",
            Self::NoRepository { .. } => "aws::no_repository",
            Self::Throttled { .. } => "aws::throttled",
            Self::Unreachable { .. } => "aws::unreachable",
            Self::NoRuntime { .. } => "aws::no_runtime",
            Self::Failed { .. } => "aws::failed",
        }
    }

    fn help(&self) -> Option<String> {
        Some(match self {
            Self::NoRegion => {
                "write `--region eu-west-1`, set `AWS_REGION`, or name a profile with a region"
                    .to_owned()
            }
            Self::NoCredentials { .. } => {
                "log in as for the AWS CLI (`aws configure`, `aws sso login`), or name a profile with `--profile`; `aws sts get-caller-identity` shows whether there are credentials"
                    .to_owned()
            }
            Self::CredentialsRefused { .. } => {
                "log in again (`aws sso login`), or renew the keys; `aws sts get-caller-identity` shows whether AWS accepts them"
                    .to_owned()
            }
            Self::Denied { operation, .. } => format!(
                "allow `\"Action\": \"{operation}\"` to the principal, in its policies and in the service control policies of its account"
            ),
            Self::Unavailable { .. } => {
                "nothing to do: what the operation would describe does not exist there".to_owned()
            }
            Self::NoRepository { .. } => {
                "check the name, the region and the account: `aws ecr describe-repositories` lists the repositories".to_owned()
            }
            Self::Throttled { .. } => {
                "run it again later, or with more attempts for each call: `AWS_MAX_ATTEMPTS=10`".to_owned()
            }
            Self::Unreachable { .. } => {
                "check the region, the network and its proxy (`HTTPS_PROXY`), and `AWS_ENDPOINT_URL` if it is set".to_owned()
            }
            Self::NoRuntime { .. } | Self::Failed { .. } => return None,
        })
    }
}
