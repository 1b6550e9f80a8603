//! The spatial stage of the binaural voices: the mid signal moves around the head, the side signal stays
//! (spec binaural-and-isochronic 6).

#[cfg(feature = "spatial")]
mod moving;
#[cfg(not(feature = "spatial"))]
#[path = "no_moving.rs"]
mod moving;
mod rows;

use crate::error::Result;
use crate::voice::params::Params;
use crate::voice::{Context, Voice};

pub(crate) use rows::{SPATIAL_ENABLE, TABLE};

/// `voice` behind the spatial stage, if the parameters turn it on.
pub(crate) fn wrap(voice: Box<dyn Voice>, context: &Context, params: &Params<'_>) -> Result<Box<dyn Voice>> {
    if !params.flag(&SPATIAL_ENABLE) || context.frames == 0 {
        return Ok(voice);
    }
    moving::wrap(voice, context, params)
}
