//! A part of a file as the decoders read it.

use std::io::{self, Read, Seek, SeekFrom};

use symphonia::core::io::MediaSource;

use crate::media::input::Input;

/// A part of an [`Input`] as a seekable stream, with some bytes replaced.
pub(super) struct Part {
    input: Input,
    start: u64,
    end: u64,
    at: u64,
    patches: Vec<(u64, u8)>,
}

impl Part {
    /// The bytes `start..end`; `patches` are replacements as (offset in the file, byte).
    pub(super) fn new(input: Input, start: u64, end: u64, patches: Vec<(u64, u8)>) -> Self {
        let end = end.min(input.len());
        let start = start.min(end);
        Self { input, start, end, at: start, patches }
    }
}

impl Read for Part {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let wanted = (self.end - self.at).min(buffer.len() as u64) as usize;
        let count = self.input.read_at(self.at, &mut buffer[..wanted])?;
        for (place, byte) in &self.patches {
            if let Some(offset) = place.checked_sub(self.at).filter(|offset| *offset < count as u64) {
                buffer[offset as usize] = *byte;
            }
        }
        self.at += count as u64;
        Ok(count)
    }
}

impl Seek for Part {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let len = self.end - self.start;
        let target = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::End(by) => len.checked_add_signed(by),
            SeekFrom::Current(by) => (self.at - self.start).checked_add_signed(by),
        };
        let target = target.ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, "before the start"))?.min(len);
        self.at = self.start + target;
        Ok(target)
    }
}

impl MediaSource for Part {
    fn is_seekable(&self) -> bool {
        true
    }

    fn byte_len(&self) -> Option<u64> {
        Some(self.end - self.start)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers() -> Vec<u8> {
        (0..200_000_u32).map(|i| (i % 251) as u8).collect()
    }

    #[test]
    fn patches_apply_to_reads_of_any_size() {
        let mut want: Vec<u8> = numbers()[10..50].to_vec();
        want[3] = 255;
        for step in [1, 3, 40] {
            let mut part = Part::new(Input::memory(numbers().into()), 10, 50, vec![(13, 255), (9, 1), (50, 1)]);
            let mut got = Vec::new();
            let mut buffer = vec![0; step];
            while let count @ 1.. = part.read(&mut buffer).unwrap() {
                got.extend_from_slice(&buffer[..count]);
            }
            assert_eq!(got, want);
            assert_eq!(part.seek(SeekFrom::End(-1)).unwrap(), 39);
        }
    }
}
