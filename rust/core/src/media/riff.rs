//! Mends the size fields of WAV headers before the decoder reads them.
//!
//! Files that were cut off, streamed (sizes 0 or 2^32-1) or are larger than 4 GiB (RF64) would otherwise be refused or
//! lose their last packet. Also refuses headers that no real file has, before anything is allocated for them.

use std::io::{self, Read, Seek, SeekFrom};

use symphonia::core::io::MediaSource;

/// More channels than this are a damaged header.
pub(super) const MAX_CHANNELS: u16 = 64;
/// A WAV file with more chunks than this in front of its samples is not one.
const MAX_CHUNKS: usize = 4096;
/// The size that means "unknown" (streams) or "see ds64" (RF64).
const UNKNOWN: u32 = u32::MAX;

/// What the header needs, or why it is hopeless.
pub(super) enum Verdict {
    /// Not a WAV file, or nothing to mend.
    Fine,
    /// Overwrite these bytes while reading; the text is a warning for the user, if any.
    Mend(Vec<(u64, [u8; 4])>, Option<String>),
    /// Refuse.
    Refuse(String),
}

/// Look at the header of `source` (any format); the position is restored.
pub(super) fn inspect<R: Read + Seek>(source: &mut R, len: u64) -> io::Result<Verdict> {
    let start = source.stream_position()?;
    let verdict = scan(source, len);
    source.seek(SeekFrom::Start(start))?;
    match verdict {
        // A header that ends early is the decoder's to report.
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(Verdict::Fine),
        other => other,
    }
}

fn scan<R: Read + Seek>(source: &mut R, len: u64) -> io::Result<Verdict> {
    source.seek(SeekFrom::Start(0))?;
    let mut head = [0; 12];
    source.read_exact(&mut head)?;
    let large = &head[..4] == b"RF64" || &head[..4] == b"BW64";
    if !(large || &head[..4] == b"RIFF") || &head[8..] != b"WAVE" {
        return Ok(Verdict::Fine);
    }
    let riff_size = u32_at(&head, 4);
    let (mut long_size, mut block_align) = (None, 1);
    let mut at = 12_u64;
    for _ in 0..MAX_CHUNKS {
        source.seek(SeekFrom::Start(at))?;
        let mut chunk = [0; 8];
        source.read_exact(&mut chunk)?;
        let size = u32_at(&chunk, 4);
        match &chunk[..4] {
            b"ds64" if large => {
                let mut sizes = [0; 16];
                source.read_exact(&mut sizes)?;
                long_size = Some(u64::from(u32_at(&sizes, 8)) | u64::from(u32_at(&sizes, 12)) << 32);
            }
            b"fmt " => {
                let mut format = [0; 16];
                source.read_exact(&mut format)?;
                let channels = u16::from_le_bytes([format[2], format[3]]);
                if channels == 0 || channels > MAX_CHANNELS {
                    return Ok(Verdict::Refuse(format!(
                        "the header claims {channels} channels (possible are 1 to {MAX_CHANNELS})"
                    )));
                }
                block_align = u64::from(u16::from_le_bytes([format[12], format[13]])).max(1);
            }
            b"data" => {
                let there = len.saturating_sub(at + 8);
                let unfinished = size == 0 && (riff_size == 0 || riff_size == UNKNOWN);
                let claimed = match long_size {
                    Some(long) if size == UNKNOWN => long,
                    _ if size == UNKNOWN || unfinished => there,
                    _ => u64::from(size),
                };
                let usable = claimed.min(there) / block_align * block_align;
                let warning = (claimed > there)
                    .then(|| format!("truncated: the header announces {claimed} bytes of audio, {there} are there"));
                // Past 4 GiB the decoder reads to the end of the file by itself.
                let size = u32::try_from(usable).unwrap_or(UNKNOWN);
                let patches = vec![(0, *b"RIFF"), (4, UNKNOWN.to_le_bytes()), (at + 4, size.to_le_bytes())];
                return Ok(Verdict::Mend(patches, warning));
            }
            _ => {}
        }
        at += 8 + u64::from(size) + u64::from(size & 1);
    }
    Ok(Verdict::Refuse("a WAV header without samples".to_owned()))
}

fn u32_at(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]])
}

/// A source with a few bytes overwritten on the way.
pub(super) struct Mended<R> {
    inner: R,
    len: u64,
    at: u64,
    patches: Vec<(u64, [u8; 4])>,
}

impl<R: Read + Seek> Mended<R> {
    /// `inner`, from its start, with `patches` (position, bytes) in place of what is there.
    pub(super) fn new(inner: R, len: u64, patches: Vec<(u64, [u8; 4])>) -> Self {
        Self { inner, len, at: 0, patches }
    }
}

impl<R: Read> Read for Mended<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        for (start, bytes) in &self.patches {
            for (offset, byte) in (*start..).zip(bytes) {
                if offset >= self.at && offset - self.at < count as u64 {
                    buffer[(offset - self.at) as usize] = *byte;
                }
            }
        }
        self.at += count as u64;
        Ok(count)
    }
}

impl<R: Seek> Seek for Mended<R> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.at = self.inner.seek(to)?;
        Ok(self.at)
    }
}

impl<R: Read + Seek + Send + Sync> MediaSource for Mended<R> {
    fn is_seekable(&self) -> bool {
        true
    }

    fn byte_len(&self) -> Option<u64> {
        Some(self.len)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Cursor;

    #[test]
    fn patches_show_through_reads_of_any_size() {
        let plain: Vec<u8> = (0..40).collect();
        let mut want = plain.clone();
        want[3..7].copy_from_slice(b"abcd");
        want[36..40].copy_from_slice(b"wxyz");
        for step in [1, 3, 5, 40] {
            let mut source = Mended::new(Cursor::new(plain.clone()), 40, vec![(3, *b"abcd"), (36, *b"wxyz")]);
            let mut got = Vec::new();
            let mut buffer = vec![0; step];
            loop {
                let count = source.read(&mut buffer).unwrap();
                if count == 0 {
                    break;
                }
                got.extend_from_slice(&buffer[..count]);
            }
            assert_eq!(got, want);
            source.seek(SeekFrom::Start(5)).unwrap();
            let mut two = [0; 2];
            source.read_exact(&mut two).unwrap();
            assert_eq!(&two, b"cd");
        }
    }

    #[test]
    fn other_formats_and_stumps_are_left_to_the_decoder() {
        for bytes in [&b""[..], b"RIFF", b"fLaC\0\0\0\x22rest of it", b"RIFF\x10\0\0\0WAVEfmt "] {
            let verdict = inspect(&mut Cursor::new(bytes), bytes.len() as u64).unwrap();
            assert!(matches!(verdict, Verdict::Fine));
        }
    }
}
