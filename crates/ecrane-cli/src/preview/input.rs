//! The input of a preview.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use ecrane::lifecycle::preview::{ImageListing, InUse, Manifests};
use ecrane_core::{Explain, LifecyclePolicy, Problem, Severity, suggest};

use super::error::PreviewError;
use super::folder::Folder;
use super::progress::Progress;
use super::{Subject, View, policy};
use crate::args::{PreviewArgs, ReportArgs};
use crate::diagnostics::Finding;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::input::Input;
use crate::repositories::{Repository, repositories};
use crate::text_file::{TextFile, is_stdin};

/// The input of a preview.
#[derive(Debug)]
pub(super) struct Inputs {
    pub(super) subjects: Vec<Subject>,
    pub(super) view: View,
    pub(super) in_use: InUse,
    /// Whether all repositories of a config are previewed, even if it has only one.
    pub(super) is_several: bool,
    /// Warnings.
    pub(super) findings: Vec<Finding>,
}

impl Inputs {
    /// Reads the input, and reports all problems.
    pub(super) fn load(args: &PreviewArgs, progress: &Progress) -> Result<Self, Failure> {
        let is_folder = args.images.as_ref().is_none_or(|it| it.is_dir());
        let is_several = is_folder && args.policy.is_none() && args.repository.is_none();
        check(args, is_several).map_err(|error| Failure::one(Exit::Usage, &error))?;
        let mut reader = Reader { progress, findings: Vec::new(), failures: Vec::new() };
        let mut subjects = match (&args.policy, &args.images) {
            (Some(policy), Some(images)) => {
                reader.subject_of_policy(policy, images).into_iter().collect()
            }
            (None, Some(images)) => reader.subjects_of_config(args, images, is_several),
            (_, None) => reader.subjects_in_aws(args),
        };
        reader.manifests(&args.manifests, &mut subjects);
        let in_use = reader.in_use(&args.in_use, &subjects);
        let view = match (&args.against, args.by_day) {
            (Some(path), _) => reader.policy(path).map(View::Against),
            (None, Some(days)) => Some(View::ByDay(days)),
            (None, None) => Some(View::Now),
        };
        let Reader { findings, failures, progress: _ } = reader;
        match view {
            Some(view) if failures.is_empty() => {
                Ok(Self { subjects, view, in_use, is_several, findings })
            }
            _ => Err(merge(failures, findings)),
        }
    }
}

/// The images of repositories of a config, for a report.
#[derive(Debug)]
pub(crate) struct Images {
    pub(crate) subjects: Vec<Subject>,
    pub(crate) in_use: InUse,
    /// Warnings.
    pub(crate) findings: Vec<Finding>,
}

impl Images {
    /// Reads the images, and reports all problems. The images of a file are those of the repository
    /// that it names.
    pub(crate) fn load(
        input: &Input,
        path: &Path,
        args: &ReportArgs,
        progress: &Progress,
    ) -> Result<Self, Failure> {
        let ReportArgs { config, manifests, in_use, .. } = args;
        let paths = config.config.iter().chain(manifests).chain(in_use).map(PathBuf::as_path);
        once(paths.chain([path])).map_err(|error| Failure::one(Exit::Usage, &error))?;
        let mut reader = Reader { progress, findings: Vec::new(), failures: Vec::new() };
        let all = repositories(&input.graph);
        let mut subjects = if path.is_dir() {
            reader.subjects_of_folder(&all, path)
        } else {
            reader.subject_by_listing(&all, path).into_iter().collect()
        };
        reader.manifests(manifests, &mut subjects);
        let in_use = reader.in_use(in_use, &subjects);
        let Reader { findings, failures, progress: _ } = reader;
        if failures.is_empty() {
            Ok(Self { subjects, in_use, findings })
        } else {
            Err(merge(failures, findings))
        }
    }
}

/// Rejects several options that read stdin.
fn once<'p>(paths: impl Iterator<Item = &'p Path>) -> Result<(), PreviewError> {
    let is_once = paths.filter(|path| is_stdin(path)).count() <= 1;
    if is_once { Ok(()) } else { Err(PreviewError::StdinTwice) }
}

/// Rejects combinations of options that `clap` cannot reject.
fn check(args: &PreviewArgs, is_several: bool) -> Result<(), PreviewError> {
    let one = [&args.policy, &args.against, &args.images].into_iter().flatten();
    let paths = one.chain(&args.manifests).chain(&args.in_use).chain(&args.config.config);
    once(paths.map(PathBuf::as_path))?;
    if let (Some(_), Some(path)) = (&args.policy, &args.images)
        && path.is_dir()
    {
        return Err(PreviewError::PolicyForDirectory { path: path.clone() });
    }
    if is_several && args.against.is_some() {
        return Err(PreviewError::AgainstSeveral);
    }
    Ok(())
}

/// One failure of several.
fn merge(failures: Vec<Failure>, mut findings: Vec<Finding>) -> Failure {
    let exit = failures.iter().map(|failure| failure.exit).max().unwrap_or(Exit::Refused);
    let mut subjects = failures.iter().map(|failure| failure.subject.clone());
    let subject = if failures.len() == 1 { subjects.next().flatten() } else { None };
    findings.extend(failures.into_iter().flat_map(|failure| failure.findings));
    Failure { exit, findings, subject }
}

pub(super) struct Reader<'p> {
    pub(super) progress: &'p Progress,
    pub(super) findings: Vec<Finding>,
    failures: Vec<Failure>,
}

impl Reader<'_> {
    /// Collects a failure and continues, so that all are reported.
    pub(super) fn try_to<T>(&mut self, result: Result<T, Failure>) -> Option<T> {
        result.map_err(|failure| self.failures.push(failure)).ok()
    }

    pub(super) fn fail(&mut self, exit: Exit, error: &dyn Explain) {
        self.failures.push(Failure::one(exit, error));
    }

    pub(super) fn warn(&mut self, error: &PreviewError) {
        self.findings.push(Finding::new(Severity::Warning, error));
    }

    fn policy(&mut self, path: &Path) -> Option<LifecyclePolicy> {
        let read = policy::read(path, &mut self.findings);
        self.try_to(read)
    }

    fn images(&mut self, path: &Path) -> Option<ImageListing> {
        self.progress.step(&format!("reading {}", path.display()));
        let read = read(path, &|bytes, all| self.progress.advance(bytes, all));
        self.try_to(read)
    }

    fn subject_of_policy(&mut self, policy: &Path, images: &Path) -> Option<Subject> {
        let policy = self.policy(policy);
        let listing = self.images(images)?;
        let label = listing.repository_name.clone();
        Some(Subject { label, repository: None, policy: policy?, listing })
    }

    fn subjects_of_config(
        &mut self,
        args: &PreviewArgs,
        images: &Path,
        is_several: bool,
    ) -> Vec<Subject> {
        let loaded = Input::load(args.config.config.as_deref());
        let Some(input) = self.try_to(loaded) else { return Vec::new() };
        let all = repositories(&input.graph);
        if is_several {
            return self.subjects_of_folder(&all, images);
        }
        let Some(chosen) = self.chosen(&all, args.repository.as_deref()) else {
            return Vec::new();
        };
        let repository = chosen.label().to_owned();
        let path = if images.is_dir() {
            let found = chosen.name.and_then(|name| Folder::file_of(images, name));
            let Some(found) = found else {
                let path = images.to_owned();
                self.fail(Exit::Refused, &PreviewError::NoImages { path, repository });
                return Vec::new();
            };
            found
        } else {
            images.to_owned()
        };
        self.subject_of_repository(chosen, &path).into_iter().collect()
    }

    /// The repository that the command line names. It has a policy.
    pub(super) fn chosen<'r, 'g>(
        &mut self,
        all: &'r [Repository<'g>],
        word: Option<&str>,
    ) -> Option<&'r Repository<'g>> {
        match choose(all, word) {
            Ok(chosen) if chosen.policy.is_some() => return Some(chosen),
            Ok(chosen) => {
                let repository = chosen.label().to_owned();
                self.fail(Exit::Refused, &PreviewError::NoPolicy { repository });
            }
            Err(error) => self.fail(Exit::Usage, &error),
        }
        None
    }

    #[cfg(not(feature = "aws"))]
    #[expect(clippy::unused_self, reason = "`--images` is required")]
    fn subjects_in_aws(&mut self, _: &PreviewArgs) -> Vec<Subject> {
        Vec::new()
    }

    /// The repository that a file of images names, if it has a policy.
    fn subject_by_listing(&mut self, all: &[Repository<'_>], path: &Path) -> Option<Subject> {
        let listing = self.images(path)?;
        let Some(name) = &listing.repository_name else {
            self.fail(Exit::Refused, &PreviewError::UnnamedImages { path: path.to_owned() });
            return None;
        };
        match choose(all, Some(name)) {
            Ok(chosen) if chosen.policy.is_some() => self.subject(chosen, listing),
            Ok(_) => {
                let files = vec![path.display().to_string()];
                self.warn(&PreviewError::WithoutPolicy { files });
                None
            }
            Err(error) => {
                self.fail(Exit::Refused, &error);
                None
            }
        }
    }

    /// The repositories that have both a policy in the config and images in the folder.
    fn subjects_of_folder(&mut self, all: &[Repository<'_>], path: &Path) -> Vec<Subject> {
        let mut folder = match Folder::read(path) {
            Ok(folder) => folder,
            Err(error) => {
                self.fail(Exit::Io, &error);
                return Vec::new();
            }
        };
        let (mut found, mut without) = (Vec::new(), Vec::new());
        for repository in all.iter().filter(|repository| repository.policy.is_some()) {
            match repository.name.and_then(|name| folder.take(name)) {
                Some(file) => found.push((repository, file)),
                None => without.push(repository.label().to_owned()),
            }
        }
        if found.is_empty() {
            let path = path.to_owned();
            self.fail(Exit::Refused, &PreviewError::NothingToPreview { path });
            return Vec::new();
        }
        if !without.is_empty() {
            let path = path.to_owned();
            self.warn(&PreviewError::WithoutImages { path, repositories: without });
        }
        let files = folder.rest();
        if !files.is_empty() {
            self.warn(&PreviewError::WithoutPolicy { files });
        }
        let count = found.len();
        let mut subjects = Vec::with_capacity(count);
        for (index, (repository, file)) in found.into_iter().enumerate() {
            self.progress.repository("reading", Some(repository.label()), index, count);
            subjects.extend(self.subject_of_repository(repository, &file));
        }
        subjects
    }

    fn subject_of_repository(
        &mut self,
        repository: &Repository<'_>,
        images: &Path,
    ) -> Option<Subject> {
        let listing = self.images(images)?;
        self.subject(repository, listing)
    }

    pub(super) fn subject(
        &mut self,
        repository: &Repository<'_>,
        mut listing: ImageListing,
    ) -> Option<Subject> {
        let label = repository.label().to_owned();
        if let (Some(expected), Some(found)) = (repository.name, &listing.repository_name)
            && expected != found
        {
            let (expected, found) = (expected.to_owned(), found.clone());
            self.fail(Exit::Refused, &PreviewError::OtherRepository { expected, found });
            return None;
        }
        if let (Some(expected), Some(found)) = (repository.account, &listing.registry_id)
            && expected != found
        {
            let (expected, found) = (expected.to_owned(), found.clone());
            let repository = label.clone();
            self.warn(&PreviewError::OtherRegistry { repository, expected, found });
        }
        listing.registry_id = listing.registry_id.or(repository.account.map(str::to_owned));
        listing.repository_name = listing.repository_name.or(repository.name.map(str::to_owned));
        listing.region = repository.region.map(str::to_owned);
        Some(Subject {
            label: Some(label),
            repository: Some(repository.resource),
            policy: repository.policy?.clone(),
            listing,
        })
    }

    /// Adds the bodies of manifest lists. A digest identifies one body in all repositories.
    fn manifests(&mut self, paths: &[PathBuf], subjects: &mut [Subject]) {
        for path in paths {
            let read = TextFile::read(path);
            let Some(file) = self.try_to(read) else { continue };
            let (manifests, warnings) = match Manifests::parse(&file.text) {
                Ok(parsed) => parsed,
                Err(problems) => {
                    self.failures.push(refused(&file, problems));
                    continue;
                }
            };
            self.findings.extend(file.locate_in_parts(&warnings));
            // A list is unknown if no repository has it.
            let mut unknown: BTreeMap<String, (Problem, usize)> = BTreeMap::new();
            for subject in &mut *subjects {
                for problem in subject.listing.add_manifests(manifests.clone()) {
                    unknown.entry(problem.place.to_string()).or_insert((problem, 0)).1 += 1;
                }
            }
            let everywhere = unknown.into_values().filter(|(_, times)| *times == subjects.len());
            let unknown: Vec<_> = everywhere.map(|(problem, _)| problem).collect();
            self.findings.extend(file.locate_in_parts(&unknown));
        }
    }

    fn in_use(&mut self, paths: &[PathBuf], subjects: &[Subject]) -> InUse {
        let mut in_use = InUse::default();
        for path in paths {
            let read = TextFile::read(path);
            let Some(file) = self.try_to(read) else { continue };
            match InUse::parse(&file.text, &file.name) {
                Ok((found, warnings)) => {
                    self.findings.extend(file.locate_in_parts(&warnings));
                    in_use.extend(found);
                }
                Err(problems) => self.failures.push(refused(&file, problems)),
            }
        }
        // A reference to a namesake of the repository, in another account or Region, protects
        // nothing.
        if !paths.is_empty() {
            for subject in subjects.iter().filter(|subject| in_use.of(&subject.listing).is_empty())
            {
                let repository = subject.label.clone().unwrap_or_else(|| "the listing".to_owned());
                self.warn(&PreviewError::NothingInUse { repository });
            }
        }
        in_use
    }
}

/// The repository with a name.
fn choose<'r, 'g>(
    all: &'r [Repository<'g>],
    word: Option<&str>,
) -> Result<&'r Repository<'g>, PreviewError> {
    let titles = |all: &[&Repository<'_>]| all.iter().map(|r| r.label().to_owned()).collect();
    let Some(word) = word else {
        return Err(PreviewError::NoRepository { known: titles(&all.iter().collect::<Vec<_>>()) });
    };
    let found: Vec<_> = all.iter().filter(|repository| repository.is_called(word)).collect();
    match found.as_slice() {
        [one] => Ok(one),
        [] => {
            let words = || all.iter().flat_map(Repository::words);
            Err(PreviewError::UnknownRepository {
                word: word.to_owned(),
                known: titles(&all.iter().collect::<Vec<_>>()),
                suggestion: suggest(word, words()).map(str::to_owned),
            })
        }
        several => Err(PreviewError::AmbiguousRepository {
            word: word.to_owned(),
            found: several.iter().map(|repository| repository.path().to_owned()).collect(),
        }),
    }
}

/// Reads the images of a file.
pub(crate) fn listing(path: &Path) -> Result<ImageListing, Failure> {
    read(path, &|_, _| {})
}

/// Reads a listing. Calls a function with the number of further bytes, of all, that have been read.
fn read(path: &Path, progress: &(dyn Fn(usize, usize) + Sync)) -> Result<ImageListing, Failure> {
    let file = TextFile::read(path)?;
    let all = file.text.len();
    ImageListing::parse_with(&file.text, &|bytes| progress(bytes, all))
        .map_err(|problems| refused(&file, problems))
}

pub(super) fn refused(file: &TextFile, problems: impl IntoIterator<Item = Problem>) -> Failure {
    let problems: Vec<_> = problems.into_iter().collect();
    Failure {
        exit: Exit::Refused,
        findings: file.locate_in_parts(&problems),
        subject: Some(file.name.clone()),
    }
}
