//! `.noise` files: coloured noise with swept notches, for a bed or for the voice of a session step
//! (spec track-format 8, noise 15).

use std::path::{Path, PathBuf};

use serde_json::{Map, Value, json};

use crate::compat::Compat;
use crate::error::{Error, Problem, Result};
use crate::files::atomic;
use crate::interrupt::Interrupt;
use crate::json::fields::{Fields, Names};
use crate::json::findings::Findings;
use crate::json::value::shown;
use crate::json::{parse, path};
use crate::track::files::{Input, Inputs, Role};
use crate::track::layers::amp_envelope;
use crate::track::{names, read};
use crate::voice::families::noise::filled;

/// Fields of a noise colour apart from its name, with the general defaults (spec track-format 8.1).
static COLOUR: [(&str, Option<f64>); 7] = [
    ("exponent", Some(1.0)),
    ("high_exponent", None),
    ("distribution_curve", Some(1.0)),
    ("lowcut", None),
    ("highcut", None),
    ("amplitude", Some(1.0)),
    ("seed", Some(1.0)),
];

const LENGTH: Names = &["duration", "post_offset"];
const COLOURS: Names = &["noise_parameters", "color_params"];

/// Content of a `.noise` file. Frequencies in Hz, times in seconds, phases in degrees.
///
/// ```
/// use realtime_backend_core::track::NoiseFile;
/// use serde_json::json;
///
/// let file = json!({"noise_parameters": {"name": "pink"}, "lfo_freq": 0.1});
/// let (noise, _) = NoiseFile::from_map(file.as_object().expect("an object"))?;
/// assert_eq!(noise.to_value()["lfo_freq"], 0.1);
/// # Ok::<(), realtime_backend_core::error::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct NoiseFile {
    /// Length in the editor; in a track the length of the bed or step replaces it.
    pub duration_seconds: f64,
    /// Sample rate in the editor in Hz; the rate of a track replaces it.
    pub sample_rate: f64,
    /// `sine` or `triangle`.
    pub lfo_waveform: String,
    /// Whether it is the transition form.
    pub transition: bool,
    /// Sweep rate of the static form, Hz.
    pub lfo_freq: f64,
    /// Sweep rate of the transition form, start and end, Hz.
    pub lfo_freqs: (f64, f64),
    /// The swept notches.
    pub sweeps: Vec<Sweep>,
    /// The colour as written: `name`, and any of `exponent`, `high_exponent`, `distribution_curve`, `lowcut`,
    /// `highcut`, `amplitude` and `seed`. Always has `name`.
    pub colour: Map<String, Value>,
    /// Phase by which the sweep of the right channel leads, start and end, degrees.
    pub lfo_phase_offset_deg: (f64, f64),
    /// Phase by which the second notch pass leads, start and end, degrees.
    pub intra_phase_offset_deg: (f64, f64),
    /// Start of the transition, seconds.
    pub initial_offset: f64,
    /// Length of the transition, seconds; 0 jumps to the end values.
    pub duration: f64,
    /// Audio file that replaces the generated noise; relative to the folder of the track.
    pub input_audio_path: Option<String>,
    /// Start in seconds, if the file becomes a voice.
    pub start_time: f64,
    /// Fade-in in seconds, if the file becomes a voice.
    pub fade_in: f64,
    /// Fade-out in seconds, if the file becomes a voice.
    pub fade_out: f64,
    /// Breakpoints `(seconds, amplitude)`, if the file becomes a voice.
    pub amp_envelope: Vec<(f64, f64)>,
    /// Fixed notches, in the form that the voices read.
    pub static_notches: Vec<Value>,
    /// Correlation of the ears under `Compat::full_band_noise`, -1 to 1; `None`: independent.
    pub stereo_correlation: Option<f64>,
}

/// One swept notch; each value at start and end of a transition. `None` is the default: 1000 to 10000 Hz, 10 stages, a
/// Q of 30 in a bed and of 25 in a voice.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Sweep {
    /// Lowest frequency, Hz.
    pub min: (Option<f64>, Option<f64>),
    /// Highest frequency, Hz.
    pub max: (Option<f64>, Option<f64>),
    /// Quality factor Q.
    pub q: (Option<f64>, Option<f64>),
    /// Number of filter stages in series.
    pub stages: (Option<f64>, Option<f64>),
}

impl Default for NoiseFile {
    fn default() -> Self {
        Self {
            duration_seconds: 60.0,
            sample_rate: 44_100.0,
            lfo_waveform: "sine".to_owned(),
            transition: false,
            lfo_freq: 1.0 / 12.0,
            lfo_freqs: (1.0 / 12.0, 1.0 / 12.0),
            sweeps: Vec::new(),
            colour: Map::from_iter([("name".to_owned(), json!("pink"))]),
            lfo_phase_offset_deg: (0.0, 0.0),
            intra_phase_offset_deg: (0.0, 0.0),
            initial_offset: 0.0,
            duration: 0.0,
            input_audio_path: None,
            start_time: 0.0,
            fade_in: 0.0,
            fade_out: 0.0,
            amp_envelope: Vec::new(),
            static_notches: Vec::new(),
            stereo_correlation: None,
        }
    }
}

impl NoiseFile {
    /// Read a `.noise` file. The problems that come with it are warnings.
    ///
    /// # Errors
    /// [`Error::Io`] if the file cannot be read; [`Error::Invalid`] with all errors found in it.
    pub fn from_path(path: &Path) -> Result<(Self, Vec<Problem>)> {
        Self::from_path_until(path, &Interrupt::default())
    }

    /// Like [`from_path`](Self::from_path), but `interrupt` can stop it.
    ///
    /// # Errors
    /// Those of [`from_path`](Self::from_path), and [`Error::Cancelled`].
    pub fn from_path_until(path: &Path, interrupt: &Interrupt) -> Result<(Self, Vec<Problem>)> {
        let (value, mut problems) = parse::parse_until(&read::document_text(path)?, interrupt)?;
        let Value::Object(map) = parse::within_limits(value)? else {
            return Err(Error::invalid("", "expected the content of a .noise file (a JSON object)"));
        };
        let (file, more) = Self::from_map(&map)?;
        problems.extend(more);
        Ok((file, problems))
    }

    /// Read the content of a file, such as the inline `params` of a bed.
    ///
    /// # Errors
    /// [`Error::Invalid`] with all errors found in it.
    pub fn from_map(map: &Map<String, Value>) -> Result<(Self, Vec<Problem>)> {
        let findings = Findings::default();
        let fields = Fields::new(map, "", &findings);
        let file = read(&fields);
        fields.finish();
        findings.conclude(file)
    }

    /// The swept-notch voice that plays the file as a bed: whether it is the transition form, and its parameters (spec
    /// noise 15.3).
    pub fn background_voice(&self, compat: &Compat) -> (bool, Map<String, Value>) {
        let mut params = self.common();
        let sweeps = self.sweeps.iter().map(|sweep| sweep.whole(30.0, self.transition)).collect();
        params.insert("sweeps".to_owned(), Value::Array(sweeps));
        if compat.generic_noise_colours {
            // With all defaults filled in here, the voice ignores the name of the colour.
            params.insert("noise_type".to_owned(), Value::Object(generic(&self.colour)));
        } else {
            params.insert("noise_parameters".to_owned(), Value::Object(self.colour.clone()));
        }
        (self.transition, params)
    }

    /// The voice that plays the file in a session step, in the form of a track (spec track-format 10).
    pub fn step_voice(&self) -> Value {
        let mut params = self.common();
        params.insert("noise_parameters".to_owned(), Value::Object(self.colour.clone()));
        if self.transition {
            self.split_sweeps(&mut params, true, ["start_sweeps", "start_q", "start_casc"]);
            self.split_sweeps(&mut params, false, ["end_sweeps", "end_q", "end_casc"]);
        } else {
            self.split_sweeps(&mut params, true, ["sweeps", "notch_q", "casc"]);
        }
        for (key, seconds) in [("start_time", self.start_time), ("fade_in", self.fade_in), ("fade_out", self.fade_out)]
        {
            if seconds != 0.0 {
                params.insert(key.to_owned(), number(seconds));
            }
        }
        if !self.amp_envelope.is_empty() {
            params.insert("amp_envelope".to_owned(), json!(self.amp_envelope));
        }
        let name = if self.transition { "noise_swept_notch_transition" } else { "noise_swept_notch" };
        json!({
            "synth_function_name": name,
            "is_transition": self.transition,
            "voice_type": "noise",
            "params": params,
        })
    }

    /// Add the start or end of every sweep as three lists: ranges, Qs, numbers of stages.
    fn split_sweeps(&self, params: &mut Map<String, Value>, start: bool, [ranges, q, stages]: [&str; 3]) {
        params.insert(ranges.to_owned(), self.sweeps.iter().map(|sweep| sweep.range(start)).collect());
        if !self.sweeps.is_empty() {
            let list = |f: fn(&Sweep) -> (Option<f64>, Option<f64>), default: f64| -> Value {
                self.sweeps.iter().map(|sweep| number(pick(f(sweep), start).unwrap_or(default))).collect()
            };
            params.insert(q.to_owned(), list(|sweep| sweep.q, 25.0));
            params.insert(stages.to_owned(), list(|sweep| sweep.stages, 10.0));
        }
    }

    /// The parameters that both voices have in common.
    fn common(&self) -> Map<String, Value> {
        let mut params = Map::new();
        let mut put = |key: &str, value: Value| params.insert(key.to_owned(), value);
        put("lfo_waveform", json!(self.lfo_waveform));
        put("start_lfo_phase_offset_deg", number(self.lfo_phase_offset_deg.0));
        put("start_intra_phase_offset_deg", number(self.intra_phase_offset_deg.0));
        if self.transition {
            put("start_lfo_freq", number(self.lfo_freqs.0));
            put("end_lfo_freq", number(self.lfo_freqs.1));
            put("end_lfo_phase_offset_deg", number(self.lfo_phase_offset_deg.1));
            put("end_intra_phase_offset_deg", number(self.intra_phase_offset_deg.1));
            put("initial_offset", number(self.initial_offset));
            put("transition_duration", number(self.duration));
            put("transition_curve", json!("linear"));
        } else {
            put("lfo_freq", number(self.lfo_freq));
        }
        if let Some(file) = &self.input_audio_path {
            put("input_audio_path", json!(file));
        }
        if !self.static_notches.is_empty() {
            put("static_notches", json!(self.static_notches));
        }
        if let Some(correlation) = self.stereo_correlation {
            put("stereo_correlation", number(correlation));
        }
        params
    }

    /// All fields under the names of the file format. The colour is written with all its values, so that readers that
    /// do not know its name get the same colour.
    pub fn to_value(&self) -> Value {
        let mut value = json!({
            "duration_seconds": number(self.duration_seconds),
            "sample_rate": number(self.sample_rate),
            "lfo_waveform": self.lfo_waveform,
            "transition": self.transition,
            "lfo_freq": number(self.lfo_freq),
            "start_lfo_freq": number(self.lfo_freqs.0),
            "end_lfo_freq": number(self.lfo_freqs.1),
            "sweeps": self.sweeps.iter().map(Sweep::written).collect::<Vec<_>>(),
            "noise_parameters": filled(&self.colour),
            "start_lfo_phase_offset_deg": number(self.lfo_phase_offset_deg.0),
            "end_lfo_phase_offset_deg": number(self.lfo_phase_offset_deg.1),
            "start_intra_phase_offset_deg": number(self.intra_phase_offset_deg.0),
            "end_intra_phase_offset_deg": number(self.intra_phase_offset_deg.1),
            "initial_offset": number(self.initial_offset),
            "duration": number(self.duration),
            "input_audio_path": self.input_audio_path.as_deref().unwrap_or_default(),
            "start_time": number(self.start_time),
            "fade_in": number(self.fade_in),
            "fade_out": number(self.fade_out),
            "amp_envelope": self.amp_envelope,
            "static_notches": self.static_notches,
        });
        if let Some(correlation) = self.stereo_correlation {
            value["stereo_correlation"] = number(correlation);
        }
        value
    }

    /// Write the file, which appears complete or not at all. The extension of `path` becomes `.noise`.
    ///
    /// # Errors
    /// [`Error::Io`] if the file cannot be written or is the audio file that the noise reads.
    pub fn save(&self, path: &Path) -> Result<()> {
        let path = path.with_extension("noise");
        let folder = path.parent().unwrap_or(Path::new(""));
        let places = self.input_audio_path.iter().flat_map(|written| [PathBuf::from(written), folder.join(written)]);
        let input = |path| Input { path, role: Role::Sound, at: "input_audio_path".to_owned() };
        Inputs::of(places.map(input)).refuse(&path)?;
        atomic::write(&path, format!("{:#}", self.to_value()).as_bytes())
    }
}

impl Sweep {
    /// All eight values (four in the static form), with the defaults of a bed.
    fn whole(&self, q: f64, transition: bool) -> Value {
        let value = |pair, start, default: f64| number(pick(pair, start).unwrap_or(default));
        if !transition {
            return json!([
                value(self.min, true, 1000.0),
                value(self.max, true, 10_000.0),
                value(self.q, true, q),
                value(self.stages, true, 10.0)
            ]);
        }
        json!({
            "start_min": value(self.min, true, 1000.0), "end_min": value(self.min, false, 1000.0),
            "start_max": value(self.max, true, 10_000.0), "end_max": value(self.max, false, 10_000.0),
            "start_q": value(self.q, true, q), "end_q": value(self.q, false, q),
            "start_casc": value(self.stages, true, 10.0), "end_casc": value(self.stages, false, 10.0),
        })
    }

    fn range(&self, start: bool) -> Value {
        let [min, max] = [pick(self.min, start).unwrap_or(1000.0), pick(self.max, start).unwrap_or(10_000.0)];
        json!([number(min), number(max)])
    }

    /// Only the values that are given.
    fn written(&self) -> Value {
        let pairs = [("min", self.min), ("max", self.max), ("q", self.q), ("casc", self.stages)];
        let ends = pairs
            .into_iter()
            .flat_map(|(name, (start, end))| [(format!("start_{name}"), start), (format!("end_{name}"), end)]);
        Value::Object(ends.filter_map(|(key, value)| Some((key, number(value?)))).collect())
    }
}

fn pick(pair: (Option<f64>, Option<f64>), start: bool) -> Option<f64> {
    if start { pair.0 } else { pair.1 }
}

/// A JSON number; whole numbers become integers, because the voices distinguish stage counts from fractions.
fn number(x: f64) -> Value {
    if x.fract() == 0.0 && x.abs() < 1.0e15 { json!(x as i64) } else { json!(x) }
}

/// The colour with the general defaults filled in, whatever its name, as the legacy loader does.
fn generic(colour: &Map<String, Value>) -> Map<String, Value> {
    let given = |key: &str| colour.get(key).filter(|value| !value.is_null()).cloned();
    let exponent = given("exponent").unwrap_or_else(|| number(1.0));
    let mut out = Map::new();
    for (key, default) in COLOUR {
        let default = if key == "high_exponent" { Some(exponent.clone()) } else { default.map(number) };
        if let Some(value) = given(key).or(default) {
            out.insert(key.to_owned(), value);
        }
    }
    out
}

fn read(fields: &Fields<'_>) -> NoiseFile {
    let default = NoiseFile::default();
    let frequency = |names: Names| fields.number(names, -1.0e6, 1.0e6).unwrap_or(1.0 / 12.0);
    let degrees = |names: Names| fields.number(names, -1.0e9, 1.0e9).unwrap_or(0.0);
    let seconds = |names: Names| fields.length(names).unwrap_or(0.0);
    NoiseFile {
        duration_seconds: fields.length(&["duration_seconds"]).unwrap_or(default.duration_seconds),
        sample_rate: fields.number(&["sample_rate"], 1.0, 1.0e6).unwrap_or(default.sample_rate),
        lfo_waveform: fields.word(&["lfo_waveform"], &["sine", "triangle"], "sine").unwrap_or("sine").to_owned(),
        transition: fields.flag(&["transition"]).unwrap_or(false),
        lfo_freq: frequency(&["lfo_freq"]),
        lfo_freqs: (frequency(&["start_lfo_freq"]), frequency(&["end_lfo_freq"])),
        sweeps: sweeps(fields),
        colour: colour(fields),
        lfo_phase_offset_deg: (degrees(&["start_lfo_phase_offset_deg"]), degrees(&["end_lfo_phase_offset_deg"])),
        intra_phase_offset_deg: (degrees(&["start_intra_phase_offset_deg"]), degrees(&["end_intra_phase_offset_deg"])),
        initial_offset: seconds(&["initial_offset"]),
        duration: seconds(LENGTH),
        input_audio_path: fields.text(&["input_audio_path"]).filter(|path| !path.trim().is_empty()),
        start_time: fields.time(&["start_time"]).unwrap_or(0.0),
        fade_in: seconds(names::FADE_IN),
        fade_out: seconds(names::FADE_OUT),
        amp_envelope: amp_envelope(fields, names::AMP_ENVELOPE),
        static_notches: fields.list(&["static_notches"]).map(|(_, items)| items.to_vec()).unwrap_or_default(),
        stereo_correlation: fields.number(&["stereo_correlation"], -1.0, 1.0),
    }
}

fn sweeps(fields: &Fields<'_>) -> Vec<Sweep> {
    let Some((at, items)) = fields.list(&["sweeps"]) else { return Vec::new() };
    let mut out = Vec::with_capacity(items.len());
    for (index, item) in items.iter().enumerate() {
        let at = path::item(&at, index);
        let Value::Object(map) = item else {
            fields.findings.error(at, format!("expected a sweep (an object), got {}", shown(item)));
            continue;
        };
        let sweep = Fields::new(map, at, fields.findings);
        let value = |names: Names, max: f64| sweep.number(names, 0.0, max);
        out.push(Sweep {
            min: (value(&["start_min"], 1.0e6), value(&["end_min"], 1.0e6)),
            max: (value(&["start_max"], 1.0e6), value(&["end_max"], 1.0e6)),
            q: (value(&["start_q"], 1.0e6), value(&["end_q"], 1.0e6)),
            stages: (value(&["start_casc"], 1000.0), value(&["end_casc"], 1000.0)),
        });
        sweep.finish();
    }
    out
}

/// Reads the colour: an object, else the old `noise_type`, else pink. Fields at the top level override those in it.
fn colour(fields: &Fields<'_>) -> Map<String, Value> {
    let mut colour = Map::new();
    if let Some((at, map)) = fields.pick_filled(COLOURS).and_then(|found| fields.object_of(found)) {
        let inner = Fields::new(map, at, fields.findings);
        if let Some(name) = inner.text(&["name"]) {
            colour.insert("name".to_owned(), json!(name));
        }
        numbers_into(&mut colour, &inner);
        inner.finish();
    }
    let name = fields.text(&["noise_type"]).filter(|name| !name.trim().is_empty());
    colour.entry("name").or_insert_with(|| json!(name.unwrap_or_else(|| "pink".to_owned())));
    numbers_into(&mut colour, fields);
    colour
}

fn numbers_into(colour: &mut Map<String, Value>, fields: &Fields<'_>) {
    for (key, _) in &COLOUR {
        if let Some(value) = fields.number(std::slice::from_ref(key), -1.0e12, 1.0e12) {
            colour.insert((*key).to_owned(), number(value));
        }
    }
}
