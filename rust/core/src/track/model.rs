//! The model of a track: aliases are resolved, numbers are checked and clamped, defaults are filled in.
//!
//! Every part keeps its JSON path (`at`), in the spelling of the file, for messages. The comments of types that derive
//! `JsonSchema` become descriptions in the JSON Schema of a track.

use std::path::{Path, PathBuf};

use schemars::JsonSchema;
use serde_json::{Map, Value};

pub use super::identity::Identity;
use super::movement::Movement;
use super::scene::Scene;
use crate::compat::Compat;
use crate::voice::pipeline::VoiceCall;
pub use crate::voice::stages::envelope::Envelope;
pub use crate::voice::stages::flange::Flange;

/// Maximum and default of `binaural_volume` and `noise_volume` of a normalised step, linear (spec track-format 3).
pub const MAX_BUS_VOLUME: f64 = 0.48;

/// A whole track (spec track-format 1).
///
/// The typed fields are a view of [`Track::document`]. Saving writes the document, so to save an edit, change the JSON
/// and load it again.
///
/// ```
/// # use realtime_backend_core::track::Track;
/// # let (track, _) = Track::from_json(r#"{"progression": [{"duration": 1.0, "voices": [
/// #     {"synth_function_name": "binaural_beat", "params": {"baseFreq": 180.0, "beatFreq": 6.0}}]}]}"#)?;
/// let step = &track.steps[0];
/// assert_eq!(step.duration, 1.0);
/// assert_eq!(step.voices[0].function, "binaural_beat");
/// assert_eq!(step.voices[0].params["beatFreq"], 6.0);
/// # Ok::<(), realtime_backend_core::error::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, JsonSchema)]
#[schemars(title = "Track", description = "A track: steps of voices, a background layer, clips.")]
pub struct Track {
    /// Settings of the whole track.
    #[schemars(rename = "global", default)]
    pub globals: Globals,
    /// The steps in playing order.
    #[schemars(rename = "progression")]
    pub steps: Vec<Step>,
    /// The noise (or audio) bed under all steps; absent if there is no usable file and no inline content.
    #[schemars(rename = "background_noise", default)]
    pub background: Option<Background>,
    /// Audio files laid over the steps. Positions are stable: a clip without a file stays in the list.
    #[schemars(rename = "overlay_clips", default)]
    pub clips: Vec<Clip>,
    /// Scene document of the spatial workbench: stages, modulators, routing.
    #[schemars(default)]
    pub sam_scene: Option<Value>,
    /// The scene that is heard: the document's, or that of the first voice which holds parts of one.
    #[schemars(skip)]
    pub scene: Option<Scene>,
    /// The title in `metadata`, if it has one.
    #[schemars(skip)]
    pub title: Option<String>,
    /// Folder against which relative paths are resolved; with `None` the working directory.
    #[schemars(skip)]
    pub folder: Option<PathBuf>,
    /// The dialect of the document.
    #[schemars(skip)]
    pub dialect: Dialect,
    /// The clips as the legacy renderer reads them (see [`Track::clips_under`]).
    #[schemars(skip)]
    pub(crate) legacy_clips: Vec<Clip>,
    /// The bed as the legacy renderer reads it (see [`Track::background_under`]).
    #[schemars(skip)]
    pub(crate) legacy_background: Option<Background>,
    /// The files from which the track was read: the track file, or a session and the presets that it names.
    #[schemars(skip)]
    pub(crate) read_from: Vec<super::Input>,
    /// The JSON from which the track was read, with unknown keys and in its original key order.
    #[schemars(skip)]
    pub(crate) document: Value,
}

/// The two spellings of the top-level keys (spec track-format 1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Dialect {
    /// `global_settings`, `steps`, `clips`.
    V1,
    /// `global`, `progression`, `overlay_clips`.
    #[default]
    V2,
}

/// Settings of the whole track (spec track-format 2).
#[derive(Debug, Clone, PartialEq, JsonSchema)]
pub struct Globals {
    /// Frames per second, 8000 to 384000.
    #[schemars(range(min = 8000, max = 384_000), extend("default" = 44_100))]
    pub sample_rate: u32,
    /// Seconds over which a step fades into the next one; never negative.
    #[schemars(extend("default" = 1.0))]
    pub crossfade_duration: f64,
    /// Shape of the fades between steps.
    #[schemars(with = "CrossfadeCurve", default)]
    pub crossfade_curve: Option<CrossfadeCurve>,
    /// Fraction of the crossfade by which neighbouring steps overlap, and factor on the fade length; 0 to 1.
    #[schemars(range(min = 0.0, max = 1.0), extend("default" = 1.0))]
    pub crossfade_overlap: f64,
    /// Whether the levels of steps are set by their peaks or by their voices; absent: `step`, or `none` with the switch
    /// `absolute_levels`.
    #[schemars(default)]
    pub normalization: Option<Normalization>,
    /// Peak target of the buses of every step that does not set its own; no effect with the normalization `none`.
    #[schemars(extend("default" = 0.95))]
    pub normalization_level: f64,
    /// Name of the exported file; the extension selects the format.
    #[schemars(default)]
    pub output_filename: Option<String>,
    /// Bring each step nearer to the loudness of the step before it, by at most 3 dB. No effect with the normalization
    /// `none` (spec assembly 6).
    #[schemars(extend("default" = false))]
    pub preserve_relative_step_loudness: bool,
    /// Rules the track asks to be rendered under: the name of a preset (`legacy`, `default`, `intended`), or an object
    /// with `preset` and single switches.
    #[schemars(with = "Option<CompatChoice>", default)]
    pub compat: Option<Compat>,
}

/// How `compat` is written in a track; only used to describe the format.
#[derive(JsonSchema)]
#[schemars(untagged)]
#[allow(dead_code)]
enum CompatChoice {
    /// `legacy`, `default` or `intended`.
    Preset(String),
    /// `preset` and switches by name.
    Switches(Map<String, Value>),
}

impl Default for Globals {
    fn default() -> Self {
        Self {
            sample_rate: 44_100,
            crossfade_duration: 1.0,
            crossfade_curve: None,
            crossfade_overlap: 1.0,
            normalization: None,
            normalization_level: 0.95,
            output_filename: None,
            preserve_relative_step_loudness: false,
            compat: None,
        }
    }
}

/// What sets the levels of steps (spec assembly 6).
#[derive(Debug, Clone, Copy, PartialEq, Eq, JsonSchema)]
#[schemars(rename_all = "snake_case")]
pub enum Normalization {
    /// Each bus of a step is brought to a peak target.
    Step,
    /// Voices sound at the amplitudes that they state.
    None,
}

/// Shape of a fade between two steps (spec assembly 7).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, JsonSchema)]
#[schemars(rename_all = "snake_case")]
pub enum CrossfadeCurve {
    /// Gains `1 - u` and `u`.
    #[default]
    Linear,
    /// Gains `cos(u·π/2)` and `sin(u·π/2)`.
    EqualPower,
}

/// One step (spec track-format 3).
#[derive(Debug, Clone, PartialEq, JsonSchema)]
pub struct Step {
    /// Seconds; a step of 0 is skipped.
    #[schemars(range(min = 0.0))]
    pub duration: f64,
    /// Position on the track in seconds; absent: where the previous step ends, less the crossfade. Negative means 0.
    #[schemars(default)]
    pub start: Option<f64>,
    /// Label.
    #[schemars(default)]
    pub description: String,
    /// Seconds of the fade from this step into the next one, never negative; absent: the global value.
    #[schemars(default)]
    pub crossfade_duration: Option<f64>,
    /// Shape of that fade; absent: the global value.
    #[schemars(default)]
    pub crossfade_curve: Option<CrossfadeCurve>,
    /// Overlap factor of that fade, 0 to 1; absent: the global value.
    #[schemars(range(min = 0.0, max = 1.0), default)]
    pub crossfade_overlap: Option<f64>,
    /// Gain of the binaural bus, 0 to 0.48, with the normalization `none` 0 to 1; absent: 0.48, or 1.
    #[schemars(range(min = 0.0, max = 1.0), default)]
    pub binaural_volume: Option<f64>,
    /// Gain of the noise bus, likewise.
    #[schemars(range(min = 0.0, max = 1.0), default)]
    pub noise_volume: Option<f64>,
    /// Peak target of this step's buses; absent: the global value. No effect with the normalization `none`.
    #[schemars(default)]
    pub normalization_level: Option<f64>,
    /// The voices; none means a silent step.
    #[schemars(default)]
    pub voices: Vec<VoiceSpec>,
    /// JSON path, such as `progression[2]`.
    #[schemars(skip)]
    pub at: String,
}

/// One voice of a step as ordered by the track (spec track-format 4).
#[derive(Debug, Clone, PartialEq, JsonSchema)]
pub struct VoiceSpec {
    /// Name of the generator; with [`is_transition`](Self::is_transition) it resolves by `voice::registry::resolve`.
    #[schemars(rename = "synth_function_name", description = "Name of the generator.")]
    pub function: String,
    /// Whether the transition form is asked for.
    #[schemars(extend("default" = false))]
    pub is_transition: bool,
    /// Whether loading found the voice unusable and reported it as silent ([`super::LoadOptions::keep_bad_voices`]).
    #[schemars(skip)]
    pub unusable: bool,
    /// Parameters for the generator, after spec voice-pipeline 12.1: without nulls, flanger keys, `duration`,
    /// `sample_rate`, private keys and (static voices) `initial_offset`. The ramp length is always
    /// `transition_duration`.
    #[schemars(default, description = "Parameters of the generator; null means absent.")]
    pub params: Map<String, Value>,
    /// The per-voice flanger; `None` unless `flangeEnable` is on (spec voice-pipeline 12.5).
    #[schemars(skip)]
    pub flange: Option<Box<Flange>>,
    /// Volume over the step; absent: the default 10 ms edge fades apply instead.
    #[schemars(rename = "volume_envelope", default)]
    pub envelope: Option<Envelope>,
    /// Which bus it is mixed on.
    #[schemars(rename = "voice_type", default)]
    pub bus: Bus,
    /// Label; also identity if there is no id.
    #[schemars(default)]
    pub description: String,
    /// Names the voice in `sam_scene`; absent: numbered, `source.1`, `source.2`, ... in the order of the track.
    #[schemars(rename = "sam_source_id", default)]
    pub source_id: Option<String>,
    /// The parts of a scene among its parameters, by their keys.
    #[schemars(skip)]
    pub(crate) scene_parts: Option<Box<Map<String, Value>>>,
    /// Identifies the voice across steps, for carrying phases (spec assembly 5.2).
    #[schemars(skip)]
    pub identity: Identity,
    /// JSON path, such as `progression[2].voices[0]`.
    #[schemars(skip)]
    pub at: String,
    /// JSON path of its parameters, such as `progression[2].voices[0].params`.
    #[schemars(skip)]
    pub params_at: String,
}

impl VoiceSpec {
    /// The voice in the form that the voice pipeline takes.
    pub fn call(&self) -> VoiceCall<'_> {
        VoiceCall {
            function: &self.function,
            is_transition: self.is_transition,
            params: &self.params,
            flange: self.flange.as_deref(),
            envelope: self.envelope,
            at: &self.at,
            params_at: &self.params_at,
        }
    }

    /// Whether it is mixed on the noise bus.
    pub fn noise_bus(&self) -> bool {
        self.bus == Bus::Noise
    }
}

/// Bus of a step that a voice is mixed on (spec assembly 6).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, JsonSchema)]
#[schemars(rename_all = "snake_case")]
pub enum Bus {
    /// Everything that is not marked as noise.
    #[default]
    Binaural,
    /// `voice_type: "noise"`.
    Noise,
}

/// An audio file laid over the steps (spec track-format 6).
#[derive(Debug, Clone, PartialEq, JsonSchema)]
pub struct Clip {
    /// Where the sound comes from: a path, or a `data:` URL.
    #[schemars(rename = "file_path", with = "String")]
    pub source: Source,
    /// Position on the track in seconds; negative cuts the head of the clip.
    #[schemars(extend("default" = 0.0))]
    pub start: f64,
    /// Linear gain.
    #[schemars(rename = "amp", extend("default" = 1.0))]
    pub gain: f64,
    /// Limit of the played length in seconds; absent (or 0 in a file): the whole clip.
    #[schemars(default)]
    pub duration: Option<f64>,
    /// Balance, -1 (left) to 1 (right).
    #[schemars(range(min = -1.0, max = 1.0), extend("default" = 0.0))]
    pub pan: f64,
    /// Whether the file repeats, for `duration` seconds or up to the end of the steps.
    #[schemars(rename = "loop", extend("default" = false))]
    pub repeats: bool,
    /// Where the part that repeats begins, in seconds of the file. What is before it plays once.
    #[schemars(range(min = 0.0), extend("default" = 0.0))]
    pub loop_start: f64,
    /// Where it ends, in seconds of the file; absent: at the end of the file.
    #[schemars(range(min = 0.0), default)]
    pub loop_end: Option<f64>,
    /// Seconds of linear fade-in.
    #[schemars(extend("default" = 0.0))]
    pub fade_in: f64,
    /// Seconds of linear fade-out.
    #[schemars(extend("default" = 0.0))]
    pub fade_out: f64,
    /// `[seconds since the start of the clip, gain]` or `[seconds, left gain, right gain]` points in ascending order of
    /// time, joined by straight lines.
    #[schemars(default, with = "Vec<Vec<f64>>")]
    pub amp_envelope: Vec<(f64, [f64; 2])>,
    /// Cyclic movements; their phases count from the start of the clip.
    #[schemars(flatten)]
    pub movement: Movement,
    /// Let it come from a place, or move along a path round the listener, before its gains and movements.
    #[schemars(default)]
    pub spatial: Option<Value>,
    /// Label.
    #[schemars(default)]
    pub description: String,
    /// JSON path, such as `overlay_clips[1]`.
    #[schemars(skip)]
    pub at: String,
}

/// Where the sound of a clip comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// A file, as written (see [`Track::resolve`]).
    File(String),
    /// A whole `data:…;base64,` URL.
    DataUrl(String),
    /// No file: the host pushes samples during playback. The clip is silent in an exported file.
    Pushed,
}

/// The bed under all steps (spec track-format 7, assembly 8).
#[derive(Debug, Clone, PartialEq, JsonSchema)]
pub struct Background {
    /// A `.noise` file, or an audio file that is looped; as written (see [`Track::resolve`]).
    #[schemars(rename = "file_path", default)]
    pub file: Option<String>,
    /// Content of a `.noise` file, used if there is no file.
    #[schemars(default)]
    pub params: Option<Map<String, Value>>,
    /// Linear gain.
    #[schemars(rename = "amp", extend("default" = 1.0))]
    pub gain: f64,
    /// When it begins, in seconds.
    #[schemars(extend("default" = 0.0))]
    pub start_time: f64,
    /// Seconds of fade-in.
    #[schemars(extend("default" = 0.0))]
    pub fade_in: f64,
    /// Seconds of fade-out before the end of the track.
    #[schemars(extend("default" = 0.0))]
    pub fade_out: f64,
    /// `[seconds, gain]` or `[seconds, left gain, right gain]` points in ascending order of time.
    #[schemars(default, with = "Vec<Vec<f64>>")]
    pub amp_envelope: Vec<(f64, [f64; 2])>,
    /// Balance, -1 (left) to 1 (right).
    #[schemars(range(min = -1.0, max = 1.0), extend("default" = 0.0))]
    pub pan: f64,
    /// Cyclic movements; their phases count from the start of the track.
    #[schemars(flatten)]
    pub movement: Movement,
    /// JSON path, such as `background_noise`.
    #[schemars(skip)]
    pub at: String,
    /// JSON path of the file name or the inline content, such as `background_noise.file_path`.
    #[schemars(skip)]
    pub source_at: String,
}

impl Track {
    /// The JSON from which the track was read, with unknown keys and in its original key order; null if it was loaded
    /// with [`only_to_play`](super::LoadOptions::only_to_play).
    pub fn document(&self) -> &Value {
        &self.document
    }

    /// The compatibility rules of the track, or the default ones if it names none.
    ///
    /// ```
    /// # use realtime_backend_core::{compat::Compat, track::Track};
    /// let (track, _) = Track::from_json(r#"{"global": {"compat": "intended"}, "progression": []}"#)?;
    /// assert_eq!(track.compat(), Compat::INTENDED);
    /// # Ok::<(), realtime_backend_core::error::Error>(())
    /// ```
    pub fn compat(&self) -> Compat {
        self.globals.compat.unwrap_or_default()
    }

    /// Whether voices sound at the amplitudes that they state, under these rules: what the track says itself, else
    /// `absolute_levels`.
    pub fn has_absolute_levels(&self, compat: &Compat) -> bool {
        self.globals.normalization.map_or(compat.absolute_levels, |own| own == Normalization::None)
    }

    /// The clips under these rules: with `old_spellings_only`, as the legacy renderer reads them.
    pub fn clips_under(&self, compat: &Compat) -> &[Clip] {
        if compat.old_spellings_only { &self.legacy_clips } else { &self.clips }
    }

    /// The bed under these rules: with `old_spellings_only`, as the legacy renderer reads it.
    pub fn background_under(&self, compat: &Compat) -> Option<&Background> {
        if compat.old_spellings_only { self.legacy_background.as_ref() } else { self.background.as_ref() }
    }

    /// Resolve a path as written in the track against [`Track::folder`].
    ///
    /// ```
    /// # use std::path::Path;
    /// # use realtime_backend_core::track::{LoadOptions, Track};
    /// let options = LoadOptions { folder: Some("music".into()), ..LoadOptions::default() };
    /// let (track, _) = Track::from_json_with(r#"{"progression": []}"#, &options)?;
    /// assert_eq!(track.resolve("rain.wav"), Path::new("music").join("rain.wav"));
    /// # Ok::<(), realtime_backend_core::error::Error>(())
    /// ```
    pub fn resolve(&self, written: &str) -> PathBuf {
        self.folder.as_deref().unwrap_or_else(|| Path::new("")).join(written)
    }
}
