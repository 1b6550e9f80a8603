//! Session files, whose steps name presets, and their conversion to a track (spec track-format 10).

use std::path::Path;

use serde_json::{Map, Value, json};

use super::catalogue;
use super::catalogue::Catalogue;
use crate::error::{Error, Problem, Result};
use crate::json::fields::{Fields, MAX_STEP_SECONDS, Names};
use crate::json::findings::Findings;
use crate::json::value::shown;
use crate::json::{parse, path};
use crate::track::files::{Input, Role};
use crate::track::model::{CrossfadeCurve, MAX_BUS_VOLUME, Track};
use crate::track::read::LoadOptions;
use crate::track::{After, Placing, layers, names, read, step};

/// Spellings of the audio file of a step.
const AUDIO_PATH: Names = &["background_audio_path", "warmup_clip_path"];

/// A session, as stored by the session builder.
///
/// ```
/// use realtime_backend_core::track::{Catalogue, SessionFile};
///
/// let (session, _) = SessionFile::from_json(r#"{"steps": [{"duration": 30.0, "noise_preset_id": "noise_preset:Pink"}]}"#)?;
/// assert_eq!(session.steps[0].noise_id.as_deref(), Some("noise_preset:Pink"));
/// let missing = session.to_track(&Catalogue::default()); // an empty catalogue
/// assert!(missing.is_err());
/// # Ok::<(), realtime_backend_core::error::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct SessionFile {
    /// Frames per second.
    pub sample_rate: u32,
    /// Length of the fade between steps, seconds.
    pub crossfade_duration: f64,
    /// Shape of that fade.
    pub crossfade_curve: CrossfadeCurve,
    /// Name of the exported file.
    pub output_filename: String,
    /// Peak target of the buses, linear.
    pub normalization_level: f64,
    /// The bed, if there is one.
    pub background: Option<SessionBackground>,
    /// The steps.
    pub steps: Vec<SessionStep>,
    /// Folder against which relative paths are resolved.
    pub folder: Option<std::path::PathBuf>,
}

/// The bed of a session.
#[derive(Debug, Clone, PartialEq)]
pub struct SessionBackground {
    /// Id of a noise in the catalogue.
    pub noise_id: String,
    /// Linear gain.
    pub gain: f64,
    /// Start, seconds.
    pub start_time: f64,
    /// Length of the fade-in, seconds.
    pub fade_in: f64,
    /// Length of the fade-out, seconds.
    pub fade_out: f64,
    /// Breakpoints `(seconds, amplitude)` in ascending order of time.
    pub amp_envelope: Vec<(f64, f64)>,
}

/// One step of a session.
#[derive(Debug, Clone, PartialEq)]
pub struct SessionStep {
    /// Length, seconds.
    pub duration: f64,
    /// Explicit start in seconds; `None` to follow the step before.
    pub start: Option<f64>,
    /// Id of voices in the catalogue, for the binaural bus.
    pub voices_id: Option<String>,
    /// Id of a noise in the catalogue, for the noise bus.
    pub noise_id: Option<String>,
    /// Audio file that plays from the start of the step.
    pub audio_path: Option<String>,
    /// Linear gain of that file.
    pub audio_volume: f64,
    /// Whether the file continues to play after the step.
    pub audio_extend: bool,
    /// Length of its fade into the next step, seconds; `None` for that of the session.
    pub crossfade_duration: Option<f64>,
    /// Shape of that fade; `None` for that of the session.
    pub crossfade_curve: Option<CrossfadeCurve>,
    /// Label.
    pub description: String,
    /// Gain of the noise bus, 0 to 0.48.
    pub noise_volume: f64,
    /// Gain of the binaural bus, 0 to 0.48.
    pub binaural_volume: f64,
    /// JSON path, such as `steps[2]`.
    pub at: String,
}

impl SessionFile {
    /// Read a session file. The problems that come with the session are warnings.
    ///
    /// # Errors
    /// [`Error::Io`] if the file cannot be read; [`Error::Invalid`] with all errors found in it.
    pub fn from_path(path: &Path) -> Result<(Self, Vec<Problem>)> {
        let (mut session, problems) = Self::from_json(&read::document_text(path)?)?;
        session.folder = path.parent().map(Path::to_owned);
        Ok((session, problems))
    }

    /// Read a session from JSON text.
    ///
    /// # Errors
    /// [`Error::Invalid`] with all errors found in the text.
    pub fn from_json(text: &str) -> Result<(Self, Vec<Problem>)> {
        let (value, mut problems) = parse::parse(text)?;
        let (session, more) = Self::from_value(value)?;
        problems.extend(more);
        Ok((session, problems))
    }

    /// Read a session from a JSON value.
    ///
    /// # Errors
    /// [`Error::Invalid`] with all errors found in the value.
    pub fn from_value(value: Value) -> Result<(Self, Vec<Problem>)> {
        let value = parse::within_limits(value)?;
        let Value::Object(map) = &value else {
            return Err(Error::invalid("", format!("expected a session (a JSON object), got {}", shown(&value))));
        };
        let findings = Findings::default();
        let fields = Fields::new(map, "", &findings);
        let session = Self {
            sample_rate: read::sample_rate(&fields).unwrap_or(44_100),
            crossfade_duration: fields.length(names::CROSSFADE_DURATION).unwrap_or(0.0),
            crossfade_curve: step::curve(&fields).unwrap_or_default(),
            output_filename: fields.text(names::OUTPUT_FILENAME).unwrap_or_else(|| "session_output.flac".to_owned()),
            normalization_level: fields.gain(names::NORMALIZATION_LEVEL).unwrap_or(0.95),
            background: background(&fields),
            steps: steps(&fields),
            folder: None,
        };
        fields.finish();
        findings.conclude(session)
    }

    /// Convert the session to a track, with the presets of `catalogue`.
    ///
    /// # Errors
    /// [`Error::Invalid`] if a preset is not in the catalogue or cannot be used.
    pub fn to_track(&self, catalogue: &Catalogue) -> Result<(Track, Vec<Problem>)> {
        self.to_track_with(catalogue, &LoadOptions::default())
    }

    /// Like [`to_track`](Self::to_track), with options for loading the track.
    ///
    /// # Errors
    /// Those of [`to_track`](Self::to_track), and [`Error::Cancelled`].
    pub fn to_track_with(&self, catalogue: &Catalogue, options: &LoadOptions) -> Result<(Track, Vec<Problem>)> {
        let findings = Findings::default();
        let mut placing = Placing::new(After::Latest);
        let mut progression = Vec::with_capacity(self.steps.len());
        let mut clips = Vec::new();
        for step in &self.steps {
            let fade = step.crossfade_duration.unwrap_or(self.crossfade_duration);
            let begin = placing.next(step.start, step.duration, fade);
            let start = step.start.unwrap_or(begin);
            progression.push(track_step(step, start, catalogue, &findings));
            clips.extend(step.audio_path.as_ref().map(|file| clip(step, file, start)));
        }
        let layer = self.background.as_ref().map(|layer| self.track_background(layer, catalogue, &findings));
        let ((), mut problems) = findings.conclude(())?;
        let document = json!({
            "global": {
                "sample_rate": self.sample_rate,
                "crossfade_duration": self.crossfade_duration,
                "crossfade_curve": curve_name(self.crossfade_curve),
                "output_filename": self.output_filename,
                "normalization_level": self.normalization_level,
            },
            "progression": progression,
            "background_noise": layer.unwrap_or_else(|| json!({})),
            "overlay_clips": clips,
        });
        let options = LoadOptions { folder: self.folder.clone(), fill_starts: true, ..options.clone() };
        let (mut track, more) = Track::from_value_with(document, &options)?;
        track.read_from = self.preset_files(catalogue);
        // The legacy implementation exported sessions with a separate renderer, which read the bed under any spelling
        // (spec track-format 7, part B).
        track.legacy_background.clone_from(&track.background);
        problems.extend(more);
        Ok((track, problems))
    }

    /// The files of the presets that the session names.
    fn preset_files(&self, catalogue: &Catalogue) -> Vec<Input> {
        let in_steps = self.steps.iter().flat_map(|step| [&step.voices_id, &step.noise_id]).flatten();
        let ids = in_steps.chain(self.background.as_ref().map(|layer| &layer.noise_id));
        let file = |id: &String| {
            let path = catalogue.file(id)?.to_owned();
            Some(Input { path, role: Role::Preset, at: id.clone() })
        };
        let mut files: Vec<Input> = ids.filter_map(file).collect();
        files.sort_by(|a, b| a.at.cmp(&b.at));
        files.dedup();
        files
    }

    /// The bed in the form of a track. A noise that has a file is named by its path, any other is written inline.
    fn track_background(&self, layer: &SessionBackground, catalogue: &Catalogue, findings: &Findings) -> Value {
        let mut out = json!({
            "gain": layer.gain,
            "start_time": layer.start_time,
            "fade_in": layer.fade_in,
            "fade_out": layer.fade_out,
            "amp_envelope": layer.amp_envelope,
        });
        match catalogue.noise(&layer.noise_id) {
            Ok((_, Some(file))) => {
                // Both spellings, as for clips: the legacy renderer reads only the second.
                out["file_path"] = json!(self.seen_from_here(file));
                out["file"] = out["file_path"].clone();
            }
            Ok((noise, None)) => out["params"] = noise.to_value(),
            Err(message) => findings.error("background_noise_preset_id", message),
        }
        out
    }

    /// The path of a file for a track in the folder of the session: relative if the file is in that folder.
    fn seen_from_here(&self, file: &str) -> String {
        let folder = self.folder.as_deref().and_then(|folder| catalogue::absolute(folder).ok());
        let inside = folder.and_then(|folder| Path::new(file).strip_prefix(folder).ok().map(Path::to_owned));
        inside.map_or_else(|| file.to_owned(), |path| path.display().to_string())
    }
}

fn background(fields: &Fields<'_>) -> Option<SessionBackground> {
    let layer = SessionBackground {
        noise_id: fields.text(&["background_noise_preset_id"]).unwrap_or_default(),
        gain: fields.gain(&["background_noise_gain"]).unwrap_or(1.0),
        start_time: fields.time(&["background_noise_start_time"]).unwrap_or(0.0),
        fade_in: fields.length(&["background_noise_fade_in"]).unwrap_or(0.0),
        fade_out: fields.length(&["background_noise_fade_out"]).unwrap_or(0.0),
        amp_envelope: layers::amp_envelope(fields, &["background_noise_amp_envelope"]),
    };
    (!layer.noise_id.is_empty()).then_some(layer)
}

fn steps(fields: &Fields<'_>) -> Vec<SessionStep> {
    let Some((at, items)) = fields.list(&["steps"]) else { return Vec::new() };
    let mut out = Vec::with_capacity(items.len());
    for (index, item) in items.iter().enumerate() {
        let at = path::item(&at, index);
        match item {
            Value::Object(map) => out.push(session_step(map, at, fields.findings)),
            other => fields.findings.error(at, format!("expected a step (an object), got {}", shown(other))),
        }
    }
    out
}

fn session_step(map: &Map<String, Value>, at: String, findings: &Findings) -> SessionStep {
    let fields = Fields::new(map, at.clone(), findings);
    let id = |names: Names| fields.text(names).filter(|id| !id.trim().is_empty());
    let volume = |names: Names| fields.clamped(names, 0.0, MAX_BUS_VOLUME).unwrap_or(MAX_BUS_VOLUME);
    let duration =
        fields.pick(&["duration"]).and_then(|found| fields.seconds(found, 0.0, MAX_STEP_SECONDS, "48 hours"));
    let step = SessionStep {
        duration: duration.unwrap_or(0.0),
        start: fields.time(&["start"]),
        voices_id: id(&["binaural_preset_id"]),
        noise_id: id(&["noise_preset_id"]),
        audio_path: id(AUDIO_PATH),
        audio_volume: fields.gain(&["background_audio_volume"]).unwrap_or(0.48),
        audio_extend: fields.flag(&["background_audio_extend"]).unwrap_or(true),
        crossfade_duration: fields.length(names::CROSSFADE_DURATION),
        crossfade_curve: step::curve(&fields),
        description: fields.text(names::DESCRIPTION).unwrap_or_default(),
        noise_volume: volume(names::NOISE_VOLUME),
        binaural_volume: volume(names::BINAURAL_VOLUME),
        at,
    };
    fields.finish();
    step
}

fn track_step(step: &SessionStep, start: f64, catalogue: &Catalogue, findings: &Findings) -> Value {
    let mut voices = Vec::new();
    if let Some(id) = &step.voices_id {
        match catalogue.voices(id) {
            Ok(found) => voices.extend(found.iter().cloned().map(on_binaural_bus)),
            Err(message) => findings.error(path::member(&step.at, "binaural_preset_id"), message),
        }
    }
    if let Some(id) = &step.noise_id {
        match catalogue.noise(id) {
            Ok((file, _)) => voices.push(file.step_voice()),
            Err(message) => findings.error(path::member(&step.at, "noise_preset_id"), message),
        }
    }
    let mut out = json!({
        "start": start,
        "duration": step.duration,
        "description": step.description,
        "binaural_volume": step.binaural_volume,
        "noise_volume": step.noise_volume,
        "voices": voices,
    });
    if let Some(seconds) = step.crossfade_duration {
        out["crossfade_duration"] = json!(seconds);
    }
    if let Some(curve) = step.crossfade_curve {
        out["crossfade_curve"] = json!(curve_name(curve));
    }
    if let Some(id) = &step.noise_id {
        out["noise_preset_id"] = json!(id);
    }
    out
}

fn on_binaural_bus(mut voice: Value) -> Value {
    if let Value::Object(map) = &mut voice {
        map.insert("voice_type".to_owned(), json!("binaural"));
    }
    voice
}

fn clip(step: &SessionStep, file: &str, start: f64) -> Value {
    json!({
        "file_path": file,
        "path": file,
        "start": start,
        "duration": if step.audio_extend { 0.0 } else { step.duration },
        "amp": step.audio_volume,
        "pan": 0.0,
        "fade_in": 0.0,
        "fade_out": 0.0,
    })
}

fn curve_name(curve: CrossfadeCurve) -> &'static str {
    match curve {
        CrossfadeCurve::Linear => "linear",
        CrossfadeCurve::EqualPower => "equal_power",
    }
}
