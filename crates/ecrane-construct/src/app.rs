//! The app: the root of the construct tree.

use std::cell::{Ref, RefCell, RefMut};
use std::rc::Rc;

use ecrane_core::{Compatibility, Explain, Graph, Problem, Problems};
use thiserror::Error;

use crate::build::stack_node;
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
        Self(Rc::new(RefCell::new(AppState { compatibility, ..AppState::default() })))
    }

    /// Builds the graph of all constructs.
    ///
    /// # Errors
    /// Returns all problems, in input order, if at least one is an error.
    pub fn build(&self) -> Result<Graph, Problems> {
        let state = self.state();
        let mut problems = state.problems.clone();
        let minimize = state.compatibility.minimize_policies;
        let stacks =
            state.stacks.iter().map(|stack| stack_node(stack, minimize, &mut problems)).collect();
        Graph::new(stacks, state.compatibility, problems)
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
