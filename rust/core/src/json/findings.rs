//! Collects everything that is said about a document while it is read, so that one pass names every mistake.

use std::cell::{Cell, RefCell};

use crate::compat::Compat;
use crate::error::{Error, Problem, Result, Severity};
use crate::interrupt::Interrupt;

/// Most findings kept; a document with more has one cause.
const MAX_FINDINGS: usize = 200;

/// The findings of one load.
#[derive(Debug, Default)]
pub(crate) struct Findings {
    found: RefCell<Vec<Problem>>,
    any_error: Cell<bool>,
    more: Cell<usize>,
    /// Report unusable voices as warnings and keep them (they will be silent).
    pub(crate) keep_bad_voices: bool,
    /// The rules that the document is read under.
    pub(crate) rules: Compat,
    /// How often a voice was found unusable.
    bad_voices: Cell<usize>,
    /// Reading stops between steps when this asks for it; whoever began it then throws the rest away.
    pub(crate) interrupt: Interrupt,
}

impl Findings {
    pub(crate) fn add(&self, problem: Problem) {
        let mut found = self.found.borrow_mut();
        // Warnings never crowd out the errors.
        let is_error = problem.severity == Severity::Error;
        let first_error = is_error && !self.any_error.get();
        self.any_error.set(is_error || self.any_error.get());
        if found.len() < MAX_FINDINGS || first_error {
            found.push(problem);
        } else {
            self.more.set(self.more.get() + 1);
        }
    }

    pub(crate) fn error(&self, at: impl Into<String>, message: impl Into<String>) {
        self.add(Problem::error(at, message));
    }

    pub(crate) fn warn(&self, at: impl Into<String>, message: impl Into<String>) {
        self.add(Problem::warning(at, message));
    }

    /// Something that makes one voice unusable.
    pub(crate) fn bad_voice(&self, at: impl Into<String>, message: impl Into<String>) {
        self.bad_voices.set(self.bad_voices.get() + 1);
        if self.keep_bad_voices {
            self.warn(at, format!("{}; the voice is silent", message.into()));
        } else {
            self.error(at, message);
        }
    }

    /// How often a voice was found unusable so far.
    pub(crate) fn bad_voices(&self) -> usize {
        self.bad_voices.get()
    }

    /// `value` with the warnings, or all errors.
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
