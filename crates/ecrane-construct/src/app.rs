//! The app: the root of the construct tree.

use std::cell::{Ref, RefCell, RefMut};
use std::rc::Rc;

use ecrane_core::{Compatibility, Draft, Explain, Graph, Problem, Problems};
use thiserror::Error;

use crate::state::AppState;

/// The root of the construct tree: CDK's `App`.
///
/// Constructs are handles to one app and are cheap to clone. Methods do not return errors: problems
/// are collected, and [`App::build`] returns all of them at once.
///
/// ```
/// use ecrane_construct::{App, Repository, RepositoryProps, Stack, StackProps};
///
/// let app = App::default();
/// let stack = Stack::new(&app, "Registry", StackProps::default());
/// Repository::new(&stack, "App", RepositoryProps { image_scan_on_push: Some(true), ..Default::default() });
/// let graph = app.build()?;
/// assert_eq!(graph.stacks()[0].resources.len(), 1);
/// # Ok::<(), ecrane_core::Problems>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct App(Rc<RefCell<AppState>>);

impl App {
    /// Creates an app whose graph matches what this AWS CDK version synthesizes from the same
    /// program.
    pub fn new(compatibility: Compatibility) -> Self {
        Self::part(compatibility, 0)
    }

    /// Creates an app for a part of the stacks, which follow `before` others in the graph. Each part can
    /// be built by another thread, if no stack refers to one of another part; [`App::join`] makes the
    /// graph of all.
    pub fn part(compatibility: Compatibility, before: usize) -> Self {
        let state = AppState { compatibility, first: before, ..AppState::default() };
        Self(Rc::new(RefCell::new(state)))
    }

    /// Builds the graph of all constructs.
    ///
    /// # Errors
    /// Returns all problems, in input order, if at least one is an error.
    pub fn build(&self) -> Result<Graph, Problems> {
        Self::join([Stacks(self.state().clone())]).finish()
    }

    /// Builds the graph from the constructs themselves, of which [`build`](Self::build) makes
    /// copies. The app is empty afterwards.
    ///
    /// # Errors
    /// As [`build`](Self::build).
    pub fn into_graph(self) -> Result<Graph, Problems> {
        self.into_draft().finish()
    }

    /// Like [`into_graph`](Self::into_graph), but keeps a graph with errors, so that backends can be
    /// asked for their problems.
    pub fn into_draft(self) -> Draft {
        Self::join([self.into_stacks()])
    }

    /// Takes the stacks out of the app, to send them to another thread. The app is empty afterwards.
    pub fn into_stacks(self) -> Stacks {
        Stacks(std::mem::take(&mut *self.state_mut()))
    }

    /// Builds the graph of the stacks of several apps, in the order of the positions that
    /// [`App::part`] gave them. The first one says what the graph is compatible with.
    ///
    /// ```
    /// use ecrane_construct::{App, Repository, RepositoryProps, Stack, StackProps};
    /// use ecrane_core::Compatibility;
    ///
    /// let part = |before, id| {
    ///     let app = App::part(Compatibility::default(), before);
    ///     Repository::new(&Stack::new(&app, id, StackProps::default()), "App", RepositoryProps::default());
    ///     app.into_stacks()
    /// };
    /// let graph = App::join([part(0, "Shop"), part(1, "Data")]).finish()?;
    /// assert_eq!(graph.stacks()[1].id, "Data");
    /// # Ok::<(), ecrane_core::Problems>(())
    /// ```
    pub fn join(parts: impl IntoIterator<Item = Stacks>) -> Draft {
        let mut parts = parts.into_iter();
        let Stacks(mut all) = parts.next().unwrap_or_default();
        for Stacks(part) in parts {
            all.stacks.extend(part.stacks);
            all.problems.extend(part.problems);
        }
        all.draft()
    }

    pub(crate) fn state(&self) -> Ref<'_, AppState> {
        self.0.borrow()
    }

    pub(crate) fn state_mut(&self) -> RefMut<'_, AppState> {
        self.0.borrow_mut()
    }

    pub(crate) fn is(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }

    /// Adds a problem found outside of the constructs, such as in a config.
    pub fn note(&self, problem: Problem) {
        self.state_mut().problems.push(problem);
    }
}

/// The stacks of an app, without handles to them.
#[derive(Debug, Default)]
pub struct Stacks(AppState);

/// A construct is used in another app.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("`{construct}` belongs to another app")]
pub struct OtherApp {
    /// The construct path.
    pub construct: String,
}

impl Explain for OtherApp {
    fn code(&self) -> &'static str {
        "construct::other_app"
    }

    fn help(&self) -> Option<String> {
        Some("create both constructs in the same app".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use ecrane_core::Environment;

    use super::*;
    use crate::stack::{Stack, StackProps};

    #[test]
    fn a_stack_name_is_unique_in_an_account_and_region() {
        let names = |stacks: &[(&str, &str, Option<&str>)]| {
            let app = App::default();
            for (id, name, region) in stacks {
                let env = Environment { account: None, region: region.map(|r| r.parse().unwrap()) };
                let stack_name = Some(name.parse().unwrap());
                Stack::new(&app, id, StackProps { stack_name, env, ..StackProps::default() });
            }
            match app.build() {
                Ok(graph) => graph.stacks().iter().map(|it| it.output_name.clone()).collect(),
                Err(problems) => {
                    problems.iter().map(|it| it.fact.code().to_owned()).collect::<Vec<_>>()
                }
            }
        };
        let (eu, us) = (Some("eu-west-1"), Some("us-east-1"));
        assert_eq!(names(&[("A", "shop", eu), ("B", "shop", us)]), ["shop", "B"]);
        let taken = ["stack::name_taken"];
        assert_eq!(names(&[("A", "shop", eu), ("B", "shop", us), ("C", "shop", eu)]), taken);
        assert_eq!(names(&[("A", "shop", eu), ("B", "shop", None)]), taken);
        let of_another = names(&[("A", "shop", eu), ("B", "shop", us), ("C", "B", eu)]);
        assert_eq!(of_another, ["stack::id_is_name"]);
    }
}
