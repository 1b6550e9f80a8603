//! `.voice` and `.voices` files, and the catalogue of presets that sessions name (spec track-format 9).

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value, json};

use super::noise_file::NoiseFile;
use super::noise_presets;
use crate::error::{Error, Problem, Result, suggestion};
use crate::files::atomic;
use crate::interrupt::Interrupt;
use crate::json::fields::Fields;
use crate::json::findings::Findings;
use crate::json::value::shown;
use crate::json::{parse, path};
use crate::track::files::{Input, Inputs, Role};
use crate::track::kind::is_session;
use crate::track::model::Track;
use crate::track::read::LoadOptions;
use crate::track::{files, names, read};

/// One stored voice: the five fields of a `.voice` file. Neither bus nor ids are stored.
///
/// ```
/// use realtime_backend_core::track::VoicePreset;
/// use serde_json::json;
///
/// let voice = json!({"synth_function_name": "binaural_beat", "params": {"baseFreq": 200.0}});
/// let (preset, _) = VoicePreset::from_map(voice.as_object().expect("an object"))?;
/// assert_eq!(preset.function, "binaural_beat");
/// assert_eq!(preset.to_value()["is_transition"], false);
/// # Ok::<(), realtime_backend_core::error::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Default)]
pub struct VoicePreset {
    /// Name of the generator.
    pub function: String,
    /// Whether it is the transition form.
    pub is_transition: bool,
    /// Parameters as written.
    pub params: Map<String, Value>,
    /// Volume envelope as written; null if there is none.
    pub volume_envelope: Value,
    /// Label.
    pub description: String,
}

impl VoicePreset {
    /// Read a `.voice` file. The problems that come with the preset are warnings.
    ///
    /// # Errors
    /// [`Error::Io`] if the file cannot be read; [`Error::Invalid`] if it is not a voice.
    pub fn from_path(path: &Path) -> Result<(Self, Vec<Problem>)> {
        Self::from_path_until(path, &Interrupt::default())
    }

    /// Like [`from_path`](Self::from_path), but `interrupt` can stop it.
    ///
    /// # Errors
    /// Those of [`from_path`](Self::from_path), and [`Error::Cancelled`].
    pub fn from_path_until(path: &Path, interrupt: &Interrupt) -> Result<(Self, Vec<Problem>)> {
        let (value, mut problems) = document(path, interrupt)?;
        let findings = Findings::default();
        let Value::Object(map) = &value else {
            return Err(Error::invalid("", format!("expected a voice (a JSON object), got {}", shown(&value))));
        };
        let preset = Self::read(map, String::new(), &findings);
        let (preset, more) = findings.conclude(preset)?;
        problems.extend(more);
        Ok((preset, problems))
    }

    /// Read a `.voices` file: a list of voices. Entries that are not voices are skipped with a warning.
    ///
    /// # Errors
    /// [`Error::Io`] if the file cannot be read; [`Error::Invalid`] if it is not a list, or a voice in it is invalid.
    pub fn list_from_path(path: &Path) -> Result<(Vec<Self>, Vec<Problem>)> {
        Self::list_from_path_until(path, &Interrupt::default())
    }

    /// Like [`list_from_path`](Self::list_from_path), but `interrupt` can stop it.
    ///
    /// # Errors
    /// Those of [`list_from_path`](Self::list_from_path), and [`Error::Cancelled`].
    pub fn list_from_path_until(path: &Path, interrupt: &Interrupt) -> Result<(Vec<Self>, Vec<Problem>)> {
        let (value, mut problems) = document(path, interrupt)?;
        let Value::Array(items) = &value else {
            return Err(Error::invalid("", format!("expected a list of voices, got {}", shown(&value))));
        };
        let findings = Findings::default();
        let mut presets = Vec::with_capacity(items.len());
        for (index, item) in items.iter().enumerate() {
            interrupt.check()?;
            let at = path::item("", index);
            match item {
                Value::Object(map) => presets.push(Self::read(map, at, &findings)),
                other => findings.warn(at, format!("expected a voice (an object), got {}; skipped", shown(other))),
            }
        }
        let (presets, more) = findings.conclude(presets)?;
        problems.extend(more);
        Ok((presets, problems))
    }

    /// Take the five fields from a voice in the form of a track; other fields are dropped without a warning.
    ///
    /// # Errors
    /// [`Error::Invalid`] if a field has the wrong type.
    pub fn from_map(map: &Map<String, Value>) -> Result<(Self, Vec<Problem>)> {
        let findings = Findings::default();
        let preset = Self::read(map, String::new(), &findings);
        findings.conclude(preset)
    }

    /// Read the five fields; other fields are dropped without a warning.
    fn read(map: &Map<String, Value>, at: String, findings: &Findings) -> Self {
        let fields = Fields::new(map, at, findings);
        Self {
            function: fields.text(names::FUNCTION).unwrap_or_default(),
            is_transition: fields.flag(names::IS_TRANSITION).unwrap_or(false),
            params: fields.object(names::PARAMS).map(|(_, map)| map.clone()).unwrap_or_default(),
            volume_envelope: fields.pick(names::ENVELOPE).map_or(Value::Null, |found| found.value.clone()),
            description: fields.text(names::DESCRIPTION).unwrap_or_default(),
        }
    }

    /// The voice as JSON, in the form of a `.voice` file and of a track.
    pub fn to_value(&self) -> Value {
        json!({
            "synth_function_name": self.function,
            "is_transition": self.is_transition,
            "params": self.params,
            "volume_envelope": self.volume_envelope,
            "description": self.description,
        })
    }

    /// Write a `.voice` file, which appears complete or not at all. The extension of `path` becomes `.voice`.
    ///
    /// # Errors
    /// [`Error::Io`] if the file cannot be written or is an audio file that the voice reads.
    pub fn save(&self, path: &Path) -> Result<()> {
        let path = path.with_extension("voice");
        Self::inputs(std::slice::from_ref(self), &path).refuse(&path)?;
        atomic::write(&path, format!("{:#}", self.to_value()).as_bytes())
    }

    /// Write a `.voices` file, which appears complete or not at all. The extension of `path` becomes `.voices`.
    ///
    /// # Errors
    /// Those of [`save`](Self::save).
    pub fn save_list(presets: &[Self], path: &Path) -> Result<()> {
        let path = path.with_extension("voices");
        Self::inputs(presets, &path).refuse(&path)?;
        let list: Value = presets.iter().map(Self::to_value).collect();
        atomic::write(&path, format!("{list:#}").as_bytes())
    }

    /// The audio files that voices name, resolved against the working directory and against the folder of `file`.
    fn inputs(presets: &[Self], file: &Path) -> Inputs {
        let folder = file.parent().unwrap_or(Path::new(""));
        let named = presets.iter().flat_map(|preset| files::named(&preset.params));
        let places = named
            .flat_map(|(name, written)| [PathBuf::from(&written), folder.join(&written)].map(|p| (name.clone(), p)));
        Inputs::of(places.map(|(name, path)| Input { path, role: Role::Sound, at: format!("params.{name}") }))
    }
}

/// The absolute form of `path`; an empty path is the working directory.
pub(crate) fn absolute(path: &Path) -> std::io::Result<PathBuf> {
    std::path::absolute(if path.as_os_str().is_empty() { Path::new(".") } else { path })
}

fn document(path: &Path, interrupt: &Interrupt) -> Result<(Value, Vec<Problem>)> {
    let (value, problems) = parse::parse_until(&read::document_text(path)?, interrupt)?;
    Ok((parse::within_limits(value)?, problems))
}

/// The presets that a session can name: voices and noises by id.
///
/// ```
/// use realtime_backend_core::track::Catalogue;
///
/// let catalogue = Catalogue::built_in();
/// let id = catalogue.ids().next().expect("presets come with the format").to_owned();
/// assert!(id.starts_with("noise_preset:"));
/// assert!(catalogue.noise(&id).is_ok());
/// ```
#[derive(Debug, Clone, Default)]
pub struct Catalogue {
    voices: BTreeMap<String, Vec<Value>>,
    noises: BTreeMap<String, (NoiseFile, Option<String>)>,
    /// The files of the entries that were read from files, by id.
    files: BTreeMap<String, PathBuf>,
}

impl Catalogue {
    /// The presets that come with the format: `noise_preset:<name>`.
    pub fn built_in() -> Self {
        let noises = noise_presets::all().map(|(name, file)| (format!("noise_preset:{name}"), (file, None))).collect();
        Self { noises, ..Self::default() }
    }

    /// Add the files in a folder: every `.voice` (as `voice:<stem>`), `.noise` (as `noise:<stem>`) and track `.json`
    /// (as `json:<stem>`, the voices of its first step). Sessions are skipped. Files that cannot be read are skipped
    /// with a warning.
    ///
    /// # Errors
    /// [`Error::Io`] if the folder cannot be read.
    ///
    /// ```no_run
    /// # use realtime_backend_core::track::Catalogue;
    /// let mut catalogue = Catalogue::built_in();
    /// for skipped in catalogue.add_folder("presets".as_ref())? {
    ///     eprintln!("warning: {skipped}");
    /// }
    /// # Ok::<(), realtime_backend_core::error::Error>(())
    /// ```
    pub fn add_folder(&mut self, folder: &Path) -> Result<Vec<Problem>> {
        self.add_folder_until(folder, &Interrupt::default())
    }

    /// Like [`add_folder`](Self::add_folder), but `interrupt` can stop it.
    ///
    /// # Errors
    /// Those of [`add_folder`](Self::add_folder), and [`Error::Cancelled`].
    pub fn add_folder_until(&mut self, folder: &Path, interrupt: &Interrupt) -> Result<Vec<Problem>> {
        let io = |source| Error::Io { path: folder.display().to_string(), source };
        let entries = std::fs::read_dir(absolute(folder).map_err(io)?).map_err(io)?;
        let mut paths =
            entries.map(|entry| entry.map(|entry| entry.path())).collect::<std::io::Result<Vec<_>>>().map_err(io)?;
        paths.sort();
        let mut problems = Vec::new();
        for path in paths {
            match self.add_file(&path, interrupt) {
                Ok(()) => {}
                Err(Error::Cancelled) => return Err(Error::Cancelled),
                Err(error) => problems.push(Problem::warning(path.display().to_string(), format!("skipped: {error}"))),
            }
        }
        Ok(problems)
    }

    fn add_file(&mut self, path: &Path, interrupt: &Interrupt) -> Result<()> {
        let text =
            |part: Option<&std::ffi::OsStr>| part.map(|text| text.to_string_lossy().into_owned()).unwrap_or_default();
        let stem = text(path.file_stem());
        let id = match text(path.extension()).to_lowercase().as_str() {
            "voice" => {
                let (preset, _) = VoicePreset::from_path_until(path, interrupt)?;
                let id = format!("voice:{stem}");
                self.insert_voices(id.clone(), vec![preset.to_value()]);
                id
            }
            "noise" => {
                let (file, _) = NoiseFile::from_path_until(path, interrupt)?;
                let id = format!("noise:{stem}");
                self.insert_noise_file(id.clone(), file, path.display().to_string());
                id
            }
            "json" => {
                let (value, _) = document(path, interrupt)?;
                if is_session(&value) {
                    return Ok(());
                }
                let options = LoadOptions { interrupt: interrupt.clone(), ..LoadOptions::default() };
                let (track, _) = Track::from_value_with(value, &options)?;
                let first = track.to_value()["progression"][0]["voices"].as_array().cloned().unwrap_or_default();
                let id = format!("json:{stem}");
                self.insert_voices(id.clone(), first);
                id
            }
            _ => return Ok(()),
        };
        self.files.insert(id, path.to_owned());
        Ok(())
    }

    /// Add voices, in the form of a track, under any id.
    pub fn insert_voices(&mut self, id: impl Into<String>, voices: Vec<Value>) {
        let id = id.into();
        self.files.remove(&id);
        self.voices.insert(id, voices);
    }

    /// Add a noise under any id.
    pub fn insert_noise(&mut self, id: impl Into<String>, file: NoiseFile) {
        let id = id.into();
        self.files.remove(&id);
        self.noises.insert(id, (file, None));
    }

    /// Add a noise that is stored in the file `path`. A bed made from it names the file.
    pub fn insert_noise_file(&mut self, id: impl Into<String>, file: NoiseFile, path: impl Into<String>) {
        let (id, path) = (id.into(), path.into());
        self.files.insert(id.clone(), PathBuf::from(&path));
        self.noises.insert(id, (file, Some(path)));
    }

    /// Every list of voices with its id.
    pub fn all_voices(&self) -> impl Iterator<Item = (&str, &[Value])> {
        self.voices.iter().map(|(id, voices)| (id.as_str(), voices.as_slice()))
    }

    /// Every noise with its id, and its file if it has one.
    pub fn all_noises(&self) -> impl Iterator<Item = (&str, &NoiseFile, Option<&str>)> {
        self.noises.iter().map(|(id, (file, path))| (id.as_str(), file, path.as_deref()))
    }

    /// All ids, voices first.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        self.voices.keys().chain(self.noises.keys()).map(String::as_str)
    }

    /// The voices with this id. Presets that came with the session builder (`builtin:<name>`) are looked up as
    /// `json:<name>` and `voice:<name>`.
    ///
    /// # Errors
    /// A message for people if there are none.
    pub fn voices(&self, id: &str) -> Result<&[Value], String> {
        let built_in = id.strip_prefix("builtin:");
        let found = self.voices.get(&self.own_id(id)).map(Vec::as_slice);
        found.ok_or_else(|| {
            let said = unknown("voices", id, self.voices.keys());
            match built_in.filter(|_| !said.contains("did you mean")) {
                Some(_) => {
                    format!("{said}; presets that came with the session builder have to lie in a file of that name")
                }
                None => said,
            }
        })
    }

    /// The id under which the catalogue has this entry, with `builtin:` resolved.
    fn own_id(&self, id: &str) -> String {
        let names = id
            .strip_prefix("builtin:")
            .into_iter()
            .flat_map(|name| ["json", "voice"].map(|kind| format!("{kind}:{name}")));
        std::iter::once(id.to_owned())
            .chain(names)
            .find(|id| self.voices.contains_key(id))
            .unwrap_or_else(|| id.to_owned())
    }

    /// The file from which the entry with this id was read.
    pub fn file(&self, id: &str) -> Option<&Path> {
        self.files.get(&self.own_id(id)).map(PathBuf::as_path)
    }

    /// The noise with this id, and its file if it has one.
    ///
    /// # Errors
    /// A message for people if there is none.
    pub fn noise(&self, id: &str) -> Result<(&NoiseFile, Option<&str>), String> {
        let found = self.noises.get(id).map(|(file, path)| (file, path.as_deref()));
        found.ok_or_else(|| unknown("noise", id, self.noises.keys()))
    }
}

fn unknown<'a>(kind: &str, id: &str, known: impl Iterator<Item = &'a String>) -> String {
    let id: String = id.chars().take(60).collect();
    format!("no {kind} called \"{id}\" in the catalogue{}", suggestion(&id, known.map(String::as_str)))
}
