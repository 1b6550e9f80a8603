//! Tags of MP3 files: ID3 2.4 with chapters.

use std::io;

use id3::frame::{Chapter, Comment, Content, ExtendedText, TableOfContents};
use id3::{Encoder, Frame, Tag, TagLike as _, Version};

use super::tags::Tags;
use crate::media::embedded::FIELD;

/// Fields that have a frame of their own.
const FRAMES: [(&str, &str); 4] = [("TITLE", "TIT2"), ("ARTIST", "TPE1"), ("DATE", "TDRC"), ("ENCODER", "TSSE")];

/// The tag as bytes; nothing if there are no tags. `rate` is that of the chapters' frames.
pub(super) fn tag(tags: &Tags, rate: u32) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    if tags.is_empty() {
        return Ok(bytes);
    }
    let mut tag = Tag::new();
    for (name, text) in &tags.fields {
        match FRAMES.iter().find(|(known, _)| known == name) {
            Some((_, id)) => tag.set_text(*id, text),
            None if name == "DESCRIPTION" => {
                tag.add_frame(Comment { lang: "eng".to_owned(), description: String::new(), text: text.clone() });
            }
            None => extended(&mut tag, name, text),
        }
    }
    if let Some(track) = &tags.track {
        extended(&mut tag, FIELD, track);
    }
    if !tags.chapters.is_empty() {
        let ms = |frame: u64| u32::try_from(u128::from(frame) * 1000 / u128::from(rate.max(1))).unwrap_or(u32::MAX);
        let names: Vec<String> = (1..=tags.chapters.len()).map(|number| format!("chp{number}")).collect();
        for (chapter, name) in tags.chapters.iter().zip(&names) {
            tag.add_frame(Chapter {
                element_id: name.clone(),
                start_time: ms(chapter.start),
                end_time: ms(chapter.end),
                // only times count
                start_offset: u32::MAX,
                end_offset: u32::MAX,
                frames: vec![Frame::with_content("TIT2", Content::Text(chapter.name.clone()))],
            });
        }
        tag.add_frame(TableOfContents {
            element_id: "toc".to_owned(),
            top_level: true,
            ordered: true,
            elements: names,
            frames: Vec::new(),
        });
    }
    let encoder = Encoder::new().version(Version::Id3v24).compression(false);
    encoder.encode(&tag, &mut bytes).map_err(|error| io::Error::new(io::ErrorKind::InvalidInput, error.to_string()))?;
    Ok(bytes)
}

fn extended(tag: &mut Tag, name: &str, text: &str) {
    tag.add_frame(ExtendedText { description: name.to_owned(), value: text.to_owned() });
}
