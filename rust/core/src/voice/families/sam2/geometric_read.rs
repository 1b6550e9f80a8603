//! Reading the parameters of the mode `geometric`.

use super::CARRIER;
use super::geometric::{Distances, Geometric, Law, SPEED, Source};
use super::read::{Reader, timeline};
use super::rows::{
    AMP, CANONICAL_TRAJECTORY, CARRIER_FREQ, DISTANCE_LAW, DOPPLER, MAXIMUM_DISTANCE, MINIMUM_DISTANCE,
    REFERENCE_DISTANCE,
};
use super::timeline::Pitch;
use crate::error::{Error, Result, suggestion};
use crate::voice::grid::Cells;
use crate::voice::params::Params;
use crate::voice::spatial::path::{Frame, Path};
use crate::voice::{Context, Voice};

/// The voice in the mode `geometric`.
pub(super) fn build(context: &Context, reader: &Reader<'_, '_>) -> Result<Box<dyn Voice>> {
    let (params, meant) = (reader.params, context.compat.true_workbench);
    let Some(value) = params.raw(&CANONICAL_TRAJECTORY) else {
        return Err(Error::invalid(CANONICAL_TRAJECTORY.name, "missing; the mode geometric needs a path"));
    };
    let frame = if meant { Frame::Placed } else { Frame::Drawn };
    let (path, noticed) = Path::read(value, CANONICAL_TRAJECTORY.name, frame, context.compat)?;
    for problem in noticed {
        params.warn(&problem.path, problem.message);
    }
    let distances = distances(params)?;
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
    Ok(Cells::boxed(Geometric { source: Source::new(line, pitch, amp, from, to), path, distances, first }))
}

fn distances(params: &Params<'_>) -> Result<Distances> {
    let given = params.text_as(DISTANCE_LAW.name).map(|text| text.trim().to_lowercase());
    if let Some(other) = given.filter(|given| !Law::NAMES.contains(&given.as_str())) {
        let hint = suggestion(&other, Law::NAMES.iter().copied());
        let known = Law::NAMES.join(", ");
        return Err(Error::invalid(DISTANCE_LAW.name, format!("expected one of {known}, got {other:?}{hint}")));
    }
    let found = Distances {
        law: Law::named(params.choice(&DISTANCE_LAW)),
        reference: params.number(&REFERENCE_DISTANCE)?,
        nearest: params.number(&MINIMUM_DISTANCE)?,
        farthest: params.number(&MAXIMUM_DISTANCE)?,
        doppler: params.flag(&DOPPLER),
    };
    if found.farthest < found.nearest {
        let expected = format!("expected at least minimumDistanceM, {}, got {}", found.nearest, found.farthest);
        return Err(Error::invalid(MAXIMUM_DISTANCE.name, expected));
    }
    Ok(found)
}
