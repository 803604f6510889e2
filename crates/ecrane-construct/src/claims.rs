//! The construct ids in use in a stack.

use std::sync::Arc;

use ecrane_core::{ConstructPath, ConstructPathError, Explain, KeyMap, Place};
use thiserror::Error;

/// The paths in use, with their owners: those of resources, and those of outputs.
#[derive(Debug, Clone, Default)]
pub(crate) struct Claims {
    constructs: Paths,
    outputs: Paths,
}

/// Paths, by their text.
type Paths = KeyMap<Arc<str>, Claim>;

/// Which paths exclude each other. Templates and modules have one namespace for resources and one
/// for outputs.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Namespace {
    Constructs,
    Outputs,
}

#[derive(Debug, Clone)]
enum Claim {
    Scope,
    Construct(Place),
}

impl Claims {
    /// Claims a path and its scopes.
    pub(crate) fn claim(
        &mut self,
        path: &ConstructPath,
        namespace: Namespace,
        place: &Place,
    ) -> Result<(), ClaimError> {
        let claims = match namespace {
            Namespace::Constructs => &mut self.constructs,
            Namespace::Outputs => &mut self.outputs,
        };
        let text = path.as_str();
        for scope in text.match_indices('/').filter_map(|(end, _)| text.get(..end)) {
            match claims.get(scope) {
                Some(Claim::Construct(first)) => {
                    return Err(ClaimError::InsideConstruct {
                        id: path.to_string(),
                        construct: scope.to_owned(),
                        first: first.clone(),
                    });
                }
                Some(Claim::Scope) => {}
                None => {
                    claims.insert(scope.into(), Claim::Scope);
                }
            }
        }
        let claim = Claim::Construct(place.clone());
        match claims.insert(path.to_shared(), claim) {
            None => Ok(()),
            Some(Claim::Construct(first)) => {
                Err(ClaimError::PathTaken { id: path.to_string(), first: Some(first) })
            }
            Some(Claim::Scope) => Err(ClaimError::AroundConstruct { id: path.to_string() }),
        }
    }

    /// Claims the path of a child construct.
    pub(crate) fn claim_child(
        &mut self,
        path: &ConstructPath,
        place: &Place,
    ) -> Result<(), ClaimError> {
        let claim = Claim::Construct(place.clone());
        let first = match self.constructs.insert(path.to_shared(), claim) {
            Some(Claim::Construct(first)) => Some(first),
            Some(Claim::Scope) | None => None,
        };
        // The CDK uses this id for the L1 resource.
        let is_resource = path.components().next_back() == Some("Resource");
        if first.is_some() || is_resource {
            return Err(ClaimError::PathTaken { id: path.to_string(), first });
        }
        Ok(())
    }

    /// Returns the scope in which the path adds `Resource` next to `Default`, or the reverse. The
    /// CDK treats both ids as the default child of the scope.
    pub(crate) fn two_defaults(&self, path: &ConstructPath, stack: &str) -> Option<ClaimError> {
        // The path of the scope, with a slash behind it.
        let mut scope = 0;
        path.components().find_map(|component| {
            let around = path.as_str().get(..scope)?;
            scope += component.len() + 1;
            let other = match component {
                "Default" => "Resource",
                "Resource" => "Default",
                _ => return None,
            };
            let sibling = format!("{around}{other}");
            let name = around.strip_suffix('/').unwrap_or(stack).to_owned();
            [&self.constructs, &self.outputs]
                .iter()
                .any(|claims| claims.contains_key(sibling.as_str()))
                .then(|| ClaimError::TwoDefaults { id: path.to_string(), scope: name })
        })
    }
}

/// An invalid or duplicate construct id.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ClaimError {
    /// The id is invalid.
    #[error(transparent)]
    Path(#[from] ConstructPathError),
    /// Two constructs in a stack have the same id.
    #[error("duplicate construct id `{id}` in this stack")]
    PathTaken {
        /// The id.
        id: String,
        /// The place of the first construct with the id. `None` if the CDK uses the id itself.
        first: Option<Place>,
    },
    /// The id is inside a construct that is not a scope.
    #[error("construct `{id}` is inside `{construct}`, which is not a scope")]
    InsideConstruct {
        /// The id.
        id: String,
        /// The enclosing construct.
        construct: String,
        /// The place of the enclosing construct.
        first: Place,
    },
    /// The id is already a scope of other constructs.
    #[error("construct id `{id}` is already used as a scope of other constructs")]
    AroundConstruct {
        /// The id.
        id: String,
    },
    /// A scope has two default children.
    #[error("construct `{id}` adds both `Resource` and `Default` to scope `{scope}`")]
    TwoDefaults {
        /// The id.
        id: String,
        /// The scope.
        scope: String,
    },
}

impl Explain for ClaimError {
    fn code(&self) -> &'static str {
        match self {
            Self::Path(error) => error.code(),
            Self::PathTaken { .. } => "construct::id_taken",
            Self::InsideConstruct { .. } => "construct::inside_construct",
            Self::AroundConstruct { .. } => "construct::around_construct",
            Self::TwoDefaults { .. } => "construct::two_defaults",
        }
    }

    fn help(&self) -> Option<String> {
        match self {
            Self::Path(error) => error.help(),
            Self::TwoDefaults { .. } => Some(
                "use a different id: the CDK treats both ids as the default child of the scope".to_owned(),
            ),
            Self::PathTaken { .. } | Self::InsideConstruct { .. } | Self::AroundConstruct { .. } => {
                Some(
                    "use a different id: keys, principals, repositories and registry settings of a stack share one id namespace, and its outputs another"
                        .to_owned(),
                )
            }
        }
    }

    fn related(&self) -> Option<(&Place, &'static str)> {
        match self {
            Self::PathTaken { first: Some(first), .. } | Self::InsideConstruct { first, .. } => {
                Some((first, "first defined here"))
            }
            Self::Path(_)
            | Self::PathTaken { first: None, .. }
            | Self::AroundConstruct { .. }
            | Self::TwoDefaults { .. } => None,
        }
    }
}
