//! The public registry of an account.

use aws_sdk_ecrpublic::Client;
use serde_json::{Map, Value};

use crate::call::{Answer, Body, Target, pages};
use crate::connection::Connection;
use crate::error::AwsError;
use crate::inventory::{
    AwsAnswer, Denied, Inventory, Progress, about_each, is_fine, list, name_of,
};
use crate::operation::{
    DESCRIBE_PUBLIC_REPOSITORIES, GET_CATALOG_DATA, GET_PUBLIC_POLICY, LIST_PUBLIC_TAGS,
};

/// The region of the API of Amazon ECR Public.
///
/// Source: <https://docs.aws.amazon.com/general/latest/gr/ecr-public.html>
const REGION: &str = "us-east-1";

/// The public registry of an account.
#[derive(Debug)]
pub(crate) struct PublicRegistry {
    public: Client,
    target: Target,
}

impl PublicRegistry {
    pub(crate) fn new(aws: &Connection) -> Self {
        let public = aws_sdk_ecrpublic::Client::new(&aws.config(REGION));
        Self { public, target: aws.target(REGION) }
    }

    /// Adds the answers about the repositories to an inventory.
    pub(crate) async fn read(
        &self,
        denied: &Denied,
        progress: &Progress<'_>,
        inventory: &mut Inventory,
    ) -> Result<(), AwsError> {
        progress("reading the public registry", 0, 0);
        let Some(mut document) = denied.keep(self.describe_repositories().await)? else {
            return Ok(());
        };
        let all: Vec<Value> = list(&document).cloned().collect();
        if all.is_empty() {
            return Ok(());
        }
        let count = all.len();
        let done = |done| progress("reading the public repositories", done, count);
        let about = about_each(&all, |it| self.about(it), denied, done).await?;
        document.insert("repositories".to_owned(), all.into());
        inventory.answers.push(AwsAnswer { name: "public/repositories.json".to_owned(), document });
        inventory.answers.extend(about);
        Ok(())
    }

    async fn about(&self, repository: &Value) -> Vec<(String, Answer)> {
        let name = name_of(repository).unwrap_or_default();
        let text = |key: &str| repository.get(key).and_then(Value::as_str).unwrap_or_default();
        let file = |what: &str| format!("public/{what}/{name}.json");
        let mut found = vec![(file("policy"), self.policy(name).await)];
        if found.iter().all(|(_, it)| is_fine(it)) {
            let catalog = self.catalog(name).await.map(|it| it.and_then(|it| named(it, name)));
            found.push((file("catalog"), catalog));
        }
        if found.iter().all(|(_, it)| is_fine(it)) {
            found.push((file("tags"), self.tags(name, text("repositoryArn")).await));
        }
        found
    }

    async fn describe_repositories(&self) -> Answer {
        pages("repositories", |token| async {
            let (body, public) = (Body::default(), &self.public);
            let call = public.describe_repositories().set_next_token(token);
            let sent = call.customize().interceptor(body.clone()).send();
            self.target.call(DESCRIBE_PUBLIC_REPOSITORIES, None, body, sent).await
        })
        .await
    }

    async fn policy(&self, name: &str) -> Answer {
        let (body, public) = (Body::default(), &self.public);
        let call = public.get_repository_policy().repository_name(name);
        let sent = call.customize().interceptor(body.clone()).send();
        self.target.call(GET_PUBLIC_POLICY, Some(name), body, sent).await
    }

    async fn catalog(&self, name: &str) -> Answer {
        let (body, public) = (Body::default(), &self.public);
        let call = public.get_repository_catalog_data().repository_name(name);
        let sent = call.customize().interceptor(body.clone()).send();
        self.target.call(GET_CATALOG_DATA, Some(name), body, sent).await
    }

    async fn tags(&self, name: &str, arn: &str) -> Answer {
        let (body, public) = (Body::default(), &self.public);
        let call = public.list_tags_for_resource().resource_arn(arn);
        let sent = call.customize().interceptor(body.clone()).send();
        self.target.call(LIST_PUBLIC_TAGS, Some(name), body, sent).await
    }
}

/// Catalog data, with the name of its repository, which the answer lacks. `None` without any.
fn named(mut answer: Map<String, Value>, name: &str) -> Option<Map<String, Value>> {
    let data = answer.get("catalogData").and_then(Value::as_object);
    if data.is_none_or(Map::is_empty) {
        return None;
    }
    answer.insert("repositoryName".to_owned(), name.into());
    Some(answer)
}
