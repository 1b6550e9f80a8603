//! Writes a track, always in the second dialect and without loss of unknown keys. The file appears complete or not at
//! all.

use std::io;
use std::path::Path;

use serde::ser::SerializeMap as _;
use serde::{Serialize, Serializer};
use serde_json::{Map, Value};

use super::model::Track;
use super::{layers, names, starts};
use crate::compat::Compat;
use crate::error::{Error, Result};
use crate::files::{atomic, digest};
use crate::json::fields::{Fields, Names};
use crate::json::findings::Findings;

/// Top-level fields with several spellings.
const TOP_ALIASES: &[Names] = &[names::GLOBALS, names::STEPS, names::BACKGROUND];

/// Fields that are renamed to their canonical spelling when a track is written.
const GLOBAL_NAMES: &[Names] =
    &[names::SAMPLE_RATE, names::CROSSFADE_DURATION, names::CROSSFADE_CURVE, names::OUTPUT_FILENAME];
const STEP_NAMES: &[Names] = &[names::DURATION, names::CROSSFADE_DURATION, names::CROSSFADE_CURVE];
const VOICE_NAMES: &[Names] = &[names::FUNCTION, names::PARAMS, names::IS_TRANSITION, names::ENVELOPE];

impl Track {
    /// The track in the second dialect as a JSON value (spec track-format 1), in canonical spellings. Every step has
    /// the numeric start at which it is rendered; unknown keys are kept. Null if the track was loaded with
    /// [`only_to_play`](crate::track::LoadOptions::only_to_play).
    ///
    /// ```
    /// # use realtime_backend_core::track::Track;
    /// # let (track, _) = Track::from_json(r#"{"progression": [{"duration": 1.0, "voices": [
    /// #     {"synth_function_name": "binaural_beat", "params": {"baseFreq": 180.0, "beatFreq": 6.0}}]}]}"#)?;
    /// assert_eq!(track.to_value()["progression"][0]["start"], 0.0);
    /// # Ok::<(), realtime_backend_core::error::Error>(())
    /// ```
    pub fn to_value(&self) -> Value {
        // a value is always written into a value
        serde_json::to_value(Written(self)).unwrap_or_default()
    }

    /// Let the track name a preset of compatibility rules ([`Compat::PRESETS`]) in place of the rules that it names. The
    /// rest of its document stays as it is. No effect if `preset` is not the name of one.
    ///
    /// ```
    /// # use realtime_backend_core::{compat::Compat, track::Track};
    /// let (mut track, _) = Track::from_json(r#"{"progression": []}"#)?;
    /// track.name_preset("intended");
    /// assert_eq!(track.compat(), Compat::INTENDED);
    /// assert_eq!(track.to_value()["global"]["compat"], "intended");
    /// # Ok::<(), realtime_backend_core::error::Error>(())
    /// ```
    pub fn name_preset(&mut self, preset: &str) {
        let (Some(rules), Value::Object(document)) = (Compat::preset(preset), &mut self.document) else { return };
        let silent = Findings::default();
        let key = Fields::new(document, "", &silent).pick(names::GLOBALS).map_or(names::GLOBALS[0], |found| found.key);
        let key = key.to_owned();
        if let Value::Object(globals) = document.entry(key).or_insert_with(|| Value::Object(Map::new())) {
            globals.insert(names::COMPAT[0].to_owned(), preset.into());
        }
        self.globals.compat = Some(rules);
    }

    /// Like [`to_value`](Self::to_value), as JSON text with an indent of 4 spaces.
    ///
    /// ```
    /// # use realtime_backend_core::track::Track;
    /// # let (track, _) = Track::from_json(r#"{"progression": [{"duration": 1.0, "voices": [
    /// #     {"synth_function_name": "binaural_beat", "params": {"baseFreq": 180.0, "beatFreq": 6.0}}]}]}"#)?;
    /// let (again, _) = Track::from_json(&track.to_json())?;
    /// assert_eq!(again.to_value(), track.to_value());
    /// # Ok::<(), realtime_backend_core::error::Error>(())
    /// ```
    pub fn to_json(&self) -> String {
        let mut bytes = Vec::new();
        match (self.write_json(&mut bytes), String::from_utf8(bytes)) {
            (Ok(()), Ok(text)) => text,
            _ => self.to_value().to_string(), // a value with text keys always serialises; this is never reached
        }
    }

    /// SHA-256 of the track as [`save`](Self::save) writes it, in hexadecimal digits. `None` if it was loaded with
    /// [`only_to_play`](crate::track::LoadOptions::only_to_play).
    ///
    /// ```
    /// # use realtime_backend_core::track::Track;
    /// let (track, _) = Track::from_json(r#"{"progression": []}"#)?;
    /// assert_eq!(track.sha256().map(|digest| digest.len()), Some(64));
    /// # Ok::<(), realtime_backend_core::error::Error>(())
    /// ```
    pub fn sha256(&self) -> Option<String> {
        if self.document.is_null() {
            return None;
        }
        digest::of_written(|out| self.write_json(out)).ok()
    }

    /// Write the track to a file, which may be the one from which it was loaded. The file appears complete or not at
    /// all.
    ///
    /// # Errors
    /// [`Error::Io`] if the file cannot be written or is another one of [`Track::files`]; [`Error::Invalid`] if the
    /// track was loaded with [`only_to_play`](crate::track::LoadOptions::only_to_play).
    ///
    /// ```no_run
    /// # use realtime_backend_core::track::Track;
    /// let (track, _) = Track::from_path("old.json".as_ref())?;
    /// track.save("new.json".as_ref())?;
    /// # Ok::<(), realtime_backend_core::error::Error>(())
    /// ```
    pub fn save(&self, path: &Path) -> Result<()> {
        if self.document.is_null() {
            return Err(Error::invalid(
                "",
                "the track was loaded only to be played; what it does not need for that is gone",
            ));
        }
        self.inputs_of_saving().refuse(path)?;
        atomic::write(path, self.to_json().as_bytes())
    }

    /// Write the JSON text of the track, without the text or the value as a whole in memory.
    fn write_json(&self, out: impl io::Write) -> io::Result<()> {
        let format = serde_json::ser::PrettyFormatter::with_indent(b"    ");
        Ok(Written(self).serialize(&mut serde_json::Serializer::with_formatter(out, format))?)
    }
}

/// A track as it is written, one step at a time.
struct Written<'a>(&'a Track);

impl Serialize for Written<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        let Self(track) = self;
        let Value::Object(document) = &track.document else { return serializer.serialize_unit() };
        let silent = Findings::default();
        let fields = Fields::new(document, "", &silent);
        let globals = fields.pick(names::GLOBALS);
        let steps = fields.pick(names::STEPS);
        let background = fields.pick_filled(names::BACKGROUND);
        let global = globals.and_then(|found| found.value.as_object()).map(|map| renamed(map, GLOBAL_NAMES));
        let items = steps.and_then(|found| found.value.as_array()).map_or(&[][..], Vec::as_slice);
        let empty = Value::Object(Map::new());
        let mut out = serializer.serialize_map(None)?;
        out.serialize_entry("global", &global.unwrap_or_default())?;
        out.serialize_entry("progression", &Steps { track, items })?;
        out.serialize_entry("background_noise", background.map_or(&empty, |found| found.value))?;
        out.serialize_entry("overlay_clips", &layers::merged_values(document))?;
        if let Some(scene) = &track.sam_scene {
            out.serialize_entry("sam_scene", scene)?;
        }
        // The rest: unknown keys, and spellings that another one overrides.
        let written = [globals, steps, background].into_iter().flatten().map(|found| found.key);
        let written: Vec<&str> = written
            .chain(names::CLIPS.iter().chain(names::SAM_SCENE).copied())
            .chain(["global", "progression", "background_noise", "overlay_clips"])
            .collect();
        let idle = |key: &str, value: &Value| value.is_null() && TOP_ALIASES.iter().any(|names| names.contains(&key));
        for (key, value) in document {
            if !written.contains(&key.as_str()) && !idle(key, value) {
                out.serialize_entry(key, value)?;
            }
        }
        out.end()
    }
}

/// The steps as they are written.
struct Steps<'a> {
    track: &'a Track,
    items: &'a [Value],
}

impl Serialize for Steps<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        let starts = starts::rendered(self.track.steps.iter().map(Into::into), &self.track.globals);
        serializer.collect_seq(self.items.iter().zip(starts).map(|(item, start)| step_value(item, start)))
    }
}

fn step_value(item: &Value, start: f64) -> Value {
    let empty = Map::new();
    let mut map = renamed(item.as_object().unwrap_or(&empty), STEP_NAMES);
    map.shift_remove("start_time");
    map.insert("start".to_owned(), start.into());
    if let Some(Value::Array(voices)) = map.get_mut("voices") {
        for voice in voices {
            if let Value::Object(fields) = voice {
                *fields = renamed(fields, VOICE_NAMES);
            }
        }
    }
    Value::Object(map)
}

/// A copy of the object in which the effective spelling of each field has its canonical name, at the same position;
/// other spellings stay.
fn renamed(map: &Map<String, Value>, table: &[Names]) -> Map<String, Value> {
    let mut renames: Vec<(&str, &str)> = Vec::new();
    for names in table {
        let silent = Findings::default();
        if let Some(found) = Fields::new(map, "", &silent).pick(names)
            && found.key != names[0]
        {
            renames.push((found.key, names[0]));
        }
    }
    let target = |key: &str| renames.iter().find(|(from, _)| *from == key).map(|(_, to)| *to);
    map.iter()
        // Drop a null under the canonical name that the renamed key takes.
        .filter(|(key, _)| !renames.iter().any(|(_, to)| to == key))
        .map(|(key, value)| (target(key).unwrap_or(key).to_owned(), value.clone()))
        .collect()
}
