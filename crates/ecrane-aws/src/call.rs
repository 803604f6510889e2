//! One call: its answer as AWS wrote it, or why there is none.

use std::error::Error;
use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};

use aws_sdk_ecr::config::interceptors::AfterDeserializationInterceptorContextRef;
use aws_sdk_ecr::config::{ConfigBag, Intercept, RuntimeComponents};
use aws_sdk_ecr::error::{BoxError, ProvideErrorMetadata, SdkError};
use serde_json::{Map, Value};

use crate::error::AwsError;
use crate::operation::{GET_ACCOUNT_SETTING, NOT_EVERYWHERE, Operation};

/// An answer as AWS wrote it, or `None` if what was asked for does not exist.
pub(crate) type Answer = Result<Option<Map<String, Value>>, AwsError>;

/// Keeps the body of a response. The AWS CLI prints the same fields, and a field that the SDK does not
/// know yet is in it, too.
#[derive(Debug, Clone, Default)]
pub(crate) struct Body(Arc<Mutex<Vec<u8>>>);

impl Intercept for Body {
    fn name(&self) -> &'static str {
        "Body"
    }

    fn read_after_deserialization(
        &self,
        context: &AfterDeserializationInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let body = context.response().body().bytes().unwrap_or_default();
        body.clone_into(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner));
        Ok(())
    }
}

/// Where a call goes.
#[derive(Debug, Clone)]
pub(crate) struct Target {
    pub(crate) region: String,
    pub(crate) endpoint: String,
}

impl Target {
    /// Makes a call, and returns the body that it leaves.
    pub(crate) async fn call<T, E, R>(
        &self,
        operation: Operation,
        repository: Option<&str>,
        body: Body,
        sent: impl Future<Output = Result<T, SdkError<E, R>>>,
    ) -> Answer
    where
        E: ProvideErrorMetadata + Error + 'static,
        R: std::fmt::Debug,
    {
        if let Err(error) = sent.await {
            return self.refusal(operation, repository, &error);
        }
        let body = body.0.lock().unwrap_or_else(PoisonError::into_inner);
        match serde_json::from_slice(&body) {
            Ok(answer) => Ok(Some(answer)),
            Err(error) => Err(self.failed(operation, error.to_string())),
        }
    }

    fn failed(&self, operation: Operation, message: String) -> AwsError {
        AwsError::Failed { operation, region: self.region.clone(), message }
    }

    fn refusal<E, R>(
        &self,
        operation: Operation,
        repository: Option<&str>,
        error: &SdkError<E, R>,
    ) -> Answer
    where
        E: ProvideErrorMetadata + Error + 'static,
        R: std::fmt::Debug,
    {
        let region = || self.region.clone();
        let Some(code) = error.code() else {
            let is_unanswered =
                matches!(error, SdkError::TimeoutError(_) | SdkError::DispatchFailure(_));
            return Err(if is_unanswered {
                AwsError::Unreachable { endpoint: self.endpoint.clone(), reason: causes(error) }
            } else {
                self.failed(operation, causes(error))
            });
        };
        let message = error.message().unwrap_or("no message").to_owned();
        Err(match code {
            // What a repository or registry need not have.
            "LifecyclePolicyNotFoundException"
            | "RepositoryPolicyNotFoundException"
            | "RegistryPolicyNotFoundException"
            | "SigningConfigurationNotFoundException"
            | "RepositoryCatalogDataNotFoundException" => return Ok(None),
            "RepositoryNotFoundException" => AwsError::NoRepository {
                repository: repository.unwrap_or_default().to_owned(),
                region: region(),
            },
            "AccessDeniedException"
            | "AccessDenied"
            | "NotAuthorized"
            | "UnauthorizedOperation" => AwsError::Denied { operation, region: region(), message },
            "ThrottlingException"
            | "Throttling"
            | "TooManyRequestsException"
            | "RequestLimitExceeded"
            | "RequestThrottled"
            | "SlowDown" => AwsError::Throttled { operation, region: region(), message },
            "UnrecognizedClientException"
            | "InvalidClientTokenId"
            | "InvalidSignatureException"
            | "SignatureDoesNotMatch"
            | "IncompleteSignatureException"
            | "MissingAuthenticationTokenException"
            | "ExpiredTokenException"
            | "ExpiredToken"
            | "RequestExpired"
            | "AuthFailure" => AwsError::CredentialsRefused { code: code.to_owned(), message },
            _ if is_unavailable(operation, code) => {
                AwsError::Unavailable { operation, region: region(), message }
            }
            _ => self.failed(operation, format!("{message} ({code})")),
        })
    }
}

/// Whether a region does not have an operation.
fn is_unavailable(operation: Operation, code: &str) -> bool {
    let is_unknown = matches!(
        code,
        "UnknownOperationException"
            | "UnsupportedOperationException"
            | "UnsupportedCommandException"
            | "InvalidAction"
    );
    // A setting that the region does not know is an invalid argument.
    let is_setting = operation == GET_ACCOUNT_SETTING
        && matches!(code, "InvalidParameterException" | "ValidationException");
    NOT_EVERYWHERE.contains(&operation) && (is_unknown || is_setting)
}

/// An error and its causes, in one line.
pub(crate) fn causes(error: &dyn Error) -> String {
    let mut parts = vec![error.to_string()];
    let mut next = error.source();
    while let Some(cause) = next {
        let text = cause.to_string();
        // A cause is often a part of what it causes.
        if !parts.iter().any(|part| part.contains(&text)) {
            parts.push(text);
        }
        next = cause.source();
    }
    parts.join(": ")
}

/// All pages of a list, as one. Calls a function with the token of each page.
pub(crate) async fn pages<F: Future<Output = Answer>>(
    list: &str,
    page: impl Fn(Option<String>) -> F,
) -> Answer {
    let Some(mut all) = page(None).await? else { return Ok(None) };
    while let Some(token) = all.shift_remove("nextToken").filter(Value::is_string) {
        let token = token.as_str().map(str::to_owned);
        let Some(mut next) = page(token).await? else { break };
        if let (Some(Value::Array(all)), Some(Value::Array(more))) =
            (all.get_mut(list), next.get_mut(list))
        {
            all.append(more);
        }
        if let Some(token) = next.shift_remove("nextToken") {
            all.insert("nextToken".to_owned(), token);
        }
    }
    Ok(Some(all))
}
