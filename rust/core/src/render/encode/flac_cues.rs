//! The CUESHEET of a FLAC file (RFC 9639, 8.7): a track for every chapter, and the lead-out.

use super::tags::Chapter;

/// Most tracks of a sheet that is not of an audio CD, without the lead-out. Its numbers are one byte, of which 255 is the
/// lead-out.
const MOST_TRACKS: usize = 254;
/// The number of the lead-out.
const LEAD_OUT: u8 = 255;

/// The content of the block, for a file of `total` frames. Nothing if there are no chapters, or more than it can hold:
/// the comments have all of them in any case.
pub(super) fn sheet(chapters: &[Chapter], total: u64) -> Option<Vec<u8>> {
    if !(1..=MOST_TRACKS).contains(&chapters.len()) {
        return None;
    }
    // no catalogue number, no lead-in, not of a CD
    let mut bytes = vec![0; 128 + 8 + 1 + 258];
    bytes.push(chapters.len() as u8 + 1);
    for (chapter, number) in chapters.iter().zip(1..) {
        bytes.extend(track(chapter.start, number, 1));
        // its one index, number 1, at the start of the track
        bytes.extend([0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0]);
    }
    bytes.extend(track(total, LEAD_OUT, 0));
    Some(bytes)
}

/// A track of sound without an ISRC, up to its indices.
fn track(start: u64, number: u8, indices: u8) -> [u8; 36] {
    let mut bytes = [0; 36];
    bytes[..8].copy_from_slice(&start.to_be_bytes());
    bytes[8] = number;
    bytes[35] = indices;
    bytes
}
