//! Repositories.

use serde_json::{Map, Value};

use super::account::Account;
use super::fields::{IGNORED, SETTINGS, insert, public, refuse_left_over, required, settings};
use crate::stack::Resource;
use crate::value::PUBLIC_REGION;
use crate::word::camel;

impl Account {
    pub(super) fn repository(&mut self, repository: &Map<String, Value>) -> Result<(), String> {
        let name = required(repository, "repositoryName")?;
        let arn = required(repository, "repositoryArn")?;
        let fields: Vec<&str> = arn.splitn(6, ':').collect();
        let [_, _, service, region, account, _] = fields.as_slice() else {
            return Err(format!("`{arn}` is not an ARN"));
        };
        let is_public = *service == "ecr-public";
        let region = if is_public { PUBLIC_REGION } else { region };
        let mut properties = Map::new();
        properties.insert("RepositoryName".to_owned(), name.into());
        let mut attributes = Map::new();
        let address = if is_public {
            public(name)
        } else {
            properties.extend(settings(repository));
            // What ecrane and the CDK do by default: no deployment deletes images.
            for policy in ["DeletionPolicy", "UpdateReplacePolicy"] {
                attributes.insert(policy.to_owned(), "Retain".into());
            }
            name.to_owned()
        };
        let kind = if is_public { "AWS::ECR::PublicRepository" } else { "AWS::ECR::Repository" };
        let (kind, id) = (kind.to_owned(), Some(camel(name)));
        let resource = Resource { kind, properties, attributes, id, ..Resource::default() };
        let stack = self.registry((Some((*account).to_owned()), Some(region.to_owned())));
        insert(stack, &address, resource)?;
        refuse_left_over(stack, &address, repository, &[SETTINGS, IGNORED]);
        Ok(())
    }
}
