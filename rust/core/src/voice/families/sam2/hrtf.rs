//! `rendererMode: "hrtf"`: the tone of SAM2 as a source that moves through measured responses (spec hrtf-renderer).

use serde_json::Value;

use super::followed::Followed;
use super::read::{Reader, timeline};
use super::rows::{ARC_WIDTH_DEG, CARRIER_FREQ, DIRECTION_OFFSET_DEG, MOD_FREQ};
use super::timeline::{Pitch, Timeline};
use super::tone::Tone;
use super::{CARRIER, MODULATION};
use crate::dsp::curve::Alpha;
use crate::dsp::direction::spherical;
use crate::dsp::sine::sine_cycles;
use crate::error::{Error, Result};
use crate::json::value::{shown, truthy};
use crate::voice::param::Param;
use crate::voice::params::Params;
use crate::voice::parts::nyquist;
use crate::voice::parts::transition;
use crate::voice::silence::Silence;
use crate::voice::spatial::geometric::Source as _;
use crate::voice::spatial::hrtf::{self, Scene, Settings};
use crate::voice::spatial::path::Frame;
use crate::voice::spatial::place::Place;
use crate::voice::spatial::rows::{ASSET, CANONICAL_TRAJECTORY, HRTF_OPTIONS};
use crate::voice::{Context, Oscillators, Ramp, Voice};

/// Where the tone is.
#[derive(Debug, Clone)]
enum Movement {
    /// To and fro on an arc, at this elevation in degrees and this distance in metres.
    Arc { modulation: Box<Pitch>, arc: Ramp, direction: Ramp, elevation: f64, distance: f64 },
    /// On a path.
    Path(Place),
}

/// The tone and its movement. Frames count from the start of the renderer's time.
#[derive(Debug, Clone)]
struct Moving {
    tone: Tone,
    movement: Movement,
}

impl Scene for Moving {
    fn fill(&mut self, from: u64, [out, _]: [&mut [f32]; 2]) {
        self.tone.read(from, out);
    }

    fn position(&self, frame: u64) -> [f64; 3] {
        let line = &self.tone.line;
        match &self.movement {
            Movement::Arc { modulation, arc, direction, elevation, distance } => {
                let alpha = line.alpha(frame);
                let swing = sine_cycles(modulation.fraction(line, frame));
                let azimuth = direction.at(alpha) + 0.5 * arc.at(alpha) * swing;
                spherical(azimuth, *elevation, *distance)
            }
            Movement::Path(place) => place.smoothed(frame as f64 / line.rate),
        }
    }

    fn oscillators_at(&self, frame: u64) -> Option<Oscillators> {
        let all = self.tone.oscillators_at(frame)?;
        Some(match &self.movement {
            Movement::Arc { modulation, .. } => all.with(MODULATION, modulation.phase(&self.tone.line, frame)),
            Movement::Path(_) => all,
        })
    }
}

/// The voice with this renderer.
pub(super) fn build(context: &Context, params: &Params<'_>, reader: &Reader<'_, '_>) -> Result<Box<dyn Voice>> {
    let recorded = context.compat.recorded_hrtf;
    let (line, first) = clock(context, params, recorded)?;
    let path = match params.raw(&CANONICAL_TRAJECTORY) {
        None => None,
        Some(path @ Value::Object(_)) => Some(path),
        Some(other) => {
            return Err(Error::invalid(CANONICAL_TRAJECTORY.name, format!("expected an object, got {}", shown(other))));
        }
    };
    let options = params.raw(&HRTF_OPTIONS);
    let settings = Settings::read(options, HRTF_OPTIONS.name, context.sample_rate, path.is_some(), recorded, params)?;
    let values = Values { reader, moves: params.transition && !recorded };
    let carrier = values.of(440.0, &CARRIER_FREQ)?;
    let base = Followed::of(context, CARRIER_FREQ.name, carrier).filter(|_| context.compat.true_workbench);
    let followed = base.map(|followed| followed.begun_earlier(first as f64));
    let follows = followed.is_some();
    if !follows && nyquist::is_silent(context, params, &CARRIER_FREQ, carrier) {
        return Ok(Silence::boxed());
    }
    let rules = context.compat;
    let (movement, said_by) = match path.filter(|path| path.get("geometry").is_some_and(truthy)) {
        Some(path) => {
            (Movement::Path(Place::read(path, Frame::Placed, rules, params)?), CANONICAL_TRAJECTORY.name.to_owned())
        }
        None => (arc(context, &line, &settings, &values)?, format!("{}.elevationDeg", HRTF_OPTIONS.name)),
    };
    let Some(filters) = hrtf::asset::filters(params, &settings, context.sample_rate, context.folder.as_deref())? else {
        return Err(Error::invalid(ASSET.name, "the renderer \"hrtf\" needs a SOFA file or an .hrir.npz file"));
    };
    let elevations = match &movement {
        Movement::Path(place) => place.elevations(),
        Movement::Arc { .. } => [settings.elevation; 2],
    };
    hrtf::asset::covers(params, &said_by, &filters, elevations);
    let alpha = line.glide.as_ref().map_or_else(Alpha::still, |glide| glide.alpha.clone());
    let shift = context.shift(CARRIER);
    let pitch = Pitch::new(carrier, &line, shift).following(followed, &line, shift);
    let tone = Tone::new(line, pitch, reader.amp()?, 0.0, f64::INFINITY);
    let voice = hrtf::renderer(Moving { tone, movement }, filters, &settings, first);
    if follows {
        return Ok(voice);
    }
    Ok(nyquist::limited(voice, context, params, &alpha, [(&CARRIER_FREQ, carrier); 2]))
}

/// Reads parameters, whose other spellings this renderer does not know.
struct Values<'a, 'r, 'p> {
    reader: &'a Reader<'r, 'p>,
    /// Whether start and end values count.
    moves: bool,
}

impl Values<'_, '_, '_> {
    fn of(&self, default: f64, row: &'static Param) -> Result<Ramp> {
        if self.moves { self.reader.pair(default, &[row]) } else { self.reader.fixed(default, &[row]) }
    }
}

/// The time of the renderer, and the frame of it at which the voice begins.
fn clock(context: &Context, params: &Params<'_>, recorded: bool) -> Result<(Timeline, u64)> {
    let rate = context.sample_rate;
    let still = Timeline { first: 0.0, rate, offset: 0.0, span: 0.0, glide: None };
    if !params.transition {
        let offset = transition::initial_offset(context, params)?;
        return Ok((still, (offset * rate + 0.5).floor().max(0.0) as u64));
    }
    Ok((if recorded { still } else { timeline(context, params)? }, 0))
}

/// The movement of a voice without a path.
fn arc(context: &Context, line: &Timeline, settings: &Settings, values: &Values<'_, '_, '_>) -> Result<Movement> {
    let (elevation, distance) = (settings.elevation, settings.distance);
    if distance == 0.0 {
        return Err(Error::invalid(format!("{}.distanceM", HRTF_OPTIONS.name), "0 has no direction"));
    }
    Ok(Movement::Arc {
        modulation: Box::new(Pitch::new(values.of(4.0, &MOD_FREQ)?, line, context.shift(MODULATION))),
        arc: values.of(90.0, &ARC_WIDTH_DEG)?,
        direction: values.of(0.0, &DIRECTION_OFFSET_DEG)?,
        elevation,
        distance,
    })
}
