//! Findings about a session file, with file, line, column and the line itself.

use super::text::{Word, lines};
pub use crate::error::Excerpt;
use crate::error::{Error, Problem, Result, Severity};
use crate::json::findings::Findings;

/// Collects the findings about one file.
pub(super) struct Report<'t> {
    name: &'t str,
    /// The lines of the file.
    pub(super) lines: Vec<&'t str>,
    findings: Findings,
    strict: bool,
}

impl<'t> Report<'t> {
    pub(super) fn new(name: &'t str, text: &'t str, strict: bool) -> Self {
        Self { name, lines: lines(text), findings: Findings::default(), strict }
    }

    /// All lines that are not blank.
    pub(super) fn words(&self) -> impl Iterator<Item = Word<'t>> + use<'t> {
        let lines = self.lines.clone();
        lines.into_iter().enumerate().map(|(index, text)| Word::line(text, index + 1).trimmed())
    }

    /// Something that is left out or replaced.
    pub(super) fn warn(&self, at: Word<'_>, message: impl Into<String>) {
        let severity = if self.strict { Severity::Error } else { Severity::Warning };
        self.add(severity, at, message.into());
    }

    /// A mistake.
    pub(super) fn error(&self, at: Word<'_>, message: impl Into<String>) {
        self.add(Severity::Error, at, message.into());
    }

    /// Add the findings about another file.
    pub(super) fn adopt(&self, other: Report<'_>) {
        match other.findings.conclude(()) {
            Ok(((), problems)) | Err(Error::Invalid(problems)) => {
                for problem in problems {
                    self.findings.add(problem);
                }
            }
            Err(_) => {}
        }
    }

    fn add(&self, severity: Severity, at: Word<'_>, message: String) {
        let path = format!("{}:{}:{}", self.name, at.line, at.column);
        let problem = match severity {
            Severity::Error => Problem::error(path, message),
            _ => Problem::warning(path, message),
        };
        let line = self.lines.get(at.line.saturating_sub(1)).copied().unwrap_or_default();
        self.findings.add(problem.showing(Excerpt::new(line, at.line, at.column, at.text.chars().count())));
    }

    /// `value` and the warnings.
    ///
    /// # Errors
    /// All errors, if there are any.
    pub(super) fn conclude<T>(self, value: Option<T>) -> Result<(T, Vec<Problem>)> {
        let (value, warnings) = self.findings.conclude(value)?;
        value.map(|value| (value, warnings)).ok_or_else(|| Error::invalid(self.name, "cannot be read"))
    }
}
