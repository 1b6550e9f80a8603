//! The bytes of an audio file, on disk or in memory. They can be read at any offset; readers share no file position.

use std::fs::File;
use std::io;
use std::sync::Arc;

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
                use std::io::{Read as _, Seek as _, SeekFrom};
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
}
