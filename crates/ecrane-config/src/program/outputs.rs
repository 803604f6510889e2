//! Outputs of a config.

use ecrane_construct::{CfnOutput, CfnOutputProps, Key, Principal, Repository};
use ecrane_core::{Attribute, Place, Value};

use super::{Program, StackProgram};
use crate::element::{self, Identity, OutputAttribute, OutputOf};
use crate::error::ConfigError;

impl<'a> Program<'a> {
    pub(super) fn outputs(&self, index: usize) {
        let Some(first) = self.stacks.get(index).filter(|it| it.shard.holds_the_rest()) else {
            return;
        };
        let Some(homes) = self.homes.get(first.id) else { return };
        for (id, output) in &first.config.outputs {
            // An output belongs to the shard of its construct.
            let home = match &output.of {
                OutputOf::Repository(id) => {
                    homes.repositories.get(id.as_str()).copied().unwrap_or(homes.rest)
                }
                OutputOf::Key(_) => homes.keys,
                OutputOf::Principal(_) => homes.rest,
            };
            let Some(this) = self.stacks.get(home) else { continue };
            let place = this.place.key("outputs").key(id);
            self.output(this, id, output, &place);
        }
    }

    fn output(&self, this: &StackProgram<'a>, id: &str, output: &element::Output, place: &Place) {
        let is_uri = output.attribute == OutputAttribute::RepositoryUri;
        for (property, given) in
            [("tag", output.tag.is_some()), ("digest", output.digest.is_some())]
        {
            if given && !is_uri {
                let with = "attribute: repositoryUri";
                self.error(place.key(property).on_key(), ConfigError::OnlyWith { property, with });
            }
        }
        if output.tag.is_some() && output.digest.is_some() {
            let error = ConfigError::Both { one: "tag", other: "digest" };
            self.error(place.key("digest").on_key(), error);
        }
        let value = match &output.of {
            OutputOf::Repository(id) => {
                let homes = self.homes.get(this.id).into_iter();
                let known = homes.flat_map(|it| it.repositories.keys()).map(String::as_str);
                let place = place.key("repository");
                let made = this.repositories.get(id).map(|made| &made.repository);
                self.found("repository", id, made, known, place).map(|it| of_repository(it, output))
            }
            OutputOf::Principal(id) => {
                let known = this.config.principals.keys().map(String::as_str);
                let place = place.key("principal");
                let made = this.principals.get(id.as_str());
                self.found("role, user or group", id, made, known, place).map(|it| {
                    let config = this.config.principals.get(id).map(|it| &it.identity);
                    of_principal(it, config, output.attribute)
                })
            }
            OutputOf::Key(id) => {
                let known = this.config.keys.keys().map(String::as_str);
                let made = this.keys.get(id.as_str());
                self.found("key", id, made, known, place.key("key"))
                    .map(|it| of_key(it, output.attribute))
            }
        };
        let value = match value {
            Some(Ok(value)) => value,
            Some(Err(error)) => return self.error(place.key("attribute"), error),
            None => return,
        };
        let props = CfnOutputProps {
            value,
            description: output.description.clone(),
            export_name: output.export_name.clone(),
            pins: [("terraform", &output.terraform_name), ("cloudformation", &output.logical_id)]
                .into_iter()
                .filter_map(|(target, pin)| Some((target.into(), pin.clone()?)))
                .collect(),
        };
        CfnOutput::new(&this.stack.at(place.clone()), id, props);
    }

    /// The construct, or a problem if none has the id. One that could not be made has a problem of
    /// its own.
    fn found<'m, T>(
        &self,
        what: &'static str,
        id: &str,
        made: Option<&'m T>,
        known: impl Iterator<Item = &'m str> + Clone,
        place: Place,
    ) -> Option<&'m T> {
        if made.is_none() && !known.clone().any(|known| known == id) {
            self.error(place, ConfigError::unknown_id(what, id, known));
        }
        made
    }
}

fn of_repository(repository: &Repository, output: &element::Output) -> Result<Value, ConfigError> {
    Ok(match (output.attribute, &output.tag, &output.digest) {
        (OutputAttribute::RepositoryArn, ..) => repository.repository_arn(),
        (OutputAttribute::RepositoryName, ..) => repository.repository_name(),
        (OutputAttribute::RegistryUri, ..) => repository.registry_uri(),
        (OutputAttribute::RepositoryUri, Some(tag), _) => repository.repository_uri_for_tag(tag),
        (OutputAttribute::RepositoryUri, None, Some(digest)) => {
            repository.repository_uri_for_digest(digest)
        }
        (OutputAttribute::RepositoryUri, None, None) => repository.repository_uri(),
        (other, ..) => {
            let known = &["repositoryArn", "repositoryName", "repositoryUri", "registryUri"];
            return Err(no_attribute("repository", other, known));
        }
    })
}

fn of_principal(
    principal: &Principal,
    config: Option<&Identity>,
    attribute: OutputAttribute,
) -> Result<Value, ConfigError> {
    use OutputAttribute::{GroupArn, GroupName, RoleArn, RoleName, UserArn, UserName};
    let (what, arn, name, known) = match config {
        Some(Identity::User(_) | Identity::UserArn(_)) => {
            ("user", UserArn, UserName, &["userArn", "userName"])
        }
        Some(Identity::Group(_) | Identity::GroupArn(_)) => {
            ("group", GroupArn, GroupName, &["groupArn", "groupName"])
        }
        Some(Identity::Role(_) | Identity::RoleArn(_)) | None => {
            ("role", RoleArn, RoleName, &["roleArn", "roleName"])
        }
    };
    let value = if attribute == arn {
        principal.attribute(Attribute::Arn)
    } else if attribute == name {
        principal.attribute(Attribute::Name)
    } else {
        None
    };
    value.ok_or_else(|| no_attribute(what, attribute, known))
}

fn of_key(key: &Key, attribute: OutputAttribute) -> Result<Value, ConfigError> {
    if attribute == OutputAttribute::KeyArn {
        Ok(key.key_arn())
    } else if attribute == OutputAttribute::KeyId {
        Ok(key.key_id())
    } else {
        Err(no_attribute("key", attribute, &["keyArn", "keyId"]))
    }
}

fn no_attribute(
    what: &'static str,
    attribute: OutputAttribute,
    known: &'static [&'static str],
) -> ConfigError {
    ConfigError::NoAttribute { what, attribute: attribute.as_str(), known }
}
