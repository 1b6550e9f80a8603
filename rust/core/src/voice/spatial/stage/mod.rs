//! The stage `spatial` of any voice, and of clips: its sound comes from a place, or moves along a path round the listener
//! (spec spatial-workbench 8).

pub(crate) mod rows;
mod sound;

use serde_json::{Map, Value};

use self::rows::{AZIMUTH, CHANNELS, DISTANCE, EARS, ELEVATION, GEOMETRIC, OF_HRTF, OPTIONS, RENDERER_MODE, TABLE};
use self::sound::{Channels, Sound};
use super::geometric::{self, Distances};
use super::hrtf::{self, Reach, Scene, Settings};
use super::path::{Frame, Point};
use super::place::Place;
use super::rows::{CANONICAL_TRAJECTORY, HRTF_OPTIONS};
use crate::dsp::direction::spherical;
use crate::error::{Error, Problem, Result, suggestion};
use crate::json::value::shown;
use crate::voice::param::SPATIAL;
use crate::voice::params::Params;
use crate::voice::{Context, Voice};

/// `voice` where its parameter [`SPATIAL`] puts it. `mixed` says whether its channels are mixed if the object does not.
pub(crate) fn staged(
    voice: Box<dyn Voice>,
    mixed: bool,
    context: &Context,
    params: &Params<'_>,
) -> Result<Box<dyn Voice>> {
    let Some(value) = params.raw(&SPATIAL) else { return Ok(voice) };
    let (voice, noticed) = moved(voice, value, mixed, context).map_err(|error| error.within(SPATIAL.name))?;
    for problem in noticed {
        let problem = problem.within(SPATIAL.name);
        params.warn(&problem.path, problem.message);
    }
    Ok(voice)
}

/// `voice` where the object `value` puts it, with the warnings. `mixed` is as for [`staged`].
///
/// # Errors
/// [`Error::Invalid`] for a key with a bad value.
pub(crate) fn moved(
    voice: Box<dyn Voice>,
    value: &Value,
    mixed: bool,
    context: &Context,
) -> Result<(Box<dyn Voice>, Vec<Problem>)> {
    let Value::Object(map) = value else {
        return Err(Error::invalid("", format!("expected an object, got {}", shown(value))));
    };
    let params = Params::new(map, &[TABLE], false, context.compat).alone();
    let voice = build(voice, map, mixed, context, &params)?;
    Ok((voice, params.into_warnings()))
}

fn build(
    voice: Box<dyn Voice>,
    map: &Map<String, Value>,
    mixed: bool,
    context: &Context,
    params: &Params<'_>,
) -> Result<Box<dyn Voice>> {
    let mode = params.word(&RENDERER_MODE)?;
    let channels = match params.word(&CHANNELS)? {
        EARS if !mixed || params.gives(&CHANNELS) => Channels::Ears,
        _ => Channels::Mid,
    };
    let distances = Distances::read(params)?;
    let place = place(context, params)?;
    let sound = Sound::new(voice, context.frames, channels);
    let rate = context.sample_rate;
    if mode == GEOMETRIC {
        for name in OF_HRTF.into_iter().filter(|name| map.get(*name).is_some_and(|value| !value.is_null())) {
            params.warn(name, format!("no effect in the mode {GEOMETRIC}"));
        }
        return Ok(geometric::renderer(sound, place, distances, rate, 0.0));
    }
    let options = params.raw(&HRTF_OPTIONS);
    let mut settings = Settings::read(options, HRTF_OPTIONS.name, rate, true, false, params)?;
    settings.reach = Reach::of(&distances, rate);
    for key in options.and_then(Value::as_object).into_iter().flat_map(Map::keys) {
        if !OPTIONS.contains(&key.as_str()) {
            let hint = match TABLE.iter().find(|row| row.name == key) {
                Some(_) => format!("; \"{key}\" counts beside hrtfOptions"),
                None => suggestion(key, OPTIONS),
            };
            params.warn(&format!("{}.{key}", HRTF_OPTIONS.name), format!("no effect here{hint}"));
        }
    }
    let filters = match hrtf::asset::filters(params, &settings, rate, context.folder.as_deref())? {
        Some(filters) => filters,
        None => hrtf::built_in::filters(rate)?,
    };
    let said_by = if params.gives(&CANONICAL_TRAJECTORY) { &CANONICAL_TRAJECTORY } else { &ELEVATION };
    hrtf::asset::covers(params, said_by.name, &filters, place.elevations());
    Ok(hrtf::renderer(Moving { sound, place, rate }, filters, &settings, 0))
}

/// Where the source is.
fn place(context: &Context, params: &Params<'_>) -> Result<Place> {
    let still = [&AZIMUTH, &ELEVATION, &DISTANCE];
    let [azimuth, elevation, distance] = [params.number(still[0])?, params.number(still[1])?, params.number(still[2])?];
    let Some(path) = params.raw(&CANONICAL_TRAJECTORY) else {
        return Ok(Place::Still(spherical(azimuth, elevation, distance)));
    };
    for row in still.into_iter().filter(|row| params.gives(row)) {
        params.warn(row.name, format!("no effect beside {}", CANONICAL_TRAJECTORY.name));
    }
    Place::read(path, Frame::Placed, context.compat, params)
}

impl geometric::Source for Sound {
    fn four(&mut self, ear: usize, first: f64) -> [f64; 4] {
        Self::four(self, ear, first)
    }

    fn prepare(&mut self) {
        Self::prepare(self);
    }

    fn inner(&self) -> Option<&dyn Voice> {
        Some(self.voice())
    }
}

/// A sound in measured responses.
#[derive(Clone)]
struct Moving {
    sound: Sound,
    place: Place,
    rate: f64,
}

impl Scene for Moving {
    fn fill(&mut self, from: u64, out: [&mut [f32]; 2]) {
        self.sound.read(from, out);
    }

    fn is_paired(&self) -> bool {
        self.sound.is_paired()
    }

    fn position(&self, frame: u64) -> Point {
        self.place.smoothed(frame as f64 / self.rate)
    }

    fn prepare(&mut self) {
        self.sound.prepare();
    }

    fn inner(&self) -> Option<&dyn Voice> {
        Some(self.sound.voice())
    }
}
