//! Reading the parameters of SAM2, some of which have several names (spec spatial-angle-modulation 3.1, 4).

use serde_json::{Map, Value};

use super::hrtf;
use super::path::{ArcShape, Drawn, Path, Progress};
use super::timeline::{Pitch, Timeline};
use super::track::{Profile, Track};
use super::{CARRIER, MODULATION, MOST_MEASURED, Sam2};
use crate::dsp::curve::Alpha;
use crate::error::{Error, Result, suggestion};
use crate::json::value::shown;
use crate::voice::family::Standing;
use crate::voice::grid::Cells;
use crate::voice::param::{Moves, Param, TRANSITION_CURVE};
use crate::voice::params::Params;
use crate::voice::parts::glide::Glide;
use crate::voice::parts::nyquist;
use crate::voice::parts::rows::{hertz, level, radians};
use crate::voice::parts::transition;
use crate::voice::silence::Silence;
use crate::voice::{Context, Family, Heard, Ramp, Voice};

const fn angle(name: &'static str, default: f64, about: &'static str) -> Param {
    Param::number(name, default, "deg", about).range(-1e6, 1e6)
}

const fn other(row: Param) -> Param {
    row.optional()
}

const fn fixed(row: Param) -> Param {
    row.moves(Moves::Fixed)
}

const POLARITIES: &[&str] = &["left_plus_right_minus", "left_minus_right_plus", "left_plus_right_plus"];

/// The renderer without responses.
const RENDERER: &str = "abstract_pm";

/// The renderers of the spatial workbench, which are not heard yet.
const WORKBENCH: &[&str] = &["geometric", "hybrid"];

/// The renderer through measured responses.
const HRTF: &str = "hrtf";

const AMP: Param = fixed(level("amp", 0.7, "Amplitude."));
pub(super) const CARRIER_FREQ: Param = hertz("carrierFreq", 440.0, "Frequency of the tone.");
pub(super) const MOD_FREQ: Param = hertz("modFreq", 4.0, "Cycles of the path per second.");
const BEAT_FREQ: Param = other(hertz("beatFreq", 4.0, "Another name of `modFreq`."));
pub(super) const ARC_WIDTH_DEG: Param = angle("arcWidthDeg", 90.0, "Full angular width of the path.");
const ARC_WIDTH: Param = other(angle("arcWidth", 90.0, "Another name of `arcWidthDeg`.").moves(Moves::Fixed));
pub(super) const DIRECTION_OFFSET_DEG: Param = angle("directionOffsetDeg", 0.0, "Middle of the path.");
const DIRECTION_OFFSET: Param =
    other(angle("directionOffset", 0.0, "Another name of `directionOffsetDeg`.").moves(Moves::Fixed));
const SPATIAL_SCALE: Param = radians("spatialScale", 1.0, "Phase deviation of each ear at 90°.");
const PEAK_PHASE_DEV: Param = other(radians("peakPhaseDev", 1.0, "Another name of `spatialScale`."));
const PHASE_OFFSET_L_RAD: Param = fixed(radians("phaseOffsetLRad", 0.0, "Constant phase of the left ear."));
const PHASE_OFFSET_R_RAD: Param = fixed(radians("phaseOffsetRRad", 0.0, "Constant phase of the right ear."));
const PHASE_OFFSET_L: Param = other(fixed(radians("phaseOffsetL", 0.0, "Another name of `phaseOffsetLRad`.")));
const PHASE_OFFSET_R: Param = other(fixed(radians("phaseOffsetR", 0.0, "Another name of `phaseOffsetRRad`.")));
const START_PHASE_OFFSET_L: Param =
    other(fixed(radians("startPhaseOffsetL", 0.0, "Another name of `phaseOffsetLRad`.")));
const START_PHASE_OFFSET_R: Param =
    other(fixed(radians("startPhaseOffsetR", 0.0, "Another name of `phaseOffsetRRad`.")));
const PATH_TYPE: Param = Param::choice(
    "pathType",
    &["open", "closed", "discontinuous", "custom"],
    "open",
    "There and back, round, in jumps, or drawn.",
);
const PATH_SHAPE: Param = Param::choice(
    "pathShape",
    ArcShape::NAMES,
    "sinusoidal",
    "Movement along the path; absent: `sinusoidal` on open, `ramp` on closed, `square` on discontinuous paths.",
);
const ROTATION_DIRECTION: Param =
    Param::choice("rotationDirection", &["cw", "ccw"], "cw", "Sense of closed and discontinuous paths.");
const DISCONTINUOUS_STEPS: Param =
    Param::integer("discontinuousSteps", 8.0, "Jumps of a discontinuous path per cycle, at least 2.").range(-1e6, 1e6);
const CUSTOM_PATH_PROFILE: Param = Param::structure(
    "customPathProfile",
    "Drawn path: `points`, `kind` (`spline` or lines), `closedLoop`, `smoothingPasses`, `smoothingRatio`, `subNodesPerSegment`.",
);
const CUSTOM_PATH_SMOOTHING_PASSES: Param =
    Param::integer("customPathSmoothingPasses", 1.0, "Overrides `smoothingPasses` of the drawn path, 0 to 6.")
        .optional()
        .range(-1e6, 1e6);
const CUSTOM_PATH_SMOOTHING_RATIO: Param = Param::number(
    "customPathSmoothingRatio",
    0.25,
    "",
    "Overrides `smoothingRatio` of the drawn path, 0.001 to 0.499.",
)
.optional()
.range(-1e6, 1e6)
.moves(Moves::Fixed);
const EAR_POLARITY: Param = Param::choice(
    "earPolarity",
    POLARITIES,
    "left_minus_right_plus",
    "Sense of the deviation in the ears; absent: `left_minus_right_plus`, or `left_plus_right_minus` with `samSchemaVersion`.",
);
const SAM_SCHEMA_VERSION: Param = Param::integer(
    "samSchemaVersion",
    1.0,
    "Version of the editor's format; present: the other default of `earPolarity`.",
)
.optional()
.range(-1e6, 1e6);
const RENDERER_MODE: Param = Param::text(
    "rendererMode",
    RENDERER,
    "`hrtf`: a source that moves through the responses of `hrtfAsset`; `geometric` and `hybrid` sound like `abstract_pm`.",
);
pub(super) const CANONICAL_TRAJECTORY: Param = Param::structure(
    "canonicalTrajectory",
    "Path of the source in space, for the renderer `hrtf`: `geometry`, `traversal`, ...",
);

const PARAMS: &[Param] = &[
    AMP,
    CARRIER_FREQ,
    MOD_FREQ,
    BEAT_FREQ,
    ARC_WIDTH_DEG,
    ARC_WIDTH,
    DIRECTION_OFFSET_DEG,
    DIRECTION_OFFSET,
    SPATIAL_SCALE,
    PEAK_PHASE_DEV,
    PHASE_OFFSET_L_RAD,
    PHASE_OFFSET_R_RAD,
    PHASE_OFFSET_L,
    PHASE_OFFSET_R,
    START_PHASE_OFFSET_L,
    START_PHASE_OFFSET_R,
    PATH_TYPE,
    PATH_SHAPE,
    ROTATION_DIRECTION,
    DISCONTINUOUS_STEPS,
    CUSTOM_PATH_PROFILE,
    CUSTOM_PATH_SMOOTHING_PASSES,
    CUSTOM_PATH_SMOOTHING_RATIO,
    EAR_POLARITY,
    SAM_SCHEMA_VERSION,
    RENDERER_MODE,
    CANONICAL_TRAJECTORY,
    hrtf::ASSET,
    hrtf::ASSET_HASH,
    hrtf::OPTIONS,
];

/// Registry entry.
pub const FAMILY: Family = Family {
    name: "spatial_angle_modulation_sam2",
    transition: true,
    summary: "A tone whose interaural phase moves along a path around the head.",
    source: "spec spatial-angle-modulation 3 and 4",
    params: &[PARAMS],
    carrier: Some(&CARRIER_FREQ),
    beat: Some(&BEAT_FREQ),
    reads_offset: true,
    switched_timing: &[TRANSITION_CURVE],
    heard: Heard::Phase,
    standing: Standing::Differs("the phase of transitions is 0 at the offset, not at the first frame"),
    build,
    ..Family::PLAIN
};

/// Reads the parameters of a voice. If `lenient` is set (`Compat::sam2_defaults`), invalid numbers become defaults.
pub(super) struct Reader<'a, 'p> {
    params: &'a Params<'p>,
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
    fn still(&self, rows: &[&'static Param]) -> Result<Option<f64>> {
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

/// Whether the renderer is `hrtf`. Others of the spatial workbench are kept in the track; the standard one is heard.
fn is_hrtf(params: &Params<'_>) -> Result<bool> {
    let given = params.text(&RENDERER_MODE);
    match given.trim().to_lowercase().as_str() {
        "" | RENDERER => {}
        HRTF => return Ok(true),
        name if WORKBENCH.contains(&name) => params.warn(
            RENDERER_MODE.name,
            format!(
                "the renderer \"{name}\" of the spatial workbench is kept, but not heard yet; \"{RENDERER}\" is used"
            ),
        ),
        other => {
            let hint = suggestion(other, WORKBENCH.iter().copied().chain([RENDERER, HRTF]));
            let known = WORKBENCH.join(", ");
            return Err(Error::invalid(
                RENDERER_MODE.name,
                format!("expected {RENDERER}, {HRTF}, {known}, got {given:?}{hint}"),
            ));
        }
    }
    Ok(false)
}

fn build(context: &Context, params: &Params<'_>) -> Result<Box<dyn Voice>> {
    let reader = Reader { params, lenient: context.compat.sam2_defaults };
    if is_hrtf(params)? {
        return hrtf::build(context, params, &reader);
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
    let modulation = reader.pair(4.0, &[&MOD_FREQ, &BEAT_FREQ])?;
    let modulation = Pitch::new(modulation, &line, context.shift(MODULATION));
    let phase = |rows: &[&'static Param]| Ok::<_, Error>(reader.still(rows)?.unwrap_or(0.0));
    let mut path = match path {
        PathKind::BuiltIn(path) => path,
        PathKind::Custom(profile) => drawn(&profile, &modulation, &line, context.frames),
    };
    let carrier = reader.pair(440.0, &[&CARRIER_FREQ])?;
    if nyquist::is_silent(context, params, &CARRIER_FREQ, carrier) {
        return Ok(Silence::boxed());
    }
    let alpha = line.glide.as_ref().map_or_else(Alpha::still, |glide| glide.alpha.clone());
    let voice = Cells::boxed(Sam2 {
        jumps: if context.compat.smooth_jumps { path.jumps() } else { None },
        path,
        modulation,
        carrier: Pitch::new(carrier, &line, context.shift(CARRIER)),
        line,
        amp: reader.amp()?,
        arc: reader.pair(90.0, &[&ARC_WIDTH_DEG, &ARC_WIDTH])?,
        direction: reader.pair(0.0, &[&DIRECTION_OFFSET_DEG, &DIRECTION_OFFSET])?,
        scale: reader.pair(1.0, &[&SPATIAL_SCALE, &PEAK_PHASE_DEV])?,
        offsets: [
            phase(&[&PHASE_OFFSET_L_RAD, &PHASE_OFFSET_L, &START_PHASE_OFFSET_L])?,
            phase(&[&PHASE_OFFSET_R_RAD, &PHASE_OFFSET_R, &START_PHASE_OFFSET_R])?,
        ],
        signs,
    });
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
        (0..frames).fold((f64::MAX, 0.0_f64), |(near, far), frame| {
            let [x, y] = track.at(modulation.fraction(line, frame), &mut hint);
            let distance = f64::hypot(x, y);
            (near.min(distance), far.max(distance))
        })
    } else {
        track.distances()
    };
    let per_range = if far - near > 1e-6 { 1.0 / (far - near) } else { 0.0 };
    Path::Drawn(Box::new(Drawn { track, emphasis: (near, per_range), hint: 0 }))
}
