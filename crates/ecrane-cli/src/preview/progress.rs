//! The progress of a preview, on a terminal, if it takes longer than a moment.

use std::io::IsTerminal as _;
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::diagnostics::escape;

/// A shorter run shows no progress.
const MOMENT: Duration = Duration::from_millis(300);

/// A bar on stderr, if that is a terminal.
#[derive(Debug)]
pub(crate) struct Progress {
    bar: ProgressBar,
    /// Dropped at the end, so that a bar that is not shown yet is never shown.
    _end: Option<Sender<()>>,
}

impl Progress {
    pub(crate) fn start() -> Self {
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden());
        set_style(&bar, "{spinner} {msg} ({elapsed})");
        if !std::io::stderr().is_terminal() {
            return Self { bar, _end: None };
        }
        let (end, ended) = mpsc::channel();
        let late = bar.clone();
        std::thread::spawn(move || {
            if ended.recv_timeout(MOMENT) == Err(RecvTimeoutError::Timeout) {
                late.set_draw_target(ProgressDrawTarget::stderr());
                late.enable_steady_tick(Duration::from_millis(100));
            }
        });
        Self { bar, _end: Some(end) }
    }

    /// Shows the current step, without a position.
    pub(super) fn step(&self, what: &str) {
        if self.bar.position() == self.bar.length().unwrap_or_default() {
            set_style(&self.bar, "{spinner} {msg} ({elapsed})");
            self.bar.unset_length();
            self.bar.set_position(0);
        }
        self.bar.set_message(escape(what));
    }

    /// Shows how much of the current step is done, after so many further bytes of all.
    pub(super) fn advance(&self, bytes: usize, all: usize) {
        match self.bar.length() {
            None => {
                set_style(&self.bar, "{spinner} {bar:30} {percent}% {msg} ({elapsed})");
                self.bar.set_length(all as u64);
            }
            // The bar shows the repositories.
            Some(length) if length != all as u64 => return,
            Some(_) => {}
        }
        self.bar.inc(bytes as u64);
    }

    /// Shows the current one of several repositories.
    pub(crate) fn repository(&self, what: &str, label: Option<&str>, index: usize, all: usize) {
        if all > 1 {
            if let Ok(style) = ProgressStyle::with_template("{spinner} {bar:30} {pos}/{len} {msg}")
            {
                self.bar.set_style(style);
            }
            self.bar.set_length(all as u64);
            self.bar.set_position(index as u64);
        }
        self.step(&format!("{what} {}", label.unwrap_or("the images")));
    }

    /// Shows a step, and how many of all its parts are done.
    #[cfg(feature = "aws")]
    pub(crate) fn done(&self, step: &str, done: usize, all: usize) {
        if all > 0 {
            set_style(&self.bar, "{spinner} {bar:30} {pos}/{len} {msg} ({elapsed})");
            self.bar.set_length(all as u64);
            self.bar.set_position(done as u64);
        }
        self.bar.set_message(escape(step));
    }

    /// Clears the line of the terminal.
    pub(crate) fn finish(self) {
        self.bar.finish_and_clear();
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}

fn set_style(bar: &ProgressBar, template: &str) {
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style);
    }
}
