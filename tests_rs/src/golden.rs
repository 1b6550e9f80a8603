//! Reads the recordings of the legacy implementation in `parity/golden` (see `parity/README.md`).

use std::fs;
use std::io::{self, Read, Seek};
use std::path::PathBuf;

use npyz::TypeChar;
use npyz::npz::NpzArchive;
use serde_json::{Map, Value};

/// One recorded call of the legacy implementation.
#[derive(Debug, Clone)]
pub struct Case {
    /// File it comes from (`binaural_beat`, `voice_pipeline`, `noise_filter`, ...).
    pub file: String,
    /// Name, unique within the file.
    pub name: String,
    /// The function that was called: a voice, or a helper in `voice_pipeline` and `noise_filter`.
    pub function: String,
    /// All arguments of the call; empty for a call with a whole track.
    pub kwargs: Map<String, Value>,
    /// The whole row of metadata (`state`, `note`, `synth_call`, ...).
    pub meta: Map<String, Value>,
    /// False if the call used unseeded random numbers, so that only statistics can be compared.
    pub deterministic: bool,
    /// The recorded output.
    pub array: Windowed,
    /// The output of the wrapped synth, if the recorded call wraps one (`generate_voice_audio`).
    pub raw: Option<Windowed>,
    /// Largest accepted absolute difference.
    pub tolerance: f64,
    /// Why the engine deliberately differs in this case (`parity/DEVIATIONS.md`); `None` if it does not.
    pub deviation: Option<String>,
}

/// Windows of a recorded array, with their positions in the full array.
#[derive(Debug, Clone, Default)]
pub struct Windowed {
    /// Shape of the full array.
    pub shape: Vec<usize>,
    /// `(start, count)` in frames, ascending.
    pub windows: Vec<(usize, usize)>,
    /// The frames of all windows one after the other, channels interleaved.
    pub data: Vec<f64>,
}

impl Windowed {
    /// Frames of the full array.
    pub fn frames(&self) -> usize {
        self.shape.first().copied().unwrap_or(1)
    }

    /// Values per frame (2 for stereo).
    pub fn channels(&self) -> usize {
        self.shape.iter().skip(1).product()
    }

    /// Largest absolute difference to `full`, the whole array with channels interleaved, and its frame. The difference
    /// is infinite if the length is wrong or a value is NaN.
    #[allow(clippy::needless_range_loop)]
    pub fn worst(&self, full: &[f64]) -> (f64, usize) {
        let channels = self.channels();
        if full.len() != self.frames() * channels {
            return (f64::INFINITY, full.len() / channels.max(1));
        }
        let mut worst = (0.0, 0);
        let mut recorded = self.data.iter();
        for &(start, count) in &self.windows {
            for index in start * channels..(start + count) * channels {
                let expected = recorded.next().copied().unwrap_or(f64::NAN);
                let error = (full[index] - expected).abs();
                let error = if error.is_nan() { f64::INFINITY } else { error };
                if error > worst.0 {
                    worst = (error, index / channels);
                }
            }
        }
        worst
    }

    /// Like [`Self::worst`], for two planes, left and right.
    pub fn worst_planar(&self, left: &[f32], right: &[f32]) -> (f64, usize) {
        self.worst(&interleaved(left, right))
    }
}

impl Case {
    /// `duration` of the call, seconds.
    pub fn duration(&self) -> f64 {
        self.kwargs.get("duration").and_then(Value::as_f64).unwrap_or(0.0)
    }

    /// `sample_rate` of the call, Hz.
    pub fn sample_rate(&self) -> f64 {
        self.kwargs.get("sample_rate").and_then(Value::as_f64).unwrap_or(44_100.0)
    }

    /// The arguments without `duration` and `sample_rate`: the parameters of a voice.
    pub fn params(&self) -> Map<String, Value> {
        let mut params = self.kwargs.clone();
        params.shift_remove("duration");
        params.shift_remove("sample_rate");
        params
    }

    /// `file/name`, the key of tolerances and deviations.
    pub fn key(&self) -> String {
        format!("{}/{}", self.file, self.name)
    }

    /// The whole array, for recordings that are stored whole (inputs of other tests).
    ///
    /// # Panics
    /// If only windows are stored.
    pub fn whole(&self) -> &[f64] {
        assert_eq!(
            self.array.data.len(),
            self.array.frames() * self.array.channels(),
            "{} is kept in windows",
            self.key()
        );
        &self.array.data
    }
}

/// One recorded track.
#[derive(Debug, Clone)]
pub struct TrackCase {
    /// Name.
    pub name: String,
    /// The track file; paths inside are relative to its folder.
    pub path: PathBuf,
    /// `raw`: the parsed JSON was passed unchanged; `load`: it went through the loader, which fills in step starts.
    pub load_mode: String,
    /// Arguments of the call: `sample_rate`, `crossfade_duration`, `crossfade_curve`, `crossfade_overlap`.
    pub call_args: Map<String, Value>,
    /// For each step: `start_sample`, `samples`, peaks, crossfades.
    pub steps: Vec<Value>,
    /// The whole row of metadata.
    pub meta: Map<String, Value>,
    arrays: Vec<(String, Windowed)>,
}

impl TrackCase {
    /// The recorded array `name`: `audio`, `audio_no_alignment`, `audio_envelopes_fixed`, `background_source` or
    /// `pcm16_target_0_25`. `None` if it was not recorded for this track.
    pub fn array(&self, name: &str) -> Option<&Windowed> {
        self.arrays.iter().find(|(key, _)| key == name).map(|(_, array)| array)
    }
}

/// The folder `parity/golden`.
pub fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../parity/golden")
}

/// Names of all files with cases, sorted.
pub fn files() -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder())
        .expect("parity/golden")
        .filter_map(|entry| {
            let path = entry.expect("entry").path();
            (path.extension()? == "json").then(|| path.file_stem().map(|s| s.to_string_lossy().into_owned()))?
        })
        .collect();
    names.sort();
    names
}

/// The cases of one file, in recorded order.
pub fn cases(file: &str) -> Vec<Case> {
    let rows = read_json(&folder().join(format!("{file}.json")));
    let mut arrays = NpzArchive::open(folder().join(format!("{file}.npz"))).expect("readable npz");
    let tolerances = tolerances();
    rows.as_array()
        .expect("a list of cases")
        .iter()
        .filter(|row| row.get("raises").is_none())
        .map(|row| {
            let meta = row.as_object().expect("a case is an object").clone();
            let name = text(&meta, "case");
            let key = format!("{file}/{name}");
            let array = windowed(&mut arrays, &name, &meta["shape"], &meta["windows"]);
            let raw = meta.get("raw").and_then(Value::as_str).map(|raw| {
                let windows = &meta["raw_windows"];
                windowed(&mut arrays, raw, &full_shape(windows), windows)
            });
            Case {
                file: file.to_owned(),
                function: text(&meta, "function"),
                kwargs: meta.get("kwargs").and_then(Value::as_object).cloned().unwrap_or_default(),
                deterministic: meta["deterministic"].as_bool().expect("deterministic"),
                array,
                raw,
                tolerance: tolerances["cases"]
                    .get(&key)
                    .map_or(&tolerances["default"], |entry| &entry["tolerance"])
                    .as_f64()
                    .expect("a tolerance"),
                deviation: tolerances["deviations"].get(&key).and_then(Value::as_str).map(str::to_owned),
                name,
                meta,
            }
        })
        .collect()
}

/// The calls of one file that the legacy implementation refused: name and arguments.
pub fn refusals(file: &str) -> Vec<(String, Map<String, Value>)> {
    let rows = read_json(&folder().join(format!("{file}.json")));
    let refused = rows.as_array().expect("a list of cases").iter().filter(|row| row.get("raises").is_some());
    let object = |value: &Value| value.as_object().expect("an object").clone();
    refused.map(|row| (text(&object(row), "case"), object(&row["kwargs"]))).collect()
}

/// The recorded tracks.
pub fn tracks() -> Vec<TrackCase> {
    let tracks = folder().join("tracks");
    let index = read_json(&tracks.join("index.json"));
    index
        .as_array()
        .expect("a list of tracks")
        .iter()
        .map(|row| {
            let meta = row.as_object().expect("a track is an object").clone();
            let mut npz = NpzArchive::open(tracks.join(text(&meta, "arrays"))).expect("readable npz");
            let windows = meta["windows"].as_object().expect("windows by array");
            let arrays = windows
                .iter()
                .map(|(key, windows)| (key.clone(), windowed(&mut npz, key, &full_shape(windows), windows)))
                .collect();
            TrackCase {
                name: text(&meta, "name"),
                path: tracks.join(text(&meta, "track")),
                load_mode: text(&meta, "load_mode"),
                call_args: meta["call_args"].as_object().expect("call_args").clone(),
                steps: meta["steps"].as_array().expect("steps").clone(),
                arrays,
                meta,
            }
        })
        .collect()
}

/// The content of `parity/tolerances.json`.
pub fn tolerances() -> Value {
    read_json(&folder().join("../tolerances.json"))
}

/// Interleaves two planes.
pub fn interleaved(left: &[f32], right: &[f32]) -> Vec<f64> {
    left.iter().zip(right).flat_map(|(l, r)| [f64::from(*l), f64::from(*r)]).collect()
}

/// The shape of a stereo array, from its last window, which always ends at the end of the array.
fn full_shape(windows: &Value) -> Value {
    let last = windows.as_array().and_then(|all| all.last()).map_or(0, |w| index(&w[0]) + index(&w[1]));
    serde_json::json!([last, 2])
}

fn windowed<R: Read + Seek>(npz: &mut NpzArchive<R>, name: &str, shape: &Value, windows: &Value) -> Windowed {
    Windowed {
        shape: shape.as_array().expect("shape").iter().map(index).collect(),
        windows: windows.as_array().expect("windows").iter().map(|w| (index(&w[0]), index(&w[1]))).collect(),
        data: read_array(npz, name).unwrap_or_else(|error| panic!("array {name}: {error}")),
    }
}

fn read_array<R: Read + Seek>(npz: &mut NpzArchive<R>, name: &str) -> io::Result<Vec<f64>> {
    let array = npz.by_name(name)?.ok_or_else(|| io::Error::other("missing"))?;
    let npyz::DType::Plain(kind) = array.dtype() else { return Err(io::Error::other("not plain numbers")) };
    let columns = if array.order() == npyz::Order::Fortran { array.shape().to_vec() } else { vec![] };
    let values = match (kind.type_char(), kind.size_field()) {
        (TypeChar::Float, 8) => array.into_vec::<f64>(),
        (TypeChar::Float, 4) => Ok(array.into_vec::<f32>()?.into_iter().map(f64::from).collect()),
        (TypeChar::Int, 2) => Ok(array.into_vec::<i16>()?.into_iter().map(f64::from).collect()),
        _ => Err(io::Error::other(format!("unexpected type {kind}"))),
    }?;
    let [rows, channels] = columns[..] else { return Ok(values) };
    Ok((0..rows)
        .flat_map(|row| (0..channels).map(move |channel| (row, channel)))
        .map(|(row, channel)| values[(channel * rows + row) as usize])
        .collect())
}

fn read_json(path: &std::path::Path) -> Value {
    let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn text(meta: &Map<String, Value>, key: &str) -> String {
    meta[key].as_str().unwrap_or_else(|| panic!("{key} is text")).to_owned()
}

fn index(value: &Value) -> usize {
    value.as_u64().expect("a whole number") as usize
}
