//! The names that placeholders and columns of a manifest have.

/// The placeholders that every batch has.
pub(super) const FIXED: &[&str] = &["name", "stem", "index", "ext", "seed", "hash", "duration", "lufs", "peak"];

/// The placeholders that are known only when the sound has been rendered.
pub(super) const LATE: &[&str] = &["stem", "lufs", "peak"];

/// The placeholders that are known when the track has been loaded.
pub(super) const AFTER_LOADING: &[&str] = &["hash", "duration"];

/// The columns of results.
pub(super) const RESULTS: &[&str] = &["file", "hash", "options", "sha256", "duration", "lufs", "peak", "seed", "error"];

/// The columns of jobs besides variables and labels.
pub(super) const GIVEN: &[&str] = &["track", "output"];
