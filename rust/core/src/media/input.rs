//! The bytes of an audio file, on disk or in memory. They can be read at any offset; readers share no file position.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::sync::Arc;

use symphonia::core::io::MediaSource;

use super::fault::{Fault, Res};

/// Size in bytes of the read buffer; smaller reads are served from it.
const WINDOW: usize = 1 << 16;

/// The storage of the bytes.
#[derive(Clone, Debug)]
enum Origin {
    File(Arc<File>),
    Memory(Arc<[u8]>),
}

/// An open file. A clone reads the same file and shares only the handle with the original.
#[derive(Debug)]
pub(super) struct Input {
    origin: Origin,
    len: u64,
    window: Vec<u8>,
    window_at: u64,
}

impl Clone for Input {
    fn clone(&self) -> Self {
        Self { origin: self.origin.clone(), len: self.len, window: Vec::new(), window_at: 0 }
    }
}

impl Input {
    /// The bytes of an open file.
    pub(super) fn file(file: File) -> io::Result<Self> {
        let len = file.metadata()?.len();
        Ok(Self { origin: Origin::File(Arc::new(file)), len, window: Vec::new(), window_at: 0 })
    }

    /// Bytes in memory.
    pub(super) fn memory(bytes: Arc<[u8]>) -> Self {
        let len = bytes.len() as u64;
        Self { origin: Origin::Memory(bytes), len, window: Vec::new(), window_at: 0 }
    }

    /// Length in bytes when the input was created.
    pub(super) fn len(&self) -> u64 {
        self.len
    }

    /// Fills `buffer` with the bytes from `at` on and returns their number, which is smaller only at the end of the
    /// file.
    pub(super) fn read_at(&mut self, at: u64, buffer: &mut [u8]) -> io::Result<usize> {
        let wanted = self.len.saturating_sub(at).min(buffer.len() as u64) as usize;
        let buffer = &mut buffer[..wanted];
        if let Origin::Memory(bytes) = &self.origin {
            buffer.copy_from_slice(&bytes[at.min(self.len) as usize..][..wanted]);
            return Ok(wanted);
        }
        let mut done = 0;
        while done < wanted {
            let place = at + done as u64;
            let ahead = place.checked_sub(self.window_at).filter(|ahead| *ahead < self.window.len() as u64);
            if let Some(ahead) = ahead {
                let here = &self.window[ahead as usize..];
                let count = here.len().min(wanted - done);
                buffer[done..done + count].copy_from_slice(&here[..count]);
                done += count;
            } else if wanted - done >= WINDOW {
                let count = at_place(&self.origin, place, &mut buffer[done..])?;
                if count == 0 {
                    break;
                }
                done += count;
            } else {
                self.window.resize(WINDOW, 0);
                let count = at_place(&self.origin, place, &mut self.window)?;
                self.window.truncate(count);
                self.window_at = place;
                if count == 0 {
                    break;
                }
            }
        }
        Ok(done)
    }

    /// Reads exactly `N` bytes from `at` on; an error if the file ends before.
    pub(super) fn exactly<const N: usize>(&mut self, at: u64) -> Res<[u8; N]> {
        let mut bytes = [0; N];
        if self.read_at(at, &mut bytes)? < N {
            return Err(Fault::Ends);
        }
        Ok(bytes)
    }

    /// Reads up to `count` bytes from `at` on, fewer only at the end of the file.
    pub(super) fn bytes(&mut self, at: u64, count: usize) -> io::Result<Vec<u8>> {
        let mut bytes = vec![0; self.len.saturating_sub(at).min(count as u64) as usize];
        let got = self.read_at(at, &mut bytes)?;
        bytes.truncate(got);
        Ok(bytes)
    }
}

/// Reads once at the offset `at`, without a file position that readers share (where the system allows that).
fn at_place(origin: &Origin, at: u64, buffer: &mut [u8]) -> io::Result<usize> {
    match origin {
        Origin::Memory(_) => Ok(0),
        Origin::File(file) => loop {
            #[cfg(unix)]
            let got = std::os::unix::fs::FileExt::read_at(&**file, buffer, at);
            #[cfg(windows)]
            let got = std::os::windows::fs::FileExt::seek_read(&**file, buffer, at);
            #[cfg(not(any(unix, windows)))]
            let got = {
                let mut file = &**file;
                file.seek(SeekFrom::Start(at)).and_then(|_| file.read(buffer))
            };
            match got {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                other => return other,
            }
        },
    }
}

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
    fn bytes_from_disk_and_memory_are_equal() {
        let bytes = numbers();
        let mut file = tempfile::tempfile().unwrap();
        io::Write::write_all(&mut file, &bytes).unwrap();
        let mut disk = Input::file(file).unwrap();
        let mut memory = Input::memory(bytes.clone().into());
        for (at, count) in [(0, 10), (65_530, 20), (5, 70_000), (199_990, 100), (200_000, 5), (300_000, 5), (1, 0)] {
            let want = &bytes[at.min(bytes.len())..(at + count).min(bytes.len())];
            assert_eq!(disk.bytes(at as u64, count).unwrap(), want);
            assert_eq!(memory.bytes(at as u64, count).unwrap(), want);
        }
        assert!(disk.exactly::<4>(199_998).is_err());
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
