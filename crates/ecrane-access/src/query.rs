//! Queries, and the principals and repositories that they name.

use ecrane_core::{Explain, IdentityKind, suggest};
use thiserror::Error;

use crate::caller::{Caller, without_path};
use crate::capability::Service;
use crate::context::Context;
use crate::identity::{Identity, IdentityKey};
use crate::permissions::{Permissions, Repository};
use crate::resolve::ACCOUNT;
use crate::statement::account_of_root;

/// A query: is this principal allowed to do this?
#[derive(Debug, Clone, Default)]
pub struct Query {
    /// The ARN of a role, a user, a group (whose members are meant), a session
    /// (`arn:aws:sts::…:assumed-role/NAME/SESSION`, `…:federated-user/NAME`), an identity provider
    /// or an account, an account id, the unique id of a role or user (`AROA…`, `AIDA…`), the name of
    /// a service, `everyone`, or the construct id of a role, user or group, with or without that of
    /// its stack.
    pub principal: String,
    /// The action, such as `ecr:BatchGetImage`, without regard to case.
    pub action: String,
    /// The ARN, name or construct id of a repository. Not needed for an action that is not about
    /// a repository, such as `ecr:GetAuthorizationToken`.
    pub repository: Option<String>,
    /// The keys of the request. They take precedence over those that follow from the principal
    /// (`aws:PrincipalArn`, `aws:PrincipalAccount`, `aws:PrincipalTag/…` and others) and from the
    /// repository (`aws:ResourceTag/…` and others).
    pub context: Context,
    /// Whether the policies of the principal's own account allow it everything.
    pub assume_identity_allows: bool,
}

/// Why a query has no answer.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum QueryError {
    /// No principal has the name.
    #[error("there is no principal `{word}`")]
    UnknownPrincipal {
        /// The word.
        word: String,
        /// The likely intended word.
        suggestion: Option<String>,
    },
    /// Several principals have the name.
    #[error("several principals are called `{word}`")]
    AmbiguousPrincipal {
        /// The word.
        word: String,
        /// The names that tell them apart.
        found: Vec<String>,
    },
    /// No repository has the name.
    #[error("there is no repository `{word}`")]
    UnknownRepository {
        /// The word.
        word: String,
        /// The likely intended word.
        suggestion: Option<String>,
    },
    /// Several repositories have the name.
    #[error("several repositories are called `{word}`")]
    AmbiguousRepository {
        /// The word.
        word: String,
        /// The names that tell them apart.
        found: Vec<String>,
    },
    /// No repository is named.
    #[error("`{action}` is an action on a repository, and none is named")]
    NoRepository {
        /// The action.
        action: String,
    },
    /// The action is one of private repositories, and the repository is public, or the reverse.
    #[error("`{action}` is not an action on `{repository}`")]
    OtherService {
        /// The action.
        action: String,
        /// The ARN of the repository.
        repository: String,
    },
    /// The action is not one action.
    #[error("`{text}` is not an action")]
    Action {
        /// The text.
        text: String,
        /// The likely intended action.
        suggestion: Option<String>,
    },
}

impl Explain for QueryError {
    fn code(&self) -> &'static str {
        match self {
            Self::UnknownPrincipal { .. } => "access::unknown_principal",
            Self::AmbiguousPrincipal { .. } => "access::ambiguous_principal",
            Self::UnknownRepository { .. } => "access::unknown_repository",
            Self::AmbiguousRepository { .. } => "access::ambiguous_repository",
            Self::NoRepository { .. } => "access::no_repository",
            Self::OtherService { .. } => "access::other_service",
            Self::Action { .. } => "access::not_an_action",
        }
    }

    fn help(&self) -> Option<String> {
        Some(match self {
            Self::UnknownPrincipal { word, .. } if word.starts_with("arn:") => {
                "write the ARN of a role, user, group, session or account, with an account id of 12 digits, such as arn:aws:iam::111122223333:role/ci".to_owned()
            }
            Self::UnknownPrincipal { .. } => {
                "write a construct id of the config, the ARN of a role or user, an account id, the name of a service, or `everyone`".to_owned()
            }
            Self::UnknownRepository { .. } => {
                "write the construct id, name or ARN of a repository".to_owned()
            }
            Self::AmbiguousPrincipal { found, .. } | Self::AmbiguousRepository { found, .. } => {
                format!("write one of `{}`", found.join("`, `"))
            }
            Self::NoRepository { .. } => {
                "name the repository by its construct id, name or ARN".to_owned()
            }
            Self::OtherService { repository, .. } => match Service::of(repository) {
                Service::Ecr => "the repository is private: write `ecr:` and an action",
                Service::EcrPublic => "the repository is public: write `ecr-public:` and an action",
            }
            .to_owned(),
            Self::Action { .. } => {
                "write one action without wildcards, such as ecr:BatchGetImage".to_owned()
            }
        })
    }

    fn suggestion(&self) -> Option<&str> {
        match self {
            Self::UnknownPrincipal { suggestion, .. }
            | Self::UnknownRepository { suggestion, .. }
            | Self::Action { suggestion, .. } => suggestion.as_deref(),
            Self::AmbiguousPrincipal { .. }
            | Self::AmbiguousRepository { .. }
            | Self::NoRepository { .. }
            | Self::OtherService { .. } => None,
        }
    }
}

/// Checks that a text is one action, and returns it in lower case.
pub(crate) fn action(text: &str) -> Result<String, QueryError> {
    let is_word = |text: &str| {
        !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
    };
    match text.split_once(':') {
        Some((service, name)) if is_word(service) && is_word(name) => Ok(text.to_ascii_lowercase()),
        _ => {
            let known = actions_of_ecr();
            let suggestion = suggest(&format!("ecr:{text}"), known.iter().map(String::as_str));
            let suggestion = suggestion.filter(|_| is_word(text)).map(str::to_owned);
            Err(QueryError::Action { text: text.to_owned(), suggestion })
        }
    }
}

impl Permissions {
    /// The caller that a word names.
    pub(crate) fn caller(&self, word: &str) -> Result<Caller, QueryError> {
        if word == "*" || word == "everyone" {
            return Ok(Caller::anybody(Context::default()));
        }
        if let Some(account) = account_of_root(word) {
            let partition = word.split(':').nth(1).unwrap_or("aws");
            return Ok(Caller::root_user(account, partition));
        }
        if is_unique_id(word) {
            return Ok(Caller::of_other(word));
        }
        if word.ends_with(".amazonaws.com") || word.ends_with(".amazonaws.com.cn") {
            return Ok(Caller::of_service(word));
        }
        if let Some(caller) = self.caller_of_arn(word) {
            return Ok(caller);
        }
        self.caller_of_construct(word)
    }

    /// The caller with the ARN of a role, a user, a group, a session or an identity provider.
    pub(crate) fn caller_of_arn(&self, arn: &str) -> Option<Caller> {
        let fields: Vec<&str> = arn.splitn(6, ':').collect();
        let ["arn", partition, service, "", account, resource] = fields.as_slice() else {
            return None;
        };
        let (kind, path) = resource.split_once('/')?;
        let is_account = account.len() == 12 && account.bytes().all(|b| b.is_ascii_digit());
        if !is_account && *account != ACCOUNT {
            return None;
        }
        let (kind, name, session) = match (*service, kind) {
            ("iam", "role") => (IdentityKind::Role, without_path(path)?, None),
            ("iam", "user") => (IdentityKind::User, without_path(path)?, None),
            ("iam", "group") => (IdentityKind::Group, without_path(path)?, None),
            ("sts", "assumed-role") => {
                (IdentityKind::Role, path.split('/').next()?, Some(arn.to_owned()))
            }
            ("sts", "federated-user") => return Some(Caller::federated_user(account, arn)),
            ("iam", "oidc-provider" | "saml-provider") => return Some(Caller::of_other(arn)),
            _ => return None,
        };
        if name.is_empty() {
            return None;
        }
        let key = IdentityKey { account: (*account).to_owned(), kind, name: name.to_owned() };
        let found = self.identities.get_full(&key);
        let own = match (&found, &session) {
            // The path of a declared role is known better than by a session's ARN.
            (Some((.., identity)), Some(_)) => identity.arn.clone(),
            (None, Some(_)) => format!("arn:{partition}:iam::{account}:role/{name}"),
            (_, None) => arn.to_owned(),
        };
        let index = found.map(|(index, ..)| index);
        let mut caller = Caller::identity(kind, account, &own, session, index);
        if let Some((.., identity)) = found {
            add_tags(&mut caller, identity);
        }
        Some(caller)
    }

    /// The caller at a position of the identities.
    pub(crate) fn caller_at(&self, index: usize) -> Option<Caller> {
        let (key, identity) = self.identities.get_index(index)?;
        let mut caller = Caller::identity(key.kind, &key.account, &identity.arn, None, Some(index));
        add_tags(&mut caller, identity);
        Some(caller)
    }

    fn caller_of_construct(&self, word: &str) -> Result<Caller, QueryError> {
        let path = |identity: &Identity| identity.declared.as_ref().map(|(path, _)| path.clone());
        let all: Vec<(usize, String)> = self
            .identities
            .values()
            .enumerate()
            .filter_map(|(index, identity)| Some((index, path(identity)?)))
            .collect();
        let found: Vec<_> = all.iter().filter(|(_, path)| is_called(path, word)).collect();
        match found.as_slice() {
            [(index, _)] => self.caller_at(*index).ok_or_else(|| unknown_principal(word, &[])),
            [] => Err(unknown_principal(word, &all)),
            several => Err(QueryError::AmbiguousPrincipal {
                word: word.to_owned(),
                found: several.iter().map(|(_, path)| path.clone()).collect(),
            }),
        }
    }

    /// The repository that a word names.
    pub(crate) fn repository(&self, word: &str) -> Result<Repository, QueryError> {
        let is_named = |repository: &&Repository| {
            repository.arn == word
                || repository.name == word
                || repository.declared.as_ref().is_some_and(|(path, _)| is_called(path, word))
        };
        let found: Vec<_> = self.repositories.iter().filter(is_named).collect();
        match found.as_slice() {
            [repository] => Ok((*repository).clone()),
            [] => Repository::undeclared(word).ok_or_else(|| {
                let known = self.repositories.iter().flat_map(|repository| {
                    let path = repository.declared.iter().flat_map(|(path, _)| words(path));
                    std::iter::once(repository.name.as_str()).chain(path)
                });
                let known: Vec<&str> = known.collect();
                QueryError::UnknownRepository {
                    word: word.to_owned(),
                    suggestion: suggest(word, known).map(str::to_owned),
                }
            }),
            several => Err(QueryError::AmbiguousRepository {
                word: word.to_owned(),
                found: several.iter().map(|repository| repository.arn.clone()).collect(),
            }),
        }
    }
}

/// The actions of Amazon ECR, and then those of Amazon ECR Public.
pub(crate) fn actions_of_ecr() -> Vec<String> {
    let of = |prefix: &str, (on_repository, on_registry): (&[&str], &[&str])| {
        let all = on_repository.iter().chain(on_registry);
        all.map(|it| format!("{prefix}:{it}")).collect::<Vec<_>>()
    };
    let private = of("ecr", ecrane_core::ecr_actions());
    [private, of("ecr-public", ecrane_core::ecr_public_actions())].concat()
}

/// Whether a text is the unique id of a role or user: IAM user guide, "IAM identifiers".
pub(crate) fn is_unique_id(text: &str) -> bool {
    (text.starts_with("AROA") || text.starts_with("AIDA"))
        && text.len() >= 16
        && text.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
}

/// The names of a construct path: with and without the id of its stack.
fn words(path: &str) -> impl Iterator<Item = &str> {
    std::iter::once(path).chain(path.split_once('/').map(|(_, id)| id))
}

fn is_called(path: &str, word: &str) -> bool {
    words(path).any(|own| own == word)
}

fn unknown_principal(word: &str, known: &[(usize, String)]) -> QueryError {
    let known: Vec<&str> = known.iter().flat_map(|(_, path)| words(path)).collect();
    QueryError::UnknownPrincipal {
        word: word.to_owned(),
        suggestion: suggest(word, known).map(str::to_owned),
    }
}

/// Adds the tags of a declared identity.
fn add_tags(caller: &mut Caller, identity: &Identity) {
    for (key, value) in &identity.tags {
        caller.keys.set(&format!("aws:PrincipalTag/{key}"), [value.clone()]);
    }
    caller.has_other_tags = identity.declared.is_none() || identity.takes_session_tags();
}
