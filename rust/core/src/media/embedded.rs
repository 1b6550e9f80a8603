//! The track within an audio file: a Vorbis comment (FLAC, Opus, Vorbis), a chunk (WAV) or a `TXXX` frame (MP3).

use std::io::{self, Read, Seek, SeekFrom};

/// Name of the field that holds the track.
pub(crate) const FIELD: &str = "REALTIME_BACKEND_TRACK";
/// Name of the chunk that holds the track.
pub(crate) const CHUNK: &[u8; 4] = b"rbtk";
/// Most bytes of a list of comments or tags.
const MOST: u64 = 1 << 28;

/// What a file holds.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Found {
    /// It is not an audio file of these formats.
    NoAudio,
    /// An audio file without a track.
    Nothing,
    /// The text of a track.
    Track(Vec<u8>),
}

/// Find the track in a file, by its content. A file that ends early counts as one without a track.
///
/// # Errors
/// Those of reading.
pub(crate) fn track_in(file: &mut (impl Read + Seek)) -> io::Result<Found> {
    let mut head = [0; 12];
    let got = up_to(file, &mut head)?;
    let head = &head[..got];
    let is = |mark: &[u8]| head.starts_with(mark);
    let found = if is(b"fLaC") {
        flac(file)
    } else if is(b"OggS") {
        ogg(file)
    } else if (is(b"RIFF") || is(b"RF64")) && head.ends_with(b"WAVE") {
        riff(file)
    } else if is(b"ID3") {
        id3(file)
    } else {
        return Ok(Found::NoAudio);
    };
    match found {
        Ok(track) => Ok(track.map_or(Found::Nothing, Found::Track)),
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(Found::Nothing),
        Err(error) => Err(error),
    }
}

fn up_to(file: &mut impl Read, bytes: &mut [u8]) -> io::Result<usize> {
    let mut got = 0;
    while got < bytes.len() {
        match file.read(&mut bytes[got..])? {
            0 => break,
            more => got += more,
        }
    }
    Ok(got)
}

fn exactly<const N: usize>(file: &mut impl Read) -> io::Result<[u8; N]> {
    let mut bytes = [0; N];
    file.read_exact(&mut bytes)?;
    Ok(bytes)
}

/// The next `len` bytes; memory is taken as they come.
fn bytes(file: &mut impl Read, len: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    file.take(len.min(MOST)).read_to_end(&mut bytes)?;
    if bytes.len() as u64 == len { Ok(bytes) } else { Err(io::ErrorKind::UnexpectedEof.into()) }
}

/// The track among Vorbis comments.
fn comment(list: &[u8]) -> Option<Vec<u8>> {
    fn next<'a>(list: &mut &'a [u8]) -> Option<&'a [u8]> {
        let (len, others) = list.split_first_chunk::<4>()?;
        let (text, others) = others.split_at_checked(u32::from_le_bytes(*len) as usize)?;
        *list = others;
        Some(text)
    }
    let mut rest = list;
    next(&mut rest)?;
    let (count, mut rest) = rest.split_first_chunk::<4>()?;
    (0..u32::from_le_bytes(*count)).map_while(|_| next(&mut rest)).find_map(|text| {
        let (name, value) = text.split_at_checked(FIELD.len())?;
        let value = value.strip_prefix(b"=")?;
        name.eq_ignore_ascii_case(FIELD.as_bytes()).then(|| value.to_vec())
    })
}

fn flac(file: &mut (impl Read + Seek)) -> io::Result<Option<Vec<u8>>> {
    file.seek(SeekFrom::Start(4))?;
    loop {
        let [kind, a, b, c] = exactly(file)?;
        let len = u32::from_be_bytes([0, a, b, c]);
        if kind & 0x7f == 4 {
            return Ok(comment(&bytes(file, u64::from(len))?));
        }
        if kind & 0x80 != 0 {
            return Ok(None);
        }
        file.seek_relative(i64::from(len))?;
    }
}

/// The second packet of the first stream.
fn ogg(file: &mut (impl Read + Seek)) -> io::Result<Option<Vec<u8>>> {
    file.seek(SeekFrom::Start(0))?;
    let mut packet = Vec::new();
    let mut packets = 0;
    while (packet.len() as u64) < MOST {
        let head: [u8; 27] = exactly(file)?;
        if &head[..4] != b"OggS" {
            return Ok(None);
        }
        for segment in bytes(file, u64::from(head[26]))? {
            packet.extend(bytes(file, u64::from(segment))?);
            if segment < 255 {
                packets += 1;
                if packets == 2 {
                    let marks: [&[u8]; 2] = [b"OpusTags", b"\x03vorbis"];
                    return Ok(marks.into_iter().find_map(|mark| comment(packet.strip_prefix(mark)?)));
                }
                packet.clear();
            }
        }
    }
    Ok(None)
}

/// The chunk before the samples.
fn riff(file: &mut (impl Read + Seek)) -> io::Result<Option<Vec<u8>>> {
    loop {
        let name: [u8; 4] = exactly(file)?;
        let len = u32::from_le_bytes(exactly(file)?);
        if &name == CHUNK {
            return bytes(file, u64::from(len)).map(Some);
        }
        if &name == b"data" {
            return Ok(None);
        }
        file.seek_relative(i64::from(len) + i64::from(len % 2))?;
    }
}

/// The frame `TXXX` of the tag (ID3 2.3 and 2.4).
fn id3(file: &mut (impl Read + Seek)) -> io::Result<Option<Vec<u8>>> {
    file.seek(SeekFrom::Start(3))?;
    let [version, _, flags, size @ ..]: [u8; 7] = exactly(file)?;
    let safe = |size: [u8; 4]| size.iter().fold(0_u64, |len, byte| len << 7 | u64::from(byte & 0x7f));
    // no extended header, and not with zeros added after bytes of ones
    if !(3..=4).contains(&version) || flags & 0xc0 != 0 {
        return Ok(None);
    }
    let tag = bytes(file, safe(size))?;
    let mut rest = tag.as_slice();
    while let Some((head, others)) = rest.split_first_chunk::<10>() {
        let size = [head[4], head[5], head[6], head[7]];
        let len = if version == 4 { safe(size) } else { u64::from(u32::from_be_bytes(size)) };
        let Some((content, others)) = others.split_at_checked(len as usize) else { break };
        rest = others;
        // Latin 1 or UTF-8: the name, a zero, the text
        if &head[..4] == b"TXXX"
            && let [0 | 3, content @ ..] = content
            && let Some(text) = content.strip_prefix(FIELD.as_bytes()).and_then(|text| text.strip_prefix(b"\0"))
        {
            return Ok(Some(text.strip_suffix(b"\0").unwrap_or(text).to_vec()));
        }
    }
    Ok(None)
}
