//! What a file says about itself: tags, chapters, and the track that it was made from.

use crate::media::embedded::FIELD;

/// Tags of a file. Each format writes them in its own way.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Tags {
    /// Names, as Vorbis comments spell them (`TITLE`, `ARTIST`, `DATE`), and texts.
    pub fields: Vec<(String, String)>,
    /// Chapters in order of their start.
    pub chapters: Vec<Chapter>,
    /// The track, as JSON text.
    pub track: Option<String>,
}

/// A chapter of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chapter {
    /// First frame, from the start of the file.
    pub start: u64,
    /// End, exclusive.
    pub end: u64,
    /// Name for people.
    pub name: String,
}

impl Tags {
    /// Whether there is nothing to write.
    pub fn is_empty(&self) -> bool {
        self.fields.is_empty() && self.chapters.is_empty() && self.track.is_none()
    }

    /// The text of the field `name`.
    pub fn field(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|(known, _)| known == name).map(|(_, text)| text.as_str())
    }

    /// All of it as Vorbis comments: the fields, `CHAPTER001` and `CHAPTER001NAME`, and the track. `rate` is that of
    /// the chapters' frames.
    pub(super) fn comments(&self, rate: u32) -> Vec<(String, String)> {
        let mut comments = self.fields.clone();
        for (index, chapter) in self.chapters.iter().enumerate() {
            let key = format!("CHAPTER{:03}", index + 1);
            comments.push((key.clone(), clock(chapter.start, rate)));
            comments.push((format!("{key}NAME"), chapter.name.clone()));
        }
        comments.extend(self.track.iter().map(|track| (FIELD.to_owned(), track.clone())));
        comments
    }
}

/// The time of a frame as `HH:MM:SS.mmm`.
fn clock(frame: u64, rate: u32) -> String {
    let ms = (u128::from(frame) * 1000 / u128::from(rate.max(1))) as u64;
    let (s, ms) = (ms / 1000, ms % 1000);
    format!("{:02}:{:02}:{:02}.{ms:03}", s / 3600, s / 60 % 60, s % 60)
}
