//! In place of [`moving`](super): no sound, because this build places none round the head (the feature `spatial`).

use crate::error::{Error, Result};
use crate::voice::params::Params;
use crate::voice::{Context, Voice};

/// Refuses every voice.
pub(super) fn wrap(_: Box<dyn Voice>, _: &Context, _: &Params<'_>) -> Result<Box<dyn Voice>> {
    Err(Error::unplaced())
}
