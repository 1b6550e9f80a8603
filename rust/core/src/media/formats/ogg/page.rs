//! Reads the pages of an Ogg file (RFC 3533, 6).

use crate::media::fault::Res;
use crate::media::input::Input;

/// How many bytes of junk are searched for the next page.
const JUNK: u64 = 1 << 20;

/// One page of an Ogg stream.
#[derive(Debug, Clone, Default)]
pub(super) struct Page {
    /// Offset in the file.
    pub(super) at: u64,
    /// Whether a stream begins with this page.
    pub(super) begins: bool,
    /// Whether the page begins with the rest of a packet.
    pub(super) continues: bool,
    /// Granule position: the frame count at the end of the page, or -1.
    pub(super) granule: i64,
    /// Serial number of the stream.
    pub(super) serial: u32,
    /// Lengths of the segments.
    pub(super) lacing: Vec<u8>,
    /// The bytes of all segments.
    pub(super) body: Vec<u8>,
}

impl Page {
    /// The offset at which the next page may begin.
    pub(super) fn end(&self) -> u64 {
        self.at + 27 + self.lacing.len() as u64 + self.body.len() as u64
    }

    /// Whether a stream begins with the page at `at`, and the end of the page; `None` if there is no page. Neither
    /// reads the content of the page nor verifies its checksum.
    pub(super) fn head(input: &mut Input, at: u64) -> Res<Option<(bool, u64)>> {
        let mut head = [0; 27];
        if input.read_at(at, &mut head)? < 27 || &head[..5] != b"OggS\0" {
            return Ok(None);
        }
        let mut lacing = [0; 255];
        let count = usize::from(head[26]);
        if input.read_at(at + 27, &mut lacing[..count])? < count {
            return Ok(None);
        }
        let len: u64 = lacing[..count].iter().map(|len| u64::from(*len)).sum();
        Ok(Some((head[5] & 2 != 0, at + 27 + count as u64 + len)))
    }

    /// The page at `at`, if it is complete and its checksum is correct.
    fn read(input: &mut Input, at: u64) -> Res<Option<Self>> {
        let mut head = [0; 27];
        if input.read_at(at, &mut head)? < 27 || &head[..5] != b"OggS\0" {
            return Ok(None);
        }
        let lacing = input.bytes(at + 27, usize::from(head[26]))?;
        let len = lacing.iter().map(|len| usize::from(*len)).sum();
        let body = input.bytes(at + 27 + u64::from(head[26]), len)?;
        if lacing.len() < usize::from(head[26]) || body.len() < len {
            return Ok(None);
        }
        let told = u32::from_le_bytes([head[22], head[23], head[24], head[25]]);
        head[22..26].fill(0);
        if checksum(&[&head, &lacing, &body]) != told {
            return Ok(None);
        }
        let mut granule = [0; 8];
        granule.copy_from_slice(&head[6..14]);
        Ok(Some(Self {
            at,
            begins: head[5] & 2 != 0,
            continues: head[5] & 1 != 0,
            granule: i64::from_le_bytes(granule),
            serial: u32::from_le_bytes([head[14], head[15], head[16], head[17]]),
            lacing,
            body,
        }))
    }

    /// The next page at or after `at`, and whether junk had to be skipped to find it.
    pub(super) fn next(input: &mut Input, at: u64) -> Res<Option<(Self, bool)>> {
        if let Some(page) = Self::read(input, at)? {
            return Ok(Some((page, false)));
        }
        let mut from = at + 1;
        while from < (at + JUNK).min(input.len()) {
            let ahead = input.bytes(from, 1 << 15)?;
            for by in ahead.windows(4).enumerate().filter(|(_, bytes)| *bytes == b"OggS").map(|(by, _)| by) {
                if let Some(page) = Self::read(input, from + by as u64)? {
                    return Ok(Some((page, true)));
                }
            }
            from += (ahead.len().saturating_sub(3)).max(1) as u64;
        }
        Ok(None)
    }

    /// The last page that ends at or before `end`, if it begins in the last 128 KiB.
    pub(super) fn last(input: &mut Input, end: u64) -> Res<Option<Self>> {
        let from = end.saturating_sub(1 << 17);
        let tail = input.bytes(from, (end - from) as usize)?;
        for by in (0..tail.len().saturating_sub(26)).rev().filter(|by| tail[*by..].starts_with(b"OggS")) {
            let page = Self::read(input, from + by as u64)?;
            if page.as_ref().is_some_and(|page| page.end() <= end) {
                return Ok(page);
            }
        }
        Ok(None)
    }
}

/// The CRC of a page: polynomial 0x04c11db7, most significant bit first, no inversion.
fn checksum(parts: &[&[u8]]) -> u32 {
    const TABLE: [u32; 256] = {
        let mut table = [0; 256];
        let mut i = 0;
        while i < 256 {
            let (mut value, mut bit) = ((i as u32) << 24, 0);
            while bit < 8 {
                value = (value << 1) ^ if value & 0x8000_0000 == 0 { 0 } else { 0x04c1_1db7 };
                bit += 1;
            }
            table[i] = value;
            i += 1;
        }
        table
    };
    let bytes = parts.iter().flat_map(|part| part.iter());
    bytes.fold(0, |sum: u32, byte| (sum << 8) ^ TABLE[((sum >> 24) as u8 ^ byte) as usize])
}
