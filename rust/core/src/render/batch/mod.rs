//! Batches: many files from tracks and variables, with names from templates and a manifest. Rendering them is up to the
//! caller, so that it can be done in threads, processes or elsewhere.

mod csv;
mod job;
mod manifest;
mod names;
mod template;
mod variable;
mod words;

pub use job::{Job, jobs};
pub use manifest::{Manifest, Row, finished};
pub use names::{Names, Output};
pub use template::{Field, Template};
pub use variable::{Axis, Variable};

use std::path::Path;

use super::FileLevels;
use crate::error::{Error, Result};
use crate::files::digest;

/// A short hash of options, given as text, and of the version of the engine: files with the same one are rendered alike.
pub fn fingerprint(options: &str) -> String {
    let text = format!("{} {options}", env!("CARGO_PKG_VERSION"));
    digest::of_bytes(text.as_bytes()).chars().take(16).collect()
}

/// The cells of a manifest for a finished file of `duration` seconds.
///
/// # Errors
/// [`Error::Io`] if the file cannot be read.
pub fn results(
    file: &Path,
    FileLevels { loudness, peak }: FileLevels,
    duration: f64,
    seed: u64,
    [hash, options]: [&str; 2],
) -> Result<Vec<(&'static str, String)>> {
    let io = |source| Error::Io { path: file.display().to_string(), source };
    let decibels = |value: f64| if value.is_finite() { format!("{value:.2}") } else { String::new() };
    Ok(vec![
        ("file", file.display().to_string()),
        ("hash", hash.to_owned()),
        ("options", options.to_owned()),
        ("sha256", digest::of_file(file).map_err(io)?),
        ("duration", duration.to_string()),
        ("lufs", loudness.map_or_else(String::new, decibels)),
        ("peak", decibels(20.0 * f64::from(peak).log10())),
        ("seed", seed.to_string()),
    ])
}
