//! Reading the parameters of the mode `geometric`.

use super::CARRIER;
use super::read::{Reader, timeline};
use super::rows::{AMP, CARRIER_FREQ};
use super::timeline::Pitch;
use super::tone::Tone;
use crate::error::{Error, Result};
use crate::voice::spatial::geometric::{self, Distances, SPEED};
use crate::voice::spatial::path::Frame;
use crate::voice::spatial::place::Place;
use crate::voice::spatial::rows::CANONICAL_TRAJECTORY;
use crate::voice::{Context, Voice};

/// The voice in the mode `geometric`.
pub(super) fn build(context: &Context, reader: &Reader<'_, '_>) -> Result<Box<dyn Voice>> {
    let (params, meant) = (reader.params, context.compat.true_workbench);
    let Some(value) = params.raw(&CANONICAL_TRAJECTORY) else {
        return Err(Error::invalid(CANONICAL_TRAJECTORY.name, "missing; the mode geometric needs a path"));
    };
    let frame = if meant { Frame::Placed } else { Frame::Drawn };
    let path = Place::read(value, frame, context.compat, params)?;
    let distances = Distances::read(params)?;
    let mut line = timeline(context, params)?;
    let (carrier, followed) = reader.course(context, 440.0, &[&CARRIER_FREQ])?;
    let followed = followed.filter(|_| meant).map(|followed| followed.begun_earlier(line.first));
    let first = std::mem::take(&mut line.first);
    let shift = context.shift(CARRIER);
    let pitch = Pitch::new(carrier, &line, shift).following(followed, &line, shift);
    let amp = reader.still(&[&AMP])?.unwrap_or(0.7);
    let lead = (distances.farthest / SPEED * line.rate).ceil() + 4.0;
    let (from, to) =
        if meant { (0.0, f64::INFINITY) } else { ((first - lead).max(0.0), first + context.frames as f64) };
    let rate = line.rate;
    Ok(geometric::renderer(Tone::new(line, pitch, amp, from, to), path, distances, rate, first))
}
