//! Opens files whose names come from outside, and accepts regular files only.
//!
//! Opening a FIFO, a socket or a device can block forever, yield endless data or have side effects. None of them is a
//! recording or a track.

use std::fs::{File, Metadata};
use std::io;
use std::path::Path;

use crate::error::{Error, Result};

/// Opens the regular file at `path` for reading. Follows symbolic links and never blocks on a FIFO.
///
/// # Errors
/// [`Error::Io`] if there is no such file, if it may not be read, or if it is not a regular file.
pub fn open_regular(path: impl AsRef<Path>) -> Result<File> {
    let path = path.as_ref();
    open(path).map_err(|source| Error::Io { path: path.display().to_string(), source })
}

fn open(path: &Path) -> io::Result<File> {
    // Check before opening, because opening alone can block (FIFO) or have side effects (tape). Check again afterwards,
    // because the path may refer to something else by then.
    check(&std::fs::metadata(path)?)?;
    let mut options = File::options();
    options.read(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::custom_flags(&mut options, libc::O_NONBLOCK);
    let file = options.open(path)?;
    check(&file.metadata()?)?;
    Ok(file)
}

fn check(meta: &Metadata) -> io::Result<()> {
    if meta.is_file() {
        return Ok(());
    }
    let error = if meta.is_dir() { io::ErrorKind::IsADirectory } else { io::ErrorKind::InvalidInput };
    Err(io::Error::new(error, format!("is {}, not a file", kind(meta))))
}

#[cfg(unix)]
fn kind(meta: &Metadata) -> &'static str {
    use std::os::unix::fs::FileTypeExt;
    let kind = meta.file_type();
    if kind.is_dir() {
        "a folder"
    } else if kind.is_fifo() {
        "a pipe (FIFO)"
    } else if kind.is_socket() {
        "a socket"
    } else {
        "a device"
    }
}

#[cfg(not(unix))]
fn kind(meta: &Metadata) -> &'static str {
    if meta.is_dir() { "a folder" } else { "a device" }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn opening_a_pipe_without_a_writer_does_not_block() {
        let folder = tempfile::tempdir().unwrap();
        let pipe = folder.path().join("pipe");
        let made = std::process::Command::new("mkfifo").arg(&pipe).status().unwrap();
        assert!(made.success());
        let text = open_regular(&pipe).unwrap_err().to_string();
        assert!(text.contains("is a pipe (FIFO), not a file"), "{text}");
    }

    #[test]
    fn devices_and_folders_are_refused() {
        assert!(open_regular("/dev/zero").unwrap_err().to_string().contains("is a device, not a file"));
        assert!(open_regular("/").unwrap_err().to_string().contains("is a folder, not a file"));
    }

    #[test]
    fn a_link_to_a_file_is_followed() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("real"), b"content").unwrap();
        std::os::unix::fs::symlink("real", folder.path().join("link")).unwrap();
        let content = std::io::read_to_string(open_regular(folder.path().join("link")).unwrap()).unwrap();
        assert_eq!(content, "content");
    }
}
