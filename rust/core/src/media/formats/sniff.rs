//! Recognises the format of a file by its first bytes.

use super::{adts, mpeg, tags};
use crate::media::fault::Res;
use crate::media::input::Input;

/// The format of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Wave,
    Aiff,
    Au,
    Caf,
    Flac,
    Ogg,
    Mp4,
    Adts,
    Mpeg,
    /// A known format that cannot be read, with its name.
    Other(&'static str),
    Unknown,
}

/// Formats that cannot be read: offset of the signature, signature, name.
const OTHERS: &[(usize, &[u8], &str)] = &[
    (0, b"wvpk", "WavPack"),
    (0, b"MAC ", "Monkey's Audio (APE)"),
    (0, b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", "Windows Media (WMA, ASF)"),
    (0, b"MThd", "MIDI: notes, not sound"),
    (0, b"TTA1", "True Audio (TTA)"),
    (0, b"TTA2", "True Audio (TTA)"),
    (0, b"MPCK", "Musepack"),
    (0, b"MP+", "Musepack"),
    (0, b"OFR ", "OptimFROG"),
    (0, b"ajkg", "Shorten"),
    (0, b"tBaK", "TAK"),
    (0, b"DSD ", "DSD (DSF)"),
    (0, b"FRM8", "DSD (DSDIFF)"),
    (0, b"#!AMR", "AMR"),
    (0, b"\x0b\x77", "Dolby AC-3"),
    (0, b"\x7f\xfe\x80\x01", "DTS"),
    (0, b"ADIF", "AAC in ADIF; convert it to M4A"),
    (0, b"\x1a\x45\xdf\xa3", "Matroska or WebM"),
    (0, b"FLV\x01", "Flash video"),
    (0, b"\0\0\x01\xba", "MPEG video"),
    (0, b"\0\0\x01\xb3", "MPEG video"),
    (0, b".RMF", "RealMedia"),
    (0, b".ra\xfd", "RealAudio"),
    (0, b"RIFX", "WAV in big-endian order (RIFX)"),
    (0, b"riff\x2e\x91\xcf\x11", "Sony Wave64"),
    (8, b"AVI ", "AVI video"),
    (8, b"RMID", "MIDI: notes, not sound"),
    (8, b"8SVX", "Amiga 8SVX"),
    (0, b"Creative Voice File", "Creative VOC"),
    (0, b"IMPM", "a tracker module"),
    (0, b"Extended Module:", "a tracker module"),
    (0, b"\x89PNG", "a PNG picture"),
    (0, b"\xff\xd8\xff", "a JPEG picture"),
    (0, b"GIF8", "a GIF picture"),
    (0, b"%PDF", "a PDF document"),
    (0, b"PK\x03\x04", "a ZIP archive"),
    (0, b"\x1f\x8b", "a gzip archive"),
    (0, b"Rar!", "a RAR archive"),
    (0, b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (0, b"\x7fELF", "a program"),
    (0, b"#EXTM3U", "a playlist"),
    (0, b"[playlist]", "a playlist"),
];

/// The format of the file, and the offset of its content after leading tags.
pub(super) fn kind(input: &mut Input) -> Res<(Kind, u64)> {
    let start = tags::skip_front(input)?;
    let head = input.bytes(start, 64)?;
    let is = |at: usize, mark: &[u8]| head.get(at..).is_some_and(|head| head.starts_with(mark));
    let plain = [b"RIFF", b"RF64", b"BW64"].into_iter().any(|mark| is(0, mark));
    if plain && is(8, b"WAVE") {
        return Ok((Kind::Wave, start));
    }
    let marked = [
        (is(0, b"FORM") && (is(8, b"AIFF") || is(8, b"AIFC")), Kind::Aiff),
        (is(0, b".snd"), Kind::Au),
        (is(0, b"caff"), Kind::Caf),
        (is(0, b"fLaC"), Kind::Flac),
        (is(0, b"OggS"), Kind::Ogg),
        ([b"ftyp", b"moov", b"mdat", b"wide", b"styp"].into_iter().any(|mark| is(4, mark)), Kind::Mp4),
    ];
    if let Some((_, kind)) = marked.into_iter().find(|(found, _)| *found) {
        return Ok((kind, start));
    }
    if adts::recognise(input, start)? {
        return Ok((Kind::Adts, start));
    }
    if let Some((.., name)) = OTHERS.iter().find(|(at, mark, _)| is(*at, mark)) {
        return Ok((Kind::Other(name), start));
    }
    if head.len() > 3
        && head[0] == 0x47
        && input.bytes(start + 188, 1)? == [0x47]
        && input.bytes(start + 376, 1)? == [0x47]
    {
        return Ok((Kind::Other("an MPEG transport stream"), start));
    }
    Ok(match mpeg::recognise(input, start)? {
        Some(at) => (Kind::Mpeg, at),
        None => (Kind::Unknown, start),
    })
}
