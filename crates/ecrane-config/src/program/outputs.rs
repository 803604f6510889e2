//! Outputs of a config.

use ecrane_construct::{CfnOutput, CfnOutputProps};
use ecrane_core::Place;

use super::{Program, StackProgram};
use crate::element::{self, OutputAttribute};
use crate::error::ConfigError;

impl<'a> Program<'a> {
    pub(super) fn outputs(&self, index: usize) {
        let Some(this) = self.stacks.get(index) else { return };
        for (id, output) in &this.config.outputs {
            // An output belongs to the shard of its repository.
            let goes_here = if this.config.repositories.contains_key(&output.repository) {
                this.repositories.contains_key(output.repository.as_str())
            } else {
                this.shard.holds_the_rest()
            };
            if !goes_here {
                continue;
            }
            let place = this.place.key("outputs").key(id);
            self.output(this, id, output, &place);
        }
    }

    fn output(&self, this: &StackProgram<'a>, id: &str, output: &element::Output, place: &Place) {
        let Some(repository) = this.repositories.get(output.repository.as_str()) else {
            if !this.config.repositories.contains_key(&output.repository) {
                let candidates = this.config.repositories.keys().map(String::as_str);
                let error = ConfigError::unknown_id("repository", &output.repository, candidates);
                self.error(place.key("repository"), error);
            }
            return;
        };
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
        let value = match output.attribute {
            OutputAttribute::RepositoryArn => repository.repository_arn(),
            OutputAttribute::RepositoryName => repository.repository_name(),
            OutputAttribute::RegistryUri => repository.registry_uri(),
            OutputAttribute::RepositoryUri => match (&output.tag, &output.digest) {
                (Some(tag), _) => repository.repository_uri_for_tag(tag),
                (None, Some(digest)) => repository.repository_uri_for_digest(digest),
                (None, None) => repository.repository_uri(),
            },
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
}
