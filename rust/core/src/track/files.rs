//! Lists the files that a track is made from, so that no output overwrites one of them.

use std::io;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value};

use super::model::{Source, Track};
use super::read::document_text;
use crate::error::{Error, Result};
use crate::files::same::Identity;
use crate::interrupt::Interrupt;
use crate::json::{parse, path};
use crate::media::location::is_data_url;
use crate::voice::param::{SPATIAL, STAGES};
use crate::voice::registry::file_params;

/// The role of a file in a track.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// The track itself.
    Track,
    /// The session that was converted to the track.
    Session,
    /// A preset that the session names.
    Preset,
    /// An audio file or a `.noise` file.
    Sound,
}

/// A file that a track is made from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Input {
    /// Its path, absolute or relative to the working directory.
    pub path: PathBuf,
    /// Its role in the track.
    pub role: Role,
    /// Where it is named: a JSON path, or the id of a preset; empty for the document itself.
    pub at: String,
}

impl Track {
    /// Every file that the track was read from, or that rendering it reads under any compatibility rules. Opens the
    /// `.noise` file of the bed to find the audio file that it names.
    ///
    /// ```
    /// # use realtime_backend_core::track::{Role, Track};
    /// let (track, _) =
    ///     Track::from_json(r#"{"progression": [{"duration": 60.0}], "background_noise": {"file_path": "rain.wav"}}"#)?;
    /// let files = track.files();
    /// assert_eq!((files[0].path.to_str(), files[0].role), (Some("rain.wav"), Role::Sound));
    /// # Ok::<(), realtime_backend_core::error::Error>(())
    /// ```
    pub fn files(&self) -> Vec<Input> {
        let mut found = self.read_from.clone();
        let mut add = |written: &str, at: String| {
            if !written.is_empty() && !is_data_url(written) {
                found.push(Input { path: self.resolve(written), role: Role::Sound, at });
            }
        };
        for clip in self.clips.iter().chain(&self.legacy_clips) {
            if let Source::File(written) = &clip.source {
                add(written, clip.at.clone());
            }
            let placed = clip.spatial.as_ref().and_then(Value::as_object).into_iter().flat_map(named);
            placed.for_each(|(name, written)| add(&written, format!("{}.{}.{name}", clip.at, SPATIAL.name)));
        }
        for bed in self.background.iter().chain(&self.legacy_background) {
            if let Some(file) = &bed.file {
                add(file, bed.source_at.clone());
                let content = self.noise_file(file);
                content.iter().flat_map(named).for_each(|(_, written)| add(&written, bed.source_at.clone()));
            }
            let inside = bed.params.iter().flat_map(named);
            inside.for_each(|(name, written)| add(&written, format!("{}.{name}", bed.source_at)));
        }
        for voice in self.steps.iter().flat_map(|step| &step.voices) {
            named(&voice.params).for_each(|(name, written)| add(&written, format!("{}.{name}", voice.params_at)));
        }
        found
    }

    /// Whether the sound of the track depends on more than the document and the `.noise` file of the bed: on audio
    /// files or sets of head-related responses.
    ///
    /// ```
    /// # use realtime_backend_core::track::Track;
    /// let (track, _) = Track::from_json(r#"{"progression": [], "background_noise": {"file_path": "rain.wav"}}"#)?;
    /// assert!(track.needs_media());
    /// # Ok::<(), realtime_backend_core::error::Error>(())
    /// ```
    pub fn needs_media(&self) -> bool {
        let mut beds = self.background.iter().chain(&self.legacy_background);
        let mut voices = self.steps.iter().flat_map(|step| &step.voices);
        let mut clips = self.clips.iter().chain(&self.legacy_clips);
        clips.any(|clip| {
            clip.source != Source::Pushed || clip.spatial.iter().filter_map(Value::as_object).any(needs_media)
        }) || beds
            .any(|bed| bed.file.as_deref().is_some_and(|file| !is_noise(file)) || bed.params.iter().any(needs_media))
            || voices.any(|voice| needs_media(&voice.params))
    }

    /// Record `path` as the file of the document.
    pub(super) fn note_origin(&mut self, path: &Path, role: Role) {
        self.read_from.insert(0, Input { path: path.to_owned(), role, at: String::new() });
    }

    /// The content of `file`, a path as written in the track; `None` if it is not a readable `.noise` file.
    fn noise_file(&self, file: &str) -> Option<Map<String, Value>> {
        let text = is_noise(file).then(|| document_text(&self.resolve(file)).ok())??;
        Some(parse::object(&text, &Interrupt::default()).ok()?.0)
    }

    /// The [`files`](Self::files) of the track, for checking output paths.
    pub fn inputs(&self) -> Inputs {
        Inputs::of(self.files())
    }

    /// Like [`inputs`](Self::inputs), without the track file itself, which saving an edited track replaces.
    pub fn inputs_of_saving(&self) -> Inputs {
        Inputs::of(self.files().into_iter().filter(|input| input.role != Role::Track))
    }
}

/// Whether a path is that of a `.noise` file.
pub fn is_noise(path: &str) -> bool {
    Path::new(path).extension().is_some_and(|kind| kind.eq_ignore_ascii_case("noise"))
}

/// Whether the parameters of a voice, their stages or a `.noise` file name a file or hold a `data:` URL.
pub fn needs_media(params: &Map<String, Value>) -> bool {
    let stages = STAGES.iter().filter_map(|row| params.get(row.name)?.as_object());
    let given = |value: &Value| match value {
        Value::String(text) => !text.trim().is_empty(),
        Value::Array(items) => !items.is_empty(),
        _ => false,
    };
    std::iter::once(params)
        .chain(stages)
        .any(|params| file_params().iter().any(|key| params.get(*key).is_some_and(given)))
}

/// The files that the parameters of a voice, their stages or a `.noise` file name: JSON path within the parameters, and
/// path as written.
pub fn named(params: &Map<String, Value>) -> impl Iterator<Item = (String, String)> {
    let stages = STAGES.iter().filter_map(|row| Some((Some(row.name), params.get(row.name)?.as_object()?)));
    std::iter::once((None, params)).chain(stages).flat_map(|(stage, params)| {
        named_in(params)
            .map(move |(name, file)| (stage.map_or(name.to_owned(), |stage| path::member(stage, name)), file))
    })
}

fn named_in(params: &Map<String, Value>) -> impl Iterator<Item = (&'static str, String)> {
    file_params().iter().flat_map(|key| {
        let paths: Vec<&str> = match params.get(*key) {
            Some(Value::String(text)) => split(text),
            Some(Value::Array(items)) => items.iter().filter_map(Value::as_str).collect(),
            _ => Vec::new(),
        };
        let files = paths.into_iter().filter(|path| !path.trim().is_empty() && !is_data_url(path));
        files.map(|path| (*key, path.to_owned())).collect::<Vec<_>>()
    })
}

/// The paths in a text that may hold several, separated by `;`.
pub fn split(text: &str) -> Vec<&str> {
    if is_data_url(text) { vec![text] } else { text.split(';').map(str::trim).collect() }
}

/// Files that no output may overwrite.
#[derive(Debug, Clone, Default)]
pub struct Inputs(Vec<(Identity, Input)>);

impl Inputs {
    /// Look up these files in the file system, as they are now.
    pub fn of(files: impl IntoIterator<Item = Input>) -> Self {
        Self(files.into_iter().map(|input| (Identity::of(&input.path), input)).collect())
    }

    /// The input that is the same file as `output`, if there is one. Links and other spellings of a path are
    /// recognised.
    pub fn find(&self, output: &Path) -> Option<&Input> {
        let identity = Identity::of(output);
        self.0.iter().find(|(known, _)| *known == identity).map(|(_, input)| input)
    }

    /// Refuse `output` if it is one of these files.
    ///
    /// # Errors
    /// [`Error::Io`] of kind [`io::ErrorKind::AlreadyExists`] that names `output` and its role in the track.
    ///
    /// ```
    /// # use realtime_backend_core::track::Track;
    /// let (track, _) =
    ///     Track::from_json(r#"{"progression": [{"duration": 60.0}], "background_noise": {"file_path": "rain.wav"}}"#)?;
    /// let inputs = track.inputs();
    /// assert!(inputs.refuse("rain.wav".as_ref()).is_err());
    /// assert!(inputs.refuse("session.wav".as_ref()).is_ok());
    /// # Ok::<(), realtime_backend_core::error::Error>(())
    /// ```
    pub fn refuse(&self, output: &Path) -> Result<()> {
        let Some(input) = self.find(output) else { return Ok(()) };
        let what = match input.role {
            Role::Track => "is the track itself".to_owned(),
            Role::Session => "is the session itself".to_owned(),
            Role::Preset => format!("is the preset \"{}\" of the session", input.at),
            Role::Sound => format!("is read by the track ({})", input.at),
        };
        let source = io::Error::new(io::ErrorKind::AlreadyExists, format!("{what} and would be lost"));
        Err(Error::Io { path: output.display().to_string(), source })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::track::LoadOptions;

    #[test]
    fn a_track_lists_every_file_that_it_reads() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("bed.noise"), r#"{"input_audio_path": "sea.wav"}"#).unwrap();
        let voice = |params: Value| json!({"synth_function_name": "subliminal_encode", "params": params});
        let document = json!({
            "progression": [{"duration": 1, "voices": [
                voice(json!({"audio_paths": "a.wav; data:,x;b.wav"})),
                voice(json!({"audio_paths": ["c.wav"]})),
                voice(json!({"audio_path": "d.wav"})),
                {"synth_function_name": "noise_generator", "params": {"input_audio_path": "e.wav"}},
                {"synth_function_name": "bell", "params": {"spatial": {"hrtfAsset": "ears.sofa"}}},
            ]}],
            "background_noise": {"file_path": "bed.noise", "file": "old.flac"},
            "overlay_clips": [{"file_path": "f.wav", "path": "g.wav"}, {"file_path": "data:audio/wav;base64,AAAA"}],
        });
        let options = LoadOptions { folder: Some(folder.path().to_owned()), ..LoadOptions::default() };
        let (track, _) = Track::from_value_with(document, &options).unwrap();
        let names =
            track.files().into_iter().map(|file| file.path.strip_prefix(folder.path()).unwrap().display().to_string());
        let mut names: Vec<String> = names.collect();
        names.sort();
        let expected = [
            "a.wav",
            "b.wav",
            "bed.noise",
            "c.wav",
            "d.wav",
            "e.wav",
            "ears.sofa",
            "f.wav",
            "g.wav",
            "old.flac",
            "sea.wav",
        ];
        assert_eq!(names, expected);
    }

    #[test]
    fn media_are_needed_by_audio_files_and_measured_ears_only() {
        let voice = |params: Value| {
            json!({"progression": [{"duration": 1, "voices": [
            {"synth_function_name": "noise_generator", "params": params}]}]})
        };
        let needs = |document: Value| Track::from_value(document).unwrap().0.needs_media();
        for document in [
            voice(json!({"input_audio_path": "sea.wav"})),
            voice(json!({"input_audio_path": "data:audio/wav;base64,AAAA"})),
            voice(json!({"audio_paths": ["c.wav"]})),
            voice(json!({"spatial": {"hrtfAsset": "ears.sofa"}})),
            json!({"progression": [], "background_noise": {"file_path": "sea.flac"}}),
            json!({"progression": [], "background_noise": {"params": {"input_audio_path": "sea.wav"}}}),
            json!({"progression": [], "overlay_clips": [{"file_path": "bell.wav"}]}),
            json!({"progression": [], "overlay_clips": [{"start": 1, "spatial": {"hrtfAsset": "ears.sofa"}}]}),
        ] {
            assert!(needs(document.clone()), "{document}");
        }
        for document in [
            voice(json!({"input_audio_path": " ", "spatial": {"distanceM": 2}})),
            json!({"progression": [], "background_noise": {"file_path": "sea.noise"}}),
            json!({"progression": [], "background_noise": {"file_path": ""}, "overlay_clips": [{"start": 1}]}),
        ] {
            assert!(!needs(document.clone()), "{document}");
        }
    }

    #[test]
    fn output_onto_the_file_of_an_inline_bed_is_refused() {
        let document = json!({"progression": [], "background_noise": {"params": {"input_audio_path": "sea.wav"}}});
        let (track, _) = Track::from_value(document).unwrap();
        let refused = track.inputs().refuse(Path::new("./x/../sea.wav")).map_err(|error| error.to_string());
        assert_eq!(track.files()[0].at, "background_noise.params.input_audio_path");
        // `x/..` is removed from the path even though `x` does not exist.
        assert!(refused.unwrap_err().contains("is read by the track"));
        assert!(track.inputs().refuse(Path::new("lake.wav")).is_ok());
    }
}
