//! The path around the head: azimuth and distance in closed form at any frame (spec binaural-and-isochronic 6.1).

use std::f64::consts::{PI, TAU};

use serde_json::{Map, Value};

use crate::error::{Error, Result, suggestion};
use crate::json::value::{number, shown};
use crate::voice::Context;
use crate::voice::params::Params;
use crate::voice::stages::spatial::rows::SPATIAL_TRAJECTORY;

#[derive(Debug, Clone, Copy, PartialEq)]
enum Mode {
    Rotate { speed: f64 },
    RotatingArc { turns_per_s: f64 },
    Oscillate { centre: f64 },
}

#[derive(Debug, Clone, Copy, PartialEq)]
struct Segment {
    /// First frame.
    first: u64,
    /// Number of frames.
    frames: u64,
    /// Length in seconds.
    seconds: f64,
    mode: Mode,
    start: f64,
    extent: f64,
    period: f64,
    eased: bool,
    distance: (f64, f64),
}

/// Upper bounds of the motion of the azimuth within one segment.
#[derive(Debug, Clone, Copy)]
pub(super) struct Motion {
    /// First frame after the segment.
    pub(super) end: u64,
    /// Degrees per frame.
    pub(super) speed: f64,
    /// Degrees per frame squared.
    pub(super) acceleration: f64,
}

/// Azimuth in degrees (positive left) and distance in metres over the frames of a voice.
#[derive(Debug, Clone)]
pub(super) struct Trajectory {
    segments: Vec<Segment>,
    /// Azimuth and distance after the last segment.
    rest: (f64, f64),
    /// Frame of the path at frame 0 of the voice; before its first frame the path stands still.
    from: i64,
}

impl Trajectory {
    pub(super) fn read(context: &Context, params: &Params<'_>) -> Result<Self> {
        let duration = context.stages.map_or(context.duration, |stages| stages.path_duration);
        let total = (duration * context.sample_rate).round_ties_even() as u64;
        let mut path = Self { segments: Vec::new(), rest: (0.0, 1.0), from: 0 };
        let mut first = 0;
        match params.raw(&SPATIAL_TRAJECTORY) {
            None => {
                let seconds = duration;
                path.segments.push(Segment {
                    first: 0,
                    frames: total,
                    seconds,
                    mode: Mode::Oscillate { centre: 0.0 },
                    start: 0.0,
                    extent: 75.0,
                    period: 20.0,
                    eased: false,
                    distance: (1.0, 1.4),
                });
            }
            Some(Value::Array(items)) => {
                for (i, item) in items.iter().enumerate() {
                    let at = format!("{}[{i}]", SPATIAL_TRAJECTORY.name);
                    let Value::Object(fields) = item else {
                        return Err(Error::invalid(at, format!("expected an object, got {}", shown(item))));
                    };
                    let segment = Segment::read(context, params, fields, first).map_err(|e| e.within(&at))?;
                    if segment.frames > 0 {
                        first += segment.frames;
                        path.segments.push(segment);
                    }
                }
            }
            Some(other) => {
                let message = format!("expected a list of segments, got {}", shown(other));
                return Err(Error::invalid(SPATIAL_TRAJECTORY.name, message));
            }
        }
        if let Some(last) = path.segments.last().copied() {
            // the list is cut at the end of the voice; later frames repeat the last value before it
            let end = (last.first + last.frames).min(total.max(1));
            path.rest = path.at(end.saturating_sub(1));
        }
        path.from = context.stages.map_or(0, |stages| stages.path_from);
        Ok(path)
    }

    /// Azimuth (degrees) and distance (metres) at `frame`.
    pub(super) fn at(&self, frame: u64) -> (f64, f64) {
        let frame = frame.saturating_add_signed(self.from);
        self.segment(frame).map_or(self.rest, |segment| segment.at(frame - segment.first))
    }

    /// How the azimuth can move from `frame` on.
    pub(super) fn motion(&self, frame: u64) -> Motion {
        let still = |end: u64| Motion { end, speed: 0.0, acceleration: 0.0 };
        match frame.checked_add_signed(self.from) {
            None => still(self.from.unsigned_abs()),
            Some(frame) => {
                let motion = self.segment(frame).map_or(still(u64::MAX), Segment::motion);
                Motion { end: motion.end.saturating_add_signed(self.from.saturating_neg()), ..motion }
            }
        }
    }

    /// Upper bound of the speed of the azimuth within segments, degrees per frame.
    pub(super) fn speed(&self) -> f64 {
        self.segments.iter().map(|segment| segment.motion().speed).fold(0.0, f64::max)
    }

    /// The segment at `frame`; none after the last.
    fn segment(&self, frame: u64) -> Option<&Segment> {
        self.segments.get(self.segments.partition_point(|segment| segment.first + segment.frames <= frame))
    }
}

impl Segment {
    fn read(context: &Context, params: &Params<'_>, fields: &Map<String, Value>, first: u64) -> Result<Self> {
        let given = |name: &str| -> Result<Option<f64>> {
            let Some(value) = fields.get(name).filter(|v| !v.is_null()) else { return Ok(None) };
            number(value)
                .filter(|n| n.is_finite())
                .map(Some)
                .ok_or_else(|| Error::invalid(name, format!("expected a finite number, got {}", shown(value))))
        };
        let seconds = given("seconds")?.unwrap_or(0.0);
        let frames = (seconds * context.sample_rate).round_ties_even().max(0.0) as u64;
        let start = given("start_deg")?.unwrap_or(0.0);
        let extent = given("extent_deg")?.unwrap_or(180.0);
        let period = given("period_s")?.filter(|p| *p > 0.0).unwrap_or(seconds);
        let centre = given("center_deg")?.unwrap_or(start);
        let word = |name: &str| fields.get(name).and_then(Value::as_str);
        let oscillate = Mode::Oscillate { centre };
        let mode = match word("mode").unwrap_or("rotate") {
            "rotate" => Mode::Rotate { speed: given("speed_deg_per_s")?.unwrap_or(extent / seconds) },
            "rotating_arc" => Mode::RotatingArc { turns_per_s: given("rotate_freq_hz")?.unwrap_or(0.0) },
            "oscillate" => oscillate,
            other => {
                let hint = suggestion(other, ["rotate", "rotating_arc", "oscillate"]);
                params.warn(SPATIAL_TRAJECTORY.name, format!("unknown mode \"{other}\", taken as \"oscillate\"{hint}"));
                oscillate
            }
        };
        let distance = match fields.get("distance_m") {
            Some(Value::Array(ends)) if ends.len() == 2 => {
                let end = |i: usize| ends.get(i).and_then(number).filter(|n| n.is_finite());
                end(0).zip(end(1)).ok_or_else(|| Error::invalid("distance_m", "expected two finite numbers"))?
            }
            Some(Value::Array(_)) => {
                return Err(Error::invalid("distance_m", "expected a number or a list of two numbers"));
            }
            _ => {
                let fixed = given("distance_m")?.unwrap_or(1.0);
                (fixed, fixed)
            }
        };
        let eased = word("easing") == Some("sine");
        Ok(Self { first, frames, seconds, mode, start, extent, period, eased, distance })
    }

    fn azimuth(&self, t: f64) -> f64 {
        match self.mode {
            Mode::Rotate { speed } => self.start + speed * t,
            Mode::RotatingArc { turns_per_s } => {
                let arc = self.extent * (1.0 - (TAU * t / self.period).cos()) / 2.0;
                self.start + 360.0 * turns_per_s * t + arc
            }
            Mode::Oscillate { centre } => centre + self.extent * (TAU * t / self.period).sin(),
        }
    }

    fn motion(&self) -> Motion {
        // bounds of the range, the first and the second derivative of a sine of the azimuth over time
        let turning = |amplitude: f64| {
            let rate = TAU / self.period;
            [2.0 * amplitude, amplitude * rate, amplitude * rate * rate].map(f64::abs)
        };
        let [mut range, mut speed, mut acceleration] = match self.mode {
            Mode::Rotate { .. } => [0.0; 3],
            Mode::RotatingArc { .. } => turning(self.extent / 2.0),
            Mode::Oscillate { .. } => turning(self.extent),
        };
        let steady = match self.mode {
            Mode::Rotate { speed } => speed.abs(),
            Mode::RotatingArc { turns_per_s } => 360.0 * turns_per_s.abs(),
            Mode::Oscillate { .. } => 0.0,
        };
        speed += steady;
        range += steady * self.seconds;
        if self.eased {
            // derivatives of the product with (1 + sin(bend·t - π/2))/2
            let bend = PI / self.seconds;
            acceleration += speed * bend + range * bend * bend / 2.0;
            speed += range * bend / 2.0;
        }
        let frame = self.seconds / self.frames as f64;
        Motion { end: self.first + self.frames, speed: speed * frame, acceleration: acceleration * frame * frame }
    }

    fn at(&self, frame: u64) -> (f64, f64) {
        let t = frame as f64 * self.seconds / self.frames as f64;
        let part = t / self.seconds;
        let mut azimuth = self.azimuth(t);
        if self.eased {
            let first = self.azimuth(0.0);
            azimuth = first + (azimuth - first) * (0.5 + 0.5 * (PI * (part - 0.5)).sin());
        }
        (azimuth, self.distance.0 + (self.distance.1 - self.distance.0) * part)
    }
}
