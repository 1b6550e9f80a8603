//! `.spsq`: sequences of SynapSeq, with the `.spsc` files that they extend (spec interchange 4).

mod periods;
mod preset;
mod read;
mod tracks;

use serde_json::Map;

use self::read::Sequence;
use super::report::Report;
use super::{ImportOptions, Imported, Importer, decoded};
use crate::error::Result;

/// The importer.
#[derive(Debug, Clone, Copy)]
pub(super) struct Spsq;

/// First words of lines under a preset.
const TRACK_WORDS: [&str; 6] = ["tone", "noise", "waveform", "track", "ambiance", "music"];

impl Importer for Spsq {
    fn name(&self) -> &'static str {
        "spsq"
    }

    fn about(&self) -> &'static str {
        "SynapSeq"
    }

    fn recognises(&self, bytes: &[u8]) -> bool {
        let head = &bytes[..bytes.len().min(1 << 16)];
        let Ok(text) = decoded(head, "") else { return false };
        let report = Report::new("", &text, false);
        report.lines.iter().any(|line| {
            let first = line.split_whitespace().next().unwrap_or_default();
            let option = first.strip_prefix('@').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_lowercase()));
            option && !line.starts_with(char::is_whitespace)
                || line.starts_with(char::is_whitespace) && TRACK_WORDS.contains(&first)
        })
    }

    fn read(&self, text: &str, options: &ImportOptions) -> Result<Imported> {
        let report = Report::new(&options.name, text, options.strict);
        let sequence = Sequence::read(&report, options.folder.as_deref());
        let lanes = periods::lanes(&sequence, &report);
        let mut metadata = Map::new();
        if !sequence.comments.is_empty() {
            metadata.insert("description".to_owned(), sequence.comments.join("\n").into());
        }
        let (lanes, warnings) = report.conclude(lanes)?;
        Ok(Imported { format: "spsq", lanes, metadata, warnings })
    }
}
