//! The images of repositories.

use aws_sdk_ecr::types::{DescribeImagesFilter, ImageStatusFilter};
use futures_util::stream::{self, StreamExt as _};
use serde_json::{Map, Value};

use crate::call::{Answer, Body, pages};
use crate::connection::Connection;
use crate::error::AwsError;
use crate::inventory::{AT_ONCE, Progress};
use crate::operation::DESCRIBE_IMAGES;

/// A repository whose images are to be listed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImagesOf {
    /// The name.
    pub repository: String,
    /// The account, if it is another one than that of the credentials.
    pub account: Option<String>,
    /// The region, by default that of the connection.
    pub region: Option<String>,
}

impl Connection {
    /// The images of repositories, with all statuses, as `aws ecr describe-images --filter
    /// imageStatus=ANY` prints them. Image manifests are not read: that would count as a pull, which
    /// lifecycle rules of the type `sinceImagePulled` go by.
    ///
    /// Source: <https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_ImageDetail.html>,
    /// `lastRecordedPullTime`.
    pub fn images(
        &self,
        repositories: &[ImagesOf],
        progress: &Progress<'_>,
    ) -> Vec<Result<Map<String, Value>, AwsError>> {
        let count = repositories.len();
        self.block_on(async {
            let answers = stream::iter(repositories).map(|it| self.of(it)).buffered(AT_ONCE);
            let answers = &mut std::pin::pin!(answers);
            let mut all = Vec::with_capacity(count);
            progress("reading the images", 0, count);
            while let Some(answer) = answers.next().await {
                // If one call cannot be made, none can.
                let is_last = matches!(
                    answer,
                    Err(AwsError::Unreachable { .. } | AwsError::CredentialsRefused { .. })
                );
                all.push(answer.map(Option::unwrap_or_default));
                progress("reading the images", all.len(), count);
                if is_last {
                    break;
                }
            }
            all
        })
    }

    async fn of(&self, of: &ImagesOf) -> Answer {
        let region = of.region.as_deref().unwrap_or(self.region());
        let target = self.target(region);
        let ecr = aws_sdk_ecr::Client::new(&self.config(region));
        let (ecr, target) = (&ecr, &target);
        let filter = DescribeImagesFilter::builder().image_status(ImageStatusFilter::Any).build();
        pages("imageDetails", |token| {
            let body = Body::default();
            let call = ecr
                .describe_images()
                .repository_name(&of.repository)
                .set_registry_id(of.account.clone())
                .filter(filter.clone())
                .max_results(1000)
                .set_next_token(token);
            async move {
                let sent = call.customize().interceptor(body.clone()).send();
                target.call(DESCRIBE_IMAGES, Some(&of.repository), body, sent).await
            }
        })
        .await
    }
}
