//! Tags of WAV files: the chunks `LIST INFO`, `bext` (EBU Tech 3285), `cue ` with `LIST adtl`, and one for the track.

use super::comments::VENDOR;
use super::tags::Tags;
use crate::media::embedded::CHUNK;

/// Names of the fields that `INFO` has a place for. The others go into its comment.
const INFO: [(&str, &[u8; 4]); 5] =
    [("TITLE", b"INAM"), ("ARTIST", b"IART"), ("DATE", b"ICRD"), ("ENCODER", b"ISFT"), ("GENRE", b"IGNR")];

/// All chunks that say what the tags say, for samples of `bits` bits at `rate` Hz.
pub(super) fn chunks(tags: &Tags, rate: u32, bits: usize) -> Vec<u8> {
    if tags.is_empty() {
        return Vec::new();
    }
    let mut chunks = Vec::new();
    if !tags.fields.is_empty() {
        chunks.extend(chunk(*b"bext", &broadcast(tags, rate, bits)));
        chunks.extend(chunk(*b"LIST", &[b"INFO".to_vec(), information(tags)].concat()));
    }
    if !tags.chapters.is_empty() {
        chunks.extend(cues(tags));
    }
    if let Some(track) = &tags.track {
        chunks.extend(chunk(*CHUNK, track.as_bytes()));
    }
    chunks
}

fn chunk(name: [u8; 4], content: &[u8]) -> Vec<u8> {
    let mut bytes = name.to_vec();
    bytes.extend_from_slice(&u32::try_from(content.len()).unwrap_or(u32::MAX).to_le_bytes());
    bytes.extend_from_slice(content);
    bytes.resize(bytes.len().next_multiple_of(2), 0);
    bytes
}

/// A text that ends with zero.
fn text(value: &str) -> Vec<u8> {
    [value.as_bytes(), &[0]].concat()
}

fn information(tags: &Tags) -> Vec<u8> {
    let mut bytes = Vec::new();
    for (name, id) in INFO {
        bytes.extend(tags.field(name).iter().flat_map(|value| chunk(*id, &text(value))));
    }
    let others: Vec<String> = tags
        .fields
        .iter()
        .filter(|(name, _)| INFO.iter().all(|(known, _)| known != name))
        .map(|(name, value)| if name == "DESCRIPTION" { value.clone() } else { format!("{name}={value}") })
        .collect();
    if !others.is_empty() {
        bytes.extend(chunk(*b"ICMT", &text(&others.join("\n"))));
    }
    bytes
}

/// The `bext` chunk: texts of fixed length in ASCII, filled up with zeros.
fn broadcast(tags: &Tags, rate: u32, bits: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut fixed = |value: &str, len: usize| {
        let ascii = value.chars().map(|c| if c.is_ascii() && !c.is_ascii_control() { c as u8 } else { b'?' });
        let end = bytes.len() + len;
        bytes.extend(ascii.take(len));
        bytes.resize(end, 0);
    };
    fixed(tags.field("DESCRIPTION").or(tags.field("TITLE")).unwrap_or_default(), 256);
    fixed(VENDOR, 32);
    fixed(tags.field("TRACK_SHA256").unwrap_or_default(), 32);
    // the date only if it is a full one; the time is never known
    fixed(tags.field("DATE").filter(|date| date.len() == 10).unwrap_or_default(), 10);
    fixed("", 8);
    // first sample since midnight, version 1, UMID, reserved
    fixed("", 8);
    bytes.extend_from_slice(&1_u16.to_le_bytes());
    bytes.resize(bytes.len() + 64 + 190, 0);
    bytes.extend_from_slice(format!("A=PCM,F={rate},W={bits},M=stereo,T={VENDOR}\r\n").as_bytes());
    bytes
}

/// A mark at the start of each chapter, and its name.
fn cues(tags: &Tags) -> Vec<u8> {
    let marks: Vec<(u32, u32, &str)> = (1_u32..)
        .zip(&tags.chapters)
        .filter_map(|(number, chapter)| Some((number, u32::try_from(chapter.start).ok()?, chapter.name.as_str())))
        .collect();
    let mut points = (marks.len() as u32).to_le_bytes().to_vec();
    let mut labels = b"adtl".to_vec();
    for (number, frame, name) in marks {
        for value in [number, frame, u32::from_le_bytes(*b"data"), 0, 0, frame] {
            points.extend_from_slice(&value.to_le_bytes());
        }
        labels.extend(chunk(*b"labl", &[&number.to_le_bytes()[..], &text(name)].concat()));
    }
    [chunk(*b"cue ", &points), chunk(*b"LIST", &labels)].concat()
}
