//! `rendererMode: "hrtf"`: the tone of SAM2 as a source that moves through measured responses (spec hrtf-renderer).

use std::sync::Arc;

use serde_json::{Map, Value};

use super::read::{Reader, timeline};
use super::rows::{ARC_WIDTH_DEG, CANONICAL_TRAJECTORY, CARRIER_FREQ, DIRECTION_OFFSET_DEG, MOD_FREQ};
use super::timeline::{Pitch, Timeline};
use super::{CARRIER, MODULATION};
use crate::dsp::curve::Alpha;
use crate::dsp::direction::{polar, spherical};
use crate::dsp::phase::Turns;
use crate::dsp::sine::{sine, sine_cycles, sine_u32};
use crate::error::{Error, Result};
use crate::json::value::{shown, truthy};
use crate::voice::param::Param;
use crate::voice::params::Params;
use crate::voice::parts::nyquist;
use crate::voice::parts::transition;
use crate::voice::silence::Silence;
use crate::voice::spatial::hrtf::{self, FilterRules, Filters, Scene, Settings};
use crate::voice::spatial::path::{Frame, Path};
use crate::voice::{Context, Oscillators, Ramp, Voice};

pub(super) const ASSET: Param = Param::file(
    "hrtfAsset",
    "Responses of the listener for the renderer `hrtf`: a SOFA file (SimpleFreeFieldHRIR) or an `.hrir.npz` file.",
);
pub(super) const ASSET_HASH: Param =
    Param::text("hrtfAssetHash", "", "SHA-256 of that file, hexadecimal; another file is refused.");
pub(super) const OPTIONS: Param = Param::structure(
    "hrtfOptions",
    "Settings of the renderer `hrtf`: `interpolation`, `delayPolicy`, `crossfadeMs`, `controlIntervalSamples`, \
     `elevationDeg`, `distanceM`, `distanceLaw`, `propagationDelay`, ...",
);

/// Degrees outside the measured elevations from which on a warning is given.
const BEYOND: f64 = 10.0;

/// Points of a path that are looked at for that, and the seconds between them.
const LOOKED_AT: u32 = 240;
const LOOKED_EVERY: f64 = 0.25;

/// Where the tone is.
#[derive(Debug, Clone)]
enum Place {
    /// To and fro on an arc, at this elevation in degrees and this distance in metres.
    Arc { modulation: Box<Pitch>, arc: Ramp, direction: Ramp, elevation: f64, distance: f64 },
    /// On a path.
    Path(Arc<Path>),
}

/// The tone and its movement. Frames count from the start of the renderer's time.
#[derive(Debug, Clone)]
struct Tone {
    line: Timeline,
    carrier: Pitch,
    amp: f64,
    place: Place,
}

impl Scene for Tone {
    fn fill(&mut self, from: u64, out: &mut [f32]) {
        let amp = self.amp as f32;
        if self.carrier.ends.moves() {
            for (frame, out) in (from..).zip(out) {
                *out = (self.amp * sine(self.carrier.phase(&self.line, frame))) as f32;
            }
            return;
        }
        let start = self.carrier.phase(&self.line, from);
        let step = Turns::from_cycles(self.carrier.ends.start / self.line.rate);
        for (j, out) in out.iter_mut().enumerate() {
            *out = amp * sine_u32((start + step.times(j as u64)).high());
        }
    }

    fn position(&self, frame: u64) -> [f64; 3] {
        match &self.place {
            Place::Arc { modulation, arc, direction, elevation, distance } => {
                let alpha = self.line.alpha(frame);
                let swing = sine_cycles(modulation.fraction(&self.line, frame));
                let azimuth = direction.at(alpha) + 0.5 * arc.at(alpha) * swing;
                spherical(azimuth, *elevation, *distance)
            }
            Place::Path(path) => path.smoothed(frame as f64 / self.line.rate),
        }
    }

    fn oscillators_at(&self, frame: u64) -> Option<Oscillators> {
        let all = Oscillators { alpha: self.line.alpha(frame), ..Oscillators::default() };
        let all = all.with(CARRIER, self.carrier.phase(&self.line, frame));
        Some(match &self.place {
            Place::Arc { modulation, .. } => all.with(MODULATION, modulation.phase(&self.line, frame)),
            Place::Path(_) => all,
        })
    }
}

/// The voice with this renderer.
pub(super) fn build(context: &Context, params: &Params<'_>, reader: &Reader<'_, '_>) -> Result<Box<dyn Voice>> {
    let recorded = context.compat.recorded_hrtf;
    let (line, first) = clock(context, params, recorded)?;
    let path = match params.raw(&CANONICAL_TRAJECTORY) {
        None => None,
        Some(Value::Object(fields)) => Some(fields),
        Some(other) => {
            return Err(Error::invalid(CANONICAL_TRAJECTORY.name, format!("expected an object, got {}", shown(other))));
        }
    };
    let options = params.raw(&OPTIONS);
    let settings = Settings::read(options, OPTIONS.name, context.sample_rate, path.is_some(), recorded, params)?;
    let values = Values { reader, moves: params.transition && !recorded };
    let carrier = values.of(440.0, &CARRIER_FREQ)?;
    if nyquist::is_silent(context, params, &CARRIER_FREQ, carrier) {
        return Ok(Silence::boxed());
    }
    let place = match path.filter(|path| path.get("geometry").is_some_and(truthy)) {
        Some(fields) => Place::Path(Arc::new(read_path(context, params, fields)?)),
        None => arc(context, &line, &settings, &values)?,
    };
    let filters = filters(context, params, &settings)?;
    covers(params, &filters, &place, settings.elevation);
    let alpha = line.glide.as_ref().map_or_else(Alpha::still, |glide| glide.alpha.clone());
    let carried = Pitch::new(carrier, &line, context.shift(CARRIER));
    let tone = Tone { carrier: carried, amp: reader.amp()?, line, place };
    let voice = hrtf::renderer(tone, filters, &settings, first);
    Ok(nyquist::limited(voice, context, params, &alpha, [(&CARRIER_FREQ, carrier); 2]))
}

/// The path that the object `canonicalTrajectory` describes.
fn read_path(context: &Context, params: &Params<'_>, fields: &Map<String, Value>) -> Result<Path> {
    let name = CANONICAL_TRAJECTORY.name;
    let (path, warnings) = Path::read(&Value::Object(fields.clone()), name, Frame::Placed, context.compat)?;
    for warning in warnings {
        params.warn(&warning.path, warning.message);
    }
    Ok(path)
}

/// Warn of a source where the set has no directions.
fn covers(params: &Params<'_>, filters: &Filters, place: &Place, elevation: f64) {
    let (at, low, high) = match place {
        Place::Arc { .. } => (format!("{}.elevationDeg", OPTIONS.name), elevation, elevation),
        Place::Path(path) => {
            let heights =
                (0..LOOKED_AT).map(|k| path.smoothed(f64::from(k) * LOOKED_EVERY)).map(|point| polar(point)[1]);
            let (low, high) = heights.fold((90.0_f64, -90.0_f64), |(low, high), e| (low.min(e), high.max(e)));
            (CANONICAL_TRAJECTORY.name.to_owned(), low, high)
        }
    };
    let [lowest, highest] = filters.elevations();
    if low < lowest - BEYOND || high > highest + BEYOND {
        let message = format!(
            "the source has elevations from {low:.0} to {high:.0} degrees, the set from {lowest:.0} to {highest:.0}; \
             the nearest direction is heard"
        );
        params.warn(&at, message);
    }
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
fn arc(context: &Context, line: &Timeline, settings: &Settings, values: &Values<'_, '_, '_>) -> Result<Place> {
    let (elevation, distance) = (settings.elevation, settings.distance);
    if distance == 0.0 {
        return Err(Error::invalid(format!("{}.distanceM", OPTIONS.name), "0 has no direction"));
    }
    Ok(Place::Arc {
        modulation: Box::new(Pitch::new(values.of(4.0, &MOD_FREQ)?, line, context.shift(MODULATION))),
        arc: values.of(90.0, &ARC_WIDTH_DEG)?,
        direction: values.of(0.0, &DIRECTION_OFFSET_DEG)?,
        elevation,
        distance,
    })
}

/// The filters of the set that the voice names.
fn filters(context: &Context, params: &Params<'_>, settings: &Settings) -> Result<Arc<Filters>> {
    let given = params.text_as(ASSET.name).filter(|text| !text.trim().is_empty());
    let Some(given) = given else {
        return Err(Error::invalid(ASSET.name, "the renderer \"hrtf\" needs a SOFA file or an .hrir.npz file"));
    };
    let set = hrtf::asset::open(&given, settings.folder.as_deref(), context.folder.as_deref())
        .map_err(|error| at_asset(error, ASSET.name))?;
    let hash = params.text_as(ASSET_HASH.name).unwrap_or_default();
    let hash = hash.trim();
    if !hash.is_empty() && !hash.eq_ignore_ascii_case(&set.sha256) {
        let message = format!("expected {hash}, but {} has {}: it is another file", set.name, set.sha256);
        return Err(Error::invalid(ASSET_HASH.name, message));
    }
    for warning in &set.warnings {
        params.warn(ASSET.name, warning.clone());
    }
    let rules = FilterRules { rate: context.sample_rate, policy: settings.policy, recorded: settings.is_recorded() };
    Filters::of(&set, rules).map_err(|error| at_asset(error, ASSET.name))
}

/// An error about a file, as one about the parameter that names it.
fn at_asset(error: Error, name: &str) -> Error {
    match error {
        Error::Media { .. } | Error::Io { .. } => Error::invalid(name, error.to_string()),
        other => other,
    }
}
