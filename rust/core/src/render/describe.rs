//! The tags of a file: what a track says about itself, what the call adds, and the steps as chapters.

use std::ops::Range;

use super::encode::{Chapter, Container, Tags};
use crate::compat::Compat;
use crate::error::{Error, Result};
use crate::plan::Plan;
use crate::track::Track;

/// What a file is to say about itself.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TagOptions {
    /// Fields with their texts. They replace those of the track with the same name.
    pub fields: Vec<(String, String)>,
    /// Whether the fields of the track and its chapters are written. `None`: as usual for the format, and wherever
    /// `fields` or `track` ask for tags.
    pub usual: Option<bool>,
    /// Whether the whole track is written into the file.
    pub track: bool,
}

/// Keys of the `metadata` of a track whose texts become fields.
const KEYS: [(&str, &str); 5] =
    [("title", "TITLE"), ("artist", "ARTIST"), ("author", "ARTIST"), ("description", "DESCRIPTION"), ("date", "DATE")];

impl TagOptions {
    /// Add a field, as `name=text` or in two parts. Names are those of Vorbis comments, in any case.
    ///
    /// # Errors
    /// [`Error::Invalid`] if the name is empty or has other characters than visible ASCII, or the text has a zero.
    ///
    /// ```
    /// use realtime_backend_core::render::TagOptions;
    ///
    /// let mut tags = TagOptions::default();
    /// tags.add("title", "Evening")?;
    /// assert!(tags.add("a=b", "").is_err());
    /// # Ok::<(), realtime_backend_core::error::Error>(())
    /// ```
    pub fn add(&mut self, name: &str, text: &str) -> Result<()> {
        let name = name.trim().to_ascii_uppercase();
        let usable = !name.is_empty() && name.bytes().all(|byte| (b' '..=b'}').contains(&byte) && byte != b'=');
        if !usable || text.contains('\0') {
            let message = format!("expected a name in visible ASCII without \"=\", and a text, got {name:?}");
            return Err(Error::invalid("tags", message));
        }
        self.fields.push((name, text.to_owned()));
        Ok(())
    }

    /// Whether a file in this container needs the document of its track.
    pub fn needs_document(&self, container: Container) -> bool {
        self.track || self.usual(container)
    }

    fn usual(&self, container: Container) -> bool {
        let tagged = container.info().is_some_and(|info| info.tagged);
        self.usual.unwrap_or(tagged || self.track || !self.fields.is_empty())
    }

    /// The tags of a file with the frames `frames` of `plan`, which was compiled from `track`. They depend on nothing
    /// else; there is no date unless one is given. `seed` is the one that the call gave.
    ///
    /// # Errors
    /// [`Error::Invalid`] if the track is to be written and was loaded without its document.
    pub fn tags(
        &self,
        track: &Track,
        plan: &Plan,
        container: Container,
        frames: &Range<u64>,
        seed: Option<u64>,
    ) -> Result<Tags> {
        let mut tags = Tags { fields: self.fields.clone(), ..Tags::default() };
        let text = if self.needs_document(container) { Some(track.to_json()) } else { None };
        let text = text.filter(|text| text != "null");
        if self.track {
            tags.track.clone_from(&text);
            if text.is_none() {
                return Err(Error::invalid("embed_track", "expected a track that was loaded with its document"));
            }
        }
        if !self.usual(container) {
            return Ok(tags);
        }
        let mut add = |name: &str, text: Option<String>| {
            if let Some(text) = text.filter(|text| !text.is_empty() && !text.contains('\0'))
                && tags.field(name).is_none()
            {
                tags.fields.push((name.to_owned(), text));
            }
        };
        for (key, name) in KEYS {
            let found = track.document().get("metadata").and_then(|metadata| metadata.get(key));
            add(name, found.and_then(|value| value.as_str()).map(str::to_owned));
        }
        add("ENCODER", Some(concat!("realtime_backend ", env!("CARGO_PKG_VERSION")).to_owned()));
        add("SEED", seed.map(|seed| seed.to_string()));
        add("COMPAT", Some(rules(&plan.compat())));
        add("TRACK_SHA256", track.sha256());
        tags.chapters = chapters(plan, frames);
        Ok(tags)
    }
}

/// The preset with these rules, or the switches that differ from the default ones.
fn rules(compat: &Compat) -> String {
    if let Some(preset) = Compat::PRESETS.into_iter().find(|name| Compat::preset(name).as_ref() == Some(compat)) {
        return preset.to_owned();
    }
    let differs = |name: &&str| compat.get(name) != Compat::DEFAULT.get(name);
    let names = Compat::SWITCHES.iter().map(|switch| switch.name).filter(differs);
    let set = names.map(|name| format!("{name}={}", compat.get(name).unwrap_or_default()));
    std::iter::once("default".to_owned()).chain(set).collect::<Vec<_>>().join(" ")
}

/// The steps that begin or sound within `frames`, each up to the start of the next one.
pub(super) fn chapters(plan: &Plan, frames: &Range<u64>) -> Vec<Chapter> {
    let last = frames.end.min(plan.frames());
    let mut chapters: Vec<Chapter> = Vec::new();
    for (index, step) in plan.steps().iter().enumerate() {
        let placement = &step.placement;
        if placement.end() <= frames.start || placement.start >= last || placement.start == placement.end() {
            continue;
        }
        let name = match step.description.trim() {
            "" => format!("Step {}", index + 1),
            // control characters would break lists of chapters
            text => text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect(),
        };
        let start = placement.start.saturating_sub(frames.start);
        let end = placement.end().min(last) - frames.start;
        chapters.push(Chapter { start, end, name });
    }
    chapters.sort_by_key(|chapter| chapter.start);
    for index in 1..chapters.len() {
        chapters[index - 1].end = chapters[index - 1].end.min(chapters[index].start);
    }
    chapters
}
