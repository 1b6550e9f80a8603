//! The object `hrtfOptions` of a voice (spec hrtf-renderer 1).

use std::path::PathBuf;

use serde_json::{Map, Value};

use super::filters::DelayPolicy;
use crate::error::{Error, Result, suggestion};
use crate::json::value::{number, shown, truthy};
use crate::voice::Params;
use crate::voice::spatial::geometric::{Distances, Law, SPEED};

/// Longest crossfade, ms.
const LONGEST_FADE: f64 = 1000.0;
/// Longest control interval, frames.
const LONGEST_INTERVAL: f64 = 65_536.0;
/// Farthest distance, metres: sound takes 29 s from there.
const FARTHEST: f64 = 10_000.0;
/// Control intervals that a fade may take.
const INTERVALS_PER_FADE: u64 = 64;
/// Interpolations of the old editor that its voices did not know.
const LABORATORY: [&str; 4] = ["three_neighbor", "spherical_triangular", "delay_magnitude", "spherical_harmonic"];
const NEAREST: &str = "nearest";
const BLEND: &str = "logmag_delay";
const BAKE: &str = "bake_delay_into_ir";
const PRESERVE: &str = "preserve_external_delay";

/// Level and delay over the distance of the source.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Reach {
    law: Law,
    reference: f64,
    minimum: f64,
    maximum: f64,
    /// Frames per metre; 0 without propagation delay.
    per_metre: f64,
}

impl Reach {
    /// That of a renderer which takes its distances from parameters.
    pub(crate) fn of(distances: &Distances, rate: f64) -> Self {
        let Distances { law, reference, nearest, farthest, doppler } = *distances;
        let per_metre = if doppler { rate / SPEED } else { 0.0 };
        Self { law, reference, minimum: nearest, maximum: farthest, per_metre }
    }

    /// Gain and delay in frames at `distance` metres.
    pub(super) fn at(&self, distance: f64) -> (f64, f64) {
        let near = distance.clamp(self.minimum, self.maximum);
        let gain = match self.law {
            Law::None => 1.0,
            Law::Inverse => self.reference / near,
            Law::InverseSquare => (self.reference / near).powi(2),
        };
        (gain, near * self.per_metre)
    }

    /// Whether sound takes its time from the source.
    pub(super) fn delays(&self) -> bool {
        self.per_metre > 0.0
    }
}

/// The settings of the renderer.
#[derive(Debug, Clone)]
pub(crate) struct Settings {
    /// Whether filters between measured directions are blended.
    pub(super) blends: bool,
    pub(crate) policy: DelayPolicy,
    /// Length of a crossfade, frames.
    pub(super) fade: u64,
    /// Frames from one control point to the next.
    pub(super) interval: u64,
    pub(crate) reach: Reach,
    /// Position of a source without a path: degrees and metres.
    pub(crate) elevation: f64,
    pub(crate) distance: f64,
    /// Folder of relative file names.
    pub(crate) folder: Option<PathBuf>,
    /// Whether the quirks of the recordings are kept (`Compat::recorded_hrtf`).
    pub(super) recorded: bool,
}

/// The fields of the object, with the name of the parameter for messages.
struct Fields<'a, 'p> {
    map: Option<&'a Map<String, Value>>,
    name: &'static str,
    params: &'a Params<'p>,
}

impl Fields<'_, '_> {
    fn at(&self, key: &str) -> String {
        format!("{}.{key}", self.name)
    }

    fn value(&self, key: &str) -> Option<&Value> {
        self.map?.get(key).filter(|value| !value.is_null())
    }

    fn number(&self, key: &str, default: f64, min: f64, max: f64) -> Result<f64> {
        let Some(value) = self.value(key) else { return Ok(default) };
        number(value).filter(|x| (min..=max).contains(x)).ok_or_else(|| {
            Error::invalid(self.at(key), format!("expected a number between {min} and {max}, got {}", shown(value)))
        })
    }

    /// As [`Self::number`], but what is not a number is the default.
    fn lenient(&self, key: &str, default: f64, min: f64) -> Result<f64> {
        match self.value(key) {
            Some(value) if number(value).is_none() => {
                self.params.warn(&self.at(key), format!("not a number; {default} is used"));
                Ok(default)
            }
            _ => self.number(key, default, min, FARTHEST),
        }
    }

    fn word(&self, key: &str, default: &'static str, known: &[&'static str]) -> Result<&'static str> {
        let Some(value) = self.value(key) else { return Ok(default) };
        let given = value.as_str().unwrap_or_default().trim().to_lowercase();
        known.iter().find(|word| **word == given).copied().ok_or_else(|| {
            let hint = suggestion(&given, known.iter().copied());
            Error::invalid(self.at(key), format!("expected one of {}, got {}{hint}", known.join(", "), shown(value)))
        })
    }
}

impl Settings {
    /// Whether the quirks of the recordings are kept.
    pub(crate) const fn is_recorded(&self) -> bool {
        self.recorded
    }

    /// Reads the object `options`, the value of the parameter `name`. `has_path` says whether the voice has a path
    /// object: distances are then heard by default.
    pub(crate) fn read(
        options: Option<&Value>,
        name: &'static str,
        rate: f64,
        has_path: bool,
        recorded: bool,
        params: &Params<'_>,
    ) -> Result<Self> {
        let map = match options {
            None | Some(Value::Null) => None,
            Some(Value::Object(map)) => Some(map),
            Some(other) => return Err(Error::invalid(name, format!("expected an object, got {}", shown(other)))),
        };
        let fields = Fields { map, name, params };
        fields.number("schemaVersion", 1.0, 1.0, 1.0)?;
        let interpolation = if recorded {
            fields.word("interpolation", NEAREST, &[NEAREST, BLEND])?
        } else {
            let known: Vec<&str> = [NEAREST, BLEND].into_iter().chain(LABORATORY).collect();
            fields.word("interpolation", NEAREST, &known)?
        };
        if LABORATORY.contains(&interpolation) {
            params.warn(&fields.at("interpolation"), format!("rendered as {BLEND}, from {interpolation}"));
        }
        let policies: &[&str] = if recorded { &[BAKE, PRESERVE] } else { &[BAKE, PRESERVE, "keep_external_delay"] };
        let policy = fields.word("delayPolicy", BAKE, policies)?;
        let law = Law::named(fields.word("distanceLaw", if has_path { "inverse" } else { "none" }, Law::NAMES)?);
        let fade = (fields.number("crossfadeMs", 10.0, 0.0, LONGEST_FADE)? * rate / 1000.0).round_ties_even();
        let fade = fade.max(1.0) as u64;
        let interval = fields.number("controlIntervalSamples", 128.0, 1.0, LONGEST_INTERVAL)? as u64;
        let minimum = fields.lenient("minimumDistanceM", 0.15, f64::MIN_POSITIVE)?;
        let delayed = fields.value("propagationDelay").map_or(has_path, |value| match value {
            Value::String(text) if !recorded => {
                !matches!(&*text.trim().to_lowercase(), "" | "false" | "0" | "no" | "off")
            }
            other => truthy(other),
        });
        let reach = Reach {
            law,
            reference: fields.lenient("referenceDistanceM", 1.0, f64::MIN_POSITIVE)?,
            minimum,
            maximum: fields.lenient("maximumDistanceM", minimum.max(100.0), minimum)?,
            per_metre: if delayed { rate / SPEED } else { 0.0 },
        };
        Ok(Self {
            blends: interpolation != NEAREST,
            policy: if policy == BAKE { DelayPolicy::Bake } else { DelayPolicy::Preserve },
            fade,
            interval: if recorded { interval } else { interval.max(fade / INTERVALS_PER_FADE) },
            reach,
            elevation: fields.number("elevationDeg", 0.0, -1e6, 1e6)?,
            distance: fields.number("distanceM", 1.0, -FARTHEST, FARTHEST)?,
            folder: fields.value("projectDirectory").and_then(Value::as_str).map(PathBuf::from),
            recorded,
        })
    }
}
