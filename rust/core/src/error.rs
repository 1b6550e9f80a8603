//! Errors and warnings as values: the place (a JSON path), what was found, what was expected and what was probably
//! meant.

use std::collections::HashMap;
use std::fmt;

use crate::printable::printable;

/// How serious a [`Problem`] is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Good to know; nothing is wrong.
    Note,
    /// Something was ignored or replaced, or may surprise. The track still renders.
    Warning,
    /// The track (or the voice) cannot be rendered as written.
    Error,
}

/// One finding about a track, a voice or a call: a JSON path and a sentence.
///
/// ```
/// use realtime_backend_core::error::{Problem, Severity};
///
/// let problem = Problem::warning("beatFreq", "expected a number").within("voices[0].params").within("steps[2]");
/// assert_eq!(problem.severity, Severity::Warning);
/// assert_eq!(problem.to_string(), "steps[2].voices[0].params.beatFreq: expected a number");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Note, warning or error.
    pub severity: Severity,
    /// The place, such as `steps[2].voices[0].params.beatFreq`; empty for the whole document.
    pub path: String,
    /// What was found and what was expected, as one sentence without the path. It holds no characters that control a
    /// terminal.
    pub message: String,
    /// The line of a text file that the finding is about.
    pub excerpt: Option<Box<Excerpt>>,
}

/// A line of a text file with the part that a finding is about.
///
/// ```
/// use realtime_backend_core::error::Excerpt;
///
/// let excerpt = Excerpt::new("deep: 200+x/20", 7, 11, 1);
/// assert_eq!(excerpt.to_string(), "  |\n7 | deep: 200+x/20\n  |           ^");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Excerpt {
    /// Number of the line, from 1.
    pub line: usize,
    /// The line, or the part of a long line around the place.
    pub text: String,
    /// Column in `text` of the first character of the place, from 0.
    pub column: usize,
    /// Length of the place in characters, at least 1.
    pub width: usize,
}

impl Excerpt {
    /// Characters of a long line that are shown before and after the place.
    const AROUND: usize = 60;

    /// The place in `line` (the text of line `number`) that begins at `column`, counted from 1, and has `width`
    /// characters.
    pub fn new(line: &str, number: usize, column: usize, width: usize) -> Self {
        let first = column.saturating_sub(1);
        let skipped = if line.chars().count() > 2 * Self::AROUND { first.saturating_sub(Self::AROUND) } else { 0 };
        let shown = line.chars().skip(skipped).take(2 * Self::AROUND);
        // one character for each, so that the marks stay below the place
        let text: String =
            shown.map(|c| if printable(c.encode_utf8(&mut [0; 4])).len() == c.len_utf8() { c } else { ' ' }).collect();
        let column = (first - skipped).min(text.chars().count());
        let width = width.clamp(1, (text.chars().count() - column).max(1));
        Self { line: number, text, column, width }
    }
}

impl fmt::Display for Excerpt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let number = self.line.to_string();
        let margin = " ".repeat(number.len());
        let marks = format!("{}{}", " ".repeat(self.column), "^".repeat(self.width));
        write!(f, "{margin} |\n{number} | {}\n{margin} | {marks}", self.text.trim_end())
    }
}

impl Problem {
    /// An error at `path`.
    pub fn error(path: impl Into<String>, message: impl Into<String>) -> Self {
        Self { severity: Severity::Error, path: path.into(), message: shown(message.into()), excerpt: None }
    }

    /// A warning at `path`.
    pub fn warning(path: impl Into<String>, message: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, path: path.into(), message: shown(message.into()), excerpt: None }
    }

    /// The same finding with the line that it is about.
    #[must_use]
    pub fn showing(self, excerpt: Excerpt) -> Self {
        Self { excerpt: Some(Box::new(excerpt)), ..self }
    }

    /// A note on `path`.
    pub fn note(path: impl Into<String>, message: impl Into<String>) -> Self {
        Self { severity: Severity::Note, path: path.into(), message: shown(message.into()), excerpt: None }
    }

    /// The same finding as an enclosing object reports it: `prefix` is put before the path.
    #[must_use]
    pub fn within(mut self, prefix: &str) -> Self {
        if self.path.is_empty() {
            prefix.clone_into(&mut self.path);
        } else if self.path.starts_with('[') {
            self.path.insert_str(0, prefix);
        } else {
            self.path = format!("{prefix}.{}", self.path);
        }
        self
    }
}

/// `message` made safe for a terminal. Many messages quote names and values from outside.
fn shown(message: String) -> String {
    match printable(&message) {
        std::borrow::Cow::Borrowed(_) => message,
        std::borrow::Cow::Owned(safe) => safe,
    }
}

/// Adds the findings of a later stage (compiling) to those of an earlier one (loading), without duplicates. If a new
/// message begins with a known message at the same path, it replaces the known one, because it says more.
///
/// ```
/// use realtime_backend_core::error::{Problem, add_new};
///
/// let mut found = vec![Problem::warning("steps[0]", "silent")];
/// add_new(&mut found, vec![Problem::warning("steps[0]", "silent"), Problem::warning("steps[1]", "silent")]);
/// assert_eq!(found.len(), 2);
/// ```
pub fn add_new(problems: &mut Vec<Problem>, more: Vec<Problem>) {
    let mut by_path: HashMap<String, Vec<usize>> = HashMap::new();
    for (index, known) in problems.iter().enumerate() {
        by_path.entry(known.path.clone()).or_default().push(index);
    }
    for problem in more {
        let same_path = by_path.entry(problem.path.clone()).or_default();
        match same_path.iter().copied().find(|index| problem.message.starts_with(&problems[*index].message)) {
            Some(index) => problems[index] = problem,
            None => {
                same_path.push(problems.len());
                problems.push(problem);
            }
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let message = printable(&self.message);
        if self.path.is_empty() { f.write_str(&message) } else { write!(f, "{}: {message}", printable(&self.path)) }?;
        self.excerpt.as_ref().map_or(Ok(()), |excerpt| write!(f, "\n{excerpt}"))
    }
}

/// Everything that can go wrong in the engine.
///
/// ```
/// use realtime_backend_core::error::Error;
/// use realtime_backend_core::track::Track;
///
/// match Track::from_json(r#"{"progression": [{"duration": "long"}]}"#) {
///     Err(Error::Invalid(problems)) => assert_eq!(problems[0].path, "progression[0].duration"),
///     other => panic!("{other:?}"),
/// }
/// ```
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The input (track, parameters, arguments) is not usable; one or more findings of severity `Error`.
    #[error("{}", join(.0))]
    Invalid(Vec<Problem>),
    /// A file could not be read or written.
    #[error("{}: {}", printable(path), printable(&reason(source)))]
    Io {
        /// Path or name of the file.
        path: String,
        /// The error of the operating system.
        source: std::io::Error,
    },
    /// An audio file could not be decoded or encoded.
    #[error("{}: {}", printable(path), printable(message))]
    Media {
        /// Path or name of the file.
        path: String,
        /// What is wrong with it.
        message: String,
    },
    /// This build lacks the part that is needed: a feature of the crate, or of the module for browsers.
    #[error("this build cannot {0}")]
    Missing(&'static str),
    /// The caller asked to stop (Ctrl-C, or a progress callback that returned false).
    #[error("cancelled")]
    Cancelled,
}

/// What the operating system says, without Rust's "(os error 2)".
///
/// ```
/// use realtime_backend_core::error::reason;
///
/// let missing = std::fs::File::open("no such file").unwrap_err();
/// assert!(!reason(&missing).contains("os error"));
/// ```
pub fn reason(error: &std::io::Error) -> String {
    let text = error.to_string();
    match (error.raw_os_error(), text.rfind(" (os error ")) {
        (Some(_), Some(end)) => text[..end].to_owned(),
        _ => text,
    }
}

fn join(problems: &[Problem]) -> String {
    problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

impl Error {
    /// [`Error::Invalid`] with a single error at `path`.
    ///
    /// ```
    /// use realtime_backend_core::error::Error;
    ///
    /// let error = Error::invalid("threads", "expected 1 to 1024, got 0");
    /// assert_eq!(error.to_string(), "threads: expected 1 to 1024, got 0");
    /// ```
    pub fn invalid(path: impl Into<String>, message: impl Into<String>) -> Self {
        Self::Invalid(vec![Problem::error(path, message)])
    }

    /// [`Error::Missing`] for sound that is placed round the head, in a build without the feature `spatial`.
    pub(crate) const fn unplaced() -> Self {
        Self::Missing("place sound round the head")
    }

    /// The same error as an enclosing object reports it (see [`Problem::within`]). Only [`Error::Invalid`] changes.
    #[must_use]
    pub fn within(self, prefix: &str) -> Self {
        match self {
            Self::Invalid(problems) => Self::Invalid(problems.into_iter().map(|p| p.within(prefix)).collect()),
            other => other,
        }
    }
}

/// `Result` with the engine's [`Error`].
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// The name in `known` that is most similar to `given`, ignoring case; `None` if the similarity is below 0.6.
///
/// ```
/// use realtime_backend_core::error::nearest;
///
/// assert_eq!(nearest("baseFrq", ["beatFreq", "baseFreq", "ampL"]), Some("baseFreq"));
/// assert_eq!(nearest("volume", ["beatFreq", "baseFreq", "ampL"]), None);
/// ```
pub fn nearest<'a>(given: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let rated = known.into_iter().filter_map(|name| Some((similarity(given, name).filter(|s| *s >= 0.6)?, name)));
    rated.max_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, name)| name)
}

/// From 0 to 1, which is for the same names, ignoring case; `None` if they are far from each other.
pub(crate) fn similarity(given: &str, name: &str) -> Option<f64> {
    let (given, name) = (given.to_lowercase(), name.to_lowercase());
    let (length, other) = (given.chars().count(), name.chars().count());
    // the difference in length is a lower bound of the edit distance
    let near = length.abs_diff(other) * 5 <= length.max(other) * 2;
    near.then(|| strsim::normalized_damerau_levenshtein(&given, &name))
}

/// `; did you mean "x"?` for the [`nearest`] name, or an empty string.
///
/// ```
/// use realtime_backend_core::error::suggestion;
///
/// assert_eq!(suggestion("baseFrq", ["baseFreq"]), "; did you mean \"baseFreq\"?");
/// assert_eq!(suggestion("volume", ["baseFreq"]), "");
/// ```
pub fn suggestion<'a>(given: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    nearest(given, known).map(|name| format!("; did you mean \"{name}\"?")).unwrap_or_default()
}
