//! Reading the parameters of SAM2, some of which have several names (spec spatial-angle-modulation 3.1, 4).

use serde_json::{Map, Value};

use super::followed::{Course, Followed};
use super::geometric_read;
use super::hrtf;
use super::path::{ArcShape, Drawn, Path, Progress};
use super::rows::{
    AMP, ARC_WIDTH, ARC_WIDTH_DEG, BEAT_FREQ, CARRIER_FREQ, CUSTOM_PATH_PROFILE, CUSTOM_PATH_SMOOTHING_PASSES,
    CUSTOM_PATH_SMOOTHING_RATIO, DIRECTION_OFFSET, DIRECTION_OFFSET_DEG, DISCONTINUOUS_STEPS, EAR_POLARITY, GEOMETRIC,
    HRTF, MOD_FREQ, PARAMS, PATH_SHAPE, PATH_TYPE, PEAK_PHASE_DEV, PHASE_OFFSET_L, PHASE_OFFSET_L_RAD, PHASE_OFFSET_R,
    PHASE_OFFSET_R_RAD, POLARITIES, RENDERER, RENDERER_MODE, ROTATION_DIRECTION, SAM_SCHEMA_VERSION, SPATIAL_SCALE,
    START_PHASE_OFFSET_L, START_PHASE_OFFSET_R,
};
use super::timeline::{Pitch, Timeline};
use super::track::{Profile, Track};
use super::{CARRIER, MODULATION, MOST_MEASURED, Sam2};
use crate::dsp::cell::CELL;
use crate::dsp::curve::Alpha;
use crate::error::{Error, Result, suggestion};
use crate::json::value::{number, shown};
use crate::voice::family::Standing;
use crate::voice::grid::Cells;
use crate::voice::param::{Moves, Param, TRANSITION_CURVE};
use crate::voice::params::Params;
use crate::voice::parts::glide::Glide;
use crate::voice::parts::nyquist;
use crate::voice::parts::transition;
use crate::voice::silence::Silence;
use crate::voice::spatial::rows::CANONICAL_TRAJECTORY;
use crate::voice::{Context, Family, Heard, Ramp, Voice};

/// Registry entry.
pub const FAMILY: Family = Family {
    name: "spatial_angle_modulation_sam2",
    transition: true,
    summary: "A tone whose interaural phase moves along a path around the head.",
    source: "spec spatial-angle-modulation 3 and 4; spec spatial-workbench 6; spec hrtf-renderer",
    params: &[PARAMS],
    carrier: Some(&CARRIER_FREQ),
    beat: Some(&BEAT_FREQ),
    reads_offset: true,
    switched_timing: &[TRANSITION_CURVE],
    heard: Heard::Phase,
    standing: Standing::Differs("the phase of transitions is 0 at the offset, not at the first frame"),
    in_scenes: true,
    is_spatial: true,
    // the time of a path begins with the voice
    can_glide: |params| {
        !params.get(RENDERER_MODE.name).is_some_and(|mode| [GEOMETRIC, HRTF].iter().any(|name| is_renderer(mode, name)))
    },
    build,
    ..Family::PLAIN
};

/// Reads the parameters of a voice. If `lenient` is set (`Compat::sam2_defaults`), invalid numbers become defaults.
pub(super) struct Reader<'a, 'p> {
    pub(super) params: &'a Params<'p>,
    lenient: bool,
}

impl Reader<'_, '_> {
    /// The value of the first of `rows` that is present under the name that `spelling` gives it.
    fn first(&self, rows: &[&'static Param], spelling: impl Fn(&Param) -> String) -> Result<Option<f64>> {
        for row in rows {
            let name = spelling(row);
            if self.params.raw_as(&name).is_some() {
                return match self.params.number_as(row, &name) {
                    Err(_) if self.lenient => Ok(None),
                    other => other,
                };
            }
        }
        Ok(None)
    }

    /// The value of the first of `rows` that is present under its static name.
    pub(super) fn still(&self, rows: &[&'static Param]) -> Result<Option<f64>> {
        self.first(rows, |row| row.name.to_owned())
    }

    /// Start and end value of the first of `rows` that is present. The start falls back to the static names, the end to
    /// the start.
    pub(super) fn pair(&self, default: f64, rows: &[&'static Param]) -> Result<Ramp> {
        let value = self.still(rows)?.unwrap_or(default);
        if !self.params.transition {
            return Ok(Ramp::fixed(value));
        }
        let moving: Vec<_> = rows.iter().copied().filter(|row| row.moves == Moves::Pair).collect();
        let end = |end: usize| self.first(&moving, |row| row.ends()[end].clone());
        let start = end(0)?.unwrap_or(value);
        Ok(Ramp { start, end: end(1)?.unwrap_or(start) })
    }

    /// As [`pair`](Self::pair), with what the scene makes of it.
    pub(super) fn course(
        &self,
        context: &Context,
        default: f64,
        rows: &[&'static Param],
    ) -> Result<(Ramp, Option<Followed>)> {
        let ramp = self.pair(default, rows)?;
        let Some(row) = rows.first() else { return Ok((ramp, None)) };
        let stated = || self.params.raw_as(row.name).and_then(number).filter(|x| x.is_finite()).unwrap_or(0.0);
        let base = if context.compat.true_workbench { ramp } else { Ramp::fixed(stated()) };
        Ok((ramp, Followed::of(context, row.name, base)))
    }

    /// The value under a static name, also in a transition.
    pub(super) fn fixed(&self, default: f64, rows: &[&'static Param]) -> Result<Ramp> {
        Ok(Ramp::fixed(self.still(rows)?.unwrap_or(default)))
    }

    pub(super) fn amp(&self) -> Result<f64> {
        Ok(self.still(&[&AMP])?.unwrap_or(0.7))
    }

    fn path(&self) -> Result<PathKind> {
        let params = self.params;
        let backwards = params.choice(&ROTATION_DIRECTION) == "ccw";
        let kind = params.choice(&PATH_TYPE);
        let given = params.text_as(PATH_SHAPE.name).filter(|text| !text.is_empty());
        let shape = given.and_then(|_| params.choice_as(&PATH_SHAPE, PATH_SHAPE.name));
        let steps = self.still(&[&DISCONTINUOUS_STEPS])?.unwrap_or(8.0).max(2.0);
        let passes = self.still(&[&CUSTOM_PATH_SMOOTHING_PASSES])?;
        let ratio = self.still(&[&CUSTOM_PATH_SMOOTHING_RATIO])?;
        let (progress, default) = match kind {
            "closed" => (Progress::Closed(backwards), "ramp"),
            "discontinuous" => (Progress::Steps(steps, backwards), "square"),
            "custom" => return Ok(PathKind::Custom(self.profile(passes, ratio)?)),
            _ => (Progress::Open, "sinusoidal"),
        };
        Ok(PathKind::BuiltIn(Path::built_in(progress, ArcShape::named(shape.unwrap_or(default)))))
    }

    fn profile(&self, passes: Option<f64>, ratio: Option<f64>) -> Result<Profile> {
        let (passes, ratio) = (passes.map(Value::from), ratio.map(Value::from));
        match self.params.raw(&CUSTOM_PATH_PROFILE) {
            None => Ok(Profile::read(&Map::new(), None, None)),
            Some(Value::Object(fields)) => Ok(Profile::read(fields, passes.as_ref(), ratio.as_ref())),
            // the overrides do not apply to a profile that is given as text
            Some(Value::String(text)) => {
                if let Ok(Value::Object(fields)) = serde_json::from_str(text) {
                    return Ok(Profile::read(&fields, None, None));
                }
                self.params.warn(CUSTOM_PATH_PROFILE.name, "the text is not a JSON object; there is no path");
                Ok(Profile::read(&Map::new(), None, None))
            }
            Some(_) if self.lenient => Ok(Profile::read(&Map::new(), None, None)),
            Some(value) => {
                let found = shown(value);
                Err(Error::invalid(CUSTOM_PATH_PROFILE.name, format!("expected an object or JSON text, got {found}")))
            }
        }
    }
}

enum PathKind {
    BuiltIn(Path),
    Custom(Profile),
}

/// Whether `mode` names the renderer `name`.
fn is_renderer(mode: &Value, name: &str) -> bool {
    mode.as_str().is_some_and(|mode| mode.trim().eq_ignore_ascii_case(name))
}

/// The name of the renderer that is heard.
fn renderer(params: &Params<'_>) -> Result<&'static str> {
    let given = params.text(&RENDERER_MODE);
    match given.trim().to_lowercase().as_str() {
        "" | RENDERER => {
            if params.raw(&CANONICAL_TRAJECTORY).is_some() {
                params.warn(CANONICAL_TRAJECTORY.name, format!("no effect in the mode {RENDERER}"));
            }
            Ok(RENDERER)
        }
        GEOMETRIC => Ok(GEOMETRIC),
        HRTF => Ok(HRTF),
        other => {
            let known = [RENDERER, GEOMETRIC, HRTF];
            let hint = suggestion(other, known);
            let known = known.join(", ");
            Err(Error::invalid(RENDERER_MODE.name, format!("expected one of {known}, got {given:?}{hint}")))
        }
    }
}

fn build(context: &Context, params: &Params<'_>) -> Result<Box<dyn Voice>> {
    let reader = Reader { params, lenient: context.compat.sam2_defaults };
    match renderer(params)? {
        GEOMETRIC => return geometric_read::build(context, &reader),
        HRTF => return hrtf::build(context, params, &reader),
        _ => {}
    }
    let versioned = params.optional(&SAM_SCHEMA_VERSION)?.is_some();
    let polarity = params.choice_as(&EAR_POLARITY, EAR_POLARITY.name);
    let usual = if versioned { POLARITIES[0] } else { POLARITIES[1] };
    let known = params.text_as(EAR_POLARITY.name).is_some_and(|text| {
        let text = text.trim();
        if context.compat.exact_words {
            POLARITIES.contains(&text)
        } else {
            POLARITIES.contains(&&*text.to_lowercase())
        }
    });
    let signs = match polarity.filter(|_| known).unwrap_or(usual) {
        "left_plus_right_minus" => [1.0, -1.0],
        "left_plus_right_plus" => [1.0, 1.0],
        _ => [-1.0, 1.0],
    };
    let line = timeline(context, params)?;
    let path = reader.path()?;
    let (modulation, followed) = reader.course(context, 4.0, &[&MOD_FREQ, &BEAT_FREQ])?;
    let shift = context.shift(MODULATION);
    let modulation = Pitch::new(modulation, &line, shift).following(followed, &line, shift);
    let phase = |rows: &[&'static Param]| Ok::<_, Error>(reader.still(rows)?.unwrap_or(0.0));
    let mut path = match path {
        PathKind::BuiltIn(path) => path,
        PathKind::Custom(profile) => drawn(&profile, &modulation, &line, context.frames),
    };
    let (carrier, followed) = reader.course(context, 440.0, &[&CARRIER_FREQ])?;
    let follows = followed.is_some();
    if !follows && nyquist::is_silent(context, params, &CARRIER_FREQ, carrier) {
        return Ok(Silence::boxed());
    }
    let alpha = line.glide.as_ref().map_or_else(Alpha::still, |glide| glide.alpha.clone());
    let shift = context.shift(CARRIER);
    let course = |default: f64, rows: &[&'static Param]| {
        let (ramp, followed) = reader.course(context, default, rows)?;
        Ok::<_, Error>(Course { ramp, followed })
    };
    let voice = Cells::boxed(Sam2 {
        jumps: if context.compat.smooth_jumps { path.jumps() } else { None },
        path,
        modulation,
        carrier: Pitch::new(carrier, &line, shift).following(followed, &line, shift),
        line,
        amp: reader.amp()?,
        arc: course(90.0, &[&ARC_WIDTH_DEG, &ARC_WIDTH])?,
        direction: course(0.0, &[&DIRECTION_OFFSET_DEG, &DIRECTION_OFFSET])?,
        scale: course(1.0, &[&SPATIAL_SCALE, &PEAK_PHASE_DEV])?,
        offsets: [
            phase(&[&PHASE_OFFSET_L_RAD, &PHASE_OFFSET_L, &START_PHASE_OFFSET_L])?,
            phase(&[&PHASE_OFFSET_R_RAD, &PHASE_OFFSET_R, &START_PHASE_OFFSET_R])?,
        ],
        signs,
    });
    if follows {
        return Ok(voice);
    }
    Ok(nyquist::limited(voice, context, params, &alpha, [(&CARRIER_FREQ, carrier); 2]))
}

pub(super) fn timeline(context: &Context, params: &Params<'_>) -> Result<Timeline> {
    let (rate, offset) = (context.sample_rate, transition::initial_offset(context, params)?);
    if !params.transition {
        // rounded to whole frames, halves away from zero
        let frames = offset * rate;
        let first = if frames < 0.0 { -(-frames + 0.5).floor() } else { (frames + 0.5).floor() };
        return Ok(Timeline { first, rate, offset: 0.0, span: 0.0, glide: None });
    }
    let glide = if context.compat.transition_timing {
        Some(Glide::new(transition::alpha(context, params)?, 1.0 / rate, context.frames))
    } else {
        None
    };
    let span = transition::duration(context, params)?.unwrap_or_else(|| (context.duration - offset.max(0.0)).max(0.0));
    Ok(Timeline { first: 0.0, rate, offset, span, glide })
}

/// The drawn path with its emphasis scaled to the distances of the call; the open path if the profile is unusable.
fn drawn(profile: &Profile, modulation: &Pitch, line: &Timeline, frames: u64) -> Path {
    let Some(track) = Track::new(profile) else { return Path::ThereAndBack };
    let mut hint = 0;
    let (near, far) = if frames <= MOST_MEASURED {
        let (mut near, mut far, mut fractions) = (f64::MAX, 0.0_f64, [0.0; CELL]);
        for cell in (0..frames).step_by(CELL) {
            modulation.fractions(line, cell, &mut fractions);
            for u in &fractions[..(frames - cell).min(CELL as u64) as usize] {
                let [x, y] = track.at(*u, &mut hint);
                let distance = f64::hypot(x, y);
                (near, far) = (near.min(distance), far.max(distance));
            }
        }
        (near, far)
    } else {
        track.distances()
    };
    let per_range = if far - near > 1e-6 { 1.0 / (far - near) } else { 0.0 };
    Path::Drawn(Box::new(Drawn { track, emphasis: (near, per_range), hint: 0 }))
}
