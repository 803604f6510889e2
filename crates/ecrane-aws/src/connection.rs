//! A connection to AWS, with the credentials that the AWS CLI would use.

use aws_config::profile::ProfileFileCredentialsProvider;
use aws_config::provider_config::ProviderConfig;
use aws_config::{AppName, BehaviorVersion, Region as SdkRegion, SdkConfig};
use aws_sdk_ecr::config::retry::RetryConfig;
use aws_sdk_ecr::config::{ProvideCredentials as _, SharedCredentialsProvider};
use aws_smithy_http_client::tls::Provider;
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use ecrane_core::Region;
use tokio::runtime::{Builder, Runtime};

use crate::call::{Target, causes};
use crate::error::AwsError;

/// Which credentials to use, and the region.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Settings {
    /// The region, where a call does not name another one. By default that of the environment or of
    /// the profile.
    pub region: Option<Region>,
    /// The profile in the configuration files of the AWS CLI. By default that of `AWS_PROFILE`, or
    /// `default`.
    pub profile: Option<String>,
}

/// A connection to AWS.
///
/// It finds credentials, region and endpoint where the AWS CLI does: environment variables (including
/// `AWS_ENDPOINT_URL`), the shared configuration files, IAM Identity Center, processes, web
/// identities, containers and instances. Only the operations in [`Operation::ALL`] are called, at most
/// 16 at a time, and each is retried as the SDK does in its adaptive mode.
///
/// ```no_run
/// use ecrane_aws::{Connection, Settings};
///
/// let aws = Connection::open(&Settings::default())?;
/// let inventory = aws.inventory(&[], &|step, done, all| eprintln!("{step}: {done} of {all}"))?;
/// println!("{} answers of AWS", inventory.answers.len());
/// # Ok::<(), ecrane_aws::AwsError>(())
/// ```
///
/// [`Operation::ALL`]: crate::Operation::ALL
#[derive(Debug)]
pub struct Connection {
    runtime: Runtime,
    config: SdkConfig,
    region: String,
}

impl Connection {
    /// Finds credentials. Calls nothing of ECR.
    ///
    /// # Errors
    /// Returns an error if there are no credentials or no region.
    pub fn open(settings: &Settings) -> Result<Self, AwsError> {
        let runtime = Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|error| AwsError::NoRuntime { reason: error.to_string() })?;
        let (config, region) = runtime.block_on(configured(settings))?;
        Ok(Self { runtime, config, region })
    }

    pub(crate) fn block_on<F: Future>(&self, future: F) -> F::Output {
        self.runtime.block_on(future)
    }

    /// The region of the settings.
    pub fn region(&self) -> &str {
        &self.region
    }

    pub(crate) fn target(&self, region: &str) -> Target {
        let endpoint = match self.config.endpoint_url() {
            Some(url) => format!("`{url}`"),
            None => format!("Amazon ECR in `{region}`"),
        };
        Target { region: region.to_owned(), endpoint }
    }

    pub(crate) fn config(&self, region: &str) -> SdkConfig {
        self.config.to_builder().region(SdkRegion::new(region.to_owned())).build()
    }
}

async fn configured(settings: &Settings) -> Result<(SdkConfig, String), AwsError> {
    let client = aws_smithy_http_client::Builder::new();
    let client = client.tls_provider(Provider::Rustls(CryptoMode::Ring)).build_https();
    let mut loader = aws_config::defaults(BehaviorVersion::latest()).http_client(client.clone());
    if let Ok(name) = AppName::new("ecrane") {
        loader = loader.app_name(name);
    }
    if let Some(profile) = &settings.profile {
        loader = loader.profile_name(profile);
    }
    if let Some(region) = &settings.region {
        loader = loader.region(SdkRegion::new(region.as_str().to_owned()));
    }
    let mut config = loader.load().await;
    let region = config.region().map(ToString::to_string).filter(|it| !it.is_empty());
    let region = region.ok_or(AwsError::NoRegion)?;
    if let Some(profile) = &settings.profile {
        // As for the AWS CLI, a profile that is named has precedence over keys in the environment.
        let context = ProviderConfig::without_region().with_http_client(client);
        let context = context.with_region(Some(SdkRegion::new(region.clone())));
        let provider = ProfileFileCredentialsProvider::builder().configure(&context);
        let provider = SharedCredentialsProvider::new(provider.profile_name(profile).build());
        config = config.to_builder().credentials_provider(provider).build();
    }
    // Before the first call: without credentials, each call would fail in its own way.
    let provider = config.credentials_provider();
    let no_credentials = |reason: String| {
        let profile = settings.profile.clone();
        AwsError::NoCredentials { profile, reason }
    };
    let provider = provider.ok_or_else(|| no_credentials("there is no provider".to_owned()))?;
    provider.provide_credentials().await.map_err(|error| no_credentials(causes(&error)))?;
    let attempts = config.retry_config().map_or(3, RetryConfig::max_attempts);
    let retries = RetryConfig::adaptive().with_max_attempts(attempts);
    Ok((config.to_builder().retry_config(retries).build(), region))
}
