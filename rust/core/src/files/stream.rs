//! Outputs that cannot seek: standard output, FIFOs and character devices.

use std::fs::{self, File};
use std::io;
use std::path::Path;

/// The path that means standard output, on every system.
pub const STANDARD_OUTPUT: &str = "/dev/stdout";
/// Other paths for standard output.
const ALIASES: [&str; 2] = ["/dev/fd/1", "/proc/self/fd/1"];

/// Whether `path` names standard output.
pub fn is_standard_output(path: &Path) -> bool {
    path == Path::new(STANDARD_OUTPUT) || ALIASES.iter().any(|alias| path == Path::new(alias))
}

/// Whether `path` is written as a stream, directly and without a temporary file.
pub fn is_stream(path: &Path) -> bool {
    is_standard_output(path) || fs::metadata(path).is_ok_and(|there| takes_a_stream(&there))
}

#[cfg(unix)]
fn takes_a_stream(there: &fs::Metadata) -> bool {
    use std::os::unix::fs::FileTypeExt as _;
    // block devices are excluded because they hold file systems
    there.file_type().is_fifo() || there.file_type().is_char_device()
}

#[cfg(not(unix))]
fn takes_a_stream(_: &fs::Metadata) -> bool {
    false
}

/// A stream that is open for writing.
#[derive(Debug)]
pub(crate) struct Stream(File);

impl Stream {
    /// Opens a path for which [`is_stream`] holds. A FIFO waits for a reader for as long as `keep_on` returns true.
    pub(crate) fn open(path: &Path, keep_on: &mut dyn FnMut() -> bool) -> io::Result<Self> {
        if is_standard_output(path) {
            return standard_output().map(Self);
        }
        open(path, keep_on).map(Self)
    }

    /// Writes all of `bytes`. While the reader is slow, waits for as long as `keep_on` returns true.
    ///
    /// # Errors
    /// [`io::ErrorKind::BrokenPipe`] if the reader is gone, [`io::ErrorKind::Interrupted`] if `keep_on` returned false.
    pub(crate) fn send(&mut self, mut bytes: &[u8], keep_on: &mut dyn FnMut() -> bool) -> io::Result<()> {
        while !bytes.is_empty() {
            let count = write_some(&mut self.0, bytes, keep_on)?;
            bytes = &bytes[count..];
        }
        Ok(())
    }
}

#[cfg(unix)]
fn standard_output() -> io::Result<File> {
    use std::os::fd::AsFd as _;
    Ok(File::from(io::stdout().as_fd().try_clone_to_owned()?))
}

#[cfg(windows)]
fn standard_output() -> io::Result<File> {
    use std::os::windows::io::AsHandle as _;
    Ok(File::from(io::stdout().as_handle().try_clone_to_owned()?))
}

#[cfg(not(any(unix, windows)))]
fn standard_output() -> io::Result<File> {
    Err(io::ErrorKind::Unsupported.into())
}

#[cfg(unix)]
fn open(path: &Path, keep_on: &mut dyn FnMut() -> bool) -> io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt as _;
    loop {
        match File::options().write(true).custom_flags(libc::O_NONBLOCK | libc::O_NOCTTY).open(path) {
            // the FIFO has no reader yet
            Err(error) if error.raw_os_error() == Some(libc::ENXIO) && is_stream(path) => {
                if !keep_on() {
                    return Err(io::ErrorKind::Interrupted.into());
                }
                std::thread::sleep(std::time::Duration::from_millis(20));
            }
            opened => return opened,
        }
    }
}

#[cfg(not(unix))]
fn open(path: &Path, _: &mut dyn FnMut() -> bool) -> io::Result<File> {
    File::options().write(true).open(path)
}

/// Writes a piece of `bytes` once there is room for it. A pipe that is ready takes `PIECE` bytes without blocking.
#[cfg(unix)]
fn write_some(file: &mut File, bytes: &[u8], keep_on: &mut dyn FnMut() -> bool) -> io::Result<usize> {
    use rustix::event::{PollFd, PollFlags, Timespec, poll};
    const PIECE: usize = 4096;
    const WAIT: Timespec = Timespec { tv_sec: 0, tv_nsec: 50_000_000 };
    loop {
        let ready = match poll(&mut [PollFd::new(file, PollFlags::OUT)], Some(&WAIT)) {
            Ok(count) => count > 0,
            Err(rustix::io::Errno::INTR) => false,
            Err(error) => return Err(error.into()),
        };
        if !ready {
            if !keep_on() {
                return Err(io::ErrorKind::Interrupted.into());
            }
            continue;
        }
        match io::Write::write(file, &bytes[..bytes.len().min(PIECE)]) {
            Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
            Err(error) if matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::Interrupted) => {
                if !keep_on() {
                    return Err(io::ErrorKind::Interrupted.into());
                }
            }
            done => return done,
        }
    }
}

#[cfg(not(unix))]
fn write_some(file: &mut File, bytes: &[u8], _: &mut dyn FnMut() -> bool) -> io::Result<usize> {
    match io::Write::write(file, bytes) {
        Ok(0) => Err(io::ErrorKind::WriteZero.into()),
        done => done,
    }
}
