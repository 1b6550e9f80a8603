//! Session files of other programs, read as tracks (spec interchange). A reader of one format turns text into
//! [`Lanes`]: voices whose values move between break points. [`build`] turns lanes into the JSON of a track.

mod build;
mod effect;
mod gnaural;
mod lanes;
mod layers;
mod report;
mod sbg;
mod spsq;
mod text;
mod voices;

use std::path::Path;

pub use gnaural::FLANK as GNAURAL_FLANK;
pub use lanes::{
    AudioFile, BELL_DECAY, Colour, Curve, Edge, Effect, EffectKind, Gate, Kind, Lane, Lanes, Shape, Stretch, Values,
};
pub use report::Excerpt;
pub use sbg::GATE as SBG_GATE;
use serde_json::{Map, Value};
pub use text::{MAX_BYTES, decoded};

use crate::error::{Problem, Result};

/// One format of session files.
pub trait Importer: Sync {
    /// Short name, such as `sbg`; also the extension of its files.
    fn name(&self) -> &'static str;

    /// What writes such files.
    fn about(&self) -> &'static str;

    /// Whether the content of a file looks like this format. Must not recognise JSON or binary files.
    fn recognises(&self, bytes: &[u8]) -> bool;

    /// Read the text of a file.
    ///
    /// # Errors
    /// [`Error::Invalid`](crate::error::Error::Invalid) with the place of every mistake; with
    /// [`ImportOptions::strict`] also of everything that has no counterpart.
    fn read(&self, text: &str, options: &ImportOptions) -> Result<Imported>;
}

/// Every format, in the order in which they are tried.
pub const IMPORTERS: &[&dyn Importer] = &[&gnaural::Gnaural, &spsq::Spsq, &sbg::Sbg];

/// How a file is read.
#[derive(Debug, Clone)]
pub struct ImportOptions {
    /// Name of the file in messages.
    pub name: String,
    /// Refuse what has no counterpart instead of warning about it.
    pub strict: bool,
    /// Seconds for which a state without an end is held.
    pub hold: f64,
    /// Folder in which files that the session names are looked up.
    pub folder: Option<std::path::PathBuf>,
}

impl Default for ImportOptions {
    fn default() -> Self {
        Self { name: "<text>".to_owned(), strict: false, hold: HOLD, folder: None }
    }
}

/// Default of [`ImportOptions::hold`].
pub const HOLD: f64 = 600.0;

/// The content of a session file.
#[derive(Debug, Clone)]
pub struct Imported {
    /// Short name of its format.
    pub format: &'static str,
    /// Its voices.
    pub lanes: Lanes,
    /// Title, author, description and other text, for the track's `metadata`.
    pub metadata: Map<String, Value>,
    /// What was left out or replaced.
    pub warnings: Vec<Problem>,
}

impl Imported {
    /// The JSON of the track.
    ///
    /// # Errors
    /// [`Error::Invalid`](crate::error::Error::Invalid) if the track would be too long.
    pub fn to_value(&self) -> Result<Value> {
        build::document(self)
    }
}

/// The format of a file with this content and, if it has one, this name. The extension decides only if the content
/// looks like no format and is no JSON document.
///
/// ```
/// use realtime_backend_core::track::import;
///
/// let importer = import::recognised(b"deep: 200+4/20\nNOW deep\n", None).expect("a known format");
/// assert_eq!(importer.name(), "sbg");
/// ```
pub fn recognised(bytes: &[u8], path: Option<&Path>) -> Option<&'static dyn Importer> {
    if bytes.len() as u64 > MAX_BYTES * 4 && crate::json::parse::begins(&String::from_utf8_lossy(&bytes[..64])) {
        return None;
    }
    let begins_json = std::str::from_utf8(&bytes[..bytes.len().min(256)])
        .or_else(|error| std::str::from_utf8(&bytes[..error.valid_up_to()]))
        .is_ok_and(crate::json::parse::begins);
    if begins_json || text::is_binary(bytes) {
        return None;
    }
    let by_content = IMPORTERS.iter().find(|importer| importer.recognises(bytes));
    let extension = path.and_then(Path::extension);
    let by_name = || IMPORTERS.iter().find(|format| extension.is_some_and(|e| e.eq_ignore_ascii_case(format.name())));
    by_content.or_else(by_name).copied()
}

/// Read a session of the format `importer` from the content of a file.
///
/// # Errors
/// Those of [`Importer::read`].
///
/// ```
/// use realtime_backend_core::track::import::{self, ImportOptions};
///
/// let text = b"deep: 200+4/20\noff: -\nNOW deep\n+00:10:00 off\n";
/// let importer = import::recognised(text, None).expect("a known format");
/// let imported = import::read(importer, text, &ImportOptions::default())?;
/// assert_eq!(imported.lanes.lanes.len(), 1);
/// # Ok::<(), realtime_backend_core::error::Error>(())
/// ```
pub fn read(importer: &dyn Importer, bytes: &[u8], options: &ImportOptions) -> Result<Imported> {
    importer.read(&decoded(bytes, &options.name)?, options)
}
