//! The export of a track as a JavaScript class: the bytes of a file, piece by piece.

use std::sync::Arc;

use js_sys::Function;
use realtime_backend_core::error::{Error, Result};
use realtime_backend_core::plan::{Plan, PlanOptions};
use realtime_backend_core::render::encode::{Container, FileFormat, Rounding, Subtype};
use realtime_backend_core::render::{ExportOptions, PiecewiseExport, TagOptions, frames_between};
use realtime_backend_core::track::LoadOptions;
use serde::Deserialize;
use wasm_bindgen::prelude::*;

use crate::convert::{self, Options, Strings, json_text, raised};
use crate::files::{self, load};
use crate::options::StreamOptions;

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/** What a file is to be. Times are in seconds. */
export interface FileOptions {
    /** The format. WAV files have the bytes that the native engine writes. */
    format: "wav" | "flac" | "opus";
    /** Bits per sample: 16 (default) or 24, in WAV also 32 (floats). */
    bits?: 16 | 24 | 32;
    /** Bit rate of Opus in kbit/s, 32 to 510. Default: 160. */
    quality?: number;
    /** Position in the track at which the file begins. Default: 0. */
    start?: number;
    /** Length of the part, limited to the end of the track. Default: up to the end. */
    duration?: number;
}
"#;

#[wasm_bindgen]
extern "C" {
    /// `FileOptions` in TypeScript.
    #[wasm_bindgen(typescript_type = "FileOptions")]
    pub type FileOptions;
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Given {
    format: String,
    bits: Option<f64>,
    quality: Option<f64>,
    start: Option<f64>,
    duration: Option<f64>,
}

/// A track that is rendered to a file as its bytes are taken.
#[wasm_bindgen]
pub struct Exporter {
    options: StreamOptions,
    file: Given,
    format: FileFormat,
    export: Option<PiecewiseExport>,
}

#[wasm_bindgen]
#[allow(clippy::needless_pass_by_value, reason = "wasm-bindgen hands over owned handles")]
impl Exporter {
    /// Create an exporter without a track. Of the options of a stream, those of its ramps, volume and start have no effect.
    /// Throws a `TrackError` for bad options.
    #[wasm_bindgen(constructor)]
    pub fn new(options: Option<Options>, file: FileOptions) -> Result<Exporter, JsValue> {
        Self::with(convert::options(options.as_ref()), json_text(&file)).map_err(|error| raised(&error))
    }

    /// List the files that this track (JSON text) names and that were not inserted yet, as written in the track. Throws
    /// a `TrackError`.
    #[wasm_bindgen(js_name = wantedFiles)]
    pub fn wanted_files(&self, track_json: &str) -> Result<Strings, JsValue> {
        files::wanted(track_json, self.load_options(), &self.options.media_cache).map_err(|error| raised(&error))
    }

    /// Insert the content of a file that tracks name `path`. Returns false if it is in a format that the engine does not
    /// read.
    #[wasm_bindgen(js_name = insertFile)]
    pub fn insert_file(&self, path: &str, bytes: Vec<u8>) -> bool {
        files::insert(&self.options.media_cache, path, bytes)
    }

    /// Compile a track (JSON text) and measure what the level of the file depends on. `progress` is called with the
    /// finished share of that, 0 to 1. Throws a `TrackError`.
    pub fn begin(&mut self, track_json: &str, progress: &Function) -> Result<(), JsValue> {
        let mut report = |done: f64| progress.call1(&JsValue::NULL, &done.into()).is_ok();
        self.try_begin(track_json, &mut report).map_err(|error| raised(&error))
    }

    /// Render about three seconds of sound. Returns the bytes of the file that are ready, and `undefined` after the last
    /// ones. Throws a `TrackError`.
    pub fn take(&mut self) -> Result<Option<Vec<u8>>, JsValue> {
        let Some(export) = &mut self.export else { return Ok(None) };
        export.take().map_err(|error| raised(&error))
    }

    /// The share of the sound whose bytes were taken, 0 to 1.
    #[wasm_bindgen(getter)]
    pub fn done(&self) -> f64 {
        self.export.as_ref().map_or(0.0, PiecewiseExport::done)
    }
}

impl Exporter {
    fn with(options: Result<StreamOptions>, file: String) -> Result<Self> {
        let options = options?;
        let file: Given = serde_json::from_str(&file).map_err(|error| Error::invalid("options", error.to_string()))?;
        let format = file.format()?;
        Ok(Self { options, file, format, export: None })
    }

    fn load_options(&self) -> LoadOptions {
        LoadOptions { compat: self.options.compat, ..LoadOptions::default() }
    }

    fn try_begin(&mut self, track_json: &str, progress: &mut dyn FnMut(f64) -> bool) -> Result<()> {
        let StreamOptions { sample_rate, compat, seed, on_error, ref media_cache, .. } = self.options;
        let (track, _) = load(track_json, self.load_options(), media_cache)?;
        let media_cache = Some(Arc::clone(media_cache));
        let plan_options = PlanOptions { sample_rate, compat, seed, on_error, media_cache, ..PlanOptions::default() };
        let plan = Arc::new(Plan::compile(&track, &plan_options)?.0);
        let format = self.format.with_rounding(Rounding::of_file(&plan.compat(), true));
        format.check(plan.sample_rate()).map_err(|message| Error::invalid("options", message))?;
        let frames = frames_between(&plan, self.file.start.unwrap_or(0.0), self.file.duration)
            .map_err(|error| error.within("options"))?;
        let tags = TagOptions::default().tags(&track, &plan, format.container, &frames, seed)?;
        let options = ExportOptions { frames, tags, seed: seed.unwrap_or(0), ..ExportOptions::new(format) };
        self.export = Some(PiecewiseExport::begin(&plan, &options, progress)?);
        Ok(())
    }
}

impl Given {
    fn format(&self) -> Result<FileFormat> {
        let invalid = |name: &str, message: String| Error::invalid(format!("options.{name}"), message);
        let container = Container::named(&self.format).map_err(|message| invalid("format", message))?;
        let subtype = match self.bits {
            None | Some(16.0) => Subtype::Pcm16,
            Some(24.0) => Subtype::Pcm24,
            Some(32.0) => Subtype::Float32,
            Some(bits) => return Err(invalid("bits", format!("expected 16, 24 or 32, got {bits}"))),
        };
        let quality = match self.quality {
            Some(kbps) if kbps.fract() != 0.0 || !(0.0..=1e6).contains(&kbps) => {
                return Err(invalid("quality", format!("expected whole kbit/s, got {kbps}")));
            }
            kbps => kbps.map(|kbps| kbps as u32),
        };
        Ok(FileFormat::new(container).with_subtype(subtype).with_quality(quality))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(text: &str) -> String {
        Exporter::with(Ok(StreamOptions::default()), text.to_owned()).err().unwrap().to_string()
    }

    #[test]
    fn bad_options_of_a_file_are_named() {
        for (text, part) in [
            (r#"{"format": "wave64"}"#, "options.format: expected \"wav\", \"flac\""),
            (r#"{"format": "wav", "bits": 8}"#, "options.bits: expected 16, 24 or 32, got 8"),
            (r#"{"format": "opus", "quality": 96.5}"#, "options.quality: expected whole kbit/s, got 96.5"),
            (r#"{"format": "wav", "strat": 1}"#, "strat"),
            ("{}", "format"),
        ] {
            let message = refused(text);
            assert!(message.contains(part), "{message}");
        }
    }

    #[test]
    fn bytes_come_until_the_end_of_the_file() {
        let text = r#"{"format": "flac", "bits": 24, "start": 0.5, "duration": 9}"#;
        let mut exporter = Exporter::with(Ok(StreamOptions::default()), text.to_owned()).unwrap();
        let track = r#"{"progression": [{"duration": 1.0, "voices": [
            {"synth_function_name": "binaural_beat", "params": {"baseFreq": 180.0}}]}]}"#;
        exporter.try_begin(track, &mut |_| true).unwrap();
        let mut file = Vec::new();
        while let Some(piece) = exporter.take().unwrap() {
            file.extend(piece);
        }
        assert!(file.starts_with(b"fLaC"));
        // the total number of frames, in the low 36 bits
        assert_eq!(u64::from_be_bytes(file[18..26].try_into().unwrap()) & ((1 << 36) - 1), 22_050);
        assert_eq!(exporter.done(), 1.0);
    }
}
