//! Session files, those of other programs among them, as tracks in JSON.

use std::path::Path;

use js_sys::{JSON, Object, Reflect};
use realtime_backend_core::track::{LoadOptions, open_bytes};
use wasm_bindgen::prelude::*;

use crate::convert::{problems, raised};

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/** A track that was read from a file, and what was noticed in it. */
export interface Imported { track: object; warnings: Problem[]; }
"#;

#[wasm_bindgen]
extern "C" {
    /// `Imported` in TypeScript.
    #[wasm_bindgen(typescript_type = "Imported")]
    pub type Imported;
}

/// Read a file as a track: a track in any dialect, a session, a file of another program, or audio that this engine
/// wrote. `name` is what the file is called. Throws a `TrackError`.
#[wasm_bindgen(js_name = importTrack)]
pub fn import_track(bytes: Vec<u8>, name: Option<String>) -> Result<Imported, JsValue> {
    let options = LoadOptions::filling_starts();
    let opened = open_bytes(bytes, name.as_deref().map(Path::new), &options, &[]);
    let (track, noticed) = opened.map_err(|error| raised(&error))?;
    let imported = Object::new();
    Reflect::set(&imported, &"track".into(), &JSON::parse(&track.to_json())?)?;
    Reflect::set(&imported, &"warnings".into(), &problems(&noticed))?;
    Ok(JsValue::from(imported).unchecked_into())
}
