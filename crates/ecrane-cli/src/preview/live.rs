//! The images of the repositories of a config, as they are in AWS.

use ecrane::lifecycle::preview::ImageListing;
use ecrane_aws::{AwsError, ImagesOf};
use ecrane_core::Severity;
use serde_json::Value;

use super::Subject;
use super::error::PreviewError;
use super::input::{Reader, refused};
use crate::args::PreviewArgs;
use crate::diagnostics::Finding;
use crate::exit::Exit;
use crate::input::Input;
use crate::live::connect;
use crate::repositories::{Repository, repositories};
use crate::text_file::TextFile;

impl Reader<'_> {
    /// The repositories of the config that have a policy, or the chosen one, with their images.
    pub(super) fn subjects_in_aws(&mut self, args: &PreviewArgs) -> Vec<Subject> {
        let loaded = Input::load(args.config.config.as_deref());
        let Some(input) = self.try_to(loaded) else { return Vec::new() };
        let all = repositories(&input.graph);
        let (mut chosen, is_one): (Vec<&Repository<'_>>, bool) = match &args.repository {
            Some(word) => (self.chosen(&all, Some(word)).into_iter().collect(), true),
            None => (all.iter().filter(|it| it.policy.is_some()).collect(), false),
        };
        let unnamed = chosen.iter().filter(|it| it.name.is_none());
        let unnamed: Vec<String> = unnamed.map(|it| it.path().to_owned()).collect();
        chosen.retain(|it| it.name.is_some());
        if !unnamed.is_empty() {
            let error = PreviewError::NameUnknown { repositories: unnamed };
            if is_one { self.fail(Exit::Refused, &error) } else { self.warn(&error) }
        }
        if chosen.is_empty() {
            if !is_one {
                self.fail(Exit::Refused, &PreviewError::NothingInAws);
            }
            return Vec::new();
        }
        let connected = connect(args.live.region.as_ref(), args.live.profile.as_ref());
        let Some(aws) = self.try_to(connected) else { return Vec::new() };
        let asked: Vec<ImagesOf> = chosen
            .iter()
            .map(|it| ImagesOf {
                repository: it.name.unwrap_or_default().to_owned(),
                account: it.account.map(str::to_owned),
                region: it.region.map(str::to_owned),
            })
            .collect();
        let progress = self.progress;
        let answers = aws.images(&asked, &|step, done, all| progress.done(step, done, all));
        let mut subjects = Vec::with_capacity(chosen.len());
        let mut denied: Vec<AwsError> = Vec::new();
        for (repository, answer) in chosen.into_iter().zip(answers) {
            match answer {
                Ok(document) => {
                    let region = repository.region.unwrap_or(aws.region());
                    let text = Value::Object(document).to_string();
                    let name = format!("the images of {}", repository.label());
                    subjects.extend(self.subject_in_aws(
                        repository,
                        region,
                        &TextFile { name, text },
                    ));
                }
                // A repository that is not deployed yet has no images.
                Err(error @ AwsError::NoRepository { .. }) if !is_one => {
                    self.findings.push(Finding::new(Severity::Warning, &error));
                }
                Err(error) => {
                    let is_known =
                        |it: &AwsError| it.denied().is_some() && it.denied() == error.denied();
                    if !denied.iter().any(is_known) {
                        self.fail(Exit::Io, &error);
                        denied.push(error);
                    }
                }
            }
        }
        subjects
    }

    fn subject_in_aws(
        &mut self,
        repository: &Repository<'_>,
        region: &str,
        file: &TextFile,
    ) -> Option<Subject> {
        let parsed = ImageListing::parse(&file.text).map_err(|problems| refused(file, problems));
        let listing = self.try_to(parsed)?;
        let mut subject = self.subject(repository, listing)?;
        subject.listing.region = Some(region.to_owned());
        Some(subject)
    }
}
