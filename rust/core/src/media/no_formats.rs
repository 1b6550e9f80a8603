//! In place of [`formats`](super): no format, because this build has no decoders (the feature `decoders`).

use super::fault::Res;
use super::input::Input;
use super::opened::{Check, Opened};
use crate::error::Error;

/// Refuses every file.
pub(super) fn open(_: Input, _: &mut Check<'_>) -> Res<Opened> {
    Err(Error::Missing("decode audio files").into())
}
