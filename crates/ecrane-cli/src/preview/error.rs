//! Why a preview fails, or covers only a part of the images.

use std::path::PathBuf;

use ecrane_core::Explain;
use thiserror::Error;

/// Why a preview fails, or covers only a part of the images.
#[derive(Debug, Error)]
pub(crate) enum PreviewError {
    #[error("several options read stdin")]
    StdinTwice,
    #[error("`--policy` needs the images of one repository, and `{}` is a directory", .path.display())]
    PolicyForDirectory { path: PathBuf },
    #[error("`--against` needs `--repository` or `--policy`")]
    AgainstSeveral,
    #[error("the images are those of one repository, and no repository is chosen")]
    NoRepository { known: Vec<String> },
    #[error("there is no repository `{word}`")]
    UnknownRepository { word: String, known: Vec<String>, suggestion: Option<String> },
    #[error("several repositories are called `{word}`")]
    AmbiguousRepository { word: String, found: Vec<String> },
    #[error("repository `{repository}` has no lifecycle policy")]
    NoPolicy { repository: String },
    #[error("`{}` has no images of a repository of the config that has a lifecycle policy", .path.display())]
    NothingToPreview { path: PathBuf },
    #[error("`{}` has no images of `{repository}`", .path.display())]
    NoImages { path: PathBuf, repository: String },
    #[error("`{}` does not name the repository of its images", .path.display())]
    UnnamedImages { path: PathBuf },
    #[error("the images are those of `{found}`, and the policy is that of `{expected}`")]
    OtherRepository { expected: String, found: String },
    /// A warning.
    #[error("the images are in the registry `{found}`, and `{repository}` is in `{expected}`")]
    OtherRegistry { repository: String, expected: String, found: String },
    /// A warning.
    #[error("no preview of {}, which `{}` has no images of", listed(.repositories), .path.display())]
    WithoutImages { path: PathBuf, repositories: Vec<String> },
    /// A warning.
    #[error("no preview of {}, which the config has no lifecycle policy for", listed(.files))]
    WithoutPolicy { files: Vec<String> },
    /// A warning.
    #[error("nothing of `--in-use` is an image of `{repository}`")]
    NothingInUse { repository: String },
    /// A warning, or an error if it is the only one.
    #[cfg(feature = "aws")]
    #[error("no preview of {}: the config does not set its name", listed(.repositories))]
    NameUnknown { repositories: Vec<String> },
    #[cfg(feature = "aws")]
    #[error("no repository of the config has both a name and a lifecycle policy")]
    NothingInAws,
    #[error("could not read the directory `{}`", .path.display())]
    Directory { path: PathBuf, source: std::io::Error },
}

/// The maximum number of names.
const TOLD: usize = 10;

fn listed(names: &[String]) -> String {
    let told: Vec<_> = names.iter().take(TOLD).map(|name| format!("`{name}`")).collect();
    let told = told.join(", ");
    match names.len().saturating_sub(TOLD) {
        0 => told,
        more => format!("{told} and {more} more"),
    }
}

impl Explain for PreviewError {
    fn code(&self) -> &'static str {
        match self {
            Self::StdinTwice => "preview::stdin_twice",
            Self::PolicyForDirectory { .. } => "preview::policy_for_directory",
            Self::AgainstSeveral => "preview::against_several",
            Self::NoRepository { .. } => "preview::no_repository",
            Self::UnknownRepository { .. } => "preview::unknown_repository",
            Self::AmbiguousRepository { .. } => "preview::ambiguous_repository",
            Self::NoPolicy { .. } => "preview::no_policy",
            Self::NothingToPreview { .. } => "preview::nothing_to_preview",
            Self::NoImages { .. } => "preview::no_images",
            Self::UnnamedImages { .. } => "preview::unnamed_images",
            Self::OtherRepository { .. } => "preview::other_repository",
            Self::OtherRegistry { .. } => "preview::other_registry",
            Self::WithoutImages { .. } => "preview::without_images",
            Self::WithoutPolicy { .. } => "preview::without_policy",
            Self::NothingInUse { .. } => "preview::nothing_in_use",
            #[cfg(feature = "aws")]
            Self::NameUnknown { .. } => "preview::name_unknown",
            #[cfg(feature = "aws")]
            Self::NothingInAws => "preview::nothing_in_aws",
            Self::Directory { .. } => "preview::directory_unreadable",
        }
    }

    fn help(&self) -> Option<String> {
        let help = match self {
            Self::StdinTwice => "pass `-` to one option, and files to the others".to_owned(),
            Self::PolicyForDirectory { .. } => {
                "pass the file of the repository, or a config instead of the policy".to_owned()
            }
            Self::AgainstSeveral => "choose the repository that had the earlier policy".to_owned(),
            Self::NoRepository { known } => {
                format!("choose one with `--repository`: {}", listed(known))
            }
            Self::UnknownRepository { known, .. } => match known.as_slice() {
                [] => "the config has no repositories".to_owned(),
                known => format!("the repositories are {}", listed(known)),
            },
            Self::AmbiguousRepository { found, .. } => format!("write one of {}", listed(found)),
            Self::NoPolicy { .. } => {
                "all of its images stay; add `lifecycleRules`, or pass `--policy`".to_owned()
            }
            Self::NothingToPreview { .. } | Self::NoImages { .. } | Self::WithoutImages { .. } => {
                "write the output of `aws ecr describe-images --repository-name shop/app` to `shop/app.json` in the directory"
                    .to_owned()
            }
            Self::UnnamedImages { .. } => {
                "pass a directory in which the images of `shop/app` are in `shop/app.json`".to_owned()
            }
            Self::OtherRepository { .. } => {
                "pass the images of the repository, or the policy with `--policy`".to_owned()
            }
            Self::OtherRegistry { .. } => {
                "images in use are looked for in the registry of the images".to_owned()
            }
            Self::WithoutPolicy { .. } => {
                "without a lifecycle policy, all images of a repository stay".to_owned()
            }
            Self::NothingInUse { .. } => {
                "check the account, the Region and the name of the repository in the image URIs"
                    .to_owned()
            }
            #[cfg(feature = "aws")]
            Self::NameUnknown { .. } => {
                "write its name as `repositoryName`, or pass its images with `--images`".to_owned()
            }
            #[cfg(feature = "aws")]
            Self::NothingInAws => {
                "add `lifecycleRules` and `repositoryName` to a repository".to_owned()
            }
            Self::Directory { .. } => return None,
        };
        Some(help)
    }

    fn suggestion(&self) -> Option<&str> {
        if let Self::UnknownRepository { suggestion, .. } = self {
            suggestion.as_deref()
        } else {
            None
        }
    }
}
