//! Collects the errors and warnings about a document while it is read, so that one pass reports every mistake.

use std::cell::{Cell, RefCell};

use crate::compat::Compat;
use crate::error::{Error, Problem, Result, Severity};
use crate::interrupt::Interrupt;

/// Upper limit for the findings that are listed. When there are more, most have the same cause.
const MAX_FINDINGS: usize = 200;

/// The findings about one document.
#[derive(Debug, Default)]
pub(crate) struct Findings {
    found: RefCell<Vec<Problem>>,
    any_error: Cell<bool>,
    more: Cell<usize>,
    /// Report unusable voices as warnings instead of errors; such a voice stays in the track and is silent.
    pub(crate) keep_bad_voices: bool,
    /// The compatibility switches under which the document is read.
    pub(crate) rules: Compat,
    /// How often a voice was found unusable.
    bad_voices: Cell<usize>,
    /// Stops reading between steps; the caller then discards what was read.
    pub(crate) interrupt: Interrupt,
}

impl Findings {
    /// Adds a finding, or only counts it if the list is full.
    pub(crate) fn add(&self, problem: Problem) {
        let mut found = self.found.borrow_mut();
        // The first error is listed even if warnings have filled the list.
        let is_error = problem.severity == Severity::Error;
        let first_error = is_error && !self.any_error.get();
        self.any_error.set(is_error || self.any_error.get());
        if found.len() < MAX_FINDINGS || first_error {
            found.push(problem);
        } else {
            self.more.set(self.more.get() + 1);
        }
    }

    /// Adds an error at the path `at`.
    pub(crate) fn error(&self, at: impl Into<String>, message: impl Into<String>) {
        self.add(Problem::error(at, message));
    }

    /// Adds a warning at the path `at`.
    pub(crate) fn warn(&self, at: impl Into<String>, message: impl Into<String>) {
        self.add(Problem::warning(at, message));
    }

    /// Reports something that makes one voice unusable.
    pub(crate) fn bad_voice(&self, at: impl Into<String>, message: impl Into<String>) {
        self.bad_voices.set(self.bad_voices.get() + 1);
        if self.keep_bad_voices {
            self.warn(at, format!("{}; the voice is silent", message.into()));
        } else {
            self.error(at, message);
        }
    }

    /// Number of calls of [`bad_voice`](Self::bad_voice) so far.
    pub(crate) fn bad_voices(&self) -> usize {
        self.bad_voices.get()
    }

    /// `value` with the warnings, or all errors if there are any.
    pub(crate) fn conclude<T>(self, value: T) -> Result<(T, Vec<Problem>)> {
        let more = self.more.into_inner();
        let (mut errors, mut warnings): (Vec<_>, Vec<_>) =
            self.found.into_inner().into_iter().partition(|p| p.severity == Severity::Error);
        if more > 0 {
            let message = format!("{more} more findings are not listed");
            if errors.is_empty() {
                warnings.push(Problem::warning("", message));
            } else {
                errors.push(Problem::error("", message));
            }
        }
        if errors.is_empty() { Ok((value, warnings)) } else { Err(Error::Invalid(errors)) }
    }
}
