//! In place of [`files`](super): no form, because this build reads no sets of responses (the feature `ears`).

use super::Hrirs;

const MISSING: &str = "this build has no reader of head-related responses";

/// No file is known.
pub(super) const fn is_set(_: &[u8]) -> bool {
    false
}

/// Refuses every file.
pub(super) fn read(_: &[u8]) -> Result<Hrirs, String> {
    Err(MISSING.to_owned())
}

/// Refuses to write.
pub(super) fn write(_: &Hrirs) -> Result<Vec<u8>, String> {
    Err(MISSING.to_owned())
}
