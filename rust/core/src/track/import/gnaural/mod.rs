//! `.gnaural`: schedules of Gnaural (spec interchange 3).

mod schedule;
mod xml;

use serde_json::Map;

pub use self::schedule::FLANK;
use self::schedule::Schedule;
use super::report::Report;
use super::{ImportOptions, Imported, Importer};
use crate::error::Result;

/// The importer.
#[derive(Debug, Clone, Copy)]
pub(super) struct Gnaural;

impl Importer for Gnaural {
    fn name(&self) -> &'static str {
        "gnaural"
    }

    fn about(&self) -> &'static str {
        "Gnaural"
    }

    fn recognises(&self, bytes: &[u8]) -> bool {
        let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii_start();
        let head = text[..text.len().min(1 << 16)].to_ascii_lowercase();
        let has = |word: &[u8]| head.windows(word.len()).any(|window| window == word);
        text.starts_with(b"<") && (has(b"<schedule") || has(b"<gnaural"))
    }

    fn read(&self, text: &str, options: &ImportOptions) -> Result<Imported> {
        let text = xml::tolerated(text);
        let report = Report::new(&options.name, &text, options.strict);
        let mut metadata = Map::new();
        let lanes = xml::schedule(&text, &report).and_then(|schedule| {
            for (key, value) in &schedule.about {
                metadata.insert((*key).to_owned(), value.as_str().into());
            }
            Schedule::lanes(&schedule, &report)
        });
        let (lanes, warnings) = report.conclude(lanes)?;
        Ok(Imported { format: "gnaural", lanes, metadata, warnings })
    }
}
