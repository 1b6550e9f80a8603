//! Hands what was written of a file to its disk while the rest is still being made.
//!
//! When a file is renamed over another one, some file systems (ext4) first send all of its data to the disk, so that no
//! crash leaves an empty file. For hundreds of megabytes that takes a second at the end, unless most of it was sent before.

use std::fs::File;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::Builder;

/// Bytes that are handed over at a time.
const PORTION: u64 = 1 << 25;

/// A file that is written from its start to its end.
#[derive(Debug)]
pub(super) struct WriteBack {
    file: Arc<File>,
    written: u64,
    handed: u64,
    /// Whether a portion is being handed over.
    busy: Arc<AtomicBool>,
}

impl WriteBack {
    pub(super) fn new(file: &File) -> io::Result<Self> {
        let busy = Arc::new(AtomicBool::new(false));
        Ok(Self { file: Arc::new(file.try_clone()?), written: 0, handed: 0, busy })
    }

    /// Count `bytes` that were written. If there is a new portion and no other one is on its way, a thread of its own hands
    /// it over and ends; if no thread can be started, the system does it later.
    pub(super) fn wrote(&mut self, bytes: usize) {
        self.written += bytes as u64;
        let (from, len) = (self.handed, self.written - self.handed);
        if len < PORTION || self.busy.swap(true, Ordering::AcqRel) {
            return;
        }
        self.handed = self.written;
        let (file, busy) = (Arc::clone(&self.file), Arc::clone(&self.busy));
        let portion = move || {
            hand_over(&file, from, len);
            busy.store(false, Ordering::Release);
        };
        if Builder::new().spawn(portion).is_err() {
            self.busy.store(false, Ordering::Release);
        }
    }
}

/// Ask the system to begin writing a range to the disk. It stays in the memory of the system until it is written.
#[cfg(target_os = "linux")]
fn hand_over(file: &File, from: u64, len: u64) {
    use rustix::fs::{Advice, fadvise};
    // only a hint: where it is not known, the range is written later
    let _ = fadvise(file, from, len.try_into().ok(), Advice::DontNeed);
}

#[cfg(not(target_os = "linux"))]
fn hand_over(_: &File, _: u64, _: u64) {}

#[cfg(test)]
mod tests {
    use std::io::Write as _;
    use std::thread;
    use std::time::{Duration, Instant};

    use super::*;

    #[test]
    fn portions_are_handed_over_and_the_file_is_whole() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("long");
        let mut file = File::create(&path).unwrap();
        let mut write_back = WriteBack::new(&file).unwrap();
        let block: Vec<u8> = (0..1 << 20).map(|at| (at % 251) as u8).collect();
        for _ in 0..70 {
            file.write_all(&block).unwrap();
            write_back.wrote(block.len());
        }
        assert!(write_back.handed >= PORTION);
        let begun = Instant::now();
        while write_back.busy.load(Ordering::Acquire) {
            assert!(begun.elapsed() < Duration::from_secs(60));
            thread::yield_now();
        }
        let found = std::fs::read(&path).unwrap();
        assert!(found.len() == 70 << 20 && found.chunks(1 << 20).all(|found| found == block));
    }
}
