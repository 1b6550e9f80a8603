//! Reads a track from a file, a text or a JSON value, in both dialects and all spellings. One pass reports all
//! problems.

use std::io::{Read, Seek};
use std::path::{Path, PathBuf};

use serde_json::{Map, Value};

use super::files::Role;
use super::kind::is_session;
use super::model::{Dialect, Globals, Normalization, Track};
use super::{layers, names, scene, starts, step};
use crate::compat::Compat;
use crate::error::{Error, Problem, Result, suggestion};
use crate::files::regular::open_regular;
use crate::interrupt::Interrupt;
use crate::json::fields::Fields;
use crate::json::findings::Findings;
use crate::json::parse;
use crate::json::value::shown;
use crate::media::embedded::{Found, track_in};

/// Options of loading a track.
///
/// ```
/// use realtime_backend_core::compat::Compat;
/// use realtime_backend_core::track::{LoadOptions, Track};
///
/// let text = r#"{"progression": [{"duration": 1.0, "voices": [{"synth_function_name": "no_such_voice"}]}]}"#;
/// assert!(Track::from_json(text).is_err());
///
/// let options = LoadOptions { keep_bad_voices: true, compat: Some(Compat::INTENDED), ..LoadOptions::filling_starts() };
/// let (track, warnings) = Track::from_json_with(text, &options)?;
/// assert_eq!(track.steps.len(), 1);
/// assert_eq!(warnings[0].path, "progression[0].voices[0].synth_function_name");
/// # Ok::<(), realtime_backend_core::error::Error>(())
/// ```
#[derive(Debug, Clone, Default)]
#[allow(clippy::struct_excessive_bools)]
pub struct LoadOptions {
    /// Fill in the start of every step (spec assembly 2), as for a file, even under [`Compat::unplaced_objects`].
    pub fill_starts: bool,
    /// Compatibility rules that override those of the track.
    pub compat: Option<Compat>,
    /// Report unusable voices as warnings and keep them as silent ones, instead of refusing the track.
    pub keep_bad_voices: bool,
    /// Folder against which relative paths are resolved.
    pub folder: Option<PathBuf>,
    /// Drop the data that only [`Track::save`] needs, which is about half of the memory.
    pub only_to_play: bool,
    /// Session files of other programs: refuse what has no counterpart instead of warning about it.
    pub strict: bool,
    /// Session files of other programs: seconds for which a state without an end is held; by default 600.
    pub hold: Option<f64>,
    /// Can stop the loading ([`Error::Cancelled`]).
    pub interrupt: Interrupt,
}

impl LoadOptions {
    /// Options as for a file: starts are filled in.
    pub fn filling_starts() -> Self {
        Self { fill_starts: true, ..Self::default() }
    }

    /// Options as for a file that will not be saved again.
    pub fn to_play() -> Self {
        Self { only_to_play: true, ..Self::filling_starts() }
    }
}

impl Track {
    /// Load a track file (v1 or v2). Relative paths in it are resolved against its folder. The problems that come with
    /// the track are warnings.
    ///
    /// # Errors
    /// [`Error::Io`] if the file cannot be read; [`Error::Invalid`] with all errors found in it.
    ///
    /// ```no_run
    /// # use realtime_backend_core::track::Track;
    /// let (track, warnings) = Track::from_path("examples/evening.json".as_ref())?;
    /// for warning in &warnings {
    ///     eprintln!("warning: {warning}");
    /// }
    /// println!("{} steps", track.steps.len());
    /// # Ok::<(), realtime_backend_core::error::Error>(())
    /// ```
    pub fn from_path(path: &Path) -> Result<(Self, Vec<Problem>)> {
        Self::from_path_with(path, &LoadOptions::filling_starts())
    }

    /// Like [`from_path`](Self::from_path), with options.
    ///
    /// # Errors
    /// Those of [`from_path`](Self::from_path), and [`Error::Cancelled`].
    pub fn from_path_with(path: &Path, options: &LoadOptions) -> Result<(Self, Vec<Problem>)> {
        let (bytes, audio) = document(path)?;
        let text = parse::text(bytes)?;
        let folder = options.folder.clone().or_else(|| path.parent().map(Path::to_owned));
        let (value, mut problems) = parse::parse_until(&text, &options.interrupt)?;
        drop(text);
        let (mut track, more) = Self::from_value_with(value, &LoadOptions { folder, ..options.clone() })?;
        problems.extend(more);
        // an audio file is no document that may be replaced
        track.note_origin(path, if audio { Role::Sound } else { Role::Track });
        Ok((track, problems))
    }

    /// Load a track from JSON text; starts are filled in.
    ///
    /// # Errors
    /// [`Error::Invalid`] with all errors found in the text.
    ///
    /// ```
    /// # use realtime_backend_core::track::Track;
    /// let (track, warnings) = Track::from_json(
    ///     r#"{"global": {"crossfade_duration": 0}, "progression": [{"duration": 10.0}, {"duration": 5.0}]}"#,
    /// )?;
    /// assert!(warnings.is_empty());
    /// assert_eq!(track.steps[1].start, Some(10.0));
    /// # Ok::<(), realtime_backend_core::error::Error>(())
    /// ```
    pub fn from_json(text: &str) -> Result<(Self, Vec<Problem>)> {
        Self::from_json_with(text, &LoadOptions::filling_starts())
    }

    /// Like [`from_json`](Self::from_json), with options.
    ///
    /// # Errors
    /// Those of [`from_json`](Self::from_json), and [`Error::Cancelled`].
    pub fn from_json_with(text: &str, options: &LoadOptions) -> Result<(Self, Vec<Problem>)> {
        let (value, mut problems) = parse::parse_until(text, &options.interrupt)?;
        let (track, more) = Self::from_value_with(value, options)?;
        problems.extend(more);
        Ok((track, problems))
    }

    /// Load a track from a JSON value. The result is the same as from its text, except under
    /// [`Compat::unplaced_objects`].
    ///
    /// # Errors
    /// [`Error::Invalid`] with all errors found in the value.
    ///
    /// ```
    /// # use realtime_backend_core::track::Track;
    /// let (track, _) = Track::from_value(serde_json::json!({"progression": [{"duration": 10.0}]}))?;
    /// assert_eq!(track.steps[0].duration, 10.0);
    /// # Ok::<(), realtime_backend_core::error::Error>(())
    /// ```
    pub fn from_value(value: Value) -> Result<(Self, Vec<Problem>)> {
        Self::from_value_with(value, &LoadOptions::default())
    }

    /// Like [`from_value`](Self::from_value), with options.
    ///
    /// # Errors
    /// Those of [`from_value`](Self::from_value), and [`Error::Cancelled`].
    pub fn from_value_with(value: Value, options: &LoadOptions) -> Result<(Self, Vec<Problem>)> {
        let mut document = parse::within_limits(value)?;
        if is_session(&document) {
            let message = "expected a track, got a session: its presets are filled in by `convert`, and when it is read as a file";
            return Err(Error::invalid("", message));
        }
        let Value::Object(map) = &mut document else {
            return Err(Error::invalid("", format!("expected a track (a JSON object), got {}", shown(&document))));
        };
        let mut findings = Findings::default();
        findings.interrupt = options.interrupt.clone();
        let taken = if options.only_to_play { step::take(map) } else { Vec::new() };
        let mut track = top(map, taken, options, &mut findings)?;
        if options.fill_starts || !findings.rules.unplaced_objects {
            let starts = starts::read(track.steps.iter().map(Into::into), &track.globals);
            for (step, start) in track.steps.iter_mut().zip(starts) {
                step.start = Some(start);
            }
        }
        options.interrupt.check()?;
        starts::check(&track, &findings);
        let (mut track, warnings) = findings.conclude(track)?;
        let title = document.get("metadata").and_then(|found| found.get("title")).and_then(Value::as_str);
        track.title = title.filter(|title| !title.trim().is_empty()).map(str::to_owned);
        if !options.only_to_play {
            layers::strip_private_keys(&mut document);
            track.document = document;
        }
        track.folder.clone_from(&options.folder);
        Ok((track, warnings))
    }
}

/// The content of a document file as text.
///
/// # Errors
/// [`Error::Io`] if it is not a regular file or cannot be read; [`Error::Invalid`] if it is too large or not text.
pub fn document_text(path: &Path) -> Result<String> {
    parse::text(document_bytes(path)?)
}

/// The content of a document file, or the track in an audio file.
///
/// # Errors
/// [`Error::Io`] if it is not a regular file or cannot be read; [`Error::Invalid`] if it is too large, or an audio file
/// without a track.
pub fn document_bytes(path: &Path) -> Result<Vec<u8>> {
    document(path).map(|(bytes, _)| bytes)
}

/// Like [`document_bytes`], with whether the file is an audio file.
pub(super) fn document(path: &Path) -> Result<(Vec<u8>, bool)> {
    let io = |source| Error::Io { path: path.display().to_string(), source };
    let mut file = open_regular(path).map_err(|error| match error {
        Error::Io { source, .. } if is_document(path, &source) => {
            Error::invalid("", "expected a path, got JSON text (no file has this name)")
        }
        error => error,
    })?;
    if let Some(track) = embedded(&mut file).map_err(io)? {
        return track.map(|bytes| (bytes, true));
    }
    file.rewind().map_err(io)?;
    let bytes = file.metadata().map_err(io)?.len();
    if bytes > parse::MAX_BYTES {
        return Err(parse::too_large(bytes));
    }
    let mut content = Vec::new();
    file.take(parse::MAX_BYTES + 1).read_to_end(&mut content).map_err(io)?;
    Ok((content, false))
}

/// The track in an audio file, or the error that there is none; `None` if it is no audio file.
pub(super) fn embedded(file: &mut (impl Read + Seek)) -> std::io::Result<Option<Result<Vec<u8>>>> {
    Ok(match track_in(file)? {
        Found::NoAudio => None,
        Found::Track(text) => Some(Ok(text)),
        Found::Nothing => Some(Err(Error::invalid("", "expected a track, got an audio file without a track in it"))),
    })
}

/// Whether `path` is not a path but the JSON text of a document.
fn is_document(path: &Path, error: &std::io::Error) -> bool {
    error.kind() != std::io::ErrorKind::PermissionDenied && path.to_str().is_some_and(parse::begins)
}

fn top(map: &Map<String, Value>, taken: Vec<Value>, options: &LoadOptions, findings: &mut Findings) -> Result<Track> {
    let dialect = if map.contains_key("progression") || map.contains_key("global") { Dialect::V2 } else { Dialect::V1 };
    if dialect == Dialect::V1 && !map.contains_key("steps") {
        return Err(no_track(map));
    }
    let early = Findings::default();
    let (mut asked, mut own) = (None, None);
    if let Some((at, globals)) = Fields::new(map, "", &early).object(names::GLOBALS) {
        let fields = Fields::new(globals, at, &early);
        (asked, own) = (compat(&fields), normalization(&fields));
    }
    let mut rules = options.compat.or(asked).unwrap_or_default();
    rules.absolute_levels = own.map_or(rules.absolute_levels, |own| own == Normalization::None);
    findings.keep_bad_voices = options.keep_bad_voices || rules.silence_bad_voices;
    findings.rules = rules;

    let fields = Fields::new(map, "", findings);
    let globals =
        fields.object(names::GLOBALS).map(|(at, map)| globals(Fields::new(map, at, findings))).unwrap_or_default();
    let steps = step::read_all(&fields, taken);
    let clips = layers::clips(&fields);
    let background = layers::background(&fields);
    fields.known(names::METADATA);
    let sam_scene = fields.pick(names::SAM_SCENE).map(|found| found.value.clone());
    let scene = scene::of_voices(&fields, &steps);
    let legacy_clips = layers::legacy_clips(map, dialect);
    let legacy_background = layers::legacy_background(map);
    fields.finish();
    if steps.is_empty() && clips.is_empty() && background.is_none() {
        findings.warn("", "the track has no steps: it is silent");
    }
    Ok(Track {
        globals,
        steps,
        background,
        clips,
        sam_scene,
        scene,
        title: None,
        folder: None,
        dialect,
        legacy_clips,
        legacy_background,
        read_from: Vec::new(),
        document: Value::Null,
    })
}

/// The error for an object that has no steps.
fn no_track(map: &Map<String, Value>) -> Error {
    let expected = "expected a track with \"progression\" (or \"steps\")";
    let has = |keys: &[&str]| keys.iter().any(|key| map.contains_key(*key));
    if has(&["noise_parameters", "color_params"]) {
        let got = "a noise preset; a track names such a file as its \"background_noise\"";
        return Error::invalid("", format!("{expected}, got {got}"));
    }
    if has(&["synth_function_name"]) {
        return Error::invalid("", format!("{expected}, got a voice preset; a track has voices in its steps"));
    }
    if has(names::SAM_SCENE) || has(&["stages", "modulators", "modulation", "routing"]) {
        let got = "a scene of the spatial workbench, which has no sound of its own";
        let right = "it belongs into a track as \"sam_scene\", beside the steps with the voices that it moves";
        return Error::invalid("", format!("{expected}, got {got}; {right}"));
    }
    let known: Vec<&str> = names::STEPS.iter().chain(names::GLOBALS).copied().collect();
    let hint = map.keys().map(|key| suggestion(key, known.iter().copied())).find(|hint| !hint.is_empty());
    let keys: Vec<String> = map.keys().take(5).map(|key| shown(&Value::from(key.as_str()))).collect();
    let got = if keys.is_empty() { "an empty object".to_owned() } else { format!("the keys {}", keys.join(", ")) };
    Error::invalid("", format!("{expected}, got {got}{}", hint.unwrap_or_default()))
}

fn globals(fields: Fields<'_>) -> Globals {
    let default = Globals::default();
    let found = Globals {
        sample_rate: sample_rate(&fields).unwrap_or(default.sample_rate),
        crossfade_duration: fields.length(names::CROSSFADE_DURATION).unwrap_or(default.crossfade_duration),
        crossfade_curve: step::curve(&fields),
        crossfade_overlap: step::overlap(&fields).unwrap_or(default.crossfade_overlap),
        normalization: normalization(&fields),
        normalization_level: fields.gain(names::NORMALIZATION_LEVEL).unwrap_or(default.normalization_level),
        output_filename: fields.text(names::OUTPUT_FILENAME).filter(|name| !name.trim().is_empty()),
        preserve_relative_step_loudness: fields.flag(names::PRESERVE_LOUDNESS).unwrap_or(false),
        compat: compat(&fields),
    };
    fields.known(names::GLOBAL_HINTS);
    fields.finish();
    found
}

fn normalization(fields: &Fields<'_>) -> Option<Normalization> {
    fields.word(names::NORMALIZATION, &["step", "none"], "the default of the rules").map(|word| match word {
        "none" => Normalization::None,
        _ => Normalization::Step,
    })
}

pub(super) fn sample_rate(fields: &Fields<'_>) -> Option<u32> {
    let found = fields.pick(names::SAMPLE_RATE)?;
    let rate = fields.number_of(found, 8000.0, 384_000.0)?;
    if rate.fract() != 0.0 {
        fields.warn(found.key, format!("{rate} Hz is not a whole number; {} Hz is used", rate.trunc()));
    }
    Some(rate as u32)
}

/// The compatibility rules of a track: the name of a preset, or an object with `preset` and single switches.
fn compat(fields: &Fields<'_>) -> Option<Compat> {
    let found = fields.pick(names::COMPAT)?;
    match found.value {
        Value::String(name) => preset(fields, found.key, name),
        Value::Object(map) => {
            let inner = Fields::new(map, fields.at(found.key), fields.findings);
            let mut rules = match inner.text(&["preset"]) {
                Some(name) => preset(&inner, "preset", &name)?,
                None => Compat::DEFAULT,
            };
            for switch in Compat::SWITCHES {
                if let Some(value) = inner.flag(switch.names) {
                    rules.set(switch.name, value);
                }
            }
            inner.finish();
            Some(rules)
        }
        other => {
            fields.error(found.key, format!("expected the name of a preset, got {}", shown(other)));
            None
        }
    }
}

fn preset(fields: &Fields<'_>, key: &str, name: &str) -> Option<Compat> {
    Compat::named(name).map_err(|error| fields.error(key, error.to_string())).ok()
}
